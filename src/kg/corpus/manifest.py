"""What became of each article, kept in SQLite by the hash of its text, so that a build can go on after a stop.

A row is written when what it says is safe where it belongs, in the store or in a finished part. What a stop leaves
without a row is read again, and gives the same. A **pair** is a text with a page or file that has it. Each build is a
**run**, of which the manifest knows how many items it has dealt with, and a hash of which these were: one that was
stopped is gone on with by the same command after the last of them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final, Literal, Self

from kg.errors import StoreError
from kg.records import record

NAME: Final = "manifest.sqlite"
Outcome = Literal["done", "rejected", "replaced"]
LAYOUT: Final = 1
_TABLES: Final = """
CREATE TABLE article (
  key TEXT PRIMARY KEY,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'rejected', 'replaced')),
  reason TEXT,
  settings TEXT NOT NULL,
  source TEXT NOT NULL,
  digest TEXT,
  place INTEGER
) WITHOUT ROWID;
CREATE TABLE pair (
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  known TEXT NOT NULL,
  holds INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) WITHOUT ROWID;
CREATE INDEX article_place ON article (place) WHERE place IS NOT NULL;
CREATE INDEX pair_key ON pair (key) WHERE holds;
CREATE TABLE unread (source TEXT PRIMARY KEY, reason TEXT NOT NULL, run INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  finished INTEGER NOT NULL DEFAULT 0,
  items INTEGER NOT NULL DEFAULT 0,
  chain TEXT NOT NULL DEFAULT ''
);
"""


@record(frozen=True, slots=True)
class Row:
    """An article: what it was read with (``settings``), who told what is known of it (``source``), what it gave."""

    key: str
    outcome: Outcome
    settings: str
    source: str
    reason: str | None = None
    digest: str | None = None
    place: int | None = None


@record(frozen=True, slots=True)
class Pair:
    """A text and a page or file that has it. ``known``: hash of title, date and so on; ``holds``: it is there now."""

    source: str
    key: str
    known: str
    holds: bool


class Manifest:
    """An open manifest. What was noted since ``save`` is seen, and not yet on disk."""

    def __init__(self, path: Path, command: str) -> None:
        """Begin a run of a command, or go on with the one that was stopped. Raises StoreError for a damaged file."""
        self.path, self._command = path, command
        try:
            self._base = _open(path)
            query = "SELECT number, items, chain FROM run WHERE NOT finished AND command = ? ORDER BY number DESC"
            stopped = self._base.execute(query, (command,)).fetchone()
            if stopped is None:
                self.begin()
            else:
                self.run, self.items, self.chain = stopped
        except sqlite3.Error as error:
            raise _damaged(path, error) from error
        self._read_on()
        self._rows: dict[str, Row] = {}
        self._pairs: dict[str, dict[str, Pair]] = {}  # source -> key -> pair
        self._unread: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def begin(self) -> None:
        """Begin a run; one that was stopped before is given up."""
        with self._base:
            self._base.execute("UPDATE run SET finished = 1 WHERE NOT finished")
            self.run = self._base.execute("INSERT INTO run (command) VALUES (?)", (self._command,)).lastrowid or 0
        self.items, self.chain = 0, ""
        self._read_on()

    def _read_on(self) -> None:
        """Read in one transaction until the next is written: each one of its own asks for locks of the file."""
        if not self._base.in_transaction:
            self._base.execute("BEGIN")

    # ---- what is known

    def row(self, key: str) -> Row | None:
        """An article by its key."""
        if key in self._rows:
            return self._rows[key]
        query = "SELECT key, outcome, settings, source, reason, digest, place FROM article WHERE key = ?"
        found = self._base.execute(query, (key,)).fetchone()
        return Row(*found) if found else None

    def pair(self, source: str, key: str) -> Pair | None:
        """A text with a page or file."""
        if key in self._pairs.get(source, ()):
            return self._pairs[source][key]
        query = "SELECT source, key, known, holds FROM pair WHERE source = ? AND key = ?"
        found = self._base.execute(query, (source, key)).fetchone()
        return Pair(found[0], found[1], found[2], bool(found[3])) if found else None

    def held_by(self, source: str) -> list[Pair]:
        """What a page or file has now: one text, by key."""
        query = "SELECT source, key, known, holds FROM pair WHERE source = ? AND holds"
        found = {row[1]: Pair(row[0], row[1], row[2], holds=True) for row in self._base.execute(query, (source,))}
        found |= self._pairs.get(source, {})
        return [found[key] for key in sorted(found) if found[key].holds]

    def sources_of(self, key: str) -> list[str]:
        """The pages and files that have a text now, sorted."""
        query = "SELECT source FROM pair WHERE key = ? AND holds"
        found = {row[0] for row in self._base.execute(query, (key,))}
        for source, pairs in self._pairs.items():
            if key in pairs:
                (found.add if pairs[key].holds else found.discard)(source)
        return sorted(found)

    def next_place(self) -> int:
        """The first number that no article has as its place."""
        last = self._base.execute("SELECT max(place) FROM article").fetchone()[0]
        return 0 if last is None else int(last) + 1

    # ---- what is noted

    def note(self, *notes: Row | Pair) -> None:
        """Note what became of an article, or who has it; ``save`` makes it last."""
        for each in notes:
            if isinstance(each, Row):
                self._rows[each.key] = each
            else:
                self._pairs.setdefault(each.source, {})[each.key] = each

    def note_unread(self, source: str, reason: str) -> None:
        """Note a source in which no article could be found."""
        self._unread[source] = reason

    def deal_with(self, item: str) -> None:
        """Note that one more item of the sources was dealt with; ``item`` is what tells it from others."""
        self.items, self.chain = self.items + 1, chained(self.chain, item)

    def save(self) -> None:
        """Make all that was noted last: one transaction. Raises StoreError; then nothing of it does."""
        try:
            with self._base:
                self._base.executemany(
                    "INSERT OR REPLACE INTO article (key, outcome, settings, source, reason, digest, place)"
                    " VALUES (?,?,?,?,?,?,?)",
                    [
                        (r.key, r.outcome, r.settings, r.source, r.reason, r.digest, r.place)
                        for r in self._rows.values()
                    ],
                )
                self._base.executemany(
                    "INSERT OR REPLACE INTO pair (source, key, known, holds) VALUES (?,?,?,?)",
                    [(p.source, p.key, p.known, p.holds) for each in self._pairs.values() for p in each.values()],
                )
                self._base.executemany(
                    "INSERT OR REPLACE INTO unread (source, reason, run) VALUES (?,?,?)",
                    [(source, reason, self.run) for source, reason in self._unread.items()],
                )
                done = (self.items, self.chain, self.run)
                self._base.execute("UPDATE run SET items = ?, chain = ? WHERE number = ?", done)
            self._read_on()
        except sqlite3.Error as error:
            raise _damaged(self.path, error) from error
        for noted in (self._rows, self._pairs, self._unread):
            noted.clear()

    def finish(self) -> None:
        """The run has come to its end: the next one is another."""
        self.save()
        with self._base:
            self._base.execute("DELETE FROM unread WHERE run < ?", (self.run,))
            self._base.execute("UPDATE run SET finished = 1 WHERE number = ?", (self.run,))


def chained(chain: str, item: str) -> str:
    """The hash of a row of items with one more."""
    return hashlib.sha256(f"{chain}\n{item}".encode()).hexdigest()[:32]


@record(frozen=True, slots=True)
class Listed:
    """What became of an article, or of a source without one: then without key."""

    key: str | None
    outcome: str
    reason: str | None
    sources: tuple[str, ...]


def done_by_place(path: Path) -> Iterator[tuple[int, frozenset[str]]]:
    """Of each place from the first to the last, the keys (16 digits) of its articles that count, as last saved."""
    query = "SELECT place, substr(key, 1, 16) FROM article WHERE place IS NOT NULL AND outcome = 'done' ORDER BY place"
    base, after = _open(path), 0
    for place, rows in groupby(base.execute(query), itemgetter(0)):
        yield from ((gone, frozenset[str]()) for gone in range(after, place))  # of which all have newer texts
        yield place, frozenset(key for _, key in rows)
        after = place + 1
    base.close()


def listed(path: Path, *, rejected: bool = False) -> Iterator[Listed]:
    """What a manifest knows, articles by key; ``rejected``: only what can't be read. Raises StoreError."""
    try:
        base = _open(path)
        # Sorted side by side: pairs that don't hold are in no index, and a join would go through all for each article.
        query = """
            SELECT key, 0 AS is_pair, outcome AS what, reason FROM article WHERE NOT ?1 OR outcome = 'rejected'
            UNION ALL SELECT key, 1, source, NULL FROM pair ORDER BY key, is_pair, what"""
        for key, rows in groupby(base.execute(query, (rejected,)), itemgetter(0)):
            _, is_pair, outcome, reason = next(rows)
            if not is_pair:
                yield Listed(key, outcome, reason, tuple(source for _, _, source, _ in rows))
        for source, reason in base.execute("SELECT source, reason FROM unread ORDER BY source"):
            yield Listed(None, "unread", reason, (source,))
        base.close()
    except sqlite3.Error as error:
        raise _damaged(path, error) from error


def _open(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, isolation_level="DEFERRED")
    base.execute("PRAGMA journal_mode = WAL")
    layout = base.execute("PRAGMA user_version").fetchone()[0]
    if layout == 0:
        base.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {LAYOUT}; COMMIT;")
    elif layout != LAYOUT:
        base.close()
        raise StoreError(
            f"{path}: layout {layout}, made by a newer version of the program; update it, or use another store"
        )
    return base


def _damaged(path: Path, error: sqlite3.Error) -> StoreError:
    if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
        return StoreError(f"{path}: no space left on the device; make room, and run the command again: it goes on")
    return StoreError(f"{path}: can't be used ({error}); remove it: the articles are looked at again, none is lost")
