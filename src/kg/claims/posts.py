"""A person holds or held a post."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.calendar import as_date
from kg.candidates import role, typed
from kg.claims.appointments import first_body, held_by, leading
from kg.claims.context import Context, evidence
from kg.mention import POSSESSIVE, Mention
from kg.model import Appointment, Argument, Claim, Entity, Kind, Label, Relation, Status
from kg.names import slug
from kg.posts import marker_span
from kg.rules import Finding, Words

FULL_NAME = 3  # spaces in a name of so many words that a region may be in it
NUMERAL = re.compile("[IVX]+")
NAMED = ("person", "unknown", "place", "body")


def note(context: Context, findings: Sequence[Finding]) -> None:
    """Who holds which post: a bare post means its holder."""
    context.holders.note(findings)


def holds_post(context: Context, finding: Finding) -> Iterator[Claim]:
    """A person holds a post; the body stands in the phrase, in the post's name or nowhere."""
    post = finding.fillers.get("post")
    person = context.person(finding.fillers.get("person"), finding)
    if person is not None and isinstance(post, str):
        yield from _heads(context, finding, person, post)
    if person is not None and isinstance(body := finding.fillers.get("heads"), Mention):
        yield from _led(context, finding, person, body)
    if person is not None and isinstance(title := finding.fillers.get("title"), Words):
        yield from _of_territory(context, finding, person, title)
    if not isinstance(post, Mention) or person is None:
        return
    holder = finding.fillers.get("person")
    if isinstance(holder, Mention) and _is_no_holder(context, finding, post, holder):
        return
    fuller = context.holders.fuller(post, holder) if isinstance(holder, Mention) else None
    made = held_by(context, fuller or post, finding, holder)
    if made is None:
        return
    if context.posts.says_nothing(post, made):
        return
    status = context.posts.status(post.core, finding.fillers.get("status"))
    if status is Status.FORMER and made.organisation is None and (body := first_body(context, post)) is not None:
        made = context.posts.held(post.core, body, None)
    if finding.fillers.get("only") not in (None, status.value):
        return
    yield context.claim(
        finding,
        Relation.HELD_POST if status is Status.FORMER else Relation.HOLDS_POST,
        person=person,
        post=Argument(made.entity, evidence(post.core)),
        organisation=made.organisation,
        **{"for": made.behalf},
        appointment=Argument(context.posts.appointment(post.core), marker_span(post.core)),
        status=Argument(status, marker_span(post.core)),
        until=_until(context, finding) if status is Status.FORMER else None,
    )


def _is_no_holder(context: Context, finding: Finding, post: Mention, holder: Mention) -> bool:
    """Whether the name behind a post is that of whom it serves, or a word of the body's name before the holder's."""
    if _is_no_person(context, post, holder):
        return True
    after = next((m for m in finding.sentence.mentions if m.start > holder.start and m.type in NAMED), None)
    if after is None or holder.start < post.core.start:
        return False
    between = context.text[holder.end : after.start]
    if between == ", " and context.entities.words(post.core).lower() in context.lexicon.members("posts.of_persons"):
        return True  # Kuasa hukum Ratna, Bagus Pranoto
    return not between.strip() and context.text[holder.start : holder.end].isupper()  # General Manager PLN UIW NTT


def _is_no_person(context: Context, post: Mention, holder: Mention) -> bool:
    """Whether what stands behind a post is rather part of its name: mantan dirut Pelni, Lurah Sitirejo I.

    Many unknown words behind the head of a region hold the region's name: Wali Kota Seberang Perai Baderul Amin.
    """
    core = post.core
    said = context.text[slice(*holder.name)]
    if holder.start >= core.start and NUMERAL.fullmatch(said):
        return True
    if holder.start == core.end + 1 and said.count(" ") >= FULL_NAME and "region" not in core.parts and not post.linked:
        who = context.entities.person(holder)
        short = who is not None and any(" " not in alias.text for alias in who.aliases)
        return not short and context.entities.words(core) in context.lexicon.members("posts.territorial")
    if core.letters.lstrip("bB") != "p" or post.linked or holder.start < core.start or holder.core.rule == "":
        return False
    who = context.entities.person(holder)
    known = who is not None and (" " in who.label.text or any(" " in alias.text for alias in who.aliases))
    return not known and context.entities.words(core).lower() in context.lexicon.members("posts.of_bodies")


