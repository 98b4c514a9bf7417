"""The three graphs of an article: facts, provenance and quarantine, each sorted and without duplicates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import __version__
from kg import vocabulary as v
from kg.model import Acceptance, Article, Claim, Entity, Kind, Label, Relation
from kg.names import slug
from kg.rdf.claims import Parts, Stated, Stating, evidence_of, read_by, spans
from kg.rdf.lookup import OneGraph
from kg.rdf.terms import Ids, iri, lexical, typed, worded
from kg.rdf.things import describe
from kg.rdf.triples import Triple


class Refused(Protocol):
    """What the quarantine needs to know of a refused claim; ``kg.check.Refusal`` is one."""

    @property
    def claim(self) -> Claim:
        """What was claimed."""
        ...

    @property
    def shape(self) -> str:
        """The IRI of the shape that it breaks."""
        ...

    @property
    def messages(self) -> tuple[Label, ...]:
        """The reason, in Indonesian and English."""
        ...

    @property
    def severity(self) -> str:
        """The IRI of the severity."""
        ...


class Accepted(Protocol):
    """What the provenance needs to know of a claim that a person let in; ``kg.check.Accepted`` is one."""

    @property
    def refusal(self) -> Refused:
        """Why the gate refuses it."""
        ...

    @property
    def acceptance(self) -> Acceptance:
        """Who let it in, when and why."""
        ...


@dataclass(frozen=True, slots=True)
class Extraction:
    """What is common to all claims of an article: how they were read, and how many of them became what."""

    rules_hash: str
    reference_hash: str
    read: int
    admitted: int
    quarantined: int
    merged: int
    version: str = __version__


def date_of(article: Article, claims: Iterable[Claim]) -> dt.date | None:
    """The article's date: the one that its text states, if it states exactly one, else the one of its page."""
    stated = {claim["date"].value for claim in claims if claim.relation is Relation.DATED}
    dates = [value for value in stated if isinstance(value, dt.date)]
    return dates[0] if len(dates) == 1 else article.published


def state(stating: Stating, claims: Iterable[Claim]) -> list[Stated]:
    """All claims as triples, in their order; raises what ``claim_triples`` raises."""
    known = list(claims)
    as_of = date_of(stating.article, known)
    return [stating(claim, as_of) for claim in known]


def facts(stating: Stating, claims: Iterable[Claim], *, refused: Iterable[Claim] = ()) -> set[Triple]:
    """The facts graph: the article, what its claims state, and what the things they mention are called.

    What a refused claim states isn't stated by way of a name either: a refused alias stays out.
    """
    withheld = {triple for claim in refused for triple in stating.own_triples(claim)}
    return facts_of(stating, state(stating, claims), withheld)


def _own(stated: Iterable[Stated]) -> set[Triple]:
    return {triple for one in stated for triple in one.triples}


def facts_of(stating: Stating, stated: Sequence[Stated], withheld: set[Triple]) -> set[Triple]:
    """The same from claims that are triples already, in no order."""
    named = {triple for one in stated for triple in one.naming}
    relations = {one.claim.relation for one in stated}
    return _own(stated) | (named - withheld) | set(_article(stating.article, relations, stating.ids))


def _article(article: Article, relations: set[Relation], ids: Ids) -> list[Triple]:
    node = ids.article(article)
    triples = [
        Triple(node, v.TYPE, v.NEWS_ARTICLE),
        Triple(node, v.IN_LANGUAGE, Literal(article.language)),
        Triple(node, v.SHA256, Literal(article.sha256)),
    ]
    if article.title:
        triples.append(Triple(node, v.HEADLINE, worded(article.title, article.language)))
    if article.url:
        triples.append(Triple(node, v.URL, iri(article.url)))
    # The page's own date and outlet stand only where the text doesn't say.
    if article.published and Relation.DATED not in relations:
        triples.append(Triple(node, v.DATE_PUBLISHED, typed(article.published, v.DATE)))
    if article.outlet and Relation.PUBLISHED not in relations:
        outlet = Entity(Kind.OUTLET, f"outlet/{slug(article.outlet)}", Label(article.outlet, article.language))
        triples += [Triple(node, v.PUBLISHER, ids.node(outlet.key)), *describe(outlet, ids)]
    return triples


