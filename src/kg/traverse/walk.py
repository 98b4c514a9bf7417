"""Walking through a graph of any size: what lies around a thing, and the shortest ways between two.

Only what is walked over is drawn out of the view, step by step; what is shown is the same as in the graph of all that
``project`` makes, and so is every answer as long as nothing was left out. What was left out is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pyoxigraph import Store

from kg.errors import KgError, NothingFound
from kg.traverse.edges import Edge, Edges, Fact, TooMany, attributes
from kg.traverse.names import find_in
from kg.traverse.results import Neighbourhood, Path, Ways, first_link, link_of, thing
from kg.traverse.ways import Ball, shortest

if TYPE_CHECKING:
    from kg.traverse.project import Graph
    from kg.traverse.spans import Span

THINGS: Final = 500
"""So many things around a thing are shown where nothing else is asked for."""
LINKS: Final = 2_000_000
"""So many links are looked at for an answer, about ten seconds."""
MORE_LINKS: Final = 200_000
"""So many more where a way is known and others are looked for."""


CLAIMS: Final = 50
"""So many claims of a fact are quoted; what all news say is stated by tens of thousands."""
SHOWN: Final = 20_000
"""So many links are shown around a thing, an article each; fewer claims of a fact where it has to be."""


def named(view: Store, name: str) -> str:
    """The node (its IRI) that a name means. Raises KgError where several fit equally well, NothingFound where none."""
    return find_in(Edges(view), name)


def near(view: Store, a: str, hops: int = 1, *, limit: int | None = THINGS) -> Neighbourhood:
    """A thing, named as people do, with all that lies within some steps of it; its own links come first."""
    return neighbourhood(view, named(view, a), hops, limit=limit)


def neighbourhood(
    view: Store,
    node: str,
    hops: int = 1,
    *,
    limit: int | None = THINGS,
    relations: Collection[str] | None = None,
    kinds: Collection[str] | None = None,
    since: str = "",
    until: str = "",
) -> Neighbourhood:
    """A node (its IRI) with the things within ``hops`` steps of it, whatever the direction, and every link among them.

    Of more than ``limit`` things those are kept that are nearer, then those with more facts that link them with what
    is nearer, then those whose id comes first; ``left_out`` counts the others that were seen. Only ``relations`` (names
    of the files in ``queries/graph/``) count and, of things, only ``kinds`` (class names, as ``City``); ``since`` and
    ``until`` (ISO 8601 dates, both included) leave out links that only articles of other days state. Links that no
    article states have no date and stay. NothingFound where the graph doesn't have the node.
    """
    graph, left_out, unquoted = ego(view, node, hops, limit=limit, relations=relations, kinds=kinds)
    return around(graph, node, left_out, unquoted, since=since, until=until)


def ego(
    view: Store,
    node: str,
    hops: int = 1,
    *,
    limit: int | None = THINGS,
    relations: Collection[str] | None = None,
    kinds: Collection[str] | None = None,
) -> tuple[Graph, int, int]:
    """The part of the graph within some steps of a node, as ``project`` would have it.

    With the numbers of things and of statements (facts or claims of facts) that were left out.
    """
    edges = Edges(view, relations, most=LINKS)
    if not edges.has(node):
        raise NothingFound(f"no {node} in this graph")
    kept, left_out = _nearest(edges, node, hops, limit, kinds)
    edges.most = None
    facts = set(edges.among(kept))
    some = _nearest_facts(facts, kept)
    quoted, unquoted = edges.quoted(some, most=max(1, min(CLAIMS, SHOWN // max(1, len(some)))))
    return drawn(edges, quoted, kept), left_out, unquoted + len(facts) - len(some)


def _nearest_facts(facts: Collection[Fact], kept: Collection[str]) -> list[Fact]:
    """The facts between things that come first."""
    place = {node: number for number, node in enumerate(kept)}

    def order(fact: Fact) -> tuple[object, ...]:
        near, far = sorted((place[fact.source], place[fact.target]))
        return far, near, fact.source, fact.relation.name, fact.fact, fact.detail, fact.status, fact.keys

    return sorted(facts, key=order)[:SHOWN]


def _nearest(
    edges: Edges, node: str, hops: int, limit: int | None, kinds: Collection[str] | None
) -> tuple[list[str], int]:
    """The nodes within some steps, nearest first, and how many more were seen."""
    kept, seen, frontier = [node], {node}, [node]
    for _ in range(hops):
        found = _around(edges, frontier, seen)
        if kinds is not None:
            of_kind = edges.nodes.kinds(found)
            found = Counter({each: count for each, count in found.items() if of_kind[each] in kinds})
        frontier = sorted(found, key=lambda each: (-found[each], each))
        room = len(frontier) if limit is None else max(0, limit + 1 - len(kept))
        kept += frontier[:room]
        if len(frontier) > room:
            return kept, len(frontier) - room
        seen |= set(frontier)
    return kept, 0


def _around(edges: Edges, frontier: list[str], seen: Collection[str]) -> Counter[str]:
    """What is linked with the frontier and wasn't seen before, each with the number of facts that link it."""
    facts: dict[str, set[tuple[str, str, str]]] = {}
    inside = set(frontier)
    with suppress(TooMany):  # what was seen by then is more than anybody reads
        for fact in edges.at(frontier):
            here, there = (fact.source, fact.target) if fact.source in inside else (fact.target, fact.source)
            if there not in seen:
                facts.setdefault(there, set()).add((here, fact.relation.name, fact.fact))
    return Counter({node: len(found) for node, found in facts.items()})


