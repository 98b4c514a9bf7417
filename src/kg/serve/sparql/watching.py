"""How the graph stands on disk: another mark after every change, looked at with every query and therefore quickly."""

from __future__ import annotations

import os
from pathlib import Path

from kg.view import keeping

Mark = tuple[object, ...]


class Watching:
    """A graph file, or the view of a store: the names of its files, and time and size of those that are written to.

    A folder is listed again when its own time is another. Opening a view to read it may change that time, and no name.
    """

    def __init__(self, file: str | None, store: str | None) -> None:
        self._file, self._store = file, Path(store) if store is not None else None
        self._state: Mark = ()
        self._folder: Path | None = None
        self._listed = -1
        self._names: tuple[str, ...] = ()
        self._logs: tuple[str, ...] = ()

    def mark(self) -> Mark | None:
        """None where nothing is there, or a file went while we looked."""
        try:
            return _of(self._file) if self._file is not None else self._of_view()
        except OSError:
            return None

    def _of_view(self) -> Mark | None:
        assert self._store is not None
        state = _of(self._store / keeping.VIEW / keeping.STATE)
        if state != self._state:
            self._state, self._folder, self._listed = state, keeping.current(self._store), -1
        if self._folder is None:
            return None
        time = os.stat(self._folder).st_mtime_ns
        if time != self._listed:
            files = keeping.files(self._store)[1:]
            self._names = tuple(sorted(file.name for file in files))
            self._logs = tuple(str(file) for file in sorted(files) if file.suffix == ".log")
            self._listed = time
        return (*state, self._names, *(_of(log) for log in self._logs))


def _of(path: str | Path) -> Mark:
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size
