"""What articles say of each thing, as sentences with the words of their evidence: read once, article by article.

The sentences wait in a file of SQLite until the thing's page is written, so that memory doesn't grow with the articles.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from pyoxigraph import NamedNode

from kg.facts import Labels, Scope, Statement, labels, scopes, statements
from kg.publish.graph import Graph, Part, part_of
from kg.show import sentence
from kg.traverse import Span, quoted

_TABLES: Final = """
CREATE TABLE said (thing TEXT, article TEXT, place INTEGER, claim TEXT, sentence TEXT);
CREATE TABLE claim (article TEXT, place INTEGER, claim TEXT, relation TEXT, sentence TEXT, words TEXT, spans TEXT,
  things TEXT, rule TEXT, PRIMARY KEY (claim));
"""
_INDEXES: Final = """
CREATE INDEX said_of ON said (thing, article, place, claim);
CREATE INDEX claims_in ON claim (article, place, claim);
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of an article: the sentence, its quoted words and their places, the ids of the things in it."""

    article: str
    claim: str
    relation: str
    sentence: str
    words: str
    spans: tuple[tuple[int, int], ...]
    things: tuple[str, ...]
    rule: str


class Statements:
    """All statements of a graph, in a file; close it, or use it as a context manager."""

    def __init__(self, path: Path, graph: Graph, lang: str) -> None:
        self._database = sqlite3.connect(path)
        self._database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        for scope in scopes(graph.dataset):
            if part_of(scope.graphs[0]) is Part.FACTS:  # what a user keeps beside may tell of articles, too
                self._read(graph, scope, lang)
        self._database.executescript(_INDEXES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def _read(self, graph: Graph, scope: Scope, lang: str) -> None:
        names = labels(graph.dataset, scope)
        for statement in statements(graph.dataset, scope):
            self._keep(statement, names, lang)
        self._database.commit()

    def _keep(self, statement: Statement, names: Labels, lang: str) -> None:
        things = list(
            dict.fromkeys(
                term for terms in statement.arguments.values() for term in terms if isinstance(term, NamedNode)
            )
        )
        place = min((span.start for span in statement.spans), default=0)
        words, _ = quoted(Span(span.start, span.end, " ".join(span.words.split())) for span in statement.spans)
        spans = sorted({(span.start, span.end) for span in statement.spans})
        article, claim = statement.article.value, statement.claim.value
        row = (
            *(article, place, claim, statement.relation, sentence(statement, set(), names, lang), words),
            *(json.dumps(spans), json.dumps([thing.value for thing in things]), statement.rule),
        )
        self._database.execute("INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        about = {thing: sentence(statement, {thing}, names, lang) for thing in things}
        if statement.node is not None:
            about[statement.node] = row[4]
        self._database.executemany(
            "INSERT INTO said VALUES (?, ?, ?, ?, ?)",
            [(thing.value, article, place, claim, text) for thing, text in about.items()],
        )

    def of_thing(self, thing: str, limit: int) -> Iterator[Said]:
        """What is said of a thing, by article and place."""
        yield from self._rows(
            "SELECT claim.*, said.sentence FROM said JOIN claim USING (claim) WHERE said.thing = ? "
            "ORDER BY said.article, said.place, said.claim LIMIT ?",
            (thing, limit),
        )

    def count(self, thing: str) -> int:
        """How many statements there are of a thing."""
        return int(self._database.execute("SELECT count(*) FROM said WHERE thing = ?", (thing,)).fetchone()[0])

    def of_article(self, article: str) -> Iterator[Said]:
        """What an article says, in the order of its text."""
        yield from self._rows(
            "SELECT claim.*, sentence FROM claim WHERE article = ? ORDER BY place, claim",
            (article,),
        )

    def _rows(self, query: str, values: tuple[object, ...]) -> Iterator[Said]:
        for article, _, claim, relation, _, words, spans, things, rule, text in self._database.execute(query, values):
            places = tuple((int(begin), int(end)) for begin, end in json.loads(spans))
            yield Said(article, claim, relation, text, words, places, tuple(json.loads(things)), rule)
