"""A human name -> the things of a graph that it may mean, with the reason; no guess where several fit equally well.

Names are compared by the labels that the graph itself gives. Reading a name is left to ``kg.show`` and to the ``name``
parameters of ``kg.query``; both ask a view (``kg.view``), of which the default graph is read: a name that a thousand
articles write stands there once.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg import vocabulary as v
from kg.errors import NothingFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad, Store

LEVELS: Final = ("id", "exact", "case", "start", "part", "like")
"""How a name fits, best first: an id, the same text, the same but for case, the first words, words inside, similar."""
MINOR: Final = frozenset({"MeetingSeries", "Concept", "Outlet", "NewsArticle"})
"""Kinds that give way where something else has the same name."""
LIKENESS: Final = 80.0
"""Least score of 100 of a similar name; below it, names of one length share too little (tried on 900 place names)."""
CLEARLY: Final = 8.0
"""By how much the most similar name must lead to be meant."""
NEAR: Final = 60.0
"""Least score of a name that is worth offering."""

LANGUAGES: Final = ("id", "en")
"""Languages that a name is looked up in, beside none; where it has only another one, all names are read."""
NAMING: Final = (v.PREF_LABEL, v.FOAF_NAME, v.ALT_LABEL, v.HEADLINE)
"""What gives a thing a name, what says most first."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with its preferred name, its class (local name) and all names, sorted."""

    node: NamedNode
    name: str
    kind: str
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """The id without the base, as in ``person/budi-santoso``."""
        return short(self.node.value)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that a name may mean and how it fits (one of LEVELS); ``score`` from 0 to 100."""

    thing: Thing
    level: str
    score: float


def short(iri: str) -> str:
    """An id without the base, as in ``person/budi-santoso``; other IRIs stay."""
    return iri.partition("/id/")[2] or iri


def things(dataset: Store) -> list[Thing]:
    """Everything below ``id/`` that has a name, by id."""
    return _things(dataset, None)


def _things(dataset: Store, graph: DefaultGraph | None) -> list[Thing]:
    names: dict[NamedNode, set[tuple[int, str]]] = defaultdict(set)
    for rank, predicate in enumerate(NAMING):
        for quad in dataset.quads_for_pattern(None, predicate, None, graph):
            if (
                isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, Literal)
                and "/id/" in quad.subject.value
            ):
                english = predicate == v.PREF_LABEL and quad.object.language != "id"
                names[quad.subject].add((2 * rank + english, quad.object.value))
    kinds = _kinds(dataset, names, graph)
    return [
        Thing(node, min(found)[1], kinds.get(node, "Thing"), tuple(sorted({text for _, text in found})))
        for node, found in sorted(names.items(), key=lambda pair: pair[0].value)
    ]


def _kinds(dataset: Store, nodes: Iterable[NamedNode], graph: DefaultGraph | None) -> dict[NamedNode, str]:
    """The class of each thing that has one, the project's own before others. Most of what has a class has no name."""
    found: dict[NamedNode, str] = {}
    for node in nodes:
        kind = _kind(quad.object for quad in dataset.quads_for_pattern(node, v.TYPE, None, graph))
        if kind:
            found[node] = kind
    return found


def _kind(classes: Iterable[object]) -> str | None:
    """The local name of the class that says most; None where there is none."""
    ranked = [
        (not each.value.startswith(v.ONTOLOGY_BASE), re.split(r"[#/]", each.value)[-1])
        for each in classes
        if isinstance(each, NamedNode)
    ]
    return min(ranked)[1] if ranked else None


def find(known: Sequence[Thing], name: str) -> list[Found]:
    """The things that fit the name best, best first; all of one level."""
    for level, fits in _FITS:
        found = [Found(thing, level, 100.0) for thing in known if fits(name, thing)]
        if found:
            return _preferred(name, found)
    return alike(known, name, LIKENESS)


