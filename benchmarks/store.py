"""What it costs to keep one more article in stores of 10 thousand to 10 million statements, and to open them.

    python benchmarks/store.py [--sizes 10k 100k 1m 10m] [--more 20] [--rdflib 100k]

A store is filled at once: its graph by the engine's own bulk load, then its view as `kg` makes it (about as many quads
twice); rdflib, where asked, parses the same N-Quads into its own store.
Then articles that it doesn't have are put, put again with another text from the same file, and removed, one by one,
each with its view brought up to date, as `kg build` and `kg remove` do. The peer is the engine alone: the same quads
added to the same graph and taken out again, in one transaction each, the folder open: no view and no book-keeping.
Opening is the time until the first answer from the view, in a process of its own, with that process's memory.
"""

from __future__ import annotations

import argparse
import json
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
from kg.view.keeping import keep_up

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


FILL: Final = """
import json, re, sys, time
import pyoxigraph as ox
from kg.store import open_store
from kg.view.keeping import keep_up
lines, path = sys.argv[1:]
open_store(path, create=True).close()
took = {}
start = time.perf_counter()
graph = ox.Store(path + "/graph")
graph.bulk_load(path=lines, format=ox.RdfFormat.N_QUADS)
graph.optimize()
graph.flush()
del graph
took["graph"] = time.perf_counter() - start
start = time.perf_counter()
with open_store(path) as store:
    keep_up(store)
took["view"] = time.perf_counter() - start
took["memory"] = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024
print(json.dumps(took))
"""


def written(size: str, folder: Path) -> Path:
    """The articles of that size as N-Quads."""
    path = folder / f"articles-{size}.nq"
    with path.open("w", encoding="utf-8") as file:
        for made in big_graphs.articles(big_graphs.SIZES[size]):
            file.write(made.lines)
    return path


def fill(lines: Path, path: Path) -> dict[str, float]:
    """Make a store of these articles; gives seconds for its graph (the engine's own bulk load) and its view, and MB."""
    shutil.rmtree(path, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(lines), str(path)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


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


RDFLIB: Final = """
import re, sys, time
import rdflib
start = time.perf_counter()
rdflib.Dataset().parse(sys.argv[1], format="nquads")
print(time.perf_counter() - start, int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


def rdflib_load(lines: Path) -> str:
    """Seconds and MB of rdflib's own store for the same articles."""
    done = subprocess.run([sys.executable, "-c", RDFLIB, str(lines)], capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()
    return f" (rdflib {float(seconds):.1f} s, {memory} MB)"


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
        path, lines = args.folder / f"store-{size}", written(size, args.folder)
        filled = fill(lines, path)
        took = updates(path, args.more)
        done = subprocess.run(
            [sys.executable, "-c", FIRST_ANSWER, str(path)], capture_output=True, text=True, check=True
        ).stdout.split()
        middle = "  ".join(f"{name} {statistics.median(times):.1f}" for name, times in took.items())
        load = f"graph {filled['graph']:.1f} s, view {filled['view']:.1f} s, {filled['memory']} MB"
        load += rdflib_load(lines) if size in args.rdflib else ""
        lines.unlink()
        print(f"{size:<5} {load}; ms: {middle}; first answer {float(done[0]):.2f} s, {done[1]} MB", flush=True)
        if not args.keep:
            shutil.rmtree(path)


if __name__ == "__main__":
    main()
