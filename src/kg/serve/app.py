"""The parts joined to one application. A new part is one module and one line of ``_routes``."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from kg.serve import explorer, reconciliation, reviewing
from kg.serve.current import Current
from kg.serve.explorer.layout import Layout
from kg.serve.reviewing import Desk
from kg.serve.sparql import endpoint
from kg.serve.sparql.pool import Pool


def app(
    current: Current, *, lang: str = "id", desk: Desk | None = None, pool: Pool | None = None, texts: bool = True
) -> Starlette:
    """All that is served of a graph; the page for judging only with the ``desk`` that takes what is judged.

    The SPARQL endpoint only with the ``pool`` that answers; its processes live as long as the application. ``texts``:
    whether whole articles are shown, not the sentences around evidence alone.
    """
    return Starlette(routes=_routes(current, lang, desk, pool, texts=texts), lifespan=_living(pool) if pool else None)


def _routes(current: Current, lang: str, desk: Desk | None, pool: Pool | None, *, texts: bool) -> list[BaseRoute]:
    sparql = endpoint.app(pool) if pool else None
    layout = Layout(lang, current.name)
    return [
        Route("/reconcile{rest:path}", reconciliation.app(current, lang)),
        *(Route(path, sparql) for path in ("/sparql", "/sparql/") if sparql),
        *(reviewing.routes(desk, lang) if desk else ()),
        *explorer.routes(current, layout, texts=texts),
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
