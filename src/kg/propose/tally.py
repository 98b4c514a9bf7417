"""What became of the proposals of a build: every one let in, quarantined, merged, or not even stated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from kg.pipeline import Reading
from kg.propose.asking import Asker


@dataclass(slots=True)
class Tally:
    """Counts over articles, of one process or of several. ``stated == admitted + quarantined + merged``, always."""

    stated: int = 0
    admitted: int = 0
    quarantined: int = 0
    unstated: Counter[str] = field(default_factory=Counter)  # by reason
    without: Counter[str] = field(default_factory=Counter)  # articles read without proposals, by reason

    @classmethod
    def of(cls, reading: Reading, rule: str) -> Self:
        """What became of the proposals for one article; ``rule`` is the name that they have."""
        return cls(
            stated=len(reading.proposed.claims),
            admitted=sum(claim.rule == rule for claim in reading.admitted),
            quarantined=sum(refusal.claim.rule == rule for refusal in reading.refused),
            unstated=reading.proposed.unstated,
            without=Counter([reading.proposed.why] if reading.proposed.why else ()),
        )

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.stated + other.stated,
            self.admitted + other.admitted,
            self.quarantined + other.quarantined,
            self.unstated + other.unstated,
            self.without + other.without,
        )

    @property
    def merged(self) -> int:
        """Those that say the same as, or less than, another claim."""
        return self.stated - self.admitted - self.quarantined

    def lines(self, asker: Asker) -> list[str]:
        """What to tell: what was asked, what it cost, and what became of it."""
        cost, unstated = asker.cost, self.unstated.total()
        known = f" + {cost.kept:,} kept from before" if cost.kept else ""
        tokens = f"{cost.prompt:,} tokens in + {cost.completion:,} out = {cost.tokens:,}"
        parts = {
            "let in": self.admitted,
            "quarantined": self.quarantined,
            "merged": self.merged,
            "not stated": unstated,
        }
        became = " + ".join(f"{count:,} {name}" for name, count in parts.items())
        return [
            f"{asker.settings.model}: {cost.requests:,} request{_s(cost.requests)}{known}; {tokens}",
            f"{self.stated + unstated:,} claims proposed = {became}",
            *(f"  {count:,} not stated: {why}" for why, count in sorted(self.unstated.items())),
        ]

    def missing(self, asker: Asker) -> str | None:
        """How many articles were read without proposals, and why; None where none was."""
        if not self.without:
            return None
        total = self.without.total()
        why = asker.stopped or next(iter(self.without))
        return f"{total:,} article{_s(total)} read without proposals: {why}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
