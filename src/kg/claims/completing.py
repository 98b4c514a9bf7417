"""What several sentences say of one appointment becomes one claim; a ceremony tells the day of those made at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kg.claims.context import Context
from kg.model import ROLES, Argument, Claim, Entity, Kind, Relation

TELLS = Decimal("0.5")  # a rule below it only adds to an appointment that another tells of


def completed(context: Context, claims: Sequence[Claim]) -> list[Claim]:
    """What several sentences say of one appointment, together: who, by whom, when, in whose place."""
    groups: list[list[Claim]] = []
    of_person: dict[object, list[list[Claim]]] = {}
    for claim in claims:
        if claim.relation is Relation.APPOINTED:
            who = claim["person"].value  # by id: a short name may tell another reason for it
            theirs = of_person.setdefault(who.key if isinstance(who, Entity) else who, [])
            group = next((known for known in theirs if _same(known[0], claim)), None)
            if group is None:
                group = []
                theirs.append(group)
                groups.append(group)
            group.append(claim)
    made: dict[int, Claim] = {}
    untold: set[int] = set()
    body: Argument | None = None
    for group in groups:
        told = [claim for claim in group if claim.confidence >= TELLS]
        if not told:
            untold |= {id(claim) for claim in group}
            continue
        fullest = max(group, key=lambda claim: (claim.get("organisation") is not None, len(claim.arguments)))
        given = dict(fullest.arguments)
        for claim in group:
            for role, argument in claim.arguments:
                if role not in given and (role != "replaces" or argument.value != given["person"].value):
                    given[role] = argument
        if "organisation" not in given and body is not None and _is_inner(context, given["post"]):
            given["organisation"] = body
        last = given.get("organisation")
        body = last if last is not None and _is_joined(last) else None
        made |= {id(claim): replace(claim, arguments=_ordered(given)) for claim in group}
    kept = [made.get(id(claim), claim) for claim in claims if id(claim) not in untold]
    return dated_by_ceremony(context, kept)


def _is_joined(body: Argument) -> bool:
    """Whether a body is a network or association, whose board is chosen in one go."""
    return isinstance(body.value, Entity) and body.value.kind in (Kind.NETWORK, Kind.BODY)


def _is_inner(context: Context, post: Argument) -> bool:
    """Whether a post is one of a board: "Wakil Ketua Bidang Pemerintahan"."""
    return isinstance(post.value, Entity) and context.form("relations.board").match(post.value.label.text) is not None


def _same(one: Claim, other: Claim) -> bool:
    """Whether two claims about a person are of one appointment: to posts that bear one name."""
    posts = one["post"].value, other["post"].value
    if not all(isinstance(post, Entity) for post in posts):
        return False
    first, second = (
        {post.label.text.casefold(), *(alias.text.casefold() for alias in post.aliases)}
        for post in posts
        if isinstance(post, Entity)
    )
    dates = {claim.get("date") for claim in (one, other)} - {None}
    return bool(first & second) and len({date.value for date in dates if date is not None}) < 2


def dated_by_ceremony(context: Context, claims: Sequence[Claim]) -> list[Claim]:
    """Appointments without a day of their own take that of the only ceremony of appointment that the article dates."""
    ceremonies = tuple(context.lexicon.members("relations.ceremonies"))
    held = {
        str(claim["date"].value): claim
        for claim in claims
        if claim.relation is Relation.HELD_ON
        and isinstance(meeting := claim["meeting"].value, Entity)
        and meeting.label.text.lower().startswith(ceremonies)
        and isinstance(claim["date"].value, dt.date)
    }
    if len(held) != 1:
        return list(claims)
    (ceremony,) = held.values()
    date, told = ceremony["date"], ceremony["meeting"].evidence
    return [
        replace(claim, arguments=_with_date(claim, date))
        if claim.relation is Relation.APPOINTED
        and claim.get("date") is None
        and (told is None or told.start < claim.trigger.start)
        else claim
        for claim in claims
    ]


def _with_date(claim: Claim, date: Argument) -> tuple[tuple[str, Argument], ...]:
    """The arguments in the order of their roles."""
    return _ordered({**dict(claim.arguments), "date": date})


def _ordered(given: Mapping[str, Argument]) -> tuple[tuple[str, Argument], ...]:
    """The arguments of an appointment in the order of their roles."""
    return tuple(
        (role, given[role]) for role in (role.rstrip("?") for role in ROLES[Relation.APPOINTED]) if role in given
    )
