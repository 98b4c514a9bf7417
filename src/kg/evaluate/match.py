"""Gold facts against found ones: which pairs say the same, which are missed, which are wrong.

The rules of comparison are data (``data/evaluation/facts.toml``).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from kg import resources
from kg.errors import DataError

FILE = "data/evaluation/facts.toml"
WORDS = re.compile(r"\w+")
CLOSE = 1e-6  # relative: two numbers that differ by less are the same

Fact = Mapping[str, object]
"""``rel`` and the arguments; each a label, a number or the list of a thing's labels."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is compared: the arguments of each relation, in order, and how much of a label must agree."""

    groups: tuple[tuple[str, ...], ...]  # the relations of each table of docs/reference/facts.md
    needed: Mapping[str, tuple[str, ...]]
    optional: Mapping[str, tuple[str, ...]]
    overlap: Mapping[str, float]
    opening: Mapping[str, int]

    @property
    def relations(self) -> tuple[str, ...]:
        """All relations in the order of the tables."""
        return tuple(self.needed)


@cache
def table() -> Table:
    """The packaged rules of comparison. Raises DataError where the file doesn't have the form it should."""
    path = resources.path(FILE)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        groups = [group["relations"] for group in data["table"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{path}: {error}; see the comments in the file for its form") from None
    arguments = {name: given for group in groups for name, given in group.items()}
    return Table(
        tuple(tuple(group) for group in groups),
        {name: tuple(a for a in given if not a.endswith("?")) for name, given in arguments.items()},
        {name: tuple(a[:-1] for a in given if a.endswith("?")) for name, given in arguments.items()},
        data["overlap"],
        data["opening"],
    )


@dataclass(frozen=True, slots=True)
class Count:
    """How many facts are right, missed and wrong."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.missed + other.missed, self.wrong + other.wrong)

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found; 1 where there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Pairing:
    """Positions in the lists of gold and found facts. What only repeats a right fact is neither right nor wrong."""

    right: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    wrong: tuple[int, ...]

    @property
    def count(self) -> Count:
        """The three numbers."""
        return Count(len(self.right), len(self.missed), len(self.wrong))


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The words of a label as they are compared: NFKC, case folded."""
    return tuple(WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))


def labels(value: object) -> Sequence[object]:
    """The labels of an argument, one or several."""
    return value if isinstance(value, list | tuple) else [value]


def same(argument: str, gold: object, found: object) -> bool:
    """Whether one label of the one agrees with one of the other."""
    return any(_agree(argument, g, f) for g in labels(gold) for f in labels(found))


def _agree(argument: str, gold: object, found: object) -> bool:
    if isinstance(gold, int | float) and not isinstance(gold, bool):
        try:
            return abs(float(str(found)) - gold) <= CLOSE * max(1.0, abs(gold))
        except ValueError:
            return False
    ours, theirs = words(str(gold)), words(str(found))
    if not ours or not theirs:
        return False
    rules = table()
    opening = rules.opening.get(argument)
    if ours == theirs or (opening is not None and ours[:opening] == theirs[:opening]):
        return True
    least = rules.overlap.get(argument)
    return least is not None and likeness(ours, theirs) >= least


def likeness(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """F1 over two sets of words."""
    one, other = set(ours), set(theirs)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def differences(gold: Fact, found: Fact) -> list[str]:
    """The arguments in which a found fact disagrees with a gold one of its relation, those that it lacks included."""
    rules, relation = table(), str(gold["rel"])
    compared = [
        *rules.needed[relation],
        *(name for name in rules.optional[relation] if gold.get(name) is not None),
    ]
    return [name for name in compared if name not in found or not same(name, gold[name], found[name])]


def pair(gold: Sequence[Fact], found: Sequence[Fact]) -> Pairing:
    """Pair each gold fact with at most one found fact, as many as can be: by augmenting paths."""
    edges = [
        [j for j, theirs in enumerate(found) if theirs["rel"] == ours["rel"] and not differences(ours, theirs)]
        for ours in gold
    ]
    owner: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j in edges[i]:
            if j not in seen:
                seen.add(j)
                if j not in owner or place(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    for i in range(len(gold)):
        place(i, set())
    right = {i: j for j, i in owner.items()}
    again = {j for i in right for j in edges[i]} - owner.keys()
    return Pairing(
        tuple(sorted(right.items())),
        tuple(i for i in range(len(gold)) if i not in right),
        tuple(j for j in range(len(found)) if j not in owner and j not in again),
    )
