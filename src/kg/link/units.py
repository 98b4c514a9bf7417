"""Columns of numbers: how those are written, and the unit and the power of ten that a header tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from kg.errors import InputError
from kg.link.column import Column, Given, Role, is_missing, lists
from kg.link.normal import folded
from kg.link.numbers import Notation, notation
from kg.link.tabular import Table


def measure(table: Table, at: int, why: str, values: Sequence[str], said: Given) -> Column:
    """A column of numbers, with notation and unit. Raises InputError where it has no numbers, or may have two."""
    name = table.columns[at]
    how = said.numbers or notation(values)
    if how is Notation.OPEN:
        example = next(value for value in values if re.search(r"[.,]", value))
        raise InputError(
            f"{table.name}: column {name!r}: {example!r} may be a number of thousands or have decimals, and no other "
            "value tells; say which with --numbers id (1.234,5) or --numbers en (1,234.5)"
        )
    if how is Notation.NONE:
        raise InputError(_why_no_numbers(table, at))
    label, unit, power = unit_of(name)
    if said.unit is not None:
        unit = _given_unit(table, name, said.unit)
    return Column(at, name, Role.VALUE, why, label, None, how, unit, power, said.property)


def _why_no_numbers(table: Table, at: int) -> str:
    """What is wrong with a column that is to hold numbers."""
    name = table.columns[at]
    out = f"correct it, or leave the column out with --column '{name}=ignore'"
    for row, line in enumerate(table.rows):
        if _no_number(line[at]):
            return f"{table.place(row)}: {line[at]!r} in column {name!r} is no number; {out}"
    filled = [line[at] for line in table.rows if not is_missing(line[at])]
    if not filled:
        return f"{table.name}: column {name!r} holds no number; {out}"
    return f"{table.name}: column {name!r} has numbers written in both ways, as 1.234,5 and 1,234.5; {out}"


def _no_number(text: str) -> bool:
    return not is_missing(text) and notation([text]) is Notation.NONE


def _given_unit(table: Table, name: str, unit: str) -> str:
    if unit.startswith(("http://", "https://")):
        return unit
    known = lists().units
    if unit in known.values():
        return unit
    if folded(unit) in known:
        return known[folded(unit)]
    raise InputError(
        f"{table.name}: column {name!r}: unknown unit {unit!r}; give a word such as jiwa or km2, a unit of QUDT "
        "such as KiloM2, or an IRI"
    )


def unit_of(header: str) -> tuple[str, str | None, int]:
    """The header without its unit, the unit and the power of ten: "Anggaran (juta rupiah)" is CCY_IDR and 6."""
    text = folded(header).replace("_", " ")
    bracketed = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", header)
    if bracketed:
        unit, power = _unit(folded(bracketed[1]).split())
        if unit or power:
            return header[: bracketed.start()].strip() or header, unit, power
    tokens = text.split()
    for span in (3, 2, 1):
        if len(tokens) >= span:
            unit, power = _unit(tokens[-span:])
            if unit:
                return header, unit, power
    first = _unit(tokens[:1])
    return header, first[0], first[1]


def _unit(tokens: Collection[str]) -> tuple[str | None, int]:
    """The unit that words are, all of them."""
    rest = [token for token in tokens if token != "dalam"]
    power = 0
    while rest and rest[0] in lists().multiples:
        power += lists().multiples[rest.pop(0)]
    if not rest:
        return None, power
    unit = lists().units.get(" ".join(rest))
    return unit, power if unit else 0
