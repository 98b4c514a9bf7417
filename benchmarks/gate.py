"""The gate on one article, against plain pySHACL on the same shapes and graph; the same results are asked for first.

    python benchmarks/gate.py [--view DIR]... [--articles 12]
    python benchmarks/gate.py --read [FILE or DIR]... [--generated 100]

DIR is a view on disk, as `benchmarks/big_graphs.py` makes them; several of growing size show that an article costs the
same in each. Without any, the articles are the samples of the project. Half of the graphs are broken, each in a few
places: a report costs more than the word that there is none. pySHACL's time leaves out the reading of the graph (rdflib
needs about half as long again); ours has it. Times are of the processor.

``--read``: what it costs to let the claims of articles in (`kg.check.admit`, stating them included), as it is and with
the engine asked of everything, in turn; how often the engine is called; and whether both say the same of each article.
With no FILE it takes articles that `corpus_articles.py` makes.
"""

from __future__ import annotations

import argparse
import logging
import random
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

import corpus_articles
import pyoxigraph as ox
import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import check, lexicon, pipeline, rdf, rules
from kg import vocabulary as v
from kg.article import read_sources
from kg.extract import extract
from kg.model import Article, Claim
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


def claimed(paths: Sequence[str]) -> list[tuple[Article, Sequence[Claim]]]:
    """Articles with what the rules find in them."""
    found = []
    for item in read_sources(paths):
        if isinstance(item, Article):
            words, book = (part.load(language=item.language) for part in (lexicon, rules))
            found.append((item, extract(item, words, book).claims))
    return found


def generated(count: int) -> list[tuple[Article, Sequence[Claim]]]:
    """The same of made-up articles, copies and broken ones among them."""
    with tempfile.TemporaryDirectory() as folder:
        corpus_articles.write(corpus_articles.items(count, corpus_articles.Plan(), 0), Path(folder), facts=False)
        return claimed([f"{folder}/articles"])


class Counting:
    """An engine that counts how often it is asked."""

    def __init__(self, gate: check.Gate) -> None:
        self.gate, self.engine, self.calls = gate, gate._report, 0  # noqa: SLF001 - the engine is hidden on purpose
        gate._report = self.report  # noqa: SLF001

    def report(self, data: bytes, names: Collection[str] | None) -> bytes:
        self.calls += 1
        return self.engine(data, names)


def letting_in(articles: Sequence[tuple[Article, Sequence[Claim]]]) -> None:
    """What it costs to let the claims of articles in, with and without asking the engine of everything."""
    gates = {"as it is": Counting(check.Gate()), "engine alone": Counting(check.Gate(ask_all=True))}
    taken: dict[str, list[float]] = {name: [] for name in gates}
    same = 0
    for number, (article, claims) in enumerate(articles):
        verdicts = []
        for name, counting in list(gates.items())[:: 1 if number % 2 else -1]:
            begin = time.process_time()
            stating = rdf.Stating(article, v.DEFAULT_BASE)
            verdicts.append(check.admit(article, claims, v.DEFAULT_BASE, counting.gate, stating=stating))
            taken[name].append(time.process_time() - begin)
        same += verdicts[0] == verdicts[1]
    for name, counting in gates.items():
        mean, middle = (1000 * each(taken[name]) for each in (statistics.mean, statistics.median))
        print(f"{name:>12}: {mean:.2f} ms an article, {middle:.2f} in the middle, engine", end=" ")
        print(f"called {counting.calls / len(articles):.2f} times")
    quick, slow = (sum(taken[name]) for name in gates)
    print(f"{len(articles)} articles, {same} with the same verdict; {quick / slow:.0%} of the time")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--view", type=Path, action="append", default=[])
    options.add_argument("--articles", type=int, default=12)
    options.add_argument("--read", nargs="*")
    options.add_argument("--generated", type=int, default=100)
    args = options.parse_args()
    if args.read is not None:
        letting_in(claimed(args.read) if args.read else generated(args.generated))
        return
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
