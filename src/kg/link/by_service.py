"""Names of a table or of a graph's things, and the outcomes that a service gives them: judged, written as SSSOM."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from kg import find
from kg.errors import InputError, NothingFound
from kg.link import judgements as judged_pairs
from kg.link import sssom
from kg.link.client import Question
from kg.link.judgements import Judgements, Verdict, name_id
from kg.link.normal import folded
from kg.link.outcome import Candidate, Decision, Outcome
from kg.link.tabular import Table
from kg.records import record

if TYPE_CHECKING:
    from pyoxigraph import Store

ADDED: Final = ("id", "label", "score", "why")
COLUMNS: Final = tuple(
    """subject_id subject_label predicate_id object_id object_label mapping_justification object_source mapping_tool
    confidence comment""".split()
)


@record(frozen=True, slots=True)
class Names:
    """The names to ask for, one question a row of the table; empty cells have none. ``kind`` is part of their IRIs."""

    kind: str
    questions: tuple[Question, ...]
    rows: tuple[int | None, ...]
    """For each row of the table the number of its question."""

    def subject(self, number: int, base: str) -> str:
        """The IRI that a judgement knows a name by; what was told beside it is part of it."""
        question = self.questions[number]
        more = "; ".join(folded(value) for _, value in question.properties)
        return name_id(self.kind, " ".join(folded(question.text).split()), more, base)


@record(frozen=True, slots=True)
class Things:
    """The things of a graph to ask for, one question each. ``iris`` are their IRIs, in the same order."""

    questions: tuple[Question, ...]
    iris: tuple[str, ...]

    def subject(self, number: int, base: str) -> str:  # noqa: ARG002 - that of ``Names.subject``
        """The IRI that a judgement knows a thing by."""
        return self.iris[number]


Asked = Names | Things


def things(graph: Store, kinds: Collection[str], kind: str) -> Things:
    """The things of these classes (local names), by id, each by its preferred name. Raises NothingFound."""
    found = [each for each in find.things(graph) if each.kind in kinds]
    if not found:
        raise NothingFound(f"the graph names nothing of kind {', '.join(sorted(kinds))}; kinds are City, Official …")
    return Things(tuple(Question(each.name, kind) for each in found), tuple(each.node.value for each in found))


def names(table: Table, column: str, kind: str, properties: Sequence[tuple[str, str]]) -> Names:
    """The different names of a column, each with the properties that other columns tell. Raises InputError."""
    places = [_place(table, each) for each in (column, *(name for _, name in properties))]
    numbers: dict[Question, int] = {}
    rows: list[int | None] = []
    for row in table.rows:
        text, *values = (row[place].strip() for place in places)
        told = tuple((pid, value) for (pid, _), value in zip(properties, values, strict=True) if value)
        question = Question(text, kind, told)
        rows.append(numbers.setdefault(question, len(numbers)) if text else None)
    if not numbers:
        raise InputError(f"{table.name}: column {column!r} has no names")
    return Names(_slug(kind), tuple(numbers), tuple(rows))


def _slug(kind: str) -> str:
    local = kind.rstrip("/#").rpartition("/")[2].rpartition("#")[2]
    return "".join(letter for letter in folded(local) if letter.isalnum()) or "thing"


def _place(table: Table, column: str) -> int:
    if column not in table.columns:
        raise InputError(f"{table.name}: no column {column!r}; it has {', '.join(table.columns)}")
    return table.columns.index(column)


def judged(outcomes: Sequence[Outcome], asked: Asked, judgements: Judgements) -> list[Outcome]:
    """The outcomes with what persons said before: a judged identity holds, a judged difference is no candidate."""
    return [
        _judged(outcome, asked.subject(number, judgements.base), judgements) for number, outcome in enumerate(outcomes)
    ]


def _judged(outcome: Outcome, subject: str, judgements: Judgements) -> Outcome:
    same = judgements.same(subject)
    if same is not None:
        label = next((each.label for each in outcome.candidates if each.id == same), same)
        chosen = Candidate(same, label, 1.0, ("a person judged so",))
        return Outcome(outcome.name, Decision.LINKED, (chosen,), "a person judged so")
    pairs = [(each, judgements.of(subject, each.id)) for each in outcome.candidates]
    left = tuple(each for each, said in pairs if said is None or said.verdict is not Verdict.DIFFERENT)
    if len(left) == len(outcome.candidates):
        return outcome
    if not left:
        return Outcome(outcome.name, Decision.NONE, (), "all that the service found was judged different")
    decision = outcome.decision if outcome.candidates[0] == left[0] else Decision.JUDGE
    return Outcome(outcome.name, decision, left, outcome.why)


def left_open(outcomes: Sequence[Outcome], asked: Asked, base: str) -> list[tuple[str, Outcome]]:
    """The names that are to be judged, with their IRIs."""
    return [(asked.subject(number, base), each) for number, each in enumerate(outcomes)]


def summary(outcomes: Sequence[Outcome], asked: Asked) -> str:
    """One line: how many rows and names, or how many things, came to what."""
    count = Counter(each.decision for each in outcomes)
    if isinstance(asked, Things):
        return f"{len(outcomes):,} things: {', '.join(f'{count[each]:,} {each.value}' for each in Decision)}"
    rows = Counter(outcomes[number].decision for number in asked.rows if number is not None)
    parts = [f"{rows[each]:,} {each.value} ({count[each]:,} names)" for each in Decision]
    return f"{sum(number is not None for number in asked.rows):,} rows: {', '.join(parts)}"


def as_sssom(outcomes: Sequence[Outcome], asked: Asked, service: str, base: str) -> bytes:
    """The links as a mapping set, sorted by subject."""
    found = judged_pairs.new_set(base, "service", f"Links that {service} gave.", COLUMNS)
    rows = [
        _row(asked.subject(number, base), each, service)
        for number, each in enumerate(outcomes)
        if each.linked is not None
    ]
    found.rows = sorted(rows, key=lambda row: (row["subject_id"], row["object_id"]))
    return sssom.dump(found).encode()


def _row(subject: str, outcome: Outcome, service: str) -> sssom.Row:
    linked = outcome.candidates[0]
    return {
        "subject_id": subject,
        "subject_label": outcome.name,
        "predicate_id": judged_pairs.EXACT,
        "object_id": linked.id,
        "object_label": linked.label,
        "mapping_justification": f"{sssom.SEMAPV}LexicalMatching",
        "object_source": service,
        "mapping_tool": "Jejaring",
        "confidence": f"{linked.score:.2f}",
        "comment": outcome.why,
    }


def as_table(table: Table, outcomes: Sequence[Outcome], asked: Names, delimiter: str) -> bytes:
    """The table with id, label, score and why of each row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    taken = bool(set(ADDED) & set(table.columns))
    writer.writerow([*table.columns, *(f"service_{name}" if taken else name for name in ADDED)])
    for row, number in zip(table.rows, asked.rows, strict=True):
        writer.writerow([*row, *_cells(outcomes[number] if number is not None else None)])
    return out.getvalue().encode()


def _cells(outcome: Outcome | None) -> list[str]:
    if outcome is None:
        return ["", "", "", "no name"]
    if outcome.linked is None:
        return ["", "", "", f"{outcome.decision.value}: {outcome.why}"]
    return [outcome.linked.id, outcome.linked.label, f"{outcome.linked.score:.2f}", outcome.why]
