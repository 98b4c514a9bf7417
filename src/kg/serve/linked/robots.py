"""For robots: ``/robots.txt``, and a map of all pages in parts, ``/sitemap.xml``; made from the view."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from pyoxigraph import DefaultGraph, NamedNode
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kg import vocabulary as v
from kg.publish.things import Kind, kinds
from kg.serve.current import Loaded
from kg.serve.linked.routes import Linked, kept
from kg.serve.linked.state import OfState

PART: Final = 50_000
"""Addresses in one part of the site map, by its protocol (https://www.sitemaps.org/protocol.html)."""
_SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_WITHOUT: Final = ("/sparql", "/reconcile", "/api/", "/review", "/tinjau", "/metrics")
"""Nothing to be found there by a search engine, and work to be made."""


def routes(linked: Linked) -> list[BaseRoute]:
    """All of them."""
    parts = OfState(_parts)

    def robots(request: Request) -> Response:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in _WITHOUT), "Allow: /"]
        text = "\n".join([*lines, f"Sitemap: {linked.root(request)}sitemap.xml", ""])
        return kept(request, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})

    def index(request: Request) -> Response:
        now, root = linked.current.get(), linked.root(request)
        names = [f"{root}sitemap-{slug}-{number}.xml" for slug, number in parts.get(now)]
        return kept(request, _xml("sitemapindex", "sitemap", names), {"Content-Type": "application/xml"})

    def part(request: Request) -> Response:
        now, root = linked.current.get(), linked.root(request)
        kind, number = request.path_params["kind"], request.path_params["number"]
        if (kind, number) not in parts.get(now):
            return PlainTextResponse("no such part\n", 404)
        found = next(each for each in kinds() if each.slug == kind)
        addresses = [root + address for address in islice(_pages(now, found), (number - 1) * PART, number * PART)]
        return kept(request, _xml("urlset", "url", addresses), {"Content-Type": "application/xml"})

    return [
        Route("/robots.txt", robots),
        Route("/sitemap.xml", index),
        Route("/sitemap-{kind:str}-{number:int}.xml", part),
    ]


def _parts(now: Loaded) -> list[tuple[str, int]]:
    """Kind and number of each part that has any pages."""
    return [
        (kind.slug, number)
        for kind in kinds()
        for number in range(1, -(-sum(1 for _ in _pages(now, kind)) // PART) + 1)
    ]


def _pages(now: Loaded, kind: Kind) -> Iterator[str]:
    """The addresses of the pages of a kind, below the root, each once."""
    begin, known = f"{now.base}id/", set[NamedNode]()
    for class_ in sorted(kind.classes, key=str):
        for quad in now.view.quads_for_pattern(None, v.TYPE, class_, DefaultGraph()):
            node = quad.subject
            if isinstance(node, NamedNode) and node.value.startswith(begin) and node not in known:
                if len(kind.classes) > 1:
                    known.add(node)
                yield "page/" + quote(node.value.removeprefix(begin), safe="/-._~:!$&'()*+,;=@%")


def _xml(outer: str, inner: str, addresses: list[str]) -> bytes:
    rows = "".join(f"<{inner}><loc>{escape(address)}</loc></{inner}>\n" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{_SPACE}">\n{rows}</{outer}>\n'.encode()
