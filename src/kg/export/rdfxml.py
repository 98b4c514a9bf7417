"""RDF/XML: all graphs as one, things in the order of the Turtle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal, Quad, RdfFormat, Triple, serialize

from kg.errors import GraphError
from kg.export import parts
from kg.export.parts import Options

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """One description element for each thing; GraphError for a text with a character that XML can't hold."""
    triples = parts.merge(quads)
    _check(triples)
    prefixes = parts.used_prefixes(triples)
    return serialize(parts.in_order(triples), format=RdfFormat.RDF_XML, prefixes=prefixes) or b""


def _check(triples: Sequence[Triple]) -> None:
    for triple in triples:
        if isinstance(triple.object, Literal) and (found := _NOT_XML.search(triple.object.value)):
            character = f"U+{ord(found.group()):04X}"
            raise GraphError(f"{triple.subject} {triple.predicate}: XML can't hold {character}; take another format")
