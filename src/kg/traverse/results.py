"""Answers of traversals: things, links, ways, neighbourhoods, ranks and groups, as values, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.traverse.nodes import short, word

if TYPE_CHECKING:
    from kg.traverse.project import Graph


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """A node: its name, its class and its id without the base."""

    label: str
    kind: str
    id: str


def thing(graph: Graph, node: str) -> Thing:
    """What a node stands for."""
    data = graph.nodes[node]
    return Thing(data["label"], data["kind"], data["id"])


@dataclass(frozen=True, slots=True)
class Link:
    """One edge: its two ends as ids, the relation's name in two languages, and where the text says so."""

    source: Thing
    target: Thing
    relation: str
    label_id: str
    label_en: str
    detail: str
    status: str
    article: str
    date: str
    words: str

    def label(self, lang: str) -> str:
        """The relation, its detail and a status that isn't the usual one."""
        name = self.label_en if lang == "en" else self.label_id
        extra = [self.detail, "" if self.status in ("", "current") else word(self.status, lang)]
        return f"{name} ({'; '.join(filter(None, extra))})" if any(extra) else name


@dataclass(frozen=True, slots=True)
class Path:
    """A way between two things: ``links[n]`` joins ``things[n]`` and ``things[n + 1]``, in either direction."""

    things: tuple[Thing, ...]
    links: tuple[Link, ...]

    def as_text(self, lang: str = "id") -> str:
        """A line for the start and one for each step, with the words below it."""
        lines = [self.things[0].label]
        for (here, there), link in zip(pairwise(self.things), self.links, strict=True):
            name = link.label(lang)
            arrow = f"—{name}→" if link.source == here else f"←{name}—"
            lines += [f"  {arrow} {there.label}", *_quote(link, "      ")]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways between two things, shortest first; ``is_all`` is False where the search ended before all were seen."""

    paths: tuple[Path, ...]
    is_all: bool = True


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A thing, those within some steps of it, and every link among them; with the numbers of what was left out."""

    centre: Thing
    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    left_out: int = 0  # things that were seen and are too many
    unquoted: int = 0  # statements, of facts that too many articles state

    def as_text(self, lang: str = "id") -> str:
        """A line for each link, with the words below it."""
        lines = [f"{self.centre.label} ({word(self.centre.kind, lang)})"]
        for link in self.links:
            lines += [f"  {link.source.label} —{link.label(lang)}→ {link.target.label}", *_quote(link, "      ")]
        return "\n".join(lines)


def _quote(link: Link, indent: str) -> list[str]:
    """The quoted words on one line, and which article has them."""
    if not link.words:
        return []
    source = ", ".join(filter(None, (short(link.article), link.date)))
    return [f"{indent}“{' '.join(link.words.split())}” [{source}]"]


def link_of(graph: Graph, source: str, target: str, data: Mapping[str, str]) -> Link:
    """An edge of a graph as a value."""
    fields = ("relation", "label_id", "label_en", "detail", "status", "article", "date", "words")
    return Link(thing(graph, source), thing(graph, target), *(data[field] for field in fields))


def first_link(graph: Graph, here: str, there: str) -> Link:
    """The link between two neighbours: one with words before one without, forwards before backwards."""
    found = [link_of(graph, s, t, data) for s, t in ((here, there), (there, here)) for data in _between(graph, s, t)]
    return min(found, key=lambda link: not link.words)


def _between(graph: Graph, source: str, target: str) -> list[Mapping[str, str]]:
    return list(graph.get_edge_data(source, target, default={}).values())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thing with its place, counted from 1, and its score, rounded so that it is the same on every machine."""

    place: int
    thing: Thing
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are linked more with each other than with the rest; the one with most links comes first."""

    number: int
    things: tuple[Thing, ...]


# ---- answers as text and JSON

Result = Path | Neighbourhood | Ranked | Group


def as_text(result: Result | Sequence[Result], lang: str = "id") -> str:
    """A result or several, for people."""
    if isinstance(result, Path | Neighbourhood):
        return result.as_text(lang)
    if isinstance(result, Ranked):
        return f"{result.place:>4}  {result.score:>10.6f}  {result.thing.label} ({word(result.thing.kind, lang)})"
    if isinstance(result, Group):
        names = [f"  {found.label} ({word(found.kind, lang)})" for found in result.things]
        return "\n".join([f"{'Kelompok' if lang == 'id' else 'Group'} {result.number}: {len(names)}", *names])
    between = "\n" if all(isinstance(one, Ranked) for one in result) else "\n\n"
    return between.join(as_text(one, lang) for one in result)


def as_json(result: Result | Sequence[Result]) -> str:
    """A result or several as JSON, with the names of their fields."""
    several = isinstance(result, Sequence)
    value = [asdict(one) for one in result] if isinstance(result, Sequence) else asdict(result)
    return json.dumps(value, ensure_ascii=False, indent=1 if several or value else None)
