"""What is to be done with the next article of a build, by what the manifest knows of its text, page and file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from kg.corpus.manifest import Manifest, Outcome, Pair, Row
from kg.model import Article
from kg.store.kept import source_of

_NAMELESS: Final = "-"
"""The source of what came by standard input: no later text takes its place."""


class Step(Enum):
    """What is to be done with an article."""

    READ = "read"
    ADD_SOURCE = "add source"  # its text is known, of another page or file
    PASS = "pass"  # nothing is new about it
    PASS_REJECTED = "pass rejected"  # it was rejected before, read with the same
    LATER = "later"  # its page had it before the text that it has now, which may still come


@dataclass(slots=True)
class Plan:
    """Decides by a manifest. ``settings``: hash of all that an article is read with. ``holds``: whether it is there."""

    manifest: Manifest
    settings: Callable[[Article], str]
    holds: Callable[[str, str | None], bool]
    again: bool = False  # also what is known already

    def step(self, article: Article, *, is_last: bool = False) -> Step:
        """What to do with an article, where all before it have been noted; ``is_last``: its page has no more texts.

        Sources that hold an older and a newer text of a page hold both the next time as well: the older one is put off,
        or each build would undo and redo what the one before did.
        """
        row, pair = self.manifest.row(article.sha256), self._pair(article)
        if row is None:
            return Step.READ
        was_here = pair is not None and not pair.holds and row.outcome != "rejected"
        if was_here and not is_last and self.manifest.held_by(name_of_source(article)):
            return Step.LATER
        if row.outcome == "replaced" or row.settings != self.settings(article) or self.again:
            return Step.READ
        if row.outcome == "rejected":
            return Step.PASS_REJECTED
        if not self.holds(article.key, row.digest):
            return Step.READ
        if pair is None or not pair.holds:
            return Step.ADD_SOURCE
        is_told_by_it = row.source == name_of_source(article)
        return Step.READ if is_told_by_it and pair.known != known_of(article) else Step.PASS

    def older(self, article: Article) -> list[str]:
        """The keys (whole hashes) of other texts that its page or file had until now."""
        source = name_of_source(article)
        if source == _NAMELESS:
            return []
        return [pair.key for pair in self.manifest.held_by(source) if pair.key != article.sha256]

    def done(self, article: Article, digest: str | None = None, place: int | None = None) -> list[Row]:
        """Note an article as read; gives the older texts of its page or file that nobody has any more."""
        return self._note(article, self._row(article, "done", digest=digest, place=place))

    def rejected(self, article: Article, reason: str) -> None:
        """Note an article as one that can't be read. The older text of its page or file stays."""
        self._note(article, self._row(article, "rejected", reason=reason))

    def passed(self, article: Article) -> list[Row]:
        """Note an article as one that was known; gives as ``done`` does."""
        return self._note(article, self.manifest.row(article.sha256))

    def is_rejected(self, article: Article) -> bool:
        """Whether an article was rejected when it was last read."""
        row = self.manifest.row(article.sha256)
        return row is not None and row.outcome == "rejected"

    def reason(self, article: Article) -> str:
        """Why an article was rejected before."""
        row = self.manifest.row(article.sha256)
        return (row.reason if row else None) or ""

    def _row(self, article: Article, outcome: Outcome, **more: Any) -> Row:
        return Row(article.sha256, outcome, self.settings(article), name_of_source(article), **more)

    def _note(self, article: Article, row: Row | None) -> list[Row]:
        source, older = name_of_source(article), self.older(article)
        rejected = row is not None and row.outcome == "rejected"
        pair = Pair(source, article.sha256, known_of(article), not rejected)
        self.manifest.note(pair, *([row] if row else []))
        gone: list[Row] = []
        for key in older if not rejected else ():
            before = self.manifest.pair(source, key)
            assert before is not None
            self.manifest.note(replace(before, holds=False))
            last = self.manifest.row(key)
            if last is not None and not self.manifest.sources_of(key):
                gone.append(last)
                self.manifest.note(replace(last, outcome="replaced"))
        return gone

    def _pair(self, article: Article) -> Pair | None:
        return self.manifest.pair(name_of_source(article), article.sha256)


def known_of(article: Article) -> str:
    """A hash of what is known of an article beside its text."""
    known = (article.title, article.outlet, article.url, article.published, article.language)
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def name_of_source(article: Article) -> str:
    """Page or file that has an article, as the manifest calls it."""
    return source_of(article) or _NAMELESS
