"""Names as the article writes them: without brackets, in long and short form, as slugs."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from kg import resources

BRACKETS = re.compile(r"\s*\([^()]*\)")
SPACES = re.compile(r"\s+")
WORDS = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
FEW = 50  # names that are tried one after another
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Without short names in brackets, single spaces."""
    return SPACES.sub(" ", BRACKETS.sub("", name)).strip(" ,.;:\"'")


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Its words, case folded."""
    return tuple(word.casefold() for word in WORDS.findall(name))


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Lower-case ASCII letters and digits with hyphens between."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-") or "x"


@cache
def english() -> frozenset[str]:
    """Words of English names of posts, bodies, networks and meetings (``data/lexicon/english.toml``)."""
    with resources.path("data/lexicon/english.toml").open("rb") as file:
        return frozenset(tomllib.load(file)["names"]["words"])


@lru_cache(maxsize=4096)
def language(name: str) -> str:
    """``en`` for a name most of whose words are English ones of such names, else ``id``."""
    found = words(name)
    return "en" if found and 2 * sum(word in english() for word in found) >= len(found) else "id"


def roman(numeral: str) -> int | None:
    """The value of a Roman numeral up to 89, None where it is none."""
    values = [ROMAN_VALUES.get(char, 0) for char in numeral.lower()]
    if not values or 0 in values:
        return None
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


class ShortNames:
    """The short names of an article, and the names that they make with the words around them."""

    def __init__(self, introduced: Iterable[tuple[str, str]]) -> None:
        self._long: dict[str, str] = {}
        self._short: dict[str, list[str]] = {}
        for long, short in introduced:
            self._long.setdefault(short, long)
            self._short.setdefault(long, []).append(short)
        self._number = {long: number for number, long in enumerate(self._short)}
        self._number_of_short = {short: number for number, short in enumerate(self._long)}
        self._openings = tuple(f"{short} " for short in self._long if " " in short)
        self._heads = tuple(f"{long} " for long in self._short)
        self._tails = tuple(f" {long}" for long in self._short)
        self._known_long: dict[str, str] = {}
        self._known_short: dict[str, list[str]] = {}

    @property
    def pairs(self) -> Mapping[str, str]:
        """Short name -> long name."""
        return self._long

    def long(self, name: str) -> str:
        """The name with the short name that it is or begins or ends with written out."""
        if not self._long:
            return name
        found = self._known_long.get(name)
        if found is None:
            found = self._known_long[name] = self._written_out(name)
        return found

    def _written_out(self, name: str) -> str:
        if name in self._long:
            return self._long[name]
        first, _, rest = name.partition(" ")
        if rest and first in self._long:
            return f"{self._long[first]} {rest}"
        several = [head for head, _ in self._divided(name, self._openings) if " " in head and head in self._long]
        if several:
            short = min(several, key=self._number_of_short.__getitem__)
            return self._long[short] + name[len(short) :]
        before, _, last = name.rpartition(" ")
        if before and last in self._long:
            return f"{before} {self._long[last]}"
        return name

    def short(self, name: str) -> list[str]:
        """The short forms of a long name."""
        if not self._short:
            return []
        found = self._known_short.get(name)
        if found is None:
            found = self._known_short[name] = self._shortened(name)
        return found

    def _shortened(self, name: str) -> list[str]:
        found = list(self._short.get(name, ()))
        heads = {head for head, _ in self._divided(name, self._heads) if head in self._short}
        tails = {tail for _, tail in self._divided(name, (), self._tails) if tail in self._short}
        for long in sorted(heads | tails, key=self._number.__getitem__):
            if long in heads:
                found += [short + name[len(long) :] for short in self._short[long]]
            else:
                found += [name[: -len(long)] + short for short in self._short[long]]
        return list(dict.fromkeys(found))

    def _divided(self, name: str, heads: tuple[str, ...], tails: tuple[str, ...] = ()) -> Iterable[tuple[str, str]]:
        """The name in two at each of its spaces, where it may begin or end with one of these; among many it may."""
        if len(heads) + len(tails) <= FEW and not (name.startswith(heads) or name.endswith(tails)):
            return ()
        spaces = [at for at, character in enumerate(name) if character == " "]
        return [(name[:at], name[at + 1 :]) for at in spaces]
