"""Short names that the text introduces in brackets: they become one transparent token, and known from there on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.abbreviation import long_form
from kg.known import Introduction, Known
from kg.lexicon import Lexicon
from kg.neighbours import word_of
from kg.tokens import Tokens

BRACKET_TOKENS = 7  # an abbreviation in brackets has at most so many tokens
FOREIGN = re.compile(r"[A-Z]{3,9}(?:-?\d{1,3})?")
LONGEST_MEETING = 14  # tokens of a meeting's name before its short name of another language
LONGEST_HEAD = 12  # tokens between the head of a body's name and a part of it with a short name of its own
EDITION_YEAR = re.compile(r"\d{4}")


def introduce(tokens: Tokens, text: str, lexicon: Lexicon, known: Known) -> Tokens:
    """Abbreviations in brackets become one transparent token, and known from here on."""
    kept = tokens.like()
    done = 0
    size = len(tokens.letters)
    learned = False
    for at in [index for index, letter in enumerate(tokens.letters) if letter == "("]:
        if at < done:
            continue
        if learned:
            _relabel(tokens, done, at, text, known)
        kept.take(tokens, done, at)
        done = at
        close = _closing(tokens.letters, at) if kept.letters else None
        if close is None:
            continue
        first = at + 2 if tokens.letters[at + 1] == "n" and close > at + 2 else at + 1  # "(12th AMMDM)"
        short = (tokens.starts[first], tokens.ends[close - 1])
        start = _long_form(kept, text, text[slice(*short)], lexicon)
        if start is not None:
            known.introductions.append(Introduction((kept.starts[start], kept.ends[-1]), short))
            _learn(kept, start, text[slice(*short)], known)
            kept.add(tokens.starts[at], tokens.ends[close], "z")
            done = close + 1
            learned = True
    if learned:
        _relabel(tokens, done, size, text, known)
    kept.take(tokens, done, size)
    return kept


def _relabel(tokens: Tokens, first: int, last: int, text: str, known: Known) -> None:
    """Unknown words that the same paragraph has introduced as short names."""
    for index in range(first, last):
        if tokens.letters[index] in "CA":
            letter = known.short_names.get(text[tokens.starts[index] : tokens.ends[index]])
            tokens.letters[index] = letter or tokens.letters[index]


def _closing(letters: Sequence[str], at: int) -> int | None:
    """The index of the bracket that closes that one, if only a short name stands between."""
    for index in range(at + 1, min(at + BRACKET_TOKENS + 1, len(letters))):
        letter = letters[index]
        if letter == ")":
            return index if index > at + 1 else None
        if letter not in "CWLNGAKJYHEVOSPRBDnk-./":  # D: MPA is a degree as well
            return None
    return None


def _long_form(kept: Tokens, text: str, short: str, lexicon: Lexicon) -> int | None:
    """The index of the token that opens the long form of a short name behind these tokens."""
    if not EDITION_YEAR.search(short):
        start = long_form(kept, len(kept.letters), text, short, lexicon.members("function.passed"))
        if start is not None:
            return start if short in lexicon.reference.names else _whole(kept.letters, start)
    if _same_thing(kept, text, short, lexicon):
        return len(kept.letters) - 1
    return _translated(kept, text, short, lexicon)


def _translated(kept: Tokens, text: str, short: str, lexicon: Lexicon) -> int | None:
    """The index of the head of a meeting whose short name is of another language: Pertemuan ... tentang Air (AWMM).

    No letters tell where it begins, so only a network's meeting or one that is about something is taken.
    """
    if not FOREIGN.fullmatch(short) or short in lexicon.classes:
        return None
    topics = lexicon.members("meetings.topics")
    at, sure = len(kept.letters) - 1, False
    while at >= 0 and len(kept.letters) - at <= LONGEST_MEETING:
        letter = kept.letters[at]
        about = letter in "wk" and word_of(kept, at, text) in topics
        if letter == "E":
            if sure:
                for index in range(at, len(kept.letters)):
                    kept.letters[index] = "k" if kept.letters[index] == "w" else kept.letters[index]
            return at if sure else None
        if not about and letter not in "CWLNGAJKYHOPRSVndk":
            return None
        sure = sure or about or letter == "N"
        at -= 1
    return None


def _whole(letters: Sequence[str], start: int) -> int:
    """Where a body's name begins if only the place at its end seems to be the long form: Otoritas Mindanao (MinDA)."""
    first = start
    while letters[start] in "LC" and first and letters[first - 1] in "Wkd":
        first -= 1
    if letters[start] in "LC" and first and letters[first - 1] in "OJ":
        return first - 1
    if letters[start] == "W" and letters[start - 1 : start] == ["P"]:  # Deputi Pembangunan X Kementerian PPN (PPN)
        return next((index for index in range(start, len(letters)) if letters[index] in "SG"), start)
    return start


def _same_thing(kept: Tokens, text: str, short: str, lexicon: Lexicon) -> bool:
    """Whether the reference data gives the short name to the thing whose name stands before the bracket."""
    names = lexicon.reference.names
    long = text[kept.starts[-1] : kept.ends[-1]]
    return bool(set(names.get(short, ())) & set(names.get(long, ())))


def _learn(tokens: Tokens, start: int, short: str, known: Known) -> None:
    """The class of the short name, from that of the long form; an unknown long form becomes a body."""
    letters = "".join(tokens.letters[start:])
    head = letters[0]
    if head in "PBp":
        known.short_names.setdefault(short, "P")
        return
    if head in "RL" and len(letters) <= 2:
        return
    if head in "HU" or letters[-1] == "Y":  # Bali International Convention Center (BICC)
        known.short_names.setdefault(short, "L")
        return
    if set(letters) & set("EV"):
        known.short_names.setdefault(short, "E")
        return
    network = head in "JN" or bool(set(letters) & set("JK"))
    if " " not in short:
        known.short_names.setdefault(short, "N" if network else "G")
    if network or head in "GNJ" or "w" in letters:
        return
    before = "".join(tokens.letters[max(0, start - LONGEST_HEAD) : start]).rstrip("Wz")
    inside = before[-1:] in ("O", "S") and head not in "OS"
    if inside and " " not in short:  # "Direktorat Jenderal (Ditjen) Bina Administrasi Kewilayahan (Adwil)"
        known.short_names[short] = "W"
    for index in range(start, len(tokens.letters)):  # the bracket shows where the name ends: all of it is one name
        letter = tokens.letters[index]
        if letter not in "kfdLRz,":
            first = letter if letter in "SO" else "W" if inside else "O"
            tokens.letters[index] = first if index == start else "W"
