"""Two names of bodies, one body or two: the labelled pairs, what names are read as, what keeps apart; the command."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from body_pairs import pairs
from kg.cli import cli
from kg.link import body_names, sssom
from kg.link.body_names import parse
from kg.link.organisations import Body, blocks, compare, is_told
from kg.link.outcome import Decision

PRECISION, RECALL = 0.97, 0.95  # floors on the held-back half
SHORT = "Kepala Diskominfo Kota Surakarta Wirapati Danukusumo membuka pelatihan, Senin (4/3/2024)."
LONG = (
    "SURAKARTA, 5 Juni 2024 - Kepala Dinas Komunikasi dan Informatika Kota Surakarta Wirapati Danukusumo membuka rapat."
)
KEYS = ("body/diskominfo-kota-surakarta", "body/dinas-komunikasi-dan-informatika-kota-surakarta")


@pytest.mark.parametrize("half", ["tune", "held-back"])
def test_the_labelled_pairs_are_told_apart(half: str) -> None:
    found = [(pair, compare(pair.a, pair.b).decision) for pair in pairs(half)]
    merged = [pair for pair, decision in found if decision is Decision.LINKED]
    right = [pair for pair in merged if pair.same == "yes"]
    assert len(right) >= PRECISION * len(merged)
    assert len(right) >= RECALL * sum(pair.same == "yes" for pair, _ in found)


def test_there_are_enough_pairs_and_each_stands_once() -> None:
    every = [*pairs("tune"), *pairs("held-back")]
    assert len(every) >= 120
    assert len({(pair.a, pair.b) for pair in every}) == len(every)


def test_what_is_linked_shares_a_block() -> None:
    for pair in (*pairs("tune"), *pairs("held-back")):
        if compare(pair.a, pair.b).decision is Decision.LINKED:
            assert blocks(pair.a) & blocks(pair.b), pair
            assert is_told(pair.a), pair
            assert is_told(pair.b), pair


EVERY = [body for pair in (*pairs("tune"), *pairs("held-back")) for body in (pair.a, pair.b)]


@given(st.sampled_from(EVERY), st.sampled_from(EVERY))
def test_either_way_round_is_the_same(a: Body, b: Body) -> None:
    found = compare(a, b)
    assert found == compare(b, a)
    assert not found.apart or found.decision is not Decision.LINKED
    assert found.decision is not Decision.LINKED or blocks(a) & blocks(b)


@pytest.mark.parametrize(
    ("name", "anchor", "core"),
    [
        ("Bappeda Kab. Kendal", "government/33.24", "badan perencanaan pembangunan daerah"),
        ("Dinas Kesehatan Kaltara", "government/65", "dinas kesehatan"),
        ("UPTD Pajak Semarang", "government/33", "unit pelaksana teknis daerah pajak semarang"),
        ("PT Samudra Karsa Niaga (Persero) Tbk.", "", "samudra karsa niaga"),
        ("Biro Humas Kementerian Pertanian", "", "biro hubungan masyarakat"),
        ("Dinas Sosial (Dinsos)", "", "dinas sosial"),
        ("Polda Sulsel", "", "kepolisian daerah"),
        ("PT", "", "pt"),
    ],
)
def test_a_name_read(name: str, anchor: str, core: str) -> None:
    assert " ".join(parse(name, anchor).core) == core


def test_a_name_that_two_regions_bear_is_asked_for() -> None:
    found = compare(Body(("RSUD Bogor",)), Body(("RSUD Kota Bogor",)))
    assert found.decision is Decision.JUDGE


def test_offices_within_bodies_are_of_those() -> None:
    ours, theirs = (Body(("Fakultas Teknik",), "", (name,)) for name in ("Universitas Karsa", "Universitas Rimba"))
    assert compare(ours, theirs).apart
    assert compare(ours, Body(("Fakultas Teknik",), "", ("Universitas Karsa",))).decision is Decision.LINKED
    bare = Body(("Biro Umum",), "", ("Setda",))
    assert not is_told(bare)
    assert compare(bare, bare).decision is Decision.JUDGE


def test_why_is_said() -> None:
    found = compare(Body(("Dinkes Kota Medan",), "government/12.71"), Body(("Dinas Kesehatan",), "government/12.71"))
    assert found.reasons == ("dinkes → dinas kesehatan", "both of government/12.71")


def test_examples() -> None:
    assert doctest.testmod(body_names).failed == 0


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two articles."""
    folder = tmp_path_factory.mktemp("bodies")
    (folder / "short.txt").write_text(SHORT, "utf-8")
    (folder / "long.txt").write_text(LONG, "utf-8")
    done = kg(folder, "build", str(folder / "short.txt"), str(folder / "long.txt"))
    assert "1 body merged of several names: kg link bodies" in done.stderr
    return folder


def kg(folder: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, list(arguments), env={"KG_STORE": str(folder / "store"), "KG_AUTHOR": "Sari"})
    assert done.exit_code == 0, done.output
    return done


def test_merges_are_listed_with_reasons_and_persons_are_not(place: Path) -> None:
    listed = kg(place, "link", "bodies", "--lang", "en").stdout
    assert listed.startswith("Bodies: 1, in articles: 2; in several articles: 1; merged: 1;")
    assert "diskominfo → dinas komunikasi dan informatika; both of government/33.72" in listed
    assert "Danukusumo" not in listed
    assert "Dinas" not in kg(place, "link", "people").stdout.split("\n")[0]
    (row,) = sssom.parse(kg(place, "link", "bodies", "-f", "sssom").stdout, "bodies").rows
    assert [row[slot].rpartition("/id/")[2] for slot in ("subject_id", "object_id")] == list(KEYS)
    shown = kg(place, "show", KEYS[1], "--lang", "en").stdout
    assert "also written: " in shown
    assert "diskominfo → dinas komunikasi dan informatika; both of government/33.72" in shown


def test_a_judgement_parts_and_taking_it_back_restores_the_graph(place: Path) -> None:
    def both() -> tuple[str, str]:
        return kg(place, "export", "-f", "nquads").stdout, kg(place, "export", "-f", "nquads", "--resolved").stdout

    written, meant = both()
    assert f"id/{KEYS[0]}>" in written
    assert f"id/{KEYS[0]}>" not in meant
    kg(place, "link", "judge", *KEYS, "--different")
    assert both()[0] == written
    assert f"id/{KEYS[0]}>" in both()[1]
    kg(place, "link", "undo", *KEYS)
    assert both() == (written, meant)
