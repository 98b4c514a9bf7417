"""What the things that claims mention are called, and which class they have.

Kept apart from what claims state, so that a refused claim takes back exactly what it stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg import vocabulary as v
from kg.model import Entity, Kind, Value
from kg.names import slug
from kg.rdf.terms import Ids, worded
from kg.rdf.triples import Triple

_LINKS: Final[Mapping[str, NamedNode | None]] = MappingProxyType(
    {"territory": v.SPATIAL, "body": v.POST_IN, "region": v.SPATIAL, "series": None}
)


_CLASSES: Final[Mapping[Kind, NamedNode]] = MappingProxyType(
    {kind: v.POST if kind is Kind.POST else NamedNode(v.ONTOLOGY_BASE + kind.value) for kind in Kind}
)


def class_of(kind: Kind) -> NamedNode:
    """The class that a thing of this kind has."""
    return _CLASSES[kind]


def describe(entity: Entity, ids: Ids) -> list[Triple]:
    """Class, names and links of a thing, and the same of what it links to."""
    node = ids.node(entity.key)
    label = worded(entity.label, entity.label.language)
    triples = [Triple(node, v.TYPE, class_of(entity.kind)), Triple(node, v.PREF_LABEL, label)]
    triples += [Triple(node, v.ALT_LABEL, worded(a, a.language)) for a in entity.aliases if a != entity.label]
    if entity.kind is Kind.OFFICIAL:
        triples.append(Triple(node, v.FOAF_NAME, label))
    if entity.role:
        triples.append(Triple(node, v.ROLE, ids.node(entity.role)))
    for name, thing in entity.links:
        triples += _linked(node, name, thing, ids)
    return triples


def _linked(node: NamedNode, name: str, thing: Entity, ids: Ids) -> list[Triple]:
    if name not in _LINKS:
        raise ValueError(f"{thing.key}: unknown link {name!r}; known are {', '.join(_LINKS)}")
    predicate = _LINKS[name]
    if predicate is None:
        return []
    return [Triple(node, predicate, ids.node(thing.key)), *describe(thing, ids)]


def theme(value: Value, language: str, ids: Ids) -> list[Triple]:
    """A theme that cities work on, as a concept."""
    node = ids.theme(value)
    return [
        Triple(node, v.TYPE, v.CONCEPT),
        Triple(node, v.PREF_LABEL, worded(value, language)),
        Triple(node, v.IN_SCHEME, v.THEMES),
    ]


def series_of(meeting: Entity) -> Entity:
    """The series that a numbered meeting belongs to: the one it links to, else the one of its name."""
    known = meeting.link("series")
    return known or Entity(Kind.SERIES, f"series/{slug(meeting.label.text)}", meeting.label)
