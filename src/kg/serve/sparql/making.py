"""A graph file -> a view on disk that the workers open; a program of its own, so that its memory is given back."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox

from kg import store as stores
from kg import view
from kg.errors import KgError
from kg.records import record
from kg.serve.sparql.protocol import Refused


@record(frozen=True, slots=True)
class Source:
    """The graph that is served: a file, or a store."""

    file: str | None
    store: str | None

    async def view(self) -> View:
        """Where its view lies as it is now. Raises Refused where there is none."""
        return await _made("file" if self.file is not None else "store", str(self.file or self.store))


@record(frozen=True, slots=True)
class View:
    """A view on disk; ``made`` is the folder to take away when nobody asks it any more."""

    path: str
    made: str | None = None

    def drop(self) -> None:
        """Nobody asks it any more."""
        if self.made is not None:
            shutil.rmtree(self.made, ignore_errors=True)


async def _made(what: str, name: str) -> View:
    folder = tempfile.mkdtemp(prefix="kg-view-")
    found = View(str(Path(folder) / "view"), folder)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", __name__, what, name, found.path,
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


def main(what: str, name: str, target: str) -> int:
    """Make the view of a file or store; what is wrong goes to standard output."""
    try:
        if what == "file":
            made = view.of(stores.load_dataset(name))
        else:
            with stores.open_store(name, read_only=True) as kept:
                made = view.of(kept.dataset)
    except KgError as error:
        sys.stdout.write(str(error))
        return 1
    kept_on_disk = ox.Store(target)
    kept_on_disk.bulk_extend(made)
    kept_on_disk.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
