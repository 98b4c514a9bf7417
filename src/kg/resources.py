"""Where ontology, data and queries lie: beside the sources in a checkout, inside the package when installed."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from kg.errors import DataError


@cache
def root() -> Path:
    """The folder that holds ``ontology/``, ``data/`` and ``queries/``."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "_data", package.parents[1]):
        if (candidate / "ontology" / "kg.ttl").is_file():
            return candidate
    raise DataError(f"{package}: the ontology and data files are missing; reinstall the package")


def path(name: str) -> Path:
    """The file or folder of that name, as in ``data/reference/regions.ttl``.

    Raises DataError where it doesn't exist.
    """
    found = root() / name
    if not found.exists():
        raise DataError(f"{found}: missing; reinstall the package")
    return found


def files(folder: str, pattern: str) -> list[Path]:
    """The files of a folder that match a pattern, sorted by path."""
    return sorted(path(folder).glob(pattern))


def cache_folder() -> Path:
    """Where this system keeps what can be made again. Raises RuntimeError where the user has no home."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~/AppData/Local")).expanduser() / "jejaring"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/jejaring").expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "jejaring"
