"""A graph of a store again, in a file of SQLite: looking up there costs the same however large the store is.

In a store on disk it does not: a look into a small graph goes through all files of the engine that the whole store has,
so that a graph asked a hundred times for each of many articles is copied first. Writing goes to both.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import StoreError
from kg.output import reason

_TABLES: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE row (subject TEXT NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL);
CREATE INDEX row_subject ON row (subject, predicate);
CREATE INDEX row_object ON row (predicate, object, subject);
BEGIN;
"""
_NODE: Final = "<"
_TEXT: Final = '"'
"""What an object begins with in the file: a node, or a text without a language or another datatype."""


class Mirror:
    """The rows of one graph, whose subjects are nodes, and whose objects are nodes or plain texts.

    The file is gone with the process, however that ends, where a system lets go of the name of an open one.
    """

    def __init__(self, graph: NamedNode, rows: Iterable[Quad], path: Path) -> None:
        """``path``: of the file, in place of one that was left there. Raises StoreError, here and later."""
        self.graph, self._path = graph, path
        with self._at_work():
            path.unlink(missing_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(_TABLES)
            with contextlib.suppress(PermissionError):
                path.unlink()
            self._db.executemany(_INSERT, map(_told, rows))

    def quads_for_pattern(
        self,
        subject: NamedNode | None,
        predicate: NamedNode | None,
        value: NamedNode | Literal | None,
        graph_name: NamedNode,
        /,
    ) -> Iterator[Quad]:
        """The rows that fit, in no order; None stands for any term. Nothing where another graph is asked for."""
        if graph_name == self.graph:
            for one, how, other in self._found(subject, predicate, value):
                yield Quad(NamedNode(one), NamedNode(how), _term(other), self.graph)

    def subjects(self, predicate: NamedNode, value: NamedNode | Literal) -> Iterator[str]:
        """The subjects of the rows that fit, as text: a quad takes as long to make as two rows to find."""
        return (row[0] for row in self._found(None, predicate, value))

    def texts(self, subject: NamedNode, predicate: NamedNode) -> Iterator[str]:
        """The objects of the rows that fit, as text."""
        return (row[2][1:] for row in self._found(subject, predicate, None))

    def _found(
        self, subject: NamedNode | None, predicate: NamedNode | None, value: NamedNode | Literal | None
    ) -> Iterator[tuple[str, str, str]]:
        given = {
            "subject": None if subject is None else subject.value,
            "predicate": None if predicate is None else predicate.value,
            "object": None if value is None else _object(value),
        }
        wanted = {name: text for name, text in given.items() if text is not None}
        # Named, for both may serve, and one of them badly: of a predicate there are many rows.
        index = "row_subject" if subject is not None else "row_object"
        where = " AND ".join(f"{name} = ?" for name in wanted) or "1"
        with self._at_work():  # looking up also writes, where what waits in memory makes room
            yield from self._db.execute(f"{_SELECT} INDEXED BY {index} WHERE {where}", list(wanted.values()))

    def change(self, gone: Iterable[Quad], new: Iterable[Quad]) -> None:
        """Take rows out, then put rows in; one that is there already stays."""
        added = list(dict.fromkeys(map(_told, new)))
        with self._at_work():
            self._db.executemany(_DELETE, map(_told, gone))
            self._db.executemany(_DELETE, added)
            self._db.executemany(_INSERT, added)

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            why = reason(error) if isinstance(error, OSError) else error
            raise StoreError(f"{self._path}: {why}; nothing is lost, the same command goes on") from error


_SELECT: Final = "SELECT subject, predicate, object FROM row"
_INSERT: Final = "INSERT INTO row (subject, predicate, object) VALUES (?, ?, ?)"
_DELETE: Final = "DELETE FROM row INDEXED BY row_subject WHERE subject = ? AND predicate = ? AND object = ?"
"""By the subject: a block has hundreds of rows with its name as the object, which is no less likely a guess."""


def _told(row: Quad) -> tuple[str, str, str]:
    assert isinstance(row.subject, NamedNode)
    return row.subject.value, row.predicate.value, _object(row.object)


def _object(term: ox.Triple | ox.BlankNode | NamedNode | Literal) -> str:
    assert isinstance(term, NamedNode | Literal)
    return f"{_NODE if isinstance(term, NamedNode) else _TEXT}{term.value}"


def _term(text: str) -> NamedNode | Literal:
    return NamedNode(text[1:]) if text[0] == _NODE else Literal(text[1:])
