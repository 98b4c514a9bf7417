"""Codes of regions and countries in several systems, and which system a column of codes is in.

BPS and Kemendagri codes look alike. They differ for 199 regions, and 164 of the one are of another place in the other:
3171 is Kota Jakarta Selatan for BPS, 31.71 is Kota Jakarta Pusat for Kemendagri. So a system is never assumed: the
names beside the codes tell it, or the user, or the header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from kg.errors import InputError
from kg.records import record
from kg.reference import Reference

BPS: Final = "bps"
KEMENDAGRI: Final = "kemendagri"
AGREE_FROM: Final = 0.9
"""The share of rows whose names must agree with a system's codes."""
EXAMPLES: Final = 3
_REGION: Final = re.compile(r"\d\d(?:\.?\d\d?)?(?:\.?\d\d(?:\.?\d{4})?)?")
_WIKIDATA: Final = re.compile(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q\d+)")
_GEONAMES: Final = re.compile(r"(?:https?://sws\.geonames\.org/|https?://www\.geonames\.org/)?(\d{4,9})(?:/.*)?")
_ISO: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    KEMENDAGRI: _REGION,
    BPS: re.compile(r"\d{2}|\d{4}|\d{7}|\d{10}"),
    "iso": _ISO,
    "wikidata": _WIKIDATA,
    "geonames": _GEONAMES,
}
LABELS: Final = {
    BPS: "BPS",
    KEMENDAGRI: "Kemendagri",
    "iso": "ISO 3166",
    "wikidata": "Wikidata",
    "geonames": "GeoNames",
}


@record(frozen=True, slots=True)
class Told:
    """The system of a column and why it is that one."""

    system: str
    why: str


class Codes:
    """All codes of the reference data: system -> normal form of the code -> key of the thing."""

    def __init__(self, reference: Reference) -> None:
        self._labels = {}
        self._keys: dict[str, dict[str, str]] = {system: {} for system in SHAPES}
        for key, thing in reference.things.items():
            self._labels[key] = thing.label.text
            for scheme, code in thing.codes:
                if scheme in self._keys:
                    self._keys[scheme][normal(scheme, code)] = key
            for _, iri in thing.matches:
                for scheme in ("wikidata", "geonames"):
                    if scheme in iri and SHAPES[scheme].fullmatch(iri):
                        self._keys[scheme].setdefault(normal(scheme, iri), key)

    def key(self, system: str, code: str) -> str | None:
        """The thing of a code."""
        return self._keys[system].get(normal(system, code))

    def label(self, key: str) -> str:
        """The name of a thing."""
        return self._labels[key]

    def fits(self, system: str, values: Iterable[str]) -> float:
        """The share of these codes that the system has."""
        known = [self.key(system, value) is not None for value in values]
        return sum(known) / len(known) if known else 0.0


def normal(system: str, code: str) -> str:
    """A code in one spelling: "33.74", "3374" and "33 74" are one; "3300" is the province 33."""
    code = code.strip()
    if system in (KEMENDAGRI, BPS):
        digits = re.sub(r"[.\s-]", "", code)
        return digits[:-2] if len(digits) == 4 and digits.endswith("00") else digits
    found = SHAPES[system].fullmatch(code)
    return found[1] if found and found.re.groups else code.upper()


def possible(code: str) -> tuple[str, ...]:
    """What a dotted code may have been before a spreadsheet took it for a number: 11.1 was 11.10 or 11.01."""
    found = re.fullmatch(r"(\d\d)\.(\d)", code.strip())
    return (f"{found[1]}.{found[2]}0", f"{found[1]}.0{found[2]}") if found else ()


Agrees = Callable[[int, str], bool | None]
"""Whether the names of a row agree with a thing; None where the row has no name that says anything."""


def tell(
    codes: Codes,
    column: str,
    values: Sequence[str],
    *,
    stated: str | None,
    stated_by: str,
    agrees: Agrees | None,
    name: Callable[[int], str],
    place: Callable[[int], str],
) -> Told:
    """The system of a column of region codes. ``agrees`` compares a row with the thing of its code, by its names.

    ``name`` and ``place`` give a row's name and place for messages.

    Raises InputError with what was seen where names and codes disagree, or nothing tells the system.
    """
    seen = [(row, value) for row, value in enumerate(values) if value]
    if agrees is not None:
        shares = {system: _agreement(codes, system, seen, agrees) for system in (KEMENDAGRI, BPS)}
        if any(total for _, total in shares.values()):
            return _by_names(codes, column, seen, shares, stated, stated_by, agrees, name, place)
    if stated:
        return Told(stated, stated_by)
    return _without_names(codes, column, seen, place)


