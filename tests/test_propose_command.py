"""``kg build --propose``: what is told, kept, left out and taken back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import modelling
from command import kg
from kg.cli import main
from kg.propose import Settings
from kg.propose.kept import ANSWERS, USAGE
from modelling import CLAIM, INVENTED, KEY, TEXT, Script


@pytest.fixture
def script() -> Script:
    return Script(answer=lambda _: {"claims": [CLAIM]})


@pytest.fixture
def url(script: Script) -> Iterator[str]:
    with modelling.model(script) as address:
        yield address


def test_the_package_is_not_imported_where_nobody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    program = (
        "import sys; from kg.cli import main\n"
        "sys.argv = ['kg', 'build', 'a.txt', '-o', 'g.ttl']\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "names = {'kg.propose', 'kg.http', 'httpx', 'jsonschema'}\n"
        "print(sorted(names & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def graph_of(folder: Path) -> str:
    return (folder / "g.nq").read_text("utf-8")


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: its start takes longer than what is tested here."""
    monkeypatch.chdir(folder)
    for name in ("KG_STORE", "KG_PROPOSE", "KG_MODEL", "KG_PROPOSE_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))

    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as around:
            around.setattr(sys, "argv", ["kg", *arguments])
            for name, value in environment.items():
                around.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(end.value.code or 0), out, err)

    return call


@pytest.fixture
def build(run: Run) -> Run:
    return lambda *arguments, **environment: run("build", "a.txt", "-o", "g.nq", *arguments, **environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    return tmp_path


def test_a_build_with_proposals_and_one_without(folder: Path, build: Run, url: str, script: Script) -> None:
    assert build().returncode == 0
    before = graph_of(folder)
    script.answer = lambda _: {"claims": [CLAIM, INVENTED, {"relation": "loves"}]}
    done = build("--propose", url, "--model", "small", KG_PROPOSE_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert "small: 1 request; 1,000 tokens in + 100 out = 1,100" in done.stderr
    assert "3 claims proposed = 1 let in + 1 quarantined + 0 merged + 1 not stated" in done.stderr
    assert "1 not stated: names an unknown relation" in done.stderr
    first = graph_of(folder)
    assert '"model/small"' in first
    again = build("--propose", url, "--model", "small", KG_PROPOSE_KEY="")
    assert "small: 0 requests + 1 kept from before" in again.stderr
    assert graph_of(folder) == first
    assert build().returncode == 0
    assert graph_of(folder) == before


def test_the_share_of_a_model_is_found_left_out_and_taken_back(run: Run, url: str, script: Script) -> None:
    script.answer = lambda _: {"claims": [CLAIM, INVENTED]}
    assert run("build", "a.txt", "--store", "plain").returncode == 0
    assert run("build", "a.txt", "--propose", url, "--model", "small", "--store", "s").returncode == 0
    found = run("query", "proposed", "--store", "s", "-f", "csv")
    assert [line.split(",")[:3] for line in found.stdout.splitlines()[1:]] == [
        ["model/small", "attended_by", "quarantined"],
        ["model/small", "attended_by", "let in"],
    ]
    only = run("query", "proposed", "--set", "rule=model/other", "--store", "s", "-f", "csv")
    assert len(only.stdout.splitlines()) <= 1
    listed = run("query", "quarantine", "--store", "s", "-f", "csv").stdout
    assert "SpanVerbatim" in listed
    assert "model/small" in listed
    assert "1 replaced" in run("build", "a.txt", "--store", "s").stderr
    whole = [run("export", "-f", "nquads", "--store", store).stdout for store in ("s", "plain")]
    assert whole[0] == whole[1] != ""


def test_settings_come_from_the_file_and_the_environment(folder: Path, build: Run, url: str, script: Script) -> None:
    (folder / "kg.toml").write_text(f'[propose]\nurl = "{url}"\nmodel = "filed"\ncache = "kept"\n', "utf-8")
    assert "filed: 1 request" in build().stderr
    assert (folder / "kept" / USAGE).is_file()
    assert "given: 1 request" in build(KG_MODEL="given").stderr
    assert "claims proposed" not in build("--no-propose").stderr
    (folder / "kg.toml").unlink()
    assert "named: 1 request" in build(KG_PROPOSE=url, KG_MODEL="named").stderr
    assert build("--propose", url).returncode == 2
    assert len(script.requests) == 3


def test_the_budget_is_told_in_one_line_and_is_no_fault(folder: Path, build: Run, url: str) -> None:
    done = build("--propose", url, "--model", "small", "--budget", "50")
    assert done.returncode == 0
    assert "1 article read without proposals: the budget of 50 tokens is used up" in done.stderr
    assert graph_of(folder)


def test_what_was_not_to_be_had_is_told_and_the_build_is_whole(
    folder: Path, build: Run, url: str, script: Script
) -> None:
    script.first = [lambda one: one.error(401, f"Incorrect API key provided: {KEY}")]
    done = build("--propose", url, "--model", "small", KG_PROPOSE_KEY=KEY)
    assert done.returncode == 2
    assert "1 article read without proposals" in done.stderr
    assert "check the key in KG_PROPOSE_KEY" in done.stderr
    assert graph_of(folder)


def test_the_key_stands_nowhere(folder: Path, build: Run, url: str, script: Script) -> None:
    script.first = [lambda one: one.error(500, KEY), lambda one: one.error(400, KEY)]
    done = build("--propose", url, "--model", "small", KG_PROPOSE_KEY=KEY)
    assert KEY not in done.stdout + done.stderr
    assert KEY not in repr(Settings("u", "m", key=KEY))
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == ANSWERS for path in written)
    assert not [path for path in written if KEY.encode() in path.read_bytes()]


def test_workers_read_the_same_and_what_got_no_answer_is_read_again(folder: Path, url: str, script: Script) -> None:
    for number in range(3):
        (folder / f"b{number}.txt").write_text(f"{TEXT}Ini berita ke-{number}.\n", "utf-8")
    sources = [f"b{number}.txt" for number in range(3)]

    def build(store: str, workers: int, *asked: str) -> str:
        around = {"XDG_CACHE_HOME": str(folder / "cache")}
        done = kg("build", *sources, "--store", store, "--workers", str(workers), *asked, cwd=folder, **around)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def stored(store: str) -> str:
        return kg("export", "-f", "nquads", "--store", store, cwd=folder).stdout

    asked = ("--propose", url, "--model", "small")
    assert "1 article read without proposals: the budget" in build("many", 2, *asked, "--budget", "9000")
    again = build("many", 1, *asked)
    assert "1 article read, 2 known already" in again
    assert "1 claims proposed = 1 let in" in again
    assert "3 claims proposed = 3 let in" in build("one", 0, *asked)
    assert len(script.requests) == 3
    assert stored("many") == stored("one") != ""
    assert "3 articles read" in build("many", 1)
    assert '"model/small"' not in stored("many")
