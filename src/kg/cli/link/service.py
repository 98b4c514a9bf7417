"""``--service URL`` of the commands that link: the options, and what they do with a reconciliation service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli.shared import say
from kg.errors import KgError

if TYPE_CHECKING:
    import pyoxigraph

    from kg.link.client import Question, Service
    from kg.link.judgements import Judgements
    from kg.link.outcome import Outcome

Command = TypeVar("Command", bound=Callable[..., Any])


def by_service(command: Command) -> Command:
    """``--service URL`` and what goes with it; ``outcomes`` takes the options by these names."""
    for option in (
        click.option("--no-cache", is_flag=True, help="Ask the service again what it answered before."),
        click.option(
            "--rate",
            type=click.FloatRange(min=0, min_open=True),
            default=5.0,
            show_default=True,
            help="Requests to the service in a second, at most.",
        ),
        click.option("--type", "service_type", metavar="ID", default="", help="Type of the service's things."),
        click.option("--service", metavar="URL", help="Ask this reconciliation service; the only use of the network."),
    ):
        command = option(command)
    return command


@contextmanager
def asking(url: str, *, rate: float, no_cache: bool) -> Iterator[Service]:
    """A service with the user's cache."""
    from kg import resources
    from kg.link.client import Cache, Service

    cache = None if no_cache else Cache(resources.cache_folder() / "services.sqlite")
    try:
        with Service(url, cache=cache, rate=rate) as service:
            yield service
    finally:
        if cache:
            cache.close()


def outcomes(service: Service, questions: Sequence[Question]) -> list[Outcome]:
    """What becomes of each question; says how it goes on."""
    from kg.link.foreign import outcome

    def told(done: int, of: int) -> None:
        if of >= 200 and (done == of or done % 500 < 50):
            say(f"{done:,} of {of:,} different names answered")

    found = service.reconcile(questions, told)
    if not any(found):
        return [outcome(question, each, _nowhere()) for question, each in zip(questions, found, strict=True)]
    return [outcome(question, each, service.manifest) for question, each in zip(questions, found, strict=True)]


def _nowhere() -> Any:
    from kg.link.client import Manifest

    return Manifest("", "", "", 1)


def link_things(
    graph: pyoxigraph.Store, url: str, *, kinds: Sequence[str], source: str, judgements: Judgements, **options: Any
) -> bytes:
    """The things of a graph linked by a service: the links as SSSOM; what is open is put to be judged."""
    from kg.errors import NothingFound
    from kg.link import by_service as linking

    asked = linking.things(graph, kinds, options["service_type"])
    with asking(url, rate=options["rate"], no_cache=options["no_cache"]) as service:
        answers = linking.judged(outcomes(service, asked.questions), asked, judgements)
    say(linking.summary(answers, asked))
    _leave_open(f"{source} by {url}", linking.left_open(answers, asked, judgements.base), judgements)
    if not any(each.linked for each in answers):
        raise NothingFound(f"{url}: none of the {len(answers)} things could be linked; is the type right?")
    return linking.as_sssom(answers, asked, url, judgements.base)


def link_table(
    path: Path,
    url: str,
    *,
    column: str,
    output: str | None,
    linked_table: str | None,
    judgements: Judgements,
    **options: Any,
) -> None:
    """A table's column linked by a service: columns added, links as SSSOM, what is open put to be judged."""
    from kg.errors import NothingFound
    from kg.link import by_service as linking
    from kg.link.tabular import read
    from kg.output import write_atomic

    table = read(path, options["dialect"])
    names = linking.names(table, column, options["service_type"], _properties(options["properties"]))
    with asking(url, rate=options["rate"], no_cache=options["no_cache"]) as service:
        answers = linking.judged(outcomes(service, names.questions), names, judgements)
    say(linking.summary(answers, names))
    source = f"{table.name} by {url}"
    if output is not None:
        write_atomic("-" if output == "-" else Path(output), linking.as_sssom(answers, names, url, judgements.base))
    if linked_table is not None:
        delimiter = "\t" if linked_table.endswith(".tsv") else ","
        data = linking.as_table(table, answers, names, delimiter)
        write_atomic("-" if linked_table == "-" else Path(linked_table), data)
    _leave_open(source, linking.left_open(answers, names, judgements.base), judgements)
    if not any(each.linked for each in answers):
        raise NothingFound(f"{path}: no name of column {column!r} could be linked by {url}; is the type right?")


def _leave_open(source: str, found: Sequence[tuple[str, Outcome]], judgements: Judgements) -> None:
    from kg.link.review import Review

    review = Review.beside(judgements.path, judgements.base)
    count = review.replace(source, found)
    if count or review.path.exists():
        review.save()
    if count:
        say(f"{review.path}: {count:,} names to be judged: kg link review", fg="yellow")


def _properties(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for text in given:
        name, equal, value = text.partition("=")
        if not (equal and name and value):
            raise KgError(f"--property {text}: expected PID=COLUMN, as in --property province=Provinsi")
        found.append((name, value))
    return tuple(found)
