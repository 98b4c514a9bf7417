"""Pairs of names of Indonesian officials and bodies, one or two: this project, rapidfuzz, nomenklatura, same pairs.

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
from typing import Protocol

from rapidfuzz import fuzz, utils
from rapidfuzz.distance import JaroWinkler

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import body_pairs
from kg import reference
from kg.link import organisations
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
    entity = model.make_entity(wanted["schema"])
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


class Labelled(Protocol):
    """A pair of which somebody knows whether it is one."""

    @property
    def same(self) -> str: ...


PRECISION = 0.97


def rapidfuzz_scores(names: Sequence[tuple[str, str]]) -> dict[str, Scores]:
    scorers: dict[str, Callable[[str, str], float]] = {
        "rapidfuzz WRatio": lambda a, b: fuzz.WRatio(a, b, processor=utils.default_process) / 100,
        "rapidfuzz token_sort_ratio": lambda a, b: fuzz.token_sort_ratio(a, b, processor=utils.default_process) / 100,
        "rapidfuzz token_set_ratio": lambda a, b: fuzz.token_set_ratio(a, b, processor=utils.default_process) / 100,
        "rapidfuzz JaroWinkler": lambda a, b: JaroWinkler.similarity(a, b, processor=utils.default_process),
    }
    return {name: [score(*pair) for pair in names] for name, score in scorers.items()}


def nomenklatura_scores(python: str, names: Sequence[tuple[str, str]], schema: str) -> dict[str, Scores]:
    wanted = {"algorithms": ALGORITHMS, "schema": schema, "pairs": names}
    done = subprocess.run(
        [python, "-c", NOMENKLATURA], input=json.dumps(wanted), capture_output=True, text=True, check=True
    )
    return {f"nomenklatura {name}": scores for name, scores in json.loads(done.stdout).items()}


def measure(found: Sequence[Labelled], scores: Scores, threshold: float) -> tuple[float, float, float, int]:
    """Precision, precision without what nobody can tell, recall, and how many are merged."""
    merged = [pair.same for pair, score in zip(found, scores, strict=True) if score >= threshold]
    right, told = merged.count("yes"), len(merged) - merged.count("unknown")
    wanted = sum(pair.same == "yes" for pair in found)
    return right / (len(merged) or 1), right / (told or 1), right / wanted, len(merged)


def thresholds(found: Sequence[Labelled], scores: Scores) -> dict[str, float]:
    """That of the best F1, and the lowest with the precision that is asked of us; 1.01 merges nothing."""
    points = {threshold: measure(found, scores, threshold)[1:3] for threshold in sorted(set(scores))}
    best = max(points, key=lambda at: 2 * points[at][0] * points[at][1] / (sum(points[at]) or 1))
    careful = [at for at, (precision, recall) in points.items() if precision >= PRECISION and recall]
    return {"best F1": best, "careful": min(careful, default=1.01)}


def names_of(found: Sequence[Pair]) -> list[tuple[str, str]]:
    return [(pair.a.name, pair.b.name) for pair in found]


def report(title: str, tune: Sequence[Pair], held: Sequence[Pair], python: str | None) -> None:
    ours = {
        "names and posts (kg)": [judge(pair.a, pair.b).score for pair in held],
        "names alone (kg)": [compare(pair.a.name, pair.b.name).score for pair in held],
    }
    table(title, (tune, held), ours, (names_of(tune), names_of(held)), (python, "Person"))


def report_bodies(python: str | None) -> None:
    """The same for bodies; the peers get names with what each body belongs to, where the name doesn't say it."""
    tune, held = body_pairs.pairs("tune"), body_pairs.pairs("held-back")
    ours = {"names and parents (kg)": [organisations.compare(pair.a, pair.b).score for pair in held]}
    names = [[(whole_name(pair.a), whole_name(pair.b)) for pair in half] for half in (tune, held)]
    table("Bodies", (tune, held), ours, (names[0], names[1]), (python, "Organization"))


def whole_name(body: organisations.Body) -> str:
    things = reference.load().things
    parent = things[body.anchor.replace("government/", "place/")].label.text if body.anchor else ""
    return body.names[0] if parent in body.names[0] else f"{body.names[0]} {parent}"


def table(
    title: str,
    halves: tuple[Sequence[Labelled], Sequence[Labelled]],
    ours: dict[str, Scores],
    names: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]],
    peer: tuple[str | None, str],
) -> None:
    """Our rows and those of the peers, whose thresholds are chosen on the first half."""
    tune, held = halves
    python, schema = peer
    peers = rapidfuzz_scores(names[0]), rapidfuzz_scores(names[1])
    if python:
        for scores, half in zip(peers, names, strict=True):
            scores.update(nomenklatura_scores(python, half, schema))
    print(f"\n{title}: {len(held)} held-back pairs, {sum(pair.same == 'yes' for pair in held)} of one")
    print(f"{'':<38}{'threshold':>9}{'merged':>8}{'precision':>11}{'told only':>11}{'recall':>8}")
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
    report_bodies(args.nomenklatura)
    start = time.perf_counter()
    for pair in held:
        compare.__wrapped__(pair.a.name, pair.b.name)
    print(f"\n{1e6 * (time.perf_counter() - start) / len(held):.0f} µs a comparison, parts remembered")


if __name__ == "__main__":
    main()
