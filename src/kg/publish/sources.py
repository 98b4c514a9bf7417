"""Where the data comes from, and under which licence: the reference data that is published beside the graph.

Each part of it describes itself (``dct:license``, ``dct:source``); what is said here is read from there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import resources
from kg import vocabulary as v
from kg.publish.folder import Folder
from kg.publish.settings import Licence, licences

NOTICES: Final = "reference/LICENCES.md"
_COLUMNS: Final = ("file", "title_id", "title_en", "licences", "sources", "modified", "entities", "sha256")


@dataclass(frozen=True, slots=True)
class Source:
    """A part of the reference data as it is published: its id, its file, and what it says of itself."""

    name: str
    iri: str
    file: str
    titles: Mapping[str, str]
    licences: tuple[Licence, ...]
    sources: tuple[str, ...]
    modified: str | None
    entities: int | None
    note: str
    description: tuple[Quad, ...]


def write_reference(folder: Folder, base: str) -> list[Source]:
    """Copy the parts, with their ids below ``base``, and the notices that their licences ask for."""
    found = []
    for path in resources.files("data/reference", "*.ttl"):
        data = path.read_bytes().replace(f"@base <{v.DEFAULT_BASE}> .".encode(), f"@base <{base}> .".encode(), 1)
        file = f"reference/{path.name}"
        folder.write(file, data)
        found.append(_source(path, data, file))
    folder.write(NOTICES, resources.path("data/reference/LICENCES.md").read_bytes())
    return found


def _source(path: Path, data: bytes, file: str) -> Source:
    quads = list(parse(data, format=RdfFormat.TURTLE))
    node = next(q.subject for q in quads if q.predicate == v.TYPE and q.object == v.term("void:Dataset"))
    own = [quad for quad in quads if quad.subject == node]
    values: dict[NamedNode, list[NamedNode | Literal]] = {}
    for quad in own:
        if isinstance(quad.object, NamedNode | Literal):
            values.setdefault(quad.predicate, []).append(quad.object)
    known = licences()
    return Source(
        path.stem,
        node.value if isinstance(node, NamedNode) else str(node),
        file,
        {lang: _text(values, v.DCT_TITLE, lang) or path.stem for lang in ("id", "en")},
        tuple(known.get(term.value, Licence(term.value, term.value)) for term in values.get(v.term("dct:license"), ())),
        tuple(
            term.value
            for term in values.get(v.SOURCE, ())
            if term.value.startswith("http") and term.value != _here(data)
        ),
        _text(values, v.term("dct:modified")),
        int(_text(values, v.term("void:entities")) or 0) or None,
        _text(values, v.COMMENT) or "",
        tuple(sorted((q for q in own if q.predicate != v.term("dcat:keyword")), key=str)),
    )


def _here(data: bytes) -> str:
    """What ``<>`` is in a file: its base. A part that names itself as source is our own compilation."""
    start = data.index(b"@base <") + len(b"@base <")
    return data[start : data.index(b">", start)].decode()


def _text(
    values: Mapping[NamedNode, list[NamedNode | Literal]], predicate: NamedNode, lang: str | None = None
) -> str | None:
    found = [
        term.value
        for term in values.get(predicate, ())
        if lang is None or (isinstance(term, Literal) and term.language == lang)
    ]
    return min(found, default=None)


def table(sources: list[Source], sums: Mapping[str, str]) -> bytes:
    """The sources as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for source in sources:
        writer.writerow(
            [
                *(source.file, source.titles["id"], source.titles["en"]),
                *(" ".join(licence.iri for licence in source.licences), " ".join(source.sources)),
                *(source.modified or "", source.entities or "", sums[source.file]),
            ]
        )
    return text.getvalue().encode()
