"""All that flows between the stages: plain frozen values, no RDF, no files."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from kg.records import record


class Kind(StrEnum):
    """What a thing is; each value is the local name of its class in the ontology."""

    OFFICIAL = "Official"
    POST = "Post"
    MINISTRY = "Ministry"
    UNIT = "Unit"
    BODY = "Body"
    OUTLET = "Outlet"
    GOVERNMENT = "Government"
    NETWORK = "Network"
    COUNTRY = "Country"
    PROVINCE = "Province"
    PREFECTURE = "Prefecture"
    CITY = "City"
    REGENCY = "Regency"
    DISTRICT = "District"
    VENUE = "Venue"
    PLACE = "Place"
    MEETING = "Meeting"
    SERIES = "MeetingSeries"
    AGREEMENT = "Agreement"
    AWARD = "Award"
    PROGRAMME = "Programme"


PLACES = frozenset(
    {
        Kind.COUNTRY,
        Kind.PROVINCE,
        Kind.PREFECTURE,
        Kind.CITY,
        Kind.REGENCY,
        Kind.DISTRICT,
        Kind.VENUE,
        Kind.PLACE,
    }
)
BODIES = frozenset({Kind.MINISTRY, Kind.UNIT, Kind.BODY, Kind.OUTLET, Kind.GOVERNMENT, Kind.NETWORK})


class Relation(StrEnum):
    """What a claim says. The first two roles of ROLES are its subject and its object."""

    PUBLISHED = "published"
    DATED = "dated"
    HOLDS_POST = "holds_post"
    UNIT_OF = "unit_of"
    ALIAS = "alias"
    MEMBER_OF = "member_of"
    HELD_ON = "held_on"
    ENDS_ON = "ends_on"
    HELD_IN = "held_in"
    EDITION = "edition"
    ORGANISED_BY = "organised_by"
    ATTENDED_BY = "attended_by"
    LEADS_DELEGATION = "leads_delegation"
    LOCATED_IN = "located_in"
    SAYS = "says"
    FUNDING = "funding"
    APPOINTED = "appointed"
    HELD_POST = "held_post"
    PARTY_TO = "party_to"
    AWARDED = "awarded"
    NETWORK_ROLE = "network_role"
    MEMBER_COUNT = "member_count"
    FOUNDED = "founded"
    RUNS_PROGRAMME = "runs_programme"


ROLES: Mapping[Relation, tuple[str, ...]] = MappingProxyType(
    {
        # subject, object, then the optional ones (marked "?")
        Relation.PUBLISHED: ("article", "publisher"),
        Relation.DATED: ("article", "date"),
        Relation.HOLDS_POST: (
            "person",
            "post",
            "organisation?",
            "for?",
            "appointment",
            "status",
        ),
        Relation.UNIT_OF: ("unit", "parent"),
        Relation.ALIAS: ("name", "alias"),
        Relation.MEMBER_OF: ("member", "network", "status", "focus?", "since?"),
        Relation.HELD_ON: ("meeting", "date"),
        Relation.ENDS_ON: ("meeting", "date"),
        Relation.HELD_IN: ("meeting", "place"),
        Relation.EDITION: ("meeting", "number"),
        Relation.ORGANISED_BY: ("meeting", "organiser"),
        Relation.ATTENDED_BY: ("meeting", "participant"),
        Relation.LEADS_DELEGATION: ("person", "of", "meeting?"),
        Relation.LOCATED_IN: ("place", "within"),
        Relation.SAYS: ("person", "text"),
        Relation.FUNDING: (
            "article",
            "amount",
            "currency",
            "kind?",
            "purpose?",
            "until?",
        ),
        Relation.APPOINTED: (
            "person",
            "post",
            "organisation?",
            "appointment",
            "by?",
            "date?",
            "replaces?",
        ),
        Relation.HELD_POST: (
            "person",
            "post",
            "organisation?",
            "for?",
            "appointment",
            "status",
            "until?",
        ),
        Relation.PARTY_TO: ("agreement", "party", "subject?", "date?"),
        Relation.AWARDED: ("recipient", "award", "by?", "year?"),
        Relation.NETWORK_ROLE: ("actor", "network", "role", "since?", "until?"),
        Relation.MEMBER_COUNT: ("network", "number"),
        Relation.FOUNDED: ("network", "date", "place?"),
        Relation.RUNS_PROGRAMME: ("programme", "owner", "purpose?"),
    }
)


@record(frozen=True, slots=True, order=True)
class Evidence:
    """Where the text says it: code points in ``Article.text``, ``end`` exclusive."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"an evidence span must not be empty: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The exact words."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """A text in Unicode NFC with line ends ``\\n``, and what its page or front matter says about it."""

    text: str
    source: str = "-"  # path or URL it was read from; never part of its identity
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: dt.date | None = None
    language: str = "id"
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.text.encode()).hexdigest())

    @property
    def key(self) -> str:
        """The last part of its id: 16 hexadecimal digits of the text's SHA-256."""
        return self.sha256[:16]


