"""What the endpoint is and can, as RDF: https://www.w3.org/TR/sparql11-service-description/."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, Triple

from kg.serve.sparql import formats

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PREFIXES: Final = {"sd": SD, "formats": "http://www.w3.org/ns/formats/"}


def describe(endpoint: str, kind: str, *, federated: Collection[str] = (), is_written: bool = False) -> bytes:
    """The description in one of the media types of ``formats.GRAPHS``."""
    service, dataset, graph = NamedNode(endpoint), BlankNode("dataset"), BlankNode("graph")
    forms = {form.iri for form in formats.RESULTS.values()} | {form.iri for form in formats.GRAPHS.values()}
    features = ["UnionDefaultGraph", *(["BasicFederatedQuery"] if federated else [])]
    triples = [
        Triple(service, TYPE, _sd("Service")),
        Triple(service, _sd("endpoint"), service),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *([Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))] if is_written else []),
        *(Triple(service, _sd("resultFormat"), NamedNode(iri)) for iri in sorted(forms)),
        *(Triple(service, _sd("feature"), _sd(name)) for name in features),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, TYPE, _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), graph),
        Triple(graph, TYPE, _sd("Graph")),
    ]
    return ox.serialize(triples, format=formats.GRAPHS[kind], prefixes=_PREFIXES) or b""


def _sd(name: str) -> NamedNode:
    return NamedNode(f"{SD}{name}")
