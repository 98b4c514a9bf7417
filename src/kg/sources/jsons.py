"""JSON: one article a line, an array of articles, or one article."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from kg.errors import InputError
from kg.sources.decode import decode
from kg.sources.fields import at, known_of, listed, text_of, values
from kg.sources.item import Draft, Input, Place, Unread, failed, unread

MEDIA_TYPES = ("application/json", "application/x-ndjson", "application/ld+json", "application/feed+json")
LOOKS = re.compile(r'\s*(?:\[\s*)?\{\s*(?:"|\}|$)')


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
        return json.loads(text, strict=False)  # a line separator in a text is a line end by now
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
    text = text_of(row, field)
    if not text:
        wanted = (
            "no field with a text; name it with --text-field" if field is None else f'no text in the field "{field}"'
        )
        return unread(place, f"{wanted} (it has {listed(row)})")
    return Draft(place, text, known_of(row))


def _list_in(value: Any, field: str | None) -> list[Any] | None:
    """The list of articles in an object that has no text of its own."""
    if not isinstance(value, dict) or (at(value, field) if field else False):
        return None
    found = next((rows for rows in values(value, "lists") if isinstance(rows, list) and _has_objects(rows)), None)
    own = next((text for text in values(value, "text") if isinstance(text, str)), None)
    return found if own is None or field else None


def _has_objects(rows: list[Any]) -> bool:
    return bool(rows) and all(isinstance(row, dict) for row in rows)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _starts_object(line: bytes | None) -> bool:
    return line is not None and bool(re.match(rb'\s*\{\s*["}]', line))
