"""Claims -> triples with their evidence: the facts, provenance and quarantine graphs of one article.

Entities and claims come in, pyoxigraph terms go out. One function a relation says what a claim of it adds
(``STATEMENTS``); what the things are called and which class they have (``describe``) is kept apart from that, so that a
refused claim takes back exactly what it stated. Nothing is repaired here: a value that is no date becomes an ill-typed
literal, and the gate (``kg.check``) refuses it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg import __version__
from kg import vocabulary as v
from kg.model import Article, Claim, Entity, Evidence, Kind, Label, Relation, Value

Object = NamedNode | Literal

_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_IRI_SAFE: Final = "/-._~:!$&'()*+,;=@?"  # what RFC 3987 allows unescaped in a path, query or fragment


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
    provenance: tuple[Triple, ...]  # the claim itself and its evidence


# ---------------------------------------------------------------- text, literals, ids


def slug(text: str) -> str:
    """ASCII letters and digits of a name in lower case, joined by hyphens; "x" where there are none."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_SLUG.sub("-", ascii_text.lower()).strip("-") or "x"


def iri(text: str) -> NamedNode:
    """The node of an absolute IRI; what no IRI may hold is percent-encoded. ValueError for a relative one."""
    try:
        return NamedNode(text)
    except ValueError:
        path, mark, fragment = text.partition("#")
        return NamedNode(quote(path, safe=_IRI_SAFE) + mark + quote(fragment, safe=_IRI_SAFE))


