"""The whole flow on one screen: article -> claims -> checked triples. What keeps or shows them comes after."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import check, lexicon, merging, rdf, rules
from kg.check import Finding, Refusal
from kg.extract import extract
from kg.model import Acceptance, Article, Claim
from kg.proposed import NONE, Proposed, Proposer
from kg.vocabulary import DEFAULT_BASE

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from kg.own import Own


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of an article. Every claim read is let in, quarantined or merged into another that says the same."""

    article: Article
    claims: list[Claim]
    merged: int
    admitted: tuple[Claim, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[Finding, ...]
    graphs: rdf.Graphs
    timings: dict[str, float] = field(default_factory=dict)  # stage -> seconds
    proposed: Proposed = NONE  # by another source than the rules

    @property
    def quads(self) -> list[Quad]:
        """Facts, provenance and quarantine graphs, sorted; made of ``graphs`` each time."""
        return self.graphs.quads()

    @property
    def read(self) -> int:
        """The number of claims that the rules found, and of those that were proposed beside them."""
        return len(self.claims) + self.merged


def read(
    article: Article,
    *,
    base: str = DEFAULT_BASE,
    own: Own | None = None,
    accepted: Mapping[str, Acceptance] | None = None,
    proposer: Proposer | None = None,
) -> Reading:
    """Read an article: extract its claims, let in what conforms to the shapes, state it as triples.

    ``own``: the packaged rules and names with those of the user. ``accepted``: what persons let in although it breaks
    a shape, by the claim's IRI. ``proposer``: who proposes claims beside those of the rules; what the rules state is
    the same with and without it.
    """
    timings: dict[str, float] = {}
    last = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        timings[stage] = timings.get(stage, 0.0) + now - last
        last = now

    known = own.of(article.language) if own is not None else None
    words, book = known or (lexicon.load(language=article.language), rules.load(language=article.language))
    gate = check.prepare()
    lap("prepare")
    extraction = extract(article, words, book, lap=lap)
    proposed = proposer(article, extraction) if proposer is not None else NONE
    claims, same = merging.beside(extraction.claims, proposed.claims) if proposed.claims else (extraction.claims, 0)
    merged = extraction.merged + same
    lap("propose")
    stating = rdf.Stating(article, base)
    verdict = check.admit_beside(
        article, extraction.claims, claims[len(extraction.claims) :], base, gate, accepted, stating
    )
    lap("check")
    how = rdf.Extraction(
        rules_hash=book.hash,
        reference_hash=words.reference.hash,
        read=len(claims) + merged,
        admitted=len(verdict.admitted),
        quarantined=len(verdict.refused),
        merged=merged,
    )
    graphs = rdf.to_graphs(article, verdict.admitted, verdict.refused, base, how, verdict.accepted, stating)
    lap("triples")
    return Reading(
        article,
        claims,
        merged,
        verdict.admitted,
        verdict.refused,
        verdict.warnings,
        graphs,
        timings,
        proposed,
    )
