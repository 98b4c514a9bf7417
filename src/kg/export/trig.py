"""TriG: as Turtle, with a block for the facts of each article and one for its claims and evidence."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Quad

from kg.export import parts, turtle
from kg.export.parts import Options


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """Every graph under its name."""
    spelling = turtle.spelling_of(parts.merge(quads), options.base)
    lines = turtle.header(spelling)
    for name, triples in parts.by_graph(quads):
        body = turtle.body(triples, spelling, indent="" if name is None else "    ")
        lines += body if name is None else ["", f"{spelling.term(name)} {{", *body[1:], "}"]
    return "\n".join([*lines, ""]).encode()
