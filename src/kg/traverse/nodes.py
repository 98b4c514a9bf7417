"""What a node is: its name, class, other names and date, for all nodes or for some; a government as its territory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolution, Store

from kg import resources, vocabulary
from kg.traverse.relations import batches, iri, of_file, value, values

PAPERS: Final = frozenset({"NewsArticle", "Outlet"})
"""What reports on things: part of the graph, but no link between the things that it reports on."""
HOLDERS: Final = frozenset({"Post", "Delegation", "Concept"})
"""Classes whose things have names but are no nodes: what they hold together is an edge."""
LANGUAGES: Final = ("id", "en")
Attributes = dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """The class of a thing and all names that it goes by."""

    kind: str
    names: frozenset[str]


def local(name: str) -> str:
    """The last part of an IRI, as in ``Regency``."""
    return name[max(name.rfind("#"), name.rfind("/")) + 1 :]


def short(name: str) -> str:
    """An id without the base, as in ``person/safrizal-za``."""
    return name.partition("/id/")[2] or name


# ---- names and classes, from the rows of two queries


def best_names(things: Iterable[QuerySolution]) -> dict[str, str]:
    """The preferred name of each thing: the Indonesian one if there is one, else the English, else any."""
    names: dict[str, list[tuple[int, str]]] = {}
    for row in things:
        name = row["name"]
        if isinstance(name, Literal) and value(row, "preferred") == "true":
            order = (*LANGUAGES, name.language).index(name.language)
            names.setdefault(value(row, "thing"), []).append((order, name.value))
    return {thing: min(found)[1] for thing, found in names.items()}


def name_articles(best: dict[str, str], articles: Iterable[QuerySolution]) -> dict[str, str]:
    """Articles without a headline go by their outlet and date."""
    for row in articles:
        outlet = best.get(value(row, "outlet"), value(row, "outlet"))
        label = ", ".join(filter(None, (outlet, value(row, "date"))))
        best.setdefault(value(row, "thing"), label or short(value(row, "thing")))
    return best


def names_of(view: Store) -> dict[str, str]:
    """The preferred name of each thing of a graph."""
    return name_articles(best_names(of_file(view, "nodes/things.rq")), of_file(view, "nodes/articles.rq"))


def known_things(
    things: Iterable[QuerySolution], articles: Iterable[QuerySolution], territory: Mapping[str, str | None]
) -> dict[str, Known]:
    """Class and names of articles and everything with a name, a government's names with its territory."""
    kinds: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for row in things:
        thing, kind = value(row, "thing"), local(value(row, "class"))
        if kind in HOLDERS:
            continue
        kinds.setdefault(thing, set()).add(kind)
        names.setdefault(territory.get(thing) or thing, set()).add(value(row, "name"))
    for row in articles:  # which may have no headline
        kinds.setdefault(value(row, "thing"), {"NewsArticle"})
    return {thing: Known(min(kinds[thing]), frozenset(names.get(thing, set()))) for thing in kinds}


def territories(view: Store, restriction: str = "") -> dict[str, str]:
    """The place of each government."""
    found: dict[str, str] = {}
    rows = of_file(view, "nodes/governments.rq", restriction)
    for government, place in sorted((value(row, "thing"), value(row, "place")) for row in rows):
        found.setdefault(government, place)
    return found


def dates(view: Store, restriction: str = "") -> dict[str, str]:
    """When a meeting is, as an interval of ISO 8601 where it takes several days, and when an article came out."""
    rows = of_file(view, "nodes/dates.rq", restriction)
    found = sorted((value(row, "thing"), value(row, "start"), value(row, "end")) for row in rows)
    return {thing: "/".join(filter(None, (start, end))) for thing, start, end in reversed(found)}


def attributes(node: str, names: Mapping[str, str], things: Mapping[str, Known], when: Mapping[str, str]) -> Attributes:
    """What a node of the graph carries: ``label``, ``kind``, ``id``, ``date`` and ``aliases``."""
    known = things.get(node, Known("Post" if "/post/" in node else "Thing", frozenset()))
    label, aliases = names.get(node, short(node)), tuple(sorted(known.names - {names.get(node)}))
    return {"label": label, "kind": known.kind, "id": short(node), "date": when.get(node, ""), "aliases": aliases}


# ---- the same for some nodes of a view


