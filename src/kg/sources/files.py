"""Names of sources -> files -> streams of their bytes, or one clear line about why not."""

from __future__ import annotations

import difflib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from kg.errors import InputError
from kg.sources.item import STANDARD_INPUT, Place, Unread, unread

OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe mustn't make it wait


def files(source: str, suffixes: tuple[str, ...]) -> Iterator[str | Unread]:
    """The files of a source: itself, or a folder's with all folders below it that end so, sorted by path.

    Hidden files and folders are passed over, and what this program made of others: stores, parts. What isn't a folder
    comes back unlooked at: reading it says what's wrong.
    """
    if source == STANDARD_INPUT or not os.path.isdir(source):
        yield source
        return
    empty = True
    for found in _below(source, suffixes):
        empty = False
        yield found
    if empty:
        expected = ", ".join(sorted(suffixes))
        yield unread(Place(source), f"no articles in this folder; expected files ending in {expected}")


@dataclass(slots=True)
class _Folder:
    """A folder that is being gone through: the names in it that are still to come, the last first."""

    path: str
    identity: tuple[int, int]  # device and inode
    names: list[str]
    folders: set[str]  # those of the names that are folders'


def _below(folder: str, suffixes: tuple[str, ...]) -> Iterator[str | Unread]:
    """The articles below a folder; without recursion, as folders may be nested deeper than Python's stack.

    In memory are the names in one folder and those in the folders around it that come after it.
    """
    around = [_Folder("", (-1, -1), [folder], {folder})]
    while around:
        here = around[-1]
        if not here.names:
            around.pop()
            continue
        name = here.names.pop()
        path = os.path.join(here.path, name)
        if name not in here.folders:
            yield path
            continue
        entered = _entered(path, suffixes)
        if isinstance(entered, Unread):
            yield entered
        elif any(entered.identity == each.identity for each in around):
            yield unread(Place(path), "a link back to a folder above it; take the link out")
        else:
            around.append(entered)


def _entered(path: str, suffixes: tuple[str, ...]) -> _Folder | Unread:
    """A folder with the names in it that are wanted."""
    names, folders = [], set()
    try:
        status = os.stat(path)
        with os.scandir(path) as entries:
            for entry in entries:
                if _is_passed_over(entry.name):
                    continue
                if _is_folder(entry):
                    if _is_made(entry.path):
                        continue
                    folders.add(entry.name)
                elif not entry.name.casefold().endswith(suffixes):
                    continue
                names.append(entry.name)
    except OSError as error:
        return Unread(path, input_error(path, error))
    return _Folder(path, (status.st_dev, status.st_ino), sorted(names, reverse=True), folders)


def _is_passed_over(name: str) -> bool:
    """Whether a name is one that systems hide."""
    return name.startswith(".") or name.casefold() == "thumbs.db"


def _is_made(folder: str) -> bool:
    """Whether a folder is a store or one of parts: what was made of sources is none, though it lies among them."""
    marks = (("format.json", "graph"), (os.path.join(".work", "format.json"),))
    return any(all(os.path.exists(os.path.join(folder, name)) for name in names) for names in marks)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


@contextmanager
def opened(source: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """A file or ``-`` to be read, and its size in bytes, where it is known. Raises InputError."""
    if source == STANDARD_INPUT:
        if sys.stdin is None or sys.stdin.closed:
            raise InputError("standard input: closed; pipe an article to it, or name a file")
        yield sys.stdin.buffer, None
        return
    try:
        descriptor = os.open(source, OPEN_FLAGS)
    except (OSError, ValueError) as error:
        raise input_error(source, error) from error
    try:
        status = os.fstat(descriptor)  # of what was opened: the name may stand for something else by now
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{Place(source)}: a folder; give a file")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{Place(source)}: not a regular file; write its content to a file, or pipe it to -")
        with open(descriptor, "rb", closefd=False) as stream:
            yield stream, status.st_size
    finally:
        os.close(descriptor)


def input_error(source: str, error: OSError | ValueError) -> InputError:
    """What the system said about a file, in words for the one who gave the name."""
    name = str(Place(source))
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
        return f"no such file; the folder {Place(folder)} can't be listed"
    near = difflib.get_close_matches(name, sorted(names), n=3)
    return (
        f"no such file; did you mean {' or '.join(str(Place(os.path.join(folder, each))) for each in near)}?"
        if near
        else "no such file"
    )
