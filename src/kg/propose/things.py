"""Words of the text -> the things and values that they stand for, as the reading of the article names them.

Words that the rules have read as a name mean the same thing here. Others are named the way the rules would name them,
by the reference data, else by the words. What names nothing of the wanted kind stays text, and the gate refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from kg.calendar import DateValue, as_date
from kg.claims import Context, agreements
from kg.meetings import ordinal
from kg.mention import Mention
from kg.model import PLACES, Entity, Evidence, Kind, Label, Value
from kg.money import Money, spelled
from kg.names import plain, slug
from kg.propose.declared import Role
from kg.records import record

YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
MARKS: Final = "\"“”„‟«»'‘’ \n\t,"
OPENING_A_NAME: Final = re.compile(r"[^\w]*(?:\d|[A-Z]|[^\W\d_a-z])")
_BODIES: Final = (Kind.MINISTRY, Kind.UNIT, Kind.BODY, Kind.OUTLET, Kind.GOVERNMENT)
TYPES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.OFFICIAL: "person",
        Kind.POST: "post",
        Kind.NETWORK: "network",
        Kind.VENUE: "venue",
        Kind.MEETING: "event",
        Kind.AGREEMENT: "agreement",
        **dict.fromkeys(_BODIES, "body"),
        **dict.fromkeys(PLACES - {Kind.VENUE}, "place"),
    }
)
"""The type of mention that a kind of thing is named by."""


@record(frozen=True, slots=True)
class Spot:
    """Words of the text where they stand, and the kind of thing that they are said to name."""

    evidence: Evidence
    kind: Kind | None = None


class Things:
    """The things and values of one article."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._entities = context.entities
        self._exact: dict[tuple[int, int], list[Mention]] = {}
        for mention in context.entities.every:
            for span in dict.fromkeys(((mention.start, mention.end), mention.name)):
                self._exact.setdefault(span, []).append(mention)
        self._own: dict[tuple[int, int, str], Mention] = {}  # kept: the reading remembers mentions by their identity

    def words(self, spot: Spot) -> Label:
        """The words as text."""
        text = plain(spot.evidence.of(self._context.text)) or spot.evidence.of(self._context.text)
        return Label(text, self._context.lexicon.tongue(text))

    # ------------------------------------------------------------------------------------------------- things

    def thing(self, spot: Spot, role: Role, body: Spot | None = None) -> Value:
        """The thing that words name, of a kind that the role takes; the words where there is none.

        ``body``: of a post, the body that it is in.
        """
        wanted = sorted(role.kinds, key=lambda kind: kind is not spot.kind)  # what it is said to be comes first
        for mention in self._mentions(spot, wanted):
            candidates = [thing for thing in self._meant(mention, body) if thing is not None]
            for kind in wanted:
                if (found := next((thing for thing in candidates if thing.kind is kind), None)) is not None:
                    return found
        return self._named_by_itself(spot, wanted) or self.words(spot)

    def _mentions(self, spot: Spot, wanted: Sequence[Kind]) -> Iterator[Mention]:
        """The mentions that the words are, then the one that they would be if the rules had seen one there."""
        span = spot.evidence.start, spot.evidence.end
        yield from self._exact.get(span, ())
        if Kind.OFFICIAL in wanted and (person := self._person_in(spot.evidence)) is not None:
            yield person
        kind = wanted[0]
        if kind in TYPES and self._may_be_name(spot.evidence, kind):
            yield self._made(span, TYPES[kind])
        elif (known := self._known_inside(spot.evidence, kind)) is not None:
            yield known

    def _inside(self, span: Evidence) -> list[Mention]:
        return [m for m in self._entities.every if m.head is None and span.start <= m.start and m.end <= span.end]

    def _person_in(self, span: Evidence) -> Mention | None:
        """The person in words that hold nothing else but posts, bodies and places: "Wali Kota Bitung Ratna Dewi"."""
        inside = self._inside(span)
        persons = [mention for mention in inside if mention.type == "person" and not mention.generic]
        rest = list(span.of(self._context.text))
        for mention in inside:
            rest[mention.start - span.start : mention.end - span.start] = " " * (mention.end - mention.start)
        return persons[0] if len(persons) == 1 and not any(char.isalnum() for char in rest) else None

    def _may_be_name(self, span: Evidence, kind: Kind) -> bool:
        """Whether words can be a name that the rules haven't seen: begun like one, cutting no other into pieces."""
        if kind is not Kind.POST and OPENING_A_NAME.match(span.of(self._context.text)) is None:
            return False
        if kind is Kind.OFFICIAL and any(mention.type != "unknown" for mention in self._inside(span)):
            return False
        return not any(
            mention.start < at < mention.end for mention in self._around(span) for at in (span.start, span.end)
        )

    def _around(self, span: Evidence) -> list[Mention]:
        """The names that have a part in a span, or the span in them."""
        names = (m for m in self._entities.every if m.head is None and m.type not in ("quote", "unknown"))
        return [name for name in names if name.start < span.end and span.start < name.end]

    def _known_inside(self, span: Evidence, kind: Kind) -> Mention | None:
        """A name inside a longer one, as the city in that of its office, if the reference data knows it."""
        longer = [mention for mention in self._around(span) if mention.start <= span.start and span.end <= mention.end]
        if not longer or kind not in (*_BODIES, Kind.NETWORK, *PLACES):
            return None
        type_ = "place" if kind in (Kind.GOVERNMENT, *PLACES) else TYPES[kind]
        mention = self._made((span.start, span.end), type_)
        found = self._entities.place(mention) if type_ == "place" else self._entities.actor(mention)
        return mention if found is not None and found.known else None

    def _made(self, span: tuple[int, int], type_: str) -> Mention:
        if (*span, type_) not in self._own:
            mention = self._own[*span, type_] = Mention(*span, type_, "W")
            mention.parts["name"] = span
        return self._own[*span, type_]

    def _meant(self, mention: Mention, body: Spot | None) -> list[Entity | None]:
        """The things that a mention may stand for."""
        core, entities = mention.core, self._entities
        if core.type == "person":
            return [entities.person(core)]
        if core.type == "post":
            holder = self._context.holders.of(core)
            return [self._post(mention, body), entities.person(holder) if holder is not None else None]
        if core.type in ("place", "venue"):
            return [entities.place(mention), entities.actor(mention)]
        if core.type == "event":
            return [self._meeting(core)]
        if core.type == "agreement":
            return [agreements.named(self._context, core)]
        return [entities.actor(mention)]

    def _post(self, mention: Mention, body: Spot | None) -> Entity:
        """A post, in the body that its phrase or its own name gives; else in the one that is said."""
        outer = mention.linked.get("org")
        if not isinstance(outer, Mention) and body is not None and "region" not in mention.core.parts:
            outer = next(self._mentions(body, [body.kind or Kind.BODY]), None)
        found = outer if isinstance(outer, Mention) and outer.core.type in ("body", "network", "place") else None
        return self._context.posts.held(mention.core, found, None).entity

    def _meeting(self, core: Mention) -> Entity:
        meeting = self._context.meetings.of(core)
        if meeting is None:
            return self._context.meetings.called(self._entities.words(core))
        return self._entities.body(core) if meeting.network else self._context.meetings.entity(meeting)

    def _named_by_itself(self, spot: Spot, wanted: Sequence[Kind]) -> Entity | None:
        """A thing that is nothing but its name: an award, a programme."""
        label, kind = self.words(spot), wanted[0]
        if kind not in (Kind.AWARD, Kind.PROGRAMME) or OPENING_A_NAME.match(label.text) is None:
            return None
        return Entity(kind, f"{kind.value.lower()}/{slug(label.text)}", label, why="named by the text")

    # ------------------------------------------------------------------------------------------------- values

    def value(self, spot: Spot, name: str) -> tuple[Value, Evidence] | None:
        """What words stand for as a value of that name, and where; None where nothing can tell."""
        if name == "quotation":
            return self._quotation(spot.evidence)
        return READERS[name](self, spot), spot.evidence

    def _quotation(self, span: Evidence) -> tuple[Value, Evidence] | None:
        """Words inside quotation marks, without them."""
        said = span.of(self._context.text)
        start = span.start + len(said) - len(said.lstrip(MARKS))
        end = span.end - len(said) + len(said.rstrip(MARKS))
        quoted = any(m.type == "quote" and m.start <= start and end <= m.end for m in self._entities.every)
        if not quoted or start >= end:
            return None
        return Label(self._context.text[start:end], self._context.article.language), Evidence(start, end)

    def _only(self, span: Evidence, type_: str) -> Mention | None:
        found = [mention for mention in self._inside(span) if mention.type == type_]
        return found[0] if len(found) == 1 else None

    def _days(self, spot: Spot) -> tuple[str, str] | None:
        mention = self._only(spot.evidence, "date")
        return self._context.days(mention) if mention is not None and isinstance(mention.value, DateValue) else None

    def day(self, spot: Spot) -> Value:
        """The first day of a date."""
        days = self._days(spot)
        return as_date(days[0]) if days is not None else self.words(spot).text

    def last_day(self, spot: Spot) -> Value:
        """The last day of a date."""
        days = self._days(spot)
        return as_date(days[1]) if days is not None else self.words(spot).text

    def year(self, spot: Spot) -> Value:
        """The only year in the words."""
        years = YEAR.findall(spot.evidence.of(self._context.text))
        return int(years[0]) if len(years) == 1 else self.words(spot).text

    def year_or_day(self, spot: Spot) -> Value:
        """The day of a whole date, else the only year."""
        days = self._days(spot)
        day = as_date(days[0]) if days is not None and days[0] == days[1] else None
        return self.year(spot) if day is None or isinstance(day, str) else day

    def number(self, spot: Spot) -> Value:
        """A number in digits, as an ordinal, or in words."""
        said = spot.evidence.of(self._context.text).strip()
        digits = said.replace(".", "")
        if digits.isascii() and digits.isdecimal() and len(digits) < len("1000000000"):
            return int(digits)
        place = ordinal(said, self._context.lexicon.ordinals) if said.isascii() else None
        whole = spelled(said, self._context.lexicon) if place is None else place
        return int(whole) if whole > 0 and whole == int(whole) else said

    def _money(self, spot: Spot) -> Money | None:
        mention = self._only(spot.evidence, "money")
        return mention.value if mention is not None and isinstance(mention.value, Money) else None

    def amount(self, spot: Spot) -> Value:
        """The only amount of money in the words."""
        money = self._money(spot)
        return money.amount if money is not None else self.words(spot).text

    def currency(self, spot: Spot) -> Value:
        """Its currency."""
        money = self._money(spot)
        return money.currency if money is not None else self.words(spot).text


READERS: Final[Mapping[str, Callable[[Things, Spot], Value]]] = MappingProxyType(
    {
        "day": Things.day,
        "last-day": Things.last_day,
        "year": Things.year,
        "year-or-day": Things.year_or_day,
        "number": Things.number,
        "money": Things.amount,
        "currency": Things.currency,
        "text": Things.words,
    }
)
