"""What every format needs: the options, which quads are written, and in which order.

Nothing here writes a format; each of those is one small module beside this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg import vocabulary as v
from kg.errors import GraphError

Subject = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal
Values = dict[NamedNode, list[Object]]
"""What is said of one subject: predicates in reading order, values sorted."""

APART: Final = ("/provenance", "/quarantine")
"""How the names of the graphs end that hold claims and evidence, not facts."""
BACKGROUND: Final = ("id/reference", "id/ontology")
"""How the names of the graphs end that no article states."""
PROVENANCE_TYPES: Final = frozenset({v.CLAIM, v.REFUSED_CLAIM, v.SPAN, v.ACTIVITY, v.SOFTWARE_AGENT})


@dataclass(frozen=True, slots=True)
class Options:
    """What is written: ``facts_only`` leaves claims and evidence out, ``reference`` takes the reference data in."""

    base: str = v.DEFAULT_BASE
    facts_only: bool = False
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The things of a few classes that stand together; titles in Indonesian and English."""

    title: str
    types: frozenset[NamedNode]


def _section(title: str, *types: NamedNode) -> Section:
    return Section(title, frozenset(types))


SECTIONS: Final = (
    _section("Artikel / Articles", v.NEWS_ARTICLE),
    _section("Media / Outlets", v.OUTLET),
    _section("Pejabat / Officials", v.OFFICIAL),
    _section("Jabatan / Posts", v.POST),
    _section("Pemegang jabatan / Tenures", v.TENURE),
    _section("Lembaga / Bodies", v.MINISTRY, v.UNIT, v.BODY, v.GOVERNMENT),
    _section("Pengangkatan / Appointments", v.APPOINTMENT_EVENT),
    _section("Jejaring / Networks", v.NETWORK, v.MEMBER_COUNT),
    _section("Keanggotaan / Memberships", v.NETWORK_MEMBERSHIP, v.NETWORK_ROLE),
    _section("Kesepakatan / Agreements", v.AGREEMENT),
    _section("Penghargaan / Awards", v.AWARD_THING, v.AWARD_GIVEN),
    _section("Program / Programmes", v.PROGRAMME),
    _section("Pertemuan / Meetings", v.MEETING, v.MEETING_SERIES, v.DELEGATION),
    _section("Tempat / Places", v.COUNTRY, v.PROVINCE, v.PREFECTURE, v.CITY, v.REGENCY, v.DISTRICT, v.PLACE, v.VENUE),
    _section("Kutipan / Quotations", v.QUOTATION),
    _section("Uang / Money", v.FUNDING, v.MONETARY_AMOUNT),
    _section("Konsep / Concepts", v.CONCEPT, v.CONCEPT_SCHEME),
    _section("Lainnya / Other things"),
    _section("Klaim / Claims", v.CLAIM),
    _section("Ditolak / Refused claims", v.REFUSED_CLAIM),
    _section("Bukti / Evidence", v.SPAN),
    _section("Pembacaan / Extraction", v.ACTIVITY, v.SOFTWARE_AGENT),
)
_RANKS: Final = {kind: rank for rank, section in enumerate(SECTIONS) for kind in section.types}
_OTHER: Final = next(rank for rank, section in enumerate(SECTIONS) if not section.types)

_FIRST: Final = {
    predicate: rank
    for rank, predicate in enumerate(
        (
            *(v.TYPE, v.PREF_LABEL, v.FOAF_NAME, v.ALT_LABEL, v.HEADLINE, v.URL, v.PUBLISHER, v.DATE_PUBLISHED),
            *(v.MEMBER, v.HAS_POST, v.MEMBER_PLACE, v.ORGANIZATION, v.ROLE, v.POST_IN, v.UNIT_OF),
            *(v.SUB_ORGANIZATION_OF, v.ON_BEHALF_OF, v.HEADED_BY, v.DELEGATED_TO, v.APPOINTMENT, v.STATUS),
            *(
                v.APPOINTEE,
                v.APPOINTED_TO,
                v.APPOINTED_BY,
                v.REPLACES,
                v.RECIPIENT,
                v.AWARD,
                v.AWARDED_BY,
                v.AWARD_YEAR,
            ),
            *(
                v.AWARD_YEAR,
                v.COUNT_OF,
                v.MEMBERS,
                v.SINCE,
                v.UNTIL,
                v.PARTY,
                v.PROVIDER,
                v.FOUNDING_DATE,
                v.FOUNDING_LOCATION,
            ),
            *(v.START_DATE, v.END_DATE, v.LOCATION, v.EDITION_NUMBER, v.SUPER_EVENT, v.ORGANIZER, v.ATTENDEE),
            *(v.TEXT, v.SPOKEN_BY, v.AMOUNT, v.VALUE, v.CURRENCY, v.FUNDING_KIND, v.DESCRIPTION),
            *(v.RELATION, v.STATEMENT, v.ABOUT, v.SUBJECT, v.PREDICATE, v.OBJECT),
            *(v.SUBJECT_EVIDENCE, v.TRIGGER_EVIDENCE, v.OBJECT_EVIDENCE, v.EVIDENCE, v.RULE, v.CONFIDENCE),
            *(v.REFERENCE_CONTEXT, v.BEGIN_INDEX, v.END_INDEX, v.ANCHOR_OF),
        )
    )
}
EVIDENCE: Final = (v.SUBJECT_EVIDENCE, v.TRIGGER_EVIDENCE, v.OBJECT_EVIDENCE, v.EVIDENCE)


