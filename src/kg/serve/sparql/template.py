"""The process that reads the graph and forks the workers; each worker has all of it without copying it.

Started by ``pool`` as a program, told what to do through one socket, and gone when the other end is: then it ends its
workers, whatever they do. A worker that runs too long is ended by the system's own clock, so
that no other process need watch it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import struct
import sys
import traceback
from typing import Any, Final

from pyoxigraph import Store

from kg import store as stores
from kg import view as views
from kg.errors import KgError
from kg.serve.sparql.answering import answer
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.protocol import Asked, Refused

ORDER: Final = struct.Struct("!cq")
"""What the template is told: FORK with a socket for the worker, or END with the worker's process id."""
FORK, END = b"f", b"e"
READY, FAILED = b"+", b"-"
LENGTH: Final = struct.Struct("!Q")


def view(file: str | None, store: str | None) -> Store:
    """What is asked: each article's graph under its name, and all of them, each triple once, as the default graph.

    Without what the store notes for itself and the texts of articles. Raises KgError.
    """
    if file is not None:
        return views.of(stores.load_dataset(file))
    with stores.open_store(str(store), read_only=True) as kept:
        return views.of(kept.dataset)


def main(settings: dict[str, Any]) -> None:
    """Read the graph, say so, and do what is ordered until the socket is closed."""
    control = socket.socket(fileno=int(settings["control"]))
    try:
        graph = view(settings["file"], settings["store"])
    except KgError as error:
        control.sendall(FAILED + str(error).encode())
        return
    gc.freeze()  # or the first collection in each worker would copy what they share
    control.sendall(READY)
    workers: set[int] = set()
    try:
        _obey(control, graph, settings, workers)
    finally:
        for worker in workers:
            _end(worker)


def _obey(control: socket.socket, graph: Store, settings: dict[str, Any], workers: set[int]) -> None:
    while True:
        order, sockets, *_ = socket.recv_fds(control, ORDER.size, 1)
        if len(order) < ORDER.size:
            return
        what, worker = ORDER.unpack(order)
        if what == FORK:
            worker = os.fork()
            if worker == 0:
                control.close()
                workers.clear()
                _be_worker(socket.socket(fileno=sockets[0]), graph, settings)
            os.close(sockets[0])
            workers.add(worker)
            control.sendall(ORDER.pack(FORK, worker))
        elif worker in workers:  # only here is it waited for, so that its id is not another's before
            workers.discard(worker)
            _end(worker)


def _end(worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)


# ---------------------------------------------------------------- a worker


def _be_worker(channel: socket.socket, graph: Store, settings: dict[str, Any]) -> None:
    """Answer until the channel is closed; the process ends here, however that comes."""
    limits = Limits(**settings["limits"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the system ends the process, also in the midst of the engine
    with contextlib.suppress(ImportError, OSError, ValueError):
        _keep_small(limits.memory)
    status = 1
    try:
        while (request := receive(channel)) is not None:
            signal.setitimer(signal.ITIMER_REAL, limits.seconds)
            head, body = _answered(graph, request, limits, settings["allowed"])
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(channel, head, body)
        status = 0
    except OSError:
        pass  # the server is gone
    except Exception:  # noqa: BLE001 - the process ends; the log is to say why
        traceback.print_exc()
    finally:
        os._exit(status)


def _answered(
    graph: Store, request: dict[str, Any], limits: Limits, allowed: list[str]
) -> tuple[dict[str, Any], bytes]:
    asked = Asked(request["query"], tuple(request["default"]), tuple(request["named"]))
    try:
        found = answer(graph, asked, request["accept"], request["base"], limits, allowed)
    except Refused as error:
        return {"status": error.status, "message": str(error), "line": error.line, "column": error.column}, b""
    return {"status": 200, "kind": found.kind}, found.body


def _keep_small(more: int) -> None:
    """Let the process have so many bytes more than it has now; beyond, it ends."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as sizes:
        now = int(sizes.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + more, now + more))


def send(channel: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    """Length and JSON of the head, length and bytes of the body."""
    text = json.dumps(head).encode()
    channel.sendall(LENGTH.pack(len(text)) + text + LENGTH.pack(len(body)))
    channel.sendall(body)


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """A head that was sent with an empty body; None where the channel is closed."""
    length = _exactly(channel, LENGTH.size)
    if length is None:
        return None
    text = _exactly(channel, LENGTH.unpack(length)[0])
    _exactly(channel, LENGTH.size)
    return None if text is None else dict(json.loads(text))


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = channel.recv(min(size - len(found), 1 << 20))
        if not part:
            return None
        found += part
    return bytes(found)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(json.loads(sys.argv[1]))
