"""Bytes of a packed stream as a stream of their own that takes from the allowance, and says where it breaks off."""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from typing import Protocol

from kg.errors import InputError
from kg.sources.item import Allowance, Place

BROKEN = (zlib.error, lzma.LZMAError, EOFError, zipfile.BadZipFile, tarfile.TarError, ValueError)
LOCKED = (RuntimeError, NotImplementedError)  # zipfile's, for a password and for an unknown way of packing


class Readable(Protocol):
    """What can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""


class Unpacked(io.RawIOBase):
    """The unpacked bytes. Reading raises InputError, with the place, where they break off or grow too many."""

    def __init__(self, packed: Readable, place: Place, allowance: Allowance) -> None:
        self.packed, self.place, self.allowance = packed, place, allowance

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        try:
            part = self.packed.read(len(buffer))
        except LOCKED as error:
            raise InputError(f"{self.place}: {_lower(error)}; unpack it yourself") from error
        except (*BROKEN, OSError) as error:
            raise InputError(f"{self.place}: cut off or damaged ({_lower(error)}); get the file again") from error
        self.allowance.take(len(part), self.place)
        buffer[: len(part)] = part
        return len(part)


def unpacked(packed: Readable, place: Place, allowance: Allowance) -> io.BufferedReader:
    """The same with a buffer, so that lines can be read from it."""
    return io.BufferedReader(Unpacked(packed, place, allowance), buffer_size=1 << 16)


def _lower(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:1].lower() + text[1:100]
