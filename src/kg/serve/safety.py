"""What every request and every answer must keep to: names of this server only, small requests, strict headers.

Plain ASGI around the whole application, so that no part can forget it. A part may set a header of its own (the preview
of reconciliation may be shown in a frame); what it doesn't set is set here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 4_000_000
"""Bytes of the body of a request; a part says 413 to more, in the form of its errors."""
_PASSED_OVER: Final = 4 * LARGEST_BODY
"""Bytes of a refused body that are taken before the answer; who announces more gets the answer at once."""
LONGEST_ADDRESS: Final = 16_000
"""Bytes of path and query of an address. A longer query is sent by POST."""
LOCAL: Final = frozenset({"localhost"})
CONTENT_SECURITY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT: Final = "max-age=31536000"
_EVERYWHERE: Final = "*"


class Guard:
    """The application behind these rules. ``hosts`` are the names under which it is asked, beside addresses.

    A web page may give its own name the address of this machine and so read what is served here (DNS rebinding). Under
    a name that isn't ours nothing is answered; an address as such can't be taken over.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower().rstrip(".") for host in hosts) | LOCAL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse what breaks a rule."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        secured = _secured(scope, send)
        refusal = self._refusal(scope)
        if refusal is not None:
            if refusal.status_code != 413:
                await _pass_over(receive)
            await refusal(scope, receive, secured)
            return
        await self._app(scope, _bounded(receive), secured)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            message = "this server is not known under that name; kg serve --allow-host NAME allows it\n"
            return PlainTextResponse(message, 421)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
            return PlainTextResponse(f"the address has more than {LONGEST_ADDRESS:,} bytes; send a form\n", 414)
        if "\x00" in scope["path"]:
            return PlainTextResponse("no path has a NUL\n", 400)
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdecimal() and int(length) > _PASSED_OVER:
            return PlainTextResponse(f"the body has more than {LARGEST_BODY:,} bytes\n", 413)
        return None

    def _is_ours(self, host: str) -> bool:
        name = host_name(host)
        return name is not None and (name in self._hosts or is_address(name) or _EVERYWHERE in self._hosts)


class Open:
    """A part that any web page may use: its answers are for scripts, frames and pictures of other sites, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cross-Origin-Resource-Policy", "cross-origin")
            await send(message)

        await self._app(scope, receive, sending)


def host_name(header: str) -> str | None:
    """The name or address in a Host header, in small letters; None for what is no host."""
    if any(sign in header for sign in "@/?#\\ \t"):
        return None
    try:
        found = urlsplit(f"//{header}")
        _ = found.port  # raises for what is no port
    except ValueError:
        return None
    return found.hostname.rstrip(".") if found.hostname else None


def is_address(name: str) -> bool:
    """Whether it is an IP address and no name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _secured(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if scope.get("scheme") == "https":
                headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        await send(message)

    return sending


async def _pass_over(receive: Receive) -> None:
    """Take the body of a request that is refused, within bounds: who still sends wouldn't read the answer."""
    taken, is_more = 0, True
    while is_more and taken <= _PASSED_OVER:
        message = await receive()
        taken += len(message.get("body", b""))
        is_more = bool(message.get("more_body", False))


def _bounded(receive: Receive) -> Receive:
    """The body of a request up to the limit; beyond it the client counts as gone. A part says 413 before, by itself."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > _PASSED_OVER:
                return {"type": "http.disconnect"}
        return message

    return receiving
