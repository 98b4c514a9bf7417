"""Who answers next, who waits, who is ended, and what a changed graph means."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from kg.records import record
from kg.serve.sparql import channel
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.making import Source, View
from kg.serve.sparql.processes import Template, Worker
from kg.serve.sparql.protocol import Asked, Refused, Update
from kg.serve.sparql.remembering import Kept, Memory
from kg.serve.sparql.token import Token
from kg.serve.turns import TooMany, Turns

GRACE: Final = 2.0
"""Seconds beyond the limit after which a worker counts as lost, should the system not have ended it."""
WRITING: Final = 60.0
"""Seconds beyond the limit that an update may take to write what it changes: then it is not stopped any more."""
GUEST: Final = 1
"""Places beyond the workers that one client may have, so that its slow queries leave one to whoever else asks."""
REST: Final = 10
"""A graph that changes all the time is opened again after so many times the time that opening took, not sooner."""
LONGEST_REST: Final = 1.0
"""Seconds; so old may be at most what is answered from, beyond the time that opening takes."""


class Cut(Exception):
    """An answer that the client has a part of can't be finished; its connection is ended before the answer's end."""


@record(frozen=True, slots=True)
class Answer:
    """Media type, and the answer: whole in ``first`` where there is no ``rest``, whose parts may raise Cut."""

    kind: str
    first: bytes
    rest: AsyncIterator[bytes] | None


class Generation:
    """Workers that have opened the graph as it was at one time."""

    def __init__(self, template: Template, view: View, most: int) -> None:
        self._template = template
        self._view = view
        self._most = most  # idle workers that are kept
        self._idle: list[Worker] = []
        self._busy = 0
        self._is_over = False

    @classmethod
    async def start(cls, template: Template, view: View, most: int) -> Generation:
        """So many workers, each ready. Raises Refused where the graph can't be opened."""
        made = cls(template, view, most)
        try:
            for worker in asyncio.as_completed([template.worker(view) for _ in range(most)]):
                made._idle.append(await worker)
        except BaseException:
            made.retire()
            raise
        return made

    @contextlib.asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """One that is idle; a new one where there is none. One that has not told all when it is given back ends.

        Raises Refused.
        """
        self._busy += 1
        try:
            worker = self._idle.pop() if self._idle else await self._template.worker(self._view)
            try:
                yield worker
            except BaseException:  # also where the client went away
                self._template.end(worker)
                raise
            if worker.is_idle and len(self._idle) < self._most and not self._is_over:
                self._idle.append(worker)
            else:
                self._template.end(worker)
        finally:
            self._busy -= 1
            self._leave()

    def retire(self) -> None:
        """End when the last answer is given."""
        self._is_over = True
        self._leave()

    def close(self) -> None:
        """End now: whoever is still being answered goes without."""
        self.retire()
        self._view.drop()

    def _leave(self) -> None:
        if self._is_over and not self._busy:
            for worker in self._idle:
                self._template.end(worker)
            self._idle.clear()
            self._view.drop()

    @property
    def is_alive(self) -> bool:
        """Whether it can get new workers."""
        return self._template.is_alive


