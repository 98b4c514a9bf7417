"""Claims as sentences with links: the phrases of ``queries/facts/*.rq``, filled with names that lead to pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg import vocabulary as v
from kg.errors import DataError
from kg.facts import Node, Scope, Statement, relation_query, unplaced
from kg.publish.words import written
from kg.records import record
from kg.serve.explorer.claims import Claim
from kg.serve.explorer.names import Names, address, is_thing
from kg.show import sentence

if TYPE_CHECKING:
    from pyoxigraph import Store

_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN: Final = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_DAYS: Final = re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?")


@record(frozen=True, slots=True)
class Part:
    """A part of a sentence; ``href`` is empty where it leads nowhere."""

    text: str
    href: str = ""


def statement(view: Store, claim: Claim) -> Statement | None:
    """The claim with its arguments as its own article gives them; None for one without a phrase."""
    return next(iter(unplaced(view, _scope(view, claim.article), {claim.node: claim.relation})), None)


def statements_of(view: Store, article: NamedNode, claims: Iterable[Claim]) -> dict[NamedNode, Statement]:
    """All claims of an article at once; one by one where its graph isn't apart from others."""
    scope = _scope(view, article)
    if len(scope.graphs) == 1:
        found = [(claim.node, statement(view, claim)) for claim in claims]
        return {node: each for node, each in found if each is not None}
    return {each.claim: each for each in unplaced(view, scope)}


def _scope(view: Store, article: NamedNode) -> Scope:
    is_apart = next(iter(view.quads_for_pattern(article, v.TYPE, None, article)), None) is not None
    return Scope((article, NamedNode(f"{article.value}/provenance")) if is_apart else (DefaultGraph(),))


def told(claim: Claim, found: Statement | None, about: set[NamedNode], names: Names, lang: str) -> list[Part]:
    """The sentence of a claim, said of one of the things; of its subject first for none."""
    if found is None:
        return [Part(_bare(claim, names, lang))]
    things: list[NamedNode] = []
    tokens: dict[Node, tuple[str, ...]] = {}
    for terms in found.arguments.values():
        for term in terms:
            if isinstance(term, NamedNode) and term not in tokens:
                tokens[term] = (f"{_OPEN}{len(things)}{_CLOSE}",)
                things.append(term)
    arguments = {
        role: tuple(_readable(term, lang) for term in terms)
        for role, terms in found.arguments.items()
        if role != "joined"
    }
    return _parts(sentence(replace(found, arguments=arguments), about, tokens, lang), things, names)


def _parts(text: str, things: list[NamedNode], names: Names) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for token in _TOKEN.finditer(text):
        if int(token[1]) < len(things):
            thing = things[int(token[1])]
            parts += [Part(text[at : token.start()])] if token.start() > at else []
            parts.append(Part(names.name(thing), address(thing) if is_thing(thing) else ""))
            at = token.end()
    return [*parts, Part(text[at:])] if text[at:] else parts


def _readable(term: Node, lang: str) -> Node:
    """Dates and periods as people write them; anything else as it is."""
    if isinstance(term, Literal) and _DAYS.fullmatch(term.value):
        return Literal(days(term.value, lang))
    return term


def days(text: str, lang: str) -> str:
    """A date, a month or a period (``2025-09-08/2025-09-10``) as people write it."""
    from babel.dates import format_date, format_interval

    if re.fullmatch(r"\d{4}-\d\d", text):
        return str(format_date(dt.date(int(text[:4]), int(text[5:]), 1), "MMMM y", locale=lang))
    first, _, last = text.partition("/")
    try:
        begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
        if begin == end:
            return str(format_date(begin, "d MMMM y", locale=lang))
        return str(format_interval(begin, end, "yMMMMd", locale=lang))
    except ValueError:
        return text


def _bare(claim: Claim, names: Names, lang: str) -> str:
    terms = (names.name(term) if isinstance(term, NamedNode) else _text(term, lang) for term in _ends(claim))
    return f"{title(claim.relation, lang)}: {', '.join(text for text in terms if text)}"


def _ends(claim: Claim) -> tuple[Node | None, Node | None]:
    return claim.subject, claim.object


def _text(term: object, lang: str) -> str:
    return written(term, lang) if isinstance(term, Literal) else ""


def title(relation: str, lang: str) -> str:
    """What a relation is called; its name in the data where it has no query."""
    try:
        titles: Mapping[str, str] = relation_query(relation).titles
    except DataError:  # no query of that name
        return relation
    return titles.get(lang, relation)
