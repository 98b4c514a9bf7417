"""Three clocks: who held a post when, according to what was published by when; what differs; what one article says."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import query, view
from kg.article import read_article
from kg.model import Article
from kg.pipeline import read

ARTICLES = sorted((Path(__file__).parent / "data" / "time").glob("*.txt"))
POST = "Wali Kota Palembang"
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2026, 1, 1))


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    """Seven invented articles about one office and its holders."""
    dataset = ox.Store()
    for path in ARTICLES:
        dataset.extend(read(read_article(path)).quads)
    return view.of(dataset)


def asked(graph: ox.Store, name: str, **given: str) -> list[dict[str, str]]:
    answer = query.run(graph, query.pick(name), given)
    return list(csv.DictReader(io.StringIO(query.format_answer(answer, "csv"))))


def holders(graph: ox.Store, **given: str) -> list[str]:
    rows = asked(graph, "held-on", post=POST, **given)
    return sorted(f"{row['name']}: {row['answer']}, {row['appointment']}, {row['day']}" for row in rows)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2022-01-01", ["Sulastri Anwar: perhaps, definitive, 2023-02-10"]),  # named only later
        ("2023-02-10", ["Sulastri Anwar: yes, definitive, 2023-02-10"]),  # on the very day
        ("2023-04-01", ["Sulastri Anwar: yes, definitive, 2023-02-10"]),  # named before and after
        ("2023-12-01", ["Sulastri Anwar: presumably, definitive, 2023-08-21"]),  # next is another
        ("2024-06-01", ["Yudi Harahap: presumably, acting, 2024-01-15"]),
        ("2025-02-20", ["Ratna Siburian: yes, definitive, 2025-02-20"]),  # the day of the appointment, told a day later
        ("2025-04-01", ["Yudi Harahap: disputed, definitive, 2025-03-03"]),  # said before to have been replaced
        ("2026-01-01", ["Ratna Siburian: presumably, definitive, 2025-05-05"]),
    ],
)
def test_who_held_the_post(graph: ox.Store, on: str, expected: list[str]) -> None:
    assert holders(graph, on=on) == expected


@pytest.mark.parametrize(
    ("on", "known", "expected"),
    [
        ("2025-02-20", "2025-02-20", ["Yudi Harahap: presumably, acting, 2024-01-15"]),  # the news came a day later
        ("2024-06-01", "2023-12-31", ["Sulastri Anwar: presumably, definitive, 2023-08-21"]),
        ("2022-01-01", "2022-12-31", []),  # nothing was published yet
    ],
)
def test_who_held_it_as_far_as_was_known(graph: ox.Store, on: str, known: str, expected: list[str]) -> None:
    assert holders(graph, on=on, knownBy=known) == expected


def test_what_has_no_date_is_undated(graph: ox.Store) -> None:
    rows = asked(graph, "held-on", on="2025-01-01", person="Gunawan Tobing")
    assert [(row["answer"], row["day"], row["published"]) for row in rows] == [("undated", "", "")]


@settings(max_examples=10, deadline=None)
@given(on=DAYS, known=st.tuples(DAYS, DAYS).map(sorted))
def test_later_knowledge_uses_more_articles(graph: ox.Store, on: dt.date, known: list[dt.date]) -> None:
    """What a time line has by a day it still has later; and an answer rests on nothing published after its day."""
    rows = [{(r["article"], r["day"], r["event"]) for r in asked(graph, "timeline", knownBy=str(k))} for k in known]
    assert rows[0] <= rows[1]
    for row in asked(graph, "held-on", on=str(on), knownBy=str(known[0])):
        assert "" < row["published"] <= str(known[0])


@settings(max_examples=8, deadline=None)
@given(on=DAYS)
def test_known_by_the_end_is_known_at_all(graph: ox.Store, on: dt.date) -> None:
    assert holders(graph, on=str(on), knownBy="2030-01-01") == holders(graph, on=str(on))


def test_words_stand_where_they_are_said_to(graph: ox.Store) -> None:
    texts = {read_article(path).key: read_article(path).text for path in ARTICLES}
    for row in [*asked(graph, "timeline"), *asked(graph, "single-source")]:
        said = texts[row["article"].rpartition("/")[2]][int(row["begin"]) : int(row["end"])]
        assert all(part in said for part in row["words"].split(" … "))


def test_the_time_line_of_an_office(graph: ox.Store) -> None:
    rows = asked(graph, "timeline", post=POST)
    assert [(row["day"], row["event"], row["name"]) for row in rows] == [
        ("2023-02-10", "current", "Sulastri Anwar"),
        ("2023-08-21", "current", "Sulastri Anwar"),
        ("2024-01-15", "former", "Sulastri Anwar"),
        ("2024-01-15", "current", "Yudi Harahap"),
        ("2025-02-20", "appointed", "Ratna Siburian"),
        ("2025-02-20", "replaced", "Yudi Harahap"),
        ("2025-02-21", "current", "Ratna Siburian"),
        ("2025-02-21", "former", "Yudi Harahap"),
        ("2025-03-03", "current", "Yudi Harahap"),
        ("2025-05-05", "current", "Ratna Siburian"),
    ]


def test_a_change_is_told_from_a_contradiction(graph: ox.Store) -> None:
    rows = [row for row in asked(graph, "disagreements") if POST in row["name"]]
    found = {(row["kind"], row["what"], row["first"], row["second"]) for row in rows}
    assert found == {
        ("change", "held_by", "Sulastri Anwar", "Ratna Siburian"),
        ("change", "held_by", "Sulastri Anwar", "Yudi Harahap"),
        ("contradiction", "held_by", "Ratna Siburian", "Yudi Harahap"),
        ("change", "holds_post", "current, definitive", "former, definitive"),
        ("change", "holds_post", "current, acting", "former, definitive"),
        ("change", "holds_post", "current, acting", "current, definitive"),
        ("contradiction", "holds_post", "former, definitive", "current, definitive"),
    }
    texts = {read_article(path).key: read_article(path).text for path in ARTICLES}
    for row in rows:
        for side in ("first", "second"):
            said = texts[row[f"{side}Article"].rpartition("/")[2]][int(row[f"{side}Begin"]) : int(row[f"{side}End"])]
            assert all(part in said for part in row[f"{side}Words"].split(" … "))


def test_a_fact_of_one_article_with_its_words(graph: ox.Store) -> None:
    rows = asked(graph, "single-source", relation="holds_post", thing="Rusdi Mangkualam")
    assert [(row["objectName"], row["published"]) for row in rows] == [("Gubernur Sumatera Selatan", "2025-02-21")]
    assert not asked(graph, "single-source", relation="holds_post", thing="Sulastri Anwar")  # two say so


def test_a_file_without_named_graphs_answers_alike() -> None:
    dataset = ox.Store()
    for path in ARTICLES:
        dataset.extend(read(read_article(path)).quads)
    flat = ox.Store()
    flat.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in dataset)
    named = view.of(dataset)
    for on in ("2025-02-20", "2025-02-21"):
        assert holders(view.of(flat), on=on) == holders(named, on=on)
    days = [
        [(row["day"], row["event"], row["name"]) for row in asked(each, "timeline")] for each in (named, view.of(flat))
    ]
    assert {day for day in days[0] if day[1] == "appointed"} == {day for day in days[1] if day[1] == "appointed"}


def test_articles_that_disagree_about_a_founding_stand_at_their_own_date() -> None:
    dataset = ox.Store()
    for year in (2018, 2019):
        text = f"ASEAN Smart Cities Network (ASCN) dibentuk pada {year} di Singapura dan membantu kota.\n"
        dataset.extend(read(Article(text=text, source=f"{year}.txt")).quads)
    rows = asked(view.of(dataset), "networks", network="network/ascn")
    assert [row["founded"] for row in rows] == ["2018", "2019"]
    assert len({row["article"] for row in rows}) == 2


def test_disagreements_about_a_thing_are_those_of_all_that_name_it(graph: ox.Store) -> None:
    """Bound to a person, post or body, the query reads less and says the same."""
    every = asked(graph, "disagreements")
    for thing, wanted in (
        (POST, lambda row: row["name"].endswith(POST)),
        ("Pemerintah Kota Palembang", lambda row: row["name"].endswith("Wali Kota Palembang")),
        ("Yudi Harahap", lambda row: "Yudi" in row["name"] or row["name"] in (POST, f"Wakil {POST}")),
        ("Sulastri Anwar", lambda row: "Sulastri" in row["name"] or row["name"] == POST),
    ):
        assert asked(graph, "disagreements", thing=thing) == [row for row in every if wanted(row)]
    kinds = {row["kind"] for row in asked(graph, "disagreements", thing=POST, kind="change")}
    assert kinds == {"change"}
