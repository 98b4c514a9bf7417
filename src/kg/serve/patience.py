"""HTTP as uvicorn speaks it, with time-outs for what it would wait for without end, and a share for each client.

uvicorn has one time-out only, between two requests of a connection; one that never sends its first line, trickles its
headers or body, or doesn't take its answer would stay.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.records import record
from kg.serve.turns import network_of

_TOO_MANY: Final = b"HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@record(frozen=True, slots=True)
class Patience:
    """How long the server waits for a client, in seconds: for the first line and the headers (``head``), for the whole
    body (``body``), for some of an answer to be taken (``answer``), for another request (``idle``); and for answers
    under way when it is stopped (``stop``). ``connections`` are all that are open at once, ``each`` those of one
    client; None where all come through a proxy, which then sees to that.
    """

    head: float = 10.0
    body: float = 30.0
    answer: float = 30.0
    idle: int = 5
    stop: int = 5
    connections: int = 512
    each: int | None = 100


def protocol(waits: Patience) -> type[asyncio.Protocol]:
    """The protocol of a server that waits so long; it counts the connections of each client."""
    return type("Protocol", (Patient,), {"waits": waits, "open": Counter()})


class Patient(H11Protocol):
    """One connection."""

    waits: ClassVar[Patience]
    open: ClassVar[Counter[str]]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first line, or send the client away where it has its share."""
        super().connection_made(transport)
        self._phase = ""
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._network = network_of(self.client[0]) if self.client else ""
        self.open[self._network] += 1
        if self.waits.each is not None and self.open[self._network] > self.waits.each:
            self._refuse(_TOO_MANY)
        else:
            self._wait("head", self.waits.head)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self.open[self._network] -= 1
        if not self.open[self._network]:
            del self.open[self._network]
        for timer in (self._timer, self._writing):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what came; then wait for what is still to come."""
        super().handle_events()
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._wait("body", self.waits.body)
        elif state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait("head", self.waits.head)
        else:
            self._wait("", None)

    def _wait(self, phase: str, seconds: float | None) -> None:
        """One time-out for each phase: what trickles in doesn't begin it again."""
        if phase == self._phase:
            return
        self._phase = phase
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._give_up) if seconds is not None else None

    def _give_up(self) -> None:
        cycle = getattr(self, "cycle", None)  # none before the first request
        is_answered = cycle is not None and cycle.response_started and not cycle.response_complete
        if is_answered or self.transport.is_closing():
            self.transport.abort()
        else:
            self._refuse(_TOO_SLOW)

    def _refuse(self, answer: bytes) -> None:
        self.transport.write(answer)
        self.transport.close()
        self._expect_taken()

    def pause_writing(self) -> None:
        """The client takes its answer slowly."""
        super().pause_writing()
        self._expect_taken()

    def resume_writing(self) -> None:
        """It took some of it."""
        super().resume_writing()
        if self._writing is not None and not self.transport.is_closing():
            self._writing.cancel()
            self._writing = None

    def timeout_keep_alive_handler(self) -> None:
        """No other request came."""
        super().timeout_keep_alive_handler()
        self._expect_taken()

    def shutdown(self) -> None:
        """The server is stopped."""
        super().shutdown()
        if self.transport.is_closing():
            self._expect_taken()

    def _expect_taken(self) -> None:
        """What was written is taken in time, or the connection is cut."""
        if self._writing is None:
            self._writing = self.loop.call_later(self.waits.answer, self.transport.abort)
