"""Which region or body is meant by "kota itu", "pemkab", "daerah ini", "kotanya" or "pihaknya"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.claims.context import Context
from kg.claims.offices import acts_for
from kg.mention import Mention
from kg.model import Argument, Entity, Kind
from kg.names import words
from kg.positions import Placed
from kg.rules import Finding, Words

GOVERNED = (Kind.CITY, Kind.REGENCY, Kind.PROVINCE)
PAIR = 2
BEFORE = 5  # sentences in which the two are looked for that "kedua kota" means
MOST = 40  # regions named before, among which the one is looked for


def region_meant(context: Context, finding: Finding) -> Argument | None:
    """The region of the kind that a finding's words name, the last that the text named before."""
    said = words(context.text[finding.start : finding.end])
    kinds = context.once("kinds of regions", _kinds)
    kind = next((kinds[word] for word in said if word in kinds), None)
    near = context.once("regions", _regions_named).last_ones_before(finding.start, MOST)
    fitting = [region for region in near if kind is None or _kind(context, region) is kind]
    return context.argument(context.entities.actor(fitting[-1]), fitting[-1].core) if fitting else None


def body_meant(context: Context, finding: Finding, spot: Words) -> Argument | None:
    """The body that words like "pihaknya", "kotanya" or "pemkot" mean: that of whom the sentence is about, if it fits.

    A government named by its kind alone may also be that of the region named last.
    """
    said = context.text[spot.start : spot.end].lower()
    theirs = context.form("relations.theirs").fullmatch(said)
    head = (theirs.group(1) or "") if theirs is not None else said
    kinds = context.once("kinds of regions", _kinds)
    kind = next((kinds[word] for word in words(head) if word in kinds), None)
    bearer = _speaker(context, finding) if finding.sentence.in_quotation else context.holders.subject(spot.start)
    body = acts_for(context, bearer) if bearer is not None else None
    if body is not None and isinstance(body.value, Entity):
        territory = body.value.link("territory")
        fits = kind is None or (territory is not None and territory.kind is kind)
        ministry = head in {name.lower() for name in context.lexicon.ministers.values()}
        if fits and (not ministry or body.value.kind is Kind.MINISTRY) and (theirs or territory is not None):
            return body
    return None if theirs else region_meant(context, finding)


def pair_meant(context: Context, finding: Finding, spot: Words) -> list[Argument]:
    """The two that "kedua kota" or "kedua pihak" mean: the only ones of that kind in the nearest sentences before."""
    said = words(context.text[spot.start : spot.end])
    kinds = context.once("kinds of regions", _kinds)
    kind = next((kinds[word] for word in said if word in kinds), None)
    found: list[tuple[frozenset[str], Argument]] = []  # a town may be two things, with its country and without
    sentences = context.entities.sentences
    for number in range(finding.sentence.number, max(-1, finding.sentence.number - BEFORE), -1):
        sentence = sentences[number]
        if sentence.in_quotation:
            continue
        for mention in sentence.mentions[:MOST]:
            party = _one_of_two(context, mention, kind, said) if mention.start < spot.start else None
            if party is not None and isinstance(party.value, Entity):
                thing = party.value.link("territory") or party.value
                names = frozenset([thing.label.text, *(alias.text for alias in thing.aliases)])
                if all(names.isdisjoint(other) for other, _ in found):
                    found.append((names, party))
        if len(found) >= PAIR:
            return [party for _, party in found] if len(found) == PAIR else []
    return []


def _one_of_two(context: Context, mention: Mention, kind: Kind | None, said: Sequence[str]) -> Argument | None:
    """The party that a mention names, if it is of the kind meant: a region of it, or a body whose name says so."""
    if mention.core.generic or mention.core.type == "venue":
        return None
    if mention.core.type in ("person", "post"):
        party = acts_for(context, mention) if kind is not None else None
    else:
        party = context.argument(context.entities.actor(mention), mention.core)
    if party is None or not isinstance(party.value, Entity):
        return None
    if kind is not None:
        territory = party.value.link("territory")
        named = context.text[mention.start : mention.end].lower()
        unknown = territory is not None and territory.kind is Kind.PLACE and any(word in named for word in said[1:])
        return party if territory is not None and (territory.kind is kind or unknown) else None
    if mention.core.type not in ("body", "network", "place"):
        return None
    name = f"{context.entities.words(mention.core).lower()} "
    heads = context.lexicon.members("relations.whose_name_says") & set(said)
    if heads:
        return party if any(name.startswith(f"{head} ") for head in heads) else None
    return party if mention.core.type == "body" else None


def _speaker(context: Context, finding: Finding) -> Mention | None:
    """Who says the quotation in which something was found, where a name or post tells."""
    said = context.once("quotations", _quotations).last_before(finding.start)
    person = said.fillers.get("person") if said is not None else None
    if said is not None and isinstance(person, str):
        return context.holders.subject(said.start)
    return person if isinstance(person, Mention) and not person.core.generic else None


def _quotations(context: Context) -> Placed[Finding]:
    """The attributions of quotations, by where these begin."""
    return Placed(sorted(context.spoken.items(), key=lambda item: item[0]))


def _kinds(context: Context) -> Mapping[str, Kind]:
    """Word for a region or its government, in lower case -> the kind of the region: kota, pemkot."""
    types = {word: kind for word, (_, kind) in context.lexicon.region_types.items()}
    known = [*types.items(), *context.lexicon.governments.items()]
    return {word.lower(): kind for word, kind in known if kind in GOVERNED}


def _kind(context: Context, region: Mention) -> Kind | None:
    """The kind of a region, or of that which a government governs."""
    actor = context.entities.actor(region)
    territory = actor.link("territory") if actor is not None else None
    return territory.kind if territory is not None else None


def _regions_named(context: Context) -> Placed[Mention]:
    """The regions and their governments that the text names outside quotations."""
    named = [
        mention
        for sentence in context.entities.sentences
        if not sentence.in_quotation
        for mention in sentence.mentions
        if (mention.core.type == "place" and mention.core.level) or _governs(context, mention)
    ]
    return Placed([(mention.start, mention) for mention in named])


def _governs(context: Context, mention: Mention) -> bool:
    actor = context.entities.actor(mention) if mention.core.type == "body" else None
    return actor is not None and actor.kind is Kind.GOVERNMENT
