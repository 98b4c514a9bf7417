"""GEXF 1.2: the graph of things and relations that the traversals use, for Gephi and its like."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pyoxigraph import Quad

from kg import traverse
from kg.export.parts import Options

if TYPE_CHECKING:
    import networkx as nx

_CLOCK: Final = re.compile(rb' lastmodifieddate="[^"]*"')


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """The projected graph with every attribute as text."""
    return write_graph(traverse.project(traverse.merged(quads)))


def write_graph(graph: nx.MultiDiGraph[str]) -> bytes:
    """A projected graph, or a part of one as ``traverse.near`` gives it, as GEXF, without the day of writing."""
    import networkx as nx

    target = io.BytesIO()
    nx.write_gexf(traverse.plain(graph), target, encoding="utf-8", version="1.2draft")
    return _CLOCK.sub(b"", target.getvalue())
