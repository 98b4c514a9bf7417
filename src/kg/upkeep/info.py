"""What a store holds, how large it is, and by which versions it was made."""

from __future__ import annotations

import json
from pathlib import Path

from kg import __version__
from kg.records import record
from kg.store import FORMAT, open_store
from kg.upkeep import files


@record(frozen=True, slots=True)
class Info:
    """Sizes in bytes. ``format`` is the store's, ``newest_format`` the program's; times are those of the log."""

    store: str
    base: str
    format: int
    newest_format: int
    version: str  # of the program
    written_by: str | None  # version of the program that wrote the last line of the log
    first_change: str | None
    last_change: str | None
    articles: int
    datasets: int
    quads: int
    bytes: int
    bytes_graph: int
    bytes_view: int
    bytes_log: int
