"""Signs of life, for those who run the server: ``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from kg.serve.current import Current
    from kg.serve.turns import Turns
    from kg.serve.watch import Meters

PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_NOT_KEPT: Final = {"Cache-Control": "no-store"}


def routes(current: Current, meters: Meters, turns: Turns) -> list[Route]:
    """Their routes; the meters learn to look at the graph and the turns."""
    meters.gauge("kg_http_requests_waiting", "Requests that wait for their turn.", lambda: turns.waiting)
    path = Path(current.name)
    if path.exists():
        meters.gauge("kg_graph_bytes", "Bytes of the store's folder, or of the file.", lambda: _size(path))

    def live(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_NOT_KEPT)

    async def ready(_: Request) -> Response:
        await run_in_threadpool(current.get)  # what has changed is read now, not with somebody's question
        return JSONResponse({"status": "ready"}, headers=_NOT_KEPT)

    async def metrics(_: Request) -> Response:
        text = await run_in_threadpool(generate_latest, meters.registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST, **_NOT_KEPT})

    return [Route("/healthz", live), Route("/readyz", ready), Route("/metrics", metrics)]


def _size(path: Path) -> float:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else []
    total = 0
    for each in files:
        try:
            total += each.stat().st_size
        except OSError:  # a file of the engine that went meanwhile
            continue
    return float(total)
