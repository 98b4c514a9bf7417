"""Looking after a store: info, check, repair, backup, verify, restore, older layouts; as functions and as commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

import command
from kg import journal, layout, store, view
from kg import vocabulary as v
from kg.cli import cli
from kg.errors import GraphError, InUse, OutputError, StoreError
from kg.store import background
from kg.store.checking import check
from kg.store.folder import restoring
from kg.upkeep import checking, repairing
from kg.upkeep.backup import back_up, restore, verify
from kg.upkeep.info import info
from kg.view import keeping
from killing import small_background
from test_store import IDS, article, quads

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "articles" / "kota-cerdas.txt"
SRC = Path(__file__).parents[1] / "src"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the sample with a twentieth of the reference data, which would take most of the time."""
    place = tmp_path_factory.mktemp("made") / "kg-store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background, "of", small_background)
        kg("-q", "build", SAMPLE, "--store", place)
    return place


@pytest.fixture
def path(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That store in the working folder."""
    monkeypatch.setattr(background, "of", small_background)
    monkeypatch.delenv("KG_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made, tmp_path / "kg-store")
    return tmp_path / "kg-store"


@pytest.fixture
def whole(folder_with_store: Path) -> Path:
    """The sample's store with all reference data, for processes of their own."""
    return folder_with_store / "kg-store"


def kg(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def content(path: Path) -> set[ox.Quad]:
    with store.open_store(path, read_only=True) as opened:
        return set(opened.dataset)


def stated(path: Path) -> list[ox.Quad]:
    with store.open_store(path, read_only=True) as opened:
        return opened.published()


def put(path: Path, number: int) -> None:
    with keeping.writing(path) as opened:
        opened.put(article(number), quads(article(number)))


def actions(path: Path) -> list[object]:
    return [entry["action"] for entry in journal.entries(path)]


# ---------------------------------------------------------------- backup


def test_a_backup_is_the_store_of_that_moment_and_can_be_asked(path: Path) -> None:
    before = content(path)
    found = back_up(path, "copy")
    put(path, 1)
    assert content(Path("copy")) == before != content(path)
    assert (found.articles, found.quads) == (1, len(before))
    assert verify("copy") == []
    assert actions(path)[-2:] == ["backup", "put"]
    asked, there = kg("query", "articles", "--store", "copy", "-f", "csv"), kg("-q", "remove", SAMPLE.name)
    assert "NusaWarta" in asked.output
    assert there.exit_code == 0
    assert verify("copy") == []  # asking leaves it as it was


def test_a_backup_is_not_written_to(path: Path) -> None:
    back_up(path, "copy")
    with pytest.raises(StoreError, match="kg store restore copy"):
        store.open_store("copy")
    assert verify("copy") == []


def test_judgements_and_what_a_person_put_there_are_in_it_and_passing_things_are_not(path: Path) -> None:
    (path / "judgements.sssom.tsv").write_text("x")
    (path / "notes").mkdir()
    (path / "notes" / "why.txt").write_text("because")
    (path / "writer.json").write_text("{}")
    names = {name for name in back_up(path, "copy").files if not name.startswith("graph/")}
    assert names == {"format.json", "log.jsonl", "judgements.sssom.tsv", "notes/why.txt"}


BUILD_FOR_EVER = """
import sys
sys.path[:0] = [{tests!r}]
from test_store import article, quads, store
number = 0
with store.open_store({path!r}) as opened:
    while True:
        one = article(number)
        opened.put(one, quads(one))
        number += 1
        print(number, flush=True)
"""


def test_a_backup_is_whole_while_a_build_goes_on(whole: Path, tmp_path: Path) -> None:
    path = whole
    code = BUILD_FOR_EVER.format(tests=str(Path(__file__).parent), path=str(path))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        try:
            for number in range(4):
                done = int(writer.stdout.readline())
                while done < 30 * number:
                    done = int(writer.stdout.readline())
                target = tmp_path / f"copy-{number}"
                found = back_up(path, target)
                assert verify(target) == []
                with store.open_store(target, read_only=True) as opened:
                    assert check(opened) == []
                    assert set(opened.published()) >= {quad for one in range(done) for quad in quads(article(one))}
                assert found.articles >= done + 1  # the sample was there before
        finally:
            writer.kill()
    assert not list(path.glob(".moment-*"))


@pytest.mark.parametrize("target", ["kg-store", "kg-store/backup", "there", "missing/\0"])
def test_a_backup_goes_to_a_new_folder_outside_of_the_store(path: Path, target: str) -> None:
    Path("there").mkdir()
    (Path("there") / "file").write_text("mine")
    before = content(path)
    with pytest.raises((OutputError, ValueError)):
        back_up(path, target)
    assert content(path) == before
    assert (Path("there") / "file").read_text() == "mine"
    assert sorted(each.name for each in Path().iterdir()) == ["kg-store", "there"]


@pytest.mark.parametrize("change", ["bytes", "missing", "more", "shorter", "log"])
def test_a_backup_that_was_changed_is_told_and_not_restored(path: Path, change: str) -> None:
    back_up(path, "copy")
    largest = max(Path("copy/graph").glob("*.sst"), key=lambda each: each.stat().st_size)
    data = largest.read_bytes()
    match change:
        case "bytes":
            largest.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
        case "missing":
            largest.unlink()
        case "more":
            Path("copy/graph/999999.sst").write_bytes(b"")
        case "shorter":
            largest.write_bytes(data[:-1])
        case "log":
            Path("copy/log.jsonl").write_text("")
    assert len(verify("copy")) == 1
    told = kg("store", "verify", "copy")
    assert told.exit_code == 1
    if change == "more":
        return  # what isn't of the backup isn't restored either
    before = content(path)
    with pytest.raises(StoreError, match="take another backup"):
        restore("copy", path)
    assert content(path) == before
    assert sorted(each.name for each in Path().iterdir()) == ["copy", "kg-store"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"backup": 1}', '{"backup": 9, "version": "7.0", "files": {}}'])
def test_a_backup_that_does_not_say_what_it_holds_is_refused_in_one_line(path: Path, text: str) -> None:
    back_up(path, "copy")
    Path("copy/backup.json").write_text(text)
    with pytest.raises(StoreError, match=r"damaged|version 7\.0"):
        verify("copy")
    with pytest.raises(GraphError, match="no backup"):
        restore(path, "other")


# ---------------------------------------------------------------- restore


def test_what_was_there_comes_back_and_what_is_there_is_kept_beside_it(path: Path) -> None:
    before = content(path)
    back_up(path, "copy")
    put(path, 1)
    later = content(path)
    told = kg("store", "restore", "copy")
    assert told.exit_code == 0
    assert content(path) == before
    assert content(Path("kg-store.before")) == later
    assert set(keeping.opened(path)) == set(view.of(store.open_store(path, read_only=True).dataset))
    assert actions(path)[-2:] == ["backup", "restore"]
    assert checking.check(path) == []
    assert restore("copy", path).aside == path.with_name("kg-store.before-1")
    assert verify("copy") == []


def test_a_backup_is_restored_where_nothing_is_or_where_nothing_can_be_read(path: Path) -> None:
    before = content(path)
    back_up(path, "copy")
    assert restore("copy", "far/away/new").aside is None
    assert content(Path("far/away/new")) == before
    (path / "graph" / "CURRENT").unlink()
    restore("copy", path)
    assert content(path) == before


def test_a_restored_store_is_written_to_like_any_other(path: Path) -> None:
    back_up(path, "copy")
    restore("copy", "new")
    put(Path("new"), 1)
    assert checking.check("new") == []


def test_nothing_is_restored_over_what_is_no_store_or_is_being_written_to(path: Path) -> None:
    back_up(path, "copy")
    Path("papers").mkdir()
    Path("papers/letter.txt").write_text("mine")
    with pytest.raises(GraphError, match="no store"):
        restore("copy", "papers")
    before = content(path)
    with store.open_store(path), pytest.raises(InUse, match=f"process {os.getpid()}"):
        restore("copy", path)
    assert content(path) == before
    assert not Path("kg-store.before").exists()


RESTORE = "import sys; from kg.upkeep.backup import restore; print('go', flush=True); restore(*sys.argv[1:])"


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_or_says_what_to_do(whole: Path) -> None:
    path = whole
    back_up(path, "copy")
    old = content(Path("copy"))
    put(path, 1)
    new = content(path)
    command = [sys.executable, "-c", RESTORE, "copy", str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for patience in (0.0, 0.1, 0.3, 0.6, 1.0):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(patience)
            process.kill()
        if path.exists():
            assert content(path) in (old, new)
        else:
            with pytest.raises(GraphError, match="run kg store restore again"):
                store.open_store(path, create=True)
            assert content(Path("kg-store.before")) == new
    restore("copy", path)
    assert content(path) == old
    assert not list(Path().glob(".*restoring"))


def test_between_its_two_renames_a_restore_is_told_of(path: Path) -> None:
    back_up(path, "copy")
    made = restoring(path)
    path.rename(made)
    for create in (True, False):
        with pytest.raises(GraphError, match="run kg store restore again"):
            store.open_store(path, create=create)
    restore("copy", path)
    assert checking.check(path) == []


# ---------------------------------------------------------------- layouts


def older(path: Path) -> None:
    """Make a store one of layout 1."""
    shutil.rmtree(path / "view")
    (path / "changed.txt").unlink()
    (path / "format.json").write_text(json.dumps({"format": 1, "base": v.DEFAULT_BASE}))


def test_an_older_layout_is_read_as_it_is_and_brought_up_to_date_by_the_first_writer(path: Path) -> None:
    before = content(path)
    older(path)
    assert content(path) == before
    assert layout.read(path).format == 1
    shown = kg("query", "articles", "-f", "csv").output
    put(path, 1)
    assert layout.read(path).format == layout.FORMAT
    assert [entry for entry in journal.entries(path) if entry["action"] == "migrate"][-1]["to"] == layout.FORMAT
    assert checking.check(path) == []
    assert "NusaWarta" in shown


def test_a_view_of_an_older_layout_is_made_anew(path: Path) -> None:
    put(path, 1)
    behind = path.with_name("behind")
    shutil.copytree(path / "view", behind)
    with keeping.writing(path) as opened:
        opened.remove(article(1).key)
    older(path)
    shutil.copytree(behind, path / "view")  # as a program of layout 1 would have left it
    with keeping.writing(path):
        pass
    assert checking.check(path) == []


def test_a_migration_that_is_stopped_is_done_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older(path)
    before = content(path)
    with monkeypatch.context() as patch:
        patch.setattr(layout, "write", lambda *_: (_ for _ in ()).throw(OutputError("full")))
        with pytest.raises(OutputError):
            store.open_store(path)
    assert content(path) == before
    assert layout.read(path).format == 1
    put(path, 1)
    assert layout.read(path).format == layout.FORMAT


def test_a_restored_backup_of_an_older_layout_is_brought_up_to_date(path: Path) -> None:
    older(path)
    back_up(path, "copy")
    restore("copy", "new")
    assert layout.read(Path("new")).format == layout.FORMAT
    assert verify("copy") == []


# ---------------------------------------------------------------- check, repair


def damage(path: Path, quad: ox.Quad, other: ox.Quad | None = None) -> None:
    """Change a quad behind the back of all but the view."""
    unit = str(quad.graph_name.value).removesuffix("/provenance")
    with keeping.writing(path) as opened:
        opened.change([quad], [other] if other else [], [ox.NamedNode(unit)])


def some(path: Path, predicate: ox.NamedNode, graph: ox.NamedNode | None = None) -> ox.Quad:
    with store.open_store(path, read_only=True) as opened:
        found = opened.dataset.quads_for_pattern(None, predicate, None, graph)
        return min((quad for quad in found if "/article/" in str(quad.subject)), key=str)


def test_a_sound_store_is_told_to_be_so(path: Path) -> None:
    told = kg("store", "check")
    assert (told.exit_code, told.stdout) == (0, "")
    assert "all is well" in told.stderr


def test_words_that_are_not_the_texts_are_found_and_read_again_from_their_file(path: Path) -> None:
    before = content(path)
    quad = some(path, v.ANCHOR_OF)
    damage(path, quad, ox.Quad(quad.subject, quad.predicate, ox.Literal("x" * len(quad.object.value)), quad.graph_name))
    found = kg("store", "check")
    assert found.exit_code == 1
    assert str(quad.subject) in found.stdout
    repaired = kg("store", "check", "--repair")
    assert repaired.exit_code == 0, repaired.output
    assert f"read again from {SAMPLE}" in repaired.stderr
    assert content(path) == before
    assert kg("store", "check").exit_code == 0
    assert actions(path)[-1] == "repair"


def test_what_cannot_be_read_again_is_told_and_stays(path: Path) -> None:
    put(path, 1)
    quad = some(path, v.IS_STRING, IDS.provenance(article(1)))
    damage(path, quad)
    repaired = kg("store", "check", "--repair")
    assert repaired.exit_code == 1
    assert f"{IDS.article(article(1)).value}: its text is missing; read the article again" in repaired.stdout
    with store.open_store(path, read_only=True) as opened:
        assert set(quads(article(1))) <= set(opened.published())


def test_what_is_left_of_an_article_that_is_not_there_goes(path: Path) -> None:
    put(path, 1)
    before = stated(path)
    put(path, 2)
    quad = some(path, v.TYPE, IDS.article(article(2)))
    damage(path, quad)
    (finding,) = checking.check(path)
    assert finding.article == article(2).key
    done, left = repairing.repair(path)
    assert (done, left) == ([f"article {article(2).key}: what was left of it is taken away"], [])
    assert stated(path) == before


def test_a_view_that_is_not_what_the_graph_means_is_found_and_made_anew(path: Path) -> None:
    folder = keeping.current(path)
    assert folder is not None
    made = ox.Store(str(folder))
    made.remove(next(quad for quad in made if quad.graph_name != ox.DefaultGraph()))
    del made
    assert [finding.part for finding in checking.check(path)] == ["view"]
    assert repairing.repair(path) == ([], [])


def test_a_view_whose_default_graph_lacks_a_triple_is_found(path: Path) -> None:
    folder = keeping.current(path)
    assert folder is not None
    made = ox.Store(str(folder))
    made.remove(next(made.quads_for_pattern(None, None, None, ox.DefaultGraph())))
    del made
    assert [finding.part for finding in checking.check(path)] == ["view"]


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_of_damaged_files_all_that_can_be_read_is_saved_and_the_damaged_ones_are_kept(path: Path, place: float) -> None:
    before = content(path)
    shutil.copytree(path, "sound")
    outcomes = set()
    for file in sorted(path.glob("graph/*.sst"), key=lambda each: -each.stat().st_size)[:7:2]:
        shutil.rmtree(path)
        shutil.copytree("sound", path)
        data = bytearray(file.read_bytes())
        data[int(len(data) * place)] ^= 0xFF
        file.write_bytes(data)
        try:
            done, left = repairing.repair(path)
        except StoreError as error:  # nothing can be read: said in one line
            outcomes.add("refused" if "restore a backup" in str(error) else str(error))
            continue
        assert left == []
        lost = [line for line in done if line.startswith("lost: ")]
        outcomes.add("lost" if lost else "saved" if done else "harmless")  # in a note of the engine that nobody reads
        assert len(list(path.glob("graph.damaged*"))) == (1 if done else 0)
        assert lost or content(path) == before
    assert {"saved"} <= outcomes <= {"saved", "lost", "harmless", "refused"}


# ---------------------------------------------------------------- info, log


def test_info_says_what_there_is(path: Path) -> None:
    found = info(path)
    assert (found.articles, found.datasets, found.quads) == (1, 0, len(content(path)))
    assert found.format == found.newest_format == layout.FORMAT
    assert found.bytes >= found.bytes_graph + found.bytes_view > 0
    assert found.first_change == found.last_change == str(journal.entries(path)[0]["time"])
    printed = json.loads(kg("store", "info", "-f", "json").stdout)
    assert printed["quads"] == found.quads
    assert f"{found.quads:,}" in kg("store", "info").stdout


def test_the_log_tells_of_all_that_was_done(path: Path) -> None:
    older(path)
    put(path, 1)
    back_up(path, "copy")
    restore("copy", path)
    repairing.repair(path)
    kg("-q", "remove", SAMPLE.name)
    with (path / "log.jsonl").open("ab") as log:
        log.write('{"time": "é'.encode()[:-1])
    put(path, 2)
    printed = [json.loads(line)["action"] for line in kg("log").stdout.splitlines()]
    assert printed == ["put", "migrate", "put", "backup", "restore", "repair", "remove", "put"]


# ---------------------------------------------------------------- two writers


def test_the_second_writer_is_told_who_writes_and_a_dead_one_is_no_obstacle(whole: Path) -> None:
    path = whole
    code = (
        f"import time; from kg.store import open_store; opened = open_store({str(path)!r})\n"
        "print('open', flush=True); time.sleep(600)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        for command in (["build", SAMPLE, "--store", path], ["remove", SAMPLE.name], ["store", "check", "--repair"]):
            told = kg(*command)
            assert isinstance(told.exception, InUse)
            assert f"process {writer.pid}" in str(told.exception)
        assert kg("store", "check").exit_code == 0
        writer.kill()
    assert (path / "writer.json").exists()
    assert kg("build", SAMPLE, "--store", path).exit_code == 0
    assert not (path / "writer.json").exists()


# ---------------------------------------------------------------- a full disk


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MB."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no small file system can be mounted here: {error}")
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, left: int) -> Path:
    """Leave so many bytes free."""
    ballast = place / "ballast"
    with ballast.open("wb") as file:
        while (free := os.statvfs(place).f_bavail * os.statvfs(place).f_frsize) > left:
            file.write(b"x" * min(free - left, 1 << 20))
            file.flush()
    return ballast


def one_line(*arguments: str | Path, cwd: Path, words: str) -> None:
    told = command.kg("-q", *arguments, cwd=cwd)
    assert told.returncode == 2, told.stderr
    assert re.fullmatch(rf"kg: .*{words}.*\n", told.stderr), told.stderr


FULL = "no space left on the device"


def test_a_full_disk_is_told_in_one_line_and_the_store_stays_as_it_was(whole: Path, small: Path) -> None:
    path = whole
    place = small / "kg-store"
    shutil.copytree(path, place)
    back_up(path, "copy")
    before = content(place)
    large = "\n\n".join(
        [SAMPLE.read_text("utf-8"), *(f"Kata ke-{number} dari sekian kata." for number in range(20_000))]
    )
    Path("large.txt").write_text(large, "utf-8")
    for left in (0, 200_000):  # not even to be opened; opened, but without room for the article
        ballast = fill(small, left)
        one_line("build", "large.txt", "--store", place, cwd=path.parent, words=FULL)
        if not left:
            one_line("remove", SAMPLE.name, "--store", place, cwd=path.parent, words=FULL)
            one_line("build", SAMPLE, "--store", small / "new", cwd=path.parent, words=FULL)
        one_line("store", "backup", small / "copy", "--store", place, cwd=path.parent, words=FULL)
        one_line("store", "restore", "copy", "--store", place, cwd=path.parent, words=FULL)
        assert content(place) == before  # and it can be read
        assert "NusaWarta" in kg("query", "articles", "--store", place).stdout
        assert sorted(each.name for each in small.iterdir()) == ["ballast", "kg-store"]
        ballast.unlink()
    assert kg("build", "large.txt", "--store", place).exit_code == 0
    assert checking.check(place) == []
    assert kg("store", "backup", small / "copy", "--store", place).exit_code == 0


def put_for_ever(place: Path) -> int:
    """How many articles were put until the disk was full."""
    done = 0
    with store.open_store(place) as opened, pytest.raises(StoreError, match=FULL):  # noqa: PT012 - which of them, nobody knows
        for done in range(20_000):
            opened.put(article(done), quads(article(done)))
    return done


def test_a_disk_that_fills_up_during_a_build_keeps_what_was_done(path: Path, small: Path) -> None:
    place = small / "kg-store"
    shutil.copytree(path, place)
    ballast = fill(small, 3_000_000)
    done = put_for_ever(place)
    assert done > 0
    with store.open_store(place, read_only=True) as opened:
        assert {article(number).key for number in range(done)} <= {kept.key for kept in opened.articles()}
        assert check(opened) == []
    ballast.unlink()
    with keeping.writing(place) as opened:
        opened.put(article(done), quads(article(done)))
    assert checking.check(place) == []


def test_a_view_that_no_room_is_left_for_follows_later(path: Path, small: Path) -> None:
    place = small / "kg-store"
    shutil.copytree(path, place)
    shutil.rmtree(place / "view")
    ballast = fill(small, 600_000)
    with pytest.raises(StoreError, match=FULL), keeping.writing(place):
        pass
    assert "NusaWarta" in kg("query", "articles", "--store", place).stdout
    ballast.unlink()
    with keeping.writing(place):
        pass
    assert checking.check(place) == []
