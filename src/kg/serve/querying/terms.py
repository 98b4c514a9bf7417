"""What the editor completes: prefixes, and the terms of the ontology and of the vocabularies that it builds on."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg import resources
from kg import vocabulary as v

_NAME: Final = re.compile(r"[A-Za-z][\w-]*:[A-Za-z][\w-]*")
_OWL: Final = v.PREFIXES["owl"]
_CLASSES: Final = frozenset(map(NamedNode, (f"{_OWL}Class", f"{v.PREFIXES['rdfs']}Class")))


@cache
def completions() -> dict[str, Any]:
    """``prefixes`` (prefix -> namespace) and ``terms`` (name, ``kind``, labels and comments in two languages), sorted.

    The terms are those of ``ontology/kg.ttl``, and of other vocabularies those of ``ontology/context.jsonld``.
    """
    described = _ontology()
    others = {name for name in _context() if name not in described}
    terms = [{"name": name, **described[name]} for name in described]
    terms += [{"name": name, "kind": _kind(name), "id": "", "en": "", "note-id": "", "note-en": ""} for name in others]
    return {"prefixes": dict(sorted(v.PREFIXES.items())), "terms": sorted(terms, key=lambda term: term["name"])}


def _ontology() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for quad in parse(path=resources.path("ontology/kg.ttl"), format=RdfFormat.TURTLE):
        name = _prefixed(quad.subject)
        if not name.startswith("kg:"):
            continue
        term = found.setdefault(name, {"kind": "property", "id": "", "en": "", "note-id": "", "note-en": ""})
        if quad.predicate == v.TYPE:
            term["kind"] = "class" if quad.object in _CLASSES else term["kind"]
        elif quad.predicate in (v.LABEL, v.COMMENT) and isinstance(quad.object, Literal):
            before = "" if quad.predicate == v.LABEL else "note-"
            term[f"{before}{quad.object.language or 'id'}"] = quad.object.value
    return found


def _context() -> set[str]:
    text = resources.path("ontology/context.jsonld").read_text("utf-8")
    values = json.loads(text)["@context"].values()
    names = {each["@id"] if isinstance(each, dict) and "@id" in each else each for each in values}
    return {name for name in names if isinstance(name, str) and _NAME.fullmatch(name)}


def _kind(name: str) -> str:
    return "class" if name.partition(":")[2][:1].isupper() else "property"


def _prefixed(node: object) -> str:
    if isinstance(node, NamedNode) and node.value.startswith(v.ONTOLOGY_BASE):
        return f"kg:{node.value.removeprefix(v.ONTOLOGY_BASE)}"
    return ""