def held_post(context: Context, finding: Finding) -> Iterator[Claim]:
    """A person held a post, until a year or day where that is said and past."""
    until = _until(context, finding)
    now = context.year
    if until is not None and now is not None and _year_of(until) > now:
        return
    yield from holds_post(context, replace(finding, fillers={**finding.fillers, "status": Status.FORMER.value}))


def _until(context: Context, finding: Finding) -> Argument | None:
    filler = finding.fillers.get("until")
    if isinstance(filler, Words):
        return Argument(int(context.text[filler.start : filler.end]), evidence(filler))
    days = context.days(filler)
    day = as_date(days[1]) if days is not None else None
    return context.argument(day, filler.core) if isinstance(filler, Mention) and isinstance(day, dt.date) else None


def _year_of(until: Argument) -> int:
    return until.value.year if isinstance(until.value, dt.date) else int(str(until.value))


def _led(context: Context, finding: Finding, person: Argument, body: Mention) -> Iterator[Claim]:
    """The post of who leads or led a body."""
    made = leading(context, body)
    status = Status(str(finding.fillers.get("status", Status.CURRENT.value)))
    if made is not None:
        yield context.claim(
            finding,
            Relation.HELD_POST if status is Status.FORMER else Relation.HOLDS_POST,
            person=person,
            post=Argument(made.entity, evidence(body)),
            organisation=made.organisation,
            appointment=Argument(Appointment.DEFINITIVE),
            status=Argument(status),
            until=_until(context, finding) if status is Status.FORMER else None,
        )


def _of_territory(context: Context, finding: Finding, person: Argument, title: Words) -> Iterator[Claim]:
    """The post of who heads the region that a clause names: "Toyama diwakili wakil wali kotanya"."""
    territory = finding.fillers.get("territory")
    if not isinstance(territory, Mention):
        return
    entity = context.entities.actor(territory)
    region = entity.link("territory") if entity is not None else None
    if entity is None or (region is None and entity.kind is not Kind.GOVERNMENT):
        return
    post = context.text[title.start : title.end].removesuffix(POSSESSIVE)
    name = f"{post}{context.lexicon.of}{typed(context.lexicon, (region or entity).label.text)[1]}"
    yield context.claim(
        finding,
        person=person,
        post=Argument(
            Entity(
                Kind.POST,
                f"post/{slug(name)}",
                Label(name, context.lexicon.tongue(name)),
                (Label(post, context.lexicon.tongue(post)),),
                (("body", entity),),
                role(context.lexicon, post),
                why="named by the text",
            ),
            evidence(title),
        ),
        organisation=Argument(entity, evidence(territory)),
        appointment=Argument(Appointment.DEFINITIVE),
        status=Argument(Status.CURRENT),
    )


def _heads(context: Context, finding: Finding, person: Argument, post: str) -> Iterator[Claim]:
    """A post that a verb gives: who "mengepalai" a body is its Kepala."""
    body = finding.fillers.get("org")
    if isinstance(body, Mention) and (entity := context.entities.actor(body)) is not None:
        label = f"{post}{context.lexicon.of}{context.entities.words(body)}"
        spot = evidence(body)
        made = Entity(
            Kind.POST,
            f"post/{slug(label)}",
            Label(label, context.lexicon.tongue(label)),
            (),
            (("body", entity),),
            role(context.lexicon, post),
        )
        yield context.claim(
            finding,
            person=person,
            post=Argument(made, spot),
            organisation=Argument(entity, spot),
            appointment=Argument(Appointment.DEFINITIVE),
            status=Argument(Status.CURRENT),
        )
