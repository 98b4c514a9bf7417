"""A part of the graph as JSON: things, facts with the words of the articles, and what all that is called."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from kg import vocabulary as v
from kg.find import short
from kg.serve.graphing.parts import GRAPH, Edge, Part, Said, kind, names
from kg.traverse import word
from kg.traverse.relations import relations
from kg.voices.asking import voices

if TYPE_CHECKING:
    from pyoxigraph import Store

MOST_SAID: Final = 5
"""Places of the news that are given of one fact; ``told`` counts all, ``voices`` the texts that they are in."""
LANGUAGES: Final = ("id", "en")


def described(view: Store, part: Part, about: Sequence[str], base: str) -> dict[str, Any]:
    """The part with all that a page needs to show it; ``about`` are the things that were asked for.

    ``more`` is how many further things fit; ``whole`` is false where not all links were looked at.
    """
    edges = [_edge(view, edge, said) for edge, said in part.edges.items()]
    articles = {each["article"] for edge in edges for each in edge["said"]}
    nodes = [_node(view, node) for node in part.nodes]
    kinds = {node["kind"] for node in nodes}
    used = {edge.relation for edge in part.edges}
    statuses = {edge.status for edge in part.edges} - {""}
    return {
        "about": [short(node) for node in about],
        "nodes": nodes,
        "edges": edges,
        "paths": [[short(node) for node in way] for way in part.ways],
        "more": part.left_out,
        "whole": part.is_whole,
        "articles": {article: _article(view, f"{base}id/{article}") for article in sorted(articles)},
        "kinds": {each: _words(each) for each in sorted(kinds)},
        "relations": _relations(used),
        "statuses": {each: _words(each) for each in sorted(statuses)},
    }


def _relations(names: Collection[str]) -> dict[str, dict[str, str]]:
    return {each.name: {"id": each.label_id, "en": each.label_en} for each in relations() if each.name in names}


def _node(view: Store, node: str) -> dict[str, Any]:
    what = kind(view, node)
    return {
        "id": short(node),
        "kind": what,
        "labels": names(view, node) or _article_names(view, node) or dict.fromkeys(LANGUAGES, short(node)),
        "date": "/".join(_literals(view, node, (v.START_DATE, v.END_DATE))) if "/meeting/" in node else "",
        "page": page(node),
    }


def page(node: str) -> str:
    """The path of a thing's page; empty for what has none."""
    return f"/page/{short(node)}" if "/id/" in node else ""


def _edge(view: Store, edge: Edge, said: Sequence[Said]) -> dict[str, Any]:
    return {
        "id": hashlib.sha256(f"{edge.source}\n{edge.relation}\n{edge.target}\n{edge.fact}".encode()).hexdigest()[:16],
        "source": short(edge.source),
        "target": short(edge.target),
        "relation": edge.relation,
        "detail": _detail(view, edge.detail),
        "status": edge.status,
        "fact": short(edge.fact),
        "told": len(said),
        "voices": voices(view, {NamedNode(each.article) for each in said}),
        "said": [_said(each) for each in said[:MOST_SAID]],
    }


def _detail(view: Store, detail: str) -> dict[str, str] | None:
    """The post, theme or year that a fact is about, in both languages."""
    if not detail:
        return None
    if detail.startswith(v.ONTOLOGY_BASE):
        return _words(detail.removeprefix(v.ONTOLOGY_BASE))
    return names(view, detail) if "/id/" in detail else dict.fromkeys(LANGUAGES, detail)


def _said(said: Said) -> dict[str, Any]:
    """What one article says: its words in the order of the text, without what lies inside other words."""
    kept: list[tuple[int, int, str]] = []
    for begin, end, text in sorted(said.spans, key=lambda span: (span[0], -span[1])):
        if not any(begin >= other[0] and end <= other[1] for other in kept):
            kept.append((begin, end, text))
    return {
        "article": short(said.article),
        "date": said.date,
        "words": [text for _, _, text in kept],
        "places": [[begin, end] for begin, end, _ in kept],
    }


def _article(view: Store, node: str) -> dict[str, str]:
    named = names(view, node) or _article_names(view, node)
    dates = _literals(view, node, (v.DATE_PUBLISHED,))
    return {"title": named.get("id", short(node)), "date": dates[0] if dates else "", "page": page(node)}


def _article_names(view: Store, node: str) -> dict[str, str]:
    """Outlet and date of an article without a headline, or the end of the address where it was read."""
    if "/article/" not in node:
        return {}
    outlets = [quad.object for quad in view.quads_for_pattern(NamedNode(node), v.PUBLISHER, None, GRAPH)]
    told = [names(view, each.value).get("id", "") for each in outlets if isinstance(each, NamedNode)]
    files = [each.rstrip("/").rpartition("/")[2] for each in _literals(view, node, (v.SOURCE,))]
    text = ", ".join(filter(None, [*sorted(told)[:1], *_literals(view, node, (v.DATE_PUBLISHED,))])) or "".join(files)
    return dict.fromkeys(LANGUAGES, text) if text else {}


def _literals(view: Store, node: str, predicates: Sequence[NamedNode]) -> list[str]:
    """The first value of each of the properties that have one."""
    found = (view.quads_for_pattern(NamedNode(node), each, None, GRAPH) for each in predicates)
    values = [[quad.object.value for quad in quads if isinstance(quad.object, Literal)] for quads in found]
    return [min(each) for each in values if each]


def _words(name: str) -> dict[str, str]:
    return {language: word(name, language) for language in LANGUAGES}
