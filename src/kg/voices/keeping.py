"""The voices of a store, kept up: what changed is grouped, and each voice of several articles is told in its graph.

The graph ``id/voices/KEY`` says of each article of a voice that it is one (``kg:voice``), KEY is the one that names it;
articles that stand alone are in none. Nothing that an article states is changed. The index lies in ``voices.sqlite`` in
the store's folder. What changed is known from what the store noted for its view, so this is called before the view is
brought up to date; after a stop the same is looked at again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, Self

from pyoxigraph import NamedNode, Quad

from kg import vocabulary as v
from kg.errors import StoreError
from kg.rdf import Ids, Lookup
from kg.records import record
from kg.store.graphs import VOICES, key_of
from kg.voices import grouping
from kg.voices.index import UNDATED, Index, Place
from kg.voices.text import settings, share, shingles, signature

if TYPE_CHECKING:
    from kg.store import Store

NAME: Final = "voices.sqlite"
_ARTICLE: Final = re.compile(r"/id/article/([0-9a-f]{16})$")
_LOWEST: Final = -(1 << 63)
_BATCH: Final = 2_000
"""Articles that are added, and voices that are told, at once."""
FEW: Final = 5_000
PART: Final = 4
"""So many articles may wait, or this part of all: what a batch costs hardly grows with the index then."""
_REMEMBERED: Final = 1_000
"""Texts whose sequences of words are remembered: some 25 MB."""


@record(frozen=True, slots=True)
class Report:
    """What an update found: articles looked at, and how many articles are printings of another since then."""

    articles: int = 0
    printings: int = 0


def update(store: Store, signatures: Mapping[str, bytes] | None = None, *, may_wait: bool = False) -> Report:
    """Bring the voices of a store that is open for writing up to date, as ``Voices.update``. Raises as ``Voices``."""
    with Voices(store) as voices:
        return voices.update(signatures, may_wait=may_wait)


def count(store: Store) -> int:
    """How many articles of a store that is open for writing are printings of another one. Raises as ``Voices``."""
    with Voices(store) as voices:
        return voices.count()


class Voices:
    """The voices of a store that is open for writing. Use it as a context manager.

    Raises StoreError where its file can't be written. A damaged one is made anew.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids = Ids(store.base)
        self._path = store.path / NAME
        # Not a method of this: what is remembered would stay until the next look for cycles, 20 MB a time.
        self._shingles = lru_cache(_REMEMBERED)(partial(_read, store))
        try:
            self._index = self._opened()
        except (sqlite3.Error, OSError) as error:
            raise self._cannot(error) from error

    def _opened(self) -> Index:
        try:
            return Index(self._path, settings().version)
        except sqlite3.OperationalError:
            raise  # no place, no permission
        except sqlite3.DatabaseError:
            self._forget_file()
            return Index(self._path, settings().version)

    def _forget_file(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(f"{NAME}{ending}").unlink(missing_ok=True)

    def _cannot(self, error: Exception) -> StoreError:
        return StoreError(f"{self._path}: {error}; the articles are kept, and the next command goes on")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._index.close()

    # ---- up to date

    def update(self, signatures: Mapping[str, bytes] | None = None, *, may_wait: bool = False) -> Report:
        """Group what changed in the store since its view was up to date, and tell the store.

        ``signatures``: key of an article -> ``signature`` of its text, as far as they are made already; those of other
        articles are made from their texts. Where the index isn't there all articles are looked at. With ``may_wait``
        what changed is only noted, until it is much: for batches of a build, which ends with a call without it.
        """
        try:
            return self._update(signatures or {}, may_wait=may_wait)
        except sqlite3.OperationalError as error:
            raise self._cannot(error) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self._path}: damaged ({error}); delete it, it is made anew") from error

    def _update(self, signatures: Mapping[str, bytes], *, may_wait: bool) -> Report:
        index = self._index
        if not index.is_whole:
            return self._anew(signatures)
        keys = [_key(node) for node in self._store.changed() if _ARTICLE.search(node.value)]
        index.wait((key, signatures.get(name_of(key))) for key in keys)
        index.save()
        return Report(len(keys)) if may_wait and index.waits < max(FEW, index.size // PART) else self._follow()

    def rebuild(self) -> Report:
        """The same from a fresh start, whatever was there."""
        self._index.close()
        self._forget_file()
        self._index = self._opened()
        return self.update()

    def count(self) -> int:
        """How many articles of the store are printings of another one."""
        return self._index.count()

    def _anew(self, signatures: Mapping[str, bytes]) -> Report:
        """All articles of the store; those that a stop left in the index are not read again."""
        index = self._index
        index.sort()
        for key in index.every():
            if not self._is_here(self._node(key)):
                self._take_out(key)
        keys = (_key(node) for node in self._articles())
        looked_at = self._add((key, signatures.get(name_of(key))) for key in keys)
        index.note(_key(graph) for graph in self._graphs())
        index.waited()
        index.whole(True)
        return self._settle(looked_at)

    def _follow(self) -> Report:
        """All that waits."""
        looked_at = self._add(self._index.waiting())
        self._index.waited()
        return self._settle(looked_at)

    def _add(self, found: Iterable[tuple[int, bytes | None]]) -> int:
        """Articles, each once, into the index as the store has them; what it has, with the same day, stays."""
        index, batch, looked_at = self._index, dict[Place, bytes](), 0
        index.sort()  # what a stop left
        for key, made in found:
            looked_at += 1
            if not self._is_here(self._node(key)):
                self._take_out(key)
                continue
            place = Place(self._day(self._node(key)), key)
            known = index.find(key)
            if known is not None and known.place == place:
                continue
            if known is not None:
                index.remove(known)
            batch[place] = made if made is not None else signature(self._store.text(name_of(key)) or "")
            if len(batch) >= _BATCH:
                index.add(batch.items())
                index.save()
                batch.clear()
        index.add(batch.items())
        return looked_at

    def _take_out(self, key: int) -> None:
        known = self._index.find(key)
        if known is not None:
            self._index.remove(known)

    def _settle(self, looked_at: int) -> Report:
        joined = grouping.settle(self._index, self._are_alike)
        self._tell()
        return Report(looked_at, len(joined))

    def _are_alike(self, one: int, other: int) -> bool:
        return share(self._shingles(one), self._shingles(other)) >= settings().alike

    # ---- index -> store

    def _tell(self) -> None:
        """Bring the voices that changed into the store."""
        index = self._index
        while voices := index.changed(_BATCH):
            gone, new, graphs = list[Quad](), list[Quad](), list[NamedNode]()
            for voice in voices:
                graph = self._ids.node(f"{VOICES}{name_of(voice)}")
                held = set(self._store.dataset.quads_for_pattern(None, None, None, graph))
                meant = set(told(self._ids, voice, index))
                if held != meant:
                    gone += sorted(held - meant, key=str)
                    new += sorted(meant - held, key=str)
                    graphs.append(graph)
            if graphs:
                self._store.change(gone, new, graphs)
            index.told(voices)
            index.save()

    # ---- the store

    def _articles(self) -> Iterator[NamedNode]:
        """All that are registered."""
        for row in self._store.dataset.quads_for_pattern(None, v.DCT_IDENTIFIER, None, self._ids.node("store")):
            if isinstance(row.subject, NamedNode) and _ARTICLE.search(row.subject.value):
                yield row.subject

    def _graphs(self) -> list[NamedNode]:
        begin = self._ids.node(VOICES.rstrip("/")).value + "/"
        named = self._store.dataset.named_graphs()
        return [graph for graph in named if isinstance(graph, NamedNode) and graph.value.startswith(begin)]

    def _is_here(self, node: NamedNode) -> bool:
        rows = self._store.dataset.quads_for_pattern(node, v.DCT_IDENTIFIER, None, self._ids.node("store"))
        return next(iter(rows), None) is not None

    def _day(self, node: NamedNode) -> str:
        return self._store.waiting.day(key_of(node)) or day_of(self._store.dataset, node)

    def _node(self, key: int) -> NamedNode:
        return self._ids.node(f"article/{name_of(key)}")


def _read(store: Store, key: int) -> frozenset[str]:
    return shingles(store.text(name_of(key)) or "")


def told(ids: Ids, voice: int, index: Index) -> Iterator[Quad]:
    """What is said of the articles of a voice, in a graph of its own; nothing of an article that stands alone."""
    members = [place.key for place in index.members(voice)]
    graph, first = ids.node(f"{VOICES}{name_of(voice)}"), ids.node(f"article/{name_of(voice)}")
    for key in [voice, *members] if members else []:
        yield Quad(ids.node(f"article/{name_of(key)}"), v.VOICE, first, graph)


def number_of(key: str) -> int:
    """The key of an article (16 hexadecimal digits) as a number with a sign, in the same order."""
    return int(key, 16) + _LOWEST


def day_of(dataset: Lookup, article: NamedNode) -> str:
    """The day of an article, by its own graph; UNDATED where nobody says."""
    rows = dataset.quads_for_pattern(article, v.DATE_PUBLISHED, None, article)
    return min((str(getattr(row.object, "value", "")) for row in rows), default=UNDATED)


def _key(node: NamedNode) -> int:
    return number_of(node.value.rpartition("/")[2])


def name_of(key: int) -> str:
    """The key of an article from its number."""
    return f"{key - _LOWEST:016x}"
