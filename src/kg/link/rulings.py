"""What persons judged of the persons and bodies of a store, as it bears on their profiles.

A judgement names two ids. The id that articles write, ``person/budi-santoso``, means all profiles of that id; one with
a tail, ``person/budi-santoso--bupati-33-24``, those in that post. An id that means people whom the program itself would
not take for one is no longer clear: a judgement of it that says "same" is not obeyed, and reported.
"""

from __future__ import annotations

import hashlib
from itertools import combinations
from typing import Protocol

from kg.link.body_profiles import FOLDERS, is_body
from kg.link.clusters import JUDGED
from kg.link.judgements import Judgement, Judgements
from kg.link.judgements import Verdict as Said
from kg.link.outcome import JUDGED_FROM, Decision
from kg.link.people import Verdict
from kg.link.profiles import Profile, tails


class Known(Protocol):
    """What is to be known of the profiles of a store."""

    def named(self, written: str) -> list[str]:
        """The keys of the profiles with an id as articles write it."""
        ...

    def profile(self, key: str) -> Profile:
        """A profile by its key."""
        ...

    def by_itself(self, a: str, b: str) -> Verdict:
        """Two profiles without what was judged."""
        ...


class Rulings:
    """The judgements of one file on persons and bodies of a graph; None for none at all."""

    def __init__(self, judgements: Judgements | None, base: str) -> None:
        self._judgements = judgements
        self._start = f"{base}id/"
        found = judgements or ()
        starts = tuple(f"{self._start}{kind}/" for kind in ("person", *FOLDERS))
        self._own = [each for each in found if all(one.startswith(starts) for one in each.pair)]

    @property
    def digest(self) -> str:
        """A hash that changes with any judgement on persons or bodies."""
        rows = sorted(f"{sorted(each.pair)} {each.verdict.value}" for each in self._own)
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]

    @property
    def are_any(self) -> bool:
        """Whether anything was judged of persons or bodies."""
        return bool(self._own)

    def ids(self, profile: Profile) -> list[str]:
        """The IRIs that mean a profile: its id, and the id with each of its tails."""
        return [self._start + profile.id, *(f"{self._start}{profile.id}--{tail}" for tail in tails(profile))]

    def meant(self, iri: str, known: Known) -> list[str]:
        """The keys of the profiles that an IRI means."""
        written = iri.removeprefix(self._start).partition("--")[0]
        return [key for key in known.named(written) if iri in self.ids(known.profile(key))]

    def beside(self, profile: Profile, known: Known) -> set[str]:
        """The profiles that judgements name together with this one."""
        found: set[str] = set()
        for judgement in self._about(profile):
            for iri in judgement.pair:
                found.update(self.meant(iri, known))
        return found

    def verdict(self, a: Profile, b: Profile, known: Known) -> Verdict | None:
        """What was judged of two profiles; None for nothing that can be obeyed. "Different" goes before "same"."""
        theirs = set(self.ids(b)) if self._own else set()
        found = [each for each in self._about(a) if self._joins(each, set(self.ids(a)), theirs)]
        for each in sorted(found, key=lambda one: (_RANK[one.verdict], one.subject, one.object)):
            if each.verdict is Said.DIFFERENT:
                return Verdict(0.0, Decision.NONE, (f"judged different by {_who(each)}",), apart=True)
            if each.verdict is Said.UNSURE:
                return Verdict(JUDGED_FROM, Decision.JUDGE, (f"judged unsure by {_who(each)}",))
            if all(self.is_clear(iri, known) for iri in each.pair):
                return Verdict(JUDGED, Decision.LINKED, (f"judged the same by {_who(each)}",))
        return None

    def is_divided(self, profile: Profile) -> bool:
        """Whether somebody judged this profile and another one of the same id different."""
        start = self._start + profile.id
        return any(
            each.verdict is Said.DIFFERENT and all(iri.partition("--")[0] == start for iri in each.pair)
            for each in self._about(profile)
        )

    def is_clear(self, iri: str, known: Known) -> bool:
        """Whether the profiles that an IRI means are one person by themselves."""
        keys = self.meant(iri, known)
        return all(known.by_itself(*pair).decision is Decision.LINKED for pair in combinations(keys, 2))

    def not_obeyed(self, known: Known) -> list[str]:
        """One line for each judgement whose ids have become unclear, with what to do."""
        lines = []
        for each in self._own:
            unclear = [iri for iri in sorted(each.pair) if not self.is_clear(iri, known)]
            if each.verdict is Said.SAME and unclear:
                key = unclear[0].removeprefix(self._start)
                lines.append(
                    f"{key} is several {_kind(key)} now; judge again, with the id of one of them ({_who(each)})"
                )
        return lines

    def _about(self, profile: Profile) -> list[Judgement]:
        if not self._own or self._judgements is None:
            return []
        return [each for iri in self.ids(profile) for each in self._judgements.about(iri)]

    @staticmethod
    def _joins(judgement: Judgement, ours: set[str], theirs: set[str]) -> bool:
        one, other = judgement.subject, judgement.object
        return (one in ours and other in theirs) or (one in theirs and other in ours)


_RANK = {Said.DIFFERENT: 0, Said.SAME: 1, Said.UNSURE: 2}


def _kind(key: str) -> str:
    return "bodies" if is_body(key) else "persons"


def _who(judgement: Judgement) -> str:
    return " ".join(filter(None, (judgement.author, judgement.date)))
