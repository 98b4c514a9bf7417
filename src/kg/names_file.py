"""A user's own names as a simple table (CSV or TOML) -> the Turtle that the reference data is made of.

Columns: ``name``, ``kind``, and where they are wanted ``id``, ``short`` (several with ``;``), ``parent`` (the id or the
name of a thing that it lies in or belongs to), ``english``.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import DataError
from kg.model import PLACES, Kind
from kg.names import slug

if TYPE_CHECKING:
    from kg.reference import Reference, Thing

COLUMNS: Final = ("name", "kind", "id", "short", "parent", "english")
WORDS: Final[Mapping[str, Kind]] = {
    "kementerian": Kind.MINISTRY,
    "badan": Kind.BODY,
    "lembaga": Kind.BODY,
    "unit": Kind.UNIT,
    "jejaring": Kind.NETWORK,
    "jaringan": Kind.NETWORK,
    "jabatan": Kind.POST,
    "media": Kind.OUTLET,
    "negara": Kind.COUNTRY,
    "provinsi": Kind.PROVINCE,
    "kota": Kind.CITY,
    "kabupaten": Kind.REGENCY,
    "kecamatan": Kind.DISTRICT,
    "tempat": Kind.PLACE,
    "gedung": Kind.VENUE,
}
KINDS: Final[Mapping[str, Kind]] = {
    **{
        kind.value.casefold(): kind
        for kind in Kind
        if kind not in (Kind.OFFICIAL, Kind.MEETING, Kind.SERIES, Kind.GOVERNMENT)
    },
    **WORDS,
}
"""Words for kinds, English and Indonesian. Persons and meetings are what articles tell of, not what is known before."""
FOLDERS: Final[Mapping[Kind, str]] = {
    Kind.MINISTRY: "body",
    Kind.BODY: "body",
    Kind.UNIT: "body",
    Kind.NETWORK: "network",
    Kind.POST: "post",
    Kind.OUTLET: "outlet",
    **dict.fromkeys(PLACES, "place"),
}
PARENT: Final[Mapping[Kind, str]] = {
    **dict.fromkeys(PLACES, "schema:containedInPlace"),
    Kind.UNIT: "org:unitOf",
    Kind.POST: "org:postIn",
}
ID: Final = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9._-]*")
PREFIXES: Final = """\
@prefix kg: <https://w3id.org/jejaring/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One name as the file gives it; ``where`` names file and line."""

    where: str
    name: str
    kind: str
    id: str
    short: tuple[str, ...]
    parent: str
    english: str


def as_turtle(path: Path, content: bytes, known: Reference) -> bytes:
    """The file as Turtle; a Turtle file as it is. Raises DataError with file, line and what is wrong."""
    suffix = path.suffix.casefold()
    if suffix == ".ttl":
        return content
    if suffix not in (".csv", ".toml"):
        raise DataError(f"{path}: names are read from .csv, .toml or .ttl files")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start} isn't UTF-8; save the file as UTF-8") from None
    rows = list(_table(path, text) if suffix == ".csv" else _toml(path, text))
    keys = {row.where: _key(row, known) for row in rows}
    _refuse_twins(rows, keys)
    blocks = [_block(row, keys, rows, known) for row in rows]
    return (PREFIXES + "\n".join(blocks)).encode()


def _table(path: Path, text: str) -> Iterator[Row]:
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    for column in reader.fieldnames or ():
        if column not in COLUMNS:
            near = get_close_matches(column, COLUMNS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(COLUMNS)}"
            raise DataError(f"{path} line 1: unknown column {column!r}; {hint}")
    if "name" not in (reader.fieldnames or ()):
        raise DataError(f"{path} line 1: the column 'name' is missing; the first line names the columns")
    for entry in reader:
        if None in entry:
            raise DataError(
                f"{path} line {reader.line_num}: more cells than columns; put a name with a comma in quotes"
            )
        yield _row(f"{path} line {reader.line_num}", entry)


def _toml(path: Path, text: str) -> Iterator[Row]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: {error}") from None
    entries = data.get("name")
    if not isinstance(entries, list) or set(data) != {"name"}:
        raise DataError(f"{path}: expected [[name]] tables, each with name and kind")
    for number, entry in enumerate(entries, 1):
        if unknown := sorted(entry.keys() - set(COLUMNS)):
            raise DataError(f"{path}: name {number}: unknown key {unknown[0]!r}; known are {', '.join(COLUMNS)}")
        yield _row(f"{path}: name {number}", entry)


