"""Officials of a graph by their names in a table: a matcher like that of places, with the comparison of persons' names.

Titles, degrees and spellings don't count; a common name alone is never enough, so it is to be judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kg import find
from kg.link.matcher import Entry, Kinds
from kg.link.outcome import JUDGED_FROM, Candidate, Decision, Outcome, decide
from kg.link.person_names import parse
from kg.link.persons import compare

if TYPE_CHECKING:
    from pyoxigraph import Store

KIND: Final = "Official"
LOOKED_AT: Final = 12
"""How many of the names that are written most alike are compared as names of persons."""


class Officials:
    """The officials of a graph. Each different name is compared once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._spelled = {
            (entry.id, name): _plain(name) for entry in self._entries.values() for name in entry.names if _plain(name)
        }
        self._exact = frozenset(self._spelled.values())
        self._known: dict[str, Outcome] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, id: str) -> Entry | None:  # noqa: A002 - the word of the domain
        """The official of that id."""
        return self._entries.get(id)

    def knows(self, name: str, kind: Kinds = None) -> bool:  # noqa: ARG002 - a matcher's signature
        """Whether somebody bears this name, titles apart."""
        return _plain(name) in self._exact

    def match(self, name: str, kind: Kinds = None, within: str | None = None) -> Outcome:  # noqa: ARG002 - as above
        """Whom a name means among the officials."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._match(name)
        return found

    def _match(self, name: str) -> Outcome:
        from rapidfuzz import fuzz, process

        wanted = _plain(name)
        if not wanted:
            return Outcome(name, Decision.NONE, (), "no name of a person in it")
        near = process.extract(wanted, self._spelled, scorer=fuzz.token_set_ratio, limit=LOOKED_AT)
        best: dict[str, Candidate] = {}
        for _, _, (key, other) in near:
            compared = compare(name, other)
            label = self._entries[key].label
            candidate = Candidate(key, label, compared.score, compared.reasons)
            if not compared.conflict and compared.score > (best[key].score if key in best else 0.0):
                best[key] = candidate
        return decide(name, [each for each in best.values() if each.score >= JUDGED_FROM / 2])


def _plain(name: str) -> str:
    return " ".join(part.text for part in parse(name).parts)


def of_graph(dataset: Store) -> Officials:
    """The officials that a graph names."""
    found = [thing for thing in find.things(dataset) if thing.kind == KIND]
    return Officials(Entry(thing.node.value, KIND, thing.name, thing.names) for thing in found)
