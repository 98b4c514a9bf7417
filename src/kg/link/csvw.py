"""CSVW metadata beside a table (``penduduk.csv-metadata.json``), read and written.

Read, of the W3C recommendations "Metadata Vocabulary for Tabular Data" and "Model for Tabular Data" (2015): ``url``,
``tables``, ``dialect`` (delimiter, encoding, quoteChar, commentPrefix, skipRows), ``dc:title``, ``dc:source``,
``dc:license``, ``dc:temporal``; of a column ``titles``, ``name``, ``datatype`` (numbers with decimalChar and groupChar,
years and dates), ``propertyUrl``, ``valueUrl`` on a region's code, ``suppressOutput``, and
``sdmx-attribute:unitMeasure``. Everything else is passed over: no inheritance, no foreign keys, no transformations, no
csv2rdf of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kg import vocabulary as v
from kg.errors import InputError
from kg.link.column import METADATA, Column, Given, Role, lists
from kg.link.cube import About, graph_of
from kg.link.numbers import Notation
from kg.link.row import Linked
from kg.link.tabular import Dialect
from kg.names import slug
from kg.records import record

SUFFIX: Final = "-metadata.json"
CONTEXT: Final = "http://www.w3.org/ns/csvw"
_NUMBERS: Final = frozenset(
    """number integer decimal double float long int short byte nonNegativeInteger positiveInteger unsignedInt
    unsignedLong""".split()
)
_PERIODS: Final = frozenset({"gYear", "gYearMonth", "date", "datetime", "dateTime"})
_PROPERTIES: Final[Mapping[str, tuple[Role, str | None]]] = {
    v.REF_AREA.value: (Role.REGION, None),
    v.REF_PERIOD.value: (Role.YEAR, None),
    v.KEMENDAGRI_CODE.value: (Role.CODE, "kemendagri"),
    v.BPS_CODE.value: (Role.CODE, "bps"),
    v.ISO_CODE.value: (Role.CODE, "iso"),
}


@record(frozen=True, slots=True)
class Metadata:
    """What the file says; ``columns`` in the table's order, each with the titles that its header may have."""

    path: str
    dialect: Dialect
    title: str | None
    source: str | None
    licence: str | None
    period: str | None
    columns: tuple[tuple[tuple[str, ...], Given], ...]

    def given(self, header: tuple[str, ...]) -> dict[str, Given]:
        """What is said of the columns of a table. Raises InputError where its header is another."""
        if self.columns and len(self.columns) != len(header):
            raise InputError(
                f"{self.path}: describes {len(self.columns)} columns, the table has {len(header)}; correct one of them"
            )
        found = {}
        for at, (name, (titles, said)) in enumerate(zip(header, self.columns, strict=False), start=1):
            if titles and name not in titles:
                raise InputError(
                    f"{self.path}: column {at} is to be called {titles[0]!r}, the table has {name!r}; correct one"
                )
            found[name] = said
        return found


def beside(table: Path) -> Path:
    """Where the metadata of a table lies."""
    return table.with_name(table.name + SUFFIX)


