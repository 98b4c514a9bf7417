"""``kg build`` for many articles: all cores, batches, a manifest to go on by; and what it tells meanwhile."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.cli.proposing import Proposals
from kg.cli.shared import as_one, as_typed, configured, say, say_claims, to_ask
from kg.cli.voices import say_voices
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.article import Progress, Unread
    from kg.corpus.building import Account, Target
    from kg.corpus.cluster import Cluster
    from kg.corpus.fingerprint import Fingerprints
    from kg.corpus.manifest import Manifest
    from kg.corpus.reading import Settings
    from kg.corpus.workers import Workers
    from kg.model import Article

Command = TypeVar("Command", bound=Callable[..., Any])
Item = TypeVar("Item")
MANY: Final = 50
"""Articles from which it pays to start processes that read them."""
SHOWN: Final = 20
"""Lines on what could not be read; the manifest has all."""
CLEARED: Final = "\r\033[K"
"""Takes what stands in the line of a terminal away."""
OFTEN: Final = 0.5
"""Seconds between two looks of the progress line."""


@dataclass(frozen=True, slots=True)
class How:
    """The options of a build of many articles."""

    workers: int | None
    time_limit: float
    memory_limit: int
    parts: str | None
    parts_format: str
    part_size: int
    again: bool
    dry_run: bool
    engine: str
    scheduler: str | None

    def are_many(self, articles: Iterator[Item]) -> tuple[bool, Iterator[Item]]:
        """Whether processes are to read them, and all of them: some have to be looked at for that."""
        if self.workers is not None or self.parts or self.dry_run or self.is_cluster:
            return self.workers != 0 or bool(self.parts) or self.dry_run or self.is_cluster, articles
        first = list(itertools.islice(articles, MANY + 1))
        return len(first) > MANY, itertools.chain(first, articles)

    @property
    def is_cluster(self) -> bool:
        """Whether other machines are to read them."""
        return self.engine != "local" or self.scheduler is not None

    @property
    def count(self) -> int:
        """How many processes are to read, where there are any."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return max(1, self.workers if self.workers is not None else cores or 1)


def with_workers(command: Command) -> Command:
    """The options of a build of many articles, which the command gets as one ``how``."""
    return as_one(command, "how", How, _OPTIONS)


