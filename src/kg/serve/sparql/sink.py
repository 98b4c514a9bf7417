"""Where an answer is written: held back while it is small, then handed on in parts as it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kg.serve.sparql import channel
from kg.serve.sparql.counting import Count
from kg.serve.sparql.limits import FIRST, Limits
from kg.serve.sparql.protocol import Refused

_WHOLE: Final = {"is_whole": True}


class Sink:
    """A file that the engine writes to. ``send`` takes frames of the channel, and may wait until they are taken.

    Raises Refused where the answer grows over a limit.
    """

    def __init__(self, send: Callable[[bytes], object], limits: Limits) -> None:
        self.is_begun = False
        """Whether the client has a part of the answer; then it can't be told of a fault by a status any more."""
        self._send = send
        self._limits = limits
        self._held = bytearray()
        self._size = 0
        self._rows: Count | None = None
        self._head: Mapping[str, Any] = {}

    def begin(self, kind: str, rows: Count | None = None) -> None:
        """Say the media type, and what counts the rows."""
        self._head, self._rows = {"status": 200, "kind": kind}, rows

    def write(self, data: bytes) -> int:
        """Take what the engine wrote."""
        size = len(data)
        self._size += size
        if self._size > self._limits.size:
            most = f"{self._limits.size:,} bytes"
            raise Refused(413, f"the answer has more than {most}; ask for less, or for parts with LIMIT and OFFSET")
        self._held += data
        if len(self._held) >= FIRST:
            self._hand_on()
        return size

    def flush(self) -> None:
        """Files have this; parts are handed on when they are large enough."""

    def end(self) -> None:
        """Hand on what is left."""
        if self.is_begun:
            self._hand_on(channel.frame(channel.END))
            return
        if self._rows and self._size > self._limits.rows:  # a row has a byte at least
            self._count()
        head = channel.said(channel.HEAD, {**self._head, **_WHOLE})
        self._send(head + channel.frame(channel.DATA, self._held) + channel.frame(channel.END))

    def _hand_on(self, after: bytes = b"") -> None:
        self._count()
        before = b"" if self.is_begun else channel.said(channel.HEAD, self._head)
        self.is_begun = True
        self._send(before + channel.frame(channel.DATA, self._held) + after)
        self._held.clear()

    def _count(self) -> None:
        if self._rows and self._rows(bytes(self._held)) > self._limits.rows:
            raise too_many("rows", self._limits)


def too_many(what: str, limits: Limits) -> Refused:
    """Why an answer of more rows, or triples, is not given."""
    return Refused(413, f"the answer has more than {limits.rows:,} {what}; ask for parts with LIMIT and OFFSET")
