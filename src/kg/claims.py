"""Findings -> claims: the mentions of each finding become things, values and evidence.

One function a relation (``BUILDERS``); a finding whose roles can't be filled gives no claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from kg.calendar import DateValue, as_date
from kg.entities import Entities
from kg.lexicon import Lexicon
from kg.meetings import Meeting, Meetings, edition_in, ordinal, span_of_edition
from kg.mentions import Mention
from kg.model import (
    PLACES,
    Appointment,
    Argument,
    Article,
    Claim,
    Entity,
    Evidence,
    FundingKind,
    Kind,
    Label,
    Relation,
    Status,
    Value,
)
from kg.money import Money
from kg.names import language, plain, slug, words
from kg.posts import Posts, marker_span
from kg.rules import Filler, Finding, Words

SPEECH_WORDS = 5  # an unattributed quotation of fewer words is a term, title or theme
YEAR = re.compile(r"20\d\d")


class Builder:
    """Makes the claims of one article from its findings."""

    def __init__(self, article: Article, entities: Entities, meetings: Meetings, lexicon: Lexicon) -> None:
        self.article = article
        self.entities = entities
        self.meetings = meetings
        self.lexicon = lexicon
        self.text = article.text
        self.year = _year(article, entities, lexicon)
        self.posts = Posts(entities)
        self._spoken: dict[int, Finding] = {}

    def build(self, findings: Sequence[Finding]) -> list[Claim]:
        """All claims, one a finding or more, in the order of the text; not yet merged."""
        self._prepare(findings)
        claims: list[Claim] = []
        for finding in sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule.id)):
            if finding.rule.relation is not None:
                claims += BUILDERS[finding.rule.relation](self, finding)
        claims += self._introduced()
        claims += self._regional_units()
        claims += self._named_editions()
        return claims

    def _prepare(self, findings: Sequence[Finding]) -> None:
        """What ids need before any thing is made: parents of units, dates and editions of meetings."""
        for finding in findings:
            if finding.rule.relation is Relation.UNIT_OF:
                self._note_unit(finding)
            elif finding.rule.relation is Relation.SAYS:
                self._note_speech(finding)
            elif finding.rule.relation is Relation.ALIAS:
                self._note_nickname(finding)
            network = finding.fillers.get("network")
            if isinstance(network, Mention) and (named := self.meetings.of(network)) is not None:
                named.network = True
        self._note_dates([finding for finding in findings if finding.rule.relation is Relation.HELD_ON])
        self._note_editions([finding for finding in findings if finding.rule.relation is Relation.EDITION])

    def _note_nickname(self, finding: Finding) -> None:
        """Who is called by a nickname from there on."""
        name, other = finding.fillers.get("name"), finding.fillers.get("alias")
        if name == "@subject":
            name = self.entities.subject_before(finding.start)
        if isinstance(name, Mention) and isinstance(other, Mention) and name.core.type == "person":
            self.entities.note_nickname(other, name)

    def _note_speech(self, finding: Finding) -> None:
        """The surest attribution of each quotation."""
        quote = finding.fillers.get("quote")
        if isinstance(quote, Mention):
            best = self._spoken.get(quote.start)
            if best is None or finding.rule.confidence > best.rule.confidence:
                self._spoken[quote.start] = finding

    def _note_dates(self, findings: Sequence[Finding]) -> None:
        """The first day of each meeting: by the surest rule, then the first in the text."""
        for finding in sorted(findings, key=lambda finding: (-finding.rule.confidence, finding.start)):
            meeting, resolved = self.meeting(finding), self._dates(finding)
            if meeting is not None and resolved is not None and meeting.date is None:
                meeting.date = resolved[0]

    def _note_editions(self, findings: Sequence[Finding]) -> None:
        """The edition of each meeting: in its name, in a word that refers back to it, in a clause."""
        for meeting in self.meetings.known:
            numbers = [number for name in meeting.names if (number := edition_in(name)) is not None]
            meeting.number = numbers[0] if numbers else meeting.number
        for mention in self.meetings.back_references:
            named = self.meetings.of(mention)
            if named is not None and named.number is None:
                named.number = edition_in(self.entities.words(mention))
        for finding in findings:
            meant = self.meeting(finding)
            if meant is not None:
                meant.number = meant.number or self._edition(finding)

    def _note_unit(self, finding: Finding) -> None:
        unit, parent = finding.fillers.get("unit"), finding.fillers.get("parent")
        if isinstance(unit, Mention) and isinstance(parent, Mention):
            outer = self.entities.actor(parent)
            if outer is not None:
                name = self.entities.short.long(self.entities.full(unit))
                self.entities.note_parent(name, outer, self.entities.full(parent))

    # ------------------------------------------------------------------------------------------- helpers

    def claim(self, finding: Finding, **arguments: Argument | None) -> Claim:
        """The claim of a finding; arguments in the order of the relation's roles."""
        assert finding.rule.relation is not None
        return Claim(
            finding.rule.relation,
            tuple((name, argument) for name, argument in arguments.items() if argument is not None),
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
        return self.meetings.at(finding.start, finding.sentence)

    def meeting_argument(self, finding: Finding, role: str = "event") -> Argument | None:
        """The meeting with the words that name it, here or where it was named last."""
        meeting = self.meeting(finding, role)
        if meeting is None or not meeting.mentions:
            return None
        filler = finding.fillers.get(role)
        if not isinstance(filler, Mention) or filler.core.generic:
            before = [mention for mention in meeting.mentions if mention.start <= finding.start]
            filler = before[-1] if before else meeting.mentions[0]
        return Argument(self.meetings.entity(meeting), evidence(filler))

    def person(self, filler: Filler | None, finding: Finding) -> Argument | None:
        """A person: named, the last subject (``@subject``) or the nearest (``@near``)."""
        mention = filler if isinstance(filler, Mention) else None
        if filler == "@subject":
            mention = self.entities.subject_before(finding.start)
        elif filler == "@near":
            mention = self.entities.speaker_near(finding.start, finding.sentence.paragraph)
        if mention is not None and mention.core.generic:
            mention = self.entities.subject_before(mention.core.start)
        if mention is None or mention.core.type != "person":
            return None
        return self.argument(self.entities.person(mention), mention.core)

    def party(self, mention: Mention, finding: Finding) -> Argument | None:
        """Who takes part: a person, body or government."""
        if mention.core.type == "person":
            return self.person(mention, finding)
        return self.argument(self.entities.actor(mention), mention.core)

    def _dates(self, finding: Finding) -> tuple[str, str] | None:
        filler = finding.fillers.get("date")
        until = finding.fillers.get("until")
        if not isinstance(filler, Mention) or not isinstance(filler.core.value, DateValue):
            return None
        resolved = filler.core.value.resolve(self.year)
        if resolved and isinstance(until, Mention) and isinstance(until.core.value, DateValue):
            last = until.core.value.resolve(self.year)
            return (resolved[0], last[1]) if last else resolved
        return resolved

    def _edition(self, finding: Finding) -> int | None:
        number = finding.fillers.get("num")
        if isinstance(number, Words):
            return ordinal(self.text[number.start : number.end], self.lexicon.ordinals)
        return int(number) if isinstance(number, str) and number.isdigit() else None

    def _words(self, filler: Filler | None) -> Argument | None:
        """A stretch of words as a label in the article's language."""
        if not isinstance(filler, Words):
            return None
        text = plain(self.text[filler.start : filler.end])
        return Argument(Label(text, language(text)), evidence(filler)) if text else None

    # ----------------------------------------------------------------------------------------- relations

    def holds_post(self, finding: Finding) -> Iterator[Claim]:
        """A person holds a post; the body stands in the phrase, in the post's name or nowhere."""
        post = finding.fillers.get("post")
        person = self.person(finding.fillers.get("person"), finding)
        if person is not None and isinstance(post, str):
            yield from self._heads(finding, person, post)
        if not isinstance(post, Mention) or person is None:
            return
        outer = finding.fillers.get("org") or post.linked.get("org")
        outer = outer if isinstance(outer, Mention) else None
        region = finding.fillers.get("for") or post.linked.get("for")
        region = region if isinstance(region, Mention) else None
        made = self.posts.held(post.core, outer, region)
        yield self.claim(
            finding,
            person=person,
            post=Argument(made.entity, evidence(post.core)),
            organisation=made.organisation,
            **{"for": made.behalf},
            appointment=Argument(self.posts.appointment(post.core), marker_span(post.core)),
            status=Argument(self.posts.status(post.core, finding.fillers.get("status")), marker_span(post.core)),
        )

    def _heads(self, finding: Finding, person: Argument, post: str) -> Iterator[Claim]:
        """A post that a verb gives: who "mengepalai" a body is its Kepala."""
        body = finding.fillers.get("org")
        if isinstance(body, Mention) and (entity := self.entities.actor(body)) is not None:
            label = f"{post} {self.entities.words(body)}"
            spot = evidence(body)
            made = Entity(
                Kind.POST, f"post/{slug(label)}", Label(label), (), (("body", entity),), self.posts.role(post)
            )
            yield self.claim(
                finding,
                person=person,
                post=Argument(made, spot),
                organisation=Argument(entity, spot),
                appointment=Argument(Appointment.DEFINITIVE),
                status=Argument(Status.CURRENT),
            )

    def unit_of(self, finding: Finding) -> Iterator[Claim]:
        """A unit belongs to a body."""
        for unit in self.mentions(finding.fillers.get("unit")):
            for parent in self.mentions(finding.fillers.get("parent")):
                inner, outer = self.entities.actor(unit), self.entities.actor(parent)
                if inner is None or outer is None or inner.key == outer.key:
                    continue
                if inner.kind in (Kind.MINISTRY, Kind.GOVERNMENT, Kind.OFFICIAL) or outer.kind is Kind.OFFICIAL:
                    continue
                yield self.claim(
                    finding, unit=self.argument(inner, unit.core), parent=self.argument(outer, parent.core)
                )

    def member_of(self, finding: Finding) -> Iterator[Claim]:
        """Cities, countries and bodies belong to a network, did, or are to."""
        network = finding.fillers.get("network")
        net = network if isinstance(network, Mention) else self._network_before(finding)
        if net is None:
            return
        target = self.entities.body(net) if net.core.type == "event" else self.entities.actor(net)
        if target is None:
            return
        status = finding.fillers.get("status", "current")
        members = self.mentions(finding.fillers.get("member"))
        if finding.fillers.get("member") == "@place":
            members = self._place_before(finding)
        for member in members:
            subject = self.party(member, finding)
            if subject is None or not isinstance(subject.value, Entity) or subject.value.key == target.key:
                continue
            yield self.claim(
                finding,
                member=subject,
                network=self.argument(target, net.core),
                status=Argument(Status(str(status)), Evidence(*finding.trigger)),
                focus=self._words(finding.fillers.get("focus")),
            )

    def _place_before(self, finding: Finding) -> list[Mention]:
        """The place that "kota ini" means: the last city or regency named before, outside quotations first."""
        before = [
            (sentence.in_quotation, mention.core)
            for sentence in self.entities.sentences
            for mention in sentence.mentions
            if mention.core.type == "place" and mention.core.start < finding.start and mention.core.level <= 2
        ]
        outside = [mention for quoted, mention in before if not quoted]
        return outside[-1:] or [mention for _, mention in before[-1:]]

    def _network_before(self, finding: Finding) -> Mention | None:
        """The network that is spoken of: the last one named before, city networks before ASEAN or the UN."""
        before = [
            network
            for sentence in self.entities.sentences
            for mention in sentence.mentions
            if mention.core.start < finding.end and (network := self._network_of(mention)) is not None
        ]
        heads = self.lexicon.members("networks.joined")
        good = [m for m in before if heads & set(words(self.entities.short.long(self.entities.full(m))))]
        chosen = good or before
        if chosen:
            return chosen[-1]
        after = (network for m in finding.sentence.mentions if (network := self._network_of(m)) is not None)
        return next(after, None)

    def _network_of(self, mention: Mention) -> Mention | None:
        """The network that a mention names, itself or inside the name of its meeting."""
        core = mention.core
        if core.type == "event":
            meeting = self.meetings.of(core)
            return core if meeting is not None and meeting.network else self.entities.network_inside(core)
        return core if core.type == "network" else None

    def held_on(self, finding: Finding) -> Iterator[Claim]:
        """A meeting takes place on a day or on several."""
        meeting, resolved = self.meeting_argument(finding), self._dates(finding)
        date = finding.fillers.get("date")
        if meeting is None or resolved is None or not isinstance(date, Mention):
            return
        first, last = (as_date(day) for day in resolved)
        yield self.claim(finding, meeting=meeting, date=self.argument(first, date.core))
        named = self.meeting(finding)
        if last != first and named is not None and named.date == resolved[0]:
            until = finding.fillers.get("until")
            span = until.core if isinstance(until, Mention) else date.core
            arguments = (("meeting", meeting), ("date", Argument(last, evidence(span))))
            yield Claim(
                Relation.ENDS_ON, arguments, Evidence(*finding.trigger), finding.rule.id, finding.rule.confidence
            )

    def ends_on(self, finding: Finding) -> Iterator[Claim]:
        """The last day of a meeting whose first one stands elsewhere."""
        meeting, resolved = self.meeting_argument(finding), self._dates(finding)
        date = finding.fillers.get("date")
        if meeting is not None and resolved is not None and isinstance(date, Mention):
            yield self.claim(finding, meeting=meeting, date=self.argument(as_date(resolved[1]), date.core))

    def held_in(self, finding: Finding) -> Iterator[Claim]:
        """A meeting is held in a venue and in the first settlement of the chain behind it."""
        meeting = self.meeting_argument(finding)
        place = finding.fillers.get("place")
        if meeting is None or not isinstance(place, Mention):
            return
        chain = place.linked.get("chain")
        stops = [site.core for site in chain] if isinstance(chain, list) else [place.core]
        settled = False
        for number, stop in enumerate(stops):
            if self.entities.full(stop) in self.lexicon.areas:
                continue
            if stop.type != "venue":
                if settled:
                    continue
                settled = True
            names = [self.entities.full(outer) for outer in stops[number + 1 :]]
            entity = self.entities.place_named(self.entities.full(stop), PLACES, names, stop.type)
            yield self.claim(finding, meeting=meeting, place=self.argument(entity, stop))

    def edition(self, finding: Finding) -> Iterator[Claim]:
        """How-manieth a meeting is."""
        meeting, number = self.meeting_argument(finding), self._edition(finding)
        where = finding.fillers.get("num")
        if meeting is not None and number is not None:
            spot = where if isinstance(where, Words) else None
            given = Argument(number, evidence(spot) if spot else Evidence(*finding.trigger))
            yield self.claim(finding, meeting=meeting, number=given)

    def organised_by(self, finding: Finding) -> Iterator[Claim]:
        """Who holds a meeting."""
        yield from self._with_meeting(finding, "body", "organiser")

    def attended_by(self, finding: Finding) -> Iterator[Claim]:
        """Who takes part in a meeting."""
        if finding.fillers.get("who") == "@subject":
            meeting, person = self.meeting_argument(finding), self.person("@subject", finding)
            if meeting is not None and person is not None:
                yield self.claim(finding, meeting=meeting, participant=person)
        yield from self._with_meeting(finding, "who", "participant")

    def _with_meeting(self, finding: Finding, role: str, name: str) -> Iterator[Claim]:
        meeting = self.meeting_argument(finding)
        if meeting is None:
            return
        for mention in self.mentions(finding.fillers.get(role)):
            party = self.party(mention, finding)
            if party is not None:
                yield self.claim(finding, meeting=meeting, **{name: party})

    def leads_delegation(self, finding: Finding) -> Iterator[Claim]:
        """A person leads the delegation of a country or body to a meeting."""
        person = self.person(finding.fillers.get("person"), finding)
        of = finding.fillers.get("of")
        sender = of if isinstance(of, Mention) else self._sender(finding)
        if person is None or sender is None:
            return
        entity = self.entities.actor(sender)
        if entity is not None and entity.kind is not Kind.OFFICIAL:
            yield self.claim(
                finding,
                person=person,
                of=self.argument(entity, sender.core),
                meeting=self.meeting_argument(finding),
            )

    def _sender(self, finding: Finding) -> Mention | None:
        """Whose delegation it is where the sentence doesn't say: the body or place that was named first before."""
        named = [
            mention.core
            for sentence in self.entities.sentences
            if not sentence.in_quotation
            for mention in sentence.mentions
            if mention.core.type in ("body", "place") and mention.start < finding.start
        ]
        bodies = [mention for mention in named if mention.type == "body"]
        return next(iter(bodies or named), None)

    def located_in(self, finding: Finding) -> Iterator[Claim]:
        """Each place of a chain lies in the next."""
        chain = finding.fillers.get("chain")
        if isinstance(chain, list):
            pairs = list(pairwise(chain))
        else:
            outer = finding.fillers.get("within")
            pairs = [
                (inner, outer) for inner in self.mentions(finding.fillers.get("place")) if isinstance(outer, Mention)
            ]
        for inner, outer in pairs:
            context = [self.entities.full(outer)]
            place = self.entities.place_named(self.entities.full(inner), PLACES, context, inner.core.type)
            after = [self.entities.full(m) for m in chain[chain.index(outer) + 1 :]] if isinstance(chain, list) else []
            within = self.entities.place_named(self.entities.full(outer), PLACES, after, outer.core.type)
            if place.key != within.key:
                yield self.claim(
                    finding, place=self.argument(place, inner.core), within=self.argument(within, outer.core)
                )

    def says(self, finding: Finding) -> Iterator[Claim]:
        """A direct quotation and who says it."""
        quote = finding.fillers.get("quote")
        if not isinstance(quote, Mention) or self._spoken.get(quote.start) is not finding:
            return
        start, end = quote.start + 1, quote.end - 1 if self.text[quote.end - 1] in '"”»' else quote.end
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] == ","):
            end -= 1
        spoken = self.text[start:end]
        if len(words(spoken)) < 3 or (finding.fillers.get("person") == "@near" and not _is_speech(self.text, quote)):
            return
        if self._continues(quote, attributed=finding.fillers.get("person") != "@near"):
            return
        person = self.person(finding.fillers.get("person"), finding)
        if person is not None:
            yield self.claim(finding, person=person, text=Argument(Label(spoken), Evidence(start, end)))

    def _continues(self, quote: Mention, *, attributed: bool) -> bool:
        """Whether the quotation goes on from one shortly before it: "…," kata X, "…" or "…," kata X. "…"."""
        before = [
            mention
            for sentence in self.entities.sentences
            if not sentence.in_quotation
            for mention in sentence.mentions
            if mention.type == "quote" and mention.end <= quote.start and quote.start - mention.end < 80
        ]
        if not before or "\n" in self.text[before[-1].end : quote.start]:
            return False
        broken_off = self.text[before[-1].end - 2] == ","
        return not attributed or (broken_off and self.text[: quote.start].rstrip().endswith(","))

    def funding(self, finding: Finding) -> Iterator[Claim]:
        """An amount of money that is needed, invested, granted, budgeted or lent."""
        for money in self.mentions(finding.fillers.get("money")):
            value = money.core.value
            if not isinstance(value, Money):
                continue
            until = finding.fillers.get("until") or finding.fillers.get("until2")
            kind = finding.fillers.get("kind")
            spot = evidence(money.core)
            yield self.claim(
                finding,
                article=Argument(self.article, Evidence(finding.start, finding.end)),
                amount=Argument(value.amount, spot),
                currency=Argument(value.currency, spot),
                kind=Argument(FundingKind(kind), Evidence(*finding.trigger)) if isinstance(kind, str) else None,
                purpose=self._words(finding.fillers.get("purpose")),
                until=self._until(until),
            )

    def _until(self, filler: Filler | None) -> Argument | None:
        if not isinstance(filler, Words):
            return None
        return Argument(int(self.text[filler.start : filler.end]), evidence(filler))

    def alias(self, finding: Finding) -> Iterator[Claim]:
        """Another name that a clause gives: "X atau Y", "yang akrab disapa Y"."""
        name, other = finding.fillers.get("name"), finding.fillers.get("alias")
        if name == "@subject":
            name = self.entities.subject_before(finding.start)
        if not isinstance(name, Mention) or not isinstance(other, Mention | Words):
            return
        person = name.core.type == "person"  # a nickname keeps its honorific: Kang Dedie
        spot = Evidence(other.start, other.end) if person else evidence(other)
        label = plain(spot.of(self.text))
        if name.core.type == "event":
            meeting = self.meetings.of(name)
            entity = self.meetings.entity(meeting) if meeting is not None else None
        else:
            entity = self.entities.actor(name)
        if entity is not None and label == entity.label.text and entity.kind is not Kind.OFFICIAL:
            name, spot = other, evidence(name)  # "Kemenkes atau Kementerian Kesehatan"
            label = plain(spot.of(self.text))
        if entity is not None and label and label != entity.label.text:
            tongue = language(label) if " " in label else entity.label.language
            yield self.claim(finding, name=Argument(entity, evidence(name)), alias=Argument(Label(label, tongue), spot))

    # --------------------------------------------------------------------------------- from names themselves

    def _regional_units(self) -> Iterator[Claim]:
        """Offices whose name ends in their region belong to its government: Dinas Lingkungan Hidup Kota Batu."""
        heads = self.lexicon.members("bodies.regional")
        seen: set[str] = set()
        for mention, entity in self._owners():
            region = mention.core.parts.get("region")
            name = self.entities.full(mention)
            if entity.key in seen or region is None or mention.core.type != "body" or entity.kind is Kind.GOVERNMENT:
                continue
            seen.add(entity.key)
            if any(name.startswith(head + " ") or name == head for head in heads):
                place = self.entities.place_named(plain(self.text[slice(*region)]))
                spot = Evidence(*mention.name)
                arguments = (
                    ("unit", Argument(entity, spot)),
                    ("parent", Argument(self.entities.government(place), Evidence(*region))),
                )
                yield Claim(Relation.UNIT_OF, arguments, spot, "unit.region", Decimal("0.85"))

    def _introduced(self) -> Iterator[Claim]:
        """The short names that the text introduces for things that are mentioned."""
        seen: set[tuple[int, int]] = set()
        owners = list(self._owners())
        for item in self.entities.introductions:
            if item.long in seen:
                continue
            seen.add(item.long)
            short = self.text[slice(*item.short)]
            for mention, entity in owners:
                core = mention.core
                if core.start <= item.long[0] and item.short[1] <= core.end + 1:
                    inner = self.entities.network_inside(core)
                    if inner is not None and core.type == "event" and item.long[0] == inner.start:
                        mention, entity = inner, self.entities.body(inner)
                    label = self._label_with(mention, item.long, short)
                    yield Claim(
                        Relation.ALIAS,
                        (
                            ("name", Argument(entity, Evidence(*item.long))),
                            ("alias", Argument(Label(label, entity.label.language), Evidence(*item.short))),
                        ),
                        Evidence(item.short[0] - 1, item.short[1] + 1),
                        "alias.brackets",
                        Decimal("0.95"),
                    )
                    break

    def _owners(self) -> Iterator[tuple[Mention, Entity]]:
        for sentence in self.entities.sentences:
            for mention in self.entities.nested(sentence):
                core = mention.core
                entity: Entity | None = None
                if core.type == "post":
                    outer = mention.linked.get("org")
                    entity = self.posts.held(core, outer if isinstance(outer, Mention) else None, None).entity
                elif core.type == "event":
                    meeting = self.meetings.of(core)
                    if meeting is not None:
                        entity = self.entities.body(core) if meeting.network else self.meetings.entity(meeting)
                elif core.type in ("body", "network"):
                    entity = self.entities.actor(core)
                elif core.type in ("place", "venue"):
                    entity = self.entities.place(core)
                if entity is not None:
                    yield mention, entity

    def _label_with(self, mention: Mention, long: tuple[int, int], short: str) -> str:
        """The short name in the place of the long one, with what belongs to the name around it."""
        name = self.entities.full(mention)
        inner = plain(self.text[slice(*long)])
        return plain(name.replace(inner, short, 1)) if name != inner and inner in name else short

    def _named_editions(self) -> Iterator[Claim]:
        """Editions that a meeting's name itself gives."""
        for meeting in self.meetings.known:
            back = [mention for mention in self.meetings.back_references if self.meetings.of(mention) is meeting]
            for mention in [*meeting.mentions, *back]:
                name = self.entities.words(mention)
                span = span_of_edition(self.text, mention.core)
                number = edition_in(name)
                if number is not None and span is not None:
                    yield Claim(
                        Relation.EDITION,
                        (
                            ("meeting", Argument(self.meetings.entity(meeting), evidence(mention.core))),
                            ("number", Argument(number, Evidence(*span))),
                        ),
                        Evidence(*span),
                        "edition.name",
                        Decimal("0.95"),
                    )
                    break


