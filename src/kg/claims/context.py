"""What the builders of claims share: the article, its things and meetings, and how a filler becomes an argument."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from kg.calendar import DateValue, as_date
from kg.claims.holders import Holders
from kg.entities import Entities
from kg.lexicon import Lexicon
from kg.meetings import MOST_EDITIONS, Meeting, Meetings, ordinal
from kg.mention import Mention
from kg.model import Argument, Article, Claim, Entity, Evidence, Label, Relation, Value
from kg.names import plain
from kg.positions import Placed
from kg.posts import Posts
from kg.rules import Filler, Finding, Words

if TYPE_CHECKING:
    from kg.claims.agreements import Signing

Lookup = TypeVar("Lookup")
QUOTATION_MARKS = "\"“”„«»' ,."
FIRST_WORD = re.compile(r"[^\W\d_]+")
LOOK_AROUND = 60  # code points around a date without a year in which it may be told whether it is to come
SPEAKS = r"(?:{say}|{according}) \ue000|\ue000,?{adv} {talk}\b"  # with the word classes of the rules
PARAGRAPH = re.compile(r"\s*\n\s*")
FULL = len("2025-01-31")  # of a date with its day
NEXT = 12  # code points between the date of a dateline and the sentence behind it


class Context:
    """One article while its claims are made."""

    def __init__(
        self,
        article: Article,
        entities: Entities,
        meetings: Meetings,
        lexicon: Lexicon,
        day: dt.date | None = None,
        dateline: Argument | None = None,
    ) -> None:
        self.day = day  # on which the article was published, as far as it is known
        self.dateline = dateline  # where the text itself gives that day
        self.article = article
        self.entities = entities
        self.meetings = meetings
        self.lexicon = lexicon
        self.form = lexicon.form
        self.text = article.text
        self._about = day or _day_about(entities, lexicon)  # on which it was written, as far as its dates tell
        self.year = self._about.year if self._about is not None else _year(entities)
        self.posts = Posts(entities)
        self.holders = Holders(entities, self.posts)
        self.spoken: dict[int, Finding] = {}
        self.purposes: dict[int, Finding] = {}  # by where an amount of money begins
        self._lookups: dict[str, Any] = {}
        self.ceremonies: list[Finding] = []  # at which several come into office, in their order
        self.agreements: dict[int, Signing] = {}  # by finding

    def claim(self, finding: Finding, relation: Relation | None = None, /, **arguments: Argument | None) -> Claim:
        """The claim of a finding, of its rule's relation if no other is given; arguments in the order of the roles."""
        stated = relation or finding.rule.relation
        assert stated is not None
        return Claim(
            stated,
            tuple([item for item in arguments.items() if item[1] is not None]),  # type: ignore[misc]
            Evidence(*finding.trigger),
            finding.rule.id,
            finding.rule.confidence,
        )

    def argument(self, value: Value | None, mention: Mention | Words | None) -> Argument | None:
        """A value with the words that give it."""
        if value is None:
            return None
        return Argument(value, None if mention is None else evidence(mention))

    def mentions(self, filler: Filler | None) -> list[Mention]:
        """The mentions that fill a role, one or several."""
        if isinstance(filler, list):
            return filler
        return [filler] if isinstance(filler, Mention) else []

    def meeting(self, finding: Finding, role: str = "event") -> Meeting | None:
        """The meeting that a finding is about: named, or the one that is spoken of."""
        filler = finding.fillers.get(role)
        if isinstance(filler, Mention):
            return self.meetings.of(filler)
        if filler == "@ceremony":
            scene = self.meetings.scene(finding.start, finding.sentence)
            return scene or self.meetings.ceremony(finding.start, finding.end)
        if filler == "@swearing":
            return self.meetings.swearing(finding.start)
        spoken_of = self.meetings.at(finding.start, finding.sentence, near=filler != "@main")
        if filler == "@held" and spoken_of is not None and self._is_to_come(spoken_of):
            return None  # "pada kesempatan yang sama" is where that meeting was announced
        return spoken_of

    def _is_to_come(self, meeting: Meeting) -> bool:
        """Whether a meeting begins after the day on which the article was written."""
        if meeting.date is None or self._about is None or len(meeting.date) != FULL:
            return False
        return meeting.date > self._about.isoformat()

    def meeting_argument(self, finding: Finding, role: str = "event") -> Argument | None:
        """The meeting with the words that name it, here or where it was named last."""
        meeting = self.meeting(finding, role)
        if meeting is None or not meeting.mentions:
            return None
        filler = finding.fillers.get(role)
        if not isinstance(filler, Mention) or filler.core.generic:
            filler = self.meetings.last_mention(meeting, finding.start)
        return Argument(self.meetings.entity(meeting), evidence(filler))

    def person(self, filler: Filler | None, finding: Finding) -> Argument | None:
        """A person: named, the last subject (``@subject``), the nearest (``@near``), who holds a post (``@holder``)."""
        mention = filler if isinstance(filler, Mention) else None
        if filler == "@speaker":
            mention = self._speaker(finding) or self.holders.subject(finding.start)
        elif filler == "@subject":
            mention = self.holders.subject(finding.start)
        elif filler == "@holder":
            post = finding.fillers.get("post")
            mention = self.holders.of(post) if isinstance(post, Mention) else None
        elif filler == "@near":
            mention = self._near(finding)
        if mention is not None and mention.core.type == "post":
            mention = self.holders.of(mention)
        if mention is not None and mention.core.generic:
            mention = self.holders.subject(mention.core.start)
        if mention is None or mention.core.type != "person":
            return None
        return self.argument(self.entities.person(mention), mention.core)

    def _near(self, finding: Finding) -> Mention | None:
        """Who speaks where the text doesn't attribute: who was named in this paragraph, is named next, was before."""
        paragraph = finding.sentence.paragraph
        subject = self.holders.subject(finding.start)
        spoken = self.entities.spoken.get(paragraph, [])
        if subject is not None and any(
            s.start <= finding.start and _names_someone(s.mentions, finding.start) for s in spoken
        ):
            return subject
        for sentence in spoken:
            for mention in sentence.mentions:
                if mention.type == "person" and mention.start > finding.start and not mention.core.generic:
                    return mention.core
        return subject

    def _speaker(self, finding: Finding) -> Mention | None:
        """Who goes on to speak where a paragraph opens with a quotation: the only one said to speak in that before."""
        paragraph = finding.sentence.paragraph
        here = [m for sentence in self.entities.spoken.get(paragraph, []) for m in sentence.mentions]
        if any(m.type in ("person", "post") and not m.core.generic and m.start < finding.start for m in here):
            return None
        form = self.once("speech", lambda _: re.compile(SPEAKS.format(**self.lexicon.macros)))
        speakers: dict[str, Mention] = {}
        for sentence in self.entities.spoken.get(paragraph - 1, []):
            for match in form.finditer(sentence.lower):
                for mention in sentence.between(*match.span()):
                    who = (
                        self.entities.person(mention) if mention.type == "person" and not mention.core.generic else None
                    )
                    if who is not None:
                        speakers.setdefault(who.key, mention.core)
        return next(iter(speakers.values())) if len(speakers) == 1 else None

    def party(self, mention: Mention, finding: Finding) -> Argument | None:
        """Who takes part: a person, body or government."""
        if mention.core.type == "post":
            mention = self.holders.of(mention) or mention
        if mention.core.type == "person":
            return self.person(mention, finding)
        return self.argument(self.entities.actor(mention), mention.core)

    @cached_property
    def present(self) -> int | None:
        """The year that the article speaks in: that of its day, else of its first full date if none is later."""
        if self.day is not None:
            return self.day.year
        years = [
            mention.value.last[0]
            for mention in self.entities.every
            if isinstance(mention.value, DateValue) and mention.value.last[0] is not None
        ]
        return years[0] if years and years[0] == max(years) else None

    def agent(self, mention: Mention, finding: Finding) -> Argument | None:
        """Who acts: a person, body or government; a post acts itself where the article names nobody who holds it."""
        if mention.core.type != "post" or self.holders.of(mention) is not None:
            return self.party(mention, finding)
        return self.argument(self.thing(mention), mention.core)

    def dates(self, finding: Finding) -> tuple[str, str] | None:
        """The first and last day that a finding gives; a day without a year lies in the article's."""
        first = self.days(finding.fillers.get("date"))
        if first is None:
            return None
        last = self.days(finding.fillers.get("until"), since=first[0])
        return (first[0], last[1]) if last and last[1] > first[0] else first

    def days(self, filler: Filler | None, since: str | None = None) -> tuple[str, str] | None:
        """The days of a date; those that are counted from another, from ``since`` or the date named before."""
        if not isinstance(filler, Mention) or not isinstance(filler.core.value, DateValue):
            return None
        value = filler.core.value
        if value.after is not None or (value.weekday is not None and since is not None):
            anchor = since if value.after is None else self._day_before(filler.core.start)
            day = value.from_anchor(dt.date.fromisoformat(anchor)) if anchor and len(anchor) == FULL else None
            return (day.isoformat(), day.isoformat()) if day else None
        return value.resolve(self._year_of(value), self.day)

    def _year_of(self, value: DateValue) -> int | None:
        """The year of a date without one: the article's, or the next or last where the words around it tell."""
        named = value.resolve(self.year, self.day)
        if named is None or self._about is None or value.last[0] is not None or value.last[2] is None:
            return self.year
        before, behind = (
            self.text[max(0, value.start - LOOK_AROUND) : value.start],
            self.text[value.end :][:LOOK_AROUND],
        )
        today = self._about.isoformat()
        ahead = self.form("calendar.ahead").search(before) or self.form("calendar.next").match(behind)
        if named[1] < today and ahead:
            return self._about.year + 1
        past = named[0] > today and self.form("calendar.last").match(behind)
        return self._about.year - 1 if past else self._about.year

    def dateline_day(self, finding: Finding) -> Argument | None:
        """The day of the dateline, for what the first sentence behind it tells without a time of its own."""
        sentence = finding.sentence
        spot = self.dateline.evidence if self.dateline is not None else None
        if spot is None or not 0 <= sentence.start - spot.end <= NEXT:
            return None
        if "\n" in self.text[spot.end : sentence.start] or self.says("relations.time", sentence.start, sentence.end):
            return None
        return self.dateline

    def says(self, form: str, start: int, end: int) -> bool:
        """Whether a pattern of the lexicon is found in a part of the text."""
        return self.form(form).search(self.text, start, end) is not None

    def closing(self, finding: Finding, first: str) -> str | None:
        """The day that a finding gives, seen from a meeting's first day: "hingga Rabu"."""
        days = self.days(finding.fillers.get("date"), since=first)
        return days[1] if days else None

    def _day_before(self, position: int) -> str | None:
        """The full date that the text named last before a position."""
        return self.once("days", _days_named).last_before(position)

    def edition(self, finding: Finding) -> int | None:
        """The number that a finding gives, in digits or as a word."""
        number = finding.fillers.get("num")
        if isinstance(number, Words):
            value = ordinal(self.text[number.start : number.end], self.lexicon.ordinals)
            return value if value is not None and value <= MOST_EDITIONS else None
        return int(number) if isinstance(number, str) and number.isdigit() else None

    def words_of(self, filler: Filler | None) -> Argument | None:
        """A stretch of words, or what a quotation holds, as a label in the article's language."""
        if isinstance(filler, Mention) and filler.core.type == "quote":
            inside = self.text[filler.start : filler.end]
            filler = Words(
                filler.start + len(inside) - len(inside.lstrip(QUOTATION_MARKS)),
                filler.end - len(inside) + len(inside.rstrip(QUOTATION_MARKS)),
            )
        if not isinstance(filler, Words):
            return None
        text = plain(self.text[filler.start : filler.end])
        return Argument(Label(text, self.lexicon.tongue(text)), evidence(filler)) if text else None

    def follows(self, position: int, finding: Finding) -> bool:
        """Whether a finding follows up what stands there: in its paragraph, or with the first sentence of the next."""
        first, last = sorted((position, finding.start))
        *before, here = PARAGRAPH.split(self.text[first:last])
        return not before or (len(before) == 1 and ". " not in here)

    def once(self, name: str, make: Callable[[Context], Lookup]) -> Lookup:
        """What one module of claims looks up again and again, made once an article."""
        if name not in self._lookups:
            self._lookups[name] = make(self)
        found: Lookup = self._lookups[name]
        return found

    def thing(self, mention: Mention) -> Entity | None:
        """What a mention names, a post, meeting, body or place; ask when all ids are settled."""
        core = mention.core
        kind = core.type
        if kind == "post":
            outer = mention.linked.get("org")
            return self.posts.held(core, outer if isinstance(outer, Mention) else None, None).entity
        if kind == "event":
            meeting = self.meetings.of(core)
            if meeting is None:
                return None
            return self.entities.body(core) if meeting.network else self.meetings.entity(meeting)
        if kind in ("body", "network"):
            return self.entities.actor(core)
        return self.entities.place(core) if kind in ("place", "venue") else None


