"""Networks as wholes: who has which role in them, how many members they have, when they were founded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.calendar import DateValue, as_date
from kg.claims.context import Context, evidence
from kg.claims.memberships import network_before
from kg.mention import Mention
from kg.model import Argument, Claim, Entity, Evidence, Kind, NetworkRole
from kg.money import spelled
from kg.rules import Finding, Words

YEARS = re.compile(r"20\d\d")
MOST = 10_000  # members of a network; a larger number counts something else


def network_role(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each country, body or city that has a role in a network."""
    role = _role(context, finding)
    network = _network(context, finding)
    if role is None or network is None:
        return
    actors = finding.fillers.get("actor") or finding.fillers.get("actor2")
    for mention in context.mentions(actors):
        actor = context.party(mention, finding)
        if actor is not None and actor.value != network.value:
            yield context.claim(finding, actor=actor, network=network, role=role, **_term(context, finding))


def _role(context: Context, finding: Finding) -> Argument | None:
    """The role: given by the rule, by a word, or by a post ("Ketua ASEAN")."""
    filler = finding.fillers.get("role")
    if isinstance(filler, Words):
        word = context.text[filler.start : filler.end].lower()
        return context.argument(context.lexicon.network_roles.get(word), filler)
    if isinstance(filler, str):
        return Argument(NetworkRole(filler), Evidence(*finding.trigger))
    post = finding.fillers.get("post")
    if isinstance(post, Mention):
        said = context.entities.words(post).lower()
        heads = [word for word in context.lexicon.network_roles if said == word or said.startswith(word + " ")]
        if heads:
            return context.argument(context.lexicon.network_roles[max(heads, key=len)], post.core)
    return None


def _network(context: Context, finding: Finding) -> Argument | None:
    """The network that is named, that a post is in, or that is spoken of."""
    mention = finding.fillers.get("network")
    post = finding.fillers.get("post")
    if isinstance(post, Mention):
        mention = post.linked.get("org") or mention
    if mention == "@net":
        mention = _just_named(context, finding) or network_before(context, finding)
    if not isinstance(mention, Mention):
        return None
    entity = context.entities.body(mention) if mention.core.type == "event" else context.entities.actor(mention)
    return context.argument(entity, mention.core) if entity is not None and entity.kind is Kind.NETWORK else None


def _just_named(context: Context, finding: Finding) -> Mention | None:
    """The only network that the sentence so far or the one before names: "MIKTA ... Kelompok itu diketuai ..."."""
    sentences = context.entities.sentences
    for number in range(finding.sentence.number, max(-1, finding.sentence.number - 2), -1):
        named: dict[str, Mention] = {}
        for mention in sentences[number].mentions:
            if mention.start >= finding.start or mention.core.generic or mention.core.type != "network":
                continue
            entity = context.entities.actor(mention)
            if entity is not None and entity.kind is Kind.NETWORK:
                named[entity.key] = mention
        if named:
            return next(iter(named.values())) if len(named) == 1 else None
    return None


def _term(context: Context, finding: Finding) -> dict[str, Argument | None]:
    fillers = finding.fillers
    filler = fillers.get("term") or fillers.get("term2") or fillers.get("term3")
    days = context.days(finding.fillers.get("from"))
    if not isinstance(filler, Words):
        start = finding.fillers.get("from")
        if days is None or not isinstance(start, Mention):
            return {}
        year = Argument(int(days[0][:4]), evidence(start.core))
        return {"since": year, "until": year}
    if context.text[filler.start : filler.end].lower() == "tahun ini":
        if context.present is None:
            return {}
        year = Argument(context.present, evidence(filler))
        return {"since": year, "until": year}
    years = [
        Argument(int(match.group()), Evidence(*match.span()))
        for match in YEARS.finditer(context.text, filler.start, filler.end)
    ]
    return {"since": years[0], "until": years[-1]} if years else {}


def member_count(context: Context, finding: Finding) -> Iterator[Claim]:
    """How many members a network has."""
    network, filler = _network(context, finding), finding.fillers.get("number") or finding.fillers.get("number2")
    if network is None or not isinstance(filler, Words):
        return
    said = context.text[filler.start : filler.end].lower().replace(".", "")
    number = int(said) if said.isdecimal() else int(spelled(said, context.lexicon))
    if 1 < number <= MOST:
        yield context.claim(finding, network=network, number=Argument(number, evidence(filler)))


def founded(context: Context, finding: Finding) -> Iterator[Claim]:
    """When a network was founded, and where."""
    network = _network(context, finding)
    date, year = finding.fillers.get("date"), finding.fillers.get("year")
    if network is None:
        return
    day: Argument | None = None
    if isinstance(date, Mention) and isinstance(date.core.value, DateValue):
        resolved = date.core.value.resolve(None)
        if resolved is not None and resolved[0] == resolved[1]:
            said = resolved[0]
            day = Argument(as_date(said) if said.count("-") == 2 else int(said[:4]), evidence(date.core))
    elif isinstance(year, Words):
        day = Argument(int(context.text[year.start : year.end]), evidence(year))
    if day is None:
        return
    place = finding.fillers.get("place") or finding.fillers.get("place2")
    site = context.entities.place(place) if isinstance(place, Mention) else None
    yield context.claim(
        finding,
        network=network,
        date=day,
        place=context.argument(site, place.core) if isinstance(place, Mention) and _is_place(site) else None,
    )


def _is_place(site: Entity | None) -> bool:
    return site is not None and site.kind is not Kind.VENUE
