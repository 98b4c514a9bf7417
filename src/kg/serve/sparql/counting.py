"""Counts the rows of an answer while it is written, from the bytes that the engine wrote.

The engine writes faster than its rows can be gone through from Python, so what it wrote is counted. Each counter takes
the bytes in parts of any size and says how many rows have begun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from pyoxigraph import QueryResultsFormat

Count = Callable[[bytes], int]
_ROW: Final = b"<result>"
_FIRST: Final = b'":[{'
_NEXT: Final = re.compile(rb'\},\{"[^},]')
"""Where a row of JSON that binds something follows another. A text may end in ``},{`` but then has no name after it."""
_NEXT_EMPTY: Final = re.compile(rb"\},(?=\{\}[,\]])")
"""The same for a row that binds nothing. A text may have this as well."""
_REACH: Final = 4
"""Bytes of what was counted that a mark may begin in: one less than the longest."""


def counter(form: QueryResultsFormat) -> Count:
    """A new counter for a form: part -> the rows up to its end, at most one too few before the last part."""
    return _COUNTERS[form]()


def _tsv() -> Count:
    rows = -1  # the line of names

    def count(part: bytes) -> int:
        nonlocal rows
        rows += part.count(b"\n")  # in a term it is escaped
        return rows

    return count


def _csv() -> Count:
    rows, is_quoted = -1, False

    def count(part: bytes) -> int:
        nonlocal rows, is_quoted
        first, *others = part.split(b'"')
        rows += 0 if is_quoted else first.count(b"\n")
        for piece in others:  # a doubled quotation mark leaves the field and enters it again
            is_quoted = not is_quoted
            rows += 0 if is_quoted else piece.count(b"\n")
        return rows

    return count


def _xml() -> Count:
    rows, before = 0, b""

    def count(part: bytes) -> int:
        nonlocal rows, before
        text = before + part
        rows += text.count(_ROW)  # in a term it is escaped
        before = text[-len(_ROW) + 1 :]
        return rows

    return count


def _json() -> Count:
    rows, before, escape, is_text = 0, b"", b"", False  # is_text: whether ``before`` begins within a text

    def count(part: bytes) -> int:
        nonlocal rows, before, escape, is_text
        part = escape + part
        escape = b"\\" if (len(part) - len(part.rstrip(b"\\"))) % 2 else b""  # of what the next part begins with
        part = before + part.removesuffix(escape).replace(b"\\\\", b"").replace(b'\\"', b"")
        rows = rows or int(_FIRST in part)
        rows += len(_NEXT.findall(part))
        if _NEXT_EMPTY.search(part):
            rows += len(_NEXT_EMPTY.findall(b'"'.join(part.split(b'"')[int(is_text) :: 2])))
        gone, before = part[:-_REACH], part[-_REACH:]
        is_text ^= gone.count(b'"') % 2 == 1
        return rows

    return count


_COUNTERS: Final[Mapping[QueryResultsFormat, Callable[[], Count]]] = {
    QueryResultsFormat.CSV: _csv,
    QueryResultsFormat.TSV: _tsv,
    QueryResultsFormat.XML: _xml,
    QueryResultsFormat.JSON: _json,
}
