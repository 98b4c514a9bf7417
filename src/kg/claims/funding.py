"""Amounts of money."""

from __future__ import annotations

from collections.abc import Iterator

from kg.claims.context import Context, evidence
from kg.model import Argument, Claim, Evidence, FundingKind
from kg.money import Money
from kg.rules import Filler, Finding, Words


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
            purpose=context.words_of(finding.fillers.get("purpose")),
            until=_until(context, until),
        )


def _until(context: Context, filler: Filler | None) -> Argument | None:
    if not isinstance(filler, Words):
        return None
    return Argument(int(context.text[filler.start : filler.end]), evidence(filler))
