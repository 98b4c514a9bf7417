"""A graph file -> a view on disk that the workers open; a program of its own, so that its memory is given back."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox

from kg import view
from kg.errors import KgError
from kg.records import record
from kg.serve.sparql.protocol import Refused
from kg.store import load_dataset
from kg.store.folder import WRITER
from kg.view import keeping
from kg.view.elsewhere import Streamed
from kg.view.protocol import told


@record(frozen=True, slots=True)
class Source:
    """The graph that is served: a file, a store, or an endpoint with how many seconds a question may take there."""

    file: str | None
    store: str | None
    endpoint: str | None = None
    seconds: float = 0

    async def view(self) -> View:
        """Where its view lies as it is now; of a file one is made first. Raises Refused where there is none."""
        if self.file is not None:
            return await _made(self.file)
        return View(store=self.store, endpoint=self.endpoint, seconds=self.seconds)

    def is_changing(self) -> bool:
        """Whether somebody writes to the store; of a file nobody knows."""
        return self.endpoint is None and (self.store is None or (Path(self.store) / WRITER).exists())


@record(frozen=True, slots=True)
class View:
    """What the workers open: the view of a store, one that was made for them in a folder, or one elsewhere."""

    store: str | None = None
    folder: str | None = None
    endpoint: str | None = None
    seconds: float = 0

    def drop(self) -> None:
        """Nobody asks it any more."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def open(self) -> ox.Store | Streamed:
        """Raises KgError, OSError. An endpoint is reached with the first question, as the environment tells."""
        if self.endpoint is not None:
            return Streamed(self.endpoint, told(), seconds=self.seconds)
        graph = ox.Store.read_only(self.folder) if self.folder is not None else keeping.opened(str(self.store))
        graph.query("ASK { ?s ?p ?o }")  # reads the first pages
        return graph


async def _made(file: str) -> View:
    found = View(folder=tempfile.mkdtemp(prefix="kg-view-"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", __name__, file, str(found.folder),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = await process.communicate()
    except BaseException:  # the server stops meanwhile
        process.kill()
        await process.wait()
        found.drop()
        raise
    if process.returncode:
        found.drop()
        raise Refused(503, said.decode("utf-8", "replace") or "the graph can't be read; the server's log says why")
    return found


def main(file: str, folder: str) -> int:
    """Make the view of a graph file; what is wrong goes to standard output."""
    try:
        dataset = load_dataset(file)
    except KgError as error:
        sys.stdout.write(str(error))
        return 1
    made = ox.Store(folder)
    made.bulk_extend(view.quads(dataset))
    made.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
