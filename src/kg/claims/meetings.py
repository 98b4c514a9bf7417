"""When and where a meeting is, its edition, who holds it and who takes part."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.calendar import as_date
from kg.claims.context import Context, evidence
from kg.claims.memberships import place_before
from kg.meetings import MOST_EDITIONS, Meeting, edition_in, span_of_edition
from kg.mention import Mention
from kg.model import PLACES, Argument, Claim, Evidence, Kind, Relation
from kg.names import plain
from kg.positions import Placed
from kg.rules import Filler, Finding, Words

PROVINCE_LEVEL = 3.0
FACILITY = re.compile(r"\w*[A-Z]{2}")  # how the names of halls begin that no word tells: ICE BSD, JIExpo Kemayoran
TELLING = (Relation.HELD_ON, Relation.HELD_IN, Relation.ORGANISED_BY, Relation.ATTENDED_BY)


def note(context: Context, findings: Sequence[Finding]) -> None:
    """Which meetings are networks, their first days and their editions: ids of meetings need them."""
    for finding in findings:
        network = finding.fillers.get("forum")
        if isinstance(network, Mention) and (named := context.meetings.of(network)) is not None:
            named.network = _may_have_members(context, named)
        event = finding.fillers.get("event")
        if finding.rule.relation in TELLING and isinstance(event, Mention) and (meant := context.meetings.of(event)):
            meant.known_of = True
    _note_dates(context, [finding for finding in findings if finding.rule.relation is Relation.HELD_ON])
    _note_editions(context, [finding for finding in findings if finding.rule.relation is Relation.EDITION])


def _may_have_members(context: Context, meeting: Meeting) -> bool:
    """Whether a meeting's name can be a network's: a forum or conference, no edition of one and no "Pertemuan"."""
    heads = context.lexicon.members("meetings.associations")
    ends = {word for name in meeting.names for word in (name.split()[0].lower(), name.split()[-1].lower())}
    numbered = any(edition_in(name, context.lexicon.named_ordinals) for name in meeting.names)
    return not numbered and not heads.isdisjoint(ends)


@dataclass(frozen=True, slots=True)
class _Dated:
    """The days that a finding gives for a meeting, and how sure it is."""

    first: str
    last: str
    closing: bool
    rank: tuple[bool, Decimal, bool, int]


def _note_dates(context: Context, findings: Sequence[Finding]) -> None:
    """The days of each meeting: of the surest finding, several days before one, what names it before "acara itu"."""
    given: dict[int, list[_Dated]] = {}
    meetings: dict[int, Meeting] = {}
    for finding in findings:
        meeting, resolved = context.meeting(finding), context.dates(finding)
        if meeting is not None and resolved is not None:
            named = finding.fillers.get("event")
            generic = isinstance(named, Mention) and named.core.generic
            rank = (resolved[0] == resolved[1], -finding.rule.confidence, generic, finding.start)
            dated = _Dated(*resolved, finding.fillers.get("day") == "last", rank)
            meetings[id(meeting)] = meeting
            given.setdefault(id(meeting), []).append(dated)
    for key, found in given.items():
        meeting = meetings[key]
        best = min((dated for dated in found if not dated.closing), key=lambda dated: dated.rank, default=None)
        closing = min((dated for dated in found if dated.closing), key=lambda dated: dated.rank, default=None)
        first = best or closing
        if first is None:
            continue
        meeting.date, meeting.last = first.first, first.last
        if best is not None and best.first == best.last:
            rivals = (dated for dated in found if dated.rank[:-1] == best.rank[:-1] and not dated.closing)
            meeting.rivals = frozenset(dated.first for dated in rivals) - {best.first}
        if best is not None and closing is not None and best.first == best.last and best.first < closing.last:
            meeting.last = closing.last


def _note_editions(context: Context, findings: Sequence[Finding]) -> None:
    """The edition of each meeting: in its name, in a word that refers back to it, in a clause."""
    ordinals = context.lexicon.named_ordinals
    for meeting in context.meetings.known:
        numbers = [number for name in meeting.names if (number := edition_in(name, ordinals)) is not None]
        meeting.number = numbers[0] if numbers else meeting.number
    for mention in context.meetings.back_references:
        named = context.meetings.of(mention)
        if named is not None and named.number is None:
            named.number = edition_in(context.entities.words(mention), ordinals)
    for finding in findings:
        meant = context.meeting(finding)
        if meant is not None:
            meant.number = meant.number or context.edition(finding)


def held_on(context: Context, finding: Finding) -> Iterator[Claim]:
    """A meeting takes place on a day or on several: those that were settled on, and those that contradict them."""
    meeting, named, resolved = context.meeting_argument(finding), context.meeting(finding), context.dates(finding)
    date, until = finding.fillers.get("date"), finding.fillers.get("until")
    if meeting is None or named is None or resolved is None or not isinstance(date, Mention):
        return
    if resolved[0] == named.date or resolved[0] in named.rivals:
        yield context.claim(finding, meeting=meeting, date=context.argument(as_date(resolved[0]), date.core))
    if resolved[1] == named.last and named.last != named.date:
        span = until.core if isinstance(until, Mention) else date.core
        arguments = (("meeting", meeting), ("date", Argument(as_date(resolved[1]), evidence(span))))
        yield Claim(Relation.ENDS_ON, arguments, Evidence(*finding.trigger), finding.rule.id, finding.rule.confidence)


def ends_on(context: Context, finding: Finding) -> Iterator[Claim]:
    """The last day of a meeting whose first one stands elsewhere."""
    meeting, named, date = context.meeting_argument(finding), context.meeting(finding), finding.fillers.get("date")
    if meeting is None or named is None or named.date is None or not isinstance(date, Mention):
        return
    last = context.closing(finding, named.date)
    if last is not None and last > named.date and named.last in (named.date, last):
        yield context.claim(finding, meeting=meeting, date=context.argument(as_date(last), date.core))


def held_in(context: Context, finding: Finding) -> Iterator[Claim]:
    """A meeting is held in a venue and in the first settlement of the chain behind it."""
    meeting = context.meeting_argument(finding)
    place = finding.fillers.get("place")
    if meeting is None or not isinstance(place, Mention):
        return
    chain = place.linked.get("chain")
    stops = [site.core for site in chain] if isinstance(chain, list) else [place.core]
    settled = False
    for number, stop in enumerate(stops):
        if context.entities.full(stop) in context.lexicon.areas:
            continue
        if settled_by := _town_of_venue(context, stops[number - 1 : number + 1]) if number else None:
            yield context.claim(finding, meeting=meeting, place=settled_by)
            settled = True
        facility = number + 1 < len(stops) and FACILITY.match(context.entities.full(stop)) is not None
        if stop.type != "venue" and not facility:
            if settled:
                continue
            settled = True
        names = [context.entities.full(outer) for outer in stops[number + 1 :]]
        entity = context.entities.place_named(context.entities.full(stop), PLACES, names, stop.type)
        yield context.claim(finding, meeting=meeting, place=context.argument(entity, stop))


def _town_of_venue(context: Context, pair: Sequence[Mention]) -> Argument | None:
    """The town in a venue's name, where only a province or country follows: Hotel Melati Kupang, NTT."""
    venue, outer = pair
    if venue.type != "venue" or outer.type == "venue" or outer.level < PROVINCE_LEVEL:
        return None
    start, end = venue.name
    at = start
    while (at := context.text.find(" ", at + 1, end)) > 0:
        name = context.text[at + 1 : end]
        levels = context.lexicon.levels.get(name, frozenset())
        if levels and min(levels) < PROVINCE_LEVEL and context.entities.may_lie_in(name, context.entities.full(outer)):
            town = context.entities.place_named(name, PLACES, [context.entities.full(outer)])
            return Argument(town, Evidence(at + 1, end))
    return None


