"""The blocks of a name: keys by which the names are found that may be of the same person, without looking at all.

Two names that tell enough share a rare part. But a part that is in no list of common names may be common all the same,
and a block of all who have it grows with the corpus, and what is compared with its square. So a name says of each of
its blocks how far it is **open** there: by ``kg.link.persons``, one of two names must have nothing that the other lacks
(or nothing that matters), so that a name with a second firm part can be left to the block of both parts, where fewer
meet. What this leaves out is two persons by their names alone (``persons.are_surely_two``); a property test holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import combinations, pairwise, product
from typing import Final

from kg.link.person_names import Part, fold, how_common, lore, parse, readings
from kg.link.persons import weight

LONG: Final = 8
"""Letters from which a rare part is also found by its first four and last two: one slip between them does no harm."""
_RANK: Final = ("rare", "known", "common", "frequent")


class Openness(IntEnum):
    """Whom a name may meet in a block. The numbers of two that may are 2 at most in sum."""

    OPEN = 0  # all
    SEMI = 1  # what isn't closed: the rest of the name is nearly a title, like Muhammad
    CLOSED = 2  # what is open: the rest is met in another block


Blocks = Mapping[str, Openness]


def meeting(members: Iterable[tuple[str, Openness]]) -> Iterator[tuple[str, str]]:
    """The pairs of a block that may be one, by the keys of its members; the smaller key first."""
    by: dict[Openness, list[str]] = {each: [] for each in Openness}
    for key, openness in sorted(members):
        by[openness].append(key)
    yield from combinations(by[Openness.OPEN], 2)
    yield from combinations(by[Openness.SEMI], 2)
    for one, other in product(by[Openness.OPEN], [*by[Openness.SEMI], *by[Openness.CLOSED]]):
        yield (min(one, other), max(one, other))


def kept(blocks: Blocks) -> Iterator[str]:
    """The keys under which an index keeps a name that has these blocks."""
    return (_key(block, openness) for block, openness in blocks.items())


def looked_for(blocks: Blocks) -> Iterator[str]:
    """The keys under which it keeps those that may meet it."""
    for block, openness in blocks.items():
        for other in Openness:
            if openness + other <= Openness.CLOSED:
                yield _key(block, other)


def _key(block: str, openness: Openness) -> str:
    return f"{block} {openness.name.lower()}" if openness else block


@lru_cache(maxsize=2048)
def by_parts(name: str) -> Blocks:
    """The blocks of a name by its rare parts."""
    parts = [part for part in parse(name).parts if part.text not in lore().optional]
    found: dict[str, Openness] = {}

    def add(block: str, openness: Openness) -> None:
        found[block] = min(openness, found.get(block, openness))

    for at, part in enumerate(parts):
        if part.is_initial or not _is_rare(part.text):
            continue
        others = [*parts[:at], *parts[at + 1 :]]
        openness, beside = _openness(others), list(_beside(others))
        for block in _sounds(part.text):
            add(block, openness)
            for code, how in beside:
                add(f"{block} + {code}", how)
    for joined in _joined(parts, at_least=1):
        for sound in readings(joined):
            add(f"part {sound}", Openness.OPEN)
    return found


def by_common_parts(name: str, places: Iterable[str]) -> frozenset[str]:
    """The blocks of a name by its common parts: two of them, within a place where they tell too little."""
    parts = [part.text for part in parse(name).parts if not part.is_initial and part.text not in lore().optional]
    common = sorted({sound for text in parts if not _is_rare(text) for sound in readings(text)})
    alone = not any(map(_is_rare, parts)) and sum(map(weight, parts)) >= lore().thresholds["told"]
    where = [""] if alone else sorted(places)
    return frozenset(f"pair {' '.join(pair)} {place}" for pair in combinations(common, 2) for place in where)


def _openness(others: Sequence[Part]) -> Openness:
    """How far a name is open in the block of a part, by its other parts."""
    if not others or not all(map(_is_firm, others)):
        return Openness.OPEN  # a letter may stand for anything that begins with it
    return Openness.SEMI if all(how_common(part.text) == "frequent" for part in others) else Openness.CLOSED


def _beside(others: Sequence[Part]) -> Iterator[tuple[str, Openness]]:
    """What a block of a part is divided by: the others, of which the one that tells most is enough to find all by."""
    firm = {part.text for part in others if _is_firm(part)}
    chosen = min(firm, key=lambda text: (_RANK.index(how_common(text)), text), default="")
    for text in firm:
        yield from ((code, Openness.OPEN if text == chosen else Openness.CLOSED) for code in _codes(text))
    for joined in _joined(others):
        yield from ((sound, Openness.CLOSED) for sound in readings(joined) if not _is_rare(joined))


def _is_firm(part: Part) -> bool:
    return not (part.is_initial or part.short)


def _is_rare(text: str) -> bool:
    return how_common(text) == "rare"


def _sounds(text: str) -> Iterator[str]:
    for sound in readings(text):
        yield f"part {sound}"
        if len(text) >= LONG:
            yield f"ends {sound[:4]}-{sound[-2:]}"


def _codes(text: str) -> set[str]:
    """What two parts have in common that ``persons.fit``: a sound, or where there may be a slip, first and last letter.

    The last two letters, each by itself, for they may be in each other's place.
    """
    least = lore().thresholds["slip_length"]
    forms = {text, fold(text), *readings(text)}
    found = {form for form in readings(text) if len(form) < least}
    for form in forms:
        if len(form) >= least:
            found |= {f"{form[0]}-{form[-1]}", f"{form[0]}-{form[-2]}"}
    return found


def _joined(parts: Iterable[Part], *, at_least: int = 0) -> Iterator[str]:
    """Two parts as one word; ``at_least``: how many of them are rare."""
    for one, after in pairwise(part.text for part in parts if not part.is_initial):
        if _is_rare(one) + _is_rare(after) >= at_least:
            yield one + after
