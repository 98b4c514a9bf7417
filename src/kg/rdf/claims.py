"""Claims as triples: what each states, what its things are called, and its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg import vocabulary as v
from kg.model import Article, Claim, Entity, Evidence, Relation
from kg.rdf.statements import STATEMENTS, Frame, Statement
from kg.rdf.terms import Ids, Object, typed
from kg.rdf.things import describe, series_of, theme
from kg.rdf.triples import Triple

_IS_SPAN: Final = f"{v.TYPE} {v.SPAN}"
_BEGINS: Final = str(v.BEGIN_INDEX)
_ENDS: Final = str(v.END_INDEX)
_SAYS: Final = str(v.ANCHOR_OF)
_INDEX: Final = f"^^{v.NON_NEGATIVE_INTEGER}"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the article's text: the node, where they are and which, also as lines of N-Triples without full stop."""

    node: NamedNode
    triples: tuple[Triple, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as triples. ``node`` is what it is about where it makes a node; ``triples`` are what it alone adds."""

    claim: Claim
    id: NamedNode
    node: NamedNode | None
    subject: NamedNode | Literal
    predicate: NamedNode
    object: Object
    triples: tuple[Triple, ...]
    naming: tuple[Triple, ...]  # class, names and links of the things it mentions
    own: tuple[Triple, ...]  # the claim itself, with the nodes of its evidence
    spans: tuple[Span, ...]  # the evidence

    @property
    def provenance(self) -> tuple[Triple, ...]:
        """The claim itself and its evidence."""
        return (*self.own, *(triple for span in self.spans for triple in span.triples))


def evidence_of(stated: Iterable[Stated]) -> list[Span]:
    """The spans of claims, each once: many claims have the same."""
    return list({id(span): span for one in stated for span in one.spans}.values())


class Parts:
    """The things and spans of an article as triples, each made once: claims share most of them."""

    def __init__(self, article: Article, ids: Ids) -> None:
        self.article, self.ids = article, ids
        self._article = ids.article(article)
        self._context = f"{v.REFERENCE_CONTEXT} {self._article}"
        self._things: dict[int, tuple[Entity, list[Triple]]] = {}  # by identity: with the thing, so that it stays one
        self._spans: dict[Evidence, Span] = {}

    def thing(self, entity: Entity) -> list[Triple]:
        """Class, names and links of a thing, and the same of what it links to."""
        found = self._things.get(id(entity))
        if found is None:
            found = self._things[id(entity)] = entity, describe(entity, self.ids)
        return found[1]

    def span(self, span: Evidence) -> Span:
        """A span of the article's text as triples."""
        found = self._spans.get(span)
        if found is None:
            found = self._spans[span] = self._made(span)
        return found

    def _made(self, span: Evidence) -> Span:
        node, words = self.ids.evidence(self.article, span), Literal(span.of(self.article.text))
        return Span(
            node,
            (
                Triple(node, v.TYPE, v.SPAN),
                Triple(node, v.REFERENCE_CONTEXT, self._article),
                Triple(node, v.BEGIN_INDEX, Literal(str(span.start), datatype=v.NON_NEGATIVE_INTEGER)),
                Triple(node, v.END_INDEX, Literal(str(span.end), datatype=v.NON_NEGATIVE_INTEGER)),
                Triple(node, v.ANCHOR_OF, words),
            ),
            # Their text is put together: half of an article's triples are such.
            (
                f"<{node.value}> {_IS_SPAN}",
                f"<{node.value}> {self._context}",
                f'<{node.value}> {_BEGINS} "{span.start}"{_INDEX}',
                f'<{node.value}> {_ENDS} "{span.end}"{_INDEX}',
                f"<{node.value}> {_SAYS} {words}",
            ),
        )


def claim_triples(
    claim: Claim, article: Article, ids: Ids, as_of: dt.date | None = None, parts: Parts | None = None
) -> Stated:
    """A claim as triples. KeyError for a role that it lacks, ValueError for a subject or key that makes no node."""
    frame, parts = Frame(article, ids, as_of), parts or Parts(article, ids)
    made = STATEMENTS[claim.relation](claim, frame)
    name = ids.claim(article, claim)
    evidence = [(predicate, parts.span(span)) for predicate, span in spans(claim)]
    own = _claim_node(name, claim, made, evidence)
    naming = _naming(claim, frame, parts)
    found = tuple(span for _, span in evidence)
    return Stated(claim, name, made.node, made.subject, made.predicate, made.object, made.triples, naming, own, found)


class Stating:
    """The claims of one article as triples, each stated once: the gate tries them several times, then they are written.

    Raises what ``claim_triples`` raises.
    """

    def __init__(self, article: Article, base: str) -> None:
        self.article = article
        self.ids = Ids(base)
        self.parts = Parts(article, self.ids)
        self._known: dict[tuple[int, dt.date | None], Stated] = {}

    def __call__(self, claim: Claim, as_of: dt.date | None = None) -> Stated:
        """A claim as triples."""
        key = id(claim), as_of  # what is kept holds the claim, so that no other one gets its place
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = claim_triples(claim, self.article, self.ids, as_of, self.parts)
        return found

    def own_triples(self, claim: Claim) -> tuple[Triple, ...]:
        """What a refused claim would add; nothing where it can't be stated at all."""
        try:
            return self(claim).triples
        except (KeyError, ValueError):
            return ()


def _naming(claim: Claim, frame: Frame, parts: Parts) -> tuple[Triple, ...]:
    triples: list[Triple] = []
    for role, argument in claim.arguments:
        if isinstance(argument.value, Entity):
            triples += parts.thing(argument.value)
        elif role == "focus":
            triples += theme(argument.value, frame.article.language, frame.ids)
    if claim.relation is Relation.EDITION and isinstance(claim.subject.value, Entity):
        triples += parts.thing(series_of(claim.subject.value))
    return tuple(triples)


def _claim_node(
    name: NamedNode, claim: Claim, made: Statement, evidence: Iterable[tuple[NamedNode, Span]]
) -> tuple[Triple, ...]:
    triples = [
        Triple(name, v.TYPE, v.CLAIM),
        *read_by(name, claim),
        Triple(name, v.SUBJECT, made.subject),
        Triple(name, v.PREDICATE, made.predicate),
        Triple(name, v.OBJECT, made.object),
        *(Triple(name, predicate, span.node) for predicate, span in evidence),
    ]
    if made.node:
        triples.append(Triple(name, v.ABOUT, made.node))
    return tuple(triples)


@lru_cache(4096)
def _word(text: str) -> Literal:
    return Literal(text)


def read_by(name: NamedNode, claim: Claim) -> list[Triple]:
    """The relation of a claim, the rule that found it and how sure it is."""
    return [
        Triple(name, v.RELATION, _word(claim.relation.value)),
        Triple(name, v.RULE, _word(claim.rule)),
        Triple(name, v.CONFIDENCE, typed(claim.confidence, v.DECIMAL)),
    ]


def spans(claim: Claim) -> list[tuple[NamedNode, Evidence]]:
    """The claim's evidence and what each span of it is evidence of."""
    found = [(v.TRIGGER_EVIDENCE, claim.trigger)]
    kinds = (v.SUBJECT_EVIDENCE, v.OBJECT_EVIDENCE)
    for place, (_, argument) in enumerate(claim.arguments):
        if argument.evidence:
            found.append((kinds[place] if place < len(kinds) else v.EVIDENCE, argument.evidence))
    return found