def edition(context: Context, finding: Finding) -> Iterator[Claim]:
    """How-manieth a meeting is."""
    meeting, number = context.meeting_argument(finding), context.edition(finding)
    where = finding.fillers.get("num")
    if meeting is not None and number is not None and number <= MOST_EDITIONS:
        spot = where if isinstance(where, Words) else None
        given = Argument(number, evidence(spot) if spot else Evidence(*finding.trigger))
        yield context.claim(finding, meeting=meeting, number=given)


def organised_by(context: Context, finding: Finding) -> Iterator[Claim]:
    """Who holds a meeting."""
    holder = finding.fillers.get("holder")
    body = _territory(context, holder) if isinstance(holder, Mention) else None
    if holder == "@subject":
        body = _body_of(context, None, finding.start)
    elif holder == "@place":
        body = place_before(context, finding)
    elif holder == "@government":
        body = _local_government(context, finding)
    if body is not None:
        yield context.claim(finding, meeting=context.meeting_argument(finding), organiser=body)
    yield from _with_meeting(context, finding, "body", "organiser")


def _local_government(context: Context, finding: Finding) -> Argument | None:
    """The government that "pemkot" means: the only one of its kind that the article names."""
    said = context.text[finding.start : finding.end].lower()
    kinds = context.lexicon.governments.items()
    kind = next((kind for word, kind in kinds if re.search(rf"\b{word.lower()}\b", said)), None)
    meant = {government.key: (government, spot) for government, spot in context.entities.governments(kind)}
    if len(meant) != 1:
        return None
    (found,) = meant.values()
    return Argument(*found)


