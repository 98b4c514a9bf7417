"""The graph as it is asked: each article's graph with the ids as they are meant, and all of them as the default graph.

A view is an Oxigraph store. Its named graphs are those that may be seen (articles' facts, provenance and quarantine,
reference data, ontology, links, linked tables); its default graph holds each of their triples once, however many
graphs state it: a query over the union of named graphs would meet the label of a minister once for each of the
thousand articles that have it, and a pair of labels a million times. What a store notes for itself, who-is-who and the
texts of articles are not in it. It is made from the graphs as articles write them, and can be made anew at any time.

``of`` makes one in memory, ``keeping`` keeps one on disk beside its store, ``place`` is what it is written to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from kg import vocabulary as v
from kg.link import resolved
from kg.store.graphs import IDENTITIES

if TYPE_CHECKING:
    from pyoxigraph import Store

PRIVATE: Final = ("/id/store", f"/id/{IDENTITIES}")
"""How the names of graphs end that nobody but the store reads."""


def of(dataset: Store) -> Store:
    """The view of a dataset, in memory. About 4 µs a quad."""
    view = ox.Store()
    view.bulk_extend(quads(dataset))
    return view


def quads(dataset: Store) -> Iterator[Quad]:
    """All quads of the view of a dataset, those of the default graph beside each one of a named graph."""
    for quad in resolved.quads(dataset, resolved.aliases(dataset)):
        if is_shown(quad):
            yield quad
            yield Quad(quad.subject, quad.predicate, quad.object)


def is_shown(quad: Quad) -> bool:
    """Whether a quad of a dataset is one of its view."""
    return quad.predicate != v.IS_STRING and not is_private(quad.graph_name)


def is_private(graph: object) -> bool:
    """Whether a graph is one that a view doesn't show."""
    return isinstance(graph, NamedNode) and graph.value.endswith(PRIVATE)