class Nodes:
    """Looks nodes up in a view, many at once, and each only once."""

    def __init__(self, view: Store) -> None:
        self._view = view
        self._territory: dict[str, str | None] = {}
        self._of_papers: dict[str, bool] = {}
        self._reference = [graph for graph in view.named_graphs() if graph.value.endswith("/id/reference")]

    def territory(self, nodes: Iterable[str]) -> Mapping[str, str | None]:
        """Of what is a government, its place; of all other nodes that were ever asked for, None."""
        for batch in batches(dict.fromkeys(node for node in nodes if node not in self._territory)):
            found = territories(self._view, _of("thing", batch))
            self._territory.update((node, found.get(node)) for node in batch)
        return self._territory

    def members(self, nodes: Iterable[str]) -> dict[str, str]:
        """The nodes and the governments that stand for them, each with its node."""
        found = {node: node for node in nodes}
        for batch in batches(list(found)):
            governments = [
                value(row, "thing") for row in of_file(self._view, "nodes/governments.rq", _of("place", batch))
            ]
            places = self.territory(governments)
            found.update((each, str(places[each])) for each in governments if places[each] in found)
        return found

    def names(self, nodes: Iterable[str]) -> dict[str, str]:
        """Their preferred names."""
        found: dict[str, str] = {}
        for batch in batches(dict.fromkeys(nodes)):
            articles = list(of_file(self._view, "nodes/articles.rq", _of("thing", batch)))
            outlets = [outlet for row in articles if (outlet := value(row, "outlet"))]
            best = best_names(of_file(self._view, "nodes/things.rq", _of("thing", dict.fromkeys([*batch, *outlets]))))
            named = name_articles(best, articles)
            found.update((node, named[node]) for node in batch if node in named)
        return found

    def describe(self, nodes: Iterable[str]) -> dict[str, Attributes]:
        """What each of the nodes carries, as in the graph of all."""
        found: dict[str, Attributes] = {}
        for batch in batches(sorted(set(nodes))):
            members = self.members(batch)
            of_batch, of_members = _of("thing", batch), _of("thing", members)
            things = known_things(
                of_file(self._view, "nodes/things.rq", of_members),
                of_file(self._view, "nodes/articles.rq", of_batch),
                self._territory,
            )
            names, when = self.names(batch), dates(self._view, of_batch)
            found |= {node: attributes(node, names, things, when) for node in batch}
        return found

    def kinds(self, nodes: Iterable[str]) -> dict[str, str]:
        """The class of each of the nodes: less to ask than all about them."""
        found: dict[str, str] = {}
        for batch in batches(dict.fromkeys(nodes)):
            rows = of_file(self._view, "nodes/things.rq", _of("thing", batch))
            things = known_things(rows, of_file(self._view, "nodes/articles.rq", _of("thing", batch)), {})
            found.update((node, str(attributes(node, {}, things, {})["kind"])) for node in batch)
        return found

    def of_papers(self, nodes: Iterable[str]) -> Mapping[str, bool]:
        """Whether they are articles or outlets, for all nodes that were ever asked for."""
        new = [node for node in dict.fromkeys(nodes) if node not in self._of_papers]
        likely = [node for node in new if self._is_one_of(node, _PAPER_CLASSES)]
        kinds = self.kinds(likely)
        self._of_papers.update((node, kinds.get(node) in PAPERS) for node in new)
        return self._of_papers

    def _is_one_of(self, node: str, classes: Iterable[NamedNode]) -> bool:
        return any(any(self._view.quads_for_pattern(NamedNode(node), vocabulary.TYPE, one, None)) for one in classes)

    # ---- reference data

    def is_reference(self, node: str) -> bool:
        """Whether reference data knows it."""
        return any(any(self._view.quads_for_pattern(NamedNode(node), None, None, graph)) for graph in self._reference)

    def is_pointed_at(self, nodes: Collection[str]) -> bool:
        """Whether reference data say anything of other things that has one of these nodes in it."""
        return any(
            isinstance(quad.subject, NamedNode) and quad.subject.value not in nodes
            for graph in self._reference
            for node in nodes
            for quad in self._view.quads_for_pattern(None, None, NamedNode(node), graph)
        )

    def is_told(self, node: str) -> bool:
        """Whether an article says anything of it, or reference data don't know it."""
        return not self.is_reference(node) or any(
            of_article(quad.graph_name) for quad in self._view.quads_for_pattern(NamedNode(node), None, None, None)
        )


_PAPER_CLASSES: Final = (vocabulary.NEWS_ARTICLE, vocabulary.OUTLET)


def of_article(graph: object) -> bool:
    """Whether a graph is one of an article."""
    return isinstance(graph, NamedNode) and "/id/article/" in graph.value


def _of(variable: str, nodes: Collection[str]) -> str:
    return values((variable,), ((iri(node),) for node in nodes))


# ---- the ontology's words


@cache
def _words_of_ontology() -> dict[tuple[str, str], str]:
    """The labels of classes and concepts by local name and language."""
    from pyoxigraph import RdfFormat, parse

    path = resources.path("ontology/kg.ttl")
    found: dict[tuple[str, str], str] = {}
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        subject, label = quad.subject, quad.object
        if quad.predicate == vocabulary.LABEL and isinstance(label, Literal) and isinstance(subject, NamedNode):
            found[local(subject.value), label.language or ""] = label.value
    return found


def word(name: str, lang: str = "id") -> str:
    """What people call a class or a concept, as ``Regency`` or ``projected``; itself where nothing is known."""
    return _words_of_ontology().get((name, lang), _OTHER_WORDS.get((name, lang), name))


_OTHER_WORDS: Final = {
    ("Post", "id"): "jabatan",
    ("Post", "en"): "post",
    ("NewsArticle", "id"): "artikel",
    ("NewsArticle", "en"): "article",
}
"""Classes of other vocabularies, which the ontology uses without a label of its own."""
