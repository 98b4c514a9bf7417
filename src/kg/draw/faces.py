"""What stands on the cards and in which column they belong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.draw.part import Part
from kg.draw.scene import Form
from kg.draw.style import LOOKS, STRINGS, Look
from kg.draw.text import wrap
from kg.traverse import word

if TYPE_CHECKING:
    from kg.traverse import Graph

NOTE: Final = 10.5  # size of the small text
_ROWS: Final = 14  # of a column; more things get a column beside it
_NOTES: Final = 4  # small lines on a card
_HUBS: Final = 3  # meetings and networks that share a column
HUBS: Final = frozenset(look for look in LOOKS if set(look.kinds) & {"Meeting", "Network"})
"""Links between these run straight down where they share a column."""


@dataclass(frozen=True, slots=True)
class Face:
    """The look of a card, its name in lines, the small lines below it; ``dashed`` for what is only projected."""

    look: Look
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    dashed: bool

    @property
    def height(self) -> float:
        """What the text needs."""
        return 16 + len(self.lines) * self.look.size * 1.22 + len(self.notes) * NOTE * 1.3


def faces_of(graph: Graph, part: Part, lang: str) -> dict[str, Face]:
    """The face of each node."""
    return {node: _face(graph, part, node, lang) for node in part.nodes}


def _face(graph: Graph, part: Part, node: str, lang: str) -> Face:
    data = graph.nodes[node]
    look = next((look for look in LOOKS if data["kind"] in look.kinds), LOOKS[0])
    room = look.width - {Form.PILL: 30, Form.HEXAGON: 34}.get(look.form, 20)
    lines = wrap(data["label"], look.size, room, lines=3, bold=True)
    notes = [line for note in notes_of(graph, node, lang) for line in wrap(note, NOTE, room, lines=2)]
    if len(notes) > _NOTES:
        notes[_NOTES - 1 :] = wrap(" ".join(notes[_NOTES - 1 :]), NOTE, room, lines=1)
    member = {line.status for line in part.lines if line.source == node and line.relation == "member-of"}
    return Face(look, tuple(lines), tuple(notes), member == {"projected"})


def notes_of(graph: Graph, node: str, lang: str) -> list[str]:
    """The posts of an official, date and edition of a meeting, the short name of a body, the theme of a member."""
    data = graph.nodes[node]
    edges = [edge for _, _, edge in graph.out_edges(node, data=True)]
    if data["kind"] == "Official":
        return _unique(_with_status(edge, lang) for edge in edges if edge["relation"] == "holds-post")
    if data["kind"] == "Meeting":
        numbers = _unique(edge["detail"] for edge in edges if edge["relation"] == "edition-of")
        editions = [STRINGS[lang]["edition"].format(number=number) for number in numbers]
        return [days(data["date"], lang), *editions] if data["date"] else editions
    if data["kind"] in ("Network", "Ministry", "Body", "Unit"):
        brief = [name for name in data["aliases"] if len(name) < len(data["label"]) * 0.7]
        return sorted(brief, key=lambda name: (len(name), name))[:1]
    return _unique(edge["detail"] for edge in edges if edge["relation"] == "member-of")


def _unique(texts: Iterable[str]) -> list[str]:
    return sorted(set(texts) - {""})


def _with_status(edge: Mapping[str, str], lang: str) -> str:
    return edge["detail"] if edge["status"] in ("", "current") else f"{edge['detail']} ({word(edge['status'], lang)})"


def days(interval: str, lang: str) -> str:
    """A day or some days as people write them; what is no date stays as it is."""
    from babel.dates import format_interval

    try:
        days = [dt.date.fromisoformat(day) for day in interval.split("/")]
    except ValueError:
        return interval
    return str(format_interval(days[0], days[-1], "yMMMd", locale=lang))


def columns_of(graph: Graph, part: Part, faces: Mapping[str, Face]) -> dict[str, int]:
    """The column of each node: one for each look, a long one in several; what is linked alike stays together.

    Few meetings and networks share the middle column, and places share one with provinces and countries where it has
    room: a picture that is less wide is easier to read.
    """
    alike: dict[str, list[tuple[str, str, str]]] = {node: [] for node in part.nodes}
    for line in part.lines:
        alike[line.source].append((line.relation, line.status, line.target))
        alike[line.target].append((line.relation, line.status, line.source))
    shelves = [[node for node in part.nodes if faces[node].look is look] for look in LOOKS]
    columns: list[list[str]] = []
    for nodes in _joined(shelves):
        nodes.sort(key=lambda n: (LOOKS.index(faces[n].look), sorted(alike[n]), graph.nodes[n]["label"], n))
        columns += _pieces(nodes)
    return {node: number for number, column in enumerate(columns) for node in column}


def _joined(shelves: list[list[str]]) -> list[list[str]]:
    """The shelves, neighbours that may share a column put together."""
    bodies, officials, meetings, networks, places, regions, made, papers = shelves
    middle = [meetings + networks] if len(meetings + networks) <= _HUBS else [meetings, networks]
    ground = [places + regions] if len(places + regions) <= _ROWS else [places, regions]
    return [bodies, officials, *middle, *ground, made, papers]


def _pieces(nodes: list[str]) -> list[list[str]]:
    """Columns of about the same length, none longer than it may be."""
    count = -(-len(nodes) // _ROWS)
    rows = -(-len(nodes) // max(count, 1))
    return [nodes[n * rows : (n + 1) * rows] for n in range(count)]
