"""What is packed as an input of its own, which takes from the allowance.

Where it breaks off, it ends, with the reason in ``Input.breaks``: what lies before is read.
"""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from dataclasses import replace
from typing import Protocol

from kg.errors import InputError
from kg.sources.item import BLOCK, Input, Known, Place

BROKEN = (zlib.error, lzma.LZMAError, EOFError, zipfile.BadZipFile, tarfile.TarError, ValueError)
LOCKED = (RuntimeError, NotImplementedError)  # zipfile's, for a password and for an unknown way of packing


class Readable(Protocol):
    """What can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""


class Unpacked(io.RawIOBase):
    """The unpacked bytes."""

    def __init__(self, packed: Readable, source: Input) -> None:
        self.packed, self.place = packed, source.place
        self.allowance, self.breaks = source.allowance, source.breaks

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        part = b"" if self.breaks else self._next(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def _next(self, size: int) -> bytes:
        read = getattr(self.packed, "read1", self.packed.read)  # gives what lies before a break
        try:
            part: bytes = read(size)
            self.allowance.take(len(part), self.place)
        except InputError as error:
            self._break(str(error))
        except LOCKED as error:
            self._break(f"{self.place}: {_lower(error)}; unpack it yourself")
        except (*BROKEN, OSError) as error:
            self._break(f"{self.place}: cut off or damaged ({_lower(error)}); get the file again")
        else:
            return part
        return b""

    def _break(self, message: str) -> None:
        self.breaks.append(InputError(message))


def unpacked(
    source: Input,
    place: Place,
    packed: Readable,
    *,
    known: Known = Known(),  # noqa: B008 - frozen
    media_type: str | None = None,
    encoding: str | None = None,
    size: int | None = None,
) -> Input:
    """The input that is packed at a place of another, buffered so that lines can be read from it."""
    inner = source.inner(place, io.BytesIO(), known=known, media_type=media_type, encoding=encoding, size=size)
    return replace(inner, stream=io.BufferedReader(Unpacked(packed, inner), buffer_size=BLOCK))


def _lower(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:1].lower() + text[1:100]
