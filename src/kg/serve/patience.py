"""HTTP as uvicorn speaks it, with time-outs for what it would wait for without end, and a share for each client.

uvicorn has one time-out only, between two requests of a connection; one that never sends its first line, trickles its
headers or body, or doesn't take its answer would stay. Its parser here is httptools (llhttp): h11, in Python, takes a
fifth of what a short answer costs the server.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.records import record
from kg.serve.turns import network_of

_TOO_MANY: Final = b"HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
_TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
HEAD: Final = "head"
BODY: Final = "body"


@record(frozen=True, slots=True)
class Patience:
    """How long the server waits for a client, in seconds: for the first line and the headers (``head``), for the whole
    body (``body``), for some of an answer to be taken (``answer``), for another request (``idle``); and for answers
    under way when it is stopped (``stop``). ``connections`` are all that are open at once, ``each`` those of one
    client; None where all come through a proxy, which then sees to that. ``largest`` are the bytes of a first line and
    headers that may be there before they are whole.
    """

    head: float = 10.0
    body: float = 30.0
    answer: float = 30.0
    idle: int = 5
    stop: int = 5
    largest: int = 32_768
    connections: int = 512
    each: int | None = 100


def protocol(waits: Patience) -> type[asyncio.Protocol]:
    """The protocol of a server that waits so long; it counts the connections of each client."""
    return type("Protocol", (Patient,), {"waits": waits, "open": Counter()})


class Patient(HttpToolsProtocol):
    """One connection."""

    waits: ClassVar[Patience]
    open: ClassVar[Counter[str]]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first line, or send the client away where it has its share."""
        super().connection_made(transport)
        self._reading, self._size = HEAD, 0  # which part of a request comes, bytes of its head
        self._phase = ""
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._network = network_of(self.client[0]) if self.client else ""
        self.open[self._network] += 1
        if self.waits.each is not None and self.open[self._network] > self.waits.each:
            self._refuse(_TOO_MANY)
        else:
            self._wait(HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self.open[self._network] -= 1
        if not self.open[self._network]:
            del self.open[self._network]
        for timer in (self._timer, self._writing):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; then wait for what is still to come."""
        super().data_received(data)
        if self.transport.is_closing():
            self._wait("")
            self._expect_taken()
            return
        if self._reading == HEAD:
            self._size += len(data)
            if self._size > self.waits.largest:
                self._refuse(_TOO_LONG)
                return
        # what comes between two requests, such as an empty line, is no request yet: one is to come in time
        self._wait(self._reading or ("" if self._is_answering() else HEAD))

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._reading, self._size = HEAD, 0

    def on_headers_complete(self) -> None:
        """Its body is next."""
        self._reading = BODY
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is whole."""
        self._reading = ""
        super().on_message_complete()

    def _is_answering(self) -> bool:
        cycle = getattr(self, "cycle", None)  # none before the first request
        return cycle is not None and not cycle.response_complete

    def _wait(self, phase: str) -> None:
        """One time-out for each phase: what trickles in doesn't begin it again."""
        if phase == self._phase:
            return
        self._phase = phase
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(self._seconds(phase), self._give_up) if phase else None

    def _seconds(self, phase: str) -> float:
        return self.waits.head if phase == HEAD else self.waits.body

    def _give_up(self) -> None:
        if self._phase == HEAD and self._is_answering():  # the next request trickles in meanwhile: that can wait
            self._timer = self.loop.call_later(self._seconds(HEAD), self._give_up)
        elif self.pipeline or (self._is_answering() and self.cycle.response_started) or self.transport.is_closing():
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
