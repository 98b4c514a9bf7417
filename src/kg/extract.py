"""Article -> claims: the stages of reading in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kg import dateline, lexicon, rules
from kg.claims import Builder, merge
from kg.entities import Entities
from kg.lexicon import Lexicon
from kg.meetings import Meetings
from kg.mentions import Known
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
    sentences: list[Sentence]
    findings: list[Finding]


def extract(
    article: Article,
    words: Lexicon | None = None,
    book: RuleBook | None = None,
    *,
    lap: Callable[[str], None] = lambda stage: None,
) -> Extraction:
    """Everything that the article itself states, each claim with its evidence. ``lap`` is told when a stage ends."""
    words = words or lexicon.load()
    book = book or rules.load()
    text = normalise(article.text)
    paragraphs = [
        replace(paragraph, start=dateline.body_start(text, paragraph.start, paragraph.end)) if number < 4 else paragraph
        for number, paragraph in enumerate(segment(article.text))
    ]
    lap("segment")
    known = Known()
    ordered, found = read(text, paragraphs, words, book, known)
    lap("mentions")
    entities = Entities(article.text, ordered, known, words)
    meetings = Meetings(article, entities)
    lap("entities")
    found += relate(ordered, book)
    lap("rules")
    builder = Builder(article, entities, meetings, words)
    claims, merged = merge([*dateline.read(article, text, words), *builder.build(found)])
    lap("claims")
    return Extraction(claims, merged, ordered, found)
