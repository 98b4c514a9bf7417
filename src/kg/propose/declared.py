"""What may be proposed: the relations of ``data/propose/relations.toml``, with kinds and concepts of the ontology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg import resources
from kg import vocabulary as v
from kg.errors import DataError
from kg.lexicon import read_toml
from kg.model import ROLES, Appointment, FundingKind, Kind, NetworkRole, Relation, Status
from kg.rdf.things import class_of

FILE: Final = "data/propose/relations.toml"
VALUES: Final = tuple("day last-day year year-or-day number money currency text quotation article".split())
_SCHEMES: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {"appointments": Appointment, "statuses": Status, "fundingKinds": FundingKind, "networkRoles": NetworkRole}
)


@dataclass(frozen=True, slots=True)
class Role:
    """An argument: a thing of one of ``kinds``, one of ``concepts`` (by key), or a ``value`` that is read from words.

    ``same`` is the argument whose words it takes, ``within`` the one with the body of a post, ``says`` its description
    by language.
    """

    name: str
    optional: bool
    kinds: tuple[Kind, ...] = ()
    concepts: Mapping[str, StrEnum | str] = field(default_factory=dict)
    value: str = ""
    same: str = ""
    within: str = ""
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> bool:
        """Whether a model is asked for it."""
        return not self.same and self.value != "article"


@dataclass(frozen=True, slots=True)
class Declared:
    """A relation that may be proposed; ``roles`` in the order of ``kg.model.ROLES``, ``says`` what it means."""

    relation: Relation
    roles: tuple[Role, ...]
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Declarations:
    """All of them, how sure their claims are, and what the ontology calls its terms, by local name and language."""

    relations: tuple[Declared, ...]
    confidence: Decimal
    labels: Mapping[str, Mapping[str, str]]


@cache
def load() -> Declarations:
    """What the packaged file declares."""
    return read(resources.path(FILE))


def read(path: Path) -> Declarations:
    """What a file declares. Raises DataError for what the model or the ontology doesn't know."""
    content, ontology = read_toml(path), _Ontology(resources.path("ontology/kg.ttl"))
    try:
        confidence = Decimal(str(content.get("confidence", "")))
    except InvalidOperation:
        raise DataError(f'{path}: expected confidence = "0.3" or another number') from None
    relations = tuple(_relation(name, table, ontology, path) for name, table in content.get("relation", {}).items())
    return Declarations(relations, confidence, ontology.labels)


class _Ontology:
    """Classes with what they stand under, concepts by scheme, and what they are called."""

    def __init__(self, path: Path) -> None:
        self.labels: dict[str, dict[str, str]] = {}
        self.schemes: dict[NamedNode, list[str]] = {}
        self._above: dict[NamedNode, set[NamedNode]] = {}
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            subject, predicate, value = quad.subject, quad.predicate, quad.object
            if not isinstance(subject, NamedNode):
                continue
            if isinstance(value, Literal):
                if predicate in (v.LABEL, v.PREF_LABEL) and value.language:
                    self.labels.setdefault(_local(subject), {})[value.language] = value.value
            elif isinstance(value, NamedNode) and predicate == v.SUB_CLASS_OF:
                self._above.setdefault(subject, set()).add(value)
            elif isinstance(value, NamedNode) and predicate == v.IN_SCHEME:
                self.schemes.setdefault(value, []).append(_local(subject))

    def kinds(self, wanted: NamedNode) -> list[Kind]:
        """The kinds of thing whose class is that one, or stands under it."""
        return [kind for kind in Kind if wanted in self._around(class_of(kind))]

    def _around(self, start: NamedNode) -> set[NamedNode]:
        found, left = {start}, [start]
        while left:
            new = self._above.get(left.pop(), set()) - found
            found |= new
            left += new
        return found


def _local(node: NamedNode) -> str:
    return node.value.removeprefix(v.ONTOLOGY_BASE)


def _relation(name: str, table: Mapping[str, Any], ontology: _Ontology, path: Path) -> Declared:
    where = f"{path}: relation {name!r}"
    if name not in set(Relation):
        raise DataError(f"{where}: unknown; known are {', '.join(Relation)}")
    relation = Relation(name)
    known = {role.rstrip("?"): role.endswith("?") for role in ROLES[relation]}
    given = {role: spec for role, spec in table.items() if isinstance(spec, dict)}
    says = {language: str(text) for language, text in table.items() if not isinstance(text, dict)}
    if strange := [role for role in given if role not in known]:
        raise DataError(f"{where}: no argument {strange[0]!r}; its arguments are {', '.join(known)}")
    if missing := [role for role, optional in known.items() if role not in given and not optional]:
        raise DataError(f"{where}: the argument {missing[0]!r} is missing")
    roles = (_role(role, optional, given[role], ontology, where) for role, optional in known.items() if role in given)
    return Declared(relation, tuple(roles), says)


def _role(name: str, optional: bool, spec: Mapping[str, Any], ontology: _Ontology, where: str) -> Role:
    value = spec.get("value", "")
    if value and value not in VALUES:
        raise DataError(f"{where}: {name}: value {value!r} is none of {', '.join(VALUES)}")
    kinds = tuple(dict.fromkeys(_kinds(spec.get("class", ()), ontology, f"{where}: {name}")))
    concepts = dict(_concepts(spec, ontology, f"{where}: {name}")) if "scheme" in spec else {}
    if (bool(value), bool(kinds), bool(concepts)).count(True) != 1:
        raise DataError(f"{where}: {name}: expected one of class, scheme, value")
    says = {key: str(text) for key, text in spec.items() if key in ("id", "en")}
    return Role(name, optional, kinds, concepts, value, spec.get("same", ""), spec.get("in", ""), says)


def _kinds(classes: Any, ontology: _Ontology, where: str) -> Iterator[Kind]:
    for name in classes:
        found = ontology.kinds(_term(name, where))
        if not found:
            raise DataError(f"{where}: nothing is a {name} by the ontology")
        yield from found


def _concepts(spec: Mapping[str, Any], ontology: _Ontology, where: str) -> Iterator[tuple[str, StrEnum | str]]:
    scheme = _term(spec["scheme"], where)
    known, only = ontology.schemes.get(scheme, []), spec.get("only")
    if strange := [key for key in only or () if key not in known] or not known:
        raise DataError(f"{where}: {strange if known else spec['scheme']} isn't in the ontology")
    for key in only or known:
        enum = _SCHEMES.get(_local(scheme))
        yield key, enum(key) if enum else key


def _term(name: str, where: str) -> NamedNode:
    try:
        return v.term(name)
    except (KeyError, ValueError):
        raise DataError(f"{where}: {name!r} is no term of a known vocabulary") from None
