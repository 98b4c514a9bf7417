"""The rows of a table -> things: by code where its system is known, by name within type and province, by judgement.

Each different combination of cells is decided once. Codes come before names, but a code whose thing the names
contradict is to be judged, never linked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from kg.errors import InputError
from kg.link.codes import KEMENDAGRI, LABELS, Told, possible, tell
from kg.link.columns import METADATA, Column, Known, Role, is_missing, type_of
from kg.link.judgements import Judgements, Verdict, name_id
from kg.link.matcher import Meanings
from kg.link.normal import readings
from kg.link.outcome import JUDGED_FROM, LINKED_FROM, Candidate, Decision, Outcome
from kg.link.tabular import Table
from kg.records import record

BELOW_PROVINCE: Final = frozenset({"Regency", "City"})
ORDERED: Final = 0.9
"""The share of regions that must lie in the province above them before the order of rows says anything."""
TYPED: Final = 3
"""Rows with a type word from which names without one are taken for provinces, where all known ones are."""


NAMING: Final[tuple[Role, ...]] = (Role.REGION, Role.PROVINCE, Role.COUNTRY, Role.MINISTRY)
"""Roles of the column that codes stand beside, the first that there is."""


def matchers(known: Known) -> dict[Role, Meanings | None]:
    """Which things the columns of a role name."""
    return {
        Role.REGION: known.regions,
        Role.MINISTRY: known.bodies,
        Role.COUNTRY: known.countries,
        Role.OFFICIAL: known.officials,
    }


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


Judged = Callable[[Subject], tuple[str | None, frozenset[str]]]
"""What persons said of a name: the key that it means, and the keys that it doesn't mean."""


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


def judged_by(judgements: Judgements, base: str) -> Judged:
    """What a file of judgements says of the names of tables; a judgement without a province holds in all of them."""
    things = f"{base}id/"

    def said(subject: Subject) -> tuple[str | None, frozenset[str]]:
        different: set[str] = set()
        for parent in dict.fromkeys((subject.parent, "")):
            name = name_id(subject.kind, subject.text, parent, base)
            same = judgements.same(name)
            if same is not None:
                return same.removeprefix(things), frozenset()
            for each in judgements.about(name):
                if each.verdict is Verdict.DIFFERENT:
                    different |= {thing.removeprefix(things) for thing in each.pair - {name}}
        return None, frozenset(different)

    return said


def to_be_judged(linked: Linked, base: str) -> list[tuple[str, Outcome]]:
    """The names that are left open, each once, with the IRI that a judgement knows it by."""
    found: dict[str, Outcome] = {}
    for rows in linked.things.values():
        for row in rows:
            if row.outcome.decision is Decision.JUDGE and row.subject.text:
                found.setdefault(name_id(row.subject.kind, row.subject.text, row.subject.parent, base), row.outcome)
    return list(found.items())


def nobody(_: Subject) -> tuple[str | None, frozenset[str]]:
    """No judgements."""
    return None, frozenset()


def link(
    table: Table,
    columns: Sequence[Column],
    known: Known,
    *,
    system: str | None = None,
    judged: Judged = nobody,
) -> Linked:
    """Link the rows of a table. ``system`` is what the user says of its codes.

    Raises InputError where codes and names disagree in both systems, or nothing tells the system.
    """
    by_role: dict[Role, Column] = {}
    for column in columns:
        by_role.setdefault(column.role, column)
    notes: list[str] = []
    told = None
    things: dict[Role, tuple[Row, ...]] = {}
    main: Role | None = next((role for role in NAMING if role in by_role), None)
    if main is not None or Role.CODE in by_role:
        role: Role = main if main in (Role.COUNTRY, Role.MINISTRY) else Role.REGION
        matcher = matchers(known)[role]
        if matcher is not None:
            parts = _Parts(table, by_role, main, matcher, known, judged)
            told = parts.told(system)
            things[role] = parts.rows(told)
            notes += parts.notes
    for role, matcher in matchers(known).items():
        if role in by_role and role not in things and matcher is not None:
            things[role] = _plain(table, by_role[role], matcher, judged)
    if not things:
        raise InputError(
            f"{table.name}: no column names regions, ministries or countries, or has their codes; say which one does "
            f"with --column NAME=region (columns: {', '.join(table.columns)})"
        )
    return Linked(table, tuple(columns), things, told, tuple(notes))


