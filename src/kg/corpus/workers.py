"""Processes that read articles, each within its limits; the results come in the order of the articles.

Pebble's pool is taken, because it alone ends one task at its limit and tells which task a process died of: the pools of
the standard library can't stop a task, and break as a whole where a process dies.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.context import SpawnContext, SpawnProcess
from operator import itemgetter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from kg.corpus import reading
from kg.corpus.reading import Done, Rejected, Settings
from kg.errors import StoreError
from kg.model import Article

if TYPE_CHECKING:
    from kg.propose import Answers, Asker

Item = TypeVar("Item")
Result = TypeVar("Result")
AHEAD: Final = 12
"""Articles that are handed out for each worker at a time: so many results may wait for an earlier one."""
TOGETHER: Final = 4
"""Articles of a task, once each worker has some: what handing one out costs is shared by them."""
PATIENCE: Final = 5
"""Times the limit of processor time that a task may take by the clock, where its process doesn't stop by itself."""
LEAST: Final = 30.0
"""Seconds by the clock that a task may take at least: the machine may do something else meanwhile."""
RENEWALS: Final = 5
"""Times in a row that a new pool is made where all processes ended by themselves."""


class _Process(SpawnProcess):
    """A process that Ctrl-C leaves alone from its first moment: the one who hands out the work ends it."""

    def start(self) -> None:
        """Start it; what the thread that does so blocks stays blocked in it."""
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Spawning(SpawnContext):
    """Starts processes anew: a copy of this one would have locked for ever what threads of a store's engine hold."""

    Process = _Process


@dataclass(slots=True)
class _Task:
    """Articles that one worker reads after another, each with what a model was asked about it."""

    reads: list[tuple[Article, Answers | None]] = field(default_factory=list)
    future: Future[list[Done | Rejected]] | None = None
    pool: int = 0  # number of the pool that it was handed out to
    results: Sequence[Done | Rejected] = ()


@dataclass(slots=True)
class _Waiting(Generic[Item]):
    item: Item
    task: _Task | None
    place: int = 0  # of its article in the task


class Workers:
    """``count`` processes that read with the same settings. A context manager: at the end they are gone.

    ``asker``: a model is asked about the articles, here and not in the processes, which have no time to wait.
    ``ahead``: articles that are handed out at a time where that is more than ``AHEAD`` for each worker: they are read
    while what came before them is written. Not with an asker: a slow model would let nothing come for long.
    """

    def __init__(self, count: int, settings: Settings, asker: Asker | None = None, ahead: int = 0) -> None:
        self.count, self._asker = count, asker
        self._ahead = max(ahead if asker is None else 0, AHEAD * count)
        self._settings = settings
        self._patience = max(LEAST, PATIENCE * settings.limits.seconds)
        self._pool, self._number, self._renewals = self._made(), 0, 0

    def _made(self) -> Any:
        return ProcessPool(self.count, initializer=reading.prepare, initargs=(self._settings,), context=_Spawning())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()

    def read(self, items: Iterable[tuple[Item, Article | None]]) -> Iterator[tuple[Item, Done | Rejected | None]]:
        """What became of each item's article, in their order; None for an item that has none to be read."""
        waiting: deque[_Waiting[Item]] = deque()
        task, out, tasks = _Task(), 0, 0
        for (item, article), answers in self._asked(items):
            if article is None:
                waiting.append(_Waiting(item, None))
            else:
                waiting.append(_Waiting(item, task, len(task.reads)))
                task.reads.append((article, answers))
                out += 1
                if len(task.reads) >= (TOGETHER if tasks >= 2 * self.count else 1):
                    self._hand_out(task)
                    task, tasks = _Task(), tasks + 1
            while waiting and (waiting[0].task is None or out >= self._ahead):
                out -= waiting[0].task is not None
                yield self._result(waiting.popleft())
        if task.reads:
            self._hand_out(task)
        while waiting:
            yield self._result(waiting.popleft())

    def _asked(
        self, items: Iterable[tuple[Item, Article | None]]
    ) -> Iterator[tuple[tuple[Item, Article | None], Answers | None]]:
        if self._asker is None:
            return ((item, None) for item in items)
        return self._asker.along(items, itemgetter(1))

    def read_one(self, article: Article) -> Done | Rejected:
        """What became of an article, at once."""
        (_, found), *_ = self.read([(None, article)])
        assert found is not None
        return found

    def run(self, function: Callable[..., Result], tasks: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
        """The results of a function, in the order of its sets of arguments. What it raises is raised.

        The first ones begin at once, and not when somebody asks for their results.
        """
        left = iter(tasks)
        waiting = deque(self._pool.schedule(function, args=task) for task in islice(left, 2 * self.count))

        def results() -> Iterator[Result]:
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(self._pool.schedule(function, args=task) for task in islice(left, 1))

        return results()

    def _hand_out(self, task: _Task) -> None:
        task.future = self._pool.schedule(reading.read_all, args=(task.reads,), timeout=self._patience)
        task.pool = self._number

    def _result(self, one: _Waiting[Item]) -> tuple[Item, Done | Rejected | None]:
        if one.task is None:
            return one.item, None
        if not one.task.results:
            one.task.results = self._results(one.task)
        return one.item, one.task.results[one.place]

    def _results(self, task: _Task, tries: int = 1) -> Sequence[Done | Rejected]:
        """What became of the articles of a task. Where its process ends, each is read once more, by itself."""
        assert task.future is not None
        try:
            results = task.future.result()
            self._renewals = 0
            return results
        except BrokenProcessPool:
            self._renew(task.pool)
            self._hand_out(task)
            return self._results(task, tries)
        except TimeoutError:
            reason = f"takes more than {self._patience:g} s"
        except ProcessExpired as error:
            reason = f"ends the process that reads it ({_ending(error.exitcode)})"
        if tries == 2:  # once it may have been another's fault: a machine put to sleep, or out of memory
            return [Rejected(reason)]
        alone = [_Task([each]) for each in task.reads]
        for each in alone:
            self._hand_out(each)
        return [result for each in alone for result in self._results(each, tries=2)]

    def _renew(self, broken: int) -> None:
        """Make a new pool in place of one whose processes something else ended, at work or not."""
        if broken < self._number:
            return
        if self._renewals == RENEWALS:
            raise StoreError("the processes that read are ended by something else; with less memory taken: --workers 1")
        self._pool.stop()
        self._pool.join()
        self._pool, self._number, self._renewals = self._made(), self._number + 1, self._renewals + 1


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
