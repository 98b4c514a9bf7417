"""Which graphs are a user's own: named graphs outside of the store's ids."""

from __future__ import annotations

from typing import Final

from pyoxigraph import DefaultGraph, NamedNode

from kg.errors import QueryError
from kg.records import record

DEFAULT: Final = "own"
"""Below the base: the graph that an update means where it names none."""
_IDS: Final = "/id/"
"""Names of this project's graphs have it; other graphs that have it could be taken for one of them."""


class Forbidden(QueryError):
    """An update of a graph that isn't the user's own."""


@record(frozen=True, slots=True)
class Own:
    """The own graphs of a store with that base."""

    base: str

    @property
    def default(self) -> NamedNode:
        """The graph that an update means where it names none."""
        return NamedNode(f"{self.base}{DEFAULT}")

    def target(self, graph: NamedNode | DefaultGraph | object) -> NamedNode:
        """The graph that an update changes where it names this one. Raises Forbidden for one that isn't own."""
        if isinstance(graph, DefaultGraph):
            return self.default
        if not isinstance(graph, NamedNode):
            raise Forbidden(f"{graph}: a graph of one's own has an IRI for a name")
        if graph.value.startswith(f"{self.base}id/"):
            raise Forbidden(
                f"{graph}: an update may change graphs whose names don't begin with {self.base}id/; what articles "
                f"state and reference data are changed with `kg build`, `kg remove` and `kg link`"
            )
        if _IDS in graph.value or graph.value.endswith("id/reference"):
            raise Forbidden(f"{graph}: could be taken for a graph of this project; choose a name without {_IDS}")
        return graph
