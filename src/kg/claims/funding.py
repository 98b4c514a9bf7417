"""Amounts of money."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.claims.context import Context, evidence
from kg.model import Argument, Claim, Evidence, FundingKind
from kg.money import Money
from kg.rules import Filler, Finding, Words

REFERS_BACK = re.compile(r" (?:itu|ini|tersebut)\b")
VERB = re.compile(r"(?:me[nmlrw]|di|ber|ter)[a-z]{3}")
POSSESSIVE = re.compile(r"(\w{5,}n)nya")


def funding(context: Context, finding: Finding) -> Iterator[Claim]:
    """An amount of money that is needed, invested, granted, budgeted or lent."""
    for money in context.mentions(finding.fillers.get("money")):
        value = money.core.value
        if not isinstance(value, Money):
            continue
        until = finding.fillers.get("until") or finding.fillers.get("until2")
        kind = finding.fillers.get("kind")
        spot = evidence(money.core)
        yield context.claim(
            finding,
            article=Argument(context.article, Evidence(finding.start, finding.end)),
            amount=Argument(value.amount, spot),
            currency=Argument(value.currency, spot),
            kind=Argument(FundingKind(kind), Evidence(*finding.trigger)) if isinstance(kind, str) else None,
            purpose=context.words_of(_purpose(context, finding.fillers.get("purpose"))),
            until=_until(context, until),
        )


def _purpose(context: Context, filler: Filler | None) -> Filler | None:
    """What money is for: the noun phrase alone, without "-nya"; "program itu" says nothing by itself."""
    if not isinstance(filler, Words):
        return filler
    said = context.text[filler.start : filler.end]
    if (match := REFERS_BACK.search(said)) is not None:
        said = said[: match.end()]
        if " " not in said[: match.start()].strip():
            return _antecedent(context, said[: match.start()].strip(), filler.start)
    if (match := POSSESSIVE.fullmatch(said)) is not None:
        said = match[1]
    return Words(filler.start, filler.start + len(said))


def _antecedent(context: Context, noun: str, before: int) -> Words | None:
    """What "layanan ini" means: the last noun phrase before that begins with the word and says more."""
    stops = context.lexicon.members("meetings.stop")
    found: Words | None = None
    for match in re.finditer(rf"\b{re.escape(noun)}((?: [a-z][a-z-]+){{1,5}})", context.text[:before], re.IGNORECASE):
        end = match.start(1)
        for word in match[1].split():
            if word in stops or word.endswith("nya") or VERB.match(word):
                break
            end += 1 + len(word)
        if end > match.start(1):
            found = Words(match.start(), end)
    return found


def _until(context: Context, filler: Filler | None) -> Argument | None:
    if not isinstance(filler, Words):
        return None
    return Argument(int(context.text[filler.start : filler.end]), evidence(filler))
