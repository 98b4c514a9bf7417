"""The start page, the page of results, and the same as JSON for suggestions while one types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg.link.reconcile.answers import description
from kg.link.reconcile.index import Index
from kg.serve.current import Current
from kg.serve.explorer.layout import Layout, language
from kg.serve.explorer.names import page_of
from kg.serve.explorer.searching import Hit, named, search, slug_of

PAGE: Final = 20
"""Results on a page."""
MOST: Final = 100
"""Most results of one request for JSON."""


def routes(current: Current, layout: Layout) -> list[Route]:
    """``/``, ``/search`` and ``/api/search``."""

    def start(request: Request) -> Response:
        lang = language(request, layout.lang)
        kinds = _kinds(current.get().index, lang)
        return layout.page(request, "start.html", {"has_search": True, "kinds": kinds})

    def results(request: Request) -> Response:
        lang, now = language(request, layout.lang), current.get()
        asked = {name: request.query_params.get(name, "") for name in ("q", "kind", "place")}
        page = whole(request.query_params.get("page"), 1)
        found = search(now.index, now.view, asked["q"], kind=asked["kind"], place=asked["place"])
        context = {
            "has_search": True,
            "asked": asked,
            "results": [shown(now.index, hit, lang) for hit in found.hits[(page - 1) * PAGE : page * PAGE]],
            "count": len(found.hits),
            "page": page,
            "pages": -(-len(found.hits) // PAGE),
            "kinds": [(slug, name, found.kinds[slug]) for slug, name in named(found.kinds, lang).items()],
            "places": _places(now.index, found.places),
        }
        return layout.page(request, "search.html", context)

    def suggestions(request: Request) -> Response:
        lang, now, given = language(request, layout.lang), current.get(), request.query_params
        limit = min(whole(given.get("limit"), PAGE), MOST)
        found = search(
            now.index, now.view, given.get("q", ""), kind=given.get("kind", ""), place=given.get("place", "")
        )
        told = [shown(now.index, hit, lang) for hit in found.hits[:limit]]
        root = request.scope.get("root_path", "")
        return JSONResponse(
            {"count": len(found.hits), "results": [{**each, "page": f"{root}{each['page']}"} for each in told]},
            headers={"Cache-Control": "no-cache", "Vary": "Cookie"},
        )

    return [Route("/", start), Route("/search", results), Route("/api/search", suggestions)]


def shown(index: Index, hit: Hit, lang: str) -> dict[str, Any]:
    """A result as pages and JSON have it; ``page`` is its address below the root."""
    item = hit.item
    others = [name for name in item.names if name != item.name]
    return {
        "id": item.id,
        "name": item.name,
        "kind": item.kind,
        "about": description(index, item, lang),
        "others": others[:4],
        "alike": hit.alike,
        "stated": hit.stated,
        "page": page_of(item.id),
    }


def whole(text: str | None, default: int) -> int:
    """A whole number from 1 on; the default for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and 0 < int(text) < 10**6 else default


def _kinds(index: Index, lang: str) -> list[tuple[str, str, int]]:
    counts = Counter(slug_of(item.kind) for item in index.items.values())
    return [(slug, name, counts[slug]) for slug, name in named(counts, lang).items()]


def _places(index: Index, counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    return sorted(
        ((place, index.items[place].name, count) for place, count in counts.items()), key=lambda row: (row[1], row[0])
    )
