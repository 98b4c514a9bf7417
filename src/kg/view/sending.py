"""The view of a store -> a store of another program, kept up: what changed since the last time, unit by unit.

Beside the store's view lies, for each store that it was sent to, ``remote-NAME.behind``: the articles and graphs that
changed since. It is emptied when all of them are sent, so a stop means that some are looked at again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from kg import journal
from kg.errors import ServiceError
from kg.output import write_atomic
from kg.store.graphs import EVERYTHING
from kg.view import behind, keeping
from kg.view.place import has_blank
from kg.view.remote import Remote, name_of


def send(path: Path, remote: Remote, *, again: bool = False, told: Callable[[int, int], None] | None = None) -> int:
    """Bring another store up to date with the view; gives how many articles and other graphs were others there.

    ``again`` compares all, whatever was sent before. ``told`` is called with how many were looked at, of how many.
    Raises InUse where somebody writes to the store, ServiceError where the other one fails: then the rest is sent the
    next time.
    """
    with keeping.writing(path) as kept:  # nobody else changes it meanwhile
        keeping.keep_up(kept)
        view, file = keeping.opened(path), path / behind.NAME.format(name_of(remote.query_url))
        units = [EVERYTHING] if again or not file.exists() else behind.read(file)
        units = _all(view, remote) if EVERYTHING in units else units
        changed = 0
        for number, unit in enumerate(units, 1):
            changed += _replace(remote, view, unit)
            if told:
                told(number, len(units))
        write_atomic(file, b"")
        journal.note(path, "send", to=remote.update_url, graphs=changed)
    return changed


def _replace(remote: Remote, view: ox.Store, unit: NamedNode) -> bool:
    graphs = keeping.graphs_of(unit)
    found: set[Quad] = {quad for graph in graphs for quad in view.quads_for_pattern(None, None, None, graph)}
    if has_blank(found):
        raise ServiceError(f"{unit.value}: has nodes without names, which can't be kept in another store")
    held, meant = remote.held(graphs), remote.stored(found)
    if held == meant:
        return False
    remote.change(sorted(held - meant, key=str), sorted(meant - held, key=str))
    if remote.held(graphs) != meant:
        raise ServiceError(f"{remote.update_url}: took a change of {unit.value} and doesn't hold it as it was sent")
    return True


def _all(view: ox.Store, remote: Remote) -> list[NamedNode]:
    graphs = {graph for graph in view.named_graphs() if isinstance(graph, NamedNode)} | remote.graphs()
    return sorted({_unit(graph) for graph in graphs}, key=str)


def _unit(graph: NamedNode) -> NamedNode:
    name = graph.value.removesuffix("/provenance").removesuffix("/quarantine")
    return NamedNode(name) if "/id/article/" in name else graph
