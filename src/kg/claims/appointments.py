"""Appointments: who comes into which post, by whom, when and in whose place."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from kg import candidates
from kg.calendar import as_date
from kg.claims.context import Context, evidence
from kg.claims.offices import post_of
from kg.mention import Mention
from kg.model import Appointment, Argument, Claim, Entity, Kind, Label, Relation, Status
from kg.names import slug
from kg.positions import Placed
from kg.posts import Held, marker_span
from kg.rules import Filler, Finding

ITEM = re.compile(r"\s*(?:[-•*–—]|\d{1,2}[.)]|[a-z][.)])\s")
CLOSE = 3  # sentences between the one that says who appoints and "keempatnya ialah"
NEAR = 3  # paragraphs behind a ceremony in which those are named who were sworn in
FURTHER = 8  # the same for a sentence that adds to it: "wali kota juga melantik X"


NAMED = ("person", "unknown")
OWN_OFFICES = (Kind.MINISTRY, Kind.UNIT, Kind.BODY)


def appointed(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each person who is appointed; they hold the post, and whom they replace held it."""
    date = _date(context, finding)
    if isinstance(date, dt.date) and context.day is not None and date > context.day:
        return  # what is yet to happen is a plan
    filler = finding.fillers.get("person")
    if filler == "@list":
        filler = _listed(context, finding)
    persons: list[Filler | None] = [*context.mentions(filler)] or [filler]
    if finding.fillers.get("by") == "@ceremony" and _ceremony(context, finding) is None:
        return
    for named in persons:
        person = context.person(named, finding)
        post = _post(context, finding, named if isinstance(named, Mention) else None)
        if person is None and isinstance(named, Mention) and named.core.type == "post":
            person = context.party(named, finding)
        if person is not None and post is not None:
            yield from _appointed(context, finding, person, post, date, named)
        elif person is not None and isinstance(body := finding.fillers.get("heads"), Mention):
            yield from _leader(context, finding, person, body, date)


def _listed(context: Context, finding: Finding) -> list[Mention]:
    """Those whom the list behind the clause names with their posts: in the sentence, in items, after "keempatnya"."""
    here = [mention for mention in finding.sentence.mentions if mention.start >= finding.end]
    opened = re.compile(rf",?(?: [a-z]+)?,? ?{context.lexicon.macros['list']}\s*(?:\d[.)]|[-•*])?\s*$")
    lists = bool(here) and opened.match(context.text, finding.end, here[0].start) is not None
    persons = [mention for mention in here if lists and _with_post(context, mention)]
    those = re.compile(context.lexicon.macros["those"])
    passed = 0
    for sentence in context.entities.sentences[finding.sentence.number + 1 :]:
        if sentence.in_quotation:
            continue
        item = passed == 0 and ITEM.match(context.text, sentence.start) is not None
        if item or (not persons and those.match(sentence.lower)):
            persons += [mention for mention in sentence.mentions if _with_post(context, mention, item=item)]
        elif persons or passed == CLOSE:
            break
        else:
            passed += 1
    return persons


def _with_post(context: Context, mention: Mention, *, item: bool = False) -> bool:
    """Whether a phrase gives a person the post behind the name: "X sebagai A", "X (A)"; by a mere comma in items."""
    post = post_of(mention) if mention.core.type == "person" else None
    if post is None or post.start < mention.core.end:
        return False
    behind_comma = item and context.text[mention.core.end : post.start] == ", "
    return behind_comma or context.says("relations.given", mention.core.end, post.start)


def _post(context: Context, finding: Finding, person: Mention | None) -> Mention | None:
    """The post that the clause names, else the one in the person's phrase if it is the new one there.

    ``@held`` is the one that the person has, ``@replaced`` that of whom they replace, ``@spoken`` that named last.
    """
    post = finding.fillers.get("post")
    if isinstance(post, Mention):
        return post
    if post == "@spoken":
        return context.once("posts", _posts_named).last_before(finding.start)
    if post in ("@held", "@replaced"):
        filler = finding.fillers.get("person" if post == "@held" else "replaces")
        who = context.holders.subject(finding.start) if filler == "@subject" else filler
        held = context.holders.office_of(who, finding.end) if isinstance(who, Mention) else None
        return held if held is None or not isinstance(who, Mention) else context.holders.fuller(held, who) or held
    given = post_of(person) if person is not None else None
    if given is None or person is None:
        return None
    before_name = given.start < person.core.start
    if finding.fillers.get("person") == "@list":
        return given
    named_as = context.says("relations.as", person.core.end, max(given.start, person.core.end))
    return given if named_as or (before_name and finding.fillers.get("post") == "@phrase") else None


