"""Who is who among profiles that were gathered from many articles: what ``kg.link.identities`` finds, without a store.

For articles that lie in files, or on the machines of a cluster. The dear part, which profiles of a block are one by
themselves, is a function of the block alone (``fitting``), so blocks can be looked at anywhere; the rest is done at
once. The persons, their ids and names are those of the index; a test holds them against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Gathered:
    """Profiles by key, and the quarters in which each was met."""

    base: str
    rulings: Rulings
    profiles: dict[str, Profile] = field(default_factory=dict)
    _times: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _named: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _verdicts: dict[Pair, Verdict] = field(default_factory=dict)

    def add(self, said: Said) -> None:
        """What one more article says."""
        for profile in said.profiles:
            self.profiles[profile.key] = profile
            self._named[profile.id].add(profile.key)
            if said.quarter:
                self._times[profile.key].add(int(said.quarter))

    def named(self, written: str) -> list[str]:
        """The keys of the profiles with an id as articles write it."""
        return sorted(self._named.get(written, ()))

    def profile(self, key: str) -> Profile:
        """A profile by its key, which must be there."""
        return self.profiles[key]

    def times(self, key: str) -> list[int]:
        """The quarters in which a profile was met, sorted."""
        return sorted(self._times.get(key, ()))

    def by_itself(self, a: str, b: str) -> Verdict:
        """Two profiles without what was judged."""
        return compared(self.profiles[a], self.profiles[b], self.times(a), self.times(b))

    def verdict(self, a: str, b: str) -> Verdict:
        """What is known of two profiles, the smaller key first: judged, or else by names and posts."""
        if (a, b) not in self._verdicts:
            judged = self.rulings.verdict(self.profiles[a], self.profiles[b], self)
            self._verdicts[a, b] = judged or self.by_itself(a, b)
        return self._verdicts[a, b]

    def blocks(self) -> Iterator[tuple[str, str, Openness]]:
        """Each key of a block with each profile in it, and whom it may meet there."""
        for key, profile in self.profiles.items():
            for block, openness in profiles.blocks(profile).items():
                yield block, key, openness

    def fitting(self, members: Iterable[tuple[str, Openness]]) -> Iterator[Pair]:
        """The pairs of a block that are one by themselves, or were judged so."""
        for a, b in meeting(members):
            is_clear = not self.rulings.are_any and are_surely_two(self.profiles[a], self.profiles[b])
            if not is_clear and self.verdict(a, b).decision is Decision.LINKED:
                yield a, b

    def pairs(self) -> Iterator[Pair]:
        """The pairs that fit, block by block."""
        found: dict[str, list[tuple[str, Openness]]] = defaultdict(list)
        for block, key, openness in self.blocks():
            found[block].append((key, openness))
        for members in found.values():
            yield from self.fitting(members)

    def judged(self) -> Iterator[Pair]:
        """The pairs that judgements name together."""
        for key, profile in self.profiles.items():
            for other in self.rulings.beside(profile, self) - {key}:
                yield min(key, other), max(key, other)

    def resolve(self, pairs: Iterable[Pair]) -> dict[str, Meant]:
        """Whom each profile is of, by key. ``pairs``: those that fit, of all blocks; any of them may come again."""
        members = [
            keys
            for component in _components(self.profiles, [*pairs, *self.judged()])
            for keys in group(component, self.verdict).members
        ]
        named: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        fullest = {keys: max((self.profiles[key] for key in keys), key=profiles.fullness) for keys in members}
        for keys, profile in fullest.items():
            named[profile.id].append(keys)
        found: dict[str, Meant] = {}
        for slug, owners in named.items():
            for keys in owners:
                tail = f"--{tail_of([self.profiles[key] for key in keys], self.rulings)}" if len(owners) > 1 else ""
                meant = Meant(f"{self.base}id/{slug}{tail}", fullest[keys].name)
                found |= dict.fromkeys(keys, meant)
        return found

    def aliases(self, said: Said, meant: Mapping[str, Meant]) -> dict[str, Meant]:
        """Id as an article has it (IRI) -> whom it means; only where id or preferred name are others."""
        found = {f"{self.base}id/{profile.id}": (profile, meant[profile.key]) for profile in said.profiles}
        return {iri: one for iri, (profile, one) in found.items() if one != Meant(iri, profile.name)}


def tail_of(found: Iterable[Profile], rulings: Rulings) -> str:
    """What follows the id of one of several persons: the first post; with a hash where only a judgement parts them."""
    every = list(found)
    if any(rulings.is_divided(one) for one in every):
        tails = profiles.tails(min(every, key=lambda one: one.key))
        return tails[len(tails) // 2]
    return min(profiles.tails(one)[0] for one in every)


def _components(keys: Iterable[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """The keys that pairs connect, each component and all of them sorted; union by the smaller key."""
    above = {key: key for key in keys}

    def top(key: str) -> str:
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
