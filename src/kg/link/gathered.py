"""Who is who among profiles that were gathered from many articles: what ``kg.link.identities`` finds, without a store.

For articles that lie in files, or on the machines of a cluster. The dear part, which profiles of a block are one by
themselves, is a function of the block alone (``fitting_pairs``), so blocks can be looked at anywhere; the rest is done
at once. The persons, their ids and names are those of the index; a test holds them against each other.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby, starmap
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Self

from kg.link import persons, profiles
from kg.link.body_profiles import BodyProfile
from kg.link.clusters import group
from kg.link.identity_graph import Said
from kg.link.organisations import compare
from kg.link.outcome import Decision
from kg.link.people import Verdict, judge
from kg.link.person_blocks import Openness, meeting
from kg.link.profiles import Profile
from kg.link.resolved import Meant
from kg.link.rulings import Rulings

Pair = tuple[str, str]
"""The keys of two profiles, the smaller first."""
_Person = tuple[tuple[str, ...], str]
"""The keys of the profiles of one person, and the name."""
Told = tuple[str, tuple[int, ...]]
"""A profile as JSON, and the quarters in which it was met."""
Run = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], Iterable[Any]]
"""A function with many sets of arguments -> its results in their order, in other processes perhaps."""
_TOGETHER: Final = 500
"""Profiles whose blocks are made in one go."""
_LOOKED_AT: Final = 10_000
"""Pairs that are looked at in one go, where one block hasn't more."""
_REMEMBERED: Final = 5_000
"""Profiles, times and verdicts that are kept at hand: some 10 MB."""
_TABLES: Final = """
CREATE TABLE profile (key TEXT PRIMARY KEY, slug TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX profile_slug ON profile (slug, key);
CREATE TABLE met (key TEXT NOT NULL, quarter INTEGER NOT NULL, PRIMARY KEY (key, quarter)) WITHOUT ROWID;
CREATE TABLE block (name TEXT NOT NULL, key TEXT NOT NULL, openness INTEGER NOT NULL);
"""


def compared(one: Profile, other: Profile, times: Iterable[int], others: Iterable[int]) -> Verdict:
    """Two profiles by names, posts and the quarters of the years in which they were met."""
    if one.article or other.article:
        return Verdict(0.0, Decision.NONE, ("a common name that nothing else tells of",))
    if isinstance(one, BodyProfile) and isinstance(other, BodyProfile):
        return compare(one.body, other.body)
    if isinstance(one, BodyProfile) or isinstance(other, BodyProfile):
        return Verdict(0.0, Decision.NONE, ("a person and a body",), apart=True)
    return judge(one.person(times), other.person(others))


def are_surely_two(one: Profile, other: Profile) -> bool:
    """Whether two profiles are two by their names alone, as ``compared`` would find in much more time."""
    if isinstance(one, BodyProfile) or isinstance(other, BodyProfile):
        return False
    return persons.are_surely_two(one.name, other.name)


