"""The named queries at 10 thousand to 10 million statements: through `kg.query.run`, and the engine with the same text.

    python benchmarks/queries.py [--sizes 10k 100k 1m 10m] [--rounds 5] [--only held-on …] [--rdflib 10k] [--limit 120]

Each query is asked with no more than it must be told, and once with each parameter, by value as found in the view. What
has a name is told by its name: ours looks it up, and the engine is asked for what has it by another query first, as
one does who has a name and the engine alone. Ours and the engine's take turns, the order changing from round to round;
the engine's rows are read into tuples as ours are. rdflib has the view's default graph in its own store and is asked
the same at the sizes given. A case that takes longer than the limit in its first round is asked no more, and is shown
with what it took.
"""

from __future__ import annotations

import argparse
import multiprocessing as mp
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import big_graphs
import pyoxigraph as ox

from kg import query
from kg import vocabulary as v

FOUND: Final = {
    "person": "?t a kg:Tenure ; org:member ?x",
    "organisation": "?p org:postIn ?x . ?x a kg:Ministry",
    "post": "?t a kg:Tenure ; kg:post ?x",
    "network": "?m a kg:NetworkMembership ; org:organization ?x",
    "place": "?m schema:location ?x . ?x a kg:City",
    "province": "?x a kg:Province . ?y schema:containedInPlace ?x",
    "government": "?t kg:onBehalfOf ?x",
    "meeting": "?x a kg:Meeting ; schema:attendee ?y",
    "participant": "?y a kg:Meeting ; schema:attendee ?x",
    "actor": "?r a kg:NetworkRole ; org:member ?x",
    "recipient": "?a kg:recipient ?x",
    "giver": "?a kg:awardedBy ?x",
    "party": "?a kg:party ?x",
    "parent": "?u org:unitOf ?x",
    "owner": "?p schema:provider ?x",
    "thing": "?t a kg:Tenure ; org:member ?x",
    "name": "?c kg:relation 'alias' ; rdf:subject ?x",
    "a": "?t a kg:Tenure ; org:member ?x",
    "b": "?p org:postIn ?x . ?x a kg:Ministry",
}
"""Where to find an id for a parameter of type name: the fifth in the order of the engine."""
TOLD: Final = {
    "status": "current", "relation": "holds_post", "word": "kota", "purpose": "jalan", "currency": "IDR",
    "measure": "total", "kind": "contradiction", "from": "2020-01-01", "until": "2020-02-01", "on": "2020-01-01",
    "knownBy": "2020-02-01",
}  # fmt: skip


def value(store: ox.Store, name: str) -> str:
    """Something to tell a parameter."""
    if name in TOLD:
        return TOLD[name]
    text = f"SELECT ?x WHERE {{ {FOUND[name]} }} OFFSET 4 LIMIT 1"
    rows = list(store.query(text, prefixes=v.PREFIXES))  # type: ignore[arg-type]
    return str(rows[0][0].value) if rows else "place/35.78"


def cases(store: ox.Store, only: list[str]) -> Iterator[tuple[str, query.NamedQuery, dict[str, str]]]:
    """Each named query with what it must be told, and with each further parameter."""
    for name, named in sorted(query.named().items()):
        if only and name not in only:
            continue
        must = {each.name: value(store, each.name) for each in named.parameters if each.default is None}
        yield f"{name} {' '.join(must)}".strip(), named, must
        for each in named.parameters:
            if each.default is not None:
                yield f"{name} {' '.join([*must, each.name])}", named, {**must, each.name: value(store, each.name)}


LOOK_UP: Final = """
    SELECT DISTINCT ?x {
      VALUES ?p { skos:prefLabel skos:altLabel schema:headline foaf:name } VALUES ?name { %s } ?x ?p ?name
    }
"""
"""What has a name, in the languages that this graph has and in none."""


def name_of(store: ox.Store, iri: str) -> str | None:
    """A name of a thing in some language."""
    labels = store.quads_for_pattern(ox.NamedNode(iri), v.PREF_LABEL, None, ox.DefaultGraph())
    return next((quad.object.value for quad in labels if isinstance(quad.object, ox.Literal)), None)


