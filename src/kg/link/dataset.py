"""A file with a table -> its rows linked, with what is known of the dataset: the whole of ``kg link table``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from kg import reference
from kg import vocabulary as v
from kg.link import columns, csvw, cube, rows, tabular
from kg.link.column import NOTHING, Given, Role
from kg.link.columns import Known
from kg.link.cube import About
from kg.link.matcher import Meanings
from kg.link.numbers import Notation
from kg.link.row import Linked
from kg.link.row_judgements import Judged, nobody
from kg.link.tabular import Dialect, Table
from kg.records import record


@record(frozen=True, slots=True)
class Request:
    """What the user says; None or empty where the table or its metadata are to tell it."""

    roles: Mapping[str, Role]
    units: Mapping[str, str]
    system: str | None = None
    numbers: Notation | None = None
    period: str | None = None
    title: str | None = None
    name: str | None = None
    source: str | None = None
    licence: str | None = None
    dialect: Dialect = Dialect()
    base: str = v.DEFAULT_BASE


@record(frozen=True, slots=True)
class Result:
    """A linked table; ``known`` is what it was compared with, ``metadata`` the file beside it that was read."""

    linked: Linked
    about: About
    known: Known
    metadata: str | None


def link(path: Path, request: Request, *, judged: Judged = nobody, officials: Meanings | None = None) -> Result:
    """Link the table in a file. Raises InputError.

    What the user says stands above the CSVW metadata beside the file, and that above what the content tells.
    """
    beside = csvw.beside(path)
    metadata = csvw.read(beside, path.name, request.base) if beside.is_file() else None
    table = tabular.read(path, _dialect(request.dialect, metadata.dialect if metadata else Dialect()))
    known = replace(_packaged(), officials=officials)
    given = _given(request, metadata.given(table.columns) if metadata else {}, table.columns)
    found = columns.find(table, known, given)
    linked = rows.link(table, found, known, system=request.system, judged=judged)
    return Result(linked, _about(table, request, metadata), known, str(beside) if metadata else None)


@cache
def _packaged() -> Known:
    """What the reference data knows, indexed once for all tables of a process."""
    return columns.known_things(reference.load())


def _dialect(said: Dialect, described: Dialect) -> Dialect:
    return Dialect(
        said.delimiter or described.delimiter,
        said.encoding or described.encoding,
        described.quote,
        described.comment,
        described.skip,
        said.sheet,
    )


def _given(request: Request, described: Mapping[str, Given], header: tuple[str, ...]) -> dict[str, Given]:
    found = {}
    for name in dict.fromkeys((*header, *request.roles, *request.units)):
        before = described.get(name, NOTHING)
        role = request.roles.get(name)
        found[name] = Given(
            role or before.role,
            "you" if role else before.by,
            before.system,
            request.units.get(name) or before.unit,
            request.numbers or before.numbers,
            before.property,
        )
    return found


def _about(table: Table, request: Request, metadata: csvw.Metadata | None) -> About:
    source = request.source or (metadata.source if metadata else None)
    licence = request.licence or (metadata.licence if metadata else None)
    period = request.period or (metadata.period if metadata else None)
    if period is not None:
        cube.time(period)
    return About(
        cube.slug_of(request.name or table.name),
        request.title or (metadata.title if metadata else None) or Path(table.name).stem,
        cube.iri(source, "source") if source else None,
        cube.iri(licence, "licence") if licence else None,
        period,
        table.sha256,
    )
