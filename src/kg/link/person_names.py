"""A person's name as an article writes it -> its parts: titles and degrees off, abbreviations and old spelling read.

All that is known of names is in ``data/linking/persons.toml`` and ``data/lexicon/titles.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from kg import resources
from kg.records import record

_APOSTROPHES: Final = re.compile(r"['’‘ʼ`´]")
_NICKNAME: Final = re.compile(r"[\"“”«»][^\"“”«»]*[\"“”«»]|\([^()]*\)")
_TOKEN: Final = re.compile(r"[^\W\d_]+\.?")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
_DEGREE: Final = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.?){1,5}")
_CHILD: Final = re.compile(r"^b\.?$")  # "Yahya b. Zakir"; a capital is an initial
_SUR: Final = 3  # letters of a word of capitals that may be initials: Safrizal ZA


@record(frozen=True, slots=True)
class Part:
    """One part of a name. ``text`` is lower case without marks; ``short`` where it may stand for a longer one."""

    text: str
    short: bool = False

    @property
    def is_initial(self) -> bool:
        """Whether it is one letter that stands for more; the Balinese "I" is a word."""
        return len(self.text) == 1 and (self.text != "i" or self.short)


@record(frozen=True, slots=True)
class PersonName:
    """A name in parts, in the order given name first.

    ``sexes`` holds "man", "woman" where a part or title says it; ``generation`` is "jr", "ii" … or "".
    """

    written: str
    parts: tuple[Part, ...]
    sexes: frozenset[str] = frozenset()
    generation: str = ""
    degree: str = ""
    """The first degree or profession before it, where it is one of those that exclude each other."""


@record(frozen=True, slots=True)
class Lore:
    """What is known of names, from the data file. Rewriting rules are pairs of pattern and replacement, in order."""

    version: str
    weights: Mapping[str, float]
    thresholds: Mapping[str, float]
    old: Sequence[tuple[re.Pattern[str], str]]
    old_where: re.Pattern[str]
    older: re.Pattern[str]
    fold: Sequence[tuple[re.Pattern[str], str]]
    other: Sequence[tuple[re.Pattern[str], str]]
    variants: Mapping[str, str]
    split: Mapping[str, Sequence[str]]
    optional: frozenset[str]
    child: frozenset[str]
    sexes: Mapping[str, str]
    generations: frozenset[str]
    alias: frozenset[str]
    titles: frozenset[tuple[str, ...]]
    first_degrees: frozenset[str]
    degrees: frozenset[str]
    degrees_as_written: frozenset[str]


@cache
def lore() -> Lore:
    """The data files, read once."""
    with resources.path("data/linking/persons.toml").open("rb") as file:
        data = tomllib.load(file)
    with resources.path("data/lexicon/titles.toml").open("rb") as file:
        classes = tomllib.load(file)["classes"]
    spelling, parts = data["spelling"], data["parts"]
    degrees = [degree for printed in classes["D"] for degree in printed.split(",")]
    titles = {tuple(_bare(title).split()) for title in classes["T"]} | {
        tuple(title.split("_")) for title in data["titles"]["more"].split()
    }
    keep = set(parts["optional"].split()) | {"r", "m"}  # noble titles tell two persons apart; "R." may be an initial
    return Lore(
        version=data["version"],
        weights=data["weights"],
        thresholds=data["thresholds"],
        old=_rules(spelling["old"]),
        old_where=re.compile(spelling["old_where"]),
        older=re.compile(spelling["older"]),
        fold=_rules(spelling["fold"]),
        other=_rules(spelling["other"]),
        variants={form: name for name, forms in data["variants"].items() for form in forms.split()},
        split={form: tuple(names.split()) for form, names in data["split"].items()},
        optional=frozenset(parts["optional"].split()),
        child=frozenset(parts["child"].split()),
        sexes={word: sex for sex in ("man", "woman") for word in parts[sex].split()},
        generations=frozenset(parts["generation"].split()),
        alias=frozenset(parts["alias"].split()),
        titles=frozenset(title for title in titles if title and title[0] not in keep),
        first_degrees=frozenset(data["degrees"]["first"].split()),
        degrees=frozenset(_bare(degree).replace(" ", "") for degree in degrees),
        degrees_as_written=frozenset(degrees),
    )


@cache
def commonness() -> Mapping[str, str]:
    """Part of a name, folded -> the list that it is in; those of no list are rare."""
    with resources.path("data/linking/persons.toml").open("rb") as file:
        lists: dict[str, Any] = tomllib.load(file)["common"]
    return {
        folded: name
        for name in ("known", "common", "frequent")
        for word in lists[name].split()
        for folded in (fold(lore().variants.get(word, word)),)
    }


def _rules(pairs: Iterable[Sequence[str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), by) for pattern, by in pairs)


def _bare(text: str) -> str:
    """Lower case without full stops and brackets; single spaces."""
    return " ".join(re.sub(r"[.()]", " ", text).casefold().split())


def plain(text: str) -> str:
    """Without accents and apostrophes; hyphens are spaces."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[-‐–—/]", " ", letters)


# ---------------------------------------------------------------- spelling


@lru_cache(maxsize=65536)
def fold(part: str) -> str:
    """A part by its sound: ``Chairul``, ``Khairul`` and ``Choirul`` are one."""
    return _rewritten(part, lore().fold)


@lru_cache(maxsize=65536)
def readings(part: str) -> frozenset[str]:
    """The sounds that a part may have, in today's spelling and in that before 1972."""
    written = {part, _rewritten(part, lore().other)}
    written |= {_rewritten(each, lore().old) for each in set(written) if lore().old_where.search(each)}
    return frozenset(fold(each) for each in written)


