"""A query -> the answer of a SPARQL 1.1 endpoint of another program that holds the graph as a view has it.

``kg store send`` brings it there. What is asked is the endpoint's default graph; Virtuoso's would give each triple once
for each article that states it, so there the graph of the whole is asked, where it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Final, Self, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from kg import federation, find
from kg import vocabulary as v
from kg.errors import NothingFound, QueryError, ServiceError
from kg.query import NamedQuery, answer_of, code_of, fill, nature
from kg.rows import Answer, Triples
from kg.view.protocol import Client, Reply, Secrets, address
from kg.view.remote import UNION

_RESULTS: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples, text/turtle;q=0.5"
_FORM: Final = re.compile(r"(?<![\w?$:@.-])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!:)", re.IGNORECASE)
_STRING: Final = (
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
)
PARTS: Final = re.compile(rf"{_STRING}|<(?P<iri>[^<>\"{{}}|^`\s]*)>|#[^\r\n]*|(?P<brace>\{{)", re.DOTALL)
"""Strings, comments, IRIs and braces of SPARQL."""
_PREFIX: Final = re.compile(r"\bPREFIX\s*([\w.-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_FROM: Final = re.compile(r"(?<![\w?$:@.-])FROM\b(?!:)", re.IGNORECASE)
_GRAPH_OF: Final = re.compile(
    r"(?<![\w?$:@.-])GRAPH\s*(?:<(?P<iri>[^<>\s]*)>|(?P<name>[\w.-]*:[\w.%-]*)|[?$])", re.IGNORECASE
)
_KNOWN: Final = " ".join(map(str, (*find.NAMING, v.TYPE)))
_OF_IT: Final = f"VALUES ?p {{ {_KNOWN} }} ?s ?p ?o FILTER (CONTAINS(STR(?s), '/id/'))"
"""What ``kg.find`` reads of a thing: its names and its classes."""


Found = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]
Given = Mapping[str, str | Sequence[str]]
"""Parameters of the protocol that name graphs."""


class Endpoint:
    """An endpoint to be asked, each question for ``seconds`` at most. Use it as a context manager.

    Raises ServiceError where it can't be reached, refuses, or answers something else than SPARQL results.
    """

    def __init__(self, url: str, secrets: Secrets | None = None, *, seconds: float) -> None:
        self.url = address(url)
        self._time: Given = {}
        self._seconds = seconds
        self._http = Client(secrets or Secrets(), seconds=seconds)
        self.union: NamedNode | None = None
        """The graph of the whole, where it is a named one."""
        try:
            self._choose()
        except BaseException:
            self._http.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _choose(self) -> None:
        """Ask the graph of the whole from now on, where it is Virtuoso that holds one."""
        if not self._post("ASK {}", _RESULTS).is_virtuoso:
            return
        self._time = {
            "timeout": str(max(1000, round(1000 * self._seconds)))
        }  # or it goes on when nobody waits any more
        last = f"STRENDS(STR(?g), '/id/{UNION}')"
        found = self.results(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s a {v.NEWS_ARTICLE} }} FILTER ({last}) }} LIMIT 1")
        names = [row["g"] for row in found] if isinstance(found, ox.QuerySolutions) else []
        self.union = names[0] if names else None

    def ask(
        self, query: NamedQuery, given: Mapping[str, str] | None = None, *, allowed: Collection[str] = ()
    ) -> Answer:
        """The answer of a query, as ``kg.query.run`` gives that of a view here; raises as that does.

        Rows are in the order that the query asks for, else sorted. ``allowed`` are the endpoints that SERVICE may name.
        """
        update, is_sorted = nature(query.text)
        form = form_of(query.text)
        if update or not form:
            raise QueryError(f"{query.name}: no SELECT, ASK, CONSTRUCT or DESCRIBE in it; an endpoint is only asked")
        federation.refuse(query.name, query.text, allowed)
        text = with_prefixes(fill(ox.Store(), query, given or {}, self.meant))
        if form in ("SELECT", "ASK"):
            return answer_of(self.results(text), is_sorted=is_sorted)
        return Triples(tuple(sorted({quad.triple for quad in self.graph(text)}, key=str)))

    def meant(self, name: str) -> list[NamedNode]:
        """The ids that a name stands for, as ``kg.find.meant`` reads it. Raises NothingFound.

        What is an id or written out is looked up there; only for another spelling all names are fetched.
        """
        try:
            return find.meant(self._fetched(self._looked_up(name)), name)
        except NothingFound:
            return find.meant(self._fetched(_OF_IT), name)

    def _looked_up(self, name: str) -> str:
        """The pattern that finds what has exactly this id or name."""
        ids = " ".join(str(node) for node in self._ids(name))
        names = " ".join(map(str, (Literal(name), *(Literal(name, language=lang) for lang in find.LANGUAGES))))
        naming = " ".join(map(str, find.NAMING))
        by_name = f"{{ VALUES ?name {{ {names} }} VALUES ?by {{ {naming} }} ?s ?by ?name }}"
        by_id = f"{{ VALUES ?s {{ {ids} }} ?s ?any ?value }} UNION " if ids else ""
        return f"{{ SELECT DISTINCT ?s {{ {by_id}{by_name} }} }} {_OF_IT}"

    def _ids(self, name: str) -> list[NamedNode]:
        """The ids that the text may be, whole or without what ids here begin with."""
        text = name.removeprefix("<").removesuffix(">").removeprefix("id/")
        if "/" not in text:
            return []
        try:
            return [NamedNode(text if "://" in text else f"{self.base()}id/{text}")]
        except ValueError:
            return []

    def base(self) -> str:
        """What the ids there begin with, as its articles tell."""
        found = self.results(f"SELECT ?s {{ ?s a {v.NEWS_ARTICLE} FILTER (CONTAINS(STR(?s), '/id/')) }} LIMIT 1")
        first = [row["s"].value for row in found] if isinstance(found, ox.QuerySolutions) else []
        return f"{first[0].partition('/id/')[0]}/" if first else v.DEFAULT_BASE

    def _fetched(self, pattern: str) -> ox.Store:
        """What is known of the things ``?s`` of a pattern, with the governments of places, as a small view."""
        view = ox.Store()
        view.extend(self.graph(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"))
        beside = f"{{ SELECT DISTINCT ?s {{ {pattern} }} }}"
        for triple in (f"?s {v.SPATIAL} ?other", f"?other {v.SPATIAL} ?s"):
            view.extend(self.graph(f"CONSTRUCT {{ {triple} }} WHERE {{ {beside} {triple} }}"))
        return view

    def results(self, text: str, given: Given | None = None) -> ox.QuerySolutions | ox.QueryBoolean:
        """What a SELECT or ASK finds; whole. Raises ServiceError."""
        reply = self._post(text, _RESULTS, given)
        form = ox.QueryResultsFormat.from_media_type(reply.kind)
        if form is None:
            raise ServiceError(self._other(reply.kind))
        try:
            found = ox.parse_query_results(reply.content, format=form)
            if isinstance(found, ox.QuerySolutions):  # read to its end here, where it may turn out to be cut off
                for _ in ox.parse_query_results(reply.content, format=form):  # type: ignore[union-attr]
                    pass
        except (SyntaxError, ValueError) as error:
            raise ServiceError(f"{self.url}: its answer is damaged: {_line(error)}; ask again") from error
        return found

    def graph(self, text: str, given: Given | None = None) -> list[ox.Quad]:
        """What a CONSTRUCT or DESCRIBE finds. Raises ServiceError."""
        reply = self._post(text, _TRIPLES, given)
        form = ox.RdfFormat.from_media_type(reply.kind)
        if form is None:
            raise ServiceError(self._other(reply.kind))
        try:
            return list(ox.parse(reply.content, format=form))
        except (SyntaxError, ValueError) as error:
            raise ServiceError(f"{self.url}: its answer is damaged: {_line(error)}; ask again") from error

    @contextmanager
    def stream(self, text: str, given: Given | None = None) -> Iterator[Found]:
        """The answer of a query of any form, read while it comes; ``given`` names other graphs than the whole.

        Raises ServiceError; whoever reads the answer may see SyntaxError, TimeoutError and ConnectionError.
        """
        is_graph = form_of(text) in ("CONSTRUCT", "DESCRIBE")
        asked = {"query": text, **self._time, **(self._graphs_of(text) if given is None else given)}
        with self._http.stream(self.url, asked, {"Accept": _TRIPLES if is_graph else _RESULTS}) as (kind, answer):
            rows, triples = ox.QueryResultsFormat.from_media_type(kind), ox.RdfFormat.from_media_type(kind)
            if is_graph and triples is not None:
                yield (quad.triple for quad in ox.parse(cast(IO[bytes], answer), format=triples))
            elif not is_graph and rows is not None:
                yield ox.parse_query_results(cast(IO[bytes], answer), format=rows)
            else:
                raise ServiceError(self._other(kind))

    def _post(self, text: str, accept: str, given: Given | None = None) -> Reply:
        asked = {"query": text, **self._time, **(self._graphs_of(text) if given is None else given)}
        return self._http.post(self.url, asked, {"Accept": accept})

    def _graphs_of(self, text: str) -> Given:
        """The parameters that make a query see the whole; none where it names graphs of its own with FROM.

        Beside them Virtuoso answers wrongly for a graph that GRAPH names and they don't. Raises QueryError where it
        can't be asked rightly.
        """
        code = without_strings(text)
        if self.union is None or _FROM.search(code_of(text)):
            return {}
        prefixes = {**v.PREFIXES, **{found[1]: found[2] for found in _PREFIX.finditer(code)}}
        named, is_any = [], False
        for found in _GRAPH_OF.finditer(code):
            prefix, colon, local = (found["name"] or "").partition(":")
            is_any = is_any or not (found["iri"] or colon)
            named += [found["iri"]] if found["iri"] else [prefixes.get(prefix, "") + local] if colon else []
        if named and is_any:
            raise QueryError("GRAPH with an address and GRAPH with a variable: Virtuoso needs FROM and FROM NAMED, too")
        return {"default-graph-uri": self.union.value, **({"named-graph-uri": named} if named else {})}

    def _other(self, kind: str) -> str:
        return f"{self.url}: answers with {kind or 'nothing'}, no SPARQL results; give the endpoint's own address"


def form_of(text: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; empty where it is none of them."""
    found = _FORM.search(code_of(text))
    return found[1].upper() if found else ""


def with_prefixes(text: str) -> str:
    """With the project's prefixes that it uses and doesn't declare, on its first line: so lines keep their numbers."""
    code = code_of(text)
    declared = {name.lower() for name in re.findall(r"\bPREFIX\s+([\w.-]+):", code, re.IGNORECASE)}
    used = [name for name in v.PREFIXES if name.lower() not in declared and re.search(rf"(?<![\w:.-]){name}:", code)]
    return " ".join([*(f"PREFIX {name}: <{v.PREFIXES[name]}>" for name in used), text])


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def without_strings(text: str) -> str:
    """A query without strings, comments and opening braces: keywords, names and IRIs."""
    return PARTS.sub(lambda found: " " if found["iri"] is None else found[0], text)