def _appointed(
    context: Context, finding: Finding, person: Argument, post: Mention, date: dt.date | None, named: Filler | None
) -> Iterator[Claim]:
    made = held_by(context, post, finding, named)
    if made is None:
        return
    if made.organisation is None and (body := first_body(context, post)) is not None:
        made = context.posts.held(post.core, body, None)
    if context.posts.says_nothing(post, made):
        return
    marker = Argument(context.posts.appointment(post.core), marker_span(post.core))
    elect = context.posts.status(post.core, None) is Status.PROJECTED
    for claim in _claims(context, finding, person, Argument(made.entity, evidence(post.core)), made, marker, date):
        if not (elect and claim.relation is Relation.HOLDS_POST):  # a "bupati terpilih" is none yet
            yield claim


def _leader(
    context: Context, finding: Finding, person: Argument, body: Mention, date: dt.date | None
) -> Iterator[Claim]:
    """Who is trusted with leading a body gets the post that leads it."""
    made = leading(context, body)
    if made is not None and made.organisation is not None:
        post = Argument(made.entity, evidence(body))
        yield from _claims(context, finding, person, post, made, Argument(Appointment.DEFINITIVE), date)


def leading(context: Context, body: Mention) -> Held | None:
    """The post that leads a body, by the head of its name: "memimpin Fakultas Contoh" makes a Dekan."""
    entity, name = context.entities.actor(body), context.entities.words(body)
    heads = [head for head in context.lexicon.leaders if name == head or name.startswith(head + " ")]
    if entity is None or not heads:
        return None
    base = "Kepala" if context.says("relations.heads", max(0, body.start - 20), body.start) else None
    base = base or context.lexicon.leaders[max(heads, key=len)]
    label = f"{base}{context.lexicon.of}{name}"
    made = Entity(
        Kind.POST,
        f"post/{slug(label)}",
        Label(label, context.lexicon.tongue(label)),
        (Label(base, context.lexicon.tongue(base)),) if base in context.lexicon.headed else (),
        (("body", entity),),
        candidates.role(context.lexicon, base),
        why="named by the text",
    )
    return Held(made, Argument(entity, evidence(body)), None)


def _claims(
    context: Context,
    finding: Finding,
    person: Argument,
    post: Argument,
    made: Held,
    marker: Argument,
    date: dt.date | None,
) -> Iterator[Claim]:
    by, replaced = _by(context, finding, person), _replaced(context, finding, person)
    when = finding.fillers.get("date") or finding.fillers.get("day")
    day = context.argument(date, when.core) if isinstance(when, Mention) else None
    day = day or only_day(context, finding)
    if finding.fillers.get("by") in ("@ceremony", "@scene") or context.says(
        "relations.sworn", finding.sentence.start, finding.end
    ):
        ceremony = _ceremony(context, finding)
        if ceremony is not None:
            by = by or _by(context, ceremony, person)
            held = _date(context, ceremony)
            spot = ceremony.fillers.get("date") or ceremony.fillers.get("day")
            day = day or (
                context.argument(held, spot.core) if isinstance(spot, Mention) else only_day(context, ceremony)
            )
    if made.organisation is None and (body := _body_of(context, by)) is not None:
        made = replace(made, organisation=body)
    day = day or _day_before(context, finding)
    yield context.claim(
        finding,
        Relation.APPOINTED,
        person=person,
        post=post,
        organisation=made.organisation,
        appointment=marker,
        by=by,
        date=day,
        replaces=replaced,
    )
    yield _tenure(context, finding, Relation.HOLDS_POST, person, post, made, marker)
    if replaced is not None:
        definitive = Argument(Appointment.DEFINITIVE)
        yield _tenure(context, finding, Relation.HELD_POST, replaced, post, made, definitive)


