"""The whole graph in memory, for small ones: exports, pictures, and what large ones are compared with.

``project`` folds the nodes that only hold a relation (tenures, memberships, delegations, quotations) into labelled
edges, and a government into its territory. What walks a large graph (``walk``, ``whole``) asks for what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Quad, Store

from kg.traverse import edges as of_edges
from kg.traverse.edges import Edge, Edges
from kg.traverse.nodes import PAPERS, Known, attributes, dates, known_things, names_of, territories
from kg.traverse.relations import of_file, relations
from kg.traverse.spans import Span

if TYPE_CHECKING:
    import networkx as nx

Graph: TypeAlias = "nx.MultiDiGraph[str]"
Simple: TypeAlias = "nx.Graph[str]"


def project(view: Store) -> Graph:
    """Things as nodes, relations as edges: one edge for each fact and article that states it.

    A node has ``label``, ``kind``, ``id``, ``date`` and ``aliases``. An edge has ``relation``, ``label_id``,
    ``label_en``, ``detail`` (the post, the theme ...), ``status``, ``fact``, ``article``, ``date``, ``words`` and
    ``spans``. Reference data adds only what the things of the articles lie in and belong to. ``view`` is a view
    (``kg.view``): its default graph has each triple once.
    """
    drawn = Edges(view)
    edges = drawn.quoted(drawn.everywhere())[0]
    territory = territories(view)
    things = known_things(of_file(view, "nodes/things.rq"), of_file(view, "nodes/articles.rq"), territory)
    alone = {node for node in things if node not in territory and not drawn.nodes.is_reference(node)}
    return graph_of(edges, alone, names_of(view), things, dates(view))


def graph_of(
    edges: Mapping[Edge, set[Span]],
    alone: Iterable[str],
    names: Mapping[str, str],
    things: Mapping[str, Known],
    when: Mapping[str, str],
) -> Graph:
    """The graph of these edges and of nodes that stand alone; nodes and edges are sorted."""
    import networkx as nx

    graph: Graph = nx.MultiDiGraph()
    kinds = {relation.name: relation for relation in relations()}
    for node in sorted({node for edge in edges for node in (edge.source, edge.target)} | set(alone)):
        graph.add_node(node, **attributes(node, names, things, when))
    for number, edge in enumerate(sorted(edges)):
        data = of_edges.attributes(edge, kinds[edge.relation], edges[edge], names)
        graph.add_edge(edge.source, edge.target, key=f"e{number}", **data)
    return graph


def merged(quads: Iterable[Quad]) -> Store:
    """All graphs as one, each triple once.

    A query over the union of named graphs meets a triple once for each graph that has it: a tenure of which a thousand
    articles tell would match a pattern of three triples a thousand million times.
    """
    store = Store()
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def simple(graph: Graph, *, papers: bool = False) -> Simple:
    """Who is linked with whom, whatever the direction: ``weight`` is the number of different facts.

    Articles and outlets are left out unless ``papers`` asks for them. Nodes and edges are sorted.
    """
    import networkx as nx

    undirected: Simple = nx.Graph()
    undirected.add_nodes_from(n for n in sorted(graph) if papers or graph.nodes[n]["kind"] not in PAPERS)
    facts: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for source, target, data in graph.edges(data=True):
        if source in undirected and target in undirected:
            ends = (min(source, target), max(source, target))
            facts.setdefault(ends, set()).add((data["relation"], data["fact"]))
    for (source, target), found in sorted(facts.items()):
        undirected.add_edge(source, target, weight=len(found))
    return undirected


def plain(graph: Graph) -> Graph:
    """A copy whose attributes are all text that XML can hold, for formats of network tools."""
    import networkx as nx

    copy: Graph = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        copy.add_node(node, **{key: _xml(value) for key, value in data.items()})
    for source, target, key, data in graph.edges(keys=True, data=True):
        copy.add_edge(source, target, key=key, label=data["label_id"], **{n: _xml(value) for n, value in data.items()})
    return copy


def _xml(value: object) -> str:
    text = " | ".join(value) if isinstance(value, tuple) else str(value)
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
