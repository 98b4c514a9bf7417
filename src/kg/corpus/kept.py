"""Articles that were read -> a store: registered in batches, with who is who; graphs and view at the end, all at once.

After a batch what was read is safe, and the same command goes on after it. Whoever opens the store without going on
gets the articles that were read so far, too (``kg.store.waiting``).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg.corpus.reading import Done
from kg.errors import StoreError
from kg.link import identities
from kg.link.identities import Index
from kg.link.identity_graph import Said
from kg.link.judgements import Judgements
from kg.model import Article
from kg.rdf import Ids
from kg.store import Store
from kg.store.freed import give_back
from kg.store.graphs import key_of
from kg.store.kept import source_of
from kg.store.waiting import Waits, unpacked
from kg.view.keeping import Filling
from kg.voices import keeping as voices

ARTICLES: Final = 500
"""Articles of a batch."""
HELD: Final = 5_000
"""Articles after which who is who follows: what is near the names that many have is gone through once for all of them.
The engine is opened anew then: it holds 80 kB for each in memory, up to gigabytes, and more for what it has written."""
QUADS: Final = 1_000_000
"""Of more the engine sorts by several threads, with half a gigabyte for each: too much for graph and view at once."""


@dataclass(slots=True)
class IntoStore:
    """A store that articles come into, opened to leave what waits; they are added with their graphs packed.

    ``timings``: seconds by what was done; ``printings``: how many more articles print the text of another, in the end;
    ``told`` gets the number of articles that are brought in at the end, and which share of that is done.

    Of a batch, what is new is registered at once; what takes the place of an older text, and pages that have a text
    which is known, follow one by one, and so does whatever is of the text, page or file of one before it. That is the
    same as all in their order, for of those that have to do with each other the first alone is registered at once.
    """

    store: Store
    judgements: Judgements
    told: Callable[[int, float], None] = lambda _articles, _share: None
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
    _sources: set[str] = field(default_factory=set)  # of both
    _said: dict[NamedNode, tuple[str, Said]] = field(default_factory=dict)  # with the digest of its article
    _held: int = 0  # articles since who is who followed
    _before: int = field(init=False)  # printings

    def __post_init__(self) -> None:
        self._ids = Ids(self.store.base)
        self._index = Index(self.store, self.judgements)
        self._index.follow(_SaidBy(self.store, self._said))
        self._view = Filling(self.store, self._index)
        self._before = voices.count(self.store)

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
        if self._meets(article) or not self.store.is_new(article):
            self._later.append((article, done))
        else:
            self._new[article.key] = article, done
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
        if source is not None:
            self._sources.add(source)

    def drop(self, _key: str, _place: int | None, /) -> None:
        """The store does that itself when the newer text comes."""

    def flush(self) -> None:
        """Make all that was added last. Raises StoreError; then the new ones of the batch are there, or none."""
        with self._timed("graph"):
            if self._new:
                self.store.register([(article, _waits(article, done)) for article, done in self._new.values()])
                self.outcomes["added"] += len(self._new)
            for article, done in self._later:
                if done is None:
                    self.store.add_source(article)
                    self.outcomes["unchanged"] += 1
                else:
                    quads = ox.parse(unpacked(done.data), format=ox.RdfFormat.N_QUADS)
                    self.outcomes[self.store.put(article, quads)] += 1
        self._said.update((self._node(key), (done.digest, done.said)) for key, (_, done) in self._new.items())
        self._held += len(self._new) + len(self._later)
        if self._held >= HELD:
            self._follow()
            self._let_go()
        with self._timed("voices"):
            voices.update(self.store, self._signatures, may_wait=True)
        with self._timed("view"):
            self._view.follow()
        for each in (self._new, self._signatures, self._later, self._digests, self._sources):
            each.clear()

    def finish(self) -> None:
        """Find out who is who, group the articles whose voices waited, bring in the graphs that did, and show all."""
        self._follow()
        with self._timed("voices"):
            voices.update(self.store)
            self.printings = max(0, voices.count(self.store) - self._before)
        with self._timed("view"):
            self._view.follow()
        count = self.store.forget_replaced()
        if count:
            self._let_go()
            self._bring_in(count)
        self.store.unchanged()
        self.store.nothing_waits()

    def _bring_in(self, articles: int) -> None:
        """Into graph and view: both at once where the engine takes a core for either, or else one after the other."""
        coming = _Coming(articles, self.told)
        with ThreadPoolExecutor(2) as pool:
            graph = pool.submit(self.store.bring_in, partial(coming.step, 1))
            try:
                if self.store.waiting.quads > QUADS:
                    with self._timed("graph"):
                        graph.result()
                    self._let_go()
                with self._timed("view"):
                    self._view.bring_in(partial(coming.step, 2))  # it has each quad twice
                with self._timed("graph"):
                    graph.result()
            except BaseException:
                coming.is_over = True
                raise
            self.told(coming.articles, 1.0)
            with self._timed("sorting"):
                for each in [pool.submit(self.store.sort), pool.submit(self._view.sort)]:
                    each.result()

    def _follow(self) -> None:
        """Find out who is who."""
        with self._timed("who is who"):
            self._index.follow(_SaidBy(self.store, self._said))
        self._said.clear()
        self._held = 0

    def _let_go(self) -> None:
        """Let the engine write what it holds in memory, and forget what it remembers: both grow with what came."""
        with self._timed("graph"):
            self.store.flush()
            self.store.reopen()
        with self._timed("view"):
            self._view.flush()
            self._view.reopen()
        give_back()

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[stage] += time.perf_counter() - start

    def _node(self, key: str) -> NamedNode:
        return self._ids.node(f"article/{key}")


@dataclass(slots=True)
class _Coming:
    """Articles on their way into graph and view."""

    articles: int
    told: Callable[[int, float], None]
    is_over: bool = False
    _done: int = 0

    def step(self, weight: int) -> None:
        """One more is next."""
        if self.is_over:
            raise StoreError("stopped")
        self.told(self.articles, self._done / (3 * self.articles))
        self._done += weight


class _SaidBy(Mapping[NamedNode, Said]):
    """What articles say of persons and bodies: ``known`` with the digest of what says so, or read from what waits."""

    def __init__(self, store: Store, known: Mapping[NamedNode, tuple[str, Said]]) -> None:
        self._store, self._known = store, known

    def __getitem__(self, article: NamedNode) -> Said:
        digest, said = self._known.get(article, (None, None))
        if said is not None and digest == self._store.digest(key_of(article)):
            return said
        if not self._store.waits(article):
            raise KeyError(article)
        dataset = ox.Store()
        dataset.load(self._store.waiting.graphs(key_of(article)) or b"", format=ox.RdfFormat.N_QUADS)
        return identities.read(dataset, article, self._store.base)

    def __iter__(self) -> Iterator[NamedNode]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _waits(article: Article, done: Done) -> Waits:
    return Waits(article.key, done.digest, done.day, done.quads, done.text, done.data)