def _plain(table: Table, column: Column, matcher: Meanings, judged: Judged) -> tuple[Row, ...]:
    """Rows by a name alone."""
    found: dict[str, Row] = {}
    for line in table.rows:
        name = line[column.at]
        if name not in found:
            subject = Subject(column.role.value, spelled(name))
            outcome = Outcome(name, Decision.NONE, (), "no name") if is_missing(name) else matcher.match(name)
            found[name] = _judge(Row(outcome, How.NAME, subject), judged, matcher)
    return tuple(found[line[column.at]] for line in table.rows)


def spelled(name: str) -> str:
    """A name in the spelling that judgements keep: abbreviations written out, words without spaces."""
    taken = readings(name)
    return taken[0].text if taken else ""


def _judge(row: Row, judged: Judged, matcher: Meanings) -> Row:
    """The same with what persons said: a judgement is above codes and names, and what was denied is no candidate."""
    same, different = judged(row.subject)
    if same is not None:
        entry = matcher.entry(same)
        label = entry.label if entry else same
        candidate = Candidate(same, label, 1.0, ("judged the same",))
        return Row(
            Outcome(row.outcome.name, Decision.LINKED, (candidate,), "judged the same"), How.JUDGEMENT, row.subject
        )
    if not different.intersection(candidate.id for candidate in row.outcome.candidates):
        return row
    left = tuple(candidate for candidate in row.outcome.candidates if candidate.id not in different)
    linked = row.outcome.linked
    decision = row.outcome.decision if linked is None or linked.id not in different else Decision.JUDGE
    if not left:
        decision = Decision.NONE
    return Row(
        Outcome(row.outcome.name, decision, left, f"{row.outcome.why}; one was judged different"), row.how, row.subject
    )


