"""Mapping sets -> RDF: the plain links in one graph, each link's record in another beside it.

Records follow SSSOM/RDF (https://mapping-commons.github.io/sssom/spec-formats-rdf/): an ``owl:Axiom`` with its source,
property and target, named by ``record_id``, so that there are no blank nodes. Denied links and open ones have a record
and no plain triple.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg import vocabulary as v
from kg.link import sssom
from kg.link.judgements import RELATED_SOMEHOW

SSSOM: Final = sssom.BUILT_IN["sssom"]
PROVENANCE: Final = "/provenance"
_PROPERTIES: Final = {
    "subject_id": v.term("owl:annotatedSource"),
    "predicate_id": v.term("owl:annotatedProperty"),
    "object_id": v.term("owl:annotatedTarget"),
    "author_id": v.term("pav:authoredBy"),
    "creator_id": v.term("dct:creator"),
    "license": v.term("dct:license"),
    "mapping_date": v.term("dct:created"),
    "publication_date": v.term("dct:issued"),
    "see_also": v.SEE_ALSO,
    "comment": v.COMMENT,
}
"""The slots that SSSOM writes with a property of another vocabulary; the others are its own."""
_NODES: Final = sssom.IDENTIFIERS | {"license", "mapping_provider", "see_also"}
_DAYS: Final = frozenset({"mapping_date", "publication_date", "review_date"})
_NUMBERS: Final = frozenset({"confidence", "similarity_score"})
_AXIOM: Final = v.term("owl:Axiom")
_DENIED: Final = NamedNode(f"{SSSOM}NegatedPredicate")
_DOUBLE: Final = v.term("xsd:double")


def record_id(row: sssom.Row, base: str) -> str:
    """The id of a mapping's record: made of what it maps and by whom, so that the same statement has the same id."""
    fields = ("subject_id", "predicate_id", "predicate_modifier", "object_id", "author_id", "author_label")
    digest = hashlib.sha256("\n".join(row.get(slot, "") for slot in fields).encode()).hexdigest()
    return f"{base}id/link/{digest[:16]}"


def is_plain(row: sssom.Row) -> bool:
    """Whether the mapping may stand as a triple: neither denied nor left open."""
    return row.get("predicate_modifier") != sssom.NOT and row["predicate_id"] != RELATED_SOMEHOW


def links(rows: list[sssom.Row], graph: NamedNode) -> Iterator[Quad]:
    """The plain triples."""
    for row in rows:
        if is_plain(row):
            yield Quad(NamedNode(row["subject_id"]), NamedNode(row["predicate_id"]), NamedNode(row["object_id"]), graph)


def records(rows: list[sssom.Row], graph: NamedNode, base: str) -> Iterator[Quad]:
    """Each mapping's record."""
    for row in rows:
        node = NamedNode(row.get("record_id") or record_id(row, base))
        yield Quad(node, v.TYPE, _AXIOM, graph)
        for slot, text in row.items():
            if slot != "record_id":
                prop = _PROPERTIES.get(slot) or NamedNode(f"{SSSOM}{slot}")
                for each in sssom.values(text) if slot in sssom.LISTS else [text]:
                    yield Quad(node, prop, _term(slot, each), graph)


def _term(slot: str, text: str) -> NamedNode | Literal:
    if slot == "predicate_modifier":
        return _DENIED
    if slot in _NODES:
        return NamedNode(text)
    if slot in _DAYS:
        return Literal(text, datatype=v.DATE)
    return Literal(str(float(text)), datatype=_DOUBLE) if slot in _NUMBERS else Literal(text)
