"""The store: one transaction an article, nothing lost, nothing left behind; and graph files in memory."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import rdf, store
from kg import vocabulary as v
from kg.errors import GraphError, InputError, KgError, NothingFound, StoreError
from kg.model import Argument, Article, Claim, Entity, Evidence, Kind, Label, Relation
from kg.store.checking import check
from kg.store.evidence import wrong_evidence
from kg.store.published import published, quad_order

DATA = Path(__file__).parent / "data"
SRC = Path(__file__).parents[1] / "src"
BASE = v.DEFAULT_BASE
IDS = rdf.Ids(BASE)
SURABAYA = Entity(Kind.CITY, "place/35.78", Label("Kota Surabaya"))
MEETING = Entity(Kind.MEETING, "meeting/forum-air-2026-05-03", Label("Forum Air"))


def article(number: int, source: str = "-", title: str | None = None) -> Article:
    """An article that states the same as any other, in another text."""
    return Article(f"Forum Air digelar di Kota Surabaya. Berita {number}: “kata \\ kata”.", source=source, title=title)


def held_in(confidence: str = "0.9") -> Claim:
    place = ("place", Argument(SURABAYA, Evidence(21, 34)))
    meeting = ("meeting", Argument(MEETING, Evidence(0, 9)))
    return Claim(Relation.HELD_IN, (meeting, place), Evidence(10, 17), "test.rule", Decimal(confidence))


def quads(one: Article, confidence: str = "0.9") -> list[ox.Quad]:
    return rdf.to_graphs(one, [held_in(confidence)], [], BASE).quads()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without articles; opened ones are made from it, for reference data take their time."""
    path = tmp_path_factory.mktemp("stores") / "empty"
    store.open_store(path, create=True).close()
    return path


@pytest.fixture
def opened(empty: Path, tmp_path: Path) -> Iterator[store.Store]:
    with copy_of(empty, tmp_path / "kg-store") as made:
        yield made


def copy_of(empty: Path, path: Path) -> store.Store:
    shutil.copytree(empty, path)
    return store.open_store(path)


def states(opened: store.Store) -> bool:
    triple = (IDS.node(MEETING.key), v.LOCATION, IDS.node(SURABAYA.key))
    return any(opened.dataset.quads_for_pattern(*triple, None))


def test_an_article_is_added_then_unchanged_then_replaced(opened: store.Store) -> None:
    one = article(1)
    assert opened.put(one, quads(one)) == "added"
    assert opened.put(one, quads(one)[::-1]) == "unchanged"
    assert opened.published() == quads(one)
    assert opened.put(one, quads(one, "0.5")) == "replaced"
    assert opened.published() == quads(one, "0.5")
    assert opened.text(one.key) == one.text


def test_a_fact_of_two_articles_goes_with_the_last(opened: store.Store) -> None:
    first, second = article(1), article(2)
    for one in (first, second):
        opened.put(one, quads(one))
    opened.remove(first.key)
    assert states(opened)
    opened.remove(second.key)
    assert not states(opened)
    assert opened.published() == []


def test_a_new_text_of_the_same_page_or_file_replaces_the_old(opened: store.Store) -> None:
    old, new = article(1, source="berita.txt"), article(2, source=os.path.abspath("berita.txt"))
    opened.put(old, quads(old))
    assert opened.put(new, quads(new)) == "replaced"
    assert [kept.key for kept in opened.articles()] == [new.key]
    assert opened.published() == quads(new)


def test_a_text_that_another_file_still_has_stays(opened: store.Store) -> None:
    here, there, new = article(1, "a.txt"), article(1, "b.txt"), article(2, "a.txt")
    assert opened.put(here, quads(here)) == "added"
    assert opened.put(there, quads(there)) == "unchanged"
    assert opened.put(new, quads(new)) == "added"
    assert {kept.key: kept.sources for kept in opened.articles()} == {
        here.key: (os.path.abspath("b.txt"),),
        new.key: (os.path.abspath("a.txt"),),
    }


def test_standard_input_replaces_nothing(opened: store.Store) -> None:
    first, second = article(1), article(2)
    assert [opened.put(one, quads(one)) for one in (first, second)] == ["added", "added"]
    assert len(opened.articles()) == 2


@pytest.mark.parametrize("name", ["key", "id", "title", "source", "relative source"])
def test_an_article_is_removed_by_any_of_its_names(opened: store.Store, name: str) -> None:
    one = article(1, "berita.txt", "Forum Air")
    opened.put(one, quads(one))
    names = {
        "key": one.key,
        "id": IDS.article(one).value,
        "title": "Forum Air",
        "source": os.path.abspath("berita.txt"),
        "relative source": "berita.txt",
    }
    assert opened.remove(names[name]) == one.key
    assert opened.articles() == []


