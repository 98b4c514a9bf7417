"""What a service answered -> outcomes by the thresholds of linking.

Scores of services have no common scale, and some never say ``match``. So the name is compared here as well: a candidate
that the service calls a match is linked, if it is the only one; another only if its name is equal or nearly so and the
service puts it far ahead of all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.link.client import Manifest, Question, Result
from kg.link.normal import readings
from kg.link.outcome import Candidate, Decision, Outcome, decide

MATCHED: Final = 0.95
"""The score of what the service calls a match."""
FAR: Final = 0.2
"""How far ahead a candidate must be where the service calls none a match."""


def outcome(question: Question, found: Sequence[Result] | None, manifest: Manifest) -> Outcome:
    """The outcome for one name; its candidates' ids are IRIs."""
    if found is None:
        return Outcome(question.text, Decision.NONE, (), "the service gave no answer for it")
    matched = any(each.get("match") is True for each in found)
    top = float(found[0]["score"]) if found else 0.0
    candidates = [_candidate(question.text, each, top, manifest, matched=matched) for each in found]
    return decide(question.text, candidates) if matched else decide(question.text, candidates, margin=FAR)


def _candidate(text: str, found: Result, top: float, manifest: Manifest, *, matched: bool) -> Candidate:
    likeness, score = likeness_of(text, found["name"]), float(found["score"])
    reasons = [
        "name equal" if likeness == 1 else f"name similar ({likeness:.2f})",
        f"score {score:g} of the service",
    ]
    if found.get("match") is True:
        return Candidate(manifest.iri(found["id"]), found["name"], MATCHED, ("the service says match", *reasons))
    share = score / top if top > 0 else 1.0
    most = MATCHED - FAR if matched else 1.0
    return Candidate(manifest.iri(found["id"]), found["name"], round(min(likeness * share, most), 4), tuple(reasons))


def likeness_of(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1, in their most alike readings of the same kind."""
    from rapidfuzz.distance import OSA

    pairs = [(a, b) for a in readings(one) for b in readings(other) if not (a.kinds and b.kinds) or a.kinds & b.kinds]
    return round(max((OSA.normalized_similarity(a.text, b.text) for a, b in pairs), default=0.0), 4)
