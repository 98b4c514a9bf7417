"""The graph of identities of a store, read: its terms, the profiles and persons in it, and which ids mean whom.

What is in it and how it is kept up: ``kg.link.identities``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.link import profiles
from kg.link.clusters import Merge
from kg.link.profiles import Profile
from kg.records import record
from kg.store.graphs import IDENTITIES

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.link.mirror import Mirror

_SPACE: Final = "urn:jejaring:identities#"  # terms of an index that never leaves the store
DATA, BLOCK, WRITTEN, QUARTER, OF, OPEN, CHANGED = (
    NamedNode(_SPACE + name) for name in ("data", "block", "written", "quarter", "of", "open", "changed")
)
IN, ID, SLUG, NAME, WHY, VERSION, MARKED = (
    NamedNode(_SPACE + name) for name in ("in", "id", "slug", "name", "why", "version", "marked")
)


UNDATED: Final = "undated"


@record(frozen=True, slots=True)
class Known:
    """A person of the store. ``profiles`` by key; ``merges`` say why they are one; ``articles`` are keys, sorted."""

    id: str
    name: str
    profiles: Mapping[str, Profile]
    merges: tuple[Merge, ...]
    articles: tuple[str, ...]


@record(frozen=True, slots=True)
class Said:
    """What an article says of persons and bodies, and when: ``kg.link.profiles.quarter``."""

    quarter: str
    profiles: tuple[Profile, ...]


class Identities:
    """The identities that a dataset holds. ``base`` is what its ids begin with."""

    def __init__(self, dataset: ox.Store | None, base: str) -> None:
        """``dataset``: None where ``dataset`` is overridden."""
        self._dataset = dataset
        self.base = base
        self.graph = NamedNode(f"{base}id/{IDENTITIES}")
        self._profiles: dict[str, Profile] = {}

    @property
    def dataset(self) -> ox.Store | Mirror:
        """Where they are looked up."""
        assert self._dataset is not None
        return self._dataset

    # ---- profiles

    def named(self, written: str) -> list[str]:
        """The keys of the profiles with an id as articles write it, as in ``person/budi-santoso``."""
        return sorted(self.having(WRITTEN, Literal(written)))

    def profile(self, key: str) -> Profile:
        """A profile by its key, which must be there."""
        found = self.find(key)
        assert found is not None, key
        return found

    def find(self, key: str) -> Profile | None:
        """A profile by its key, if it is there."""
        if key not in self._profiles:
            data = self.value(self.node(key), DATA)
            if data is None:
                return None
            self._profiles[key] = profiles.from_json(data)
        return self._profiles[key]

    def name_of(self, key: str) -> str:
        """The name in a profile by its key, which must be there. It isn't remembered: all of a store may be asked."""
        data = self.value(self.node(key), DATA)
        assert data is not None, key
        return profiles.from_json(data).name

    # ---- persons

    def persons(self) -> Iterator[Known]:
        """All persons, by id."""
        for row in sorted(self.rows(None, ID), key=text_of):
            yield self.known(subject_of(row))

    def known(self, person: NamedNode) -> Known:
        """What is known of a person, by its node in the index."""
        keys = sorted(self.having(OF, person))
        merges = sorted(merge_of(text_of(row)) for row in self.rows(person, WHY))
        articles = {article for key in keys for article in self.articles_of(key)}
        every = {key: self.profile(key) for key in keys}
        return Known(self.id_of(person), self.value(person, NAME) or "", every, tuple(merges), tuple(sorted(articles)))

    def with_id(self, iri: str) -> list[NamedNode]:
        """The node of the person with that id, if there is one."""
        return [subject_of(row) for row in self.rows(None, ID, NamedNode(iri))]

    def alike(self, iri: str) -> list[str]:
        """The ids of all who share a person's id but for its tail, sorted."""
        slugs = {self.value(node, SLUG) or "" for node in self.with_id(iri)}
        return sorted(self.id_of(subject_of(row)) for slug in slugs for row in self.rows(None, SLUG, Literal(slug)))

    def open(self) -> list[Merge]:
        """The pairs of profiles to be judged, the likeliest first."""
        found = {merge_of(text_of(row)) for row in self.rows(None, OPEN)}
        return sorted(found, key=lambda one: (-one.score, one.a, one.b))

    def person_of(self, key: str) -> str:
        """The id (IRI) of the person that a profile belongs to."""
        person = next(row.object for row in self.rows(self.node(key), OF))
        assert isinstance(person, NamedNode)
        return self.id_of(person)

    def articles_of(self, key: str) -> Iterator[str]:
        """The keys of the articles that have a profile."""
        for when in self.texts(self.node(key), QUARTER):
            yield from self.having(IN, place_of(self.node(key), when))

    # ---- rows

    def rows(
        self, subject: NamedNode | None, predicate: NamedNode | None = None, value: NamedNode | Literal | None = None
    ) -> Iterable[Quad]:
        """The rows that fit, lazily."""
        return self.dataset.quads_for_pattern(subject, predicate, value, self.graph)

    def row(self, subject: NamedNode, predicate: NamedNode, text: str) -> Quad:
        """A row with a text."""
        return Quad(subject, predicate, Literal(text), self.graph)

    def value(self, subject: NamedNode, predicate: NamedNode) -> str | None:
        """The text of the row, if there is one."""
        return next(iter(self.texts(subject, predicate)), None)

    def texts(self, subject: NamedNode, predicate: NamedNode) -> Iterable[str]:
        """The texts of such rows, or the ids of nodes, lazily."""
        return map(text_of, self.rows(subject, predicate))

    def having(self, predicate: NamedNode, value: NamedNode | Literal) -> Iterable[str]:
        """The keys of what has such a row, lazily."""
        return (key_of(row.subject) for row in self.rows(None, predicate, value))

    def subjects(self, predicate: NamedNode) -> list[NamedNode]:
        """What has such a row, sorted."""
        return sorted((subject_of(row) for row in self.rows(None, predicate)), key=str)

    def node(self, key: str) -> NamedNode:
        """The node of a profile or person of the index."""
        return NamedNode(f"{self.graph.value}/{key}")

    def id_of(self, person: NamedNode) -> str:
        """The id (IRI) of a person of the index."""
        return next(iter(self.texts(person, ID)))


