"""Printings of one text are one voice: whatever came when, taken back or not; sources stay apart, counts say both."""

from __future__ import annotations

import csv
import gc
import io
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import unicodedata
import weakref
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from command import kg
from kg import query, view
from kg import vocabulary as v
from kg.cli import cli
from kg.model import Article
from kg.rdf import Ids
from kg.store import Store, open_store
from kg.view import keeping
from kg.voices import grouping
from kg.voices.index import Index, Place
from kg.voices.keeping import NAME, Report, Voices, update
from kg.voices.text import BAND, share, shingles, signature
from kg.voices.text import settings as of_texts

IDS = Ids(v.DEFAULT_BASE)
ARTICLES = Path(__file__).resolve().parents[1] / "data" / "articles"


def released(number: int = 0) -> str:
    """A text of some length; another number is another one altogether."""
    dice = random.Random(number)
    words = ["".join(dice.choices("abdegiklmnoprstu", k=2 + dice.randrange(8))) for _ in range(220)]
    lines = [" ".join(words[at : at + 20]).capitalize() + "." for at in range(0, len(words), 20)]
    return "\n\n".join(lines)


def texts() -> list[str]:
    return [(path.read_text("utf-8").partition("---\n")[2].partition("---\n")[2] or path.read_text("utf-8")).strip()
            for path in sorted(ARTICLES.glob("*.txt"))]  # fmt: skip


# ---------------------------------------------------------------- texts


def headline(text: str, _: random.Random) -> str:
    return f"Judul lain yang dipilih redaksi\n\n{text.partition(chr(10))[2].lstrip() or text}"


def dateline(text: str, _: random.Random) -> str:
    return f"KOMPAS.com - BANDUNG, 3 Mei 2024 — {text}"


def cut_tail(text: str, dice: random.Random) -> str:
    words = text.split(" ")
    return " ".join(words[: len(words) - dice.randrange(len(words) // 6)])


def added(text: str, dice: random.Random) -> str:
    return f"{text}\n\n{' '.join(released(dice.randrange(10**6)).split()[: len(text.split()) // 6])}"


def quotes(text: str, _: random.Random) -> str:
    return text.replace('"', "”").replace("“", '"').replace("'", "’").replace(" - ", " – ")


def lines(text: str, dice: random.Random) -> str:
    return "".join("\n" if each == " " and dice.random() < 0.1 else each for each in text)


def slips(text: str, dice: random.Random) -> str:
    """What reading a scan makes of a word in a hundred."""
    alike = {"l": "1", "o": "0", "m": "rn", "i": "l", "e": "c"}
    words = text.split(" ")
    for at in dice.sample(range(len(words)), len(words) // 100):
        words[at] = "".join(alike.get(each, each) for each in words[at])
    return " ".join(words)


def capitals(text: str, _: random.Random) -> str:
    return "\n".join(line.upper() if at == 0 else line for at, line in enumerate(text.split("\n")))


CHANGES = (headline, dateline, cut_tail, added, quotes, lines, slips, capitals)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(texts()), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3, unique=True), st.integers())
def test_a_text_as_other_outlets_print_it_is_the_same(text: str, changes: Sequence[object], seed: int) -> None:
    printed = text
    for change in changes:
        printed = change(printed, random.Random(seed))  # type: ignore[operator]
    assert share(shingles(text), shingles(printed)) >= of_texts().alike


def test_articles_of_different_texts_are_not_the_same() -> None:
    """Those of the samples tell of the same persons and bodies."""
    found = [shingles(text) for text in texts()]
    assert all(share(a, b) < of_texts().alike / 2 for at, a in enumerate(found) for b in found[at + 1 :])


def test_a_short_text_is_like_no_other() -> None:
    short = "Wali Kota Semarang membuka rapat koordinasi di Balai Kota, Senin."
    assert (signature(short), share(shingles(short), shingles(short))) == (b"", 0.0)


@given(st.text(max_size=2000))
def test_any_text_has_a_signature_and_is_like_itself(text: str) -> None:
    made = signature(text)
    assert len(made) in (0, BAND * of_texts().bands)
    assert made == signature(unicodedata.normalize("NFD", text)) == signature(f"  {text}\n")
    assert share(shingles(text), shingles(text)) in (0.0, 1.0)


def test_a_signature_is_the_same_in_another_process() -> None:
    code = "import sys; from kg.voices.text import signature; print(signature(sys.stdin.read()).hex())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], input=released(), capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "PATH": ""},
        ).stdout.strip()
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs == [signature(released()).hex()] * 2


# ---------------------------------------------------------------- groups


Links = frozenset[tuple[int, int]]
NUMBERS = range(9)
DAYS = st.lists(st.sampled_from(["2024-01-01", "2024-01-02", "2024-01-03", "9999"]), min_size=9, max_size=9)
LINKS = st.sets(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)).filter(lambda pair: pair[0] < pair[1]))


