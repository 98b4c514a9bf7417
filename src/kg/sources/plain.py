"""Plain text, with what is known of it as front matter between two lines ``---`` at its start."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from kg.errors import InputError
from kg.sources.decode import read_text
from kg.sources.item import ADDRESS, Draft, Input, Known

FENCE = "---"  # the line before and after front matter
FIELD = re.compile(r"([A-Za-z_-]+)\s*:\s*(.*?)\s*")
FIELDS = ("title", "outlet", "date", "url", "language")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(source: Input) -> Iterator[Draft]:
    """The one article of a text file."""
    name = str(source.place)
    fields, body = _front_matter(read_text(source), name)
    if not body.strip():
        raise InputError(f"{name}: no text after the front matter; give the article's text there")
    day = fields.get("date")
    known = Known(
        title=fields.get("title"),
        outlet=fields.get("outlet"),
        url=fields.get("url"),
        published=dt.date.fromisoformat(day) if day else None,
        language=fields.get("language"),
    )
    yield Draft(source.place, body, known, is_told="language" in fields)


def _front_matter(text: str, name: str) -> tuple[dict[str, str], str]:
    """The fields between two lines ``---`` at the start of a text, and what comes after them."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return {}, text
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), None)
    if end is None:
        raise InputError(f"{name} line 1: the front matter has no end; put a line {FENCE} after it")
    fields: dict[str, str] = {}
    for number, line in enumerate(lines[1:end], start=2):
        if line.strip():
            key, value = _field(line, f"{name} line {number}")
            if key in fields:
                raise InputError(f"{name} line {number}: {key} is given twice; take one out")
            fields[key] = value
    return fields, "\n".join(lines[end + 1 :])


def _field(line: str, place: str) -> tuple[str, str]:
    match = FIELD.fullmatch(line)
    known = ", ".join(FIELDS)
    if not match:
        raise InputError(f'{place}: "{line.strip()}" is no field; expected "name: value" with one of {known}')
    key, value = match[1].casefold(), _unquoted(match[2])
    if key not in FIELDS:
        raise InputError(f'{place}: "{match[1]}" is no field; expected one of {known}')
    problem = _problem(key, value)
    if problem:
        raise InputError(f'{place}: {key} "{value}" {problem}')
    return key, value


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
    return value[1:-1].strip() if is_quoted else value


def _problem(key: str, value: str) -> str | None:
    """What is wrong with a field's value, and what to do."""
    if not value:
        return "is empty; give a value, or take the line out"
    if key == "date" and not _is_day(value):
        return "is no date; expected YYYY-MM-DD, as in 2025-11-10"
    if key == "url" and not ADDRESS.fullmatch(value):
        return "is no address; expected one that begins with https:// or http://"
    if key == "language" and value not in ("id", "en"):
        return "isn't read; expected id or en"
    return None


def _is_day(value: str) -> bool:
    if not DAY.fullmatch(value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True
