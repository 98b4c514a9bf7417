"""Claims -> triples with their evidence: the facts, provenance and quarantine graphs of one article.

Entities and claims come in, pyoxigraph terms go out: ``terms`` makes literals and ids, ``things`` says what things are
called, ``statements`` what a claim of each relation adds, ``claims`` joins both with the evidence, ``graphs`` gathers
the claims of an article. Nothing is repaired here: a value that is no date becomes an ill-typed literal, and the gate
(``kg.check``) refuses it.
"""

from kg.rdf.claims import Stated, Stating, claim_triples, evidence_of, spans
from kg.rdf.graphs import (
    Extraction,
    Graphs,
    Refused,
    as_written,
    date_of,
    facts,
    facts_of,
    in_order,
    nquads,
    ntriples,
    provenance,
    quarantine,
    state,
    statement,
    to_graphs,
)
from kg.rdf.lookup import Lookup, OneGraph
from kg.rdf.statements import STATEMENTS
from kg.rdf.terms import Ids, iri, lexical, typed
from kg.rdf.triples import Triple

__all__ = [
    "STATEMENTS",
    "Extraction",
    "Graphs",
    "Ids",
    "Lookup",
    "OneGraph",
    "Refused",
    "Stated",
    "Stating",
    "Triple",
    "as_written",
    "claim_triples",
    "date_of",
    "evidence_of",
    "facts",
    "facts_of",
    "in_order",
    "iri",
    "lexical",
    "nquads",
    "ntriples",
    "provenance",
    "quarantine",
    "spans",
    "state",
    "statement",
    "to_graphs",
    "typed",
]
