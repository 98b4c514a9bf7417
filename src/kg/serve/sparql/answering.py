"""One query over the graph that is served -> an answer in the form that the client wants, whole or not at all."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Store

from kg import federation
from kg import vocabulary as v
from kg.errors import QueryError
from kg.query import fault
from kg.records import record
from kg.serve.sparql import formats
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.protocol import Asked, Refused

_UPDATE: Final = re.compile(r"\s*(LOAD|INSERT|DELETE|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE)
_HEAD: Final = re.compile(r"(?:\s+|#[^\r\n]*|(?:BASE\s*|PREFIX\s*[^\s:<>]*:\s*)<[^<>\s]*>)*", re.IGNORECASE)


@record(frozen=True, slots=True)
class Answered:
    """An answer and its media type."""

    kind: str
    body: bytes


class _Full(Exception):
    """The answer is larger than it may be."""


class _Paper(io.BytesIO):
    """Takes what is written, up to a size."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._size:
            raise _Full
        return super().write(data)


def answer(
    graph: Store, asked: Asked, accept: str, base: str, limits: Limits, allowed: Collection[str] = ()
) -> Answered:
    """The answer of a query; ``base`` is what relative IRIs in it are relative to.

    ``allowed`` are the endpoints that SERVICE may ask. Raises Refused.
    """
    try:
        is_federated = federation.refuse("query", asked.query, allowed)
    except QueryError as error:
        raise Refused(403, str(error)) from error
    try:
        return _written(_found(graph, asked, base), accept, limits)
    except _Full:
        message = f"the answer has more than {limits.size:,} bytes; ask for less, or for parts with LIMIT and OFFSET"
        raise Refused(413, message) from None
    except (ValueError, OSError, RuntimeError) as error:
        # the other machine's fault, or one of evaluating
        raise Refused(502 if is_federated else 500, " ".join(str(error).split())[:500]) from error


def _found(graph: Store, asked: Asked, base: str) -> object:
    chosen: dict[str, Any] = {}
    if asked.default_graphs or asked.named_graphs:
        chosen = {"default_graph": _graphs(asked.default_graphs), "named_graphs": _graphs(asked.named_graphs)}
    try:
        return graph.query(asked.query, base_iri=base, prefixes=v.PREFIXES, **chosen)
    except SyntaxError as error:
        raise _not_understood(asked.query, str(error)) from error


def _not_understood(text: str, message: str) -> Refused:
    head = _HEAD.match(text)
    update = _UPDATE.match(text, head.end() if head else 0)
    if update:
        return Refused(403, f"{update[1].upper()} would change the graph; this endpoint only reads")
    place = re.match(r"error at (\d+):(\d+):", message)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    return Refused(400, fault(message, text), line=line, column=column)


def _graphs(names: Iterable[str]) -> list[NamedNode]:
    """Graphs that aren't here are empty: none is fetched."""
    try:
        return [NamedNode(name) for name in names]
    except ValueError as error:
        raise Refused(400, f"a graph of the request is no absolute IRI ({error})") from error


# ---------------------------------------------------------------- writing


def _written(found: object, accept: str, limits: Limits) -> Answered:
    paper = _Paper(limits.size)
    if isinstance(found, QueryTriples):
        kind = _kind(accept, formats.GRAPHS)
        triples = dict.fromkeys(itertools.islice(found, limits.rows + 1))  # each once, in order
        if len(triples) > limits.rows:
            raise _too_many("triples", limits)
        used = "".join(str(triple) for triple in triples)
        prefixes = {prefix: iri for prefix, iri in v.PREFIXES.items() if iri in used}
        # the layout with prefixes is that of formats which have them; the others leave them out
        ox.serialize(triples, paper, formats.GRAPHS[kind], prefixes=prefixes)
        return Answered(kind, paper.getvalue())
    kind = _kind(accept, formats.RESULTS)
    form = formats.RESULTS[kind]
    if isinstance(found, QueryBoolean):
        found.serialize(paper, form)
    elif isinstance(found, QuerySolutions):
        found.serialize(paper, form)
        if paper.tell() > limits.rows and _COUNTS[form](paper.getvalue()) > limits.rows:  # a row has a byte at least
            raise _too_many("rows", limits)
    return Answered(kind, paper.getvalue())


def _kind(accept: str, offered: Mapping[str, object]) -> str:
    kind = formats.wanted(accept, offered)
    if kind is None:
        raise Refused(406, f"no form of this answer is {accept}; there are {', '.join(reversed(list(offered)))}")
    return kind


def _too_many(what: str, limits: Limits) -> Refused:
    return Refused(413, f"the answer has more than {limits.rows:,} {what}; ask for parts with LIMIT and OFFSET")


def _lines_of_csv(body: bytes) -> int:
    csv.field_size_limit(len(body) + 1)
    return sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1


_COUNTS: Final[Mapping[QueryResultsFormat, Callable[[bytes], int]]] = {
    QueryResultsFormat.CSV: _lines_of_csv,
    QueryResultsFormat.TSV: lambda body: body.count(b"\n") - 1,  # in a term it is escaped
    QueryResultsFormat.XML: lambda body: body.count(b"<result>"),  # in a term it is escaped
    QueryResultsFormat.JSON: lambda body: len(json.loads(body)["results"]["bindings"]),
}
"""The rows of an answer. The engine writes faster than its rows can be gone through, so what it wrote is counted."""
