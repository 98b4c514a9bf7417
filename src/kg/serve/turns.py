"""Who is answered next: requests wait in a line for each client, and the lines take turns.

However many requests one client sends, another one's next request is answered before the first one's second, and a
client never holds more than its share of the places.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PLACES: Final = 48
"""Requests that are answered at once; the threads that answer most of them are 40."""
SHARE: Final = 16
"""How many of them one client has."""
LINE: Final = 256
"""Requests of one client that may wait."""


class TooMany(Exception):
    """A client whose line is full."""


class Turns:
    """Places that are given to clients in turn. For one event loop."""

    def __init__(self, places: int = PLACES, share: int = SHARE, line: int = LINE) -> None:
        self.places, self.share, self.line = places, share, line
        self.busy: Counter[str] = Counter()
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()  # whose turn is next stands first

    @property
    def running(self) -> int:
        """How many places are taken."""
        return self.busy.total()

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return sum(map(len, self._lines.values()))

    @contextlib.asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """A place, when it is the client's turn. Raises TooMany."""
        await self._take(client)
        try:
            yield
        finally:
            self._free(client)
            self._give()

    async def _take(self, client: str) -> None:
        if client not in self._lines and self.running < self.places and self.busy[client] < self.share:
            self.busy[client] += 1
            return
        line = self._lines.setdefault(client, deque())
        if len(line) >= self.line:
            raise TooMany
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # given and not wanted any more
                self._free(client)
            else:
                self._leave(client, turn)
            self._give()
            raise

    def _free(self, client: str) -> None:
        self.busy[client] -= 1
        if not self.busy[client]:
            del self.busy[client]

    def _leave(self, client: str, turn: asyncio.Future[None]) -> None:
        line = self._lines.get(client)
        if line is not None:
            with contextlib.suppress(ValueError):
                line.remove(turn)
            if not line:
                del self._lines[client]

    def _give(self) -> None:
        """Give the free places: one to each line in turn."""
        while self.running < self.places:
            client = next((each for each in self._lines if self.busy[each] < self.share), None)
            if client is None:
                return
            line = self._lines[client]
            turn = line.popleft()
            self._lines.move_to_end(client)
            if not line:
                del self._lines[client]
            if not turn.done():
                self.busy[client] += 1
                turn.set_result(None)


class InTurn:
    """An application that is asked in turn. Signs of life (``free``) are answered without waiting."""

    def __init__(self, app: ASGIApp, turns: Turns, free: frozenset[str] = frozenset()) -> None:
        self._app, self._turns, self._free = app, turns, free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer when it is the client's turn."""
        if scope["type"] != "http" or scope["path"] in self._free:
            await self._app(scope, receive, send)
            return
        try:
            async with self._turns.place(client_of(scope)):
                await self._app(scope, receive, send)
        except TooMany:
            message = f"{self._turns.line} of your requests wait already; send fewer at once\n"
            await PlainTextResponse(message, 429, {"Retry-After": "2"})(scope, receive, send)


def client_of(scope: Scope) -> str:
    """Who asks: the address; of IPv6 the network of 64 bits, as one machine has all of it."""
    client = scope.get("client")
    return network_of(client[0]) if client else ""


def network_of(address: str) -> str:
    """The address, or the network of 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
