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

from pyoxigraph import Literal, NamedNode, Triple

from kg import resources
from kg import vocabulary as v
from kg.publish.folder import Folder
from kg.publish.graph import LICENSE, described, moved
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
    description: tuple[Triple, ...]


def write_reference(folder: Folder, base: str) -> list[Source]:
    """Copy the parts, with their ids below ``base``, and the notices that their licences ask for."""
    found = []
    for path in resources.files("data/reference", "*.ttl"):
        data = path.read_bytes().replace(f"@base <{v.DEFAULT_BASE}> .".encode(), f"@base <{base}> .".encode(), 1)
        folder.write(f"reference/{path.name}", data)
        found.append(_source(path, base))
    folder.write(NOTICES, resources.path("data/reference/LICENCES.md").read_bytes())
    return found


def _source(path: Path, base: str) -> Source:
    triples = described(path)
    node = next(t.subject for t in triples if t.predicate == v.TYPE and t.object == v.term("void:Dataset"))
    own = [moved(triple, base) for triple in triples if triple.subject == node]
    values: dict[NamedNode, list[NamedNode | Literal]] = {}
    for triple in own:
        if isinstance(triple.object, NamedNode | Literal):
            values.setdefault(triple.predicate, []).append(triple.object)
    known = licences()
    return Source(
        path.stem,
        own[0].subject.value,  # type: ignore[union-attr]  # an id, as all subjects of these files
        f"reference/{path.name}",
        {lang: _text(values, v.DCT_TITLE, lang) or path.stem for lang in ("id", "en")},
        tuple(known.get(term.value, Licence(term.value, term.value)) for term in values.get(LICENSE, ())),
        # A part that names the place where it lies as its source is our own compilation.
        tuple(term.value for term in values.get(v.SOURCE, ()) if not term.value.startswith(v.DEFAULT_BASE)),
        _text(values, v.term("dct:modified")),
        int(_text(values, v.term("void:entities")) or 0) or None,
        _text(values, v.COMMENT) or "",
        tuple(sorted((t for t in own if t.predicate != v.term("dcat:keyword") and not _is_own(t)), key=str)),
    )


def _is_own(triple: Triple) -> bool:
    """Whether it gives the part itself as its source."""
    value = triple.object
    return triple.predicate == v.SOURCE and isinstance(value, NamedNode) and value.value.startswith(v.DEFAULT_BASE)


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
