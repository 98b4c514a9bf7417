"""A name, an alias, an id or a part of a name -> the node that it means; no guess where several fit equally well.

In a view the ids and the whole names are looked up; only where that finds nothing are all names gone through, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg import vocabulary as v
from kg.errors import KgError, NothingFound
from kg.traverse.nodes import HOLDERS, local, names_of, short
from kg.traverse.relations import batches, of_file, value

if TYPE_CHECKING:
    from kg.traverse.edges import Edges
    from kg.traverse.project import Graph

MANY: Final = 5000
"""A name that fits so many things means none of them; not all are looked at."""
_PREDICATES: Final = (v.PREF_LABEL, v.HEADLINE, v.ALT_LABEL, v.term("skos:hiddenLabel"))
_LANGUAGES: Final = ("id", "en", None)
_NEAR: Final = 60.0  # of 100: least likeness of a name that is worth offering
Described = Mapping[str, Mapping[str, object]]


def find(graph: Graph, name: str) -> str:
    """The node of a projected graph that a name means.

    What fits best wins: an id, the same text, the same but for capitals, whole words of a name, any part of it;
    preferred names before others, a meeting before its series, things before articles. Raises KgError where several
    fit equally well and NothingFound, with names that look alike, where none do.
    """
    if named := [node for node in graph if name in (node, graph.nodes[node]["id"])]:
        return named[0]
    for papers in (False, True):
        nodes = {n: graph.nodes[n] for n in graph if (graph.nodes[n]["kind"] == "NewsArticle") is papers}
        for fits in _FITS:
            if found := _fitting(nodes, name, fits):
                return _only(nodes, found, name)
    names = (text for node in graph for text in _texts(node, graph.nodes[node])[2:])
    raise NothingFound(f'no "{name}" in this graph{_alike(names, name)}')


def find_in(edges: Edges, name: str) -> str:
    """The same, for the graph of a view."""
    nodes = _Names(edges)
    if named := nodes.among(_ids(edges.view, name)):
        return min(named)
    scanned: list[set[str]] = []
    for papers in (False, True):
        for level, fits in enumerate(_FITS):
            if level and not scanned:
                scanned = _scan(edges.view, name)
            candidates = scanned[level] if level else _labelled(edges.view, name)
            if len(candidates) > MANY:
                raise KgError(f'"{name}" may mean {len(candidates)} things; give more of the name, or the id')
            described = nodes.among(candidates, papers)
            if found := _fitting(described, name, fits):
                return _only(described, found, name)
    raise NothingFound(f'no "{name}" in this graph{_alike(_names(edges.view), name)}')


class _Names:
    """What may be nodes of a view, described."""

    def __init__(self, edges: Edges) -> None:
        self._edges = edges

    def among(self, candidates: Iterable[str], papers: bool | None = None) -> Described:
        """Those that are nodes, a government as its place; only articles or none where ``papers`` says so."""
        places = self._edges.nodes.territory(dict.fromkeys(candidates))
        nodes = sorted({places[each] or each for each in candidates})
        described = self._edges.nodes.describe(nodes)
        wanted = [node for node in nodes if papers is None or (described[node]["kind"] == "NewsArticle") is papers]
        loose = [node for node in wanted if self._needs_an_edge(node)]
        there = self._edges.linked(loose)
        return {node: described[node] for node in wanted if node not in loose or node in there}

    def _needs_an_edge(self, node: str) -> bool:
        """Posts, concepts, what has no name and what only reference data know are nodes where edges lead to them."""
        if self._edges.nodes.is_reference(node):
            return True
        view, subject = self._edges.view, NamedNode(node)
        kinds = {local(str(q.object)[1:-1]) for q in view.quads_for_pattern(subject, v.TYPE, None, DefaultGraph())}
        if "NewsArticle" in kinds:
            return False
        named = any(any(view.quads_for_pattern(subject, predicate, None, None)) for predicate in _PREDICATES)
        return not named or not kinds - HOLDERS


def _fitting(nodes: Described, name: str, fits: Callable[[str, str], bool]) -> list[str]:
    found = sorted(node for node, data in nodes.items() if any(fits(name, text) for text in _texts(node, data)))
    found = [node for node in found if fits(name, str(nodes[node]["label"]))] or found
    return [node for node in found if nodes[node]["kind"] != "MeetingSeries"] or found


def _only(nodes: Described, found: Sequence[str], name: str) -> str:
    if len(found) == 1:
        return found[0]
    raise KgError(f'"{name}" may mean {_listed(nodes, found)}; give more of the name, or the id')


def _texts(node: str, data: Mapping[str, object]) -> list[str]:
    aliases = data["aliases"]
    assert isinstance(aliases, tuple)
    return [node, str(data["id"]), str(data["label"]), *aliases]


# ---- how a name fits


def _is(name: str, text: str) -> bool:
    return name == text


def _same(name: str, text: str) -> bool:
    return name.casefold() == text.casefold()


def _words(name: str, text: str) -> bool:
    return f" {_spaced(name)} " in f" {_spaced(text)} "


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _part(name: str, text: str) -> bool:
    return bool(name.strip()) and name.casefold() in text.casefold()


_FITS: Final[tuple[Callable[[str, str], bool], ...]] = (_is, _same, _words, _part)


# ---- looking names up in a view


def _ids(view: Store, name: str) -> list[str]:
    """The ids that the name may be: as it stands, and below the base of the articles."""
    found = [name, v.DEFAULT_BASE + "id/" + name]
    article = next(view.quads_for_pattern(None, v.TYPE, v.NEWS_ARTICLE, DefaultGraph()), None)
    if article is not None and isinstance(article.subject, NamedNode):
        found.append(article.subject.value.partition("/id/")[0] + "/id/" + name)
    return [each for each in dict.fromkeys(found) if _is_there(view, each)]


def _is_there(view: Store, text: str) -> bool:
    try:
        node = NamedNode(text)
    except ValueError:
        return False
    return any(view.quads_for_pattern(node, None, None, None)) or any(view.quads_for_pattern(None, None, node, None))


def _labelled(view: Store, name: str) -> set[str]:
    """What has exactly this name, in Indonesian, in English or in no language."""
    return {
        quad.subject.value
        for predicate in _PREDICATES
        for language in _LANGUAGES
        for quad in view.quads_for_pattern(None, predicate, Literal(name, language=language), DefaultGraph())
        if isinstance(quad.subject, NamedNode)
    }


def _scan(view: Store, name: str) -> list[set[str]]:
    """What may fit at each level, of everything that has a name. About 2 µs a name."""
    folded, spaced = name.casefold(), _spaced(name)
    found: list[set[str]] = [set() for _ in _FITS]
    if not folded.strip():
        return found
    for node, text in _named(view):
        other = text.casefold()
        if other == folded:
            found[1].add(node)
        if spaced and spaced.partition(" ")[0] in other and _words(name, text):
            found[2].add(node)
        if folded in other or folded in node.casefold():
            found[3].add(node)
    return found


def _named(view: Store) -> Iterator[tuple[str, str]]:
    """Everything with a name and each of its names; articles without a headline go by their outlet and date."""
    for predicate in _PREDICATES:
        for quad in view.quads_for_pattern(None, predicate, None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                yield quad.subject.value, quad.object.value
    silent = [
        node for node in _articles(view) if not any(view.quads_for_pattern(NamedNode(node), v.HEADLINE, None, None))
    ]
    if silent:
        names = names_of(view)
        yield from ((node, names[node]) for node in silent)


def _articles(view: Store) -> Iterator[str]:
    return (value(row, "thing") for row in of_file(view, "nodes/articles.rq"))


def _names(view: Store) -> Iterator[str]:
    return (text for _, text in _named(view))


# ---- what to say where it isn't clear


def _listed(nodes: Described, found: Sequence[str]) -> str:
    shown = [f"{nodes[node]['label']} ({short(node)})" for node in found[:5]]
    return ", ".join(shown) + (f" and {len(found) - 5} more" if len(found) > 5 else "")


def _alike(names: Iterable[str], name: str) -> str:
    """The three names that look most like it; of names that differ only in capitals, one."""
    from rapidfuzz import fuzz, process

    wanted, best = name.casefold(), dict[str, tuple[float, str]]()
    for batch in batches(names, 10_000):
        for text, score, _ in process.extract(
            wanted, batch, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_NEAR, limit=50
        ):
            best[text.casefold()] = min(best.get(text.casefold(), (0.0, text)), (-score, text))
    close = [text for _, text in sorted(best.values())[:3]]
    return f"; did you mean {' or '.join(close)}?" if close else ""
