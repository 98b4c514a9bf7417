"""The layout of a store's folder, by number in ``format.json``: read, refused where it is newer, brought up to date.

1. ``graph/`` (Oxigraph on disk), ``log.jsonl``.
2. Beside them ``view/``, the graph as it is asked, and ``changed.txt``, what that view is behind with. A program that
   knows layout 1 only would change the graph and not note it; so it must not write to a store of layout 2. While a
   build of many articles is under way ``waiting.sqlite`` holds what it has read (``kg.store.waiting``).

A layout that is older than the program's is read as it is, and brought up to date when it is opened for writing. Each
step of that leaves a store that is whole, of the old number or the new: ``format.json`` is put in place last, in one
piece, so a stop at any moment means that the step is done again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from kg import journal
from kg.errors import StoreError
from kg.output import write_atomic
from kg.records import record

NAME: Final = "format.json"
FORMAT: Final = 2
"""The layout that this program writes."""
VIEW: Final = "view"
CHANGED: Final = "changed.txt"


@record(frozen=True, slots=True)
class Layout:
    """Number of the layout, and what the ids of the store begin with."""

    format: int
    base: str


def read(folder: Path) -> Layout:
    """The layout of a store. Raises StoreError where it is damaged or newer than this program."""
    path = folder / NAME
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        layout = Layout(int(found["format"]), str(found["base"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: damaged ({error}); restore a backup or build the store anew") from error
    if layout.format > FORMAT:
        newer = f"format {layout.format}, made by a newer version of the program, which reads up to {FORMAT} here"
        raise StoreError(f"{folder}: {newer}; update it: pip install -U jejaring")
    if layout.format < 1:
        raise StoreError(f"{path}: damaged (format {layout.format}); restore a backup or build the store anew")
    return layout


def write(folder: Path, layout: Layout) -> None:
    """Put ``format.json`` in place. Raises OutputError; then the old one is still there."""
    text = json.dumps({"format": layout.format, "base": layout.base}) + "\n"
    write_atomic(folder / NAME, text.encode())


def migrate(folder: Path, layout: Layout) -> Layout:
    """Bring a store, which nobody else may be writing to, to the program's layout, step by step."""
    while layout.format < FORMAT:
        newer = Layout(layout.format + 1, layout.base)
        STEPS[layout.format](folder)
        write(folder, newer)
        journal.note(folder, "migrate", **{"from": layout.format, "to": newer.format})
        layout = newer
    return layout


def _expect_a_new_view(folder: Path) -> None:
    """A view that is there is of nobody knows what; without one it is made anew from the graph."""
    shutil.rmtree(folder / VIEW, ignore_errors=True)
    (folder / CHANGED).unlink(missing_ok=True)


STEPS: Final[Mapping[int, Callable[[Path], None]]] = {1: _expect_a_new_view}
"""Number of a layout -> what makes the next one of it. It may be stopped anywhere and done again."""
