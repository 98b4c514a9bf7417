"""The shortest simple paths of an unweighted graph in one fixed order: shorter first, then by their nodes.

Yen's method (Yen 1971) in Lawler's form (Lawler 1972): the first path of a set of paths splits the others into sets
that have no path in common, each with a beginning and some steps that may not follow it; the first of each set waits
in a heap. The first path of a set is the smallest of the shortest ones, so the order doesn't hang on the search.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping


class Ball:
    """What has been reached from a node, step by step; ``radius`` steps in all directions are complete."""

    def __init__(self, centre: str) -> None:
        self.frontier = [centre]
        self.reached = {centre}
        self.radius = 0

    def grow(self, pairs: Iterable[tuple[str, str]], links: dict[str, set[str]]) -> None:
        """One step further, over all links of the frontier, which are noted in ``links``."""
        inside, new = set(self.frontier), set[str]()
        for one, other in pairs:
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
            new |= {other} if one in inside else {one}
            new |= {one} if other in inside else set()
        self.frontier = sorted(new - self.reached)
        self.reached |= new
        self.radius += 1


def shortest(
    links: Mapping[str, Collection[str]], start: str, goal: str, limit: int, longest: int | None = None
) -> list[list[str]]:
    """The first ``limit`` simple paths of at most ``longest`` steps, in order."""
    near = _relevant(links, start, goal, longest)
    found: list[list[str]] = []
    first = _first(near, [start], goal, frozenset(), longest)
    heap = [(len(first), first, 0, frozenset[str]())] if first else []
    while heap and len(found) < limit:
        _, path, since, banned = heapq.heappop(heap)
        found.append(path)
        for at in range(since, len(path) - 1):
            without = frozenset({path[at + 1]}) | (banned if at == since else frozenset())
            other = _first(near, path[: at + 1], goal, without, longest)
            if other:
                heapq.heappush(heap, (len(other), other, at, without))
    return found


def _relevant(
    links: Mapping[str, Collection[str]], start: str, goal: str, longest: int | None
) -> Mapping[str, Collection[str]]:
    """The part of the graph that paths of this length can pass."""
    if longest is None:
        return links
    ahead, behind = (_distances(links, node, frozenset(), longest) for node in (start, goal))
    kept = {node for node, steps in ahead.items() if node in behind and steps + behind[node] <= longest}
    return {node: [other for other in links[node] if other in kept] for node in kept if node in links}


def _first(
    links: Mapping[str, Collection[str]],
    begin: list[str],
    goal: str,
    banned: Collection[str],
    longest: int | None,
) -> list[str]:
    """The first path that begins so and doesn't go on with what is banned; empty where there is none."""
    passed = frozenset(begin)
    room = None if longest is None else longest - len(begin)
    distance = _distances(links, goal, passed, room)
    ways = [(distance[node], node) for node in links.get(begin[-1], ()) if node in distance and node not in banned]
    if not ways:
        return []
    path = [*begin, min(ways)[1]]
    while path[-1] != goal:
        left = distance[path[-1]] - 1
        path.append(min(node for node in links[path[-1]] if distance.get(node) == left))
    return path


def _distances(
    links: Mapping[str, Collection[str]], origin: str, passed: Collection[str], most: int | None
) -> dict[str, int]:
    """Steps to each node that can be reached without what was passed, up to ``most`` of them."""
    distance = {origin: 0} if origin not in passed else {}
    frontier, steps = list(distance), 0
    while frontier and (most is None or steps < most):
        steps += 1
        frontier = list(_beyond(links, frontier, distance, passed, steps))
    return distance


def _beyond(
    links: Mapping[str, Collection[str]],
    frontier: Iterable[str],
    distance: dict[str, int],
    passed: Collection[str],
    steps: int,
) -> Iterator[str]:
    for node in frontier:
        for other in links.get(node, ()):
            if other not in distance and other not in passed:
                distance[other] = steps
                yield other
