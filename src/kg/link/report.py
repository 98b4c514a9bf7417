"""What became of a table, for a person to read: how many rows, by what, which not and why; and the table with it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from kg.link.codes import LABELS
from kg.link.column import Column, Role, lists
from kg.link.judgements import thing_id
from kg.link.matcher import Matcher
from kg.link.outcome import Decision, Outcome
from kg.link.row import How, Linked, Row
from kg.vocabulary import DEFAULT_BASE

SHOWN: Final = 15
"""Rows that are shown of each outcome; the table that ``--table`` writes has all."""
ADDED: Final = ("id", "label", "score", "why")


def lines(linked: Linked, regions: Matcher) -> Iterator[str]:
    """The report."""
    table = linked.table
    yield f"{table.name}: {len(table.rows):,} rows"
    yield from (f"  note: {note}" for note in (*table.notes, *linked.notes))
    yield from (f"  column {column.name!r}: {_said(column)}" for column in linked.columns)
    if linked.told is not None:
        yield f"  codes: {LABELS[linked.told.system]} ({linked.told.why})"
    for role, rows in linked.things.items():
        yield from _of_role(role, rows, linked)
    if Role.REGION in linked.things:
        yield from _coverage(linked.things[Role.REGION], regions)


def _said(column: Column) -> str:
    power = f"10^{column.power} " if column.power else ""
    unit = (column.unit or "").removeprefix(lists().unit_base)
    return f"{column.role.value} ({column.why})" + (f", in {power}{unit}" if unit or power else "")


def _of_role(role: Role, rows: Sequence[Row], linked: Linked) -> Iterator[str]:
    counts = Counter(row.outcome.decision for row in rows)
    by = Counter(row.how for row in rows if row.outcome.decision is Decision.LINKED)
    detail = ", ".join(f"{by[how]:,} by {how}" for how in (How.CODE, How.NAME, How.JUDGEMENT))
    yield (
        f"{role.value}: {counts[Decision.LINKED]:,} rows linked ({detail}); {counts[Decision.JUDGE]:,} to be judged;"
        f" {counts[Decision.NONE]:,} without a match"
    )
    for decision in (Decision.JUDGE, Decision.NONE):
        open_rows = [(at, row) for at, row in enumerate(rows) if row.outcome.decision is decision]
        for at, row in open_rows[:SHOWN]:
            yield f"  row {linked.table.numbers[at]}, {row.outcome.name!r}, {decision.value}: {row.outcome.why}"
        if len(open_rows) > SHOWN:
            yield f"  … and {len(open_rows) - SHOWN:,} more {decision.value}: --table FILE writes all of them"


def _coverage(rows: Sequence[Row], regions: Matcher) -> Iterator[str]:
    """How much of each province the linked rows cover."""
    found = {row.outcome.linked.id for row in rows if row.outcome.linked}
    every = regions.entries("Province")
    if not every:
        return
    below = {each.id: [e.id for e in regions.entries(("Regency", "City")) if each.id in e.inside] for each in every}
    provinces = [each for each in every if each.id in found]
    units = [key for keys in below.values() for key in keys]
    yield (
        f"coverage: {len(provinces)} of {len(every)} provinces, {len(found & set(units))} of {len(units)} regencies and"
        " cities"
    )
    partly = [
        f"{each.label} {len(found & set(below[each.id]))} of {len(below[each.id])}"
        for each in every
        if 0 < len(found & set(below[each.id])) < len(below[each.id])
    ]
    if partly:
        more = f" and {len(partly) - SHOWN} more provinces" if len(partly) > SHOWN else ""
        yield f"  in part: {', '.join(partly[:SHOWN])}{more}"


def with_links(linked: Linked, *, delimiter: str = ",", base: str = DEFAULT_BASE) -> bytes:
    """The table as CSV in UTF-8 with columns for what each row means: id, label, score and why."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*linked.table.columns, *added(linked)])
    for at, line in enumerate(linked.table.rows):
        more = [cell for rows in linked.things.values() for cell in _cells(rows[at].outcome, base)]
        writer.writerow([*line, *more])
    return out.getvalue().encode()


def added(linked: Linked) -> list[str]:
    """The names of the added columns; with the role where there are several things or the table has such a name."""
    plain = len(linked.things) == 1 and not set(ADDED) & set(linked.table.columns)
    return [name if plain else f"{role.value}_{name}" for role in linked.things for name in ADDED]


def _cells(outcome: Outcome, base: str) -> list[str]:
    found = outcome.linked
    if found is None:
        return ["", "", "", f"{outcome.decision.value}: {outcome.why}"]
    return [thing_id(found.id, base), found.label, f"{found.score:.2f}", outcome.why]
