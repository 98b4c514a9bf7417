"""All links of a view as numbers: what the measures of a whole graph need, without names, words or objects."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Store

from kg.traverse.edges import Edges
from kg.traverse.nodes import HOLDERS, PAPERS, local, territories
from kg.traverse.relations import of_file, value

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class Links:
    """Who is linked with whom, whatever the direction: nodes by number, in the order of their ids.

    ``one[n]`` < ``other[n]`` are the ends of the nth link and ``weight[n]`` the number of facts behind it; links are
    sorted by their ends. Articles and outlets are left out.
    """

    nodes: tuple[str, ...]
    one: array[int]
    other: array[int]
    weight: array[int]

    @cached_property
    def degrees(self) -> Counter[int]:
        """With how many other nodes each node is linked, for those that are."""
        return Counter(self.one) + Counter(self.other)

    def as_networkx(self) -> nx.Graph[int]:
        """The same for networkx, with the numbers as nodes."""
        import networkx as nx

        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(range(len(self.nodes)))
        graph.add_weighted_edges_from(zip(self.one, self.other, self.weight, strict=True))
        return graph


def links_of(edges: Edges) -> Links:
    """The links of a whole view: about 0.1 ms each, and half a kilobyte."""
    number: dict[str, int] = {}
    kind: dict[str, int] = {}
    facts: set[tuple[int, int, int, str]] = set()
    for fact in edges.everywhere():
        source = number.setdefault(fact.source, len(number))
        target = number.setdefault(fact.target, len(number))
        which = kind.setdefault(fact.relation.name, len(kind))
        facts.add((min(source, target), max(source, target), which, fact.fact))
    weights = Counter((source, target) for source, target, _, _ in facts)
    facts.clear()
    kinds = _kinds(edges.view)
    number = {node: at for node, at in number.items() if kinds.get(node) not in PAPERS}
    alone = _alone(edges, kinds)
    nodes = tuple(sorted(number.keys() | alone))
    place = {number[node]: at for at, node in enumerate(nodes) if node in number}
    return _sorted(nodes, ((place[a], place[b], n) for (a, b), n in weights.items() if a in place and b in place))


def _sorted(nodes: tuple[str, ...], found: Iterable[tuple[int, int, int]]) -> Links:
    rows = sorted((min(a, b), max(a, b), weight) for a, b, weight in found)
    one, other, weight = (array("q", (row[column] for row in rows)) for column in range(3))
    return Links(nodes, one, other, weight)


def _kinds(view: Store) -> dict[str, str]:
    """The class of everything that has a name, and of articles."""
    found: dict[str, str] = {}
    for row in of_file(view, "nodes/things.rq"):
        if (kind := local(value(row, "class"))) not in HOLDERS:
            thing = value(row, "thing")
            found[thing] = min(kind, found.get(thing, kind))
    for row in of_file(view, "nodes/articles.rq"):
        found.setdefault(value(row, "thing"), "NewsArticle")
    return found


def _alone(edges: Edges, kinds: dict[str, str]) -> set[str]:
    """What has a name and is in the graph even where nothing leads to it."""
    government = territories(edges.view)
    return {
        node
        for node, kind in kinds.items()
        if kind not in PAPERS and node not in government and not edges.nodes.is_reference(node)
    }
