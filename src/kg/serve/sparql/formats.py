"""The media types of answers, and which of them a client wants most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import mimeparse
from pyoxigraph import QueryResultsFormat, RdfFormat

RESULTS: Final[Mapping[str, QueryResultsFormat]] = {
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "text/csv": QueryResultsFormat.CSV,
    "text/xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/sparql-results+json": QueryResultsFormat.JSON,
}
"""Of rows and truth values; among those that a client likes as much, the last one is taken."""
GRAPHS: Final[Mapping[str, RdfFormat]] = {
    "text/n3": RdfFormat.N3,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "application/json": RdfFormat.JSON_LD,
    "application/xml": RdfFormat.RDF_XML,
    "text/plain": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/x-turtle": RdfFormat.TURTLE,
    "text/turtle": RdfFormat.TURTLE,
}
"""Of graphs, in the same order."""


def wanted(accept: str, offered: Mapping[str, object]) -> str | None:
    """The media type among those offered that an Accept header wants most; None where it wants none of them.

    A part of the header that can't be read counts as not there, an empty header as ``*/*``.
    """
    parts = [part for part in accept.split(",") if _is_readable(part)]
    header = ",".join(parts) if parts or accept.strip() else "*/*"
    return (mimeparse.best_match(list(offered), header) or None) if header else None


def with_charset(kind: str) -> str:
    """The media type as it stands in Content-Type: texts say that they are UTF-8."""
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _is_readable(part: str) -> bool:
    try:
        mimeparse.parse_media_range(part)
    except mimeparse.MimeTypeParseException:
        return False
    return True
