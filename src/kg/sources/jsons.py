"""JSON: one article a line, an array of articles, or one article. ``data/inputs/fields.toml`` has the fields' names."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError, InputError
from kg.sources.dates import day_of
from kg.sources.decode import decode, normalise
from kg.sources.item import Draft, Input, Known, Place, Unread, address, failed, on_one_line, unread
from kg.sources.page import from_markup

FIELDS_FILE = "data/inputs/fields.toml"
KEYS = ("text", "title", "date", "url", "outlet", "language", "lists")
MEDIA_TYPES = ("application/json", "application/x-ndjson", "application/ld+json", "application/feed+json")
LOOKS = re.compile(r'\s*(?:\[\s*)?\{\s*(?:"|\}|$)')
LISTED = 8  # names of fields in a message

Row = dict[str, Any]  # a JSON object


@cache
def names() -> dict[str, tuple[str, ...]]:
    """The names of each field, without what doesn't matter in them. Raises DataError."""
    file = resources.path(FIELDS_FILE)
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        return {key: tuple(_bare(name) for name in data[key]) for key in KEYS}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{file}: {error}; expected lists of names: {', '.join(KEYS)}") from error


def read(source: Input) -> Iterator[Draft | Unread]:
    """An article for each object that has a text."""
    lines = ((number, line) for number, line in source.lines() if line is None or line.strip())
    head = list(itertools.islice(lines, 2))
    is_array = bool(head) and (head[0][1] or b"").lstrip(b"\xef\xbb\xbf \t").startswith(b"[")
    is_by_line = any(line and _is_object(line) for _, line in head[:1]) or any(
        _starts_object(line) for _, line in head[1:]
    )
    reader = _lines if is_by_line and not is_array else _whole
    yield from reader(source, itertools.chain(head, lines))


def _lines(source: Input, lines: Iterator[tuple[int, bytes | None]]) -> Iterator[Draft | Unread]:
    for number, line in lines:
        place = source.place.at("line", number)
        if line is None:
            yield unread(place, "longer than the limit of one article; take it out")
            continue
        try:
            text = decode(line, str(place), encoding=source.options.encoding).strip()
            yield from _articles(_parsed(text, place, 1), place, source) if text else ()
        except InputError as error:
            yield failed(place, error)


def _whole(source: Input, lines: Iterator[tuple[int, bytes | None]]) -> Iterator[Draft | Unread]:
    limit, parts, size = source.options.limit, [], 0
    for number, line in lines:
        size += len(line or b"") + (limit if line is None else 0)
        if size > limit:
            raise InputError(f"{source.place} line {number}: longer than the limit; write one article a line instead")
        parts.append(line or b"")
    text = decode(b"".join(parts), str(source.place), encoding=source.options.encoding)
    yield from _articles(_parsed(text, source.place, 0), source.place, source)


def _parsed(text: str, place: Place, on_line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if on_line else f"line {error.lineno}"
        raise InputError(f"{place}, {where}: no JSON ({error.msg[0].lower()}{error.msg[1:]}); mend it there") from error
    except (RecursionError, ValueError) as error:
        raise InputError(f"{place}: JSON that is nested too deep or has a number too long; take it out") from error


def _articles(value: Any, place: Place, source: Input) -> Iterator[Draft | Unread]:
    """The articles of an object, of an array of objects, or of an object that has such an array."""
    rows = value if isinstance(value, list) else _list_in(value, source.options.text_field)
    if rows is None:
        yield _article(value, place, source.options.text_field)
        return
    if not rows:
        yield unread(place, "an empty list; nothing to read")
    for number, row in enumerate(rows, start=1):
        yield _article(row, place.at("entry", number), source.options.text_field)


def _article(row: Any, place: Place, field: str | None) -> Draft | Unread:
    if not isinstance(row, dict):
        return unread(place, 'no object; expected one with a text, as in {"text": "…"}')
    if field is not None:
        text, wanted = _text(_at(row, field)), f'no text in the field "{field}"'
    else:
        text = next((text for value in _values(row, "text") if (text := _text(value))), "")
        wanted = "no field with a text; name it with --text-field"
    if not text.strip():
        has = ", ".join(list(map(str, row))[:LISTED]) or "no field"
        return unread(place, f"{wanted} (it has {normalise(has)[:200]})")
    return Draft(place, text, _known(row))


def _known(row: Row) -> Known:
    first = {key: list(_values(row, key)) for key in ("title", "date", "url", "outlet", "language")}
    return Known(
        title=next((line for value in first["title"] if (line := _line(value))), None),
        outlet=next((line for value in first["outlet"] if (line := _line(_named(value)))), None),
        url=next((url for value in first["url"] if (url := address(value))), None),
        published=next((day for value in first["date"] if (day := day_of(value))), None),
        language=next((line for value in first["language"] if (line := _line(value))), None),
    )


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


def _values(row: Row, key: str) -> Iterator[Any]:
    """The values of the fields that may be this one, the likeliest first."""
    bare = {_bare(name): value for name, value in reversed(row.items())}
    return (bare[name] for name in names()[key] if bare.get(name))


def _at(row: Any, path: str) -> Any:
    """The value of a field, also below others: ``data.isi``."""
    if isinstance(row, dict) and path in row:
        return row[path]
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _list_in(value: Any, field: str | None) -> list[Any] | None:
    """The list of articles in an object that has no text of its own."""
    if not isinstance(value, dict) or (_at(value, field) if field else False):
        return None
    found = next((rows for rows in _values(value, "lists") if isinstance(rows, list) and _has_objects(rows)), None)
    own = next((text for text in _values(value, "text") if isinstance(text, str)), None)
    return found if own is None or field else None


def _has_objects(rows: list[Any]) -> bool:
    return bool(rows) and all(isinstance(row, dict) for row in rows)


def _bare(name: str) -> str:
    return re.sub(r"[\s_:-]+", "", name).casefold()


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _starts_object(line: bytes | None) -> bool:
    return line is not None and bool(re.match(rb'\s*\{\s*["}]', line))
