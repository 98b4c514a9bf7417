"""The server's side of the workers: who answers next, who waits, who is ended, and what a changed store means."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from typing import IO, Any, Final

from kg.records import record
from kg.serve.sparql import template
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.protocol import Asked, Refused

IN_MEMORY: Final = 1_000_000
"""Bytes of an answer that stay in memory until the client has them; what is more lies in a file without a name."""
GRACE: Final = 2.0
"""Seconds beyond the limit after which a worker counts as lost, should the system not have ended it."""
_CHUNK: Final = 1 << 18


@record(frozen=True, slots=True)
class Source:
    """The graph that is served: a file, or a store."""

    file: str | None
    store: str | None


class Worker:
    """A process that answers one query after another."""

    def __init__(self, id_: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.id = id_
        self._reader = reader
        self._writer = writer

    async def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], IO[bytes]]:
        """The head of the answer and its body. Raises IncompleteReadError or OSError where the worker ended."""
        text = json.dumps(request).encode()
        self._writer.write(template.LENGTH.pack(len(text)) + text + template.LENGTH.pack(0))
        await self._writer.drain()
        head = json.loads(await self._reader.readexactly(await self._length()))
        left = await self._length()
        body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whom it is given to
        while left:
            part = await self._reader.readexactly(min(left, _CHUNK))
            body.write(part)
            left -= len(part)
        body.seek(0)
        return head, body

    async def _length(self) -> int:
        return int(template.LENGTH.unpack(await self._reader.readexactly(template.LENGTH.size))[0])

    def close(self) -> None:
        """Let go of it; it ends by itself when it waits."""
        self._writer.close()


class Generation:
    """A template and its workers: the graph as it was at one time."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, most: int) -> None:
        self._process = process
        self._control = control
        self._most = most  # idle workers that are kept
        self._forking = asyncio.Lock()
        self._idle: list[Worker] = []
        self._busy = 0
        self._is_over = False

    @classmethod
    async def start(cls, source: Source, limits: Limits, allowed: Sequence[str]) -> Generation:
        """A template that has read the graph. Raises Refused where it can't."""
        control, theirs = socket.socketpair()
        control.setblocking(False)
        with theirs:
            settings = {
                "control": theirs.fileno(), "file": source.file, "store": source.store,
                "limits": dataclasses.asdict(limits), "allowed": list(allowed),
            }  # fmt: skip
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", template.__name__, json.dumps(settings)],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        generation = cls(process, control, limits.workers)
        try:
            said = await asyncio.get_running_loop().sock_recv(control, 4096)
        except BaseException:  # the server stops while the graph is read
            process.kill()
            generation.close()
            raise
        if said[:1] != template.READY:
            generation.close()
            raise Refused(
                503, said[1:].decode("utf-8", "replace") or "the graph can't be read; the server's log says why"
            )
        return generation

    async def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], IO[bytes]]:
        """What a worker answers. One that ends or takes too long is replaced.

        Raises TimeoutError, EOFError, OSError.
        """
        self._busy += 1
        try:
            worker = self._idle.pop() if self._idle else await self._fork()
            try:
                async with asyncio.timeout(seconds + GRACE):
                    answer = await worker.ask(request)
            except BaseException:  # also where the client went away
                self._end(worker)
                raise
            self._rest(worker)
            return answer
        finally:
            self._busy -= 1
            if self._is_over and not self._busy:
                self.close()

    async def _fork(self) -> Worker:
        """A new worker. One whose client goes away meanwhile is kept: what the template says must be heard."""
        forking = asyncio.ensure_future(self._forked())
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(self._keep)
            raise

    def _keep(self, forking: asyncio.Future[Worker]) -> None:
        if not forking.cancelled() and forking.exception() is None:
            self._rest(forking.result())

    def _rest(self, worker: Worker) -> None:
        """Keep a worker for the next query; not one more than can answer at once, as many clients may go away."""
        if len(self._idle) < self._most:
            self._idle.append(worker)
        else:
            self._end(worker)

    async def _forked(self) -> Worker:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        async with self._forking:
            with theirs:
                socket.send_fds(self._control, [template.ORDER.pack(template.FORK, 0)], [theirs.fileno()])
            said = b""
            while len(said) < template.ORDER.size:
                part = await loop.sock_recv(self._control, template.ORDER.size - len(said))
                if not part:
                    ours.close()
                    raise EOFError
                said += part
        reader, writer = await asyncio.open_connection(sock=ours)
        return Worker(template.ORDER.unpack(said)[1], reader, writer)

    def _end(self, worker: Worker) -> None:
        worker.close()
        with contextlib.suppress(OSError):
            self._control.send(template.ORDER.pack(template.END, worker.id))

    def retire(self) -> None:
        """End when the last answer is given."""
        self._is_over = True
        if not self._busy:
            self.close()

    def close(self) -> None:
        """End template and workers, whatever they do."""
        for worker in self._idle:
            worker.close()
        self._idle.clear()
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def is_alive(self) -> bool:
        """Whether it can still fork."""
        return self._process.poll() is None


