"""A folder -> an open store; an empty one is made a store first."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import Quad

from kg import layout
from kg import vocabulary as v
from kg.errors import GraphError, InUse, StoreError
from kg.output import new_folder
from kg.rdf import Ids
from kg.store import background
from kg.store.folder import BACKUP, GRAPH, leave_to_writer, no_store, open_graph, restoring, sign
from kg.store.kept import Store
from kg.store.waiting import LONG, is_waited_for

LOG: Final = logging.getLogger("kg.store")


def open_store(
    path: str | Path,
    *,
    create: bool = False,
    read_only: bool = False,
    base: str | None = None,
    leave_waiting: bool = False,
) -> Store:
    """Open a store, or make one. A reader sees the store as it is now; there can be one writer at a time.

    ``base`` is taken when the store is made; later it must be the same, where it is given. What a build that was
    stopped left waiting (``kg.store.waiting``) is brought in first, unless ``leave_waiting``: the build goes on. A
    reader doesn't see it where somebody else writes, or nobody can. Raises GraphError where there is no store,
    StoreError where it is in use, damaged, of another version, another base, or can't be written.
    """
    folder = Path(path)
    if not (folder / layout.NAME).is_file():
        if not create:
            raise GraphError(no_store(folder))
        _create(folder, base or v.DEFAULT_BASE)
    found = layout.read(folder)
    if base and base != found.base:
        raise StoreError(f"{folder}: its ids begin with {found.base}, not with {base}; use that base or another store")
    if read_only:
        if not leave_waiting:
            bring_in(folder)
        return Store(folder, open_graph(folder, read_only), found.base, read_only=True)
    if (folder / BACKUP).exists():
        raise StoreError(f"{folder}: a backup, which is only read; kg store restore {folder} --store DIR makes a store")
    leave_to_writer(folder)
    graph = open_graph(folder, read_only)
    try:  # again: it may have let go after the first look
        leave_to_writer(folder)
    except InUse:
        del graph  # at once: who handles this may keep it for long
        raise
    store = Store(folder, graph, found.base, read_only=False)
    sign(folder)
    layout.migrate(folder, found)
    store.refresh()
    if not leave_waiting and is_waited_for(folder):
        count = store.forget_replaced()
        if count >= LONG:
            LOG.warning("%s: bringing in %d articles, which a build had read when it was stopped", folder, count)
        store.bring_in()
        store.sort()
        store.nothing_waits()
    return store


def bring_in(folder: Path) -> None:
    """Bring in what waits, for one who reads, unless somebody writes to the store, or nobody can."""
    if is_waited_for(folder):
        with contextlib.suppress(StoreError):
            open_store(folder).close()


def _create(folder: Path, base: str) -> None:
    is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not is_free or restoring(folder).exists():
        raise GraphError(no_store(folder))
    with new_folder(folder) as new:
        layout.write(new, layout.Layout(layout.FORMAT, base))
        dataset, ids = ox.Store(str(new / GRAPH)), Ids(base)
        own = ids.node("store")
        for name, (digest, quads) in background.of(base).items():
            dataset.bulk_extend([*quads(), Quad(ids.node(name), v.DCT_IDENTIFIER, ox.Literal(digest), own)])
        dataset.flush()
        del dataset  # lets go of the folder
