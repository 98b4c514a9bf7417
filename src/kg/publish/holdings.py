"""What a graph holds, as its description tells: links by set and target, and the days of its articles."""

from __future__ import annotations

from collections import Counter

from pyoxigraph import Literal, NamedNode

from kg import vocabulary as v
from kg.publish.describe import LinkSet
from kg.publish.graph import Graph, Part


def link_sets(graph: Graph) -> list[LinkSet]:
    """The links by set, predicate and what they lead to."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for name in graph.graphs(Part.LINKS):
        if not isinstance(name, NamedNode) or name.value.endswith("/provenance"):
            continue
        for quad in graph.dataset.quads_for_pattern(None, None, None, name):
            if isinstance(quad.object, NamedNode):
                counts[name.value.partition("/id/links/")[2], quad.predicate.value, _space(quad.object.value)] += 1
    return [LinkSet(*key, triples) for key, triples in sorted(counts.items())]


def _space(iri: str) -> str:
    """Where an id elsewhere lives: up to its last slash or hash."""
    return iri[: max(iri.rstrip("/#").rfind(mark) for mark in "/#") + 1]


def period(graph: Graph) -> tuple[str, str] | None:
    """First and last day of the articles, ISO 8601."""
    found = graph.quads(None, v.DATE_PUBLISHED, None)
    days = sorted({q.object.value[:10] for q in found if isinstance(q.object, Literal) and q.object.datatype == v.DATE})
    return (days[0], days[-1]) if days else None
