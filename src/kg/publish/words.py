"""What people call properties, classes and concepts, and how they write dates and numbers, in two languages."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg import resources
from kg import vocabulary as v

PREFIXES: Final[Mapping[str, str]] = {
    **v.PREFIXES,
    "qb": "http://purl.org/linked-data/cube#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_WHOLE: Final = frozenset(v.term(f"xsd:{name}") for name in ("integer", "decimal", "nonNegativeInteger"))


def term(name: str) -> NamedNode:
    """The node of a prefixed name; KeyError for an unknown prefix."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def prefixed(node: NamedNode) -> str:
    """An IRI by its prefix where it has one."""
    for prefix, space in PREFIXES.items():
        if node.value.startswith(space) and re.fullmatch(r"[\w.-]+", node.value[len(space) :]):
            return f"{prefix}:{node.value[len(space) :]}"
    return node.value


@cache
def _names() -> Mapping[tuple[str, str], str]:
    """Labels by IRI and language: of the ontology, and of the properties of other vocabularies."""
    found: dict[tuple[str, str], str] = {}
    for quad in parse(path=resources.path("ontology/kg.ttl"), format=RdfFormat.TURTLE):
        subject, label = quad.subject, quad.object
        if quad.predicate in (v.LABEL, v.PREF_LABEL) and isinstance(subject, NamedNode) and isinstance(label, Literal):
            found[subject.value, label.language or ""] = label.value
    table = tomllib.loads(resources.path("data/publish/labels.toml").read_text("utf-8"))["labels"]
    return found | {(term(name).value, lang): text for name, by in table.items() for lang, text in by.items()}


def name_of(node: NamedNode, lang: str) -> str:
    """What a property, class or concept is called; by its prefix where nothing is known."""
    return _names().get((node.value, lang)) or prefixed(node)


def written(literal: Literal, lang: str) -> str:
    """A value as people write it: \"12 November 2025\", \"18.400.000.000\"; what is neither day nor number as it is."""
    text = literal.value
    if literal.datatype == v.DATE:
        return _day(text, lang)
    return _number(text, lang) if literal.datatype in _WHOLE else text


def _day(text: str, lang: str) -> str:
    from babel.dates import format_date

    try:
        return format_date(dt.date.fromisoformat(text), "d MMMM y", locale=lang)
    except ValueError:
        return text


def _number(text: str, lang: str) -> str:
    from decimal import Decimal, InvalidOperation

    from babel.numbers import format_decimal

    try:
        return str(format_decimal(Decimal(text), "#,##0.######", locale=lang))
    except InvalidOperation:
        return text
