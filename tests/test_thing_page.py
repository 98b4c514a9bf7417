"""A thing of which very much is said: its page costs little, and everything can be reached from it by links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import view
from kg import vocabulary as v
from kg.article import read_article
from kg.link.reconcile.index import Index
from kg.pipeline import read
from kg.serve.current import Loaded
from kg.serve.explorer import listing, periods, thing_page
from kg.serve.explorer.names import Names
from kg.serve.explorer.thing_page import Asked

POST = "post/wali-kota-palembang-16-71"
NAMES = "Adi Agus Budi Citra Dewi Eko Fajar Gita Hadi Indah Joko Kartika Laila Made Nur Oka Putri Rina Sari Tri".split()
TEXT = """---
title: Wali Kota Palembang membuka pasar
outlet: Warta Silang
{date}
---
Palembang, WartaSilang.id - Wali Kota Palembang, {name}, membuka pasar apung ke-{number} di Kota Palembang kemarin pagi.

Pasar itu milik warga, dan akan dibuka lagi setiap minggu pada bulan depan di kota itu.
"""


def mayor(number: int) -> str:
    return f"{NAMES[number % 20]} {NAMES[number // 20 % 20]}wati Tobing"


def published(folder: Path, numbers: Iterable[int], name: Callable[[int], str] = mayor) -> ox.Store:
    """Articles, one a day, each naming a mayor; every seventh without a date."""
    dataset = ox.Store()
    for number in numbers:
        day = dt.date(2023, 1, 1) + dt.timedelta(number)
        file = folder / f"{number}.txt"
        date = f"date: {day}" if number % 7 else "language: id"
        file.write_text(TEXT.format(date=date, name=name(number), number=number), "utf-8")
        dataset.extend(read(read_article(file)).quads)
    return dataset


def loaded(dataset: ox.Store) -> Loaded:
    seen = view.of(dataset)
    return Loaded(dataset, seen, Index(seen), v.DEFAULT_BASE)


def page(now: Loaded, asked: Asked, key: str = POST) -> dict[str, Any]:
    found = thing_page.context(now, ox.NamedNode(f"{now.base}id/{key}"), "id", asked)
    assert found is not None
    return found


def sentences(parts: Iterable[dict[str, Any]]) -> list[str]:
    return ["".join(part.text for part in fact.parts) for each in parts for fact in each["facts"]]


def leafed_through(now: Loaded) -> list[list[str]]:
    """The facts of all pages of the posts, as somebody sees them who follows the links."""
    found, before = [], ""
    while True:
        number = 1
        while True:
            shown = page(now, Asked("posts", number, before))
            found.append(sentences(shown["parts"]))
            if not shown["parts"] or number >= shown["parts"][0]["pages"]:
                break
            number += 1
        before = (shown["window"] or {}).get("older", "")
        if not before:
            return found


def test_everything_that_is_said_is_reached_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = loaded(published(tmp_path, range(40)))
    whole = page(now, Asked())
    assert (whole["window"], whole["count"]) == (None, 40)
    monkeypatch.setattr(listing, "READ", 10)
    monkeypatch.setattr(listing, "_READ", listing.Remembered(4))
    pages = leafed_through(now)
    told = [sentence for each in pages for sentence in each]
    assert (len(told), len(set(told))) == (40, 40)
    assert all(len(each) <= 25 for each in pages)


def test_what_is_said_later_leaves_the_addresses_of_earlier_pages_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "READ", 10)
    now, later = (loaded(published(tmp_path, numbers)) for numbers in (range(40), range(46)))
    older = page(now, Asked())["window"]["older"]
    asked = Asked(before=older)
    assert sentences(page(now, asked)["parts"]) == sentences(page(later, asked)["parts"])
    assert sentences(page(now, Asked())["parts"]) != sentences(page(later, Asked())["parts"])


def test_a_fact_of_many_articles_is_told_with_the_first_of_them_on_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever held the post on each fifth day is not said by one article only, nor since the day of a page."""
    monkeypatch.setattr(listing, "READ", 10)
    now = loaded(published(tmp_path, range(1, 50), lambda number: mayor(number if number % 5 else 0)))
    first = next(f for f in page(now, Asked("posts"))["parts"][0]["facts"] if mayor(0) in [p.text for p in f.parts])
    assert (first.since, first.voices, first.articles, len(first.sources) + first.more) == ("6 Januari 2023", 9, 9, 9)


