"""The graphs of articles that a build has read and not yet given to the engine: ``waiting.sqlite`` in a store's folder.

The engine sorts what it is given in one call by itself, at a cost of a quad that is the same however much it is; of
what it is given in many calls it sorts again and again what is there already. So a build keeps graphs here, and the
engine gets them together at its end. The store's register and who-is-who know the articles meanwhile.
"""

from __future__ import annotations

import errno
import io
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import StoreError
from kg.output import REASONS, reason
from kg.records import record

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

NAME: Final = "waiting.sqlite"
LONG: Final = 2_000
"""Articles that it takes half a minute to bring in, or more: who waits for it is told."""
_ENDINGS: Final = ("", "-wal", "-shm")
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS article (
  key TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, day TEXT NOT NULL, quads INTEGER NOT NULL,
  text BLOB NOT NULL, graphs BLOB NOT NULL
)"""
_AHEAD: Final = 1 << 20
_GZIP: Final = 31
"""What zlib is told of the bytes that it gets (wbits)."""


@record(frozen=True, slots=True)
class Waits:
    """An article that is to wait. ``text`` and ``graphs``, N-Quads, are members of a gzip file.

    ``digest``: of the graphs, as of ``kg.store``.
    """

    key: str
    digest: str
    day: str  # on which it came out, as of ``kg.voices``
    quads: int
    text: bytes
    graphs: bytes


@record(frozen=True, slots=True)
class Waited:
    """The same, read again. ``graphs``: N-Quads."""

    key: str
    digest: str
    text: str
    graphs: bytes


class Waiting:
    """The articles that wait beside a store, by key. What is added is on disk when ``add`` ends.

    All methods raise StoreError where the file can't be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._base: sqlite3.Connection | None = None

    def __len__(self) -> int:
        return self._one("SELECT count(*) FROM article") or 0

    @property
    def quads(self) -> int:
        """How many all graphs together have."""
        return self._one("SELECT sum(quads) FROM article") or 0

    def digest(self, key: str) -> str | None:
        """The digest of an article that waits; None for another one."""
        found: str | None = self._one("SELECT digest FROM article WHERE key = ?", key)
        return found

    def day(self, key: str) -> str | None:
        """The day of an article that waits; None for another one."""
        found: str | None = self._one("SELECT day FROM article WHERE key = ?", key)
        return found

    def text(self, key: str) -> str | None:
        """The text of an article that waits; None for another one."""
        packed = self._one("SELECT text FROM article WHERE key = ?", key)
        return None if packed is None else self._unpacked(packed).decode()

    def graphs(self, key: str) -> bytes | None:
        """The graphs of an article that waits, as N-Quads; None for another one."""
        packed = self._one("SELECT graphs FROM article WHERE key = ?", key)
        return None if packed is None else self._unpacked(packed)

    def __iter__(self) -> Iterator[Waited]:
        """All, in the order in which they came. Nothing may be added meanwhile."""
        for key, digest, text, graphs in self._rows("SELECT key, digest, text, graphs FROM article ORDER BY rowid"):
            yield Waited(key, digest, self._unpacked(text).decode(), self._unpacked(graphs))

    def digests(self) -> Iterator[tuple[str, str]]:
        """Key and digest of each, in the same order."""
        yield from self._rows("SELECT key, digest FROM article ORDER BY rowid")

    def add(self, articles: Iterable[Waits]) -> None:
        """Keep articles, each in place of the one with its key: all of them or none."""
        rows = [(each.key, each.digest, each.day, each.quads, each.text, each.graphs) for each in articles]
        with self._told(), self._opened() as base:
            base.executemany("INSERT OR REPLACE INTO article VALUES (?,?,?,?,?,?)", rows)

    def drop(self, *keys: str) -> None:
        """Forget articles, where they wait."""
        known = [(key,) for key in keys if self.digest(key) is not None]
        if known:
            with self._told(), self._opened() as base:
                base.executemany("DELETE FROM article WHERE key = ?", known)

    def clear(self) -> None:
        """Forget all."""
        self.close()
        try:
            for ending in _ENDINGS:
                self._path.with_name(f"{NAME}{ending}").unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{self._path}: {reason(error)}") from error

    def close(self) -> None:
        """Let go of the file."""
        if self._base is not None:
            self._base.close()
            self._base = None

    def _rows(self, query: str) -> Iterator[Any]:
        if self._path.exists():
            with self._told():
                yield from self._opened().execute(query)

    def _one(self, query: str, *values: str) -> Any:
        """The first column of the first row; None where there is none."""
        if self._base is None and not self._path.exists():
            return None
        with self._told():
            row = self._opened().execute(query, values).fetchone()
        return None if row is None else row[0]

    def _unpacked(self, data: bytes) -> bytes:
        with self._told():
            return unpacked(data)

    def _opened(self) -> sqlite3.Connection:
        if self._base is None:
            self._base = sqlite3.connect(self._path)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute(_TABLE)
        return self._base

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            why = REASONS[errno.ENOSPC] if "full" in str(error) else f"{error}; run the command again: it goes on"
            raise StoreError(f"{self._path}: {why}") from error
        except (sqlite3.DatabaseError, zlib.error) as error:
            left = "remove it, then kg store check --repair, and run the build again"
            raise StoreError(f"{self._path}: damaged ({error}); {left}") from error


def is_waited_for(folder: Path) -> bool:
    """Whether something waits beside the store in a folder, by the look of it."""
    return (folder / NAME).exists()


@contextmanager
def held(folder: Path) -> Iterator[Callable[[Path], bool]]:
    """What copies all that waits then to another folder, although it may be brought in meanwhile.

    It gives whether something did.
    """
    found = _to_copy(folder)

    def copy(target: Path) -> bool:
        base = found or _to_copy(folder)
        if base is None:
            return False
        with closing(sqlite3.connect(target / NAME)) as made:
            base.backup(made)
        return True

    try:
        yield copy
    except sqlite3.Error as error:
        raise StoreError(f"{folder / NAME}: {error}; try again") from error
    finally:
        if found is not None:
            found.close()


def _to_copy(folder: Path) -> sqlite3.Connection | None:
    if not is_waited_for(folder):
        return None
    base = sqlite3.connect(f"{(folder / NAME).absolute().as_uri()}?mode=rw", uri=True)
    base.execute("SELECT 1 FROM sqlite_master").fetchone()  # from here on it has the file, whoever removes it
    return base


def unpacked(data: bytes) -> bytes:
    """What a member of a gzip file holds."""
    return zlib.decompress(data, wbits=_GZIP)


def as_file(chunks: Iterable[bytes]) -> io.BufferedReader:
    """Bytes that come one after another, to be read like a file."""
    return io.BufferedReader(_Chunks(chunks), _AHEAD)


class _Chunks(io.RawIOBase):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._left = iter(chunks), memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer; gives how many bytes that were."""
        while not self._left:
            found = next(self._chunks, None)
            if found is None:
                return 0
            self._left = memoryview(found)
        room = memoryview(buffer).cast("B")
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
