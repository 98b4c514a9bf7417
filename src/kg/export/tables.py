"""Tables as CSV: one for each query in ``queries/export/``, with its column names, in one zip file.

Rows that differ only in the quoted words or in a column that the query's head comment names after ``fold:`` become one
row; its values stand behind each other, separated by `` | ``. After each column that ``names:`` lists comes one with
the names of the things in it. Text is UTF-8, lines end as RFC 4180 asks. A cell that a spreadsheet would take for a
formula is the article's own text and stays as it is.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from kg import resources
from kg.errors import DataError
from kg.export.parts import Options, natural
from kg.traverse import Span, head, merged, names_of, quoted

if TYPE_CHECKING:
    from pyoxigraph import QuerySolution

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can name: a file's bytes must not tell the clock
_SPAN: Final = ("words", "begin", "end")
_SEPARATOR: Final = " | "


@dataclass(frozen=True, slots=True)
class Table:
    """A query and how its rows become lines."""

    name: str
    query: str
    names: frozenset[str]
    fold: frozenset[str]


def tables() -> list[Table]:
    """The tables of ``queries/export/``, by name."""
    return [_table(path) for path in resources.files("queries/export", "*.rq")]


def _table(path: Path) -> Table:
    text = path.read_text("utf-8")
    said = head(text)
    return Table(path.stem, text, *(frozenset(said.get(key, "").split()) for key in ("names", "fold")))


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """A zip of all tables."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(quads, options).items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def files(quads: Sequence[Quad], options: Options) -> dict[str, bytes]:
    """Each table's bytes by its file name, an empty table as its first line."""
    store = merged(quads)
    names = names_of(store)
    return {f"{table.name}.csv": _csv(table, store, names) for table in tables()}


def _csv(table: Table, store: Store, names: Mapping[str, str]) -> bytes:
    solutions = store.query(table.query)
    if not isinstance(solutions, QuerySolutions):
        raise DataError(f"queries/export/{table.name}.rq: no SELECT query; a table needs one")
    columns = [variable.value for variable in solutions.variables]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_header(columns, table))
    writer.writerows(_lines(columns, table, solutions, names))
    return text.getvalue().encode()


def _header(columns: list[str], table: Table) -> list[str]:
    plain = [column for column in columns if column not in _SPAN]
    wide = [name for column in plain for name in ([column, f"{column}_name"] if column in table.names else [column])]
    return [*wide, "words", "spans"] if "words" in columns else wide


def _lines(columns: list[str], table: Table, solutions: QuerySolutions, names: Mapping[str, str]) -> list[list[str]]:
    """The folded rows, sorted by their cells."""
    plain = [column for column in columns if column not in _SPAN]
    keys = [column for column in plain if column not in table.fold]
    folded: dict[tuple[str, ...], tuple[dict[str, set[str]], set[Span]]] = {}
    for solution in solutions:
        sets, spans = folded.setdefault(tuple(_cell(solution, key) for key in keys), ({}, set()))
        for column in plain:
            sets.setdefault(column, set()).add(_cell(solution, column))
        if "words" in columns and solution["words"] is not None:
            spans.add(Span(int(_cell(solution, "begin")), int(_cell(solution, "end")), _cell(solution, "words")))
    lines = []
    for sets, spans in folded.values():
        cells = [cell for column in plain for cell in _cells(sets[column], column, table, names)]
        lines.append([*cells, *quoted(spans)] if "words" in columns else cells)
    return sorted(lines, key=lambda line: [natural(cell) for cell in line])


def _cells(values: set[str], column: str, table: Table, names: Mapping[str, str]) -> list[str]:
    """A column's cell, and the cell of its names if it has any."""
    found = sorted(values - {""}, key=natural)
    if column not in table.names:
        return [_SEPARATOR.join(found)]
    return [_SEPARATOR.join(found), _SEPARATOR.join(names.get(value, "") for value in found).strip(" |")]


def _cell(solution: QuerySolution, column: str) -> str:
    value = solution[column]
    return value.value if isinstance(value, Literal | NamedNode) else "" if value is None else str(value)
