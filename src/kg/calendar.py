"""Dates in a text: found by their digits, read day before month, resolved against the article's year.

The day name in front is looked for backwards: as an optional prefix it would be tried at every character.
Words that count from the article's day ("kemarin", "Senin lalu") are dates where that day is known.
Impossible dates are kept as they are written ("2025-02-31"), so that the gate refuses them rather than nobody knowing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from kg.lexicon import Lexicon
from kg.records import record

ANCHOR = re.compile(r"\d(?:(?<![\d.,/]\d)\d?(?!\d|[.,]\d)|(?<=\b2)0\d\d\b)")  # a day of the month or a year
LOOK_BACK = 40  # code points before the digits in which day names may stand


@record(frozen=True, slots=True)
class DateValue:
    """A date or a range of days as written; ``month`` without day where only month and year stand."""

    start: int
    end: int
    first: tuple[int | None, int, int | None]  # year, month, day
    last: tuple[int | None, int, int | None]
    days: int | None = None  # counted from the article's day: -1 for "kemarin"
    weekday: tuple[int, int] | None = None  # day of the week, and -1 for the last one, 1 for the next
    after: int | None = None  # days counted from the date that the text names before

    def resolve(self, year: int | None, today: dt.date | None = None) -> tuple[str, str] | None:
        """First and last day in ISO form, ``YYYY-MM-DD`` or ``YYYY-MM``; None without a year or the article's day.

        Days that are counted from another date need ``from_anchor``.
        """
        if self.after is not None:
            return None
        if self.days is not None or self.weekday is not None:
            day = self._counted(today).isoformat() if today is not None else None
            return (day, day) if day is not None else None
        last_year = self.last[0] or year
        first_year = self.first[0] or last_year
        if first_year is None or last_year is None:
            return None
        return _iso(first_year, *self.first[1:]), _iso(last_year, *self.last[1:])

    def from_anchor(self, anchor: dt.date) -> dt.date | None:
        """The day, seen from another: so many days later ("keesokan harinya"), or the next such weekday."""
        if self.after is not None:
            return anchor + dt.timedelta(days=self.after)
        if self.weekday is not None:
            return anchor + dt.timedelta(days=(self.weekday[0] - anchor.weekday() - 1) % 7 + 1)
        return None

    def _counted(self, today: dt.date) -> dt.date:
        if self.weekday is None:
            return today + dt.timedelta(days=self.days or 0)
        day, direction = self.weekday
        if direction > 0:
            return today + dt.timedelta(days=(day - today.weekday() - 1) % 7 + 1)
        return today - dt.timedelta(days=(today.weekday() - day) % 7)


def _iso(year: int, month: int, day: int | None) -> str:
    return f"{year:04d}-{month:02d}" + ("" if day is None else f"-{day:02d}")


def as_date(iso: str) -> dt.date | str:
    """A date, or the text itself where it is none (31 February; a month without a day)."""
    try:
        return dt.date.fromisoformat(iso)
    except ValueError:
        return iso


@cache
def _patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    month = "|".join(sorted(lexicon.months, key=len, reverse=True))
    day = "|".join(re.escape(name) for name in sorted(lexicon.days, key=len, reverse=True))
    form = lexicon.calendar
    to = rf"\s*(?:{form['to']})\s*"
    th = form["ordinal"]
    month_first = rf"""
        | (?P<fm>{month})\b\.?\s+(?P<f1>\d{{1,2}}){th}(?:{to}(?:(?P<fn>{month})\b\.?\s+)?(?P<f2>\d{{1,2}}){th})?(?!\d)
          (?:,?\s+(?P<fy>20\d\d))?\b
        """
    core = re.compile(
        rf"""
          \(?(?P<a1>\d{{1,2}})(?:{to}(?P<a2>\d{{1,2}}))?[/.](?P<am>\d{{1,2}})(?:[/.](?P<ay>\d{{4}}))?\)?(?![\d/])
        | \(?(?P<b1>\d{{1,2}}){th}\s+(?P<bm>{month})\b\.?(?:\s+(?P<by>\d{{4}}))?{to}
             (?P<b2>\d{{1,2}}){th}\s+(?P<bn>{month})\b\.?(?:\s+(?P<bz>\d{{4}}))?\)?
        | \(?(?P<c1>\d{{1,2}}){th}(?:{to}(?P<c2>\d{{1,2}}){th})?\s+(?P<cm>{month})\b\.?(?:\s+(?P<cy>\d{{4}}))?\)?
        | (?P<dm>{month})\s+(?P<dy>20\d\d)\b
        | (?P<ey>20\d\d)-(?P<em>\d\d)-(?P<e1>\d\d)\b
        {month_first if form["month_first"] else ""}
        """,
        re.IGNORECASE | re.VERBOSE,
    )
    before = re.compile(
        rf"(?:\b{form['before_day']}(?:{day})(?:{to}(?:{day}))?{form['behind_day']}\s*,?\s*)$", re.IGNORECASE
    )
    return core, before


@cache
def _relative_pattern(words: tuple[str, ...], days: tuple[str, ...]) -> re.Pattern[str]:
    day = "|".join(re.escape(name.capitalize()) for name in sorted(days, key=len, reverse=True))
    word = "|".join(re.escape(name) for name in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"\b(?<!next )(?<!every )(?:[Hh]ari )?(?:(?P<day>{day})\b(?! Agung| Legi| Kliwon| Pahing| Pon| Wage)"
        rf"(?:,? (?:pagi|siang|sore|petang|malam))?"
        rf"(?:,? (?P<side>lalu|kemarin|depan|mendatang|nanti|ini|besok))?|(?P<word>{word})\b)(?!\s*[,/-]?\s*\(?\d)"
    )


@cache
def _anchored_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    word = "|".join(re.escape(name) for name in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{word or '(?!)'})\b", re.IGNORECASE)


def relative_dates(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[DateValue]:
    """Days that are counted from the article's: "hari ini", "Kamis", "Senin lalu"; those with digits are no such."""
    pattern = _relative_pattern(tuple(lexicon.relative_days), tuple(lexicon.days))
    nothing = (None, 1, None)
    for match in _anchored_pattern(tuple(lexicon.anchored_days)).finditer(text, start, end):
        yield DateValue(*match.span(), nothing, nothing, after=lexicon.anchored_days[match.group().lower()])
    for match in pattern.finditer(text, start, end):
        if match["word"] is not None:
            yield DateValue(*match.span(), nothing, nothing, days=lexicon.relative_days[match["word"]])
        elif (
            lexicon.days[match["day"].lower()] != lexicon.days.get("minggu") or match["side"] or match["day"] == "Ahad"
        ):
            side = 1 if match["side"] in ("depan", "mendatang", "nanti", "besok") else -1
            yield DateValue(*match.span(), nothing, nothing, weekday=(lexicon.days[match["day"].lower()], side))