def around(
    graph: Graph, centre: str, left_out: int = 0, unquoted: int = 0, *, since: str = "", until: str = ""
) -> Neighbourhood:
    """All of a graph as what lies around one of its nodes; its own links come first."""
    edges = sorted(graph.edges(data=True), key=lambda edge: (centre not in edge[:2], edge[2]["relation"], *edge[:2]))
    links = tuple(link_of(graph, s, t, data) for s, t, data in edges if _is_of(data["date"], since, until))
    things = sorted(thing(graph, node) for node in graph if node != centre)
    if since or until:
        linked = {each for link in links for each in (link.source, link.target)}
        things = [each for each in things if each in linked]
    return Neighbourhood(thing(graph, centre), tuple(things), links, left_out, unquoted)


def _is_of(date: str, since: str, until: str) -> bool:
    return not date or ((not since or date >= since) and (not until or date[:10] <= until))


def drawn(edges: Edges, quoted: dict[Edge, set[Span]], nodes: Iterable[str]) -> Graph:
    """Nodes and edges of a view as a graph of networkx, as ``project`` would have them."""
    import networkx as nx

    graph: Graph = nx.MultiDiGraph()
    described = edges.nodes.describe(nodes)
    names = edges.nodes.names(edge.detail for edge in quoted if edge.detail and _is_id(edge.detail))
    kinds = {relation.name: relation for relation in edges.relations}
    for node in sorted(described):
        graph.add_node(node, **described[node])
    for number, edge in enumerate(sorted(quoted)):
        data = attributes(edge, kinds[edge.relation], quoted[edge], names)
        graph.add_edge(edge.source, edge.target, key=f"e{number}", **data)
    return graph


def _is_id(text: str) -> bool:
    return "/id/" in text and " " not in text


# ---- ways


def paths(view: Store, a: str, b: str, *, limit: int = 3) -> Ways:
    """The shortest ways between two things, named as people do. KgError where both names mean the same thing."""
    edges = Edges(view)
    start, goal = find_in(edges, a), find_in(edges, b)
    if start == goal:
        raise KgError(f'"{a}" and "{b}" are the same: {edges.nodes.describe([start])[start]["label"]}')
    return shortest_paths(view, start, goal, limit=limit)


def shortest_paths(
    view: Store, start: str, goal: str, *, limit: int = 3, relations: Collection[str] | None = None
) -> Ways:
    """The shortest ways from one node (its IRI) to another, at most ``limit``, whatever the direction of the links.

    Shorter ways come first, and of those of one length the one whose ids come first. Articles link things only where
    nothing else does. ``is_all`` is False where the search ended because too many links had been looked at: then
    other ways of the last length, or longer ones, may be missing. Raises NothingFound where there is no way.
    """
    edges = Edges(view, relations, most=LINKS)
    is_paper = edges.nodes.of_papers([start, goal])
    if not (is_paper[start] or is_paper[goal]):
        found, is_all = _ways(edges, start, goal, limit, papers=False)
        if found or not is_all:
            return _shown(edges, found, is_all, start, goal)
    edges.read = 0
    return _shown(edges, *_ways(edges, start, goal, limit, papers=True), start, goal)


def _ways(edges: Edges, start: str, goal: str, limit: int, *, papers: bool) -> tuple[list[list[str]], bool]:
    """The first ways in order, and whether the search was ended by nothing but having found them."""
    balls = Ball(start), Ball(goal)
    links: dict[str, set[str]] = {}
    found: list[list[str]] = []
    edges.most = LINKS
    while True:
        smaller = min(balls, key=lambda ball: len(ball.frontier))
        if smaller.frontier:
            try:
                smaller.grow(_links(edges, smaller.frontier, papers), links)
            except TooMany:
                return found, False
        is_drawn = not all(ball.frontier for ball in balls)
        if is_drawn or not balls[0].reached.isdisjoint(balls[1].reached):
            longest = None if is_drawn else sum(ball.radius for ball in balls)
            found = shortest(links, start, goal, limit, longest)
            if len(found) == limit or is_drawn:
                return found, True
            edges.most = min(LINKS, edges.read + MORE_LINKS) if found and edges.most == LINKS else edges.most


def _links(edges: Edges, frontier: list[str], papers: bool) -> Iterator[tuple[str, str]]:
    """The ends of the links of a frontier."""
    ends = dict.fromkeys((fact.source, fact.target) for fact in edges.at(frontier))
    if papers:
        return iter(ends)
    is_paper = edges.nodes.of_papers(node for pair in ends for node in pair)
    return (pair for pair in ends if not is_paper[pair[0]] and not is_paper[pair[1]])


def _shown(edges: Edges, found: list[list[str]], is_all: bool, start: str, goal: str) -> Ways:
    """The ways with names and words."""
    if not found:
        described = edges.nodes.describe([start, goal])
        names = f"{described[start]['label']} and {described[goal]['label']}"
        raise NothingFound(
            f"no path between {names}"
            if is_all
            else f"no path between {names} in {LINKS} links; more weren't looked at"
        )
    edges.most = None
    steps = {frozenset(pair) for way in found for pair in pairwise(way)}
    facts: list[Fact] = [
        fact
        for fact in edges.among(sorted({node for way in found for node in way}))
        if frozenset((fact.source, fact.target)) in steps
    ]
    graph = drawn(edges, edges.quoted(facts, most=CLAIMS)[0], {node for way in found for node in way})
    return Ways(tuple(_path(graph, way) for way in found), is_all)


def _path(graph: Graph, nodes: list[str]) -> Path:
    links = tuple(first_link(graph, here, there) for here, there in pairwise(nodes))
    return Path(tuple(thing(graph, node) for node in nodes), links)
