"""A linked table -> RDF Data Cube: one observation for each number, with its region, period, unit and row.

The dataset, its structure and its observations lie in one named graph, ``id/dataset/SLUG``. The region is
``sdmx-dimension:refArea``, the period ``sdmx-dimension:refPeriod``; a table with several columns of numbers has
``qb:measureType`` as a further dimension, so that a missing number is only an observation that isn't there. The row
that an observation comes from is ``prov:wasDerivedFrom`` the file's fragment after RFC 7111 (``penduduk.csv#row=2``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from kg import vocabulary as v
from kg.errors import InputError
from kg.link.column import Column, Role, is_missing, lists
from kg.link.columns import period
from kg.link.judgements import thing_id
from kg.link.numbers import number
from kg.link.row import Linked
from kg.names import slug
from kg.records import record

_SPDX: Final = "https://spdx.org/licenses/"
_RESOURCE: Final = NamedNode("http://www.w3.org/2000/01/rdf-schema#Resource")
_PERIODS: Final = {4: v.G_YEAR, 7: v.G_YEAR_MONTH, 10: v.DATE}  # by the length of the text
_ORGANISATION: Final = v.term("org:Organization")
_PERSON: Final = v.term("foaf:Person")


@record(frozen=True, slots=True)
class About:
    """What is known of the dataset as a whole. ``slug`` names it; ``source`` and ``licence`` are IRIs, if known."""

    slug: str
    title: str
    source: str | None = None
    licence: str | None = None
    period: str | None = None
    sha256: str | None = None


@record(frozen=True, slots=True)
class _Dimension:
    """A dimension of the cube and its value in each row; None where the row has none."""

    node: NamedNode
    label: str
    range: NamedNode
    values: Sequence[NamedNode | Literal | None]


def iri(text: str, what: str) -> str:
    """An IRI as given, or that of a licence by its SPDX name. Raises InputError."""
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", text, re.IGNORECASE):
        return text
    if what == "licence" and re.fullmatch(r"[A-Za-z0-9.+-]+", text):
        return _SPDX + text
    if what == "licence":
        raise InputError(f"{what} {text!r} is no address and no SPDX name; give one such as CC-BY-4.0 or https://…")
    raise InputError(f"{what} {text!r} is no address; give one such as https://…")


def graph_of(slug_: str, base: str = v.DEFAULT_BASE) -> NamedNode:
    """The named graph of a dataset, which is also its id."""
    return NamedNode(f"{base}id/dataset/{slug_}")


def quads(linked: Linked, about: About, base: str = v.DEFAULT_BASE) -> list[Quad]:
    """The dataset of a linked table: its description, its structure, and the observations of all linked rows.

    Raises InputError where no column has numbers, and where two rows give the same number of the same thing.
    """
    measures = [column for column in linked.columns if column.role is Role.VALUE]
    if not measures:
        raise InputError(
            f"{linked.table.name}: no column of numbers, so there is nothing to observe; name one with --column "
            "NAME=value, or write the links into the table with --table FILE"
        )
    graph = graph_of(about.slug, base)
    dimensions = list(_dimensions(linked, about, graph, base))
    whole = _kinds(linked, measures)
    cube = _Cube(linked, about, graph, dimensions, measures, whole)
    return [Quad(*triple, graph) for triple in (*cube.described(), *cube.structured(), *cube.observed())]


Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def _kinds(linked: Linked, measures: Sequence[Column]) -> dict[int, NamedNode]:
    """The datatype of each measure: integer where all its numbers are whole."""
    found: dict[int, NamedNode] = {}
    for column in measures:
        texts = dict.fromkeys(line[column.at] for line in linked.table.rows if not is_missing(line[column.at]))
        whole = all(_number(linked, column, text).as_tuple().exponent == 0 for text in texts)
        found[column.at] = v.INTEGER if whole else v.DECIMAL
    if any(column.period for column in measures) and v.DECIMAL in found.values():
        return dict.fromkeys(found, v.DECIMAL)  # one measure, one datatype
    return found


def _number(linked: Linked, column: Column, text: str) -> Decimal:
    try:
        return number(text, column.notation)
    except ValueError:
        row = next(row for row, line in enumerate(linked.table.rows) if line[column.at] == text)
        raise InputError(
            f"{linked.table.place(row)}: {text!r} in column {column.name!r} is no number; correct it, or leave the "
            f"column out with --column '{column.name}=ignore'"
        ) from None


def _dimensions(linked: Linked, about: About, graph: NamedNode, base: str) -> Iterator[_Dimension]:
    for role, rows in linked.things.items():
        keys = [row.outcome.linked for row in rows]
        values = [NamedNode(thing_id(found.id, base)) if found else None for found in keys]
        if role is Role.REGION or (role is Role.COUNTRY and Role.REGION not in linked.things):
            yield _Dimension(v.REF_AREA, "wilayah", _RESOURCE, values)
            continue
        kind = _PERSON if role is Role.OFFICIAL else _ORGANISATION if role is Role.MINISTRY else v.COUNTRY
        yield _Dimension(NamedNode(f"{graph.value}/dimension/{role.value}"), role.value, kind, values)
    years = next((column for column in linked.columns if column.role is Role.YEAR), None)
    if years is not None:
        yield _Dimension(v.REF_PERIOD, years.name, _RESOURCE, _periods(linked, years))
    elif about.period and not any(column.period for column in linked.columns):
        yield _Dimension(v.REF_PERIOD, "periode", _RESOURCE, [time(about.period)] * len(linked.table.rows))
    for column in linked.columns:
        if column.role is Role.DIMENSION:
            node = NamedNode(f"{graph.value}/dimension/{slug(column.name)}")
            texts = [line[column.at] for line in linked.table.rows]
            yield _Dimension(node, column.name, v.STRING, [Literal(text) if text else None for text in texts])


def _periods(linked: Linked, column: Column) -> list[NamedNode | Literal | None]:
    found: list[NamedNode | Literal | None] = []
    for row, line in enumerate(linked.table.rows):
        text = line[column.at]
        if is_missing(text):
            found.append(None)
        elif period(text) is None:
            raise InputError(
                f"{linked.table.place(row)}: {text!r} in column {column.name!r} is no year, month or day; expected one "
                "such as 2024, 2024-12 or 31/12/2024"
            )
        else:
            found.append(time(text))
    return found


def time(text: str) -> Literal:
    """A year, month or day. Raises InputError."""
    found = period(text)
    if found is None:
        raise InputError(f"period {text!r} is no year, month or day; expected one such as 2024, 2024-12 or 2024-12-31")
    return Literal(found, datatype=_PERIODS[len(found)])


@record(frozen=True, slots=True)
class _Cube:
    """What a dataset's triples are made of."""

    linked: Linked
    about: About
    graph: NamedNode
    dimensions: Sequence[_Dimension]
    measures: Sequence[Column]
    datatypes: Mapping[int, NamedNode]

    @property
    def file(self) -> NamedNode:
        """The file as a thing, below the dataset: its rows are fragments of it."""
        return NamedNode(f"{self.graph.value}/{quote(self.linked.table.name)}")

    def measure(self, column: Column) -> NamedNode:
        """The property of a column of numbers."""
        return NamedNode(column.property or f"{self.graph.value}/measure/{_short(column)}")

    @property
    def several(self) -> bool:
        """Whether there is more than one measure, so that each observation says which is its own."""
        return len({self.measure(column) for column in self.measures}) > 1

    @property
    def yearly(self) -> bool:
        """Whether the columns of numbers are years."""
        return any(column.period for column in self.measures)

    def described(self) -> Iterator[Triple]:
        """The dataset and the file that it comes from."""
        about, node = self.about, self.graph
        yield node, v.TYPE, v.DATA_SET
        yield node, v.TYPE, v.DCAT_DATASET
        yield node, v.DCT_TITLE, Literal(about.title)
        yield node, v.STRUCTURE, NamedNode(f"{node.value}/structure")
        yield node, v.DCAT_DISTRIBUTION, self.file
        yield self.file, v.TYPE, v.DISTRIBUTION
        yield self.file, v.DCT_TITLE, Literal(self.linked.table.name)
        if about.sha256:
            yield self.file, v.SCHEMA_SHA256, Literal(about.sha256)
        for subject in (node, self.file):
            if about.source:
                yield subject, v.SOURCE, NamedNode(about.source)
            if about.licence:
                yield subject, v.LICENSE, NamedNode(about.licence)

    def structured(self) -> Iterator[Triple]:
        """The structure: dimensions, measures and attributes, in their order."""
        node = NamedNode(f"{self.graph.value}/structure")
        yield node, v.TYPE, v.STRUCTURE_DEFINITION
        parts: list[tuple[NamedNode, NamedNode]] = [(v.DIMENSION, each.node) for each in self.dimensions]
        parts += [(v.DIMENSION, v.REF_PERIOD)] if self.yearly else []
        parts += [(v.DIMENSION, v.MEASURE_TYPE)] if self.several else []
        parts += [(v.MEASURE, node) for node in dict.fromkeys(map(self.measure, self.measures))]
        attributes = [v.UNIT_MEASURE] if any(column.unit for column in self.measures) else []
        attributes += [v.UNIT_MULTIPLIER] if any(column.power for column in self.measures) else []
        parts += [(v.ATTRIBUTE, each) for each in attributes]
        for order, (kind, what) in enumerate(parts, start=1):
            part = NamedNode(f"{node.value}/{order}")
            yield node, v.COMPONENT, part
            yield part, v.TYPE, v.COMPONENT_SPECIFICATION
            yield part, kind, what
            yield part, v.COMPONENT_ORDER, Literal(str(order), datatype=v.INTEGER)
        for dimension in self.dimensions:
            yield dimension.node, v.TYPE, v.DIMENSION_PROPERTY
            yield dimension.node, v.RANGE, dimension.range
            yield dimension.node, v.LABEL, Literal(dimension.label)
        if self.yearly:
            yield v.REF_PERIOD, v.TYPE, v.DIMENSION_PROPERTY
            yield v.REF_PERIOD, v.RANGE, _RESOURCE
        for column in {self.measure(column): column for column in self.measures}.values():
            yield from self._measure(column)
        for attribute in attributes:
            yield attribute, v.TYPE, v.ATTRIBUTE_PROPERTY

    def _measure(self, column: Column) -> Iterator[Triple]:
        node = self.measure(column)
        yield node, v.TYPE, v.MEASURE_PROPERTY
        yield node, v.TYPE, v.RDF_PROPERTY
        yield node, v.LABEL, Literal(column.label or (self.about.title if column.period else column.name))
        yield node, v.RANGE, self.datatypes[column.at]
        yield node, v.SUB_PROPERTY_OF, v.OBS_VALUE

    def observed(self) -> Iterator[Triple]:
        """The observations of all rows whose things are linked."""
        seen: dict[tuple[str, ...], int] = {}
        units = {column.at: _unit(column) for column in self.measures}
        file = self.file.value
        for row, line in enumerate(self.linked.table.rows):
            values = [dimension.values[row] for dimension in self.dimensions]
            if any(value is None for value in values):
                continue
            key = tuple(str(value) for value in values)
            if key in seen:
                raise InputError(self._twice(row, seen[key]))
            seen[key] = row
            known = [
                (each.node, value) for each, value in zip(self.dimensions, values, strict=True) if value is not None
            ]
            place = "/".join(_segment(value) for _, value in known)
            origin = NamedNode(f"{file}#{self.linked.table.fragment(row)}")
            for column in self.measures:
                if not is_missing(line[column.at]):
                    yield from self._observation(place, known, column, line[column.at], origin, units[column.at])

    def _observation(
        self,
        place: str,
        known: Sequence[tuple[NamedNode, NamedNode | Literal]],
        column: Column,
        text: str,
        origin: NamedNode,
        unit: Sequence[tuple[NamedNode, NamedNode | Literal]],
    ) -> Iterator[Triple]:
        measure = self.measure(column)
        ending = f"/{_short(column)}" if self.several else ""
        if column.period:
            known = [*known, (v.REF_PERIOD, time(column.period))]
            place = f"{place}/{column.period}"
        node = NamedNode(f"{self.graph.value}/observation/{place}{ending}")
        yield node, v.TYPE, v.OBSERVATION
        yield node, v.IN_DATA_SET, self.graph
        for dimension, value in known:
            yield node, dimension, value
        if ending:
            yield node, v.MEASURE_TYPE, measure
        found = format(_number(self.linked, column, text), "f")
        yield node, measure, Literal(found, datatype=self.datatypes[column.at])
        for attribute, value in unit:
            yield node, attribute, value
        yield node, v.WAS_DERIVED_FROM, origin

    def _twice(self, row: int, before: int) -> str:
        texts = [column.name for column in self.linked.columns if column.role is Role.TEXT]
        out = f"name the column that tells them apart, as in --column '{texts[0]}=dimension'" if texts else "delete one"
        found = self.linked.main[row].outcome.linked
        label = found.label if found else "the same thing"
        return (
            f"{self.linked.table.place(row)}: a second row about {label} (after row "
            f"{self.linked.table.numbers[before]}) for the same period; {out}"
        )


def _unit(column: Column) -> list[tuple[NamedNode, NamedNode | Literal]]:
    """The unit of a column's numbers and the power of ten that they stand in."""
    found: list[tuple[NamedNode, NamedNode | Literal]] = []
    if column.unit:
        whole = column.unit if "://" in column.unit else lists().unit_base + column.unit
        found.append((v.UNIT_MEASURE, NamedNode(whole)))
    if column.power:
        found.append((v.UNIT_MULTIPLIER, Literal(str(column.power), datatype=v.INTEGER)))
    return found


@lru_cache(maxsize=65536)
def _segment(value: NamedNode | Literal) -> str:
    """A value as part of an id: the key of a thing without its kind, else the text."""
    text = value.value.partition("/id/")[2].partition("/")[2] if isinstance(value, NamedNode) else value.value
    return quote(text, safe="")


def _short(column: Column) -> str:
    """A measure's short name: that of its header, without the year where the columns are years."""
    return slug(column.label or "value") if column.period else slug(column.name)


def slug_of(name: str) -> str:
    """What a file's dataset is called: its name without its endings."""
    return slug(re.sub(r"(\.[A-Za-z]{2,8})+$", "", name))
