"""A view in a SPARQL 1.1 store of another program, asked and changed over HTTP (SPARQL 1.1 Protocol and Update).

Every request may be made again, for what it puts in or takes out is the same the second time; so what may pass is
tried again.

Most stores have a default graph that can be written. Virtuoso's is all its graphs, with a triple once for each of them;
there the whole lies in the graph ``id/union``. Virtuoso (7.2) also reads no more than a few hundred triples a request,
and carries one out statement by statement: what comes is put in before what goes is taken out, and a reader may meet an
article between the two. Elsewhere one article is one request, and that one transaction.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Self

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import vocabulary as v
from kg.store.updates import patterns
from kg.view.protocol import Client, Reply, Secrets, address

SECONDS: Final = 120.0
TRIES: Final = 4
UNION: Final = "union"
"""The graph below ``id/`` that holds each triple once, where the default graph can't."""
_FEW: Final = 500
"""Quads a statement for Virtuoso: it makes ten lines of a program of each, and reads no program of 10,000 lines."""
_GRAPHS: Final = 20
"""Graphs a question: Virtuoso loses rows of a long VALUES."""
_DECIMAL: Final = v.term("xsd:decimal")
_INTEGER: Final = v.term("xsd:integer")


class Remote:
    """A store of another program, as a place of a view. Use it as a context manager.

    ``query`` and ``update`` are its addresses, ``base`` what the ids of the view begin with: nothing else there is
    touched. Raises ServiceError where it can't be reached or answers otherwise than it should.
    """

    def __init__(self, query: str, update: str | None, base: str, secrets: Secrets | None = None) -> None:
        self.query_url, self.update_url = address(query), address(update or query)
        self.base = base
        self._http = Client(secrets or Secrets(), seconds=SECONDS, tries=TRIES)
        self._union: NamedNode | None = None
        try:
            self._is_virtuoso = self._look()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _look(self) -> bool:
        """Which program it is; what it can't do isn't told by its service description."""
        answer = self._ask("ASK {}", "application/sparql-results+json")
        found = answer.is_virtuoso
        self._union = NamedNode(f"{self.base}id/{UNION}") if found else None
        return found

    # ---- as a place

    def held(self, graphs: Iterable[NamedNode]) -> set[Quad]:
        """The quads of these named graphs."""
        found = set()
        for graph in graphs:
            text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
            for quad in self._triples(text):
                found.add(Quad(quad.subject, quad.predicate, quad.object, graph))
        return found

    def stored(self, quads: Iterable[Quad]) -> set[Quad]:
        """The quads as this store gives them back. Virtuoso writes numbers in the shortest way: 0.90 as 0.9."""
        return {_shortest(quad) for quad in quads} if self._is_virtuoso else set(quads)

    def change(self, gone: Collection[Quad], new: Collection[Quad]) -> None:
        """Take quads of named graphs out and put others in, and let the whole follow.

        A triple leaves the whole with the last named graph that has it.
        """
        alone = self._alone(set(gone), {quad.triple for quad in new}) if gone else []
        taken = [*gone, *(self._whole(triple) for triple in alone)]
        for text in self._statements(taken, [*new, *(self._whole(quad.triple) for quad in new)]):
            self._update(text)

    def graphs(self) -> set[NamedNode]:
        """The named graphs of the view that it holds; not the one of the whole."""
        text = (
            f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), {Literal(self.base)})) }}"
        )
        rows = {row["g"] for row in self.rows(text)}
        return {graph for graph in rows if isinstance(graph, NamedNode) and graph != self._union}

    def sizes(self, graphs: Sequence[NamedNode]) -> dict[NamedNode, int]:
        """How many quads each of these named graphs has; those with none are left out."""
        found: dict[NamedNode, int] = {}
        for start in range(0, len(graphs), _GRAPHS):
            names = " ".join(map(str, graphs[start : start + _GRAPHS]))
            text = f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
            found |= {row["g"]: int(row["n"].value) for row in self.rows(text)}
        return found

    def whole(self) -> Iterator[Triple]:
        """Each triple of all graphs, once."""
        where = "?s ?p ?o" if self._union is None else f"GRAPH {self._union} {{ ?s ?p ?o }}"
        return self._triples(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}")

    def rows(self, text: str, *, whole: bool = False) -> Any:
        """The solutions of a SELECT; with ``whole`` what stands outside of GRAPH is asked of the whole."""
        given = {"default-graph-uri": self._union.value} if whole and self._union is not None else {}
        answer = self._ask(text, "application/sparql-results+json", given)
        return ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.JSON)

    def _triples(self, text: str) -> Iterator[Triple]:
        answer = self._ask(text, "application/n-triples")
        for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES):
            yield quad.triple

    def _whole(self, triple: Triple) -> Quad:
        if self._union is None:
            return Quad(triple.subject, triple.predicate, triple.object)
        return Quad(triple.subject, triple.predicate, triple.object, self._union)

    def _alone(self, gone: set[Quad], new: set[Triple]) -> list[Triple]:
        """The triples that no named graph has any more. Asked by graph: Virtuoso loses rows of a long VALUES."""
        graphs = sorted({quad.graph_name for quad in gone if isinstance(quad.graph_name, NamedNode)}, key=str)
        kept = new | {quad.triple for quad in self.held(graphs) - gone}
        own = ", ".join(map(str, [*graphs, *([self._union] if self._union is not None else [])]))
        for graph in graphs:
            inside = f"GRAPH {graph} {{ ?s ?p ?o }} GRAPH ?other {{ ?s ?p ?o }} FILTER (?other NOT IN ({own}))"
            kept |= set(self._triples(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {inside} }}"))
        return [triple for triple in dict.fromkeys(quad.triple for quad in gone) if triple not in kept]

    # ---- as statements

    def _statements(self, gone: Sequence[Quad], new: Sequence[Quad]) -> Iterator[str]:
        if self._is_virtuoso:
            yield from (f"INSERT DATA {{ {patterns(part)} }}" for part in _parts(new))
            yield from (f"DELETE DATA {{ {patterns(part)} }}" for part in _parts(gone))
        elif gone or new:
            yield f"DELETE DATA {{ {_written(gone)} }} ;\nINSERT DATA {{ {_written(new)} }}"

    def _update(self, text: str) -> None:
        self._http.post(self.update_url, text.encode(), {"Content-Type": "application/sparql-update"})

    def _ask(self, text: str, form: str, given: Mapping[str, str] | None = None) -> Reply:
        return self._http.post(self.query_url, {"query": text, **(given or {})}, {"Accept": form})


