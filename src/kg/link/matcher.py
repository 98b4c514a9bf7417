"""What a name may mean: names compared within their kind and place, scored with reasons, decided by two thresholds.

Blocking: only things of the kinds and below the place that are asked for are compared, exact names before similar ones.
A name that is equal has the score 1; a similar one the share of letters that need no change (optimal string alignment,
after Damerau 1964), drawn nearer to 1 where type and province agree. What speaks against a candidate lowers its score
and is told; an equal name of another type, or in another province, is never linked by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from kg.link.normal import Reading, readings, words
from kg.link.outcome import LINKED_FROM, Candidate, Outcome, decide
from kg.records import record
from kg.reference import Reference, Thing

SIMILAR_FROM: Final = 0.55
"""The likeness from which a name is worth naming as the nearest."""
NEAREST: Final = 8
"""How many similar names are scored."""
UNTYPED: Final = 0.98  # an equal name without its type word, where no kind was asked for
RESPELLED: Final = 0.97  # equal only when "Kota Baru" is read as one name
HIDDEN: Final = 0.85  # a short form or misspelling that may stand for other things as well
HIDDEN_ASKED: Final = 0.93  # the same where its kind is asked for
OTHER_TYPE: Final = 0.75  # "Kota Banyuwangi": there is only the regency
SIMILAR: Final = 0.93  # the most that a similar name can have: less than an equal one by more than the margin
SIMILAR_BESIDE: Final = 0.85  # the same where a thing of exactly that name is elsewhere
CORROBORATED: Final = 0.5  # what remains of the difference where type and province agree
CORROBORATED_FROM: Final = 0.8  # the likeness from which they count: one letter of five
ELSEWHERE: Final = 0.8  # times the score: it lies in another province than the table says
REMEMBERED: Final = 200_000
"""How many answers are kept; a server is asked without end."""
SHORT: Final = 5  # letters: in a name of fewer one letter is a fifth, so it is judged and never linked
Kinds = str | Iterable[str] | None


@record(frozen=True, slots=True)
class Entry:
    """One thing that may be meant. ``kind`` is the local name of its class; ``inside`` are the places around it."""

    id: str
    kind: str
    label: str
    names: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class _Name:
    """One reading of a name of an entry. ``bare``: without its type word, so that likeness is one of the names."""

    entry: int
    reading: Reading
    whole: bool
    hidden: bool
    bare: bool


@record(frozen=True, slots=True)
class _Asked:
    """What else is known of the name."""

    kinds: frozenset[str] | None
    within: str | None


class Meanings(Protocol):
    """What says which thing a name means: a ``Matcher``, or one for persons."""

    def match(self, name: str, kind: Kinds = None, within: str | None = None) -> Outcome:
        """What the name means."""
        ...

    def knows(self, name: str, kind: Kinds = None) -> bool:
        """Whether something bears this name."""
        ...

    def entry(self, id: str) -> Entry | None:  # noqa: A002 - the word of the domain
        """The thing of that id."""
        ...


class Matcher:
    """Names to things. Each different question is answered once and remembered: a table repeats its names.

    >>> from kg import reference
    >>> matcher = Matcher(entries(reference.load()))
    >>> outcome = matcher.match("Kab. Semarang")
    >>> outcome.decision.value, outcome.candidates[0].id
    ('linked', 'place/33.22')
    >>> matcher.match("Semarang").why
    'may mean Kabupaten Semarang or Kota Semarang'
    """

    def __init__(self, things: Iterable[Entry]) -> None:
        self._entries = tuple(things)
        self._number = {entry.id: number for number, entry in enumerate(self._entries)}
        self._labels = {entry.id: entry.label for entry in self._entries}
        self._exact: dict[str, list[_Name]] = {}
        for number, entry in enumerate(self._entries):
            for hidden, names in ((False, entry.names), (True, entry.hidden)):
                for name in names:
                    self._learn(number, name, hidden=hidden)
        self._blocks: dict[frozenset[str] | None, tuple[list[str], list[list[_Name]]]] = {}
        self._known: dict[tuple[str, frozenset[str] | None, str | None], Outcome] = {}

    def _learn(self, number: int, name: str, *, hidden: bool) -> None:
        kind = self._entries[number].kind
        taken = readings(name)
        for at, reading in enumerate(taken):
            if reading.kinds and kind not in reading.kinds:
                continue  # "Kota Jakarta" is a name of the province: without "Kota" it is another name
            known = self._exact.setdefault(reading.text, [])
            if not any(other.entry == number and other.reading.kinds == reading.kinds for other in known):
                known.append(_Name(number, reading, at == 0, hidden, reading in _bare(taken)))

    def entry(self, id: str) -> Entry | None:  # noqa: A002 - the word of the domain
        """The thing of that id, if it is among them."""
        number = self._number.get(id)
        return None if number is None else self._entries[number]

    def entries(self, kind: Kinds = None) -> list[Entry]:
        """All things, or those of these kinds."""
        kinds = None if kind is None else frozenset([kind] if isinstance(kind, str) else map(str, kind))
        return [entry for entry in self._entries if kinds is None or entry.kind in kinds]

    def knows(self, name: str, kind: Kinds = None) -> bool:
        """Whether something bears this name, however ambiguous; quicker than ``match``."""
        kinds = None if kind is None else frozenset([kind] if isinstance(kind, str) else map(str, kind))
        return any(
            (kinds is None or self._entries[other.entry].kind in kinds)
            and (not reading.kinds or self._entries[other.entry].kind in reading.kinds)
            for reading in readings(name)
            for other in self._exact.get(reading.text, ())
        )

    def match(self, name: str, kind: Kinds = None, within: str | None = None) -> Outcome:
        """What a name means among the things of these kinds.

        ``kind`` is the local name of a class ("City"), or several; None takes all. ``within`` is the id of a place that
        the thing should lie in: a thing elsewhere stays a candidate with less score, as tables may be old or wrong.
        The outcome's candidates have the ids that the entries have ("place/33.74" for those of the reference data).
        """
        kinds = None if kind is None else frozenset([kind] if isinstance(kind, str) else map(str, kind))
        question = (name, kinds, within)
        found = self._known.get(question)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[question] = self._match(name, _Asked(kinds, within))
        return found

    def _match(self, name: str, asked: _Asked) -> Outcome:
        taken = readings(name)
        if not taken:
            return Outcome(name, decide(name, []).decision, (), "no letters in it")
        scores: dict[int, tuple[float, tuple[str, ...]]] = {}
        for reading in taken:
            for other in self._exact.get(reading.text, ()):
                self._note(scores, other, self._equal(reading, other, asked), asked)
        best = max((score for score, _ in scores.values()), default=0.0)
        if best < LINKED_FROM:
            most = SIMILAR_BESIDE if best >= OTHER_TYPE else SIMILAR
            self._add_similar(scores, taken, asked, most)
        candidates = [
            Candidate(self._entries[number].id, self._entries[number].label, round(score, 4), reasons)
            for number, (score, reasons) in scores.items()
        ]
        return decide(name, candidates)

    def _note(
        self,
        scores: dict[int, tuple[float, tuple[str, ...]]],
        other: _Name,
        found: tuple[float, tuple[str, ...]],
        asked: _Asked,
    ) -> None:
        """Keep the best that speaks for each thing of the right kind, seen in its place."""
        entry = self._entries[other.entry]
        if asked.kinds is not None and entry.kind not in asked.kinds:
            return
        factor, reason = self._place(entry, asked.within)
        score, reasons = found
        score *= factor
        if score > scores.get(other.entry, (0.0, ()))[0]:
            scores[other.entry] = (score, (*reasons, reason) if reason else reasons)

    def _equal(self, reading: Reading, other: _Name, asked: _Asked) -> tuple[float, tuple[str, ...]]:
        entry = self._entries[other.entry]
        steps = f" after {', '.join(reading.steps)}" if reading.steps else ""
        if other.hidden:
            known = asked.kinds is not None or entry.kind in reading.kinds
            known = known and reading.text not in words().doubtful
            return (HIDDEN_ASKED if known else HIDDEN), (f"a short or other form of {entry.label}{steps}",)
        if reading.kinds and entry.kind not in reading.kinds:
            return OTHER_TYPE, (f"name equal{steps}", f"type differs: {entry.kind}")
        if reading.kinds or other.whole:
            same = reading.kinds == other.reading.kinds or not other.reading.kinds
            return (1.0 if same else UNTYPED), (f"name equal{steps}",)
        if asked.kinds is not None and len(asked.kinds) == 1:
            return 1.0, (f"name equal{steps}", f"type {entry.kind} asked for")
        return UNTYPED, (f"name equal{steps}", "no type stated")

    def _place(self, entry: Entry, within: str | None) -> tuple[float, str]:
        if within is None or within == entry.id:
            return 1.0, ""
        if within in entry.inside:
            return 1.0, f"{self._name_of(within)} equal"
        for place in (entry.id, *entry.inside):
            former = words().former.get(place)
            if former and former[0] == within:
                return 0.99, f"in {self._name_of(within)} until {former[1]}"
        lies = next((self._name_of(place) for place in entry.inside), "another place")
        return ELSEWHERE, f"lies in {lies}, not in {self._name_of(within)}"

    def _name_of(self, place: str) -> str:
        return self._labels.get(place, place)

    def _add_similar(
        self,
        scores: dict[int, tuple[float, tuple[str, ...]]],
        taken: tuple[Reading, ...],
        asked: _Asked,
        most: float,
    ) -> None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        texts, names = self._block(asked.kinds)
        for reading in _bare(taken):
            near = process.extract(
                reading.text, texts, scorer=OSA.normalized_similarity, score_cutoff=SIMILAR_FROM, limit=NEAREST
            )
            for text, likeness, at in near:
                if text != reading.text:
                    for other in names[at]:
                        self._note(scores, other, self._similar(reading, other, likeness, asked, most), asked)

    def _similar(
        self, reading: Reading, other: _Name, likeness: float, asked: _Asked, most: float
    ) -> tuple[float, tuple[str, ...]]:
        entry = self._entries[other.entry]
        steps = f" after {', '.join(reading.steps)}" if reading.steps else ""
        score, reasons = likeness, (f"name similar ({likeness:.2f}){steps}",)
        if reading.kinds and entry.kind not in reading.kinds:
            return score * OTHER_TYPE, (*reasons, f"type differs: {entry.kind}")
        typed = bool(reading.kinds) or (asked.kinds is not None and len(asked.kinds) == 1)
        certain = typed and likeness >= CORROBORATED_FROM
        if certain and asked.within is not None and asked.within in entry.inside:
            score = 1 - (1 - score) * CORROBORATED
        if len(reading.text) < SHORT or other.hidden:
            most = min(most, HIDDEN)
        return min(score, most), reasons

    def _block(self, kinds: frozenset[str] | None) -> tuple[list[str], list[list[_Name]]]:
        """The texts of all things of these kinds, to be compared with."""
        block = self._blocks.get(kinds)
        if block is None:
            kept: dict[str, list[_Name]] = {}
            for text, names in self._exact.items():
                fitting = [
                    name for name in names if name.bare and (kinds is None or self._entries[name.entry].kind in kinds)
                ]
                if fitting:
                    kept[text] = fitting
            block = self._blocks[kinds] = (list(kept), list(kept.values()))
        return block


def _bare(taken: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The readings without a type word: "kabupaten" in common makes no two names alike."""
    return tuple(reading for reading in taken if reading.kinds) or taken


def entries(reference: Reference, keys: Iterable[str] | None = None) -> list[Entry]:
    """The things of the reference data, or those of these keys, as a matcher takes them; ids are their keys."""
    return [_entry(reference, key) for key in (reference.things if keys is None else keys)]


def regions(reference: Reference) -> list[str]:
    """The keys of the provinces, regencies and cities of Indonesia."""
    return [key for key in reference.things if key.startswith("place/") and reference.things[key].code("kemendagri")]


def _entry(reference: Reference, key: str) -> Entry:
    thing = reference.things[key]
    names = tuple(dict.fromkeys(label.text for label in thing.names))
    hidden = tuple(dict.fromkeys(label.text for label in thing.hidden))
    kind = reference.kinds[key].value
    return Entry(key, kind, thing.label.text, names, hidden, tuple(_around(reference.things, key)))


_UPWARD: Final = ("within", "territory", "parent", "body", "region")


def _around(things: Mapping[str, Thing], key: str) -> list[str]:
    """The places and bodies around a thing, nearest first."""
    found: list[str] = []
    todo = [key]
    while todo:
        for name, to in things[todo.pop(0)].links:
            if name in _UPWARD and to not in found:
                found.append(to)
                todo.append(to)
    return found
