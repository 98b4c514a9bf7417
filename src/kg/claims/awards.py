"""Who receives which award, from whom and for which year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.claims.context import Context, evidence
from kg.claims.proper import CAPITALISED, proper_name
from kg.claims.regions import region_meant
from kg.mention import Mention
from kg.model import ROLES, Argument, Claim, Entity, Evidence, Kind, Label, Relation
from kg.names import slug
from kg.positions import Placed
from kg.records import record
from kg.rules import Finding, Words

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
BEHIND = re.compile(r" \([A-Z-]+\) ((?:19|20)\d\d)\b")  # Kencana Award (KA) 2025
LONG_BEFORE = 1000  # code points between the name of an award and words that mean it
FAR = 100  # code points between the name of an award and its giver, beyond which the giver is of something else


def awarded(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each recipient of an award."""
    before = _named_before(context, finding) if finding.fillers.get("award") == "@award" else None
    named = proper_name(context, finding, "award") if before is None else (before.spot, before.year)
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
                by=_giver(context, finding, spot, recipient) if before is None else before.giver(context, finding),
                year=_year(context, finding, when),
            )


@record(frozen=True, slots=True)
class Named:
    """An award where the text names it, with its year if that ends the name."""

    spot: Evidence
    year: Evidence | None

    def giver(self, context: Context, finding: Finding) -> Argument | None:
        """Who gives it, as far as the sentence that names it says so."""
        at = next((s for s in context.entities.sentences if s.start <= self.spot.start < s.end), None)
        if at is None:
            return None
        bodies = [m for m in at.mentions if m.core.type == "body" and not m.core.generic]
        before = [m for m in bodies if m.end <= self.spot.start and self.spot.start - m.end < FAR]
        if before and context.says("relations.bestows", before[-1].end, self.spot.start):
            return context.agent(before[-1], finding)
        behind = [m for m in bodies if self.spot.end <= m.start < self.spot.end + FAR]
        if behind and context.says("relations.given_by", self.spot.end, behind[0].start):
            return context.agent(behind[0], finding)
        return None


def _named_before(context: Context, finding: Finding) -> Named | None:
    """The award that the text named last, not long before."""
    named = context.once("awards", _all_named).last_before(finding.start)
    if named is None or finding.start - named.spot.end > LONG_BEFORE:
        return None
    return None if context.says("relations.other_gifts", named.spot.end, finding.end) else named


def _all_named(context: Context) -> Placed[Named]:
    """The names in the text that hold a word which only awards have."""
    bare, opening = context.lexicon.members("relations.bare"), context.lexicon.members("relations.opening")
    words = context.lexicon.members("relations.awards") - opening
    named: list[tuple[int, Named]] = []
    for found in CAPITALISED.finditer(context.text):
        start, end = found.span(1)
        said = found.group(1).split(" ")
        if (words.isdisjoint(said) and said[0] not in opening) or (len(said) == 1 and said[0] in bare):
            continue
        year = YEAR.search(context.text, end - len(said[-1]), end)
        end = year.start() - 1 if year else end
        year = year or BEHIND.match(context.text, end)
        named.append((start, Named(Evidence(start, end), Evidence(*year.span(year.re.groups)) if year else None)))
    return Placed(named)


def _recipients(context: Context, finding: Finding) -> Iterator[Argument]:
    """Who receives it: by name, or the region or body that is spoken of."""
    filler = finding.fillers.get("recipient") or finding.fillers.get("recipient2")
    if filler == "@subject":
        person = context.person(filler, finding)
        yield from [person] if person is not None else []
    elif filler == "@region":
        region = region_meant(context, finding)
        yield from [region] if region is not None else []
    several = isinstance(filler, list) and len(filler) > 1
    for mention in context.mentions(filler):
        if several and mention.core.generic:  # pada masa beliau, Kota Medan meraih ...
            continue
        if mention.core.type == "post" and context.holders.of(mention) is None:
            continue
        recipient = context.party(mention, finding)
        if recipient is not None:
            yield recipient


def _giver(context: Context, finding: Finding, award: Evidence, recipient: Argument) -> Argument | None:
    mention = finding.fillers.get("by") or finding.fillers.get("by2")
    if not isinstance(mention, Mention) or mention.start - award.end > FAR:
        return None
    giver = context.agent(mention, finding)
    return None if giver is None or giver.value == recipient.value else giver


def _year(context: Context, finding: Finding, in_name: Evidence | None) -> Argument | None:
    filler = finding.fillers.get("year")
    spot = evidence(filler) if isinstance(filler, Words) else in_name
    if finding.fillers.get("award") == "@award" and context.says("relations.last_year", finding.start, finding.end):
        spot = None  # the year of the name is this year's
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


def completed(claims: Sequence[Claim]) -> list[Claim]:
    """Awards with who gives them, where the article says so of another with the same name or one that begins it."""
    givers: dict[str, list[Argument]] = {}
    for claim in claims:
        if claim.relation is Relation.AWARDED and (by := claim.get("by")) is not None:
            givers.setdefault(_name(claim), []).append(by)
    if not givers:
        return list(claims)
    return [_with_giver(claim, givers) if claim.relation is Relation.AWARDED else claim for claim in claims]


def _with_giver(claim: Claim, givers: Mapping[str, list[Argument]]) -> Claim:
    given = dict(claim.arguments)
    name = _name(claim)
    of_kind = [by for other, some in givers.items() if name == other or name.startswith(f"{other} ") for by in some]
    if "by" in given or not of_kind or any(by.value != of_kind[0].value for by in of_kind):
        return claim
    if of_kind[0].value == given["recipient"].value:
        return claim
    order = [role.rstrip("?") for role in ROLES[Relation.AWARDED]]
    given["by"] = of_kind[0]
    return replace(claim, arguments=tuple(sorted(given.items(), key=lambda item: order.index(item[0]))))


def _name(claim: Claim) -> str:
    award = claim["award"].value
    return award.label.text if isinstance(award, Entity) else ""
