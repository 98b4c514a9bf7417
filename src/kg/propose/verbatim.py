"""Where the words that a model gives stand in a text: exactly, as whole words, or nowhere.

Words that stand several times are those of the place that lies closest to the trigger, in its sentence before others.
Of several triggers it is the one with most of the others in its sentence, then with the others closest, then the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final

from kg.model import Evidence

MOST: Final = 200
"""Places of the same words that are looked at."""


def found(text: str, words: str, start: int = 0, end: int | None = None) -> list[Evidence]:
    """The places of words in ``text[start:end]``, in order: each a whole word or several, none inside another word."""
    limit = len(text) if end is None else end
    places: list[Evidence] = []
    at = text.find(words, start, limit) if words.strip() else -1
    while at >= 0 and len(places) < MOST:
        behind = at + len(words)
        if not _joins(text, at) and not _joins(text, behind):
            places.append(Evidence(at, behind))
        at = text.find(words, at + 1, limit)
    return places


def _joins(text: str, at: int) -> bool:
    """Whether a word goes on across a position."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def chosen(
    trigger: Sequence[Evidence], others: Mapping[str, Sequence[Evidence]], starts: Sequence[int]
) -> list[Evidence]:
    """One place of the trigger, and one of each of the others in their order; each has one at least.

    ``starts``: where sentences begin, in order.
    """
    best: tuple[tuple[int, int, int], list[Evidence]] | None = None
    for spot in trigger:
        near = [min(places, key=lambda place: _far(spot, place, starts)) for places in others.values()]
        far = [_far(spot, place, starts) for place in near]
        rank = (sum(outside for outside, _, _ in far), sum(gap for _, gap, _ in far), spot.start)
        if best is None or rank < best[0]:
            best = rank, [spot, *near]
    assert best is not None
    return best[1]


def _far(spot: Evidence, place: Evidence, starts: Sequence[int]) -> tuple[bool, int, int]:
    outside = bisect_right(starts, spot.start) != bisect_right(starts, place.start)
    return outside, max(0, place.start - spot.end, spot.start - place.end), place.start