def provenance(
    stating: Stating,
    claims: Iterable[Claim],
    extraction: Extraction | None = None,
    accepted: Iterable[Accepted] = (),
) -> list[str]:
    """The provenance graph: the claims with their evidence, who let some in, and the extraction that found them.

    As texts, in order: its evidence is written as such.
    """
    article, ids, stated = stating.article, stating.ids, state(stating, claims)
    triples = [triple for one in stated for triple in one.own]
    triples.append(Triple(ids.article(article), v.TYPE, v.CONTEXT))
    for each in accepted:
        triples += _accepted(ids.claim(article, each.refusal.claim), each)
    if extraction:
        triples += _extraction(article, extraction, ids)
    return in_order([*_texts(triples), *(line for span in evidence_of(stated) for line in span.lines)])


def _accepted(node: NamedNode, accepted: Accepted) -> list[Triple]:
    refusal, word = accepted.refusal, accepted.acceptance
    return [
        *(Triple(node, v.SOURCE_SHAPE, iri(shape)) for shape in sorted(word.shapes)),
        *(Triple(node, v.RESULT_MESSAGE, worded(message, message.language)) for message in refusal.messages),
        Triple(node, v.ACCEPTED_BY, Literal(word.author)),
        Triple(node, v.ACCEPTED_ON, Literal(word.date, datatype=v.DATE)),
        Triple(node, v.ACCEPTED_BECAUSE, Literal(word.reason)),
    ]


def _extraction(article: Article, extraction: Extraction, ids: Ids) -> list[Triple]:
    node, software = ids.extraction(article), ids.software(extraction.version)
    counts = {
        v.CLAIMS_READ: extraction.read,
        v.CLAIMS_ADMITTED: extraction.admitted,
        v.CLAIMS_QUARANTINED: extraction.quarantined,
        v.CLAIMS_MERGED: extraction.merged,
    }
    return [
        Triple(node, v.TYPE, v.ACTIVITY),
        Triple(node, v.USED, ids.article(article)),
        Triple(node, v.WAS_ASSOCIATED_WITH, software),
        Triple(node, v.RULES_HASH, Literal(extraction.rules_hash)),
        Triple(node, v.REFERENCE_HASH, Literal(extraction.reference_hash)),
        *(Triple(node, predicate, typed(count, v.INTEGER)) for predicate, count in counts.items()),
        Triple(software, v.TYPE, v.SOFTWARE_AGENT),
        Triple(software, v.SOFTWARE_VERSION, Literal(extraction.version)),
    ]


def quarantine(stating: Stating, refusals: Iterable[Refused]) -> list[Triple]:
    """The quarantine graph: what was refused, why, by which words, and the triples it would have added."""
    return [triple for refusal in refusals for triple in _refused(stating, refusal)]


def _refused(stating: Stating, refusal: Refused) -> list[Triple]:
    claim, article, ids = refusal.claim, stating.article, stating.ids
    node = ids.claim(article, claim)
    return [
        Triple(node, v.TYPE, v.REFUSED_CLAIM),
        *read_by(node, claim),
        Triple(node, v.STATEMENT, worded(statement(claim), "id")),
        Triple(node, v.REFUSED_TRIPLES, Literal(ntriples(in_order(_texts(stating.own_triples(claim)))).decode())),
        Triple(node, v.SOURCE_SHAPE, iri(refusal.shape)),
        *(Triple(node, v.RESULT_MESSAGE, worded(m, m.language)) for m in refusal.messages),
        Triple(node, v.RESULT_SEVERITY, iri(refusal.severity)),
        Triple(node, v.WAS_DERIVED_FROM, ids.article(article)),
        *_sound_evidence(node, claim, stating.parts),
    ]


