"""The graph as a publication reads it: by patterns, a thing at a time, and never as a copy of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final, TypeGuard

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg import resources
from kg import vocabulary as v
from kg.export.parts import EVIDENCE
from kg.publish.settings import Licence, licences
from kg.rdf import as_written
from kg.store.graphs import VOICES

Term = NamedNode | BlankNode | Literal


class Part(Enum):
    """What a graph holds."""

    FACTS = "facts"
    PROVENANCE = "provenance"
    LINKS = "links"
    DATASETS = "datasets"
    REFERENCE = "reference"
    ONTOLOGY = "ontology"


PUBLISHED: Final = (Part.FACTS, Part.PROVENANCE, Part.LINKS, Part.DATASETS)
"""The parts that are dumped from the store; reference data and ontology are published as the files that they are."""
_OF_RECORDS: Final = frozenset(
    {
        *(v.SUBJECT, v.PREDICATE, v.OBJECT, v.ABOUT, v.REFERENCE_CONTEXT, v.USED, v.WAS_ASSOCIATED_WITH, *EVIDENCE),
        *(NamedNode(f"http://purl.org/linked-data/cube#{name}") for name in ("dataSet", "measureType")),
    }
)
"""Predicates that point from claims and evidence at things, and from observations at their table: dumps have those."""


@lru_cache(maxsize=4096)  # a graph's quads come one after another
def part_of(graph: NamedNode | BlankNode | DefaultGraph | ox.Triple) -> Part | None:
    """What a graph of this name holds. None: not for others to see (what the store notes, what the gate refused)."""
    if not isinstance(graph, NamedNode):
        return Part.FACTS
    name = graph.value.partition("/id/")[2]
    if name in ("", "store") or name.endswith("/quarantine"):  # without a name: what a user keeps beside
        return None
    if name in ("reference", "ontology"):
        return Part(name)
    if name.startswith("links/"):
        return Part.LINKS
    if name.startswith(VOICES):
        return Part.FACTS
    if not name.startswith("article/"):
        return Part.DATASETS
    return Part.PROVENANCE if name.endswith("/provenance") else Part.FACTS


class Graph:
    """A dataset whose ids begin with ``base``."""

    def __init__(self, dataset: ox.Store, base: str) -> None:
        self.dataset = dataset
        self.base = base

    def is_id(self, term: object) -> TypeGuard[NamedNode]:
        """Whether it is the id of a thing of this graph."""
        return isinstance(term, NamedNode) and term.value.startswith(f"{self.base}id/") and "#" not in term.value

    def graphs(self, part: Part) -> list[NamedNode | DefaultGraph]:
        """The graphs of a part, sorted by name; a file without named graphs holds its facts in the default graph."""
        named = sorted((g for g in self.dataset.named_graphs() if part_of(g) is part), key=lambda g: g.value)
        found = [graph for graph in named if isinstance(graph, NamedNode)]
        return [DefaultGraph(), *found] if part is Part.FACTS else [*found]

    def quads(self, subject: NamedNode | None, predicate: NamedNode | None, value: NamedNode | None) -> Iterator[Quad]:
        """The quads with these terms of the graphs that others may see; None stands for any."""
        found = self.dataset.quads_for_pattern(subject, predicate, value, None)
        return (quad for quad in found if part_of(quad.graph_name) is not None)

    def unnamed(self) -> Iterator[Quad]:
        """The quads of the default graph, where it holds what no named graph does: in a file."""
        return iter(self.dataset.quads_for_pattern(None, None, None, DefaultGraph()))

    def outgoing(self, node: NamedNode) -> Iterator[Quad]:
        """What is said of a thing: facts, links, datasets and reference data, but no text and nothing kept apart."""
        for quad in self.quads(node, None, None):
            if self._is_shown(quad) and quad.triple not in self._apart:
                yield as_written(quad)

    def incoming(self, node: NamedNode) -> Iterator[Quad]:
        """What facts, links and datasets say with the thing as object. Reference data would name too many."""
        for quad in self.quads(None, None, node):
            if (
                part_of(quad.graph_name) is not Part.REFERENCE
                and quad.predicate not in _OF_RECORDS
                and self._is_shown(quad)
            ):
                yield quad

    def _is_shown(self, quad: Quad) -> bool:
        """Whether it is a fact that may stand on a page, among facts of other sources."""
        return _is_fact(quad) and quad.graph_name not in self._apart_graphs

    @cached_property
    def _apart_graphs(self) -> frozenset[NamedNode]:
        """Sets of links and tables under a licence that binds what is made from them: in files of their own only."""
        known, found = licences(), set()
        for part in (Part.LINKS, Part.DATASETS):
            for graph in self.graphs(part):
                own = self.dataset.quads_for_pattern(None, LICENSE, None, graph)
                found |= {q.subject for q in own if isinstance(q.subject, NamedNode) and _binds(q.object, known)}
        return frozenset(found)

    def sets(self, part: Part) -> dict[str, list[NamedNode | DefaultGraph]]:
        """The graphs that are published together: one by one for links and tables, each of which has its own licence.

        The name of a set of links is ``links/NAME``, that of a table ``dataset/NAME``, as in its id.
        """
        if part in (Part.FACTS, Part.PROVENANCE):
            return {part.value: self.graphs(part)}
        found: dict[str, list[NamedNode | DefaultGraph]] = {}
        for graph in self.graphs(part):
            name = graph.value.partition("/id/")[2] if isinstance(graph, NamedNode) else part.value
            found.setdefault("/".join(name.split("/")[:2]), []).append(graph)
        return found

    @cached_property
    def _apart(self) -> frozenset[ox.Triple]:
        """The reference data under a licence that binds what is made from it: it is published as its own file only."""
        known = licences()
        parts = [triples for path in resources.files("data/reference", "*.ttl") if (triples := described(path))]
        return frozenset(
            moved(triple, self.base)
            for triples in parts
            if any(t.predicate == LICENSE and _binds(t.object, known) for t in triples)
            for triple in triples
        )


class ByGraph(Graph):
    """The same of a view (``kg.view``), graph by graph: its default graph tells again what the named ones do."""

    def quads(self, subject: NamedNode | None, predicate: NamedNode | None, value: NamedNode | None) -> Iterator[Quad]:
        """The quads of the named graphs."""
        return (q for q in super().quads(subject, predicate, value) if not isinstance(q.graph_name, DefaultGraph))

    def unnamed(self) -> Iterator[Quad]:
        """Nothing: all of it has a name."""
        return iter(())

    def graphs(self, part: Part) -> list[NamedNode | DefaultGraph]:
        """The named graphs of a part."""
        return [graph for graph in super().graphs(part) if not isinstance(graph, DefaultGraph)]


class Viewed(Graph):
    """The same of a view as a whole, whose default graph holds each triple once, however many articles state it."""

    def outgoing(self, node: NamedNode) -> Iterator[Quad]:
        """What is said of a thing or a claim."""
        for quad in self.dataset.quads_for_pattern(node, None, None, DefaultGraph()):
            if self._is_free(quad.triple):
                yield as_written(quad)

    def incoming(self, node: NamedNode) -> Iterator[Quad]:
        """What facts, links and datasets say with the thing as object."""
        reference = NamedNode(f"{self.base}id/reference")
        for quad in self.dataset.quads_for_pattern(None, None, node, DefaultGraph()):
            if (
                quad.predicate not in _OF_RECORDS
                and not self._stated(quad.triple, reference)
                and self._is_free(quad.triple)
            ):
                yield as_written(quad)

    def _stated(self, triple: ox.Triple, graph: NamedNode) -> bool:
        found = self.dataset.quads_for_pattern(triple.subject, triple.predicate, triple.object, graph)
        return next(iter(found), None) is not None

    def _is_free(self, triple: ox.Triple) -> bool:
        """Whether something else than what has to be kept apart states it."""
        if triple in self._apart:
            return False
        if not self._apart_graphs:
            return True
        found = self.dataset.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(isinstance(q.graph_name, NamedNode) and q.graph_name not in self._apart_graphs for q in found)

    @cached_property
    def _apart_graphs(self) -> frozenset[NamedNode]:
        """As above: each set of links or table names its licence, and few other things do."""
        known = licences()
        rows = self.dataset.quads_for_pattern(None, LICENSE, None, DefaultGraph())
        return frozenset(q.subject for q in rows if isinstance(q.subject, NamedNode) and _binds(q.object, known))


LICENSE: Final = v.term("dct:license")


@cache
def described(path: Path) -> tuple[ox.Triple, ...]:
    """The triples of a file of the reference data, with the ids that the file gives."""
    return tuple(quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))


def _binds(licence: object, known: Mapping[str, Licence]) -> bool:
    return isinstance(licence, NamedNode) and licence.value in known and known[licence.value].share_alike


def moved(triple: ox.Triple, base: str) -> ox.Triple:
    """With a subject below another base."""
    subject = triple.subject
    if isinstance(subject, NamedNode) and subject.value.startswith(v.DEFAULT_BASE):
        subject = NamedNode(base + subject.value.removeprefix(v.DEFAULT_BASE))
    return ox.Triple(subject, triple.predicate, triple.object)


def _is_fact(quad: Quad) -> bool:
    beside = isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.endswith("/provenance")
    hidden = beside or part_of(quad.graph_name) in (None, Part.ONTOLOGY)
    return not hidden and quad.predicate not in (v.IS_STRING, *EVIDENCE)
