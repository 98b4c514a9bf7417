"""Measures of a whole graph: which things matter most in it, and which belong together.

The links are read from the view as numbers. PageRank and betweenness go through scipy where it is installed and through
plain Python and networkx where it isn't, with the same scores: those of networkx. Groups are networkx's own at every
size: other makers' Louvain is many times faster and as good, but groups otherwise, and reading the links takes longer.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, TypeVar

from pyoxigraph import Store

from kg.errors import KgError
from kg.traverse.edges import Edges
from kg.traverse.results import Group, Ranked, Thing
from kg.traverse.whole import Links, links_of

if TYPE_CHECKING:
    import networkx as nx

Node = TypeVar("Node", bound=Hashable)

MEASURES: Final = ("pagerank", "degree", "betweenness")
EXACT: Final = 1000
"""Things up to which betweenness is computed from all of them; it takes n * m steps."""
SAMPLE: Final = 200
"""Pivots beyond that, chosen with a fixed seed."""
LARGE: Final = 20_000
"""Links from which on scipy is worth installing."""
_DAMPING: Final = 0.85  # the usual value of PageRank, Brin and Page 1998
_ROUNDS: Final = 200
_TOLERANCE: Final = 1e-12
_SEED: Final = 1


def rank(view: Store, measure: str = "pagerank", top: int | None = None) -> list[Ranked]:
    """The things in order of their weight in the graph, by one of ``MEASURES``; KgError for another name.

    ``top`` is how many are wanted, all where it is None. Links count in both directions, since "is a member of" says as
    much of both ends. Articles and outlets are left out.
    """
    if measure not in MEASURES:
        raise KgError(f'no measure "{measure}"; choose one of: {", ".join(MEASURES)}')
    edges = Edges(view)
    links = links_of(edges)
    rounded = [round(score, 6) for score in scores(links, measure)]
    order = sorted(range(len(rounded)), key=lambda node: -rounded[node])
    if top is not None and top < len(order):
        least = rounded[order[top - 1]] if top else float("inf")
        order = [node for node in order if rounded[node] >= least]
    things = _things(edges, (links.nodes[node] for node in order))
    found = sorted((-rounded[node], things[links.nodes[node]]) for node in order)
    return [Ranked(place, thing, -score + 0.0) for place, (score, thing) in enumerate(found[:top], 1)]


def scores(links: Links, measure: str) -> Sequence[float]:
    """The score of each node."""
    if measure == "degree":
        return [float(links.degrees[node]) for node in range(len(links.nodes))]
    if measure == "betweenness":
        return _betweenness(links)
    if is_fast():
        from kg.traverse import fast

        return fast.pagerank(links, _DAMPING, _ROUNDS, _TOLERANCE)
    found = pagerank(links.as_networkx())
    return [found[node] for node in range(len(links.nodes))]


def is_fast() -> bool:
    """Whether scipy is installed."""
    return find_spec("scipy") is not None


def pagerank(ways: nx.Graph[Node], *, rounds: int = _ROUNDS, tolerance: float = _TOLERANCE) -> dict[Node, float]:
    """PageRank by power iteration in plain Python, weights counted; the scores sum up to 1."""
    total = len(ways)
    weight = {node: ways.degree(node, weight="weight") for node in ways}
    found = dict.fromkeys(ways, 1 / total) if total else {}
    for _ in range(rounds):
        lone = sum(score for node, score in found.items() if not weight[node])
        base = (1 - _DAMPING + _DAMPING * lone) / total if total else 0.0
        new = {
            node: base + _DAMPING * sum(found[other] * data["weight"] / weight[other] for other, data in near.items())
            for node, near in ways.adjacency()
        }
        change = sum(abs(new[node] - found[node]) for node in new)
        found = new
        if change < tolerance:
            break
    return found


def _betweenness(links: Links) -> list[float]:
    """Betweenness centrality as networkx has it, from all nodes of a small graph and from some of a large one."""
    size = len(links.nodes)
    sampled = size > EXACT
    if not is_fast():
        import networkx as nx

        slow = nx.betweenness_centrality(links.as_networkx(), k=SAMPLE if sampled else None, seed=_SEED)
        return [slow[node] for node in range(size)]
    from kg.traverse import fast

    sources = random.Random(_SEED).sample(range(size), SAMPLE) if sampled else list(range(size))
    if size < 3:
        return [0.0] * size
    found = fast.betweenness(links, sources)
    own = set(sources) if sampled else set()  # a source counts no paths that begin at itself
    most, others = len(sources) if sampled else size - 1, size - 2
    return [share / ((most - 1 if node in own else most) * others) for node, share in enumerate(found)]


def groups(view: Store) -> list[Group]:
    """Communities by Louvain's method with a fixed seed, the largest first; things without links are left out.

    The nodes are numbers in the order of their ids: the method goes through sets, whose order for text changes from run
    to run.
    """
    import networkx as nx

    edges = Edges(view)
    links = links_of(edges)
    linked = sorted(links.degrees)
    number = {node: at for at, node in enumerate(linked)}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(linked)))
    ends = zip(links.one, links.other, links.weight, strict=True)
    graph.add_weighted_edges_from((number[one], number[other], weight) for one, other, weight in ends)
    found = nx.community.louvain_communities(graph, seed=_SEED) if linked else []
    things = _things(edges, (links.nodes[node] for node in linked))

    def by_links(community: Iterable[int]) -> tuple[Thing, ...]:
        nodes = sorted((-links.degrees[linked[n]], things[links.nodes[linked[n]]]) for n in community)
        return tuple(thing for _, thing in nodes)

    inside = sorted((by_links(community) for community in found), key=lambda things: (-len(things), things))
    return [Group(number, things) for number, things in enumerate(inside, 1)]


def _things(edges: Edges, nodes: Iterable[str]) -> dict[str, Thing]:
    described = edges.nodes.describe(nodes)
    return {node: Thing(str(data["label"]), str(data["kind"]), str(data["id"])) for node, data in described.items()}
