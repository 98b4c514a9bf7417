"""What a regular expression can't match without, and whether it can run away; told from its parsed form.

Most texts lack what most patterns need, and looking for a word or a character is far cheaper than trying a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(|\)(?:[*+]|\{\d*,?\d*\})?", re.DOTALL
)  # escapes, classes, brackets
SHORTEST_WORD = 3  # a shorter literal stands in nearly every text
MANY = 16  # a repeat that may run more often than this counts as unbounded
WIDEST = 0x100  # a class of more characters than this excludes next to nothing


@lru_cache(maxsize=4)
def parse(pattern: str) -> Any:
    """The parsed expression. The module is private: without it nothing is known, and every pattern is tried."""
    try:
        from re import _parser  # type: ignore[attr-defined]
    except ImportError:
        re.compile(pattern)
        return None
    return _parser.parse(pattern)


# ---------------------------------------------------------------------------------------------- characters and words


def needed_characters(pattern: str, among: AbstractSet[str] | None = None) -> tuple[frozenset[str], ...]:
    """Sets of characters, those within ``among`` if that is given; a text that has none of one of them can't match."""
    parsed = parse(pattern)
    return () if parsed is None else tuple(dict.fromkeys(_needed(parsed, among)))


def _needed(sequence: Any, among: AbstractSet[str] | None) -> Iterator[frozenset[str]]:
    for operator, value in sequence:
        name = str(operator)
        if name in ("LITERAL", "IN"):
            members = frozenset(chr(value)) if name == "LITERAL" else _members(value)
            if members and (among is None or members <= among):
                yield members
        elif name == "SUBPATTERN":
            yield from _needed(value[3], among)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] > 0:
            yield from _needed(value[2], among)
        elif name == "BRANCH":
            branches = [min(_needed(branch, among), key=len, default=frozenset[str]()) for branch in value[1]]
            if all(branches):
                yield frozenset().union(*branches)


def _members(members: Any) -> frozenset[str]:
    """The characters of a class; none where it excludes next to nothing."""
    codes: set[int] = set()
    for operator, value in members:
        name = str(operator)
        if name == "LITERAL":
            codes.add(value)
        elif name == "RANGE" and value[1] - value[0] <= WIDEST:
            codes.update(range(value[0], value[1] + 1))
        else:
            return frozenset()
    return frozenset(map(chr, codes))


def needed_words(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of literals of which every match needs one each, the most telling first; of literals of three letters."""
    parsed = parse(pattern)
    found = sorted(_literals(parsed), key=_telling, reverse=True) if parsed is not None else []
    return tuple(dict.fromkeys(frozenset(word.strip() for word in words) for words in found))


def _telling(words: set[str]) -> tuple[int, int]:
    return min(len(word.strip()) for word in words), -len(words)


def _literals(sequence: Any) -> list[set[str]]:
    """The sets of literals of which every match of the sequence needs one each."""
    found: list[set[str]] = []
    current = ""
    for operator, value in [*sequence, ("END", None)]:
        if str(operator) == "LITERAL" and not 0xE000 <= value < 0xE100:  # a mark stands for a mention
            current += chr(value)
            continue
        if len(current.strip()) >= SHORTEST_WORD:
            found.append({current})
        current = ""
        found += _inner_literals(str(operator), value)
    return found


def _inner_literals(operator: str, value: Any) -> list[set[str]]:
    if operator == "BRANCH":
        branches = [max(_literals(branch), key=_telling, default=set[str]()) for branch in value[1]]
        return [{word for branch in branches for word in branch}] if all(branches) else []
    if operator == "SUBPATTERN":
        return _literals(value[3])
    if operator == "ASSERT":
        return _literals(value[1])
    if operator in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
        return _literals(value[2])
    return []


# --------------------------------------------------------------------------------------------------------- run away


def runs_away(pattern: str) -> int | None:
    """Where a repeated group begins that an unbounded repeat stands in, as in ``(?:[a-z]+ ?)*``; None without one.

    Such a pattern can be tried in exponentially many ways. Harmless is one whose rounds all begin with a character
    that the repeat inside them can't take: ``(?: [a-z]+)*``.
    """
    parsed = parse(pattern)
    if parsed is None or not _run_away(parsed, unbounded=False):
        return None
    return next((start for start, group in _groups(pattern) if _run_away(parse(group), unbounded=False)), 0)


def _groups(pattern: str) -> Iterator[tuple[int, str]]:
    """The repeated groups of a pattern, inner ones first, each with where it begins."""
    opened: list[int] = []
    for match in TOKEN.finditer(pattern):
        if match.group() == "(":
            opened.append(match.start())
        elif match.group()[0] == ")" and opened:
            start = opened.pop()
            if len(match.group()) > 1:
                yield start, pattern[start : match.end()]


def _run_away(sequence: Any, *, unbounded: bool) -> bool:
    for operator, value in sequence:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            many = int(value[1]) > MANY
            if many and unbounded:
                return True
            inner = value[2]
            if _run_away(inner, unbounded=(many or unbounded) and not _fenced(inner)):
                return True
        elif any(_run_away(part, unbounded=unbounded) for part in _parts(name, value)):
            return True
    return False


def _parts(operator: str, value: Any) -> list[Any]:
    """The sequences inside one step of a pattern."""
    if operator == "BRANCH":
        return list(value[1])
    if operator == "SUBPATTERN":
        return [value[3]]
    if operator in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    return [value] if operator == "ATOMIC_GROUP" else []


def _fenced(sequence: Any) -> bool:
    """Whether each round begins or ends with a literal that no repeat of the round can take."""
    steps = list(sequence)
    while len(steps) == 1 and str(steps[0][0]) == "SUBPATTERN":
        steps = list(steps[0][1][3])
    ends = [(steps[0], steps[1:]), (steps[-1], steps[:-1])] if steps else []
    return any(
        str(fence[0]) == "LITERAL" and not any(_takes(step, chr(fence[1])) for step in others) for fence, others in ends
    )


def _takes(step: tuple[Any, Any], character: str) -> bool:
    """Whether an unbounded repeat in this step may take the character; any doubt is a yes."""
    operator, value = str(step[0]), step[1]
    if operator in ("MAX_REPEAT", "MIN_REPEAT") and int(value[1]) > MANY:
        return any(_may_be(inner, character) for inner in value[2])
    if operator in ("MAX_REPEAT", "MIN_REPEAT"):
        return any(_takes(inner, character) for inner in value[2])
    return any(_takes(inner, character) for part in _parts(operator, value) for inner in part)


CATEGORIES: Mapping[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda character: character.isalnum() or character == "_",
}


def _may_be(step: tuple[Any, Any], character: str) -> bool:
    """Whether one step may be this character."""
    operator, value = str(step[0]), step[1]
    if operator == "LITERAL":
        return chr(value) == character
    if operator == "NOT_LITERAL":
        return chr(value) != character
    if operator != "IN":
        return True
    negated = str(value[0][0]) == "NEGATE"
    return negated is not any(_is_member(member, character) for member in value[negated:])


def _is_member(member: tuple[Any, Any], character: str) -> bool:
    kind, value = str(member[0]), member[1]
    if kind == "LITERAL":
        return chr(value) == character
    if kind == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    name = str(value)
    told = CATEGORIES.get(name.replace("CATEGORY_NOT_", "CATEGORY_"))
    return told is None or told(character) is not name.startswith("CATEGORY_NOT_")
