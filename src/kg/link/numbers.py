"""Numbers as tables write them, Indonesian ("1.234,5") or English ("1,234.5"), told for a whole column at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Final

_SPACES: Final = re.compile("[\\s\u00a0\u202f']")
_SIGN: Final = "[-+\u2212]?"
_INDONESIAN: Final = re.compile(rf"{_SIGN}(?:\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,\d+)?")
_ENGLISH: Final = re.compile(rf"{_SIGN}(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{{1,3}})?")
_AROUND: Final = re.compile(r"^(?:rp\.?|idr|usd|us\$|\$)\s*|\s*(?:%|,-)$", re.IGNORECASE)


class Notation(Enum):
    """Which signs part thousands and decimals."""

    INDONESIAN = "id"
    ENGLISH = "en"
    EITHER = "either"
    """All values are the same number in both."""
    OPEN = "open"
    """The values are other numbers in one than in the other, and nothing tells which are meant."""
    NONE = "none"
    """Some value is no number."""


def plain(text: str) -> str:
    """A number without spaces, currency and percent sign."""
    return _SPACES.sub("", _AROUND.sub("", text.strip()))


def notation(values: Iterable[str]) -> Notation:
    """How the numbers of a column are written."""
    indonesian = english = differs = False
    seen = False
    for value in set(values):
        text = plain(value)
        in_id, in_en = bool(_INDONESIAN.fullmatch(text)), bool(_ENGLISH.fullmatch(text))
        if not (in_id or in_en):
            return Notation.NONE
        seen = True
        indonesian |= in_id and not in_en
        english |= in_en and not in_id
        differs |= (
            in_id and in_en and not text.isdecimal() and _decimal(text, comma=True) != _decimal(text, comma=False)
        )
    if not seen or (indonesian and english):
        return Notation.NONE
    if indonesian or english:
        return Notation.INDONESIAN if indonesian else Notation.ENGLISH
    return Notation.OPEN if differs else Notation.EITHER


def number(text: str, how: Notation) -> Decimal:
    """The number that a cell holds. Raises ValueError where it holds none in that notation."""
    found = plain(text)
    pattern = _INDONESIAN if how is Notation.INDONESIAN else _ENGLISH
    if not pattern.fullmatch(found):
        raise ValueError(text)
    return _decimal(found, comma=how is Notation.INDONESIAN)


def _decimal(text: str, *, comma: bool) -> Decimal:
    text = text.replace("\u2212", "-")
    return Decimal(text.replace(".", "").replace(",", ".") if comma else text.replace(",", ""))
