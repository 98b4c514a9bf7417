"""Who receives which award, from whom and for which year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.claims.context import Context, evidence
from kg.claims.proper import proper_name
from kg.mentions import Mention
from kg.model import Argument, Claim, Entity, Evidence, Kind, Label
from kg.names import slug
from kg.positions import Placed
from kg.rules import Finding, Words

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LAST_YEAR = re.compile(r"\b[Tt]ahun lalu\b")
LONG_AGO = re.compile(r"\b(?:pernah|dulu|dahulu|sejak|silam|sebelumnya|tahun-tahun)\b", re.IGNORECASE)
KINDS = (
    ("kota", Kind.CITY),
    ("pemkot", Kind.CITY),
    ("pemko", Kind.CITY),
    ("kabupaten", Kind.REGENCY),
    ("pemkab", Kind.REGENCY),
)
MOST = 40  # regions named before among which the one is looked for that is spoken of
FAR = 100  # code points between the name of an award and its giver, beyond which the giver is of something else


def awarded(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each recipient of an award."""
    named = proper_name(context, finding, "award")
    if named is None:
        return
    spot, when = named
    name = spot.of(context.text)
    if finding.fillers.get("named") == "award" and context.lexicon.members("relations.awards").isdisjoint(
        name.split(" ")
    ):
        return
    award = Entity(
        Kind.AWARD, f"award/{slug(name)}", Label(name, context.lexicon.tongue(name)), why="named by the text"
    )
    for recipient in _recipients(context, finding):
        if recipient.value != award:
            yield context.claim(
                finding,
                recipient=recipient,
                award=Argument(award, spot),
                by=_giver(context, finding, spot, recipient),
                year=_year(context, finding, when),
            )


def _recipients(context: Context, finding: Finding) -> Iterator[Argument]:
    """Who receives it: by name, or the region or body that is spoken of."""
    filler = finding.fillers.get("recipient")
    if filler == "@subject":
        person = context.person(filler, finding)
        yield from [person] if person is not None else []
    elif filler == "@region":
        said = finding.sentence.lower[: finding.sentence.lower.find(" ini")]
        kind = next((kind for word, kind in KINDS if word in said.split(" ")), None)
        near = context.once("regions", _regions_named).last_ones_before(finding.start, MOST)
        fitting = [region for region in near if kind is None or _kind(context, region) is kind]
        region = fitting[-1] if fitting else None
        actor = context.argument(context.entities.actor(region), region.core) if region is not None else None
        yield from [actor] if actor is not None else []
    for mention in context.mentions(filler):
        recipient = context.party(mention, finding)
        if recipient is not None:
            yield recipient


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


def _giver(context: Context, finding: Finding, award: Evidence, recipient: Argument) -> Argument | None:
    mention = finding.fillers.get("by")
    if not isinstance(mention, Mention) or mention.start - award.end > FAR:
        return None
    giver = context.agent(mention, finding)
    return None if giver is None or giver.value == recipient.value else giver


def _year(context: Context, finding: Finding, in_name: Evidence | None) -> Argument | None:
    filler = finding.fillers.get("year")
    spot = evidence(filler) if isinstance(filler, Words) else in_name
    if spot is not None:
        return Argument(int(spot.of(context.text)), spot)
    text, start = context.text, finding.sentence.start
    years = [found for found in YEAR.finditer(text, start, finding.sentence.end) if not _in_date(finding, found)]
    if len(years) == 1:
        return Argument(int(years[0].group()), Evidence(*years[0].span()))
    if years or context.present is None:
        return None
    if past := LAST_YEAR.search(text, start, finding.end):
        return Argument(context.present - 1, Evidence(*past.span()))
    days = [m for m in finding.sentence.mentions if m.core.type == "date" and context.days(m) is not None]
    if len(days) == 1 and (day := context.days(days[0])) is not None:
        return Argument(int(day[0][:4]), evidence(days[0].core))
    return None if LONG_AGO.search(text, start, finding.end) else Argument(context.present)


def _in_date(finding: Finding, found: re.Match[str]) -> bool:
    return any(m.core.type == "date" and m.start <= found.start() < m.end for m in finding.sentence.mentions)
