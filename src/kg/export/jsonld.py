"""JSON-LD, compacted with the project's context, which stands inside the file so that it reads without network.

An own compaction of the plain part of JSON-LD that our data needs (no lists, no blank nodes to nest): it keeps the
order of the Turtle, which the known processors don't. The tests expand its output with two of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import vocabulary as v
from kg.export import parts
from kg.export.parts import Object, Options, Values

Json = Any  # what json.loads gives
_KEYWORDS: Final = ("@id", "@type", "@graph")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the context: its IRI and how its values are read."""

    name: str
    iri: str
    type: str | None = None  # "@id", "@vocab" or a datatype's IRI
    language: str | None = None
    container: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """The terms by IRI, the prefixes and the aliases of keywords of a context file."""

    source: Mapping[str, Json]
    terms: Mapping[str, Sequence[Term]]
    prefixes: Mapping[str, str]
    keywords: Mapping[str, str]

    def short(self, iri: str) -> str:
        """An IRI as a prefixed name where the context has a prefix for it that isn't a term of its own."""
        for prefix, space in self.prefixes.items():
            name = f"{prefix}:{iri[len(space) :]}"
            if iri.startswith(space) and name not in self.source and not iri[len(space) :].startswith("//"):
                return name
        return iri


def read_context(source: Mapping[str, Json]) -> Context:
    """The context of a parsed file, its IRIs expanded."""
    plain = {name: value for name, value in source.items() if not name.startswith("@")}
    ids = {name: value if isinstance(value, str) else value.get("@id", name) for name, value in plain.items()}
    keywords = {iri: name for name, iri in ids.items() if iri in _KEYWORDS}
    prefixes = {name: iri for name, iri in ids.items() if isinstance(plain[name], str) and iri[-1:] in "#/"}
    terms: dict[str, list[Term]] = {}
    for name in sorted(plain):
        if ids[name] not in _KEYWORDS and name not in prefixes:
            term = _term(name, plain[name], source, prefixes)
            terms.setdefault(term.iri, []).append(term)
    return Context(source, terms, prefixes, {**{key: key for key in _KEYWORDS}, **keywords})


def _term(name: str, value: Json, source: Mapping[str, Json], prefixes: Mapping[str, str]) -> Term:
    detail = {"@id": value} if isinstance(value, str) else value
    container = detail.get("@container") or []
    kind = detail.get("@type")
    return Term(
        name,
        _expand(detail.get("@id", name), source.get("@vocab", ""), prefixes),
        kind if kind in (None, "@id", "@vocab") else _expand(kind, source.get("@vocab", ""), prefixes),
        detail.get("@language", source.get("@language")),
        frozenset([container] if isinstance(container, str) else container),
    )


def _expand(name: str, vocab: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    if colon:
        return prefixes[prefix] + local if prefix in prefixes else name
    return vocab + name


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """One document; named graphs as objects with an id and a graph of their own."""
    from kg import resources

    file = json.loads(resources.path("ontology/context.jsonld").read_text("utf-8"))
    context = read_context(file["@context"])
    graph: list[Json] = []
    for name, triples in parts.by_graph(quads):
        nodes = _nodes(triples, context, options.base)
        key = context.keywords
        graph += nodes if name is None else [{key["@id"]: _id(name.value, options.base), key["@graph"]: nodes}]
    document = {"@context": {"@base": options.base, **context.source}, "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _nodes(triples: Sequence[Triple], context: Context, base: str) -> list[Json]:
    return [
        {context.keywords["@id"]: _id(_name(subject), base), **_properties(values, context, base)}
        for _, things in parts.arranged(triples)
        for subject, values in things
    ]


def _name(term: Object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _id(name: str, base: str) -> str:
    """An id relative to the base, which stands in the file's context; only ours, so that nothing resolves oddly."""
    local = name.removeprefix(base)
    return local if local.startswith("id/") and "//" not in local and "/." not in local else name


def _properties(values: Values, context: Context, base: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for predicate, objects in values.items():
        for value in objects:
            if predicate == v.TYPE and isinstance(value, NamedNode):
                _add(found, context.keywords["@type"], _type(value.value, context), many=False)
            else:
                _put(found, predicate.value, value, context, base)
    return found


def _type(iri: str, context: Context) -> str:
    names = [term.name for term in context.terms.get(iri, [])]
    return names[0] if names else context.short(iri)


def _put(found: dict[str, Json], predicate: str, value: Object, context: Context, base: str) -> None:
    """Adds a value under the term that reads it right, else under the prefixed name with all said."""
    for term in context.terms.get(predicate, []):
        if "@language" in term.container and isinstance(value, Literal) and value.language:
            _add(found.setdefault(term.name, {}), value.language, value.value, many=False)
            return
        if term.container <= {"@set"} and _fits(term, value):
            _add(found, term.name, _plain(term, value, context, base), many="@set" in term.container)
            return
    _add(found, context.short(predicate), _full(value, context, base), many=False)


def _fits(term: Term, value: Object) -> bool:
    """Whether the term, without more, gives the value its type and language."""
    if not isinstance(value, Literal):
        return term.type in ("@id", "@vocab")
    if value.language:
        return term.type is None and term.language == value.language
    return term.type == value.datatype.value or (
        value.datatype == v.STRING and term.type is None and term.language is None
    )


def _plain(term: Term, value: Object, context: Context, base: str) -> str:
    if isinstance(value, Literal):
        return value.value
    if term.type == "@vocab":
        return _type(_name(value), context)
    return _id(_name(value), base)


def _full(value: Object, context: Context, base: str) -> Json:
    if not isinstance(value, Literal):
        return {"@id": _id(_name(value), base)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype == v.STRING:
        return {"@value": value.value}
    return {"@value": value.value, "@type": _type(value.datatype.value, context)}


def _add(found: dict[str, Json], key: str, value: Json, *, many: bool) -> None:
    """A single value stays single unless the term asks for a set."""
    if key not in found:
        found[key] = [value] if many else value
    elif isinstance(found[key], list):
        found[key].append(value)
    else:
        found[key] = [found[key], value]
