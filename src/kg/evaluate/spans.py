"""Spans: whether evidence lies in the text, and whether it holds the words of what it is evidence for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.evaluate.match import Fact, labels, table

CODED = frozenset({"status", "role", "currency", "date", "year", "term", "until", "number", "amount", "starts"})
"""Arguments whose values are codes, numbers or days: the text gives them in other words."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Of all found facts: how many have valid evidence; of all their labels: how many stand in it as printed."""

    facts: int = 0
    valid: int = 0
    arguments: int = 0
    literal: int = 0

    def __add__(self, other: Spans) -> Spans:
        return Spans(
            self.facts + other.facts,
            self.valid + other.valid,
            self.arguments + other.arguments,
            self.literal + other.literal,
        )

    @property
    def with_evidence(self) -> float:
        """The share of facts that have evidence, all of it inside the text."""
        return self.valid / self.facts if self.facts else 1.0

    @property
    def as_printed(self) -> float:
        """The share of named arguments one of whose labels stands literally in a span of the fact's evidence."""
        return self.literal / self.arguments if self.arguments else 1.0


def score(found: Iterable[Fact], text: str) -> Spans:
    """The figures of one article."""
    total = Spans()
    for fact in found:
        spans = [(int(span["start"]), int(span["end"])) for span in _evidence(fact)]
        valid = bool(spans) and all(0 <= start < end <= len(text) for start, end in spans)
        given = named(fact)
        printed = [text[start:end] for start, end in spans]
        literal = sum(any(label in words for label in names for words in printed) for names in given.values())
        total += Spans(1, valid, len(given), literal)
    return total


def named(fact: Fact) -> Mapping[str, Sequence[str]]:
    """The arguments of a fact that are names, with their labels."""
    relation = str(fact["rel"])
    rules = table()
    return {
        name: [str(label) for label in labels(fact[name])]
        for name in (*rules.needed[relation], *rules.optional[relation])
        if name in fact and name not in CODED
    }


def _evidence(fact: Fact) -> Sequence[Mapping[str, int]]:
    evidence = fact.get("evidence")
    return evidence if isinstance(evidence, list) else []