def _by(context: Context, finding: Finding, person: Argument) -> Argument | None:
    """Who appoints: a person, body or post."""
    filler = finding.fillers.get("by") or finding.fillers.get("by2")
    found = context.agent(filler, finding) if isinstance(filler, Mention) else None
    return None if found is None or found.value == person.value else found


def _replaced(context: Context, finding: Finding, person: Argument) -> Argument | None:
    """In whose place, by name or the one who is spoken of."""
    filler = finding.fillers.get("replaces")
    if filler == "@subject":
        found = context.person(filler, finding)
        return None if found is None or found.value == person.value else found
    role = "replaces" if "replaces" in finding.fillers else "replaces2"
    found = _other(context, finding, role, person)
    return (
        found if found is not None and isinstance(found.value, Entity) and found.value.kind is Kind.OFFICIAL else None
    )


def only_day(context: Context, finding: Finding) -> Argument | None:
    """The only day that the sentence names, unless something else begins or ends on it."""
    days = [m for m in finding.sentence.mentions if m.core.type == "date" and (d := context.days(m)) and d[0] == d[1]]
    if not days and context.says("relations.same_occasion", finding.sentence.start, finding.start):
        named = context.once("dates", _dates_named).last_before(finding.sentence.start)
        days = [named] if named is not None else []
    if len(days) != 1 or context.says("relations.another_day", finding.sentence.start, days[0].start):
        return None
    (found,) = days
    resolved = context.days(found)
    day = as_date(resolved[0]) if resolved is not None else None
    past = isinstance(day, dt.date) and (context.day is None or day <= context.day)
    return context.argument(day, found.core) if past else None


def _body_of(context: Context, by: Argument | None) -> Argument | None:
    """The ministry or other body of the official who appoints, which is that of a post that names none."""
    if by is None or not isinstance(by.value, Entity):
        return None
    if by.value.kind in OWN_OFFICES:  # Kementerian X menunjuk Y sebagai Ketua Tim Z
        return by
    held = [made for post, person in context.holders.held if (made := _held_of(context, post, person, by)) is not None]
    bodies = {body.value: body for made in held if (body := made.organisation) is not None}
    if by.value.kind is Kind.POST and (linked := by.value.link("body")) is not None:
        bodies = {linked: Argument(linked, by.evidence)}
    if len(bodies) != 1:
        return None
    (found,) = bodies.values()
    return found if isinstance(found.value, Entity) and found.value.kind in OWN_OFFICES else None


def first_body(context: Context, post: Mention) -> Mention | None:
    """The body of a bare post: the first before it that such a post can be in, which the article is about."""
    heads = context.lexicon.contexts.get(context.entities.words(post))
    if heads is None:
        return None
    first = context.once("first bodies", _first_bodies)
    bodies = [body for head in heads if (body := first.get(head)) is not None and body.start < post.start]
    return min(bodies, key=attrgetter("start"), default=None)


def _first_bodies(context: Context) -> Mapping[str, Mention]:
    """The first body whose name begins with a word, outside quotations."""
    found: dict[str, Mention] = {}
    for sentence in context.entities.sentences:
        for mention in sentence.mentions:
            if mention.core.type == "body" and not sentence.in_quotation:
                found.setdefault(context.entities.words(mention.core).split(" ")[0], mention.core)
    return found


def _day_before(context: Context, finding: Finding) -> Argument | None:
    """The day named last, where people are sworn in and the sentence itself tells no time."""
    text, sentence = context.text, finding.sentence
    said = context.form("relations.term").sub("", text[sentence.start : sentence.end])
    another_time = context.form("relations.time").search(said)
    if another_time or not context.says("relations.oath", sentence.start, finding.end):
        return None
    named = context.once("dates", _dates_named).last_before(finding.start)
    if named is None or "\n" in text[named.start : finding.start].strip().replace("\n\n", "\n", 1).replace(
        "\n", " ", 1
    ):
        return None
    days = context.days(named)
    return context.argument(as_date(days[0]), named.core) if days is not None else None


