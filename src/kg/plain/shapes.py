"""Shapes as plain tests: SHACL core with paths of properties, and the queries that are to be asked beside."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg import vocabulary as v
from kg.plain import values as tests
from kg.plain.graphs import Check, Graph, Node, Pairs, Said, Unknown, listed
from kg.plain.queries import Query, query_of

Path = Callable[[Node, Graph], list[Node] | None]
"""What a path leads to from a node; None where that can't be told here."""
OfValues = Callable[[Node, list[Node], Graph], bool]
"""Whether the values of a property are surely right for a node."""

_TELLING: Final = frozenset(
    v.term(name)
    for name in (
        *(
            "rdf:type",
            "rdfs:label",
            "rdfs:comment",
            "sh:severity",
            "sh:name",
            "sh:message",
            "sh:description",
            "sh:order",
        ),
        *("sh:targetClass", "sh:path", "sh:property", "sh:sparql"),
    )
)
"""What constrains nothing by itself."""
_BOUNDS: Final[Mapping[NamedNode, Callable[[Decimal, Decimal], bool]]] = {
    v.term("sh:minInclusive"): operator.ge,
    v.term("sh:minExclusive"): operator.gt,
    v.term("sh:maxInclusive"): operator.le,
    v.term("sh:maxExclusive"): operator.lt,
}
_OF_A_VALUE: Final[Mapping[NamedNode, Callable[[Node], Check]]] = {
    v.term("sh:datatype"): tests.datatype,
    v.term("sh:nodeKind"): tests.node_kind,
    v.term("sh:minLength"): tests.min_length,
    v.term("sh:pattern"): tests.pattern,
}
_OF_A_LIST: Final[Mapping[NamedNode, Callable[[list[Node]], Check]]] = {
    v.term("sh:in"): tests.among,
    v.term("sh:languageIn"): tests.language_in,
}
_CLASS: Final = v.term("sh:class")
_NODE: Final = v.term("sh:node")
_OR: Final = v.term("sh:or")
_AND: Final = v.term("sh:and")
_PROPERTY: Final = v.term("sh:property")
_SPARQL: Final = v.term("sh:sparql")
_PATH: Final = v.term("sh:path")
_INVERSE: Final = v.term("sh:inversePath")
_MIN: Final = v.term("sh:minCount")
_MAX: Final = v.term("sh:maxCount")
_UNIQUE: Final = v.term("sh:uniqueLang")
_DISJOINT: Final = v.term("sh:disjoint")
_TRUE: Final = Literal(True)


@dataclass(frozen=True, slots=True)
class Made:
    """A node shape: the tests of a node, and the queries that have to find nothing for it."""

    checks: tuple[Check, ...]  # of the node as a whole
    required: frozenset[NamedNode]  # what a node must have
    by_property: Mapping[NamedNode, tuple[OfValues, ...]]
    queries: tuple[Query, ...]

    def is_met(self, node: Node, said: Said, graph: Graph) -> bool:
        """Whether a node surely passes the tests; the queries are another matter."""
        if not self.required <= said.keys():
            return False
        for check in self.checks:
            if not check(node, graph):
                return False
        for predicate, values in said.items():
            tests_of = self.by_property.get(predicate)
            if tests_of is not None:
                for test in tests_of:
                    if not test(node, values, graph):
                        return False
        return True


@dataclass(frozen=True, slots=True)
class _Direct:
    """The constraints on the values of one property. ``without``: whether there may be none."""

    predicate: NamedNode
    on_values: tuple[Check, ...]
    on_all: tuple[OfValues, ...]
    most: int | None
    without: bool

    def test(self, node: Node, values: list[Node], graph: Graph) -> bool:
        """Whether the values, one at least, are surely right."""
        if self.most is not None and len(values) > self.most:
            return False
        for each in self.on_all:
            if not each(node, values, graph):
                return False
        for check in self.on_values:
            for value in values:
                if not check(value, graph):
                    return False
        return True

    def check(self, node: Node, graph: Graph) -> bool:
        """The same for a node, which may have none."""
        values = graph.get(node, {}).get(self.predicate)
        return self.without if values is None else self.test(node, values, graph)


