"""The command `kg link people` and what it changes for build, show, judge and export."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli
from kg.link import sssom

OLD = "Bupati Kendal Soetrisno Hadiwibawa menghadiri rapat koordinasi di Semarang, Senin (4/3/2024)."
NEW = "SEMARANG, 5 Juni 2024 - Bupati Kendal Sutrisno Hadiwibawa meresmikan gedung baru di Kendal."
MAYOR = "Wali Kota Magelang Budi Santoso meninjau pasar, Selasa (7/5/2024). “Harga stabil,” kata Budi Santoso."
HEAD = "Kepala Dinas Perhubungan Kota Jambi Budi Santoso menyebut arus lancar. “Lancar,” kata Budi Santoso."
SPELLINGS = ("person/soetrisno-hadiwibawa", "person/sutrisno-hadiwibawa")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of four articles."""
    folder = tmp_path_factory.mktemp("people")
    for name, text in (("old", OLD), ("new", NEW), ("mayor", MAYOR), ("head", HEAD)):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    done = kg(folder, "build", *(str(folder / f"{name}.txt") for name in ("old", "new", "mayor", "head")))
    assert (
        "3 persons, 1 of them in several articles, 1 merged of several spellings or posts: kg link people"
        in done.stderr
    )
    return folder


def kg(folder: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, list(arguments), env={"KG_STORE": str(folder / "store"), "KG_AUTHOR": "Sari"})
    assert done.exit_code == 0, done.output
    return done


def test_merges_and_namesakes_are_listed_with_reasons(place: Path) -> None:
    lines = kg(place, "link", "people", "--lang", "en").stdout.splitlines()
    assert lines[0].startswith("Persons: 3, in articles: 4; in several articles: 1; merged: 1;")
    assert "  Sutrisno Hadiwibawa  <person/sutrisno-hadiwibawa>  articles: 2" in lines
    assert any("'soetrisno' and 'sutrisno' are spellings of one name; both are bupati of" in line for line in lines)
    assert sum("<person/budi-santoso--" in line for line in lines) == 2


def test_show_tells_how_else_a_person_is_written_and_why(place: Path) -> None:
    shown = kg(place, "show", "Hadiwibawa", "--lang", "en").stdout
    assert "also written: Soetrisno Hadiwibawa (bupati-33-24) = Sutrisno Hadiwibawa (bupati-33-24), " in shown
    assert "(old.txt, " in shown
    assert "(new.txt, " in shown


def test_links_are_a_mapping_set(place: Path) -> None:
    found = sssom.parse(kg(place, "link", "people", "-f", "sssom").stdout, "people")
    (row,) = found.rows
    assert [row[slot].rpartition("/id/")[2] for slot in ("subject_id", "object_id")] == list(SPELLINGS)


def test_a_judgement_parts_and_taking_it_back_restores_the_graph(place: Path) -> None:
    def both() -> tuple[str, str]:
        kg(place, "link", "people")
        return kg(place, "export", "-f", "nquads").stdout, kg(place, "export", "-f", "nquads", "--resolved").stdout

    written, meant = both()
    assert "id/person/soetrisno" in written
    assert "id/person/soetrisno" not in meant
    kg(place, "link", "judge", *SPELLINGS, "--different")
    assert both()[0] == written
    assert "id/person/soetrisno" in both()[1]
    kg(place, "link", "undo", *SPELLINGS)
    assert both() == (written, meant)


def test_namesakes_are_judged_by_the_ids_that_are_listed(place: Path) -> None:
    listed = kg(place, "link", "people").stdout.split("<")
    ids = [part.partition(">")[0] for part in listed if part.startswith("person/budi-santoso--")]
    kg(place, "link", "judge", *ids, "--same")
    assert "<person/budi-santoso>" in kg(place, "link", "people").stdout
    kg(place, "link", "undo", *ids)
    assert "<person/budi-santoso>" not in kg(place, "link", "people").stdout


def test_a_publication_has_one_page_of_a_person_unless_told_otherwise(place: Path, tmp_path: Path) -> None:
    told = ("--publisher", "Redaksi", "--licence", "CC-BY-4.0")
    kg(place, "publish", str(tmp_path / "meant"), *told)
    kg(place, "publish", str(tmp_path / "written"), *told, "--as-written")

    def pages(folder: str) -> set[str]:
        return {page.name for page in (tmp_path / folder / "id" / "person").iterdir() if page.suffix != ".ttl"}

    assert pages("written") - pages("meant") == {"soetrisno-hadiwibawa", "budi-santoso"}
    assert "sutrisno-hadiwibawa" in pages("meant")


def test_the_reconciliation_service_knows_persons_as_they_are_meant(place: Path) -> None:
    from kg.serve.current import Local

    found = Local(store=str(place / "store")).get().index
    assert [item for item in found.items if item.startswith("person/s")] == ["person/sutrisno-hadiwibawa"]
