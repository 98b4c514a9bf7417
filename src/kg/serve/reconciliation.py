"""The Reconciliation Service API over HTTP: 0.1 and 0.2, below ``/reconcile``.

Any web page may ask (CORS on every answer, errors too): OpenRefine's does, and nothing here changes anything.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kg.errors import ServiceError
from kg.link.reconcile import answers, describing, queries
from kg.link.reconcile.queries import BadRequest
from kg.records import record
from kg.serve import absent
from kg.serve.current import Current, Loaded
from kg.serve.forms import parameters

LATEST: Final = "0.2"
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$.]{0,99}")
_LOGO: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="10" fill="#0b5d57"/>'
    '<g stroke="#fff" stroke-width="3"><path d="M18 20 46 26 34 48Z" fill="none"/></g><g fill="#fff">'
    '<circle cx="18" cy="20" r="6"/><circle cx="46" cy="26" r="6"/><circle cx="34" cy="48" r="6"/></g></svg>'
)
_STYLE: Final = base64.b64encode(hashlib.sha256(describing.STYLE.encode()).digest()).decode()
_FRAMED: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE}'; form-action 'none'; base-uri 'none'; frame-ancestors *"
    )
}
"""Clients show previews in frames of theirs."""
Parameters = Mapping[str, str]
Made = Callable[[Loaded, "Asked"], Any]


@record(frozen=True, slots=True)
class Asked:
    """A request: its parameters from address and form, the version that it speaks, the service's own address."""

    given: Parameters
    version: str
    root: str
    lang: str

    def number(self, name: str) -> int:
        """A parameter that is a whole number; 0 where it isn't given. Raises BadRequest."""
        value = self.given.get(name) or "0"
        if not value.isdecimal():
            raise BadRequest(f"{name}={value}: expected a whole number")
        return int(value)


def app(current: Current, lang: str) -> ASGIApp:
    """The service for the graph as it is now; its paths begin with ``/reconcile``."""

    def route(path: str, made: Made, version: str = LATEST) -> Route:
        async def answer(request: Request) -> Response:
            given = await parameters(request)
            asked = Asked(given, version, f"{request.base_url}reconcile", lang)
            return _response(await run_in_threadpool(lambda: made(current.get(), asked)), given)

        return Route(path, answer, methods=["GET", "POST"])

    routes = [route(f"/reconcile/{name}", made) for name, made in PAGES.items()]
    for version in ("", *describing.VERSIONS):
        base = f"/reconcile/{version}".rstrip("/")
        spoken = version or LATEST
        routes += [route(path, _reconcile, spoken) for path in (base, f"{base}/")]
        routes += [route(f"{base}/{name}", made, spoken) for name, made in PARTS.items()]
    handlers: dict[Any, Any] = {
        BadRequest: _refused, HTTPException: _refused, ServiceError: absent.as_object, Exception: _failed,
    }  # fmt: skip
    inner = Starlette(routes=[*routes, Route("/reconcile/logo.svg", _logo)], exception_handlers=handlers)
    return CORSMiddleware(inner, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"])


# ---------------------------------------------------------------- what is answered


def _reconcile(now: Loaded, asked: Asked) -> Any:
    """Without parameters the manifest; a batch of queries, or an extension."""
    if "queries" in asked.given:
        batch = queries.batch(asked.given["queries"], most=now.index.settings.batch, version=asked.version)
        return answers.answer(now.index, batch, asked.version, asked.lang)
    if "extend" in asked.given:
        return describing.extend(now.index, *queries.extension(asked.given["extend"]), asked.lang)
    unknown = sorted(asked.given.keys() - {"callback"})
    if unknown:
        raise BadRequest(f"unknown parameter {unknown[0]!r}; known are queries, extend, callback")
    return describing.manifest(now.index, asked.root, asked.version, now.base, asked.lang)


def _suggest(made: Callable[..., Any]) -> Made:
    def suggest(now: Loaded, asked: Asked) -> Any:
        return made(now.index, asked.given.get("prefix", ""), asked.number("cursor"), asked.lang)

    return suggest


def _suggest_types(now: Loaded, asked: Asked) -> Any:
    prefix, cursor = asked.given.get("prefix", ""), asked.number("cursor")
    return describing.suggest_types(now.index, prefix, cursor, asked.lang, asked.version)


def _flyout(what: str) -> Made:
    return lambda now, asked: describing.flyout(now.index, what, _id(asked), asked.lang)


def _properties(now: Loaded, asked: Asked) -> Any:
    return describing.propose(now.index, asked.given.get("type", ""), asked.number("limit") or None, asked.lang)


def _preview(now: Loaded, asked: Asked) -> str:
    return describing.preview(now.index, _id(asked), asked.lang)


def _view(now: Loaded, asked: Asked) -> str:
    """All that the graph knows of a thing, with the words that say so."""
    from kg.show import show

    item = describing.thing(now.index, _id(asked))
    title, text = html.escape(item.name), html.escape(show(now.view, item.iri, asked.lang, now.dataset))
    return (
        f'<!DOCTYPE html>\n<html lang="{asked.lang}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n<pre>{text}</pre>\n</body>\n</html>\n"
    )


PARTS: Final[Mapping[str, Made]] = {
    "suggest/entity": _suggest(describing.suggest_entities),
    "suggest/property": _suggest(describing.suggest_properties),
    "suggest/type": _suggest_types,
    "flyout/entity": _flyout("entity"),
    "flyout/property": _flyout("property"),
    "flyout/type": _flyout("type"),
    "properties": _properties,
}
"""Path below a version -> what it answers."""
PAGES: Final[Mapping[str, Made]] = {"view": _view, "preview": _preview}


def _id(asked: Asked) -> str:
    if "id" not in asked.given:
        raise BadRequest("id is missing; expected ?id= with the id of a thing, property or type")
    return asked.given["id"]


def _logo(request: Request) -> Response:
    return Response(_LOGO, media_type="image/svg+xml")


# ---------------------------------------------------------------- in and out


def _response(found: Any, given: Parameters) -> Response:
    """HTML for a text, JSON for anything else; wrapped in a call where an old client asks for that (JSONP)."""
    if isinstance(found, str):
        return HTMLResponse(found, headers=_FRAMED)
    if "callback" not in given:
        return JSONResponse(found)
    if not _CALLBACK.fullmatch(given["callback"]):
        raise BadRequest("callback: expected the name of a function of JavaScript")
    return Response(f"/**/{given['callback']}({json.dumps(found)});", media_type="application/javascript")


def _refused(request: Request, error: Exception) -> Response:
    """One shape for every error."""
    status = error.status if isinstance(error, BadRequest) else getattr(error, "status_code", 400)
    message = error.detail if isinstance(error, HTTPException) else str(error)
    return JSONResponse({"error": {"status": status, "message": message}}, status)


def _failed(request: Request, error: Exception) -> Response:
    """A fault of ours: the log has it whole, the client no more than that."""
    return JSONResponse({"error": {"status": 500, "message": "a fault of this server; its log says more"}}, 500)