@pytest.mark.parametrize("name", ["reference", "ontology", "store"])
def test_only_articles_and_datasets_are_removed(opened: store.Store, name: str) -> None:
    before = len(opened.dataset)
    assert f"no article '{BASE}id/{name}'" in error_of(lambda: opened.remove(f"{BASE}id/{name}"))
    assert len(opened.dataset) == before


def test_a_title_of_several_articles_or_of_none_removes_nothing(opened: store.Store) -> None:
    for one in (article(1, title="Forum"), article(2, title="Forum")):
        opened.put(one, quads(one))
    with pytest.raises(InputError, match=article(1).key):
        opened.remove("Forum")
    with pytest.raises(NothingFound, match="Rapat"):
        opened.remove("Rapat")
    assert len(opened.articles()) == 2


ACTIONS = st.lists(st.tuples(st.sampled_from(["put", "remove"]), st.integers(0, 3), st.sampled_from(["0.5", "0.9"])))


@pytest.fixture(scope="module")
def shared(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[store.Store]:
    with copy_of(empty, tmp_path_factory.mktemp("stores") / "shared") as made:
        yield made


@settings(max_examples=25, deadline=None)
@given(ACTIONS)
def test_what_is_left_is_what_a_fresh_build_gives(shared: store.Store, actions: Sequence[tuple[str, int, str]]) -> None:
    for kept in shared.articles():
        shared.remove(kept.key)
    left: dict[int, str] = {}
    for action, number, confidence in actions:
        if action == "put":
            before = left.get(number)
            outcome = shared.put(article(number), quads(article(number), confidence))
            assert outcome == ("added" if before is None else "unchanged" if before == confidence else "replaced")
            left[number] = confidence
        elif left.pop(number, None):
            shared.remove(article(number).key)
    fresh = [quad for number, confidence in left.items() for quad in quads(article(number), confidence)]
    assert shared.published() == sorted(fresh, key=quad_order)
    assert check(shared) == []


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1))
def test_any_text_is_kept_as_it_is(shared: store.Store, text: str) -> None:
    for kept in shared.articles():
        shared.remove(kept.key)
    one = Article(text, title=text)
    shared.put(one, rdf.to_graphs(one, [], [], BASE).quads())
    assert shared.text(one.key) == text
    assert shared.published() == rdf.to_graphs(one, [], [], BASE).quads()


def test_reference_data_and_ontology_are_there_and_not_published(opened: store.Store) -> None:
    names = {graph.value.removeprefix(BASE + "id/") for graph in opened.dataset.named_graphs()}
    assert names == {"reference", "ontology", "store"}
    assert opened.published() == []


def test_reference_data_can_be_published_and_where_articles_lay_cannot(opened: store.Store) -> None:
    one = article(1, source="berita.txt")
    opened.put(one, quads(one))
    found = published(opened.dataset, reference=True)
    names = {str(quad.graph_name).removeprefix(f"<{BASE}id/").split("/")[0] for quad in found}
    assert names == {"reference>", "ontology>", "article"}
    assert not any("berita.txt" in str(quad) or quad.predicate == v.IS_STRING for quad in found)


def test_a_graph_without_names_is_published_whole() -> None:
    dataset = ox.Store()
    dataset.extend(ox.Quad(*quad.triple) for quad in quads(ONE))
    assert {quad.triple for quad in published(dataset)} == {quad.triple for quad in quads(ONE)}