_OPTIONS: Final = (
    click.option(
        "--workers",
        type=click.IntRange(0),
        metavar="N",
        help=f"Processes that read; 0: this one.  [default: one a core, for more than {MANY} articles]",
    ),
    click.option(
        "--time-limit",
        type=click.FloatRange(0.1),
        default=60,
        metavar="SECONDS",
        show_default=True,
        help="Processor time that one article may take, with workers.",
    ),
    click.option(
        "--memory-limit",
        type=click.IntRange(200),
        default=2000,
        metavar="MB",
        show_default=True,
        help="Memory that a worker may take.",
    ),
    click.option("--parts", metavar="DIR", help="Write numbered files into a folder: for large stores, and as tables."),
    click.option(
        "--parts-format",
        type=click.Choice(["nq.gz", "parquet"]),
        default="nq.gz",
        show_default=True,
        help="What the files are.",
    ),
    click.option(
        "--part-size",
        type=click.IntRange(1),
        default=1000,
        metavar="N",
        show_default=True,
        help="Articles of a file; of those that are written already it changes nothing.",
    ),
    click.option("--again", is_flag=True, help="Read also what is known as done or rejected, with workers."),
    click.option(
        "--dry-run", is_flag=True, help="Read only some; tell how long all would take, and how large it would be."
    ),
    click.option(
        "--engine",
        type=click.Choice(["local", "dask"]),
        default="local",
        show_default=True,
        help="What runs the workers: this machine, or a cluster of Dask.",
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Dask's scheduler, as in tcp://10.0.0.5:8786."),
)


@dataclass(frozen=True, slots=True)
class Job:
    """What is read, as the command said it."""

    sources: tuple[str, ...]
    encoding: str | None = None
    text_field: str | None = None

    def articles(self, progress: Progress | None = None) -> Iterator[Article | Unread]:
        """The articles from the first on. ``progress`` is told how much is read."""
        from kg.article import read_sources

        return read_sources(self.sources, encoding=self.encoding, text_field=self.text_field, progress=progress)

    def command(self, read_with: str) -> str:
        """By which a build that was stopped is known again; never, where standard input can't be read again.

        ``read_with`` is a hash of rules, names and settings: with others, what was read before the stop is read anew.
        """
        places = [secrets.token_hex() if each == "-" else os.path.abspath(each) for each in self.sources]
        return hashlib.sha256(json.dumps([places, self.encoding, self.text_field, read_with]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Work:
    """All of a build of many articles but where they go."""

    articles: Callable[[], Iterator[Article | Unread]]
    how: How
    job: Job
    settings: Settings
    asked: Proposals
    progress: Progress
    prints: Fingerprints

    @property
    def command(self) -> str:
        """By which it is known again."""
        return self.job.command(self.prints.of_all)


def read_many(
    articles: Iterator[Article | Unread],
    how: How,
    job: Job,
    settings: Settings,
    place: str | None,
    asked: Proposals,
    progress: Progress,
) -> None:
    """Read the articles of a job into a store, or into a folder of parts; or only look ahead.

    ``progress`` is what the reading of ``articles`` tells how much is read.
    """
    from kg.corpus.fingerprint import Fingerprints
    from kg.sources import size

    prints = Fingerprints(settings, asked.asker)
    first = [articles]
    progress.total = size(job.sources) if sys.stderr.isatty() else None
    work = Work(lambda: first.pop() if first else job.articles(), how, job, settings, asked, progress, prints)
    if how.dry_run:
        look_ahead(work)
    elif how.parts is not None:
        into_parts(work, how.parts)
    elif place is not None:
        into_store(work, place)


def look_ahead(work: Work) -> None:
    """Read some articles, and say how long all of them will take and how large the graph will be."""
    from dataclasses import replace

    from kg.article import Progress
    from kg.corpus.estimate import estimate
    from kg.corpus.reading import SMALL, Reader
    from kg.sources import size

    progress = Progress(size(work.job.sources))
    reader = Reader(replace(work.settings, level=SMALL))
    found = estimate(work.job.articles(progress), progress, reader)
    unread = f", {found.unread} skipped" if found.unread else ""
    say(f"{found.sample} articles read on trial{unread}: {found.milliseconds:.0f} ms and {found.quads:,.0f} quads each")
    for name, stored in (("a store", True), ("parts", False)):
        seconds, room = found.seconds(work.how.count, stored=stored), found.bytes(stored=stored)
        if seconds is None or room is None:
            say("how many there are can't be known before they are read")
            return
        say(
            f"about {found.articles:,} into {name}: {_time(seconds)} with {work.how.count} workers, {room / 1e9:.2f} GB"
        )


def _time(seconds: float) -> str:
    minutes, hours = round(seconds / 60), seconds / 3600
    return f"{seconds:.0f} s" if seconds < 100 else f"{minutes} min" if minutes < 100 else f"{hours:.1f} h"


def _left(passed: float, share: float) -> str:
    return f"{share:.0%}, {_time(passed * (1 - share) / share)} left"


@contextmanager
def _reading(work: Work, ahead: int = 0) -> Iterator[Workers | Cluster]:
    """Who reads: processes of this machine, or those of a cluster. ``ahead``: as of ``Workers``."""
    from kg.corpus.cluster import Cluster
    from kg.corpus.workers import Workers

    if not work.how.is_cluster:
        with Workers(work.how.count, work.settings, work.asked.asker, ahead) as workers:
            yield workers
    elif work.asked.asker is not None:
        raise KgError("a model is asked by workers of this machine only; leave out --engine dask or --propose")
    else:
        with Cluster(work.how.scheduler, work.how.count, work.settings) as cluster:
            yield cluster


def into_store(work: Work, place: str) -> None:
    """Read articles into a store, and say what became of them."""
    from kg.corpus.kept import ARTICLES, IntoStore
    from kg.corpus.manifest import NAME, Manifest
    from kg.link.judgements import Judgements, locate
    from kg.store import open_store
    from kg.store.waiting import LONG

    with open_store(place, create=True, base=work.settings.base, leave_waiting=True) as store:
        judgements = Judgements.load(locate(None, configured("judgements", "") or None, store.path), store.base)
        with Manifest(store.path / NAME, work.command) as manifest, _reading(work, ahead=ARTICLES) as workers:
            target = IntoStore(store, judgements, _Ending(LONG))
            account = _run(work, target, manifest, workers)
        where = as_typed("--store", place)
        _tell(account, where, where)
        outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(target.outcomes.items()))
        say_voices(target.printings)
        say(f"store {place}: {outcomes or 'unchanged'}")
        _tell_times(account, target.timings)
    _end(account, work.asked)


def into_parts(work: Work, place: str) -> None:
    """Read articles into a folder of parts, and say what became of them."""
    from kg.corpus.cluster import Cluster
    from kg.corpus.manifest import NAME, Manifest
    from kg.corpus.members import WORK
    from kg.corpus.parts import IntoParts, make_folder, part_name
    from kg.link.judgements import Judgements, locate
    from kg.link.rulings import Rulings

    folder, form = Path(place), work.how.parts_format
    judgements = Judgements.load(locate(None, configured("judgements", "") or None, folder), work.settings.base)
    rulings = Rulings(judgements, work.settings.base)
    make_folder(folder, work.settings.base)
    with Manifest(folder / WORK / NAME, work.command) as manifest, _reading(work) as workers:
        pairs = workers.pairs if isinstance(workers, Cluster) else None
        target = IntoParts(folder, manifest, rulings, work.settings.base, workers.run, form, work.how.part_size, pairs)
        account = _run(work, target, manifest, workers)
    parts = sorted(folder.glob(f"part-*.{form}"))
    refused = None if target.refused is None else folder / part_name(target.refused, form)
    _tell(account, as_typed("--parts", place), to_ask(refused))
    say(f"{place}: {len(parts):,} parts, {sum(part.stat().st_size for part in parts):,} bytes")
    _tell_times(account, {})
    _end(account, work.asked)


def _run(work: Work, target: Target, manifest: Manifest, workers: Workers | Cluster) -> Account:
    from kg.corpus.building import Account, build
    from kg.corpus.collector import spared
    from kg.corpus.plan import Plan

    account = Account()
    if manifest.items:
        say(f"a build was stopped after {manifest.items:,}: going on")
    plan = Plan(manifest, work.prints.of, target.holds, work.how.again)
    try:
        with _progress(work) as told, spared():
            build(work.articles, workers, plan, target, account, told)
    except KeyboardInterrupt:
        say(f"stopped after {account.items:,}; the same command goes on")
        raise
    return account


def _is_quiet() -> bool:
    return bool(click.get_current_context().find_root().params.get("quiet"))


@contextmanager
def _progress(work: Work) -> Iterator[Callable[[Account], None]]:
    """What tells on a terminal how far a build is, in one line that changes."""
    if _is_quiet() or not sys.stderr.isatty():
        yield lambda _: None
        return
    yield _Meter(work.progress)
    click.echo(CLEARED, err=True, nl=False)


@dataclass(slots=True)
class _Meter:
    progress: Progress
    started: float = field(default_factory=time.monotonic)
    last: float = 0.0

    def __call__(self, account: Account) -> None:
        now = time.monotonic()
        if now - self.last < OFTEN:
            return
        self.last = now
        passed = max(now - self.started, 1e-9)
        text = f"{account.items:,} articles, {(account.items - account.before) / passed:,.0f}/s"
        if self.progress.total and (done := self.progress.done):
            share = min(done / self.progress.total, 1.0)
            text += f", {_left(passed, share)}"
        click.echo(f"{CLEARED}{text}", err=True, nl=False)


@dataclass(slots=True)
class _Ending:
    """What tells how far the end of a build into a store is, where it takes its time; from any thread."""

    least: int  # articles of which it tells
    quiet: bool = field(default_factory=_is_quiet)
    changes: bool = field(default_factory=sys.stderr.isatty)  # the line on a terminal
    started: float = 0.0
    last: float = 0.0

    def __call__(self, articles: int, share: float) -> None:
        now = time.monotonic()
        if self.quiet or articles < self.least or (now - self.last < OFTEN and share < 1):
            return
        self.last = now
        if not self.started:
            self.started = now
            begin = CLEARED if self.changes else ""
            click.echo(f"{begin}bringing {articles:,} articles into the store", err=True)
        if self.changes and share:
            text = _left(now - self.started, share) if share < 1 else "sorting them"
            click.echo(f"{CLEARED}{text}", err=True, nl=False)


def _tell(account: Account, listed: str, kept: str | None) -> None:
    for note in account.notes:
        say(f"note: {note.error}", fg="yellow")
    lines = [str(each.error) for each in account.unread]
    lines += [f"{source}: rejected: {reason}" for source, reason in account.rejected]
    for line in lines[:SHOWN]:
        click.secho(f"kg: {line}", err=True, fg="red")
    if len(lines) > SHOWN:
        click.secho(f"kg: and {len(lines) - SHOWN:,} more: kg store manifest --rejected{listed}", err=True, fg="red")
    known = f", {account.known:,} known already" if account.known else ""
    failed = len(lines)
    skipped = f", {failed:,} skipped" if failed else ""
    say(f"{account.articles:,} article{'' if account.articles == 1 else 's'} read{known}{skipped}")
    say_claims(account, kept)


def _tell_times(account: Account, timings: Mapping[str, float]) -> None:
    if not click.get_current_context().find_root().params.get("verbose"):
        return
    for where, stages in (("a worker", account.timings), ("the writer", timings)):
        for stage, seconds in stages.items():
            say(f"  {stage:<11} {1000 * seconds / max(account.articles, 1):>8.2f} ms an article, of {where}")


def _end(account: Account, asked: Proposals) -> None:
    asked.add(account.proposed)
    asked.tell()
    if account.unread or account.rejected:
        raise SystemExit(KgError.exit_code)
    asked.end()
