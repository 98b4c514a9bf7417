"""Graph files -> memory, with the reference data, so that named queries work."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from kg import vocabulary as v
from kg.errors import GraphError
from kg.rdf import Ids
from kg.store.evidence import wrong_evidence

_FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        ".ttl": RdfFormat.TURTLE,
        ".turtle": RdfFormat.TURTLE,
        ".trig": RdfFormat.TRIG,
        ".nt": RdfFormat.N_TRIPLES,
        ".nq": RdfFormat.N_QUADS,
        ".jsonld": RdfFormat.JSON_LD,
        ".json": RdfFormat.JSON_LD,
        ".rdf": RdfFormat.RDF_XML,
        ".xml": RdfFormat.RDF_XML,
        ".owl": RdfFormat.RDF_XML,
    }
)
_POSITION: Final = re.compile(r"^Parser error at line \d+ (column \d+|between columns \d+ and \d+): ")


def load_dataset(path: str | Path, *, base: str = v.DEFAULT_BASE) -> ox.Store:
    """A graph file, or standard input for "-", in memory, with the reference data so that named queries work.

    The format is that of the file's ending (``.gz`` may follow); standard input is recognised. Raises GraphError for
    what can't be read or parsed, and for evidence whose words aren't those of its place.
    """
    name = "standard input" if str(path) == "-" else str(path)
    content = sys.stdin.buffer.read() if str(path) == "-" else _content(Path(path))
    formats = _guesses(content) if str(path) == "-" else [_format_of(Path(path))]
    dataset = _parsed(name, content, formats)
    wrong = wrong_evidence(dataset)
    if wrong:
        raise GraphError(f"{name}: {wrong[0]}; the graph was changed after it was made, build it again")
    node = Ids(base).node("reference")
    if not dataset.contains_named_graph(node):
        from kg import reference

        dataset.extend(reference.quads(base))
    return dataset


def is_graph_file(path: str | Path, media_type: str | None = None) -> bool:
    """Whether ``load_dataset`` would take a file of this name for a graph; for one of this format that isn't packed."""
    if media_type is not None:
        return _FORMATS.get(Path(path).suffix.lower()) == RdfFormat.from_media_type(media_type)
    return _ending(Path(path)) in _FORMATS


def _content(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise GraphError(f"{path}: a folder, no graph file; give a store with --store") from error
    except OSError as error:
        raise GraphError(f"{path}: can't be read ({error.strerror}); check the path") from error
    if path.suffix != ".gz":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, ValueError) as error:
        raise GraphError(f"{path}: no whole gzip file ({error}); copy it again") from error


def _ending(path: Path) -> str:
    return (Path(path.stem).suffix if path.suffix == ".gz" else path.suffix).lower()


def _format_of(path: Path) -> RdfFormat:
    ending = _ending(path)
    if ending not in _FORMATS:
        raise GraphError(f"{path}: unknown ending {ending!r}; a graph file ends in one of {' '.join(_FORMATS)}")
    return _FORMATS[ending]


def _guesses(content: bytes) -> list[RdfFormat]:
    start = content.lstrip()[:1]
    if start in (b"{", b"["):
        return [RdfFormat.JSON_LD, RdfFormat.TRIG]  # TriG may begin with a graph or a blank node
    if content.lstrip()[:5] in (b"<?xml", b"<rdf:", b"<!DOC"):
        return [RdfFormat.RDF_XML]
    return [RdfFormat.TRIG, RdfFormat.N_QUADS]  # Turtle and N-Triples are TriG; N-Quads aren't


def _parsed(name: str, content: bytes, formats: list[RdfFormat]) -> ox.Store:
    faults = []
    for kind in formats:
        dataset = ox.Store()
        try:
            dataset.load(content, format=kind)
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            faults.append(_fault(name, kind, error))
        else:
            return dataset
    raise GraphError(faults[0])


def _fault(name: str, kind: RdfFormat, error: Exception) -> str:
    line = f" line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    message = _POSITION.sub("", str(getattr(error, "msg", None) or error))
    return f"{name}{line}: not valid {kind.name}: {message}; correct it or export the graph again"
