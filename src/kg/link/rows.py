"""The rows of a table -> things: by code where its system is known, by name within type and province, by judgement.

Each different combination of cells is decided once. Codes come before names, but a code whose thing the names
contradict is to be judged, never linked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.errors import InputError
from kg.link.codes import KEMENDAGRI, LABELS, Told, possible, tell
from kg.link.column import METADATA, Column, Role, is_missing
from kg.link.columns import Known
from kg.link.matcher import Meanings
from kg.link.normal import readings
from kg.link.outcome import JUDGED_FROM, Candidate, Decision, Outcome
from kg.link.row import How, Linked, Row, Subject
from kg.link.row_judgements import Judged, judge, nobody
from kg.link.row_names import NAMING, Names
from kg.link.tabular import Table


def matchers(known: Known) -> dict[Role, Meanings | None]:
    """Which things the columns of a role name."""
    return {
        Role.REGION: known.regions,
        Role.MINISTRY: known.bodies,
        Role.COUNTRY: known.countries,
        Role.OFFICIAL: known.officials,
    }


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
            names = Names(table, by_role, main, matcher)
            parts = _Parts(table, by_role, main, matcher, known, judged, names)
            told = parts.told(system)
            things[role] = parts.rows(told)
            notes += names.notes
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
            found[name] = judge(Row(outcome, How.NAME, subject), judged, matcher)
    return tuple(found[line[column.at]] for line in table.rows)


def spelled(name: str) -> str:
    """A name in the spelling that judgements keep: abbreviations written out, words without spaces."""
    taken = readings(name)
    return taken[0].text if taken else ""


class _Parts:
    """The thing of each row, by what its code and its name say together."""

    def __init__(
        self,
        table: Table,
        by_role: Mapping[Role, Column],
        main: Role | None,
        matcher: Meanings,
        known: Known,
        judged: Judged,
        names: Names,
    ) -> None:
        self._table = table
        self._matcher = matcher
        self._codes = known.codes
        self._judged = judged
        self._code = by_role.get(Role.CODE)
        self._kind = "region" if main in (None, *NAMING[:2]) else str(main)
        self._of_names = names
        self._names = [names.of(row) for row in range(len(table.rows))]

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
            name=lambda row: self._of_names.cell(Role.REGION, row),
            place=self._table.place,
        )

    def _value(self, row: int) -> str:
        return self._of_names.cell(Role.CODE, row)

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
            name, code = self._of_names.cell(Role.REGION, row), self._value(row)
            key = (name, code, self._of_names.cell(Role.KIND, row), self._of_names.provinces[row] or "")
            if key not in found:
                found[key] = self._row(row, name, code, told)
            out.append(found[key])
        return tuple(out)

    def _row(self, row: int, name: str, code: str, told: Told | None) -> Row:
        subject = Subject(self._kind, spelled(name) or code, self._of_names.provinces[row] or "")
        by_name = self._names[row] or Outcome(name, Decision.NONE, (), "no name")
        if not code or told is None:
            return judge(Row(by_name, How.NAME, subject), self._judged, self._matcher)
        return judge(self._by_code(code, told.system, by_name, subject), self._judged, self._matcher)

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


def _linked(name: str, candidate: Candidate, subject: Subject) -> Row:
    return Row(Outcome(name, Decision.LINKED, (candidate,), "; ".join(candidate.reasons)), How.CODE, subject)