def read(path: Path, table: str, base: str = v.DEFAULT_BASE) -> Metadata:
    """The metadata in a file about the table of that name. Raises InputError."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the path") from error
    except ValueError as error:
        raise InputError(f"{path}: no JSON ({error}); correct it, or take it away") from error
    try:
        return _metadata(path, data, table, base)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: no CSVW metadata ({error!r}); correct it, or take it away") from error


def _metadata(path: Path, data: Mapping[str, Any], table: str, base: str) -> Metadata:
    contexts = data.get("@context", [])
    if CONTEXT not in (contexts if isinstance(contexts, list) else [contexts]):
        raise ValueError(f"its @context isn't {CONTEXT}")
    tables = [each for each in data.get("tables", [data]) if str(each["url"]).rpartition("/")[2] == table]
    if not tables:
        raise InputError(f"{path}: is not about {table}; correct its url, or take it away")
    about = {**{key: value for key, value in data.items() if key != "tables"}, **tables[0]}
    described = about.get("tableSchema", {}).get("columns", [])
    columns = tuple(_column(column, base) for column in described if not column.get("virtual"))
    title, source, licence, period = (_text(_first(about, name)) for name in ("title", "source", "license", "temporal"))
    return Metadata(str(path), _dialect(path, about.get("dialect", {})), title, source, licence, period, columns)


def _first(about: Mapping[str, Any], name: str) -> Any:
    return next((about[key] for key in (f"dc:{name}", f"dct:{name}", f"dcterms:{name}") if key in about), None)


def _text(value: Any) -> str | None:
    """A plain value of JSON-LD, the first of several."""
    if isinstance(value, list):
        return _text(value[0]) if value else None
    if isinstance(value, dict):
        return str(value.get("@id") or value.get("@value"))
    return None if value is None else str(value)


def _dialect(path: Path, found: Mapping[str, Any]) -> Dialect:
    if found.get("header") is False or found.get("headerRowCount", 1) != 1:
        raise InputError(
            f"{path}: a table with another number of header rows than one; write one, and correct the dialect"
        )
    return Dialect(
        found.get("delimiter"),
        found.get("encoding"),
        found.get("quoteChar") or '"',
        found.get("commentPrefix") if "commentPrefix" in found else None,
        int(found["skipRows"]) if "skipRows" in found else None,
    )


def _column(found: Mapping[str, Any], base: str) -> tuple[tuple[str, ...], Given]:
    datatype = found.get("datatype", {})
    kind = datatype if isinstance(datatype, str) else datatype.get("base", "string")
    form = {} if isinstance(datatype, str) else datatype.get("format", {})
    marks = form if isinstance(form, dict) else {}
    role, system = _role(found, kind, base)
    notation = None
    if "decimalChar" in marks or "groupChar" in marks:
        comma = marks.get("decimalChar") == "," or marks.get("groupChar") == "."
        notation = Notation.INDONESIAN if comma else Notation.ENGLISH
    prop = _expanded(found["propertyUrl"]) if "propertyUrl" in found else None
    unit = _text(found.get("sdmx-attribute:unitMeasure"))
    measure = prop if role is Role.VALUE and prop and "{" not in prop else None
    return _titles(found), Given(role, METADATA, system, unit, notation, measure)


def _titles(found: Mapping[str, Any]) -> tuple[str, ...]:
    titles = found.get("titles", found.get("name"))
    if isinstance(titles, dict):
        titles = [title for value in titles.values() for title in (value if isinstance(value, list) else [value])]
    return tuple(map(str, titles)) if isinstance(titles, list) else (str(titles),) if titles is not None else ()


def _role(found: Mapping[str, Any], kind: str, base: str) -> tuple[Role | None, str | None]:
    if found.get("suppressOutput"):
        return Role.IGNORE, None
    value_url = found.get("valueUrl", "")
    if value_url.startswith(f"{base}id/place/") and value_url.endswith(f"{{{found.get('name')}}}"):
        return Role.CODE, "kemendagri"
    prop = _expanded(found.get("propertyUrl", ""))
    if prop in _PROPERTIES:
        return _PROPERTIES[prop]
    if kind in _NUMBERS:
        return Role.VALUE, None
    return (Role.YEAR, None) if kind in _PERIODS else (None, None)


def _expanded(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return v.PREFIXES[prefix] + local if colon and prefix in v.PREFIXES else name


# ---- writing


def write(linked: Linked, about: About, name: str, *, with_links: tuple[str, ...] = (), base: str) -> bytes:
    """The metadata of a table: the one that was read, or that with links, whose added columns are then named."""
    added = [_added(column, with_links) for column in with_links]
    code = next((column for column in linked.columns if column.role is Role.CODE), None)
    of_code = not with_links and code is not None and _codes_are_keys(linked, code)
    described = [_described(linked, about, column, base, code_is_key=of_code) for column in linked.columns]
    found: dict[str, Any] = {"@context": CONTEXT, "url": name, "dc:title": about.title}
    for key, value in (("dc:source", about.source), ("dc:license", about.licence)):
        if value:
            found[key] = {"@id": value}
    if about.period:
        found["dc:temporal"] = about.period
    delimiter = "," if with_links else linked.table.written.delimiter or ","
    encoding = "utf-8" if with_links else linked.table.written.encoding or "utf-8"
    found["dialect"] = {"delimiter": delimiter, "encoding": encoding, "header": True}
    if not with_links and linked.table.written.skip:
        found["dialect"]["skipRows"] = linked.table.written.skip
    found["tableSchema"] = {"columns": [*described, *added]}
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _name(title: str) -> str:
    """A column's name as a variable of a URI template."""
    return slug(title).replace("-", "_")


def _codes_are_keys(linked: Linked, code: Column) -> bool:
    """Whether each code, as it is written, is the end of the id of its region."""
    return all(
        row.outcome.linked is not None and row.outcome.linked.id == f"place/{line[code.at]}"
        for row, line in zip(linked.main, linked.table.rows, strict=True)
    )


def _described(linked: Linked, about: About, column: Column, base: str, *, code_is_key: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": _name(column.name), "titles": column.name}
    if column.role is Role.VALUE:
        whole = column.notation is Notation.INDONESIAN
        marks = {"decimalChar": ",", "groupChar": "."} if whole else {"decimalChar": ".", "groupChar": ","}
        found["datatype"] = {"base": "decimal", "format": marks}
        found["propertyUrl"] = column.property or f"{graph_of(about.slug, base).value}/measure/{slug(column.name)}"
        found["null"] = ["", *sorted(lists().missing)]
        if column.unit:
            unit = column.unit if "://" in column.unit else lists().unit_base + column.unit
            found["sdmx-attribute:unitMeasure"] = {"@id": unit}
    elif column.role is Role.CODE and code_is_key:
        found |= {"propertyUrl": v.REF_AREA.value, "valueUrl": f"{base}id/place/{{{_name(column.name)}}}"}
    elif column.role is Role.CODE and linked.told is not None:
        terms = {"kemendagri": v.KEMENDAGRI_CODE, "bps": v.BPS_CODE, "iso": v.ISO_CODE}
        if linked.told.system in terms:
            found["propertyUrl"] = terms[linked.told.system].value
    elif column.role is Role.YEAR:
        found["propertyUrl"] = v.REF_PERIOD.value
    return found


def _added(name: str, all_added: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": _name(name), "titles": name}
    if name == "id" or name.endswith("_id"):
        found["valueUrl"] = f"{{+{_name(name)}}}"
        if name == all_added[0]:
            found["propertyUrl"] = v.REF_AREA.value
    if name == "score" or name.endswith("_score"):
        found["datatype"] = "decimal"
    return found
