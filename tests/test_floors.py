"""Scores on labelled articles don't fall below the floors of ``tests/floors.toml``."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg import evaluate, reference
from kg.errors import DataError
from kg.evaluate import floors, gold, linking
from kg.evaluate.gold import Link as Label
from kg.evaluate.match import Count
from kg.links import Link

HERE = Path(__file__).resolve().parent
FLOORS = floors.read(HERE / "floors.toml")


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.name)
def test_no_figure_falls(floor: floors.Floor) -> None:
    if floor.missing is not None:
        pytest.skip(f"{floor.missing.name}: these labelled articles are not part of the checkout")
    assert list(floors.fallen(floor, evaluate.evaluate(floor.gold, floor.text_dir))) == []


def test_what_fell_is_named_with_both_values(tmp_path: Path) -> None:
    facts = [{"rel": "founded", "network": "Jejaring Antah", "date": "1900"}]
    (tmp_path / "a.json").write_text(json.dumps({"id": "a", "facts": facts}), "utf-8")
    (tmp_path / "a.txt").write_text("Harga cabai di pasar itu naik lagi sejak pagi.", "utf-8")
    (tmp_path / "floors.toml").write_text(
        '[[corpus]]\nname = "own"\ngold = ["."]\nprecision = 1.0\nrecall = 0.5\n[corpus.f1_of]\nfounded = 0.1\n',
        "utf-8",
    )
    floor = floors.read(tmp_path / "floors.toml")[0]
    assert list(floors.fallen(floor, evaluate.evaluate(floor.gold))) == [
        "own: recall fell from 0.5 to 0.0",
        "own: F1 of founded fell from 0.1 to 0.0",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 'a'", "the key 'gold' is missing"),
        ("name = 'a'\ngold = []\nrecal = 1", "unknown key 'recal'"),
        ("name = 'a'\ngold = []\nrecall = 95", "recall must lie between 0 and 1"),
        ("name = 'a'\ngold = []\nf1_of = {say = 1.0}", "relation 'say' is none of"),
        ("name = ]", "line 2"),
    ],
)
def test_a_mistake_in_the_file_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "floors.toml").write_text(f"[[corpus]]\n{text}", "utf-8")
    with pytest.raises(DataError, match=re.escape(message)):
        floors.read(tmp_path / "floors.toml")


def test_floors_are_found_by_their_folders() -> None:
    assert floors.of(FLOORS, [HERE / "corpus" / "seen"]) is not None
    assert floors.of(FLOORS, [HERE / "corpus"]) is None


def link(name: str, key: str | None, kind: str = "place") -> Link:
    return Link(0, 1, name, kind, key, None, "because")


def test_names_and_ids_are_counted_apart() -> None:
    labelled = [Label("A", "place/1"), Label("B", "place/2"), Label("C", None, "x"), Label("D", None, "x")]
    found = [
        link("A", "place/1"),
        link("A", "place/1"),
        link("B", None),
        link("C", None),
        link("E", "place/5"),
        link("F", None, "unknown"),
        replace(link("ia", None, "person"), refers_back=True),
    ]
    figures = linking.score(labelled, found, "a")
    assert figures.mentions == Count(right=3, missed=1, wrong=1)
    assert figures.links == Count(right=1, missed=1, wrong=1)
    assert (figures.agreed, figures.labelled) == (2, 4)
    assert figures.accuracy == 0.5
    assert [line.split("  ")[-1].split(":")[0] for line in figures.slips] == ["B", "D", "E"]


def test_labelled_links_are_ids_of_the_reference_data() -> None:
    known = reference.load().things
    files = sorted((HERE / "gold" / "links").glob("*.json"))
    assert files
    links = [link for path in files for link in gold.labelled_links(path)]
    assert [link for link in links if link.id is not None and link.id not in known] == []
