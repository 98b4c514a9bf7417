"""The graph that is served: opened once, opened again when the file or store has changed; or asked elsewhere."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from kg import store as stores
from kg import view
from kg import vocabulary as v
from kg.errors import KgError
from kg.find import NAMING
from kg.records import record
from kg.view import keeping
from kg.view.elsewhere import Elsewhere
from kg.view.protocol import Secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.link.reconcile.index import Index

Mark = tuple[tuple[str, int, int], ...]


@record(frozen=True, slots=True)
class Loaded:
    """A graph as it was when it was opened. ``view`` is asked; ``dataset`` has what is not shown, texts among it."""

    dataset: ox.Store
    view: ox.Store
    index: Index
    base: str

    def text(self, article: str) -> str | None:
        """The text of an article (its id); None where it isn't kept, as in a graph file."""
        graph = NamedNode(f"{article}/provenance")
        rows = self.dataset.quads_for_pattern(NamedNode(article), v.IS_STRING, None, graph)
        return next((row.object.value for row in rows if isinstance(row.object, Literal)), None)


class Current(Protocol):
    """The graph that is served, as it is now."""

    @property
    def name(self) -> str:
        """The file, the folder, or the address."""

    @property
    def store(self) -> str | None:
        """The folder of the store; None where it is another one."""

    def get(self) -> Loaded:
        """The newest state. Raises ServiceError where it is asked elsewhere and nobody answers there."""


class Local:
    """The graph of a file or of a store. Raises GraphError or StoreError at the start, never later.

    A change of the store is seen by the files of its view, one of a file by its time and size. While a new
    state is being read, and where it can't be, the former one is answered with.
    """

    def __init__(self, *, file: str | None = None, store: str | None = None) -> None:
        self._file, self._store = file, store
        self._watched = Path(str(file if file is not None else store))
        self._lock = threading.Lock()
        self._mark = self.mark()
        self._loaded = self._load()

    @property
    def name(self) -> str:
        """The file or folder."""
        return self._file if self._file is not None else str(self._store)

    @property
    def store(self) -> str | None:
        """The folder of the store; None where a file is served."""
        return self._store

    def get(self) -> Loaded:
        """The newest state. The first one to ask after a change waits until it is read; the others don't."""
        mark = self.mark()
        if mark != self._mark and self._lock.acquire(blocking=False):
            try:
                self._loaded, self._mark = self._load(), mark
            except KgError:  # in the middle of a write: looked at again with the next question
                pass
            finally:
                self._lock.release()
        return self._loaded

    def mark(self) -> Mark | None:
        """How file or store stand now; another one after every change."""
        try:
            files = [self._watched] if self._file is not None else keeping.files(self._watched)
            return tuple(sorted((file.name, *_state(file.stat())) for file in files))
        except OSError:  # not there, or a file that went while we looked
            return None

    def _load(self) -> Loaded:
        from kg.link.reconcile.index import Index

        if self._file is not None:
            dataset = stores.load_dataset(self._file)
            asked = view.of(dataset)
            return Loaded(dataset, asked, Index(asked), v.DEFAULT_BASE)
        asked = keeping.opened(str(self._store))
        kept = stores.open_store(str(self._store), read_only=True)
        return Loaded(kept.dataset, asked, Index(asked), kept.base)


FRESH: Final = 60.0
"""Seconds for which what was read at an endpoint counts as its newest state, at least."""
REST: Final = 10
"""So many times as long as it took to read its names."""
ANSWERING: Final = 30.0
"""Seconds in which an endpoint must answer what a page asks."""
READING: Final = 600.0
"""The same of the names of all things."""


class There:
    """The graph at an endpoint. Its names are read at the start and later anew, the rest when it is asked for.

    Raises ServiceError where it doesn't answer.
    """

    def __init__(self, url: str, secrets: Secrets) -> None:
        self._url, self._secrets = url, secrets
        self._lock = threading.Lock()
        self._until = 0.0
        self._loaded = self._load()

    @property
    def name(self) -> str:
        """The address."""
        return self._url

    @property
    def store(self) -> str | None:
        """None: its store isn't here."""
        return None

    def get(self) -> Loaded:
        """What was read there less than a minute ago, once somebody has answered; later the next one reads anew."""
        view = cast("Elsewhere", self._loaded.view)
        view.endpoint.results("ASK {}")
        if time.monotonic() > self._until and self._lock.acquire(blocking=False):
            try:
                self._loaded = self._load()
            finally:
                self._lock.release()
        return self._loaded

    def _load(self) -> Loaded:
        from kg.link.reconcile.index import Index

        begin = time.monotonic()
        index = Index(cast("ox.Store", _Naming(Elsewhere(self._url, self._secrets, seconds=READING))))
        view = Elsewhere(self._url, self._secrets, seconds=ANSWERING)
        found = Loaded(ox.Store(), cast("ox.Store", view), index, view.base)  # it answers what pages ask of a store
        now = time.monotonic()
        self._until = now + max(FRESH, REST * (now - begin))
        return found


class _Naming:
    """What an index reads: names and classes all at once, for each one alone would be a request; the rest there."""

    def __init__(self, view: Elsewhere) -> None:
        self.query = view.query
        self._known = ox.Store()
        self._known.extend(self._read(view))

    def quads_for_pattern(self, *pattern: Any) -> Iterator[ox.Quad]:
        return self._known.quads_for_pattern(*pattern)

    @staticmethod
    def _read(view: Elsewhere) -> Iterator[ox.Quad]:
        naming = " ".join(map(str, NAMING))
        named = f"{{ SELECT DISTINCT ?s {{ VALUES ?by {{ {naming} }} ?s ?by ?name }} }}"
        for pattern in (
            f"VALUES ?p {{ {naming} {v.HIDDEN_LABEL} }} ?s ?p ?o",
            f"{named} VALUES ?p {{ {v.TYPE} }} ?s ?p ?o",
        ):
            for row in view.rows(f"SELECT ?s ?p ?o {{ {pattern} }}"):
                yield ox.Quad(row["s"], row["p"], row["o"])


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_mtime_ns, found.st_size
