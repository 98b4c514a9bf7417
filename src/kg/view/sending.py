"""The view of a store -> a store of another program, kept up: what changed since the last time, in batches.

Beside the store's view lie, for each store that it was sent to, ``remote-NAME.behind``, the articles and graphs that
changed since, and while they are sent ``remote-NAME.sending``, a line each, with ``remote-NAME.sent``, how many of them
are there. A stop means that one batch is looked at again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from kg import journal
from kg.errors import ServiceError
from kg.output import write_atomic
from kg.store.graphs import EVERYTHING
from kg.view import behind, keeping
from kg.view.place import has_blank
from kg.view.remote import Remote, name_of

QUADS: Final = 20_000
"""Of a batch: some megabytes a request."""
MANY: Final = 100
"""Units from which it pays to ask once which graphs are there at all."""
Told = Callable[[int, int], None]
"""Called with how many were looked at, of how many."""


def send(path: Path, remote: Remote, *, again: bool = False, told: Told | None = None) -> int:
    """Bring another store up to date with the view; gives how many articles and other graphs were others there.

    ``again`` compares all, whatever was sent before. Raises InUse where somebody writes to the store, ServiceError
    where the other one fails: then the same call goes on where it was.
    """
    with keeping.writing(path) as kept:  # nobody else changes it meanwhile
        keeping.keep_up(kept)
        view, work = keeping.opened(path), _Work(path, name_of(remote.query_url))
        units, start = work.begin(again, lambda: _all(view, remote))
        sender = Sender(remote, is_long=len(units) - start > MANY)
        at = start
        for batch in _batches(view, units[start:]):
            sender.bring(batch)
            at += len(batch)
            work.done(at)
            if told:
                told(at, len(units))
        work.end()
        journal.note(path, "send", to=remote.update_url, graphs=sender.changed)
    return sender.changed


class Sender:
    """Brings articles and other graphs to another store; ``changed`` counts those that were others there.

    ``is_long``: there is so much to bring that it is asked first which graphs are there; the others aren't read.
    """

    def __init__(self, remote: Remote, *, is_long: bool) -> None:
        self.changed = 0
        self._remote = remote
        self._there = remote.graphs() if is_long else None

    def bring(self, batch: Mapping[NamedNode, set[Quad]]) -> None:
        """Bring some units, each with all its quads. Raises ServiceError, also where it isn't held as it was sent."""
        for unit, quads in batch.items():
            if has_blank(quads):
                raise ServiceError(f"{unit.value}: has nodes without names, which can't be kept in another store")
        graphs = [graph for unit in batch for graph in keeping.graphs_of(unit)]
        held = self._remote.held(graph for graph in graphs if self._there is None or graph in self._there)
        meant = self._remote.stored(quad for quads in batch.values() for quad in quads)
        if held == meant:
            return
        gone, new = held - meant, meant - held
        self._remote.change(sorted(gone, key=str), sorted(new, key=str))
        touched = {quad.graph_name for quad in (*gone, *new)}
        units = [unit for unit in batch if not touched.isdisjoint(keeping.graphs_of(unit))]
        self._expect(units, meant)
        self.changed += len(units)

    def _expect(self, units: Sequence[NamedNode], meant: set[Quad]) -> None:
        """Look at what is there now: how much in each graph, and where that isn't as it should be, what."""
        graphs = [graph for unit in units for graph in keeping.graphs_of(unit)]
        wanted = Counter(quad.graph_name for quad in meant if quad.graph_name in set(graphs))
        if self._remote.sizes(graphs) == wanted:
            return
        for unit in units:
            own = set(keeping.graphs_of(unit))
            if self._remote.held(own) != {quad for quad in meant if quad.graph_name in own}:
                where = self._remote.update_url
                raise ServiceError(f"{where}: took a change of {unit.value} and doesn't hold it as it was sent")


class _Work:
    """What is to be sent to one store, and how much of it is."""

    def __init__(self, path: Path, name: str) -> None:
        self._behind = path / behind.NAME.format(name)
        self._sending, self._sent = (self._behind.with_suffix(f".{end}") for end in ("sending", "sent"))

    def begin(self, again: bool, every: Callable[[], list[NamedNode]]) -> tuple[list[NamedNode], int]:
        """The units, and how many of them are sent already: those of a stop, or else what the store is behind with."""
        new = behind.read(self._behind) if self._behind.exists() else [EVERYTHING]
        is_stopped = self._sending.exists()
        if not is_stopped or again or EVERYTHING in new:
            units, start = every() if again or EVERYTHING in new else new, 0
        else:
            sent = int(self._sent.read_text("ascii") or 0) if self._sent.exists() else 0
            units, start = [*behind.read(self._sending), *new], sent
        write_atomic(self._sending, "".join(f"{unit.value}\n" for unit in units).encode())
        self.done(start)
        write_atomic(self._behind, b"")
        return units, start

    def done(self, count: int) -> None:
        """So many are sent."""
        write_atomic(self._sent, f"{count}\n".encode())

    def end(self) -> None:
        """All are sent."""
        for file in (self._sending, self._sent):
            file.unlink(missing_ok=True)


def _batches(view: ox.Store, units: Sequence[NamedNode]) -> Iterator[dict[NamedNode, set[Quad]]]:
    batch: dict[NamedNode, set[Quad]] = {}
    size = 0
    for unit in units:
        graphs = keeping.graphs_of(unit)
        batch[unit] = {quad for graph in graphs for quad in view.quads_for_pattern(None, None, None, graph)}
        size += len(batch[unit])
        if size >= QUADS:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _all(view: ox.Store, remote: Remote) -> list[NamedNode]:
    graphs = {graph for graph in view.named_graphs() if isinstance(graph, NamedNode)} | remote.graphs()
    return sorted({unit_of(graph) for graph in graphs}, key=str)


def unit_of(graph: NamedNode) -> NamedNode:
    """The article that a graph is of, or the graph: what is sent together."""
    name = graph.value.removesuffix("/provenance").removesuffix("/quarantine")
    return NamedNode(name) if "/id/article/" in name else graph
