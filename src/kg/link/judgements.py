"""What persons judged: that two things are the same, or are not. A run reads judgements and never changes them.

Judgements are one SSSOM file. A verdict is written so that other tools read it rightly:

* same: ``skos:exactMatch``; ``owl:sameAs`` between two things of the graph
* different: the same with ``predicate_modifier`` Not
* unsure: ``skos:mappingRelation``, which claims no more than that somebody looked, with confidence 0.5

each with ``semapv:ManualMappingCuration``, author and date. Rows of the file that are no verdicts stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote, unquote

from kg import vocabulary as v
from kg.errors import InputError, NothingFound
from kg.link import sssom
from kg.output import write_atomic
from kg.records import record

FILE: Final = "judgements.sssom.tsv"
SAME_AS: Final = v.SAME_AS.value
EXACT: Final = v.EXACT_MATCH.value
RELATED_SOMEHOW: Final = f"{sssom.BUILT_IN['skos']}mappingRelation"
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
COLUMNS: Final = tuple(
    """subject_id subject_label predicate_id predicate_modifier object_id object_label mapping_justification author_id
    author_label mapping_date confidence comment""".split()
)
WIKIDATA: Final = "http://www.wikidata.org/entity/"
THINGS: Final = "jejaring"  # the prefix of ids in the files


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

    @property
    def pair(self) -> frozenset[str]:
        """The two things without an order."""
        return frozenset((self.subject, self.object))


@record(frozen=True, slots=True)
class Conflict:
    """Two things that one judgement keeps apart and others, in a chain, make one."""

    apart: Judgement
    chain: tuple[Judgement, ...]

    def __str__(self) -> str:
        """One line with all judgements that it comes from."""
        steps = ", ".join(f"{name(each, 0)} = {name(each, 1)} ({each.author} {each.date})" for each in self.chain)
        apart = f"{name(self.apart, 0)} ≠ {name(self.apart, 1)} ({self.apart.author} {self.apart.date})"
        return f"{apart}, but {steps}; take one of them back with kg link undo"


def name(judgement: Judgement, end: int) -> str:
    """The label of one of the two; where there is none, the name that the id stands for, or the id."""
    labels = (judgement.subject_label, judgement.object_label)
    iri = (judgement.subject, judgement.object)[end]
    spelled = iri.partition("/id/name/")[2].partition("/")[2].partition("@")[0]
    return labels[end] or unquote(spelled) or iri


def thing_id(key: str, base: str = v.DEFAULT_BASE) -> str:
    """The IRI of a thing by its key, as in ``place/35.78``; an IRI stays one."""
    return key if "://" in key else f"{base}id/{quote(key, safe='/-._~:!$&()*+,;=@')}"


def name_id(kind: str, text: str, parent: str = "", base: str = v.DEFAULT_BASE) -> str:
    """The IRI that stands for a name of a table: of a kind ("place"), normalised, with the key of its parent if known.

    >>> name_id("place", "semarang", "place/33")
    'https://w3id.org/jejaring/id/name/place/semarang@place/33'
    """
    return f"{base}id/name/{kind}/{quote(text, safe='')}" + (f"@{quote(parent, safe='/')}" if parent else "")


def locate(option: str | None, configured: str | None, store: str | Path | None) -> Path:
    """The file of the judgements: as given, else as configured, else in the store, else in the working folder."""
    if option or configured:
        return Path(option or configured or "")
    return Path(store) / FILE if store else Path(FILE)


class Judgements:
    """The judgements of one file. ``base`` tells which things are of the graph; nothing is written before ``save``."""

    def __init__(self, path: Path, found: sssom.MappingSet, base: str = v.DEFAULT_BASE) -> None:
        self.path = path
        self.base = base
        self._set = found
        self._others: list[sssom.Row] = []
        self._rows: dict[frozenset[str], tuple[Judgement, list[sssom.Row]]] = {}
        self._on: dict[str, set[frozenset[str]]] = defaultdict(set)
        for row in found.rows:
            self._take(row)

    @classmethod
    def load(cls, path: Path, base: str = v.DEFAULT_BASE) -> Self:
        """Those of a file; none where it isn't there yet. Raises InputError with line and column."""
        found = (
            sssom.read(path) if path.exists() else new_set(base, "judgements", "What persons judged of pairs.", COLUMNS)
        )
        return cls(path, found, base)

    def __iter__(self) -> Iterator[Judgement]:
        return iter(sorted((found for found, _ in self._rows.values()), key=_by_things))

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, one: str, other: str) -> Judgement | None:
        """What was said of two things, in either order."""
        found = self._rows.get(frozenset((one, other)))
        return found[0] if found else None

    def about(self, thing: str) -> list[Judgement]:
        """All judgements on one thing."""
        return sorted((self._rows[pair][0] for pair in self._on.get(thing, ())), key=_by_things)

    def same(self, subject: str) -> str | None:
        """The one thing that a name was judged to mean; None where none was, or several were."""
        found = {
            other for each in self.about(subject) if each.verdict is Verdict.SAME for other in each.pair - {subject}
        }
        return next(iter(found)) if len(found) == 1 else None

    def rows(self) -> list[sssom.Row]:
        """The rows of all judgements as the file has them, sorted."""
        return sorted((row for _, rows in self._rows.values() for row in rows), key=_order)

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the file declares."""
        return self._set.prefixes

    def add(self, judgement: Judgement, *, replace: bool = False) -> Judgement | None:
        """Keep a judgement; gives the one that it replaces. What was said already changes nothing.

        Raises InputError where another verdict stands and ``replace`` isn't given, and for what is no judgement.
        """
        _expect(judgement)
        before = self.of(judgement.subject, judgement.object)
        if before is not None and not replace:
            if before.verdict is judgement.verdict:
                return None
            raise InputError(
                f"{self.path}: {name(before, 0)} and {name(before, 1)} are judged {before.verdict.value} by"
                f" {before.author or 'somebody'} ({before.date}); use --replace, or kg link undo first"
            )
        self._keep(judgement, [self._row(judgement)])
        return before

    def remove(self, one: str, other: str) -> Judgement:
        """Take a judgement back; gives it. Raises NothingFound where there is none."""
        pair = frozenset((one, other))
        if pair not in self._rows:
            raise NothingFound(f"{self.path}: no judgement on {one} and {other}; kg link judgements lists them")
        for thing in pair:
            self._on[thing].discard(pair)
        return self._rows.pop(pair)[0]

    def save(self) -> None:
        """Write the file whole or not at all, sorted: a judgement more is a line more."""
        write_atomic(self.path, self.as_text().encode())

    def as_text(self) -> str:
        """The file."""
        rows = sorted([*self._others, *self.rows()], key=_order)
        return sssom.dump(sssom.MappingSet(self._set.metadata, rows, self._set.columns))

    def groups(self) -> list[frozenset[str]]:
        """The things that chains of "same" make one, each group of two or more, sorted."""
        groups: dict[str, set[str]] = {}
        for judgement in self:
            if judgement.verdict is Verdict.SAME:
                merged = set[str]().union(*(groups.get(each, {each}) for each in judgement.pair))
                groups |= dict.fromkeys(merged, merged)
        return sorted({frozenset(group) for group in groups.values()}, key=sorted)

    def conflicts(self) -> list[Conflict]:
        """Pairs judged different that a chain of "same" makes one."""
        apart = [each for each in self if each.verdict is Verdict.DIFFERENT]
        return [Conflict(each, chain) for each in apart if (chain := self._chain(each.subject, each.object))]

    def _chain(self, start: str, goal: str) -> tuple[Judgement, ...]:
        """The shortest chain of "same" from one thing to another; empty where there is none."""
        reached: dict[str, tuple[Judgement, ...]] = {start: ()}
        todo = [start]
        for thing in todo:
            for each in self.about(thing):
                other = next(iter(each.pair - {thing}), thing)
                if each.verdict is Verdict.SAME and other not in reached:
                    reached[other] = (*reached[thing], each)
                    todo.append(other)
        return reached.get(goal, ())

    def _take(self, row: sssom.Row) -> None:
        judgement = from_row(self._set, row)
        if judgement is None:
            self._others.append(row)
            return
        before, rows = self._rows.get(judgement.pair, (judgement, []))
        if before.verdict is not judgement.verdict:
            raise InputError(
                f"{self.path}: {name(judgement, 0)} and {name(judgement, 1)} are judged {before.verdict.value}"
                f" by {before.author} ({before.date}) and {judgement.verdict.value}"
                f" by {judgement.author} ({judgement.date}); take one of the rows out"
            )
        self._keep(before, [*rows, row])

    def _keep(self, judgement: Judgement, rows: list[sssom.Row]) -> None:
        self._rows[judgement.pair] = (judgement, rows)
        for thing in judgement.pair:
            self._on[thing].add(judgement.pair)

    def _row(self, judgement: Judgement) -> sssom.Row:
        things, names = f"{self.base}id/", f"{self.base}id/name/"
        own = all(each.startswith(things) and not each.startswith(names) for each in judgement.pair)
        unsure = judgement.verdict is Verdict.UNSURE
        row = {
            "subject_id": judgement.subject,
            "subject_label": judgement.subject_label,
            "predicate_id": RELATED_SOMEHOW if unsure else SAME_AS if own else EXACT,
            "predicate_modifier": sssom.NOT if judgement.verdict is Verdict.DIFFERENT else "",
            "object_id": judgement.object,
            "object_label": judgement.object_label,
            "mapping_justification": sssom.MANUAL,
            _author_slot(judgement.author): sssom.joined([judgement.author]),
            "mapping_date": judgement.date,
            "confidence": "0.5" if unsure else "",
            "comment": judgement.reason,
        }
        return {slot: text for slot, text in row.items() if text}


def new_set(base: str, identifier: str, description: str, columns: tuple[str, ...]) -> sssom.MappingSet:
    """An empty mapping set of this program's; the columns are always written, so that a row more is a line more."""
    return sssom.MappingSet(
        {
            "curie_map": {THINGS: f"{base}id/", "orcid": "https://orcid.org/", "wikidata": WIKIDATA},
            "mapping_set_id": f"{base}id/links/{identifier}",
            "mapping_set_description": description,
            "license": LICENCE,
        },
        columns=columns,
    )