@record(frozen=True, slots=True)
class Acceptance:
    """A person's word that a claim be let in although it breaks these shapes (IRIs); ``date`` is ISO 8601."""

    author: str
    date: str
    reason: str
    shapes: frozenset[str]


@record(frozen=True, slots=True, order=True)
class Label:
    """A name with its language (BCP 47)."""

    text: str
    language: str = "id"


@record(frozen=True, slots=True)
class Entity:
    """One thing, whatever names the article gives it.

    ``key`` is the path of its id below ``id/``, as in ``place/35.78``. ``label`` is the preferred name, the same in
    every article that names the thing; ``aliases`` are the other names that this article uses. ``links`` are other
    things that its description needs: ``territory`` of a government, ``body`` and ``region`` of a post.
    """

    kind: Kind
    key: str
    label: Label
    aliases: tuple[Label, ...] = ()
    links: tuple[tuple[str, Entity], ...] = ()
    role: str | None = None  # of a post: key of the concept, as in "role/direktur-jenderal"
    known: bool = False  # the identity comes from reference data
    why: str = ""  # how it was resolved, or why it stays without a link

    def link(self, name: str) -> Entity | None:
        """The linked thing of that name, if there is one."""
        return next((thing for key, thing in self.links if key == name), None)


class Appointment(StrEnum):
    """How a post is held; each value is the local name of a concept in the ontology."""

    DEFINITIVE = "definitive"
    ACTING = "acting"  # Plt., Pelaksana Tugas
    DAILY = "acting-daily"  # Plh., Pelaksana Harian
    INTERIM = "interim"  # Pj., Penjabat
    TEMPORARY = "interim-temporary"  # Pjs., Penjabat Sementara
    AD_INTERIM = "ad-interim"


class Status(StrEnum):
    """Whether a tenure or membership holds; each value is the local name of a concept in the ontology."""

    CURRENT = "current"
    FORMER = "former"
    PROJECTED = "projected"


class FundingKind(StrEnum):
    """What is said of the money; each value is the local name of a concept in the ontology."""

    NEEDED = "needed"
    INVESTED = "invested"
    GRANTED = "granted"
    BUDGETED = "budgeted"
    LENT = "lent"


class NetworkRole(StrEnum):
    """What a country or body is in a network; each value is the local name of a concept in the ontology."""

    CHAIR = "chair"
    VICE_CHAIR = "vice-chair"
    HOST = "host"
    SECRETARIAT = "secretariat"
    SHEPHERD = "shepherd"
    COORDINATOR = "coordinator"
    FOUNDER = "founder"


Value = Entity | Article | Label | Appointment | Status | FundingKind | NetworkRole | dt.date | Decimal | int | str


@record(frozen=True, slots=True)
class Argument:
    """The value of one role and the words that give it; ``evidence`` is None where the value is implied."""

    value: Value
    evidence: Evidence | None = None


@record(frozen=True, slots=True)
class Claim:
    """One statement of the article, with the words that state it and the rule that found it."""

    relation: Relation
    arguments: tuple[tuple[str, Argument], ...]  # in the order of ROLES
    trigger: Evidence
    rule: str
    confidence: Decimal = Decimal(1)

    def get(self, role: str) -> Argument | None:
        """The argument of that role, if it was stated."""
        return next((argument for name, argument in self.arguments if name == role), None)

    def __getitem__(self, role: str) -> Argument:
        argument = self.get(role)
        if argument is None:
            raise KeyError(role)
        return argument

    @property
    def subject(self) -> Argument:
        """The argument of the relation's first role; it always has evidence."""
        return self.arguments[0][1]

    @property
    def object(self) -> Argument:
        """The argument of the relation's second role; it always has evidence."""
        return self.arguments[1][1]
