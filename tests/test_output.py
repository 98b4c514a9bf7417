"""Writing: whole or not at all, and one clear line where it can't be done."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.errors import OutputError
from kg.output import write_atomic


def refusal(target: Path, data: bytes = b"baru") -> str:
    """The one line with which a target is refused."""
    with pytest.raises(OutputError) as caught:
        write_atomic(target, data)
    message = str(caught.value)
    assert "\n" not in message
    return message


def run(script: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a script that writes to standard output."""
    code = f"import sys; from pathlib import Path; from kg.output import write_atomic; {script}"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, check=False, timeout=60, **options)


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.ttl", b"isi")
    (tmp_path / "b").touch()
    assert (tmp_path / "a.ttl").read_bytes() == b"isi"
    assert (tmp_path / "a.ttl").stat().st_mode == (tmp_path / "b").stat().st_mode
    assert sorted(os.listdir(tmp_path)) == ["a.ttl", "b"]


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "a.ttl"
    target.write_bytes(b"lama")
    target.chmod(0o640)
    write_atomic(target, b"baru")
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"baru", 0o640)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.ttl").symlink_to("a.ttl")
    write_atomic(tmp_path / "link.ttl", b"isi")
    assert (tmp_path / "link.ttl").is_symlink()
    assert (tmp_path / "a.ttl").read_bytes() == b"isi"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tiada/a.ttl", "tiada/a.ttl: the folder doesn't exist; make it first"),
        ("", "a folder; name a file in it"),
        ("berkas/a.ttl", "a part of the path is a file, not a folder"),
        ("x" * 300, "the name is too long"),
    ],
)
def test_a_place_that_cant_be_written_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "berkas").touch()
    assert message in refusal(tmp_path / name)
    assert os.listdir(tmp_path) == ["berkas"]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.ttl"
    target.write_bytes(b"lama")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refusal(target).endswith("a.ttl: no space left on the device; make room, or write elsewhere")
    assert target.read_bytes() == b"lama"
    assert os.listdir(tmp_path) == ["a.ttl"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a process's files")
def test_a_write_that_stops_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.ttl"
    target.write_bytes(b"lama")
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); "
    done = run(f"{limit} write_atomic(Path({str(target)!r}), bytes(5000))")
    assert b"OutputError" in done.stderr
    assert b"larger than files may be here" in done.stderr
    assert target.read_bytes() == b"lama"
    assert os.listdir(tmp_path) == ["a.ttl"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_device_is_refused() -> None:
    assert "no space left" in refusal(Path("/dev/full"))
    with open("/dev/full", "wb") as full:
        done = run("write_atomic('-', b'isi')", stdout=full)
    assert b"OutputError: standard output: no space left" in done.stderr.splitlines()[-1]
    assert b"Exception ignored" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="this system has no /dev/null")
def test_a_device_stays_a_device() -> None:
    write_atomic(Path(os.devnull), b"isi")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="this system has no rights to give up")
def test_a_place_without_permission_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "a.ttl"
    target.write_bytes(b"lama")
    target.chmod(0o444)
    tmp_path.chmod(0o555)
    drop = f"import os; os.geteuid() or os.setresuid(65534, 65534, 65534); os.chdir({str(tmp_path)!r}); "
    for parent in (tmp_path, *tmp_path.parents):
        if os.access(parent, os.W_OK) and parent.stat().st_uid == os.geteuid() and len(parent.parts) > 2:
            parent.chmod(parent.stat().st_mode | 0o011)
    for name in ("a.ttl", "b.ttl"):
        done = run(f"{drop} write_atomic(Path({name!r}), b'baru')")
        assert f"OutputError: {name}: no permission to write there" in done.stderr.decode()
    tmp_path.chmod(0o755)
    assert target.read_bytes() == b"lama"
    assert os.listdir(tmp_path) == ["a.ttl"]


def test_standard_output_gets_the_bytes() -> None:
    done = run("print('satu'); write_atomic('-', b'dua')", stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"satu\ndua", b"")


def test_a_reader_that_has_gone_away_ends_the_program_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run("write_atomic('-', bytes(1_000_000))", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_standard_output_is_said() -> None:
    done = run("sys.stdout = None; write_atomic('-', b'isi')")
    assert b"OutputError: standard output: closed" in done.stderr
