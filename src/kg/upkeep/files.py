"""Files of a store as they are at one moment, although somebody else may be writing to it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg import layout
from kg.errors import StoreError

GRAPH: Final = "graph"
DAMAGED: Final = f"{GRAPH}.damaged"
"""What the names of folders begin with that a repair put aside."""
DERIVED: Final = (layout.VIEW,)
"""Folders of a store that are made from the rest of it; so are its SQLite files."""
PASSING: Final = ("writer.json", layout.CHANGED)
"""Files that say what is going on just now."""
TRIES: Final = 40
_BLOCK: Final = 1 << 20
_ENGINE: Final = ("CURRENT", "IDENTITY")
_NOT_NEEDED: Final = ("LOCK", "LOG")


@contextlib.contextmanager
def still(graph: Path) -> Iterator[Path]:
    """The engine's files as of one moment, in a folder that goes afterwards: links where the system has them.

    The engine (RocksDB) writes each data file once, and then only links and unlinks it; what came since the last of
    them is in a log that grows at its end, and a list of the files, the manifest, tells what counts. So the files that
    are there while the manifest stays as it is are one state of the graph, and a log that is cut off anywhere is one of
    a moment ago: a transaction is in it whole or not at all. pyoxigraph's own ``backup`` leaves that log out, silently,
    where another process is the writer.
    """
    folder = Path(tempfile.mkdtemp(prefix=".moment-", dir=_near(graph)))
    try:
        for patience in range(TRIES):
            if _catch(graph, folder):
                break
            time.sleep(0.01 * patience)
        else:
            why = "is being written to so fast that no moment of it can be caught; wait until the writer has ended"
            raise StoreError(f"{graph.parent}: {why}")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _near(graph: Path) -> Path | None:
    """Where links to the files can be made: beside them; elsewhere where nothing can be written there."""
    return graph.parent if os.access(graph.parent, os.W_OK) else None


def _catch(graph: Path, folder: Path) -> bool:
    for old in folder.iterdir():
        old.unlink()
    try:
        before = _state(graph)
        names = sorted(each.name for each in graph.iterdir() if each.is_file())
        for name in names:
            if name.endswith(".sst"):
                _link(graph / name, folder / name)
            elif not name.startswith(_NOT_NEEDED):
                shutil.copyfile(graph / name, folder / name)
        return _state(graph) == before
    except FileNotFoundError:
        return False


def _state(graph: Path) -> tuple[str, int]:
    manifest = (graph / "CURRENT").read_text("ascii").strip()
    return manifest, (graph / manifest).stat().st_size


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def beside_the_graph(folder: Path) -> list[Path]:
    """The other files that belong to a store: format, log, judgements and what a person put there; sorted."""
    found = []
    for path in sorted(folder.iterdir()):
        is_made_anew = ".sqlite" in path.name or path.name in DERIVED
        if is_made_anew or path.name.startswith((".", DAMAGED, "remote-")) or path.name in (GRAPH, *PASSING):
            continue
        found += [path] if path.is_file() else [each for each in sorted(path.rglob("*")) if each.is_file()]
    return found


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file and make it safe on the disk; gives its bytes and their SHA-256. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as reader, target.open("xb") as writer:
        while block := reader.read(_BLOCK):
            digest.update(block)
            size += len(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    return size, digest.hexdigest()


def sum_of(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of a file."""
    with path.open("rb") as reader:
        digest = hashlib.file_digest(reader, "sha256")
        return reader.tell(), digest.hexdigest()
