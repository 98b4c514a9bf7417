"""The doubtful shapes of a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from kg import vocabulary as v
from kg.plain.graphs import Graph, Node, Pairs, Said, Unknown, indexed, subclasses
from kg.plain.queries import Query, found_by
from kg.plain.shapes import Made, Maker

_TARGET_CLASS: Final = v.term("sh:targetClass")
_STATED: Final = NamedNode(v.SHAPES_BASE + "holdsAsStated")
_REACHING_FURTHER: Final = frozenset(
    v.term(f"sh:{name}") for name in ("targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
)
_CLASSES: Final = frozenset((v.term("rdfs:Class"), v.term("owl:Class")))


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    made: Made | None  # None: only the validator knows
    queries: tuple[Query, ...]


class Plain:
    """The shapes of these names as plain tests. ``background``: shapes and ontology, which the validator sees too."""

    def __init__(self, names: Iterable[str], background: Collection[Triple]) -> None:
        beside: Pairs = _grouped(background)
        below = subclasses(beside)
        self._subjects = frozenset(beside)
        self._behind: dict[Node, list[Triple]] = defaultdict(list)
        for triple in background:
            self._behind[triple.predicate].append(triple)
        stated = frozenset(node for node, said in beside.items() if any(p == _STATED for p, _ in said))
        maker = Maker(beside, below, stated)
        self._names = set(names)
        self._always = set()
        of_class: dict[Node, list[_Entry]] = defaultdict(list)
        for name in sorted(self._names):
            said = beside[NamedNode(name)]
            if any(p in _REACHING_FURTHER or (p == v.TYPE and o in _CLASSES) for p, o in said):
                self._always.add(name)
                continue
            made = _made(maker, name)
            entry = _Entry(name, made, made.queries if made else ())
            for kind in {each for p, o in said if p == _TARGET_CLASS for each in below.get(o, {o})}:
                of_class[kind].append(entry)
        self._of_class: dict[Node, list[_Entry]] = dict(of_class)
        self._looked_at = frozenset(maker.looked_at)

    def doubtful(self, triples: Iterable[tuple[Node, NamedNode, Node]]) -> set[str]:
        """The names of the shapes that a graph of what was just stated may break; a triple may come several times."""
        graph = indexed(triples, self._looked_at)
        found = set(self._always)
        values = _Values(graph, self._behind)
        asked: dict[Query, list[Node]] = defaultdict(list)
        asking: dict[Query, set[str]] = defaultdict(set)
        for node, said in graph.items():
            if v.SUB_CLASS_OF in said:
                return self._names
            for entry in self._entries(said):
                if not self._is_met(entry, node, said, graph):
                    found.add(entry.name)
                    continue
                for query in entry.queries:
                    if query.may_find(said) and (query.reached is None or values.may_have(query.reached, node)):
                        asked[query].append(node)
                        asking[query].add(entry.name)
        still = {query: nodes for query, nodes in asked.items() if not asking[query] <= found}
        for query in found_by(still, graph, self._behind) if still else ():
            found |= asking[query]
        return found

    def _entries(self, said: Said) -> Sequence[_Entry]:
        kinds = said.get(v.TYPE, ())
        if len(kinds) == 1:
            return self._of_class.get(kinds[0], ())
        return [entry for kind in kinds for entry in self._of_class.get(kind, ())]

    def _is_met(self, entry: _Entry, node: Node, said: Said, graph: Graph) -> bool:
        return (
            entry.made is not None
            and isinstance(node, NamedNode)
            and node not in self._subjects
            and entry.made.is_met(node, said, graph)
        )


class _Values:
    """The values of properties in a graph, gathered when they are asked for; of one in the background any may be."""

    def __init__(self, graph: Graph, background: Mapping[Node, object]) -> None:
        self._graph, self._background = graph, background
        self._known: dict[frozenset[NamedNode], set[Node] | None] = {}

    def may_have(self, properties: frozenset[NamedNode], node: Node) -> bool:
        """Whether a node may be a value of one of these properties."""
        if properties not in self._known:
            self._known[properties] = self._gathered(properties)
        found = self._known[properties]
        return found is None or node in found

    def _gathered(self, properties: frozenset[NamedNode]) -> set[Node] | None:
        if any(each in self._background for each in properties):
            return None
        return {value for said in self._graph.values() for each in properties for value in said.get(each, ())}


def _made(maker: Maker, name: str) -> Made | None:
    try:
        return maker.node_shape(NamedNode(name))
    except Unknown:
        return None


def _grouped(triples: Iterable[Triple]) -> Pairs:
    found: dict[Node, list[tuple[NamedNode, Node]]] = defaultdict(list)
    for triple in triples:
        found[triple.subject].append((triple.predicate, triple.object))
    return dict(found)
