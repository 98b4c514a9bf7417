"""``--propose URL`` of ``kg build``: the options, where else they are set, and what is told at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.cli.shared import CONFIGURATION, as_one, configured_table, say
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.pipeline import Reading
    from kg.propose import Asker, Tally

Command = TypeVar("Command", bound=Callable[..., Any])
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Proposing:
    """The options of a build with proposals."""

    propose: str | None
    model: str | None
    budget: int | None
    no_propose: bool

    @contextmanager
    def opened(self) -> Iterator[Proposals]:
        """Who is asked, if anybody, and what becomes of the proposals. Raises KgError for a mistake in it."""
        table = configured_table("propose")
        if self.no_propose or not (self.propose or table.get("url")):
            yield Proposals()
            return
        from kg.propose import Asker, Settings, Tally
        from kg.propose.settings import KEY, read

        here = {"url": self.propose, "model": self.model, "tokens": self.budget}
        given = {**read(table, CONFIGURATION), **{name: value for name, value in here.items() if value is not None}}
        with Asker(Settings(**{"model": "", **given, "key": os.environ.get(KEY, "")})) as asker:
            yield Proposals(asker, Tally())


def with_proposer(command: Command) -> Command:
    """The options of a build with proposals, which the command gets as one ``proposing``."""
    return as_one(command, "proposing", Proposing, _OPTIONS)


_OPTIONS: Final = (
    click.option(
        "--propose",
        metavar="URL",
        envvar="KG_PROPOSE",
        help="Let a language model propose claims, too: an OpenAI-compatible server, such as a local Ollama.",
    ),
    click.option("--model", metavar="NAME", envvar="KG_MODEL", help="The model's name on that server."),
    click.option(
        "--budget",
        metavar="TOKENS",
        type=click.IntRange(min=1),
        help="What all questions and answers may take; without it there is no limit.",
    ),
    click.option("--no-propose", is_flag=True, help="Ask no model, whatever kg.toml says."),
)


@dataclass(slots=True)
class Proposals:
    """Who is asked, and what became of the proposals so far; without an asker nothing happens."""

    asker: Asker | None = None
    tally: Tally | None = None

    def ahead(self, items: Iterator[Item]) -> Iterator[Item]:
        """The same; the articles among them are asked about on the way."""
        return items if self.asker is None else self.asker.ahead(items)

    def counted(self, readings: Iterator[Reading]) -> Iterator[Reading]:
        """The same; what became of the proposals is counted."""
        if self.asker is None or self.tally is None:
            yield from readings
            return
        for reading in readings:
            self.tally += self.tally.of(reading, self.asker.settings.rule)
            yield reading

    def add(self, tally: Tally | None) -> None:
        """What became of the proposals of articles that other processes read."""
        if self.tally is not None and tally is not None:
            self.tally += tally

    def tell(self) -> None:
        """What was proposed and what it cost, on standard error; what was not to be had even with --quiet."""
        if self.asker is None or self.tally is None:
            return
        for line in self.tally.lines(self.asker):
            say(line)
        missing = self.tally.missing(self.asker)
        if missing is not None and self.asker.fault:
            click.secho(f"kg: {missing}", err=True, fg="red")
        elif missing is not None:
            say(missing, fg="yellow")

    def end(self) -> None:
        """End with an exit code where proposals were not to be had for another reason than the budget."""
        if self.asker is not None and self.asker.fault:
            raise SystemExit(KgError.exit_code)
