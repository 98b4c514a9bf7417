"""Sources -> articles -> workers -> a target, in the order of the sources, whatever finishes first."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from kg import build as one_by_one
from kg.article import Note, Unread
from kg.corpus.manifest import Row, chained
from kg.corpus.plan import Plan, Step, known_of, name_of_source
from kg.corpus.reading import Done, Rejected
from kg.model import Article

if TYPE_CHECKING:
    from kg.propose import Tally

OFTEN: Final = 2_000
"""Articles after which what became of them is made last, however few of them were new."""


class Reading(Protocol):
    """Who reads articles: ``kg.corpus.workers.Workers``, or the like."""

    def read(
        self, items: Iterable[tuple[Article | Unread, Article | None]], /
    ) -> Iterator[tuple[Article | Unread, Done | Rejected | None]]:
        """What became of each item's article, in their order; None for an item that has none to be read."""

    def read_one(self, article: Article, /) -> Done | Rejected:
        """What became of an article, at once."""


class Target(Protocol):
    """Where articles go. What is added is there, whole, after the next ``flush``."""

    @property
    def is_full(self) -> bool:
        """Whether it is time for a ``flush``."""

    @property
    def waits(self) -> bool:
        """Whether a ``flush`` has to wait for ``is_full``, or for the end."""

    def holds(self, key: str, digest: str | None, /) -> bool:
        """Whether an article with this key (16 digits) and digest is here."""

    def add(self, article: Article, done: Done) -> int | None:
        """Take an article that was read; gives the number of its place, where places have numbers."""

    def add_source(self, article: Article, /) -> None:
        """Another page or file has an article that is here."""

    def drop(self, key: str, place: int | None, /) -> None:
        """Nobody has this text any more: its page or file has another one now."""

    def flush(self) -> None:
        """Make all that was added last."""

    def finish(self) -> None:
        """All articles have come."""


@dataclass(slots=True)
class Account(one_by_one.Account):
    """What a build of many articles has done so far; ``articles`` are those that were read by the rules."""

    before: int = 0  # dealt with before the run was stopped
    known: int = 0  # passed over
    rejected: list[tuple[str, str]] = field(default_factory=list)  # source, reason
    proposed: Tally | None = None  # what became of what a model proposed

    @property
    def items(self) -> int:
        """All that was dealt with."""
        return self.before + self.articles + self.known + len(self.rejected) + len(self.unread) + len(self.notes)

    def add_done(self, done: Done) -> None:
        """Count what became of an article."""
        self.count(done.read, done.admitted, done.quarantined, done.merged, done.timings)
        if done.proposed is not None:
            self.proposed = done.proposed if self.proposed is None else self.proposed + done.proposed


def build(
    sources: Callable[[], Iterator[Article | Unread]],
    workers: Reading,
    plan: Plan,
    target: Target,
    account: Account,
    told: Callable[[Account], None] = lambda _: None,
) -> None:
    """Bring all articles into a target and note what became of each. ``told`` is called after each one.

    Stopped at any moment, the same call goes on where it was, and the end is the same. ``sources`` gives the items from
    the first on whenever it is called.
    """
    _Build(workers, plan, target, account, told).run(sources)
    target.flush()
    plan.manifest.save()
    target.finish()
    plan.manifest.finish()


@dataclass(slots=True)
class _Build:
    """A build under way. ``_later``: older texts of pages that may have their newer ones still to come, by page."""

    workers: Reading
    plan: Plan
    target: Target
    account: Account
    told: Callable[[Account], None]
    _later: dict[str, Article] = field(default_factory=dict)
    _since: int = 0

    def run(self, sources: Callable[[], Iterator[Article | Unread]]) -> None:
        """Deal with all items, then with what was left for later."""
        for item, result in self.workers.read(self._handed_out(self._left(sources))):
            if isinstance(item, Note):
                self.account.notes.append(item)
            elif isinstance(item, Unread):
                self.account.unread.append(item)
                self.plan.manifest.note_unread(item.source, str(item.error))
            else:
                self._deal_with(item, result)
            self.plan.manifest.deal_with(_name(item))
            self._save_now_and_then()
        late: Iterable[Article | Unread] = list(self._later.values())
        for item, result in self.workers.read(self._handed_out(late, is_last=True)):
            if isinstance(item, Article):
                self._deal_with(item, result, is_last=True)
                self._save_now_and_then()

    def _left(self, sources: Callable[[], Iterator[Article | Unread]]) -> Iterator[Article | Unread]:
        """The items that a run hasn't dealt with; all, in a new run, where those that it has are not as they were."""
        manifest = self.plan.manifest
        found, chain = sources(), ""
        for item in itertools.islice(found, manifest.items):
            chain = chained(chain, _name(item))
            if isinstance(item, Article) and not self.plan.is_rejected(item):
                self._put_off(item, self.plan.step(item) is Step.LATER)
        if chain == manifest.chain:
            self.account.before = manifest.items
            return found
        manifest.begin()
        self._later.clear()
        return sources()

    def _handed_out(
        self, found: Iterable[Article | Unread], *, is_last: bool = False
    ) -> Iterator[tuple[Article | Unread, Article | None]]:
        """Each item with the article to be read in advance; not one that is being read, or will be passed over."""
        before: dict[str, None] = {}  # texts of late, in their order: what became of them may not be noted yet
        for item in found:
            wanted = None
            if isinstance(item, Article) and item.sha256 not in before and self._step(item, is_last) is Step.READ:
                wanted = item
                before[item.sha256] = None
                if len(before) > OFTEN:
                    del before[next(iter(before))]
            yield item, wanted

    def _step(self, article: Article, is_last: bool) -> Step:
        return self.plan.step(article, is_last=is_last)

    def _deal_with(self, article: Article, result: Done | Rejected | None, *, is_last: bool = False) -> None:
        step = self._step(article, is_last)
        if step is Step.PASS_REJECTED:
            self._reject(article, self.plan.reason(article))
            return
        if step is Step.READ:
            # Not in advance where it was thought to be the same as one that was rejected, or is another's now.
            self._read(article, result or self.workers.read_one(article))
            return
        self.account.known += 1
        self._put_off(article, step is Step.LATER)
        if step is Step.LATER:
            return
        if step is Step.ADD_SOURCE:
            self.target.add_source(article)
        self._drop(self.plan.passed(article))

    def _read(self, article: Article, result: Done | Rejected) -> None:
        if isinstance(result, Rejected):
            self._reject(article, result.reason)
            return
        self._put_off(article, is_later=False)
        self.account.add_done(result)
        place = self.target.add(article, result)
        self._drop(self.plan.done(article, result.digest, place))

    def _reject(self, article: Article, reason: str) -> None:
        self.account.rejected.append((article.source, reason))
        self.plan.rejected(article, reason)

    def _put_off(self, article: Article, is_later: bool) -> None:
        """The last text of a page is the one that counts: put off or not."""
        self._later.pop(name_of_source(article), None)
        if is_later:
            self._later[name_of_source(article)] = article

    def _drop(self, gone: Iterable[Row]) -> None:
        for row in gone:
            self.target.drop(row.key[:16], row.place)

    def _save_now_and_then(self) -> None:
        self._since += 1
        if self.target.is_full or (self._since >= OFTEN and not self.target.waits):
            self.target.flush()
            self.plan.manifest.save()
            self._since = 0
        self.told(self.account)


def _name(item: Article | Unread) -> str:
    what = item.error if isinstance(item, Unread) else f"{known_of(item)} {item.sha256}"
    return f"{item.source} {what}"