def _preferred(name: str, found: list[Found]) -> list[Found]:
    """Those with the name as their preferred one, and no minor kinds, unless that leaves none."""
    wanted = plain(name)
    tests: tuple[Callable[[Found], bool], ...] = (
        lambda each: each.thing.kind not in MINOR,
        lambda each: wanted == plain(each.thing.name) or each.level not in ("exact", "case"),
    )
    for test in tests:
        found = [each for each in found if test(each)] or found
    return found


def alike(known: Sequence[Thing], name: str, least: float = NEAR, limit: int = 8) -> list[Found]:
    """The things with the most similar names, best first."""
    from rapidfuzz import fuzz, process

    wanted = plain(name)
    if not wanted:
        return []
    names = {(at, text): plain(text) for at, thing in enumerate(known) for text in thing.names}
    best: dict[int, float] = {}
    for _, score, (at, _text) in process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=least, limit=50):
        best[at] = max(score, best.get(at, 0.0))
    ranked = sorted(best.items(), key=lambda pair: (-pair[1], known[pair[0]].node.value))
    return [Found(known[at], "like", score) for at, score in ranked[:limit]]


def best(found: Sequence[Found]) -> Found | None:
    """The one that is clearly meant, if there is one."""
    if len(found) == 1 or (found and found[0].level == "like" and found[0].score - found[1].score >= CLEARLY):
        return found[0]
    return None


def meant(view: Store, name: str) -> list[NamedNode]:
    """The ids that a name stands for in a query: all that fit equally well; a place and its government are both meant.

    Raises NothingFound, with the names that look alike. An id or a name as it is written is looked up; only another
    spelling, a part of a name or a similar one makes it read all names.
    """
    nodes = _named(view, name)
    if not nodes:
        found, known = search(view, name)
        if found and found[0].level == "like":
            found = [each for each in (best(found),) if each]
        if not found:
            raise NothingFound(missing(known, name))
        nodes = {each.thing.node for each in found}
    return sorted(nodes | companions(view, nodes), key=lambda node: node.value)


def search(view: Store, name: str) -> tuple[list[Found], list[Thing]]:
    """What ``find`` gives among all things of a view; and all things, where they had to be read for that."""
    found = looked_up(view, name)
    known = [] if found else _things(view, DefaultGraph())
    return found or find(known, name), known


def looked_up(view: Store, name: str) -> list[Found]:
    """What ``find`` gives for an id or a name as it is written, from the index; empty where only the names can tell."""
    for level, nodes_of in _LOOKED_UP:
        nodes = sorted(nodes_of(view, name), key=str)
        known = [thing for thing in map(partial(_thing, view), nodes) if thing]
        if known:
            return _preferred(name, [Found(thing, level, 100.0) for thing in known])
    return []


def _named(view: Store, name: str) -> set[NamedNode]:
    """What ``looked_up`` gives, without describing the one thing where there is only one: most names are asked so."""
    for _, nodes_of in _LOOKED_UP:
        nodes = nodes_of(view, name)
        if len(nodes) > 1:
            return {each.thing.node for each in looked_up(view, name)}
        if any(_of(view, node, predicate) for node in nodes for predicate in NAMING):
            return nodes
    return set()


def _of_id(view: Store, name: str) -> set[NamedNode]:
    """The things below some ``id/`` that the name is an id of, whole or from ``id/`` or behind it."""
    text = name.removeprefix("<").removesuffix(">") if name.startswith("<") else name
    if "://" in text:
        return {NamedNode(text)} if _is_iri(text) and "/id/" in text else set()
    key = text.removeprefix("id/")
    if "/" not in key or not _is_iri(f"{v.DEFAULT_BASE}id/{key}"):
        return set()
    return {NamedNode(f"{base}{key}") for base in _bases(view)}


