"""What the commands share: options, settings, the graph that they read, what they print."""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.errors import KgError

if TYPE_CHECKING:
    import pyoxigraph

    from kg.build import Account
    from kg.own import Own

STORE = "kg-store"  # the store in the working folder, where neither --store nor KG_STORE names one
CONFIGURATION = "kg.toml"  # base = "https://…", store = "folder"
Command = TypeVar("Command", bound=Callable[..., Any])


def from_graph(command: Command) -> Command:
    """``--graph FILE`` and ``--store DIR`` of the commands that read a graph."""
    command = click.option("--graph", "file", metavar="FILE", help="A graph file instead of a store.")(command)
    return click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store to read.  [default: ./kg-store]")(
        command
    )


def of_sources(command: Command) -> Command:
    """``--encoding`` and ``--text-field`` of the commands that read sources."""
    field = "Field of JSON or column of a table that holds the text: data.isi, berita.isi; found by its name otherwise."
    command = click.option("--text-field", metavar="NAME", help=field)(command)
    encoding = "Encoding of the sources, where it isn't told or guessed right."
    return click.option("--encoding", metavar="NAME", help=encoding)(command)


def in_language(command: Command) -> Command:
    """``--lang`` of the commands that write sentences."""
    choice = click.Choice(["id", "en"])
    return click.option("--lang", type=choice, default="id", show_default=True, help="Language of the words.")(command)


def with_own(command: Command) -> Command:
    """``--rules DIR`` and ``--names FILE`` of the commands that read articles."""
    for name, metavar, text in (
        ("--names", "FILE", "Own names (.csv, .toml, .ttl) beside the packaged ones; may be repeated."),
        ("--rules", "DIR", "A folder of own rules beside the packaged ones; may be repeated."),
    ):
        kind = click.Path(path_type=Path)
        command = click.option(name, name.strip("-"), metavar=metavar, multiple=True, type=kind, help=text)(command)
    return command


def as_one(command: Command, name: str, kind: type[Any], options: Sequence[Callable[..., Any]]) -> Command:
    """Options that the command gets as one argument, a dataclass with a field for each."""

    @functools.wraps(command)
    def gathered(**given: Any) -> None:
        command(**{name: kind(**{each.name: given.pop(each.name) for each in fields(kind)})}, **given)

    made: Any = gathered
    for option in reversed(options):
        made = option(made)
    found: Command = made
    return found


def own_knowledge(rules: tuple[Path, ...], names: tuple[Path, ...]) -> Own | None:
    """What to read with; None for the packaged rules and names alone. Says what stands against something known."""
    if not rules and not names:
        return None
    from kg import own

    loaded = own.load(rules, names)
    for note in loaded.notes:
        say(f"note: {note}", fg="yellow")
    return loaded


@contextmanager
def dataset(file: str | None, store: str | None) -> Iterator[pyoxigraph.Store]:
    """The graph that a command reads: of a file, or of a store that others may write meanwhile."""
    from kg import store as stores

    if file is not None:
        yield stores.load_dataset(file)
        return
    with stores.open_store(store or configured("store", STORE), read_only=True) as kept:
        yield kept.dataset


@contextmanager
def viewed(file: str | None, store: str | None) -> Iterator[pyoxigraph.Store]:
    """The graph as it is asked, for a command that only asks: ids as they are meant, all graphs as the default one."""
    from kg import store as stores
    from kg import view
    from kg.view import keeping

    if file is not None:
        yield view.of(stores.load_dataset(file))
    else:
        yield keeping.opened(store or configured("store", STORE))


def configured(name: str, default: str) -> str:
    """A setting of ``kg.toml`` in the working folder."""
    value = _settings().get(name, default)
    if not isinstance(value, str):
        raise KgError(f"{CONFIGURATION}: {name} must be text in quotation marks")
    return value


def configured_list(name: str) -> list[str]:
    """A setting of ``kg.toml`` that is a list of texts; empty where there is none."""
    value = _settings().get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise KgError(f'{CONFIGURATION}: {name} must be a list of texts, as in {name} = ["https://…"]')
    return value


def configured_table(name: str) -> dict[str, Any]:
    """The settings of a table of ``kg.toml``, as in ``[propose]``; empty where there is none."""
    value = _settings().get(name, {})
    if not isinstance(value, dict):
        raise KgError(f"{CONFIGURATION}: {name} must be a table, as in [{name}]")
    return value


def _settings() -> dict[str, Any]:
    path = Path(CONFIGURATION)
    if not path.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KgError(f"{path}: {error}") from None


def say(text: str, **style: Any) -> None:
    """A message to standard error, coloured on a terminal only; nothing with --quiet."""
    context = click.get_current_context(silent=True)
    if context is None or not context.find_root().params.get("quiet"):
        click.secho(text, err=True, **style)


def as_typed(name: str, place: str | Path) -> str:
    """An option as it has to be typed behind a command; nothing where the command takes this store by itself."""
    default = os.environ.get("KG_STORE") or configured("store", STORE)
    return "" if name == "--store" and str(place) == default else f" {name} {shlex.quote(str(place))}"


def to_ask(file: str | Path | None, media_type: str | None = None) -> str | None:
    """The option that asks a file with a whole graph, ``as_typed``; None where its name tells no format of graphs.

    ``media_type``: of what the file holds; None, too, where its name tells another format.
    """
    from kg.store.loading import is_graph_file

    return as_typed("--graph", file) if file is not None and is_graph_file(file, media_type) else None


def say_claims(account: Account, kept: str | None) -> None:
    """What became of the claims of a build; ``kept`` names where they are, ``as_typed``; None for nowhere."""
    say(
        f"{account.read:,} claims read = {account.admitted:,} let in + {account.quarantined:,} quarantined"
        f" + {account.merged:,} merged"
    )
    if account.quarantined and kept is not None:
        say(f"why some are in quarantine: kg query quarantine{kept}")


def put(text: str) -> None:
    """Data to standard output."""
    from kg.output import write_atomic

    write_atomic("-", text.encode() if text.endswith("\n") or not text else f"{text}\n".encode())
