"""SQLite databases: each row of a table that has a column with a text is an article.

Nothing of what a database may bring along is run: no view, no virtual table, no generated column, no function, and the
file isn't written to. Rows are read one by one, so that a bad one is passed over with a line.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.sources.copied import as_file
from kg.sources.fields import columns_of, listed, of_table, text_column, without_text
from kg.sources.item import Draft, Input, Place, Unread, failed, note, unread

MAGIC = b"SQLite format 3\x00"
SUFFIXES = (".sqlite", ".sqlite3", ".db")
MEDIA_TYPES = ("application/vnd.sqlite3", "application/x-sqlite3")
ROW = ("rowid", "_rowid_", "oid")  # names of a row's number, those that no column has
KEYS = 500  # of rows that are looked up at a time
SMALLEST = 1 << 20  # bytes of the longest value that SQLite itself is held to: a schema has to fit
VIRTUAL = 2  # how SQLite marks a column that is computed when it is read
ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA})
UNFINISHED = {  # files beside a database that hold what isn't in it yet
    "-wal": "holds changes that aren't in it yet",
    "-journal": "says that a change of it was broken off",
}

MEND = "make a new one with sqlite3 .recover"

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the columns that tell its rows apart, and all that can be read.

    ``last`` is the number of its last row; 0 where it has none, 1 where rows have no numbers.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    last: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A table to read: the columns that are looked at; ``field`` is the one for the text, where it is named."""

    table: Table
    columns: tuple[str, ...]
    field: str | None


def read(source: Input) -> Iterator[Draft | Input | Unread]:
    """The articles of all tables that have a text, in the order of the tables' names and of their rows."""
    with as_file(source) as path:
        if source.is_file:
            yield from _unfinished(source.place, path)
        with closing(_opened(path, source)) as database:
            tables = _tables(database, source.place)
            chosen = [found for table in tables if (found := _chosen(table, source.options.text_field))]
            yield from _remarks(tables, chosen, source)
            before, every = 0, max(sum(each.table.last for each in chosen), 1)
            for each in chosen:
                for number, item in _articles(database, each, source, os.path.getsize(path)):
                    source.progress.reached((before + number) / every)
                    yield item
                before += each.table.last


def _unfinished(place: Place, path: str) -> Iterator[Unread]:
    for ending, state in UNFINISHED.items():
        beside = path + ending
        if os.path.isfile(beside) and os.path.getsize(beside):
            line = f"{os.path.basename(beside)} beside it {state}, and isn't read; open and close it with sqlite3 first"
            yield unread(place, line)


