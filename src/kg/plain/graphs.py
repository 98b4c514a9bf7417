"""A graph as the tests walk it, and a shapes graph as they are made of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg import vocabulary as v

Node = NamedNode | BlankNode | Literal | Triple
Said = dict[NamedNode, list[Node]]
Graph = dict[Node, Said]
"""What is said of each subject: the values of each of its properties, each once."""
Check = Callable[[Node, Graph], bool]
"""Whether a node surely passes."""
Pairs = Mapping[Node, list[tuple[NamedNode, Node]]]

FIRST = v.term("rdf:first")
REST = v.term("rdf:rest")
NIL = v.term("rdf:nil")


class Unknown(Exception):
    """A constraint that isn't known here: the validator has to be asked."""


def indexed(triples: Iterable[tuple[Node, NamedNode, Node]], looked_at: Collection[NamedNode]) -> Graph:
    """What is said by way of these properties; a triple may come several times."""
    found: Graph = {}
    for subject, predicate, value in triples:
        if predicate not in looked_at:
            continue
        said = found.get(subject)
        if said is None:
            found[subject] = {predicate: [value]}
        elif predicate not in said:
            said[predicate] = [value]
        elif value not in said[predicate]:
            said[predicate].append(value)
    return found


def listed(head: Node, shapes: Pairs) -> Iterator[Node]:
    """The members of an RDF list; Unknown where it is none."""
    seen = set()
    while head != NIL:
        cells = dict(shapes.get(head, []))
        if head in seen or len(cells) != len(shapes.get(head, [])) or not {FIRST, REST} <= cells.keys():
            raise Unknown
        seen.add(head)
        yield cells[FIRST]
        head = cells[REST]


def subclasses(pairs: Pairs) -> dict[Node, set[Node]]:
    """Each class with itself and all that are below it."""
    above = {node: [o for p, o in said if p == v.SUB_CLASS_OF] for node, said in pairs.items()}
    found: dict[Node, set[Node]] = {}
    for node in above:
        waiting, seen = [node], set()
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                found.setdefault(one, {one}).add(node)
                waiting += above.get(one, [])
    return found
