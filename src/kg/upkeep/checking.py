"""Whether a store is sound: its texts and evidence, that no article is half there, the engine's files, the view."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg import view
from kg import vocabulary as v
from kg.errors import StoreError
from kg.records import record
from kg.store import Store, checking, open_store
from kg.store.folder import open_oxigraph
from kg.store.waiting import is_waited_for
from kg.view import keeping

Part = Literal["article", "rest of an article", "engine", "view"]
_ARTICLE: Final = re.compile(r"/id/article/([0-9a-f]{16})")
_OWN: Final = "/id/store"


@record(frozen=True, slots=True)
class Finding:
    """What is wrong, in a line; ``article`` is the key of the one that it concerns, where it does."""

    part: Part
    what: str
    article: str = ""


def check(store: str | Path) -> list[Finding]:
    """What is wrong with a store that others may write to meanwhile; nothing where all is well.

    Reads all of it in each of its orders: some 10 s for 100,000 quads. Raises GraphError or StoreError where it can't
    be opened at all.
    """
    with open_store(store, read_only=True) as kept:
        return [*of_graph(kept), *_of_view(kept)]


def of_graph(kept: Store) -> list[Finding]:
    """What is wrong with the graph of an open store. Damaged files of the engine hide all else."""
    try:
        return [*_unlike(kept.dataset), *_articles(kept), *_rests(kept)]
    except (OSError, RuntimeError) as error:
        return [Finding("engine", f"its files are damaged: {str(error).splitlines()[0]}")]


def _unlike(dataset: ox.Store) -> Iterator[Finding]:
    """The engine keeps each quad in six orders; what each of them gives is compared with the others, by its number.

    On disk it gives more than was asked for where the bytes of a number end in 255 (pyoxigraph 0.5.13): 512 beside 511.
    """
    whole = Counter(quad.predicate for quad in dataset)  # by subject
    by_predicate = {each: _count(dataset.quads_for_pattern(None, each, None)) for each in whole}
    by_graph = within = by_object = 0
    for graph in [*dataset.named_graphs(), DefaultGraph()]:
        quads = list(dataset.quads_for_pattern(None, None, None, graph))
        predicates, objects = {quad.predicate for quad in quads}, {quad.object for quad in quads}
        by_graph += len(quads)
        within += sum(_count(dataset.quads_for_pattern(None, each, None, graph)) for each in predicates)
        rows = (
            row for each in objects for row in dataset.quads_for_pattern(None, None, each, graph) if row.object == each
        )
        by_object += _count(rows)
        lost = sum(next(dataset.quads_for_pattern(None, None, each), None) is None for each in objects)
        by_object -= lost
    counts = (whole.total(), sum(by_predicate.values()), by_graph, within, by_object)
    if len(set(counts)) > 1:
        orders = "by subject, predicate, graph, predicate and object in a graph"
        yield Finding("engine", f"its files don't agree: {', '.join(map(str, counts))} quads {orders}")


def _count(rows: Iterable[object]) -> int:
    return sum(1 for _ in rows)


def _articles(kept: Store) -> Iterator[Finding]:
    for line in checking.check(kept):
        found = _ARTICLE.search(line)
        yield Finding("article", line, found[1] if found else "")


def _rests(kept: Store) -> Iterator[Finding]:
    """Graphs and notes of an article that isn't there."""
    there = {article.key for article in kept.articles()}
    left: dict[str, str] = {}
    for graph in kept.dataset.named_graphs():
        found = _ARTICLE.search(graph.value)
        if found and found[1] not in there:
            left.setdefault(found[1], "only a part of its graphs is there")
    own = NamedNode(f"{kept.base.rstrip('/')}{_OWN}")
    is_built = is_waited_for(kept.path)  # then some are registered, and still to be brought in
    for quad in () if is_built else kept.dataset.quads_for_pattern(None, v.DCT_IDENTIFIER, None, own):
        found = _ARTICLE.search(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
        if found and found[1] not in there:
            left.setdefault(found[1], "it is registered, and isn't there")
    for key, what in sorted(left.items()):
        yield Finding("rest of an article", f"article {key}: {what}", key)


def _of_view(kept: Store) -> list[Finding]:
    """Whether the view holds what the graph means. One that is behind is no fault: the next command makes up for it."""
    folder = keeping.current(kept.path)
    if folder is None or kept.changed():
        return []
    try:
        made = open_oxigraph(folder, kept.path, read_only=True)
        named = (quad for quad in made if not isinstance(quad.graph_name, DefaultGraph))
        meant = (quad for quad in view.quads(kept.dataset) if not isinstance(quad.graph_name, DefaultGraph))
        if _sum(named) != _sum(meant):
            return [Finding("view", "the view isn't what the graph means")]
        return [] if _holds_each_once(made) else [Finding("view", "the view's default graph isn't all of its graphs")]
    except (StoreError, OSError, RuntimeError) as error:
        return [Finding("view", f"the view's files are damaged: {str(error).splitlines()[0]}")]


def _sum(quads: Iterable[Quad]) -> tuple[int, int]:
    """Number and digest of a set of quads, in whatever order they come: the sum of the digest of each."""
    count = total = 0
    for quad in quads:
        count += 1
        total += int.from_bytes(hashlib.blake2b(str(quad).encode(), digest_size=16).digest())
    return count, total % (1 << 128)


def _holds_each_once(made: ox.Store) -> bool:
    """Whether the default graph has a triple if, and only if, a named graph has it."""
    for quad in made:
        if isinstance(quad.graph_name, DefaultGraph):
            rows = made.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
            if not any(not isinstance(row.graph_name, DefaultGraph) and row.object == quad.object for row in rows):
                return False
        elif Quad(quad.subject, quad.predicate, quad.object) not in made:
            return False
    return True
