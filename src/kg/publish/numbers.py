"""The numbers of linked tables that are about a thing: the observations of data cubes that have it as a dimension."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg import vocabulary as v
from kg.publish.graph import Graph
from kg.publish.things import Things
from kg.publish.words import term, written

_OBSERVATION = term("qb:Observation")
_DATASET = term("qb:dataSet")
_MEASURE = term("qb:MeasureProperty")


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """A measured value: of which table, what, when and the like (in the order of the text), how much."""

    dataset: str  # the id of the table
    detail: str
    measure: str
    value: str


def numbers(graph: Graph, things: Things, node: NamedNode, lang: str) -> list[Number]:
    """All numbers about a thing, by table, then by what they are of."""
    seen = {quad.subject for quad in graph.incoming(node) if quad.subject not in things}
    found = [
        number
        for each in seen
        if isinstance(each, NamedNode) and next(graph.dataset.quads_for_pattern(each, v.TYPE, _OBSERVATION, None), None)
        for number in _read(graph, things, each, lang)
    ]
    return sorted(found)


def _read(graph: Graph, things: Things, observation: NamedNode, lang: str) -> list[Number]:
    """The measures of an observation; its other literals (period ...) say what they are of."""
    measures, details, dataset = [], [], ""
    for quad in graph.outgoing(observation):
        if quad.predicate == _DATASET and isinstance(quad.object, NamedNode):
            dataset = quad.object.value
        elif isinstance(quad.object, Literal):
            thing = things.get(quad.predicate)
            text = written(quad.object, lang)
            if thing is not None and _MEASURE in thing.types:
                measures.append((thing.names[lang], text))
            else:
                details.append(text)
    return [Number(dataset, ", ".join(sorted(details)), name, text) for name, text in measures]