def natural(text: str) -> tuple[str | int, ...]:
    """A key that sorts numbers inside a text by their value: ``#char=9,12`` before ``#char=66,78``."""
    return tuple(int(part) if part.isdecimal() and part.isascii() else part for part in re.split(r"([0-9]+)", text))


def term_key(term: Object | NamedNode) -> tuple[object, ...]:
    """Sorts IRIs before blank nodes before literals, each by value, then language, then datatype."""
    if isinstance(term, Literal):
        return (2, natural(term.value), term.language or "", term.datatype.value)
    return (int(isinstance(term, BlankNode)), natural(term.value), "", "")


def select(quads: Iterable[Quad], options: Options) -> list[Quad]:
    """The quads that the options ask for, without the articles' texts, each once; the order is not yet settled.

    Blank nodes, which only foreign graphs have, get the labels of RDFC-1.0, so that the same graph looks the same.
    """
    found = {_written(quad) for quad in quads if quad.predicate != v.IS_STRING}
    if not options.reference:
        found = {quad for quad in found if not _name(quad).endswith(BACKGROUND)}
    if options.facts_only:
        found = _facts(found)
    if any(isinstance(term, BlankNode) for quad in found for term in (quad.subject, quad.object)):
        return _canonical(found)
    return list(found)


def _written(quad: Quad) -> Quad:
    """The quad, if every format can hold it."""
    if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
        raise GraphError(f"{quad}: triples inside triples (RDF 1.2) can't be exported; take them out of the graph")
    return quad


def _name(quad: Quad) -> str:
    graph = quad.graph_name
    return "" if isinstance(graph, DefaultGraph) else graph.value


def _facts(quads: set[Quad]) -> set[Quad]:
    """Without claims and evidence: by graph where there are graphs, by class in formats without them."""
    apart = {quad.subject for quad in quads if quad.predicate == v.TYPE and quad.object in PROVENANCE_TYPES}
    return {
        quad
        for quad in quads
        if not _name(quad).endswith(APART)
        and quad.subject not in apart
        and not (quad.predicate == v.TYPE and quad.object == v.CONTEXT)
    }


def _canonical(quads: set[Quad]) -> list[Quad]:
    from pyoxigraph import CanonicalizationAlgorithm, Dataset

    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def merge(quads: Iterable[Quad]) -> list[Triple]:
    """All graphs as one, for formats that know no graphs; each triple once."""
    return list({quad.triple for quad in quads})


def by_graph(quads: Iterable[Quad]) -> list[tuple[NamedNode | BlankNode | None, list[Triple]]]:
    """The triples of each graph, sorted by its name; None is the default graph and comes first."""
    graphs: dict[NamedNode | BlankNode | None, list[Triple]] = {}
    for quad in quads:
        name = None if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
        graphs.setdefault(name, []).append(quad.triple)
    return sorted(graphs.items(), key=lambda item: (item[0] is not None, natural(item[0].value if item[0] else "")))


def subjects(triples: Iterable[Triple]) -> dict[Subject, Values]:
    """What is said of each subject, predicates and values in reading order; the subjects are not yet sorted."""
    found: dict[Subject, Values] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, Triple) and not isinstance(value, Triple):  # ``select`` has refused those
            found.setdefault(subject, {}).setdefault(triple.predicate, []).append(value)
    return {
        subject: {p: sorted(values[p], key=term_key) for p in sorted(values, key=_predicate_key)}
        for subject, values in found.items()
    }


def _predicate_key(predicate: NamedNode) -> tuple[int, str]:
    return (_FIRST.get(predicate, len(_FIRST)), predicate.value)


def rank(values: Values) -> int:
    """The number of the section that a thing belongs to: the first that has one of its classes."""
    return min((_RANKS[t] for t in values.get(v.TYPE, []) if isinstance(t, NamedNode) and t in _RANKS), default=_OTHER)


def arranged(triples: Sequence[Triple]) -> list[tuple[Section, list[tuple[Subject, Values]]]]:
    """The sections that have something in them, in order; claims stand in the order of the text, things by id."""
    shelves: dict[int, list[tuple[Subject, Values]]] = {}
    for subject, values in subjects(triples).items():
        shelves.setdefault(rank(values), []).append((subject, values))
    return [(SECTIONS[n], sorted(shelves[n], key=_subject_key)) for n in sorted(shelves)]


def _subject_key(item: tuple[Subject, Values]) -> tuple[object, ...]:
    subject, values = item
    spans = [natural(span.value) for p in EVIDENCE for span in values.get(p, [])]
    return (min(spans, default=()), term_key(subject))


def in_order(triples: Sequence[Triple]) -> list[Triple]:
    """The triples in the order in which they are read."""
    return [
        Triple(subject, predicate, value)
        for _, things in arranged(triples)
        for subject, values in things
        for predicate, objects in values.items()
        for value in objects
    ]


def used_prefixes(triples: Iterable[Triple], prefixes: Mapping[str, str] = v.PREFIXES) -> dict[str, str]:
    """The prefixes, of those given, that an IRI or a datatype of the triples can be shortened with."""
    names = {iri for triple in triples for iri in _iris(triple)}
    return {p: space for p, space in sorted(prefixes.items()) if any(name.startswith(space) for name in names)}


def _iris(triple: Triple) -> list[str]:
    """Every IRI of a triple, that of its datatype included."""
    terms = (triple.subject, triple.predicate, triple.object)
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    return [*iris, triple.object.datatype.value] if isinstance(triple.object, Literal) else iris