def _opened(path: str, source: Input) -> sqlite3.Connection:
    """The database, held to reading. Raises InputError."""
    database = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(source.options.limit, SMALLEST))
        for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
            database.execute(f"PRAGMA {setting}")
        database.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY)
        database.text_factory = _text
        database.execute("SELECT name FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error as error:
        database.close()
        raise InputError(f"{source.place}: encrypted or damaged ({error}); {MEND}") from error
    return database


def _text(value: bytes) -> str | bytes:
    """A text, or its bytes where it isn't UTF-8, as SQLite says it is."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _tables(database: sqlite3.Connection, place: Place) -> list[Table]:
    """The tables, by name; those of SQLite itself and virtual ones, whose rows a program makes, aren't among them."""
    try:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
        names = sorted(name for (name,) in found if isinstance(name, str) and not name.startswith("sqlite_"))
        return [table for name in names if (table := _table(database, name))]
    except sqlite3.Error as error:
        raise InputError(f"{place}: damaged ({error}); {MEND}") from error


def _table(database: sqlite3.Connection, name: str) -> Table | None:
    found = database.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
    columns = tuple(column for _, column, *_, hidden in found if hidden != VIRTUAL)
    numbers = [alias for alias in ROW if alias not in {column.casefold() for column in columns}]
    for alias in numbers[:1]:
        try:
            query = f"SELECT {alias} FROM {_quoted(name)} ORDER BY {alias} DESC LIMIT 1"
            row = database.execute(query).fetchone()
        except sqlite3.OperationalError:  # a table without row numbers
            continue
        except sqlite3.DatabaseError:  # damaged: what can be read of it is
            row = (1,)
        return Table(name, (alias,), columns, max(row[0], 1) if row else 0)
    keys = sorted((place, column) for _, column, _, _, _, place, _ in found if place)
    return Table(name, tuple(column for _, column in keys), columns, 1) if keys else None


def _chosen(table: Table, field: str | None) -> Chosen | None:
    """Whether a table is read: it has the field that is named, as COLUMN or TABLE.COLUMN, or one for a text."""
    if field is not None:
        named = (field, field[len(table.name) + 1 :] if field.startswith(f"{table.name}.") else field)
        field = next((column for name in named for column in table.columns if column == name), None)
        if field is None:
            return None
    columns = columns_of(table.columns, field)
    return Chosen(table, columns, field) if columns else None


def _remarks(tables: list[Table], chosen: list[Chosen], source: Input) -> Iterator[Unread]:
    field = source.options.text_field
    if not chosen:
        what = "no table with a column for the text" if field is None else f'no table with the column "{field}"'
        has = "; ".join(f"{table.name}: {listed(table.columns)}" for table in tables)
        yield unread(source.place, f"{what}; name it with --text-field TABLE.COLUMN (it has {listed([has])})")
    elif not any(each.table.last for each in chosen):
        names = listed(each.table.name for each in chosen)
        yield unread(source.place, f"no rows in the table {names}; nothing to read")
    elif len(chosen) > 1 and field is None:
        each = [f"{one.table.name}.{text_column(one.columns)}" for one in chosen]
        yield note(source.place, f"the texts of {listed(each)} are read; those of one with --text-field {each[0]}")


def _articles(
    database: sqlite3.Connection, chosen: Chosen, source: Input, most: int
) -> Iterator[tuple[int, Draft | Input | Unread]]:
    """The articles of a table, each with the number of its row. ``most``: rows, more than a sound file can have."""
    name, empty = chosen.table.name, 0
    row_of = f"SELECT {_list(chosen.columns)} FROM {_quoted(name)} WHERE {_is(chosen.table.key)}"
    key: Key = ()
    try:
        for key in _keys(database, chosen.table, most):
            place = source.place.at("row", f"{name}/{','.join(map(str, key))}")
            number = key[0] if len(key) == 1 and isinstance(key[0], int) else 0
            item = _article(database, row_of, key, chosen, place, source)
            if item is None:
                empty += 1
            else:
                yield number, item
    except sqlite3.Error as error:
        after = f" after row {name}/{','.join(map(str, key))}" if key else f" in the table {name}"
        yield 0, unread(source.place, f"damaged{after} ({error}); what comes there is left out: {MEND}")
    if empty:
        yield 0, unread(source.place, without_text(empty, f" of the table {name}"))


def _keys(database: sqlite3.Connection, table: Table, most: int) -> Iterator[Key]:
    """What tells the rows apart, in its order. A damaged table may have a way back in it."""
    columns, marks = _list(table.key), ", ".join("?" * len(table.key))
    last: Key = ()
    at_a_time = KEYS
    while True:
        after = f"WHERE ({columns}) > ({marks})" if last else ""
        query = f"SELECT {columns} FROM {_quoted(table.name)} {after} ORDER BY {columns} LIMIT {at_a_time}"
        try:
            found = database.execute(query, last).fetchall()
        except sqlite3.DatabaseError:
            if at_a_time == 1:
                raise
            at_a_time = 1  # up to the damage
            continue
        most -= len(found)
        if most < 0 or last in found or not _ascends([last, *found] if last else found):
            raise sqlite3.DatabaseError("its rows are out of order")
        if not found:
            return
        yield from found
        last = found[-1]


def _ascends(keys: list[Key]) -> bool:
    """Whether row numbers go up; keys of other kinds have orders of their own."""
    pairs = ((one[0], other[0]) for one, other in pairwise(keys) if len(one) == 1)
    return all(one < other for one, other in pairs if isinstance(one, int) and isinstance(other, int))


def _article(
    database: sqlite3.Connection, query: str, key: Key, chosen: Chosen, place: Place, source: Input
) -> Draft | Input | Unread | None:
    """The article of one row; None where it has no text."""
    try:
        values = database.execute(query, key).fetchone()
        if values is None:
            return unread(place, f"damaged; {MEND}")
        if any(len(value) > source.options.limit for value in values if isinstance(value, str | bytes)):
            return unread(place, "longer than the limit of one article; take it out")
        return of_table(dict(zip(chosen.columns, values, strict=True)), chosen.field, place, source)
    except sqlite3.DataError:  # longer than SQLite is held to
        return unread(place, "longer than the limit of one article; take it out")
    except sqlite3.DatabaseError as error:
        return unread(place, f"damaged ({error}); {MEND}")
    except InputError as error:
        return failed(place, error)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _list(columns: tuple[str, ...]) -> str:
    return ", ".join(map(_quoted, columns))


def _is(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"{_quoted(column)} = ?" for column in columns)
