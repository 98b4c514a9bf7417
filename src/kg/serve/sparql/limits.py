"""What one query may take."""

from __future__ import annotations

from typing import Final

from kg.records import record

LARGEST_REQUEST: Final = 1_000_000
"""Bytes of a query with its parameters."""
FIRST: Final = 1 << 16
"""Bytes of an answer that are held back: where it ends or fails within them, its status and length say so."""


@record(frozen=True, slots=True)
class Limits:
    """Of one query: ``seconds`` it may run, ``rows`` (or triples) and ``size`` (bytes) of its answer, ``memory`` (bytes
    that its worker may add). Of its client: how long one part of the answer may wait to be taken (``stall``, seconds),
    and all of it (``taking``). Of all: ``workers`` that answer at once, how many queries of one client may wait
    (``waiting``), and how long (``patience``, seconds).
    """

    seconds: float = 30.0
    rows: int = 100_000
    size: int = 50_000_000
    memory: int = 2_000_000_000
    workers: int = 2
    waiting: int = 32
    patience: float = 10.0
    stall: float = 10.0
    taking: float = 300.0
