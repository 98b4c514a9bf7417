"""Names as they are compared: one spelling for many, with the steps that led there.

The words are data (``data/linking/names.toml``). A name has several readings, as "Kota Baru" may be a city called Baru
or the regency Kotabaru: ``readings`` gives them all, and the reference data says which of them there is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

from kg import resources
from kg.errors import DataError
from kg.records import record

Value = TypeVar("Value")
FILE: Final = "data/linking/names.toml"
_TOKEN: Final = re.compile(r"[^\W_]+|&")
_BRACKETED: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


@record(frozen=True, slots=True)
class Reading:
    """One way to take a name. ``text`` is its words without spaces; ``kinds`` what its type word says, if it has one.

    ``steps`` are what was changed to come here, as in "Kab. → kabupaten".
    """

    text: str
    kinds: frozenset[str]
    steps: tuple[str, ...]


@record(frozen=True, slots=True)
class Words:
    """The word lists; phrases and types as tuples of words, the longest first."""

    abbreviations: Mapping[str, str]
    phrases: tuple[tuple[tuple[str, ...], str], ...]
    types: tuple[tuple[tuple[str, ...], frozenset[str]], ...]
    tails: tuple[tuple[str, ...], ...]
    former: Mapping[str, tuple[str, int]]
    opening: frozenset[str]
    """The first words of phrases."""
    doubtful: frozenset[str]
    """Names that are always to be judged, in small letters without spaces."""


@cache
def words() -> Words:
    """The packaged word lists. Raises DataError."""
    path = resources.path(FILE)
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return Words(
            dict(data["abbreviations"]),
            _longest_first({tuple(key.split()): str(value) for key, value in data["phrases"].items()}),
            _longest_first({tuple(key.split()): frozenset(value) for key, value in data["types"].items()}),
            tuple(tuple(tail.split()) for tail in data["tails"]["words"]),
            {key: (str(place), int(year)) for key, (place, year) in data["former"].items()},
            frozenset(key.split()[0] for key in data["phrases"]),
            frozenset("".join(folded(name).split()) for name in data["doubtful"]["names"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: {error!r}; correct it or reinstall the package") from error


def _longest_first(found: dict[tuple[str, ...], Value]) -> tuple[tuple[tuple[str, ...], Value], ...]:
    return tuple(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def readings(name: str) -> tuple[Reading, ...]:
    """All ways to take a name: as it stands, without its type word in front, without the one behind."""
    return _readings(name)


@lru_cache(maxsize=65536)
def _readings(name: str) -> tuple[Reading, ...]:
    tokens, steps = _spelled_out(name)
    if not tokens:
        return ()
    found = dict.fromkeys([Reading("".join(tokens), frozenset(), steps)])
    for rest, kinds, said in (*_without_type(tokens), *_without_tail(tokens)):
        if rest:
            found.setdefault(Reading("".join(rest), kinds, (*steps, *said)))
    for other in _without_brackets(name):
        found.setdefault(other)
    return tuple(found)


def _without_brackets(name: str) -> Iterator[Reading]:
    """The readings without a short name in brackets; a type word there is none: "Bogor (Kab.)"."""
    bracketed = _BRACKETED.search(name)
    if bracketed is None:
        return
    inside = _spelled_out(bracketed[1])[0]
    outside = f"{name[: bracketed.start()]} {name[bracketed.end() :]}"
    if inside and all(inside != words_of_type for words_of_type, _ in words().types):
        for reading in _readings(outside):
            yield Reading(reading.text, reading.kinds, (*reading.steps, f"without {bracketed[0]}"))


def folded(text: str) -> str:
    """A text in the letters that names are compared in: NFKC, small, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _spelled_out(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a name with abbreviations written out, and what was written out."""
    lists = words()
    plain = _apostrophes(folded(_BRACKETED.sub(r" \1 ", name)))
    tokens = tuple(_TOKEN.findall(plain))
    steps: list[str] = []
    joined = _joined(tokens)
    if joined != tokens:
        steps.append(f"{' '.join(tokens)} → {' '.join(joined)}")
    tokens = joined
    for phrase, meaning in lists.phrases if lists.opening.intersection(tokens) else ():
        at = _place_of(tokens, phrase)
        if at is not None:
            tokens = (*tokens[:at], *meaning.split(), *tokens[at + len(phrase) :])
            steps.append(f"{' '.join(phrase)} → {meaning}")
    out: list[str] = []
    for token in tokens:
        meaning = lists.abbreviations.get(token, token)
        if meaning != token and token.isalpha():
            steps.append(f"{_as_written(token, name)} → {meaning}")
        out += meaning.split()
    return tuple(out), tuple(steps)


def _apostrophes(text: str) -> str:
    """Without apostrophes inside words: "To'ba" is "Toba"."""
    return re.sub(r"(?<=\w)['’`ʼ](?=\w)", "", text)


def _as_written(token: str, name: str) -> str:
    """The word as the name has it, with its point: readers look for "Kab." in their table."""
    found = re.search(rf"(?<!\w){re.escape(token)}(?!\w)\.?", name, re.IGNORECASE)
    return found[0] if found else token


def _joined(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Letters that stand alone are one word: "S I A K". Two alone ("D I") are an abbreviation and stay."""
    out: list[str] = []
    run: list[str] = []
    for token in (*tokens, ""):
        if len(token) == 1 and token.isalpha():
            run.append(token)
            continue
        out += ["".join(run)] if len(run) > 2 else run
        run = []
        if token:
            out.append(token)
    return tuple(out)


def _place_of(tokens: tuple[str, ...], phrase: tuple[str, ...]) -> int | None:
    span = len(phrase)
    return next((at for at in range(len(tokens) - span + 1) if tokens[at : at + span] == phrase), None)


def _without_type(tokens: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]]:
    for front in (True, False):
        for words_of_type, kinds in words().types if tokens else ():
            span = len(words_of_type)
            if (tokens[:span] if front else tokens[-span:]) == words_of_type:
                rest = tokens[span:] if front else tokens[:-span]
                yield rest, kinds, (f"type: {' '.join(words_of_type)}",)
                break


def _without_tail(tokens: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]]:
    for tail in words().tails:
        if len(tokens) > len(tail) and tokens[-len(tail) :] == tail:
            rest = tokens[: -len(tail)]
            said = (f"without {' '.join(tail)}",)
            yield rest, frozenset(), said
            for bare, kinds, typed in _without_type(rest):
                yield bare, kinds, (*said, *typed)
