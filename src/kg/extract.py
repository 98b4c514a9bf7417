"""Article -> claims: the stages of reading in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kg import dateline, lexicon, rules
from kg.claims import Context, build
from kg.entities import Entities
from kg.known import Known
from kg.lexicon import Lexicon
from kg.meetings import Meetings
from kg.merging import merge
from kg.model import Article, Claim
from kg.phrases import read, relate
from kg.rules import Finding, RuleBook
from kg.segment import normalise, segment
from kg.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read in an article; ``merged`` claims said the same as others."""

    claims: list[Claim]
    merged: int
    stated: list[Claim]  # all, before those that say the same became one
    sentences: list[Sentence]
    findings: list[Finding]
    fired: frozenset[str]  # ids of the rules that matched; those that only type or collapse are included when traced
    entities: Entities
    meetings: Meetings
    context: Context  # what the claims were made in: whoever adds some names the same things


def extract(
    article: Article,
    words: Lexicon | None = None,
    book: RuleBook | None = None,
    *,
    lap: Callable[[str], object] = str,
    traced: bool = False,
) -> Extraction:
    """Everything that the article itself states, each claim with its evidence. ``lap`` is told when a stage ends."""
    words = words or lexicon.load(language=article.language)
    book = book or rules.load(language=article.language)
    text = normalise(article.text)
    paragraphs = [
        replace(paragraph, start=dateline.body_start(text, paragraph.start, paragraph.end, words))
        if number < dateline.HEAD_LINES
        else paragraph
        for number, paragraph in enumerate(segment(article.text))
    ]
    lap("segment")
    known = Known(words, text)
    trace: set[str] = set()
    ordered, found = read(text, paragraphs, words, book, known, trace if traced else None)
    lap("mentions")
    entities = Entities(article.text, ordered, known, words)
    meetings = Meetings(article, entities)
    lap("entities")
    found += relate(ordered, book)
    lap("rules")
    about = list(dateline.read(article, text, words, entities.body_named, entities.place_named))
    dated = next((claim for claim in about if dateline.day(claim) is not None), None)
    day = article.published or (dateline.day(dated) if dated is not None else None)
    told = dated["date"] if dated is not None else None
    context = Context(article, entities, meetings, words, day, told)
    stated = [*about, *build(context, found)]
    claims, merged = merge(stated)
    lap("claims")
    trace |= {finding.rule.id for finding in found}
    return Extraction(claims, merged, stated, ordered, found, frozenset(trace), entities, meetings, context)
