"""A query -> the answer of a SPARQL 1.1 endpoint of another program that holds the graph as a view has it.

``kg store send`` brings it there. What is asked is the endpoint's default graph; Virtuoso's would give each triple once
for each article that states it, so there the graph of the whole is asked, where it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final, Self

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
_GRAPH: Final = "application/n-triples"
_FORM: Final = re.compile(r"(?<![\w?$:@.-])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!:)", re.IGNORECASE)
_KNOWN: Final = " ".join(map(str, (*find.NAMING, v.TYPE)))
_OF_IT: Final = f"VALUES ?p {{ {_KNOWN} }} ?s ?p ?o FILTER (CONTAINS(STR(?s), '/id/'))"
"""What ``kg.find`` reads of a thing: its names and its classes."""


class Endpoint:
    """An endpoint to be asked, each question for ``seconds`` at most. Use it as a context manager.

    Raises ServiceError where it can't be reached, refuses, or answers something else than SPARQL results.
    """

    def __init__(self, url: str, secrets: Secrets | None = None, *, seconds: float) -> None:
        self.url = address(url)
        self._http = Client(secrets or Secrets(), seconds=seconds)
        self._given: dict[str, str] = {}
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
        last = f"STRENDS(STR(?g), '/id/{UNION}')"
        found = self._results(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s a {v.NEWS_ARTICLE} }} FILTER ({last}) }} LIMIT 1")
        names = [row["g"] for row in found] if isinstance(found, ox.QuerySolutions) else []
        self._given = {"default-graph-uri": names[0].value} if names else {}

    def ask(
        self, query: NamedQuery, given: Mapping[str, str] | None = None, *, allowed: Collection[str] = ()
    ) -> Answer:
        """The answer of a query, as ``kg.query.run`` gives that of a view here; raises as that does.

        Rows are in the order that the query asks for, else sorted. ``allowed`` are the endpoints that SERVICE may name.
        """
        update, is_sorted = nature(query.text)
        form = _FORM.search(code_of(query.text))
        if update or not form:
            raise QueryError(f"{query.name}: no SELECT, ASK, CONSTRUCT or DESCRIBE in it; an endpoint is only asked")
        federation.refuse(query.name, query.text, allowed)
        text = _with_prefixes(fill(ox.Store(), query, given or {}, self.meant))
        if form[1].upper() in ("SELECT", "ASK"):
            return answer_of(self._results(text), is_sorted=is_sorted)
        return Triples(tuple(sorted({quad.triple for quad in self._graph(text)}, key=str)))

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
        found = self._results(f"SELECT ?s {{ ?s a {v.NEWS_ARTICLE} FILTER (CONTAINS(STR(?s), '/id/')) }} LIMIT 1")
        first = [row["s"].value for row in found] if isinstance(found, ox.QuerySolutions) else []
        base = first[0].partition("/id/")[0] if first else v.DEFAULT_BASE.rstrip("/")
        try:
            return [NamedNode(text if "://" in text else f"{base}/id/{text}")]
        except ValueError:
            return []

    def _fetched(self, pattern: str) -> ox.Store:
        """What is known of the things ``?s`` of a pattern, with the governments of places, as a small view."""
        view = ox.Store()
        view.extend(self._graph(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"))
        beside = f"{{ SELECT DISTINCT ?s {{ {pattern} }} }}"
        for triple in (f"?s {v.SPATIAL} ?other", f"?other {v.SPATIAL} ?s"):
            view.extend(self._graph(f"CONSTRUCT {{ {triple} }} WHERE {{ {beside} {triple} }}"))
        return view

    def _results(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean:
        reply = self._post(text, _RESULTS)
        form = ox.QueryResultsFormat.from_media_type(reply.kind)
        if form is None:
            raise ServiceError(self._other(reply))
        try:
            found = ox.parse_query_results(reply.content, format=form)
            if isinstance(found, ox.QuerySolutions):  # read to its end here, where it may turn out to be cut off
                for _ in ox.parse_query_results(reply.content, format=form):  # type: ignore[union-attr]
                    pass
        except (SyntaxError, ValueError) as error:
            raise ServiceError(f"{self.url}: its answer is damaged: {_line(error)}; ask again") from error
        return found

    def _graph(self, text: str) -> list[ox.Quad]:
        reply = self._post(text, f"{_GRAPH}, text/turtle;q=0.5")
        form = ox.RdfFormat.from_media_type(reply.kind)
        if form is None:
            raise ServiceError(self._other(reply))
        try:
            return list(ox.parse(reply.content, format=form))
        except (SyntaxError, ValueError) as error:
            raise ServiceError(f"{self.url}: its answer is damaged: {_line(error)}; ask again") from error

    def _post(self, text: str, accept: str) -> Reply:
        return self._http.post(self.url, {"query": text, **self._given}, {"Accept": accept})

    def _other(self, reply: Reply) -> str:
        return f"{self.url}: answers with {reply.kind or 'nothing'}, no SPARQL results; give the endpoint's own address"


def _with_prefixes(text: str) -> str:
    """With the project's prefixes that it uses and doesn't declare, on its first line: so lines keep their numbers."""
    code = code_of(text)
    declared = {name.lower() for name in re.findall(r"\bPREFIX\s+([\w.-]+):", code, re.IGNORECASE)}
    used = [name for name in v.PREFIXES if name.lower() not in declared and re.search(rf"(?<![\w:.-]){name}:", code)]
    return " ".join([*(f"PREFIX {name}: <{v.PREFIXES[name]}>" for name in used), text])


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