BUILDERS: Mapping[Relation, Callable[[Builder, Finding], Iterable[Claim]]] = {
    Relation.HOLDS_POST: Builder.holds_post,
    Relation.UNIT_OF: Builder.unit_of,
    Relation.ALIAS: Builder.alias,
    Relation.MEMBER_OF: Builder.member_of,
    Relation.HELD_ON: Builder.held_on,
    Relation.ENDS_ON: Builder.ends_on,
    Relation.HELD_IN: Builder.held_in,
    Relation.EDITION: Builder.edition,
    Relation.ORGANISED_BY: Builder.organised_by,
    Relation.ATTENDED_BY: Builder.attended_by,
    Relation.LEADS_DELEGATION: Builder.leads_delegation,
    Relation.LOCATED_IN: Builder.located_in,
    Relation.SAYS: Builder.says,
    Relation.FUNDING: Builder.funding,
}


def evidence(mention: Mention | Words) -> Evidence:
    """The span of the name of a mention, or of a stretch of words."""
    return Evidence(*mention.name) if isinstance(mention, Mention) else Evidence(mention.start, mention.end)


def _is_speech(text: str, quote: Mention) -> bool:
    """Whether a quotation that nothing attributes is speech: long enough, a capital first, a mark last."""
    inside = text[quote.start + 1 : quote.end].strip(' "”“„«»')
    return len(words(inside)) >= SPEECH_WORDS and inside[-1:] in ",.!?" and inside[:1].isupper()


def _year(article: Article, entities: Entities, lexicon: Lexicon) -> int | None:
    """The year of dates without one: that of the article, else of the first full date, else the first year named."""
    if article.published is not None:
        return article.published.year
    for sentence in entities.sentences:
        for mention in entities.nested(sentence):
            if isinstance(mention.value, DateValue) and mention.value.last[0] is not None:
                return mention.value.last[0]
    found = YEAR.search(article.text)
    return int(found.group()) if found else None
