"""One query of the reconciliation service over 20,000 persons and reference data, against rapidfuzz over all names."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from pyoxigraph import Literal, NamedNode, Quad, Store
from rapidfuzz import fuzz, process

from kg import reference, view
from kg import vocabulary as v
from kg.link.reconcile import answers, describing
from kg.link.reconcile.index import Index
from kg.link.reconcile.queries import Query

SYLLABLES = "ba bu di su sri wi ra ta na ni ka ki ya man to no ri sa ti lo mi pu go ha".split()
PERSONS, ASKED = 20_000, 200


def main() -> None:
    random.seed(1)
    names = [" ".join(word() for _ in range(random.randint(2, 3))) for _ in range(PERSONS)]
    graph = Store()
    graph.extend(reference.quads(v.DEFAULT_BASE))
    for number, name in enumerate(names):
        person = NamedNode(f"{v.DEFAULT_BASE}id/person/p{number}")
        graph.extend([Quad(person, v.TYPE, v.OFFICIAL), Quad(person, v.PREF_LABEL, Literal(name, language="id"))])
    start = time.perf_counter()
    index = Index(view.of(graph))
    print(f"index of {len(index.items):,} things: {time.perf_counter() - start:.1f} s")
    answers.candidates(index, Query("x y z"))  # the names to compare with are made at the first question
    sample = random.sample(names, ASKED)
    slips = [slip(name) for name in sample]
    peer = median(lambda name: process.extract(name, names, scorer=fuzz.WRatio, limit=8), slips[:20])
    told("equal name", median(lambda name: answers.candidates(index, Query(name)), sample), peer)
    told("a letter missing", median(lambda name: answers.candidates(index, Query(name)), slips), peer)
    right = sum(
        answers.candidates(index, Query(lacking))[0].item.name == name
        for lacking, name in zip(slips, sample, strict=True)
    )
    print(f"a letter missing: the right one first for {right} of {ASKED}")
    describing.suggest_entities(index, "x", 0)
    told(
        "suggestions for three letters",
        median(lambda name: describing.suggest_entities(index, name[:3], 0), sample),
        peer,
    )
    print(f"rapidfuzz over all names: {peer * 1000:.1f} ms")


def word() -> str:
    return "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 4))).capitalize()


def slip(name: str) -> str:
    at = random.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1 :]


def median(ask: Callable[[str], object], names: list[str]) -> float:
    times = []
    for name in names:
        start = time.perf_counter()
        ask(name)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def told(what: str, seconds: float, peer: float) -> None:
    print(f"{what}: {seconds * 1000:.2f} ms, {peer / seconds:.1f} times as fast as rapidfuzz over all names")


if __name__ == "__main__":
    main()
