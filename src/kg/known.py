"""What the paragraphs of an article that were read so far have introduced, for those that follow."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from kg.lexicon import Lexicon
from kg.records import record

SHORT_TEXT = 20_000  # code points; looking for a word in so many costs less than listing the words
PRINTED_WORD = re.compile(r"[\w-]+")


@record(frozen=True, slots=True)
class Introduction:
    """A short name that the text introduces: the spans of the long and the short form."""

    long: tuple[int, int]
    short: tuple[int, int]


@dataclass(slots=True)
class Known:
    """Short names with their classes, parts of persons' names, and which words the article has at all."""

    lexicon: Lexicon
    text: str  # of the whole article
    short_names: dict[str, str] = field(default_factory=dict)
    introductions: list[Introduction] = field(default_factory=list)
    short_persons: set[str] = field(default_factory=set)  # words that alone are a person
    person_words: set[str] = field(default_factory=set)
    _written: frozenset[str] | None = None
    _towns: frozenset[str] | None = None

    def writes(self, word: str) -> bool:
        """Whether the article has the word as it is given here, with nothing joined to it."""
        if self._written is None:
            if len(self.text) <= SHORT_TEXT and word not in self.text:
                return False
            self._written = frozenset(PRINTED_WORD.findall(self.text))
        return word in self._written

    def has_town(self, word: str) -> bool:
        """Whether the article elsewhere gives a town that name, alone behind its type: "Kota Jinju,"."""
        if self._towns is None:
            self._towns = frozenset(_towns(self.lexicon).findall(self.text))
        return word in self._towns


@cache
def _towns(lexicon: Lexicon) -> re.Pattern[str]:
    types = "|".join(map(re.escape, sorted(lexicon.region_types, key=len, reverse=True))) or "(?!)"
    return re.compile(rf"\b(?:{types}) ([A-Z][a-z'-]+)(?=[,.;)]| (?:\(|[a-z]))")
