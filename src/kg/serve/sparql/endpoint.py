"""The endpoint over HTTP: ``/sparql``.

Any web page may ask (CORS on every answer, errors too); none of another site may change anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.serve.sparql import description, formats
from kg.serve.sparql.limits import LARGEST_REQUEST, Limits
from kg.serve.sparql.pool import Answer, Cut, Pool
from kg.serve.sparql.protocol import Refused, Update, read
from kg.serve.sparql.remembering import tag_of
from kg.serve.sparql.token import expect_allowed
from kg.serve.turns import client_of

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
_ERRORS: Final = {
    "application/sparql-results+json": "json", "application/ld+json": "json", "application/json": "json",
    "text/plain": "text",
}  # fmt: skip
_LATER: Final = {"Retry-After": "5"}
_HEADERS: Final = {405: {"Allow": ", ".join(METHODS)}, 401: {"WWW-Authenticate": 'Bearer realm="update"'}}


def app(pool: Pool) -> ASGIApp:
    """The endpoint whose queries the pool answers."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            await _respond(request, pool, send)
        except Refused as error:
            await _refused(error, request.headers.get("accept", ""))(scope, receive, send)
        except ClientDisconnect:
            return

    logging.getLogger("uvicorn.error").addFilter(_in_one_line)
    return CORSMiddleware(respond, allow_origins=["*"], allow_methods=METHODS, allow_headers=["*"])


def _in_one_line(record: logging.LogRecord) -> bool:
    """An answer that was cut is raised, for that ends the connection; it is no fault of the program to be traced."""
    fault = record.exc_info[1] if record.exc_info else None
    if isinstance(fault, Cut):
        record.msg, record.args, record.exc_info = f"answer cut: {fault}", (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


async def _respond(request: Request, pool: Pool, send: Send) -> None:
    if request.method == "OPTIONS":
        response = Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
        await response(request.scope, request.receive, send)
        return
    if request.method not in METHODS:
        raise Refused(405, f"{request.method}: expected GET or POST")
    body = await _body(request)
    asked = read(request.method, request.url.query, request.headers.get("content-type", ""), body)
    address, accept = str(request.url.replace(query="", fragment="")), ",".join(request.headers.getlist("accept"))
    if asked is None:
        await _description(address, accept, pool)(request.scope, request.receive, send)
        return
    if isinstance(asked, Update):
        expect_allowed(request.headers, pool.token)
        await _unless_gone(request, _update(pool.update(asked, address), request, send))
        return
    kept = pool.remembered(asked, accept, address)
    if kept is not None:
        await _whole(kept.kind, kept.body, kept.tag, request)(request.scope, request.receive, send)
        return
    answering = pool.answer(asked, accept, address, client_of(request.scope))
    await _unless_gone(request, _answer(answering, pool.limits, request, send))


async def _answer(answering: AbstractAsyncContextManager[Answer], limits: Limits, request: Request, send: Send) -> None:
    """An answer that is small has its length; a larger one comes in parts, and is whole only if the last one comes."""
    async with answering as answer:
        headers = {"Content-Type": formats.with_charset(answer.kind), "Vary": "Accept"}
        if answer.rest is None:
            whole = _whole(answer.kind, answer.first, tag_of(answer.kind, answer.first), request)
            await whole(request.scope, request.receive, send)
            return
        async with _in_time(limits.taking):
            raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": 200, "headers": raw})
            if request.method != "HEAD":
                await _send_part(answer.first, limits, send)
                async for part in answer.rest:
                    await _send_part(part, limits, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _whole(kind: str, body: bytes, tag: str, request: Request) -> Response:
    """An answer with its ETag; 304 where the client has it already."""
    headers = {"Content-Type": formats.with_charset(kind), "Vary": "Accept", "ETag": tag, "Cache-Control": "no-cache"}
    wanted = request.headers.get("if-none-match", "")
    if request.method in ("GET", "HEAD") and tag in (each.strip().removeprefix("W/") for each in wanted.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


async def _update(updating: Awaitable[dict[str, int]], request: Request, send: Send) -> None:
    await JSONResponse(await updating)(request.scope, request.receive, send)


async def _send_part(part: bytes, limits: Limits, send: Send) -> None:
    async with _in_time(limits.stall):
        await send({"type": "http.response.body", "body": part, "more_body": True})


@asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise Cut(f"the client took longer than {seconds:g} s to take its answer") from error


async def _unless_gone(request: Request, answering: Coroutine[Any, Any, None]) -> None:
    """Answer, unless the client goes away meanwhile: then the query is ended."""
    answer = asyncio.ensure_future(answering)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait([answer, gone], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientDisconnect
        await answer
    finally:
        for task in (answer, gone):
            task.cancel()
        await asyncio.gather(answer, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _description(address: str, accept: str, pool: Pool) -> Response:
    kind = formats.wanted(accept, formats.GRAPHS) or "text/turtle"  # whoever looks with a browser sees something
    content = description.describe(address, kind, federated=pool.allowed, is_written=pool.token is not None)
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


def _refused(error: Refused, accept: str) -> Response:
    """Text, or JSON in the shape of all errors here where the client asks for some JSON."""
    headers = _LATER if error.is_busy else _HEADERS.get(error.status)
    if _ERRORS.get(formats.wanted(accept, _ERRORS) or "text/plain") == "text":
        return PlainTextResponse(f"{error}\n", error.status, headers)
    place = {"line": error.line, "column": error.column} if error.line is not None else {}
    return JSONResponse({"error": {"status": error.status, "message": str(error), **place}}, error.status, headers)
