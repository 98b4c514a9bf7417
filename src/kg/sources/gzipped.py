"""A file packed with gzip: whatever it holds."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace

from kg.sources.item import Input
from kg.sources.unpack import unpacked


def read(source: Input) -> Iterator[Input]:
    """What is packed, in the place of the file itself."""
    packed = gzip.GzipFile(fileobj=source.stream, mode="rb")
    inner = source.inner(source.place, unpacked(packed, source.place, source.allowance), known=source.known)
    yield replace(inner, media_type=source.media_type)
