"""The gate on one article, against plain pySHACL on the same shapes and graph; the same results are asked for first.

    python benchmarks/gate.py [--view DIR]... [--articles 12]

DIR is a view on disk, as `benchmarks/big_graphs.py` makes them; several of growing size show that an article costs the
same in each. Without any, the articles are the samples of the project. Half of the graphs are broken, each in a few
places: a report costs more than the word that there is none. pySHACL's time leaves out the reading of the graph (rdflib
needs about half as long again); ours has it. Times are of the processor.
"""

from __future__ import annotations

import argparse
import logging
import random
import statistics
import time
import tomllib
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import check, pipeline
from kg import vocabulary as v
from kg.article import read_sources
from kg.model import Article
from kg.rdf import as_written, ntriples

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "articles"
KNOWN = Path(__file__).resolve().parents[1] / "tests" / "data" / "engines.toml"
ROUNDS = 5


def samples() -> list[list[Triple]]:
    """The graphs of the project's own articles."""
    articles = (item for item in read_sources([str(SAMPLES)]) if isinstance(item, Article))
    return [[as_written(quad).triple for quad in pipeline.read(article).quads] for article in articles]


def of_view(folder: Path, count: int) -> tuple[int, list[list[Triple]]]:
    """The size of a view in quads and the graphs of some of its articles, chosen by the order of their keys."""
    view = ox.Store.read_only(str(folder))
    names = sorted(graph.value for graph in view.named_graphs() if graph.value.endswith("/provenance"))
    step = max(1, len(names) // count)
    found = []
    for name in names[::step][:count]:
        article = name.removesuffix("/provenance")
        quads: Iterable[Quad] = (
            quad
            for graph in (article, name, f"{article}/quarantine")
            for quad in view.quads_for_pattern(None, None, None, NamedNode(graph))
        )
        found.append([as_written(quad).triple for quad in quads])
    return len(view), found


def broken(triples: list[Triple], number: int) -> list[Triple]:
    """The same with three mistakes."""
    dice, changed = random.Random(number), list(triples)
    for _ in range(3):
        one = dice.choice([triple for triple in changed if triple.predicate != v.TYPE])
        changed.remove(one)
        changed.append(Triple(one.subject, one.predicate, Literal("salah", datatype=v.DATE)))
    return changed


def plain(shapes: bytes, ontology: bytes) -> tuple[Callable[[bytes, Collection[str] | None], bytes], list[float]]:
    """Plain pySHACL as an engine of the gate, and the seconds that its validations took."""
    taken: list[float] = []
    shape_graph = rdflib.Graph().parse(data=shapes, format="turtle")
    classes = [t for t in rdflib.Graph().parse(data=ontology, format="turtle") if t[1] == rdflib.RDFS.subClassOf]

    def report(data: bytes, _names: Collection[str] | None) -> bytes:
        graph = rdflib.Graph().parse(data=data, format="nt")
        for triple in classes:
            graph.add(triple)
        begin = time.process_time()
        found = pyshacl.validate(graph, shacl_graph=shape_graph)[1]
        taken.append(time.process_time() - begin)
        return bytes(found.serialize(format="nt", encoding="utf-8"))

    return report, taken


def as_values(findings: Iterable[check.Finding]) -> set[tuple[str, ...]]:
    """What makes a result, without those that the two engines are known to see otherwise, and why."""
    known = tomllib.loads(KNOWN.read_text("utf-8"))
    apart = {(one["component"], v.SHAPES_BASE + one["shape"]) for one in known["difference"]}
    without_value = {v.SHAPES_BASE + one["shape"] for one in known["value"]}
    return {
        (
            *map(str, (one.focus, one.path, one.shape, one.component, one.severity)),
            "" if one.shape in without_value else str(one.value),
        )
        for one in findings
        if (one.component, one.shape) not in apart
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--view", type=Path, action="append", default=[])
    options.add_argument("--articles", type=int, default=12)
    args = options.parse_args()
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    rdflib.NORMALIZE_LITERALS = False
    gate, peer = check.prepare(), check.Gate("pyshacl")
    taken: list[float] = []
    check_engine = (
        check.resources.path("ontology/shapes.ttl").read_bytes(),
        check.resources.path("ontology/kg.ttl").read_bytes(),
    )
    peer._report, taken = plain(*check_engine)  # noqa: SLF001 - the peer without what the gate does to make it faster
    titles = (("quads", 10), ("articles", 9), ("triples", 9), ("ours, ms", 10), ("pySHACL, ms", 12), ("ratio", 7))
    print("".join(f"{title:>{width}}" for title, width in (*titles, ("least", 7), ("same", 6))))
    for size, graphs in [of_view(folder, args.articles) for folder in args.view] or [(0, samples()[: args.articles])]:
        ours, theirs, ratios, same = [], [], [], 0
        for number, triples in enumerate(graphs):
            data = ntriples(broken(triples, number) if number % 2 else triples)
            findings = gate.findings(data)
            begin = time.process_time()
            for _ in range(ROUNDS):
                gate.findings(data)
            ours.append((time.process_time() - begin) / ROUNDS)
            same += as_values(peer.findings(data)) == as_values(findings)
            theirs.append(taken[-1])
            ratios.append(theirs[-1] / ours[-1])
        length = statistics.mean(map(len, graphs))
        print(
            f"{size or '-':>10}{len(graphs):>9}{length:>9.0f}{1000 * statistics.median(ours):>10.2f}"
            f"{1000 * statistics.median(theirs):>12.0f}{sum(theirs) / sum(ours):>7.0f}{min(ratios):>7.0f}"
            f"{same:>4}/{len(graphs)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
