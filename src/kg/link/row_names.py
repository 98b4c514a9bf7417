"""The names of a table's rows -> things: within the type and the province that cells, or the whole table, tell.

Whether names without a type word are provinces, whether regions stand below theirs, and whether cities bear their type
while regencies don't is inferred from all rows, and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from kg.link.column import Column, Role, is_missing
from kg.link.columns import type_of
from kg.link.matcher import Meanings
from kg.link.normal import readings
from kg.link.outcome import LINKED_FROM, Candidate, Decision, Outcome
from kg.link.tabular import Table

BELOW_PROVINCE: Final = frozenset({"Regency", "City"})
ORDERED: Final = 0.9
"""The share of regions that must lie in the province above them before the order of rows says anything."""
TYPED: Final = 3
"""Rows with a type word from which names without one are taken for provinces, where all known ones are."""
NAMING: Final[tuple[Role, ...]] = (Role.REGION, Role.PROVINCE, Role.COUNTRY, Role.MINISTRY)
"""Roles of the column that codes stand beside, the first that there is."""


class Names:
    """What the name of each row means. ``provinces`` has the key of the one that a row lies in; ``notes`` tell why.

    ``main`` is the role of the column of names, None where there are only codes.
    """

    def __init__(self, table: Table, by_role: Mapping[Role, Column], main: Role | None, matcher: Meanings) -> None:
        self._table = table
        self._matcher = matcher
        self._at: dict[Role, int] = {role: each.at for role, each in by_role.items() if role not in NAMING[2:]}
        if main is not None:
            self._at[Role.REGION] = by_role[main].at  # the names, of whatever kind
        if main is Role.PROVINCE:
            del self._at[Role.PROVINCE]
        self._usual = "Province" if main is Role.PROVINCE else None
        self._cells = {role: _filled(table, at) for role, at in self._at.items()}
        self._matched: dict[tuple[str, str, str | None], Outcome] = {}
        self.notes: list[str] = []
        self.provinces = self._of_cells()
        self._typed = self._bare_names_are_provinces()
        self._cities = self._typed_cities()
        if not any(self.provinces):
            self.provinces = self._of_order()

    def of(self, row: int) -> Outcome | None:
        """What the name of a row means; None where it has none."""
        return self._match(row, self.provinces[row]) if self.cell(Role.REGION, row) else None

    def cell(self, role: Role, row: int) -> str:
        """What a row has in the column of a role; empty where there is nothing."""
        found = self._cells.get(role)
        return found[row] if found is not None else ""

    def _of_cells(self) -> list[str | None]:
        """The province of each row, where a column names it."""
        found: dict[str, str | None] = {"": None}
        out = []
        for row in range(len(self._table.rows)):
            name = self.cell(Role.PROVINCE, row)
            if name not in found:
                linked = self._matcher.match(name, "Province").linked
                found[name] = linked.id if linked else None
            out.append(found[name])
        return out

    def _bare_names_are_provinces(self) -> bool:
        """Whether regencies and cities bear their type word in this table, so that names without one are provinces."""
        if Role.REGION not in self._at or Role.KIND in self._at or Role.PROVINCE in self._at:
            return False
        names = dict.fromkeys(self.cell(Role.REGION, row) for row in range(len(self._table.rows)))
        typed = sum(any(reading.kinds for reading in readings(name)) for name in names)
        bare = [name for name in names if name and not any(reading.kinds for reading in readings(name))]
        known = [name for name in bare if self._matcher.knows(name)]
        provinces = sum(self._matcher.knows(name, "Province") for name in known)
        certain = typed >= TYPED and bool(known) and provinces >= ORDERED * len(known)
        if certain:
            self.notes.append("names without a type word are provinces: regencies and cities have theirs")
        return certain

    def _of_order(self) -> list[str | None]:
        """The province above each row, where regions stand below their provinces nearly without exception."""
        nothing: list[str | None] = [None] * len(self._table.rows)
        if Role.REGION not in self._at:
            return nothing
        above: str | None = None
        out: list[str | None] = []
        fits = Counter[bool]()
        for row in range(len(self._table.rows)):
            linked = self._match(row, None).linked
            entry = self._matcher.entry(linked.id) if linked else None
            if entry is not None and entry.kind == "Province":
                above = entry.id
                out.append(None)
                continue
            out.append(above)
            if entry is not None and above is not None:
                fits[above in entry.inside] += 1
        if fits.total() < TYPED or fits[True] < ORDERED * fits.total():
            return nothing
        self.notes.append("regions stand below their provinces: the row above tells the province")
        return out

    def _match(self, row: int, province: str | None) -> Outcome:
        question = (self.cell(Role.REGION, row), self.cell(Role.KIND, row), province)
        found = self._matched.get(question)
        if found is None:
            found = self._matched[question] = self._asked(*question)
        return found

    def _asked(self, name: str, kind: str, province: str | None) -> Outcome:
        stated = type_of(kind) if kind else None
        if stated is not None:
            return self._matcher.match(name, stated, province)
        if Role.PROVINCE in self._at and province is not None:
            below = self._matcher.match(name, BELOW_PROVINCE, province)
            return below if below.decision is not Decision.NONE else self._matcher.match(name, None, province)
        if self._usual is not None:
            as_usual = self._matcher.match(name, self._usual)
            return as_usual if as_usual.decision is not Decision.NONE else self._matcher.match(name)
        outcome = self._matcher.match(name, None, province)
        untyped = not any(reading.kinds for reading in readings(name))
        if self._typed and untyped and outcome.decision is Decision.JUDGE:
            as_province = self._matcher.match(name, "Province")
            return as_province if as_province.linked else outcome
        if self._cities and untyped and outcome.decision is Decision.JUDGE:
            return self._beside_its_city(outcome)
        return outcome

    def _beside_its_city(self, outcome: Outcome) -> Outcome:
        """Where "Kota Semarang" has a row of its own, "Semarang" is the regency; three of one name stay open."""
        equal = [each for each in outcome.candidates if each.reasons[0].startswith("name equal")]
        entries = {each.id: self._matcher.entry(each.id) for each in equal}
        kinds = {key: entry.kind for key, entry in entries.items() if entry is not None}
        cities = [each for each in equal if kinds[each.id] == "City"]
        regencies = [each for each in equal if kinds[each.id] == "Regency"]
        if not len(equal) == 2 == len(cities) + len(regencies) or len(cities) != 1 or cities[0].id not in self._cities:
            return outcome
        said = f"{cities[0].label} has a row of its own, and cities bear their type here"
        found = Candidate(regencies[0].id, regencies[0].label, LINKED_FROM, (*regencies[0].reasons, said))
        return Outcome(outcome.name, Decision.LINKED, (found,), "; ".join(found.reasons))

    def _typed_cities(self) -> frozenset[str]:
        """The cities that bear their type word, if no regency does and names without one are regencies."""
        names = dict.fromkeys(self._cells.get(Role.REGION, ()))
        bare = [name for name in names if name and not any(reading.kinds for reading in readings(name))]
        regencies = sum(self._matcher.knows(name, "Regency") for name in bare)
        known = sum(self._matcher.knows(name, BELOW_PROVINCE) for name in bare)
        if Role.KIND in self._at or regencies < TYPED or regencies < ORDERED * known:
            return frozenset()
        linked = [self._matcher.match(name).linked for name in names.keys() - set(bare)]
        entries = [self._matcher.entry(each.id) for each in linked if each is not None]
        typed = [entry for entry in entries if entry is not None]
        return frozenset(entry.id for entry in typed) if all(entry.kind == "City" for entry in typed) else frozenset()


def _filled(table: Table, at: int) -> list[str]:
    """The cells of a column, those that say that there is no value empty."""
    column = [line[at] for line in table.rows]
    empty = {value for value in set(column) if is_missing(value)}
    return ["" if value in empty else value for value in column] if empty else column
