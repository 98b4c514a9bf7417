"""The labelled pairs of names, with what each side's article says as a person of ``kg.link.people``."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from kg import reference
from kg.link.people import Person, position
from kg.names import slug

FOLDER = Path(__file__).parent / "data" / "names"
ACTING = re.compile(r"^(Plt\.?|Plh\.?|Pj\.?|Penjabat) ")


@dataclass(frozen=True)
class Pair:
    a: Person
    b: Person
    same: str  # yes, no, unknown
    phenomenon: str

    @property
    def is_bare(self) -> bool:
        """Whether only the names are given."""
        return not (self.a.positions or self.b.positions)


def pairs(name: str) -> list[Pair]:
    """The pairs of ``tune`` or ``held-back``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [Pair(_person(row, "a"), _person(row, "b"), row["same"], row["phenomenon"]) for row in rows]


def _person(row: dict[str, str], side: str) -> Person:
    post, body, region, date = (row[f"{column}_{side}"] for column in ("post", "body", "region", "date"))
    quarters = frozenset({4 * int(date[:4]) + (int(date[5:7]) - 1) // 3}) if date else frozenset()
    if not post:
        return Person(row[f"name_{side}"], quarters=quarters)
    acting = bool(ACTING.match(post))
    role, rest = _role(ACTING.sub("", post))
    where = f"body/{slug(body)}" if body else f"government/{slug(region)}"
    held = position(role, where, rest, acting=acting)
    return Person(row[f"name_{side}"], frozenset({held}), quarters)


def _role(post: str) -> tuple[str, str]:
    """The role that a post's name begins with, and the rest."""
    words = post.split()
    names = reference.load().role_names
    for count in range(len(words), 0, -1):
        if found := names.get(" ".join(words[:count])):
            return found[0].removeprefix("role/"), " ".join(words[count:])
    return slug(post), ""
