"""Where is linked to, and how each link was found: ``data/links/targets.toml`` and its tables, as values."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from kg import resources
from kg.errors import DataError
from kg.records import record

FILE: Final = "data/links/targets.toml"


@record(frozen=True, slots=True)
class Origin:
    """Where the links of some things come from. ``things`` is tried on whole keys; ``how`` may hold {columns}."""

    things: str
    source: str
    licence: str
    how: str
    justification: str
    table: str = ""


@record(frozen=True, slots=True)
class Found:
    """How one link was found, in words, with its source and licence."""

    how: str
    source: str
    licence: str
    justification: str


@record(frozen=True, slots=True)
class Target:
    """A dataset that is linked to: by the IRIs that begin with ``space``, or by a ``code`` of the reference data.

    ``kinds`` are those that should have a link; ``within`` is the country they must lie in, "" for any.
    """

    name: str
    title: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    absent: str
    origins: tuple[Origin, ...]
    space: str = ""
    dataset: str = ""
    code: str = ""
    agency: str = ""
    within: str = ""

    def prefix(self, base: str) -> str:
        """What the IRIs of the target begin with; for codes the identifiers of this graph."""
        return self.space or f"{base}id/identifier/{self.name}/"

    def found(self, key: str) -> Found:
        """How the link of a thing was found. Raises DataError where no entry says so."""
        for origin in self.origins:
            if re.fullmatch(origin.things, key):
                row = _table(origin.table).get(key.rpartition("/")[2], {}) if origin.table else {}
                how = origin.how.format_map(dict(row))
                return Found(how.rstrip("; "), row.get("source") or origin.source, origin.licence, origin.justification)
        raise DataError(f"{FILE}: no entry of [[{self.name}.from]] fits {key}; add one that says how it was found")


@cache
def targets() -> Mapping[str, Target]:
    """All targets by name, in the order of the file. Raises DataError for a mistake in it."""
    table = _load()
    return MappingProxyType({name: _target(name, given) for name, given in table.items() if name != "licences"})


@cache
def strictness() -> tuple[str, ...]:
    """Licences of links, the strictest first."""
    return tuple(_load()["licences"]["order"])


def strictest(licences: set[str]) -> str:
    """The licence that a file with links of all of these falls under."""
    order = strictness()
    unknown = licences - set(order)
    if unknown:
        raise DataError(f"{FILE}: licence {min(unknown)} isn't in the order of licences; add it there")
    return next(licence for licence in order if licence in licences)


def _load() -> dict[str, Any]:
    try:
        return tomllib.loads(resources.path(FILE).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{FILE}: {error}; correct it") from error


def _target(name: str, given: Mapping[str, Any]) -> Target:
    plain = {key: value for key, value in given.items() if key not in ("title", "kinds", "from")}
    try:
        return Target(
            name=name,
            title=tuple(given["title"].items()),
            kinds=tuple(given["kinds"]),
            origins=tuple(Origin(**origin) for origin in given["from"]),
            **plain,
        )
    except (KeyError, TypeError) as error:
        raise DataError(f"{FILE}: [{name}]: {error}; see the head of the file for what a target has") from error


@cache
def _table(name: str) -> Mapping[str, Mapping[str, str]]:
    """A CSV file beside the targets: first column -> row."""
    text = resources.path(f"data/links/{name}").read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text))
    assert rows.fieldnames
    first = rows.fieldnames[0]
    return MappingProxyType({row[first]: MappingProxyType(row) for row in rows})
