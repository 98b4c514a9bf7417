"""One thing as triples and as Turtle: what is said of it, what points at it, and the names of both ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pyoxigraph import NamedNode, Triple

from kg import vocabulary as v
from kg.export import turtle
from kg.export.parts import used_prefixes
from kg.publish.graph import Graph
from kg.publish.things import Thing
from kg.publish.words import PREFIXES


class Descriptions:
    """What is told of things; without claims and evidence, which the dumps and the articles' pages have."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._labels: dict[NamedNode, tuple[Triple, ...]] = {}

    def of(self, node: NamedNode, most: int | None = None) -> tuple[list[Triple], bool]:
        """The description of a thing, and whether that is all; ``most`` triples of it, and as many that point at it."""
        limit = None if most is None else most + 1
        own = [quad.triple for quad in islice(self._graph.outgoing(node), limit)]
        back = [quad.triple for quad in islice(self._graph.incoming(node), limit)]
        is_whole = most is None or max(len(own), len(back)) <= most
        own, back = own[:most], back[:most]
        ends = {t.object for t in own} | {t.subject for t in back}
        nodes = sorted((end for end in ends if self._graph.is_id(end)), key=lambda end: end.value)
        return list(dict.fromkeys([*own, *back, *(label for end in nodes for label in self._names(end))])), is_whole

    def _names(self, node: NamedNode) -> tuple[Triple, ...]:
        """The labels of a node. Kept: a label stands in the graph of each article that names the thing."""
        if node not in self._labels:
            quads = self._graph.quads(node, v.PREF_LABEL, None)
            self._labels[node] = tuple(sorted({quad.triple for quad in quads}, key=str))
        return self._labels[node]


class Turtles:
    """Makes the Turtle of things."""

    def __init__(self, graph: Graph) -> None:
        self._base = graph.base
        self._descriptions = Descriptions(graph)

    def of(self, thing: Thing) -> bytes:
        """The Turtle of a thing."""
        return as_turtle(self._descriptions.of(thing.node)[0], self._base)


def as_turtle(found: Sequence[Triple], base: str) -> bytes:
    """Triples as Turtle, with the prefixes that they use."""
    spelling = turtle.Spelling(base, used_prefixes(found, PREFIXES), {})
    return "\n".join([*turtle.header(spelling), *turtle.body(found, spelling), ""]).encode()
