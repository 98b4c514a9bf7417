"""What things are called on a page, and where their pages are: looked up one by one, remembered for one request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg import vocabulary as v
from kg.find import short
from kg.publish.things import Kind, kind_of
from kg.publish.words import name_of, written

if TYPE_CHECKING:
    from pyoxigraph import Store

_LABELS: Final = (v.PREF_LABEL, v.FOAF_NAME, v.HEADLINE, v.DCT_TITLE, v.LABEL)
_ALL: Final = DefaultGraph()
_LONGEST: Final = 120
"""Characters of a name that is made of other names."""


class Names:
    """The names of a view's things in one language."""

    def __init__(self, view: Store, lang: str) -> None:
        self._view, self._lang = view, lang
        self._known: dict[str, str] = {}

    def name(self, node: NamedNode, depth: int = 2) -> str:
        """The preferred name in the language, else in another; else made of its parts, else its id."""
        if node.value not in self._known:
            self._known[node.value] = self._name(node, depth)
        return self._known[node.value]

    def _name(self, node: NamedNode, depth: int) -> str:
        if node.value.startswith(v.ONTOLOGY_BASE):
            return name_of(node, self._lang)
        for predicate in _LABELS:
            found = self._texts(node, predicate)
            if found:
                return min(found)[2]
        made = self._made(node, depth) if depth else ""
        return made or short(node.value)

    def _texts(self, node: NamedNode, predicate: NamedNode) -> list[tuple[bool, bool, str]]:
        quads = self._view.quads_for_pattern(node, predicate, None, _ALL)
        literals = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        return [(text.language != self._lang, text.language != "id", text.value) for text in literals]

    def _made(self, node: NamedNode, depth: int) -> str:
        """A tenure is called by who holds what, as the kinds of publications say."""
        parts = []
        for predicate in self.kind(node).title:
            quads = self._view.quads_for_pattern(node, predicate, None, _ALL)
            found = sorted((quad.object for quad in quads), key=str)
            parts += [self._part(found[0], depth)] if found else []
        text = " – ".join(parts)
        return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text

    def _part(self, value: object, depth: int) -> str:
        if isinstance(value, NamedNode):
            return self.name(value, depth - 1)
        return written(value, self._lang) if isinstance(value, Literal) else str(value)

    def others(self, node: NamedNode) -> list[str]:
        """The other names of a thing, sorted."""
        found = {
            quad.object.value
            for predicate in (v.PREF_LABEL, v.FOAF_NAME, v.ALT_LABEL)
            for quad in self._view.quads_for_pattern(node, predicate, None, _ALL)
            if isinstance(quad.object, Literal)
        }
        return sorted(found - {self.name(node)})

    def types(self, node: NamedNode) -> list[NamedNode]:
        """The classes of a thing, the project's own first."""
        quads = self._view.quads_for_pattern(node, v.TYPE, None, _ALL)
        found = {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
        return sorted(found, key=lambda kind: (not kind.value.startswith(v.ONTOLOGY_BASE), kind.value))

    def kind(self, node: NamedNode) -> Kind:
        """The group of things that it is listed with."""
        return kind_of(self.types(node))

    def kind_name(self, node: NamedNode) -> str:
        """What people call its class; empty where it has none."""
        types = self.types(node)
        return name_of(types[0], self._lang) if types else ""


def page_of(key: str) -> str:
    """The address of a thing's page below the root; ``key`` as in ``person/budi-santoso``."""
    return f"/page/{quote(key)}"


def address(node: NamedNode) -> str:
    """The page of a thing of the graph; an IRI of another place as it is."""
    key = short(node.value)
    return page_of(key) if key != node.value else node.value


def is_thing(term: object) -> bool:
    """Whether a term is a thing with a page."""
    return isinstance(term, NamedNode) and "/id/" in term.value and "#" not in term.value


def first(terms: Iterable[object]) -> NamedNode | None:
    """The first id among terms, by its text."""
    return min((term for term in terms if isinstance(term, NamedNode)), key=lambda term: term.value, default=None)
