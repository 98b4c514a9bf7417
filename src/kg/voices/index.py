"""Signatures of articles in a SQLite file: what may be alike is found by a band in common; grown article by article.

The file is made from the store and can be made anew. What was found and not yet brought into the store is in it too,
so that a stop loses nothing. An article's place among others is its day and its key; one without a day is behind all.

Bands lie in the order of their hashes, so a few articles touch a page of the file for each of their bands, and many at
once each page a few times. That is why articles may wait until there are many.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.records import record
from kg.voices.text import bands

LAYOUT: Final = 2
UNDATED: Final = "9999"
_TABLES: Final = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (key INTEGER PRIMARY KEY, day TEXT NOT NULL, voice INTEGER NOT NULL, signature BLOB NOT NULL);
CREATE INDEX member ON article (voice) WHERE voice <> key;
CREATE TABLE band (
  hash INTEGER NOT NULL, is_member INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (hash, is_member, key)
) WITHOUT ROWID;
CREATE TABLE open (
  day TEXT NOT NULL, key INTEGER NOT NULL, is_new INTEGER NOT NULL, PRIMARY KEY (day, key)
) WITHOUT ROWID;
CREATE TABLE changed (voice INTEGER PRIMARY KEY);
CREATE TABLE waiting (number INTEGER PRIMARY KEY, key INTEGER NOT NULL, signature BLOB);
CREATE TABLE unsorted (hash INTEGER NOT NULL, key INTEGER NOT NULL);
"""
_CACHE: Final = 32_000
"""Kilobytes of the file that are held in memory."""


@record(frozen=True, slots=True, order=True)
class Place:
    """Where an article stands among all: the earlier one is the smaller one."""

    day: str
    key: int


@record(frozen=True, slots=True)
class Entry:
    """An article of the index. ``voice``: its first article, itself where it is that; ``first``: the place of that."""

    place: Place
    voice: int
    first: Place
    signature: bytes

    @property
    def is_first(self) -> bool:
        """Whether the voice is named by it."""
        return self.voice == self.place.key


