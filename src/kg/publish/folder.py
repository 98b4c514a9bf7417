"""The folder of a publication: files with their checksums, put in place whole, and what may be replaced by it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg.errors import OutputError

MARK: Final = "publication.json"
"""The file by which a later run knows an earlier publication."""
SUMS: Final = "SHA256SUMS"


class Folder:
    """Files below a folder, each written once; ``sums`` are their SHA-256 by path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sums: dict[str, str] = {}
        self.sizes: dict[str, int] = {}

    def write(self, name: str, data: bytes) -> None:
        """A file by its path below the folder, with ``/``."""
        path = self.place(name)
        path.write_bytes(data)
        self.note(name, hashlib.sha256(data).hexdigest(), len(data))

    def place(self, name: str) -> Path:
        """Where a file of that name goes; its folders are made."""
        if name in self.sums:
            raise ValueError(f"{name} was written before")
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def note(self, name: str, digest: str, size: int) -> None:
        """Keep the checksum of a file that somebody else wrote at its place."""
        self.sums[name], self.sizes[name] = digest, size

    def close(self) -> None:
        """Write the checksums, in the form that ``sha256sum -c`` reads."""
        lines = [f"{digest}  {name}\n" for name, digest in sorted(self.sums.items())]
        (self.path / SUMS).write_bytes("".join(lines).encode())


def expect_free(target: Path) -> None:
    """OutputError for a target that a publication must not replace: a file, or a folder with other things in it."""
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"{target}: a file; name a folder for the publication")
    try:
        is_empty = not any(target.iterdir())
    except OSError as error:
        raise OutputError(f"{target}: can't be read ({error.strerror}); check its permissions") from error
    if not is_empty and not _is_publication(target):
        raise OutputError(
            f"{target}: holds other things than an earlier publication ({MARK} is missing); name a new or empty folder"
        )


def _is_publication(folder: Path) -> bool:
    try:
        found = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and "kg-publication" in found


@contextlib.contextmanager
def made_whole(target: Path) -> Iterator[Folder]:
    """A folder that takes the target's place when the block has ended well; otherwise all stays as it was.

    The earlier publication is moved aside, the new one in, then the earlier one is removed: between two renames there
    is no folder, but never half a one.
    """
    target = Path(os.path.realpath(target))
    expect_free(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target}: can't be made ({error.strerror}); check the path and its permissions") from error
    try:
        folder = Folder(work)
        yield folder
        folder.close()
        work.chmod(0o755)
        _swap(work, target)
    except OSError as error:
        raise OutputError(f"{target}: can't be written ({error}); what was there still is") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _swap(work: Path, target: Path) -> None:
    expect_free(target)  # somebody may have put things there meanwhile
    if not target.exists():
        work.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        target.rename(aside / "old")
        try:
            work.rename(target)
        except OSError:
            (aside / "old").rename(target)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