def lexical(value: Value) -> str:
    """The plain text of a value: the name of a thing, an ISO 8601 date, a canonical xsd:decimal ..."""
    if isinstance(value, Entity):
        return value.label.text
    if isinstance(value, Label):
        return value.text
    if isinstance(value, Article):
        return value.key
    if isinstance(value, Decimal):
        return _decimal(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _decimal(value: Decimal) -> str:
    # The store keeps numbers, not their spelling: "0.90" would come out of it as "0.9".
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def typed(value: Value, datatype: NamedNode) -> Literal:
    """A literal of that datatype, whether or not the value is one: the gate decides."""
    return Literal(lexical(value), datatype=datatype)


def when(value: Value) -> Literal:
    """A day as xsd:date, a month without a day as xsd:gYearMonth; what is neither is left to the gate."""
    text = lexical(value)
    return Literal(text, datatype=v.G_YEAR_MONTH if MONTH.fullmatch(text) else v.DATE)


def year(value: Value) -> Literal:
    """A year as xsd:gYear, four digits at least."""
    text = str(value.year) if isinstance(value, dt.date) else lexical(value)
    return Literal(text.zfill(4) if text.isdecimal() else text, datatype=v.G_YEAR)


def year_or_day(value: Value) -> Literal:
    """A day as xsd:date, a year as xsd:gYear."""
    return typed(value, v.DATE) if isinstance(value, dt.date) else year(value)


def worded(value: Value, language: str) -> Literal:
    """Text with its language: a label's own, else the one given."""
    tag = value.language if isinstance(value, Label) else language
    return Literal(lexical(value), language=tag.lower())


def concept(value: Value) -> NamedNode:
    """The ontology's concept of an appointment, a status, a kind of funding or a role."""
    return NamedNode(v.ONTOLOGY_BASE + quote(lexical(value), safe="-"))


@dataclass(frozen=True, slots=True)
class Ids:
    """Every id, from few stable raw fields: no clock, counter or chance."""

    base: str = v.DEFAULT_BASE

    def node(self, path: str) -> NamedNode:
        """The node of a path below ``id/``, as in ``place/35.78``."""
        return iri(f"{self.base}id/{path}")

    def article(self, article: Article) -> NamedNode:
        """The article, which is also the name of the graph of its facts."""
        return self.node(f"article/{article.key}")

    def provenance(self, article: Article) -> NamedNode:
        """The graph of its claims and their evidence."""
        return self.node(f"article/{article.key}/provenance")

    def quarantine(self, article: Article) -> NamedNode:
        """The graph of its refused claims."""
        return self.node(f"article/{article.key}/quarantine")

    def extraction(self, article: Article) -> NamedNode:
        """The activity that read it."""
        return self.node(f"article/{article.key}/extraction")

    def evidence(self, article: Article, span: Evidence) -> NamedNode:
        """A span of its text, by RFC 5147: code points, end exclusive."""
        return self.node(f"article/{article.key}#char={span.start},{span.end}")

    def software(self, version: str) -> NamedNode:
        """The program in a version."""
        return self.node(f"software/kg-{version}")

    def claim(self, article: Article, claim: Claim) -> NamedNode:
        """A claim, by what it says, where and by which rule: 10 hexadecimal digits of a SHA-256."""
        parts = [article.key, claim.relation, claim.rule, _span(claim.trigger)]
        parts += [f"{name}={_fingerprint(arg.value)}@{_span(arg.evidence)}" for name, arg in claim.arguments]
        digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
        return self.node(f"claim/{article.key}-{digest[:10]}")

    def tenure(self, claim: Claim) -> NamedNode:
        """A holding of a post: person, post, and what is not the plain case of appointment and status."""
        parts = [_tail(claim["person"].value), _tail(claim["post"].value)]
        parts += _unless(claim, "appointment", "definitive") + _unless(claim, "status", "current")
        return self.node("tenure/" + "--".join(parts))

    def appointment(self, claim: Claim) -> NamedNode:
        """An appointment: person, post, and the manner unless it is definitive."""
        parts = [_tail(claim["person"].value), _tail(claim["post"].value)]
        return self.node("appointment/" + "--".join(parts + _unless(claim, "appointment", "definitive")))

    def awarding(self, claim: Claim) -> NamedNode:
        """The giving of an award: recipient, award, and the year if there is one."""
        parts = [_tail(claim["recipient"].value), _tail(claim["award"].value)]
        return self.node("awarding/" + "--".join(parts + _unless(claim, "year", "")))

    def network_role(self, claim: Claim) -> NamedNode:
        """A role in a network: who, where, which, and its first year if there is one."""
        parts = [_tail(claim[role].value) for role in ("actor", "network", "role")]
        return self.node("network-role/" + "--".join(parts + _unless(claim, "since", "")))

    def member_count(self, article: Article, claim: Claim) -> NamedNode:
        """How many members a network has: by this article, since the next one may say another number."""
        return self.node(f"member-count/{_tail(claim['network'].value)}--{article.key}")

    def membership(self, claim: Claim) -> NamedNode:
        """A membership: member, network, and the status unless it is current."""
        parts = [_tail(claim["member"].value), _tail(claim["network"].value)]
        return self.node("membership/" + "--".join(parts + _unless(claim, "status", "current")))

    def delegation(self, article: Article, claim: Claim) -> NamedNode:
        """A delegation: whose it is and the meeting; without a meeting it is this article's own."""
        meeting = claim.get("meeting")
        where = _tail(meeting.value) if meeting else article.key
        return self.node(f"delegation/{_tail(claim['of'].value)}--{where}")

    def spanned(self, kind: str, article: Article, claim: Claim) -> NamedNode:
        """A quotation or funding: it is what the object's words are, in this article."""
        return self.node(f"{kind}/{article.key}-{_span(claim.object.evidence or claim.trigger)}")

    def theme(self, value: Value) -> NamedNode:
        """A theme that cities work on, by its name."""
        return self.node("theme/" + slug(lexical(value)))


def _tail(value: Value) -> str:
    return value.key.partition("/")[2] if isinstance(value, Entity) else slug(lexical(value))


def _unless(claim: Claim, role: str, plain: str) -> list[str]:
    argument = claim.get(role)
    text = lexical(argument.value) if argument else plain
    return [] if text == plain else [slug(text)]


def _span(span: Evidence | None) -> str:
    return f"{span.start}-{span.end}" if span else ""


def _fingerprint(value: Value) -> str:
    # The key, not the label: a corrected label must not change the claim's id.
    text = value.key if isinstance(value, Entity) else lexical(value)
    return f"{type(value).__name__}:{text}"


# ---------------------------------------------------------------- things

_LINKS: Final[Mapping[str, NamedNode | None]] = MappingProxyType(
    {"territory": v.SPATIAL, "body": v.POST_IN, "region": v.SPATIAL, "series": None}
)


def class_of(kind: Kind) -> NamedNode:
    """The class that a thing of this kind has."""
    return v.POST if kind is Kind.POST else NamedNode(v.ONTOLOGY_BASE + kind.value)


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


def _theme(value: Value, language: str, ids: Ids) -> list[Triple]:
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


# ---------------------------------------------------------------- statements: what a claim of each relation adds


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


def claim_triples(claim: Claim, article: Article, ids: Ids, as_of: dt.date | None = None) -> Stated:
    """A claim as triples. KeyError for a role that it lacks, ValueError for a subject or key that makes no node."""
    frame = Frame(article, ids, as_of)
    made = STATEMENTS[claim.relation](claim, frame)
    name = ids.claim(article, claim)
    own = _claim_node(name, claim, made, ids, article)
    naming = _naming(claim, frame)
    return Stated(claim, name, made.node, made.subject, made.predicate, made.object, made.triples, naming, own)


def own_triples(claim: Claim, article: Article, ids: Ids) -> tuple[Triple, ...]:
    """What a refused claim would add; nothing where it can't be stated at all."""
    try:
        return claim_triples(claim, article, ids).triples
    except (KeyError, ValueError):
        return ()


def _naming(claim: Claim, frame: Frame) -> tuple[Triple, ...]:
    triples: list[Triple] = []
    for role, argument in claim.arguments:
        if isinstance(argument.value, Entity):
            triples += describe(argument.value, frame.ids)
        elif role == "focus":
            triples += _theme(argument.value, frame.article.language, frame.ids)
    if claim.relation is Relation.EDITION and isinstance(claim.subject.value, Entity):
        triples += describe(series_of(claim.subject.value), frame.ids)
    return tuple(triples)


# ---------------------------------------------------------------- claims and their evidence


def _claim_node(name: NamedNode, claim: Claim, made: Statement, ids: Ids, article: Article) -> tuple[Triple, ...]:
    triples = [
        Triple(name, v.TYPE, v.CLAIM),
        *_read(name, claim),
        Triple(name, v.SUBJECT, made.subject),
        Triple(name, v.PREDICATE, made.predicate),
        Triple(name, v.OBJECT, made.object),
        *_evidence(name, claim, ids, article),
    ]
    if made.node:
        triples.append(Triple(name, v.ABOUT, made.node))
    return tuple(triples)


def _read(name: NamedNode, claim: Claim) -> list[Triple]:
    return [
        Triple(name, v.RELATION, Literal(claim.relation.value)),
        Triple(name, v.RULE, Literal(claim.rule)),
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


def _evidence(name: NamedNode, claim: Claim, ids: Ids, article: Article) -> list[Triple]:
    triples = []
    for predicate, span in spans(claim):
        triples.append(Triple(name, predicate, ids.evidence(article, span)))
        triples += span_triples(span, article, ids)
    return triples


def span_triples(span: Evidence, article: Article, ids: Ids) -> list[Triple]:
    """A span of the article's text: where it is and its exact words."""
    node = ids.evidence(article, span)
    return [
        Triple(node, v.TYPE, v.SPAN),
        Triple(node, v.REFERENCE_CONTEXT, ids.article(article)),
        Triple(node, v.BEGIN_INDEX, typed(span.start, v.NON_NEGATIVE_INTEGER)),
        Triple(node, v.END_INDEX, typed(span.end, v.NON_NEGATIVE_INTEGER)),
        Triple(node, v.ANCHOR_OF, Literal(span.of(article.text))),
    ]


def as_written(quad: Quad) -> Quad:
    """A quad that comes out of a store as it went in: Oxigraph keeps every integer type as xsd:integer."""
    value = quad.object
    if quad.predicate not in _INDICES or not isinstance(value, Literal) or value.datatype != v.INTEGER:
        return quad
    return Quad(quad.subject, quad.predicate, typed(value.value, v.NON_NEGATIVE_INTEGER), quad.graph_name)


_INDICES: Final = frozenset({v.BEGIN_INDEX, v.END_INDEX})

# ---------------------------------------------------------------- the three graphs of an article


def date_of(article: Article, claims: Iterable[Claim]) -> dt.date | None:
    """The article's date: the one that its text states, if it states exactly one, else the one of its page."""
    stated = {claim["date"].value for claim in claims if claim.relation is Relation.DATED}
    dates = [value for value in stated if isinstance(value, dt.date)]
    return dates[0] if len(dates) == 1 else article.published


def state(article: Article, claims: Iterable[Claim], base: str) -> list[Stated]:
    """All claims as triples, in their order; raises what ``claim_triples`` raises."""
    known, ids = list(claims), Ids(base)
    as_of = date_of(article, known)
    return [claim_triples(claim, article, ids, as_of) for claim in known]


def facts(article: Article, claims: Iterable[Claim], base: str, *, refused: Iterable[Claim] = ()) -> list[Triple]:
    """The facts graph: the article, what its claims state, and what the things they mention are called.

    What a refused claim states isn't stated by way of a name either: a refused alias stays out.
    """
    ids = Ids(base)
    withheld = {triple for claim in refused for triple in own_triples(claim, article, ids)}
    return ordered(facts_of(article, state(article, claims, base), withheld, ids))


def _own(stated: Iterable[Stated]) -> set[Triple]:
    return {triple for one in stated for triple in one.triples}


def facts_of(article: Article, stated: Sequence[Stated], withheld: set[Triple], ids: Ids) -> set[Triple]:
    """The same from claims that are triples already, in no order."""
    named = {triple for one in stated for triple in one.naming}
    relations = {one.claim.relation for one in stated}
    return _own(stated) | (named - withheld) | set(_article(article, relations, ids))


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
    article: Article, claims: Iterable[Claim], base: str, extraction: Extraction | None = None
) -> list[Triple]:
    """The provenance graph: the claims with their evidence, and the extraction that found them."""
    stated = state(article, claims, base)
    ids = Ids(base)
    triples = {triple for one in stated for triple in one.provenance}
    triples.add(Triple(ids.article(article), v.TYPE, v.CONTEXT))
    if extraction:
        triples.update(_extraction(article, extraction, ids))
    return ordered(triples)


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


def quarantine(article: Article, refusals: Iterable[Refused], base: str) -> list[Triple]:
    """The quarantine graph: what was refused, why, by which words, and the triples it would have added."""
    ids = Ids(base)
    return ordered({triple for refusal in refusals for triple in _refused(article, refusal, ids)})


def _refused(article: Article, refusal: Refused, ids: Ids) -> list[Triple]:
    claim = refusal.claim
    node = ids.claim(article, claim)
    return [
        Triple(node, v.TYPE, v.REFUSED_CLAIM),
        *_read(node, claim),
        Triple(node, v.STATEMENT, worded(statement(claim), "id")),
        Triple(node, v.REFUSED_TRIPLES, Literal(ntriples(ordered(own_triples(claim, article, ids))).decode())),
        Triple(node, v.SOURCE_SHAPE, iri(refusal.shape)),
        *(Triple(node, v.RESULT_MESSAGE, worded(m, m.language)) for m in refusal.messages),
        Triple(node, v.RESULT_SEVERITY, iri(refusal.severity)),
        Triple(node, v.WAS_DERIVED_FROM, ids.article(article)),
        *_sound_evidence(node, claim, ids, article),
    ]


def _sound_evidence(node: NamedNode, claim: Claim, ids: Ids, article: Article) -> list[Triple]:
    # A span beyond the text is why a claim may be here: it has no words to show.
    sound = {ids.evidence(article, span) for _, span in spans(claim) if span.end <= len(article.text)}
    kept = sound | {node}
    return [
        triple
        for triple in _evidence(node, claim, ids, article)
        if triple.subject in kept and (triple.subject != node or triple.object in sound)
    ]


def statement(claim: Claim) -> str:
    """A claim as one line of text: its relation and the values of its arguments."""
    values = [lexical(a.value) for _, a in claim.arguments if not isinstance(a.value, Article)]
    return f"{claim.relation.value}: {', '.join(values)}"


def ordered(triples: Iterable[Triple]) -> list[Triple]:
    """Without duplicates, by the N-Triples text of subject, predicate and object."""
    return sorted(set(triples), key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))


def ntriples(triples: Iterable[Triple]) -> bytes:
    """N-Triples in the order given, UTF-8."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def to_quads(
    article: Article,
    claims: Sequence[Claim],
    refusals: Sequence[Refused],
    base: str,
    extraction: Extraction | None = None,
) -> list[Quad]:
    """The three graphs of an article as quads: facts, provenance, quarantine; each sorted and without duplicates."""
    ids = Ids(base)
    graphs = (
        (ids.article(article), facts(article, claims, base, refused=[r.claim for r in refusals])),
        (ids.provenance(article), provenance(article, claims, base, extraction)),
        (ids.quarantine(article), quarantine(article, refusals, base)),
    )
    return [Quad(t.subject, t.predicate, t.object, graph) for graph, triples in graphs for t in triples]
