"""The graph that is served: opened once, opened again when the file or store has changed."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg import store as stores
from kg import view
from kg import vocabulary as v
from kg.errors import KgError
from kg.records import record
from kg.view import keeping

if TYPE_CHECKING:
    import pyoxigraph

    from kg.link.reconcile.index import Index

Mark = tuple[tuple[str, int, int], ...]


@record(frozen=True, slots=True)
class Loaded:
    """A graph as it was when it was opened. ``view`` is asked; ``dataset`` has what is not shown, texts among it."""

    dataset: pyoxigraph.Store
    view: pyoxigraph.Store
    index: Index
    base: str

    def text(self, article: str) -> str | None:
        """The text of an article (its id); None where it isn't kept, as in a graph file."""
        graph = NamedNode(f"{article}/provenance")
        rows = self.dataset.quads_for_pattern(NamedNode(article), v.IS_STRING, None, graph)
        return next((row.object.value for row in rows if isinstance(row.object, Literal)), None)


class Current:
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


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_mtime_ns, found.st_size
