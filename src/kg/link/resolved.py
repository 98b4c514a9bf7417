"""Quads as if every article wrote the ids of the persons and bodies that it means; the store stays as it is.

What stands in an article's graphs is never rewritten, so that taking a merge back restores all of it. The view
(``kg.view``) has the graphs as they are meant, and is what is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad

from kg import vocabulary as v
from kg.link.identity_graph import (
    IN,
    NAME,
    OF,
    WRITTEN,
    Identities,
    identities,
    key_of,
    node_of,
    profile_of,
    subject_of,
    text_of,
)
from kg.records import record
from kg.store.graphs import IDENTITIES

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple

DERIVED: Final = ("tenure", "appointment", "awarding", "network-role")
"""Kinds of nodes whose ids begin with that of a person: ``tenure/PERSON--POST``."""
PARTS: Final = ("/provenance", "/quarantine")


@record(frozen=True, slots=True)
class Meant:
    """The id and the preferred name of whom an article means by an id."""

    id: str
    name: str


Aliases = Mapping[str, Mapping[str, Meant]]
"""Article (IRI) -> id as it has it (IRI) -> whom it means; only where id or preferred name are others."""


def aliases(dataset: Store) -> Aliases:
    """What is to be read otherwise than it is written."""
    found = identities(dataset)
    return _aliases(found) if found is not None else {}


def aliases_of(known: Identities, article: NamedNode) -> Mapping[str, Meant]:
    """The same of one article: id as it has it (IRI) -> whom it means, only where id or preferred name are others."""
    found: dict[str, Meant] = {}
    for row in known.rows(article, IN):
        profile, _ = profile_of(row.object)
        owner = next((node_of(each) for each in known.rows(profile, OF)), None)
        if owner is None:
            continue  # it has not been looked at since it changed
        meant = Meant(known.id_of(owner), known.value(owner, NAME) or "")
        id_ = f"{known.base}id/{known.value(profile, WRITTEN)}"
        if meant.id != id_ or known.name_of(key_of(profile)) != meant.name:
            found[id_] = meant
    return found


def read(quads: Iterable[Quad], table: Mapping[str, Meant]) -> Iterator[Quad]:
    """Quads of an article with the ids as they are meant."""
    if not table:
        return iter(quads)
    reader = _Reader(table)
    return (reader.read(quad) for quad in quads)


def _aliases(known: Identities) -> Aliases:
    names = {subject_of(row).value: text_of(row) for row in known.rows(None, NAME)}
    persons = {node: Meant(known.id_of(NamedNode(node)), name) for node, name in names.items()}
    owner = {subject_of(row).value: persons[text_of(row)] for row in known.rows(None, OF)}
    written = {subject_of(row).value: text_of(row) for row in known.rows(None, WRITTEN)}
    renamed = {node for node, meant in owner.items() if known.name_of(node.rpartition("/")[2]) != meant.name}
    found: dict[str, dict[str, Meant]] = defaultdict(dict)
    for row in known.rows(None, IN):
        profile = profile_of(row.object)[0].value
        if profile not in owner:
            continue  # an article that has not been looked at since it changed
        id_ = f"{known.base}id/{written[profile]}"
        if owner[profile].id != id_ or profile in renamed:
            found[subject_of(row).value][id_] = owner[profile]
    return dict(found)


def quads(written: Iterable[Quad], table: Aliases) -> Iterator[Quad]:
    """Quads of a dataset with the ids as they are meant; without the identities, which have done their work.

    Two that mean the same are both there.
    """
    readers = {article: _Reader(one) for article, one in table.items()}
    for quad in written:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and graph.value.endswith(f"/id/{IDENTITIES}"):
            continue
        reader = readers.get(_article(graph.value)) if isinstance(graph, NamedNode) else None
        yield quad if reader is None else reader.read(quad)


def _article(graph: str) -> str:
    for part in PARTS:
        graph = graph.removesuffix(part)
    return graph


class _Reader:
    """Reads the graphs of one article; each id is looked at once."""

    def __init__(self, table: Mapping[str, Meant]) -> None:
        self._table = table
        self._tails = {id_.rpartition("/person/")[2]: meant for id_, meant in table.items() if "/person/" in id_}
        self._known: dict[str, NamedNode] = {}

    def read(self, quad: Quad) -> Quad:
        """The quad as it is meant. Another preferred name than the person's becomes an alternative one."""
        subject, predicate, object_ = quad.subject, quad.predicate, quad.object
        if isinstance(subject, NamedNode):
            meant = self._table.get(subject.value)
            if meant is not None and predicate == v.PREF_LABEL and getattr(object_, "value", "") != meant.name:
                predicate = v.ALT_LABEL
            subject = self._node(subject)
        if isinstance(object_, NamedNode):
            object_ = self._node(object_)
        return Quad(subject, predicate, object_, quad.graph_name)

    def _node(self, node: NamedNode) -> NamedNode:
        if node.value not in self._known:
            self._known[node.value] = self._meant(node)
        return self._known[node.value]

    def _meant(self, node: NamedNode) -> NamedNode:
        if node.value in self._table:
            return NamedNode(self._table[node.value].id)
        base, _, path = node.value.partition("/id/")
        kind, _, key = path.partition("/")
        person, parted, rest = key.partition("--")
        if kind in DERIVED and parted and person in self._tails:
            tail = self._tails[person].id.rpartition("/person/")[2]
            return NamedNode(f"{base}/id/{kind}/{tail}--{rest}")
        return node
