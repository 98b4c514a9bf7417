"""The parts joined to one application. A new part is one module and one line of ``_routes``."""

from __future__ import annotations

import asyncio
import contextlib
import html
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from kg.serve import reconciliation, reviewing
from kg.serve.current import Current
from kg.serve.reviewing import Desk
from kg.serve.sparql import endpoint
from kg.serve.sparql.pool import Pool


def app(current: Current, *, lang: str = "id", desk: Desk | None = None, pool: Pool | None = None) -> Starlette:
    """All that is served of a graph; the page for judging only with the ``desk`` that takes what is judged.

    The SPARQL endpoint only with the ``pool`` that answers; its processes live as long as the application.
    """
    return Starlette(routes=_routes(current, lang, desk, pool), lifespan=_living(pool) if pool else None)


def _routes(current: Current, lang: str, desk: Desk | None, pool: Pool | None) -> list[BaseRoute]:
    sparql = endpoint.app(pool) if pool else None
    return [
        Route("/reconcile{rest:path}", reconciliation.app(current, lang)),
        *(Route(path, sparql) for path in ("/sparql", "/sparql/") if sparql),
        *(reviewing.routes(desk, lang) if desk else ()),
        Route("/", _start(current, lang, has_sparql=pool is not None)),
    ]


def _living(pool: Pool) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        reading = asyncio.ensure_future(pool.start())
        try:
            yield
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            pool.stop()

    return living


def _start(current: Current, lang: str, *, has_sparql: bool) -> Callable[[Request], Response]:
    parts = {"reconcile": {"id": "Layanan rekonsiliasi", "en": "Reconciliation service"}[lang]}
    if has_sparql:
        parts["sparql"] = {"id": "Titik akses SPARQL", "en": "SPARQL endpoint"}[lang]

    def start(request: Request) -> Response:
        addresses = {html.escape(f"{request.base_url}{path}"): words for path, words in parts.items()}
        links = "".join(f'<p>{words}: <a href="{each}">{each}</a></p>\n' for each, words in addresses.items())
        return HTMLResponse(
            f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>Jejaring</title></head>\n'
            f"<body>\n<h1>Jejaring</h1>\n<p>{html.escape(current.name)}</p>\n{links}</body>\n</html>\n"
        )

    return start
