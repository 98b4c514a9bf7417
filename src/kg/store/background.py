"""What every store holds beside articles: the reference data and the ontology, each known by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import pyoxigraph as ox
from pyoxigraph import Quad, RdfFormat

from kg import resources
from kg.rdf import Ids


def of(base: str) -> Mapping[str, tuple[str, Callable[[], list[Quad]]]]:
    """Name of the graph below ``id/`` -> hash of its content, and its quads."""
    from kg import reference

    def ontology() -> list[Quad]:
        graph = Ids(base).node("ontology")
        quads = ox.parse(resources.path("ontology/kg.ttl").read_bytes(), format=RdfFormat.TURTLE)
        return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]

    digest = hashlib.sha256(resources.path("ontology/kg.ttl").read_bytes()).hexdigest()
    return {"reference": (reference.load().hash, lambda: reference.quads(base)), "ontology": (digest, ontology)}
