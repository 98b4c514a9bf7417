"""``/timeline``: meetings, appointments and tenures as a list on one scale, of everything or of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import resources
from kg import vocabulary as v
from kg.find import short
from kg.query import parse_query_file
from kg.serve.current import Current, Loaded
from kg.serve.explorer import listing, periods, tenures
from kg.serve.explorer.layout import Layout, language
from kg.serve.explorer.names import Names, address
from kg.serve.explorer.periods import Event, Stretch
from kg.serve.explorer.search_pages import whole
from kg.serve.explorer.searching import search
from kg.serve.explorer.tenures import Told
from kg.serve.explorer.thing_page import companions_of

if TYPE_CHECKING:
    from pyoxigraph import Store

PAGE: Final = 40
"""Rows on a page of one thing."""
KINDS: Final = ("meetings", "tenures")
MEETINGS: Final = 2000
"""Meetings of one thing that are looked at."""
_PERIOD: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_ALL: Final = DefaultGraph()


def routes(current: Current, layout: Layout) -> list[Route]:
    """``/timeline?thing=NAME&kind=…&from=YEAR&to=YEAR``; a thing by its name or id.

    What doesn't fit on the page ends on an earlier day, whose address is that of the same page with another ``to``.
    """

    def page(request: Request) -> Response:
        lang, now, given = language(request, layout.lang), current.get(), request.query_params
        names = Names(now.view, lang)
        asked = given.get("thing", "").strip()
        thing = _meant(now, asked) if asked else None
        kinds = [kind for kind in given.getlist("kind") if kind in KINDS] or list(KINDS)
        begin, end = (given.get(name, "") if _PERIOD.fullmatch(given.get(name, "")) else "" for name in ("from", "to"))
        if asked:
            found = _of_thing(now.view, thing, kinds, begin, end, names) if thing else Stretch((), "")
        else:
            found = periods.stretch(now.view, kinds, begin, end, names)
        events = sorted(found.events, key=lambda event: (event.day, str(event.node)), reverse=True)
        pages = -(-len(events) // PAGE) if thing else 1
        number = min(whole(given.get("page"), 1), max(1, pages))
        on_page = events[(number - 1) * PAGE : number * PAGE] if thing else events
        shown = [_told(now.view, event, names) for event in on_page]
        context: dict[str, Any] = {
            "asked": asked,
            "thing": (short(thing.value), names.name(thing), address(thing)) if thing else None,
            "kinds": kinds,
            "begin": begin,
            "end": end,
            "count": len(events),
            "line": tenures.line(shown, lang, len(shown)) if shown else None,
            "page": number,
            "pages": pages,
            "older": found.older,
            "years": [] if asked else periods.years(now.view, kinds),
        }
        return layout.page(request, "timeline.html", context)

    return [Route("/timeline", page)]


def _meant(now: Loaded, text: str) -> NamedNode | None:
    """The thing that a text means first; the id of one means it."""
    if text in now.index.items:
        return NamedNode(now.index.items[text].iri)
    hits = search(now.index, now.view, text).hits
    return NamedNode(hits[0].item.iri) if hits else None


def _of_thing(view: Store, thing: NamedNode, kinds: Iterable[str], begin: str, end: str, names: Names) -> Stretch:
    """What joins a thing to meetings, and the tenures that were said last in a period."""
    found: list[Event] = []
    older = ""
    if "meetings" in kinds:
        starting = (periods.starting(view, node) for node in _meetings_of(view, thing))
        found += [event for event in starting if event is not None and event.dot == "meeting"]
    if "tenures" in kinds:
        about = {thing} | companions_of(view, thing)
        window = listing.window(view, listing.of_thing(view, about), f"{end}~" if end else "")
        rows = tenures.told(window.facts, about, names)
        found += [Event(None, row[2][0][0], "tenure", row) for row in rows]
        older = "" if window.has_undated else window.older[:10]
    kept = [event for event in found if periods.is_within(event.day, begin, end)]
    return Stretch(tuple(kept), older if older > begin else "")


def _meetings_of(view: Store, thing: NamedNode) -> list[NamedNode]:
    text = parse_query_file(resources.path("queries/explorer/meetings-of.rq")).text.replace("?thing", str(thing))
    rows = view.query(f"{text}\nLIMIT {MEETINGS}")
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
