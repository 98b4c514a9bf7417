"""``/page/KIND/KEY``: the page of a thing, or of an article beside what was read from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.serve.current import Current
from kg.serve.explorer import article_page, thing_page
from kg.serve.explorer.layout import Layout, language
from kg.serve.explorer.search_pages import whole
from kg.serve.explorer.thing_page import Asked

_PLACE: Final = re.compile(r"\d{4}(-\d\d(-\d\d(_[\w.~-]{1,200})?)?)?")
"""A place in what was said of a thing, as its pages name it; or a day, month or year that somebody writes."""


def routes(current: Current, layout: Layout, *, texts: bool) -> list[Route]:
    """``texts``: whether whole articles are shown, not the sentences around evidence alone."""

    def page(request: Request) -> Response:
        lang, now = language(request, layout.lang), current.get()
        node = thing_page.node_of(now.base, request.path_params["key"])
        if node is None:
            return layout.page(request, "missing.html", {}, status=404)
        article = article_page.context(now, node, lang, texts=texts)
        if article is not None:
            return layout.page(request, "article.html", article)
        thing = thing_page.context(now, node, lang, _asked(request.query_params))
        if thing is None:
            return layout.page(request, "missing.html", {}, status=404)
        has_quarantine = any(getattr(route, "path", "") == "/review/quarantine" for route in request.app.routes)
        return layout.page(request, "thing.html", {**thing, "has_quarantine": has_quarantine})

    return [Route("/page/{key:path}", page)]


def _asked(given: Mapping[str, str]) -> Asked:
    before = given.get("before", "")
    return Asked(given.get("part", ""), whole(given.get("page"), 1), before if _PLACE.fullmatch(before) else "")
