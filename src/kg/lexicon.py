"""The words that the rules know: lexicon files and the names of the reference data, in one automaton.

Every word or name has a class, one letter (``data/lexicon/grammar.toml`` says what each means). A paragraph becomes a
string of such letters, over which short regular expressions find the mentions.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ahocorasick_rs

from kg import reference, resources
from kg.errors import DataError
from kg.model import PLACES, Kind, Status

CLASS_OF_KIND: Mapping[Kind, str] = {
    **dict.fromkeys(PLACES, "L"),
    Kind.MINISTRY: "G",
    Kind.BODY: "G",
    Kind.UNIT: "G",
    Kind.NETWORK: "N",
    Kind.POST: "P",
}
LEVEL_OF_KIND: Mapping[Kind, float] = {
    Kind.COUNTRY: 4,
    Kind.PROVINCE: 3,
    Kind.PREFECTURE: 3,
    Kind.CITY: 2,
    Kind.REGENCY: 2,
    Kind.DISTRICT: 1,
    Kind.PLACE: 1,
    Kind.VENUE: 0,
}
AREA_LEVEL = 5.0


@dataclass(frozen=True, slots=True)
class Grammar:
    """The composites of one mention type over the class string, in order of their priority."""

    type: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Words and names with their classes, and the closed lists that the stages need."""

    classes: Mapping[str, str]  # word or name as printed -> class letter
    automaton: ahocorasick_rs.AhoCorasick  # the leftmost, longest names
    every_name: ahocorasick_rs.AhoCorasick  # all of them, overlapping
    grammar: Sequence[Grammar]
    region_types: Mapping[str, tuple[float, Kind]]
    levels: Mapping[str, frozenset[float]]  # bare place name -> the levels of the places that bear it
    areas: frozenset[str]
    territories: Mapping[str, Kind]  # word in a post -> the kind of its territory
    statuses: Mapping[str, Status]  # word beside a post -> whether it is held
    ministers: Mapping[str, str]  # head of a post's name -> head of the ministry's: Menteri -> Kementerian
    contexts: Mapping[str, Sequence[str]]  # bare post -> heads of the bodies that it may be of
    headed: Mapping[str, str]  # post -> head of the name of the body that it heads: Kapolres -> Polres
    governments: Mapping[str, Kind | None]  # head of a government's name -> the kind of its territory, if it says
    months: Mapping[str, int]
    days: Mapping[str, int]
    ceremonies: Mapping[str, str]  # "dilantik" -> "pelantikan"
    relative_days: Mapping[str, int]  # "kemarin" -> days from the article's own
    anchored_days: Mapping[str, int]  # "keesokan harinya" -> days from the date named before
    ordinals: Mapping[str, int]
    currencies: Mapping[str, str]
    scales: Mapping[str, int]
    short_scales: Mapping[str, int]
    function_words: frozenset[str]
    morphology: re.Pattern[str]
    coined: re.Pattern[str]  # short words for meetings: Rakerkesnas
    lists: Mapping[str, frozenset[str]]  # "bodies.open" -> words
    macros: Mapping[str, str]  # word class of the rules -> regular expression
    reference: reference.Reference
    hash: str  # SHA-256 over the files

    def members(self, name: str) -> frozenset[str]:
        """The words of a closed list, as in ``bodies.units``."""
        return self.lists[name]


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file; DataError names the file and the place of a mistake."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: {error}") from None


@cache
def load(extra: tuple[Path, ...] = ()) -> Lexicon:
    """The packaged lexicon with the packaged reference data, and the names of further files."""
    return build(resources.files("data/lexicon", "*.toml"), reference.load(extra))


def build(paths: Sequence[Path], names: reference.Reference) -> Lexicon:
    """A lexicon of these files and names; a word of the lexicon files comes before a name of the reference data."""
    tables = {path.stem: read_toml(path) for path in paths}
    classes = dict(_lexicon_words(tables))
    for name, letter in _reference_names(names):
        classes.setdefault(name, letter)
    patterns = sorted(classes)
    regions, calendar, money = tables["regions"], tables["calendar"], tables["money"]
    areas = frozenset(regions["areas"]["names"])
    return Lexicon(
        classes=classes,
        automaton=ahocorasick_rs.AhoCorasick(patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        every_name=ahocorasick_rs.AhoCorasick(patterns, matchkind=ahocorasick_rs.MatchKind.Standard),
        grammar=[Grammar(item["type"], re.compile(item["pattern"])) for item in tables["grammar"]["mention"]],
        region_types={word: (float(level), Kind(kind)) for word, (level, kind) in regions["types"].items()},
        levels=_levels(names, areas),
        areas=areas,
        territories={word: Kind(kind) for word, kind in tables["posts"]["territories"].items()},
        statuses={word: Status(status) for word, status in tables["posts"]["statuses"].items()},
        ministers=tables["posts"]["ministers"],
        contexts=tables["posts"]["context"],
        headed=tables["posts"]["bodies"],
        governments={word: Kind(kind) if kind else None for word, kind in tables["bodies"]["governments"].items()},
        months=calendar["months"],
        days=calendar["days"],
        ceremonies=tables["meetings"]["verbs"],
        relative_days=calendar["relative"],
        anchored_days=calendar["anchored"],
        ordinals=calendar["ordinals"],
        currencies=money["currencies"],
        scales=money["scales"],
        short_scales=money["short_scales"],
        function_words=frozenset(tables["function"]["capitalised"]["words"]),
        morphology=re.compile(tables["domain"]["morphology"]["pattern"]),
        coined=re.compile(tables["meetings"]["morphology"]["pattern"]),
        lists={
            f"{file}.{table}": frozenset(entries[key])
            for file, content in tables.items()
            for table, entries in content.items()
            if isinstance(entries, dict)
            for key in ("heads", "words", "names")
            if key in entries and isinstance(entries[key], list)
        },
        macros={name: entry["pattern"] for name, entry in tables["verbs"]["macro"].items()},
        reference=names,
        hash=_hash(paths),
    )


def _lexicon_words(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    # the longer a file's specific list, the later it may be overruled: grammar.toml gives the order of the classes
    order: str = tables["grammar"]["classes"]["order"]
    known = set(order)
    found: dict[str, str] = {}
    for name in sorted(tables):
        for letter, words in tables[name].get("classes", {}).items():
            if name == "grammar":
                continue
            if letter not in known:
                raise DataError(f"data/lexicon/{name}.toml: class {letter!r} is not one of {order!r} in grammar.toml")
            for word in words:
                if word not in found or order.index(letter) < order.index(found[word]):
                    found[word] = letter
    yield from found.items()


def _reference_names(names: reference.Reference) -> Iterator[tuple[str, str]]:
    for name, keys in names.names.items():
        letters = {CLASS_OF_KIND.get(names.kinds[key]) for key in keys}
        letter = next((letter for letter in "PGNL" if letter in letters), None)
        if letter == "N" and (name.split()[0] == "Forum" or name.split()[-1] == "Forum"):
            letter = "E"  # a forum is a meeting until the text says who its members are
        if letter is not None:
            yield name, letter


def _levels(names: reference.Reference, areas: frozenset[str]) -> Mapping[str, frozenset[float]]:
    levels: dict[str, frozenset[float]] = {area: frozenset({AREA_LEVEL}) for area in areas}
    for name, keys in names.names.items():
        kinds = {names.kinds[key] for key in keys}
        found = frozenset(LEVEL_OF_KIND[kind] for kind in kinds if kind in LEVEL_OF_KIND)
        if found:
            levels[name] = found | levels.get(name, frozenset())
    return levels


def _hash(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
