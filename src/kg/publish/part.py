"""One thing as Turtle: what is said of it, what points at it, and the names of both ends."""

from __future__ import annotations

from pyoxigraph import NamedNode, Triple

from kg import vocabulary as v
from kg.export import turtle
from kg.export.parts import used_prefixes
from kg.publish.graph import Graph
from kg.publish.things import Thing
from kg.publish.words import PREFIXES


class Turtles:
    """Makes the Turtle of things; without claims and evidence, which the dumps and the articles' pages have."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._labels: dict[NamedNode, tuple[Triple, ...]] = {}

    def of(self, thing: Thing) -> bytes:
        """The Turtle of a thing."""
        own = [quad.triple for quad in self._graph.outgoing(thing.node)]
        back = [quad.triple for quad in self._graph.incoming(thing.node)]
        ends = {t.object for t in own} | {t.subject for t in back}
        nodes = sorted((end for end in ends if self._graph.is_id(end)), key=lambda end: end.value)
        found = list(dict.fromkeys([*own, *back, *(label for node in nodes for label in self._names(node))]))
        spelling = turtle.Spelling(self._graph.base, used_prefixes(found, PREFIXES), {})
        return "\n".join([*turtle.header(spelling), *turtle.body(found, spelling), ""]).encode()

    def _names(self, node: NamedNode) -> tuple[Triple, ...]:
        """The labels of a node. Kept: a label stands in the graph of each article that names the thing."""
        if node not in self._labels:
            quads = self._graph.dataset.quads_for_pattern(node, v.PREF_LABEL, None, None)
            self._labels[node] = tuple(sorted({quad.triple for quad in quads}, key=str))
        return self._labels[node]
