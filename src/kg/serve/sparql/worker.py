"""A worker: a process that opens the graph on disk, answers one query after another, and ends with its server.

It opens the graph itself, for the engine must not be open in a process that forks. What it sees is the graph as it was
then, whatever is written later. The system's own clock ends it at the limit, also in the midst of the engine; the clock
stands while a client takes what was written, which the server watches over.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import traceback
from typing import Any

from pyoxigraph import Store

from kg.errors import KgError
from kg.serve.sparql import channel
from kg.serve.sparql.answering import answer
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.making import View
from kg.serve.sparql.protocol import Asked, Refused
from kg.serve.sparql.sink import Sink
from kg.serve.sparql.updating import update
from kg.view.elsewhere import Streamed


def work(server: socket.socket, settings: dict[str, Any]) -> None:
    """Answer until the channel is closed; the process ends here, however that comes."""
    limits = Limits(**settings["limits"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the system ends the process, also in the midst of the engine
    status = 1
    try:
        status = _work(server, limits, settings["allowed"])
    except OSError:
        pass  # the server is gone
    except Exception:  # noqa: BLE001 - the process ends; the log is to say why
        traceback.print_exc()
    finally:
        os._exit(status)


def _work(server: socket.socket, limits: Limits, allowed: list[str]) -> int:
    order = channel.receive(server)
    if order is None:
        return 0
    if "update" in order:
        return _update(server, order, limits, allowed)
    try:
        graph = View(**order).open()
    except (KgError, OSError, RuntimeError) as error:
        server.sendall(channel.frame(channel.FAILED, str(error).encode()))
        return 0
    with contextlib.suppress(ImportError, OSError, ValueError):
        _keep_small(limits.memory)
    server.sendall(channel.frame(channel.READY))
    while (request := channel.receive(server)) is not None:
        signal.setitimer(signal.ITIMER_REAL, limits.seconds)
        _answer(server, graph, request, limits, allowed)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return 0


def _update(server: socket.socket, order: dict[str, Any], limits: Limits, allowed: list[str]) -> int:
    """Carry out one update; this process opens the store for writing, and has no other task."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        _keep_small(limits.memory)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    try:
        told: dict[str, Any] = {
            "status": 200,
            **update(order, allowed, lambda: signal.setitimer(signal.ITIMER_REAL, 0)),
        }
    except Refused as error:
        told = _told(error)
    signal.setitimer(signal.ITIMER_REAL, 0)
    server.sendall(channel.said(channel.HEAD, told))
    return 0


def _told(error: Refused) -> dict[str, Any]:
    place = {"line": error.line, "column": error.column}
    return {"status": error.status, "message": str(error), "is_busy": error.is_busy, **place}


def _answer(
    server: socket.socket, graph: Store | Streamed, request: dict[str, Any], limits: Limits, allowed: list[str]
) -> None:
    def send(frames: bytes) -> None:
        left = signal.setitimer(signal.ITIMER_REAL, 0)[0]
        server.sendall(frames)
        signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))

    asked = Asked(request["query"], tuple(request["default"]), tuple(request["named"]))
    out = Sink(send, limits)
    try:
        answer(graph, asked, request["accept"], request["base"], limits, out, allowed)
    except Refused as error:
        send(channel.said(channel.CUT if out.is_begun else channel.HEAD, _told(error)))
    finally:
        if isinstance(graph, Streamed):
            graph.close()


def _keep_small(more: int) -> None:
    """Let the process have so many bytes more than it has now; beyond, it ends."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as sizes:
        now = int(sizes.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + more, now + more))
