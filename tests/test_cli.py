"""The command as people use it: real processes, exit codes, one line for a mistake, nothing lost."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from command import kg
from kg.cli import cli

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "articles" / "kota-cerdas.txt"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, a graph file of one and a store of all."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "data").symlink_to(ROOT / "data")
    assert kg("build", SAMPLE, "-o", "graph.ttl", cwd=folder).returncode == 0
    assert kg("build", "data/articles", cwd=folder).returncode == 0
    return folder


def commands() -> list[tuple[str, click.Command]]:
    return sorted(cli.commands.items())


@pytest.mark.parametrize("name", [name for name, _ in commands() if name != "serve"])  # it doesn't end: test_serve.py
def test_every_help_has_an_example_that_runs(name: str, place: Path, tmp_path: Path) -> None:
    example = re.search(r"Example: (kg .*)", cli.commands[name].help or "")
    assert example, f"{name} has no example"
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "graph.ttl").write_bytes((place / "graph.ttl").read_bytes())
    assert kg("-q", "build", "data/articles", cwd=tmp_path).returncode == 0
    done = kg(*example[1].split()[1:], cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_build_tells_what_became_of_every_claim(place: Path, tmp_path: Path) -> None:
    done = kg("build", SAMPLE, "-o", tmp_path / "graph.ttl", cwd=tmp_path)
    read, admitted, quarantined, merged = map(int, re.findall(r"\d+", done.stderr.splitlines()[1]))
    assert read == admitted + quarantined + merged
    assert done.stdout == ""
    assert not (tmp_path / "kg-store").exists()


@pytest.mark.parametrize(
    "where",
    [["-o", "graf kota.ttl"], ["-o", "graf.json", "-f", "jsonld"], ["-o", "graf.turtle"], ["--store", "toko"], []],
)
def test_the_query_that_a_build_names_finds_why_claims_are_in_quarantine(tmp_path: Path, where: list[str]) -> None:
    done = kg("build", ROOT / "data" / "articles", *where, cwd=tmp_path)
    named = re.search(r"in quarantine: kg (.*)", done.stderr)
    assert named, done.stderr
    told = kg(*shlex.split(named[1]), cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) > 5


def test_build_names_no_query_where_what_was_refused_is_not_kept(tmp_path: Path) -> None:
    unread = [
        "-",
        "graf.graphml",
        "graf.popolo.json",
        "graf.ttl --facts-only",
        "graf.ttl -f nquads",
        "graf.nq.gz -f nquads",
    ]
    for output in (["-o", *each.split()] for each in unread):
        assert "why some" not in kg("build", ROOT / "data" / "articles", *output, cwd=tmp_path).stderr


def test_build_to_standard_output_is_the_file(place: Path) -> None:
    done = kg("-q", "build", SAMPLE, "-o", "-", cwd=place)
    assert done.stdout == (place / "graph.ttl").read_text("utf-8")
    assert done.stderr == ""


def test_build_reads_standard_input(tmp_path: Path) -> None:
    done = kg("build", "-", "-o", "graph.nq", cwd=tmp_path, stdin=SAMPLE.read_text("utf-8"))
    assert done.returncode == 0
    assert (tmp_path / "graph.nq").stat().st_size > 1000


def test_build_without_target_keeps_it_in_the_store(place: Path) -> None:
    assert (place / "kg-store").is_dir()
    done = kg("build", SAMPLE, cwd=place)
    assert "1 unchanged" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("build", "missing.txt", "-o", "graph.ttl"), 2, "missing.txt"),
        (("build", "empty.txt", "-o", "graph.ttl"), 2, "empty.txt"),
        (("build", "binary.txt", "-o", "graph.ttl"), 2, "binary.txt"),
        (("build", "english.txt", "-o", "graph.ttl"), 2, "english.txt"),
        (("build", "empty-folder", "-o", "graph.ttl"), 2, "empty-folder"),
        (("build", "good.txt", "-o", "no-folder/graph.ttl"), 2, "no-folder"),
        (("build", "good.txt", "-o", "graph.docx"), 2, "graph.docx"),
        (("build", "good.txt", "-o", "empty-folder"), 2, "empty-folder"),
        (("buidl",), 2, "buidl"),
        (("query", "membrs", "--graph", "old.ttl"), 2, "members"),
        (("query", "members", "--set", "network", "--graph", "old.ttl"), 2, "KEY=VALUE"),
        (("query", "broken.rq", "--graph", "old.ttl"), 2, "broken.rq"),
        (("query", "members"), 2, "kg-store"),
        (("show", "Nobody At All", "--graph", "old.ttl"), 1, "Nobody At All"),
        (("path", "Arman", "Nobody At All", "--graph", "old.ttl"), 1, "Nobody At All"),
        (("show", "x", "--graph", "broken.ttl"), 2, "broken.ttl"),
        (("show", "x", "--graph", "missing.ttl"), 2, "missing.ttl"),
        (("draw", "-o", "picture.gif", "--graph", "old.ttl"), 2, "picture.gif"),
        (("export", "-o", "graph.doc", "--graph", "old.ttl"), 2, "graph.doc"),
        (("remove", "x"), 2, "kg-store"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_lost(
    arguments: tuple[str, ...], code: int, words: str, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "english.txt").write_text(
        "Der Minister sagte am Montag, dass die Stadt mit dem Fluss wachsen wird. " * 30
    )
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "good.txt").write_text(SAMPLE.read_text("utf-8"))
    (tmp_path / "broken.rq").write_text("SELECT ?x WHERE { ?x a }")
    (tmp_path / "broken.ttl").write_text("<a> <b> .")
    (tmp_path / "old.ttl").write_bytes((place / "graph.ttl").read_bytes())
    (tmp_path / "graph.ttl").write_text("# what was there before\n")
    done = kg(*arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert words in done.stderr
    assert (tmp_path / "graph.ttl").read_text() == "# what was there before\n"
    assert not (tmp_path / "kg-store").exists()


def test_a_bad_source_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    done = kg("build", "empty.txt", SAMPLE, "-o", "graph.ttl", cwd=tmp_path)
    assert done.returncode == 2
    assert "1 article read, 1 skipped" in done.stderr
    assert (tmp_path / "graph.ttl").exists()


def test_show_finds_a_part_of_a_name_and_prints_the_words(place: Path) -> None:
    done = kg("show", "Arman", "--graph", "graph.ttl", cwd=place)
    assert done.stdout.startswith("Arman Wiradinata (pejabat)\n")
    assert "menjabat National Representative" in done.stdout
    assert "yang juga menjabat sebagai" in done.stdout


def test_show_tells_what_is_in_quarantine(place: Path) -> None:
    assert "[dalam karantina]" in kg("show", "Kota Samarinda", cwd=place).stdout


def test_show_asks_to_be_more_precise(place: Path) -> None:
    done = kg("show", "Bandung", cwd=place)
    assert done.returncode == 1
    assert "Kota Bandung" in done.stderr
    assert "Kabupaten Bandung" in done.stderr


def test_facts_are_json_lines_with_places(place: Path) -> None:
    facts = [json.loads(line) for line in kg("-q", "facts", SAMPLE, cwd=place).stdout.splitlines()]
    assert {"article", "rel", "evidence", "rule"} <= set(facts[0])
    assert all(span["start"] < span["end"] for fact in facts for span in fact["evidence"])
    assert {fact["article"] for fact in facts} == {"kota-cerdas"}


def test_removing_an_article_takes_back_its_facts(tmp_path: Path) -> None:
    kg("build", ROOT / "data" / "articles", cwd=tmp_path)
    assert "Arman" in kg("query", "officials", "-f", "csv", cwd=tmp_path).stdout
    assert kg("remove", "kota-cerdas.txt", cwd=tmp_path).returncode == 0
    assert "Arman" not in kg("query", "officials", "-f", "csv", cwd=tmp_path).stdout
    last = json.loads(kg("log", cwd=tmp_path).stdout.splitlines()[-1])
    assert "remove" in last.values()


def queries() -> list[str]:
    return sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))


GIVEN = {
    "participants": ["meeting=High Level Meeting"],
    "quotations": ["person=Arman"],
    "links": ["a=Arman", "b=Pontianak"],
    "evidence": ["thing=Arman"],
    "held-on": ["on=2025-11-12"],
    "neighbourhood": ["thing=Arman"],
}


@pytest.mark.parametrize("name", queries())
def test_every_named_query_answers_alike_on_a_file_and_a_store(name: str, place: Path, tmp_path: Path) -> None:
    assert kg("build", SAMPLE, "--store", tmp_path / "one", cwd=place).returncode == 0
    settings = [part for pair in GIVEN.get(name, []) for part in ("--set", pair)]
    of_file = kg("query", name, *settings, "--graph", "graph.ttl", cwd=place)
    of_store = kg("query", name, *settings, "--store", tmp_path / "one", cwd=place)
    assert of_file.returncode == 0, of_file.stderr
    assert of_file.stdout == of_store.stdout


def test_help_is_quick_because_little_is_imported() -> None:
    code = "import sys; from kg.cli import cli; print(*sorted(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {"rdflib", "pyoxigraph", "networkx", "pyshacl", "shifty", "trafilatura", "babel"}.isdisjoint(loaded)
