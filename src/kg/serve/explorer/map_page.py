"""``/map``: the members of a network where they are, as a picture and as a table that says the same."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import resources
from kg.find import short
from kg.query import parse_query_file
from kg.records import record
from kg.serve.current import Current, Loaded
from kg.serve.explorer import geography
from kg.serve.explorer.geography import Frame, Point
from kg.serve.explorer.layout import Layout, language
from kg.serve.explorer.names import Names, address
from kg.serve.explorer.thing_page import node_of

if TYPE_CHECKING:
    from pyoxigraph import Store

STATUSES: Final = ("current", "projected", "former")
"""In the order of the legend; each has a shape of its own."""


@record(frozen=True, slots=True)
class Member:
    """A member in one state. ``place`` is where it lies, ``x`` and ``y`` where it is drawn; None where nobody knows."""

    name: str
    href: str
    status: str
    place: str
    place_href: str
    themes: tuple[str, ...]
    since: str
    x: float | None
    y: float | None


def routes(current: Current, layout: Layout) -> list[Route]:
    """``/map?network=KEY``; without a key the network with most members."""

    def page(request: Request) -> Response:
        lang, now = language(request, layout.lang), current.get()
        names = Names(now.view, lang)
        networks = _networks(now.view)
        asked = request.query_params.get("network", "")
        chosen = node_of(now.base, asked) or next(iter(networks), None)
        statuses = [status for status in request.query_params.getlist("status") if status in STATUSES]
        context = {
            "networks": [(short(node.value), names.name(node), count) for node, count in networks.items()],
            "network": short(chosen.value) if chosen else "",
            "network_name": names.name(chosen) if chosen else "",
            "network_href": address(chosen) if chosen else "",
            "statuses": statuses or list(STATUSES),
            **_drawn(now, chosen, names, statuses or STATUSES),
        }
        return layout.page(request, "map.html", context)

    return [Route("/map", page)]


def _networks(view: Store) -> dict[NamedNode, int]:
    rows = view.query(parse_query_file(resources.path("queries/explorer/networks.rq")).text)
    assert isinstance(rows, QuerySolutions)
    return {row["network"]: int(row["members"].value) for row in rows if isinstance(row["network"], NamedNode)}


def _drawn(now: Loaded, network: NamedNode | None, names: Names, statuses: Iterable[str]) -> dict[str, Any]:
    rows = [row for row in _rows(now.view, network) if row[2] in statuses] if network else []
    found = {place: geography.points().get(_code(place)) for _, _, _, place, _, _ in rows if place is not None}
    frame = geography.around(point for point in found.values() if point)
    members = [_member(row, found, frame, names) for row in rows]
    members.sort(key=lambda each: (STATUSES.index(each.status) if each.status in STATUSES else 9, each.name))
    return {
        "width": geography.WIDTH,
        "height": frame.height,
        "land": _land(frame),
        "grid": frame.grid(),
        "members": members,
        "unplaced": sum(member.x is None for member in members),
    }


_Row = tuple[NamedNode, NamedNode, str, NamedNode | None, tuple[NamedNode, ...], str]


def _rows(view: Store, network: NamedNode) -> list[_Row]:
    """Node, member, status, place, themes, since; one for each membership."""
    text = parse_query_file(resources.path("queries/explorer/members-of.rq")).text.replace("?thing", str(network))
    rows = view.query(text)
    assert isinstance(rows, QuerySolutions)
    found: dict[NamedNode, _Row] = {}
    for row in rows:
        node, member, place, theme = row["node"], row["member"], row["place"], row["theme"]
        if not isinstance(node, NamedNode) or not isinstance(member, NamedNode):
            continue
        themes = found[node][4] if node in found else ()
        if isinstance(theme, NamedNode) and theme not in themes:
            themes = (*themes, theme)
        since = row["since"].value if isinstance(row["since"], Literal) else ""
        status = row["status"].value.rpartition("#")[2]
        found[node] = (node, member, status, place if isinstance(place, NamedNode) else None, themes, since)
    return list(found.values())


def _member(row: _Row, found: dict[NamedNode, Point | None], frame: Frame, names: Names) -> Member:
    _, member, status, place, themes, since = row
    point = found.get(place) if place else None
    x, y = frame.place(point.longitude, point.latitude) if point else (None, None)
    return Member(
        names.name(member),
        address(member),
        status,
        names.name(place) if place else "",
        address(place) if place else "",
        tuple(names.name(theme) for theme in themes),
        since,
        x,
        y,
    )


def _code(place: NamedNode) -> str:
    return short(place.value).partition("place/")[2]


@lru_cache(maxsize=64)
def _land(frame: Frame) -> tuple[tuple[str, str], ...]:
    """Kind and path of each outline that the frame shows."""
    paths = ((outline.kind, frame.path(outline)) for outline in geography.outlines())
    return tuple((kind, path) for kind, path in paths if path)
