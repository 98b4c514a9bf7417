"""RDF/XML: all graphs as one, things in the order of the Turtle."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Quad, RdfFormat, serialize

from kg.export import parts
from kg.export.parts import Options


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """One description element for each thing."""
    triples = parts.merge(quads)
    prefixes = parts.used_prefixes(triples)
    return serialize(parts.in_order(triples), format=RdfFormat.RDF_XML, prefixes=prefixes) or b""
