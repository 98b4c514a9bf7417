"""The commands that say who is who, and which bodies are one, across the articles of a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kg.cli.link.shared import load_judgements, tell_conflicts, with_judgements
from kg.cli.shared import STORE, configured, in_language, put, say


def _with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    form = click.Choice(["text", "json", "sssom"])
    for option in (
        in_language,
        click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store.  [default: ./kg-store]"),
        with_judgements,
        click.option("--rebuild", is_flag=True, help="From a fresh start, whatever changed."),
        click.option("-f", "--format", "form", type=form, default="text", show_default=True),
    ):
        command = option(command)
    return command


@click.command()
@_with_options
def people(form: str, judgements: str | None, store: str | None, lang: str, *, rebuild: bool) -> None:
    """Say who is who across articles: who was merged and why, who shares a name, what is left to judge.

    No article is changed. What is left goes to the review file: kg link review. To part what was merged, or to merge
    what was not: kg link judge.

    \b
    Example: kg link people --lang en
    """
    _tell("people", form, judgements, store, lang, rebuild=rebuild)


@click.command()
@_with_options
def bodies(form: str, judgements: str | None, store: str | None, lang: str, *, rebuild: bool) -> None:
    """Say which offices, companies and networks of articles are one: merged and why, namesakes, what is left to judge.

    Those that the reference data knows have one id anyway and are not listed. No article is changed. What is left goes
    to the review file: kg link review. To part or merge: kg link judge.

    \b
    Example: kg link bodies --lang en
    """
    _tell("bodies", form, judgements, store, lang, rebuild=rebuild)


def _tell(what: str, form: str, judgements: str | None, store: str | None, lang: str, *, rebuild: bool) -> None:
    from kg.link import who
    from kg.link.identities import Index
    from kg.link.review import Review
    from kg.view.keeping import writing

    judged = load_judgements(judgements, store)
    with writing(store or configured("store", STORE)) as kept:
        index = Index(kept, judged)
        index.rebuild() if rebuild else index.update()
        left = Review.beside(judged.path, kept.base)
        count = left.replace(what, who.questions(index, what))
        if count or left.path.exists():
            left.save()
        answer = {"text": lambda: who.report(index, lang, what), "json": lambda: who.as_json(index, what)}
        put(answer.get(form, lambda: who.links(index, what))())
        refused = index.rulings.not_obeyed(index)
    for line in refused:
        say(f"not obeyed: {line}", fg="yellow")
    tell_conflicts(judged)
    if count:
        say(f"{count} to be judged: kg link review")