def test_other_reference_data_replaces_what_was_there(opened: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = IDS.node("reference")
    new = ox.Quad(IDS.node(SURABAYA.key), v.PREF_LABEL, ox.Literal("Surabaya", language="id"), graph)
    path, one = opened.path, article(1)
    opened.put(one, quads(one))
    opened.close()
    monkeypatch.setattr("kg.reference.load", lambda: SimpleNamespace(hash="other"))
    monkeypatch.setattr("kg.reference.quads", lambda _base: [new])
    with store.open_store(path) as again:
        assert list(again.dataset.quads_for_pattern(None, None, None, graph)) == [new]
        assert again.published() == quads(one)
        assert again.refresh() == []


def test_the_log_says_what_was_done_and_when(opened: store.Store) -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    old, new = article(1, "a.txt"), article(2, "a.txt")
    opened.put(old, quads(old))
    opened.put(new, quads(new))
    opened.remove(new.key)
    entries = opened.log()[-3:]
    assert [{k: e[k] for k in e if k not in ("time", "version")} for e in entries] == [
        {"action": "put", "article": old.key, "outcome": "added", "quads": len(quads(old))},
        {"action": "put", "article": new.key, "outcome": "replaced", "quads": len(quads(new)), "replaces": [old.key]},
        {"action": "remove", "article": new.key, "outcome": "removed", "quads": 0},
    ]
    assert all(dt.datetime.fromisoformat(str(entry["time"])) >= before for entry in entries)


@pytest.mark.parametrize("rest", [b'{"time": "20', "Jakarta – Ménteri".encode()[:-4], b"\xe2\x80", b"[1]"])
def test_a_log_line_that_was_cut_off_is_passed_over_and_takes_no_other_with_it(
    opened: store.Store, rest: bytes
) -> None:
    for number in (1, 2):
        one = article(number)
        opened.put(one, quads(one))
        with (opened.path / "log.jsonl").open("ab") as log:
            log.write(rest)
    assert [entry["article"] for entry in opened.log()] == [article(1).key, article(2).key]


def test_a_reader_sees_the_store_beside_a_writer_and_cannot_write(opened: store.Store) -> None:
    one = article(1)
    opened.put(one, quads(one))
    with store.open_store(opened.path, read_only=True) as reader:
        assert reader.published() == quads(one)
        with pytest.raises(StoreError, match="read-only"):
            reader.put(one, quads(one, "0.5"))
        with pytest.raises(StoreError, match="read-only"):
            reader.remove(one.key)


def test_a_second_writer_is_told_who_writes(opened: store.Store) -> None:
    code = f"from kg.store import open_store\nopen_store({str(opened.path)!r})"
    found = run(code)
    assert found.returncode == 1
    assert re.search(rf"process {os.getpid()} \(.+\) is writing to it", found.stderr.splitlines()[-1])


def test_a_store_that_is_opened_anew_is_the_same(opened: store.Store) -> None:
    one, other = article(1), article(2)
    opened.put(one, quads(one))
    opened.reopen()
    assert opened.published() == quads(one)
    assert opened.put(one, quads(one)) == "unchanged"
    assert opened.put(other, quads(other)) == "added"
    assert [kept.key for kept in opened.articles()] == sorted([one.key, other.key])


def test_nobody_gets_a_store_while_its_writer_opens_it_anew(opened: store.Store) -> None:
    one = article(1)
    opened.put(one, quads(one))
    code = f"""
from pathlib import Path
from kg.errors import InUse
from kg.store import open_store
while not Path({str(opened.path.with_name("over"))!r}).exists():
    try:
        open_store({str(opened.path)!r})
    except InUse:
        print("refused", flush=True)
    else:
        print("got it", flush=True)
        break
"""
    greedy = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(SRC)}, stdout=subprocess.PIPE, text=True
    )
    with greedy:
        assert greedy.stdout is not None
        assert greedy.stdout.readline() == "refused\n"
        for _ in range(30):
            opened.reopen()
        opened.path.with_name("over").touch()
        assert "got it" not in greedy.stdout.read()
    assert opened.published() == quads(one)


@pytest.mark.skipif(os.name != "posix", reason="a process can't be asked here whether it lives")
def test_who_gets_a_store_of_one_that_returns_leaves_it_while_that_one_lives(opened: store.Store) -> None:
    opened.close()
    note = opened.path / "writer.json"
    note.write_text(json.dumps({"pid": os.getppid(), "program": "kg build", "returns": True}), "utf-8")
    message = error_of(lambda: store.open_store(opened.path))
    assert f"process {os.getppid()} (kg build) is writing to it" in message
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    note.write_text(json.dumps({"pid": gone.pid, "program": "kg build", "returns": True}), "utf-8")
    store.open_store(opened.path).close()


def test_a_damaged_store_is_named_in_one_line(opened: store.Store) -> None:
    one = article(1)
    opened.put(one, quads(one))
    opened.close()
    for manifest in (opened.path / "graph").glob("MANIFEST*"):
        manifest.write_bytes(b"broken")
    for read_only in (False, True):
        message = error_of(lambda ro=read_only: store.open_store(opened.path, read_only=ro))  # type: ignore[misc]
        assert "damaged" in message


def error_of(action: object) -> str:
    with pytest.raises(KgError) as caught:
        action()  # type: ignore[operator]
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "damaged"), ('{"format": 99, "base": "x"}', "format 99"), ('{"base": "x"}', "damaged")],
)
def test_a_store_of_another_format_is_refused(empty: Path, tmp_path: Path, content: str, words: str) -> None:
    copy_of(empty, tmp_path / "kg-store").close()
    (tmp_path / "kg-store" / "format.json").write_text(content, "utf-8")
    assert words in error_of(lambda: store.open_store(tmp_path / "kg-store"))


def test_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("x", "utf-8")
    assert "kg build ARTICLE.txt --store" in error_of(lambda: store.open_store(tmp_path / "none"))
    assert "a file, no store" in error_of(lambda: store.open_store(tmp_path / "file", create=True))
    assert "format.json is missing" in error_of(lambda: store.open_store(tmp_path / "folder", create=True))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_another_base_is_another_store(opened: store.Store) -> None:
    opened.close()
    assert BASE in error_of(lambda: store.open_store(opened.path, base="https://lain.example/"))


