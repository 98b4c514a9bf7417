"""The words that the rules know: lexicon files and the names of the reference data, in one automaton.

Every word or name has a class, one letter (``data/lexicon/grammar.toml`` says what each means). A paragraph becomes a
string of such letters, over which short regular expressions find the mentions.

The files of ``data/lexicon`` are the Indonesian ones, those of ``data/lexicon/en`` the English ones: no word of one
language is ever seen in a text of the other. Names of the reference data are known in both.
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
from kg.model import PLACES, Kind, NetworkRole, Status
from kg.names import language as tongue_of
from kg.patterns import needed_characters

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
FOLDER = "data/lexicon"
FIRST_LANGUAGE = "id"
NOTHING: Mapping[str, str] = {"pattern": "(?!)"}


@dataclass(frozen=True, slots=True)
class Grammar:
    """The composites of one mention type over the class string, in order of their priority."""

    type: str
    pattern: re.Pattern[str]
    needs: Sequence[frozenset[str]]  # sets of letters; a paragraph without any of one of them has no such mention


NEVER = re.compile("(?!)")


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Words and names of one language with their classes, and the closed lists that the stages need."""

    language: str  # BCP 47
    classes: Mapping[str, str]  # word or name as printed -> class letter
    automaton: ahocorasick_rs.AhoCorasick  # the leftmost, longest names
    every_name: ahocorasick_rs.AhoCorasick  # all of them, overlapping
    grammar: Sequence[Grammar]
    region_types: Mapping[str, tuple[float, Kind]]
    region_tails: Mapping[str, tuple[float, Kind]]  # type words that stand behind the name: "Cebu City"
    synonyms: Mapping[str, str]  # a further printed form -> the name that the reference data has: "Japanese" -> "Japan"
    own_country: Sequence[str]  # " of Indonesia", which the reference data leaves out; longest first
    levels: Mapping[str, frozenset[float]]  # bare place name -> the levels of the places that bear it
    areas: frozenset[str]
    of: str  # what joins a post to its body: "Chair of ASCN"
    to: str  # what joins a diplomat's post to the country that it is for
    home: str  # the country of diplomats whose post names none
    territories: Mapping[str, Kind]  # word in a post -> the kind of its territory
    statuses: Mapping[str, Status]  # word beside a post -> whether it is held
    ministers: Mapping[str, str]  # head of a post's name -> head of the ministry's: Menteri -> Kementerian
    contexts: Mapping[str, Sequence[str]]  # bare post -> heads of the bodies that it may be of
    headed: Mapping[str, str]  # post -> head of the name of the body that it heads: Kapolres -> Polres
    governments: Mapping[str, Kind | None]  # head of a government's name -> the kind of its territory, if it says
    government_tails: Mapping[str, Kind | None]  # the same for the last words of the name: "Makassar City Government"
    months: Mapping[str, int]
    days: Mapping[str, int]
    ceremonies: Mapping[str, str]  # "dilantik" -> "pelantikan"
    long_meetings: Mapping[str, str]  # "Rakor" -> "Rapat Koordinasi"
    relative_days: Mapping[str, int]  # "kemarin" -> days from the article's own
    anchored_days: Mapping[str, int]  # "keesokan harinya" -> days from the date named before
    ordinals: Mapping[str, int]
    named_ordinals: Mapping[str, int]  # ordinals that a meeting's own name may open with: "Ninth ASEAN …"
    calendar: Mapping[str, Any]  # the forms of dates
    currencies: Mapping[str, str]
    scales: Mapping[str, int]
    short_scales: Mapping[str, int]
    decimal: str  # the mark before decimals
    numerals: Mapping[str, float]  # words of a number before a scale: lima -> 5
    function_words: frozenset[str]
    morphology: re.Pattern[str]
    coined: re.Pattern[str]  # short words for meetings: Rakerkesnas
    lists: Mapping[str, frozenset[str]]  # "bodies.open" -> words
    network_roles: Mapping[str, NetworkRole]  # word for a role in a network, in lower case
    agreements: Mapping[str, str]  # name of an agreement in lower case -> the kind that it is of
    leaders: Mapping[str, str]  # head of a body's name -> the post of who leads it: Fakultas -> Dekan
    macros: Mapping[str, str]  # word class of the rules -> regular expression
    forms: Mapping[str, re.Pattern[str]]  # "meetings.generic" -> regular expression over the text
    reference: reference.Reference
    hash: str  # SHA-256 over the files

    def form(self, name: str) -> re.Pattern[str]:
        """A regular expression of ``[patterns]``, in another language perhaps one that never matches."""
        return self.forms[name] if self.language == FIRST_LANGUAGE else self.forms.get(name, NEVER)

    def members(self, name: str) -> frozenset[str]:
        """The words of a closed list, as in ``bodies.units``; other languages than Indonesian may do without one."""
        return self.lists[name] if self.language == FIRST_LANGUAGE else self.lists.get(name, frozenset())

    def begins(self, name: str, heads: str) -> bool:
        """Whether a name is one of a closed list or begins with one and a space."""
        return name in self.members(heads) or name.startswith(_openings(self, heads))

    def tongue(self, name: str) -> str:
        """The language of a name that the article uses: English in an English one, else what its words say."""
        return self.language if self.language != FIRST_LANGUAGE else tongue_of(name)


