"""A file packed with gzip: whatever it holds."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from kg.sources.item import Input
from kg.sources.unpack import unpacked


def read(source: Input) -> Iterator[Input]:
    """What is packed, in the place of the file itself."""
    packed = gzip.GzipFile(fileobj=source.stream, mode="rb")
    yield unpacked(source, source.place, packed, media_type=source.media_type)
