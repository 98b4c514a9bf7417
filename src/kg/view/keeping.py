"""The view of a store on disk: brought up to date after changes, made anew where that is quicker, opened to be asked.

It lies in ``view/`` of the store's folder: ``state.json`` names the folder that holds it. The store notes what changes
before it does (``Store.changed``), so whatever stops in between, the next writer, or reader where nobody writes, makes
up for it. A reader sees the state at opening, each article whole or not at all.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from kg import view
from kg import vocabulary as v
from kg.errors import InUse, StoreError
from kg.link.identity_graph import Identities
from kg.link.resolved import aliases_of, read
from kg.output import reason, write_atomic
from kg.store import Store, open_store
from kg.store.folder import base_of_folder, changed, open_oxigraph, optimise, size_of
from kg.store.freed import give_back
from kg.store.graphs import EVERYTHING
from kg.store.waiting import as_file, is_waited_for
from kg.view import behind
from kg.view.place import Local, Place, has_blank
from kg.voices import keeping as voices

LAYOUT: Final = 1
"""Of what a view holds; one of another layout is made anew."""
VIEW: Final = "view"
STATE: Final = "state.json"
_PARTS: Final = ("", "/provenance", "/quarantine")
_FEW: Final = 50
"""So many changed articles are always taken over one by one; of more, no more than the view has."""


# ---------------------------------------------------------------- keeping up


def keep_up(store: Store) -> int:
    """Bring the view of a store that is open for writing up to date; gives how many graphs were looked at.

    Raises StoreError where it can't be written: the store is as it was, and the view follows the next time.
    """
    voices.update(store)
    units, folder = _here(store), current(store.path)
    if folder is not None and not units:
        return 0
    _tidy(store.path)
    try:
        behind.note(store.path, [EVERYTHING] if folder is None else units)
        if folder is None or EVERYTHING in units:
            _make(store)
        else:
            place, known = open_oxigraph(folder, store.path, read_only=False), Identities(store.dataset, store.base)
            if _is_quicker_anew(place, units) or not _follow(store, known, Local(place), units):
                del place
                _make(store)
    except OSError as error:
        raise StoreError(f"{store.path / VIEW}: {reason(error)}; {_LATER}") from error
    store.unchanged()
    return len(units)


class Filling:
    """The view of a store that many articles come into; only by who writes to the store."""

    def __init__(self, store: Store, known: Identities) -> None:
        """Brings the view up to date first. ``known`` is asked who is who. Raises as ``keep_up``."""
        keep_up(store)
        folder = current(store.path)
        assert folder is not None
        self._store, self._known, self._folder, self._before = store, known, folder, 0
        self._place: ox.Store
        self._open()

    def _open(self) -> None:
        self._place = open_oxigraph(self._folder, self._store.path, read_only=False)

    def reopen(self) -> None:
        """As ``Store.reopen``."""
        del self._place
        self._open()

    def follow(self) -> None:
        """Take over what changed, but for articles that wait."""
        units = _here(self._store)
        with self._writing():
            behind.note(self._store.path, units)
            if not _follow(self._store, self._known, Local(self._place), units):
                raise StoreError(f"{self._store.path / VIEW}: can't follow a change; run the command again")
        self._store.unchanged()

    def bring_in(self, step: Callable[[], None]) -> None:
        """Take over all articles that wait, in one call of the engine, as they are meant now; ``step`` before each."""
        with self._writing():
            behind.note(self._store.path, self._store.nodes_waiting())
            self._before = size_of(self._folder)
            # A line without a graph is of the default graph.
            self._place.bulk_load(as_file(self._waiting(step)), format=ox.RdfFormat.N_QUADS)
        give_back()

    def sort(self) -> None:
        """Let the engine sort what was brought in, where that is much."""
        optimise(self._place, self._folder, self._before)

    def flush(self) -> None:
        """Let the engine write what it holds in memory."""
        with self._writing():
            self._place.flush()

    def _waiting(self, step: Callable[[], None]) -> Iterator[bytes]:
        for node, each in self._store.all_waiting():
            step()
            data = _as_meant(self._known, node, each.graphs)
            yield data
            yield _without_graph(data)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(f"{self._store.path / VIEW}: {reason(error)}; {_LATER}") from error


def _here(store: Store) -> list[NamedNode]:
    """What changed, but for articles whose graphs are still to be brought in."""
    return [unit for unit in store.changed() if not store.waits(unit)]


_LATER: Final = "the articles are kept, and the next command goes on"
_GRAPH: Final = re.compile(rb" <[^<>]*> \.\n")
"""The graph and the end of a line of N-Quads."""


def _without_graph(data: bytes) -> bytes:
    return _GRAPH.sub(b" .\n", data)


def _as_meant(known: Identities, article: NamedNode, written: bytes) -> bytes:
    table = aliases_of(known, article)
    if not table:
        return written
    quads = ox.parse(written, format=ox.RdfFormat.N_QUADS)
    return ox.serialize(read(quads, table), format=ox.RdfFormat.N_QUADS) or b""


def _is_quicker_anew(place: ox.Store, units: list[NamedNode]) -> bool:
    if len(units) <= _FEW:
        return False
    articles = place.quads_for_pattern(None, v.TYPE, v.NEWS_ARTICLE, ox.DefaultGraph())
    return sum(1 for _ in islice(articles, len(units))) < len(units)


def _follow(store: Store, known: Identities, place: Place, units: Iterable[NamedNode]) -> bool:
    """Take over what changed, one transaction each; False where a change can't be told to the engine."""
    for unit in units:
        held = place.held(graphs_of(unit))
        meant = set(_meant(store.dataset, known, unit))
        gone, new = held - meant, meant - held
        if has_blank(gone):
            return False
        if gone or new:
            place.change(sorted(gone, key=str), sorted(new, key=str))
    return True


