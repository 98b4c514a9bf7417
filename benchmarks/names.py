"""Pairs of names of Indonesian officials, one person or two: this project, rapidfuzz, nomenklatura, on the same pairs.

    python benchmarks/names.py [--nomenklatura PYTHON]

PYTHON is an interpreter that has nomenklatura (``python -m venv DIR && DIR/bin/pip install nomenklatura``); its pins
may not fit into this environment. Our threshold is that of ``kg.link.outcome``. Each peer has two, chosen on the tune
half: the one with the best F1, and the lowest with a precision of 0.97 ("careful"); both without the pairs of which
nobody can tell. The first precision counts such pairs as wrong where they are merged, the second leaves them out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, utils
from rapidfuzz.distance import JaroWinkler

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from kg.link.outcome import LINKED_FROM
from kg.link.people import judge
from kg.link.persons import compare
from name_pairs import Pair, pairs

NOMENKLATURA = """
import json, sys
from followthemoney import model
from nomenklatura.matching import get_algorithm
from nomenklatura.matching.types import ScoringConfig

def person(key, name):
    entity = model.make_entity("Person")
    entity.id = key
    entity.add("name", name)
    return entity

wanted = json.load(sys.stdin)
found = {}
for name in wanted["algorithms"]:
    algorithm = get_algorithm(name)
    try:
        config = algorithm.default_config()
    except AttributeError:
        config = ScoringConfig.defaults()
    people = [(person(f"a{n}", a), person(f"b{n}", b)) for n, (a, b) in enumerate(wanted["pairs"])]
    found[name] = [algorithm.compare(a, b, config).score for a, b in people]
json.dump(found, sys.stdout)
"""
ALGORITHMS = ("logic-v1", "logic-v2", "name-based", "regression-v1", "er-unstable")
Scores = Sequence[float]
PRECISION = 0.97


def rapidfuzz_scores(found: Sequence[Pair]) -> dict[str, Scores]:
    scorers: dict[str, Callable[[str, str], float]] = {
        "rapidfuzz WRatio": lambda a, b: fuzz.WRatio(a, b, processor=utils.default_process) / 100,
        "rapidfuzz token_sort_ratio": lambda a, b: fuzz.token_sort_ratio(a, b, processor=utils.default_process) / 100,
        "rapidfuzz token_set_ratio": lambda a, b: fuzz.token_set_ratio(a, b, processor=utils.default_process) / 100,
        "rapidfuzz JaroWinkler": lambda a, b: JaroWinkler.similarity(a, b, processor=utils.default_process),
    }
    return {name: [score(pair.a.name, pair.b.name) for pair in found] for name, score in scorers.items()}


def nomenklatura_scores(python: str, found: Sequence[Pair]) -> dict[str, Scores]:
    wanted = {"algorithms": ALGORITHMS, "pairs": [(pair.a.name, pair.b.name) for pair in found]}
    done = subprocess.run(
        [python, "-c", NOMENKLATURA], input=json.dumps(wanted), capture_output=True, text=True, check=True
    )
    return {f"nomenklatura {name}": scores for name, scores in json.loads(done.stdout).items()}


def measure(found: Sequence[Pair], scores: Scores, threshold: float) -> tuple[float, float, float, int]:
    """Precision, precision without what nobody can tell, recall, and how many are merged."""
    merged = [pair.same for pair, score in zip(found, scores, strict=True) if score >= threshold]
    right, told = merged.count("yes"), len(merged) - merged.count("unknown")
    wanted = sum(pair.same == "yes" for pair in found)
    return right / (len(merged) or 1), right / (told or 1), right / wanted, len(merged)


def thresholds(found: Sequence[Pair], scores: Scores) -> dict[str, float]:
    """That of the best F1, and the lowest with the precision that is asked of us; 1.01 merges nothing."""
    points = {threshold: measure(found, scores, threshold)[1:3] for threshold in sorted(set(scores))}
    best = max(points, key=lambda at: 2 * points[at][0] * points[at][1] / (sum(points[at]) or 1))
    careful = [at for at, (precision, recall) in points.items() if precision >= PRECISION and recall]
    return {"best F1": best, "careful": min(careful, default=1.01)}


def report(title: str, tune: Sequence[Pair], held: Sequence[Pair], python: str | None) -> None:
    peers = rapidfuzz_scores(tune), rapidfuzz_scores(held)
    if python:
        for scores, half in zip(peers, (tune, held), strict=True):
            scores.update(nomenklatura_scores(python, half))
    print(f"\n{title}: {len(held)} held-back pairs, {sum(pair.same == 'yes' for pair in held)} of one person")
    print(f"{'':<38}{'threshold':>9}{'merged':>8}{'precision':>11}{'told only':>11}{'recall':>8}")
    ours = {
        "names and posts (kg)": [judge(pair.a, pair.b).score for pair in held],
        "names alone (kg)": [compare(pair.a.name, pair.b.name).score for pair in held],
    }
    rows = [(name, LINKED_FROM, scores) for name, scores in ours.items()]
    rows += [
        (f"{name}, {kind}", threshold, peers[1][name])
        for name, scores in peers[0].items()
        for kind, threshold in thresholds(tune, scores).items()
    ]
    for name, threshold, scores in rows:
        precision, told, recall, merged = measure(held, scores, threshold)
        print(f"{name:<38}{threshold:>9.2f}{merged:>8}{precision:>11.3f}{told:>11.3f}{recall:>8.3f}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nomenklatura", metavar="PYTHON", help="an interpreter that has nomenklatura")
    args = options.parse_args()
    tune, held = pairs("tune"), pairs("held-back")
    report("All", tune, held, args.nomenklatura)
    bare = [[pair for pair in half if pair.is_bare] for half in (tune, held)]
    report("Only names", bare[0], bare[1], args.nomenklatura)
    start = time.perf_counter()
    for pair in held:
        compare.__wrapped__(pair.a.name, pair.b.name)
    print(f"\n{1e6 * (time.perf_counter() - start) / len(held):.0f} µs a comparison, parts remembered")


if __name__ == "__main__":
    main()