def identities(dataset: ox.Store) -> Identities | None:
    """Those that a dataset holds; None where it has no such graph."""
    ending = f"id/{IDENTITIES}"
    for graph in dataset.named_graphs():
        if isinstance(graph, NamedNode) and graph.value.endswith(f"/{ending}"):
            return Identities(dataset, graph.value.removesuffix(ending))
    return None


# ---------------------------------------------------------------- rows


def text_of(row: Quad) -> str:
    """The text of a row."""
    return row.object.value if isinstance(row.object, Literal | NamedNode) else ""


def node_of(row: Quad) -> NamedNode:
    """The thing that a row names."""
    assert isinstance(row.object, NamedNode)
    return row.object


def subject_of(row: Quad) -> NamedNode:
    """What a row is about."""
    assert isinstance(row.subject, NamedNode)
    return row.subject


def key_of(node: object) -> str:
    """The last part of a node's id."""
    assert isinstance(node, NamedNode)
    return node.value.rpartition("/")[2]


def place_of(profile: NamedNode, when: str) -> NamedNode:
    """A profile in a quarter, or undated: what articles are in."""
    return NamedNode(f"{profile.value}/{when or UNDATED}")


def profile_of(place: object) -> tuple[NamedNode, str]:
    """The profile and quarter of what an article is in."""
    assert isinstance(place, NamedNode)
    profile, _, when = place.value.rpartition("/")
    return NamedNode(profile), "" if when == UNDATED else when


def merge_of(text: str) -> Merge:
    """A pair as ``merge_text`` wrote it."""
    a, b, score, reasons = json.loads(text)
    return Merge(a, b, score, tuple(reasons))


def merge_text(one: Merge) -> str:
    """A pair as one line."""
    return json.dumps([one.a, one.b, one.score, list(one.reasons)], ensure_ascii=False)
