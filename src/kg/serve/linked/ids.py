"""Addresses -> ids of the graph, what becomes of an id, and which triples tell about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import quote, unquote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from kg import vocabulary as v
from kg.export.parts import EVIDENCE
from kg.publish.graph import Viewed
from kg.publish.part import Descriptions
from kg.rdf import as_written
from kg.records import record
from kg.serve.current import Loaded

MOST: Final = 1000
"""Triples of a thing, and triples that point at it; the rest is left to SPARQL."""
_MOST_OF_A_GRAPH: Final = 20_000
_BESIDE: Final = ("/provenance", "/quarantine")
_ONE_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPE: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_SAFE: Final = "/-._~:!$&'()*+,;=@"


@record(frozen=True, slots=True)
class About:
    """What is told of an id: triples, and whether they are all that there are."""

    node: NamedNode
    triples: tuple[Triple, ...]
    is_whole: bool


def path_of(raw: bytes) -> str:
    """The path of a request as it stands in its address, in one spelling of its escapes (RFC 3986, 6.2.2)."""
    text = raw.partition(b"?")[0].decode("latin-1")
    return quote(_ONE_ESCAPE.sub(_normal, text), safe=_SAFE + "%", encoding="latin-1")


def _normal(escape: re.Match[str]) -> str:
    letter = chr(int(escape[0][1:], 16))
    return letter if letter.isascii() and (letter.isalnum() or letter in "-._~") else escape[0].upper()


def nodes_of(base: str, path: str) -> Iterator[NamedNode]:
    """The ids that a path may stand for: with its escapes, and as an IRI with the letters themselves."""
    for text in dict.fromkeys((path, _ESCAPE.sub(_letters, path))):
        try:
            yield NamedNode(f"{base}id/{text}")
        except ValueError:
            continue


def _letters(escaped: re.Match[str]) -> str:
    text = unquote(escaped[0], errors="replace")
    return escaped[0] if text.isascii() or "\ufffd" in text else text


class Ids:
    """The ids of one state of the graph."""

    def __init__(self, now: Loaded) -> None:
        self._view, self._base = now.view, now.base
        self._graph = Viewed(now.view, now.base)

    def find(self, path: str) -> NamedNode | None:
        """The id of a path, where the graph has it: as a subject, as the name of a graph or of a set of graphs."""
        return next((node for node in nodes_of(self._base, path) if self._is_known(node)), None)

    def _is_known(self, node: NamedNode) -> bool:
        return self._is_subject(node) or self._is_graph(node) or self._is_set(node) or self._is_object(node)

    def _is_subject(self, node: NamedNode) -> bool:
        return next(iter(self._view.quads_for_pattern(node, None, None, DefaultGraph())), None) is not None

    def _is_object(self, node: NamedNode) -> bool:
        return next(iter(self._view.quads_for_pattern(None, None, node, DefaultGraph())), None) is not None

    def _is_graph(self, node: NamedNode) -> bool:
        # one that was emptied may still have its name
        return next(iter(self._view.quads_for_pattern(None, None, None, node)), None) is not None

    def _is_set(self, node: NamedNode) -> bool:
        """A set of links, which lies in several graphs beside its description."""
        return "/id/links/" in node.value and self._is_graph(NamedNode(f"{node.value}/provenance"))

    def page(self, node: NamedNode) -> str:
        """The path of its page, below ``page/``; a graph of an article is shown with it. Empty where there is none."""
        key = node.value.removeprefix(f"{self._base}id/")
        if self._is_subject(node):
            return key
        owners = (key.removesuffix(end) for end in _BESIDE if key.endswith(end) and key.startswith("article/"))
        return next(owners, "")

    def about(self, node: NamedNode) -> About:
        """What is told of an id that ``find`` gave."""
        if not self._is_subject(node) and (self._is_graph(node) or self._is_set(node)):
            return self._graph_itself(node)
        found, is_whole = Descriptions(self._graph).of(node, MOST)
        return About(node, tuple(dict.fromkeys([*found, *self._evidence(node, found)])), is_whole)

    def _evidence(self, node: NamedNode, found: list[Triple]) -> list[Triple]:
        """The words that a claim has as evidence; of an article, whose id theirs are parts of, all."""
        named = [t.object for t in found if t.subject == node and t.predicate in EVIDENCE]
        provenance = NamedNode(f"{node.value}/provenance")
        if self._is_graph(provenance):
            rows = self._view.quads_for_pattern(None, v.REFERENCE_CONTEXT, node, provenance)
            named += [row.subject for row in islice(rows, _MOST_OF_A_GRAPH)]
        spans = sorted({each for each in named if isinstance(each, NamedNode)}, key=str)
        return [
            as_written(quad).triple
            for span in spans
            for quad in self._view.quads_for_pattern(span, None, None, DefaultGraph())
        ]

    def _graph_itself(self, node: NamedNode) -> About:
        """What a graph holds. A set of links is told by its description, and is had whole as its graphs."""
        graph = node if self._is_graph(node) else NamedNode(f"{node.value}/provenance")
        rows = list(islice(self._view.quads_for_pattern(None, None, None, graph), _MOST_OF_A_GRAPH + 1))
        found = sorted((as_written(row).triple for row in rows[:_MOST_OF_A_GRAPH]), key=str)
        return About(node, tuple(found), len(rows) <= _MOST_OF_A_GRAPH)


def document(about: About, address: str, licence: str | None, dataset: str, more: str) -> list[Triple]:
    """What is told of the document itself: what it is about, in which dataset it lies, and where the rest is."""
    node = NamedNode(address)
    found = [
        Triple(node, v.TYPE, v.term("foaf:Document")),
        Triple(node, v.term("foaf:primaryTopic"), about.node),
        Triple(node, v.term("void:inDataset"), NamedNode(dataset)),
    ]
    if licence:
        found.append(Triple(node, v.term("dct:license"), NamedNode(licence)))
    if not about.is_whole:
        words = {
            "id": "Tidak semua yang diketahui ada di sini; selebihnya dengan SPARQL.",
            "en": "Not all that is known is here; the rest is had with SPARQL.",
        }
        found += [Triple(node, v.COMMENT, Literal(text, language=lang)) for lang, text in words.items()]
        found.append(Triple(node, v.term("rdfs:seeAlso"), NamedNode(more)))
    return found
