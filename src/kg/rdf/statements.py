"""What a claim of each relation adds to the facts: one function a relation (``STATEMENTS``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg import vocabulary as v
from kg.model import Article, Claim, Entity, Kind, Label, Relation, Value
from kg.rdf.terms import Ids, Object, concept, lexical, typed, when, worded, year, year_or_day
from kg.rdf.things import series_of
from kg.rdf.triples import Triple


@dataclass(frozen=True, slots=True)
class Frame:
    """What a statement needs beside its claim; ``as_of`` is the article's date."""

    article: Article
    ids: Ids
    as_of: dt.date | None

    def thing(self, value: Value) -> Object:
        """The node of a thing; the text of what is none, for the gate to refuse."""
        if isinstance(value, Entity):
            return self.ids.node(value.key)
        return self.ids.article(self.article) if isinstance(value, Article) else self.words(value)

    def words(self, value: Value) -> Literal:
        """Text in the article's language."""
        return worded(value, self.article.language)

    def subject(self, claim: Claim) -> NamedNode:
        """The node of the claim's subject; ValueError where it is no thing."""
        node = self.thing(claim.subject.value)
        if isinstance(node, Literal):
            raise ValueError(f"{claim.relation}: the subject {node.value!r} is no thing")
        return node


@dataclass(frozen=True, slots=True)
class Statement:
    """Subject, predicate and object of the relation, the triples, and the node that it is about, if it makes one."""

    subject: NamedNode | Literal
    predicate: NamedNode
    object: Object
    triples: tuple[Triple, ...]
    node: NamedNode | None = None


Maker = Callable[[Claim, Frame], Statement]


def _plain(claim: Claim, frame: Frame, predicate: NamedNode, value: Object, *more: Triple) -> Statement:
    subject = frame.subject(claim)
    return Statement(subject, predicate, value, (Triple(subject, predicate, value), *more))


def _published(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.PUBLISHER, frame.thing(claim["publisher"].value))


def _dated(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.DATE_PUBLISHED, typed(claim["date"].value, v.DATE))


def _holds_post(claim: Claim, frame: Frame) -> Statement:
    node, person, post = frame.ids.tenure(claim), claim["person"].value, claim["post"].value
    triples = [
        Triple(node, v.TYPE, v.TENURE),
        Triple(node, v.MEMBER, frame.thing(person)),
        Triple(node, v.HAS_POST, frame.thing(post)),
        *_given(claim, "organisation", node, v.ORGANIZATION, frame.thing),
        *_given(claim, "for", node, v.ON_BEHALF_OF, frame.thing),
        *_given(claim, "appointment", node, v.APPOINTMENT, concept),
        *_given(claim, "status", node, v.STATUS, concept),
    ]
    if isinstance(post, Entity) and post.role:
        triples.append(Triple(node, v.ROLE, frame.ids.node(post.role)))
    if frame.as_of:
        triples.append(Triple(node, v.AS_OF, typed(frame.as_of, v.DATE)))
    return Statement(frame.thing(person), v.HAS_POST, frame.thing(post), tuple(triples), node)


def _held_post(claim: Claim, frame: Frame) -> Statement:
    made = _holds_post(claim, frame)
    assert made.node is not None
    return replace(made, triples=(*made.triples, *_given(claim, "until", made.node, v.UNTIL, year_or_day)))


def _appointed(claim: Claim, frame: Frame) -> Statement:
    node, person, post = (
        frame.ids.appointment(claim),
        frame.thing(claim["person"].value),
        frame.thing(claim["post"].value),
    )
    triples = (
        Triple(node, v.TYPE, v.APPOINTMENT_EVENT),
        Triple(node, v.APPOINTEE, person),
        Triple(node, v.APPOINTED_TO, post),
        *_given(claim, "appointment", node, v.APPOINTMENT, concept),
        *_given(claim, "by", node, v.APPOINTED_BY, frame.thing),
        *_given(claim, "date", node, v.START_DATE, lambda value: typed(value, v.DATE)),
        *_given(claim, "replaces", node, v.REPLACES, frame.thing),
    )
    return Statement(person, v.APPOINTED_TO, post, triples, node)


def _given(
    claim: Claim, role: str, node: NamedNode, predicate: NamedNode, make: Callable[[Value], Object]
) -> list[Triple]:
    argument = claim.get(role)
    return [Triple(node, predicate, make(argument.value))] if argument else []