def by_name(store: ox.Store, named: query.NamedQuery, told: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The same told by names where there are some; and the engine's queries that look them up."""
    said, asked = dict(told), []
    for each in named.parameters:
        name = name_of(store, told[each.name]) if each.type == "name" and "://" in told.get(each.name, "") else None
        if name is not None:
            said[each.name] = name
            asked.append(LOOK_UP % " ".join(str(ox.Literal(name, language=tag)) for tag in ("id", "en", None)))
    return said, asked


def direct(store: ox.Store, text: str, before: list[str]) -> int:
    """The engine alone: the number of rows or triples; names are looked up before."""
    for look_up in before:
        list(store.query(look_up, prefixes=v.PREFIXES))  # type: ignore[arg-type]
    found = store.query(text, prefixes=v.PREFIXES)
    if isinstance(found, ox.QueryTriples):
        return len(set(found))
    return len([tuple(row) for row in found])  # type: ignore[union-attr]


def ours(store: ox.Store, named: query.NamedQuery, told: dict[str, str]) -> int:
    """The same through our layer, the values looked up."""
    answer = query.run(store, named, told)
    return len(getattr(answer, "rows", ()) or getattr(answer, "triples", ()))


def seconds(call: Callable[[], int]) -> tuple[float, int]:
    """Processor time of one call, and what it gave."""
    start = time.process_time()
    found = call()
    return time.process_time() - start, found


def measure(store: ox.Store, args: argparse.Namespace, peer: Any) -> None:
    """Print a line for each case."""
    ratios = []
    spent: dict[str, list[float]] = {"ours": [], "direct": []}
    for label, named, ids in cases(store, args.only):
        told, before = by_name(store, named, ids)
        text = query.fill(store, named, told)
        pair: dict[str, Callable[[], int]] = {
            "ours": partial(ours, store, named, told),
            "direct": partial(direct, store, text, before),
        }
        took: dict[str, list[float]] = {name: [] for name in pair}
        rows = 0
        for turn in range(args.rounds):
            for name in sorted(pair, reverse=turn % 2 == 1):
                lasted, rows = seconds(pair[name])
                took[name].append(1000 * lasted)
            if took["ours"][0] > 1000 * args.limit:
                break
        half = {name: statistics.median(times) for name, times in took.items()}
        ratios.append(half["ours"] / half["direct"])
        for name, took_half in half.items():
            spent[name].append(took_half)
        worst = {name: sorted(times)[min(len(times) - 1, int(0.99 * len(times)))] for name, times in took.items()}
        more = rdflib_time(peer, text, args.limit) if peer is not None else ""
        print(
            f"{label:<40}{rows:>8}{half['ours']:>11.1f}{worst['ours']:>11.1f}{half['direct']:>11.1f}{ratios[-1]:>7.2f}{more}",
            flush=True,
        )
    over = sum(each > 1.1 for each in ratios)
    print(
        f"ours over the engine alone, {len(ratios)} cases: middle {statistics.median(ratios):.3f}, "
        f"{over} over 1.1, all together {sum(spent['ours']) / sum(spent['direct']):.3f}\n"
    )


def rdflib_graph(store: ox.Store) -> Any:
    """The default graph in rdflib's own store."""
    import rdflib

    graph = rdflib.Graph()
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return graph


def _asked(graph: Any, text: str) -> None:
    list(graph.query(text, initNs=v.PREFIXES))


def rdflib_time(graph: Any, text: str, limit: float) -> str:
    """rdflib's time in a process of its own that is ended at the limit: it can't be interrupted otherwise."""
    process = mp.get_context("fork").Process(target=_asked, args=(graph, text))
    start = time.perf_counter()
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
        return f"   rdflib > {limit:g} s"
    return f"   rdflib {1000 * (time.perf_counter() - start):.0f} ms" + ("" if process.exitcode == 0 else " (failed)")


def main() -> None:
    """Measure at each size; views are made below --folder where they aren't there yet."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", nargs="+", choices=list(big_graphs.SIZES), default=list(big_graphs.SIZES))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", nargs="*", default=[], metavar="QUERY")
    options.add_argument("--rdflib", nargs="*", choices=list(big_graphs.SIZES), default=[], help="sizes to ask it at")
    options.add_argument("--limit", type=float, default=120, metavar="SECONDS")
    options.add_argument("--folder", type=Path, default=Path("/tmp/big"))
    args = options.parse_args()
    for size in args.sizes:
        store = ox.Store.read_only(str(big_graphs.view(size, args.folder)))
        print(f"{size}: {len(store):,} quads, ms of the processor")
        print(
            f"{'query, what it is told':<40}{'rows':>8}{'ours p50':>11}{'ours p99':>11}{'engine p50':>11}{'ratio':>7}"
        )
        measure(store, args, rdflib_graph(store) if size in args.rdflib else None)


if __name__ == "__main__":
    main()
