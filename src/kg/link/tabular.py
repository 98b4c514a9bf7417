"""Files -> one ``Table`` of texts: CSV and TSV of any delimiter and encoding, XLSX, JSON, JSON lines, Parquet.

A cell is text as the file has it: a code is never read as a number, or 11.10 would be 11.1. What a file holds is told
by its content, not by its name. XLSX is read by python-calamine, Parquet by pyarrow where that is installed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kg.errors import InputError
from kg.records import record
from kg.sources.decode import decode

DELIMITERS: Final = (",", ";", "\t", "|")
SNIFFED: Final = 60
"""Records by which the delimiter is told."""
LARGEST: Final = 500_000_000
"""Bytes; a larger file would not fit into a laptop's memory as text."""
STANDARD_INPUT: Final = "table.csv"
"""The name of a table that comes by standard input."""
LONGEST_CELL: Final = 1_000_000
_SEPARATOR: Final = re.compile("sep=(.)", re.IGNORECASE)  # a first line that spreadsheets write
_LISTS: Final = ("data", "rows", "records", "items", "result", "results", "features", "hasil")


@record(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; None where it is to be found out. ``skip`` rows stand before the header."""

    delimiter: str | None = None
    encoding: str | None = None
    quote: str = '"'
    comment: str | None = None
    skip: int | None = None
    sheet: str | None = None


@record(frozen=True, slots=True)
class Table:
    """A table of texts. ``numbers`` are the rows' numbers in the file as RFC 7111 counts them: from 1, the header too.

    ``notes`` say what was found out or left out, for the user. ``written`` is the dialect that the file turned out to
    have.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    written: Dialect
    notes: tuple[str, ...] = ()
    sha256: str = ""

    def place(self, row: int) -> str:
        """Where a row (an index) stands, for a message."""
        return f"{self.name} row {self.numbers[row]}"

    def fragment(self, row: int) -> str:
        """The row as a fragment of the file's IRI: RFC 7111 for rows, RFC 6901 for JSON."""
        return f"/{self.numbers[row]}" if self.kind == "json" else f"row={self.numbers[row]}"


def read(path: Path, dialect: Dialect | None = None) -> Table:
    """The table in a file, or of standard input for "-". Raises InputError, with the row's number if it is of one."""
    data = _bytes(path)
    name = STANDARD_INPUT if str(path) == "-" else path.name
    return replace(_of_bytes(name, data, dialect or Dialect()), sha256=hashlib.sha256(data).hexdigest())


def _of_bytes(name: str, data: bytes, dialect: Dialect) -> Table:
    if data.startswith(b"PAR1"):
        return _parquet(name, data)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(name, data, dialect)
    text = _text(name, data, dialect.encoding)
    if text.lstrip()[:1] in ("{", "[") and (found := _json(name, text)) is not None:
        return found
    return _csv(name, text, dialect)


def _bytes(path: Path) -> bytes:
    data = sys.stdin.buffer.read(LARGEST + 1) if str(path) == "-" else _of_file(path)
    if not data.strip():
        raise InputError(f"{path}: empty; give a table with a header and rows")
    return data


def _of_file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputError(f"{path}: {size:,} bytes; a table may have {LARGEST:,}: split it")
        return path.read_bytes()
    except IsADirectoryError as error:
        raise InputError(f"{path}: a folder, no table; name a file in it") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the path") from error


def _text(name: str, data: bytes, encoding: str | None) -> str:
    try:
        return decode(data, name, encoding=encoding)
    except InputError as error:
        reason = str(error).partition(";")[0]
        raise InputError(
            f"{reason}; save the table as CSV in UTF-8, XLSX, JSON or Parquet, or name its --encoding"
        ) from error


# ---- CSV


def _csv(name: str, text: str, dialect: Dialect) -> Table:
    first = text.partition("\n")[0]
    told = _SEPARATOR.fullmatch(first)
    delimiter = dialect.delimiter or (told[1] if told else _delimiter(text))
    records = _records(name, text, delimiter, dialect)
    before = dialect.skip if dialect.skip is not None else bool(told) + _titles(records[bool(told) :])
    notes = [f"left out before the header: {_rows(before)}"] if before and dialect.skip is None else []
    numbered = [(at, row) for at, row in enumerate(records, start=1) if any(cell.strip() for cell in row)]
    mark = dialect.comment
    if mark:
        numbered = [(at, row) for at, row in numbered if not row[0].startswith(mark)]
    body, footers = _without_footers([(at, row) for at, row in numbered if at > before])
    notes += [f"left out below the table, remarks of one cell: {_rows(footers)}"] if footers else []
    if not body:
        raise InputError(f"{name}: no row after the header's place; give a table with a header and rows")
    written = Dialect(delimiter, dialect.encoding, dialect.quote, dialect.comment, before, None)
    return _table(name, "csv", body[0][1], body[1:], written, notes, header_at=body[0][0])


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _without_footers(body: list[tuple[int, list[str]]]) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows without remarks below the table ("Sumber: BPS"), which have one cell where the others have several."""
    end = len(body)
    while end > 2 and len(body[end - 1][1]) == 1 and len(body[0][1]) > 2:
        end -= 1
    return body[:end], len(body) - end


def _records(name: str, text: str, delimiter: str, dialect: Dialect) -> list[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=dialect.quote, strict=False)
    found: list[list[str]] = []
    try:
        found.extend(reader)
    except csv.Error as error:
        place = f"{name} row {len(found) + 1}"
        if "limit" in str(error):
            raise InputError(
                f"{place}: a cell of more than {LONGEST_CELL:,} characters; is a quotation mark left open?"
            ) from error
        raise InputError(f"{place}: {error}; name the --delimiter, or save the table anew") from error
    return found


def _delimiter(text: str) -> str:
    """The delimiter that parts most rows into the same number of cells, the more cells the better."""
    sample = "\n".join(text.split("\n", SNIFFED)[:SNIFFED])
    best, found = (0.0, 0), ","
    for delimiter in DELIMITERS:
        widths = _widths(sample, delimiter)
        width, count = max(widths.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]), default=(1, 0))
        share = count / max(widths.total(), 1)
        if width > 1 and (round(share, 1), width) > best:
            best, found = (round(share, 1), width), delimiter
    return found


def _widths(sample: str, delimiter: str) -> Counter[int]:
    """How many rows have how many cells; a delimiter that the sample can't be read with has none."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        return Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row)
    except csv.Error:
        return Counter()


def _titles(records: Sequence[Sequence[str]]) -> int:
    """How many rows with a title stand before the header: rows with one filled cell, where others have more."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in records[:SNIFFED]]
    usual = Counter(count for count in filled if count > 1)
    if not usual or sum(usual.values()) < len([count for count in filled if count]) / 2:
        return 0
    return next((at for at, count in enumerate(filled) if count > 1), 0)


# ---- the others


def _workbook(name: str, data: bytes, dialect: Dialect) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if dialect.sheet is not None and dialect.sheet not in names:
            raise InputError(f"{name}: no sheet {dialect.sheet!r}; it has {', '.join(names)}")
        chosen = [dialect.sheet] if dialect.sheet is not None else names
        sheets = [(sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in chosen]
    except CalamineError as error:
        raise InputError(f"{name}: no spreadsheet that can be read ({error}); save it as XLSX or CSV") from error
    filled = [(sheet, rows) for sheet, rows in sheets if any(any(map(_cell, row)) for row in rows)]
    if not filled:
        raise InputError(f"{name}: no sheet with anything in it; give a table with a header and rows")
    sheet, rows = filled[0]
    notes = [f"sheet {sheet!r} of {len(filled)}; another one by --sheet"] if len(filled) > 1 else []
    texts = [[_cell(value) for value in row] for row in rows]
    before = _titles(texts)
    notes += [f"left out before the header: {_rows(before)}"] if before else []
    numbered = [(at, row) for at, row in enumerate(texts, start=1) if at > before and any(row)]
    written = Dialect(sheet=sheet, skip=before)
    return _table(name, "xlsx", numbered[0][1], numbered[1:], written, notes, header_at=numbered[0][0])


def _parquet(name: str, data: bytes) -> Table:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise InputError(f"{name}: reading Parquet needs pyarrow: pip install 'jejaring[parquet]'") from error
    try:
        found = parquet.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{name}: no Parquet file that can be read ({reason}); write it anew") from error
    columns = [[_cell(value) for value in column.to_pylist()] for column in found.columns]
    rows = [(at, list(row)) for at, row in enumerate(zip(*columns, strict=True), start=1)]
    return _table(name, "parquet", list(found.column_names), rows, Dialect(), [], header_at=0)


def _json(name: str, text: str) -> Table | None:
    """A list of objects, an object that holds one, or an object a line; None where it is no JSON."""
    try:
        data = json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        return _json_lines(name, text, error)
    found = _list_of_objects(data)
    if found is None:
        raise InputError(f"{name}: JSON without a list of objects; give [{{…}}, {{…}}], or an object that holds it")
    return _of_objects(name, found, first=0)


def _json_lines(name: str, text: str, error: json.JSONDecodeError) -> Table | None:
    lines = [(at, line) for at, line in enumerate(text.split("\n"), start=1) if line.strip()]
    objects: list[dict[str, Any]] = []
    for at, line in lines:
        try:
            item = json.loads(line, parse_float=str, parse_int=str)
        except json.JSONDecodeError as fault:
            if not objects:  # not even the first line is JSON
                raise InputError(f"{name} line {error.lineno}: {error.msg}; correct the JSON") from error
            raise InputError(f"{name} line {at}: {fault.msg}; correct the JSON of that line") from fault
        if not isinstance(item, dict):
            raise InputError(f"{name} line {at}: no object; each line is to be one, as in {{…}}")
        objects.append(item)
    return _of_objects(name, objects, first=0)


def _list_of_objects(data: Any) -> list[dict[str, Any]] | None:
    if isinstance(data, list) and data and all(isinstance(item, dict) for item in data):
        return data
    if isinstance(data, dict):
        inside = [*(data[key] for key in _LISTS if key in data), *data.values()]
        return next((found for part in inside if (found := _list_of_objects(part)) is not None), None)
    return None


def _of_objects(name: str, objects: Sequence[dict[str, Any]], *, first: int) -> Table:
    columns = list(dict.fromkeys(key for item in objects for key in item))
    rows = [(at, [_cell(item.get(key)) for key in columns]) for at, item in enumerate(objects, start=first)]
    return _table(name, "json", columns, rows, Dialect(), [], header_at=0)


def _cell(value: Any) -> str:
    """A cell as text: whole numbers without a point, as spreadsheets keep all numbers as fractions."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return unicodedata.normalize("NFC", str(value)).strip()


# ---- what all kinds share


def _table(
    name: str,
    kind: str,
    header: Sequence[str],
    numbered: Iterable[tuple[int, Sequence[str]]],
    written: Dialect,
    notes: Sequence[str],
    *,
    header_at: int,
) -> Table:
    width = max((at for at, cell in enumerate(header, start=1) if cell.strip()), default=0)
    columns = tuple(" ".join(cell.split()) or f"_col.{at}" for at, cell in enumerate(header[:width], start=1))
    _refuse_doubles(name, columns, header_at)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for at, row in numbered:
        cells = [cell.strip() for cell in row]
        if len(cells) != width:
            if any(cells[width:]) or len(cells) < width:
                raise InputError(
                    f"{name} row {at}: {len(cells)} cells, the header has {width}; mend the row, "
                    "or name the --delimiter"
                )
            cells = cells[:width]
        if any(cells):
            rows.append(tuple(cells))
            numbers.append(at)
    if not rows:
        raise InputError(f"{name}: no row below the header; give a table with a header and rows")
    return Table(name, kind, columns, tuple(rows), tuple(numbers), written, tuple(notes))


def _refuse_doubles(name: str, columns: Sequence[str], header_at: int) -> None:
    places: dict[str, list[int]] = {}
    for at, column in enumerate(columns, start=1):
        places.setdefault(column, []).append(at)
    for column, ats in places.items():
        if len(ats) > 1:
            where = " and ".join(map(str, ats))
            raise InputError(f"{name} row {header_at}: columns {where} are both called {column!r}; rename one")
