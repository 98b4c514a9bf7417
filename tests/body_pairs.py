"""The labelled pairs of names of bodies."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kg.link.organisations import Body

FOLDER = Path(__file__).parent / "data" / "names"


@dataclass(frozen=True)
class Pair:
    a: Body
    b: Body
    same: str  # yes, no, unknown
    phenomenon: str


def pairs(name: str) -> list[Pair]:
    """The pairs of ``tune`` or ``held-back``."""
    with (FOLDER / f"bodies-{name}.csv").open(encoding="utf-8") as file:
        return [Pair(_body(row, "a"), _body(row, "b"), row["same"], row["phenomenon"]) for row in csv.DictReader(file)]


def _body(row: dict[str, str], side: str) -> Body:
    parent = row[f"parent_{side}"]
    anchor = f"government/{parent}" if parent[:1].isdecimal() else parent
    names = tuple(filter(None, (row[f"name_{side}"], row[f"short_{side}"])))
    return Body(tuple(dict.fromkeys(names)), anchor, kind=row["kind"])
