"""Walks and measures of a graph on disk, against plain networkx on the whole projection; each in a process of its own.

    python benchmarks/traversals.py VIEW... [--pairs 5] [--without-peer]

VIEW is a view on disk, as `benchmarks/big_graphs.py` makes them. Ours draws what it needs out of the view; the peer
makes the networkx graph of all (as an export does) and asks networkx. Times are of the processor, from the opened view
to the answer; memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pyoxigraph as ox

from kg import traverse
from kg.errors import NothingFound

OFFICIALS = "SELECT ?p WHERE { ?p a <https://w3id.org/jejaring/ontology#Official> } ORDER BY ?p"
TASKS = ("near", "near2", "path", "pagerank", "degree", "betweenness", "groups")


def officials(view: ox.Store, count: int) -> list[str]:
    """Some officials, far apart in the order of their ids."""
    found = [row["p"].value for row in view.query(OFFICIALS)]
    return found[:: max(1, len(found) // count)][:count]


def ours(view: ox.Store, task: str, pairs: int) -> Iterator[Callable[[], object]]:
    some = officials(view, 2 * pairs)
    if task in ("near", "near2"):
        hops = 2 if task == "near2" else 1
        yield from ((lambda node=node: traverse.neighbourhood(view, node, hops)) for node in some[:pairs])
    elif task == "path":
        yield from (
            (lambda a=a, b=b: traverse.shortest_paths(view, a, b)) for a, b in zip(some[::2], some[1::2], strict=False)
        )
    elif task == "groups":
        yield lambda: traverse.groups(view)
    else:
        yield lambda: traverse.rank(view, task, 20)


def plain(view: ox.Store, task: str, pairs: int) -> Iterator[Callable[[], object]]:
    some = officials(view, 2 * pairs)
    graph = traverse.project(view)
    ways = traverse.simple(graph, papers=task.startswith("near"))
    if task in ("near", "near2"):
        hops = 2 if task == "near2" else 1
        yield from ((lambda node=node: graph.subgraph(nx.ego_graph(ways, node, hops)).copy()) for node in some[:pairs])
    elif task == "path":
        yield from (
            (lambda a=a, b=b: next(nx.shortest_simple_paths(ways, a, b)))
            for a, b in zip(some[::2], some[1::2], strict=False)
        )
    elif task == "groups":
        yield lambda: nx.community.louvain_communities(ways, seed=1)
    elif task == "betweenness":
        yield lambda: nx.betweenness_centrality(ways, k=min(len(ways), 200), seed=1)
    else:
        yield lambda: nx.pagerank(ways) if task == "pagerank" else dict(ways.degree())


def once(folder: str, task: str, side: str, pairs: int) -> None:
    """One measurement, printed as JSON: seconds for the first answer, mean seconds for the others, MB."""
    view = ox.Store.read_only(folder)
    begin = time.process_time()
    taken = []
    for ask in (ours if side == "ours" else plain)(view, task, pairs):
        with contextlib.suppress(NothingFound, nx.NetworkXNoPath, nx.NodeNotFound):
            ask()
        taken.append(time.process_time() - begin)
        begin = time.process_time()
    rest = sum(taken[1:]) / len(taken[1:]) if taken[1:] else None
    print(json.dumps([taken[0], rest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def measured(folder: Path, task: str, side: str, pairs: int) -> tuple[float, float | None, float]:
    command = [sys.executable, __file__, str(folder), "--once", task, side, "--pairs", str(pairs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, rest, memory = json.loads(done.stdout)
    return first, rest, memory


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("views", nargs="+", type=Path)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--without-peer", action="store_true")
    options.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    args = options.parse_args()
    if args.once:
        once(str(args.views[0]), *args.once, args.pairs)
        return
    titles = ("first, s", "next, s", "MB", "peer, s", "next, s", "MB", "ratio")
    widths = (9, 9, 7, 9, 9, 7, 8)
    print(f"{'view':<8}{'task':<13}" + "".join(f"{t:>{w}}" for t, w in zip(titles, widths, strict=True)))
    for view in args.views:
        for task in TASKS:
            first, rest, memory = measured(view, task, "ours", args.pairs)
            line = f"{view.name:<8}{task:<13}{first:>9.2f}{_or_dash(rest)}{memory:>7.0f}"
            if not args.without_peer:
                peer, others, more = measured(view, task, "plain", args.pairs)
                line += f"{peer:>9.2f}{_or_dash(others)}{more:>7.0f}{peer / first:>8.1f}"
            print(line, flush=True)


def _or_dash(seconds: float | None) -> str:
    return f"{'-':>9}" if seconds is None else f"{seconds:>9.2f}"


if __name__ == "__main__":
    main()