@lru_cache(maxsize=65536)
def how_common(part: str) -> str:
    """The list of common names that a part is in, by any sound that it may have; "rare" for none.

    >>> how_common("boedi"), how_common("moehammad"), how_common("danukusumo")
    ('common', 'frequent', 'rare')
    """
    found = {commonness().get(sound) for sound in readings(part) | {fold(part)}}
    return next((name for name in ("frequent", "common", "known") if name in found), "rare")


def _rewritten(text: str, rules: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, by in rules:
        text = pattern.sub(by, text)
    return text


# ---------------------------------------------------------------- parts


@lru_cache(maxsize=16384)
def parse(written: str) -> PersonName:
    """A name in parts. Titles before it, degrees behind it and nicknames are left out; "Koto, Syahrial" is turned.

    >>> [part.text for part in parse("Dr. H. Moh. Syafi'i, M.Si.").parts]
    ['muhammad', 'syafii']
    >>> [part.text for part in parse("SIHOTANG, Darwin").parts]
    ['darwin', 'sihotang']
    """
    text = _NICKNAME.sub(" ", plain(written))
    name, titles = _without_titles(_turned(text))
    tokens, generation = _generation(_tokens(name))
    words = [*titles, *(token.text for token in tokens if token.text in _SEXED)]
    sexes = frozenset(lore().sexes[word] for word in words if word in lore().sexes)
    degree = next((word for word in titles if word in lore().first_degrees), "")
    return PersonName(written, tuple(_parts(tokens)), sexes, generation, degree)


_SEXED: Final = frozenset("i ni la wa lalu baiq teuku cut pocut bin binti bnt bt ajeng desak neng".split())
"""Parts that say of whom a name is; the other words of the list do so as titles only."""


def _turned(text: str) -> str:
    """A name without what stands behind its comma, where these are degrees; else what is behind comes first."""
    front, comma, rest = text.partition(",")
    if not comma:
        return text
    pieces = [piece.strip() for piece in rest.split(",")]
    behind = [piece for piece in pieces if piece and not _is_degree(piece)]
    if not behind:
        return front
    return f"{behind[0]} {front}" if len(behind) == 1 and behind[0] == pieces[0] else front


def _is_degree(piece: str) -> bool:
    if _bare(piece).replace(" ", "") in lore().degrees:
        return True
    words = piece.split()
    dotted = [bool(_DEGREE.fullmatch(word)) and ("." in word.rstrip(".") or word.isupper()) for word in words]
    return (len(words) > 1 and all(dotted)) or (len(words) == 1 and dotted[0] and "." in words[0].rstrip("."))


def _without_titles(text: str) -> tuple[str, list[str]]:
    """A name without titles before and degrees behind it, and the words of its titles."""
    words, titles = re.sub(r"\.(?=[^\W\d_]{2})", ". ", text).split(), []
    while words and (count := _title(words)):
        titles += [_bare(word) for word in words[:count]]
        words = words[count:]
    while len(words) > 1 and words[-1].strip(",") in lore().degrees_as_written and not words[-1].isalpha():
        words.pop()
    return " ".join(words), titles


def _title(words: Sequence[str]) -> int:
    """How many of the first words are a title; 0 where a name begins, or where nothing would be left."""
    for count in range(min(4, len(words) - 1), 0, -1):
        if tuple(" ".join(map(_bare, words[:count])).split()) in lore().titles:
            return count
    return 0


def _tokens(text: str) -> list[Part]:
    """The words, dotted letters and clusters of initials one by one; what follows "alias" is left out."""
    shouted = text.upper() == text
    found: list[Part] = []
    for word in text.split():
        if _bare(word) in lore().alias and found:
            break
        if _INITIALS.fullmatch(word) or _is_cluster(word, shouted=shouted):
            found += _expanded([Part(letter) for letter in word.casefold() if letter.isalpha()])
        else:
            found += [Part(t.rstrip(".").casefold(), t.endswith(".")) for t in _TOKEN.findall(_CHILD.sub("bin", word))]
    return found


def _is_cluster(word: str, *, shouted: bool) -> bool:
    bare = word.strip(".,")
    return (
        not shouted
        and bare.isalpha()
        and bare.isupper()
        and 1 < len(bare) <= _SUR
        and bare.lower() not in ("ii", "iii", "iv")
    )


def _expanded(letters: list[Part]) -> list[Part]:
    """Initials as they are, or the words for which they are known to stand: IGN, K.R.T."""
    known = lore().split.get("".join(part.text for part in letters))
    return [Part(word) for word in known] if known else letters


def _generation(tokens: list[Part]) -> tuple[list[Part], str]:
    if len(tokens) > 1 and tokens[-1].text in lore().generations and not (tokens[-1].is_initial and tokens[-1].short):
        return tokens[:-1], tokens[-1].text
    return tokens, ""


def _parts(tokens: Sequence[Part]) -> Iterable[Part]:
    for at, token in enumerate(tokens):
        inside = 0 < at < len(tokens) - 1
        if inside and token.text in lore().child:
            continue
        for word in lore().split.get(token.text, (token.text,)):
            yield from _joined_abdul(Part(lore().variants.get(word, word), token.short and len(word) > 1))


def _joined_abdul(part: Part) -> Iterable[Part]:
    """The two parts of "Abdurrahman"; the consonant of the article is that of what follows."""
    found = re.fullmatch(r"(?:abd[uo]e?)(l|r|s|n|d|sy)([a-z]{4,})", part.text)
    if found is None or part.short:
        yield part
        return
    rest = found[2] if found[1] == "l" or found[2][0] not in "aeiou" else found[1] + found[2]
    yield Part("abdul")
    yield Part(lore().variants.get(rest, rest))
