"""What a worker does with one article: read it, check it, give its graphs as bytes. Runs in a process of its own."""

from __future__ import annotations

import contextlib
import ctypes
import gzip
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from kg import own as own_knowledge
from kg import pipeline
from kg.corpus import collector
from kg.errors import KgError
from kg.link import identities
from kg.link.identity_graph import Said
from kg.model import Acceptance, Article
from kg.rdf import Ids, nquads
from kg.records import record
from kg.store.kept import digest_of_lines
from kg.vocabulary import DEFAULT_BASE
from kg.voices.keeping import day_of
from kg.voices.text import signature

if TYPE_CHECKING:
    from kg.propose import Answers, Tally

SMALL: Final = 6
"""Level of gzip for what stays: as small as it gets for its time."""
QUICK: Final = 1
"""The same for what only waits: a fifteenth of the bytes of graphs is left."""
_AGAIN: Final = 0.05  # seconds
MEGABYTE: Final = 1_000_000


@record(frozen=True, slots=True)
class Limits:
    """What one article may take: seconds of processor, and megabytes of memory of the process that reads it."""

    seconds: float = 60
    megabytes: int = 2_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What to read with: the same for all articles of a build, and told to each worker."""

    base: str = DEFAULT_BASE
    rules: tuple[Path, ...] = ()
    names: tuple[Path, ...] = ()
    accepted: Mapping[str, Acceptance] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    level: int | None = None  # of gzip, where the graphs and the text are given as members of such a file


@dataclass(frozen=True, slots=True)
class Done:
    """An article that was read. ``data``: its facts, provenance and quarantine as N-Quads, sorted; ``packed`` maybe."""

    data: bytes
    quads: int
    digest: str  # as of ``kg.store``
    read: int
    admitted: int
    quarantined: int
    merged: int
    timings: Mapping[str, float]  # stage -> seconds
    said: Said  # of persons and bodies
    day: str  # on which it came out, and
    signature: bytes  # of the text, as of ``kg.voices``
    text: bytes  # packed as ``data`` is
    proposed: Tally | None = None  # what became of what a model proposed


def packed(data: bytes, level: int | None = SMALL) -> bytes:
    """As a member of a gzip file, which bears no time and no name: the same bytes wherever it is made."""
    return data if level is None else gzip.compress(data, level, mtime=0)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An article that could not be read within its limits, or at all."""

    reason: str


class OutOfTime(BaseException):
    """The article's seconds are used up. No Exception, so that nothing on the way takes it for one of its own."""


class Reader:
    """Reads articles with the same settings, each within the time of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        is_own = settings.rules or settings.names
        self._own = own_knowledge.load(settings.rules, settings.names) if is_own else None

    def warm_up(self) -> None:
        """Load what all articles need, which is no article's own time."""
        self._read(Article("Rapat."))

    def read(self, article: Article, answers: Answers | None = None) -> Done | Rejected:
        """What became of an article; whatever it brings about, the next one can be read.

        ``answers``: what a model was asked about it and proposes.
        """
        limits = self._settings.limits
        try:
            with _within(limits.seconds):
                return self._read(article, answers)
        except OutOfTime:
            return Rejected(f"takes more than {limits.seconds:g} s of processor time")
        except MemoryError:
            return Rejected(f"takes more than {limits.megabytes} MB of memory")
        except RecursionError:
            return Rejected("nested too deep to be read")
        except KgError as error:
            return Rejected(str(error))
        except Exception as error:  # noqa: BLE001 - a fault of the program, which must not stop the build
            return Rejected(
                f"can't be read, by a fault of the program: {type(error).__name__}: {error}".splitlines()[0]
            )

    def _read(self, article: Article, answers: Answers | None = None) -> Done:
        settings = self._settings
        start = time.perf_counter()
        found = pipeline.read(article, base=settings.base, own=self._own, accepted=settings.accepted, proposer=answers)
        facts, node = found.graphs.facts, Ids(settings.base).article(article)
        said = identities.read(facts, node, settings.base)
        lines = found.graphs.lines()
        data, digest = nquads(lines), digest_of_lines(lines)
        rest = time.perf_counter() - start - sum(found.timings.values())
        return Done(
            data=packed(data, settings.level),
            quads=len(found.graphs),
            digest=digest,
            read=found.read,
            admitted=len(found.admitted),
            quarantined=len(found.refused),
            merged=found.merged,
            timings={**found.timings, "pack": rest},
            said=said,
            day=day_of(facts, node),
            signature=signature(article.text),
            text=packed(article.text.encode(), settings.level),
            proposed=_tally(found, answers.rule) if answers is not None else None,
        )


def _tally(found: pipeline.Reading, rule: str) -> Tally:
    from kg.propose import Tally

    return Tally.of(found, rule)


# ---------------------------------------------------------------- in a process of its own

_READERS: Final[list[Reader]] = []
"""The one of this process, once it is prepared."""


def prepare(settings: Settings) -> None:
    """Make a process ready that does nothing else than ``read``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who hands out the work ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory(settings.limits.megabytes)
    reader = Reader(settings)
    reader.warm_up()
    collector.spare()
    _READERS[:] = [reader]


def read_all(reads: Sequence[tuple[Article, Answers | None]]) -> list[Done | Rejected]:
    """Read articles as this process was prepared, each with what a model was asked about it."""
    return [_READERS[0].read(article, answers) for article, answers in reads]


def _end_with_parent() -> None:
    """End when the one who hands out the work is gone, however that came about: nobody else would."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on this system: the time limit is left
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after so many seconds: of the processor, where a process reads nothing else at the time."""
    is_alone = threading.current_thread() is threading.main_thread()
    with _by_signal(seconds) if is_alone and hasattr(signal, "setitimer") else _by_watch(seconds):
        yield


@contextlib.contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def _by_watch(seconds: float) -> Iterator[None]:
    """By the clock, in a thread of a worker of a cluster: another thread raises it in this one."""
    reader, lock, over = threading.get_ident(), threading.Lock(), threading.Event()
    raised = threading.Event()

    def watch() -> None:
        pause = seconds
        while not over.wait(pause):  # again, where it came in a place that lets nothing out
            with lock:
                if not over.is_set():
                    raised.set()
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(reader), ctypes.py_object(OutOfTime))
            pause = _AGAIN

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            over.set()
        if raised.is_set():
            with contextlib.suppress(OutOfTime):  # one may be on its way when the article is done
                time.sleep(_AGAIN)