def _agreement(codes: Codes, system: str, seen: Sequence[tuple[int, str]], agrees: Agrees) -> tuple[int, int]:
    """In how many rows the names agree with a system's codes, of how many rows that tell something."""
    agreed = total = 0
    for row, value in seen:
        key = codes.key(system, value)
        said = None if key is None else agrees(row, key)
        if said is not None:
            agreed += said
            total += 1
    return agreed, total


def _by_names(
    codes: Codes,
    column: str,
    seen: Sequence[tuple[int, str]],
    shares: Mapping[str, tuple[int, int]],
    stated: str | None,
    stated_by: str,
    agrees: Agrees,
    name: Callable[[int], str],
    place: Callable[[int], str],
) -> Told:
    share = {system: agreed / total if total else 0.0 for system, (agreed, total) in shares.items()}
    best = stated if stated in share else max(share, key=lambda system: (share[system], shares[system][0]))
    assert best is not None
    agreed, total = shares[best]
    if share[best] >= AGREE_FROM:
        why = f"the names agree with {LABELS[best]} codes in {agreed:,} of {total:,} rows"
        others = ", ".join(
            f"with {LABELS[other]} codes in {shares[other][0]:,} of {shares[other][1]:,}"
            for other in shares
            if other != best
        )
        return Told(best, f"{stated_by}; {why}" if stated else f"{why}, {others}")
    said = f"{stated_by}, but " if stated else ""
    counts = "; ".join(f"{LABELS[system]}: {agreed:,} of {total:,} rows" for system, (agreed, total) in shares.items())
    examples = "; ".join(_contradictions(codes, best, seen, agrees, name, place))
    other = next((system for system in share if system != best and share[system] >= AGREE_FROM), None)
    out = (
        f"use --code-system {other}"
        if other
        else f"correct the table, or link by names alone with --column '{column}=ignore'"
    )
    where = f"names and codes of column {column!r} disagree" + ("" if other else " in both code systems")
    raise InputError(
        f"{place(seen[0][0]).rpartition(' row ')[0]}: {said}{where} (names agree in {counts}); e.g. {examples}; {out}"
    )


def _contradictions(
    codes: Codes,
    system: str,
    seen: Sequence[tuple[int, str]],
    agrees: Agrees,
    name: Callable[[int], str],
    place: Callable[[int], str],
) -> list[str]:
    found = []
    for row, value in seen:
        key = codes.key(system, value)
        if key is not None and agrees(row, key) is False:
            where = place(row).rpartition(" row ")[2]
            found.append(f"row {where}: {name(row)!r} has {value}, which is {codes.label(key)} for {LABELS[system]}")
        if len(found) == EXAMPLES:
            break
    return found


def _without_names(codes: Codes, column: str, seen: Sequence[tuple[int, str]], place: Callable[[int], str]) -> Told:
    values = [value for _, value in seen]
    if values and all("." in value or len(value) == 2 for value in values) and any("." in value for value in values):
        return Told(KEMENDAGRI, "the codes are dotted, as Kemendagri writes them")
    differing = []
    for row, value in seen:
        keys = {system: codes.key(system, value) for system in (BPS, KEMENDAGRI)}
        if keys[BPS] != keys[KEMENDAGRI]:
            differing.append((row, value, keys))
    if not differing:
        return Told(KEMENDAGRI, "BPS and Kemendagri give each of these codes to the same region")
    told = sorted(differing, key=lambda each: None in each[2].values())  # two places for one code say most
    examples = "; ".join(
        f"row {place(row).rpartition(' row ')[2]}: {value} is "
        + ", ".join(f"{codes.label(key) if key else 'nothing'} for {LABELS[system]}" for system, key in keys.items())
        for row, value, keys in told[:EXAMPLES]
    )
    raise InputError(
        f"{place(0).rpartition(' row ')[0]}: column {column!r} may hold BPS or Kemendagri codes, and there are no "
        f"names to tell which; {len(differing):,} of {len(seen):,} mean something else in the other system, e.g. "
        f"{examples}; "
        "say which: --code-system bps or --code-system kemendagri"
    )
