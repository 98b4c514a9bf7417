"""The parts joined to one application. A new part is one module and one line of ``_routes``."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from kg.errors import ServiceError
from kg.records import record
from kg.serve import absent, explorer, health, quarantining, reconciliation, reviewing
from kg.serve import writing as login
from kg.serve.current import Current
from kg.serve.explorer.layout import Layout
from kg.serve.graphing import routes as graphing
from kg.serve.linked import robots, wellknown
from kg.serve.linked import routes as linked
from kg.serve.linked.gone import Gone
from kg.serve.quarantining import Bench
from kg.serve.querying import routes as querying
from kg.serve.reviewing import Desk
from kg.serve.safety import Guard, Open
from kg.serve.settings import Settings
from kg.serve.sparql import endpoint
from kg.serve.sparql.pool import Pool
from kg.serve.turns import InTurn, Turns
from kg.serve.watch import Counted, Meters, Watch
from kg.serve.writing import Access


@record(frozen=True, slots=True)
class Writing:
    """What the pages for judging work with: who may, where judgements go, and words on refused claims."""

    access: Access
    desk: Desk
    bench: Bench | None


def app(
    current: Current,
    *,
    lang: str = "id",
    writing: Writing | None = None,
    pool: Pool | None = None,
    settings: Settings | None = None,
) -> ASGIApp:
    """All that is served of a graph; the pages for judging only with ``writing``.

    The SPARQL endpoint only with the ``pool`` that answers; its processes live as long as the application. Around all
    parts: what is told of requests, what they must keep to, and whose turn it is.
    """
    chosen, meters, turns = settings or Settings(), Meters(), Turns()
    routes = [
        *health.routes(current, meters, turns),
        *_routes(current, lang, writing, Counted(Open(endpoint.app(pool)), meters) if pool else None, chosen),
    ]
    handlers = {ServiceError: absent.as_page(Layout(lang, current.name))}
    inner = Starlette(routes=routes, lifespan=_living(pool) if pool else None, exception_handlers=handlers)
    guarded = Guard(InTurn(inner, turns, health.PATHS), chosen.hosts)
    return Watch(guarded, meters, routes)


def _routes(
    current: Current, lang: str, writing: Writing | None, sparql: ASGIApp | None, chosen: Settings
) -> list[BaseRoute]:
    layout = Layout(lang, current.name)
    licence = chosen.publication.licence.iri if chosen.publication else None
    data = linked.Linked(current, Gone(current.store), layout, chosen, licence)
    return [
        Route("/reconcile{rest:path}", Open(reconciliation.app(current, lang))),
        *(Route(path, sparql) for path in ("/sparql", "/sparql/") if sparql),
        *(_judging(current, layout, writing) if writing else ()),
        *linked.routes(data),
        *robots.routes(data),
        *wellknown.routes(data, ("sparql", "reconcile") if sparql else ("reconcile",)),
        *explorer.routes(current, layout, texts=chosen.texts),
        *graphing.routes(current, layout),
        *(querying.routes(current, layout) if sparql else ()),
    ]


def _judging(current: Current, layout: Layout, writing: Writing) -> list[Route]:
    access, bench = writing.access, writing.bench
    return [
        *login.routes(access, layout),
        *reviewing.routes(writing.desk, access, layout),
        *(quarantining.routes(bench, current, access, layout) if bench else ()),
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
