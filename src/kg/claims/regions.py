"""Which region is meant by "kota itu", "pemkab" or "daerah ini"."""

from __future__ import annotations

from collections.abc import Mapping

from kg.claims.context import Context
from kg.mentions import Mention
from kg.model import Argument, Kind
from kg.names import words
from kg.positions import Placed
from kg.rules import Finding

GOVERNED = (Kind.CITY, Kind.REGENCY, Kind.PROVINCE)
MOST = 40  # regions named before, among which the one is looked for


def region_meant(context: Context, finding: Finding) -> Argument | None:
    """The region of the kind that a finding's words name, the last that the text named before."""
    said = words(context.text[finding.start : finding.end])
    kinds = context.once("kinds of regions", _kinds)
    kind = next((kinds[word] for word in said if word in kinds), None)
    near = context.once("regions", _regions_named).last_ones_before(finding.start, MOST)
    fitting = [region for region in near if kind is None or _kind(context, region) is kind]
    return context.argument(context.entities.actor(fitting[-1]), fitting[-1].core) if fitting else None


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
