"""Articles that were read -> a store, in batches: graph, who is who, view. What is there after a batch is whole."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg.corpus.reading import Done
from kg.link.identities import Index
from kg.link.identity_graph import Said
from kg.link.judgements import Judgements
from kg.model import Article
from kg.rdf import Ids
from kg.store import Store
from kg.store.kept import Ready, source_of
from kg.view.keeping import Filling
from kg.voices import keeping as voices

ARTICLES: Final = 500
QUADS: Final = 450_000
"""Articles and quads of a batch: the engine takes a million quads in one transaction, and the view has each twice."""


@dataclass(slots=True)
class IntoStore:
    """An open store that articles come into. ``timings``: seconds by what was done; ``printings``: articles that were
    found to print the text of another.

    Of a batch, what is new is loaded at once; what takes the place of an older text, and pages that have a text which
    is known, follow one by one. That is the same as all in their order, as long as no two of a batch are of one text,
    page or file: at the second one the batch ends.
    """

    store: Store
    judgements: Judgements
    outcomes: Counter[str] = field(default_factory=Counter)
    printings: int = 0
    timings: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _ids: Ids = field(init=False)
    _index: Index = field(init=False)
    _view: Filling = field(init=False)
    _new: dict[str, Ready] = field(default_factory=dict)  # key -> article
    _said: dict[NamedNode, Said] = field(default_factory=dict)  # of those
    _signatures: dict[str, bytes] = field(default_factory=dict)  # key -> signature, of both
    _later: list[tuple[Article, Done | None]] = field(default_factory=list)
    _digests: dict[str, str] = field(default_factory=dict)  # key -> digest, of both
    _sources: set[str | None] = field(default_factory=set)  # of both
    _quads: int = 0

    def __post_init__(self) -> None:
        self._ids = Ids(self.store.base)
        self._index = Index(self.store, self.judgements)
        self._index.follow()
        self._view = Filling(self.store, self._index)

    @property
    def is_full(self) -> bool:
        """Whether a batch is together."""
        return len(self._new) + len(self._later) >= ARTICLES

    @property
    def waits(self) -> bool:
        """A batch may be of any size."""
        return False

    def holds(self, key: str, digest: str | None) -> bool:
        """Whether an article is here, in the batch or in the store, with this digest."""
        return (self._digests.get(key) or self.store.digest(key)) == digest

    def add(self, article: Article, done: Done) -> None:
        """Keep an article, in place of what was known of it or of an older text of its page or file."""
        if self._quads + done.quads > QUADS or article.key in self._digests or source_of(article) in self._sources:
            self.flush()
        if self.store.is_new(article):
            self._new[article.key] = Ready(article, done.data, done.digest)
            self._said[self._node(article.key)] = done.said
            self._quads += done.quads
        else:
            self._later.append((article, done))
        self._digests[article.key] = done.digest
        self._signatures[article.key] = done.signature
        self._meet(article)

    def add_source(self, article: Article) -> None:
        """Note that another page or file has an article that is here."""
        if source_of(article) in self._sources:
            self.flush()
        self._later.append((article, None))
        self._meet(article)

    def _meet(self, article: Article) -> None:
        if source := source_of(article):
            self._sources.add(source)

    def drop(self, _key: str, _place: int | None, /) -> None:
        """The store does that itself when the newer text comes."""

    def flush(self) -> None:
        """Make all that was added last. Raises StoreError; then the new ones of the batch are there, or none."""
        with self._timed("graph"):
            if self._new:
                self.store.load(list(self._new.values()))
                self.outcomes["added"] += len(self._new)
            for article, done in self._later:
                if done is None:
                    self.store.add_source(article)
                    self.outcomes["unchanged"] += 1
                else:
                    quads = ox.parse(done.data, format=ox.RdfFormat.N_QUADS)
                    self.outcomes[self.store.put(article, quads)] += 1
        with self._timed("who is who"):
            self._index.follow(self._said)
        with self._timed("voices"):
            self.printings += voices.update(self.store, self._signatures, may_wait=True).printings
        with self._timed("view"):
            self._view.fill({self._node(key): ready.data for key, ready in self._new.items()})
        self._quads = 0
        for each in (self._new, self._said, self._signatures, self._later, self._digests, self._sources):
            each.clear()

    def finish(self) -> None:
        """Group the articles whose voices waited, and show them."""
        with self._timed("voices"):
            self.printings += voices.update(self.store).printings
        with self._timed("view"):
            self._view.fill({})

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[stage] += time.perf_counter() - start

    def _node(self, key: str) -> NamedNode:
        return self._ids.node(f"article/{key}")