def from_row(found: sssom.MappingSet, row: sssom.Row) -> Judgement | None:
    """The judgement of a row; None for one that no person made, or that is neither yes, no nor unsure."""
    predicate = row["predicate_id"]
    subject, object_ = row.get("subject_id", ""), row.get("object_id", "")
    if predicate not in (SAME_AS, EXACT, RELATED_SOMEHOW) or row["mapping_justification"] != sssom.MANUAL:
        return None
    if not subject or not object_ or subject == object_:
        return None
    denied = row.get("predicate_modifier") == sssom.NOT
    if predicate == RELATED_SOMEHOW and denied:
        return None
    authors = [*sssom.values(row.get("author_label", "")), *sssom.values(row.get("author_id", ""))]
    return Judgement(
        subject=subject,
        object=object_,
        verdict=Verdict.UNSURE if predicate == RELATED_SOMEHOW else Verdict.DIFFERENT if denied else Verdict.SAME,
        author=", ".join(authors[:1]),
        date=found.row_value(row, "mapping_date"),
        reason=row.get("comment", ""),
        subject_label=row.get("subject_label", ""),
        object_label=row.get("object_label", ""),
    )


def _author_slot(author: str) -> str:
    """A person's name is a label; an ORCID or another address is an identifier."""
    return "author_id" if author.startswith(("http://", "https://")) else "author_label"


def _expect(judgement: Judgement) -> None:
    if judgement.subject == judgement.object:
        raise InputError(f"{judgement.subject}: judged against itself; name two things")
    if not judgement.author.strip():
        raise InputError("a judgement needs its author; give --author NAME, or set KG_AUTHOR")
    if not sssom.is_date(judgement.date):
        raise InputError(f"{judgement.date!r}: no date of a judgement; write it as in 2026-01-31")


def _by_things(judgement: Judgement) -> tuple[str, str]:
    return judgement.subject, judgement.object


def _order(row: sssom.Row) -> tuple[str, str, str]:
    return row.get("subject_id", ""), row.get("object_id", ""), row["predicate_id"]
