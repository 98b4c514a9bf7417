"""Appointments: who comes into which post, by whom, when and in whose place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.calendar import as_date
from kg.claims.context import Context, evidence
from kg.mentions import Mention
from kg.model import ROLES, Appointment, Argument, Claim, Entity, Relation, Status
from kg.posts import Held, marker_span
from kg.rules import Filler, Finding

ITEM = re.compile(r"\s*(?:[-•*–—]|\d{1,2}[.)]|[a-z][.)])\s")
GIVEN = re.compile(r"\b(?:sebagai|menjadi|selaku)\b|[(:–—-]")
NEAR = 3  # sentences between the one that says who appoints and "keempatnya ialah"
AS = re.compile(r"\b(?:sebagai|menjadi|selaku)\b")


def post_of(person: Mention) -> Mention | None:
    """The post of the outermost phrase that a person stands in: of "Dirjen A, sebagai Pj. Gubernur B" the second."""
    while person.head is not None:
        posts = [mention for mention in person.inside if mention.core.type == "post"]
        if posts:
            return posts[-1]
        person = person.head
    return None


def appointed(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each person who is appointed; they hold the post, and whom they replace held it."""
    date = _date(context, finding)
    if isinstance(date, dt.date) and context.day is not None and date > context.day:
        return  # what is yet to happen is a plan
    filler = finding.fillers.get("person")
    if filler == "@list":
        filler = _listed(context, finding)
    persons: list[Filler | None] = [*context.mentions(filler)] or [filler]
    for named in persons:
        person = context.person(named, finding)
        post = _post(context, finding, named if isinstance(named, Mention) else None)
        if person is not None and post is not None:
            yield from _appointed(context, finding, person, post, date)


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
            persons += [mention for mention in sentence.mentions if _with_post(context, mention)]
        elif persons or passed == NEAR:
            break
        else:
            passed += 1
    return persons


def _with_post(context: Context, mention: Mention) -> bool:
    """Whether a phrase gives a person the post behind the name, and not by a mere comma: "X sebagai A", "X (A)"."""
    post = post_of(mention) if mention.core.type == "person" else None
    if post is None or post.start < mention.core.end:
        return False
    return GIVEN.search(context.text, mention.core.end, post.start) is not None


def _post(context: Context, finding: Finding, person: Mention | None) -> Mention | None:
    """The post that the clause names, else the one in the person's phrase if it is the new one there."""
    post = finding.fillers.get("post")
    if isinstance(post, Mention):
        return post
    given = post_of(person) if person is not None else None
    if given is None or person is None:
        return None
    before_name = given.start < person.core.start
    if finding.fillers.get("person") == "@list":
        return given
    named_as = AS.search(context.text, person.core.end, max(given.start, person.core.end)) is not None
    return given if named_as or (before_name and finding.fillers.get("post") == "@phrase") else None


def _appointed(
    context: Context, finding: Finding, person: Argument, post: Mention, date: dt.date | None
) -> Iterator[Claim]:
    made = held_by(context, post, finding)
    if context.posts.says_nothing(post, made):
        return
    marker = Argument(context.posts.appointment(post.core), marker_span(post.core))
    by, replaced = _other(context, finding, "by", person), _other(context, finding, "replaces", person)
    when = finding.fillers.get("date") or finding.fillers.get("day")
    yield context.claim(
        finding,
        Relation.APPOINTED,
        person=person,
        post=Argument(made.entity, evidence(post.core)),
        organisation=made.organisation,
        appointment=marker,
        by=by,
        date=context.argument(date, when.core) if isinstance(when, Mention) else None,
        replaces=replaced,
    )
    yield _tenure(context, finding, Relation.HOLDS_POST, person, post, made, marker)
    if replaced is not None:
        definitive = Argument(Appointment.DEFINITIVE)
        yield _tenure(context, finding, Relation.HELD_POST, replaced, post, made, definitive)


def _tenure(
    context: Context,
    finding: Finding,
    relation: Relation,
    person: Argument,
    post: Mention,
    made: Held,
    marker: Argument,
) -> Claim:
    status = Status.FORMER if relation is Relation.HELD_POST else Status.CURRENT
    return context.claim(
        finding,
        relation,
        person=person,
        post=Argument(made.entity, evidence(post.core)),
        organisation=made.organisation,
        **{"for": made.behalf},
        appointment=marker,
        status=Argument(status),
    )


def held_by(context: Context, post: Mention, finding: Finding) -> Held:
    """The post with its body and those it is held on behalf of, as the clause or the phrase gives them."""
    outer = finding.fillers.get("org") or post.linked.get("org")
    region = finding.fillers.get("for") or post.linked.get("for")
    return context.posts.held(
        post.core, outer if isinstance(outer, Mention) else None, region if isinstance(region, Mention) else None
    )


def _other(context: Context, finding: Finding, role: str, person: Argument) -> Argument | None:
    mention = finding.fillers.get(role)
    other = context.party(mention, finding) if isinstance(mention, Mention) else None
    return None if other is None or other.value == person.value else other


def _date(context: Context, finding: Finding) -> dt.date | None:
    """The day, where the clause names a single one."""
    days = context.days(finding.fillers.get("date") or finding.fillers.get("day"))
    day = as_date(days[0]) if days is not None and days[0] == days[1] else None
    return day if isinstance(day, dt.date) else None


def dated_by_ceremony(context: Context, claims: Sequence[Claim]) -> list[Claim]:
    """Appointments without a day of their own take that of the only ceremony of appointment that the article dates."""
    ceremonies = tuple(context.lexicon.members("relations.ceremonies"))
    held = {
        str(claim["date"].value): claim["date"]
        for claim in claims
        if claim.relation is Relation.HELD_ON
        and isinstance(meeting := claim["meeting"].value, Entity)
        and meeting.label.text.lower().startswith(ceremonies)
        and isinstance(claim["date"].value, dt.date)
    }
    if len(held) != 1:
        return list(claims)
    (date,) = held.values()
    return [
        replace(claim, arguments=_with_date(claim, date))
        if claim.relation is Relation.APPOINTED and claim.get("date") is None
        else claim
        for claim in claims
    ]


def _with_date(claim: Claim, date: Argument) -> tuple[tuple[str, Argument], ...]:
    """The arguments in the order of their roles."""
    given = {**dict(claim.arguments), "date": date}
    return tuple(
        (role, given[role]) for role in (role.rstrip("?") for role in ROLES[Relation.APPOINTED]) if role in given
    )
