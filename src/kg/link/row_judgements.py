"""What persons said of the names of a table: read from a file of judgements, and held to; what they are to be asked."""

from __future__ import annotations

from collections.abc import Callable

from kg.link.judgements import Judgements, Verdict, name_id
from kg.link.matcher import Meanings
from kg.link.outcome import Candidate, Decision, Outcome
from kg.link.row import How, Linked, Row, Subject

Judged = Callable[[Subject], tuple[str | None, frozenset[str]]]
"""What persons said of a name: the key that it means, and the keys that it doesn't mean."""


def judged_by(judgements: Judgements, base: str) -> Judged:
    """What a file of judgements says of the names of tables; a judgement without a province holds in all of them."""
    things = f"{base}id/"

    def said(subject: Subject) -> tuple[str | None, frozenset[str]]:
        different: set[str] = set()
        for parent in dict.fromkeys((subject.parent, "")):
            name = name_id(subject.kind, subject.text, parent, base)
            same = judgements.same(name)
            if same is not None:
                return same.removeprefix(things), frozenset()
            for each in judgements.about(name):
                if each.verdict is Verdict.DIFFERENT:
                    different |= {thing.removeprefix(things) for thing in each.pair - {name}}
        return None, frozenset(different)

    return said


def to_be_judged(linked: Linked, base: str) -> list[tuple[str, Outcome]]:
    """The names that are left open, each once, with the IRI that a judgement knows it by."""
    found: dict[str, Outcome] = {}
    for rows in linked.things.values():
        for row in rows:
            if row.outcome.decision is Decision.JUDGE and row.subject.text:
                found.setdefault(name_id(row.subject.kind, row.subject.text, row.subject.parent, base), row.outcome)
    return list(found.items())


def nobody(_: Subject) -> tuple[str | None, frozenset[str]]:
    """No judgements."""
    return None, frozenset()


def judge(row: Row, judged: Judged, matcher: Meanings) -> Row:
    """The same with what persons said: a judgement is above codes and names, and what was denied is no candidate."""
    same, different = judged(row.subject)
    if same is not None:
        entry = matcher.entry(same)
        label = entry.label if entry else same
        candidate = Candidate(same, label, 1.0, ("judged the same",))
        return Row(
            Outcome(row.outcome.name, Decision.LINKED, (candidate,), "judged the same"), How.JUDGEMENT, row.subject
        )
    if not different.intersection(candidate.id for candidate in row.outcome.candidates):
        return row
    left = tuple(candidate for candidate in row.outcome.candidates if candidate.id not in different)
    linked = row.outcome.linked
    decision = row.outcome.decision if linked is None or linked.id not in different else Decision.JUDGE
    if not left:
        decision = Decision.NONE
    return Row(
        Outcome(row.outcome.name, decision, left, f"{row.outcome.why}; one was judged different"), row.how, row.subject
    )
