"""Where the cards stand and how the lines between them run.

Lines of one sort (relation and status) leave a card at one port. At their hub, the end where fewer things are, they
first run straight for as long as the labels beside that column need. Over the columns between its ends a line has a
lane.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kg.draw import layout
from kg.draw.faces import HUBS, NOTE, Face, columns_of
from kg.draw.part import Line, Part
from kg.draw.scene import Cubic, Curve, Point
from kg.draw.style import DASHES, HEAVY, OTHER, RELATIONS
from kg.draw.text import width
from kg.traverse import word

if TYPE_CHECKING:
    from kg.traverse import Graph

MARGIN: Final = 36.0
TOP: Final = 132.0  # room for the title and the names of the columns
_GAP: Final = 12.0  # between two cards
_GUTTER: Final = 64.0  # between two columns, without the labels that stand there
_TIE: Final = 30.0  # more room between hubs that a line joins, for its label
_LANE: Final = 7.0  # height of a lane, and of a port without a label
_PORT: Final = 16.0  # height of a port with one
_CROWD: Final = 6  # labels between two columns from which on those of both sides get room of their own
_ARC: Final = 46.0  # room for arcs beside a column

Sort = tuple[str, str]
Port = tuple[str, str, Sort]
"""A node, a side ("l" or "r") and what is drawn alike: relation and status."""


@dataclass(slots=True)
class Plan:
    """The picture while it is laid out, in pixels."""

    part: Part
    faces: Mapping[str, Face]
    column: Mapping[str, int]
    hubs: Mapping[Line, str]
    chains: dict[Line, list[str]] = field(default_factory=dict)  # the nodes and lanes that a line passes, from the left
    ports: dict[Port, list[Line]] = field(default_factory=dict)
    labels: dict[Port, str] = field(default_factory=dict)
    middle: dict[str, float] = field(default_factory=dict)
    height: dict[str, float] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)
    wide: dict[int, float] = field(default_factory=dict)
    right: float = 0.0

    def bent(self, line: Line) -> bool:
        """Whether both ends stand in the same column, so that the line is an arc beside it."""
        return self.column[line.source] == self.column[line.target]

    def tied(self, line: Line) -> bool:
        """Whether the line joins two hubs in one column, so that it runs straight between them."""
        return self.bent(line) and self.faces[line.source].look in HUBS

    def side(self, line: Line, node: str) -> str:
        """Where the line leaves a node; arcs of the first column run outside of the picture's body."""
        if self.bent(line):
            return "l" if self.column[node] == 0 else "r"
        other = line.target if node == line.source else line.source
        return "r" if self.column[other] > self.column[node] else "l"

    def sorts(self, node: str, side: str) -> list[Sort]:
        """What leaves a node on one side, from top to bottom as the other ends stand once they do."""
        found = [port[2] for port in self.ports if port[:2] == (node, side)]
        return sorted(found, key=lambda sort: (self._far((node, side, sort)), sort))

    def _far(self, port: Port) -> float:
        chains = [self.chains[line] for line in self.ports[port]]
        ends = [chain[1] if chain[0] == port[0] else chain[-2] for chain in chains]
        return sum(self.middle.get(end, 0.0) for end in ends) / len(ends)

    def stub(self, port: Port) -> float:
        """How far the lines of a port run straight: the same for all of a column's side; 0 without a label."""
        return self.longest(self.column[port[0]], port[1]) if port in self.labels else 0.0

    def longest(self, number: int, side: str) -> float:
        """What the longest label beside a column needs."""
        texts = (label for port, label in self.labels.items() if (self.column[port[0]], port[1]) == (number, side))
        return max((width(text, NOTE) + 16 for text in texts), default=0.0)

    def size(self, port: Port) -> float:
        """The height of a port."""
        return _PORT if port in self.labels else _LANE

    def place(self, port: Port) -> Point:
        """Where the lines of a port touch their card."""
        node, side, _ = port
        ports = [(node, side, other) for other in self.sorts(node, side)]
        above = ports[: ports.index(port)]
        top = self.middle[node] - sum(map(self.size, ports)) / 2 + sum(map(self.size, above))
        # a label stands on its line, so the line is the port's lower edge
        return (self.edge(node, side), top + (13 if port in self.labels else _LANE / 2))

    def edge(self, node: str, side: str) -> float:
        """The left or right edge of a node's column."""
        left = self.left[self.column[node]]
        return left if side == "l" else left + self.wide[self.column[node]]


