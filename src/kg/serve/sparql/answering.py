"""One query over the graph that is served -> an answer in the form that the client wants, written while it is found."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Store, Triple

from kg import federation
from kg import vocabulary as v
from kg.errors import QueryError, ServiceError, TooSlow
from kg.query import fault
from kg.serve.sparql import formats
from kg.serve.sparql.counting import counter
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.protocol import Asked, Refused
from kg.serve.sparql.sink import Sink, too_many
from kg.view.elsewhere import Streamed
from kg.view.protocol import SEE

_UPDATE: Final = re.compile(r"\s*(LOAD|INSERT|DELETE|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE)
_HEAD: Final = re.compile(r"(?:\s+|#[^\r\n]*|(?:BASE\s*|PREFIX\s*[^\s:<>]*:\s*)<[^<>\s]*>)*", re.IGNORECASE)


def answer(
    graph: Store | Streamed,
    asked: Asked,
    accept: str,
    base: str,
    limits: Limits,
    out: Sink,
    allowed: Collection[str] = (),
) -> None:
    """Write the answer of a query; ``base`` is what relative IRIs in it are relative to.

    ``allowed`` are the endpoints that SERVICE may ask. Raises Refused, also in the midst of writing.
    """
    try:
        is_federated = federation.refuse("query", asked.query, allowed)
    except QueryError as error:
        raise Refused(403, str(error)) from error
    try:
        _write(_found(graph, asked, base), accept, limits, out)
    except ServiceError as error:
        raise _of_another(error, getattr(graph, "url", "")) from error
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        # the other machine's fault, or one of evaluating
        status = 504 if isinstance(error, TimeoutError) else 502 if is_federated or isinstance(graph, Streamed) else 500
        raise Refused(status, " ".join(str(error).split())[:500]) from error


def _of_another(error: ServiceError, url: str) -> Refused:
    """Why the store that holds the graph gives no answer; its address stays in the log."""
    logging.getLogger("kg.serve").warning("%s", error)
    if isinstance(error, TooSlow):
        return Refused(504, "the store of the graph gave no whole answer in time; ask for less, or narrow the query")
    return Refused(502, f"the store of the graph: {str(error).removeprefix(f'{url}: ').removesuffix(SEE)}")


def _found(graph: Store | Streamed, asked: Asked, base: str) -> object:
    chosen: dict[str, Any] = {}
    if asked.default_graphs or asked.named_graphs:
        chosen = {"default_graph": _graphs(asked.default_graphs), "named_graphs": _graphs(asked.named_graphs)}
    try:
        return graph.query(asked.query, base_iri=base, prefixes=v.PREFIXES, **chosen)
    except QueryError as error:
        raise Refused(403, str(error)) from error
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


def _write(found: object, accept: str, limits: Limits, out: Sink) -> None:
    if isinstance(found, QuerySolutions | QueryBoolean):
        kind = _kind(accept, formats.RESULTS)
        form = formats.RESULTS[kind]
        out.begin(kind, counter(form) if isinstance(found, QuerySolutions) else None)
        found.serialize(out, form)  # type: ignore[arg-type]
    elif isinstance(found, Iterator):  # triples, of the engine or of an endpoint
        kind = _kind(accept, formats.GRAPHS)
        out.begin(kind)
        triples = _distinct(found, limits)
        first = list(itertools.islice(triples, _LOOKED_AT))
        used = "".join(str(triple) for triple in first)
        prefixes = {prefix: iri for prefix, iri in v.PREFIXES.items() if iri in used}
        # the layout with prefixes is that of formats which have them; the others leave them out
        ox.serialize(itertools.chain(first, triples), out, formats.GRAPHS[kind], prefixes=prefixes)  # type: ignore[arg-type]
    out.end()


_LOOKED_AT: Final = 1000
"""Triples that say which prefixes a graph uses; what comes later is written without one where it needs another."""
_REMEMBERED: Final = 50_000
"""Triples of which none is given twice in a row of so many: to know all of a large answer would take its memory."""


def _distinct(found: Iterable[Triple], limits: Limits) -> Iterator[Triple]:
    given, seen = 0, set[Triple]()
    for triple in found:
        if triple in seen:
            continue
        given += 1
        if given > limits.rows:
            raise too_many("triples", limits)
        if len(seen) >= _REMEMBERED:
            seen.clear()
        seen.add(triple)
        yield triple


def _kind(accept: str, offered: Mapping[str, object]) -> str:
    kind = formats.wanted(accept, offered)
    if kind is None:
        raise Refused(406, f"no form of this answer is {accept}; there are {', '.join(reversed(list(offered)))}")
    return kind
