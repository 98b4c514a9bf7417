"""What is told of requests to those who run the server: a line each in the log, and counts for Prometheus.

A request is told by the template of its route. Neither query nor body nor any header is: tokens may be in them.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger("kg.serve")
OTHER: Final = "(none)"
"""The route of what leads nowhere: its paths are the client's words, and would be counted one by one."""
GONE: Final = 499
"""The status of a request whose client went away before the answer began; no standard has one."""
_ID: Final = re.compile(r"[\w.-]{8,64}", re.ASCII)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meters:
    """The counts of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kg_http_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "kg_http_request_duration_seconds", "Seconds from request to the end of the answer.", ("route",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.running = Gauge("kg_http_requests_in_progress", "Requests being answered.", registry=self.registry)
        self.queries = Counter("kg_sparql_queries", "SPARQL requests by outcome.", ("outcome",), registry=self.registry)
        self.asking = Gauge("kg_sparql_queries_in_progress", "SPARQL requests being answered.", registry=self.registry)

    def gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        """A value that is looked at when it is asked for."""
        Gauge(name, text, registry=self.registry).set_function(value)


class Watch:
    """The application with each request counted and, where somebody listens, told."""

    def __init__(self, app: ASGIApp, meters: Meters, routes: Iterable[BaseRoute]) -> None:
        self._app, self._meters, self._routes = app, meters, tuple(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then tell."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = _Told(_id_of(scope))
        scope.setdefault("state", {})["request_id"] = told.id
        self._meters.running.inc()
        try:
            await self._app(scope, receive, told.listening(send))
        except BaseException:
            told.status = told.status or 500
            raise
        finally:
            self._meters.running.dec()
            self._tell(scope, told)

    def _tell(self, scope: Scope, told: _Told) -> None:
        seconds, route = time.perf_counter() - told.begin, route_of(scope, self._routes)
        method, status = scope["method"] if scope["method"] in _METHODS else OTHER, told.status or GONE
        self._meters.requests.labels(route, method, str(status)).inc()
        self._meters.seconds.labels(route).observe(seconds)
        client = scope.get("client")
        fields = {
            "id": told.id, "client": client[0] if client else "", "method": method, "route": route,
            "status": status, "ms": round(1000 * seconds, 1), "bytes": told.size,
        }  # fmt: skip
        LOG.info("request", extra={"fields": fields})


class Counted:
    """The SPARQL endpoint with its queries counted by what became of them."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app, self._meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then count."""
        told = _Told("")
        self._meters.asking.inc()
        try:
            await self._app(scope, receive, told.listening(send, mark=False))
        finally:
            self._meters.asking.dec()
            self._meters.queries.labels(_outcome(told.status)).inc()


def _outcome(status: int) -> str:
    if not status:
        return "client gone"
    return "answered" if status < 400 else "refused" if status < 500 else "ended" if status == 503 else "failed"


class _Told:
    """What is noted of one answer."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.status = 0
        self.size = 0
        self.begin = time.perf_counter()

    def listening(self, send: Send, *, mark: bool = True) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                if mark:
                    MutableHeaders(scope=message)["X-Request-ID"] = self.id
            elif message["type"] == "http.response.body":
                self.size += len(message.get("body", b""))
            await send(message)

        return sending


def _id_of(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def route_of(scope: Scope, routes: Iterable[BaseRoute]) -> str:
    """The template of the route that a request matches, as in ``/id/{kind}/{key:path}``."""
    for route in routes:
        match, _ = route.matches(scope)
        if match is not Match.NONE:
            return str(getattr(route, "path", OTHER)) or OTHER
    return OTHER


# ---------------------------------------------------------------- the log


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        time_ = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        entry: dict[str, Any] = {"time": time_, "level": record.levelname.lower(), "event": record.getMessage()}
        entry |= getattr(record, "fields", {})
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class Lines(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; more than one only with a traceback."""
        fields = " ".join(f"{name}={value}" for name, value in getattr(record, "fields", {}).items())
        time_ = dt.datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="seconds")
        line = " ".join(filter(None, [time_, record.levelname, record.getMessage(), fields]))
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


FORMATS: Final = {"text": Lines, "json": JsonLines}


def listen(form: str | None) -> None:
    """Send the log to standard error: every request where a format is given, else what goes wrong only."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATS[form or "text"]())
    for name, level in ((LOG.name, logging.INFO if form else logging.WARNING), ("uvicorn.error", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