class Maker:
    """Makes tests of shapes.

    ``beside`` is what the validator sees beside a graph, ``below`` each class with its subclasses, ``stated`` the
    constraints of which it is known that they hold of what was just stated.
    """

    def __init__(self, beside: Pairs, below: Mapping[Node, set[Node]], stated: frozenset[Node]) -> None:
        self.shapes, self.below, self.stated = beside, below, stated
        self._queries: dict[Node, Query] = {}
        self.looked_at: set[NamedNode] = {v.TYPE, v.SUB_CLASS_OF}  # the properties that tests and queries look at
        self._within: list[Node] = []  # the shapes being made: one that needs itself isn't known here

    def node_shape(self, shape: Node) -> Made:
        """A node shape with a target; Unknown where a constraint of it isn't known here."""
        checks, direct, queries = self._of(shape)
        by_property: dict[NamedNode, list[OfValues]] = defaultdict(list)
        for each in direct:
            by_property[each.predicate].append(each.test)
        return Made(
            tuple(checks),
            frozenset(each.predicate for each in direct if not each.without),
            {predicate: tuple(tests) for predicate, tests in by_property.items()},
            tuple(dict.fromkeys(queries)),
        )

    def _of(self, shape: Node) -> tuple[list[Check], list[_Direct], list[Query]]:
        """The tests of a node shape, those of one property apart, and its queries."""
        if shape in self._within or shape not in self.shapes:
            raise Unknown
        self._within.append(shape)
        try:
            checks, direct, queries = self._on_values(shape), [], self._asked(shape)
            for predicate, value in self.shapes[shape]:
                if predicate == _PROPERTY:
                    made = self._property(value)
                    if isinstance(made, _Direct):
                        direct.append(made)
                    elif made is not None:
                        checks.append(made)
                    queries += self._asked(value)
        finally:
            self._within.pop()
        return checks, direct, queries

    def _condition(self, shape: Node) -> Check:
        """A shape that others ask a value to have; it can't hold queries."""
        checks, direct, queries = self._of(shape)
        if queries:
            raise Unknown
        if not self._has_parts(shape):
            return checks[0] if len(checks) == 1 else lambda node, graph: all(check(node, graph) for check in checks)
        checks += [each.check for each in direct]
        return lambda node, graph: node not in self.shapes and all(check(node, graph) for check in checks)

    def _asked(self, shape: Node) -> list[Query]:
        found = []
        for constraint in (o for p, o in self.shapes.get(shape, []) if p == _SPARQL and o not in self.stated):
            if constraint not in self._queries:
                self._queries[constraint] = query_of(constraint, self.shapes)
                self.looked_at |= self._queries[constraint].looks_at
            found.append(self._queries[constraint])
        return found

    def _on_values(self, shape: Node) -> list[Check]:
        """The constraints that each value has to meet; of a node shape, the node itself."""
        found = []
        for predicate, value in self.shapes[shape]:
            if predicate not in _TELLING and predicate not in _OF_ALL:
                found.append(self._on_value(predicate, value))
        return found

    def _on_value(self, predicate: NamedNode, value: Node) -> Check:
        if predicate in _OF_A_VALUE:
            return _OF_A_VALUE[predicate](value)
        if predicate in _OF_A_LIST:
            return _OF_A_LIST[predicate](list(listed(value, self.shapes)))
        if predicate in _BOUNDS:
            return tests.bounded(value, _BOUNDS[predicate])
        if predicate == _CLASS:
            return self._of_class([value])
        if predicate == _NODE:
            return self._condition(value)
        if predicate == _OR:
            return self._any(list(listed(value, self.shapes)))
        raise Unknown

    def _of_class(self, classes: Iterable[Node]) -> Check:
        fitting = frozenset[Node]().union(*(self.below.get(each, {each}) for each in classes))

        def check(node: Node, graph: Graph) -> bool:
            said = graph.get(node)
            return said is not None and not fitting.isdisjoint(said.get(v.TYPE, ()))

        return check

    def _any(self, shapes: list[Node]) -> Check:
        classes = [self._only_class(shape) for shape in shapes]
        known = [each for each in classes if each is not None]
        if len(known) == len(classes):  # of one of these classes: looked up once for all
            return self._of_class(known)
        checks = [self._condition(shape) for shape in shapes]
        return lambda node, graph: any(check(node, graph) for check in checks)

    def _only_class(self, shape: Node) -> Node | None:
        said = [(p, o) for p, o in self.shapes.get(shape, []) if p not in _TELLING]
        return said[0][1] if len(said) == 1 and said[0][0] == _CLASS and not self._has_parts(shape) else None

    def _has_parts(self, shape: Node) -> bool:
        return any(p in (_PROPERTY, _SPARQL) for p, _ in self.shapes.get(shape, []))

    def _property(self, shape: Node) -> Check | _Direct | None:
        """The tests of a property shape; None where it has queries only."""
        said = self.shapes.get(shape, [])
        paths = [o for p, o in said if p == _PATH]
        if len(paths) != 1 or any(p == _PROPERTY for p, _ in said):
            raise Unknown
        on_values, on_all = self._on_values(shape), [_OF_ALL[p](o) for p, o in said if p in _OF_ALL]
        self.looked_at.update(o for p, o in said if p == _DISJOINT and isinstance(o, NamedNode))
        if not on_values and not on_all:
            return None
        without = all(check_all(BlankNode(), [], {}) for check_all in on_all)
        if isinstance(paths[0], NamedNode):
            self.looked_at.add(paths[0])
            # Where there are values at all, one is there; and how many at most is seen at a glance.
            on_more = [_OF_ALL[p](o) for p, o in said if p in _OF_ALL and not _is_one_at_least(p, o) and p != _MAX]
            most = min((tests.whole(o) for p, o in said if p == _MAX), default=None)
            return _Direct(paths[0], tuple(on_values), tuple(on_more), most, without)
        path = self._path(paths[0])

        def check(node: Node, graph: Graph) -> bool:
            found = path(node, graph)
            return (
                found is not None
                and all(each(node, found, graph) for each in on_all)
                and all(each(value, graph) for value in found for each in on_values)
            )

        return check

    def _path(self, path: Node) -> Path:
        """An inverse property, or properties one after the other."""
        said = self.shapes.get(path, [])
        if len(said) == 1 and said[0][0] == _INVERSE and isinstance(said[0][1], NamedNode):
            return self._backwards(said[0][1])
        steps = [each for each in listed(path, self.shapes) if isinstance(each, NamedNode)]
        if len(steps) != len(list(listed(path, self.shapes))):
            raise Unknown

        self.looked_at.update(steps)

        def walk(node: Node, graph: Graph) -> list[Node] | None:
            reached = [node]
            for step in steps:
                if any(each in self.shapes for each in reached):
                    return None
                reached = [value for each in reached for value in graph.get(each, {}).get(step, ())]
            return list(dict.fromkeys(reached))

        return walk

    def _backwards(self, predicate: NamedNode) -> Path:
        if any(p == predicate for said in self.shapes.values() for p, _ in said):
            raise Unknown
        self.looked_at.add(predicate)
        return lambda node, graph: [subject for subject, said in graph.items() if node in said.get(predicate, ())]


