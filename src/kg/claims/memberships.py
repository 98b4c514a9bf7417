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
    network = finding.fillers.get("network")
    net = network if isinstance(network, Mention) else _network_before(context, finding)
    if net is None:
        return
    target = context.entities.body(net) if net.core.type == "event" else context.entities.actor(net)
    if target is None:
        return
    status = finding.fillers.get("status", "current")
    members = context.mentions(finding.fillers.get("member"))
    if finding.fillers.get("member") == "@place":
        members = _place_before(context, finding)
    for member in members:
        subject = context.party(member, finding)
        if subject is None or not isinstance(subject.value, Entity) or subject.value.key == target.key:
            continue
        yield context.claim(
            finding,
            member=subject,
            network=context.argument(target, net.core),
            status=Argument(Status(str(status)), Evidence(*finding.trigger)),
            focus=context.words_of(finding.fillers.get("focus")),
        )


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


def _network_before(context: Context, finding: Finding) -> Mention | None:
    """The network that is spoken of: the last one named before, city networks before ASEAN or the UN."""
    before = [
        network
        for sentence in context.entities.sentences
        for mention in sentence.mentions
        if mention.core.start < finding.end and (network := _network_of(context, mention)) is not None
    ]
    heads = context.lexicon.members("networks.joined")
    good = [m for m in before if heads & set(words(context.entities.short.long(context.entities.full(m))))]
    chosen = good or before
    if chosen:
        return chosen[-1]
    after = (network for m in finding.sentence.mentions if (network := _network_of(context, m)) is not None)
    return next(after, None)


def _network_of(context: Context, mention: Mention) -> Mention | None:
    """The network that a mention names, itself or inside the name of its meeting."""
    core = mention.core
    if core.type == "event":
        meeting = context.meetings.of(core)
        return core if meeting is not None and meeting.network else context.entities.network_inside(core)
    return core if core.type == "network" else None
