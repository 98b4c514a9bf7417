"""Answers -> claims: what a model proposes for an article, stated with the words of the text, or told why it can't be.

What gives words that the text doesn't have is stated with them all the same, at a place behind the text's end: the gate
refuses it there, and the quarantine shows what was invented.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any, Final

from kg.extract import Extraction
from kg.model import Argument, Article, Claim, Entity, Evidence, Kind, Label
from kg.propose import declared, verbatim
from kg.propose.answer import Given, Reader
from kg.propose.declared import Declared, Role
from kg.propose.things import Spot, Things
from kg.proposed import Proposed

NO_QUOTATION: Final = "quotes what stands in no quotation marks"
NO_THING: Final = "gives words that name nothing of the kind"
TRIGGER: Final = "trigger"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered about the text from ``start`` to ``end``. ``finish`` is why the answer ended there."""

    start: int
    end: int
    content: str
    finish: str


@dataclass(frozen=True, slots=True)
class Answers:
    """All that a model answered about one article: a proposer (``kg.proposed``) that asks nobody any more.

    ``why``: it wasn't asked, or gave no answer, for that reason.
    """

    rule: str
    answers: tuple[Answer, ...] = ()
    why: str = ""

    def __call__(self, article: Article, extraction: Extraction) -> Proposed:
        """The claims that it gives."""
        if self.why:
            return Proposed(why=self.why)
        reader, confidence = _reader()
        making = _Making(article, extraction, self.rule, confidence)
        refused: Counter[str] = Counter()
        claims: list[Claim] = []
        for answer in self.answers:
            given, why = reader.read(answer.content, answer.finish)
            refused += why
            for each in given:
                claim = making.claim(each, answer)
                if isinstance(claim, str):
                    refused[claim] += 1
                else:
                    claims.append(claim)
        return Proposed(tuple(claims), refused)


@cache
def _reader() -> tuple[Reader, Decimal]:
    known = declared.load()
    return Reader(known), known.confidence


class _Unstated(Exception):
    """A claim that can't be stated."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Making:
    """The claims of one article."""

    def __init__(self, article: Article, extraction: Extraction, rule: str, confidence: Decimal) -> None:
        self._article, self._rule, self._confidence = article, rule, confidence
        self._things = Things(extraction.context)
        self._starts = sorted(sentence.start for sentence in extraction.sentences if not sentence.in_quotation)

    def claim(self, given: Given, answer: Answer) -> Claim | str:
        """A claim as it was given, or why it can't be stated."""
        relation, item = given
        words = _words(relation, item)
        text = self._article.text
        places = {name: verbatim.found(text, said, answer.start, answer.end) for name, said in words.items()}
        if all(places.values()):
            spans = self._chosen(places)
            read = partial(self._read, item, spans)
        else:
            spans = self._beyond(words, places)
            read = partial(self._as_said, words, spans)
        try:
            found = [(role.name, self._argument(role, item, spans, read)) for role in relation.roles]
        except _Unstated as fault:
            return fault.why
        arguments = tuple((name, argument) for name, argument in found if argument is not None)
        return Claim(relation.relation, arguments, spans[TRIGGER], self._rule, self._confidence)

    def _chosen(self, places: Mapping[str, Sequence[Evidence]]) -> dict[str, Evidence]:
        others = {name: found for name, found in places.items() if name != TRIGGER}
        trigger, *near = verbatim.chosen(places[TRIGGER], others, self._starts)
        return {TRIGGER: trigger, **dict(zip(others, near, strict=True))}

    def _beyond(self, words: Mapping[str, str], places: Mapping[str, Sequence[Evidence]]) -> dict[str, Evidence]:
        """The first places of the words; those that the text lacks lie behind its end, one after another."""
        spans: dict[str, Evidence] = {}
        end = len(self._article.text) + 1
        for name, said in words.items():
            spans[name] = places[name][0] if places[name] else Evidence(end, end := end + len(said))
        return spans

    def _argument(
        self,
        role: Role,
        item: Mapping[str, Any],
        spans: Mapping[str, Evidence],
        read: Callable[[Role], Argument],
    ) -> Argument | None:
        if role.value == "article":
            return Argument(self._article, spans[TRIGGER])
        if role.concepts:
            return Argument(role.concepts[item[role.name]]) if item[role.name] is not None else None
        return read(role) if (role.same or role.name) in spans else None

    def _read(self, item: Mapping[str, Any], spans: Mapping[str, Evidence], role: Role) -> Argument:
        """An argument as what its words stand for."""
        spot = _spot(role.same or role.name, item, spans)
        if role.kinds:
            body = _spot(role.within, item, spans) if role.within in spans else None
            thing = self._things.thing(spot, role, body)
            if role.optional and not isinstance(thing, Entity):
                raise _Unstated(NO_THING)  # not every shape looks at what may be left out
            return Argument(thing, spot.evidence)
        value = self._things.value(spot, role.value)
        if value is None:
            raise _Unstated(NO_QUOTATION)
        return Argument(*value)

    def _as_said(self, words: Mapping[str, str], spans: Mapping[str, Evidence], role: Role) -> Argument:
        """An argument as mere words."""
        name = role.same or role.name
        return Argument(Label(words[name], self._article.language), spans[name])


def _spot(name: str, item: Mapping[str, Any], spans: Mapping[str, Evidence]) -> Spot:
    given = item[name]
    return Spot(spans[name], Kind(given["kind"]) if isinstance(given, dict) else None)


def _words(relation: Declared, item: Mapping[str, Any]) -> dict[str, str]:
    """The words of the trigger and of each argument that was given by words."""
    found = {TRIGGER: item[TRIGGER]}
    for role in relation.roles:
        value = item[role.name] if role.asked else None
        if value is not None and not role.concepts:
            found[role.name] = value["words"] if isinstance(value, dict) else value
    return found
