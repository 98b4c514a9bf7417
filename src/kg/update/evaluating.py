"""Operations over what is there -> the quads that they take out and put in, all in graphs of the user's own.

Each operation sees what those before it did. Patterns read all that may be seen: the view. Where an operation has a
pattern and others came before it, the pattern is asked of a copy of the view that has their changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from kg import vocabulary as v
from kg.errors import QueryError
from kg.records import record
from kg.update.own import Own
from kg.update.reading import Data, Load, Manage, Modify, NotUnderstood, Operation, Place

Term = NamedNode | BlankNode | Literal | Triple
MOST: Final = 1_000_000
"""Quads that one request may change."""


class Conflict(QueryError):
    """An update that the graphs as they are don't allow."""


class TooMuch(QueryError):
    """An update that changes more than one may."""


@record(frozen=True, slots=True)
class Delta:
    """What an update takes out, of what is there, and puts in, of what is not."""

    gone: frozenset[Quad]
    new: frozenset[Quad]


@record(frozen=True, slots=True)
class Graphs:
    """What is there: ``kept`` has the own graphs as they are, by name in ``names``; ``view`` all that may be seen.

    ``copy`` gives a copy of the view that may be written to.
    """

    kept: Store
    names: frozenset[NamedNode]
    view: Store
    copy: Callable[[], Store]


def evaluate(operations: Iterable[Operation], graphs: Graphs, own: Own, base: str, *, most: int = MOST) -> Delta:
    """What the operations change. Blank nodes are kept as IRIs (RDF 1.1, 3.5), so that they can be taken out again.

    ``base`` is what relative IRIs are relative to. Raises QueryError: Forbidden, Conflict, TooMuch.
    """
    state = _State(graphs, own, base, most)
    for operation in operations:
        state.do(operation)
    return Delta(frozenset(state.gone), frozenset(state.new))


