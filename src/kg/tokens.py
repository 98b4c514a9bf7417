"""Paragraph -> tokens with one class letter each (see ``data/lexicon/grammar.toml``).

Most words of an article are frequent ones, so what a word alone tells of its class is worked out once a process.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

import ahocorasick_rs

from kg.calendar import DateValue, find_dates, relative_dates
from kg.lexicon import Lexicon
from kg.money import Money, find_money
from kg.segment import Paragraph, Quotation, lower

WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?:st|nd|rd|th)\b|\d+[A-Z]+\b|\d+(?:[.,]\d+)*|[Kk]e-?\d+|\b[A-Z]\.(?=\s?[A-Z])"
    r"|[^\W\d_]+(?:[-'/][^\W\d_]+)*(?:\d+|(?<=s)'$)?|\S"  # "Ministers' Forum"
)
DEGREE = re.compile(
    r", ((?:(?:S|M|A|Sp|B|Ph|D)\.\s?(?:[A-Z][A-Za-z]{0,6}\.?){1,3})|M\.?B\.?A\.?|Lc\.?|Ak\.?|CA|IPU|LL\.M\.)"
)
DIGIT = re.compile(r"\d")
PART = re.compile(r"\w+")
INITIAL_AT_END = re.compile(r"\b[A-Z]\.$")  # a name's initial if a capital comes next
INITIAL_FOLLOWS = " A"  # stands for what comes next
CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
WRITTEN_DATE = [f"{digit}{mark}" for digit in "0123456789" for mark in "/.-"]
MONEY, DATE, RELATIVE = 1, 2, 4
AROUND_CURRENCY = 120, 80  # code points before and behind the beginning of its word in which an amount stands
AROUND_DAY = 12, 60  # the same of a day: "Hari Senin pekan depan"
NEVER, WITH_SHORT_NAMES, ALWAYS = 0, 1, 2  # when a word may be another where it stands
SHORTEST_POSSESSED = 7  # letters of a word with the suffix -nya; "Sonya" is a name
SENTENCE_END = frozenset('.!?:;"')
PUNCTUATION = frozenset(',.()"/&:;')
LONGEST_NAME = 60  # code points behind a match in which a name that begins inside it is looked for
MOST_WORDS = 50_000  # words that are remembered with their classes

START_AND_END = itemgetter(0, 1)

Span = tuple[int, int, str]  # start, end, class letter
Value = DateValue | Money | Quotation


class Tokens:
    """Words, names, punctuation marks, quotations, amounts and dates: their offsets into the text and their letters.

    ``values`` gives what a quotation, amount or date stands for, by where it starts; ``heads`` where words start that
    may open a meeting; ``pronoun`` tells whether one of the words is a pronoun, ``seat`` whether one is a member.
    """

    __slots__ = ("ends", "heads", "letters", "pronoun", "seat", "starts", "values")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.letters: list[str] = []
        self.values: dict[int, Value] = {}
        self.heads: list[int] = []
        self.pronoun = False
        self.seat = False

    def add(self, start: int, end: int, letter: str) -> None:
        """One more token behind the others."""
        self.starts.append(start)
        self.ends.append(end)
        self.letters.append(letter)

    def take(self, other: Tokens, first: int, last: int) -> None:
        """The tokens of that number from the other ones."""
        self.starts += other.starts[first:last]
        self.ends += other.ends[first:last]
        self.letters += other.letters[first:last]

    def like(self) -> Tokens:
        """No tokens yet, of the same text."""
        other = Tokens()
        other.values, other.heads, other.pronoun, other.seat = self.values, self.heads, self.pronoun, self.seat
        return other


@dataclass(slots=True)
class Cues:
    """Where a paragraph has words of currencies and of days, and whether it may have dates."""

    money: list[int]
    days: list[int]
    date: bool


Chunk = tuple[bool, int, str, Sequence[tuple[int, int]], Sequence[str]]
"""A stretch without spaces: whether it is one token, when its letters depend on what is around it, its letters, the
spans of its tokens and their codes."""


class _Chunks(dict[str, Chunk]):
    """What stretches without spaces are made of, each worked out when it is first asked for."""

    def __init__(self, divide: Callable[[str], Chunk]) -> None:
        super().__init__()
        self._divide = divide

    def __missing__(self, chunk: str) -> Chunk:
        if len(self) >= MOST_WORDS:
            self.clear()
        made = self[chunk] = self._divide(chunk)
        return made


class Classes:
    """The class of each word of one lexicon, as far as the word alone tells it.

    Codes are the class letter with marks behind it: ``s`` what may be an ordinary word where a sentence begins, ``-``
    what depends on the character before, ``h`` what may open a meeting, ``p`` what has a pronoun in it, ``m`` a member.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        heads = {
            word.split(" ")[0].lower()
            for name in ("meetings.generic", "meetings.lower", "meetings.parts")
            for word in lexicon.members(name)
        }
        self._heads = frozenset(heads)
        self._pronouns = lexicon.members("function.pronouns")
        self._members = lexicon.members("posts.members")
        self._particles = lexicon.members("function.particles")
        self._conjunctions = lexicon.members("function.conjunctions")
        ordinary = lexicon.reference.ordinary | lexicon.function_words
        self.of_name = {
            name: letter + ("s" if name in ordinary else "") + self._marks(name)
            for name, letter in lexicon.classes.items()
        }
        self.of_chunk: Mapping[str, Chunk] = _Chunks(self._divide)
        cues: dict[str, int] = {}
        for words, kind in (
            (lexicon.currencies, MONEY),
            ([*lexicon.months, *WRITTEN_DATE], DATE),
            ([*lexicon.days, *lexicon.relative_days, *lexicon.anchored_days], RELATIVE),
        ):
            for word in words:
                cues[word.lower()] = cues.get(word.lower(), 0) | kind
        self._kinds = list(cues.values())
        self._cues = ahocorasick_rs.AhoCorasick(list(cues))

    def _divide(self, chunk: str) -> Chunk:
        found = [(0, len(chunk))] if chunk.isalpha() else [match.span() for match in WORD.finditer(chunk)]
        if chunk.endswith(INITIAL_FOLLOWS):
            found = [span for span in found if span[1] < len(chunk)]
        codes = [self._code(chunk[start:end]) for start, end in found]
        careful = ALWAYS if INITIAL_AT_END.search(chunk) or any(len(code) > 1 for code in codes) else NEVER
        if not careful and any(_may_be_short(chunk[start:end]) for start, end in found):
            careful = WITH_SHORT_NAMES
        whole = len(found) == 1 and found[0] == (0, len(chunk))
        return whole, careful, codes[0] if whole else "".join(code[0] for code in codes), found, codes

    def cues(self, paragraph: str) -> Cues:
        """Where words stand without which there is no amount or no day counted from another, and whether dates may."""
        lowered = lower(paragraph)
        cues = Cues([], [], False)
        for cue, first, last in self._cues.find_matches_as_indexes(lowered, overlapping=True):
            if not first or not lowered[first].isalpha() or not lowered[first - 1].isalpha():
                kinds = self._kinds[cue]
                if kinds & MONEY and not lowered[last : last + 1].isalpha():  # SEK, but no "sekolah"
                    cues.money.append(first)
                if kinds & RELATIVE:
                    cues.days.append(first)
                if kinds & DATE:
                    cues.date = True
        cues.date = cues.date and DIGIT.search(paragraph) is not None
        return cues

    def _marks(self, word: str) -> str:
        parts = [word.lower()] if word.isalpha() else PART.findall(word.lower())
        heads = sum(part in self._heads for part in parts)  # "rapat-rapat" has two
        pronoun = "" if self._pronouns.isdisjoint(parts) else "p"
        return "h" * heads + pronoun + ("m" if word in self._members else "")

    def _code(self, word: str) -> str:
        if word[0].isalpha():
            return self._code_of_word(word) + self._marks(word)
        if word[0].isdigit():
            return "A" if word[-1].isupper() else "n"
        if word == "&":
            return "d"
        if word in PUNCTUATION:
            return word
        return ".-" if word == "-" else "."

    def _code_of_word(self, word: str) -> str:
        if word[:2] in ("ke", "Ke") and word[-1].isdigit():
            return "n"
        if not word[0].isupper():
            if word in self._particles:
                return "k"
            return "d" if word in self._conjunctions else "w"
        if word.endswith("nya") and len(word) > SHORTEST_POSSESSED:  # "Sekretaris Jenderalnya"
            return "w"
        if len(word) > 1 and word.isupper():
            return "A" if word[-1] != "." else "C"
        if self._lexicon.coined.fullmatch(word):
            letter = "E"
        else:
            letter = "W" if self._lexicon.morphology.fullmatch(word) else "C"
        return letter + "s" if word in self._lexicon.function_words else letter


