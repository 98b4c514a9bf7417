"""Pairs of profiles -> persons: which are one, why, and what is left to judge. The same whatever order they come in.

Everything here is a function of the profiles of one connected group and what was judged. Pairs are taken by falling
score, then by key; two that something keeps apart never come together, by no chain of others; and a profile that fits
two of whom it can be only one joins neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Final

from kg.link.outcome import MARGIN, Decision
from kg.link.people import Verdict
from kg.records import record

Judge = Callable[[str, str], Verdict]
"""Two keys of profiles, the smaller first -> one person or two."""
TWO: Final = "but it fits another as well, who is somebody else"
JUDGED: Final = 2.0
"""The score of what a person judged the same: before all that the program finds."""


@record(frozen=True, slots=True, order=True)
class Merge:
    """Two profiles that are one, the smaller key first, and why."""

    a: str
    b: str
    score: float
    reasons: tuple[str, ...]


@record(frozen=True, slots=True)
class Groups:
    """The persons: the keys of each one's profiles, sorted. ``open`` are pairs that fit and were not merged."""

    members: tuple[tuple[str, ...], ...]
    merges: tuple[Merge, ...]
    open: tuple[Merge, ...]


def group(keys: Iterable[str], judge: Judge) -> Groups:
    """Merge the profiles of one group."""
    verdicts = {pair: judge(*pair) for pair in combinations(sorted(keys), 2)}
    fitting = [
        Merge(*pair, one.score, one.reasons) for pair, one in verdicts.items() if one.decision is Decision.LINKED
    ]
    unclear = _unclear(fitting, verdicts)
    owner = {key: {key} for key in keys}
    merges, left = [], []
    for one in sorted(fitting, key=lambda each: (-each.score, each.a, each.b)):
        ours, theirs = owner[one.a], owner[one.b]
        if ours is theirs:
            continue
        against = TWO if (one.a, one.b) in unclear else _apart(ours, theirs, verdicts)
        if against is not None:
            left.append(Merge(one.a, one.b, one.score, (*one.reasons, against)))
            continue
        ours |= theirs
        owner |= dict.fromkeys(theirs, ours)
        merges.append(one)
    members = sorted({tuple(sorted(each)) for each in owner.values()})
    left = [one for one in left if owner[one.a] is not owner[one.b]]
    return Groups(tuple(members), tuple(merges), tuple(sorted(left)))


def _apart(ours: Iterable[str], theirs: Iterable[str], verdicts: Mapping[tuple[str, str], Verdict]) -> str | None:
    for pair in product(sorted(ours), sorted(theirs)):
        found = verdicts[min(pair), max(pair)]
        if found.apart:
            return f"but others of the two are kept apart: {'; '.join(found.reasons)}"
    return None


def _unclear(fitting: Sequence[Merge], verdicts: Mapping[tuple[str, str], Verdict]) -> set[tuple[str, str]]:
    """The pairs with a profile that fits two about as well who can't be one."""
    near: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for one in fitting:
        if one.score < JUDGED:
            near[one.a].append((one.score, one.b))
            near[one.b].append((one.score, one.a))
    found: set[tuple[str, str]] = set()
    for key, others in near.items():
        for (score, first), (rival, second) in combinations(sorted(others), 2):
            if abs(score - rival) < MARGIN and verdicts[min(first, second), max(first, second)].apart:
                found |= {(min(key, other), max(key, other)) for other in (first, second)}
    return found
