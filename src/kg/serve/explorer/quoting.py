"""An article's text cut where its highlighted words begin and end; and the sentences around a claim's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from kg.records import record
from kg.serve.explorer.claims import Mark

APART: Final = 240
"""Code points between words from which on they are shown as two quotations."""
AROUND: Final = 320
"""Most code points that are shown on each side of the words."""
_END: Final = re.compile(r"""(?<=[a-z0-9)]{2})[.!?]["”’)]*\s+(?=["“‘(]?[A-Z0-9])|\n""")
"""Where a sentence ends: no full stop behind a capital or a single letter, as in "H. Joko" or "Dr."."""


@record(frozen=True, slots=True)
class Piece:
    """A part of a text with one set of marks: numbers of those in the list that was given, in their order."""

    text: str
    marks: tuple[int, ...]


def pieces(text: str, begin: int, end: int, marks: Sequence[Mark]) -> list[Piece]:
    """The text from ``begin`` to ``end``, cut at every border of a mark: overlapping marks share pieces."""
    borders = {begin, end}
    for mark in marks:
        borders |= {place for place in (mark.begin, mark.end) if begin < place < end}
    places = sorted(borders)
    return [
        Piece(text[start:stop], tuple(at for at, mark in enumerate(marks) if mark.begin < stop and mark.end > start))
        for start, stop in pairwise(places)
    ]


def quotations(text: str, marks: Sequence[Mark]) -> list[list[Piece]]:
    """The sentences around the words, one list of pieces for each place of the text; an ellipsis where one is cut."""
    return [_quotation(text, begin, end, marks) for begin, end in _places(marks)]


def _places(marks: Iterable[Mark]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for mark in sorted(marks):
        if found and mark.begin - found[-1][1] <= APART:
            found[-1] = found[-1][0], max(found[-1][1], mark.end)
        else:
            found.append((mark.begin, mark.end))
    return found


def _quotation(text: str, begin: int, end: int, marks: Sequence[Mark]) -> list[Piece]:
    earliest, latest = max(0, begin - AROUND), min(len(text), end + AROUND)
    before = [each.end() for each in _END.finditer(text, earliest, begin)]
    after = _END.search(text, max(end - 1, 0), latest)
    start = before[-1] if before else earliest
    stop = after.end() if after else latest
    found = pieces(text, start, stop, marks)
    if not before and earliest > 0:
        found.insert(0, Piece("… ", ()))
    if after is None and latest < len(text):
        found.append(Piece(" …", ()))
    return found


def without_text(marks: Sequence[Mark]) -> list[list[Piece]]:
    """The words alone, where the text isn't kept or isn't shown."""
    found: list[Piece] = []
    end = -1
    for at, mark in enumerate(marks):
        if mark.end <= end or not mark.words:
            continue
        found += [Piece(" … ", ())] if found else []
        found.append(Piece(" ".join(mark.words.split()), (at,)))
        end = mark.end
    return [found] if found else []