@cache
def classes(lexicon: Lexicon) -> Classes:
    """The classes of one lexicon."""
    return Classes(lexicon)


@dataclass(slots=True)
class Scanned:
    """What stands in a paragraph whatever the article has introduced before: spans in their order, and notes."""

    paragraph: Paragraph
    spans: Sequence[Span]
    tokens: Tokens  # none yet, but what is to be known of them


def scan(text: str, paragraph: Paragraph, lexicon: Lexicon) -> Scanned:
    """The quotations, amounts, dates and known names of a paragraph (normalised text).

    An article's paragraphs are best scanned one right after another, while the tables are in the processor's cache.
    """
    start, end = paragraph.start, paragraph.end
    tokens = Tokens()
    fixed = _fixed(text, start, end, paragraph.quotations, lexicon, tokens.values)
    spans = _names(text, start, end, fixed, lexicon, tokens)
    if fixed:
        spans = sorted([*fixed, *spans])
    return Scanned(paragraph, spans, tokens)


def tokenise(text: str, scanned: Scanned, lexicon: Lexicon, introduced: Mapping[str, str]) -> Tokens:
    """The tokens of a paragraph that was scanned; to be asked for once.

    ``introduced`` gives the classes of the short names that the article has introduced so far.
    """
    known = classes(lexicon)
    start, end, tokens = scanned.paragraph.start, scanned.paragraph.end, scanned.tokens
    position = start
    for first, last, letter in scanned.spans:
        if position < first:
            _words(text, position, first, start, known, introduced, tokens)
        tokens.add(first, last, letter)
        position = last
    if position < end:
        _words(text, position, end, start, known, introduced, tokens)
    return tokens