def plan_of(graph: Graph, part: Part, faces: Mapping[str, Face], lang: str) -> Plan:
    """Everything in its place."""
    column = columns_of(graph, part, faces)
    plan = Plan(part, faces, column, _hubs(part, column))
    _chain(plan)
    _name(plan, graph, lang)
    _stack(plan)
    _abreast(plan)
    return plan


def _hubs(part: Part, column: Mapping[str, int]) -> dict[Line, str]:
    """The end of each line where lines of its sort come together: on the side where they have fewer ends.

    All lines of a sort between two columns have theirs on the same side, so that their labels stand below each other.
    """
    alike: dict[tuple[int, int, Sort], list[tuple[str, str]]] = {}
    ends = {line: sorted((line.source, line.target), key=lambda n: (column[n], n)) for line in part.lines}
    for line, (first, last) in ends.items():
        alike.setdefault((column[first], column[last], (line.relation, line.status)), []).append((first, last))
    right = {key: len({b for _, b in pairs}) < len({a for a, _ in pairs}) for key, pairs in alike.items()}
    return {
        line: last if right[column[first], column[last], (line.relation, line.status)] else first
        for line, (first, last) in ends.items()
    }


def _chain(plan: Plan) -> None:
    """The way of each line and its ports. Lines of one sort to the same hub share their lanes."""
    for line in plan.part.lines:
        sort = (line.relation, line.status)
        first, last = sorted((line.source, line.target), key=lambda n: (plan.column[n], n))
        hub = plan.hubs[line]
        between = range(plan.column[first] + 1, plan.column[last])
        lanes = ["|".join((str(column), hub, str(hub == first), *sort)) for column in between]
        plan.chains[line] = [first, *lanes, last]
        for node in () if plan.tied(line) else (first, last):
            plan.ports.setdefault((node, plan.side(line, node), sort), []).append(line)


def _name(plan: Plan, graph: Graph, lang: str) -> None:
    """The labels: one where lines of a sort leave their hub. Arcs are named in the legend."""
    for port, lines in plan.ports.items():
        own = [line for line in lines if plan.hubs[line] == port[0] and not plan.bent(line)]
        if own:
            status = "" if own[0].status in ("", "current") else f", {word(own[0].status, lang)}"
            count = f" ({len(own)})" if len(own) > 1 else ""
            plan.labels[port] = relation(graph, own[0], lang) + status + count


def relation(graph: Graph, line: Line, lang: str) -> str:
    """What the relation of a line is called."""
    edges: list[dict[str, str]] = list(graph.get_edge_data(line.source, line.target, default={}).values())
    return next(e["label_en" if lang == "en" else "label_id"] for e in edges if e["relation"] == line.relation)


def _stack(plan: Plan) -> None:
    """Where everything stands in its column."""
    for node, face in plan.faces.items():
        sides = (sum(plan.size((node, side, sort)) for sort in plan.sorts(node, side)) for side in "lr")
        plan.height[node] = max(face.height, *(size + 10 for size in sides))
    lanes = {key: int(key.partition("|")[0]) for chain in plan.chains.values() for key in chain[1:-1]}
    plan.height.update(dict.fromkeys(lanes, _LANE))
    tied = {node for line in plan.part.lines if plan.tied(line) for node in (line.source, line.target)}
    room = {node: plan.height[node] + (_TIE if node in tied else 0) for node in plan.faces}
    items = [layout.Item(node, plan.column[node], room[node], (f"{n:04}",)) for n, node in enumerate(plan.column)]
    items += [layout.Item(lane, column, _LANE, ("~",)) for lane, column in lanes.items()]
    steps = {pair for chain in plan.chains.values() for pair in pairwise(chain)}
    middle = layout.columns_of(items, sorted(steps), _GAP) if items else {}
    highest = min((middle[key] - plan.height[key] / 2 for key in middle), default=0.0)
    plan.middle = {key: y - highest + TOP for key, y in middle.items()}


