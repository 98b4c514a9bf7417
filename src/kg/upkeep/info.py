"""What a store holds, how large it is, and by which versions it was made."""

from __future__ import annotations

from pathlib import Path

from kg import __version__, journal, layout
from kg.records import record
from kg.store import open_store
from kg.store.folder import expect_store, size_of
from kg.upkeep import files


@record(frozen=True, slots=True)
class Info:
    """Sizes in bytes; times as the log has them, ISO 8601 in UTC. Quads are all of the graph, notes included."""

    store: str
    base: str
    format: int
    newest_format: int  # that this program knows
    version: str  # of this program
    written_by: str  # versions of the program that the log tells of, in their order
    first_change: str
    last_change: str
    articles: int
    datasets: int
    quads: int
    bytes: int
    bytes_graph: int
    bytes_view: int


def info(store: str | Path) -> Info:
    """Look at a store that others may write to meanwhile. Raises GraphError or StoreError where it can't be read."""
    folder = Path(store)
    expect_store(folder)
    known, log = layout.read(folder), journal.entries(folder)
    times = [str(entry["time"]) for entry in log if "time" in entry]
    versions = dict.fromkeys(str(entry["version"]) for entry in log if "version" in entry)
    with open_store(folder, read_only=True) as kept:
        return Info(
            store=str(store),
            base=known.base,
            format=known.format,
            newest_format=layout.FORMAT,
            version=__version__,
            written_by=", ".join(versions),
            first_change=times[0] if times else "",
            last_change=times[-1] if times else "",
            articles=len(kept.articles()),
            datasets=len(kept.datasets()),
            quads=len(kept.dataset),
            bytes=size_of(folder),
            bytes_graph=size_of(folder / files.GRAPH),
            bytes_view=size_of(folder / layout.VIEW),
        )
