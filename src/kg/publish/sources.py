"""Where the data comes from, and under which licence: reference data, sets of links and tables, each for itself.

Each of them describes itself (``dct:license``, ``dct:source``); what is said here is read from there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from kg import resources
from kg import vocabulary as v
from kg.publish.dumps import Dump
from kg.publish.folder import Folder
from kg.publish.graph import LICENSE, Graph, described, moved
from kg.publish.settings import Licence, licences

NOTICES: Final = "reference/LICENCES.md"
_TOLD: Final = frozenset(
    {*(v.TYPE, v.DCT_TITLE, v.SOURCE, v.COMMENT), *(v.term(f"dct:{name}") for name in ("license", "modified"))}
    | {v.term(f"void:{name}") for name in ("entities", "triples", "linkPredicate", "objectsTarget")}
)
"""What is told of a source."""
_COLUMNS: Final = ("files", "title_id", "title_en", "licences", "sources", "modified", "entities", "sha256")


@dataclass(frozen=True, slots=True)
class Source:
    """What is published under a licence of its own: a part of the reference data, a set of links, a table."""

    name: str
    iri: str
    files: tuple[str, ...]
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


def of_dump(graph: Graph, dump: Dump) -> Source:
    """What a set of links or a table says of itself, in its own graphs."""
    iri = f"{graph.base}id/{dump.name}"
    triples = [q.triple for each in graph.sets(dump.part)[dump.name] for q in _described(graph, each, iri)]
    return _told(dump.name.replace("/", "-"), iri, tuple(file.name for file in dump.files), triples)


def _described(graph: Graph, name: NamedNode | DefaultGraph, iri: str) -> list[Quad]:
    """The description of the table, or of the sets that make up the set of links: one for each predicate."""
    told = graph.dataset.quads_for_pattern(None, LICENSE, None, name)
    nodes = {q.subject for q in told} | {NamedNode(iri)}
    found = [q for node in nodes for q in graph.dataset.quads_for_pattern(node, None, None, name)]
    return [q for q in found if str(q.subject).startswith(f"<{iri}") and q.predicate in _TOLD]


def _source(path: Path, base: str) -> Source:
    triples = described(path)
    node = next(t.subject for t in triples if t.predicate == v.TYPE and t.object == v.term("void:Dataset"))
    own = [moved(triple, base) for triple in triples if triple.subject == node]
    return _told(path.stem, own[0].subject.value, (f"reference/{path.name}",), own)  # type: ignore[union-attr]


def _told(name: str, iri: str, files: tuple[str, ...], own: Sequence[Triple]) -> Source:
    values: dict[NamedNode, list[NamedNode | Literal]] = {}
    for triple in own:
        if isinstance(triple.object, NamedNode | Literal):
            values.setdefault(triple.predicate, []).append(triple.object)
    known = licences()
    return Source(
        name,
        iri,
        files,
        {lang: _text(values, v.DCT_TITLE, lang) or _text(values, v.DCT_TITLE) or name for lang in ("id", "en")},
        tuple(known.get(text, Licence(text, text)) for text in _web(values, LICENSE)),
        # A part that names the place where it lies as its source is our own compilation.
        tuple(text for text in _web(values, v.SOURCE) if not text.startswith(v.DEFAULT_BASE)),
        _text(values, v.term("dct:modified")),
        int(_text(values, v.term("void:entities")) or 0) or None,
        _text(values, v.COMMENT) or "",
        tuple(sorted({t for t in own if t.predicate in _TOLD and not _is_own(t)}, key=str)),
    )


def _web(values: Mapping[NamedNode, list[NamedNode | Literal]], predicate: NamedNode) -> list[str]:
    """Addresses on the web, each once."""
    found = {term.value for term in values.get(predicate, ()) if isinstance(term, NamedNode)}
    return sorted(text for text in found if text.startswith(("http://", "https://")))


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
                *(" ".join(source.files), source.titles["id"], source.titles["en"]),
                *(" ".join(licence.iri for licence in source.licences), " ".join(source.sources)),
                *(source.modified or "", source.entities or "", " ".join(sums[file] for file in source.files)),
            ]
        )
    return text.getvalue().encode()
