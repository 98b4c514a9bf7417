"""The commands of judging: judge, undo, judgements, review; on a store, in a file and on a terminal."""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import export
from kg import store as stores
from kg.cli import cli
from kg.cli.link import COMMANDS, link
from kg.errors import InputError, NothingFound
from kg.link.judgements import Judgements, Verdict, name_id, thing_id
from kg.link.outcome import Candidate, Decision, Outcome
from kg.link.review import Review
from kg.store.published import published

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "articles" / "kota-cerdas.txt"
CITY, REGENCY = "place/33.74", "place/33.22"
NAME, OTHER = name_id("place", "semarang", "place/33"), name_id("place", "bogor", "place/32")


@pytest.fixture
def place(folder_with_store: Path) -> Path:
    return folder_with_store


def kg(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def graph_hash(store: Path) -> str:
    """The hash of all that an export gives, links as well."""
    with stores.open_store(store, read_only=True) as kept:
        quads = published(kept.dataset, links=True)
    return hashlib.sha256(export.write(quads, "nquads")).hexdigest()


def left_open(folder: Path) -> Review:
    """Two names that a run left open."""
    review = Review.beside(folder / "judgements.sssom.tsv")
    two = (Candidate(CITY, "Kota Semarang", 0.9, ("name equal",)), Candidate(REGENCY, "Kabupaten Semarang", 0.9, ()))
    one = (Candidate("place/32.71", "Kota Bogor", 0.8, ("name like",)),)
    outcomes = [
        (NAME, Outcome("Semarang", Decision.JUDGE, two, "")),
        (OTHER, Outcome("Bogor", Decision.JUDGE, one, "")),
    ]
    assert review.replace("penduduk.csv", outcomes) == 2
    review.save()
    return review


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_help_of_linking_has_an_example(name: str) -> None:
    command = link.get_command(None, name)  # type: ignore[arg-type]
    assert command
    assert re.search(r"Example: kg link", command.help or "")


def test_a_judgement_undone_leaves_the_graph_as_it_was(place: Path) -> None:
    store = place / "kg-store"
    before = graph_hash(store)
    done = kg("link", "judge", CITY, "wikidata:Q11025", "--same", "--author", "Sari", "--date", "2026-11-26")
    assert done.stderr == (
        "Kota Semarang = http://www.wikidata.org/entity/Q11025 (Sari, 2026-11-26): in kg-store/judgements.sssom.tsv\n"
    )
    assert graph_hash(store) != before
    assert kg("link", "undo", "wikidata:Q11025", "Kota Semarang", "--author", "Budi").exit_code == 0
    assert graph_hash(store) == before
    log = [json.loads(line) for line in (store / "judgements.log.jsonl").read_text("utf-8").splitlines()]
    assert [(entry["action"], entry["by"], entry["verdict"]) for entry in log] == [
        ("judged", "Sari", "same"),
        ("taken back", "Budi", "same"),
    ]


def test_judged_links_lie_apart_and_are_exported_on_demand(place: Path) -> None:
    plain = kg("export", "-f", "nquads").stdout
    kg("link", "judge", CITY, "wikidata:Q11025", "--same", "--author", "Sari")
    kg("link", "judge", CITY, REGENCY, "--different", "--author", "Sari")
    assert kg("export", "-f", "nquads").stdout == plain
    added = set(kg("export", "-f", "nquads", "--with-links").stdout.splitlines()) - set(plain.splitlines())
    assert {line.rsplit(" ", 2)[1] for line in added} == {
        "<https://w3id.org/jejaring/id/links/judgements/exactMatch>",
        "<https://w3id.org/jejaring/id/links/judgements/provenance>",
    }
    (link_itself,) = (line.split()[:3] for line in added if line.endswith("exactMatch> ."))
    assert link_itself == [
        "<https://w3id.org/jejaring/id/place/33.74>",
        "<http://www.w3.org/2004/02/skos/core#exactMatch>",
        "<http://www.wikidata.org/entity/Q11025>",
    ]
    assert kg("check").exit_code == 0


def test_a_pair_is_judged_once_unless_told_otherwise(place: Path) -> None:
    assert kg("link", "judge", CITY, REGENCY, "--different", "--author", "Sari").exit_code == 0
    with pytest.raises(InputError, match="are judged different by Sari"):
        kg("link", "judge", REGENCY, CITY, "--same", "--author", "Budi")
    done = kg("link", "judge", REGENCY, CITY, "--unsure", "--author", "Budi", "--replace")
    assert "in place of Kota Semarang ≠ Kabupaten Semarang (Sari" in done.stderr
    listed = kg("link", "judgements", "-f", "csv").stdout.splitlines()
    assert listed[1].startswith("Kabupaten Semarang,unsure,Kota Semarang,Budi,")


def test_who_and_when_come_from_the_settings(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="who judges"):
        kg("link", "judge", CITY, REGENCY, "--different")
    (place / "kg.toml").write_text('author = "Sari"\njudgements = "mine.sssom.tsv"\n')
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764115200")
    kg("link", "judge", CITY, REGENCY, "--different")
    (said,) = Judgements.load(place / "mine.sssom.tsv")
    assert (said.author, said.date) == ("Sari", "2025-11-26")


@pytest.mark.parametrize(
    ("a", "error", "message"),
    [
        ("Semarang", InputError, r"may mean place/33.22 \(Kabupaten Semarang\), place/33.74 \(Kota Semarang\)"),
        ("Pejabat Khayalan", NothingFound, "nothing named 'Pejabat Khayalan' in the graph"),
    ],
)
def test_a_name_that_is_not_one_thing_is_refused(a: str, error: type[Exception], message: str, place: Path) -> None:
    with pytest.raises(error, match=message):
        kg("link", "judge", a, REGENCY, "--same", "--author", "Sari")
    with pytest.raises(NothingFound, match="no judgement on"):
        kg("link", "undo", CITY, REGENCY)


def test_a_name_of_a_table_is_asked_once_and_then_linked_by_the_answer(place: Path) -> None:
    (place / "indeks.csv").write_text("daerah,indeks\nKota Surabaya,81.2\nSemarang,74.5\n")
    assert "1 names to be judged" in kg("link", "indeks.csv", "--table", "linked.csv").stderr
    assert "Semarang,name/region/semarang,Kota Semarang,place/33.74," in kg("link", "review", "-f", "csv").stdout
    done = kg("link", "judge", "name/region/semarang", CITY, "--same", "--author", "Sari")
    assert done.stderr.startswith("semarang = Kota Semarang (Sari, ")
    assert (
        "2 rows linked (0 by code, 1 by name, 1 by judgement)"
        in kg("link", "indeks.csv", "--table", "linked.csv").stderr
    )
    assert kg("link", "review").stderr == "nothing is left to be judged\n"
    kg("link", "undo", "name/region/semarang", CITY)
    assert "1 names to be judged" in kg("link", "indeks.csv", "--table", "linked.csv").stderr


def test_what_is_open_is_listed_where_nobody_can_answer(place: Path) -> None:
    assert kg("link", "review").stderr == "nothing is left to be judged\n"
    left_open(place / "kg-store")
    done = kg("link", "review", "-f", "csv")
    assert done.stdout.splitlines() == [
        "name,subject,candidate,object,score,reasons,source",
        "Bogor,name/place/bogor@place/32,Kota Bogor,place/32.71,0.80,name like,penduduk.csv",
        "Semarang,name/place/semarang@place/33,Kabupaten Semarang,place/33.22,0.90,,penduduk.csv",
        "Semarang,name/place/semarang@place/33,Kota Semarang,place/33.74,0.90,name equal,penduduk.csv",
    ]
    assert "2 to be judged" in done.stderr


def test_answers_come_from_a_copy_of_the_review_file(place: Path) -> None:
    review = left_open(place / "kg-store")
    text = review.path.read_text("utf-8")
    answers = place / "answers.sssom.tsv"
    rows = []
    for line in text.splitlines():
        cells = line.split("\t")
        if "place/33.74" in line:
            cells[6] = "semapv:ManualMappingCuration"
        rows.append("\t".join(cells))
    answers.write_text("\n".join(rows) + "\n", "utf-8")
    with pytest.raises(InputError, match=r"the answer on Semarang and Kota Semarang: a judgement needs its author"):
        kg("link", "review", "--answers", "answers.sssom.tsv")
    done = kg("link", "review", "--answers", "answers.sssom.tsv", "--author", "Sari", "--date", "2026-11-26")
    assert done.stderr.splitlines() == [
        "answers.sssom.tsv: 1 answers taken, 0 known before, 2 rows without an answer",
        "1 still open",
    ]
    kept = Judgements.load(place / "kg-store" / "judgements.sssom.tsv")
    assert [(each.author, each.date) for each in kept.about(NAME)] == [("Sari", "2026-11-26")]
    assert kept.same(NAME) == thing_id(CITY)
    again = kg("link", "review", "--answers", "answers.sssom.tsv", "--author", "Budi")
    assert "0 answers taken, 1 known" in again.stderr


def test_answers_do_not_overwrite_judgements(place: Path) -> None:
    kg("link", "judge", CITY, REGENCY, "--different", "--author", "Sari")
    kept = (place / "kg-store" / "judgements.sssom.tsv").read_text("utf-8")
    (place / "answers.tsv").write_text(kept.replace("\tNot\t", "\t\t").replace("\tSari\t", "\tBudi\t"), "utf-8")
    with pytest.raises(InputError, match="are judged different by Sari"):
        kg("link", "review", "--answers", "answers.tsv")
    assert (place / "kg-store" / "judgements.sssom.tsv").read_text("utf-8") == kept
    done = kg("link", "review", "--answers", "answers.tsv", "--replace")
    assert "replaced: Kota Semarang ≠ Kabupaten Semarang (Sari" in done.stderr
    assert [each.verdict for each in Judgements.load(place / "kg-store" / "judgements.sssom.tsv")] == [Verdict.SAME]


def test_a_contradiction_is_told(place: Path) -> None:
    for pair, verdict in ((("a", "b"), "--same"), (("b", "c"), "--same"), (("a", "c"), "--different")):
        ends = [f"https://a.example/{end}" for end in pair]
        done = kg("link", "judge", *ends, verdict, "--author", "Sari")
    assert "contradiction: https://a.example/a ≠ https://a.example/c" in done.stderr


def test_a_terminal_is_asked_pair_by_pair(place: Path) -> None:
    left_open(place / "kg-store")
    written = on_terminal(
        ["link", "review", "--author", "Sari", "--date", "2026-11-26"], ["x", "d", "no such city", "2", "by its code"]
    )
    assert "1 of 2: Bogor  (penduduk.csv)" in written
    assert "'x': number = that one" in written
    assert "0 still open" in written
    said = {each.subject: each for each in Judgements.load(place / "kg-store" / "judgements.sssom.tsv")}
    assert (said[OTHER].verdict, said[OTHER].reason) == (Verdict.DIFFERENT, "no such city")
    assert (said[NAME].verdict, said[NAME].object, said[NAME].reason) == (
        Verdict.SAME,
        thing_id(CITY),
        "by its code",
    )


def on_terminal(arguments: list[str], answers: list[str]) -> str:
    """Run the command on a terminal of its own and type an answer at every question; what it wrote."""
    pty = pytest.importorskip("pty", reason="only Unix has terminals of its own for a test")
    controller, terminal = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments], stdin=terminal, stdout=terminal, stderr=terminal, close_fds=True
    )
    os.close(terminal)
    written, at = "", 0
    while select.select([controller], [], [], 60)[0]:
        try:
            written += os.read(controller, 4096).decode()
        except OSError:  # the other end is closed
            break
        if written[at:].rstrip(" ").endswith("?") and answers:
            at = len(written)
            os.write(controller, f"{answers.pop(0)}\n".encode())
    os.close(controller)
    assert run.wait(30) == 0, written
    return written


def test_persons_judged_to_be_one_are_two_again_after_undo(place: Path) -> None:
    everything = ("export", "--resolved", "--with-links", "-f", "nquads")
    names = re.findall(r"id/(person/[\w-]+)> <http://xmlns.com/foaf/0.1/name>", kg(*everything).stdout)
    one, other = sorted(set(names))[:2]
    before = kg(*everything).stdout
    kg("link", "judge", one, other, "--same", "--author", "Sari")
    merged = kg(*everything).stdout
    assert merged != before
    assert f"<{thing_id(one)}> <http://www.w3.org/2002/07/owl#sameAs> <{thing_id(other)}>" in merged
    kg("link", "undo", one, other)
    assert kg(*everything).stdout == before
