"""GraphML: the graph of things and relations that the traversals use, for network tools."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from kg import traverse
from kg.export.parts import Options

if TYPE_CHECKING:
    import networkx as nx


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """The projected graph with every attribute as text."""
    return write_graph(traverse.project(traverse.merged(quads)))


def write_graph(graph: nx.MultiDiGraph[str]) -> bytes:
    """A projected graph, or a part of one as ``traverse.near`` gives it, as GraphML."""
    import networkx as nx

    target = io.BytesIO()
    nx.write_graphml_xml(traverse.plain(graph), target, encoding="utf-8", prettyprint=True)
    return target.getvalue()