def test_an_empty_folder_becomes_a_store(empty: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    with store.open_store(made, create=True, base="https://lain.example/") as opened:
        assert opened.base == "https://lain.example/"
        assert empty.exists()


def test_check_finds_words_that_are_not_the_texts_and_a_lost_text(opened: store.Store) -> None:
    one = article(1)
    opened.put(one, quads(one))
    assert check(opened) == []
    graph = IDS.provenance(one)
    (quad,) = opened.dataset.quads_for_pattern(None, v.ANCHOR_OF, ox.Literal("digelar"), graph)
    opened.dataset.remove(quad)
    opened.dataset.add(ox.Quad(quad.subject, v.ANCHOR_OF, ox.Literal("digeser"), graph))
    assert check(opened) == [f"evidence {quad.subject}: the text has 'digelar' there, not 'digeser'"]
    (text,) = opened.dataset.quads_for_pattern(None, v.IS_STRING, None, graph)
    opened.dataset.remove(text)
    assert check(opened) == [f"{IDS.article(one).value}: its text is missing; read the article again"]


def run(code: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_a_full_disk_is_told_and_leaves_the_store_as_it_was(empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "kg-store"
    with copy_of(empty, path) as opened:
        one = article(1)
        opened.put(one, quads(one))
    code = (
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from kg.store import open_store; from kg.model import Article; from kg.rdf import to_graphs\n"
        f"opened = open_store({str(path)!r})\n"
        "for number in range(100):\n"
        "    one = Article(f'{number} ' + 'kata ' * 20000)\n"
        "    opened.put(one, to_graphs(one, [], [], opened.base).quads())\n"
    )
    limit = 2_000_000  # bytes a file may have: more than opening needs, less than the hundred texts

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    found = run(code, preexec_fn=small_disk)
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1].startswith("kg.errors.StoreError: ")
    with store.open_store(path) as opened:
        assert check(opened) == []
        assert set(quads(article(1))) <= set(opened.published())


# ---------------------------------------------------------------- graph files

ONE = article(1)
KINDS = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


def written(kind: str) -> bytes:
    known = KINDS[kind]
    found = [quad if known.supports_datasets else quad.triple for quad in quads(ONE)]
    return ox.serialize(found, format=known) or b""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_format_is_read(tmp_path: Path, kind: str, packed: bool) -> None:
    path = tmp_path / (f"graph.{kind}.gz" if packed else f"graph.{kind}")
    path.write_bytes(gzip.compress(written(kind)) if packed else written(kind))
    dataset = store.load_dataset(path)
    reference = IDS.node("reference")
    assert any(dataset.quads_for_pattern(None, None, None, reference))
    found = {rdf.as_written(quad).triple for quad in dataset if quad.graph_name != reference}
    assert found == {quad.triple for quad in quads(ONE)}


@pytest.mark.parametrize("kind", KINDS)
def test_standard_input_is_recognised(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(written(kind))))
    dataset = store.load_dataset("-")
    assert any(dataset.quads_for_pattern(IDS.node(MEETING.key), v.LOCATION, None, None))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ttl", b"<a:b> <a:c>\n <a:d> .\n <a:b> x", "a.ttl line 3: not valid Turtle: x is not a valid predicate"),
        ("a.nq", b"<a:b> <a:c> .\n", "a.nq line 1"),
        ("a.jsonld", b'{"@id":\n', "a.jsonld line "),
        ("a.jsonld", b'{"@context": "https://example.org/c", "a": 1}', "a.jsonld"),
        ("a.rdf", b"hello", "a.rdf"),
        ("a.ttl", b"\xff\xfe\x00", "a.ttl line 1"),
        ("a.csv", b"a,b", "unknown ending '.csv'"),
        ("a.ttl.gz", b"no gzip", "no whole gzip file"),
        ("a.ttl.gz", gzip.compress(b"<a:b> <a:c> <a:d> .", mtime=0)[:-9], "no whole gzip file"),
    ],
)
def test_a_bad_graph_file_is_told_in_one_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in error_of(lambda: store.load_dataset(tmp_path / name))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "can't be read" in error_of(lambda: store.load_dataset(tmp_path / "none.ttl"))
    assert "--store" in error_of(lambda: store.load_dataset(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"digelar"', '"digelar "', "8 characters of words at a place of 7"),
        ('endIndex> "17"', 'endIndex> "18"', "7 characters of words at a place of 8"),
    ],
)
def test_evidence_that_was_changed_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = written("nq").decode()
    assert old in text
    (tmp_path / "a.nq").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(GraphError, match=words):
        store.load_dataset(tmp_path / "a.nq")


def test_the_fixture_loads() -> None:
    dataset = store.load_dataset(DATA / "sample.trig")
    assert wrong_evidence(dataset) == []
