"""The endpoint over HTTP: ``/sparql``. Any web page may ask (CORS on every answer, errors too): nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import IO, Any, Final

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.serve.sparql import description, formats
from kg.serve.sparql.limits import LARGEST_REQUEST
from kg.serve.sparql.pool import Pool
from kg.serve.sparql.protocol import Asked, Refused, read

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
_ERRORS: Final = {
    "application/sparql-results+json": "json", "application/ld+json": "json", "application/json": "json",
    "text/plain": "text",
}  # fmt: skip
_CHUNK: Final = 1 << 16
_LATER: Final = {"Retry-After": "5"}


def app(pool: Pool) -> ASGIApp:
    """The endpoint whose queries the pool answers."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await _response(request, pool)
        except Refused as error:
            response = _refused(error, request.headers.get("accept", ""))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    return CORSMiddleware(respond, allow_origins=["*"], allow_methods=METHODS, allow_headers=["*"])


async def _response(request: Request, pool: Pool) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
    if request.method not in METHODS:
        raise Refused(405, f"{request.method}: expected GET or POST")
    body = await _body(request)
    asked = read(request.method, request.url.query, request.headers.get("content-type", ""), body)
    address, accept = str(request.url.replace(query="", fragment="")), ",".join(request.headers.getlist("accept"))
    if asked is None:
        return _description(address, accept, pool)
    head, found = await _unless_gone(request, pool, asked, accept, address)
    return _answer(head, found)


def _description(address: str, accept: str, pool: Pool) -> Response:
    kind = formats.wanted(accept, formats.GRAPHS) or "text/turtle"  # whoever looks with a browser sees something
    content = description.describe(address, kind, federated=pool.allowed)
    return Response(content, headers={"Content-Type": formats.with_charset(kind), "Vary": "Accept"})


async def _body(request: Request) -> bytes:
    if request.method != "POST":
        return b""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_REQUEST:
            raise Refused(413, f"the request has more than {LARGEST_REQUEST:,} bytes; ask with a shorter query")
    return bytes(body)


async def _unless_gone(
    request: Request, pool: Pool, asked: Asked, accept: str, address: str
) -> tuple[dict[str, Any], IO[bytes]]:
    """The answer, unless the client goes away meanwhile: then the query is ended."""
    answer = asyncio.ensure_future(pool.ask(asked, accept, address))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait([answer, gone], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientDisconnect
        return await answer
    finally:
        for task in (answer, gone):
            task.cancel()
        await asyncio.gather(answer, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _answer(head: dict[str, Any], body: IO[bytes]) -> Response:
    size = body.seek(0, 2)
    body.seek(0)
    headers = {"Content-Type": formats.with_charset(head["kind"]), "Content-Length": str(size), "Vary": "Accept"}
    if size <= _CHUNK:
        with body:
            return Response(body.read(), headers=headers)

    async def parts() -> AsyncIterator[bytes]:
        with body:
            while part := body.read(_CHUNK):
                yield part

    return StreamingResponse(parts(), headers=headers)


def _refused(error: Refused, accept: str) -> Response:
    """Text, or JSON in the shape of all errors here where the client asks for some JSON."""
    headers = _LATER if error.is_busy else {"Allow": ", ".join(METHODS)} if error.status == 405 else None
    if _ERRORS.get(formats.wanted(accept, _ERRORS) or "text/plain") == "text":
        return PlainTextResponse(f"{error}\n", error.status, headers)
    place = {"line": error.line, "column": error.column} if error.line is not None else {}
    return JSONResponse({"error": {"status": error.status, "message": str(error), **place}}, error.status, headers)