class Pool:
    """Answers queries with so many workers at once. ``mark`` says how the graph stands; another mark, another state.

    Workers for a new state are ready before those of the former one, which answers meanwhile, are let go; the one who
    saw the change waits for them.
    """

    def __init__(
        self,
        source: Source,
        mark: Callable[[], object],
        limits: Limits,
        allowed: Sequence[str] = (),
        token: Token | None = None,
    ) -> None:
        self.limits = limits
        self.token = token
        """What an update needs; None where there are none."""
        self.allowed = tuple(allowed)
        self._source = source
        self._look = mark
        self._turns = Turns(limits.workers + GUEST, limits.workers, limits.waiting)
        self._opening = asyncio.Lock()
        self._updating = asyncio.Lock()
        self._memory = Memory()
        self._template: Template | None = None
        self._current: Generation | None = None
        self._mark: object = None
        self._not_before = 0.0

    def remembered(self, asked: Asked, accept: str, base: str) -> Kept | None:
        """The answer to the same question, where the graph is as it was when that was given."""
        found = self._memory.get((asked, accept, base))
        return found if found is not None and self._look() == self._mark else None

    @contextlib.asynccontextmanager
    async def answer(self, asked: Asked, accept: str, base: str, client: str = "") -> AsyncIterator[Answer]:
        """The answer; a worker is held until it is all taken. Raises Refused.

        Clients take turns: who asks one query isn't behind all those of another one.
        """
        request = {
            "query": asked.query, "default": asked.default_graphs, "named": asked.named_graphs,
            "accept": accept, "base": base,
        }  # fmt: skip
        async with self._slot(client):
            generation = await self._newest()
            async with generation.worker() as worker:
                told = Telling(worker, self.limits)
                head, first = await told.begin(request)
                if head["status"] == 200 and not head.get("is_whole"):
                    yield Answer(head["kind"], first, told.rest())
                    return
        if head["status"] != 200:
            raise Refused(head["status"], head["message"], line=head["line"], column=head["column"])
        if generation is self._current and self._source.endpoint is None:  # who knows when that one changes
            self._memory.put((asked, accept, base), head["kind"], first)
        yield Answer(head["kind"], first, None)

    async def update(self, asked: Update, base: str) -> dict[str, int]:
        """Carry out an update, one at a time; the next query sees it. Raises Refused."""
        request = {
            "update": asked.text, "default": asked.default_graphs, "named": asked.named_graphs,
            "base": base, "store": self._source.store,
        }  # fmt: skip
        async with self._alone():
            begin = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(self.limits.seconds + WRITING):
                    told = await self._ready().update(request)
            except (TimeoutError, EOFError, OSError) as error:
                is_slow = asyncio.get_running_loop().time() - begin >= self.limits.seconds
                why = f"not done within {self.limits.seconds:g} s" if is_slow else "the update takes too much memory"
                raise Refused(503, f"{why}; nothing was changed: change less at once") from error
            if told["status"] != 200:
                place = {"line": told["line"], "column": told["column"]}
                raise Refused(told["status"], told["message"], is_busy=told["is_busy"], **place)
            self._not_before = 0
            await self._newest()
        return {"inserted": told["inserted"], "deleted": told["deleted"]}

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.limits.patience):
                await self._updating.acquire()
        except TimeoutError:
            raise Refused(503, "another update is being carried out; ask again later", is_busy=True) from None
        try:
            yield
        finally:
            self._updating.release()

    @contextlib.asynccontextmanager
    async def _slot(self, client: str) -> AsyncIterator[None]:
        """One of the places at which queries are answered, waited for. Raises Refused."""
        async with contextlib.AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self.limits.patience):
                    await held.enter_async_context(self._turns.place(client))
            except TooMany:
                message = f"{self.limits.waiting} of your queries are waiting already; ask again later"
                raise Refused(503, message, is_busy=True) from None
            except TimeoutError:
                message = f"all {self.limits.workers} workers were busy for {self.limits.patience:g} s; ask again later"
                raise Refused(503, message, is_busy=True) from None
            yield

    async def _newest(self) -> Generation:
        current = self._current
        mark = self._look()
        is_good = current is not None and current.is_alive
        if current is not None and is_good and (mark == self._mark or self._opening.locked() or self._is_resting()):
            return current
        async with self._opening:
            if self._current is not None and self._current is not current and self._current.is_alive:
                return self._current  # opened by another meanwhile
            try:
                found = await self._open()
            except Refused:
                if current is None or not is_good:
                    raise
                return current  # in the midst of a write: looked at again with the next query
            self._current, self._mark = found, mark
            self._memory.clear()
        if current is not None:
            current.retire()
        return found

    def _is_resting(self) -> bool:
        """Whether the graph was opened just now and goes on changing; one that is done changing is opened at once."""
        return self._source.is_changing() and asyncio.get_running_loop().time() < self._not_before

    async def _open(self) -> Generation:
        view = await self._source.view()
        template = self._ready()
        clock = asyncio.get_running_loop().time
        begin = clock()
        found = await Generation.start(template, view, self.limits.workers)
        self._not_before = clock() + min(REST * (clock() - begin), LONGEST_REST)
        return found

    def _ready(self) -> Template:
        if self._template is None or not self._template.is_alive:
            if self._template is not None:
                self._template.close()
            self._template = Template.start(self.limits, self.allowed)
        return self._template

    async def start(self) -> None:
        """Open the graph before the first query comes; what fails is said to the query that then comes."""
        with contextlib.suppress(Refused):
            await self._newest()

    def stop(self) -> None:
        """End every process."""
        if self._template is not None:
            self._template.close()
        if self._current is not None:
            self._current.close()
        self._template = self._current = None


class Telling:
    """One answer as a worker tells it."""

    def __init__(self, worker: Worker, limits: Limits) -> None:
        self._worker = worker
        self._limits = limits
        self._worked = 0.0  # seconds that were waited for the worker

    async def begin(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The head and the first part. Raises Refused where the worker is lost."""
        asked = asyncio.get_running_loop().time()  # before the worker's own clock begins, which may end it
        self._worker.ask(request)
        try:
            _, said = await self._hear(asked)
            head = json.loads(said)
            first = b"" if head["status"] != 200 else (await self._hear())[1]
            if head.get("is_whole"):
                await self._hear()
        except (TimeoutError, EOFError, OSError) as error:
            raise Refused(503, self._why()) from error
        self._worker.is_idle = head["status"] != 200 or bool(head.get("is_whole"))
        return head, first

    async def rest(self) -> AsyncIterator[bytes]:
        """The other parts. Raises Cut."""
        while True:
            try:
                kind, said = await self._hear()
            except (TimeoutError, EOFError, OSError) as error:
                raise Cut(self._why()) from error
            if kind == channel.CUT:
                raise Cut(json.loads(said)["message"])
            if kind == channel.END:
                self._worker.is_idle = True
                return
            yield said

    async def _hear(self, since: float | None = None) -> tuple[bytes, bytes]:
        clock = asyncio.get_running_loop().time
        begin = clock() if since is None else since
        try:
            async with asyncio.timeout(self._limits.seconds + GRACE):
                return await self._worker.hear()
        finally:
            self._worked += clock() - begin

    def _why(self) -> str:
        if self._worked >= self._limits.seconds:
            return f"no answer within {self._limits.seconds:g} s; ask for less, or narrow the query"
        return "the query ended its worker: it takes too much memory, or is nested too deep"


def can_fork() -> bool:
    """Whether this system has what the workers need."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")
