"""Tables in the formats of Apache Arrow: Parquet, and Arrow's own files (also called Feather).

Each row of a table that has a column with a text is an article. pyarrow reads them, batch by batch and no more than the
columns that are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.errors import InputError
from kg.sources.copied import seekable
from kg.sources.fields import columns_of, listed, of_table, without_text
from kg.sources.item import BLOCK, Draft, Input, Place, Unread, failed, unread

if TYPE_CHECKING:
    import pyarrow as pa

ARROW = b"ARROW1"
MAGIC = (b"PAR1", b"PARE", ARROW)  # PARE: a Parquet file that is encrypted
SUFFIXES = (".parquet", ".arrow", ".feather")
MEDIA_TYPES = ("application/vnd.apache.parquet", "application/vnd.apache.arrow.file")
BATCH = 1 << 22  # bytes of the rows that are unpacked at a time
ROWS = 1024  # the same, rows


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are read at once: the number of the first, counted from 1, and the share of the table before them."""

    first: int
    share: float
    rows: pa.RecordBatch | Unread


def read(source: Input) -> Iterator[Draft | Input | Unread]:
    """An article for each row that has a text."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError as error:
        raise InputError(
            f"{source.place}: reading such tables needs pyarrow: pip install 'jejaring[parquet]'"
        ) from error
    with seekable(source) as stream:
        head = stream.read(len(ARROW))
        stream.seek(0)
        try:
            yield from _articles(source, (_arrow if head == ARROW else _parquet)(source, stream))
        except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
            raise InputError(
                f"{source.place}: encrypted, cut off or damaged ({_first(error)}); write it anew"
            ) from error


def _parquet(source: Input, stream: BinaryIO) -> Iterator[Part]:
    """The parts of a Parquet file. Where a group of its rows is damaged, the next ones are read."""
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(stream, buffer_size=BLOCK, pre_buffer=False) as file:  # else it holds a group of rows
        columns = _columns(file.schema_arrow.names, source)
        before, every = 0, max(file.metadata.num_rows, 1)
        for group in range(file.num_row_groups):
            about = file.metadata.row_group(group)
            unpacked = _unpacked(about, columns)
            source.allowance.take(unpacked, source.place)
            size = max(1, min(ROWS, BATCH * about.num_rows // max(unpacked, 1)))
            first = before + 1
            try:
                for rows in file.iter_batches(size, row_groups=[group], columns=list(columns), use_threads=False):
                    yield Part(first, first / every, rows)
                    first += rows.num_rows
            except (pa.ArrowException, OSError) as error:
                yield Part(first, first / every, _damaged(source, first, before + about.num_rows, error))
            before += about.num_rows


def _unpacked(group: Any, columns: tuple[str, ...]) -> int:
    """The bytes that columns of a group of rows unpack to."""
    chunks = map(group.column, range(group.num_columns))
    return sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema.split(".")[0] in columns)


def _arrow(source: Input, stream: BinaryIO) -> Iterator[Part]:
    """The parts of a file of Arrow's."""
    import pyarrow as pa

    names = pa.ipc.open_file(stream).schema.names
    columns = [names.index(column) for column in _columns(names, source)]
    stream.seek(0)
    file = pa.ipc.open_file(stream, options=pa.ipc.IpcReadOptions(included_fields=columns, use_threads=False))
    first = 1
    for number in range(file.num_record_batches):
        rows = file.get_batch(number)
        rows.validate(full=True)  # else a damaged one ends the process when it is looked at
        source.allowance.take(rows.nbytes, source.place)
        yield Part(first, number / file.num_record_batches, rows)
        first += rows.num_rows


def _columns(names: list[str], source: Input) -> tuple[str, ...]:
    """The columns to read. Raises InputError where none has a text."""
    field = source.options.text_field
    columns = columns_of(names, field)
    if not columns:
        what = "no column for the text" if field is None else f'no column "{field}"'
        raise InputError(f"{source.place}: {what}; name it with --text-field (it has {listed(names)})")
    return columns


def _articles(source: Input, parts: Iterator[Part]) -> Iterator[Draft | Input | Unread]:
    empty, last = 0, 0
    for part in parts:
        source.progress.reached(part.share)
        if isinstance(part.rows, Unread):
            last = part.first
            yield part.rows
            continue
        last = part.first + part.rows.num_rows - 1
        names, columns = part.rows.schema.names, [_to_microseconds(column) for column in part.rows.columns]
        for at in range(part.rows.num_rows):
            row = {name: _value(column[at]) for name, column in zip(names, columns, strict=True)}
            item = _article(row, source.place.at("row", part.first + at), source)
            if item is None:
                empty += 1
            else:
                yield item
    if not last:
        yield unread(source.place, "no rows; nothing to read")
    if empty:
        yield unread(source.place, without_text(empty))


def _article(row: dict[str, Any], place: Place, source: Input) -> Draft | Input | Unread | None:
    """The article of one row; None where it has no text."""
    if any(len(value) > source.options.limit for value in row.values() if isinstance(value, str | bytes)):
        return unread(place, "longer than the limit of one article; take it out")
    try:
        return of_table(row, source.options.text_field, place, source)
    except InputError as error:
        return failed(place, error)


def _to_microseconds(column: Any) -> Any:
    """Moments as Python can have them."""
    import pyarrow as pa

    kind = column.type
    is_finer = pa.types.is_timestamp(kind) and kind.unit == "ns"
    return column.cast(pa.timestamp("us", kind.tz), safe=False) if is_finer else column


def _value(cell: Any) -> Any:
    """A cell's value; of a text that isn't UTF-8 its bytes, of a moment that no calendar has nothing."""
    import pyarrow as pa

    try:
        value = cell.as_py()
    except (ValueError, OverflowError, LookupError, pa.ArrowException):
        cell = cell.value if isinstance(cell, pa.DictionaryScalar) else cell
        return cell.as_buffer().to_pybytes() if isinstance(cell, pa.BinaryScalar) else None
    return value.isoformat() if isinstance(value, dt.date) else value


def _damaged(source: Input, first: int, last: int, error: Exception) -> Unread:
    return unread(source.place, f"rows {first} to {last} are damaged ({_first(error)}); write the file anew")


def _first(error: BaseException) -> str:
    """The first line of what a library says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
