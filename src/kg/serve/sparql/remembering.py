"""Answers that are given again while the graph is as it was: whole ones, of queries that depend on nothing else."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from typing import Final

from kg.records import record
from kg.serve.sparql.protocol import Asked

MOST: Final = 32_000_000
"""Bytes of answers and questions that are kept; the ones that were not asked for longest go first."""
_OTHERWISE: Final = re.compile(r"\b(RAND|NOW|UUID|STRUUID|BNODE|SERVICE)\b", re.IGNORECASE)
"""What makes an answer another one each time."""


@record(frozen=True, slots=True)
class Kept:
    """An answer: media type, bytes, and what tells it from others (an ETag)."""

    kind: str
    body: bytes
    tag: str


Key = tuple[Asked, str, str]
"""A question, what the client accepts, and what relative IRIs are relative to."""


class Memory:
    """The answers of one state of the graph."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def get(self, key: Key) -> Kept | None:
        """The answer that was given to the same question."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, kind: str, body: bytes) -> None:
        """Keep a whole answer, unless its question may be answered otherwise the next time."""
        if _OTHERWISE.search(key[0].query) or key in self._kept:
            return
        self._kept[key] = Kept(kind, body, tag_of(kind, body))
        self._size += _size(key, body)
        while self._size > self._most:
            old, kept = self._kept.popitem(last=False)
            self._size -= _size(old, kept.body)

    def clear(self) -> None:
        """Another state."""
        self._kept.clear()
        self._size = 0


def tag_of(kind: str, body: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(kind.encode() + body).hexdigest()[:32]}"'


def _size(key: Key, body: bytes) -> int:
    asked, accept, base = key
    return len(asked.query) + len(accept) + len(base) + len(body) + 1000
