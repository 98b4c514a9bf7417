"""The edges of the graph: facts between two nodes, and with each the articles that state it and their words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode, QuerySolution, Store

from kg.records import record
from kg.traverse.nodes import Nodes, local
from kg.traverse.relations import BATCH, Relation, batches, chosen, leading_to, solutions, value
from kg.traverse.spans import Span, quoted

_HEAVY: Final = 2000
"""A node with more links of a relation than this is asked for the links to given nodes, not for all."""
Attributes = dict[str, str]


@record(frozen=True, slots=True)
class Fact:
    """A relation between two nodes, whoever states it; ``keys`` are the terms by which its claims are found."""

    source: str
    target: str
    relation: Relation
    fact: str
    detail: str
    status: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One fact as one article states it."""

    source: str
    target: str
    relation: str
    fact: str
    article: str
    date: str
    detail: str
    status: str


class TooMany(Exception):
    """More links than may be looked at."""


class Edges:
    """Draws facts out of a view, for given nodes or all. ``most`` is how many may be read; ``TooMany`` beyond that."""

    def __init__(self, view: Store, names: Collection[str] | None = None, *, most: int | None = None) -> None:
        """``names`` are those of the relations that count, all where None are given."""
        self.view = view
        self.nodes = Nodes(view)
        self.read = 0
        self.most = most
        self.relations = chosen(names)
        self._told: dict[str, bool] = {}

    # ---- facts

    def everywhere(self) -> Iterator[Fact]:
        """All facts of the graph, relation by relation."""
        for relation in self.relations:
            yield from self._facts(relation, solutions(self.view, relation.everything(), relation.name))

    def at(self, nodes: Collection[str]) -> Iterator[Fact]:
        """The facts that have one of these nodes at an end; a fact between two of them comes twice."""
        members = self.nodes.members(nodes)
        for relation in self.relations:
            for batch in batches(members):
                for fact in self._facts(relation, solutions(self.view, relation.leaving(batch), relation.name)):
                    if fact.source in members:
                        yield fact
                for fact in self._facts(relation, leading_to(self.view, relation, batch)):
                    if fact.target in members:
                        yield fact

    def among(self, nodes: Collection[str]) -> Iterator[Fact]:
        """The facts that have one of these nodes at each end. A node with many links doesn't have them all read."""
        members = self.nodes.members(nodes)
        for relation in self.relations:
            for batch in batches(members, 50):
                yield from self._among(relation, batch, members)

    def _among(self, relation: Relation, batch: list[str], members: Mapping[str, str]) -> Iterator[Fact]:
        found: list[Fact] = []
        for number, row in enumerate(solutions(self.view, relation.leaving(batch), relation.name)):
            if number > _HEAVY and not relation.facts_of_to:
                break
            if value(row, "to") in members:
                found += self._folded(relation, [row])
        else:
            yield from found
            return
        if len(batch) > 1:
            half = len(batch) // 2
            yield from self._among(relation, batch[:half], members)
            yield from self._among(relation, batch[half:], members)
            return
        for others in batches(members):
            query = relation.between((batch[0], other) for other in others)
            yield from self._facts(relation, solutions(self.view, query, relation.name))

    def _facts(self, relation: Relation, found: Iterable[QuerySolution]) -> Iterator[Fact]:
        for rows in batches(found):
            self.read += len(rows)
            if self.most is not None and self.read > self.most:
                raise TooMany
            yield from self._folded(relation, rows)

    def _folded(self, relation: Relation, rows: Sequence[QuerySolution]) -> Iterator[Fact]:
        """The rows as facts between nodes: governments as their territories, links of a thing to itself left out."""
        ends = [(value(row, "from"), value(row, "to")) for row in rows if _is_between_things(row)]
        places = self.nodes.territory(end for pair in ends for end in pair)
        kept = (row for row in rows if _is_between_things(row))
        for (begin, end), row in zip(ends, kept, strict=True):
            source, target = places[begin] or begin, places[end] or end
            if source != target and self.is_told(source):
                fact, detail, status = (value(row, name) for name in ("fact", "detail", "status"))
                keys = tuple(str(row[key] or "UNDEF") for key in relation.keys)
                yield Fact(source, target, relation, fact, detail, local(status), keys)

    def linked(self, nodes: Collection[str]) -> set[str]:
        """Those of the nodes that have a link."""
        found: set[str] = set()
        if nodes:
            for fact in self.at(nodes):
                found |= {fact.source, fact.target}
                if found.issuperset(nodes):
                    break
        return found

    def has(self, node: str) -> bool:
        """Whether anything is known of a node, or of a government that stands for it."""
        return any(
            any(self.view.quads_for_pattern(NamedNode(each), None, None, None)) for each in self.nodes.members([node])
        )

    # ---- what reference data add

    def is_told(self, node: str) -> bool:
        """Whether what leads away from a node counts: reference data only add what things of articles lie in.

        That is so for what an article tells of, for what reference data don't know, and for what such a thing leads to.
        """
        if node not in self._told:
            self._told[node] = self.nodes.is_told(node) or self._is_led_to(node)
        return self._told[node]

    def _is_led_to(self, node: str) -> bool:
        """Whether something that is told of leads to it, over reference data alone: these links make no circles."""
        self._told[node] = False
        members = self.nodes.members([node])
        if not self.nodes.is_pointed_at(members):
            return False
        for relation in chosen(None):
            for row in list(leading_to(self.view, relation, list(members))):
                if not _is_between_things(row) or value(row, "to") not in members:
                    continue
                begin = value(row, "from")
                if self.is_told(self.nodes.territory([begin])[begin] or begin):
                    return True
        return False

    # ---- claims and words

    def quoted(self, facts: Iterable[Fact], most: int | None = None) -> tuple[dict[Edge, set[Span]], int]:
        """The edges of facts with the words that state them, and how many claims were left out.

        ``most`` is how many claims of a fact are quoted, the first by id; None for all.
        """
        found: dict[Edge, set[Span]] = {}
        left_out = 0
        ordered = sorted(set(facts), key=lambda fact: fact.relation.name)
        for _, same in groupby(ordered, key=lambda fact: fact.relation.name):
            for batch in batches(same):
                claims, more = self._claims(batch, most)
                left_out += more
                self._quote(batch, claims, found)
        return found, left_out

    def _claims(self, facts: Sequence[Fact], most: int | None) -> tuple[dict[tuple[str, ...], list[str]], int]:
        """The first claims of each fact, by its keys, and how many there are beside these."""
        relation, found = facts[0].relation, dict[tuple[str, ...], set[str]]()
        query = relation.claims_of(dict.fromkeys(fact.keys for fact in facts))
        for row in solutions(self.view, query, relation.name):
            keys = tuple(str(row[key] or "UNDEF") for key in relation.keys)
            found.setdefault(keys, set()).add(str(row["claim"]))
        kept = {keys: sorted(claims)[:most] for keys, claims in found.items()}
        return kept, sum(map(len, found.values())) - sum(map(len, kept.values()))

    def _quote(
        self, facts: Sequence[Fact], claims: Mapping[tuple[str, ...], Sequence[str]], found: dict[Edge, set[Span]]
    ) -> None:
        said: dict[str, list[tuple[str, str, Span]]] = {}
        relation = facts[0].relation
        for batch in batches(dict.fromkeys(claim for some in claims.values() for claim in some), BATCH):
            for row in solutions(self.view, relation.words_of(batch), relation.name):
                span = Span(int(value(row, "begin")), int(value(row, "end")), value(row, "words"))
                said.setdefault(str(row["claim"]), []).append((value(row, "article"), value(row, "date"), span))
        for fact in facts:
            words = [one for claim in claims.get(fact.keys, ()) for one in said.get(claim, ())]
            if not words:
                found.setdefault(_edge(fact, "", ""), set())
            for article, date, span in words:
                spans = found.setdefault(_edge(fact, article, date), set())
                if span.words:
                    spans.add(span)


def _is_between_things(row: QuerySolution) -> bool:
    return isinstance(row["from"], NamedNode) and isinstance(row["to"], NamedNode)


def _edge(fact: Fact, article: str, date: str) -> Edge:
    return Edge(fact.source, fact.target, fact.relation.name, fact.fact, article, date, fact.detail, fact.status)


def attributes(edge: Edge, relation: Relation, spans: set[Span], names: Mapping[str, str]) -> Attributes:
    """What an edge of the graph carries."""
    words, places = quoted(spans)
    return {
        "relation": edge.relation,
        "label_id": relation.label_id,
        "label_en": relation.label_en,
        "detail": names.get(edge.detail, edge.detail),
        "status": edge.status,
        "fact": edge.fact,
        "article": edge.article,
        "date": edge.date,
        "words": words,
        "spans": places,
    }
