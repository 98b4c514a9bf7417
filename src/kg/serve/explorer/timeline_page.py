"""``/timeline``: meetings and appointments as a list on one scale; of one thing its tenures, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import resources
from kg import vocabulary as v
from kg.find import short
from kg.query import parse_query_file
from kg.records import record
from kg.serve.current import Current, Loaded
from kg.serve.explorer import claims, tenures
from kg.serve.explorer.layout import Layout, language
from kg.serve.explorer.names import Names, address
from kg.serve.explorer.remembered import Remembered
from kg.serve.explorer.search_pages import whole
from kg.serve.explorer.searching import search
from kg.serve.explorer.tenures import Told
from kg.serve.explorer.thing_page import companions_of

if TYPE_CHECKING:
    from pyoxigraph import Store

PAGE: Final = 40
"""Rows on a page."""
KINDS: Final = ("meetings", "tenures")
_PERIOD: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_ALL: Final = DefaultGraph()
_READ: Final = Remembered(4)


@record(frozen=True, slots=True)
class Event:
    """A thing with its first day, ISO 8601, before its name is looked up; or a row that is ready (``row``)."""

    node: NamedNode | None
    day: str
    dot: str
    row: Told | None = None


def routes(current: Current, layout: Layout) -> list[Route]:
    """``/timeline?thing=NAME&kind=…&from=YEAR&to=YEAR``; a thing by its name or id."""

    def page(request: Request) -> Response:
        lang, now, given = language(request, layout.lang), current.get(), request.query_params
        names = Names(now.view, lang)
        asked = given.get("thing", "").strip()
        thing = _meant(now, asked) if asked else None
        kinds = [kind for kind in given.getlist("kind") if kind in KINDS] or list(KINDS)
        begin, end = (given.get(name, "") if _PERIOD.fullmatch(given.get(name, "")) else "" for name in ("from", "to"))
        found = [] if asked and thing is None else _events(now.view, thing, kinds, names)
        found = [
            event for event in found if event.day[: len(begin)] >= begin and (not end or event.day[: len(end)] <= end)
        ]
        found.sort(key=lambda event: (event.day, str(event.node)), reverse=True)
        number = min(whole(given.get("page"), 1), max(1, -(-len(found) // PAGE)))
        shown = [_told(now.view, event, names) for event in found[(number - 1) * PAGE : number * PAGE]]
        context: dict[str, Any] = {
            "asked": asked,
            "thing": (short(thing.value), names.name(thing), address(thing)) if thing else None,
            "kinds": kinds,
            "begin": begin,
            "end": end,
            "count": len(found),
            "line": tenures.line(shown, lang, PAGE) if shown else None,
            "page": number,
            "pages": -(-len(found) // PAGE),
        }
        return layout.page(request, "timeline.html", context)

    return [Route("/timeline", page)]


def _meant(now: Loaded, text: str) -> NamedNode | None:
    """The thing that a text means first; the id of one means it."""
    if text in now.index.items:
        return NamedNode(now.index.items[text].iri)
    hits = search(now.index, now.view, text).hits
    return NamedNode(hits[0].item.iri) if hits else None


def _events(view: Store, thing: NamedNode | None, kinds: Iterable[str], names: Names) -> list[Event]:
    """Of all things the days that are stated; of one thing what joins it to meetings and posts."""
    found: list[Event] = []
    if "meetings" in kinds:
        found += _starting(view, v.MEETING, "meeting", None if thing is None else _meetings_of(view, thing))
    if "tenures" in kinds and thing is not None:
        about = {thing} | companions_of(view, thing)
        rows = tenures.told(claims.facts_of(view, about), about, names)
        found += [Event(None, row[2][0][0], "tenure", row) for row in rows]
    elif "tenures" in kinds:
        found += _starting(view, v.APPOINTMENT_EVENT, "appointed")
    return found


def _starting(view: Store, kind: NamedNode, dot: str, among: Iterable[NamedNode] | None = None) -> list[Event]:
    """The things of a kind that have a first day; the earliest where articles give several."""
    if among is None:
        return _READ.get(view, kind, lambda: list(_of_kind(view, kind, dot, [None])))
    return list(_of_kind(view, kind, dot, among))


def _of_kind(view: Store, kind: NamedNode, dot: str, among: Iterable[NamedNode | None]) -> Iterator[Event]:
    found: dict[NamedNode, str] = {}
    for subject in among:
        for quad in view.quads_for_pattern(subject, v.START_DATE, None, _ALL):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                found[quad.subject] = min(quad.object.value[:10], found.get(quad.subject, "9999"))
    for node, day in found.items():
        if next(iter(view.quads_for_pattern(node, v.TYPE, kind, _ALL)), None):
            yield Event(node, day, dot)


def _meetings_of(view: Store, thing: NamedNode) -> list[NamedNode]:
    text = parse_query_file(resources.path("queries/explorer/meetings-of.rq")).text.replace("?thing", str(thing))
    rows = view.query(text)
    assert isinstance(rows, QuerySolutions)
    return [thing, *(row["event"] for row in rows if isinstance(row["event"], NamedNode))]


def _told(view: Store, event: Event, names: Names) -> Told:
    """An event as a row: its name, its days."""
    if event.row is not None or event.node is None:
        return event.row or ("", "", [])
    ends = view.quads_for_pattern(event.node, v.END_DATE, None, _ALL)
    last = max((quad.object.value[:10] for quad in ends if isinstance(quad.object, Literal)), default="")
    said = [(event.day, event.dot), *([(last, "ends")] if last > event.day else [])]
    return names.name(event.node), address(event.node), said


def _is_within(day: str, begin: str, end: str) -> bool:
    """Whether a day lies in a period, whose ends may be years, months or left open."""
    return day[: len(begin)] >= begin and (not end or day[: len(end)] <= end)
