"""Names of sources -> files -> their bytes, or one clear line about why not."""

from __future__ import annotations

import difflib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import InputError

SUFFIXES = (".htm", ".html", ".md", ".txt")  # of the files that are read in a folder
STANDARD_INPUT = "-"
OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe mustn't make it wait


@dataclass(frozen=True, slots=True)
class Unread:
    """A source that couldn't be read; the others go on."""

    source: str
    error: InputError


def files(source: str) -> Iterator[str | Unread]:
    """The files of a source: itself, or a folder's with all folders below it, sorted by path.

    Hidden files and folders are passed over. What isn't a folder comes back unlooked at: reading it says what's wrong.
    """
    if source == STANDARD_INPUT or not os.path.isdir(source):
        yield source
        return
    empty = True
    for found in _below(source):
        empty = False
        yield found
    if empty:
        expected = ", ".join(SUFFIXES)
        yield _unread(source, f"no articles in this folder; expected files ending in {expected}")


def _below(folder: str) -> Iterator[str | Unread]:
    """The articles below a folder; without recursion, as folders may be nested deeper than Python's stack."""
    pending: list[tuple[str, frozenset[tuple[int, int]]]] = [(folder, frozenset())]
    while pending:
        path, above = pending.pop()
        if not os.path.isdir(path):
            yield path
            continue
        try:
            status, names = os.stat(path), sorted(os.listdir(path), reverse=True)
        except OSError as error:
            yield Unread(shown(path), _input_error(path, error))
            continue
        identity = (status.st_dev, status.st_ino)
        if identity in above:
            yield _unread(path, "a link back to a folder above it; take the link out")
            continue
        paths = [os.path.join(path, name) for name in names if not name.startswith(".")]
        pending += [(below, above | {identity}) for below in paths if _is_wanted(below)]


def _is_wanted(path: str) -> bool:
    return path.casefold().endswith(SUFFIXES) or os.path.isdir(path)


def read_bytes(source: str, limit: int) -> bytes:
    """The content of a file or of ``-``; one with more than ``limit`` bytes is refused without being read.

    Raises InputError.
    """
    if source == STANDARD_INPUT:
        return _read_standard_input(limit)
    try:
        data = _read_file(source, limit)
    except (OSError, ValueError) as error:
        raise _input_error(source, error) from error
    _refuse_long(len(data), source, limit)  # a file may grow, and those under /proc say that they are empty
    return data


def _read_file(source: str, limit: int) -> bytes:
    """The content, up to one byte more than the limit. Raises OSError; InputError for what is no file or too long."""
    descriptor = os.open(source, OPEN_FLAGS)
    try:
        status = os.fstat(descriptor)  # of what was opened: the name may stand for something else by now
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{shown(source)}: a folder; give a file")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{shown(source)}: not a regular file; write its content to a file, or pipe it to -")
        _refuse_long(status.st_size, source, limit)
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(limit + 1)
    finally:
        os.close(descriptor)


def _read_standard_input(limit: int) -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("standard input: closed; pipe an article to it, or name a file")
    try:
        data = sys.stdin.buffer.read(limit + 1)
    except OSError as error:
        raise _input_error(STANDARD_INPUT, error) from error
    if len(data) > limit:
        raise InputError(f"standard input: more than the limit of {_megabytes(limit)}; {SPLIT}")
    return data


SPLIT = "split it into one file for each article"


def _refuse_long(size: int, source: str, limit: int) -> None:
    if size > limit:
        raise InputError(f"{shown(source)}: {_megabytes(size)}, over the limit of {_megabytes(limit)}; {SPLIT}")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def shown(source: str) -> str:
    """The name as it may stand in a message: on one line, and in characters that can be written."""
    if source == STANDARD_INPUT:
        return "standard input"
    name = source.encode("utf-8", "backslashreplace").decode()
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in name)


def _unread(source: str, problem: str) -> Unread:
    return Unread(shown(source), InputError(f"{shown(source)}: {problem}"))


def _input_error(source: str, error: OSError | ValueError) -> InputError:
    """What the system said, in words for the one who gave the name."""
    name = shown(source)
    if isinstance(error, ValueError):  # a NUL in the name
        return InputError(f"{name}: no name of a file")
    if isinstance(error, PermissionError):
        return InputError(f"{name}: no permission to read it; change its mode, or read as its owner")
    if error.errno == errno.ELOOP:
        return InputError(f"{name}: a link that leads back to itself; take it out")
    if isinstance(error, FileNotFoundError):
        return InputError(f"{name}: {_missing(source)}")
    return InputError(f"{name}: can't be read: {error.strerror or error}")


def _missing(source: str) -> str:
    if source.startswith(("http://", "https://")):
        return "an address; nothing is fetched here: save the page and give the file"
    if os.path.islink(source):
        return "a link to a file that doesn't exist"
    folder, name = os.path.split(source)
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return f"no such file; the folder {shown(folder)} can't be listed"
    near = difflib.get_close_matches(name, sorted(names), n=3)
    return (
        f"no such file; did you mean {' or '.join(shown(os.path.join(folder, each)) for each in near)}?"
        if near
        else "no such file"
    )
