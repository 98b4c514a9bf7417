"""The language of a text, told by the shares of function words (``data/lexicon/function-words.toml``)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from kg import resources
from kg.errors import DataError, LanguageError

WORDS_FILE = "data/lexicon/function-words.toml"
SAMPLE = 20_000  # characters: more of a text doesn't change the answer
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Language:
    """A language and its function words, case-folded."""

    code: str  # BCP 47
    name: str
    words: frozenset[str]
    read: bool = False  # the rules read it


@dataclass(frozen=True, slots=True)
class Languages:
    """What the data file says."""

    languages: tuple[Language, ...]
    scripts: tuple[tuple[str, str], ...]  # first word of a letter's Unicode name, name of the language
    minimum_words: int
    minimum_share: float
    minimum_lead: float


@cache
def languages() -> Languages:
    """The languages that are told apart. Raises DataError where the file doesn't have the form it should."""
    file = resources.path(WORDS_FILE)
    try:
        return _parse(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{file}: {error}; see the comments in the file for its form") from error


def _parse(data: dict[str, Any]) -> Languages:
    return Languages(
        languages=tuple(
            Language(row["code"], row["name"], frozenset(row["words"].casefold().split()), row.get("read", False))
            for row in data["language"]
        ),
        scripts=tuple(data["scripts"].items()),
        minimum_words=int(data["minimum_words"]),
        minimum_share=float(data["minimum_share"]),
        minimum_lead=float(data["minimum_lead"]),
    )


def language_of(text: str, *, declared: str | None = None) -> str:
    """The BCP 47 code of a text's language, one of those that the rules read.

    A text that is too short to tell is taken for what was ``declared``, or for Indonesian.
    Raises LanguageError with the guess where it is in another language.
    """
    known = languages()
    sample = text[:SAMPLE]
    foreign = _script(sample, known)
    if foreign:
        raise LanguageError(_refusal(foreign, known))
    words = WORD.findall(sample.casefold())
    if len(words) < known.minimum_words:
        return _default(declared, known)
    found = shares(words)
    best, ours = _best(found, read=True)
    other, theirs = _best(found, read=False)
    if theirs >= max(known.minimum_share, ours + known.minimum_lead):
        raise LanguageError(_refusal(other.name, known))
    if ours < known.minimum_share:
        raise LanguageError(_refusal("a language that isn't known here", known))
    return best.code


def shares(words: list[str]) -> dict[Language, float]:
    """For each language, the share of these case-folded words that are its function words."""
    counts, speakers, known = Counter(words), _speakers(), languages().languages
    found = [0] * len(known)
    for word in counts.keys() & speakers.keys():
        for place in speakers[word]:
            found[place] += counts[word]
    return {language: number / len(words) for language, number in zip(known, found, strict=True)}


@cache
def _speakers() -> dict[str, list[int]]:
    """The places of the languages that have a function word, by the word."""
    found: dict[str, list[int]] = {}
    for place, language in enumerate(languages().languages):
        for word in language.words:
            found.setdefault(word, []).append(place)
    return found


def _best(found: dict[Language, float], *, read: bool) -> tuple[Language, float]:
    """The language with the largest share, among those that are read or among the others."""
    among = ((language, share) for language, share in found.items() if language.read is read)
    return max(among, key=lambda item: item[1])


def _script(text: str, known: Languages) -> str | None:
    """The language that a writing system other than Latin points at, where most letters are in one."""
    if _is_mostly_latin(text):
        return None
    letters = {letter: number for letter, number in Counter(text).items() if letter.isalpha()}
    total, scripts = sum(letters.values()), Counter[str]()
    for letter, number in letters.items():
        scripts[_script_of(letter)] += number
    if total < known.minimum_words or scripts["LATIN"] * 2 >= total:
        return None
    found = (name for script, name in known.scripts if scripts[script] * 10 >= total)
    return next(found, "a language that isn't written in Latin letters")


def _is_mostly_latin(text: str) -> bool:
    """Whether the letters of ASCII alone are half of what may be letters: seen in a hundredth of the time."""
    plain = text.encode("ascii", "ignore")
    return len(plain.translate(None, delete=_NO_LETTERS)) >= len(text) - len(plain)


_NO_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalpha())


@lru_cache(maxsize=65536)
def _script_of(letter: str) -> str:
    """The first word of a letter's name in Unicode: that of its writing system."""
    return unicodedata.name(letter, "UNNAMED").split()[0]


def _default(declared: str | None, known: Languages) -> str:
    code = (declared or "").split("-")[0].casefold()
    readable = [language.code for language in known.languages if language.read]
    return code if code in readable else readable[0]


def _refusal(guess: str, known: Languages) -> str:
    readable = " or ".join(language.name for language in known.languages if language.read)
    return f"the text looks like {guess}; the rules read {readable}: give a text in one of them"
