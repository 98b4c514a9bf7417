"""What a build has read waits beside the store until its end: nothing of it is lost, whoever comes in between."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from command import kg
from kg.article import read_sources
from kg.cli import cli
from kg.corpus.kept import IntoStore
from kg.corpus.reading import QUICK, Done, Reader, Settings
from kg.errors import InUse
from kg.link.identity_graph import IN
from kg.link.judgements import Judgements, locate
from kg.model import Article
from kg.store import Store, open_store
from kg.store.waiting import NAME, as_file
from kg.upkeep import backup
from kg.upkeep.checking import check
from kg.upkeep.info import info

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = [str(path) for path in sorted((ROOT / "data" / "articles").glob("*.txt"))]


@pytest.fixture(scope="module")
def done() -> list[tuple[Article, Done]]:
    """The sample articles, read."""
    reader = Reader(Settings(level=QUICK))
    found = []
    for article in read_sources(SAMPLES):
        assert isinstance(article, Article)
        result = reader.read(article)
        assert isinstance(result, Done)
        found.append((article, result))
    return found


def judgements(store: Store) -> Judgements:
    return Judgements.load(locate(None, None, store.path), store.base)


@pytest.fixture
def half(tmp_path: Path, done: list[tuple[Article, Done]]) -> Iterator[Path]:
    """A store while a build is under way, which has read all and not come to its end."""
    with open_store(tmp_path / "kg-store", create=True, leave_waiting=True) as store:
        target = IntoStore(store, judgements(store))
        for article, result in done:
            target.add(article, result)
        target.flush()
        yield tmp_path / "kg-store"


@pytest.fixture
def stopped(tmp_path: Path, half: Path) -> Path:
    """The same after the machine went off: a copy of its files at that moment."""
    subprocess.run(["cp", "-r", half, tmp_path / "stopped"], check=True)
    return tmp_path / "stopped"


def exported(store: Path) -> list[str]:
    ran = kg("export", "--resolved", "--store", store, "-f", "nquads", cwd=store.parent)
    assert ran.returncode == 0, ran.stderr
    return sorted(ran.stdout.splitlines())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a store has that was made one by one."""
    folder = tmp_path_factory.mktemp("one-by-one")
    assert kg("build", *SAMPLES, "--workers", "0", cwd=folder).returncode == 0
    return exported(folder / "kg-store")


def test_meanwhile_readers_see_what_was_there_before_and_find_nothing_wrong(half: Path) -> None:
    assert info(half).articles == 0
    assert check(half) == []
    assert kg("query", "articles", "--store", half, cwd=half.parent).stdout.count("\n") <= 2
    with pytest.raises(InUse):
        open_store(half)
    assert (half / NAME).exists()


def test_who_asks_after_a_stop_gets_all_that_was_read(stopped: Path, whole: list[str]) -> None:
    assert kg("query", "articles", "--store", stopped, cwd=stopped.parent).stdout.count("\n") > len(SAMPLES)
    assert not (stopped / NAME).exists()
    assert info(stopped).articles == len(SAMPLES)
    assert check(stopped) == []
    assert exported(stopped) == whole


def test_the_same_build_goes_on_after_a_stop(stopped: Path, whole: list[str]) -> None:
    ran = kg("build", *SAMPLES, "--workers", "1", "--store", stopped, cwd=stopped.parent)
    assert ran.returncode == 0, ran.stderr
    assert not (stopped / NAME).exists()
    assert check(stopped) == []
    assert exported(stopped) == whole


@pytest.mark.parametrize("command", ["build", "store info"])
def test_what_a_stop_left_unregistered_is_not_brought_in(command: str, stopped: Path, whole: list[str]) -> None:
    """What is to wait is written first; whose article is not registered yet is none."""
    with closing(sqlite3.connect(stopped / NAME)) as base, base:
        base.execute(
            "INSERT INTO article SELECT ?, 'another', day, quads, text, graphs FROM article LIMIT 1", ("f" * 16,)
        )
    arguments = [*SAMPLES, "--workers", "1"] if command == "build" else []
    ran = kg(*command.split(), *arguments, "--store", stopped, cwd=stopped.parent)
    assert ran.returncode == 0, ran.stderr
    assert not (stopped / NAME).exists()
    assert exported(stopped) == whole
    with open_store(stopped, read_only=True) as store:
        assert not any("f" * 16 in str(quad) for quad in store.dataset)


