"""Facts as a page shows them: the sentence, who says so since when, and the quoted words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg import vocabulary as v
from kg.find import short
from kg.publish.words import written
from kg.records import record
from kg.serve.current import Loaded
from kg.serve.explorer import quoting, sentences
from kg.serve.explorer.claims import Claim, Fact, Mark, marks
from kg.serve.explorer.names import Names, page_of
from kg.serve.explorer.quoting import Piece
from kg.serve.explorer.sentences import Part
from kg.voices.asking import voice_of

SOURCES: Final = 3
"""Articles whose words are shown with a fact; the others are counted."""
_LONGEST: Final = 90
"""Characters of a title that is made of the first line."""


@record(frozen=True, slots=True)
class Paper:
    """An article as pages name it; ``date`` as people write it, empty where it isn't known."""

    title: str
    outlet: str
    date: str
    href: str


@record(frozen=True, slots=True)
class Source:
    """An article's words for a fact. ``anchor`` is the fact's place on the article's page."""

    paper: Paper
    quotes: tuple[list[Piece], ...]
    marks: tuple[Mark, ...]
    anchor: str


@record(frozen=True, slots=True)
class Shown:
    """A fact, ready for a template. ``since`` as people write it.

    ``voices``: how many texts say so, each of which one or more of the ``articles`` print. The sources are of as many
    voices as can be; ``more`` articles are not shown.
    """

    parts: tuple[Part, ...]
    since: str
    voices: int
    articles: int
    sources: tuple[Source, ...]
    more: int


class Evidence:
    """Facts of one state of the graph, in one language; remembers articles for one request."""

    def __init__(self, now: Loaded, names: Names, lang: str) -> None:
        self._now, self._names, self._lang = now, names, lang
        self._papers: dict[str, Paper] = {}
        self._texts: dict[str, str | None] = {}

    def shown(self, fact: Fact, about: set[NamedNode]) -> Shown:
        """A fact as said of one of the things."""
        first = {claim.article: claim for claim in reversed(fact.claims)}
        told = [first[article] for article in fact.articles]
        parts = sentences.told(told[0], sentences.statement(self._now.view, told[0]), about, self._names, self._lang)
        by_voice: dict[NamedNode, Claim] = {}
        for claim in told:
            by_voice.setdefault(voice_of(self._now.view, claim.article), claim)
        shown = list(by_voice.values())[:SOURCES]
        shown += [claim for claim in told if claim not in shown][: SOURCES - len(shown)]
        sources = tuple(self.source(claim) for claim in shown)
        more = len(told) - len(sources)
        return Shown(tuple(parts), self._day(fact.since), len(by_voice), len(told), sources, more)

    def source(self, claim: Claim) -> Source:
        """The words of one claim in its article."""
        found = marks(self._now.view, claim.node)
        text = self.text(claim.article)
        quotes = quoting.quotations(text, found) if text is not None else quoting.without_text(found)
        return Source(self.paper(claim.article), tuple(quotes), tuple(found), anchor(claim.node))

    def text(self, article: NamedNode) -> str | None:
        """The text of an article, where it is kept."""
        if article.value not in self._texts:
            self._texts[article.value] = self._now.text(article.value)
        return self._texts[article.value]

    def paper(self, article: NamedNode) -> Paper:
        """The article by title, outlet and date."""
        if article.value not in self._papers:
            outlet = self._value(article, v.PUBLISHER)
            date = self._value(article, v.DATE_PUBLISHED)
            self._papers[article.value] = Paper(
                self._title(article),
                self._names.name(outlet) if isinstance(outlet, NamedNode) else "",
                self._day(date.value[:10]) if isinstance(date, Literal) else "",
                page_of(short(article.value)),
            )
        return self._papers[article.value]

    def _title(self, article: NamedNode) -> str:
        headline = self._value(article, v.HEADLINE)
        if isinstance(headline, Literal):
            return headline.value
        line = (self.text(article) or "").lstrip().partition("\n")[0]
        return f"{line[:_LONGEST]}…" if len(line) > _LONGEST else line or short(article.value)

    def _value(self, node: NamedNode, predicate: NamedNode) -> object:
        quads = self._now.view.quads_for_pattern(node, predicate, None, DefaultGraph())
        return min((quad.object for quad in quads), key=str, default=None)

    def _day(self, text: str) -> str:
        return written(Literal(text, datatype=v.DATE), self._lang) if text else ""


def anchor(claim: NamedNode) -> str:
    """What a fact is called in the addresses of an article's page."""
    return f"f-{claim.value.rpartition('-')[2]}"


def roles(found: Sequence[Mark]) -> list[tuple[str, list[str]]]:
    """The words by what they are for the claim, in the order subject, trigger, object."""
    by_role: dict[str, list[str]] = {}
    for mark in found:
        if mark.words:
            by_role.setdefault(mark.role, []).append(" ".join(mark.words.split()))
    known = [role for role in ("subject", "trigger", "object") if role in by_role]
    return [(role, by_role[role]) for role in known or by_role]