def blocks_of(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """The blocks of profiles, given by key and as JSON: each with the key, and how far it is open there."""
    return [
        (block, key, int(openness))
        for key, data in rows
        for block, openness in profiles.blocks(profiles.from_json(data)).items()
    ]


def fitting_pairs(blocks: Iterable[Sequence[tuple[str, int]]], told: Mapping[str, Told]) -> list[Pair]:
    """The pairs in whole blocks that are one by themselves, without what was judged; each once.

    ``blocks``: of each the members' keys, and how far they are open there. ``told``: what is known of each.
    """
    known = {key: (_from_json(data), times) for key, (data, times) in told.items()}
    found: set[Pair] = set()  # those alone that fit: a common name has millions that don't
    for members in blocks:
        for pair in meeting((key, Openness(openness)) for key, openness in members):
            (one, times), (other, others) = known[pair[0]], known[pair[1]]
            if pair in found or are_surely_two(one, other):
                continue
            if compared(one, other, times, others).decision is Decision.LINKED:
                found.add(pair)
    return sorted(found)


@lru_cache(_REMEMBERED)
def _from_json(data: str) -> Profile:
    return profiles.from_json(data)


class Gathered:
    """Profiles by key, and the quarters in which each was met: in a file, for there are as many as there are persons.

    A context manager: the file is gone afterwards.
    """

    def __init__(self, base: str, rulings: Rulings, path: Path | None = None) -> None:
        """``path``: of the file; by default one of the system's for what is temporary."""
        self.base, self.rulings, self._path = base, rulings, path
        self._remove()
        self._db = sqlite3.connect(path or "", isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES} BEGIN;")
        self.profile = lru_cache(_REMEMBERED)(self._profile)
        self.times = lru_cache(_REMEMBERED)(self._times)
        self.told = lru_cache(_REMEMBERED)(self._told)
        self.verdict = lru_cache(_REMEMBERED)(self._verdict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._remove()

    def _remove(self) -> None:
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def add(self, said: Said) -> None:
        """What one more article says."""
        rows = [(profile.key, profile.id, profile.to_json()) for profile in said.profiles]
        self._db.executemany("INSERT OR IGNORE INTO profile (key, slug, data) VALUES (?,?,?)", rows)
        if said.quarter:
            met = [(key, int(said.quarter)) for key, _, _ in rows]
            self._db.executemany("INSERT OR IGNORE INTO met (key, quarter) VALUES (?,?)", met)

    def named(self, written: str) -> list[str]:
        """The keys of the profiles with an id as articles write it."""
        return [row[0] for row in self._db.execute("SELECT key FROM profile WHERE slug = ? ORDER BY key", (written,))]

    def _profile(self, key: str) -> Profile:
        return _from_json(self._data(key))

    def _data(self, key: str) -> str:
        (data,) = self._db.execute("SELECT data FROM profile WHERE key = ?", (key,)).fetchone()
        return str(data)

    def _told(self, key: str) -> Told:
        """What is known of a profile by its key, which must be there."""
        return self._data(key), self.times(key)

    def _times(self, key: str) -> tuple[int, ...]:
        """The quarters in which a profile was met, sorted."""
        found = self._db.execute("SELECT quarter FROM met WHERE key = ? ORDER BY quarter", (key,))
        return tuple(row[0] for row in found)

    def by_itself(self, a: str, b: str) -> Verdict:
        """Two profiles without what was judged."""
        return compared(self.profile(a), self.profile(b), self.times(a), self.times(b))

    def _verdict(self, a: str, b: str) -> Verdict:
        """What is known of two profiles, the smaller key first: judged, or else by names and posts."""
        return self.rulings.verdict(self.profile(a), self.profile(b), self) or self.by_itself(a, b)

    def blocks(self, run: Run = starmap) -> Iterator[tuple[str, str, int]]:
        """Each key of a block with each profile in it, and whom it may meet there. ``run`` says where they are made."""
        rows = self._db.execute("SELECT key, data FROM profile ORDER BY key")
        tasks = iter(lambda: rows.fetchmany(_TOGETHER), [])
        return chain.from_iterable(run(blocks_of, ((task,) for task in tasks)))

    def pairs(self, run: Run = starmap) -> Iterator[Pair]:
        """The pairs that fit, of all blocks; some come again. ``run`` says where blocks are made, and looked at."""
        self._db.execute("DELETE FROM block")
        self._db.executemany("INSERT INTO block (name, key, openness) VALUES (?,?,?)", self.blocks(run))
        return self.unless_judged(chain.from_iterable(run(fitting_pairs, self._tasks())))

    def unless_judged(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """Of the pairs that are one by themselves, those that nobody judged to be two."""
        if not self.rulings.are_any:
            return iter(pairs)
        return (pair for pair in pairs if self.verdict(*pair).decision is Decision.LINKED)

    def _tasks(self) -> Iterator[tuple[list[list[tuple[str, int]]], dict[str, Told]]]:
        """All blocks in which some may meet, for ``fitting_pairs``."""
        blocks: list[list[tuple[str, int]]] = []
        told: dict[str, Told] = {}
        pairs = 0
        for members in self._in_blocks():
            blocks.append(members)
            told |= {key: self.told(key) for key, _ in members if key not in told}
            pairs += len(members) * (len(members) - 1) // 2
            if pairs >= _LOOKED_AT:
                yield blocks, told
                blocks, told, pairs = [], {}, 0
        if blocks:
            yield blocks, told

    def _in_blocks(self) -> Iterator[list[tuple[str, int]]]:
        rows = self._db.execute("SELECT name, key, openness FROM block ORDER BY name")
        for _, found in groupby(rows, itemgetter(0)):
            members = [(key, openness) for _, key, openness in found]
            if len(members) > 1:
                yield members

    def judged(self) -> Iterator[Pair]:
        """The pairs that judgements name together."""
        rows = self._db.execute("SELECT key, data FROM profile ORDER BY key") if self.rulings.are_any else ()
        for key, data in rows:
            for other in self.rulings.beside(profiles.from_json(data), self) - {key}:
                yield min(key, other), max(key, other)

    def resolve(self, pairs: Iterable[Pair]) -> dict[str, Meant]:
        """Whom profiles are of, by key; of those alone that are of somebody with another id or name than theirs.

        ``pairs``: those that fit, of all blocks; any of them may come again.
        """
        several: dict[str, list[_Person]] = defaultdict(list)  # id -> those of more than one profile that have it
        grouped: set[str] = set()
        for component in _components(chain(pairs, self.judged())):
            for keys in group(component, self.verdict).members:
                if len(keys) > 1:
                    fullest = max(map(self.profile, keys), key=profiles.fullness)
                    several[fullest.id].append((keys, fullest.name))
                    grouped.update(keys)
        found: dict[str, Meant] = {}
        rows = self._db.execute("SELECT slug, key FROM profile ORDER BY slug, key")
        for slug, members in groupby(rows, itemgetter(0)):
            alone = [key for _, key in members if key not in grouped]
            owners = several.get(slug, [])
            if len(owners) + len(alone) > 1:
                owners = [*owners, *(((key,), self.profile(key).name) for key in alone)]
            for keys, name in owners:
                tail = f"--{tail_of(map(self.profile, keys), self.rulings)}" if len(owners) > 1 else ""
                meant = Meant(f"{self.base}id/{slug}{tail}", name)
                found |= {key: meant for key in keys if meant != self._written(self.profile(key))}
        return found

    def _written(self, profile: Profile) -> Meant:
        return Meant(f"{self.base}id/{profile.id}", profile.name)

    def aliases(self, said: Said, meant: Mapping[str, Meant]) -> dict[str, Meant]:
        """Id as an article has it (IRI) -> whom it means; only where id or preferred name are others."""
        return {self._written(one).id: meant[one.key] for one in said.profiles if one.key in meant}


def tail_of(found: Iterable[Profile], rulings: Rulings) -> str:
    """What follows the id of one of several persons: the first post; with a hash where only a judgement parts them."""
    every = list(found)
    if any(rulings.is_divided(one) for one in every):
        tails = profiles.tails(min(every, key=lambda one: one.key))
        return tails[len(tails) // 2]
    return min(profiles.tails(one)[0] for one in every)


def _components(pairs: Iterable[Pair]) -> list[list[str]]:
    """The keys that pairs connect, each component and all of them sorted; union by the smaller key."""
    above: dict[str, str] = {}

    def top(key: str) -> str:
        above.setdefault(key, key)
        while above[key] != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for pair in pairs:
        first, second = sorted(map(top, pair))
        above[second] = first
    found: dict[str, list[str]] = defaultdict(list)
    for key in sorted(above):
        found[top(key)].append(key)
    return list(found.values())
