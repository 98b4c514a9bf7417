"""What the columns of a table hold: names of regions, bodies or countries, codes, periods, numbers.

The content decides where it can, the header where the content leaves it open, the user above both. The words of
headers and the signs of missing values are data (``data/linking/columns.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kg.errors import InputError
from kg.link.codes import BPS, KEMENDAGRI, SHAPES, Codes
from kg.link.column import NOTHING, Column, Given, Role, is_missing, lists
from kg.link.matcher import Matcher, Meanings, entries, regions
from kg.link.normal import folded, readings, words
from kg.link.numbers import Notation, notation
from kg.link.tabular import Table
from kg.link.units import measure
from kg.model import Kind
from kg.records import record
from kg.reference import Reference

_YEARLY: Final = re.compile(r"(.*?)[ _(]*((?:19|20)\d\d)\)?")
ENOUGH: Final = 3000
"""Different values of a column that are looked at."""
MOST: Final = 0.5
"""The share of known names from which a column is one of names."""
NEARLY: Final = 0.9
COUNTRY: Final = "place/ID"  # rows of totals are about the country


@record(frozen=True, slots=True)
class Known:
    """What columns are compared with."""

    regions: Matcher
    bodies: Matcher
    countries: Matcher
    officials: Meanings | None
    codes: Codes


def find(table: Table, known: Known, given: Mapping[str, Given]) -> list[Column]:
    """The columns of a table; ``given`` is what is said of them, by name.

    Raises InputError for a column that isn't there, an unknown unit, and numbers that could be read in two ways.
    """
    for name in given:
        if name not in table.columns:
            raise InputError(f"{table.name}: no column {name!r}; it has {', '.join(table.columns)}")
    found = []
    for at, name in enumerate(table.columns):
        values = list(dict.fromkeys(row[at] for row in table.rows if not is_missing(row[at])))
        said = given.get(name, NOTHING)
        role, why = (
            (said.role, f"{said.by} say so") if said.role else _role(name, values[:ENOUGH], known, len(table.rows))
        )
        if role is not Role.VALUE:
            found.append(Column(at, name, role, why, name, said.system or system_of(name), property=said.property))
        else:
            found.append(measure(table, at, why, values, said))
    named = {name for name, said in given.items() if said.role}
    return _series(_one_code(table, _provinces(table, found, known, named), named))


def _one_code(table: Table, found: list[Column], given: Collection[str]) -> list[Column]:
    """Of several columns of codes the one that tells most rows apart, if the user names none."""
    codes = [column for column in found if column.role is Role.CODE]
    if len(codes) < 2:
        return found
    best = max(codes, key=lambda each: (each.name in given, len({row[each.at] for row in table.rows}), -each.at))
    return [
        replace(each, role=Role.TEXT, why=f"{best.name!r} already has the codes")
        if each in codes and each != best
        else each
        for each in found
    ]


def _series(found: list[Column]) -> list[Column]:
    """Columns of numbers that are all called by years, as in "Jumlah 2021", are one measure in several periods."""
    values = {column.at: _YEARLY.fullmatch(column.name) for column in found if column.role is Role.VALUE}
    years = [match[2] for match in values.values() if match]
    several = len(years) > 1 and len(years) == len(values) and not any(each.role is Role.YEAR for each in found)
    if not several:
        return found
    return [
        replace(each, period=match[2], label=match[1].strip(" (_-"), why=f"{each.why} of {match[2]}")
        if (match := values.get(each.at))
        else each
        for each in found
    ]


def header_words(name: str) -> frozenset[str]:
    """The words of a header in small letters, also where they are joined by capitals, points or underscores."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return frozenset(re.findall(r"[^\W_]+", folded(parted)))


def _said(name: str) -> list[Role]:
    """The roles whose words a header has."""
    found = header_words(name)
    return [role for role, entries in lists().roles.items() if any(entry <= found for entry in entries)]


def _role(name: str, values: Sequence[str], known: Known, rows: int) -> tuple[Role, str]:
    if not values:
        return Role.IGNORE, "empty"
    said = _said(name)
    if header_words(name) in lists().roles[Role.IGNORE]:
        return _code(name, values, known, rows, said) or (Role.IGNORE, f"called {name!r}")
    for test in (_period, _code, _names, _type_words, _number):
        found = test(name, values, known, rows, said)
        if found is not None:
            return found
    if Role.OFFICIAL in said and known.officials is not None:
        return Role.OFFICIAL, "by its header"
    return Role.TEXT, "text that names nothing known"


def _period(name: str, values: Sequence[str], known: Known, rows: int, said: list[Role]) -> tuple[Role, str] | None:
    if not all(period(value) for value in values):
        return None
    if Role.YEAR in said:
        return Role.YEAR, "its header and its values"
    few = len(values) <= 60 and len(values) < rows and not said
    if few and all(re.fullmatch(r"(19|20)\d\d", value) for value in values):
        return Role.YEAR, "its values"
    return None