def bands_of(number: int, links: Iterable[tuple[int, int]]) -> bytes:
    """A band for each link, so that what is linked is found."""
    own = [a * 100 + b for a, b in sorted(links) if number in (a, b)]
    return b"".join(each.to_bytes(BAND, "little") for each in own)


def by_the_rule(days: Mapping[int, str], links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The voices as they are defined, in the plainest way."""
    pairs = {*links, *((b, a) for a, b in links)}
    found: dict[int, int] = {}
    for number in sorted(days, key=lambda each: (days[each], each)):
        firsts = [each for each, voice in found.items() if voice == each and (number, each) in pairs]
        found[number] = firsts[0] if firsts else number
    return found


def voices_of(index: Index) -> dict[int, int]:
    return {key: entry.voice for key in index.every() if (entry := index.find(key)) is not None}


@settings(deadline=None, max_examples=150)
@given(DAYS, LINKS, st.data())
def test_voices_follow_from_the_articles_and_not_from_what_came_when(
    days: list[str], links: set[tuple[int, int]], data: st.DataObject
) -> None:
    """Added and removed in any order and in any parts, the index has what the rule says of what is there."""
    index = Index(Path(":memory:"), "1")
    places = {number: Place(days[number], number) for number in NUMBERS}
    alike = {*links, *((b, a) for a, b in links)}
    there: set[int] = set()
    for _ in range(data.draw(st.integers(1, 4))):
        coming = data.draw(st.sets(st.sampled_from(NUMBERS))) - there
        going = data.draw(st.sets(st.sampled_from(sorted(there)))) if there else set[int]()
        index.add([(places[number], bands_of(number, links)) for number in coming])
        for number in going:
            entry = index.find(number)
            assert entry is not None
            index.remove(entry)
        grouping.settle(index, lambda a, b: (a, b) in alike)
        there = there - going | coming
        assert voices_of(index) == by_the_rule({number: days[number] for number in there}, links)
        told = index.changed(1000)
        index.told(told)
    index.close()


def test_a_chain_of_small_changes_is_not_one_voice(tmp_path: Path) -> None:
    """a is like b and b like c, while a and c differ: c, which isn't like the first of b's voice, is a voice itself."""
    index = Index(tmp_path / "i.sqlite", "1")
    links = {(1, 2), (2, 3)}
    index.add([(Place(f"2024-01-0{number}", number), bands_of(number, links)) for number in (1, 2, 3)])
    grouping.settle(index, lambda a, b: (min(a, b), max(a, b)) in links)
    assert voices_of(index) == {1: 1, 2: 1, 3: 3}
    index.close()


# ---------------------------------------------------------------- a store


def article(text: str, day: str | None = None, name: str = "") -> Article:
    return Article(text, source=f"{name or hash(text)}.txt", title=name or None)


def put(store: Store, text: str, day: str | None = None) -> NamedNode:
    one = article(text, day)
    node = IDS.article(one)
    quads = [Quad(node, v.TYPE, v.NEWS_ARTICLE, node)]
    quads += [Quad(node, v.DATE_PUBLISHED, Literal(day, datatype=v.DATE), node)] if day else []
    store.put(one, quads)
    return node


def told(store: Store) -> dict[str, str]:
    """Article -> voice, as the store tells it."""
    rows = store.dataset.quads_for_pattern(None, v.VOICE, None, None)
    return {str(row.subject): str(row.object) for row in rows}


def printings(count: int, number: int = 0) -> list[str]:
    return [dateline(released(number), random.Random()).replace("KOMPAS.com", f"Media {each}") for each in range(count)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "kg-store"
    with keeping.writing(path, create=True):
        pass
    return path


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterable[Store]:
    shutil.copytree(empty, tmp_path / "kg-store")
    with open_store(tmp_path / "kg-store") as opened:
        yield opened


def test_the_earliest_article_names_the_voice(store: Store) -> None:
    first, second, third = printings(3)
    nodes = [put(store, first, "2024-05-03"), put(store, second, "2024-05-02"), put(store, third)]
    alone = put(store, released(7), "2024-05-01")
    assert update(store) == Report(4, 2)
    assert told(store) == {str(node): str(nodes[1]) for node in nodes}
    assert str(alone) not in told(store)
    graphs = {row.graph_name.value for row in store.dataset.quads_for_pattern(None, v.VOICE, None, None)}  # type: ignore[union-attr]
    assert graphs == {f"{v.DEFAULT_BASE}id/voices/{nodes[1].value[-16:]}"}


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(8)), st.sets(st.integers(1, 7)), st.sets(st.integers(0, 7)))
def test_a_store_has_the_voices_of_what_is_in_it(
    store: Store, order: list[int], stops: set[int], gone: set[int]
) -> None:
    """Put in any order, in any parts, some of it taken back; and the same from a fresh start."""
    found = [*printings(4), *printings(3, 1), released(9)]
    days = ["2024-05-02", "2024-05-02", None, "2024-05-01", "2024-06-01", "2024-06-02", "2024-06-02", None]
    nodes = [IDS.article(article(text)) for text in found]
    for at, number in enumerate(order):
        put(store, found[number], days[number])
        if at in stops:
            update(store)
    for number in gone:
        store.remove(nodes[number].value[-16:])
    update(store)
    expected = {}
    for group in ({0, 1, 2, 3} - gone, {4, 5, 6} - gone):
        first = min(group, key=lambda each: (days[each] or "9999", str(nodes[each])), default=0)
        expected |= {str(nodes[each]): str(nodes[first]) for each in group if len(group) > 1}
    assert told(store) == expected
    with Voices(store) as voices:
        voices.rebuild()
    assert told(store) == expected
    for kept in store.articles():
        store.remove(kept.key)


def test_signatures_of_workers_are_taken_as_they_are(store: Store) -> None:
    """Those of the texts are not made: here they are wrong, and nothing is found."""
    found = printings(2)
    for text in found:
        put(store, text)
    given_ = {article(text).key: signature(released(at)) for at, text in enumerate(found)}
    assert update(store, given_) == Report(2, 0)


def test_what_waits_is_grouped_at_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a build are noted, however often their view was filled meanwhile; or grouped, where they are many."""
    update(store)
    nodes = [put(store, text) for text in printings(3)]
    assert update(store, may_wait=True) == Report(3, 0)
    store.unchanged()
    store.remove(nodes[0].value[-16:])
    assert update(store, may_wait=True) == Report(1, 0)
    store.unchanged()
    assert told(store) == {}
    assert update(store) == Report(3, 1)
    assert told(store).keys() == {str(node) for node in nodes[1:]}
    monkeypatch.setattr("kg.voices.keeping.FEW", 1)
    put(store, printings(3)[0])
    update(store, may_wait=True)
    assert told(store).keys() == {str(node) for node in nodes}


def test_what_is_remembered_of_texts_goes_with_who_asked(store: Store) -> None:
    gc.disable()  # it is far from each time that a build of many articles looks for cycles
    try:
        with Voices(store) as voices:
            voices.update()
            gone = weakref.ref(voices)
        del voices
        assert gone() is None
    finally:
        gc.enable()


def test_another_date_of_the_same_text_moves_the_voice(store: Store) -> None:
    a, b = (put(store, text, day) for text, day in zip(printings(2), ("2024-05-01", "2024-05-02"), strict=True))
    update(store)
    assert set(told(store).values()) == {str(a)}
    put(store, printings(2)[0], "2024-05-03")
    update(store)
    assert set(told(store).values()) == {str(b)}


def test_voices_are_shown_and_published_and_no_graph_of_an_article_changes(store: Store) -> None:
    nodes = [put(store, text) for text in printings(2)]
    before = [set(store.dataset.quads_for_pattern(None, None, None, node)) for node in nodes]
    update(store)
    keeping.keep_up(store)
    assert [set(store.dataset.quads_for_pattern(None, None, None, node)) for node in nodes] == before
    first = min(nodes, key=str)
    shown = keeping.opened(store.path).query(f"ASK {{ {nodes[0]} {v.VOICE} {first} }}")
    assert bool(shown)
    assert any(quad.predicate == v.VOICE for quad in store.published())
    assert len(store.articles()) == 2
    store.remove(nodes[0].value[-16:])
    update(store)
    keeping.keep_up(store)
    assert told(store) == {}
    left = keeping.opened(store.path)
    assert not bool(left.query(f"ASK {{ ?any {v.VOICE} ?first }}"))
    named = {quad for quad in view.quads(store.dataset) if quad.predicate == v.VOICE}
    assert named == set()


# ---------------------------------------------------------------- stops and damage


def test_what_a_stop_left_undone_is_made_up_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grouped and not yet told, or not even grouped: the next update tells all."""
    nodes = [put(store, text) for text in printings(3)]

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for owner, name in ((Voices, "_settle"), (Voices, "_tell"), (Store, "change")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, stop)
            with pytest.raises(KeyboardInterrupt):
                update(store)
        assert told(store) == {}
    update(store)
    assert told(store).keys() == {str(node) for node in nodes}


@pytest.mark.parametrize("damage", ["gone", "no database", "cut", "older"])
def test_the_index_is_made_anew_from_the_store(store: Store, damage: str) -> None:
    nodes = [put(store, text) for text in printings(3)]
    update(store)
    keeping.keep_up(store)
    file = store.path / NAME
    if damage == "gone":
        file.unlink()
    elif damage == "no database":
        file.write_bytes(b"something else" * 1000)
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:5000])
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE about SET value = 'older' WHERE name = 'version'")
        connection.close()
    first = min(nodes, key=str)
    store.remove(first.value[-16:])  # the voice has another name now
    assert update(store).articles == 2
    left = {str(node) for node in nodes if node != first}
    assert told(store) == dict.fromkeys(left, min(left))


# ---------------------------------------------------------------- as people use it


SAMPLE = ARTICLES / "kota-cerdas.txt"
GOLDEN = Path(__file__).parent / "data" / "golden" / "voices.csv"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of a release that three outlets print, and another article."""
    folder = tmp_path_factory.mktemp("printed")
    text = SAMPLE.read_text("utf-8")
    (folder / "news").mkdir()
    for day, title in (
        (18, "Indonesia ajak kota ASEAN buka data"),
        (17, "Empat daerah anggota ASCN"),
        (19, "Data kota"),
    ):
        head = f"---\ntitle: {title}\noutlet: Harian {day}\ndate: 2025-10-{day}\n---\n"
        (folder / "news" / f"{day}.txt").write_text(f"{head}{title}\n\n{text}\n\n(r{day})\n", "utf-8")
    shutil.copy(ARTICLES / "kota-kreatif.txt", folder / "news")
    done = kg("build", "news", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "said.txt").write_text(done.stderr, "utf-8")
    return folder


def test_a_build_says_how_many_articles_are_printings(printed: Path) -> None:
    assert "2 articles are printings of others: kg query voices" in (printed / "said.txt").read_text("utf-8")


def test_a_printing_is_counted_once_in_however_many_batches_its_first_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The youngest comes first: it joins the next older one, and then the oldest."""
    monkeypatch.setattr("kg.corpus.kept.ARTICLES", 1)
    monkeypatch.setattr("kg.voices.keeping.FEW", 1)
    text = SAMPLE.read_text("utf-8")
    items = [
        {"tanggal": f"2025-10-{day}", "judul": f"Data {day}", "isi": f"{text}\n(r{day})\n"} for day in (19, 18, 17)
    ]
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(item)}\n" for item in items), "utf-8")
    arguments = ["build", str(tmp_path / "a.jsonl"), "--store", str(tmp_path / "s"), "--workers", "1"]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert "2 articles are printings of others: kg query voices" in done.output


def test_voices_are_listed(printed: Path) -> None:
    assert set(query.named()["voices"].titles) == {"id", "en"}
    assert kg("query", "voices", "-f", "csv", cwd=printed).stdout == GOLDEN.read_text("utf-8")


def test_voices_are_the_same_whoever_reads(printed: Path) -> None:
    """Workers make signatures, and what they read comes in batches."""
    done = kg("build", "news", "--workers", "2", "--store", "by-workers", cwd=printed)
    assert "2 articles are printings of others: kg query voices" in done.stderr
    assert kg("query", "voices", "-f", "csv", "--store", "by-workers", cwd=printed).stdout == GOLDEN.read_text("utf-8")


def test_single_source_counts_voices_and_shows_articles(printed: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(kg("query", "single-source", "-f", "csv", cwd=printed).stdout)))
    assert {row["articles"] for row in rows} == {"1", "3"}
    first = GOLDEN.read_text("utf-8").splitlines()[1].split(",")[-2]
    assert {row["article"] for row in rows if row["articles"] == "3"} == {first}


def test_what_printings_say_is_shown_once(printed: Path) -> None:
    text = kg("show", "Arman Wiradinata", "--lang", "en", cwd=printed).stdout
    assert "with the same text in other articles: 2" in text
    sentences = [line for line in text.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    assert len(sentences) == len(set(sentences))


def test_an_article_shows_who_else_prints_it(printed: Path) -> None:
    with open_store(printed / "kg-store", read_only=True) as kept:
        key = next(str(row.subject)[-17:-1] for row in kept.dataset.quads_for_pattern(None, v.VOICE, None, None))
    said = kg("show", f"article/{key}", "--lang", "en", cwd=printed).stdout
    assert "the same text was also printed by" in said
    assert kg("remove", key, cwd=printed).returncode == 0
    assert len(kg("query", "voices", "-f", "csv", cwd=printed).stdout.splitlines()) == 2
