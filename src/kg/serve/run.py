"""The server itself: a socket, and uvicorn until it is stopped; clients that are slow or many don't keep others out."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from kg.errors import KgError
from kg.serve.patience import Patience, protocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def serve(
    application: ASGIApp,
    host: str,
    port: int,
    ready: Callable[[str], None],
    *,
    patience: Patience | None = None,
    proxied: bool = False,
) -> None:
    """Serve until interrupted (SIGINT, SIGTERM); answers under way are ended in the time that they have.

    ``ready`` is told the address, whose port is a free one for port 0. ``proxied``: a proxy on this machine tells who
    asks (X-Forwarded-For). Raises KgError where the address can't be had.
    """
    waits = patience or Patience()
    with _listener(host, port) as listener:
        # asyncio sets it only on sockets that name their protocol, and an answer in two parts would wait 40 ms
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(
            application,
            http=protocol(waits),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=proxied,
            limit_concurrency=waits.connections,
            timeout_keep_alive=waits.idle,
            timeout_graceful_shutdown=waits.stop,
        )
        server = _Server(config)
        address = f"[{host}]" if ":" in host else host
        with server.capture_signals():  # from the moment on at which others are told
            ready(f"http://{address}:{listener.getsockname()[1]}/")
            server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends well where it is told to end: uvicorn itself would raise the signal again."""

    def handle_exit(self, *_: object) -> None:
        """The first signal lets answers under way end, the second one doesn't."""
        self.force_exit = self.should_exit
        self.should_exit = True


def _listener(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        raise KgError(f"{host} port {port}: can't be served on ({why}); name another with --host or --port") from error
