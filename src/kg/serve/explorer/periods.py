"""What was on which days of a graph: a stretch of the time line of everything, from its last day back until it is full.

The days are known without reading what was on them; then one day after another is looked up by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions

from kg import vocabulary as v
from kg.records import record
from kg.serve.explorer import claims, tenures
from kg.serve.explorer.claims import Claim
from kg.serve.explorer.names import Names
from kg.serve.explorer.remembered import Remembered
from kg.serve.explorer.tenures import Told

if TYPE_CHECKING:
    from pyoxigraph import Store

ROWS: Final = 40
"""Meetings and tenures of a stretch, or more: a day isn't parted."""
ARTICLES: Final = 300
"""Articles that a stretch looks into, or more."""
HELD: Final = ("holds_post", "held_post")
"""Relations that say who holds or held a post on the day of the article; an appointment has a day of its own."""
_ALL: Final = DefaultGraph()
_READ: Final = Remembered(4)


@record(frozen=True, slots=True)
class Event:
    """A thing with its first day, ISO 8601, before its name is looked up; or a row that is ready (``row``)."""

    node: NamedNode | None
    day: str
    dot: str
    row: Told | None = None


@record(frozen=True, slots=True)
class Stretch:
    """What was on some days, and where to go on: ``older`` is the next day that has anything, empty where none has."""

    events: tuple[Event, ...]
    older: str


def is_within(day: str, begin: str, end: str) -> bool:
    """Whether a day lies in a period, whose ends may be years, months or left open."""
    return day[: len(begin)] >= begin and (not end or day[: len(end)] <= end)


def years(view: Store, kinds: Iterable[str]) -> list[str]:
    """The years that have anything, the latest first."""
    return sorted({day[:4] for kind in _predicates(kinds) for day in _days(view, kind)}, reverse=True)


def stretch(view: Store, kinds: Iterable[str], begin: str, end: str, names: Names) -> Stretch:
    """The last days of a period, with what began on them and who was said to hold posts."""
    predicates = _predicates(kinds)
    every = {day for each in predicates for day in _days(view, each) if is_within(day, begin, end)}
    kept: list[Event] = []
    said: list[Claim] = []
    articles = 0
    for day in sorted(every, reverse=True):
        if len(kept) + len({(claim.subject, claim.object) for claim in said}) >= ROWS or articles >= ARTICLES:
            return Stretch((*kept, *_held(said, names)), day)
        kept += [event for event in _starting(view, _days(view, v.START_DATE).get(day)) if event.dot in _dots(kinds)]
        published = _on(view, v.DATE_PUBLISHED, _days(view, v.DATE_PUBLISHED).get(day)) if "tenures" in kinds else []
        articles += len(published)
        said += claims.read(view, [claim for article in published for claim in _saying(view, article)])
    return Stretch((*kept, *_held(said, names)), "")


def _predicates(kinds: Iterable[str]) -> list[NamedNode]:
    return [v.START_DATE, *([v.DATE_PUBLISHED] if "tenures" in kinds else [])]


def _dots(kinds: Iterable[str]) -> set[str]:
    return {{"meetings": "meeting", "tenures": "appointed"}[kind] for kind in kinds}


def _days(view: Store, predicate: NamedNode) -> dict[str, Literal]:
    """The days on which something is, as they are written and as the graph has them; remembered for the next page."""
    return _READ.get(view, predicate, lambda: _every_day(view, predicate))


def _every_day(view: Store, predicate: NamedNode) -> dict[str, Literal]:
    rows = view.query(f"SELECT DISTINCT ?day WHERE {{ ?thing {predicate} ?day }}")
    assert isinstance(rows, QuerySolutions)
    return {row["day"].value[:10]: row["day"] for row in rows if isinstance(row["day"], Literal)}


def _on(view: Store, predicate: NamedNode, day: Literal | None) -> list[NamedNode]:
    if day is None:
        return []
    quads = view.quads_for_pattern(None, predicate, day, _ALL)
    return sorted((quad.subject for quad in quads if isinstance(quad.subject, NamedNode)), key=str)


_DOTS: Final = {v.MEETING: "meeting", v.APPOINTMENT_EVENT: "appointed"}


def _starting(view: Store, day: Literal | None) -> Iterator[Event]:
    """The meetings and appointments of a day; one for which articles give several is on the first of them."""
    for node in _on(view, v.START_DATE, day):
        event = starting(view, node)
        if event is not None and day is not None and event.day == day.value[:10]:
            yield event


def starting(view: Store, node: NamedNode) -> Event | None:
    """A meeting or appointment on its first day; None for anything else, and without a day."""
    quads = view.quads_for_pattern(node, v.START_DATE, None, _ALL)
    days = [quad.object.value[:10] for quad in quads if isinstance(quad.object, Literal)]
    types = [quad.object for quad in view.quads_for_pattern(node, v.TYPE, None, _ALL)] if days else []
    dots = [dot for kind, dot in _DOTS.items() if kind in types]
    return Event(node, min(days), dots[0]) if dots else None


def _saying(view: Store, article: NamedNode) -> list[NamedNode]:
    """The claims of an article on who holds or held a post."""
    graph = NamedNode(f"{article.value}/provenance")
    if next(iter(view.quads_for_pattern(None, v.TYPE, v.CLAIM, graph)), None) is None:  # all in one graph
        return [claim.node for claim in claims.in_article(view, article) if claim.relation in HELD]
    found = [quad for each in HELD for quad in view.quads_for_pattern(None, v.RELATION, Literal(each), graph)]
    return sorted((quad.subject for quad in found if isinstance(quad.subject, NamedNode)), key=str)


def _held(said: Iterable[Claim], names: Names) -> list[Event]:
    rows = tenures.told(claims.facts(said), set(), names)
    return [Event(None, row[2][-1][0], "tenure", row) for row in rows]
