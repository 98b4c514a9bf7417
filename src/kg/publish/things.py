"""The things that have pages: their names, kinds and places.

Pages are made for what articles and datasets speak of, and for the reference data that those point at, so that no link
leads nowhere. A thing without a label is named after its parts, as ``data/publish/kinds.toml`` says.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from kg import resources
from kg import vocabulary as v
from kg.find import short
from kg.publish.graph import Graph, Part, part_of
from kg.publish.paths import Paths, Place
from kg.publish.words import name_of, term, written

LANGUAGES: Final = ("id", "en")
_LONGEST: Final = 90  # characters of a name made of a text
_DEPTH: Final = 3  # a name may be made of names that are made of names


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things that is listed together; ``title`` are the predicates that name a thing without a label."""

    slug: str
    names: Mapping[str, str]
    classes: frozenset[NamedNode]
    title: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with a page. ``names`` by language; there is always one in each."""

    node: NamedNode
    kind: Kind
    types: tuple[NamedNode, ...]
    names: Mapping[str, str]
    place: Place


Things = Mapping[NamedNode, Thing]


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds in the order of the index; the last one takes what no other does."""
    return tuple(
        Kind(
            row["slug"],
            {language: row[language] for language in LANGUAGES},
            frozenset(map(v.term, row["classes"])),
            tuple(map(v.term, row.get("title", ()))),
        )
        for row in _table()["kind"]
    )


@cache
def _without() -> frozenset[NamedNode]:
    return frozenset(map(term, _table()["without"]))


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(resources.path("data/publish/kinds.toml").read_text("utf-8"))


def kind_of(types: Iterable[NamedNode]) -> Kind:
    """The first kind that has one of the classes."""
    found = frozenset(types)
    return next((kind for kind in kinds() if found & kind.classes), kinds()[-1])


def things(graph: Graph) -> dict[NamedNode, Thing]:
    """All things that get a page, by id; a few strings each are all that is kept of them."""
    types = _typed(graph)
    _add_reference(graph, types)
    paths, namer = Paths(graph.base), Namer(graph, types)
    return {
        node: Thing(node, kind_of(types[node]), types[node], namer.names(node), paths.place(node.value))
        for node in sorted(types, key=lambda node: node.value)
    }


def _typed(graph: Graph) -> dict[NamedNode, tuple[NamedNode, ...]]:
    """What facts and datasets give a class, with the classes, the project's own first."""
    found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in graph.quads(None, v.TYPE, None):
        node, kind = quad.subject, quad.object
        if part_of(quad.graph_name) not in (Part.FACTS, Part.DATASETS) or not graph.is_id(node):
            continue
        if isinstance(kind, NamedNode) and kind not in _without():
            found[node].add(kind)
    return {node: _ordered(kinds) for node, kinds in found.items()}


def _ordered(classes: Iterable[NamedNode]) -> tuple[NamedNode, ...]:
    return tuple(sorted(classes, key=lambda kind: (not kind.value.startswith(v.ONTOLOGY_BASE), kind.value)))


def _add_reference(graph: Graph, types: dict[NamedNode, tuple[NamedNode, ...]]) -> None:
    """Add what the things point at, and what that points at, where the reference data describes it."""
    waiting = sorted(types, key=lambda node: node.value)
    while waiting:
        node = waiting.pop()
        for quad in graph.outgoing(node):
            target = quad.object
            if graph.is_id(target) and target not in types:
                found = _ordered(_reference_types(graph, target))
                if found:
                    types[target] = found
                    waiting.append(target)


def _reference_types(graph: Graph, node: NamedNode) -> set[NamedNode]:
    quads = graph.quads(node, v.TYPE, None)
    found = {q.object for q in quads if part_of(q.graph_name) is Part.REFERENCE}
    return {kind for kind in found if isinstance(kind, NamedNode) and kind not in _without()}


class Namer:
    """What things are called, in each language."""

    def __init__(self, graph: Graph, types: Mapping[NamedNode, tuple[NamedNode, ...]]) -> None:
        self._graph = graph
        self._types = types
        self._known: dict[tuple[NamedNode, int], Mapping[str, str]] = {}

    def names(self, node: NamedNode, depth: int = _DEPTH) -> Mapping[str, str]:
        """A name in each language; the other language's where one has none, and the id where there is none at all."""
        if (node, depth) not in self._known:
            self._known[node, depth] = self._found(node, depth)
        return self._known[node, depth]

    def _found(self, node: NamedNode, depth: int) -> Mapping[str, str]:
        found = self._labels(node) or self._made(node, depth)
        some = found.get("id") or found.get("en") or next(iter(sorted(found.values())), short(node.value))
        return {language: found.get(language) or some for language in LANGUAGES}

    def _labels(self, node: NamedNode) -> dict[str, str]:
        """The preferred label that most graphs give, by language."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for predicate in (v.PREF_LABEL, v.HEADLINE, v.DCT_TITLE, v.LABEL):
            for quad in self._graph.quads(node, predicate, None):
                if isinstance(quad.object, Literal) and part_of(quad.graph_name) is not None:
                    counts[quad.object.language or ""][quad.object.value] += 1
        return {
            language: min(count.items(), key=lambda pair: (-pair[1], pair[0]))[0] for language, count in counts.items()
        }

    def _made(self, node: NamedNode, depth: int) -> dict[str, str]:
        parts: list[Mapping[str, str]] = []
        for predicate in kind_of(self._types.get(node, ())).title if depth else ():
            values = sorted({q.object for q in self._graph.outgoing(node) if q.predicate == predicate}, key=str)
            parts += [self._part(value, depth) for value in values[:1]]
        return {lang: " – ".join(part[lang] for part in parts) for lang in LANGUAGES} if parts else {}

    def _part(self, value: object, depth: int) -> Mapping[str, str]:
        if isinstance(value, NamedNode):
            if value.value.startswith(v.ONTOLOGY_BASE):
                return {language: name_of(value, language) for language in LANGUAGES}
            return self.names(value, depth - 1)
        return {language: _cut(value, language) for language in LANGUAGES}


def _cut(value: object, language: str) -> str:
    """A value as a part of a name: on one line, and not too long."""
    text = " ".join(written(value, language).split()) if isinstance(value, Literal) else str(value)
    return f"{text[: _LONGEST - 1]}…" if len(text) > _LONGEST else text
