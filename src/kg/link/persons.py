"""Two names of persons compared: do they fit as one name, and does what they share tell enough?

A pure function on two names. It aligns their parts in order (Needleman and Wunsch 1970), each pair of parts by
spelling, abbreviation or a slip of one letter (optimal string alignment), and weighs what agrees by how rare it is, as
in record linkage after Fellegi and Sunter (1969) with Winkler's term frequencies: "Budi Santoso" fits "Budi Santoso"
and tells little. What persons do beside bearing a name is left to ``kg.link.people``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kg.link.person_names import Part, PersonName, commonness, fold, how_common, lore, parse, readings
from kg.records import record

VOWELS: Final = frozenset("aeiou")


@record(frozen=True, slots=True)
class NameComparison:
    """How two names fit. ``score`` is between 0 and 1, on the scale of ``kg.link.outcome``.

    ``agreement`` is the same without regard to how common the names are; ``told`` is what the shared parts tell, in
    bits; ``conflict`` says that the two can't be one name. ``reasons`` are short clauses for a reader.
    """

    score: float
    reasons: tuple[str, ...]
    agreement: float
    told: float
    conflict: bool = False
    whole: bool = False
    """Whether no part of weight is missing on either side and none is only an initial."""


@record(frozen=True, slots=True)
class _Fit:
    """How two parts, or one part and two, fit: what it takes from a full agreement, what it tells, and why."""

    cost: float
    told: float
    reason: str = ""
    initial: bool = False


@record(frozen=True, slots=True)
class _Step:
    """One step of the alignment: how many parts of each name it takes, and how they fit."""

    a: int
    b: int
    fit: _Fit


@lru_cache(maxsize=65536)
def compare(a: str, b: str) -> NameComparison:
    """Compare two names as they are written, titles and all.

    >>> compare("Dr. Soetrisno Hadiwibawa, M.Si.", "Sutrisno Hadiwibawa").reasons
    ("'soetrisno' and 'sutrisno' are spellings of one name",)
    >>> compare("Budi Santoso", "Budi Santoso").score < 0.92
    True
    """
    first, second = sorted((parse(a), parse(b)), key=lambda name: name.written)  # the same either way round
    if not first.parts or not second.parts:
        return NameComparison(0.0, ("no name is left without titles",), 0.0, 0.0)
    is_one = first.parts == second.parts
    steps = _as_written(first.parts) if is_one else _best(first.parts, second.parts)
    told, agreement, reasons = _told(steps), 1.0 - sum(step.fit.cost for step in steps), _reasons(steps)
    unlike = _unlike(steps)
    if unlike and _same_words(first, second):
        unlike, told = False, sum(weight(part.text) for part in first.parts)
        agreement, reasons = 1.0 - lore().weights["order"], ["the same parts in another order"]
    for cost, reason in _beside(first, second, steps):
        agreement -= lore().weights[cost]
        reasons.append(reason)
    conflict = _contradiction(first, second) or (_unlike_reason(first, second, steps) if unlike else "")
    if conflict:
        agreement, reasons = min(agreement, 1.0 - lore().weights["different"]), [conflict]
    agreement = round(max(0.0, agreement), 4)
    score = round(_by_itself(agreement, told), 4)
    why = tuple(reasons) or ("the same name",)
    return NameComparison(score, why, agreement, round(told, 2), bool(conflict), _is_whole(steps))


@lru_cache(maxsize=65536)
def are_surely_two(a: str, b: str) -> bool:
    """Whether ``compare`` finds a conflict, as told without an alignment, in a thirtieth of the time.

    Each name has a part that fits nothing of the other, and one of them weighs something. False where it may be so or
    not.
    """
    one, other = _sounds(a), _sounds(b)
    most = 0.0
    for own, against in ((one, other), (other, one)):
        alone = [at for at in range(len(own.parts)) if not own.may_fit(at, against)]
        if not alone:
            return False
        most = max(most, *(_left_out(own.parts[at], len(own.parts)).cost for at in alone))
    return most > _SMALL


@record(frozen=True, slots=True)
class _Sounds:
    """The parts of a name with the readings of each, and of each joined with the next; none of an initial.

    ``heads``: letters that each part may begin with; parts that ``fit`` have one in common.
    """

    parts: tuple[Part, ...]
    heads: tuple[frozenset[str], ...]
    single: tuple[frozenset[str], ...]
    joined: tuple[frozenset[str], ...]
    all_single: frozenset[str]
    all_joined: frozenset[str]

    def may_fit(self, at: int, other: _Sounds) -> bool:
        """Whether a part fits one of the other name, or with a neighbour on either side."""
        part, heads = self.parts[at], self.heads[at]
        for each, others in zip(other.parts, other.heads, strict=True):
            if not heads.isdisjoint(others) and (fit(part, each) or fit(each, part)):
                return True
        around = self.joined[max(at - 1, 0) : at + 1]
        return not (self.single[at].isdisjoint(other.all_joined) and all(map(other.all_single.isdisjoint, around)))


@lru_cache(maxsize=16384)
def _sounds(written: str) -> _Sounds:
    parts = tuple(parse(written).parts)
    none = frozenset[str]()
    single = tuple(none if part.is_initial else readings(part.text) for part in parts)
    joined = tuple(
        none if one.is_initial or after.is_initial else readings(one.text + after.text)
        for one, after in pairwise(parts)
    )
    heads = tuple(frozenset(_first_letters(part.text) | {part.text[0], fold(part.text)[:1]}) for part in parts)
    return _Sounds(parts, heads, single, joined, none.union(*single), none.union(*joined))


def _reasons(steps: Sequence[_Step]) -> list[str]:
    return [step.fit.reason for step in steps if step.fit.reason]


def _is_whole(steps: Sequence[_Step]) -> bool:
    return not any(step.fit.initial or (_is_gap(step) and step.fit.cost > _SMALL) for step in steps)


def _beside(a: PersonName, b: PersonName, steps: Sequence[_Step]) -> Iterator[tuple[str, str]]:
    """What makes two names less likely one, beside their parts: the weight of each and why."""
    if a.generation != b.generation:
        yield "generation", "only one is called the younger or the second"
    if a.degree and b.degree and a.degree != b.degree and {a.degree, b.degree} != {"drs", "dra"}:
        yield "another_degree", f"one is {a.degree.title()}., the other {b.degree.title()}."
    small = [step for step in steps if _is_gap(step) and 0 < step.fit.cost <= _SMALL]
    if any(step.a for step in small) and any(step.b for step in small):
        yield "another_title", "each has a title that the other lacks"


_SMALL: Final = 0.05


def _told(steps: Sequence[_Step]) -> float:
    """What the parts tell together; several titles tell no more than one."""
    title = lore().weights["title"]
    told = [step.fit.told for step in steps]
    return sum(one for one in told if one > title) + max((one for one in told if one <= title), default=0.0)


def _by_itself(agreement: float, told: float) -> float:
    """The score of a name without anything else: common ones are to be judged at most."""
    if told >= lore().thresholds["told"]:
        return agreement
    return min(agreement, lore().thresholds["unlikely"])


def _contradiction(a: PersonName, b: PersonName) -> str:
    if a.sexes and b.sexes and not a.sexes & b.sexes:
        return "one is a man's name, the other a woman's"
    if a.generation and b.generation and a.generation != b.generation:
        return f"one is called {a.generation}, the other {b.generation}"
    return ""


def _unlike(steps: Sequence[_Step]) -> bool:
    """Whether each name has a part that the other lacks, one of weight: two names, not a shorter and a longer one.

    Many a word is a title before one name and a given name before another: Agung Wibisana is not Gatot Wibisana.
    """
    left = [[step.fit.cost for step in steps if _is_gap(step) and step.a == side] for side in (0, 1)]
    both = all(left) and max(max(costs) for costs in left) > _SMALL
    return both or not any(step.a and step.b for step in steps)


def _unlike_reason(a: PersonName, b: PersonName, steps: Sequence[_Step]) -> str:
    at_a = at_b = 0
    only_a, only_b = [], []
    for step in steps:
        if step.b == 0:
            only_a.append(a.parts[at_a].text)
        if step.a == 0:
            only_b.append(b.parts[at_b].text)
        at_a, at_b = at_a + step.a, at_b + step.b
    return f"'{' '.join(only_a)}' is not '{' '.join(only_b)}'"


def _same_words(a: PersonName, b: PersonName) -> bool:
    return sorted(fold(part.text) for part in a.parts) == sorted(fold(part.text) for part in b.parts)


# ---------------------------------------------------------------- alignment


def _best(a: Sequence[Part], b: Sequence[Part]) -> list[_Step]:
    """The alignment in order that costs least; among equal ones the one that tells most."""
    table: dict[tuple[int, int], tuple[float, float, tuple[_Step, ...]]] = {(0, 0): (0.0, 0.0, ())}
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            cost, told, path = table[i, j]
            for step in _steps(a, b, i, j):
                key = (i + step.a, j + step.b)
                new = (cost + step.fit.cost, told - step.fit.told, (*path, step))
                if key not in table or new[:2] < table[key][:2]:
                    table[key] = new
    return list(table[len(a), len(b)][2])


def _as_written(parts: Sequence[Part]) -> list[_Step]:
    """The best alignment of parts with themselves."""
    return [_Step(1, 1, found) for part in parts if (found := fit(part, part))]


def _steps(a: Sequence[Part], b: Sequence[Part], i: int, j: int) -> Iterator[_Step]:
    if i < len(a):
        yield _Step(1, 0, _left_out(a[i], len(a)))
    if j < len(b):
        yield _Step(0, 1, _left_out(b[j], len(b)))
    if i < len(a) and j < len(b):
        for taken_a, taken_b in ((1, 1), (2, 1), (1, 2)):
            if i + taken_a <= len(a) and j + taken_b <= len(b):
                found = _fit(a[i : i + taken_a], b[j : j + taken_b])
                if found is not None:
                    yield _Step(taken_a, taken_b, found)


def _is_gap(step: _Step) -> bool:
    return not (step.a and step.b)


def _left_out(part: Part, length: int) -> _Fit:
    weights = lore().weights
    if part.text in lore().optional:
        return _Fit(weights["left_out_title"], 0.0, f"only one has the title '{part.text}'")
    if length > 1 and how_common(part.text) == "frequent":
        return _Fit(weights["left_out_frequent"], 0.0, f"only one has '{part.text}'")
    return _Fit(weights["left_out"], 0.0, f"only one has '{part.text}'")


def _fit(a: Sequence[Part], b: Sequence[Part]) -> _Fit | None:
    if len(a) == len(b) == 1:
        return fit(a[0], b[0])
    joined = ["".join(part.text for part in side) for side in (a, b)]
    if any(part.is_initial for part in (*a, *b)) or not readings(joined[0]) & readings(joined[1]):
        return None
    parts = a if len(a) > 1 else b
    told = max(sum(weight(part.text) for part in parts), weight(joined[0]))
    return _Fit(lore().weights["joined"], told, f"'{joined[0]}' is written together and apart")


@lru_cache(maxsize=65536)
def fit(a: Part, b: Part) -> _Fit | None:
    """How two parts fit; None where they are different names."""
    weights = lore().weights
    if a.is_initial or b.is_initial:
        return _initial(a, b)
    if a.text == b.text:
        return _Fit(0.0, weight(a.text))
    told = min(weight(a.text), weight(b.text))
    if readings(a.text) & readings(b.text):
        return _Fit(weights["spelling"], told, f"'{a.text}' and '{b.text}' are spellings of one name")
    short, long = sorted((a, b), key=lambda part: len(part.text))
    if short.short and len(short.text) > 1 and long.text.startswith(short.text):
        return _Fit(weights["letter"], told, f"'{short.text}.' may be short for '{long.text}'")
    return _slip(fold(a.text), fold(b.text), a.text, b.text, told) or _slip(a.text, b.text, a.text, b.text, told)


def _initial(a: Part, b: Part) -> _Fit | None:
    weights = lore().weights
    if not _first_letters(a.text) & _first_letters(b.text):
        return None
    if a.is_initial and b.is_initial:
        return _Fit(0.0, weights["initial"], initial=True)
    letter, word = (a, b) if a.is_initial else (b, a)
    told = min(weights["initial"], weight(word.text))
    return _Fit(weights["letter"], told, f"'{letter.text}' may stand for '{word.text}'", initial=True)


def _first_letters(text: str) -> set[str]:
    letters = {text[0]} | ({reading[0] for reading in readings(text)} if len(text) > 1 else set())
    return letters | ({"y"} if text[0] == "j" and len(text) == 1 else set())


def _slip(a: str, b: str, written_a: str, written_b: str, told: float) -> _Fit | None:
    """One slip of the pen, or another vowel; None where it makes another name.

    Names of many letters only, never their first letter, and nothing near the end, where one letter tells a man's name
    from a woman's; never between two names that are both known.
    """
    from rapidfuzz.distance import OSA

    both_known = a in commonness() and b in commonness()
    if both_known or a[0] != b[0] or min(len(a), len(b)) < lore().thresholds["slip_length"]:
        return None
    if _without_o(a) == _without_o(b) and a[-1] == b[-1]:
        return _Fit(lore().weights["vowel"], told, f"'{written_a}' and '{written_b}' differ in a vowel")
    if OSA.distance(a, b, score_cutoff=1) != 1 or not _is_slip(a, b):
        return None
    return _Fit(lore().weights["slip"], told, f"'{written_a}' and '{written_b}' differ by one letter")


def _without_o(text: str) -> str:
    return text.replace("o", "a")


def _is_slip(a: str, b: str) -> bool:
    """Whether one letter is too many, missing, or in the other's place; another vowel only far from the end."""
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    last = a[-1] == b[-1]
    if len(a) != len(b):
        return last and start > 0
    if sorted(a) == sorted(b):
        return start > 0
    return (
        last and {a[start], b[start]} <= VOWELS and 0 < start < len(a) - 4 and len(a) > lore().thresholds["slip_length"]
    )


@lru_cache(maxsize=65536)
def weight(part: str) -> float:
    """What it tells that two people share this part, in bits."""
    weights = lore().weights
    if part in lore().optional:
        return weights["title"]
    return weights[how_common(part)]
