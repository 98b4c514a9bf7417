"""The rule that came closest to a sentence, and where it broke: the longest part of its pattern that matches there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.errors import DataError
from kg.explain import readable
from kg.rules import NEAR, Rule, compile_pattern
from kg.sentences import Sentence

# Elements of a pattern as written, each with its quantifier. Groups are cut out before, by their brackets.
QUANTIFIER = re.compile(r"(?:[?*+]\??|\{\d+(?:,\d*)?\}\??)?")
ELEMENT = re.compile(
    r"(?: \.\. |\.\.\.|\{[^{}]*\}|\[(?:\\.|[^\]])*\]|\\.|[a-z0-9]+(?![a-z0-9]*[?*+])|.)" + QUANTIFIER.pattern, re.DOTALL
)
NOTHING = re.compile(
    r"\((?:\?!|\?<|\?=).*|.*(?:[?*]|\{0,\d*\}\??)|\\b|\$|\^", re.DOTALL
)  # parts that match nothing as well
ESCAPED = re.compile(r"\\u(e0[0-9a-f]{2})")
GAPS = (" .. ", "...")
LEAST = 0.3  # a rule of which less matches has nothing to do with the sentence
ELSEWHERE = 0.5  # what a match is worth that holds none of the names in question
SHOWN = 50  # characters of the sentence around the place where it broke
EXPECTED = 120  # characters of a pattern that are shown


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that nearly matched: the share of its pattern that did, and what is in the way."""

    rule: str
    file: str
    pattern: str
    sentence: Sentence
    share: float
    why: str


def closest(
    candidates: Iterable[Rule], sentences: Sequence[Sentence], places: Sequence[tuple[int, int]]
) -> Near | None:
    """The best of the candidates on these sentences; ``places`` are spans of the text that it should be about."""
    best: Near | None = None
    for rule in candidates:
        for sentence in sentences:
            for near in _tries(rule, sentence, places):
                if near.share >= LEAST and (best is None or near.share > best.share):
                    best = near
    return best


def _tries(rule: Rule, sentence: Sentence, places: Sequence[tuple[int, int]]) -> Iterator[Near]:
    for branch in alternatives(rule.when.written):
        parts = elements(branch)
        if parts:
            yield from _forwards(rule, parts, sentence, places)
            yield from _backwards(rule, parts, sentence, places)


def _forwards(
    rule: Rule, parts: tuple[str, ...], sentence: Sentence, places: Sequence[tuple[int, int]]
) -> Iterator[Near]:
    """The longest beginning of the pattern: whatever begins with a longer one begins with a shorter one, too."""
    count = _longest(lambda n: _search(parts[:n], sentence.lower, rule.language) is not None, len(parts))
    while count and is_optional(parts[count - 1]):
        count -= 1
    if not count:
        return
    match = _about(parts[:count], sentence, places, rule.language)
    share = weight(parts[:count]) / weight(parts) * _worth(match, sentence, places)
    if count == len(parts) or weight(parts[count:]) == 0:
        meant = not places or _held(match, sentence, places) > 0
        other = f'it matches here, but other names: "{readable(match.group())}"'
        yield _near(rule, sentence, share, _held_back(rule, sentence, match) if meant else other)
        return
    before, after = _around(sentence, match.end())
    goes_on = f'the sentence goes on "{after}"' if after else "the sentence ends"
    yield _near(rule, sentence, share, f'behind "{before}" it expects `{_expected(parts[count:])}`, {goes_on}')


def _backwards(
    rule: Rule, parts: tuple[str, ...], sentence: Sentence, places: Sequence[tuple[int, int]]
) -> Iterator[Near]:
    """The longest end of the pattern, where the beginning is what doesn't match."""
    count = _longest(
        lambda n: _search(parts[len(parts) - n :], sentence.lower, rule.language) is not None, len(parts) - 1
    )
    while count and is_optional(parts[len(parts) - count]):
        count -= 1
    if not count or weight(parts[:-count]) == 0:
        return
    match = _about(parts[-count:], sentence, places, rule.language)
    share = weight(parts[-count:]) / weight(parts) * _worth(match, sentence, places)
    before, after = _around(sentence, match.start())
    there = f'there stands "{before}"' if before else "the sentence begins there"
    yield _near(rule, sentence, share, f'before "{after}" it expects `{_expected(parts[:-count])}`, {there}')


def _around(sentence: Sentence, at: int) -> tuple[str, str]:
    """Some words of the mask before and behind a place."""
    before, after = readable(sentence.lower[:at]), readable(sentence.lower[at:])
    return _cut(before[::-1])[::-1].strip(), _cut(after).strip()


def _cut(words: str) -> str:
    """The first words, whole ones."""
    return words if len(words) <= SHOWN else words[:SHOWN].rpartition(" ")[0] or words[:SHOWN]


def _expected(parts: Sequence[str]) -> str:
    return shorten(as_written("".join(parts).strip()), EXPECTED)


