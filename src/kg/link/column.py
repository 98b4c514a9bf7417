"""A column of a table as a value, and the words that headers and cells are read by (``data/linking``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final

from kg import resources
from kg.errors import DataError
from kg.link.numbers import Notation
from kg.records import record


class Role(StrEnum):
    """What a column is for."""

    REGION = "region"
    PROVINCE = "province"
    KIND = "kind"
    COUNTRY = "country"
    MINISTRY = "ministry"
    OFFICIAL = "official"
    CODE = "code"
    YEAR = "year"
    VALUE = "value"
    DIMENSION = "dimension"
    TEXT = "text"
    IGNORE = "ignore"


@record(frozen=True, slots=True)
class Column:
    """One column. ``system`` is what its header or the user says of its codes; ``unit`` a local name of QUDT."""

    at: int
    name: str
    role: Role
    why: str
    label: str = ""
    system: str | None = None
    notation: Notation = Notation.NONE
    unit: str | None = None
    power: int = 0
    property: str | None = None
    """The IRI that the metadata beside the table gives it."""
    period: str | None = None
    """The year that its header is, where the columns of numbers are years; ``label`` is then what is left of it."""


@record(frozen=True, slots=True)
class Given:
    """What the user or the metadata says of a column; None where nothing is said."""

    role: Role | None = None
    by: str = "you"
    system: str | None = None
    unit: str | None = None
    numbers: Notation | None = None
    property: str | None = None


NOTHING: Final = Given()
METADATA: Final = "the metadata"
"""Who says what the CSVW file beside a table says."""


@record(frozen=True, slots=True)
class Words:
    """The lists of the data files."""

    roles: Mapping[Role, tuple[frozenset[str], ...]]
    systems: Mapping[str, frozenset[str]]
    missing: frozenset[str]
    units: Mapping[str, str]
    unit_base: str
    multiples: Mapping[str, int]


@cache
def lists() -> Words:
    """The packaged word lists. Raises DataError."""
    try:
        data = _toml("data/linking/columns.toml")
        units = _toml("data/linking/units.toml")
        return Words(
            {Role(name): tuple(frozenset(entry.split()) for entry in data["roles"][name]) for name in data["roles"]},
            {name: frozenset(entries) for name, entries in data["systems"].items()},
            frozenset(data["values"]["missing"]),
            {spelling: unit for unit, spellings in units["units"].items() for spelling in spellings},
            units["base"],
            units["multiples"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"data/linking: columns.toml or units.toml: {error!r}; reinstall the package") from error


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.path(name).read_text("utf-8"))


def is_missing(value: str) -> bool:
    """Whether a cell says that it has no value."""
    return not value or value.casefold() in lists().missing
