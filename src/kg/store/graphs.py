"""What the graphs of a store are called, and what stands for whole graphs in its notes."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

IDENTITIES: Final = "identities"
"""The graph below ``id/`` that says who is who across articles; ``kg.link.identities`` keeps it."""
NOT_PUBLISHED: Final = ("reference", "ontology", IDENTITIES, "store")
"""The graphs below ``id/`` that no article states."""
EVERYTHING: Final = NamedNode("urn:jejaring:everything")
"""What is noted as changed where reference data, the ontology or all of who-is-who was replaced."""
OWN_GRAPH: Final = NamedNode("urn:jejaring:own#graph")
"""What marks a graph in ``id/store`` that a user keeps beside the articles (``Store.put_own``)."""
LINKS: Final = "links/"
"""What the names of graphs of links begin with, below ``id/``: kept apart from facts, published on demand."""
VOICES: Final = "voices/"
"""What the names of graphs of voices begin with, below ``id/``: which articles print one text (``kg.voices``)."""
DATASET: Final = "dataset/"
"""What the keys of datasets begin with: tables that were linked, each in a graph of its own."""


def is_dataset(graph: object) -> bool:
    """Whether a graph is one of a linked table."""
    return isinstance(graph, NamedNode) and f"/id/{DATASET}" in graph.value


def is_below(graph: object, begin: str) -> bool:
    """Whether a graph's name is this one, or begins with it and a slash."""
    return isinstance(graph, NamedNode) and f"{graph.value}/".startswith(f"{begin}/")


def key_of(node: NamedNode) -> str:
    """The last part of an id, as in the key of an article."""
    return node.value.rpartition("/")[2]
