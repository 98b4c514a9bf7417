"""The ontology's own terms, as pages list them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg import resources
from kg import vocabulary as v
from kg.publish.words import name_of, prefixed


def terms() -> Iterator[dict[str, Any]]:
    """The ontology's own terms, by name."""
    found: dict[NamedNode, dict[str, list[Any]]] = {}
    for quad in parse(path=resources.path("ontology/kg.ttl"), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(v.ONTOLOGY_BASE):
            about = found.setdefault(quad.subject, {"definitions": [], "above": []})
            if quad.predicate == v.term("skos:definition") and isinstance(quad.object, Literal):
                about["definitions"].append((quad.object.language, quad.object.value))
            if quad.predicate in (v.SUB_CLASS_OF, v.SUB_PROPERTY_OF) and isinstance(quad.object, NamedNode):
                about["above"].append(prefixed(quad.object))
    for node in sorted(found, key=lambda node: node.value.casefold()):
        about = found[node]
        yield {
            "local": node.value.removeprefix(v.ONTOLOGY_BASE),
            "name": {lang: name_of(node, lang) for lang in ("id", "en")},
            "definitions": sorted(about["definitions"], reverse=True),
            "above": sorted(about["above"]),
        }
