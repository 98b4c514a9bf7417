"""What linking gives: for a name its candidates, each with a score and reasons, and one of three outcomes.

Two thresholds part the outcomes, as in record linkage after Fellegi and Sunter (1969): linked, to be judged, no match.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from kg.records import record

LINKED_FROM = 0.92
"""The score from which the best candidate is linked, if no other comes near."""
JUDGED_FROM = 0.70
"""The score from which a candidate is worth a person's look."""
MARGIN = 0.06
"""How far the best candidate must be ahead of the next; nearer ones make the name ambiguous."""


class Decision(Enum):
    """The outcome for one name."""

    LINKED = "linked"
    JUDGE = "to be judged"
    NONE = "no match"


@record(frozen=True, slots=True)
class Candidate:
    """One thing that a name may mean. ``score`` is between 0 and 1; ``reasons`` are short clauses for a reader."""

    id: str
    """An IRI, or the path below ``id/`` of a thing of the reference data ("place/35.78")."""
    label: str
    score: float
    reasons: tuple[str, ...]


@record(frozen=True, slots=True)
class Outcome:
    """What became of one name. ``candidates`` fall in score; ``why`` is one line; LINKED means the first of them."""

    name: str
    decision: Decision
    candidates: tuple[Candidate, ...]
    why: str

    @property
    def linked(self) -> Candidate | None:
        """The thing that the name is linked to, if it is."""
        return self.candidates[0] if self.decision is Decision.LINKED else None


def decide(
    name: str,
    candidates: Sequence[Candidate],
    *,
    linked_from: float = LINKED_FROM,
    judged_from: float = JUDGED_FROM,
    margin: float = MARGIN,
) -> Outcome:
    """The outcome by the two thresholds; two candidates within the margin are never linked by themselves."""
    ranked = tuple(sorted(candidates, key=lambda found: (-found.score, found.id)))
    worth = tuple(found for found in ranked if found.score >= judged_from)
    if not worth:
        nearest = f"; nearest: {ranked[0].label} ({ranked[0].score:.2f})" if ranked else ""
        return Outcome(name, Decision.NONE, ranked, f"nothing is like it{nearest}")
    rival = next((found for found in ranked[1:] if ranked[0].score - found.score < margin), None)
    if rival is not None:
        return Outcome(name, Decision.JUDGE, worth, f"may mean {ranked[0].label} or {rival.label}")
    decision = Decision.LINKED if ranked[0].score >= linked_from else Decision.JUDGE
    return Outcome(name, decision, worth, "; ".join(ranked[0].reasons))