def _bases(view: Store) -> set[str]:
    """What ids of this graph begin with: of its first article, official and named thing."""
    found = set()
    for predicate, value in ((v.TYPE, v.NEWS_ARTICLE), (v.TYPE, v.OFFICIAL), (v.PREF_LABEL, None)):
        quad = next(iter(view.quads_for_pattern(None, predicate, value, DefaultGraph())), None)
        if quad is not None and isinstance(quad.subject, NamedNode) and "/id/" in quad.subject.value:
            found.add(quad.subject.value.partition("/id/")[0] + "/id/")
    return found


def _of_name(view: Store, name: str) -> set[NamedNode]:
    """What has exactly this name. Little but names has a language, so that those are asked for in one go each; the
    words of articles have none.
    """
    here = DefaultGraph()
    quads = [
        quad
        for language in LANGUAGES
        for quad in view.quads_for_pattern(None, None, Literal(name, language=language), here)
        if quad.predicate in NAMING
    ]
    plain = Literal(name)
    quads += [quad for predicate in NAMING for quad in view.quads_for_pattern(None, predicate, plain, here)]
    return {quad.subject for quad in quads if isinstance(quad.subject, NamedNode) and "/id/" in quad.subject.value}


_LOOKED_UP: Final = (("id", _of_id), ("exact", _of_name))


def _of(view: Store, node: NamedNode, predicate: NamedNode) -> list[Quad]:
    return list(view.quads_for_pattern(node, predicate, None, DefaultGraph()))


def _thing(view: Store, node: NamedNode) -> Thing | None:
    """A thing with its names, as ``things`` has it; None where it has none."""
    names = {
        (2 * rank + (predicate == v.PREF_LABEL and quad.object.language != "id"), quad.object.value)
        for rank, predicate in enumerate(NAMING)
        for quad in _of(view, node, predicate)
        if isinstance(quad.object, Literal)
    }
    if not names:
        return None
    kind = _kind(quad.object for quad in _of(view, node, v.TYPE))
    return Thing(node, min(names)[1], kind or "Thing", tuple(sorted({text for _, text in names})))


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def missing(known: Sequence[Thing], name: str) -> str:
    """One line that says that there is no such thing, with what looks alike."""
    near = list(dict.fromkeys(each.thing.name for each in alike(known, name, limit=3)))
    hint = f"did you mean {' or '.join(near)}?" if near else "`kg query articles` lists what was read"
    return f"nothing named {name!r} in the graph; {hint}"


def companions(view: Store, nodes: Iterable[NamedNode]) -> set[NamedNode]:
    """The governments of places and the places of governments: news use one name for both."""
    return {each for node in nodes for each in _companions(view, node) if isinstance(each, NamedNode)}


def _companions(view: Store, node: NamedNode) -> Iterator[object]:
    here = view.quads_for_pattern(None, v.SPATIAL, node, DefaultGraph())
    yield from (quad.subject for quad in here if _is_government(quad.subject))
    if _is_government(node):
        yield from (quad.object for quad in _of(view, node, v.SPATIAL))


def _is_government(node: object) -> bool:
    return isinstance(node, NamedNode) and "/id/government/" in node.value


def plain(text: str) -> str:
    """A name without case, punctuation and double spaces."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _is_id(name: str, thing: Thing) -> bool:
    return name in (thing.node.value, thing.key, f"id/{thing.key}", f"<{thing.node.value}>")


def _is_name(name: str, thing: Thing) -> bool:
    return name in thing.names


def _is_plain_name(name: str, thing: Thing) -> bool:
    wanted = plain(name)
    return bool(wanted) and any(wanted == plain(text) for text in thing.names)


def _starts(name: str, thing: Thing) -> bool:
    wanted = plain(name)
    return bool(wanted) and any(f"{plain(text)} ".startswith(f"{wanted} ") for text in thing.names)


def _is_part(name: str, thing: Thing) -> bool:
    wanted = plain(name)
    return bool(wanted) and any(f" {wanted} " in f" {plain(text)} " for text in thing.names)


_FITS: Final = (("id", _is_id), ("exact", _is_name), ("case", _is_plain_name), ("start", _starts), ("part", _is_part))
