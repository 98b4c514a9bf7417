"""Who receives which award, from whom and for which year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.claims.context import Context, evidence
from kg.claims.proper import proper_name
from kg.claims.regions import region_meant
from kg.mentions import Mention
from kg.model import Argument, Claim, Entity, Evidence, Kind, Label
from kg.names import slug
from kg.rules import Finding, Words

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
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
        region = region_meant(context, finding)
        yield from [region] if region is not None else []
    for mention in context.mentions(filler):
        if mention.core.type == "post" and context.holders.of(mention) is None:
            continue
        recipient = context.party(mention, finding)
        if recipient is not None:
            yield recipient


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
    if past := context.form("relations.last_year").search(text, start, finding.sentence.end):
        return Argument(context.present - 1, Evidence(*past.span()))
    days = [m for m in finding.sentence.mentions if m.core.type == "date" and context.days(m) is not None]
    if len(days) == 1 and (day := context.days(days[0])) is not None:
        return Argument(int(day[0][:4]), evidence(days[0].core))
    return None if context.says("relations.long_ago", start, finding.end) else Argument(context.present)


def _in_date(finding: Finding, found: re.Match[str]) -> bool:
    return any(m.core.type == "date" and m.start <= found.start() < m.end for m in finding.sentence.mentions)