def find_dates(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[DateValue]:
    """The dates of ``text[start:end]``, each with the day name in front and the brackets around it."""
    core, before = _patterns(lexicon)
    month_first = bool(lexicon.calendar["month_first"])
    last = start
    for anchor in ANCHOR.finditer(text, start, end):
        at = anchor.start()
        if at < last:
            continue
        match = _match_at(core, text, at, start, end) if not month_first else _match_near(core, text, at, start, end)
        if match is None:
            continue
        value = _value(match, lexicon, text)
        if value is None:
            continue
        first = match.start()
        window = text[max(start, first - LOOK_BACK) : first]
        if window[-1:] in (" ", ",") and (named := before.search(window)):
            first -= len(window) - named.start()
        last = match.end()
        yield DateValue(first, last, value[0], value[1])


def _match_at(core: re.Pattern[str], text: str, at: int, start: int, end: int) -> re.Match[str] | None:
    if at > start and text[at - 1] == "(" and (match := core.match(text, at - 1, end)):
        return match
    if text[at : at + 4].isdigit() and (match := core.match(text, text.rfind(" ", start, max(start, at - 1)) + 1, end)):
        return match if match.end() >= at + 4 else None
    return core.match(text, at, end)


def _match_near(core: re.Pattern[str], text: str, at: int, start: int, end: int) -> re.Match[str] | None:
    """As ``_match_at``, or a date whose month stands before the digits."""
    word = text.rfind(" ", start, max(start, at - 1)) + 1 if at > start and text[at - 1] == " " else at
    for first in (max(word, start), max(start, word - 1)):
        bracket = "(" if text[first] == "(" else ""
        match = core.match(text, first + len(bracket), end) if text[first + len(bracket)].isalpha() else None
        if match is not None and match["fm"] and match.start("f1") <= at < match.end():
            return match
    return _match_at(core, text, at, start, end)


def _value(
    match: re.Match[str], lexicon: Lexicon, text: str
) -> tuple[tuple[int | None, int, int | None], tuple[int | None, int, int | None]] | None:
    group = match.groupdict()
    if group["a1"]:
        bracketed = match.group()[0] == "(" and match.group()[-1] == ")"
        month = int(group["am"])
        if (not group["ay"] and not (bracketed and "/" in match.group())) or not 1 <= month <= 12:
            return None
        year = _int(group["ay"])
        return (year, month, int(group["a1"])), (year, month, int(group["a2"] or group["a1"]))
    if group["b1"]:
        first = (_int(group["by"]), lexicon.months[group["bm"].lower()], int(group["b1"]))
        return first, (_int(group["bz"]), lexicon.months[group["bn"].lower()], int(group["b2"]))
    if group["c1"]:
        year, month = _int(group["cy"]), lexicon.months[group["cm"].lower()]
        return (year, month, int(group["c1"])), (year, month, int(group["c2"] or group["c1"]))
    if group.get("fm"):
        year, month = _int(group["fy"]), lexicon.months[group["fm"].lower()]
        last_month = lexicon.months[group["fn"].lower()] if group["fn"] else month
        return (year, month, int(group["f1"])), (year, last_month, int(group["f2"] or group["f1"]))
    if group["dm"]:
        only = (int(group["dy"]), lexicon.months[group["dm"].lower()], None)
        return only, only
    iso = (int(group["ey"]), int(group["em"]), int(group["e1"]))
    return iso, iso


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None
