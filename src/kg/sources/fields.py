"""A record's fields -> the text of an article and what is known of it: an object of JSON, a row of a table.

``data/inputs/fields.toml`` has the fields' names.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from kg import resources
from kg.errors import DataError
from kg.sources.dates import day_of
from kg.sources.decode import normalise
from kg.sources.item import Draft, Input, Known, Place, address, on_one_line
from kg.sources.page import LOOKS, from_markup

FIELDS_FILE = "data/inputs/fields.toml"
KNOWN = ("title", "date", "url", "outlet", "language")
KEYS = ("text", *KNOWN, "lists")
LISTED = 8  # names of fields in a message
LONGEST = 64  # characters: a longer name is none of those looked for

Row = dict[str, Any]


@cache
def names() -> dict[str, tuple[str, ...]]:
    """The names of each field, without what doesn't matter in them. Raises DataError."""
    file = resources.path(FIELDS_FILE)
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        return {key: tuple(_bare(name) for name in data[key]) for key in KEYS}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{file}: {error}; expected lists of names: {', '.join(KEYS)}") from error


def text_of(row: Row, field: str | None) -> str:
    """The text of the field, or of the likeliest one that has any; empty where there is none."""
    found = [at(row, field)] if field is not None else values(row, "text")
    return next((text for value in found if (text := _text(value)).strip()), "")


def known_of(row: Row) -> Known:
    """What the other fields say."""
    first = {key: list(values(row, key)) for key in KNOWN}
    return Known(
        title=next((line for value in first["title"] if (line := _line(value))), None),
        outlet=next((line for value in first["outlet"] if (line := _line(_named(value)))), None),
        url=next((url for value in first["url"] if (url := address(value))), None),
        published=next((day for value in first["date"] if (day := day_of(value))), None),
        language=next((line for value in first["language"] if (line := _line(value))), None),
    )


def of_table(row: Row, field: str | None, place: Place, source: Input) -> Draft | Input | None:
    """The article of a table's row; None where its text is empty. Bytes that aren't text are an input of their own."""
    row = {name: _decoded(value) for name, value in row.items()}
    for value in [at(row, field)] if field is not None else values(row, "text"):
        if isinstance(value, bytes):
            return source.inner(place, io.BytesIO(value), known=known_of(row), size=len(value))
        if (text := _text(value)).strip():
            return Draft(place, text, known_of(row))
    return None


def columns_of(columns: Iterable[str], field: str | None) -> tuple[str, ...]:
    """The columns of a table that are read; none where none of them may hold a text."""
    columns = tuple(columns)
    named = {column for column in columns if field is not None and (column == field or field.startswith(f"{column}."))}
    texts = named if field is not None else {column for column in columns if _bare(column) in names()["text"]}
    known = {name for key in KNOWN for name in names()[key]}
    return tuple(column for column in columns if column in texts or _bare(column) in known) if texts else ()


def text_column(columns: Iterable[str]) -> str:
    """The likeliest column for the text, of some that have one."""
    bare = {_bare(column): column for column in columns}
    return next(bare[name] for name in names()["text"] if name in bare)


def values(row: Row, key: str) -> Iterator[Any]:
    """The values of the fields that may be this one, the likeliest first."""
    bare = {_bare(name): value for name, value in reversed(row.items())}
    return (bare[name] for name in names()[key] if bare.get(name))


def at(row: Any, path: str) -> Any:
    """The value of a field, also below others: ``data.isi``."""
    if isinstance(row, dict) and path in row:
        return row[path]
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def listed(columns: Iterable[object]) -> str:
    """Names of fields for a message."""
    return normalise(", ".join(list(map(str, columns))[:LISTED]) or "no field")[:200]


def without_text(count: int, table: str = "") -> str:
    """What is wrong with so many rows."""
    return f"{count} row{'s' if count > 1 else ''}{table} without a text; fill in what is missing, or take them out"


def _decoded(value: Any) -> Any:
    """Bytes as text, where they are UTF-8 and no page: some programs write texts so."""
    if not isinstance(value, bytes):
        return value
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return value
    return value if LOOKS.match(text) or "\x00" in text else text


def _text(value: Any) -> str:
    """The text of a field: text, markup, or a list of paragraphs."""
    if isinstance(value, list):
        return "\n".join(text for part in value if isinstance(part, str) and (text := _text(part)))
    return from_markup(normalise(value)) if isinstance(value, str) else ""


def _line(value: Any) -> str | None:
    return on_one_line(normalise(value)) if isinstance(value, str) else None


def _named(value: Any) -> Any:
    """The name of a publisher that is an object or a list of them; an address is no name."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    return None if address(value) else value


def _bare(name: str) -> str:
    return _short(name) if len(name) <= LONGEST else name


@lru_cache(1024)
def _short(name: str) -> str:
    return re.sub(r"[\s_:-]+", "", name).casefold()
