"""Voices in a graph that is asked: whose text an article prints, and how many voices a number of articles are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode

from kg import vocabulary as v

if TYPE_CHECKING:
    from pyoxigraph import Store


def voice_of(view: Store, article: NamedNode) -> NamedNode:
    """The first article with its text: itself, where no other one has it."""
    rows = view.quads_for_pattern(article, v.VOICE, None, DefaultGraph())
    return next((row.object for row in rows if isinstance(row.object, NamedNode)), article)


def voices(view: Store, articles: Iterable[NamedNode]) -> int:
    """How many voices these articles are: one question each, where the graph knows of any."""
    apart = set(articles)
    if next(iter(view.quads_for_pattern(None, v.VOICE, None, DefaultGraph())), None) is None:
        return len(apart)
    return len({voice_of(view, article) for article in apart})


def printings(view: Store, article: NamedNode) -> list[NamedNode]:
    """The other articles with the same text, sorted; the first of all, if it is another one, before the others."""
    first = voice_of(view, article)
    rows = view.quads_for_pattern(None, v.VOICE, first, DefaultGraph())
    found = {row.subject for row in rows if isinstance(row.subject, NamedNode)} - {article}
    return sorted(found, key=lambda node: (node != first, node.value))