def _unit_of(claim: Claim, frame: Frame) -> Statement:
    unit, parent = claim["unit"].value, claim["parent"].value
    # org:unitOf is for the first level of a public organisation (CPOV demands one); elsewhere it is only a part.
    first_level = _is(unit, Kind.UNIT) and (_is(parent, Kind.MINISTRY) or _is(parent, Kind.GOVERNMENT))
    return _plain(claim, frame, v.UNIT_OF if first_level else v.SUB_ORGANIZATION_OF, frame.thing(parent))


def _is(value: Value, kind: Kind) -> bool:
    return isinstance(value, Entity) and value.kind is kind


def _alias(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.ALT_LABEL, frame.words(claim["alias"].value))


def _member_of(claim: Claim, frame: Frame) -> Statement:
    node, member = frame.ids.membership(claim), claim["member"].value
    network = frame.thing(claim["network"].value)
    place = member.link("territory") if isinstance(member, Entity) else None
    triples = [
        Triple(node, v.TYPE, v.NETWORK_MEMBERSHIP),
        Triple(node, v.MEMBER, frame.thing(member)),
        Triple(node, v.ORGANIZATION, network),
        *([Triple(node, v.MEMBER_PLACE, frame.ids.node(place.key))] if place else []),
        *_given(claim, "status", node, v.STATUS, concept),
        *_given(claim, "focus", node, v.DCT_SUBJECT, frame.ids.theme),
        *_given(claim, "since", node, v.SINCE, year),
    ]
    return Statement(frame.thing(member), v.ORGANIZATION, network, tuple(triples), node)


def _held_on(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.START_DATE, when(claim["date"].value))


def _ends_on(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.END_DATE, when(claim["date"].value))


def _held_in(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.LOCATION, frame.thing(claim["place"].value))


def _edition(claim: Claim, frame: Frame) -> Statement:
    meeting, number = claim["meeting"].value, typed(claim["number"].value, v.INTEGER)
    more = []
    if isinstance(meeting, Entity):
        series = frame.ids.node(series_of(meeting).key)
        more = [Triple(frame.subject(claim), v.SUPER_EVENT, series)]
    return _plain(claim, frame, v.EDITION_NUMBER, number, *more)


def _organised_by(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.ORGANIZER, frame.thing(claim["organiser"].value))


def _attended_by(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.ATTENDEE, frame.thing(claim["participant"].value))


def _leads_delegation(claim: Claim, frame: Frame) -> Statement:
    node, person, whose = frame.ids.delegation(frame.article, claim), claim["person"].value, claim["of"].value
    territory = whose.link("territory") if isinstance(whose, Entity) else None
    name = Label(f"Delegasi {lexical(territory or whose)}", "id")
    triples = (
        Triple(node, v.TYPE, v.DELEGATION),
        Triple(node, v.PREF_LABEL, frame.words(name)),
        Triple(node, v.ON_BEHALF_OF, frame.thing(whose)),
        Triple(node, v.HEADED_BY, frame.thing(person)),
        *_given(claim, "meeting", node, v.DELEGATED_TO, frame.thing),
    )
    return Statement(frame.thing(person), v.LEADS, node, triples, node)


def _located_in(claim: Claim, frame: Frame) -> Statement:
    return _plain(claim, frame, v.CONTAINED_IN_PLACE, frame.thing(claim["within"].value))


def _says(claim: Claim, frame: Frame) -> Statement:
    node, person = frame.ids.spanned("quotation", frame.article, claim), frame.thing(claim["person"].value)
    triples = (
        Triple(node, v.TYPE, v.QUOTATION),
        Triple(node, v.TEXT, frame.words(claim["text"].value)),
        Triple(node, v.SPOKEN_BY, person),
        Triple(node, v.IS_PART_OF, frame.ids.article(frame.article)),
    )
    return Statement(person, v.SAID, node, triples, node)


def _funding(claim: Claim, frame: Frame) -> Statement:
    node = frame.ids.spanned("funding", frame.article, claim)
    amount, article = NamedNode(f"{node.value}/amount"), frame.ids.article(frame.article)
    triples = (
        Triple(node, v.TYPE, v.FUNDING),
        Triple(node, v.AMOUNT, amount),
        Triple(amount, v.TYPE, v.MONETARY_AMOUNT),
        Triple(amount, v.VALUE, typed(claim["amount"].value, v.DECIMAL)),
        *_given(claim, "currency", amount, v.CURRENCY, lambda value: Literal(lexical(value))),
        *_given(claim, "kind", node, v.FUNDING_KIND, concept),
        *_given(claim, "purpose", node, v.DESCRIPTION, frame.words),
        *_given(claim, "until", node, v.UNTIL_YEAR, year),
        Triple(node, v.SOURCE, article),
    )
    return Statement(article, v.MENTIONS_FUNDING, node, triples, node)


