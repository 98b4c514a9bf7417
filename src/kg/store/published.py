"""What of a store may be given away."""

from __future__ import annotations

import pyoxigraph as ox
from pyoxigraph import Quad

from kg import vocabulary as v
from kg.rdf import as_written
from kg.store.graphs import LINKS, NOT_PUBLISHED, OWN_GRAPH, is_dataset


def published(dataset: ox.Store, *, reference: bool = False, links: bool = False, datasets: bool = False) -> list[Quad]:
    """What may be given away, sorted by graph, subject, predicate, object: what articles state, without their texts.

    A graph file without named graphs is all published. ``reference`` adds reference data and ontology, ``links`` the
    sets of links, ``datasets`` the linked tables, each of which has a licence of its own; where each article was read
    from, and what a user keeps in graphs of their own, stays in the store.
    """
    own = {mark.subject for mark in dataset.quads_for_pattern(None, OWN_GRAPH, None, None)}
    hidden = tuple(f"/id/{name}" for name in (NOT_PUBLISHED[-2:] if reference else NOT_PUBLISHED))
    named = (graph for graph in dataset.named_graphs() if graph not in own and not graph.value.endswith(hidden))
    named = (graph for graph in named if links or f"/id/{LINKS}" not in graph.value)
    graphs = [ox.DefaultGraph(), *(graph for graph in named if datasets or not is_dataset(graph))]
    found = [
        as_written(quad)
        for graph in graphs
        for quad in dataset.quads_for_pattern(None, None, None, graph)
        if quad.predicate != v.IS_STRING
    ]
    return sorted(found, key=quad_order)


def quad_order(quad: Quad) -> tuple[str, str, str, str]:
    """Sorts by graph, subject, predicate, object as they are written; the default graph comes first."""
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
    return graph, str(quad.subject), str(quad.predicate), str(quad.object)
