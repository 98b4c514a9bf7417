"""Amounts of money in a text: Indonesian and English notation, words and signs, scales."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from kg.lexicon import Lexicon
from kg.records import record

NUMBER = {  # by the mark before decimals
    ",": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?",
    ".": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
}


@record(frozen=True, slots=True)
class Money:
    """An amount with its ISO 4217 code; of a range ("10-15 miliar") the lower bound, ``upper`` the other."""

    start: int
    end: int
    amount: Decimal
    currency: str
    upper: Decimal | None = None


def _numeral(lexicon: Lexicon) -> str:
    """Any number word, the longer first; a language without them has none."""
    return "|".join(sorted(lexicon.numerals, key=len, reverse=True)) or "(?!)"


@cache
def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    currencies, scales, digits = lexicon.currencies, lexicon.scales, NUMBER[lexicon.decimal]
    signs = "|".join(re.escape(name) for name in sorted(currencies, key=len, reverse=True))
    words = "|".join(re.escape(name) for name in sorted((c for c in currencies if len(c) > 2), key=len, reverse=True))
    scale = "|".join(sorted(scales, key=len, reverse=True))
    short = "|".join(sorted(lexicon.short_scales, key=len, reverse=True))
    numeral = _numeral(lexicon)
    return re.compile(
        rf"(?<!\w)(?:(?P<sign>{signs})\.?\s?(?P<number>{digits})(?:-(?P<upper>{digits}))?(?:\s?(?P<scale>{scale}|{short})\b)?(?!\w)"
        rf"|(?P<number2>{digits})\s(?:(?P<scale2>{scale})\s)?(?P<word>{words})\b"
        rf"|(?P<spelled>(?:{numeral})(?:\s(?:{numeral}))*)\s(?P<scale3>{scale})\s(?P<word3>{words})\b)",
        re.IGNORECASE,
    )


def find_money(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Money]:
    """The amounts of ``text[start:end]``."""
    for match in _pattern(lexicon).finditer(text, start, end):
        scale = (match["scale"] or match["scale2"] or match["scale3"] or "").lower()
        factor = lexicon.short_scales.get(scale) or lexicon.scales.get(scale, 1)
        upper, digits = match["upper"], match["number"] or match["number2"]
        amount = number(digits, lexicon.decimal) if digits else spelled(match["spelled"], lexicon)
        yield Money(
            match.start(),
            match.end(),
            whole(amount * factor),
            lexicon.currencies[(match["sign"] or match["word"] or match["word3"]).lower()],
            whole(number(upper, lexicon.decimal) * factor) if upper else None,
        )


def spelled(words: str, lexicon: Lexicon) -> Decimal:
    """A number in words, the sum of its parts: "dua puluh lima", "satu setengah"."""
    parts = re.findall(rf"\b(?:{_numeral(lexicon)})\b", words.lower())
    return sum((Decimal(str(lexicon.numerals[part])) for part in parts), Decimal(0))


def number(digits: str, decimal: str = ",") -> Decimal:
    """``1.234,5`` and ``1234.5`` alike: a full stop before groups of three separates thousands. English has 1,234.5."""
    if decimal == ".":
        return Decimal(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    return Decimal(digits.replace(",", "."))


def whole(amount: Decimal) -> Decimal:
    """The amount without decimals where it has none: 18400000000, not 18400000000.0."""
    integral = amount.to_integral_value()
    return integral if integral == amount else amount