class _Parts:
    """The thing of each row, by what its cells say together: name, type, province, code."""

    def __init__(
        self,
        table: Table,
        by_role: Mapping[Role, Column],
        main: Role | None,
        matcher: Meanings,
        known: Known,
        judged: Judged,
    ) -> None:
        self._table = table
        self._matcher = matcher
        self._codes = known.codes
        self._judged = judged
        self._at: dict[Role, int] = {role: each.at for role, each in by_role.items() if role not in NAMING[2:]}
        self._code = by_role.get(Role.CODE)
        self._kind = "region" if main in (None, *NAMING[:2]) else str(main)
        if main is not None:
            self._at[Role.REGION] = by_role[main].at  # the names, of whatever kind
        if main is Role.PROVINCE:
            del self._at[Role.PROVINCE]
        self._usual = "Province" if main is Role.PROVINCE else None
        self._cells = {role: _filled(table, at) for role, at in self._at.items()}
        self._matched: dict[tuple[str, str, str | None], Outcome] = {}
        self.notes: list[str] = []
        self._provinces = self._of_cells()
        self._typed = self._bare_names_are_provinces()
        self._cities = self._typed_cities()
        if not any(self._provinces):
            self._provinces = self._of_order()
        self._names = [self._by_name(row) for row in range(len(table.rows))]

    def _cell(self, role: Role, row: int) -> str:
        found = self._cells.get(role)
        return found[row] if found is not None else ""

    # ---- names

    def _of_cells(self) -> list[str | None]:
        """The province of each row, where a column names it."""
        found: dict[str, str | None] = {"": None}
        out = []
        for row in range(len(self._table.rows)):
            name = self._cell(Role.PROVINCE, row)
            if name not in found:
                linked = self._matcher.match(name, "Province").linked
                found[name] = linked.id if linked else None
            out.append(found[name])
        return out

    def _bare_names_are_provinces(self) -> bool:
        """Whether regencies and cities bear their type word in this table, so that names without one are provinces."""
        if Role.REGION not in self._at or Role.KIND in self._at or Role.PROVINCE in self._at:
            return False
        names = dict.fromkeys(self._cell(Role.REGION, row) for row in range(len(self._table.rows)))
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
        question = (self._cell(Role.REGION, row), self._cell(Role.KIND, row), province)
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

    def _by_name(self, row: int) -> Outcome | None:
        return self._match(row, self._provinces[row]) if self._cell(Role.REGION, row) else None

    # ---- codes

    def told(self, given: str | None) -> Told | None:
        """The code system. Raises InputError."""
        if self._code is None:
            return None
        system = given or self._code.system
        if system is not None and system not in LABELS:
            system = None
        if system in ("iso", "wikidata", "geonames") or "ids" in self._code.why:
            name = system or self._code.why.removesuffix(" ids")
            return Told(name, self._code.why)
        values = [self._value(row) for row in range(len(self._table.rows))]
        by = "--code-system says so" if given else f"the header {self._code.name!r} says so"
        if not given and self._code.why.startswith(METADATA):
            by = f"{METADATA} say so"
        return tell(
            self._codes,
            self._code.name,
            values,
            stated=system,
            stated_by=by if system else "",
            agrees=self._agrees if any(self._names) else None,
            name=lambda row: self._cell(Role.REGION, row),
            place=self._table.place,
        )

    def _value(self, row: int) -> str:
        return self._cell(Role.CODE, row)

    def _agrees(self, row: int, key: str) -> bool | None:
        """Whether the names of a row may mean a thing; None where they mean nothing certain."""
        outcome = self._names[row]
        if outcome is None or outcome.decision is Decision.NONE:
            return None
        return any(candidate.id == key and candidate.score >= JUDGED_FROM for candidate in outcome.candidates)

    def rows(self, told: Told | None) -> tuple[Row, ...]:
        """All rows, each different one decided once."""
        found: dict[tuple[str, ...], Row] = {}
        out = []
        for row in range(len(self._table.rows)):
            name, code = self._cell(Role.REGION, row), self._value(row)
            key = (name, code, self._cell(Role.KIND, row), self._provinces[row] or "")
            if key not in found:
                found[key] = self._row(row, name, code, told)
            out.append(found[key])
        return tuple(out)

    def _row(self, row: int, name: str, code: str, told: Told | None) -> Row:
        subject = Subject(self._kind, spelled(name) or code, self._provinces[row] or "")
        by_name = self._names[row] or Outcome(name, Decision.NONE, (), "no name")
        if not code or told is None:
            return _judge(Row(by_name, How.NAME, subject), self._judged, self._matcher)
        return _judge(self._by_code(code, told.system, by_name, subject), self._judged, self._matcher)

    def _by_code(self, code: str, system: str, by_name: Outcome, subject: Subject) -> Row:
        key, said = self._of_code(code, system, by_name)
        if key is None:
            if by_name.why == "no name":
                return Row(Outcome(code, Decision.NONE, (), said), How.CODE, subject)
            why = f"{by_name.why}; {said}"
            return Row(Outcome(by_name.name, by_name.decision, by_name.candidates, why), How.NAME, subject)
        label = self._codes.label(key)
        if by_name.why == "no name":
            return _linked(code, Candidate(key, label, 1.0, (said,)), subject)
        fits = next((candidate for candidate in by_name.candidates if candidate.id == key), None)
        if fits is not None and fits.score >= JUDGED_FROM:
            return _linked(by_name.name, Candidate(key, label, 1.0, (said, *fits.reasons)), subject)
        coded = Candidate(key, label, JUDGED_FROM, (said,))
        others = tuple(candidate for candidate in by_name.candidates if candidate.id != key)
        best = others[0] if others and others[0].score >= JUDGED_FROM else None
        why = f"{said}, but the name is {best.label}" if best else f"{said}, but no name of it is like {by_name.name!r}"
        candidates = tuple(sorted((coded, *others), key=lambda each: (-each.score, each.id)))
        return Row(Outcome(by_name.name, Decision.JUDGE, candidates, why), How.CODE, subject)

    def _of_code(self, code: str, system: str, by_name: Outcome) -> tuple[str | None, str]:
        """The thing of a code, and a clause about it."""
        key = self._codes.key(system, code)
        if key is not None:
            return key, f"code {code} ({LABELS[system]}) is {self._codes.label(key)}"
        for whole in possible(code):
            key = self._codes.key(system, whole)
            if key is not None and any(candidate.id == key for candidate in by_name.candidates):
                return key, f"code {code} was {whole} ({LABELS[system]}) before it was taken for a number"
        digits = code.replace(".", "")
        deeper = system == KEMENDAGRI and len(digits) > 4 and self._codes.key(system, digits[:4])
        if deeper:
            return (
                None,
                f"code {code} is of a district or village in {self._codes.label(deeper)}: these aren't known",
            )
        if possible(code):
            return (
                None,
                f"code {code} may be {' or '.join(possible(code))}: a spreadsheet took it for a number",
            )
        return None, f"code {code} is none of {LABELS[system]}"


def _filled(table: Table, at: int) -> list[str]:
    """The cells of a column, those that say that there is no value empty."""
    column = [line[at] for line in table.rows]
    empty = {value for value in set(column) if is_missing(value)}
    return ["" if value in empty else value for value in column] if empty else column


def _linked(name: str, candidate: Candidate, subject: Subject) -> Row:
    return Row(Outcome(name, Decision.LINKED, (candidate,), "; ".join(candidate.reasons)), How.CODE, subject)
