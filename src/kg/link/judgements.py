"""What persons judged: that two things are the same, or are not. A run reads judgements and never changes them."""

from __future__ import annotations

from enum import Enum

from kg.records import record


class Verdict(Enum):
    """What somebody said of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@record(frozen=True, slots=True)
class Judgement:
    """One answer of a person on one pair; ``date`` is ISO 8601. The order of the two things does not matter."""

    subject: str
    object: str
    verdict: Verdict
    author: str
    date: str
    reason: str = ""
    subject_label: str = ""
    object_label: str = ""
