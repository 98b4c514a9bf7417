"""Where a view is written to: what it holds of some graphs, and one change as one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from kg.store.updates import patterns


class Place(Protocol):
    """What keeps a view. ``kg.view.keeping`` writes to it; what is asked is the place's own."""

    def held(self, graphs: Iterable[NamedNode]) -> set[Quad]:
        """The quads of these named graphs."""

    def change(self, gone: Collection[Quad], new: Collection[Quad]) -> None:
        """Take quads of named graphs out and put others in, and let the default graph follow: one transaction.

        A triple leaves the default graph with the last named graph that has it.
        """


class Local:
    """An Oxigraph store, on disk or in memory."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def held(self, graphs: Iterable[NamedNode]) -> set[Quad]:
        """As of ``Place``."""
        return {quad for graph in graphs for quad in self.store.quads_for_pattern(None, None, None, graph)}

    def change(self, gone: Collection[Quad], new: Collection[Quad]) -> None:
        """As of ``Place``. Raises OSError where it can't be written: then nothing is."""
        whole = [in_default(quad.triple) for quad in new]
        if not gone:
            self.store.extend([*new, *whole])
            return
        alone = self._alone(set(gone), {quad.triple for quad in new})
        self.store.update(
            f"DELETE DATA {{ {patterns(gone)}\n{_bare(alone)} }} ;\nINSERT DATA {{ {patterns(new)}\n{_bare(whole)} }}"
        )

    def _alone(self, gone: set[Quad], new: set[Triple]) -> list[Quad]:
        """The quads of the default graph that no named graph has any more."""
        triples = dict.fromkeys(quad.triple for quad in gone)
        return [in_default(each) for each in triples if each not in new and not self._is_kept(each, gone)]

    def _is_kept(self, triple: Triple, gone: set[Quad]) -> bool:
        held = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        # On disk it also gives 512 where 511 is asked for: numbers whose bytes end in 255 (pyoxigraph 0.5.13).
        rows = (quad for quad in held if quad.object == triple.object)
        return any(not isinstance(quad.graph_name, DefaultGraph) and quad not in gone for quad in rows)


def in_default(triple: Triple) -> Quad:
    """The triple as a quad of the default graph."""
    return Quad(triple.subject, triple.predicate, triple.object)


def has_blank(quads: Iterable[Quad]) -> bool:
    """Whether a quad has a blank node, which SPARQL can't name to delete it."""
    return any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object))


def _bare(quads: Iterable[Quad]) -> str:
    return "\n".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads)
