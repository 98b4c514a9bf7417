"""The graph as things and relations: who is linked with whom, how closely, and by which words.

``relations`` reads the kinds of links from ``queries/graph/``; ``nodes`` and ``edges`` ask a view for some of the graph
or all of it; ``walk`` goes through a graph of any size; ``project`` makes all of a small one for networkx. The same
graph gives the same result in every run.
"""

from __future__ import annotations

from kg.traverse.measures import MEASURES, groups, pagerank, rank
from kg.traverse.names import find
from kg.traverse.nodes import PAPERS, names_of, short, word
from kg.traverse.project import Graph, Simple, merged, plain, project, simple
from kg.traverse.relations import head
from kg.traverse.results import (
    Group,
    Link,
    Neighbourhood,
    Path,
    Ranked,
    Thing,
    Ways,
    as_json,
    as_text,
    first_link,
    thing,
)
from kg.traverse.spans import Span, quoted
from kg.traverse.walk import around, ego, named, near, neighbourhood, paths, shortest_paths

__all__ = [
    "MEASURES", "PAPERS", "Graph", "Group", "Link", "Neighbourhood", "Path", "Ranked", "Simple", "Span", "Thing",
    "Ways", "around", "as_json", "as_text", "ego", "find", "first_link", "groups", "head", "merged", "named",
    "names_of", "near", "neighbourhood", "pagerank", "paths", "plain", "project", "quoted", "rank", "short",
    "shortest_paths", "simple", "thing", "word",
]  # fmt: skip
