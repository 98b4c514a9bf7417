"""One thing as Turtle: what is said of it, what points at it, and the names of both ends."""

from __future__ import annotations

from pyoxigraph import NamedNode, Triple

from kg import vocabulary as v
from kg.export import turtle
from kg.export.parts import used_prefixes
from kg.publish.graph import Graph
from kg.publish.things import Thing
from kg.publish.words import PREFIXES


def turtle_of(graph: Graph, thing: Thing) -> bytes:
    """The Turtle of a thing; without claims and evidence, which the dumps and the article's page have."""
    own = [quad.triple for quad in graph.outgoing(thing.node)]
    back = [quad.triple for quad in graph.incoming(thing.node)]
    ends = {t.object for t in own} | {t.subject for t in back}
    named = [
        triple
        for end in sorted((end for end in ends if isinstance(end, NamedNode)), key=lambda end: end.value)
        for triple in _names(graph, end)
    ]
    found = list(dict.fromkeys([*own, *back, *named]))
    spelling = turtle.Spelling(graph.base, used_prefixes(found, PREFIXES), {})
    return "\n".join([*turtle.header(spelling), *turtle.body(found, spelling), ""]).encode()


def _names(graph: Graph, node: NamedNode) -> list[Triple]:
    if not graph.is_id(node):
        return []
    quads = graph.dataset.quads_for_pattern(node, v.PREF_LABEL, None, None)
    return sorted({quad.triple for quad in quads}, key=str)