def graphs_of(unit: NamedNode) -> list[NamedNode]:
    """The graphs that change together: the three of an article, or one."""
    is_article = "/id/article/" in unit.value
    return [NamedNode(f"{unit.value}{part}") for part in _PARTS] if is_article else [unit]


def _meant(dataset: ox.Store, known: Identities, unit: NamedNode) -> Iterator[Quad]:
    """The quads of a changed article or graph as the view has them."""
    written = (quad for graph in graphs_of(unit) for quad in dataset.quads_for_pattern(None, None, None, graph))
    return read((quad for quad in written if view.is_shown(quad)), aliases_of(known, unit))


def _make(store: Store) -> None:
    """Make the view anew beside the one that is there, and put it in its place; who reads that one may go on."""
    home = store.path / VIEW
    old = current(store.path)
    number = int(old.name) + 1 if old is not None else 1
    folder = home / str(number)
    folder.mkdir(parents=True)
    try:
        made = ox.Store(str(folder))
        made.bulk_extend(view.quads(store.dataset))
        made.flush()
        del made  # lets go of the folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    write_atomic(home / STATE, json.dumps({"layout": LAYOUT, "folder": str(number)}).encode() + b"\n")


def _tidy(path: Path) -> None:
    """Take away what was made anew before, or left half made."""
    for other in (path / VIEW).glob("[0-9]*"):
        if other != current(path):
            shutil.rmtree(other, ignore_errors=True)


def current(path: Path) -> Path | None:
    """The folder that holds the view of a store; None where there is none of this layout."""
    state = _state(path)
    folder = path / VIEW / str(state.get("folder"))
    return (
        folder if state.get("layout") == LAYOUT and str(state.get("folder")).isdecimal() and folder.is_dir() else None
    )


def _state(path: Path) -> dict[str, Any]:
    try:
        found = json.loads((path / VIEW / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# ---------------------------------------------------------------- asking

_WRITTEN: Final = (".log", ".sst")
"""Ends of the names of files that a change writes; opening a view to read it leaves them as they are."""


def files(path: Path) -> list[Path]:
    """The files of the view of a store that are others, or of another time or size, after each change.

    Raises OSError where there is none.
    """
    folder = current(path)
    inside = [file for file in folder.iterdir() if file.name.endswith(_WRITTEN)] if folder is not None else []
    return [path / VIEW / STATE, *inside]


def opened(path: str | Path) -> ox.Store:
    """The view of a store, to be asked: as it is now; what a stopped command left undone is made up for first.

    Where that can't be written (a store on a medium of others), the view is made in memory. Raises as ``open_store``.
    """
    folder = Path(path)
    if not folder.joinpath("graph").is_dir():
        open_store(folder, read_only=True)  # says what is wrong
    base_of_folder(folder)
    if current(folder) is None or changed(folder) or is_waited_for(folder):
        try:
            with open_store(folder) as kept:
                keep_up(kept)
        except InUse:  # the one who writes will do it
            pass
        except (StoreError, OSError):
            return _in_memory(folder)
    found = current(folder)
    while found is not None:
        try:
            return open_oxigraph(found, folder, read_only=True)
        except StoreError:
            newer = current(folder)  # it may just have been made anew
            if newer == found:
                raise
            found = newer
    return _in_memory(folder)


def _in_memory(folder: Path) -> ox.Store:
    with open_store(folder, read_only=True) as kept:
        return view.of(kept.dataset)


@contextmanager
def writing(path: str | Path, *, create: bool = False, base: str | None = None) -> Iterator[Store]:
    """A store open for writing, whose view follows at the end."""
    with open_store(path, create=create, base=base) as kept:
        yield kept
        keep_up(kept)
