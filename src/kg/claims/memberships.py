"""Cities, countries and bodies belong to a network."""

from __future__ import annotations

from collections.abc import Iterator

from kg.claims.context import Context
from kg.mentions import Mention
from kg.model import Argument, Claim, Entity, Evidence, Status
from kg.names import words
from kg.rules import Finding


def member_of(context: Context, finding: Finding) -> Iterator[Claim]:
    """Cities, countries and bodies belong to a network, did, or are to."""
    status = finding.fillers.get("status", "current")
    members = context.mentions(finding.fillers.get("member"))
    if finding.fillers.get("member") == "@place":
        members = _place_before(context, finding)
    elif finding.fillers.get("member") == "@network":
        members = _last_network(context, finding.start)
    for net in _networks(context, finding):
        target = _network(context, net, finding)
        for member in members:
            subject = context.party(member, finding)
            if target is None or subject is None or not isinstance(subject.value, Entity):
                continue
            if subject.value.key != target.key:
                yield context.claim(
                    finding,
                    member=subject,
                    network=context.argument(target, net.core),
                    status=Argument(Status(str(status)), Evidence(*finding.trigger)),
                    focus=context.words_of(finding.fillers.get("focus") or finding.fillers.get("theme")),
                )


def _networks(context: Context, finding: Finding) -> list[Mention]:
    """The networks that a finding names, else the one that is spoken of."""
    for role in ("joined", "forum", "network"):
        named = [mention for mention in context.mentions(finding.fillers.get(role)) if not mention.core.generic]
        if named:
            return named
    spoken = _network_before(context, finding)
    return [] if spoken is None else [spoken]


def _network(context: Context, mention: Mention, finding: Finding) -> Entity | None:
    """The network of that name; a name of an unknown kind names one behind "anggota"."""
    if mention.core.type == "unknown":
        if "anggota" not in context.text[finding.start : mention.start].lower():
            return None
        return context.entities.body_named(context.entities.full(mention), "network")
    return context.entities.body(mention) if mention.core.type == "event" else context.entities.actor(mention)


def _place_before(context: Context, finding: Finding) -> list[Mention]:
    """The place that "kota ini" means: the last city or regency named before, outside quotations first."""
    before = [
        (sentence.in_quotation, mention.core)
        for sentence in context.entities.sentences
        for mention in sentence.mentions
        if mention.core.type == "place" and mention.core.start < finding.start and mention.core.level <= 2
    ]
    outside = [mention for quoted, mention in before if not quoted]
    return outside[-1:] or [mention for _, mention in before[-1:]]


def _last_network(context: Context, position: int) -> list[Mention]:
    """The network that "asosiasi itu" means as a subject: the last one named before."""
    before = [
        mention.core
        for sentence in context.entities.sentences
        for mention in sentence.mentions
        if mention.core.type == "network" and mention.core.start < position
    ]
    return before[-1:]


def _network_before(context: Context, finding: Finding) -> Mention | None:
    """The network that is spoken of: city networks before others; of these the one named most often so far, then last.

    The last city network named before is meant; ASEAN and the like are named in passing, so they are counted.
    """
    named = [
        (sentence.in_quotation, network)
        for sentence in context.entities.sentences
        for mention in context.entities.nested(sentence)
        if mention.core.start < finding.end and (network := _network_of(context, mention)) is not None
    ]
    before = [network for quoted, network in named if not quoted] or [network for _, network in named]
    heads = context.lexicon.members("networks.joined")
    good = [m for m in before if heads & set(words(context.entities.short.long(context.entities.full(m))))]
    if good:
        return good[-1]
    keys = [entity.key if (entity := _network(context, m, finding)) is not None else "" for m in before]
    if before:
        return max(enumerate(before), key=lambda item: (keys.count(keys[item[0]]), item[0]))[1]
    after = (network for m in finding.sentence.mentions if (network := _network_of(context, m)) is not None)
    return next(after, None)


def _network_of(context: Context, mention: Mention) -> Mention | None:
    """The network that a mention names, itself or inside the name of its meeting."""
    core = mention.core
    if core.type == "event":
        meeting = context.meetings.of(core)
        return core if meeting is not None and meeting.network else context.entities.network_inside(core)
    return core if core.type == "network" else None