def shorten(pattern: str, most: int) -> str:
    """A pattern that is cut off where it is long."""
    return pattern if len(pattern) <= most else f"{pattern[:most]} …"


def as_written(pattern: str) -> str:
    """A pattern with the types in braces where it holds escapes of their marks."""
    return ESCAPED.sub(lambda mark: readable(chr(int(mark[1], 16))), pattern)


def _near(rule: Rule, sentence: Sentence, share: float, why: str) -> Near:
    return Near(rule.id, rule.file, shorten(as_written(rule.when.written), EXPECTED), sentence, share, why)


def _held_back(rule: Rule, sentence: Sentence, match: re.Match[str]) -> str:
    """Why a rule whose whole pattern matches gave nothing."""
    if rule.scope == ("text" if sentence.in_quotation else "quotation"):
        return f'it matches, but its scope is "{rule.scope}"'
    if rule.excludes(sentence.lower, match):
        unless = rule.unless.regex if rule.unless is not None else None
        denial = unless.search(sentence.lower, max(0, match.start() - NEAR), match.end() + 1) if unless else None
        if denial is not None:
            return f'it matches, but its `unless` finds "{readable(denial.group())}"'
        return "it matches, but what its `before` asks for doesn't stand before"
    if rule.stage == "relation" and rule.each is not None:
        return "it matches, but its `each` finds nothing behind"
    return "it matches and fires: its roles are filled with other things, or what it says was merged or refused"


def _longest(matches: Callable[[int], bool], most: int) -> int:
    """The greatest n up to ``most`` for which ``matches`` holds, where it holds for all smaller ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if matches(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _about(parts: Sequence[str], sentence: Sentence, places: Sequence[tuple[int, int]], language: str) -> re.Match[str]:
    """The match that holds most of the places, the first of those."""
    regex = _compiled("".join(parts), language)
    assert regex is not None
    return max(regex.finditer(sentence.lower), key=lambda match: (_held(match, sentence, places), -match.start()))


def _held(match: re.Match[str], sentence: Sentence, places: Sequence[tuple[int, int]]) -> int:
    start, end = sentence.offset(match.start()), sentence.stop(match.end())
    return sum(start <= first < end or first <= start < last for first, last in places)


def _worth(match: re.Match[str], sentence: Sentence, places: Sequence[tuple[int, int]]) -> float:
    return 1.0 if not places or _held(match, sentence, places) else ELSEWHERE


def _search(parts: Sequence[str], mask: str, language: str) -> re.Match[str] | None:
    if not parts:
        return re.match("", mask)
    regex = _compiled("".join(parts), language)
    return regex.search(mask) if regex is not None else None


@lru_cache(maxsize=8192)
def _compiled(pattern: str, language: str) -> re.Pattern[str] | None:
    try:
        return compile_pattern(pattern, "closest", language).regex
    except (DataError, re.error):
        return None  # a part that is no pattern by itself: a reference to a group that was cut off


# --------------------------------------------------------------------------------------------- parts of a pattern


@lru_cache(maxsize=1024)
def alternatives(pattern: str) -> tuple[str, ...]:
    """The branches of a pattern at its top level."""
    found, depth, start = [], 0, 0
    for at, char in _plain(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            found.append(pattern[start:at])
            start = at + 1
    return (*found, pattern[start:])


@lru_cache(maxsize=1024)
def elements(pattern: str) -> tuple[str, ...]:
    """The elements of a pattern at its top level: words, mentions, groups, each with its quantifier."""
    found: list[str] = []
    at = 0
    while at < len(pattern):
        end = _group_end(pattern, at) if pattern[at] == "(" else at
        match = ELEMENT.match(pattern, at) if end == at else QUANTIFIER.match(pattern, end)
        assert match is not None
        found.append(pattern[at : match.end()])
        at = match.end()
    return tuple(found)


def _group_end(pattern: str, start: int) -> int:
    depth = 0
    for at, char in _plain(pattern):
        if at >= start:
            depth += (char == "(") - (char == ")")
            if depth == 0:
                return at + 1
    return len(pattern)


def _plain(pattern: str) -> Iterator[tuple[int, str]]:
    """The characters that mean something: not escaped, not in a class, not in a macro."""
    inside = ""
    skip = False
    for at, char in enumerate(pattern):
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif inside:
            inside = "" if char == inside else inside
        elif char in "[{":
            inside = "]" if char == "[" else "}"
        else:
            yield at, char


def is_optional(part: str) -> bool:
    """Whether a part matches nothing as well: it says nothing about how close a rule came."""
    return part in GAPS or NOTHING.fullmatch(part) is not None


def weight(parts: Sequence[str]) -> float:
    """How much the parts say: a word or mention more than a space or comma."""
    return sum(0.0 if is_optional(part) else 1.0 if len(part) > 1 else 0.1 for part in parts)
