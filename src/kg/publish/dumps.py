"""The dumps: Turtle and N-Quads, compressed, split where an article or a graph ends, and what is counted on the way.

A file goes on in another one when it has reached the size that was asked for (before compression), so that the same
graph is split alike in every run; what belongs to one article is never torn apart. gzip's header tells no time.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import IO, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from kg import vocabulary as v
from kg.export import turtle
from kg.export.parts import PROVENANCE_TYPES
from kg.publish.folder import Folder
from kg.publish.graph import Graph, Part
from kg.publish.words import PREFIXES
from kg.rdf import as_written

Name = NamedNode | DefaultGraph
_LEVEL: Final = 6  # gzip's own default: 9 takes three times as long for two per cent
_BLOCK: Final = 2000  # subjects of a graph without names that stand together


@dataclass(frozen=True, slots=True)
class File:
    """A file of a dump: its path, the format inside (``.ttl`` or ``.nq``), and how many statements it holds."""

    name: str
    ending: str
    statements: int


@dataclass(slots=True)
class Counts:
    """What VoID tells of a part: statements, subjects, and by class and property."""

    triples: int = 0
    subjects: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    properties: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Dump:
    """A part of the graph, or one set of links or table of it, as files, with its counts; ``name`` as in its id."""

    part: Part
    name: str
    files: tuple[File, ...]
    counts: Counts


def dump(graph: Graph, part: Part, folder: Folder, split: int) -> Iterator[Dump]:
    """Write the files of a part, of each of its sets apart; nothing where the graph has nothing of it."""
    for name, graphs in graph.sets(part).items():
        done = _dump(graph, part, name, graphs, folder, split)
        if done.files:
            yield done


def _dump(graph: Graph, part: Part, name: str, graphs: Sequence[Name], folder: Folder, split: int) -> Dump:
    counts, stem = _Counting(), re.sub(r"[^\w.-]+", "-", name)
    starts = {".nq": b"", ".ttl": head(graph.base)}
    both = [_Split(folder, f"data/{stem}", ending, start, split) for ending, start in starts.items()]
    for quads in blocks(graph, part, graphs):
        counts.add(quads)
        both[0].write(_nquads(quads), len(quads))
        both[1].write(_turtle(quads, graph.base), len(quads))
    files = [file for each in both for file in each.close()]
    return Dump(part, name, tuple(files), counts.done())


def blocks(graph: Graph, part: Part, graphs: Iterable[Name]) -> Iterator[list[Quad]]:
    """What stands together, in a fixed order: a graph, or some thousand subjects of a file without graphs."""
    yield from _unnamed(graph, part)
    for name in graphs:
        if isinstance(name, NamedNode):
            quads = [as_written(q) for q in graph.dataset.quads_for_pattern(None, None, None, name)]
            found = sorted((q for q in quads if q.predicate != v.IS_STRING), key=_order)
            if found:
                yield found


def _unnamed(graph: Graph, part: Part) -> Iterator[list[Quad]]:
    """The default graph, which a file without graphs has: claims and evidence are told by their classes."""
    if part not in (Part.FACTS, Part.PROVENANCE):
        return
    quads = [as_written(q) for q in graph.unnamed()]
    types = {q.subject for q in quads if q.predicate == v.TYPE and q.object in PROVENANCE_TYPES}
    refused = {q.subject for q in quads if q.predicate == v.TYPE and q.object == v.REFUSED_CLAIM}
    wanted = [
        q
        for q in quads
        if (q.subject in types) == (part is Part.PROVENANCE) and q.subject not in refused and q.predicate != v.IS_STRING
    ]
    subjects = [list(found) for _, found in groupby(sorted(wanted, key=_order), key=lambda q: q.subject)]
    for start in range(0, len(subjects), _BLOCK):
        yield [quad for found in subjects[start : start + _BLOCK] for quad in found]


def _order(quad: Quad) -> tuple[str, str, str]:
    return str(quad.subject), str(quad.predicate), str(quad.object)


def _nquads(quads: Iterable[Quad]) -> bytes:
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def _turtle(quads: list[Quad], base: str) -> bytes:
    """A graph's statements under its name in a comment; Turtle itself has no graphs."""
    triples = list({quad.triple: None for quad in quads})
    words = turtle.spelling_of(triples, base).words
    name = quads[0].graph_name
    heading = [f"\n# {name.value}"] if isinstance(name, NamedNode) else []
    return "\n".join([*heading, *turtle.body(triples, turtle.Spelling(base, PREFIXES, words)), ""]).encode()


def head(base: str) -> bytes:
    """The first lines of each Turtle file: every prefix, for what follows is not known yet."""
    return ("\n".join(turtle.header(turtle.Spelling(base, PREFIXES, {}))) + "\n").encode()


class _Split:
    """The files of one format, each opened when there is something to write."""

    def __init__(self, folder: Folder, stem: str, ending: str, start: bytes, split: int) -> None:
        self._folder, self._stem, self._ending, self._start, self._split = folder, stem, ending, start, split
        self._files: list[File] = []
        self._open: _Compressed | None = None
        self._size = self._statements = 0

    def write(self, data: bytes, statements: int) -> None:
        """Write a block: into a new file where the open one would become larger than it may be."""
        if self._open is not None and self._size + len(data) > self._split:
            self._finish()
        if self._open is None:
            name = f"{self._stem}-{len(self._files) + 1:04}{self._ending}.gz"
            self._open = _Compressed(self._folder, name)
            self._open.write(self._start)
            self._size = self._statements = 0
        self._open.write(data)
        self._size += len(data)
        self._statements += statements

    def _finish(self) -> None:
        if self._open is not None:
            self._open.close()
            self._files.append(File(self._open.name, self._ending, self._statements))
            self._open = None

    def close(self) -> list[File]:
        """The files that were written."""
        self._finish()
        return self._files


class _Compressed:
    """A gzip file whose checksum is taken while it is written."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.name = name
        self._folder = folder
        self._raw = _Summed(folder.place(name).open("wb"))
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=self._raw, mtime=0)

    def write(self, data: bytes) -> None:
        self._gzip.write(data)

    def close(self) -> None:
        self._gzip.close()
        self._raw.close()
        self._folder.note(self.name, self._raw.sum.hexdigest(), self._raw.size)


class _Summed(io.RawIOBase):
    """A stream that knows the SHA-256 and the size of what went through."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sum = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.sum.update(data)
        self.size += len(data)
        return self._stream.write(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Counting:
    """Counts while blocks go by; the ids are kept, for articles name the same things again and again."""

    def __init__(self) -> None:
        self._counts = Counts()
        self._subjects: set[str] = set()
        self._classes: dict[str, set[str]] = {}

    def add(self, quads: Iterable[Quad]) -> None:
        for quad in quads:
            self._counts.triples += 1
            self._counts.properties[quad.predicate.value] += 1
            subject = str(quad.subject)
            self._subjects.add(subject)
            if quad.predicate == v.TYPE and isinstance(quad.object, NamedNode):
                self._classes.setdefault(quad.object.value, set()).add(subject)

    def done(self) -> Counts:
        self._counts.subjects = len(self._subjects)
        self._counts.classes = {name: len(found) for name, found in self._classes.items()}
        return self._counts