def _at_least(wanted: Node) -> OfValues:
    least = tests.whole(wanted)
    return lambda _node, values, _graph: len(values) >= least


def _is_one_at_least(predicate: NamedNode, wanted: Node) -> bool:
    return predicate == _MIN and tests.whole(wanted) <= 1


def _at_most(wanted: Node) -> OfValues:
    most = tests.whole(wanted)
    return lambda _node, values, _graph: len(values) <= most


def _unique_language(wanted: Node) -> OfValues:
    if wanted != _TRUE:
        raise Unknown

    def check(_node: Node, values: list[Node], _graph: Graph) -> bool:
        if len(values) < 2:
            return True
        tags = [value.language.lower() for value in values if isinstance(value, Literal) and value.language]
        return len(set(tags)) == len(tags)

    return check


def _disjoint(other: Node) -> OfValues:
    if not isinstance(other, NamedNode):
        raise Unknown
    predicate = other

    def check(node: Node, values: list[Node], graph: Graph) -> bool:
        others = graph.get(node, {}).get(predicate, ())
        return not any(value in others for value in values)

    return check


_OF_ALL: Final[Mapping[NamedNode, Callable[[Node], OfValues]]] = {
    _MIN: _at_least,
    _MAX: _at_most,
    _UNIQUE: _unique_language,
    _DISJOINT: _disjoint,
}
"""The constraints on the values of a property together."""
