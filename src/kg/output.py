"""Bytes -> a file, whole or not at all, or standard output; several files -> a folder that is so, too."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Literal

from kg.errors import OutputError

STANDARD_OUTPUT: Literal["-"] = "-"
PIPE_CLOSED = 141  # exit code of a program that SIGPIPE ended: 128 + 13
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
REASONS = {
    errno.EBUSY: "in use as a mount point or by another program; name a folder inside it",
    errno.ENOSPC: "no space left on the device; make room, or write elsewhere",
    errno.EDQUOT: "the disk quota is used up; make room, or write elsewhere",
    errno.EFBIG: "larger than files may be here; write elsewhere",
    errno.EACCES: "no permission to write there; choose another place",
    errno.EPERM: "no permission to write there; choose another place",
    errno.EROFS: "the file system is read-only; choose another place",
    errno.ENOENT: "the folder doesn't exist; make it first",
    errno.ENOTDIR: "a part of the path is a file, not a folder; choose another place",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EISDIR: "a folder; name a file in it",
    errno.ELOOP: "a link that leads back to itself; take it out",
}


def write_atomic(target: Path | Literal["-"], data: bytes) -> None:
    """Write ``data`` to a file, or to standard output for ``-``.

    A file is written beside the target and then put in its place, so what was there stays untouched until the new
    content is safe on the disk; its mode stays, and a link stays a link. Devices and pipes are written to as they are.
    Raises OutputError. A reader of standard output that has gone away ends the program without a word.
    """
    if target == STANDARD_OUTPUT:
        _write_standard_output(data)
        return
    try:
        _write_file(Path(os.path.realpath(target)), data)
    except OSError as error:
        raise OutputError(f"{target}: {reason(error)}") from error


def append(path: Path, lines: bytes) -> None:
    """Add whole lines to a file that is only added to, in one write, so that those of several processes don't mix.

    A last line that was cut off, by a stop or a full disk, is ended first: it takes none with it. Raises OSError.
    """
    with path.open("a+b", buffering=0) as file:
        whole = b"\n" + lines if _is_torn(file) else lines
        if file.write(whole) < len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _is_torn(file: FileIO) -> bool:
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read() != b"\n"


def expect_target(target: Path | Literal["-"]) -> None:
    """Tell before long work what could never be written: a target in a folder that isn't there, or that is a folder."""
    if target == STANDARD_OUTPUT:
        return
    path = Path(os.path.realpath(target))
    if path.is_dir():
        raise OutputError(f"{target}: {REASONS[errno.EISDIR]}")
    if not path.parent.is_dir():
        raise OutputError(f"{target}: {REASONS[errno.ENOENT]}")


def _write_standard_output(data: bytes) -> None:
    if sys.stdout is None or sys.stdout.closed:
        raise OutputError("standard output: closed; name a file to write to")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence_standard_output()
        raise SystemExit(PIPE_CLOSED) from None
    except OSError as error:
        _silence_standard_output()
        raise OutputError(f"standard output: {reason(error)}") from error


def _silence_standard_output() -> None:
    """Send what is still in the buffer nowhere, or the interpreter would complain about it at its end."""
    with contextlib.suppress(OSError, ValueError):  # no file behind it: nothing to silence
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _write_file(target: Path, data: bytes) -> None:
    try:
        mode: int | None = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    if mode is None or stat.S_ISREG(mode):
        _replace(target, data, mode)
    else:
        target.write_bytes(data)  # a device or a pipe; a folder raises


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    """Write beside the target, then rename; ``mode`` is that of the file that is there."""
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "read-only")
    beside = target.with_name(f".kg-{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(beside, NEW_FILE, 0o666)
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        if mode is not None:
            os.chmod(beside, stat.S_IMODE(mode))
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the rename itself safe, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder that appears under its name only when it is complete. Raises OutputError; then nothing is there."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise OutputError(f"{target}: exists; name a folder that doesn't")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target}: {reason(error)}") from error
    try:
        yield folder
        folder.chmod(0o755)
        if target.is_dir():
            target.rmdir()
        folder.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise OutputError(f"{target}: {reason(error)}; nothing was made there") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reason(error: OSError) -> str:
    """What is wrong and what to do. An engine's error has no number of the system's, only its words."""
    number = error.errno or next((each for each in REASONS if os.strerror(each) in str(error)), None)
    known = REASONS.get(number) if number is not None else None
    return known or f"can't be written: {error.strerror or error}"
