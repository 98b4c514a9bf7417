"""Many articles: the same graph whatever reads them and whenever it is stopped; what can't be read stops nobody."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from command import kg
from kg.article import Progress, Unread, read_sources
from kg.cli import cli
from kg.corpus.building import Account, build
from kg.corpus.estimate import Estimate, estimate
from kg.corpus.fingerprint import Fingerprints
from kg.corpus.manifest import Listed, Manifest, Pair, Row, listed
from kg.corpus.plan import Plan
from kg.corpus.reading import QUICK, SMALL, Done, Limits, Reader, Rejected, Settings
from kg.corpus.workers import Workers
from kg.model import Acceptance, Article
from kg.store import open_store
from kg.store.kept import source_of
from kg.view.keeping import opened

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "benchmarks" / "corpus_articles.py"
SAMPLES = [str(path) for path in sorted((ROOT / "data" / "articles").glob("*.txt"))]
COUNT = 24
SPELLINGS = ("Soetrisno Hadi", "Sutrisno Hadi")
"""Of one regent: who is who has something to find."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles, copies, newer texts of a page, and two spellings of a name."""
    folder = tmp_path_factory.mktemp("corpus")
    shares = ["--duplicate", "0.1", "--near", "0.1", "--update", "0.15", "--broken", "0.05", "--hostile", "0"]
    subprocess.run(
        [sys.executable, SCRIPT, str(COUNT), folder / "made", "--form", "txt", "--without-facts", *shares],
        check=True,
        capture_output=True,
    )
    for number, name in enumerate(SPELLINGS):
        text = f"KAJEN - Bupati Pekalongan {name} membuka rapat kerja ke-{number + 1} di Kajen, Senin (3/2/2025).\n"
        (folder / "made" / "articles" / f"ejaan-{number}.txt").write_text(text)
    return folder / "made" / "articles"


def exported(store: Path) -> list[str]:
    ran = kg("export", "--resolved", "--store", store, "-f", "nquads", cwd=store.parent)
    assert ran.returncode == 0, ran.stderr
    return sorted(ran.stdout.splitlines())


def lines(parts: Path) -> list[str]:
    files = [*sorted(parts.glob("part-*.nq.gz")), parts / "voices.nq.gz"]
    content = b"".join(gzip.decompress(path.read_bytes()) for path in files)
    return sorted(content.decode().splitlines())


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that one worker made in one go."""
    folder = tmp_path_factory.mktemp("whole")
    ran = kg("build", corpus, "--workers", "1", cwd=folder)
    assert ran.returncode in (0, 2), ran.stderr
    return folder / "kg-store"


def test_parts_of_two_workers_are_what_the_store_of_one_exports(corpus: Path, whole: Path, tmp_path: Path) -> None:
    kg("build", corpus, "--parts", "parts", "--workers", "2", cwd=tmp_path)
    assert lines(tmp_path / "parts") == exported(whole)
    assert any("sutrisno-hadi" in line for line in exported(whole))
    assert not any("person/soetrisno-hadi>" in line for line in exported(whole))  # one of the two, as they are meant


def test_the_store_is_sound_and_so_is_its_view(whole: Path) -> None:
    ran = kg("store", "check", "--store", whole, cwd=whole.parent)
    assert (ran.stdout.strip(), ran.returncode) == ("", 0)
    assert "all is well" in ran.stderr


def test_the_same_command_again_reads_nothing_anew(corpus: Path, tmp_path: Path) -> None:
    same = [path for path in sorted(corpus.rglob("*.txt")) if "ejaan" in path.name]
    before = kg("build", *same, "--workers", "1", "--store", tmp_path / "s", cwd=tmp_path)
    assert "2 articles read" in before.stderr
    ran = kg("build", *same, "--workers", "1", "--store", tmp_path / "s", cwd=tmp_path)
    assert "\n0 articles read, 2 known already" in f"\n{ran.stderr}"
    again = kg("build", *same, "--workers", "1", "--again", "--store", tmp_path / "s", cwd=tmp_path)
    assert "2 articles read" in again.stderr
    assert "2 unchanged" in again.stderr


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_is_what_its_articles_are_one_by_one(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts that come back, move from page to page and get other titles, all in one batch."""
    chance = random.Random(seed)
    texts = [
        f"KAJEN - Bupati Pekalongan {SPELLINGS[number % 2]} membuka rapat ke-{number} di Kajen, Senin (3/2/2025).\n"
        for number in range(4)
    ]
    items = [
        {"url": f"https://contoh.id/{chance.randrange(5)}", "title": chance.choice("AB"), "text": chance.choice(texts)}
        for _ in range(16)
    ]
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(item)}\n" for item in items))
    states = []
    for size in (1, 500):
        monkeypatch.setattr("kg.corpus.kept.ARTICLES", size)
        store = tmp_path / f"store-{size}"
        arguments = ["-q", "build", str(tmp_path / "a.jsonl"), "--store", str(store), "--workers", "1"]
        assert CliRunner().invoke(cli, arguments, catch_exceptions=False).exit_code == 0
        with open_store(store, read_only=True) as kept:
            states.append(({str(quad) for quad in kept.dataset}, {str(quad) for quad in opened(store)}))
    assert states[0] == states[1]


