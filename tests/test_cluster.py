"""A build on a real cluster of Dask: the same bytes as here, also where a worker is lost while it reads."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed")
pytest.importorskip("dask.dataframe")

from kg.article import Unread, read_sources
from kg.corpus.building import Account, build
from kg.corpus.cluster import Cluster
from kg.corpus.manifest import Manifest
from kg.corpus.members import WORK
from kg.corpus.parts import IntoParts, make_folder
from kg.corpus.plan import Plan
from kg.corpus.reading import SMALL, Limits, Rejected, Settings
from kg.corpus.workers import Workers
from kg.errors import ServiceError
from kg.link.rulings import Rulings
from kg.model import Article
from kg.vocabulary import DEFAULT_BASE

pytestmark = pytest.mark.filterwarnings("default")  # of libraries that a cluster's own processes use
SETTINGS = Settings(level=SMALL)
RULINGS = Rulings(None, DEFAULT_BASE)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Officials under two spellings, in as many articles as make several partitions."""
    folder = tmp_path_factory.mktemp("berita")
    chance = random.Random(7)
    for number in range(150):
        name = chance.choice(("Soetrisno Hadi", "Sutrisno Hadi", "Wirapati Danukusumo", "Budi Santoso"))
        post = chance.choice(("Bupati Pekalongan", "Wali Kota Surakarta", "Bupati Kendal"))
        text = f"KAJEN - {post} {name} membuka rapat kerja ke-{number} di Kajen, Senin (3/2/2025).\n"
        (folder / f"{number:03}.txt").write_text(text)
    return folder


def parts(
    readers: Workers | Cluster, articles: Path, folder: Path, met: Callable[[int], None] = lambda _: None
) -> dict[str, bytes]:
    """The files that a build makes; ``met`` is told the number of each article when it is met."""

    def sources() -> Iterator[Article | Unread]:
        for number, item in enumerate(read_sources([str(articles)])):
            met(number)
            yield item

    make_folder(folder, DEFAULT_BASE)
    with Manifest(folder / WORK / "manifest.sqlite", "build") as manifest, readers as at_work:
        pairs = at_work.pairs if isinstance(at_work, Cluster) else None
        target = IntoParts(folder, manifest, RULINGS, DEFAULT_BASE, at_work.run, articles=60, pairs=pairs)
        plan = Plan(manifest, lambda _: "same", target.holds)
        build(sources, at_work, plan, target, Account())
    return {path.name: path.read_bytes() for path in folder.glob("*.gz")}


@pytest.fixture(scope="module")
def here(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return parts(Workers(1, SETTINGS), articles, tmp_path_factory.mktemp("here") / "parts")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers of a scheduler, each a process that is watched and made anew where it is lost."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as made:  # type: ignore[no-untyped-call]
        yield made


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(
    cluster: Any, articles: Path, here: dict[str, bytes], tmp_path: Path
) -> None:
    killed: list[int] = []

    def lose_one(number: int) -> None:
        if number == 100:  # the partitions before are being read, or wait on a worker
            victim = next(iter(cluster.workers.values()))
            killed.append(victim.pid)
            os.kill(victim.pid, signal.SIGKILL)

    found = parts(Cluster(cluster.scheduler_address, 1, SETTINGS), articles, tmp_path / "parts", lose_one)
    assert killed
    assert len(found) == 5  # three parts, the voices and the background
    assert found == here


def test_what_ends_a_partition_ends_no_build(cluster: Any) -> None:
    long = "Menteri Dalam Negeri Tito Karnavian bertemu Gubernur Jawa Tengah Ahmad Luthfi di Semarang. " * 4_000
    texts = ["JAKARTA - Menteri Dalam Negeri Tito Karnavian hadir.\n", long, "JAKARTA - Rapat dibuka.\n"]
    with Cluster(cluster.scheduler_address, 1, Settings(limits=Limits(seconds=1))) as at_work:
        found = [result for _, result in at_work.read([(text, Article(text)) for text in texts])]
    assert [isinstance(each, Rejected) for each in found] == [False, True, False]


def test_no_scheduler_is_told_in_one_line() -> None:
    with pytest.raises(ServiceError, match="no scheduler of Dask answers there"):
        Cluster("tcp://127.0.0.1:9", 1, SETTINGS)
