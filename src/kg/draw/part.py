"""Which part of the graph is drawn: all of a small one, the neighbourhood of its centre of a large one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import traverse
from kg.traverse import PAPERS

if TYPE_CHECKING:
    from kg.traverse import Graph

MOST: Final = 48  # things on one picture: what a page holds with every name legible
_HOPS: Final = 2
_CENTRES: Final = ("Meeting", "Network")


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A link as it is drawn: once, whatever number of articles state it."""

    source: str
    target: str
    relation: str
    status: str


@dataclass(frozen=True, slots=True)
class Part:
    """The nodes and lines of a picture; ``whole`` counts the things that a complete one would have."""

    nodes: tuple[str, ...]
    lines: tuple[Line, ...]
    centre: str | None
    whole: int

    @property
    def degrees(self) -> dict[str, int]:
        """How many lines each node has."""
        counts = dict.fromkeys(self.nodes, 0)
        for line in self.lines:
            counts[line.source] += 1
            counts[line.target] += 1
        return counts


def part_of(graph: Graph, focus: str | None = None) -> Part:
    """The things around the focus, or all if they are few; articles and lone series only where they are the focus."""
    lines = _lines(graph, focus)
    around = _around(lines)
    if focus is not None:
        around.setdefault(focus, set())
    centre = focus or _centre(graph, around)
    if focus is None and len(around) <= MOST:
        nodes = set(around)
    else:
        nodes = set(_nearest(around, centre, hops=None if focus is None else _HOPS)) if centre else set()
    kept = tuple(line for line in lines if line.source in nodes and line.target in nodes)
    return Part(tuple(sorted(nodes)), kept, centre, len(around))


def _lines(graph: Graph, focus: str | None) -> list[Line]:
    left_out = {n for n in graph if n != focus and _is_aside(graph, n)}
    if focus is not None and graph.nodes[focus]["kind"] in PAPERS:
        left_out -= set(traverse.simple(graph, papers=True)[focus])
    found = {
        Line(source, target, data["relation"], data["status"])
        for source, target, data in graph.edges(data=True)
        if source not in left_out and target not in left_out
    }
    return sorted(found)


def _is_aside(graph: Graph, node: str) -> bool:
    kind = graph.nodes[node]["kind"]
    return kind in PAPERS or (kind == "MeetingSeries" and len(traverse.simple(graph)[node]) < 2)


def _around(lines: Iterable[Line]) -> dict[str, set[str]]:
    around: dict[str, set[str]] = {}
    for line in lines:
        around.setdefault(line.source, set()).add(line.target)
        around.setdefault(line.target, set()).add(line.source)
    return around


def _centre(graph: Graph, around: dict[str, set[str]]) -> str | None:
    """The meeting or network with most links; the thing with most links where there is neither."""
    order = sorted(around, key=lambda n: (graph.nodes[n]["kind"] not in _CENTRES, -len(around[n]), n))
    return order[0] if order else None


def _nearest(around: dict[str, set[str]], centre: str, hops: int | None) -> list[str]:
    """The centre and what is nearest to it, well-linked things first, until the page is full."""
    found, layer, distance = [centre], [centre], 0
    while layer and len(found) < MOST and (hops is None or distance < hops):
        new = {other for node in layer for other in around[node]} - set(found)
        layer = sorted(new, key=lambda n: (-len(around[n]), n))[: MOST - len(found)]
        found += layer
        distance += 1
    return found
