"""Sets of links -> RDF: the links of each set in its own graph; description (VoID) and records in a graph beside it.

``id/links/TARGET/PREDICATE`` holds the plain triples, ``id/links/TARGET/provenance`` what is said of them: one
``void:Linkset`` a set with its count, and one record a link (``kg.link.graphs``). A code has no IRI of its issuer's, so
it is an ``adms:Identifier`` of this graph, with the code as its notation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import vocabulary as v
from kg.link.graphs import PROVENANCE, links, records
from kg.link.judgements import Judgements
from kg.link.out import JUDGED, Linkset, judged, of_things
from kg.link.targets import Target

_LINKSET: Final = v.term("void:Linkset")
_DATASET: Final = v.term("void:Dataset")
_TITLE: Final = v.term("dct:title")
_LICENCE: Final = v.term("dct:license")
_IDENTIFIER: Final = v.term("adms:Identifier")
_AGENCY: Final = v.term("adms:schemaAgency")


def quads(sets: Sequence[Linkset], base: str) -> list[Quad]:
    """All of it, sorted."""
    found: set[Quad] = set()
    for each in sets:
        graph, beside = graph_of(each, base), NamedNode(f"{base}id/links/{each.name}{PROVENANCE}")
        found |= {*links(list(each.rows), graph), *records(list(each.rows), beside, base)}
        found |= {Quad(t.subject, t.predicate, t.object, beside) for t in _description(each, graph, base)}
    return sorted(found, key=str)


def of_judgements(judgements: Judgements) -> list[Quad]:
    """What was judged of things: the same as links, everything as records; sorted."""
    beside = NamedNode(f"{judgements.base}id/links/{JUDGED}{PROVENANCE}")
    found = {*quads(judged(judgements), judgements.base), *records(of_things(judgements), beside, judgements.base)}
    return sorted(found, key=str)


def graph_of(each: Linkset, base: str) -> NamedNode:
    """The graph of a set's plain links, which is the set itself."""
    return NamedNode(f"{base}id/links/{each.name}/{re.split('[/#]', each.predicate)[-1]}")


def _description(each: Linkset, graph: NamedNode, base: str) -> Iterator[Triple]:
    own = NamedNode(f"{base}id/dataset")
    yield Triple(graph, v.TYPE, _LINKSET)
    yield Triple(graph, v.term("void:linkPredicate"), NamedNode(each.predicate))
    yield Triple(graph, v.term("void:triples"), Literal(len(each.rows)))
    yield Triple(graph, v.term("void:subjectsTarget"), own)
    yield Triple(own, v.TYPE, _DATASET)
    yield Triple(own, v.term("void:uriSpace"), Literal(f"{base}id/"))
    if each.target is None:
        yield Triple(graph, v.term("void:objectsTarget"), own)
        yield Triple(graph, _TITLE, Literal("Judged by persons", language="en"))
        yield Triple(graph, _TITLE, Literal("Dinilai oleh orang", language="id"))
        return
    for row in each.rows:
        yield Triple(graph, v.SOURCE, NamedNode(row["mapping_provider"]))
        yield Triple(graph, _LICENCE, NamedNode(row["license"]))
    yield from _target(each.target, graph, base)
    if each.target.code:
        yield from _identifiers(each, each.target, base)


def _target(target: Target, graph: NamedNode, base: str) -> Iterator[Triple]:
    other = NamedNode(target.dataset or f"{base}id/codes/{target.name}")
    yield Triple(graph, v.term("void:objectsTarget"), other)
    yield Triple(other, v.TYPE, _DATASET)
    yield Triple(other, v.term("void:uriSpace"), Literal(target.prefix(base)))
    for language, text in target.title:
        yield Triple(
            graph, _TITLE, Literal(f"{'Tautan ke' if language == 'id' else 'Links to'} {text}", language=language)
        )
        yield Triple(other, _TITLE, Literal(text, language=language))


def _identifiers(each: Linkset, target: Target, base: str) -> Iterator[Triple]:
    for row in each.rows:
        node = NamedNode(row["object_id"])
        yield Triple(node, v.TYPE, _IDENTIFIER)
        yield Triple(node, v.NOTATION, Literal(row["object_id"].removeprefix(target.prefix(base))))
        yield Triple(node, _AGENCY, Literal(target.agency))
        yield Triple(node, v.term("dct:isPartOf"), NamedNode(f"{base}id/codes/{target.name}"))
