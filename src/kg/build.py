"""Sources -> a graph in a store, in a file or in memory, with an account of what became of everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import pipeline
from kg.article import Note, Unread
from kg.pipeline import Reading
from kg.vocabulary import DEFAULT_BASE

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from kg.model import Acceptance, Article
    from kg.own import Own
    from kg.proposed import Proposer
    from kg.store import Store


@dataclass(slots=True)
class Account:
    """What a build has done so far. Claims: ``read == admitted + quarantined + merged``, always."""

    articles: int = 0
    unread: list[Unread] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)  # lines of sources of which nothing failed
    outcomes: Counter[str] = field(default_factory=Counter)  # of the store: added, replaced, unchanged
    read: int = 0
    admitted: int = 0
    quarantined: int = 0
    merged: int = 0
    timings: Counter[str] = field(default_factory=Counter)  # stage -> seconds

    def add(self, reading: Reading) -> None:
        """Count what became of an article."""
        self.count(reading.read, len(reading.admitted), len(reading.refused), reading.merged, reading.timings)

    def count(self, read: int, admitted: int, quarantined: int, merged: int, timings: Mapping[str, float]) -> None:
        """Count the claims of one more article, and the seconds that its stages took."""
        self.articles += 1
        self.read += read
        self.admitted += admitted
        self.quarantined += quarantined
        self.merged += merged
        self.timings.update(timings)


def readings(
    found: Iterable[Article | Unread],
    account: Account,
    *,
    base: str = DEFAULT_BASE,
    own: Own | None = None,
    accepted: Mapping[str, Acceptance] | None = None,
    proposer: Proposer | None = None,
) -> Iterator[Reading]:
    """Read articles in their order; what couldn't be read is noted in ``account.unread``.

    ``own``, ``accepted`` and ``proposer``: as of ``pipeline.read``.
    """
    for item in found:
        if isinstance(item, Note):
            account.notes.append(item)
            continue
        if isinstance(item, Unread):
            account.unread.append(item)
            continue
        reading = pipeline.read(item, base=base, own=own, accepted=accepted, proposer=proposer)
        account.add(reading)
        yield reading


def keep(reading: Reading, store: Store, account: Account) -> None:
    """Keep an article in the store: one transaction."""
    account.outcomes[store.put(reading.article, reading.quads)] += 1


def graph(found: Sequence[Reading]) -> list[Quad]:
    """The quads of several articles, each once, in their order."""
    return list(dict.fromkeys(quad for reading in found for quad in reading.quads))
