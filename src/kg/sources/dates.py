"""The day of publication, as pages, feeds, JSON and messages write it."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from functools import cache

JAKARTA = dt.timezone(dt.timedelta(hours=7))  # without daylight saving time
YEARS = range(1945, 2101)  # another year is a mistake of whoever filled in the field
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?")
NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")  # the day first, as in all of Indonesia
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
WORDS = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s-]+([^\W\d_]{3,10})\.?,?[\s-]+(\d{4})(?!\d)")
MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
LONGEST = 200  # characters: a longer text is no date
MILLISECONDS = 10**11  # a larger number of seconds would be after the year 5000


def day_of(value: object) -> dt.date | None:
    """The day in Indonesia that a text, or a number of seconds since 1970, names; None where it names none.

    A moment in UTC is taken to Jakarta's time; with any other offset its own day counts.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _of_seconds(value)
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = value.strip()
    day = _of_moment(text) or _of_mail(text) or _of_words(text)
    return day if day and day.year in YEARS else None


def _of_seconds(value: float) -> dt.date | None:
    try:
        day = dt.datetime.fromtimestamp(value / 1000 if abs(value) > MILLISECONDS else value, JAKARTA).date()
    except (OverflowError, OSError, ValueError):
        return None
    return day if day.year in YEARS and day.year > 1971 else None  # a small number is no moment


def _of_moment(text: str) -> dt.date | None:
    """ISO 8601, also with more behind it than the standard has."""
    try:
        return _in_indonesia(dt.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        match = ISO.match(text) or COMPACT.fullmatch(text)
        return _day(*match.groups()[:3]) if match else None


def _of_mail(text: str) -> dt.date | None:
    """RFC 2822, as in RSS and messages: "Tue, 14 Oct 2025 19:05:00 +0700"."""
    try:
        return _in_indonesia(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _of_words(text: str) -> dt.date | None:
    """A date as readers see it: "Selasa, 14 Oktober 2025 | 19:05 WIB", "14/10/2025", "October 14, 2025"."""
    if match := YEAR_FIRST.search(text):
        return _day(*match.groups())
    if match := NUMBERS.search(text):
        return _day(match[3], match[2], match[1])
    for match in WORDS.finditer(text):
        if month := months().get(match[2].casefold()):
            return _day(match[3], month, match[1])
    for match in MONTH_FIRST.finditer(text):
        if month := months().get(match[1].casefold()):
            return _day(match[3], month, match[2])
    return None


def _in_indonesia(moment: dt.datetime) -> dt.date:
    return (moment.astimezone(JAKARTA) if moment.tzinfo and not moment.utcoffset() else moment).date()


def _day(year: str | int, month: str | int, day: str | int) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


@cache
def months() -> dict[str, int]:
    """The numbers of the months by their names in Indonesian and English, whole and cut, case-folded."""
    from babel.dates import get_month_names

    names: dict[str, int] = {"agt": 8, "ags": 8, "agus": 8, "nop": 11, "nopember": 11, "pebruari": 2, "sept": 9}
    for locale in ("id", "en"):
        for width in ("wide", "abbreviated"):
            names |= {
                name.casefold().rstrip("."): number for number, name in get_month_names(width, locale=locale).items()
            }
    return names
