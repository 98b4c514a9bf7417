"""Answers of queries -> text: SPARQL results in their standard formats, graphs as Turtle, tables for people."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg import vocabulary as v
from kg.errors import QueryError
from kg.find import short

if TYPE_CHECKING:
    from pyoxigraph import Triple

Term = NamedNode | BlankNode | Literal | None
ROW_FORMATS: Final = ("table", "csv", "tsv", "json", "xml")
FORMATS: Final = (*ROW_FORMATS, "turtle")
_NUMBERS: Final = frozenset(v.term(f"xsd:{name}") for name in ("integer", "decimal", "double", "nonNegativeInteger"))


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of a SELECT query; None where a variable is unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Triples:
    """The answer of a CONSTRUCT or DESCRIBE query, sorted."""

    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """The answer of an ASK query."""

    value: bool


Answer = Rows | Triples | Truth


def format_answer(answer: Answer, name: str | None = None) -> str:
    """The answer in a format of FORMATS; without one as a table, a graph as Turtle. Ends with a line end.

    Raises QueryError where the answer has no such form.
    """
    if isinstance(answer, Triples):
        return format_triples(answer, name or "turtle")
    if name == "turtle":
        raise QueryError(f"this query gives rows, no graph; choose one of {', '.join(ROW_FORMATS)}")
    if isinstance(answer, Truth):
        return _truth(answer, name or "table")
    return format_rows(answer, name or "table")


def format_rows(answer: Rows, name: str) -> str:
    """Rows as ``table``, ``csv``, ``tsv``, ``json`` or ``xml``; all but the first are the W3C's formats."""
    if name == "table":
        return table(answer.columns, [[cell(term) for term in row] for row in answer.rows], _numeric(answer))
    return _standard(_results(answer), name)


def format_triples(answer: Triples, name: str) -> str:
    """A graph as Turtle; no other form here: ``kg export`` has them."""
    from pyoxigraph import RdfFormat, serialize

    if name not in ("turtle", "table"):
        raise QueryError(f"this query gives a graph, no rows; {name} can't hold it, use -f turtle")
    used = "".join(str(triple) for triple in answer.triples)
    prefixes = {prefix: iri for prefix, iri in v.PREFIXES.items() if iri in used}
    return (serialize(answer.triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


def _truth(answer: Truth, name: str) -> str:
    word = "true" if answer.value else "false"
    if name in ("table", "csv", "tsv"):
        return f"{word}\n"
    return _standard({"head": {}, "boolean": answer.value}, name)


def _standard(results: dict[str, object], name: str) -> str:
    """SPARQL results, through the parser and writer of the engine, so that all formats are its own."""
    from pyoxigraph import QueryResultsFormat, parse_query_results

    formats = {
        "csv": QueryResultsFormat.CSV,
        "tsv": QueryResultsFormat.TSV,
        "json": QueryResultsFormat.JSON,
        "xml": QueryResultsFormat.XML,
    }
    if name not in formats:
        raise QueryError(f"unknown format {name!r}; one of {', '.join(FORMATS)}")
    parsed = parse_query_results(json.dumps(results).encode(), format=QueryResultsFormat.JSON)
    text = (parsed.serialize(format=formats[name]) or b"").decode()
    return text if text.endswith("\n") else f"{text}\n"


def _results(answer: Rows) -> dict[str, object]:
    bindings = [
        {column: _binding(term) for column, term in zip(answer.columns, row, strict=True) if term is not None}
        for row in answer.rows
    ]
    return {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}


def _binding(term: NamedNode | BlankNode | Literal) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype == v.STRING:
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def cell(term: Term) -> str:
    """A term as people read it: ids without their base, standard terms with their prefix, texts without their type."""
    if term is None:
        return ""
    if not isinstance(term, NamedNode):
        return term.value
    for prefix, iri in v.PREFIXES.items():
        if term.value.startswith(iri):
            return f"{prefix}:{term.value.removeprefix(iri)}"
    return short(term.value)


def _numeric(answer: Rows) -> set[int]:
    """The columns that hold nothing but numbers."""
    columns = range(len(answer.columns))
    terms = {at: [row[at] for row in answer.rows if row[at] is not None] for at in columns}
    return {at for at in columns if terms[at] and all(_is_number(term) for term in terms[at])}


def _is_number(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype in _NUMBERS


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: set[int] | None = None) -> str:
    """Aligned columns under their names; the columns of ``right`` to the right. A cell stays on its line."""
    flat = [[" ".join(text.split()) for text in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(columns, *flat, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [
            _pad(text, size, at in (right or set())) for at, (text, size) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(columns), line(["─" * size for size in widths]), *map(line, flat)]) + "\n"


def _pad(text: str, size: int, right: bool) -> str:
    space = " " * (size - width(text))
    return space + text if right else text + space


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
