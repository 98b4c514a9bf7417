"""What models answered, kept on disk by what they were asked; and beside it, what each article cost.

SQLite, so that an answer is either kept whole or not at all, and several runs may use the same folder.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kg.errors import OutputError, StoreError
from kg.output import append

ANSWERS: Final = "answers.sqlite"
USAGE: Final = "usage.jsonl"


class Kept:
    """The answers of a folder. Several threads may use it. Raises StoreError where the file can't be used."""

    def __init__(self, folder: Path) -> None:
        self._path, self._usage = folder / ANSWERS, folder / USAGE
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{folder}: {error.strerror}; name another in kg.toml: [propose] cache") from error
        with self._told():
            self._base = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("CREATE TABLE IF NOT EXISTS answers (asked TEXT PRIMARY KEY, answer TEXT NOT NULL)")

    def get(self, asked: str) -> dict[str, Any] | None:
        """The answer to what has this hash."""
        with self._told():
            row = self._base.execute("SELECT answer FROM answers WHERE asked = ?", (asked,)).fetchone()
            return None if row is None else dict(json.loads(row[0]))

    def put(self, asked: str, answer: dict[str, Any]) -> None:
        """Keep an answer; on disk when it returns."""
        with self._told():
            self._base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (asked, json.dumps(answer)))

    def note(self, **cost: object) -> None:
        """Add a line to the record of what was asked; the time is that of now, as in every log."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        try:
            append(self._usage, json.dumps({"time": now, **cost}).encode() + b"\n")
        except OSError as error:
            raise OutputError(f"{self._usage}: {error.strerror}; the answers are kept") from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._base.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except (sqlite3.Error, ValueError) as error:
            raise StoreError(f"{self._path}: can't be used ({error}); move it away: all is asked again") from error
