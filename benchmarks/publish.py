"""Publishing: does a thing cost the same in a large store as in a small one? Beside rdflib in the same run.

    python benchmarks/publish.py [ARTICLES]

A store of invented articles (tests/synthetic.py) and one of a quarter of them are published whole. The peer writes only
the Turtle of each thing (``rdflib``'s concise bounded description), from its own graph in memory: no pages, no lists,
no dumps. Times are of the processor, so that other programs don't count.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
import rdflib

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from kg import publish, reference
from kg import vocabulary as v
from kg.publish.graph import Graph
from kg.publish.settings import settings
from synthetic import article

ARTICLES = 120


def store(folder: Path, articles: int) -> ox.Store:
    """On disk, as the real one."""
    made = ox.Store(str(folder / f"store-{articles}"))
    for number in range(articles):
        made.bulk_extend(article(number * 7, cities=8, officials=8))
    made.bulk_extend(reference.quads())
    made.flush()
    return made


def published(dataset: ox.Store, folder: Path) -> tuple[float, int]:
    """Seconds of the processor, and how many things."""
    chosen = settings({"publisher": "Benchmark", "licence": "CC0-1.0"}, v.DEFAULT_BASE)
    start = time.process_time()
    done = publish.publish(Graph(dataset, v.DEFAULT_BASE), folder / "site", chosen, log=[])
    return time.process_time() - start, done.things


def described(dataset: ox.Store) -> tuple[float, int]:
    """The peer: the same for its Turtle alone."""
    graph = rdflib.Graph()
    hidden = ("/provenance", "/reference")
    facts = [quad for quad in dataset if not str(quad.graph_name).rstrip(">").endswith(hidden)]
    graph.parse(data=ox.serialize((quad.triple for quad in facts), format=ox.RdfFormat.N_TRIPLES), format="nt")
    start = time.process_time()
    things = sorted({s for s in graph.subjects() if isinstance(s, rdflib.URIRef)})
    for thing in things:
        graph.cbd(thing).serialize(format="turtle")
    return time.process_time() - start, len(things)


def main() -> None:
    """Print one line for each."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with tempfile.TemporaryDirectory() as name:
        costs = []
        for count in (articles // 4, articles):
            dataset = store(Path(name), count)
            seconds, things = published(dataset, Path(name))
            costs.append(seconds / things)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{count:>5} articles, {things:>6,} things: {1000 * costs[-1]:.1f} ms a thing; {peak} MB at most so far"
            )
        seconds, things = described(dataset)
        print(f"four times as many: a thing costs {costs[1] / costs[0]:.2f} times as much")
        peer = seconds / things
        print(f"rdflib, Turtle alone: {1000 * peer:.1f} ms a thing; ours is {costs[1] / peer:.1f} times that")


if __name__ == "__main__":
    main()
