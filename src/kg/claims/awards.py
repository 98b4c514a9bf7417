"""Who receives which award, from whom and for which year."""

from __future__ import annotations

from collections.abc import Iterator

from kg.claims.context import Context, evidence
from kg.claims.proper import proper_name
from kg.mentions import Mention
from kg.model import Argument, Claim, Entity, Evidence, Kind, Label
from kg.names import slug
from kg.rules import Finding, Words

FAR = 60  # code points between the name of an award and its giver, beyond which the giver is of something else


def awarded(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each recipient of an award."""
    named = proper_name(context, finding, "award")
    if named is None:
        return
    spot, when = named
    name = spot.of(context.text)
    award = Entity(
        Kind.AWARD, f"award/{slug(name)}", Label(name, context.lexicon.tongue(name)), why="named by the text"
    )
    for mention in context.mentions(finding.fillers.get("recipient")):
        recipient = context.party(mention, finding)
        if recipient is not None:
            yield context.claim(
                finding,
                recipient=recipient,
                award=Argument(award, spot),
                by=_giver(context, finding, spot, recipient),
                year=_year(context, finding, when),
            )


def _giver(context: Context, finding: Finding, award: Evidence, recipient: Argument) -> Argument | None:
    mention = finding.fillers.get("by")
    if not isinstance(mention, Mention) or mention.start - award.end > FAR:
        return None
    giver = context.party(mention, finding)
    return None if giver is None or giver.value == recipient.value else giver


def _year(context: Context, finding: Finding, in_name: Evidence | None) -> Argument | None:
    filler = finding.fillers.get("year")
    spot = evidence(filler) if isinstance(filler, Words) else in_name
    return None if spot is None else Argument(int(spot.of(context.text)), spot)
