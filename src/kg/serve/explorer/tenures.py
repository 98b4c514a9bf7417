"""Who held what when, according to articles: a small time line for the page of a person, a post or a body."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode

from kg.records import record
from kg.serve.explorer.claims import Fact
from kg.serve.explorer.names import Names, address
from kg.serve.explorer.sentences import days

RELATIONS: Final = {"holds_post": "holds", "appointed": "appointed", "held_post": "former"}
MOST: Final = 16
"""Rows of a time line."""


@record(frozen=True, slots=True)
class Dot:
    """A day on which something was said; ``x`` in percent of the line's width; ``kind`` is its shape."""

    x: float
    kind: str
    date: str


@record(frozen=True, slots=True)
class Row:
    """One line: what, its page, from the first day to the last (percent), the days."""

    label: str
    href: str
    start: float
    end: float
    dots: tuple[Dot, ...]


@record(frozen=True, slots=True)
class Line:
    """Rows on one scale; ``ticks`` are years with their place."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    more: int


Said = tuple[str, str]
"""A date, ISO 8601 or its beginning, and what was on it: the kind of its dot."""
Told = tuple[str, str, list[Said]]
"""A row before it is drawn: label, address, what was on which day, the first day first."""


def of_facts(found: Iterable[Fact], about: set[NamedNode], names: Names, lang: str) -> Line | None:
    """The tenures among the facts; None where no article of them is dated."""
    rows = told(found, about, names)
    return line(rows, lang) if rows else None


def told(found: Iterable[Fact], about: set[NamedNode], names: Names) -> list[Told]:
    """The tenures among the facts by who or what they join to the things, the latest first; only what is dated."""
    said: dict[str, set[Said]] = {}
    pages: dict[str, str] = {}
    for fact in found:
        first = fact.claims[0]
        ends = [end for end in (first.subject, first.object) if isinstance(end, NamedNode) and end not in about]
        if fact.relation in RELATIONS and ends:
            label = " – ".join(names.name(end) for end in ends)
            pages[label] = address(ends[0])
            said.setdefault(label, set()).update(
                (claim.date, RELATIONS[fact.relation]) for claim in fact.claims if claim.date
            )
    rows = [(label, pages[label], sorted(days)) for label, days in said.items() if days]
    return sorted(rows, key=lambda row: (row[2][0], row[0]), reverse=True)


def line(rows: Sequence[Told], lang: str, most: int = MOST) -> Line:
    """The first rows on one scale. Raises ValueError for none."""
    every = [date for _, _, said in rows[:most] for date, _ in said]
    scale = Scale(min(every), max(every))
    found = tuple(
        Row(
            label,
            href,
            scale.at(said[0][0]),
            scale.at(said[-1][0]),
            tuple(Dot(scale.at(date), kind, days(date, lang)) for date, kind in said),
        )
        for label, href, said in rows[:most]
    )
    return Line(found, scale.ticks(), max(0, len(rows) - most))


class Scale:
    """Days to percent of a width, with some room at both ends."""

    def __init__(self, first: str, last: str) -> None:
        begin, end = _day(first), _day(last)
        room = max((end - begin).days // 12, 20)
        self._begin = begin.toordinal() - room
        self._days = (end - begin).days + 2 * room
        self._years = range(begin.year, end.year + 2)

    def at(self, date: str) -> float:
        """The place of a date, 0 to 100; one decimal."""
        return self._place(_day(date).toordinal())

    def _place(self, ordinal: int) -> float:
        return round(min(100.0, max(0.0, 100 * (ordinal - self._begin) / self._days)), 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The first days of years, no more than eight; of the months where there is but one year."""
        step = max(1, -(-len(self._years) // 8))
        found = [(dt.date(year, 1, 1).toordinal(), str(year)) for year in self._years[::step] if year > 0]
        inside = [(place, text) for place, text in found if self._begin <= place <= self._begin + self._days]
        if not inside:
            middle = dt.date.fromordinal(self._begin + self._days // 2)
            inside = [(middle.toordinal(), f"{middle.year}-{middle.month:02}")]
        return tuple((self._place(place), text) for place, text in inside)


def _day(text: str) -> dt.date:
    """A date, of a year or month its first day; the first day there is for what is none."""
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    try:
        return dt.date(int(year), int(month or 1), int(day[:2] or 1))
    except ValueError:
        return dt.date.min
