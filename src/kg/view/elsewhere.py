"""A view that an endpoint of another program holds, asked as one that is here is: by patterns and by queries.

A query goes there as it is, after this program's own engine has read it: so what is wrong with it is told as it is
here, and an update or a word of that program's own language isn't sent. What is said of a thing is asked for once, with
all that a page wants to know of it; a new instance asks anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolution, Variable

from kg.errors import QueryError, ServiceError, TooSlow
from kg.view.asking import PARTS, Endpoint, Found, Given, form_of, with_prefixes, without_strings
from kg.view.protocol import Secrets

_FIRST: Final = 200
"""Rows that are asked for first: often one is enough, and of what is linked most there are a million."""
_KEPT: Final = 50_000
"""Answers, of at most so many rows each, that are remembered."""
_EMPTY: Final = ox.Store()
_KNOWN: Final = re.compile(r"(?:https?|urn|mailto|tag|geo|info|doi):|[^:]*(?:[/?#]|$)", re.IGNORECASE)
"""How an IRI begins that names something; Virtuoso runs those with ``bif:`` and ``sql:`` as functions of its own."""
_DECLARED: Final = re.compile(r"\b(?:PREFIX\s*[^\s:<>]*:|BASE)\s*<(?!(?:https?|urn):)[^<>\s]*>", re.IGNORECASE)


class Elsewhere:
    """The view at an endpoint; each question takes ``seconds`` at most. Raises ServiceError when it is asked."""

    def __init__(self, url: str, secrets: Secrets, *, seconds: float) -> None:
        self.url = url
        self._secrets, self._seconds = secrets, seconds
        self._answers: dict[tuple[object, ...], tuple[Quad, ...] | None] = {}

    @cached_property
    def endpoint(self) -> Endpoint:
        """Reached with the first question."""
        return Endpoint(self.url, self._secrets, seconds=self._seconds)

    @cached_property
    def base(self) -> str:
        """What the ids there begin with."""
        return self.endpoint.base()

    # ---- by patterns

    def quads_for_pattern(
        self,
        subject: Any,
        predicate: Any,
        object_: Any,
        graph_name: Any = None,
    ) -> Iterator[Quad]:
        """The quads that fit; None fits all, a graph of None all named graphs and the default one."""
        if subject is not None and isinstance(graph_name, DefaultGraph):
            about = self._few(subject, None, None, graph_name)
            if about is not None:
                yield from (q for q in about if predicate in (None, q.predicate) and object_ in (None, q.object))
                return
        few = self._few(subject, predicate, object_, graph_name)
        yield from few if few is not None else self._all(subject, predicate, object_, graph_name)

    def _few(self, subject: Any, predicate: Any, object_: Any, graph: Any) -> tuple[Quad, ...] | None:
        """All that fit, where they are few; remembered."""
        pattern = (subject, predicate, object_, graph)
        if pattern not in self._answers:
            found = tuple(self._all(subject, predicate, object_, graph, most=_FIRST))
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            self._answers[pattern] = found if len(found) < _FIRST else None
        return self._answers.get(pattern)

    def _all(self, subject: Any, predicate: Any, object_: Any, graph: Any, most: int | None = None) -> Iterator[Quad]:
        given = {"s": subject, "p": predicate, "o": object_}
        inside = " ".join(f"?{name}" if term is None else str(term) for name, term in given.items())
        if isinstance(graph, NamedNode):
            inside = f"GRAPH {graph} {{ {inside} }}"
        elif graph is None:
            inside = f"GRAPH ?g {{ {inside} }} {self._own}"
            given["g"] = None
        names = " ".join(f"?{name}" for name, term in given.items() if term is None)
        if not names:
            if self.endpoint.results(f"ASK {{ {inside} }}"):
                yield Quad(subject, predicate, object_, graph)
            return
        text = f"SELECT {names} {{ {inside} }}" + (f" LIMIT {most}" if most else "")
        told: set[Quad] = set()
        for row in self.rows(text):
            s, p, o = (row[name] if term is None else term for name, term in list(given.items())[:3])
            yield Quad(s, p, o, row["g"] if graph is None else graph)
            whole = Quad(s, p, o)
            if graph is None and whole not in told:
                told.add(whole)
                yield whole

    @property
    def _own(self) -> str:
        """Other graphs of that program aren't part of the view."""
        union = f" && ?g != {self.endpoint.union}" if self.endpoint.union is not None else ""
        return f"FILTER (STRSTARTS(STR(?g), '{self.base}id/'){union})"

    def named_graphs(self) -> Iterator[NamedNode]:
        """The graphs of articles and all others; asked for once."""
        yield from self._graphs

    def contains_named_graph(self, graph_name: NamedNode) -> bool:
        """Whether there is anything in a graph."""
        return bool(self._few(None, None, None, graph_name) != ())

    @cached_property
    def _graphs(self) -> tuple[NamedNode, ...]:
        return tuple(row["g"] for row in self.rows(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} {self._own} }}"))

    # ---- by queries

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: Sequence[Any] | None = None,
        named_graphs: Sequence[Any] | None = None,
        substitutions: Mapping[Variable, Any] | None = None,
    ) -> Found:
        """What a query finds. Raises SyntaxError as the engine does, ServiceError for what isn't asked elsewhere."""
        _expect_standard(query)
        _EMPTY.query(query, base_iri=base_iri, prefixes=prefixes)
        text = with_prefixes(_bound(query, substitutions or {}))
        if base_iri and "<" in text:
            text = f"BASE <{base_iri}> {text}"
        return self._found(text, _graphs(default_graph, named_graphs))

    def _found(self, text: str, given: Given | None) -> Found:
        """Whole, for several threads ask at once, and none is to hold a connection."""
        if form_of(text) in ("SELECT", "ASK"):
            return self.endpoint.results(text, given)
        return (quad.triple for quad in self.endpoint.graph(text, given))

    def rows(self, text: str) -> Iterator[QuerySolution]:
        """The rows of a SELECT while they come."""
        try:
            with self.endpoint.stream(text) as found:
                assert isinstance(found, ox.QuerySolutions)
                yield from found
        except TimeoutError as error:
            raise TooSlow(f"{self.url}: {error}") from None
        except (OSError, SyntaxError, ValueError) as error:
            raise ServiceError(f"{self.url}: its answer is damaged: {' '.join(str(error).split())[:200]}") from None


