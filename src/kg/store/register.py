"""What a store notes of its articles in ``id/store``, and the articles that a person may mean by a name."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg import vocabulary as v
from kg.rdf import Ids
from kg.store.graphs import is_dataset


class Register:
    """The register of a dataset, to be read: sources of each article and linked table, and the hash of its quads."""

    def __init__(self, dataset: ox.Store, ids: Ids) -> None:
        self._dataset = dataset
        self._ids = ids
        self.graph = ids.node("store")

    def state(self, node: NamedNode) -> dict[NamedNode, set[str]]:
        """What is noted of an article, dataset or graph; empty where nothing is."""
        state: dict[NamedNode, set[str]] = defaultdict(set)
        for quad in self._dataset.quads_for_pattern(node, None, None, self.graph):
            if isinstance(quad.object, ox.Literal):
                state[quad.predicate].add(quad.object.value)
        return dict(state)

    def read_from(self, source: str) -> list[NamedNode]:
        """The articles that were read from this file or page, sorted."""
        rows = self._dataset.quads_for_pattern(None, v.SOURCE, ox.Literal(source), self.graph)
        found = (q.subject for q in rows if isinstance(q.subject, NamedNode) and not is_dataset(q.subject))
        return sorted(found, key=str)

    def called(self, name: str) -> list[NamedNode]:
        """The articles with this key, id, title, address or source, looked up by it; sorted."""
        begin = self._ids.node("article/").value  # other graphs have rows in id/store, too
        titles = [ox.Literal(name, language=language) for language in ("id", "en")]
        rows = [row for each in titles for row in self._dataset.quads_for_pattern(None, v.HEADLINE, each, None)]
        rows += [row for each in _iri(name) for row in self._dataset.quads_for_pattern(None, v.URL, each, None)]
        meant = {NamedNode(f"{begin}{quote(name, safe='')}"), *_iri(name)}
        meant |= {row.subject for row in rows if isinstance(row.subject, NamedNode) and row.subject == row.graph_name}
        found = {node for node in meant if node.value.startswith(begin) and self.state(node)}
        return sorted({*found, *self.read_from(name)}, key=str)

    def of_file(self, name: str) -> list[NamedNode]:
        """The articles that were read from a file or page whose last part is this; sorted."""
        rows = self._dataset.quads_for_pattern(None, v.SOURCE, None, self.graph)
        found = {row.subject for row in rows if Path(value_of(row.object) or "").name == name}
        return sorted((node for node in found if isinstance(node, NamedNode) and not is_dataset(node)), key=str)


def _iri(text: str) -> list[NamedNode]:
    """The text as an IRI, where it is one."""
    try:
        return [NamedNode(text)]
    except ValueError:
        return []


def absolute(source: str) -> str:
    """A page's address as it is, a file's path from the root: another folder may have one of the same name."""
    return source if "://" in source else os.path.abspath(source)


def value_of(term: object) -> str | None:
    """The text of a literal or an id."""
    return term.value if isinstance(term, ox.Literal | NamedNode) else None
