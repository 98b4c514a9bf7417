"""Measures of a whole graph: which things matter most in it, and which belong together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kg.errors import KgError
from kg.traverse.project import simple
from kg.traverse.results import Group, Ranked, Thing, thing

if TYPE_CHECKING:
    import networkx as nx

    from kg.traverse.project import Graph, Simple

MEASURES: Final = ("pagerank", "degree", "betweenness")
_EXACT: Final = 1000  # things up to which betweenness is computed from all of them; it takes n * m steps
_SAMPLE: Final = 200  # pivots beyond that, chosen with a fixed seed
_DAMPING: Final = 0.85  # the usual value of PageRank, Brin and Page 1998


def rank(graph: Graph, measure: str = "pagerank") -> list[Ranked]:
    """The things in order of their weight in the graph, by one of ``MEASURES``; KgError for another name.

    PageRank is computed here: that of networkx needs scipy, and projected graphs are small (about 25 edges a
    thousand quads). Links count in both directions, since "is a member of" says as much of both ends.
    """
    import networkx as nx

    if measure not in MEASURES:
        raise KgError(f'no measure "{measure}"; choose one of: {", ".join(MEASURES)}')
    ways = simple(graph)
    if measure == "pagerank":
        scores = pagerank(ways)
    elif measure == "degree":
        scores = {node: float(ways.degree(node)) for node in ways}
    else:
        scores = nx.betweenness_centrality(ways, k=None if len(ways) <= _EXACT else _SAMPLE, seed=1)
    rounded = sorted(((-round(score, 6), thing(graph, node)) for node, score in scores.items()))
    return [Ranked(place, found, -score + 0.0) for place, (score, found) in enumerate(rounded, 1)]


def pagerank(ways: Simple, *, rounds: int = 200, tolerance: float = 1e-12) -> dict[str, float]:
    """PageRank by power iteration, weights counted; the scores sum up to 1."""
    total = len(ways)
    weight = {node: ways.degree(node, weight="weight") for node in ways}
    scores = dict.fromkeys(ways, 1 / total) if total else {}
    for _ in range(rounds):
        lone = sum(score for node, score in scores.items() if not weight[node])
        base = (1 - _DAMPING + _DAMPING * lone) / total if total else 0.0
        new = {
            node: base + _DAMPING * sum(scores[other] * data["weight"] / weight[other] for other, data in near.items())
            for node, near in ways.adjacency()
        }
        change = sum(abs(new[node] - scores[node]) for node in new)
        scores = new
        if change < tolerance:
            break
    return scores


def groups(graph: Graph) -> list[Group]:
    """Communities by Louvain's method with a fixed seed, the largest first; things without links are left out.

    The nodes are numbered first: the method goes through sets, whose order for text changes from run to run.
    """
    import networkx as nx

    ways = simple(graph)
    nodes = [node for node in ways if ways.degree(node)]
    number = {node: n for n, node in enumerate(nodes)}
    numbered: nx.Graph[int] = nx.Graph()
    numbered.add_nodes_from(range(len(nodes)))
    numbered.add_weighted_edges_from((number[s], number[t], data["weight"]) for s, t, data in ways.edges(data=True))
    found = nx.community.louvain_communities(numbered, seed=1) if nodes else []
    inside = [_by_links(graph, ways, [nodes[n] for n in community]) for community in found]
    return [Group(n, things) for n, things in enumerate(sorted(inside, key=lambda t: (-len(t), t)), 1)]


def _by_links(graph: Graph, ways: Simple, nodes: Iterable[str]) -> tuple[Thing, ...]:
    return tuple(thing(graph, node) for node in sorted(nodes, key=lambda n: (-ways.degree(n), thing(graph, n))))