def _fixed(
    text: str, start: int, end: int, quoted: Sequence[Quotation], lexicon: Lexicon, values: dict[int, Value]
) -> list[Span]:
    """Quotations, amounts, dates and degrees; the first to begin wins, then the longer."""
    found: list[tuple[int, int, str, Value | None]] = [(q.start, -q.end, "q", q) for q in quoted]
    cues = classes(lexicon).cues(text[start:end])
    for low, high in _around(cues.money, start, end, *AROUND_CURRENCY):
        found += [(m.start, -m.end, "m", m) for m in find_money(text, low, high, lexicon)]
    if cues.date:
        found += [(d.start, -d.end, "t", d) for d in find_dates(text, start, end, lexicon)]
    for low, high in _around(cues.days, start, end, *AROUND_DAY):
        found += [(d.start, -d.end, "t", d) for d in relative_dates(text, low, high, lexicon)]
    found += [(m.start(1), -m.end(1), "D", None) for m in DEGREE.finditer(text, start, end)]
    if len(found) > 1:
        found.sort(key=START_AND_END)
    kept: list[Span] = []
    position = -1
    for first, last, letter, value in found:
        if first >= position:
            position = -last
            kept.append((first, position, letter))
            if value is not None:
                values[first] = value
    return kept


def _around(places: list[int], start: int, end: int, before: int, behind: int) -> Iterator[tuple[int, int]]:
    """The parts of a paragraph that lie around some places in it, those that touch as one."""
    places.sort()
    for number, place in enumerate(places):
        if number and place - places[number - 1] <= before + behind:
            continue
        last = number
        while last + 1 < len(places) and places[last + 1] - places[last] <= before + behind:
            last += 1
        yield max(start, start + place - before), min(end, start + places[last] + behind)


def _names(text: str, start: int, end: int, fixed: Sequence[Span], lexicon: Lexicon, tokens: Tokens) -> list[Span]:
    """Words and names of the lexicon at word boundaries, outside the fixed spans."""
    paragraph = text[start:end]
    starts = [span[0] for span in fixed]
    codes = classes(lexicon).of_name
    found: list[Span] = []
    for name, first, last in _known(paragraph, lexicon):
        first += start
        last += start
        if starts and (at := bisect_right(starts, last - 1) - 1) >= 0 and fixed[at][1] > first:
            continue
        code = codes[name]
        if len(code) > 1:
            if "s" in code and _begins_sentence(text, first, start):
                continue
            _note(code, first, tokens)
            code = code[0]
        found.append((first, last, code))
    return found