def _row(where: str, entry: Mapping[str, Any]) -> Row:
    cells = {column: entry.get(column) or "" for column in COLUMNS}
    short = cells.pop("short")
    names = short if isinstance(short, list) else short.split(";")
    texts = {column: " ".join(str(cell).split()) for column, cell in cells.items()}
    if not texts["name"]:
        raise DataError(f"{where}: no name")
    return Row(where, short=tuple(" ".join(name.split()) for name in names if name.strip()), **texts)


def _kind(row: Row, known: Reference) -> Kind:
    if not row.kind:
        thing = known.things.get(row.id)
        if thing is not None and thing.kind is not None:
            return thing.kind
        raise DataError(f'{row.where}: "{row.name}" needs a kind: one of {", ".join(WORDS)}')
    kind = KINDS.get(row.kind.casefold())
    if kind is None:
        near = get_close_matches(row.kind.casefold(), KINDS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(KINDS)}"
        raise DataError(f"{row.where}: unknown kind {row.kind!r}; {hint}")
    return kind


def _key(row: Row, known: Reference) -> str:
    kind = _kind(row, known)
    key = row.id.removeprefix("id/") or f"{FOLDERS[kind]}/{slug(row.name)}"
    if not ID.fullmatch(key):
        raise DataError(f'{row.where}: id "{row.id}" has another form; write it as in {FOLDERS[kind]}/{slug(row.name)}')
    thing = known.things.get(key)
    if thing is not None and thing.kind is not kind:
        raise DataError(
            f"{row.where}: {key} is a {thing.kind} in the reference data ({thing.label.text}), not a {kind}"
        )
    if key.split("/")[0] != FOLDERS[kind]:
        raise DataError(f'{row.where}: the id of a {kind} begins with "{FOLDERS[kind]}/", not as in "{key}"')
    return key


def _refuse_twins(rows: Sequence[Row], keys: Mapping[str, str]) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        if (other := seen.get(keys[row.where])) is not None:
            raise DataError(
                f'{row.where}: "{row.name}" has the id of "{other.name}" ({keys[row.where]}); give it another id'
            )
        seen[keys[row.where]] = row


def _block(row: Row, keys: Mapping[str, str], rows: Sequence[Row], known: Reference) -> str:
    """One thing as Turtle; of a thing that is known before, only the names and the parent that are new."""
    key, kind = keys[row.where], _kind(row, known)
    thing = known.things.get(key)
    names = [name for name in row.short if name != row.name]
    lines = []
    if thing is None:
        lines += [f"a {'org:Post' if kind is Kind.POST else f'kg:{kind}'}", f"skos:prefLabel {_text(row.name)}@id"]
        if row.english:
            lines.append(f"skos:prefLabel {_text(row.english)}@en")
    else:
        names += [name for name in (row.name, row.english) if name and not _bears(thing, name)]
    lines += [f"skos:altLabel {_text(name)}@id" for name in names if thing is None or not _bears(thing, name)]
    if row.parent:
        lines.append(f"{PARENT.get(kind, 'org:subOrganizationOf')} <id/{_parent(row, keys, rows, known)}>")
    return f"<id/{key}> {' ; '.join(lines)} ." if lines else ""


def _parent(row: Row, keys: Mapping[str, str], rows: Sequence[Row], known: Reference) -> str:
    parent = row.parent.removeprefix("id/")
    own = [keys[other.where] for other in rows if parent in (keys[other.where], other.name, *other.short)]
    found = own or ([parent] if parent in known.things else sorted(known.names.get(parent, ())))
    if _kind(row, known) in PLACES:
        found = [key for key in found if key in own or known.kinds.get(key) in PLACES]
    if not found:
        raise DataError(f'{row.where}: parent "{row.parent}" is neither in the file nor in the reference data')
    if len(found) > 1:
        raise DataError(f'{row.where}: parent "{row.parent}" may be {" or ".join(found)}; give the id')
    return found[0]


def _bears(thing: Thing, name: str) -> bool:
    return any(label.text == name for label in (thing.label, *thing.names))


def _text(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
