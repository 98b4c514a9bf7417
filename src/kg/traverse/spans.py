"""Pieces of an article as one quotation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of an article: code points, ``end`` exclusive, and its words."""

    begin: int
    end: int
    words: str


def quoted(spans: Iterable[Span]) -> tuple[str, str]:
    """The words in the order of the text, and their places as ``66,78 79,84``.

    A span inside another one and words that were quoted before are left out.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.begin, -span.end)):
        inside = any(span.begin >= other.begin and span.end <= other.end for other in kept)
        if not inside and span.words not in {other.words for other in kept}:
            kept.append(span)
    return " … ".join(span.words for span in kept), " ".join(f"{span.begin},{span.end}" for span in kept)