class _State:
    """The own graphs as the operations so far leave them."""

    def __init__(self, graphs: Graphs, own: Own, base: str, most: int) -> None:
        self.gone: set[Quad] = set()
        self.new: set[Quad] = set()
        self._graphs = graphs
        self._own = own
        self._base = base
        self._most = most
        self._copy: Store | None = None

    def do(self, operation: Operation) -> None:
        if isinstance(operation, Data):
            self._insert_or_delete(operation)
        elif isinstance(operation, Modify):
            self._change(*self._found(operation))
        elif isinstance(operation, Manage):
            _MANAGE[operation.action](self, operation)
        else:
            self._load(operation)

    # ---- what is asked

    def _found(self, operation: Modify) -> tuple[set[Quad], set[Quad]]:
        """What the templates give for every solution: to take out, and to put in."""
        gone, new = set[Quad](), set[Quad]()
        for row in self._rows(operation):
            gone.update(self._filled(operation, operation.delete, row))
            new.update(self._filled(operation, operation.insert, row))
            if len(gone) + len(new) > self._most:
                raise TooMuch(f"the update changes more than {self._most:,} statements; change fewer at once")
        return gone, new

    def _rows(self, operation: Modify) -> Iterator[Mapping[str, Term]]:
        defaults: object = list(operation.default_graphs) if operation.default_graphs is not None else None
        if defaults is None and operation.with_ is not None:
            defaults = operation.with_
        named: list[NamedNode | BlankNode] | None = None
        if operation.named_graphs is not None:
            named = list(operation.named_graphs)
        try:
            found = self._asked().query(
                operation.where,
                base_iri=self._base,
                prefixes=v.PREFIXES,
                default_graph=defaults,  # type: ignore[arg-type]
                named_graphs=named,
            )
            assert isinstance(found, QuerySolutions)
            names = [variable.value for variable in found.variables]
            for row in found:
                yield {name: value for name in names if (value := row[name]) is not None}
        except SyntaxError as error:
            raise NotUnderstood(f"the pattern is not understood ({' '.join(str(error).split())[:200]})") from error

    def _filled(self, operation: Modify, template: Iterable[Quad], row: Mapping[str, Term]) -> Iterator[Quad]:
        """The quads of a template for a solution, without those that would be none. Each has blank nodes of its own."""
        filler = _Filler(operation.mark, row, self._genid)
        for quad in template:
            subject, predicate, object_ = (filler.term(term) for term in (quad.subject, quad.predicate, quad.object))
            graph = filler.term(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else operation.with_
            is_unbound = isinstance(quad.graph_name, NamedNode) and graph is None
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and object_ and not is_unbound:
                yield Quad(subject, predicate, object_, self._own.target(graph or DefaultGraph()))

    def _genid(self, label: str) -> NamedNode:
        return NamedNode(f"{self._own.base}.well-known/genid/{label}")

    # ---- what is changed

    def _change(self, gone: Iterable[Quad], new: Iterable[Quad]) -> None:
        """Take out, then put in."""
        for quad in gone:
            if quad in self.new:
                self.new.discard(quad)
            elif quad in self._graphs.kept:
                self.gone.add(quad)
            else:
                continue
            if self._copy is not None:
                _take_out(self._copy, quad)
        for quad in new:
            if quad in self.gone:
                self.gone.discard(quad)
            elif quad not in self._graphs.kept:
                self.new.add(quad)
            if self._copy is not None:
                _put_in(self._copy, quad)
        if len(self.gone) + len(self.new) > self._most:
            raise TooMuch(f"the update changes more than {self._most:,} statements; change fewer at once")

    def _asked(self) -> Store:
        """What patterns are asked of: the view, or a copy of it that has the changes so far."""
        if self._copy is None and (self.gone or self.new):
            self._copy = self._graphs.copy()
            for quad in self.gone:
                _take_out(self._copy, quad)
            for quad in self.new:
                _put_in(self._copy, quad)
        return self._graphs.view if self._copy is None else self._copy  # an empty one counts as false

    def _insert_or_delete(self, operation: Data) -> None:
        filler = _Filler("", {}, self._genid)
        quads = []
        for quad in operation.quads:
            subject, object_ = filler.term(quad.subject), filler.term(quad.object)
            assert isinstance(subject, NamedNode)
            assert object_ is not None
            quads.append(Quad(subject, quad.predicate, object_, self._own.target(quad.graph_name)))
        self._change(*(((), quads) if operation.is_insert else (quads, ())))

    # ---- whole graphs

    def _quads(self, graph: NamedNode) -> set[Quad]:
        """What a graph has now; of one that isn't own, what may be seen of it."""
        is_own = graph in self._names()
        found = set((self._graphs.kept if is_own else self._graphs.view).quads_for_pattern(None, None, None, graph))
        return (found - self.gone) | {quad for quad in self.new if quad.graph_name == graph}

    def _names(self) -> set[NamedNode]:
        return {*self._graphs.names, *(quad.graph_name for quad in self.new if isinstance(quad.graph_name, NamedNode))}

    def _clear(self, operation: Manage) -> None:
        for graph in self._meant(operation.target):
            self._change(self._quads(graph), ())

    def _meant(self, place: Place) -> list[NamedNode]:
        if isinstance(place, NamedNode):
            return [self._own.target(place)]
        if place == "default":
            return [self._own.default]
        return sorted(self._names() - ({self._own.default} if place == "named" else set()), key=str)

    def _create(self, operation: Manage) -> None:
        (graph,) = self._meant(operation.target)
        if self._quads(graph) and not operation.is_silent:
            raise Conflict(f"{graph} exists; CREATE SILENT lets it be")

    def _copy_graph(self, operation: Manage) -> None:
        """ADD, COPY, MOVE."""
        (target,) = self._meant(operation.target)
        is_own = operation.action == "move" or not isinstance(operation.source, NamedNode)
        source = self._meant(operation.source)[0] if is_own and operation.source else operation.source
        assert isinstance(source, NamedNode)
        found = self._quads(source)
        if not found and source != self._own.default and not operation.is_silent:
            raise Conflict(f"{source} has nothing to {operation.action}; with SILENT that is no mistake")
        if source == target:
            return
        if operation.action != "add":
            self._change(self._quads(target), ())
        filler = _Filler("", {}, self._genid)
        self._change((), [_in_graph(quad, target, filler) for quad in found])
        if operation.action == "move":
            self._change(found, ())

    def _load(self, operation: Load) -> None:
        (target,) = self._meant(operation.target)
        fetched = Store()
        try:
            fetched.update(f"LOAD <{operation.address}>")
        except (SyntaxError, ValueError, RuntimeError, OSError) as error:
            if operation.is_silent:
                return
            raise Conflict(f"<{operation.address}> can't be loaded ({' '.join(str(error).split())[:200]})") from error
        filler = _Filler("", {}, lambda _: self._genid(uuid.uuid4().hex))
        self._change((), [_in_graph(quad, target, filler) for quad in fetched])


class _Filler:
    """Terms of one solution. Blank nodes of a template are new ones; those that were found stay the same ones."""

    def __init__(self, mark: str, row: Mapping[str, Term], genid: Callable[[str], NamedNode]) -> None:
        self._mark = mark
        self._row = row
        self._genid = genid
        self._new: dict[str, NamedNode] = {}

    def term(self, term: object) -> NamedNode | Literal | Triple | None:
        """The term that stands there; None where nothing does."""
        if isinstance(term, NamedNode) and self._mark and term.value.startswith(self._mark):
            found = self._row.get(term.value.removeprefix(self._mark))
            return self._genid(found.value) if isinstance(found, BlankNode) else found
        if isinstance(term, BlankNode):
            return self._new.setdefault(term.value, self._genid(uuid.uuid4().hex))
        if isinstance(term, Triple):
            subject, predicate, object_ = map(self.term, (term.subject, term.predicate, term.object))
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and object_:
                return Triple(subject, predicate, object_)
            return None
        return term if isinstance(term, NamedNode | Literal) else None


def _in_graph(quad: Quad, graph: NamedNode, filler: _Filler) -> Quad:
    subject, object_ = filler.term(quad.subject), filler.term(quad.object)
    assert isinstance(subject, NamedNode)
    assert object_ is not None
    return Quad(subject, quad.predicate, object_, graph)


def _take_out(view: Store, quad: Quad) -> None:
    """Also from the default graph, which has the triples of all graphs."""
    view.remove(quad)
    left = view.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    if all(isinstance(other.graph_name, DefaultGraph) for other in left):
        view.remove(Quad(quad.subject, quad.predicate, quad.object))


def _put_in(view: Store, quad: Quad) -> None:
    view.add(quad)
    view.add(Quad(quad.subject, quad.predicate, quad.object))


_MANAGE: Final[Mapping[str, Callable[[_State, Manage], None]]] = {
    "clear": _State._clear,  # noqa: SLF001 - the table of the class itself
    "drop": _State._clear,  # noqa: SLF001
    "create": _State._create,  # noqa: SLF001
    "add": _State._copy_graph,  # noqa: SLF001
    "copy": _State._copy_graph,  # noqa: SLF001
    "move": _State._copy_graph,  # noqa: SLF001
}
