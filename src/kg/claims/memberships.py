"""Cities, countries and bodies belong to a network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.claims.context import Context
from kg.mention import Mention
from kg.model import Argument, Claim, Entity, Evidence, Status
from kg.names import words
from kg.positions import Placed
from kg.rules import Finding, Words

FURTHEST = 200  # networks named before that are counted
WEAK = Decimal("0.75")  # a rule below it tells no membership by itself: the network must be named shortly before
THEMES = ("focus", "theme", "later")  # roles
SENTENCE_END = re.compile(r"\.\s+")


def member_of(context: Context, finding: Finding) -> Iterator[Claim]:
    """Cities, countries and bodies belong to a network, did, or are to."""
    status = finding.fillers.get("status", "current")
    members = [context.party(member, finding) for member in context.mentions(finding.fillers.get("member"))]
    if finding.fillers.get("member") == "@place":
        members = [place_before(context, finding)]
    elif finding.fillers.get("member") == "@network":
        members = [context.party(network, finding) for network in _last_network(context, finding.start)]
    themes = _themes(context, finding, len(members))
    for net in _networks(context, finding):
        target = _network(context, net, finding)
        for subject, focus in zip(members, themes, strict=True):
            if target is None or subject is None or not isinstance(subject.value, Entity):
                continue
            if subject.value.key != target.key:
                yield context.claim(
                    finding,
                    member=subject,
                    network=context.argument(target, net.core),
                    status=Argument(Status(str(status)), Evidence(*finding.trigger)),
                    focus=focus,
                )


def _themes(context: Context, finding: Finding, count: int) -> list[Argument | None]:
    """The theme of each of so many members: "masing-masing dengan tema A dan B" gives each its own."""
    filler = next((found for role in THEMES if (found := finding.fillers.get(role)) is not None), None)
    if isinstance(filler, Words) and context.says("networks.each", finding.start, filler.start):
        parted = context.form("networks.parted").finditer(context.text, filler.start, filler.end)
        ends = [filler.start, *(end for match in parted for end in match.span())]
        parts = [Words(start, end) for start, end in zip(ends[::2], [*ends[1::2], filler.end], strict=True)]
        if len(parts) == count:
            return [context.words_of(part) for part in parts]
    return [context.words_of(filler)] * count


def _networks(context: Context, finding: Finding) -> list[Mention]:
    """The networks that a finding names, else the one that is spoken of."""
    forum = finding.fillers.get("forum")
    if isinstance(forum, Mention) and (meeting := context.meetings.of(forum)) is not None and not meeting.network:
        return []  # "mengajukan rute dalam Pertemuan Tingkat Menteri"
    for role in ("joined", "dwelt", "forum", "network"):
        named = [mention for mention in context.mentions(finding.fillers.get(role)) if not mention.core.generic]
        if named:
            return named
    spoken = network_before(context, finding)
    if spoken is None or (finding.rule.confidence < WEAK and not _spoken_of(context, spoken, finding)):
        return []
    return [spoken]


def _spoken_of(context: Context, network: Mention, finding: Finding) -> bool:
    """Whether a finding goes on about a network: right behind its sentence, or behind another one about members."""
    *between, _ = SENTENCE_END.split(context.text[network.end : finding.start])
    talk = context.lexicon.members("networks.talk")
    close = len(between) <= 1 or not talk.isdisjoint(words(between[-1].lower()))
    return close and context.follows(network.start, finding)


def _network(context: Context, mention: Mention, finding: Finding) -> Entity | None:
    """The network of that name; a name of an unknown kind names one behind "anggota"."""
    if mention.core.type == "unknown":
        if "anggota" not in context.text[finding.start : mention.start].lower():
            return None
        return context.entities.body_named(context.entities.full(mention), "network")
    return context.entities.body(mention) if mention.core.type == "event" else context.entities.actor(mention)


def place_before(context: Context, finding: Finding) -> Argument | None:
    """The place that "kota ini" or "daerahnya" means: the last one of that level, outside quotations first."""
    levels = _levels(context, finding)
    before: list[tuple[bool, Argument]] = []
    for sentence in context.entities.sentences:
        for mention in context.entities.nested(sentence):
            core = mention.core
            if core.start >= finding.trigger[0] or mention.head is not None:
                continue
            argument: Argument | None = None
            if core.type == "place" and core.level in levels:
                argument = context.argument(context.entities.actor(core), core)
            elif core.type == "post" and "region" in core.parts and 2.0 in levels:
                argument = context.posts.held(core, None, None).organisation
            if argument is not None:
                before.append((sentence.in_quotation, argument))
    found = [argument for quoted, argument in before if not quoted] or [argument for _, argument in before]
    return found[-1] if found else None


def _levels(context: Context, finding: Finding) -> frozenset[float]:
    """The levels of place that the words of a finding speak of: "kota ini" a city, "negara itu" a country."""
    said = context.text[finding.start : finding.end].lower()
    for word, levels in (("negara", {4.0}), ("negeri", {4.0}), ("provinsi", {3.0})):
        if word in said:
            return frozenset(levels)
    return frozenset({0.5, 1.0, 1.5, 2.0})


def _last_network(context: Context, position: int) -> list[Mention]:
    """The network that "asosiasi itu" means as a subject: the last one named before."""
    found = context.once("network_names", _network_names).last_before(position)
    return [found] if found is not None else []


def _network_names(context: Context) -> Placed[Mention]:
    """The mentions of networks."""
    return Placed(
        (mention.core.start, mention.core)
        for sentence in context.entities.sentences
        for mention in sentence.mentions
        if mention.core.type == "network"
    )


def network_before(context: Context, finding: Finding) -> Mention | None:
    """The network that is spoken of: city networks before others; of these the one named most often so far, then last.

    The last city network named before is meant; ASEAN and the like are named in passing, so they are counted.
    """
    for before in context.once("networks", _named_networks):
        if before.every.first_before(finding.end) is not None:
            return before.joined.last_before(finding.end) or _most_named(context, before, finding)
    after = (network for m in finding.sentence.mentions if (network := _network_of(context, m)) is not None)
    return next(after, None)


@dataclass(frozen=True, slots=True)
class _Networks:
    """The networks of a text: those that cities and the like join, and all of them."""

    joined: Placed[Mention]
    every: Placed[Mention]


def _named_networks(context: Context) -> tuple[_Networks, _Networks]:
    """The networks that are named outside quotations, and all."""
    named = [
        (sentence.in_quotation, mention.core.start, network)
        for sentence in context.entities.sentences
        for mention in context.entities.nested(sentence)
        if (network := _network_of(context, mention)) is not None
    ]
    every = [(start, network) for _, start, network in named]
    outside = [(start, network) for quoted, start, network in named if not quoted]
    return _sorted_out(context, outside), _sorted_out(context, every)


def _sorted_out(context: Context, named: Sequence[tuple[int, Mention]]) -> _Networks:
    heads = context.lexicon.members("networks.joined")
    entities = context.entities
    joined = [item for item in named if heads & set(words(entities.short.long(entities.full(item[1]))))]
    return _Networks(Placed(joined), Placed(named))


def _most_named(context: Context, networks: _Networks, finding: Finding) -> Mention | None:
    """The network named most often before, of the last ones; of equals the last."""
    before = networks.every.last_ones_before(finding.end, FURTHEST)
    if _are_cities(context, finding):
        states = context.lexicon.members("networks.states")
        before = [network for network in before if context.entities.full(network) not in states]
    keys = [entity.key if (entity := _network(context, m, finding)) is not None else "" for m in before]
    counts = Counter(keys)
    return max(enumerate(before), key=lambda item: (counts[keys[item[0]]], item[0]), default=(0, None))[1]


def _are_cities(context: Context, finding: Finding) -> bool:
    """Whether the members that a finding names are cities and regencies, which join no union of states."""
    members = context.mentions(finding.fillers.get("member"))
    return bool(members) and all(member.core.type == "place" and member.core.level < 4 for member in members)


def _network_of(context: Context, mention: Mention) -> Mention | None:
    """The network that a mention names, itself or inside the name of its meeting."""
    core = mention.core
    if core.type == "event":
        meeting = context.meetings.of(core)
        return core if meeting is not None and meeting.network else context.entities.network_inside(core)
    return core if core.type == "network" else None
