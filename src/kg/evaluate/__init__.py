"""Labelled articles -> scores: how much of what they state is found, how much of what is found is right.

``match`` compares facts, ``gold`` reads what was labelled, ``spans`` looks at evidence, ``linking`` at names;
``misses`` explains with the help of ``closest``, ``floors`` guards, ``report`` writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Store

from kg import facts as tables
from kg import pipeline
from kg.article import read_article
from kg.evaluate import gold as golds
from kg.evaluate import linking, spans
from kg.evaluate.gold import Gold
from kg.evaluate.linking import Linking
from kg.evaluate.match import Count, Fact, Pairing, pair, table
from kg.evaluate.spans import Spans
from kg.extract import extract
from kg.links import Link, links
from kg.model import Article
from kg.pipeline import Reading
from kg.rdf import Ids
from kg.vocabulary import DEFAULT_BASE

if TYPE_CHECKING:
    from kg.own import Own

READING = frozenset({"segment", "mentions", "entities", "rules", "claims"})
"""The stages from text to claims; checking and writing the graph come after."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled article, what was found in it and how the two compare."""

    gold: Gold
    article: Article
    reading: Reading
    found: tuple[Fact, ...]  # of the relations that are scored
    pairing: Pairing
    spans: Spans
    linking: Linking | None  # where names were labelled

    @property
    def by_relation(self) -> Mapping[str, Count]:
        """The three numbers of each scored relation."""
        right = Counter(str(self.gold.facts[i]["rel"]) for i, _ in self.pairing.right)
        missed = Counter(str(self.gold.facts[i]["rel"]) for i in self.pairing.missed)
        wrong = Counter(str(self.found[j]["rel"]) for j in self.pairing.wrong)
        names = right.keys() | missed.keys() | wrong.keys()
        return {name: Count(right[name], missed[name], wrong[name]) for name in table().relations if name in names}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of all articles."""

    articles: tuple[Scored, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)  # stage -> seconds, all articles together

    @property
    def total(self) -> Count:
        """Over all facts."""
        return sum((scored.pairing.count for scored in self.articles), Count())

    @property
    def by_relation(self) -> dict[str, Count]:
        """Of each relation, in the order of the fact table."""
        found = {name: Count() for name in table().relations}
        for scored in self.articles:
            for name, count in scored.by_relation.items():
                found[name] += count
        return {name: count for name, count in found.items() if count != Count()}

    @property
    def spans(self) -> Spans:
        """Over all found facts."""
        return sum((scored.spans for scored in self.articles), Spans())

    @property
    def linking(self) -> Linking | None:
        """Over all articles whose names were labelled; None where none are."""
        found = [scored.linking for scored in self.articles if scored.linking is not None]
        return sum(found, Linking()) if found else None

    @property
    def conformance(self) -> float:
        """The share of claims that the shapes let in."""
        admitted = sum(len(scored.reading.admitted) for scored in self.articles)
        refused = sum(len(scored.reading.refused) for scored in self.articles)
        return admitted / (admitted + refused) if admitted + refused else 1.0

    @property
    def articles_per_second(self) -> float:
        """From text to claims, in this process, without what is loaded once."""
        seconds = sum(spent for stage, spent in self.seconds.items() if stage in READING)
        return len(self.articles) / seconds if seconds else 0.0


def evaluate(
    folders: Sequence[Path],
    text_dir: Path | None = None,
    *,
    own: Own | None = None,
    watch: Callable[[Sequence[Gold]], Iterator[Gold]] = iter,
) -> Evaluation:
    """Read the labelled articles of the folders and compare. ``watch`` sees them go by."""
    scored: list[Scored] = []
    seconds: Counter[str] = Counter()
    for gold in watch(golds.read(folders, text_dir)):
        one = score(gold, own)
        seconds.update(one.reading.timings)
        scored.append(one)
    return Evaluation(tuple(scored), seconds)


def score(gold: Gold, own: Own | None = None) -> Scored:
    """Read one labelled article and compare."""
    article = read_article(gold.text)
    reading = pipeline.read(article, own=own)
    everything = facts_of(reading, gold.id)
    found = tuple(fact for fact in everything if fact["rel"] in gold.relations)
    return Scored(
        gold,
        article,
        reading,
        found,
        pair(gold.facts, found),
        spans.score(everything, article.text),
        None if gold.links is None else linking.score(gold.links, _links(article, own), gold.id),
    )


def _links(article: Article, own: Own | None) -> list[Link]:
    found = extract(article, *(own.of(article.language) if own is not None else ()))
    return links(found.sentences, found.entities, found.meetings)


def facts_of(reading: Reading, name: str) -> list[Fact]:
    """The fact table of one article, as ``kg facts`` prints it."""
    graph = Store()
    graph.extend(reading.quads)
    return list(tables.facts(graph, {Ids(DEFAULT_BASE).article(reading.article).value: name}))
