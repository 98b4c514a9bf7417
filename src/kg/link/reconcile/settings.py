"""What the service offers, from ``data/linking/reconciliation.toml`` and the classes of the ontology."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import pyoxigraph as ox

from kg import resources
from kg import vocabulary as v
from kg.errors import DataError
from kg.records import record

FILE: Final = "data/linking/reconciliation.toml"
Words = Mapping[str, str]
"""Language -> text."""


@record(frozen=True, slots=True)
class Property:
    """A property of things. ``of`` are the kinds that it is offered for, empty for all; ``type`` that of its values."""

    id: str
    name: Words
    pattern: str
    of: tuple[str, ...] = ()
    type: str = ""


@record(frozen=True, slots=True)
class Type:
    """A class: ``id`` is the local name of one of the ontology, the prefixed name of another."""

    id: str
    name: Words
    description: Words
    broader: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Settings:
    """The file as values; ``batch``, ``limit`` and ``most`` count queries and candidates."""

    name: Words
    batch: int
    limit: int
    most: int
    defaults: tuple[str, ...]
    without: frozenset[str]
    properties: Mapping[str, Property]
    types: Mapping[str, Type]

    def type_named(self, text: str) -> str | None:
        """The id of a type given by id, prefixed name or IRI; None where there is none."""
        iri = text
        prefix, colon, local = text.partition(":")
        if colon and prefix in v.PREFIXES:
            iri = v.PREFIXES[prefix] + local
        found = type_id(iri) if "://" in iri else text
        return found if found in self.types else None

    def broader(self, kind: str) -> tuple[str, ...]:
        """The type and all above it, nearest first."""
        found, todo = [kind], [kind]
        while todo:
            known = self.types.get(todo.pop(0))
            new = [above for above in known.broader if above not in found] if known else []
            found += new
            todo += new
        return tuple(found)


@cache
def load() -> Settings:
    """The packaged settings. Raises DataError."""
    path = resources.path(FILE)
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        service = data["service"]
        properties = [
            Property(each["id"], each["name"], each["pattern"], tuple(each.get("of", ())), each.get("type", ""))
            for each in data["property"]
        ]
        types = {each.id: each for each in _types(data["types"])}
        return Settings(
            service["name"],
            int(service["batch"]),
            int(service["limit"]),
            int(service["most"]),
            tuple(service["types"]),
            frozenset(service["without"]),
            {each.id: each for each in properties},
            types,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: {error!r}; correct it or reinstall the package") from error


def type_id(iri: str) -> str:
    """The id of a class: its local name in the ontology, else its prefixed name, else its IRI."""
    if iri.startswith(v.ONTOLOGY_BASE):
        return iri.removeprefix(v.ONTOLOGY_BASE)
    for prefix, namespace in v.PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _types(further: Mapping[str, Mapping[str, Any]]) -> Iterator[Type]:
    """The classes of the ontology, those of the file, and what stands above them."""
    graph = ox.Store()
    graph.load(resources.path("ontology/kg.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    found: dict[str, Type] = {}
    for quad in graph.quads_for_pattern(None, v.TYPE, v.term("owl:Class"), None):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(v.ONTOLOGY_BASE):
            parents = [each.object for each in graph.quads_for_pattern(quad.subject, v.SUB_CLASS_OF, None, None)]
            broader = sorted(type_id(each.value) for each in parents if isinstance(each, ox.NamedNode))
            kind = type_id(quad.subject.value)
            names, meaning = (_texts(graph, quad.subject, term) for term in (v.LABEL, v.term("skos:definition")))
            found[kind] = Type(kind, names, meaning, tuple(broader))
    for kind, said in further.items():
        names = {language: str(said[language]) for language in ("id", "en")}
        found[kind] = Type(kind, names, {}, tuple(said.get("broader", ())))
    above_all = {above for each in found.values() for above in each.broader if above not in found}
    for above in sorted(above_all):
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", above.rpartition(":")[2]).lower()
        found[above] = Type(above, {"id": above, "en": f"{name} ({above})"}, {})
    yield from (found[kind] for kind in sorted(found))


def _texts(graph: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode) -> dict[str, str]:
    values = [quad.object for quad in graph.quads_for_pattern(node, predicate, None, None)]
    return {each.language or "id": each.value for each in values if isinstance(each, ox.Literal)}
