"""Articles that were there and are no more, by the log of the store: an id once given answers for ever."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

LOG: Final = "log.jsonl"


class Gone:
    """The keys of the articles that a store took back; the log is read again where it has grown."""

    def __init__(self, store: str | None) -> None:
        self._path = Path(store) / LOG if store is not None else None
        self._lock = threading.Lock()
        self._mark: tuple[int, int] | None = None
        self._found: Mapping[str, str | None] = {}
        self._last: str | None = None

    def find(self, key: str) -> tuple[bool, str | None]:
        """Whether the article of that key was taken back, and the key of the one that took its place."""
        found = self._newest()
        return key in found, found.get(key)

    def last_change(self) -> str | None:
        """The day on which something of the store was changed last, ISO 8601."""
        self._newest()
        return self._last

    def _newest(self) -> Mapping[str, str | None]:
        if self._path is None:
            return {}
        with self._lock:
            try:
                state = self._path.stat()
                mark = (state.st_mtime_ns, state.st_size)
                if mark != self._mark:
                    (self._found, self._last), self._mark = _read(self._path), mark
            except OSError:  # nothing was done yet
                return {}
            return self._found


def _read(path: Path) -> tuple[dict[str, str | None], str | None]:
    found: dict[str, str | None] = {}
    last = ""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:  # a last line that was cut off
                continue
            if isinstance(entry, dict):
                _note(entry, found)
                if entry.get("outcome") != "unchanged":
                    last = max(last, str(entry.get("time", ""))[:10])
    return found, last or None


def _note(entry: Mapping[str, Any], found: dict[str, str | None]) -> None:
    key = str(entry.get("article", ""))
    if entry.get("action") == "remove":
        found[key] = None
    elif entry.get("action") == "put":
        found.pop(key, None)
        older = entry.get("replaces")
        found.update(dict.fromkeys(map(str, older), key) if isinstance(older, list) else {})
