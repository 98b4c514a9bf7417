"""Quads as text of SPARQL updates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Quad


def patterns(quads: Iterable[Quad]) -> str:
    """Quads of named graphs as the inside of INSERT DATA or DELETE DATA.

    Terms are written as in N-Triples, which SPARQL reads alike.
    """
    graphs: dict[str, list[str]] = defaultdict(list)
    for quad in quads:
        graphs[str(quad.graph_name)].append(f"{quad.subject} {quad.predicate} {quad.object} .")
    return "\n".join(f"GRAPH {name} {{\n{chr(10).join(rows)}\n}}" for name, rows in graphs.items())
