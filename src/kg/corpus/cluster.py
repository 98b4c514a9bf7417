"""A build on machines that Dask's scheduler knows: articles are read there in partitions, who is who by a shuffle.

Dask hands out the partitions, and again where a machine is lost; the shuffle by blocks is that of its data frames. What
comes back is put in the order of the sources and written here, so the result is that of a build on one machine, byte
for byte, and a build that was stopped goes on in the same way.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from importlib import import_module
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from kg import __version__
from kg.corpus.reading import Done, Reader, Rejected, Settings
from kg.corpus.workers import Workers
from kg.errors import KgError, ServiceError
from kg.link.gathered import Gathered, Pair, fitting_pairs
from kg.model import Article

Item = TypeVar("Item")
Result = TypeVar("Result")
PARTITION: Final = 32
"""Articles of a partition: about a second of work."""
AHEAD: Final = 3
"""Partitions that are handed out for each thread of the cluster at a time."""
_NEEDED: Final = "a cluster is reached by Dask; install: pip install 'jejaring[cluster]'"
_COLUMNS: Final = ("block", "key", "openness", "profile", "times")
_READERS: Final[dict[str, Reader]] = {}
"""Those of this process of a cluster, by hash of their settings: the last one."""


class Cluster:
    """Reads articles on a cluster, and finds the pairs of profiles that fit. A context manager.

    ``scheduler`` is the address of one; without it ``count`` processes of this machine are one for the while.
    """

    def __init__(self, scheduler: str | None, count: int, settings: Settings) -> None:
        """Raises ServiceError where the scheduler can't be reached, or its workers have another version."""
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise KgError(_NEEDED) from error
        self._count, self._settings = count, settings
        self._open = ExitStack()
        try:
            if scheduler is None:
                made = distributed.LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None)
                place = self._open.enter_context(made)
            else:
                place = scheduler
            self._client = self._open.enter_context(distributed.Client(place, timeout=20))
            self._expect_same_version()
        except (OSError, ValueError) as error:
            self._open.close()
            raise ServiceError(f"{scheduler}: no scheduler of Dask answers there ({error}); start it first") from error
        except BaseException:
            self._open.close()
            raise
        self._data = pickle.dumps(settings)
        self._token = hashlib.sha256(self._data).hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def _expect_same_version(self) -> None:
        found = set(self._client.run(version, on_error="ignore").values())
        if not found:
            raise ServiceError("the scheduler of Dask has no workers; start some: dask worker ADDRESS")
        if found != {__version__}:
            others = ", ".join(sorted(map(str, found - {__version__})))
            raise ServiceError(
                f"the workers have version {others} of the program, here it is {__version__}; install one"
            )

    @property
    def _threads(self) -> int:
        found: dict[str, int] = self._client.nthreads()
        return max(1, sum(found.values()))

    # ---- reading

    def read(self, items: Iterable[tuple[Item, Article | None]]) -> Iterator[tuple[Item, Done | Rejected | None]]:
        """What became of each item's article, in their order; None for an item that has none to be read."""
        waiting: deque[tuple[list[tuple[Item, Article | None]], Any]] = deque()
        part: list[tuple[Item, Article | None]] = []
        size = 0
        for item, article in items:
            part.append((item, article))
            size += article is not None
            if size == PARTITION or (len(part) > PARTITION and not size):
                waiting.append((part, self._hand_out(part)))
                part, size = [], 0
            while len(waiting) > AHEAD * self._threads:
                yield from self._results(*waiting.popleft())
        waiting.append((part, self._hand_out(part)))
        while waiting:
            yield from self._results(*waiting.popleft())

    def read_one(self, article: Article) -> Done | Rejected:
        """What became of an article, at once."""
        (_, found), *_ = self._results([(None, article)], self._hand_out([(None, article)]))
        assert found is not None
        return found

    def _hand_out(self, part: list[tuple[Item, Article | None]]) -> Any:
        articles = [article for _, article in part if article is not None]
        return self._client.submit(read_partition, self._token, self._data, articles, pure=False) if articles else None

    def _results(
        self, part: list[tuple[Item, Article | None]], future: Any
    ) -> Iterator[tuple[Item, Done | Rejected | None]]:
        from distributed import KilledWorker

        try:
            results = iter(future.result() if future is not None else ())
        except KilledWorker:
            if len(part) > 1:  # one of them ends every process that reads it: which?
                for each in part:
                    yield from self._results([each], self._hand_out([each]))
                return
            results = iter([Rejected("ends every process that reads it")])
        for item, article in part:
            yield item, next(results) if article is not None else None

    # ---- the end

    def run(self, function: Callable[..., Result], tasks: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
        """The results of a function, in the order of its sets of arguments: here, where the parts are."""
        with Workers(self._count, self._settings) as workers:
            yield from workers.run(function, tasks)

    def pairs(self, gathered: Gathered) -> Iterator[Pair]:
        """The pairs of profiles that fit: a shuffle by block, and each block looked at where it comes to lie."""
        try:
            frames: Any = import_module("dask.dataframe")
            pd: Any = import_module("pandas")
        except ImportError as error:
            raise KgError(_NEEDED) from error
        rows = [
            (block, key, openness, gathered.profile(key).to_json(), " ".join(map(str, gathered.times(key))))
            for block, key, openness in gathered.blocks()
        ]
        if not rows:
            return
        blocks = frames.from_pandas(pd.DataFrame(rows, columns=list(_COLUMNS)), npartitions=4 * self._threads)
        meta = pd.DataFrame({"a": pd.Series(dtype="str"), "b": pd.Series(dtype="str")})
        found = blocks.shuffle("block").map_partitions(fitting, meta=meta).drop_duplicates().compute()
        yield from gathered.unless_judged(sorted(zip(found["a"], found["b"], strict=True)))


# ---------------------------------------------------------------- on the cluster


def version() -> str:
    """Which version of the program a worker has."""
    return __version__


def read_partition(token: str, settings: bytes, articles: list[Article]) -> list[Done | Rejected]:
    """What became of each article; the settings are read once a process."""
    if token not in _READERS:
        _READERS.clear()
        reader = Reader(pickle.loads(settings))
        reader.warm_up()
        _READERS[token] = reader
    return [_READERS[token].read(article) for article in articles]


def fitting(frame: Any) -> Any:
    """A frame of whole blocks -> a frame of the pairs in them that are one by names, posts and times."""
    pd: Any = import_module("pandas")
    told = {row.key: (row.profile, tuple(map(int, row.times.split()))) for row in frame.itertuples()}
    blocks = (list(zip(block["key"], block["openness"], strict=True)) for _, block in frame.groupby("block"))
    return pd.DataFrame(sorted(fitting_pairs(blocks, told)), columns=["a", "b"], dtype="str")