@pytest.mark.parametrize("where", ["--store", "--parts"])
def test_the_commands_that_a_build_names_find_what_it_made(tmp_path: Path, where: str) -> None:
    (tmp_path / "kosong.jsonl").write_text('{"judul": "tanpa isi"}\n' * 30)
    ran = kg("build", ROOT / "data" / "articles", "kosong.jsonl", where, "tempat lain", "--workers", "1", cwd=tmp_path)
    assert ran.returncode == 2
    named = [line.partition(": kg ")[2] for line in ran.stderr.splitlines() if line.startswith(("why ", "kg: and "))]
    assert len(named) == 2
    for command in named:
        told = kg(*shlex.split(command), cwd=tmp_path)
        assert told.returncode == 0, told.stderr
        assert len(told.stdout.splitlines()) > 5


def test_a_dry_run_tells_how_many_there_are_and_writes_nothing(tmp_path: Path) -> None:
    ran = kg("build", *SAMPLES, "--parts", "p", "--dry-run", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert f"{len(SAMPLES)} articles read on trial" in ran.stderr
    assert f"about {len(SAMPLES)} into parts" in ran.stderr
    assert not list(tmp_path.iterdir())


def test_a_store_is_told_to_take_longer_than_parts_and_both_to_grow_with_the_articles() -> None:
    few, many = (Estimate(200, 0, 20.0, 580.0, 8e3, 1e3, articles) for articles in (10_000, 100_000))
    times = [found.seconds(2, stored=stored) for stored in (True, False) for found in (few, many)]
    one, other, part, parts = (each or 0 for each in times)
    assert other / one == pytest.approx(10)
    assert parts / part == pytest.approx(10)
    assert one > 2 * part > 0


def test_the_room_that_is_told_is_about_what_parts_take(tmp_path: Path) -> None:
    found = estimate(read_sources(SAMPLES), Progress(), Reader(Settings(level=SMALL)))
    kg("build", *SAMPLES, "--parts", "p", "--workers", "1", cwd=tmp_path)
    files = [path for path in (tmp_path / "p").rglob("*") if path.is_file() and not path.name.startswith("background")]
    told = found.bytes(stored=False)
    assert told is not None
    assert 0.8 < told / sum(path.stat().st_size for path in files) < 1.25


def test_parts_as_tables_hold_the_same_quads(corpus: Path, whole: Path, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    kg("build", corpus, "--parts", "parts", "--workers", "2", cwd=tmp_path)
    ran = kg("build", corpus, "--parts", "parts", "--parts-format", "parquet", "--workers", "1", cwd=tmp_path)
    assert "\n0 articles read" in f"\n{ran.stderr}"  # what was read is only written otherwise
    assert not list((tmp_path / "parts").glob("part-*.nq.gz"))
    files = [*sorted((tmp_path / "parts").glob("part-*.parquet")), tmp_path / "parts" / "voices.parquet"]
    rows = [row for path in files for row in pq.read_table(path).to_pylist()]
    found = sorted(f"{row['subject']} {row['predicate']} {row['object']} {row['graph']} ." for row in rows)
    assert found == exported(whole)


def test_parts_may_be_smaller_and_hold_the_same(corpus: Path, whole: Path, tmp_path: Path) -> None:
    ran = kg("build", corpus, "--parts", "p", "--part-size", "7", "--workers", "2", cwd=tmp_path)
    parts = sorted((tmp_path / "p").glob("part-*.nq.gz"))
    assert f"{len(parts)} parts" in ran.stderr
    assert len(parts) > 2
    assert lines(tmp_path / "p") == exported(whole)
    before = [path.read_bytes() for path in parts]
    assert "\n0 articles read" in "\n" + kg("build", corpus, "--parts", "p", "--workers", "1", cwd=tmp_path).stderr
    assert [path.read_bytes() for path in parts] == before


def test_a_part_whose_articles_all_have_newer_texts_is_emptied(tmp_path: Path) -> None:
    page = tmp_path / "news" / "rapat.txt"
    page.parent.mkdir()
    for number, name in enumerate(SPELLINGS):
        page.write_text(f"KAJEN - Bupati Pekalongan {name} membuka rapat ke-{number + 1} di Kajen, Senin (3/2/2025).\n")
        ran = kg("build", "news", "--parts", "p", "--workers", "1", cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr
    first, second = sorted((tmp_path / "p").glob("part-*.nq.gz"))
    assert gzip.decompress(first.read_bytes()) == b""
    assert b"sutrisno-hadi" in gzip.decompress(second.read_bytes())


def test_a_store_and_parts_among_the_sources_are_no_sources(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("JAKARTA - Menteri Dalam Negeri Tito Karnavian hadir.\n")
    for target in ("--store", "--parts"):
        assert kg("build", "a.txt", target, target.strip("-"), "--workers", "1", cwd=tmp_path).returncode == 0
    ran = kg("build", ".", "--workers", "1", cwd=tmp_path)
    assert (ran.returncode, ran.stderr.splitlines()[0]) == (0, "1 article read")


# ---------------------------------------------------------------- stopped


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("target", ["--store", "--parts"])
def test_killed_and_gone_on_with_it_is_the_same(target: str, corpus: Path, whole: Path, tmp_path: Path) -> None:
    chance = random.Random(target)
    command = [sys.executable, "-m", "kg", "build", str(corpus), target, "place", "--part-size", "3", "--workers", "2"]
    for _ in range(2):
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, start_new_session=True) as program:
            time.sleep(chance.uniform(0.5, 6))
            program.kill()
        assert left_behind(program.pid) == []
    ran = kg("build", corpus, target, "place", "--part-size", "3", "--workers", "1", cwd=tmp_path)
    assert ran.returncode in (0, 2), ran.stderr
    found = exported(tmp_path / "place") if target == "--store" else lines(tmp_path / "place")
    assert found == exported(whole)


def left_behind(group: int) -> list[int]:
    """The processes of a group that outlive the one that made it, after some seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return []
        time.sleep(0.1)
    return [group]


def listening() -> None:
    """Hear Ctrl-C again: what a shell starts in the background doesn't, the tests themselves perhaps."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals here")
def test_stopped_by_hand_it_says_that_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(1_500):  # not done before it is stopped, however busy the one who does so
        text = f"KAJEN - Bupati Pekalongan Sutrisno Hadi membuka rapat ke-{number} di Kajen, Senin (3/2/2025).\n"
        (tmp_path / "many" / f"{number}.txt").write_text(text)
    command = [sys.executable, "-m", "kg", "build", "many", "--parts", "p", "--workers", "1"]
    pipes = {"stderr": subprocess.PIPE, "text": True, "preexec_fn": listening, "start_new_session": True}
    with subprocess.Popen(command, cwd=tmp_path, **pipes) as program:  # type: ignore[call-overload]
        while program.poll() is None and not (tmp_path / "p" / ".work" / "manifest.sqlite").exists():
            time.sleep(0.01)
        time.sleep(0.3)  # its workers are starting
        os.killpg(program.pid, signal.SIGINT)
        _, told = program.communicate()
    assert program.returncode == 130
    assert "the same command goes on" in told
    assert "Traceback" not in told
    assert left_behind(program.pid) == []


# ---------------------------------------------------------------- what can't be read


def long_text(size: int) -> str:
    sentence = "Menteri Dalam Negeri Tito Karnavian bertemu Gubernur Jawa Tengah Ahmad Luthfi di Semarang. "
    return sentence * (size // len(sentence))


def test_an_article_that_takes_too_long_is_rejected_and_listed(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "berita"
    folder.mkdir()
    (folder / "b.txt").write_text(long_text(400_000))
    for name in ("a", "c"):
        (folder / f"{name}.txt").write_text(f"JAKARTA - Menteri Dalam Negeri Tito Karnavian hadir, {name}.\n")
    ran = kg("build", folder, "--workers", "1", "--time-limit", "1", cwd=tmp_path)
    assert ran.returncode == 2
    assert f"{folder / 'b.txt'}: rejected: takes more than 1 s of processor time" in ran.stderr
    assert "2 articles read, 1 skipped" in ran.stderr
    again = kg("build", folder, "--workers", "1", "--time-limit", "1", cwd=tmp_path)
    assert "\n0 articles read, 2 known already, 1 skipped" in f"\n{again.stderr}"
    assert "rejected: takes more than 1 s" in again.stderr
    listed = kg("store", "manifest", "--rejected", "-f", "jsonl", cwd=tmp_path)
    (row,) = map(json.loads, listed.stdout.splitlines())
    assert row["sources"] == [str(folder / "b.txt")]
    assert row["reason"] == "takes more than 1 s of processor time"


def test_an_article_that_takes_too_much_memory_is_rejected(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    small = Article("JAKARTA - Menteri Dalam Negeri Tito Karnavian hadir.\n", source="a")
    large = Article(long_text(6_000_000), source="b")
    with Workers(1, Settings(limits=Limits(seconds=120, megabytes=300))) as workers:
        articles = [small, small, small, large, small]  # the last three are one task
        found = [result for _, result in workers.read([(each, each) for each in articles])]
    assert [type(each) for each in found] == [Done, Done, Done, Rejected, Done]
    assert isinstance(found[3], Rejected)
    assert "memory" in found[3].reason or "signal" in found[3].reason


def test_where_a_process_ends_all_articles_of_its_task_are_read() -> None:
    small = Article("JAKARTA - Menteri Dalam Negeri Tito Karnavian hadir.\n", source="a")
    with Workers(1, Settings()) as workers:
        assert isinstance(workers.read_one(small), Done)
        (process,) = list(workers.run(os.getpid, [()]))
        found = []
        for number, result in workers.read((number, small) for number in range(60)):
            if number == 10:
                os.kill(process, signal.SIGKILL)
            found.append((number, type(result)))
    assert found == [(number, Done) for number in range(60)]


def test_a_process_that_something_else_ends_is_made_anew() -> None:
    small = Article("JAKARTA - Menteri Dalam Negeri Tito Karnavian hadir.\n", source="a")
    with Workers(1, Settings()) as workers:
        assert isinstance(workers.read_one(small), Done)
        (found,) = list(workers.run(os.getpid, [()]))
        assert found != os.getpid()
        os.kill(found, signal.SIGKILL)
        assert isinstance(workers.read_one(small), Done)


# ---------------------------------------------------------------- any sources, any stops


@dataclass
class Kept:
    """A target in memory: page or file -> text, as it should be after all."""

    saved: dict[str, str] = field(default_factory=dict)  # key -> digest
    waiting: list[tuple[str, str | None]] = field(default_factory=list)
    size: int = 3
    waits: bool = False

    @property
    def is_full(self) -> bool:
        return len(self.waiting) >= self.size

    def holds(self, key: str, digest: str | None, /) -> bool:
        return ({**self.saved, **dict(self.waiting)}).get(key) == digest

    def add(self, article: Article, done: Done) -> int | None:
        self.waiting.append((article.key, done.digest))
        return None

    def add_source(self, article: Article, /) -> None:
        pass

    def drop(self, key: str, _place: int | None, /) -> None:
        self.waiting.append((key, None))

    def flush(self) -> None:
        for key, digest in self.waiting:
            self.saved[key] = digest or ""
            if digest is None:
                del self.saved[key]
        self.waiting = []

    def finish(self) -> None:
        pass


class Here:
    """Reads in this process; ``stop`` items are read, then it is as if the machine went off."""

    def __init__(self, stop: int | None = None) -> None:
        self._reader, self._stop = Reader(Settings(level=QUICK)), stop

    def _read(self, article: Article) -> Done | Rejected:
        return Rejected("the fourth one") if article.text == POISON else self._reader.read(article)

    def read(
        self, items: Iterable[tuple[Article | Unread, Article | None]], /
    ) -> Iterator[tuple[Article | Unread, Done | Rejected | None]]:
        for number, (item, article) in enumerate(items):
            if number == self._stop:
                raise Off
            yield item, self._read(article) if article else None

    def read_one(self, article: Article, /) -> Done | Rejected:
        return self._read(article)


class Off(Exception):
    """The machine went off."""


PAGES = st.integers(0, 3)
TEXTS = st.integers(0, 4)
POISON = "Berita nomor 4."
"""What can't be read: the older text of its page stays."""


@given(st.lists(st.tuples(PAGES, TEXTS), max_size=14), st.lists(st.integers(0, 14), max_size=4), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_any_stops_end_as_none(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[int, int]], stops: list[int], size: int
) -> None:
    articles = [Article(f"Berita nomor {text}.", url=f"https://contoh.example/{page}") for page, text in items]
    ends = []
    for every in ([], stops):
        path = tmp_path_factory.mktemp("stops") / "manifest.sqlite"
        saved: dict[str, str] = {}
        for stop in [*every, None]:
            with Manifest(path, "the same") as manifest:
                target = Kept(saved, size=size)
                plan = Plan(manifest, lambda _: "the same", target.holds)
                try:
                    build(lambda: iter(articles), Here(stop), plan, target, Account())
                except Off:
                    continue
        ends.append((saved, held(path, articles)))
    assert ends[0] == ends[1]
    with Manifest(path, "the same") as manifest:
        again, before = Account(), dict(saved)
        target = Kept(saved, size=size)
        build(lambda: iter(articles), Here(), Plan(manifest, lambda _: "the same", target.holds), target, again)
        assert (again.articles, saved) == (0, before)
    last = {source_of(article): article.key for article in articles if article.text != POISON}
    assert set(ends[0][0]) == set(last.values())  # of each page the last text, and no other


def test_an_older_text_comes_back_although_a_later_one_was_rejected_before_a_stop(tmp_path: Path) -> None:
    pages = [(0, 0), (0, 1), (0, 0), (0, 4), (1, 2), (2, 3)]  # of the first page text 0, 1, 0 again, and one unreadable
    articles = [Article(f"Berita nomor {text}.", url=f"https://contoh.example/{page}") for page, text in pages]
    ends = []
    for name, stops in (("whole", [None]), ("stopped", [5, None])):
        saved: dict[str, str] = {}
        for stop in stops:
            with Manifest(tmp_path / f"{name}.sqlite", "the same") as manifest, contextlib.suppress(Off):
                target = Kept(saved, size=1)
                plan = Plan(manifest, lambda _: "the same", target.holds)
                build(lambda: iter(articles), Here(stop), plan, target, Account())
        ends.append(saved)
    assert articles[0].key in ends[0]
    assert ends[0] == ends[1]


def test_a_build_that_was_stopped_begins_anew_where_articles_are_read_otherwise(tmp_path: Path) -> None:
    own = tmp_path / "nama.csv"
    own.write_text("kind,name\nbody,Badan Rekaan Nusantara\n")
    word = Acceptance("Sari", "2025-02-03", "benar", frozenset({"urn:shape"}))
    ways = [
        Settings(),
        Settings(names=(own,)),
        Settings(base="https://contoh.example/"),
        Settings(accepted={"x": word}),
    ]
    found = [Fingerprints(each).of_all for each in ways]
    assert len(set(found)) == len(ways)
    assert found[0] == Fingerprints(Settings(limits=Limits(seconds=1))).of_all  # limits change no graph


def held(path: Path, articles: list[Article]) -> Mapping[str, list[str]]:
    with Manifest(path, "another") as manifest:
        return {
            url: [pair.key for pair in manifest.held_by(url)] for url in {source_of(each) or "" for each in articles}
        }


def test_what_is_unread_is_noted_and_goes_with_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "rusak.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "a.txt").write_text("JAKARTA - Menteri Dalam Negeri Tito Karnavian hadir.\n")
    ran = kg("build", "rusak.pdf", "a.txt", "--workers", "1", cwd=tmp_path)
    assert ran.returncode == 2
    listed = kg("store", "manifest", "--rejected", cwd=tmp_path)
    assert "rusak.pdf" in listed.stdout
    kg("build", "a.txt", "--workers", "1", cwd=tmp_path)
    assert "rusak.pdf" not in kg("store", "manifest", "--rejected", cwd=tmp_path).stdout


def test_a_manifest_lists_each_text_with_all_pages_that_have_or_had_it(tmp_path: Path) -> None:
    path = tmp_path / "manifest.sqlite"
    with Manifest(path, "build") as manifest:
        manifest.note(
            Row("c", "rejected", "s", "z", "too long"),
            Row("b", "done", "s", "x"),
            Row("a", "replaced", "s", "x"),
            Pair("y", "b", "k", holds=True),
            Pair("x", "a", "k", holds=False),
            Pair("x", "b", "k", holds=True),
        )
        manifest.note_unread("rusak.pdf", "no PDF")
        manifest.save()
    unread = Listed(None, "unread", "no PDF", ("rusak.pdf",))
    rejected = Listed("c", "rejected", "too long", ())
    replaced, done = Listed("a", "replaced", None, ("x",)), Listed("b", "done", None, ("x", "y"))
    assert list(listed(path)) == [replaced, done, rejected, unread]
    assert list(listed(path, rejected=True)) == [rejected, unread]
