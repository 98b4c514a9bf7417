"""Names of bodies as they are compared: short names of offices written out, without legal form and territory.

The words are data: ``data/linking/bodies.toml``, and the words that open names in ``data/lexicon/bodies.toml``. Regions
and their names are those of the reference data.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from kg import reference, resources
from kg.link.normal import folded
from kg.records import record

FILES: Final = ("data/linking/bodies.toml", "data/lexicon/bodies.toml")
Words = tuple[str, ...]
TYPES: Final = ("kota", "kabupaten", "provinsi")
_TOKEN: Final = re.compile(r"[^\W_]+|&")
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_REGION: Final = re.compile(r"place/\d\d(\.\d\d)?")


@record(frozen=True, slots=True)
class Name:
    """A name read. ``words`` are all of it, ``core`` those without the territory or parent at its end.

    ``places`` are the codes of the regions that the end may name, none for no region; ``of`` the key of the
    known body that the end names; ``forms`` its legal forms; ``steps`` what was written out.
    """

    words: Words
    core: Words
    places: frozenset[str] = frozenset()
    of: str = ""
    forms: frozenset[str] = frozenset()
    steps: tuple[str, ...] = ()
    is_short: bool = False
    """A single word that is no known short name: it says nothing of what it stands for."""


@record(frozen=True, slots=True)
class Lists:
    """The word lists. ``phrases`` by their words."""

    phrases: Mapping[Words, Words]
    longest: int
    kinds: frozenset[str]
    optional: frozenset[str]
    national: frozenset[str]
    generic: frozenset[str]
    openings: frozenset[Words]
    """What the name of a body may begin with, which is no name by itself: "majelis nasional"."""
    offices: frozenset[Words]
    """Openings of the names of offices that every region or ministry has: "dinas", "biro"."""
    version: str


@cache
def lists() -> Lists:
    """The packaged word lists."""
    own, lexicon = (tomllib.loads(resources.path(name).read_text("utf-8")) for name in FILES)
    phrases = {tuple(key.split()): tuple(meaning.split()) for key, meaning in own["phrases"].items()}
    openings = [tuple(_TOKEN.findall(folded(head))) for heads in lexicon["classes"].values() for head in heads]
    generic = {word for words in (*openings, *phrases, *phrases.values()) for word in words}
    offices = {tuple(_TOKEN.findall(folded(head))) for key in ("regional", "units") for head in lexicon[key]["heads"]}
    return Lists(
        phrases,
        max(map(len, phrases)),
        frozenset(own["forms"]["kinds"].split()),
        frozenset(own["forms"]["optional"].split()),
        frozenset(own["tells"]["national"].split()),
        frozenset(generic | set(own["tells"]["generic"].split())),
        frozenset(openings),
        frozenset(offices | {phrases.get(head, head) for head in offices}),
        str(own["version"]),
    )


@lru_cache(maxsize=65536)
def parse(name: str, anchor: str = "") -> Name:
    """A name read; ``anchor`` is the key of the government or known body that it belongs to, or "".

    >>> " ".join(parse("Diskominfo Kota Semarang", "government/33.74").core)
    'dinas komunikasi dan informatika'
    """
    words, steps = _written_out(_tokens(name))
    forms = frozenset(words) & (lists().kinds | lists().optional)
    words = tuple(word for word in words if word not in forms) or words
    if forms:
        return Name(words, words, frozenset(), "", forms, steps, _is_short(words, steps))
    if anchor:
        core = _without(words, _endings(anchor))
        return Name(words, core, frozenset(), "", forms, steps, _is_short(core, steps))
    is_office = any(words[:length] in lists().offices for length in (1, 2))
    for at in range(1, len(words)):
        if is_office and (body := _bodies().get(words[at:])):
            return Name(words, words[:at], frozenset(), body, forms, steps, _is_short(words[:at], steps))
        if found := _regions().get(words[at:]):
            return Name(words, words[:at], found, "", forms, steps, _is_short(words[:at], steps))
    return Name(words, words, frozenset(), "", forms, steps, _is_short(words, steps))


def tells(name: Name) -> int:
    """How many words tell this body from others of its kind; 0 for an office as every region or ministry has it."""
    found = lists()
    if found.national & set(name.words) and name.words not in found.openings:
        return max(1, sum(word not in found.generic for word in name.core))
    if any(name.core[:length] in found.offices for length in (1, 2)):
        return 0
    return sum(word not in found.generic and not word.isdecimal() for word in name.core)


def _is_short(core: Words, steps: Words) -> bool:
    return len(core) == 1 and not steps and core[0] not in lists().generic


def _tokens(name: str) -> Words:
    """The words in small letters; of what stands in brackets only legal forms."""
    forms = lists().kinds | lists().optional

    def kept(found: re.Match[str]) -> str:
        return f" {found[1]} " if folded(found[1]) in forms else " "

    return tuple(_TOKEN.findall(folded(_BRACKETED.sub(kept, name))))


def _written_out(tokens: Words) -> tuple[Words, tuple[str, ...]]:
    found, words, steps, at = lists(), list[str](), list[str](), 0
    while at < len(tokens):
        for length in range(min(found.longest, len(tokens) - at), 0, -1):
            meaning = found.phrases.get(tokens[at : at + length])
            if meaning is not None:
                steps.append(f"{' '.join(tokens[at : at + length])} → {' '.join(meaning)}")
                words += meaning
                at += length
                break
        else:
            words.append(tokens[at])
            at += 1
    return tuple(words), tuple(steps)


def _without(words: Words, endings: Iterable[Words]) -> Words:
    """The words without the longest of these endings, if something is left."""
    for ending in endings:
        if len(words) > len(ending) and words[-len(ending) :] == ending:
            return words[: -len(ending)]
    return words


@lru_cache(maxsize=4096)
def _endings(anchor: str) -> Sequence[Words]:
    """What stands at the end of the name of an office of a government or body, the longest first."""
    things = reference.load().things
    keys = [anchor, anchor.replace("government/", "place/")]
    names = {_written_out(_tokens(label.text))[0] for key in keys if key in things for label in things[key].names}
    bare = {name[1:] for name in names if name[0] in TYPES and len(name) > 1}
    typed = {(word, *name) for name in names | bare for word in TYPES if _fits(anchor, word)}
    return sorted(names | bare | typed - {()}, key=lambda words: (-len(words), words))


def _fits(anchor: str, word: str) -> bool:
    """Whether the type word is that of a government: a province, or as its region's name begins."""
    key = anchor.replace("government/", "place/")
    if key == anchor or not _REGION.fullmatch(key):
        return False
    if "." not in key:
        return word == "provinsi"
    return reference.load().things[key].label.text.casefold().startswith(word)


@cache
def _bodies() -> Mapping[Words, str]:
    """The names of the bodies that the reference data knows -> their keys; without names that two of them have."""
    found: dict[Words, set[str]] = defaultdict(set)
    for key, thing in reference.load().things.items():
        if key.startswith("body/"):
            for label in thing.names:
                found[_written_out(_tokens(label.text))[0]].add(key)
    return {name: min(keys) for name, keys in found.items() if len(keys) == 1}


@cache
def _regions() -> Mapping[Words, frozenset[str]]:
    """The names of provinces, regencies and cities -> their codes, with and without the type word."""
    found: dict[Words, set[str]] = defaultdict(set)
    for key in reference.load().things:
        if _REGION.fullmatch(key):
            for name in _endings(key.replace("place/", "government/")):
                if name and name[0] not in ("pemerintah", "pemkot", "pemkab", "pemprov", "pemko", "pemda"):
                    found[name].add(key.removeprefix("place/"))
    return {name: frozenset(codes) for name, codes in found.items()}