def _territory(context: Context, holder: Mention) -> Argument | None:
    """What a post's holder speaks for as a host: the territory or body in the name of the post."""
    for mention in [holder, *holder.inside]:
        if mention.core.type == "post":
            return context.posts.held(mention.core, None, None).organisation
    return None


def attended_by(context: Context, finding: Finding) -> Iterator[Claim]:
    """Who takes part in a meeting."""
    who = finding.fillers.get("who")
    if who in ("@subject", "@own"):
        meeting = context.meeting_argument(finding)
        party = context.person(who, finding) if who == "@subject" else _own_party(context, finding)
        if meeting is not None and party is not None:
            yield context.claim(finding, meeting=meeting, participant=party)
    yield from _with_meeting(context, finding, "who", "participant")


def _own_party(context: Context, finding: Finding) -> Argument | None:
    """Who "negaranya" or "pihaknya" is: the country that the last person speaks for, else the body of the post."""
    holder = context.holders.subject(finding.start)
    post = context.holders.post_of(holder, finding.start) if holder is not None else None
    if post is None:
        return None
    outer = post.linked.get("org")
    held = context.posts.held(post.core, outer if isinstance(outer, Mention) else None, None)
    return held.behalf or held.organisation


def _with_meeting(context: Context, finding: Finding, role: str, name: str) -> Iterator[Claim]:
    meeting = context.meeting_argument(finding)
    if meeting is None:
        return
    for mention in context.mentions(finding.fillers.get(role)):
        party = context.party(mention, finding)
        if party is not None:
            yield context.claim(finding, meeting=meeting, **{name: party})


def leads_delegation(context: Context, finding: Finding) -> Iterator[Claim]:
    """A person leads the delegation of a country or body to a meeting."""
    person = context.person(finding.fillers.get("person"), finding)
    of = finding.fillers.get("of")
    if person is None:
        return
    sent: Argument | None
    if of == "@home":
        sent = Argument(
            context.entities.government(context.entities.place_named(context.lexicon.home)), Evidence(*finding.trigger)
        )
    elif of == "@own":
        sent = _own_territory(context, finding) or _body_of(context, person, finding.start + 1, territory=True)
    else:
        sent = _named_sender(context, of) if isinstance(of, Mention) else _own_territory(context, finding)
        if sent is None and not isinstance(of, Mention):
            sent = _region_of(context, finding.fillers.get("person"))
    if sent is None and not isinstance(of, Mention) and of != "@own":
        sent = _named_sender(context, _sender(context, finding))
    if sent is not None:
        yield context.claim(finding, person=person, of=sent, meeting=context.meeting_argument(finding))


def _body_of(context: Context, person: Argument | None, position: int, *, territory: bool = False) -> Argument | None:
    """The body that a person has a post in, or its territory: "pihaknya menggelar", "memimpin delegasi kotanya"."""
    holder = context.holders.subject(position) if person is None else None
    if holder is None and person is not None and person.evidence is not None:
        near = context.once("persons", _persons).last_before(person.evidence.start + 1)
        holder = near if near is not None and context.entities.person(near) == person.value else None
    post = context.holders.post_of(holder, position) if holder is not None else None
    if post is None:
        return None
    outer = post.linked.get("org")
    body = outer if isinstance(outer, Mention) else None
    if territory:
        for mention in (post.core, *([body.core] if body is not None else ())):
            if (span := mention.parts.get("region")) is not None:
                place = context.entities.place_named(plain(context.text[slice(*span)]))
                return Argument(context.entities.government(place), Evidence(*span))
    return context.posts.held(post.core, body, None).organisation


def _persons(context: Context) -> Placed[Mention]:
    """The persons whom the text names."""
    named = (m.core for m in context.entities.every if m.core.type == "person" and not m.core.generic)
    return Placed(sorted(((core.start, core) for core in named), key=lambda item: item[0]))


def _named_sender(context: Context, sender: Mention | None) -> Argument | None:
    entity = context.entities.actor(sender) if sender is not None else None
    if sender is None or entity is None or entity.kind is Kind.OFFICIAL:
        return None
    return context.argument(entity, sender.core)


