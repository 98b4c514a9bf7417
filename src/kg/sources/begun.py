"""The first bytes of an input, by which its kind is told."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import BinaryIO

from kg.sources.decode import HEAD
from kg.sources.item import Input


def begun(source: Input) -> tuple[bytes, Input]:
    """The first bytes of an input, and the input as it was before they were looked at."""
    head = b""
    while len(head) < HEAD and (part := source.stream.read(HEAD - len(head))):
        head += part
    if source.depth == 0 and source.stream.seekable():
        source.stream.seek(-len(head), io.SEEK_CUR)
        return head, source
    return head, replace(source, stream=io.BufferedReader(Rewound(head, source.stream)))


class Rewound(io.RawIOBase):
    """A stream with its first bytes put back."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self.head, self.rest = head, rest

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        if not self.head:
            self.head = self.rest.read(len(buffer)) or b""
        part, self.head = self.head[: len(buffer)], self.head[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