def _days_named(context: Context) -> Placed[str]:
    """The full dates of the text."""
    found: list[tuple[int, str]] = []
    for sentence in context.entities.sentences:
        for mention in sentence.mentions:
            value = mention.core.value
            if isinstance(value, DateValue) and value.after is None:
                days = value.resolve(context.year, context.day)
                if days and len(days[0]) == FULL:
                    found.append((mention.start, days[0]))
    return Placed(found)


def _names_someone(mentions: Sequence[Mention], position: int) -> bool:
    """Whether one of the mentions before the position is a person's name."""
    return any(m.type == "person" and not m.core.generic and m.start < position for m in mentions)


def evidence(mention: Mention | Words) -> Evidence:
    """The span of the name of a mention, or of a stretch of words."""
    return Evidence(*mention.name) if isinstance(mention, Mention) else Evidence(mention.start, mention.end)


def _day_about(entities: Entities, lexicon: Lexicon) -> dt.date | None:
    """The first date with a day of the week: news has them of what it tells of."""
    for mention in entities.every:
        if isinstance(mention.value, DateValue) and mention.value.last[0] is not None:
            first = FIRST_WORD.match(entities.text, mention.start)
            named = mention.value.resolve(None)
            day = as_date(named[0]) if named is not None else None
            if first is not None and first.group().lower() in lexicon.days and isinstance(day, dt.date):
                return day
    return None


def _year(entities: Entities) -> int | None:
    """The year of all dates that have one, if they agree."""
    years = {m.value.last[0] for m in entities.every if isinstance(m.value, DateValue)} - {None}
    return years.pop() if len(years) == 1 else None