def _region_of(context: Context, leader: Filler | None) -> Argument | None:
    """The government of the region that a leader's post or office is named after: Kepala Dinas Sosial Kota Batu."""
    for mention in [leader, *leader.inside] if isinstance(leader, Mention) else ():
        outer = mention.linked.get("org")
        for named in (mention.core, *([outer.core] if isinstance(outer, Mention) else ())):
            span = named.parts.get("region") if named.type in ("post", "body") else None
            if span is not None:
                place = context.entities.place_named(plain(context.text[slice(*span)]))
                return Argument(context.entities.government(place), Evidence(*span))
    return None


def _own_territory(context: Context, finding: Finding) -> Argument | None:
    """The territory that a mayor or governor governs: "Rombongan dipimpin Wakil Wali Kota Toyama"."""
    leader = finding.fillers.get("person")
    heads = context.lexicon.members("posts.territorial")
    for mention in [leader, *leader.inside] if isinstance(leader, Mention) else ():
        if mention.core.type == "post" and context.entities.words(mention.core).startswith(tuple(heads)):
            return _territory(context, mention)
    return None


def _sender(context: Context, finding: Finding) -> Mention | None:
    """Whose delegation it is where the sentence doesn't say: the body or place that was named first before."""
    bodies, named = context.once("senders", _senders)
    return bodies.first_before(finding.start) or named.first_before(finding.start)


def _senders(context: Context) -> tuple[Placed[Mention], Placed[Mention]]:
    """The bodies, and the bodies and places, outside quotations."""
    named = [
        (mention.start, mention.core)
        for sentence in context.entities.sentences
        if not sentence.in_quotation
        for mention in sentence.mentions
        if mention.core.type in ("body", "place")
    ]
    return Placed(item for item in named if item[1].type == "body"), Placed(named)


def from_names(context: Context) -> Iterator[Claim]:
    """Editions that a meeting's name itself gives, and who heads a delegation by a post's name."""
    yield from _heads_of_delegations(context)
    back: dict[int, list[Mention]] = {}
    for mention in context.meetings.back_references:
        back.setdefault(id(context.meetings.of(mention)), []).append(mention)
    for meeting in context.meetings.known:
        for mention in [*meeting.mentions, *back.get(id(meeting), ())]:
            name = context.entities.words(mention)
            span = span_of_edition(context.text, mention.core, context.lexicon.named_ordinals)
            number = edition_in(name, context.lexicon.named_ordinals)
            if number is not None and span is not None:
                yield Claim(
                    Relation.EDITION,
                    (
                        ("meeting", Argument(context.meetings.entity(meeting), evidence(mention.core))),
                        ("number", Argument(number, Evidence(*span))),
                    ),
                    Evidence(*span),
                    "edition.name",
                    Decimal("0.95"),
                )
                break


def _heads_of_delegations(context: Context) -> Iterator[Claim]:
    """Who heads a country's or body's delegation as a post: "Ketua Delegasi RI, Bella Nugraheni"."""
    heads = tuple(context.lexicon.members("posts.delegations"))
    starts: list[int] = []
    for post, holder in context.holders.held:
        name = context.entities.words(post.core)
        head = next((head for head in heads if name.startswith(head + " ")), None)
        if head is None:
            continue
        sent, person = _sent_under(context, post, name[len(head) + 1 :]), context.entities.person(holder)
        if sent is None or person is None:
            continue
        sentences = context.entities.sentences
        starts = starts or [sentence.start for sentence in sentences]
        sentence = sentences[max(0, bisect_right(starts, post.start) - 1)]
        meeting = context.meetings.at(post.start, sentence)
        meant = None
        if meeting is not None and meeting.mentions:
            spot = evidence(context.meetings.last_mention(meeting, post.start))
            meant = Argument(context.meetings.entity(meeting), spot)
        led = (("person", Argument(person, evidence(holder))), ("of", sent))
        where = Evidence(*post.name)
        end = (("meeting", meant),) if meant is not None else ()
        yield Claim(Relation.LEADS_DELEGATION, (*led, *end), where, "delegation.post", Decimal("0.85"))
        if meant is not None:
            took = (("meeting", meant), ("participant", sent))
            yield Claim(Relation.ATTENDED_BY, took, where, "delegation.post", Decimal("0.85"))


def _sent_under(context: Context, post: Mention, rest: str) -> Argument | None:
    """Whose delegation it is: the place that the post's name ends in, or the body behind it."""
    if rest in context.lexicon.members("posts.home"):
        place = context.entities.place_named(context.lexicon.home)
        return Argument(context.entities.government(place), Evidence(post.core.name[1] - len(rest), post.core.name[1]))
    outer = post.linked.get("org")
    return context.posts.held(post.core, outer if isinstance(outer, Mention) else None, None).organisation
