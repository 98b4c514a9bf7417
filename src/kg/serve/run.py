"""The server itself: a socket, and uvicorn until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kg.errors import KgError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

GRACE: Final = 2
"""Seconds that answers under way have when the server is stopped."""


def serve(application: ASGIApp, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; ``ready`` is told the address, whose port is a free one for port 0.

    Raises KgError where the address can't be had.
    """
    import uvicorn

    listener = _listener(host, port)
    with listener:
        # asyncio sets it only on sockets that name their protocol, and an answer in two parts would wait 40 ms
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address = f"[{host}]" if ":" in host else host
        ready(f"http://{address}:{listener.getsockname()[1]}/")
        config = uvicorn.Config(application, log_level="warning", server_header=False, timeout_graceful_shutdown=GRACE)
        server = uvicorn.Server(config)
        server.run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        raise KgError(f"{host} port {port}: can't be served on ({why}); name another with --host or --port") from error