@cache
def _openings(lexicon: Lexicon, heads: str) -> tuple[str, ...]:
    return tuple(f"{head} " for head in lexicon.members(heads))


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file; DataError names the file and the place of a mistake."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: {error}") from None


def load(extra: tuple[Path, ...] = (), language: str = FIRST_LANGUAGE) -> Lexicon:
    """The packaged lexicon of a language with the packaged reference data, and the names of further files."""
    return _load(extra, language)


@cache
def _load(extra: tuple[Path, ...], language: str) -> Lexicon:
    return build(files(language), reference.load(extra), language)


def files(language: str) -> list[Path]:
    """The files of a language: those of the folder itself for Indonesian, of a folder below it for another."""
    return resources.files(FOLDER if language == FIRST_LANGUAGE else f"{FOLDER}/{language}", "*.toml")


def build(paths: Sequence[Path], names: reference.Reference, language: str = FIRST_LANGUAGE) -> Lexicon:
    """A lexicon of these files and names; a word of the lexicon files comes before a name of the reference data."""
    tables = {path.stem: read_toml(path) for path in paths}
    classes = dict(_lexicon_words(tables))
    for name, letter in _reference_names(names, tables["grammar"]["classes"]["reference"]):
        classes.setdefault(name, letter)
    patterns = sorted(classes)
    regions, calendar, money, posts = (tables[file] for file in ("regions", "calendar", "money", "posts"))
    areas = frozenset(regions["areas"]["names"])
    lists = _lists(tables)
    return Lexicon(
        language=language,
        classes=classes,
        automaton=ahocorasick_rs.AhoCorasick(patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        every_name=ahocorasick_rs.AhoCorasick(patterns, matchkind=ahocorasick_rs.MatchKind.Standard),
        grammar=[
            Grammar(item["type"], re.compile(item["pattern"]), needed_characters(item["pattern"]))
            for item in tables["grammar"]["mention"]
        ],
        region_types=_region_types(regions["types"]),
        region_tails=_region_types(regions.get("tails", {})),
        synonyms={word: name for name, words in regions.get("synonyms", {}).items() for word in words},
        own_country=regions.get("own", {}).get("tails", ()),
        levels=_levels(names, areas),
        areas=areas,
        of=posts["form"]["of"],
        to=posts["form"]["to"],
        home=posts["form"]["home"],
        territories={word: Kind(kind) for word, kind in posts["territories"].items()},
        statuses={word: Status(status) for word, status in posts["statuses"].items()},
        ministers=posts["ministers"],
        contexts=posts["context"],
        headed=posts["bodies"],
        governments=_governments(tables["bodies"]["governments"]),
        government_tails=_governments(tables["bodies"].get("government_tails", {})),
        months=calendar["months"],
        days=calendar["days"],
        ceremonies=tables["meetings"].get("verbs", {}),
        long_meetings=tables["meetings"].get("long", {}),
        relative_days=calendar["relative"],
        anchored_days=calendar.get("anchored", {}),
        ordinals=calendar["ordinals"],
        named_ordinals=calendar["ordinals"] if calendar["form"].get("ordinals_in_names") else {},
        calendar=calendar["form"],
        currencies=money["currencies"],
        scales=money["scales"],
        short_scales=money["short_scales"],
        decimal=money["form"]["decimal"],
        numerals=money.get("numerals", {}),
        function_words=frozenset(tables["function"]["capitalised"]["words"]),
        morphology=re.compile(tables["domain"]["morphology"]["pattern"]),
        coined=re.compile(tables["meetings"].get("morphology", NOTHING)["pattern"]),
        lists=lists,
        macros={
            name: entry["pattern"] for content in tables.values() for name, entry in content.get("macro", {}).items()
        },
        network_roles={word: NetworkRole(role) for word, role in tables.get("relations", {}).get("roles", {}).items()},
        agreements=tables.get("relations", {}).get("kinds", {}),
        leaders=tables.get("relations", {}).get("leaders", {}),
        forms=_forms(tables, lists),
        reference=names,
        hash=_hash(paths),
    )


def _lists(tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, frozenset[str]]:
    return {
        f"{file}.{table}": frozenset(entries[key])
        for file, content in tables.items()
        for table, entries in content.items()
        if isinstance(entries, dict)
        for key in ("heads", "words", "names")
        if key in entries and isinstance(entries[key], list)
    }


def _region_types(entries: Mapping[str, Any]) -> Mapping[str, tuple[float, Kind]]:
    return {word: (float(level), Kind(kind)) for word, (level, kind) in entries.items()}


def _governments(entries: Mapping[str, str]) -> Mapping[str, Kind | None]:
    return {word: Kind(kind) if kind else None for word, kind in entries.items()}


def _forms(
    tables: Mapping[str, Mapping[str, Any]], lists: Mapping[str, frozenset[str]]
) -> Mapping[str, re.Pattern[str]]:
    """The regular expressions of ``[patterns]``; ``{generic}`` in one is any word of that list of the same file."""

    def expand(pattern: str, file: str) -> str:
        def words(match: re.Match[str]) -> str:
            found = [word for word in lists[f"{file}.{match[1]}"] if not match[2] or " " in word]
            return "|".join(map(re.escape, sorted(found, key=lambda word: (-len(word), word)))) or "(?!)"

        return re.sub(r"\{([a-z]+)( several)?\}", words, pattern)

    return {
        f"{file}.{name}": re.compile(expand(pattern, file), re.IGNORECASE)
        for file, content in tables.items()
        for name, pattern in content.get("patterns", {}).items()
    }


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
            for word in [*words, *(_opening(word) for word in words if letter == "P")]:
                if word not in found or order.index(letter) < order.index(found[word]):
                    found[word] = letter
    yield from found.items()


def _opening(word: str) -> str:
    """A post as it may open a sentence: "Direktur eksekutif"; abbreviations keep their capitals."""
    first, *rest = word.split(" ")
    return " ".join([first, *(part if part.isupper() else part.lower() for part in rest)])


def _reference_names(names: reference.Reference, taken: str) -> Iterator[tuple[str, str]]:
    for name, keys in names.names.items():
        letters = {CLASS_OF_KIND.get(names.kinds[key]) for key in keys}
        letter = next((letter for letter in taken if letter in letters), None)
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