def _party_to(claim: Claim, frame: Frame) -> Statement:
    node = frame.subject(claim)
    more = (
        *_given(claim, "subject", node, v.DESCRIPTION, frame.words),
        *_given(claim, "date", node, v.DCT_DATE, lambda value: typed(value, v.DATE)),
    )
    return _plain(claim, frame, v.PARTY, frame.thing(claim["party"].value), *more)


def _awarded(claim: Claim, frame: Frame) -> Statement:
    node, recipient = frame.ids.awarding(claim), frame.thing(claim["recipient"].value)
    award = frame.thing(claim["award"].value)
    triples = (
        Triple(node, v.TYPE, v.AWARD_GIVEN),
        Triple(node, v.RECIPIENT, recipient),
        Triple(node, v.AWARD, award),
        *_given(claim, "by", node, v.AWARDED_BY, frame.thing),
        *_given(claim, "year", node, v.AWARD_YEAR, year),
    )
    return Statement(recipient, v.AWARD, award, triples, node)


def _network_role(claim: Claim, frame: Frame) -> Statement:
    node, actor = frame.ids.network_role(claim), frame.thing(claim["actor"].value)
    network = frame.thing(claim["network"].value)
    triples = (
        Triple(node, v.TYPE, v.NETWORK_ROLE),
        Triple(node, v.MEMBER, actor),
        Triple(node, v.ORGANIZATION, network),
        *_given(claim, "role", node, v.ROLE, concept),
        *_given(claim, "since", node, v.SINCE, year),
        *_given(claim, "until", node, v.UNTIL, year),
    )
    return Statement(actor, v.ORGANIZATION, network, triples, node)


def _member_count(claim: Claim, frame: Frame) -> Statement:
    node, network = frame.ids.member_count(frame.article, claim), frame.thing(claim["network"].value)
    number = typed(claim["number"].value, v.INTEGER)
    triples = [
        Triple(node, v.TYPE, v.MEMBER_COUNT),
        Triple(node, v.COUNT_OF, network),
        Triple(node, v.MEMBERS, number),
    ]
    if frame.as_of:
        triples.append(Triple(node, v.AS_OF, typed(frame.as_of, v.DATE)))
    return Statement(network, v.MEMBERS, number, tuple(triples), node)


def _founded(claim: Claim, frame: Frame) -> Statement:
    more = _given(claim, "place", frame.subject(claim), v.FOUNDING_LOCATION, frame.thing)
    return _plain(claim, frame, v.FOUNDING_DATE, year_or_day(claim["date"].value), *more)


def _runs_programme(claim: Claim, frame: Frame) -> Statement:
    more = _given(claim, "purpose", frame.subject(claim), v.DESCRIPTION, frame.words)
    return _plain(claim, frame, v.PROVIDER, frame.thing(claim["owner"].value), *more)


STATEMENTS: Final[Mapping[Relation, Maker]] = MappingProxyType(
    {
        Relation.PUBLISHED: _published,
        Relation.DATED: _dated,
        Relation.HOLDS_POST: _holds_post,
        Relation.UNIT_OF: _unit_of,
        Relation.ALIAS: _alias,
        Relation.MEMBER_OF: _member_of,
        Relation.HELD_ON: _held_on,
        Relation.ENDS_ON: _ends_on,
        Relation.HELD_IN: _held_in,
        Relation.EDITION: _edition,
        Relation.ORGANISED_BY: _organised_by,
        Relation.ATTENDED_BY: _attended_by,
        Relation.LEADS_DELEGATION: _leads_delegation,
        Relation.LOCATED_IN: _located_in,
        Relation.SAYS: _says,
        Relation.FUNDING: _funding,
        Relation.APPOINTED: _appointed,
        Relation.HELD_POST: _held_post,
        Relation.PARTY_TO: _party_to,
        Relation.AWARDED: _awarded,
        Relation.NETWORK_ROLE: _network_role,
        Relation.MEMBER_COUNT: _member_count,
        Relation.FOUNDED: _founded,
        Relation.RUNS_PROGRAMME: _runs_programme,
    }
)