def _held_of(context: Context, post: Mention, person: Mention, by: Argument) -> Held | None:
    if context.entities.person(person) != by.value:
        return None
    outer = post.linked.get("org")
    return context.posts.held(post.core, outer if isinstance(outer, Mention) else None, None)


def note(context: Context, findings: Sequence[Finding]) -> None:
    """The ceremonies at which several come into office, with who swears them in and when."""
    context.ceremonies = sorted(
        (finding for finding in findings if "ceremony" in finding.fillers), key=lambda finding: finding.start
    )


def _ceremony(context: Context, finding: Finding) -> Finding | None:
    """The ceremony that was told of last, not long before."""
    end = bisect_right(context.ceremonies, finding.start, key=attrgetter("start"))
    adds = context.says("relations.too", finding.sentence.start, finding.sentence.end)
    last = context.ceremonies[end - 1] if end else None
    far = last is None or finding.sentence.paragraph - last.sentence.paragraph > (FURTHER if adds else NEAR)
    return None if far else last


def _dates_named(context: Context) -> Placed[Mention]:
    """The single days that the text names outside quotations."""
    sentences = [sentence for sentence in context.entities.sentences if not sentence.in_quotation]
    dates = [m for sentence in sentences for m in sentence.mentions if m.core.type == "date"]
    return Placed(
        [
            (m.start, m)
            for m in dates
            if (days := context.days(m)) is not None
            and days[0] == days[1]
            and not context.says("relations.another_day", max(0, m.start - 40), m.start)
        ]
    )


def _posts_named(context: Context) -> Placed[Mention]:
    """The posts that stand for themselves, no part of a person's phrase."""
    sentences = context.entities.sentences
    return Placed([(m.start, m) for sentence in sentences for m in sentence.mentions if m.type == "post"])


def _tenure(
    context: Context,
    finding: Finding,
    relation: Relation,
    person: Argument,
    post: Argument,
    made: Held,
    marker: Argument,
) -> Claim:
    status = Status.FORMER if relation is Relation.HELD_POST else Status.CURRENT
    return context.claim(
        finding,
        relation,
        person=person,
        post=post,
        organisation=made.organisation,
        **{"for": made.behalf},
        appointment=marker,
        status=Argument(status),
    )


def held_by(context: Context, post: Mention, finding: Finding, person: Filler | None) -> Held | None:
    """The post with its body and those it is held on behalf of, as the clause or the phrase gives them.

    Of two posts named together a person has the one that they stand for among two persons: None where they don't.
    """
    if context.posts.is_pair(post.core):
        place = _place_in_pair(context, finding, person)
        return None if place is None else context.posts.share(post.core, second=place == 1)
    outer = finding.fillers.get("org") or post.linked.get("org")
    region = finding.fillers.get("for") or post.linked.get("for")
    return context.posts.held(
        post.core, outer if isinstance(outer, Mention) else None, region if isinstance(region, Mention) else None
    )


def _place_in_pair(context: Context, finding: Finding, person: Filler | None) -> int | None:
    """Whether a person is the first (0) or the second (1) of two that "dan" joins."""
    if not isinstance(person, Mention):
        return None
    mentions = finding.sentence.mentions
    at = next((number for number, m in enumerate(mentions) if m.start <= person.start and person.end <= m.end), None)
    if at is None:
        return None
    joining = context.lexicon.members("function.conjunctions")
    for place, (first, second) in enumerate(((at, at + 1), (at - 1, at))):
        if first >= 0 and second < len(mentions) and mentions[first].type in NAMED and mentions[second].type in NAMED:
            between = context.text[mentions[first].end : mentions[second].start].strip()
            if between in joining:
                return place
    return None


def _other(context: Context, finding: Finding, role: str, person: Argument) -> Argument | None:
    mention = finding.fillers.get(role)
    other = context.party(mention, finding) if isinstance(mention, Mention) else None
    return None if other is None or other.value == person.value else other


def _date(context: Context, finding: Finding) -> dt.date | None:
    """The day, where the clause names a single one."""
    days = context.days(finding.fillers.get("date") or finding.fillers.get("day"))
    day = as_date(days[0]) if days is not None and days[0] == days[1] else None
    return day if isinstance(day, dt.date) else None