class Index:
    """An open index. Changes are made last by ``save``, all since the last time or none."""

    def __init__(self, path: Path, version: str) -> None:
        """Made anew where there is none, or one of another version. Raises sqlite3.Error, also for a damaged file."""
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._open(f"{LAYOUT} {version}")
        except BaseException:
            self._db.close()
            raise

    def _open(self, version: str) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", f"cache_size = -{_CACHE}", "temp_store = FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        names = [name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        self._db.execute("BEGIN")
        if names and self._about("version") != version:
            for name in names:
                self._db.execute(f"DROP TABLE {name}")
            names = []
        if not names:
            for statement in _TABLES.split(";\n"):
                self._db.execute(statement)
            self._db.execute("INSERT INTO about VALUES ('version', ?)", [version])
        self.save()

    def close(self) -> None:
        """Forget what was not saved."""
        self._db.close()

    def save(self) -> None:
        """Make all changes last."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def _about(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM about WHERE name = ?", [name]).fetchone()
        return None if row is None else str(row[0])

    @property
    def is_whole(self) -> bool:
        """Whether all articles of the store were once in it."""
        return self._about("whole") is not None

    def whole(self, is_whole: bool) -> None:
        """Note that all articles of the store are in it, or may not be."""
        self._db.execute("DELETE FROM about WHERE name = 'whole'")
        if is_whole:
            self._db.execute("INSERT INTO about VALUES ('whole', '')")

    # ---- articles

    def find(self, key: int) -> Entry | None:
        """An article, if it is here."""
        row = self._db.execute(f"{_ENTRY} WHERE a.key = ?", [key]).fetchone()
        return None if row is None else _entry(row)

    def every(self) -> Iterator[int]:
        """The keys of all articles, in their order; they may be taken out meanwhile."""
        last = -(2**63)
        while rows := self._db.execute(
            "SELECT key FROM article WHERE key > ? ORDER BY key LIMIT 10000", [last]
        ).fetchall():
            yield from (key for (key,) in rows)
            last = rows[-1][0]

    def add(self, found: Iterable[tuple[Place, bytes]]) -> None:
        """Articles that aren't here, with their signatures: each one for itself until ``sort`` and being grouped."""
        new = sorted(found, key=lambda each: each[0].key)
        self._db.executemany(
            "INSERT INTO article VALUES (?, ?, ?, ?)", [(at.key, at.day, at.key, data) for at, data in new]
        )
        rows = [(band, at.key) for at, data in new for band in set(bands(data))]
        self._db.executemany("INSERT INTO unsorted VALUES (?, ?)", rows)
        self._db.executemany("INSERT INTO open VALUES (?, ?, 1)", [(at.day, at.key) for at, _ in new])
        self._grow(len(new))

    def sort(self) -> None:
        """Let what was added be found by its bands: all of it at once."""
        self._db.execute("INSERT INTO band SELECT hash, 0, key FROM unsorted ORDER BY hash, key")
        self._db.execute("DELETE FROM unsorted")

    @property
    def size(self) -> int:
        """How many articles are in it."""
        return int(self._about("size") or 0)

    def _grow(self, by: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO about VALUES ('size', ?)", [str(self.size + by)])

    def remove(self, entry: Entry) -> None:
        """Take an article out that was sorted; those of its voice are to be grouped anew where it names them."""
        if entry.is_first:
            self.reopen(self.members(entry.place.key))
        rows = [(band, int(not entry.is_first), entry.place.key) for band in bands(entry.signature)]
        self._db.executemany("DELETE FROM band WHERE hash = ? AND is_member = ? AND key = ?", rows)
        self._db.execute("DELETE FROM article WHERE key = ?", [entry.place.key])
        self._db.execute("DELETE FROM open WHERE day = ? AND key = ?", [entry.place.day, entry.place.key])
        self.note([entry.voice])
        self._grow(-1)

    def move(self, entry: Entry, voice: int) -> None:
        """Let an article belong to another voice, or be the first of its own."""
        key, is_first = entry.place.key, entry.place.key == voice
        self._db.execute("UPDATE article SET voice = ? WHERE key = ?", [voice, key])
        if is_first != entry.is_first:
            change = "UPDATE band SET is_member = ? WHERE hash = ? AND is_member = ? AND key = ?"
            rows = [(int(not is_first), band, int(is_first), key) for band in sorted(set(bands(entry.signature)))]
            self._db.executemany(change, rows)
        self.note([entry.voice, voice])

    def near(self, entry: Entry, *, members: bool) -> list[Entry]:
        """The articles with a band in common: those that name a voice, or the others."""
        found = bands(entry.signature)
        if not found:
            return []
        marks = ", ".join("?" * len(found))
        chosen = f"SELECT DISTINCT key FROM band WHERE hash IN ({marks}) AND is_member = ? AND key <> ?"
        rows = self._db.execute(f"{_ENTRY} WHERE a.key IN ({chosen})", [*found, int(members), entry.place.key])
        return [_entry(row) for row in rows.fetchall()]

    def members(self, voice: int) -> list[Place]:
        """The articles of a voice but the first one, in their order."""
        rows = self._db.execute(
            "SELECT day, key FROM article WHERE voice = ? AND voice <> key ORDER BY day, key", [voice]
        )
        return [Place(day, key) for day, key in rows.fetchall()]

    def count(self) -> int:
        """How many articles are printings of another one."""
        return int(self._db.execute("SELECT COUNT(*) FROM article WHERE voice <> key").fetchone()[0])

    # ---- what is to be done

    def wait(self, found: Iterable[tuple[int, bytes | None]]) -> None:
        """Note articles that are to be looked at, with their signatures where they are made."""
        self._db.executemany("INSERT INTO waiting (key, signature) VALUES (?, ?)", found)

    @property
    def waits(self) -> int:
        """How many notes there are, of as many articles or fewer."""
        return int(self._db.execute("SELECT COALESCE(MAX(number), 0) FROM waiting").fetchone()[0])

    def waiting(self) -> Iterator[tuple[int, bytes | None]]:
        """The articles that are to be looked at, each once with the last signature, in the order of their keys."""
        # The column beside MAX is that of the row that has it: SQLite says so.
        rows = self._db.execute("SELECT key, signature, MAX(number) FROM waiting GROUP BY key ORDER BY key")
        yield from ((key, signature) for key, signature, _ in rows)

    def waited(self) -> None:
        """All that were waiting are in."""
        self._db.execute("DELETE FROM waiting")

    def reopen(self, places: Iterable[Place]) -> None:
        """Note that these articles are to be grouped."""
        rows = [(at.day, at.key) for at in places]
        self._db.executemany("INSERT OR IGNORE INTO open VALUES (?, ?, 0)", rows)

    def next(self) -> tuple[int, bool] | None:
        """The first article that is to be grouped, and whether it is new; it isn't noted any more."""
        row = self._db.execute("SELECT day, key, is_new FROM open ORDER BY day, key LIMIT 1").fetchone()
        if row is None:
            return None
        self._db.execute("DELETE FROM open WHERE day = ? AND key = ?", row[:2])
        return row[1], bool(row[2])

    def note(self, voices: Iterable[int]) -> None:
        """Note that these voices aren't what the store has of them."""
        self._db.executemany("INSERT OR IGNORE INTO changed VALUES (?)", [(voice,) for voice in voices])

    def changed(self, most: int) -> list[int]:
        """Voices that the store doesn't have as they are, in their order."""
        return [voice for (voice,) in self._db.execute("SELECT voice FROM changed ORDER BY voice LIMIT ?", [most])]

    def told(self, voices: Iterable[int]) -> None:
        """The store has these as they are."""
        self._db.executemany("DELETE FROM changed WHERE voice = ?", [(voice,) for voice in voices])


_ENTRY: Final = "SELECT a.key, a.day, a.voice, v.day, a.signature FROM article a LEFT JOIN article v ON v.key = a.voice"


def _entry(row: tuple[int, str, int, str | None, bytes]) -> Entry:
    """A voice whose first article is gone, which its articles are about to leave, is behind all."""
    key, day, voice, first, signature = row
    return Entry(Place(day, key), voice, Place(first or f"{UNDATED}9", voice), signature)
