"""Paragraph -> tokens with one class letter each (see ``data/lexicon/grammar.toml``)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.calendar import DateValue, find_dates, relative_dates
from kg.lexicon import Lexicon
from kg.money import Money, find_money
from kg.segment import Quotation

WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?:st|nd|rd|th)\b|\d+[A-Z]+\b|\d+(?:[.,]\d+)*|[Kk]e-?\d+|\b[A-Z]\.(?=\s?[A-Z])"
    r"|[^\W\d_]+(?:[-'/][^\W\d_]+)*\d*|\S"
)
DEGREE = re.compile(
    r"(?<=, )((?:(?:S|M|A|Sp|B|Ph|D)\.\s?(?:[A-Z][A-Za-z]{0,6}\.?){1,3})|M\.?B\.?A\.?|Lc\.?|Ak\.?|CA|IPU|LL\.M\.)"
)
SENTENCE_END = frozenset('.!?:;"')
SHORTEST_POSSESSED = 7  # letters of a word with the suffix -nya; "Sonya" is a name
LONGEST_NAME = 60  # code points behind a match in which a name that begins inside it is looked for
POSSESSIVE = re.compile(r"'s\b")
PUNCTUATION = frozenset(',.()"/&:;')


@dataclass(frozen=True, slots=True)
class Token:
    """A word, name, punctuation mark, quotation, amount or date; offsets into the article's text."""

    start: int
    end: int
    letter: str
    value: DateValue | Money | Quotation | None = None


def tokenise(
    text: str,
    start: int,
    end: int,
    quoted: Sequence[Quotation],
    lexicon: Lexicon,
    introduced: Mapping[str, str],
) -> list[Token]:
    """The tokens of ``text[start:end]`` (normalised text).

    ``introduced`` gives the classes of the short names that the article has introduced so far.
    """
    fixed = _fixed(text, start, end, quoted, lexicon)
    spans = sorted([*fixed, *_names(text, start, end, fixed, lexicon)], key=lambda token: token.start)
    tokens: list[Token] = []
    position = start
    for span in spans:
        tokens.extend(_words(text, position, span.start, start, lexicon, introduced))
        tokens.append(span)
        position = span.end
    tokens.extend(_words(text, position, end, start, lexicon, introduced))
    return tokens


def _fixed(text: str, start: int, end: int, quoted: Sequence[Quotation], lexicon: Lexicon) -> list[Token]:
    """Quotations, amounts, dates and degrees; the first to begin wins, then the longer."""
    found = [Token(q.start, q.end, "q", q) for q in quoted]
    paragraph = text[start:end]
    if any(char.isdigit() for char in paragraph):
        found += [Token(m.start, m.end, "m", m) for m in find_money(text, start, end, lexicon)]
        found += [Token(d.start, d.end, "t", d) for d in find_dates(text, start, end, lexicon)]
    found += [Token(d.start, d.end, "t", d) for d in relative_dates(text, start, end, lexicon)]
    found += [Token(start + m.start(1), start + m.end(1), "D") for m in DEGREE.finditer(paragraph)]
    found.sort(key=lambda token: (token.start, -token.end))
    kept: list[Token] = []
    for token in found:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    return kept


def _names(text: str, start: int, end: int, fixed: Sequence[Token], lexicon: Lexicon) -> Iterator[Token]:
    """Words and names of the lexicon at word boundaries, outside the fixed spans."""
    paragraph = text[start:end]
    starts = [token.start - start for token in fixed]
    for first, last in _known(paragraph, lexicon):
        at = bisect_right(starts, last - 1) - 1
        if at >= 0 and fixed[at].end - start > first:
            continue
        word = paragraph[first:last]
        doubtful = word in lexicon.reference.ordinary or word in lexicon.function_words
        if doubtful and _begins_sentence(text, start + first, start):
            continue
        yield Token(start + first, start + last, lexicon.classes[word])


def _known(paragraph: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The longest names at word boundaries, from the left."""
    done = 0
    for _, first, last in lexicon.automaton.find_matches_as_indexes(paragraph):
        if first < done:
            continue
        if _is_whole(paragraph, first, last):
            yield first, last
            continue
        for inner, stop in _within(paragraph, first, last, lexicon):
            yield inner, stop
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
    if first and (paragraph[first - 1].isalnum() or paragraph[first - 1] in "-'"):
        return False
    if last == len(paragraph):
        return True
    after, beyond = paragraph[last], paragraph[last + 1 : last + 3]
    return not (
        after.isalnum()
        or (after == "-" and beyond[:1].isupper())
        or (after == "'" and len(beyond) == 2 and beyond.isalpha())
    )


def _words(
    text: str, start: int, end: int, paragraph: int, lexicon: Lexicon, introduced: Mapping[str, str]
) -> Iterator[Token]:
    for match in WORD.finditer(text, start, end):
        yield Token(match.start(), match.end(), _letter(match, text, paragraph, lexicon, introduced))


def _letter(match: re.Match[str], text: str, paragraph: int, lexicon: Lexicon, introduced: Mapping[str, str]) -> str:
    word = match.group()
    if word[0].isalpha():
        return _letter_of_word(word, text, match.start(), paragraph, lexicon, introduced)
    if word[0].isdigit():
        return introduced.get(word) or ("A" if word[-1].isupper() else "n")
    if word == "&":
        return "d"
    if word in PUNCTUATION:
        return word
    return "-" if word == "-" and match.start() > paragraph and text[match.start() - 1] != " " else "."


def _letter_of_word(
    word: str, text: str, at: int, paragraph: int, lexicon: Lexicon, introduced: Mapping[str, str]
) -> str:
    if word[:2] in ("ke", "Ke") and word[-1].isdigit():
        return "n"
    if not word[0].isupper():
        if word in lexicon.members("function.particles"):
            return "k"
        return "d" if word in lexicon.members("function.conjunctions") else "w"
    if word in introduced:
        return introduced[word]
    if word.endswith("nya") and len(word) > SHORTEST_POSSESSED:  # "Sekretaris Jenderalnya"
        return "w"
    if len(word) > 1 and word.isupper():
        return "A" if word[-1] != "." else "C"
    if word in lexicon.function_words and _begins_sentence(text, at, paragraph):
        return "w"
    if lexicon.coined.fullmatch(word):
        return "E"
    return "W" if lexicon.morphology.fullmatch(word) else "C"


def _begins_sentence(text: str, at: int, paragraph: int) -> bool:
    before = text[paragraph:at].rstrip()
    return not before or before[-1] in SENTENCE_END
