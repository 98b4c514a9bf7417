"""What is shown of the graph, as triples: the facts between the things, with their types and names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from kg import vocabulary as v
from kg.serve.graphing.parts import GRAPH

if TYPE_CHECKING:
    from pyoxigraph import Store

MOST_TRIPLES: Final = 2000
"""Triples of one subject that are looked at."""
_NAMING: Final = frozenset(
    {v.TYPE, v.PREF_LABEL, v.ALT_LABEL, v.FOAF_NAME, v.HEADLINE, v.DATE_PUBLISHED, v.START_DATE, v.END_DATE}
)
"""What is told of each thing, whatever else is shown."""


def triples(view: Store, things: Collection[str], facts: Collection[str]) -> list[Triple]:
    """The triples of things and facts (whole IRIs), sorted: of a fact all, of a thing its names and its direct links.

    A place stands for its government too, as in the view; what facts point at is named.
    """
    whole = [NamedNode(each) for each in things]
    governments = [found for node in whole for found in _governments(view, node)]
    shown = {*whole, *governments, *map(NamedNode, facts)}
    made: set[Triple] = set()
    for node in [*whole, *governments]:
        made |= {each for each in _about(view, node) if each.predicate in _NAMING or each.object in shown}
    made |= {each for node in governments for each in _about(view, node) if each.predicate == v.SPATIAL}
    for fact in map(NamedNode, facts):
        told = list(_about(view, fact))
        made |= set(told)
        ends = {each.object for each in told if isinstance(each.object, NamedNode) and each.object not in shown}
        made |= {each for end in ends for each in _names(view, end)}
    return sorted(made, key=str)


def written(made: list[Triple], form: ox.RdfFormat) -> bytes:
    """The triples in a format, with the prefixes that they use."""
    used = "".join(str(each) for each in made)
    prefixes = {prefix: iri for prefix, iri in v.PREFIXES.items() if iri in used}
    return ox.serialize(made, format=form, prefixes=prefixes) or b""


def _about(view: Store, node: NamedNode) -> Iterator[Triple]:
    found = islice(view.quads_for_pattern(node, None, None, GRAPH), MOST_TRIPLES)
    return (Triple(quad.subject, quad.predicate, quad.object) for quad in found)


def _names(view: Store, node: NamedNode) -> Iterator[Triple]:
    return (each for each in _about(view, node) if each.predicate in _NAMING)


def _governments(view: Store, place: NamedNode) -> list[NamedNode]:
    found = view.quads_for_pattern(None, v.SPATIAL, place, GRAPH)
    return [q.subject for q in found if isinstance(q.subject, NamedNode) and "/id/government/" in q.subject.value]