def _written(quads: Iterable[Quad]) -> str:
    """The inside of INSERT DATA or DELETE DATA."""
    every = list(quads)
    bare = [quad for quad in every if isinstance(quad.graph_name, ox.DefaultGraph)]
    named = [quad for quad in every if not isinstance(quad.graph_name, ox.DefaultGraph)]
    return "\n".join([patterns(named), *(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in bare)])


def _parts(quads: Iterable[Quad]) -> Iterator[Sequence[Quad]]:
    """Parts of one graph each: of a statement over several, Virtuoso doesn't take out all."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        graphs[str(quad.graph_name)].append(quad)
    for inside in graphs.values():
        for start in range(0, len(inside), _FEW):
            yield inside[start : start + _FEW]


def _shortest(quad: Quad) -> Quad:
    """With a decimal number in the shortest way: without zeros at its end, and one without a fraction as an integer."""
    object_ = quad.object
    if not isinstance(object_, Literal) or object_.datatype != _DECIMAL:
        return quad
    number = Decimal(object_.value)
    text = format(number.normalize(), "f")
    return Quad(
        quad.subject, quad.predicate, Literal(text, datatype=_DECIMAL if "." in text else _INTEGER), quad.graph_name
    )


def name_of(query: str) -> str:
    """A name for files about a store at an address; the address itself isn't in it."""
    return hashlib.sha256(query.encode()).hexdigest()[:12]