class Counted:
    """A view that counts what is asked of it, and the rows that come of queries."""

    def __init__(self, store: ox.Store) -> None:
        self._store, self.asked = store, 0

    def quads_for_pattern(self, *pattern: Any) -> Any:
        self.asked += 1
        return self._store.quads_for_pattern(*pattern)

    def query(self, *arguments: Any, **options: Any) -> Any:
        return self._store.query(*arguments, **options)


def test_a_page_reads_no_more_where_more_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the articles behind the page it asks the day, one question each; of their claims nothing."""
    monkeypatch.setattr(listing, "READ", 10)
    asked = []
    for most in (40, 70):
        now = loaded(published(tmp_path, range(most)))
        counted = Counted(now.view)
        page(Loaded(now.dataset, counted, now.index, now.base), Asked())  # type: ignore[arg-type]
        asked.append(counted.asked)
    assert asked[1] - asked[0] <= 30 + 10


def test_the_latest_said_comes_first_although_an_undated_article_says_it_too(tmp_path: Path) -> None:
    names = {1: mayor(1), 2: mayor(2), 3: mayor(3), 7: mayor(3)}  # the seventh has no date
    now = loaded(published(tmp_path, names, names.__getitem__))
    assert [mayor(3) in each for each in sentences(page(now, Asked())["parts"][:1])] == [True, False, False]


# ---------------------------------------------------------------- time line


def told(now: Loaded, begin: str = "", end: str = "", kinds: tuple[str, ...] = ("tenures",)) -> tuple[list[str], str]:
    """The rows of a stretch of the time line, and the day that the next one begins with."""
    found = periods.stretch(now.view, kinds, begin, end, Names(now.view, "id"))
    return [event.row[0] if event.row else str(event.node) for event in found.events], found.older


def test_the_time_line_of_everything_has_tenures_stretch_by_stretch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "ROWS", 4)
    now = loaded(published(tmp_path, range(20)))
    rows, older = told(now)
    assert (rows[0], older) == (f"{mayor(19)} – Wali Kota Palembang", "2023-01-16")
    while older:
        more, older = told(now, end=older)
        assert len(more) in (1, 2, 3, 4)
        rows += more
    assert sorted(rows) == sorted(f"{mayor(each)} – Wali Kota Palembang" for each in range(20) if each % 7)
    assert told(now, end="2022") == told(now, begin="2024") == ([], "")
    assert told(now, kinds=("meetings",)) == ([], "")


def test_the_time_line_of_one_graph_without_named_ones_is_the_same(tmp_path: Path) -> None:
    dataset = published(tmp_path, range(8))
    flat = ox.Store()
    flat.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in dataset)
    assert told(loaded(flat)) == told(loaded(dataset))


# ---------------------------------------------------------------- disagreements


@pytest.fixture(scope="module")
def disputed() -> Loaded:
    """Seven invented articles about one office and its holders."""
    dataset = ox.Store()
    for path in sorted((Path(__file__).parent / "data" / "time").glob("*.txt")):
        dataset.extend(read(read_article(path)).quads)
    return loaded(dataset)


def test_a_page_tells_contradictions_from_changes_with_the_words_of_both_sides(disputed: Loaded) -> None:
    few, found = page(disputed, Asked())["differ"], page(disputed, Asked("differ"))["differ"]
    assert (few.each, few.count) == (found.each[:3], len(found.each))
    assert [each.kind for each in found.each] == ["contradiction"] * 2 + ["change"] * 5
    first, second = next(each for each in found.each if each.kind == "contradiction" and "Yudi" in each.name).sides
    assert (first.says, second.says) == ("telah berakhir, definitif", "sedang berlaku, definitif")
    assert (first.paper.date, second.paper.date) == ("21 Februari 2025", "3 Maret 2025")
    for side in (first, second):
        marked = "".join(piece.text for quote in side.quotes for piece in quote if piece.marks)
        assert "Yudi Harahap" in marked


def test_of_very_much_disagreements_have_a_page_of_their_own(disputed: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = page(disputed, Asked("differ"))["differ"]
    monkeypatch.setattr(listing, "READ", 2)
    monkeypatch.setattr(listing, "_READ", listing.Remembered(4))
    assert page(disputed, Asked())["differ"] is None
    assert page(disputed, Asked("differ"))["differ"] == whole