def _known(paragraph: str, lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """The longest names at word boundaries, from the left."""
    done = 0
    for _, first, last in lexicon.automaton.find_matches_as_indexes(paragraph):
        if first < done:
            continue
        if _is_whole(paragraph, first, last):
            yield paragraph[first:last], first, last
            continue
        for inner, stop in _within(paragraph, first, last, lexicon):
            yield paragraph[inner:stop], inner, stop
            done = stop


def _within(paragraph: str, first: int, last: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The names that begin in a match which is no whole name: "Ketua" and "DPRD" where "Ketua DPR" matched."""
    window = paragraph[first : last + LONGEST_NAME]
    found = lexicon.every_name.find_matches_as_indexes(window, overlapping=True)
    spans = [(first + start, first + stop) for _, start, stop in found if first + start < last]
    done = first
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= done and _is_whole(paragraph, start, stop):
            yield start, stop
            done = stop


def _is_whole(paragraph: str, first: int, last: int) -> bool:
    """Whether no word goes on at either end."""
    if first and ((before := paragraph[first - 1]).isalnum() or before in "-'"):
        return False
    if last == len(paragraph):
        return True
    after, beyond = paragraph[last], paragraph[last + 1 : last + 3]
    return not (
        after.isalnum()
        or (after == "-" and beyond[:1].isupper())
        or (after == "'" and len(beyond) == 2 and beyond.isalpha())
    )


def _note(code: str, start: int, tokens: Tokens) -> None:
    tokens.heads += [start] * code.count("h")  # "rapat-rapat itu" has two
    if "p" in code:
        tokens.pronoun = True
    if "m" in code:
        tokens.seat = True


def _words(
    text: str, start: int, end: int, paragraph: int, known: Classes, introduced: Mapping[str, str], tokens: Tokens
) -> None:
    """The words between two names; ``paragraph`` is where the text begins."""
    of_chunk = known.of_chunk
    starts, ends, letters = tokens.starts, tokens.ends, tokens.letters
    at = start
    for chunk in text[start:end].split(" "):
        behind = at + len(chunk)
        if chunk:
            whole, careful, letter, spans, codes = of_chunk[chunk]
            if careful and (introduced or careful == ALWAYS):
                if chunk[-1] == "." and INITIAL_AT_END.search(chunk) and text[behind + 1 : end][:1] in CAPITALS:
                    _, _, _, spans, codes = of_chunk[chunk + INITIAL_FOLLOWS]
                _careful(text, at, paragraph, spans, codes, introduced, tokens)
            elif whole:
                starts.append(at)
                ends.append(behind)
                letters.append(letter)
            else:
                for first, last in spans:
                    starts.append(at + first)
                    ends.append(at + last)
                letters.extend(letter)
        at = behind + 1


def _careful(
    text: str,
    at: int,
    paragraph: int,
    spans: Sequence[tuple[int, int]],
    codes: Sequence[str],
    introduced: Mapping[str, str],
    tokens: Tokens,
) -> None:
    """The words of a stretch without spaces, some of which may be other words where they stand."""
    for (first, last), code in zip(spans, codes, strict=True):
        first += at
        last += at
        if len(code) > 1:
            _note(code, first, tokens)
            code = _in_context(code, text, first, paragraph)
        if introduced and (word := text[first:last]) in introduced and _may_be_short(word):
            code = introduced[word]
        tokens.starts.append(first)
        tokens.ends.append(last)
        tokens.letters.append(code)


def _in_context(code: str, text: str, at: int, paragraph: int) -> str:
    """The letter of a word whose class depends on where it stands."""
    if "s" in code and _begins_sentence(text, at, paragraph):
        return "w"
    if code[1] == "-" and at > paragraph and text[at - 1] != " ":
        return "-"
    return code[0]


def _may_be_short(word: str) -> bool:
    first = word[0]
    return first.isdigit() or (first.isupper() and not (word[:2] == "Ke" and word[-1].isdigit()))


def _begins_sentence(text: str, at: int, paragraph: int) -> bool:
    at -= 1
    while at >= paragraph and text[at].isspace():
        at -= 1
    return at < paragraph or text[at] in SENTENCE_END
