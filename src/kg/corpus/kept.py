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
    is known, follow one by one, and so does whatever is of the text, page or file of one before it. That is the same as
    all in their order, for of those that have to do with each other the first alone is loaded at once.
    """

    store: Store
    judgements: Judgements
    outcomes: Counter[str] = field(default_factory=Counter)
    printings: int = 0
    timings: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _ids: Ids = field(init=False)
    _index: Index = field(init=False)
    _view: Filling = field(init=False)
    _new: dict[str, tuple[Article, Done]] = field(default_factory=dict)  # by key
    _signatures: dict[str, bytes] = field(default_factory=dict)  # key -> signature, of both
    _later: list[tuple[Article, Done | None]] = field(default_factory=list)
    _digests: dict[str, str] = field(default_factory=dict)  # key -> digest, of both
    _sources: dict[str, str] = field(default_factory=dict)  # source -> key of the last one, of both
    _overtaken: set[str] = field(default_factory=set)  # keys of those that one which follows changes or replaces
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
        if self._quads + done.quads > QUADS:
            self.flush()
        if self._meets(article) or not self.store.is_new(article):
            self._later.append((article, done))
            self._overtaken.add(article.key)
        else:
            self._new[article.key] = article, done
        self._quads += done.quads
        self._digests[article.key] = done.digest
        self._signatures[article.key] = done.signature
        self._note_source(article)

    def add_source(self, article: Article) -> None:
        """Note that another page or file has an article that is here."""
        self._later.append((article, None))
        self._note_source(article)

    def _meets(self, article: Article) -> bool:
        """Whether the batch has one of its text, page or file."""
        return article.key in self._digests or source_of(article) in self._sources

    def _note_source(self, article: Article) -> None:
        source = source_of(article)
        if source is None:
            return
        before = self._sources.get(source, article.key)
        if before != article.key:
            self._overtaken.add(before)
        self._sources[source] = article.key

    def drop(self, _key: str, _place: int | None, /) -> None:
        """The store does that itself when the newer text comes."""

    def flush(self) -> None:
        """Make all that was added last. Raises StoreError; then the new ones of the batch are there, or none."""
        with self._timed("graph"):
            if self._new:
                self.store.load([Ready(article, done.data, done.digest) for article, done in self._new.values()])
                self.outcomes["added"] += len(self._new)
            for article, done in self._later:
                if done is None:
                    self.store.add_source(article)
                    self.outcomes["unchanged"] += 1
                else:
                    quads = ox.parse(done.data, format=ox.RdfFormat.N_QUADS)
                    self.outcomes[self.store.put(article, quads)] += 1
        as_loaded = {self._node(key): done for key, (_, done) in self._new.items() if key not in self._overtaken}
        with self._timed("who is who"):
            self._index.follow({node: done.said for node, done in as_loaded.items()})
        with self._timed("voices"):
            self.printings += voices.update(self.store, self._signatures, may_wait=True).printings
        with self._timed("view"):
            self._view.fill({node: done.data for node, done in as_loaded.items()})
        self._quads = 0
        for each in (self._new, self._signatures, self._later, self._digests, self._sources, self._overtaken):
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
