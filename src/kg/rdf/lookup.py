"""What is looked up by subject, predicate and object: a store, or the few triples of one graph without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode
from pyoxigraph import Triple as EngineTriple

from kg.rdf.terms import Object
from kg.rdf.triples import Triple

Node = NamedNode | BlankNode | Literal | EngineTriple


class Found(Protocol):
    """A triple or quad that was found."""

    @property
    def subject(self) -> NamedNode | BlankNode | EngineTriple:
        """What something is said of."""
        ...

    @property
    def object(self) -> Node:
        """What is said."""
        ...


class Lookup(Protocol):
    """Where graphs are looked up; ``pyoxigraph.Store`` is one."""

    def quads_for_pattern(
        self, subject: NamedNode | None, predicate: NamedNode, value: Object | None, graph_name: NamedNode, /
    ) -> Iterator[Found]:
        """What fits, in no order; None stands for any term."""
        ...


class OneGraph:
    """The triples of one graph, some hundred: a store takes longer to be filled with them than to be asked."""

    def __init__(self, name: NamedNode, triples: Iterable[Triple]) -> None:
        self.name = name
        self._by_predicate: dict[NamedNode, list[Triple]] = defaultdict(list)
        self._by_subject: dict[tuple[NamedNode, NamedNode], list[Triple]] = defaultdict(list)
        for triple in triples:
            self._by_predicate[triple.predicate].append(triple)
            self._by_subject[triple.subject, triple.predicate].append(triple)

    def quads_for_pattern(
        self, subject: NamedNode | None, predicate: NamedNode, value: Object | None, graph_name: NamedNode, /
    ) -> Iterator[Triple]:
        """What fits, in no order; None stands for any term. Nothing where another graph is asked for."""
        if graph_name != self.name:
            return iter(())
        if subject is None:
            found = self._by_predicate.get(predicate, [])
        else:
            found = self._by_subject.get((subject, predicate), [])
        return iter(found) if value is None else (triple for triple in found if triple.object == value)