def _sound_evidence(node: NamedNode, claim: Claim, parts: Parts) -> Iterator[Triple]:
    # A span beyond the text is why a claim may be here: it has no words to show.
    for predicate, place in spans(claim):
        if place.end <= len(parts.article.text):
            span = parts.span(place)
            yield Triple(node, predicate, span.node)
            yield from span.triples


def statement(claim: Claim) -> str:
    """A claim as one line of text: its relation and the values of its arguments."""
    values = [lexical(a.value) for _, a in claim.arguments if not isinstance(a.value, Article)]
    return f"{claim.relation.value}: {', '.join(values)}"


def in_order(texts: Iterable[str]) -> list[str]:
    """Texts of triples as a graph has them: each once, by subject, predicate and object."""
    return sorted(set(texts))  # no term goes on where another ends: the whole line will do


def _texts(triples: Iterable[Triple]) -> Iterator[str]:
    known: dict[int, str] = {}  # by identity: neighbours share their terms
    held = list(triples)  # which keeps the terms, or others might come in their places
    for triple in held:
        for term in triple:
            if id(term) not in known:
                known[id(term)] = str(term)
        subject, predicate, value = triple
        yield f"{known[id(subject)]} {known[id(predicate)]} {known[id(value)]}"


def ntriples(triples: Iterable[object]) -> bytes:
    """N-Triples in the order given, UTF-8; of triples as here or of the engine's own."""
    return "".join(f"{triple} .\n" for triple in triples).encode()


@dataclass(frozen=True, slots=True)
class Graphs:
    """The three graphs of an article: facts, provenance, quarantine.

    ``named``: the texts of the triples of each, N-Triples without the full stop, sorted and each once.
    """

    named: tuple[tuple[NamedNode, Sequence[str]], ...]
    facts: OneGraph  # the first one, to look things up in

    def __len__(self) -> int:
        """The number of quads."""
        return sum(len(texts) for _, texts in self.named)

    def quads(self) -> list[Quad]:
        """All as quads, in the order of the graphs."""
        return list(parse(nquads(self.lines()), format=RdfFormat.N_QUADS))

    def lines(self) -> list[str]:
        """All as lines of N-Quads without the full stop, in the same order: the text of each quad."""
        return [f"{text} {name}" for name, texts in self.named for text in texts]


def nquads(lines: Iterable[str]) -> bytes:
    """N-Quads of such lines, UTF-8: what writing the quads gives, without making them."""
    return " .\n".join([*lines, ""]).encode()


def to_graphs(
    article: Article,
    claims: Sequence[Claim],
    refusals: Sequence[Refused],
    base: str,
    extraction: Extraction | None = None,
    accepted: Sequence[Accepted] = (),
    stating: Stating | None = None,
) -> Graphs:
    """The three graphs of an article.

    ``stating`` is what the gate stated these claims with, so that it needn't be done again.
    """
    stating = stating or Stating(article, base)
    ids = stating.ids
    said = facts(stating, claims, refused=[each.claim for each in refusals])
    return Graphs(
        (
            (ids.article(article), in_order(_texts(said))),
            (ids.provenance(article), provenance(stating, claims, extraction, accepted)),
            (ids.quarantine(article), in_order(_texts(quarantine(stating, refusals)))),
        ),
        OneGraph(ids.article(article), said),
    )


def as_written(quad: Quad) -> Quad:
    """A quad that comes out of a store as it went in: Oxigraph keeps every integer type as xsd:integer."""
    value = quad.object
    if quad.predicate not in _INDICES or not isinstance(value, Literal) or value.datatype != v.INTEGER:
        return quad
    return Quad(quad.subject, quad.predicate, typed(value.value, v.NON_NEGATIVE_INTEGER), quad.graph_name)


_INDICES: Final = frozenset({v.BEGIN_INDEX, v.END_INDEX})
