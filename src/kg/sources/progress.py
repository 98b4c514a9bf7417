"""How far the reading of sources has got."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import BinaryIO


def bytes_of(file: str) -> int:
    """The size of a regular file as it lies on disk; 0 for what is none."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


@dataclass(slots=True)
class Progress:
    """Bytes of the sources as they lie on disk: ``done`` of ``total``, which is None where it can't be known.

    It may be asked at any time, also from another thread. What is packed counts as packed: an archive is half done
    where half of its own bytes are read.
    """

    total: int | None = None
    _before: int = 0  # of the files that are done
    _size: int = 0  # of the file that is being read
    _at: int = 0  # where in it, if its stream doesn't say
    _stream: BinaryIO | None = field(default=None, repr=False)

    def begin(self, file: str) -> None:
        """A file's turn."""
        self._size = bytes_of(file)

    def follow(self, stream: BinaryIO) -> None:
        """Where this stream stands is how much is read."""
        self._stream = stream

    def reached(self, share: float) -> None:
        """How much is read, 0 to 1, of a file whose stream doesn't say it."""
        self._stream, self._at = None, int(self._size * min(max(share, 0.0), 1.0))

    def end(self) -> None:
        """The file is done, read or not."""
        self._stream = None
        self._before, self._size, self._at = self._before + self._size, 0, 0

    @property
    def done(self) -> int:
        """Bytes that are read."""
        return self._before + min(self._position(), self._size)

    def _position(self) -> int:
        try:
            return self._at if self._stream is None else self._stream.tell()
        except (OSError, ValueError, RuntimeError):  # a pipe, a stream that has just been closed, one that is busy
            return 0
