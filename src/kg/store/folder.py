"""The folder of a store: its files, who writes to it, and why it can't be opened, in a line that says what to do."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg import layout
from kg.errors import GraphError, InUse, OutputError, StoreError
from kg.output import REASONS, write_atomic

GRAPH: Final = "graph"
CHANGED: Final = layout.CHANGED
WRITER: Final = "writer.json"
"""Which process writes, for the message that another one gets."""
LITTLE: Final = 500_000_000
"""Bytes that the engine may be given without sorting them at once: two or three million quads."""
BACKUP: Final = "backup.json"
"""The file by which a backup is known; one is opened for reading only."""


def changed(folder: Path) -> list[NamedNode]:
    """What ``Store.changed`` says of the store in a folder, without opening it. A torn last line is left out."""
    path = folder / CHANGED
    lines = path.read_text("utf-8", "replace").splitlines(keepends=True) if path.exists() else []
    whole = dict.fromkeys(line.rstrip("\n") for line in lines if line.endswith("\n"))
    return [NamedNode(line) for line in whole if ":" in line]


def expect_store(folder: Path) -> None:
    """Raise GraphError, which says what to do, where a folder is no store."""
    if not (folder / layout.NAME).is_file():
        raise GraphError(no_store(folder))


def sign(folder: Path, *, returns: bool = False) -> None:
    """Note who writes; ``returns``: it lets go of the store for a moment. A full disk is no obstacle."""
    program = " ".join(["kg" if Path(sys.argv[0]).stem == "__main__" else Path(sys.argv[0]).stem, *sys.argv[1:2]])
    what = {"pid": os.getpid(), "program": program} | ({"returns": True} if returns else {})
    with contextlib.suppress(OutputError):
        write_atomic(folder / WRITER, json.dumps(what).encode())


def leave_to_writer(folder: Path) -> None:
    """Raise InUse where a process that lives has let go of a store for a moment only: whoever got it gives it back."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((folder / WRITER).read_text("utf-8"))
        if found.get("returns") and int(found["pid"]) != os.getpid() and _lives(int(found["pid"])):
            raise _in_use(folder)


def restoring(folder: Path) -> Path:
    """Where a store is put together that is to come into a folder's place."""
    return folder.with_name(f".{folder.name}.restoring")


def no_store(folder: Path) -> str:
    """Why a folder is no store, and what to do."""
    if not folder.exists() and (restoring(folder) / layout.NAME).exists():
        return f"{folder}: to be restored, which was cut off; run kg store restore again, or remove {restoring(folder)}"
    if not folder.exists():
        return f"{folder}: no store there; make one with `kg build ARTICLE.txt --store {folder}`"
    if folder.is_dir():
        return f"{folder}: no store ({layout.NAME} is missing); name the folder of one, or a new folder"
    return f"{folder}: a file, no store; give it with --graph"


def base_of_folder(folder: Path) -> str:
    """What the ids of a store begin with. Raises StoreError where it is damaged or of a newer layout."""
    return layout.read(folder).base


def open_graph(folder: Path, read_only: bool) -> ox.Store:
    """The graph of a store. Raises as ``open_oxigraph``."""
    path = folder / GRAPH
    if not path.is_dir():
        raise StoreError(f"{path}: missing; restore a backup or build the store anew")
    return open_oxigraph(path, folder, read_only=read_only)


def open_oxigraph(path: Path, folder: Path, *, read_only: bool) -> ox.Store:
    """The engine's own folder of a store's ``folder``. Raises StoreError, InUse where another process writes."""
    for patience in (0.02, 0.1, 0.3, None):
        try:
            if read_only:
                return ox.Store.read_only(str(path))
            engine = ox.Store(str(path))
            _sweep(path)
            return engine
        except (OSError, RuntimeError) as error:
            # A reader may meet the writer tidying its files up: the next look is at the new ones.
            if read_only and patience and "No such file" in str(error):
                time.sleep(patience)
                continue
            if "lock" in str(error).lower() and "LOCK" in str(error):
                raise _in_use(folder) from error
            raise StoreError(_why_not(folder, str(error))) from error
    raise AssertionError("unreachable")


def _sweep(path: Path) -> None:
    """Take away what the engine never looks at again.

    A call of it that was killed leaves gigabytes, and each opening 130 kB of what it says of itself, a thousand times.
    """
    for pattern in ("bulk-*.sst", "LOG.old.*"):
        for left in path.glob(pattern):
            with contextlib.suppress(OSError):
                left.unlink()


def optimise(engine: ox.Store, path: Path, before: int) -> None:
    """Let the engine sort what lies in its folder, where much of it came since that had ``before`` bytes.

    What it is given in one call lies side by side in files of a million quads, each of which it looks into for whatever
    is asked: to read a thousand of 190,000 graphs took 80 s.
    """
    if size_of(path) - before > max(LITTLE, before):
        try:
            engine.optimize()
        except OSError as error:
            raise StoreError(_why_not(path.parent, str(error))) from error


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; one that goes meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def _why_not(folder: Path, message: str) -> str:
    if "No space left" in message or "quota exceeded" in message:
        return f"{folder}: {REASONS[errno.ENOSPC]}; until then it can be read, not written to"
    if "Permission denied" in message or "Read-only file system" in message:
        return f"{folder}: can't be written; check its permissions"
    return damaged(folder, message)


def damaged(folder: Path, why: object) -> str:
    """What is told of a store whose files the engine can't read."""
    return f"{folder}: damaged ({str(why).splitlines()[0]}); kg store check --repair, or restore a backup"


def _in_use(folder: Path) -> InUse:
    return InUse(f"{folder}: {_writer(folder)} is writing to it; wait until it has ended, or use another store")


def _writer(folder: Path) -> str:
    try:
        found = json.loads((folder / WRITER).read_text("utf-8"))
        pid, program = int(found["pid"]), str(found["program"])
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
    # A file may stay behind of one that was killed.
    return f"process {pid} ({program})" if os.name != "posix" or _lives(pid) else "another process"


def _lives(pid: int) -> bool:
    """Whether there is such a process; False where a system can't be asked that."""
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:  # it lives, and is another user's
        return True
    except OSError:
        return False
    return True
