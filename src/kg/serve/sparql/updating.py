"""One update in a process of its own: the store is opened for writing, changed in one transaction, and let go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg import store as stores
from kg.errors import InUse, KgError
from kg.serve.sparql.protocol import Refused
from kg.store.folder import open_oxigraph
from kg.update.evaluating import Conflict, Delta, Graphs, TooMuch, evaluate
from kg.update.own import Forbidden, Own
from kg.update.reading import NotAllowed, NotUnderstood, Operation, Using, read
from kg.view import keeping

_STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (NotUnderstood, 400), (NotAllowed, 403), (Forbidden, 403), (Conflict, 409), (TooMuch, 413), (InUse, 503),
    (KgError, 500), (ValueError, 400), (RuntimeError, 400), (OSError, 500),
)  # fmt: skip


def update(request: dict[str, Any], allowed: Collection[str], certain: Callable[[], object]) -> dict[str, int]:
    """Carry out an update; gives how many statements were put in and taken out. Raises Refused.

    ``certain`` is called before anything is changed: from then on the process should not be stopped.
    """
    try:
        return _update(request, allowed, certain)
    except tuple(kind for kind, _ in _STATUS) as error:
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        place = {"line": error.line, "column": error.column} if isinstance(error, NotUnderstood) else {}
        message = " ".join(str(error).split())
        raise Refused(status, message, is_busy=isinstance(error, InUse), **place) from error


def _update(request: dict[str, Any], allowed: Collection[str], certain: Callable[[], object]) -> dict[str, int]:
    using = Using(tuple(request["default"]), tuple(request["named"]))
    operations = read(request["update"], request["base"], using, allowed)
    with stores.open_store(request["store"]) as kept:
        keeping.keep_up(kept)
        delta = _delta(kept, operations, request["base"])
        certain()
        kept.put_own(sorted(delta.gone, key=str), sorted(delta.new, key=str))
        keeping.keep_up(kept)
    return {"inserted": len(delta.new), "deleted": len(delta.gone)}


def _delta(kept: stores.Store, operations: Sequence[Operation], base: str) -> Delta:
    """What the operations change. The view is let go at the end, so that it can follow."""
    folder = keeping.current(kept.path)
    assert folder is not None
    view = open_oxigraph(folder, kept.path, read_only=False)
    copies: list[Path] = []

    def copy() -> ox.Store:
        """It shares the view's files; its name is one that is tidied up should this end before."""
        copies.append(folder.with_name(f"0-{os.getpid()}-{len(copies)}"))
        view.backup(str(copies[-1]))
        return ox.Store(str(copies[-1]))

    try:
        graphs = Graphs(kept.dataset, frozenset(kept.own_graphs()), view, copy)
        return evaluate(operations, graphs, Own(kept.base), base)
    finally:
        for made in copies:
            shutil.rmtree(made, ignore_errors=True)
