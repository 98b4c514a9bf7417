"""``/graph`` and what its page asks: ``/api/near``, ``/api/path`` and ``/api/part``. All of it only reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg.errors import KgError, NothingFound, QueryError, ServiceError
from kg.find import short
from kg.serve.explorer import assets
from kg.serve.explorer.layout import language
from kg.serve.explorer.words import words
from kg.serve.graphing import asking, describing, parts, turtle
from kg.serve.graphing.asking import MOST_HOPS, MOST_NODES, USUAL_NODES
from kg.serve.graphing.looks import looks
from kg.serve.sparql import formats

if TYPE_CHECKING:
    from kg.serve.current import Current, Loaded
    from kg.serve.explorer.layout import Layout

_PREFIX: Final = "graph_"
MOST_WAYS: Final = 10
MOST_BYTES: Final = 1_000_000
"""Of a request for what is shown: two thousand ids and their facts take a third of it."""
Answering = Callable[["Loaded", Request], Response]


def routes(current: Current, layout: Layout) -> list[Route]:
    """The page and its interface for the graph as it is now."""

    def page(request: Request) -> Response:
        return layout.page(request, "graph.html", {"graph_words": _words(request, layout), "graph_setting": _setting()})

    def api(made: Answering) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            return await run_in_threadpool(lambda: _refused_in_one_shape(made, current.get(), request))

        return answer

    async def part(request: Request) -> Response:
        wanted = await _wanted(request)
        if isinstance(wanted, Response):
            return wanted
        return await run_in_threadpool(lambda: _part(current.get(), wanted, request.headers.get("accept", "")))

    return [
        Route("/graph", page),
        Route("/api/near", api(_near)),
        Route("/api/path", api(_path)),
        Route("/api/part", part, methods=["POST"]),
    ]


def _words(request: Request, layout: Layout) -> dict[str, str]:
    """The words of the graph view without the beginning of their keys."""
    chosen = words(language(request, layout.lang))
    return {key.removeprefix(_PREFIX): text for key, text in chosen.items() if key.startswith(_PREFIX)}


def _setting() -> dict[str, Any]:
    return {"most": MOST_NODES, "looks": looks(), "worker": assets.address("graph/layout-worker.js")}


def _refused_in_one_shape(made: Answering, loaded: Loaded, request: Request) -> Response:
    try:
        return made(loaded, request)
    except NothingFound as error:
        return refusal(404, str(error))
    except ServiceError:
        raise
    except KgError as error:
        return refusal(400, str(error))


def refusal(status: int, message: str) -> Response:
    """Why there is no answer, as JSON."""
    return JSONResponse({"error": {"status": status, "message": message}}, status)


# ---------------------------------------------------------------- around a thing, between two


def _near(loaded: Loaded, request: Request) -> Response:
    given = request.query_params
    about = asking.thing(loaded.view, given, "id", loaded.base)
    hops = asking.number(given, "hops", 1, MOST_HOPS)
    limit = asking.number(given, "limit", USUAL_NODES, MOST_NODES)
    start = parts.territory(loaded.view, about.value)
    part = parts.near(loaded.view, start, hops, limit, asking.filters(given))
    return _given(loaded, part, [start], request.headers.get("accept", ""))


def _path(loaded: Loaded, request: Request) -> Response:
    given = request.query_params
    a, b = (asking.thing(loaded.view, given, name, loaded.base) for name in ("from", "to"))
    limit = asking.number(given, "limit", 3, MOST_WAYS)
    start, goal = (parts.territory(loaded.view, each.value) for each in (a, b))
    if start == goal:
        raise QueryError("from and to are the same thing; choose two")
    part = parts.between(loaded.view, start, goal, limit, loaded.base)
    return _given(loaded, part, [start, goal], request.headers.get("accept", ""))


def _given(loaded: Loaded, part: parts.Part, about: list[str], accept: str) -> Response:
    """The part in the form that is wanted: JSON, or the triples of what it shows."""
    kind = formats.wanted(accept, {"text/turtle": None, "application/n-triples": None, "application/json": None})
    if kind is None or kind == "application/json":
        return JSONResponse(describing.described(loaded.view, part, about, loaded.base), headers={"Vary": "Accept"})
    facts = sorted({edge.fact for edge in part.edges if edge.fact})
    return _triples(loaded, part.nodes, facts, kind)


def _triples(loaded: Loaded, things: Any, facts: list[str], kind: str) -> Response:
    body = turtle.written(turtle.triples(loaded.view, things, facts), formats.GRAPHS[kind])
    return Response(body, headers={"Content-Type": formats.with_charset(kind), "Vary": "Accept"})


# ---------------------------------------------------------------- what is shown


async def _wanted(request: Request) -> dict[str, list[str]] | Response:
    """The ids of things and facts in the body of a request: JSON with ``nodes`` and ``facts``."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return refusal(413, f"the request has more than {MOST_BYTES:,} bytes; ask for less at once")
    try:
        wanted = json.loads(body)
        lists = {name: wanted[name] for name in ("nodes", "facts")}
    except (ValueError, KeyError, TypeError):
        return refusal(400, 'expected JSON such as {"nodes": ["place/35.78"], "facts": []}')
    if not all(isinstance(each, list) and all(isinstance(i, str) for i in each) for each in lists.values()):
        return refusal(400, "nodes and facts: expected lists of ids")
    if len(lists["nodes"]) > MOST_NODES:
        return refusal(400, f"nodes: {len(lists['nodes'])}; expected {MOST_NODES} at most")
    return lists


def _part(loaded: Loaded, wanted: dict[str, list[str]], accept: str) -> Response:
    offered = {"application/n-triples": None, "text/turtle": None}
    kind = formats.wanted(accept, offered) or "text/turtle"
    iris = {name: [asking.iri(each, loaded.base) for each in ids] for name, ids in wanted.items()}
    wrong = [short(id_) for name, ids in wanted.items() for id_, iri in zip(ids, iris[name], strict=True) if not iri]
    if wrong:
        return refusal(400, f"{wrong[0][:80]!r} is no id; expected one such as place/35.78")
    nodes, facts = ([iri.value for iri in iris[name] if iri] for name in ("nodes", "facts"))
    return _triples(loaded, nodes, facts, kind)