class Pool:
    """Answers queries with so many workers at once. ``mark`` says how the graph stands; another mark, another state.

    While a new state is being read, the former one is answered with; the one who saw the change waits for it.
    """

    def __init__(self, source: Source, mark: Callable[[], object], limits: Limits, allowed: Sequence[str] = ()) -> None:
        self.limits = limits
        self.allowed = tuple(allowed)
        self._source = source
        self._look = mark
        self._slots = asyncio.Semaphore(limits.workers)
        self._here = 0  # answered or waiting
        self._reading = asyncio.Lock()
        self._current: Generation | None = None
        self._mark: object = None

    async def ask(self, asked: Asked, accept: str, base: str) -> tuple[dict[str, Any], IO[bytes]]:
        """Head and body of the answer. Raises Refused."""
        async with self._slot():
            generation = await self._newest()
            request = {
                "query": asked.query, "default": asked.default_graphs, "named": asked.named_graphs,
                "accept": accept, "base": base,
            }  # fmt: skip
            return await self._answer(generation, request)

    async def _answer(self, generation: Generation, request: dict[str, Any]) -> tuple[dict[str, Any], IO[bytes]]:
        begin = asyncio.get_running_loop().time()
        try:
            head, body = await generation.ask(request, self.limits.seconds)
        except (TimeoutError, EOFError, OSError) as error:  # IncompleteReadError is an EOFError
            if asyncio.get_running_loop().time() - begin >= self.limits.seconds:
                message = f"no answer within {self.limits.seconds:g} s; ask for less, or narrow the query"
            else:
                message = "the query ended its worker: it takes too much memory, or is nested too deep"
            raise Refused(503, message) from error
        if head["status"] != 200:
            body.close()
            raise Refused(head["status"], head["message"], line=head["line"], column=head["column"])
        return head, body

    @contextlib.asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """One of the places at which queries are answered, waited for. Raises Refused."""
        if self._here >= self.limits.workers + self.limits.waiting:
            raise Refused(503, f"{self.limits.waiting} queries are waiting already; ask again later", is_busy=True)
        self._here += 1
        try:
            try:
                async with asyncio.timeout(self.limits.patience):
                    await self._slots.acquire()
            except TimeoutError:
                message = f"all {self.limits.workers} workers were busy for {self.limits.patience:g} s; ask again later"
                raise Refused(503, message, is_busy=True) from None
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._here -= 1

    async def _newest(self) -> Generation:
        current = self._current
        mark = self._look()
        is_good = current is not None and current.is_alive
        if current is not None and is_good and (mark == self._mark or self._reading.locked()):
            return current
        async with self._reading:
            if self._current is not None and self._current is not current and self._current.is_alive:
                return self._current  # read by another meanwhile
            try:
                found = await Generation.start(self._source, self.limits, self.allowed)
            except Refused:
                if current is None or not is_good:
                    raise
                return current  # in the midst of a write: looked at again with the next query
            self._current, self._mark = found, mark
        if current is not None:
            current.retire()
        return found

    async def start(self) -> None:
        """Read the graph before the first query comes; what fails is said to the query that then comes."""
        with contextlib.suppress(Refused):
            await self._newest()

    def stop(self) -> None:
        """End every process."""
        if self._current is not None:
            self._current.close()
            self._current = None


def can_fork() -> bool:
    """Whether this system has what the workers need."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")
