"""Which region is meant by "kota itu", "pemkab" or "daerah ini"."""

from __future__ import annotations

from kg.claims.context import Context
from kg.mentions import Mention
from kg.model import Argument, Kind
from kg.positions import Placed
from kg.rules import Finding

KINDS = {
    "kota": Kind.CITY,
    "pemkot": Kind.CITY,
    "pemko": Kind.CITY,
    "kabupaten": Kind.REGENCY,
    "pemkab": Kind.REGENCY,
    "provinsi": Kind.PROVINCE,
    "pemprov": Kind.PROVINCE,
}
MOST = 40  # regions named before, among which the one is looked for


def region_meant(context: Context, finding: Finding) -> Argument | None:
    """The region of the kind that a finding's words name, the last that the text named before."""
    said = context.text[finding.start : finding.end].lower().replace(",", " ").split()
    kind = next((KINDS[word] for word in said if word in KINDS), None)
    near = context.once("regions", _regions_named).last_ones_before(finding.start, MOST)
    fitting = [region for region in near if kind is None or _kind(context, region) is kind]
    return context.argument(context.entities.actor(fitting[-1]), fitting[-1].core) if fitting else None


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