def period(text: str) -> str | None:
    """A year, month or day in the form of XML Schema; None for anything else."""
    text = text.strip()
    if re.fullmatch(r"(1[89]|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text):
        return text
    found = re.fullmatch(r"(0?[1-9]|[12]\d|3[01])[/-](0?[1-9]|1[0-2])[/-]((?:19|20)\d\d)", text)  # day first
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else None


def _code(name: str, values: Sequence[str], known: Known, rows: int, said: list[Role]) -> tuple[Role, str] | None:
    for system in ("wikidata", "iso", "geonames"):
        if all(SHAPES[system].fullmatch(value) for value in values) and _is_system(system, name, values, known):
            return Role.CODE, f"{system} ids"
    if not all(SHAPES[KEMENDAGRI].fullmatch(value) for value in values):
        return None
    fits = max(known.codes.fits(system, values) for system in (KEMENDAGRI, BPS))
    if Role.CODE in said or system_of(name):
        return Role.CODE, "its header, and the form of its values"
    if fits >= NEARLY and len(values) >= 5 and len(values) >= NEARLY * rows:
        return Role.CODE, "its values are region codes"
    return None


def _is_system(system: str, name: str, values: Sequence[str], known: Known) -> bool:
    named = system_of(name) == system
    fits = known.codes.fits(system, values)
    if system == "geonames":  # any number has the form of one
        return named
    return named or fits >= MOST


def system_of(name: str) -> str | None:
    """The code system that a header states."""
    found = header_words(name)
    return next((system for system, entries in lists().systems.items() if entries & found), None)


def _names(name: str, values: Sequence[str], known: Known, rows: int, said: list[Role]) -> tuple[Role, str] | None:
    texts = [value for value in values if re.search(r"[^\W\d_]{2}", value)]
    if len(texts) < NEARLY * len(values) or Role.TEXT in said:
        return None
    shares: dict[Role, float] = {}
    matchers: tuple[tuple[Role, Meanings | None], ...] = (
        (Role.REGION, known.regions),
        (Role.MINISTRY, known.bodies),
        (Role.COUNTRY, known.countries),
        (Role.OFFICIAL, known.officials),
    )
    for role, matcher in matchers:
        if matcher is not None:
            shares[role] = sum(matcher.knows(text) for text in texts) / len(texts)
    best = max(shares, key=lambda role: (shares[role], role in said))
    if best is Role.REGION and Role.PROVINCE in said and _are_provinces(texts, known):
        best = Role.PROVINCE
        shares[best] = shares[Role.REGION]
    if shares[best] >= MOST or (shares[best] > 0 and best in said):
        return best, f"{round(shares[best] * len(texts)):,} of its {len(texts):,} different names are known"
    return None


def _are_provinces(texts: Sequence[str], known: Known) -> bool:
    """Whether nearly all names that are known at all are those of provinces."""
    names = [text for text in texts if known.regions.knows(text)]
    return sum(known.regions.knows(text, "Province") for text in names) >= NEARLY * len(names) > 0


def _type_words(name: str, values: Sequence[str], known: Known, rows: int, said: list[Role]) -> tuple[Role, str] | None:
    if all(type_of(value) for value in values):
        return Role.KIND, "words for types of regions"
    return None


def type_of(text: str) -> frozenset[str] | None:
    """The kinds that a word for a type of region means; None for other words."""
    whole = next(iter(readings(text)), None)
    types = {"".join(entry): kinds for entry, kinds in words().types}
    return types.get(whole.text) if whole else None


def _number(name: str, values: Sequence[str], known: Known, rows: int, said: list[Role]) -> tuple[Role, str] | None:
    return (Role.VALUE, "numbers") if notation(values) is not Notation.NONE else None


def _provinces(table: Table, found: list[Column], known: Known, given: Collection[str]) -> list[Column]:
    """Of several columns of regions the ones that hold only provinces say where the others' regions lie."""
    columns = [column for column in found if column.role is Role.REGION]
    if len(columns) < 2:
        return found
    coarse = [column for column in columns if column.name not in given and _only_provinces(table, column, known)]
    if len(coarse) == len(columns):
        coarse = coarse[:-1]
    taken = [] if any(column.role is Role.PROVINCE for column in found) else coarse[:1]
    rest = [column for column in columns if column not in taken]
    changes = {column.at: (Role.PROVINCE, "its names are those of provinces") for column in taken}
    for column in rest[1:]:
        if column.name not in given:
            changes[column.at] = (Role.TEXT, f"{rest[0].name!r} already names the regions")
    return [
        replace(each, role=changes[each.at][0], why=changes[each.at][1]) if each.at in changes else each
        for each in found
    ]


def _only_provinces(table: Table, column: Column, known: Known) -> bool:
    values = dict.fromkeys(row[column.at] for row in table.rows if not is_missing(row[column.at]))
    if Role.PROVINCE in _said(column.name):
        return True
    return bool(values) and all(known.regions.knows(value, "Province") for value in list(values)[:ENOUGH])


def known_things(reference: Reference, officials: Meanings | None = None) -> Known:
    """What tables name, from the reference data; officials only where a graph names some."""
    regions_too = [*regions(reference), COUNTRY]
    bodies = [key for key in reference.things if reference.kinds[key] in (Kind.MINISTRY, Kind.BODY)]
    countries = [key for key in reference.things if reference.kinds[key] is Kind.COUNTRY]
    return Known(
        Matcher(entries(reference, regions_too)),
        Matcher(entries(reference, bodies)),
        Matcher(entries(reference, countries)),
        officials,
        Codes(reference),
    )
