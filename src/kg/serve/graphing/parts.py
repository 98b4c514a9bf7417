"""A bounded part of the graph around a thing, or between two, drawn out of the view by ``kg.traverse``.

Of a thing with ten thousand neighbours those are given that most facts link with it, and how many more there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg import traverse
from kg import vocabulary as v
from kg.records import record
from kg.serve.graphing.asking import MOST_NODES, Filters
from kg.traverse.edges import Edges, Fact, TooMany
from kg.traverse.relations import relations

if TYPE_CHECKING:
    from pyoxigraph import Store

MOST_LINKS: Final = 200_000
"""Links that are looked at around a thing; a page waits for about a second then."""
GRAPH: Final = DefaultGraph()
Span = tuple[int, int, str]
"""A piece of an article: code points, ``end`` exclusive, and its words."""


@record(frozen=True, slots=True, order=True)
class Said:
    """An article that states a fact, with its words, each with its place; ``date`` is when it came out."""

    date: str
    article: str
    spans: tuple[Span, ...]


@record(frozen=True, slots=True, order=True)
class Edge:
    """One fact; ids are whole IRIs, ``detail`` an IRI or a text, ``status`` a local name."""

    source: str
    target: str
    relation: str
    fact: str
    detail: str
    status: str


Told = Mapping[Edge, tuple[Said, ...]]


@record(frozen=True, slots=True)
class Part:
    """Things in the order in which they were reached, the facts among them, and how many more things there are.

    ``is_whole`` is False where not all links were looked at, so that there may be still more. ``ways`` are the ways
    between two things, where these were asked for.
    """

    nodes: tuple[str, ...]
    edges: Told
    left_out: int = 0
    is_whole: bool = True
    ways: tuple[tuple[str, ...], ...] = ()


def near(view: Store, about: str, hops: int, limit: int, wanted: Filters) -> Part:
    """What lies around a thing, at most ``limit`` things with it; nearer ones first, then those with more facts."""
    edges = Edges(view, _relations(wanted), most=MOST_LINKS)
    nodes, frontier, left_out, is_whole = [about], [about], 0, True
    for _ in range(hops):
        facts, is_all = _facts(edges, frontier, wanted)
        is_whole &= is_all
        found = _ranked(facts, set(frontier), set(nodes))
        frontier = found[: max(0, limit - len(nodes))]
        nodes += frontier
        if left_out := len(found) - len(frontier):
            break
    told = _told(edges, edges.among(nodes), wanted)
    return Part(tuple(nodes), told, left_out, is_whole)


def between(view: Store, start: str, goal: str, limit: int, base: str) -> Part:
    """The shortest ways between two things with the facts along them. Raises NothingFound where there is none."""
    found = traverse.shortest_paths(view, start, goal, limit=limit)
    ways = tuple(tuple(_iri(base, thing.id) for thing in way.things) for way in found.paths)
    nodes = list(dict.fromkeys(node for way in ways for node in way))
    edges = Edges(view)
    return Part(tuple(nodes), _told(edges, edges.among(nodes), Filters()), 0, found.is_all, ways)


def _iri(base: str, id_: str) -> str:
    return id_ if "://" in id_ else f"{base}id/{id_}"


def _relations(wanted: Filters) -> list[str] | None:
    """The names of the relations that are wanted; None for all."""
    names = [each.name for each in relations() if each.name in wanted.relations]
    return names if len(names) < len(relations()) else None


def _facts(edges: Edges, frontier: Sequence[str], wanted: Filters) -> tuple[list[Fact], bool]:
    """The facts at some things that are wanted, and whether all of their links were looked at."""
    found: list[Fact] = []
    is_whole = False
    with suppress(TooMany):
        for fact in edges.at(frontier):
            if fact.status in wanted.statuses:
                found.append(fact)  # noqa: PERF401 - what came before TooMany counts
        is_whole = True
    edges.read = 0
    inside = set(frontier)
    if wanted.kinds.is_narrow:
        kinds = edges.nodes.kinds({_other(fact, inside) for fact in found})
        found = [fact for fact in found if kinds.get(_other(fact, inside), "") in wanted.kinds]
    if wanted.is_of_some_time:
        found = _in_time(edges, found, inside, wanted)
    return found, is_whole


def _in_time(edges: Edges, facts: list[Fact], inside: set[str], wanted: Filters) -> list[Fact]:
    """Those that an article of the time states; asked for the most linked things only, for it takes its time."""
    likely = set(_ranked(facts, inside, set())[:MOST_NODES])
    asked = [fact for fact in facts if _other(fact, inside) in likely]
    told = _told(edges, asked, wanted)
    return [fact for fact in asked if _edge(fact) in told]


def _ranked(facts: Iterable[Fact], inside: set[str], known: set[str]) -> list[str]:
    """The other ends of facts, those with most facts first."""
    found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for fact in facts:
        here = fact.source if fact.source in inside else fact.target
        there = _other(fact, inside)
        if there not in known:
            found[there].add((here, fact.relation.name, fact.fact))
    return sorted(found, key=lambda each: (-len(found[each]), each))


def _other(fact: Fact, inside: set[str]) -> str:
    return fact.target if fact.source in inside else fact.source


def _edge(fact: Fact) -> Edge:
    return Edge(fact.source, fact.target, fact.relation.name, fact.fact, fact.detail, fact.status)


def _told(edges: Edges, facts: Iterable[Fact], wanted: Filters) -> dict[Edge, tuple[Said, ...]]:
    """Facts with the articles that state them, as far as they are wanted."""
    edges.most = None
    found: dict[Edge, set[Said]] = defaultdict(set)
    chosen = [fact for fact in facts if fact.status in wanted.statuses]
    for stated, spans in edges.quoted(chosen)[0].items():
        edge = Edge(stated.source, stated.target, stated.relation, stated.fact, stated.detail, stated.status)
        said = found[edge]
        if stated.article:
            places = tuple(sorted((span.begin, span.end, span.words) for span in spans))
            said.add(Said(stated.date, stated.article, places))
    told = {edge: tuple(sorted(said, reverse=True)) for edge, said in sorted(found.items())}
    return {edge: said for edge, said in told.items() if wanted.is_in_time([each.date for each in said])}


# ---------------------------------------------------------------- single things


def territory(view: Store, node: str) -> str:
    """The place of a government; anything else is itself."""
    if "/id/government/" not in node:
        return node
    found = view.quads_for_pattern(NamedNode(node), v.SPATIAL, None, GRAPH)
    return min((quad.object.value for quad in found if isinstance(quad.object, NamedNode)), default=node)


def kind(view: Store, node: str) -> str:
    """The class of a thing by its local name, the project's own before others; ``Thing`` where it has none."""
    found = view.quads_for_pattern(NamedNode(node), v.TYPE, None, GRAPH)
    iris = [quad.object.value for quad in found if isinstance(quad.object, NamedNode)]
    return min(((not iri.startswith(v.ONTOLOGY_BASE), local(iri)) for iri in iris), default=(True, "Thing"))[1]


def names(view: Store, node: str) -> dict[str, str]:
    """What a thing is called in each language; one name stands for both where there is only one."""
    for predicate in (v.PREF_LABEL, v.FOAF_NAME, v.HEADLINE):
        found: dict[str, str] = {}
        for quad in view.quads_for_pattern(NamedNode(node), predicate, None, GRAPH):
            if isinstance(quad.object, Literal):
                language = quad.object.language or "id"
                found[language] = min(found.get(language, quad.object.value), quad.object.value)
        if found:
            usual = found.get("id") or found.get("en") or min(found.values())
            return {language: found.get(language, usual) for language in ("id", "en")}
    return {}


def local(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rpartition("#")[2].rpartition("/")[2]
