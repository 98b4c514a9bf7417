"""Where articles differ about a thing, or it has changed: the named query ``disagreements``, both sides with words.

Each side is shown with an article of it, the date and the sentences around the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, QuerySolutions

from kg import query
from kg import vocabulary as v
from kg.errors import Unable
from kg.publish.words import name_of
from kg.records import record
from kg.serve.explorer import quoting
from kg.serve.explorer.claims import Mark
from kg.serve.explorer.evidence import Evidence, Paper
from kg.serve.explorer.quoting import Piece
from kg.serve.explorer.remembered import Remembered
from kg.serve.explorer.sentences import days, title

if TYPE_CHECKING:
    from pyoxigraph import Store

QUERY: Final = "disagreements"
KINDS: Final = ("contradiction", "change", "undated")
"""In the order of a page."""
FEW: Final = 3
"""Disagreements among the other parts of a page."""
MOST: Final = 25
"""Disagreements on a page of their own."""
_RELATIONS: Final[Mapping[str, str]] = {"held_by": "holds_post"}
"""What differs -> the relation that it is called by, where that is another."""
_READ: Final = Remembered(16)
_DAY: Final = re.compile(r"\d{4}-\d\d(-\d\d)?(/\d{4}-\d\d-\d\d)?")


@record(frozen=True, slots=True)
class Side:
    """What the articles of one side say, and the words of one of them."""

    says: str
    paper: Paper
    quotes: tuple[list[Piece], ...]
    marks: tuple[Mark, ...]


@record(frozen=True, slots=True)
class Differing:
    """Two sides; ``kind`` is one of KINDS, ``name`` what they are about."""

    kind: str
    name: str
    what: str
    sides: tuple[Side, Side]


@record(frozen=True, slots=True)
class Shown:
    """The first disagreements of a thing, and how many there are in all; ``is_asked``: whether it could be asked."""

    each: tuple[Differing, ...]
    count: int
    is_asked: bool = True


def about(view: Store, things: Iterable[NamedNode], evidence: Evidence, lang: str, most: int = MOST) -> Shown:
    """Those about one of the things: contradictions first, then changes, then what has no dates."""
    wanted = sorted(things, key=str)
    rows = _READ.get(view, tuple(wanted), lambda: _rows_or_none(view, wanted))
    if rows is None:
        return Shown((), 0, is_asked=False)
    return Shown(tuple(_differing(row, evidence, lang) for row in rows[:most]), len(rows))


_Row = Mapping[str, str]
"""A row by column; empty text where a column has none."""


def _rows_or_none(view: Store, things: list[NamedNode]) -> list[_Row] | None:
    try:
        return _rows(view, things)
    except Unable:  # Virtuoso 7.2 can't read so long a query
        return None


def _rows(view: Store, things: list[NamedNode]) -> list[_Row]:
    text = query.fill(view, query.pick(QUERY), {"thing": "these"}, meant=lambda _: things)
    rows = view.query(text, prefixes=v.PREFIXES)
    assert isinstance(rows, QuerySolutions)
    columns = [variable.value for variable in rows.variables]
    told = [{column: getattr(row[column], "value", "") for column in columns} for row in rows]
    return sorted(told, key=lambda row: KINDS.index(row["kind"]))


def _differing(row: _Row, evidence: Evidence, lang: str) -> Differing:
    what = row["what"]
    relation = title(_RELATIONS.get(what, what), lang)
    sides = _side(row, "first", evidence, lang), _side(row, "second", evidence, lang)
    return Differing(row["kind"], row["name"], relation, sides)


def _side(row: _Row, side: str, evidence: Evidence, lang: str) -> Side:
    article = NamedNode(row[f"{side}Article"])
    begin, end = row[f"{side}Begin"], row[f"{side}End"]
    marks = [Mark(int(begin), int(end), "other", row[f"{side}Words"])] if begin and end else []
    text = evidence.text(article)
    quotes = quoting.quotations(text, marks) if text is not None else quoting.without_text(marks)
    return Side(_said(row[side], lang), evidence.paper(article), tuple(quotes), tuple(marks))


def _said(text: str, lang: str) -> str:
    """A date as people write it; the words of the ontology in the reader's language; a name as it is."""
    if _DAY.fullmatch(text):
        return days(text, lang)
    words = text.split(", ")
    if all(re.fullmatch(r"[a-z]+(-[a-z]+)*", word) for word in words):
        return ", ".join(name_of(NamedNode(f"{v.ONTOLOGY_BASE}{word}"), lang) for word in words)
    return text
