"""What it costs to keep one more article in stores of 10 thousand to 10 million statements, and to open them.

    python benchmarks/store.py [--sizes 10k 100k 1m 10m] [--more 20] [--rdflib 100k]

A store is filled at once (its graph in bulk, its view copied from `big_graphs.view`), which is what is shown as load.
Then articles that it doesn't have are put, put again with another text from the same file, and removed, one by one,
each with its view brought up to date, as `kg build` and `kg remove` do. The peer is the engine alone: the same quads
added to the same graph and taken out again, in one transaction each, the folder open: no view and no book-keeping.
Opening is the time until the first answer from the view, in a process of its own, with that process's memory.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import big_graphs
import pyoxigraph as ox
from pyoxigraph import Quad

from kg.model import Article
from kg.store import Store, open_store
from kg.view.keeping import VIEW, keep_up

FIRST_ANSWER: Final = """
import re, sys, time
start = time.perf_counter()
from kg import query
from kg.view import keeping
graph = keeping.opened(sys.argv[1])
query.run(graph, query.pick("officials"), {"organisation": "body/kemendagri"})
spent = time.perf_counter() - start
most = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())  # ru_maxrss has the parent's in it
print(spent, int(most[1]) // 1024)
"""


def fill(size: str, folder: Path, views: Path) -> tuple[Path, float]:
    """A store of that size, and the seconds that its graph took."""
    path = folder / f"store-{size}"
    shutil.rmtree(path, ignore_errors=True)
    open_store(path, create=True).close()
    start = time.perf_counter()
    graph = ox.Store(str(path / "graph"))
    lines = (made.lines for made in big_graphs.articles(big_graphs.SIZES[size]))
    graph.bulk_load(big_graphs.Stream(lines), format=ox.RdfFormat.N_QUADS)
    graph.optimize()
    graph.flush()
    del graph
    seconds = time.perf_counter() - start
    shutil.copytree(big_graphs.view(size, views), path / VIEW / "1")
    (path / VIEW / "state.json").write_text('{"layout": 1, "folder": "1"}\n', "utf-8")
    (path / "changed.txt").write_text("", "utf-8")  # the copied view has it all
    return path, seconds


def more(count: int) -> Iterator[tuple[Article, list[Quad], Article, list[Quad]]]:
    """Articles that no store has, each with its quads, and with those of a later text from the same file."""
    for number in range(count):
        first, second = (Article(text=f"Berita {number} {turn}", source=f"berita-{number}.txt") for turn in "ab")
        made = [big_graphs.article(10_000_000 + 57 * number + turn, 100) for turn in (0, 1)]
        quads = [
            list(ox.parse(one.lines.replace(one.key, article.key), format=ox.RdfFormat.N_QUADS))
            for one, article in zip(made, (first, second), strict=True)
        ]
        yield first, quads[0], second, quads[1]


def timed(call: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    start = time.process_time()
    call()
    return 1000 * (time.process_time() - start)


def updates(path: Path, count: int) -> dict[str, list[float]]:
    """What putting, replacing and removing took, article by article, and the engine alone."""
    took: dict[str, list[float]] = {name: [] for name in ("put", "replace", "remove", "engine add", "engine remove")}
    for first, quads, second, later in more(count):

        def kept(change: Callable[[Store], object]) -> float:
            def run() -> None:
                with open_store(path) as store:
                    change(store)
                    keep_up(store)

            return timed(run)

        took["put"].append(kept(lambda store: store.put(first, quads)))  # noqa: B023
        took["replace"].append(kept(lambda store: store.put(second, later)))  # noqa: B023
        took["remove"].append(kept(lambda store: store.remove(second.key)))  # noqa: B023
        for name, spent in zip(("engine add", "engine remove"), alone(path, quads), strict=True):
            took[name].append(spent)
    return took


def alone(path: Path, quads: list[Quad]) -> tuple[float, float]:
    """What the engine takes for the same quads: added, and their graphs dropped."""
    plain = ox.Store(str(path / "graph"))
    gone = [f"DROP GRAPH {name}" for name in sorted({str(quad.graph_name) for quad in quads})]
    return timed(lambda: plain.extend(quads)), timed(lambda: plain.update(" ; ".join(gone)))


def rdflib_load(size: str) -> float:
    """Seconds of rdflib's own store for the same articles."""
    import rdflib

    data = "".join(made.lines for made in big_graphs.articles(big_graphs.SIZES[size]))
    start = time.perf_counter()
    rdflib.Dataset().parse(data=data, format="nquads")
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each size."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", nargs="+", choices=list(big_graphs.SIZES), default=list(big_graphs.SIZES))
    options.add_argument("--more", type=int, default=20, help="articles that are changed one by one at each size")
    options.add_argument("--rdflib", nargs="*", choices=list(big_graphs.SIZES), default=[], help="sizes it loads too")
    options.add_argument("--folder", type=Path, default=Path("/tmp/big"))
    options.add_argument("--keep", action="store_true", help="leave the stores there")
    args = options.parse_args()
    for size in args.sizes:
        path, seconds = fill(size, args.folder, args.folder)
        took = updates(path, args.more)
        done = subprocess.run(
            [sys.executable, "-c", FIRST_ANSWER, str(path)], capture_output=True, text=True, check=True
        ).stdout.split()
        middle = "  ".join(f"{name} {statistics.median(times):.1f}" for name, times in took.items())
        load = f"load {seconds:.1f} s" + (f" (rdflib {rdflib_load(size):.1f} s)" if size in args.rdflib else "")
        print(f"{size:<5} {load}; ms: {middle}; first answer {float(done[0]):.2f} s, {done[1]} MB", flush=True)
        if not args.keep:
            shutil.rmtree(path)


if __name__ == "__main__":
    main()
