"""Paragraph -> mentions: names, posts, bodies, places, meetings, dates, money, quotations, with offsets.

Two levels: every token has a class letter, and the patterns of ``data/lexicon/grammar.toml`` run over the string of
letters. What is left of unknown capitalised words becomes an ``unknown`` mention, which the context may type later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import attrgetter

from kg.introductions import introduce
from kg.known import Known
from kg.lexicon import Grammar, Lexicon
from kg.lower_meetings import lower_meetings
from kg.mention import Mention, Taken
from kg.neighbours import in_context, without_name, word_of
from kg.segment import Paragraph, lower
from kg.tokens import Scanned, Tokens, tokenise

TYPE_OF_LETTER = {"q": "quote", "m": "money", "t": "date"}
DOUBTFUL = ("unknown", "event")  # types of mentions that what is around them may rule out
TRAILING = (frozenset("kfdn-,"), frozenset("kfd-,"))  # letters that end no mention; the second: a post, a network
START = attrgetter("start")
LONGEST_BEFORE = 40  # code points before a word in which another decides what it means
AWARDS = ("Award", "Awards")  # names of prizes as well as of the evenings at which they are given
TOWN_LEVEL = 1.5  # of a place that only the word list knows: no regency, city or province
NUMERAL = re.compile(r"[IVXL]+")


def mentions(text: str, scanned: Scanned, lexicon: Lexicon, known: Known) -> list[Mention]:
    """The mentions of one paragraph of the normalised text, in order, without overlaps."""
    paragraph = scanned.paragraph
    tokens = tokenise(text, scanned, lexicon, known.short_names)
    if "(" in tokens.letters:
        tokens = introduce(tokens, text, lexicon, known)
    letters = in_context(tokens, text, lexicon, known)
    found = _composites(tokens, letters, text, lexicon, known)
    if tokens.values:
        for start, end, letter in zip(tokens.starts, tokens.ends, letters, strict=True):
            if letter in TYPE_OF_LETTER:
                found.append(Mention(start, end, TYPE_OF_LETTER[letter], letter, tokens.values[start]))
    found.sort(key=START)
    if (tokens.heads or "meetings.heads" in lexicon.forms) and (
        meetings := lower_meetings(text, paragraph, tokens.heads, found, lexicon)
    ):
        found = sorted([*found, *meetings], key=START)
    if tokens.pronoun and (pronouns := _pronouns(text, paragraph, found, lexicon)):
        found = sorted([*found, *pronouns], key=START)
    return found


@lru_cache(maxsize=10_000)
def _worth_trying(lexicon: Lexicon, present: frozenset[str]) -> Sequence[Grammar]:
    """The patterns that can match a string of these letters, in their order."""
    return [g for g in lexicon.grammar if not any(present.isdisjoint(need) for need in g.needs)]


def _composites(tokens: Tokens, letters: str, text: str, lexicon: Lexicon, known: Known) -> list[Mention]:
    free = letters
    found: list[Mention] = []
    for grammar in _worth_trying(lexicon, frozenset(letters)):
        kind = grammar.type
        for match in grammar.pattern.finditer(free):
            first, last = match.span()
            while last > first + 1 and free[last - 1] in TRAILING[kind in ("post", "network")] and kind != "event":
                last -= 1
            if kind == "body":
                last = without_name(tokens, first, last, text, lexicon)
            start, end = tokens.starts[first], tokens.ends[last - 1]
            if kind in DOUBTFUL and not _wanted(kind, letters[first:last], start, end, text, lexicon, known):
                continue
            found.append(_mention(tokens, first, letters[first:last], kind, text, lexicon))
            free = free[:first] + "_" * (last - first) + free[last:]
    return found


def _wanted(kind: str, letters: str, start: int, end: int, text: str, lexicon: Lexicon, known: Known) -> bool:
    if kind == "unknown" and letters == "A" and NUMERAL.fullmatch(text[start:end]):
        return False  # "pejabat eselon II"
    if kind == "unknown" and letters == "C" and text[start:end] not in known.person_words:
        before = text[max(0, start - 3) : start].rstrip()
        return bool(before) and (before[-1] not in '.!?"\n' or before[-2:] == ',"')
    if kind == "event":
        word = text[start:end]
        if word.rstrip(" 0123456789").endswith(AWARDS):
            front, behind = text[max(0, start - LONGEST_BEFORE) : start], text[end : end + LONGEST_BEFORE].lstrip(", ")
            if front.rstrip().endswith(tuple(lexicon.members("meetings.taking"))):
                return False
            return not behind.startswith(tuple(lexicon.members("meetings.taken")))
        if letters == "E":
            return all(lower(word) not in lexicon.members(f"meetings.{name}") for name in ("lower", "unspecific"))
    return True


def _mention(tokens: Tokens, at: int, letters: str, kind: str, text: str, lexicon: Lexicon) -> Mention:
    """The mention of the tokens from ``at`` on, one for each letter."""
    start, end = tokens.starts[at], tokens.ends[at]
    mention = Mention(start, tokens.ends[at + len(letters) - 1], kind, letters)
    if len(letters) > 1:
        _divide(mention.parts, tokens, at, letters, kind)
    else:
        mention.parts["name"] = (start, end)
    if kind == "place":
        mention.level = _level(tokens, at, letters, text, lexicon)
    return mention


def _divide(parts: dict[str, tuple[int, int]], tokens: Tokens, at: int, letters: str, kind: str) -> None:
    """The parts of a mention of several tokens: its markers, the name itself, the region and the short name in it."""
    starts, ends = tokens.starts, tokens.ends
    first, last = 0, len(letters)
    while first < last - 1 and letters[first] in ("TPbB" if kind == "person" else "TbB"):  # "Minister Zulkifli"
        first += 1
    if first:
        parts["marker"] = (starts[at], ends[at + first - 1])
        if letters[first] == "z":  # Penjabat (Pj.) Wali Kota
            first += 1
    while last > first + 1 and letters[last - 1] in "D,":
        last -= 1
    if letters[last - 1] == "z" and last > first + 1:
        parts["alias"] = (starts[at + last - 1] + 1, ends[at + last - 1] - 1)
        last -= 1
    if (kind == "post" or (kind == "body" and "alias" not in parts)) and (
        region := _region(letters, first, last)
    ) is not None:
        parts["region"] = (starts[at + region], ends[at + last - 1])
        if letters[region - 1] == "z":
            parts["alias"] = (starts[at + region - 1] + 1, ends[at + region - 1] - 1)
    parts["name"] = (starts[at + first], ends[at + last - 1])
    if kind == "event" and (network := _network_inside(letters[:last])) is not None:
        parts["network"] = (starts[at + network], ends[at + last - 1])


def _region(letters: str, first: int, last: int) -> int | None:
    """Where the place at the end of a post's or body's name begins: Wali Kota | Batu, Mayor of | Cebu City."""
    two = letters[last - 2 : last] if last > first + 2 else ""
    if two in ("RL", "RC", "LR", "CR"):
        return last - 2
    return last - 1 if letters[last - 1] == "L" and last > first + 1 else None


def _network_inside(letters: str) -> int | None:
    """Where the name of a network begins inside a meeting's: Rakernas XI | JKPI."""
    at = letters.find("J", 1)  # Pertemuan Jejaring Kota Cerdas ASEAN
    if at > 0:
        return at
    at = letters.rfind("N")
    return at if at > 0 and at == len(letters) - 1 else None


def _level(tokens: Tokens, at: int, letters: str, text: str, lexicon: Lexicon) -> float:
    """The level of a place, from its type word or its name."""
    name = word_of(tokens, at, text)
    if letters[0] == "R":
        return lexicon.region_types[name][0]
    if "R" in letters:
        return lexicon.region_tails.get(word_of(tokens, at + letters.rindex("R"), text), (2.0,))[0]
    return min(lexicon.levels.get(lexicon.synonyms.get(name, name), frozenset()), default=TOWN_LEVEL)


@cache
def _pronoun_pattern(pronouns: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(pronouns))})\b", re.IGNORECASE)


def _pronouns(text: str, paragraph: Paragraph, found: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    pattern = _pronoun_pattern(lexicon.members("function.pronouns"))
    taken = Taken(found)
    return [
        Mention(match.start(), match.end(), "person", "w", generic=True)
        for match in pattern.finditer(text, paragraph.start, paragraph.end)
        if taken.free(*match.span())
    ]
