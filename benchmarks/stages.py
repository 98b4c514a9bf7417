"""Articles per second in one process, by stage; peak memory; the gate against pySHACL on the same shapes.

    python benchmarks/stages.py [FOLDER] [--rounds 20] [--without-peer]

FOLDER holds the articles (default: the samples of the project).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections import Counter
from pathlib import Path

from kg import check, pipeline
from kg.article import read_sources
from kg.model import Article

PEER_ARTICLES = 3  # pySHACL takes about a second an article, even with its queries parsed once
SAMPLES = Path(__file__).resolve().parents[1] / "data" / "articles"


def by_stage(articles: list[Article], rounds: int) -> tuple[Counter[str], float]:
    """Seconds by stage and in all, over all rounds."""
    stages: Counter[str] = Counter()
    start = time.perf_counter()
    for _ in range(rounds):
        for article in articles:
            stages.update(pipeline.read(article).timings)
    return stages, time.perf_counter() - start


def gate_ratio(articles: list[Article]) -> tuple[float, float]:
    """Median milliseconds of validating an article's graph: this gate, and pySHACL with its queries parsed once."""
    from pyoxigraph import RdfFormat, serialize

    graphs = []
    for article in articles:
        quads = pipeline.read(article).quads
        triples = [quad.triple for quad in quads if not str(quad.graph_name).endswith("quarantine>")]
        graphs.append(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    times = []
    for engine in ("shifty", "pyshacl"):
        gate = check.prepare(engine)
        gate.findings(graphs[0])
        one = []
        for data in graphs[:PEER_ARTICLES]:
            start = time.perf_counter()
            gate.findings(data)
            one.append(time.perf_counter() - start)
        times.append(1000 * statistics.median(one))
    return times[0], times[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--without-peer", action="store_true", help="leave pySHACL out")
    args = options.parse_args()
    articles = [item for item in read_sources([str(args.folder)]) if isinstance(item, Article)]
    by_stage(articles, 1)
    stages, total = by_stage(articles, args.rounds)
    count = len(articles) * args.rounds
    size = sum(len(article.text) for article in articles) / len(articles)
    print(f"{len(articles)} articles, {size:.0f} characters on average, {args.rounds} rounds")
    print(f"{'stage':<10} {'ms/article':>11} {'share':>6}")
    for stage, seconds in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"{stage:<10} {1000 * seconds / count:>11.2f} {100 * seconds / total:>5.0f}%")
    print(f"{'all':<10} {1000 * total / count:>11.2f}        {count / total:.0f} articles/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if not args.without_peer:
        ours, peer = gate_ratio(articles)
        print(f"gate, ms per article: {ours:.1f}; pySHACL {peer:.1f}: {peer / ours:.0f} times")


if __name__ == "__main__":
    main()
