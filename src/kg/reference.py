"""The reference data: places, governments, bodies, networks, posts and outlets that are known before any article.

The Turtle files in ``data/reference`` are the source; ``load`` turns them into plain values. What it parsed is kept in
the user's cache folder, under a key made of the files' bytes and of this module, so that the next process needs no
parser.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kg import __version__, names_file, resources
from kg.errors import DataError
from kg.model import Appointment, Kind, Label

if TYPE_CHECKING:
    from pyoxigraph import Quad

FOLDER: Final = "data/reference"
BASE: Final = "https://w3id.org/jejaring/"  # the base that the files are written with

Names = Mapping[str, tuple[str, ...]]
"""An exact name, as written, to the sorted keys of all things that bear it."""
Row = tuple[str, str, str]  # subject, predicate, object: as ``_rows`` gives them
Table = dict[str, dict[str, list[str]]]  # key -> property -> values, sorted; a label's value is "language|text"

_KG: Final = "https://w3id.org/jejaring/ontology#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_ORG: Final = "http://www.w3.org/ns/org#"
_DCT: Final = "http://purl.org/dc/terms/"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_LABELS: Final = {_SKOS + "prefLabel": "label", _SKOS + "altLabel": "name", _SKOS + "hiddenLabel": "hidden"}
_LINKS: Final = {
    "http://schema.org/containedInPlace": "within",
    _DCT + "spatial": "spatial",  # the territory of a government, the region of a post
    _DCT + "isReplacedBy": "replaced_by",
    _ORG + "postIn": "body",
    _ORG + "role": "role",
    _ORG + "unitOf": "parent",
    _ORG + "subOrganizationOf": "parent",
}
_LINK_NAMES: Final = tuple(dict.fromkeys(_LINKS.values()))
_CODES: Final = {
    _KG + "kemendagriCode": "kemendagri",
    _KG + "bpsCode": "bps",
    _KG + "isoCode": "iso",
    _SKOS + "notation": "notation",
}
_MATCHES: Final = {_SKOS + "exactMatch": "exact", _SKOS + "closeMatch": "close"}
_KINDS: Final = frozenset(kind.value for kind in Kind) - {Kind.POST.value}  # a post is an org:Post
_ID: Final = BASE + "id/"
_APPOINTMENT: Final = "appointment/"
_ROLE: Final = "role/"
_KEYWORD: Final = "http://www.w3.org/ns/dcat#keyword"
_ORDINARY: Final = "reference/ordinary-names"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the reference data; ``key`` is the path of its id below ``id/``, as in ``place/35.78``.

    ``kind`` is None for a role (a concept, no thing). ``names`` are all names that may be matched, the preferred label
    first; ``hidden`` are misspellings and short forms that also stand for other things. ``links`` are pairs of a name
    and a key: ``within`` and ``country`` of a place, ``territory`` of a government, ``body``, ``region`` and ``role``
    of a post, ``parent`` of a body in another, ``replaced_by`` of a former body. ``codes`` are pairs of a scheme
    (``kemendagri``, ``bps``, ``iso``) and a code; ``matches`` pairs of ``exact`` or ``close`` and an IRI elsewhere.
    """

    key: str
    kind: Kind | None
    label: Label
    names: tuple[Label, ...]
    hidden: tuple[Label, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    matches: tuple[tuple[str, str], ...] = ()

    def link(self, name: str) -> str | None:
        """The first linked key of that name, if there is one."""
        return next((key for link, key in self.links if link == name), None)

    def code(self, scheme: str) -> str | None:
        """The code in that scheme, if there is one."""
        return next((code for name, code in self.codes if name == scheme), None)


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data. ``things`` and ``roles`` are by key, sorted; ``kinds`` tells a kind without making the thing.

    Roles bear their names in ``role_names`` only, and only the Indonesian ones: "Member" or "King" tells no post.

    ``hidden`` are the names that no thing bears openly (misspellings, shared short forms). ``ordinary`` are names in
    ``names`` that are also everyday words or personal names, so that a capital letter alone doesn't show the thing.
    ``appointments`` gives what "Plt." and its like mean. ``hash`` is the SHA-256 over the files' names and bytes.
    """

    things: Mapping[str, Thing]
    kinds: Mapping[str, Kind]
    names: Names
    hidden: Names
    roles: Mapping[str, Thing]
    role_names: Names
    appointments: Mapping[str, Appointment]
    ordinary: frozenset[str]
    hash: str

    def candidates(self, name: str) -> tuple[Thing, ...]:
        """All things that bear the name; those that bear it only as a hidden one, if none bears it openly."""
        keys = self.names.get(name) or self.hidden.get(name, ())
        return tuple(self.things[key] for key in keys)

    def resolve(self, name: str, *, kinds: Iterable[Kind] | None = None, within: str | None = None) -> Thing | None:
        """The one thing of that name, of these kinds, in that place (a key); None if there is none or more than one.

        A hidden name resolves nothing: see ``candidates``.
        """
        found = self._matching(name, kinds, within)
        return found[0] if len(found) == 1 else None

    def explain(self, name: str, *, kinds: Iterable[Kind] | None = None, within: str | None = None) -> str:
        """Why ``resolve`` gives what it gives, in one line."""
        found = self._matching(name, kinds, within)
        listed = ", ".join(f"{thing.label.text} ({thing.key})" for thing in found)
        if len(found) == 1:
            return f'"{name}" names {listed} in the reference data'
        if found:
            return f'"{name}" is ambiguous: {listed}; the kind or the place must decide'
        if name in self.hidden:
            likely = ", ".join(f"{thing.label.text} ({thing.key})" for thing in self.candidates(name))
            return f'"{name}" alone names nothing; it may stand for {likely}'
        if name in self.names:
            return f'"{name}" is in the reference data, but not of this kind or in this place'
        return f'"{name}" is not in the reference data'

    def inside(self, key: str, place: str) -> bool:
        """Whether a thing is that place, lies in it, or is the government or post of such a place."""
        todo, seen = [key], set[str]()
        while todo:
            current = todo.pop()
            if current == place:
                return True
            if current in self.things and current not in seen:
                seen.add(current)
                todo.extend(to for name, to in self.things[current].links if name in _UPWARD)
        return False

    def _matching(self, name: str, kinds: Iterable[Kind] | None, within: str | None) -> list[Thing]:
        wanted = None if kinds is None else frozenset(kinds)
        return [
            thing
            for thing in (self.things[key] for key in self.names.get(name, ()))
            if (wanted is None or thing.kind in wanted) and (within is None or self.inside(thing.key, within))
        ]


_UPWARD: Final = frozenset({"within", "territory", "region", "body"})


def load(extra: Sequence[Path] = ()) -> Reference:
    """The packaged reference data, with further files if there are any: they may add things and names.

    Turtle is taken as it is; ``names_file`` reads the simpler CSV and TOML.

    Raises DataError with file and line for a file that can't be parsed or that contradicts another.
    """
    return _load(tuple(Path(path) for path in extra))


@cache
def _load(extra: tuple[Path, ...]) -> Reference:
    contents = [(path, _read(path)) for path in resources.files(FOLDER, "*.ttl")]
    contents += [(path, names_file.as_turtle(path, _read(path), _load(()))) for path in extra]
    digest = _digest(contents)
    kept = _cache_file(contents)
    key = f"{__version__} {digest} {_own_hash()}"
    table = _recall(kept, key)
    if table is None:
        table = _parse(contents)
        _keep(kept, key, table)
    return _reference(table, digest)


def quads(base: str = BASE) -> list[Quad]:
    """The reference data in the graph ``BASE + "id/reference"``, with all its ids below ``base``, in a fixed order."""
    from pyoxigraph import NamedNode, Quad

    graph = NamedNode(base + "id/reference")

    def moved(node: Any) -> Any:
        inside = isinstance(node, NamedNode) and node.value.startswith(_ID)
        return NamedNode(base + "id/" + node.value[len(_ID) :]) if inside else node

    found: dict[Quad, None] = {}
    for path in resources.files(FOLDER, "*.ttl"):
        for quad in _quads(path, _read(path)):
            found[Quad(moved(quad.subject), quad.predicate, moved(quad.object), graph)] = None
    return sorted(found, key=str)


# ---- reading the files


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: can't be read ({error.strerror}); check the path and its permissions") from error


def _quads(path: Path, content: bytes) -> Iterator[Quad]:
    """The triples of one Turtle file. A file without ``@base`` has ours."""
    from pyoxigraph import RdfFormat, parse

    try:
        yield from parse(content, format=RdfFormat.TURTLE, base_iri=BASE)
    except SyntaxError as error:
        place = f"{path} line {error.lineno}" if error.lineno else str(path)
        reason = error.msg.partition(": ")[2] or error.msg  # "Parser error at line 3 column 1: Unexpected end"
        raise DataError(f"{place}: not valid Turtle: {reason}; correct the block there") from error


def _rows(path: Path, content: bytes) -> Iterator[Row]:
    """Subject key, property, value of what ``load`` understands; everything else of a block is for other readers."""
    from pyoxigraph import Literal, NamedNode

    for quad in _quads(path, content):
        predicate, value = quad.predicate.value, quad.object
        key = _key(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
        if key is None:
            continue
        if predicate == _RDF_TYPE and isinstance(value, NamedNode):
            yield key, "type", value.value
        elif predicate in _LABELS and isinstance(value, Literal):
            if not value.language:
                raise DataError(_at(path, content, key, f'the name "{value.value}" has no language; write "..."@id'))
            yield key, _LABELS[predicate], f"{value.language}|{value.value}"
        elif predicate in _LINKS and isinstance(value, NamedNode):
            yield key, _LINKS[predicate], _key(value.value) or value.value
        elif predicate in _MATCHES and isinstance(value, NamedNode):
            yield key, _MATCHES[predicate], value.value
        elif predicate in _CODES and isinstance(value, Literal):
            yield key, _CODES[predicate], value.value
        elif predicate == _KEYWORD and isinstance(value, Literal) and key == _ORDINARY:
            yield key, "ordinary", value.value


def _key(iri: str) -> str | None:
    """The path below ``id/``; for a concept of the ontology (an appointment) its local name below ``appointment/``."""
    if iri.startswith(_ID):
        return iri[len(_ID) :]
    return _APPOINTMENT + iri[len(_KG) :] if iri.startswith(_KG) else None


def _at(path: Path, content: bytes, key: str, message: str) -> str:
    """The message with the file and the line where the block of that key begins."""
    written = key.replace(_APPOINTMENT, "kg:") if key.startswith(_APPOINTMENT) else f"<id/{key}>"
    start = content.find(written.encode())
    line = content.count(b"\n", 0, max(start, 0)) + 1
    return f"{path} line {line}: {key}: {message}" if start >= 0 else f"{path}: {key}: {message}"


def _parse(contents: Sequence[tuple[Path, bytes]]) -> Table:
    """What all files say of each key, checked as a whole: a link may lead from one file into another."""
    table: Table = {}
    keys: list[tuple[Path, bytes, set[str]]] = []
    for path, content in contents:
        rows = list(_rows(path, content))
        keys.append((path, content, {key for key, _, _ in rows}))
        for key, name, value in rows:
            table.setdefault(key, {}).setdefault(name, []).append(value)
    kept = {
        key: {name: sorted(set(values)) for name, values in sorted(table[key].items())}
        for key in sorted(table)
        if not key.startswith("reference/") or key == _ORDINARY  # the descriptions of the files themselves
    }
    for path, content, mentioned in reversed(keys):  # the user's own files come last and are blamed first
        for key in sorted(mentioned & kept.keys()):
            if mistake := _mistake(key, kept):
                raise DataError(_at(path, content, key, mistake))
    return kept


def _kind(properties: Mapping[str, list[str]]) -> Kind | None:
    for name in properties.get("type", ()):
        if name == _ORG + "Post":
            return Kind.POST
        if name.removeprefix(_KG) in _KINDS:
            return Kind(name.removeprefix(_KG))
    return None


def _mistake(key: str, table: Table) -> str | None:
    """What would otherwise go wrong quietly: unknown class or concept, no preferred name or two, a link to nothing."""
    properties = table[key]
    if key == _ORDINARY:
        return None
    if key.startswith(_APPOINTMENT):
        known = [appointment.value for appointment in Appointment]
        return None if key.removeprefix(_APPOINTMENT) in known else f"no such appointment; known: {', '.join(known)}"
    if _kind(properties) is None and not key.startswith(_ROLE):
        return "has no class that this version knows; give it one, as in: a kg:Ministry"
    languages = [label.partition("|")[0] for label in properties.get("label", ())]
    if not languages or len(languages) != len(set(languages)):
        return "needs one skos:prefLabel, and only one in each language"
    links = ((name, target) for name in _LINKS.values() for target in properties.get(name, ()))
    lost = next((target for _, target in links if target not in table), None)
    return None if lost is None else f"links to <id/{lost}>, which no file describes"


# ---- from the table to values


class _Things(Mapping[str, Thing]):
    """Things by key, each made when it is first asked for: an article names few of them."""

    def __init__(self, table: Table, keys: Iterable[str]) -> None:
        self._table = table
        self._made: dict[str, Thing | None] = dict.fromkeys(keys)

    def __getitem__(self, key: str) -> Thing:
        thing = self._made[key]
        if thing is None:
            thing = self._made[key] = _thing(key, self._table)
        return thing

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _reference(table: Table, digest: str) -> Reference:
    special = {key for key in table if key == _ORDINARY or key.startswith(_APPOINTMENT)}
    roles = [key for key in table if key.startswith(_ROLE)]
    things = [key for key in table if not key.startswith(_ROLE) and key not in special]
    names = _index(table, things, "label", "name")
    hidden = _index(table, things, "hidden")
    role_names = _index(table, roles, "label", "name", language="id")
    return Reference(
        things=_Things(table, things),
        kinds=MappingProxyType({key: kind for key in things if (kind := _kind(table[key]))}),
        names=MappingProxyType(names),
        hidden=MappingProxyType({name: hidden[name] for name in hidden if name not in names}),
        roles=_Things(table, roles),
        role_names=MappingProxyType(role_names),
        appointments=MappingProxyType(_markers(table)),
        ordinary=frozenset(table.get(_ORDINARY, {}).get("ordinary", ())),
        hash=digest,
    )


def _thing(key: str, table: Table) -> Thing:
    properties = table[key]
    kind = None if key.startswith(_ROLE) else _kind(properties)
    label, *others = sorted((_label(value) for value in properties["label"]), key=_indonesian_first)
    return Thing(
        key=key,
        kind=kind,
        label=label,
        names=(label, *others, *map(_label, properties.get("name", ()))),
        hidden=tuple(map(_label, properties.get("hidden", ()))),
        links=_links(key, kind, table),
        codes=_pairs(properties, _CODES.values()),
        matches=_pairs(properties, _MATCHES.values()),
    )


def _label(value: str) -> Label:
    language, _, text = value.partition("|")
    return Label(text, language)


def _indonesian_first(label: Label) -> tuple[bool, str]:
    return label.language != "id", label.language


def _pairs(properties: Mapping[str, list[str]], names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name in names for value in properties.get(name, ()))


def _links(key: str, kind: Kind | None, table: Table) -> tuple[tuple[str, str], ...]:
    spatial = "territory" if kind is Kind.GOVERNMENT else "region"
    named = tuple((spatial if name == "spatial" else name, to) for name, to in _pairs(table[key], _LINK_NAMES))
    country = _country(key, table)
    return (*named, ("country", country)) if country else named


def _country(key: str, table: Table) -> str | None:
    """The country that a place lies in, by its first parents; None for a country itself and for what is no place."""
    seen: set[str] = set()
    while key not in seen and (above := table[key].get("within")):
        seen.add(key)
        key = above[0]
    return key if seen and _kind(table[key]) is Kind.COUNTRY else None


def _markers(table: Table) -> dict[str, Appointment]:
    return {
        _label(value).text: Appointment(key.removeprefix(_APPOINTMENT))
        for key, properties in table.items()
        if key.startswith(_APPOINTMENT)
        for name in ("label", "name")
        for value in properties.get(name, ())
    }


def _index(table: Table, keys: Iterable[str], *properties: str, language: str = "") -> dict[str, tuple[str, ...]]:
    """Every name to the keys that bear it; with a language, only the names in that one."""
    found: dict[str, set[str]] = {}
    for key in keys:
        for value in (value for name in properties for value in table[key].get(name, ())):
            if value.startswith(language):
                found.setdefault(value.partition("|")[2], set()).add(key)
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


# ---- what was parsed before


def _digest(contents: Sequence[tuple[Path, bytes]]) -> str:
    """SHA-256 over each file's name, length and bytes."""
    digest = hashlib.sha256()
    for path, content in contents:
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _own_hash() -> str:
    """The module's own bytes belong to the key: another parser may understand the same files otherwise."""
    try:
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    except OSError:  # run from a zip file
        return ""


def _cache_folder() -> Path:
    return resources.cache_folder()


def _cache_file(contents: Sequence[tuple[Path, bytes]]) -> Path | None:
    """One file for each set of paths, so that edits replace it; None where the user has no home."""
    paths = "\n".join(str(path.resolve()) for path, _ in contents)
    try:
        return _cache_folder() / f"reference-{hashlib.sha256(paths.encode()).hexdigest()[:16]}.json"
    except RuntimeError:
        return None


def _seal(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + body).hexdigest().encode()


def _recall(path: Path | None, key: str) -> Table | None:
    """What was kept for that key; None if there is nothing, or it is of another key or damaged."""
    try:
        seal, _, body = path.read_bytes().partition(b"\n") if path else (b"", b"", b"")
    except OSError:
        return None
    if seal != _seal(key, body):
        return None
    table: Table = json.loads(body)
    return table


def _keep(path: Path | None, key: str, table: Table) -> None:
    """Write beside and rename, so that no reader sees half a file. A folder that can't be written is no mistake."""
    import tempfile

    if path is None:
        return
    body = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(_seal(key, body) + b"\n" + body)
        os.replace(file.name, path)
    except OSError:
        return
