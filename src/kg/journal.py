"""What was done to a store and when: one JSON object a line, added to and never rewritten.

The only clock time that the project writes. A line is written whole or, where a process or the disk ends in its middle,
torn: then it is passed over, and the next one begins on a line of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg import __version__
from kg.errors import StoreError
from kg.output import append

NAME = "log.jsonl"


def note(folder: Path, action: str, **fields: object) -> None:
    """Add a line to the log of the store in a folder. Raises StoreError; the action itself is done then."""
    note_all(folder, action, [fields])


def note_all(folder: Path, action: str, notes: Iterable[Mapping[str, object]]) -> None:
    """Add a line for each of many that were done at once. Raises as ``note``."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    entries = ({"time": now, "version": __version__, "action": action, **fields} for fields in notes)
    path = folder / NAME
    try:
        append(path, b"".join(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in entries))
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; the {action} itself is done") from error


def entries(folder: Path) -> list[dict[str, object]]:
    """What was done, oldest first; a line that was torn is left out."""
    path = folder / NAME
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    return [entry for entry in map(_entry, lines) if entry]


def _entry(line: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
