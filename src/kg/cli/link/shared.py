"""What the commands of linking share: the file of judgements, who judges and when, the graph to find names in."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli.shared import STORE, configured, dataset, put, say
from kg.errors import InputError

if TYPE_CHECKING:
    import pyoxigraph

    from kg.link.judgements import Judgements

ROW_FORMATS = ("table", "csv", "tsv", "json")
Command = TypeVar("Command", bound=Callable[..., Any])


def with_judgements(command: Command) -> Command:
    """``--judgements FILE``; ``judgements_file`` says which one it is."""
    text = "File of judgements.  [default: judgements.sssom.tsv in the store or here]"
    return click.option("--judgements", metavar="FILE", help=text)(command)


def by_person(command: Command) -> Command:
    """``--author`` and ``--date`` of the commands by which a person judges."""
    command = click.option("--date", metavar="DAY", help="When, as in 2026-01-31.  [default: today]")(command)
    text = "Who judges: a name or an ORCID address.  [default: author in kg.toml]"
    return click.option("--author", metavar="NAME", envvar="KG_AUTHOR", help=text)(command)


def store_folder(store: str | None) -> Path | None:
    """The store that is meant, if there is one: as given, else as configured, else ``./kg-store``."""
    folder = Path(store or configured("store", STORE))
    return folder if (folder / "format.json").is_file() else None


def judgements_file(option: str | None, store: str | None) -> Path:
    """Which file holds the judgements: see ``kg.link.judgements.locate``. A store that is named may still be made."""
    from kg.link.judgements import locate

    return locate(option, configured("judgements", "") or None, store or store_folder(store))


def base_of(store: str | None) -> str:
    """What the ids of the graph begin with: that of the store if there is one, else as configured."""
    from kg.store.folder import base_of_folder
    from kg.vocabulary import DEFAULT_BASE

    folder = store_folder(store)
    return base_of_folder(folder) if folder else configured("base", DEFAULT_BASE)


def load_judgements(option: str | None, store: str | None) -> Judgements:
    """The judgements; none where the file isn't there yet."""
    from kg.link.judgements import Judgements

    return Judgements.load(judgements_file(option, store), base_of(store))


def author_of(option: str | None) -> str:
    """Who judges. Raises InputError where nobody is named."""
    found = (option or configured("author", "")).strip()
    if not found:
        raise InputError('who judges? give --author NAME, set KG_AUTHOR, or write author = "NAME" into kg.toml')
    return found


def day_of(option: str | None) -> str:
    """The day of a judgement: as given, else that of SOURCE_DATE_EPOCH, else today: a person's act has a date."""
    if option:
        return option
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = (
        dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch and epoch.isdecimal() else dt.datetime.now().astimezone()
    )
    return now.date().isoformat()


@contextmanager
def known_things(file: str | None, store: str | None) -> Iterator[pyoxigraph.Store]:
    """The graph in which names are found: of a file or the store; where there is neither, the reference data."""
    if file is not None or store is not None or store_folder(store):
        with dataset(file, store) as graph:
            yield graph
        return
    import pyoxigraph

    from kg import reference

    graph = pyoxigraph.Store()
    graph.extend(reference.quads(base_of(store)))
    yield graph


def publish_judgements(judgements: Judgements, store: str | None) -> None:
    """Put what is judged of things into the store, where there is one, and bring who is who up to date with it."""
    folder = store_folder(store)
    if folder is None:
        return
    from kg.errors import StoreError
    from kg.link.identities import update
    from kg.link.void import of_judgements
    from kg.view.keeping import writing

    try:
        with writing(folder) as kept:
            kept.put_links("judgements", of_judgements(judgements))
            update(kept, judgements)
    except StoreError as error:
        say(f"note: {error}; the judgement is kept, the next kg link judge or undo puts it into the store", fg="yellow")


def tell_conflicts(judgements: Judgements) -> None:
    """Say on standard error which judgements contradict each other."""
    for conflict in judgements.conflicts():
        say(f"contradiction: {conflict}", fg="yellow")


def put_rows(columns: Sequence[str], texts: Sequence[Sequence[str]], form: str) -> None:
    """Rows of text to standard output."""
    put(rows_text(columns, texts, form))


def rows_text(columns: Sequence[str], texts: Sequence[Sequence[str]], form: str) -> str:
    """Rows of text for people, or in one of the formats of query results."""
    from pyoxigraph import Literal

    from kg.rows import Rows, format_rows

    terms = tuple(tuple(Literal(text) if text else None for text in row) for row in texts)
    return format_rows(Rows(tuple(columns), terms), form)
