"""The last or the first of some things before a place in the text, without going through all of them.

Things keep the order in which they are given, which need not be that of their places: what stands inside a quotation
comes behind the sentence that quotes it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Placed(Generic[T]):
    """Things with the offsets at which they stand."""

    def __init__(self, things: Iterable[tuple[int, T]]) -> None:
        given = list(things)
        self._things = [thing for _, thing in given]
        self._places = places = [place for place, _ in given]
        # both never fall: the least place from a thing on, and how far below zero the least place up to it lies
        self._from_here = list(accumulate(reversed(places), min))[::-1]
        self._up_to_here = [-place for place in accumulate(places, min)]

    def __bool__(self) -> bool:
        return bool(self._things)

    def last_before(self, place: int) -> T | None:
        """The last thing that stands before a place."""
        at = bisect_left(self._from_here, place)
        return self._things[at - 1] if at else None

    def last_ones_before(self, place: int, most: int) -> list[T]:
        """The last things that stand before a place, in their order, of so many that are looked at."""
        end = bisect_left(self._from_here, place)
        start = max(0, end - most)
        near = zip(self._places[start:end], self._things[start:end], strict=True)
        return [thing for at, thing in near if at < place]

    def first_before(self, place: int) -> T | None:
        """The first thing that stands before a place."""
        at = bisect_right(self._up_to_here, -place)
        return self._things[at] if at < len(self._things) else None

    def first_after(self, place: int) -> T | None:
        """The first thing that stands after a place, where things stand in the order of their places."""
        at = bisect_right(self._from_here, place)
        return self._things[at] if at < len(self._things) else None