class Streamed(Elsewhere):
    """The same for one who asks one question after another: an answer is read while it comes, until the next one."""

    def __init__(self, url: str, secrets: Secrets, *, seconds: float) -> None:
        super().__init__(url, secrets, seconds=seconds)
        self._open = ExitStack()

    def _found(self, text: str, given: Given | None) -> Found:
        self.close()
        return self._open.enter_context(self.endpoint.stream(text, given))

    def close(self) -> None:
        """Let go of an answer that nobody reads any more."""
        self._open.close()


def _graphs(default: Sequence[Any] | None, named: Sequence[Any] | None) -> Given | None:
    """The parameters that name graphs; None where the default graph is the whole."""
    if (default or named) and not any(isinstance(graph, DefaultGraph) for graph in default or ()):
        return {
            "default-graph-uri": [graph.value for graph in default or ()],
            "named-graph-uri": [graph.value for graph in named or ()],
        }
    return None


def _bound(query: str, values: Mapping[Variable, Any]) -> str:
    """With the values of variables, as the first of its patterns."""
    if not values:
        return query
    at = next(found.end() for found in PARTS.finditer(query) if found["brace"])
    names, terms = " ".join(map(str, values)), " ".join(map(str, values.values()))
    return f"{query[:at]} VALUES ({names}) {{ ({terms}) }} {query[at:]}"


def _expect_standard(query: str) -> None:
    """Raises QueryError for what would be a function of the other program, such as Virtuoso's ``bif:``."""
    iris = [found["iri"] for found in PARTS.finditer(query) if found["iri"] is not None]
    odd = next((iri for iri in iris if "\\" in iri or not _KNOWN.match(iri)), None)
    if odd is None:
        code = without_strings(query)
        declared = _DECLARED.search(code) or re.search(r"\\u", code, re.IGNORECASE)
        odd = declared[0] if declared else None
    if odd is not None:
        raise QueryError(f"{odd}: not asked elsewhere, for it may call a function there; write IRIs with http or https")
