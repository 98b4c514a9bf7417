"""How many articles there are, how long a build takes and how large it is, told from the first ones of the sources."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from kg.article import Progress, Unread
from kg.corpus.reading import Done, Reader
from kg.model import Article
from kg.records import record

SAMPLE: Final = 200
"""Articles that are read for it."""
SECONDS: Final = 20.0
"""After so long fewer are enough."""
STORED: Final = 740
"""Bytes that a quad takes in a store, its view included: 41 GB for 56 million (benchmarks/README.md)."""
LISTED: Final = 1_700
"""Bytes beside the graphs and the text of an article that ``.work`` takes, in the manifest and of persons and bodies:
1.62 GB for 938,433 articles (same)."""
LOADED: Final = 17_000
"""Quads a second that the writer brings into a store, view and who is who included, whatever the workers: 56 million in
4,277 s, of which 940 were the workers' (same)."""


@record(frozen=True, slots=True)
class Estimate:
    """``sample`` articles were read, ``unread`` sources couldn't be. The rest is of all; None where it isn't known."""

    sample: int
    unread: int
    milliseconds: float  # of a processor, an article
    quads: float  # an article
    packed: float  # bytes an article of a part
    text: float  # bytes of its text, packed
    articles: int | None

    def seconds(self, workers: int, *, stored: bool) -> float | None:
        """How long a build takes, into a store or into parts."""
        if self.articles is None:
            return None
        reading, quads = self.articles * self.milliseconds / 1000 / workers, self.articles * self.quads
        return reading + (quads / LOADED if stored else 0.0)

    def bytes(self, *, stored: bool) -> float | None:
        """How much room it takes; beside the parts lies what was read."""
        if self.articles is None:
            return None
        if stored:
            return self.articles * self.quads * STORED
        return self.articles * (2 * self.packed + self.text + LISTED)


def estimate(found: Iterator[Article | Unread], progress: Progress, reader: Reader) -> Estimate:
    """Read some articles; ``reader`` packs what they give. How many there are follows from the bytes that they took."""
    reader.warm_up()
    done: list[Done] = []
    unread, spent, is_whole = 0, 0.0, True
    for seen, item in enumerate(found, 1):
        if isinstance(item, Unread):
            unread += 1
        else:
            start = time.process_time()
            result = reader.read(item)
            spent += time.process_time() - start
            done += [result] if isinstance(result, Done) else []
        if seen >= SAMPLE or spent > SECONDS:
            is_whole = next(found, None) is None
            break
    count = max(len(done), 1)
    share = progress.done / progress.total if progress.total else None
    articles = len(done) if is_whole else round(len(done) / share) if share else None
    return Estimate(
        sample=len(done),
        unread=unread,
        milliseconds=1000 * spent / count,
        quads=sum(one.quads for one in done) / count,
        packed=sum(len(one.data) for one in done) / count,
        text=sum(len(one.text) for one in done) / count,
        articles=articles,
    )