def test_a_build_that_looks_at_all_names_anew_after_a_stop_looks_at_those_that_wait(
    stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def profiles(store: Store) -> set[str]:
        return {str(row) for row in store.dataset.quads_for_pattern(None, IN, None, None)}

    with open_store(stopped, leave_waiting=True) as store:
        IntoStore(store, judgements(store))
        before = profiles(store)
        monkeypatch.setattr("kg.link.identities.LAYOUT", "another")
        IntoStore(store, judgements(store))
        assert profiles(store) == before
    assert len(before) > len(SAMPLES)


def test_what_waits_is_told_of_where_it_takes_its_time(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kg.store.opening.LONG", len(SAMPLES))
    subprocess.run(["cp", "-r", stopped, stopped.with_name("again")], check=True)
    asked = CliRunner().invoke(cli, ["-q", "query", "articles", "--store", str(stopped.with_name("again"))])
    assert (asked.exit_code, caplog.messages) == (0, [])
    open_store(stopped).close()  # after a quiet command in the same process
    assert caplog.messages == [
        f"{stopped}: bringing in {len(SAMPLES)} articles, which a build had read when it was stopped"
    ]


@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_build_that_opens_the_engine_anew_after_each_article_makes_the_same_store(
    tmp_path: Path,
    done: list[tuple[Article, Done]],
    whole: list[str],
    monkeypatch: pytest.MonkeyPatch,
    one_by_one: bool,
) -> None:
    opened: list[Path] = []
    anew = Store.reopen
    monkeypatch.setattr("kg.corpus.kept.HELD", 1)
    if one_by_one:  # as of many articles: first the graph comes in, then the view
        monkeypatch.setattr("kg.corpus.kept.QUADS", 0)
    monkeypatch.setattr(Store, "reopen", lambda store: (opened.append(store.path), anew(store))[1])
    with open_store(tmp_path / "kg-store", create=True, leave_waiting=True) as store:
        target = IntoStore(store, judgements(store))
        for article, result in done:
            target.add(article, result)
            target.flush()
        target.finish()
    assert len(opened) == len(done) + 1 + one_by_one  # before all is brought in, too, and between graph and view
    assert check(tmp_path / "kg-store") == []
    assert exported(tmp_path / "kg-store") == whole


def test_how_far_the_end_is_is_told(stopped: Path) -> None:
    told: list[tuple[int, float]] = []
    with open_store(stopped, leave_waiting=True) as store:
        IntoStore(store, judgements(store), lambda articles, share: told.append((articles, share))).finish()
    assert {articles for articles, _ in told} == {len(SAMPLES)}
    assert len(told) == 2 * len(SAMPLES) + 1  # each in the graph, each in the view
    assert min(share for _, share in told) == 0
    assert told[-1][1] == 1


def test_an_article_can_be_taken_back_after_a_stop(stopped: Path) -> None:
    assert kg("remove", "kota-cerdas.txt", "--store", stopped, cwd=stopped.parent).returncode == 0
    assert info(stopped).articles == len(SAMPLES) - 1
    assert check(stopped) == []


def test_a_backup_of_a_build_under_way_has_all_that_was_read(half: Path, tmp_path: Path, whole: list[str]) -> None:
    backup.back_up(half, tmp_path / "copy")
    assert backup.verify(tmp_path / "copy") == []
    assert check(tmp_path / "copy") == []
    backup.restore(tmp_path / "copy", tmp_path / "restored")
    assert check(tmp_path / "restored") == []
    assert exported(tmp_path / "restored") == whole


END = """
import os, signal
from kg.corpus.kept import IntoStore
from kg.link.judgements import Judgements, locate
from kg.store import open_store
calls = [0]
def told(articles, share):
    calls[0] += 1
    if calls[0] == {stop}:
        os.kill(os.getpid(), signal.SIGKILL)
with open_store({store!r}, leave_waiting=True) as store:
    IntoStore(store, Judgements.load(locate(None, None, store.path), store.base), told).finish()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("stop", [1, 7, 2 * len(SAMPLES), 2 * len(SAMPLES) + 1])
def test_a_kill_while_all_is_brought_in_loses_nothing(stop: int, stopped: Path, whole: list[str]) -> None:
    code = END.format(stop=stop, store=str(stopped))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert exported(stopped) == whole
    assert check(stopped) == []


def test_what_the_engine_left_of_a_killed_call_goes(stopped: Path) -> None:
    for folder in (stopped / "graph", *(stopped / "view").glob("[0-9]*")):
        (folder / "bulk-123.sst").write_bytes(b"half")
    assert kg("build", *SAMPLES, "--workers", "1", "--store", stopped, cwd=stopped.parent).returncode == 0
    assert list(stopped.rglob("bulk-*.sst")) == []


def test_a_damaged_file_is_told_in_one_line_that_says_what_to_do(stopped: Path, whole: list[str]) -> None:
    (stopped / NAME).write_bytes(b"no database at all" * 1000)
    for ending in ("-wal", "-shm"):
        (stopped / f"{NAME}{ending}").unlink(missing_ok=True)
    ran = kg("build", *SAMPLES, "--workers", "1", "--store", stopped, cwd=stopped.parent)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert "damaged" in ran.stderr
    assert "remove it, then kg store check --repair, and run the build again" in ran.stderr
    (stopped / NAME).unlink()
    assert kg("store", "check", "--repair", "--store", stopped, cwd=stopped.parent).returncode == 0
    assert kg("build", *SAMPLES, "--workers", "1", "--store", stopped, cwd=stopped.parent).returncode == 0
    assert exported(stopped) == whole


def test_so_is_a_damaged_article_in_it(stopped: Path) -> None:
    with closing(sqlite3.connect(stopped / NAME)) as base, base:
        base.execute("UPDATE article SET graphs = ? WHERE rowid = 3", (b"not packed at all",))
    ran = kg("remove", "kota-cerdas.txt", "--store", stopped, cwd=stopped.parent)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert f"{NAME}: damaged" in ran.stderr


@given(st.lists(st.binary(max_size=50)), st.lists(st.integers(1, 40)))
def test_chunks_are_read_like_a_file(chunks: list[bytes], sizes: list[int]) -> None:
    file = as_file(chunks)
    read = b"".join(file.read(size) for size in sizes)
    assert read + file.read() == b"".join(chunks)
