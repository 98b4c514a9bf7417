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
from kg.serve.current import Current, Loaded
from kg.serve.explorer import claims, tenures
from kg.serve.explorer.layout import Layout, language
from kg.serve.explorer.names import Names, address
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


def routes(current: Current, layout: Layout) -> list[Route]:
    """``/timeline?thing=NAME&kind=…&from=YEAR&to=YEAR``; a thing by its name or id."""

    def page(request: Request) -> Response:
        lang, now, given = language(request, layout.lang), current.get(), request.query_params
        names = Names(now.view, lang)
        asked = given.get("thing", "").strip()
        thing = _meant(now, asked) if asked else None
        kinds = [kind for kind in given.getlist("kind") if kind in KINDS] or list(KINDS)
        begin, end = (given.get(name, "") if _PERIOD.fullmatch(given.get(name, "")) else "" for name in ("from", "to"))
        rows = [] if asked and thing is None else list(_rows(now.view, thing, kinds, names))
        rows = [row for row in rows if _is_within(row, begin, end)]
        rows.sort(key=lambda row: (row[2][0][0], row[0]), reverse=True)
        number = min(whole(given.get("page"), 1), max(1, -(-len(rows) // PAGE)))
        shown = rows[(number - 1) * PAGE : number * PAGE]
        context: dict[str, Any] = {
            "asked": asked,
            "thing": (short(thing.value), names.name(thing), address(thing)) if thing else None,
            "kinds": kinds,
            "begin": begin,
            "end": end,
            "count": len(rows),
            "line": tenures.line(shown, lang, PAGE) if shown else None,
            "page": number,
            "pages": -(-len(rows) // PAGE),
        }
        return layout.page(request, "timeline.html", context)

    return [Route("/timeline", page)]


def _meant(now: Loaded, text: str) -> NamedNode | None:
    """The thing that a text means first; the id of one means it."""
    if text in now.index.items:
        return NamedNode(now.index.items[text].iri)
    hits = search(now.index, now.view, text).hits
    return NamedNode(hits[0].item.iri) if hits else None


def _rows(view: Store, thing: NamedNode | None, kinds: Iterable[str], names: Names) -> Iterator[Told]:
    """Of all things the days that are stated; of one thing what joins it to meetings and posts."""
    if "meetings" in kinds:
        yield from _meetings(view, thing, names)
    if "tenures" in kinds and thing is not None:
        about = {thing} | companions_of(view, thing)
        yield from tenures.told(claims.facts(claims.of_thing(view, about)), about, names)
    elif "tenures" in kinds:
        for node, day in _starting(view, v.APPOINTMENT_EVENT):
            yield names.name(node), address(node), [(day, "appointed")]


def _meetings(view: Store, thing: NamedNode | None, names: Names) -> Iterator[Told]:
    for node, day in _starting(view, v.MEETING, None if thing is None else _events(view, thing)):
        ends = view.quads_for_pattern(node, v.END_DATE, None, _ALL)
        last = max((quad.object.value[:10] for quad in ends if isinstance(quad.object, Literal)), default="")
        said = [(day, "meeting"), (last, "ends")] if last > day else [(day, "meeting")]
        yield names.name(node), address(node), said


def _starting(
    view: Store, kind: NamedNode, among: Iterable[NamedNode] | None = None
) -> Iterator[tuple[NamedNode, str]]:
    """The things of a kind that have a first day, with it; the earliest where articles give several."""
    found: dict[NamedNode, str] = {}
    nodes = [None] if among is None else among
    for subject in nodes:
        for quad in view.quads_for_pattern(subject, v.START_DATE, None, _ALL):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                found[quad.subject] = min(quad.object.value[:10], found.get(quad.subject, "9999"))
    for node, day in found.items():
        if next(iter(view.quads_for_pattern(node, v.TYPE, kind, _ALL)), None):
            yield node, day


def _events(view: Store, thing: NamedNode) -> list[NamedNode]:
    text = parse_query_file(resources.path("queries/explorer/meetings-of.rq")).text.replace("?thing", str(thing))
    rows = view.query(text)
    assert isinstance(rows, QuerySolutions)
    return [thing, *(row["event"] for row in rows if isinstance(row["event"], NamedNode))]


def _is_within(row: Told, begin: str, end: str) -> bool:
    """Whether a day of the row lies in a period, whose ends may be years."""
    days = [day for day, _ in row[2]]
    return max(days)[: len(begin)] >= begin and (not end or min(days)[: len(end)] <= end)
