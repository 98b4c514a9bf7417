"""The claims about a thing or in an article, and the facts that they state: one fact may have many claims.

Everything is asked with the thing bound, so that a page costs what its thing has and not what the store has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from kg import resources
from kg import vocabulary as v
from kg.records import record

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.facts import Node

_ALL: Final = DefaultGraph()
JOINED: Final = frozenset({"dated", "ends_on"})
"""Relations whose claims belong to those of others: no facts of their own."""
_PLACE: Final = re.compile(r"#char=(\d+),(\d+)$")
ROLES: Final = (
    (v.SUBJECT_EVIDENCE, "subject"),
    (v.TRIGGER_EVIDENCE, "trigger"),
    (v.OBJECT_EVIDENCE, "object"),
    (v.EVIDENCE, "other"),
)


@record(frozen=True, slots=True)
class Claim:
    """What one article says once. ``date`` is that of the article, ISO 8601, empty where it isn't known."""

    node: NamedNode
    relation: str
    subject: Node | None
    object: Node | None
    about: NamedNode | None
    article: NamedNode
    date: str


@record(frozen=True, slots=True, order=True)
class Mark:
    """Words of an article and what they are for a claim (one of the roles); code points, ``end`` exclusive."""

    begin: int
    end: int
    role: str
    words: str


@record(frozen=True, slots=True)
class Fact:
    """What claims of one or more articles say alike, the oldest article first; undated ones last."""

    relation: str
    claims: tuple[Claim, ...]

    @property
    def since(self) -> str:
        """The date of the first article that says so; empty where none is dated."""
        return self.claims[0].date

    @property
    def last(self) -> str:
        """The date of the last article that says so; empty where none is dated."""
        return max(claim.date for claim in self.claims)

    @property
    def articles(self) -> tuple[NamedNode, ...]:
        """The articles that say so, each once."""
        return tuple(dict.fromkeys(claim.article for claim in self.claims))


def in_article(view: Store, article: NamedNode) -> list[Claim]:
    """The claims of an article."""
    quads = view.quads_for_pattern(None, v.WAS_DERIVED_FROM, article, _ALL)
    spans = view.quads_for_pattern(None, v.REFERENCE_CONTEXT, article, _ALL)
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    for span in spans:
        triggered = view.quads_for_pattern(None, v.TRIGGER_EVIDENCE, span.subject, _ALL)
        found |= {quad.subject for quad in triggered if isinstance(quad.subject, NamedNode)}
    return read(view, sorted(found, key=str))


def read(view: Store, nodes: Iterable[NamedNode]) -> list[Claim]:
    """The claims with these ids, without those that belong to the claims of others."""
    dates: dict[str, str] = {}
    found = (_claim(view, node, dates) for node in nodes)
    return [claim for claim in found if claim is not None and claim.relation not in JOINED]


def _claim(view: Store, node: NamedNode, dates: dict[str, str]) -> Claim | None:
    """A claim by its own triples; None for one that was refused."""
    values = {quad.predicate: quad.object for quad in view.quads_for_pattern(node, None, None, _ALL)}
    trigger, relation, about = values.get(v.TRIGGER_EVIDENCE), values.get(v.RELATION), values.get(v.ABOUT)
    if values.get(v.TYPE) != v.CLAIM or not isinstance(trigger, NamedNode) or not isinstance(relation, Literal):
        return None
    article = NamedNode(trigger.value.partition("#")[0])
    if article.value not in dates:
        dates[article.value] = day_of(view, article)
    return Claim(
        node,
        relation.value,
        _node(values.get(v.SUBJECT)),
        _node(values.get(v.OBJECT)),
        about if isinstance(about, NamedNode) else None,
        article,
        dates[article.value],
    )


def day_of(view: Store, article: NamedNode) -> str:
    """The day of publication, ISO 8601; empty where it isn't known."""
    days = view.quads_for_pattern(article, v.DATE_PUBLISHED, None, _ALL)
    return min((quad.object.value[:10] for quad in days if isinstance(quad.object, Literal)), default="")


def _node(term: object) -> Node | None:
    return term if isinstance(term, NamedNode | BlankNode | Literal) else None


def facts(claims: Iterable[Claim]) -> list[Fact]:
    """Claims that say the same together; by relation as ``order`` has it, the latest said first."""
    alike: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        key = (claim.relation, str(claim.subject), str(claim.object), str(claim.about))
        alike.setdefault(key, []).append(claim)
    found = [Fact(key[0], tuple(sorted(same, key=_oldest))) for key, same in alike.items()]
    found.sort(key=lambda fact: (str(fact.claims[0].subject), str(fact.claims[0].object), fact.claims[0].node.value))
    found.sort(key=lambda fact: fact.last, reverse=True)
    found.sort(key=lambda fact: order(fact.relation))
    return found


def _oldest(claim: Claim) -> tuple[str, str]:
    return claim.date or "9999", claim.node.value


def marks(view: Store, claim: NamedNode) -> list[Mark]:
    """The words of a claim in the order of the text; a role but for ``other`` where they have one."""
    found: dict[tuple[int, int], Mark] = {}
    for predicate, role in ROLES:
        for quad in view.quads_for_pattern(claim, predicate, None, _ALL):
            place = _PLACE.search(quad.object.value) if isinstance(quad.object, NamedNode) else None
            if place and isinstance(quad.object, NamedNode):
                begin, end = int(place[1]), int(place[2])
                found.setdefault((begin, end), Mark(begin, end, role, _words(view, quad.object)))
    return sorted(found.values())


def _words(view: Store, span: NamedNode) -> str:
    quads = view.quads_for_pattern(span, v.ANCHOR_OF, None, _ALL)
    return next((quad.object.value for quad in quads if isinstance(quad.object, Literal)), "")


# ---------------------------------------------------------------- groups


@record(frozen=True, slots=True)
class Group:
    """A part of a page: relations under one heading."""

    slug: str
    names: Mapping[str, str]
    relations: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """The parts in their order, from ``data/explorer/groups.toml``."""
    rows = tomllib.loads(resources.path("data/explorer/groups.toml").read_text("utf-8"))["group"]
    return tuple(Group(row["slug"], {"id": row["id"], "en": row["en"]}, tuple(row["relations"])) for row in rows)


def grouped(found: Sequence[Fact]) -> list[tuple[Group, list[Fact]]]:
    """The facts by part of the page; parts without any are left out."""
    by_slug: dict[str, list[Fact]] = {}
    for fact in found:
        by_slug.setdefault(_group_of(fact.relation).slug, []).append(fact)
    return [(group, by_slug[group.slug]) for group in groups() if group.slug in by_slug]


@cache
def _group_of(relation: str) -> Group:
    return next((group for group in groups() if relation in group.relations), groups()[-1])


@cache
def order(relation: str) -> tuple[int, int]:
    """Where a relation stands on a page."""
    group = _group_of(relation)
    inside = group.relations.index(relation) if relation in group.relations else len(group.relations)
    return groups().index(group), inside
