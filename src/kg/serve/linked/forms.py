"""The forms that data has, by media type and by ending, and which of them is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox
from pyoxigraph import Quad, RdfFormat, Triple

from kg.export import jsonld
from kg.export.parts import Options
from kg.publish.part import as_turtle
from kg.publish.words import PREFIXES
from kg.records import record
from kg.serve.sparql.formats import wanted

Write = Callable[[Sequence[Triple], str], bytes]
HTML: Final = "text/html"


@record(frozen=True, slots=True)
class Form:
    """One form: the ending of its addresses, its media type, its writer (triples and base to bytes)."""

    ending: str
    media: str
    write: Write

    @property
    def content_type(self) -> str:
        """As it stands in the header."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


def _jsonld(triples: Sequence[Triple], base: str) -> bytes:
    return jsonld.write([Quad(t.subject, t.predicate, t.object) for t in triples], Options(base))


def _ntriples(triples: Sequence[Triple], base: str) -> bytes:
    return ox.serialize(sorted(triples, key=str), format=RdfFormat.N_TRIPLES) or b""


def _rdfxml(triples: Sequence[Triple], base: str) -> bytes:
    used = "".join(map(str, triples))
    prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if iri in used}
    return ox.serialize(sorted(triples, key=str), format=RdfFormat.RDF_XML, prefixes=prefixes) or b""


FORMS: Final = (
    Form(".ttl", "text/turtle", as_turtle),
    Form(".jsonld", "application/ld+json", _jsonld),
    Form(".nt", "application/n-triples", _ntriples),
    Form(".rdf", "application/rdf+xml", _rdfxml),
)
_ALIASES: Final[Mapping[str, str]] = {
    "application/x-turtle": ".ttl", "text/plain": ".nt", "application/xml": ".rdf", "text/xml": ".rdf",
    "application/json": ".jsonld",
}  # fmt: skip
_BY_ENDING: Final = {form.ending: form for form in FORMS}
_DATA: Final[Mapping[str, Form]] = {
    **{media: _BY_ENDING[ending] for media, ending in _ALIASES.items()},
    **{form.media: form for form in reversed(FORMS)},
}
"""By media type; among those that a client likes as much, the last one is taken."""


def data_form(accept: str) -> Form | None:
    """The form of data that an Accept header wants most; None where it wants none."""
    kind = wanted(accept, _DATA)
    return _DATA[kind] if kind is not None else None


def any_form(accept: str) -> Form | str | None:
    """The same with pages: HTML for whoever wants a page most, and for whoever takes anything."""
    kind = wanted(accept, {**_DATA, HTML: None})
    return None if kind is None else HTML if kind == HTML else _DATA[kind]


def by_ending(path: str) -> tuple[str, Form | None]:
    """A path without its ending, and the form of that; None where it ends in none of them (``place/35.78``)."""
    for form in FORMS:
        if path.endswith(form.ending) and len(path) > len(form.ending):
            return path[: -len(form.ending)], form
    return path, None