def _abreast(plan: Plan) -> None:
    """Puts the columns side by side, with room between them for labels and arcs.

    Where few lines run, the labels of two neighbouring columns may stand above each other, so the longer ones count.
    """
    arcs = {plan.column[line.source] for line in plan.part.lines if plan.bent(line) and not plan.tied(line)}
    x = MARGIN + (_ARC if 0 in arcs else 0)
    for number in sorted(set(plan.column.values())):
        plan.left[number] = x
        plan.wide[number] = max(face.look.width for node, face in plan.faces.items() if plan.column[node] == number)
        plan.right = x + plan.wide[number] + (_ARC if number in arcs and number else 0)
        labels = sorted((plan.longest(number, "r"), plan.longest(number + 1, "l")))
        ports = [port for port in plan.labels if (plan.column[port[0]], port[1]) in ((number, "r"), (number + 1, "l"))]
        x = plan.right + labels[1] + (labels[0] if len(ports) > _CROWD else 0.0) + _GUTTER


# ---- the lines


def curves_of(plan: Plan) -> list[Curve]:
    """All lines, what is shared once, thin ones below."""
    found = {curve for line in plan.part.lines for curve in _curves(plan, line)}
    return sorted(found, key=lambda curve: (curve.width, curve.colour, curve.start, curve.parts, curve.dash))


def _curves(plan: Plan, line: Line) -> list[Curve]:
    colour, dash = RELATIONS.get(line.relation, OTHER), DASHES.get(line.status, ())
    thick = 2.0 if line.relation in HEAVY else 1.5
    if plan.tied(line):
        start, end = tie(plan, line)
        return [Curve(start, ((start, end, end),), colour, thick, dash), *_arrow(start, end, colour, thick)]
    if plan.bent(line):
        start, arc = _arc(plan, line)
        return [Curve(start, (arc,), colour, thick, dash), *_arrow((arc[1][0], arc[2][1]), arc[2], colour, thick)]
    points = _waypoints(plan, line)
    level = [Curve(a, (_bow(a, b),), colour, thick, dash) for a, b in pairwise(points)]
    before, end = points[-2:] if line.target == plan.chains[line][-1] else points[1::-1]
    return [*level, *_arrow((before[0], end[1]), end, colour, thick)]


def _waypoints(plan: Plan, line: Line) -> list[Point]:
    """From the port of the left end over the lanes to that of the right one, with the straight bits for the labels."""
    first, *lanes, last = plan.chains[line]
    sort = (line.relation, line.status)
    start, end = plan.place((first, "r", sort)), plan.place((last, "l", sort))
    points = [start, (start[0] + plan.stub((first, "r", sort)), start[1])]
    for lane in lanes:
        column = int(lane.partition("|")[0])
        y, left = plan.middle[lane], plan.left[column]
        points += [(left - 6, y), (left + plan.wide[column] + 6, y)]
    points += [(end[0] - plan.stub((last, "l", sort)), end[1]), end]
    return [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]


def _bow(a: Point, b: Point) -> Cubic:
    """A curve that leaves and arrives level."""
    bend = (b[0] - a[0]) * 0.5
    return ((a[0] + bend, a[1]), (b[0] - bend, b[1]), b)


def _arc(plan: Plan, line: Line) -> tuple[Point, Cubic]:
    """A curve beside a column, wider the farther its ends are from each other."""
    sort, side = (line.relation, line.status), plan.side(line, line.source)
    start, end = plan.place((line.source, side, sort)), plan.place((line.target, side, sort))
    bend = min(56.0, 20.0 + abs(end[1] - start[1]) * 0.12) * (-1 if side == "l" else 1)
    return start, ((start[0] + bend, start[1]), (end[0] + bend, end[1]), end)


def tie(plan: Plan, line: Line) -> tuple[Point, Point]:
    """The ends of a straight line between two hubs; several of them stand beside each other."""
    ties = [other for other in plan.part.lines if plan.tied(other)]
    column = plan.column[line.source]
    x = plan.left[column] + plan.wide[column] / 2 + (ties.index(line) - (len(ties) - 1) / 2) * 26
    down = 1 if plan.middle[line.source] < plan.middle[line.target] else -1
    start = plan.middle[line.source] + down * plan.height[line.source] / 2
    return (x, start), (x, plan.middle[line.target] - down * plan.height[line.target] / 2)


def _arrow(start: Point, end: Point, colour: str, thick: float) -> list[Curve]:
    """The head of an arrow on a line that arrives level or upright."""
    (x, y), back = end, 5.0
    if start[1] == y:
        across = x + (back if start[0] > x else -back)
        tips = [(across, y - 3.5), (across, y + 3.5)]
    else:
        along = y + (back if start[1] > y else -back)
        tips = [(x - 3.5, along), (x + 3.5, along)]
    return [Curve(tip, ((tip, end, end),), colour, thick) for tip in tips]
