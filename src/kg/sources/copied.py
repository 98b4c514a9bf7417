"""Inputs that can't be read forward only: as they lie on disk or, out of an archive or a pipe, as a temporary copy."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from kg.sources.item import BLOCK, Input


@contextmanager
def as_file(source: Input) -> Iterator[str]:
    """The name of a file with these bytes. Raises InputError where they are more than an archive may unpack to."""
    if source.is_file:
        yield source.place.file
        return
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        name = os.path.join(folder, "copy")
        with open(name, "wb") as copy:
            while part := source.stream.read(BLOCK):
                if source.depth == 0:  # what is unpacked is counted where it is unpacked
                    source.allowance.take(len(part), source.place)
                copy.write(part)
        if source.breaks:
            raise source.breaks.pop()
        yield name


@contextmanager
def seekable(source: Input) -> Iterator[BinaryIO]:
    """A stream of these bytes that can be read in any order. Raises InputError as ``as_file``."""
    if source.stream.seekable():
        yield source.stream
        return
    with as_file(source) as path, open(path, "rb") as stream:
        yield stream
