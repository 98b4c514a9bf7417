"""The parts joined to one application. A new part is one module and one line of ``_routes``."""

from __future__ import annotations

import html
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from kg.serve import reconciliation, reviewing
from kg.serve.current import Current
from kg.serve.reviewing import Desk


def app(current: Current, *, lang: str = "id", desk: Desk | None = None) -> Starlette:
    """All that is served of a graph; the page for judging only with the ``desk`` that takes what is judged."""
    return Starlette(routes=_routes(current, lang, desk))


def _routes(current: Current, lang: str, desk: Desk | None) -> list[BaseRoute]:
    return [
        Route("/reconcile{rest:path}", reconciliation.app(current, lang)),
        *(reviewing.routes(desk, lang) if desk else ()),
        Route("/", _start(current, lang)),
    ]


def _start(current: Current, lang: str) -> Callable[[Request], Response]:
    words = {"id": "Layanan rekonsiliasi", "en": "Reconciliation service"}[lang]

    def start(request: Request) -> Response:
        name, address = html.escape(current.name), html.escape(f"{request.base_url}reconcile")
        return HTMLResponse(
            f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>Jejaring</title></head>\n'
            f"<body>\n<h1>Jejaring</h1>\n<p>{name}</p>\n"
            f'<p>{words}: <a href="{address}">{address}</a></p>\n</body>\n</html>\n'
        )

    return start
