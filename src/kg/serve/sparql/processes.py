"""The processes behind the endpoint as the server sees them: a template that forks workers, and the workers."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

from kg.serve.sparql import channel, template
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.making import View
from kg.serve.sparql.protocol import Refused

_ENDED: Final = "the workers have ended; ask again"


class Worker:
    """A process that has opened a view and answers one query after another.

    Raises EOFError (IncompleteReadError) or OSError where it has ended.
    """

    def __init__(self, id_: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.id = id_
        self.is_idle = True
        """Whether it has told all that it was asked."""
        self._reader = reader
        self._writer = writer

    def ask(self, request: dict[str, Any]) -> None:
        """Put a question; ``hear`` what it answers."""
        self.is_idle = False
        self._writer.write(channel.said(channel.ASK, request))

    async def hear(self) -> tuple[bytes, bytes]:
        """Kind and content of the next frame."""
        kind, size = channel.FRAME.unpack(await self._reader.readexactly(channel.FRAME.size))
        return kind, await self._reader.readexactly(size) if size else b""

    def close(self) -> None:
        """Let go of it; it ends by itself when it waits."""
        self._writer.close()


class Template:
    """The process that forks the workers."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._forking = asyncio.Lock()

    @classmethod
    def start(cls, limits: Limits, allowed: Sequence[str]) -> Template:
        """A new one; it takes orders as soon as it has started."""
        control, theirs = socket.socketpair()
        control.setblocking(False)
        with theirs:
            settings = {
                "control": theirs.fileno(),
                "limits": dataclasses.asdict(limits),
                "allowed": list(allowed),
            }
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", template.__name__, json.dumps(settings)],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        return cls(process, control)

    async def worker(self, view: View) -> Worker:
        """A new worker that has opened the view. Raises Refused where it can't."""
        try:
            worker = await self._fork()
        except (EOFError, OSError) as error:
            raise Refused(503, _ENDED, is_busy=True) from error
        try:
            worker.ask(dataclasses.asdict(view))
            kind, said = await worker.hear()
        except (EOFError, OSError) as error:
            self.end(worker)
            raise Refused(503, _ENDED, is_busy=True) from error
        except BaseException:  # the one who wanted it went away
            self.end(worker)
            raise
        if kind != channel.READY:
            self.end(worker)
            raise Refused(503, f"the graph can't be opened ({said.decode('utf-8', 'replace')})", is_busy=True)
        worker.is_idle = True
        return worker

    async def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """What a process of its own says that carries out an update. Raises EOFError or OSError where it ended."""
        worker = await self._fork()
        try:
            worker.ask(request)
            return dict(json.loads((await worker.hear())[1]))
        finally:
            self.end(worker)

    async def _fork(self) -> Worker:
        """What the template says must be heard, also where the one who wanted a worker goes away meanwhile."""
        forking = asyncio.ensure_future(self._forked())
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(self._unwanted)
            raise

    def _unwanted(self, forking: asyncio.Future[Worker]) -> None:
        if not forking.cancelled() and forking.exception() is None:
            self.end(forking.result())

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

    def end(self, worker: Worker) -> None:
        """End a worker, whatever it does."""
        worker.close()
        with contextlib.suppress(OSError):
            self._control.send(template.ORDER.pack(template.END, worker.id))

    def close(self) -> None:
        """End template and workers, whatever they do."""
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
