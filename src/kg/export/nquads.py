"""N-Quads: a quad a line, sorted."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Quad, RdfFormat, serialize

from kg.export.parts import Options


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """The sorted lines."""
    text = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(text.splitlines(keepends=True)))
