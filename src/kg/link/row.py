"""What became of the rows of a table: the thing of each, by what, and the name that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kg.link.codes import Told
from kg.link.column import Column, Role
from kg.link.outcome import Outcome
from kg.link.tabular import Table
from kg.records import record


class How:
    """By what a row was linked."""

    CODE: Final = "code"
    NAME: Final = "name"
    JUDGEMENT: Final = "judgement"


@record(frozen=True, slots=True)
class Row:
    """What became of a row: its outcome and by what. ``subject`` is the name that was asked for, with its context."""

    outcome: Outcome
    how: str
    subject: Subject


@record(frozen=True, slots=True)
class Subject:
    """A name of a table as a judgement knows it: its kind, its words in one spelling, the key of its province."""

    kind: str
    text: str
    parent: str = ""


@record(frozen=True, slots=True)
class Linked:
    """A table with what its rows mean, in the order of the rows; ``things`` by role of the column that names them.

    ``told`` is the system of the code column, if there is one; ``notes`` what was inferred from the whole table.
    """

    table: Table
    columns: tuple[Column, ...]
    things: Mapping[Role, tuple[Row, ...]]
    told: Told | None
    notes: tuple[str, ...]

    @property
    def main(self) -> tuple[Row, ...]:
        """The rows' things of the first role: what the table is about."""
        return next(iter(self.things.values()))
