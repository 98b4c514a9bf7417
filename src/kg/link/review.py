"""What runs left open: pairs to be judged, in a SSSOM file beside the judgements.

Each row proposes that a name or thing (the subject) is a thing (the object), with the run's score as ``confidence`` and
its reasons as ``comment``. It is a proposal of a program (``semapv:CompositeMatching``); a row counts as an answer only
where a person has put ``semapv:ManualMappingCuration`` there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from kg import vocabulary as v
from kg.errors import InputError
from kg.link import judgements as judged
from kg.link import sssom
from kg.link.judgements import Judgement, Judgements, Verdict
from kg.link.outcome import Candidate, Decision, Outcome
from kg.output import write_atomic
from kg.records import record

FILE: Final = "review.sssom.tsv"
COMPOSITE: Final = f"{sssom.SEMAPV}CompositeMatching"
TOOL: Final = "Jejaring"
COLUMNS: Final = tuple(
    """subject_id subject_label predicate_id predicate_modifier object_id object_label mapping_justification
    author_label subject_source mapping_tool mapping_date confidence comment""".split()
)
"""Those for an answer as well, which a person may write into a copy of the file."""


@record(frozen=True, slots=True)
class Question:
    """A name or thing with the candidates that it may be, best first; their ids are IRIs. ``source`` is an IRI."""

    subject: str
    label: str
    candidates: tuple[Candidate, ...]
    source: str

    def answered(self, key: str, *, author: str, date: str, reason: str = "") -> list[Judgement]:
        """The judgements that an answer makes: the number of a candidate, "d" for none of them, "u" for unsure of all.

        A candidate chosen says nothing of the others: that they are other things is known where they come from.
        """
        chosen = {"d": Verdict.DIFFERENT, "u": Verdict.UNSURE}.get(key, Verdict.SAME)
        candidates = self.candidates if key in ("d", "u") else (self.candidates[int(key) - 1],)
        return [
            Judgement(self.subject, each.id, chosen, author, date, reason, self.label, each.label)
            for each in candidates
        ]


def source_id(source: str, base: str = v.DEFAULT_BASE) -> str:
    """The IRI that stands for where a run's names come from: a file's name, the name of a run; an IRI stays one."""
    return source if "://" in source else f"{base}id/source/{quote(source, safe='')}"


class Review:
    """The questions of one file; nothing is written before ``save``."""

    def __init__(self, path: Path, found: sssom.MappingSet, base: str = v.DEFAULT_BASE) -> None:
        self.path = path
        self.base = base
        self._set = found

    @classmethod
    def beside(cls, judgements: Path, base: str = v.DEFAULT_BASE) -> Self:
        """That of a file of judgements: ``review.sssom.tsv`` in its folder."""
        return cls.load(judgements.with_name(FILE), base)

    @classmethod
    def load(cls, path: Path, base: str = v.DEFAULT_BASE) -> Self:
        """Those of a file; none where it isn't there yet. Raises InputError with line and column."""
        text = "Pairs that runs left open: proposals to be judged, no judgements."
        return cls(path, sssom.read(path) if path.exists() else judged.new_set(base, "review", text, COLUMNS), base)

    def replace(self, source: str, outcomes: Iterable[tuple[str, Outcome]]) -> int:
        """Put what a run left open in place of what an earlier one of the same source did; gives how many it is now.

        ``outcomes`` are the subject's IRI with what became of it; only those to be judged are kept.
        """
        place = source_id(source, self.base)
        left = {
            subject: outcome
            for subject, outcome in outcomes
            if outcome.decision is Decision.JUDGE and outcome.candidates
        }
        rows = [self._row(subject, out.name, each, place) for subject, out in left.items() for each in out.candidates]
        self._set.rows = [row for row in self._set.rows if row.get("subject_source") != place] + rows
        return len(left)

    def open(self, judgements: Judgements) -> list[Question]:
        """What no judgement answers, by source and subject: candidates judged on are left out, and all where one is it.

        The same subject from two sources is one question.
        """
        found: dict[str, list[sssom.Row]] = {}
        for row in sorted(self._set.rows, key=_order):
            if row.get("subject_id") and row.get("object_id"):
                found.setdefault(row["subject_id"], []).append(row)
        return [
            question
            for subject, rows in found.items()
            if judgements.same(subject) is None
            if (question := self._question(rows, judgements)).candidates
        ]

    def save(self) -> None:
        """Write the file whole or not at all, sorted."""
        rows = sorted(self._set.rows, key=_order)
        write_atomic(self.path, sssom.dump(sssom.MappingSet(self._set.metadata, rows, self._set.columns)).encode())

    def _question(self, rows: list[sssom.Row], judgements: Judgements) -> Question:
        first = rows[0]
        every = {row["object_id"]: row for row in rows if judgements.of(row["subject_id"], row["object_id"]) is None}
        candidates = tuple(
            Candidate(
                id=row["object_id"],
                label=row.get("object_label", row["object_id"]),
                score=float(row.get("confidence", 0)),
                reasons=tuple(row["comment"].split("; ")) if row.get("comment") else (),
            )
            for row in every.values()
        )
        ranked = tuple(sorted(candidates, key=lambda each: (-each.score, each.id)))
        return Question(
            subject=first["subject_id"],
            label=first.get("subject_label", first["subject_id"]),
            candidates=ranked,
            source=self._set.row_value(first, "subject_source"),
        )

    def _row(self, subject: str, label: str, candidate: Candidate, source: str) -> sssom.Row:
        row = {
            "subject_id": subject,
            "subject_label": label,
            "predicate_id": judged.EXACT,
            "object_id": judged.thing_id(candidate.id, self.base),
            "object_label": candidate.label,
            "mapping_justification": COMPOSITE,
            "subject_source": source,
            "mapping_tool": TOOL,
            "confidence": f"{candidate.score:.2f}",
            "comment": "; ".join(candidate.reasons),
        }
        return {slot: text for slot, text in row.items() if text}


def _order(row: sssom.Row) -> tuple[str, str, str]:
    return row.get("subject_source", ""), row.get("subject_id", ""), row.get("object_id", "")


def answers(path: Path, *, author: str = "", date: str = "") -> tuple[list[Judgement], int]:
    """The judgements of a file that persons filled in, and how many of its rows are none.

    ``author`` and ``date`` are those of answers that name none themselves. Raises InputError where an answer has none
    then, or two contradict each other.
    """
    found = sssom.read(path)
    given = [answer for row in found.rows if (answer := judged.from_row(found, row))]
    given = [replace(each, author=each.author or author, date=each.date or date) for each in given]
    own = Judgements(path, sssom.MappingSet(found.metadata))
    for answer in given:
        try:
            own.add(answer)
        except InputError as error:
            pair = f"{judged.name(answer, 0)} and {judged.name(answer, 1)}"
            raise InputError(f"{path}: the answer on {pair}: {error}") from None
    return given, len(found.rows) - len(given)
