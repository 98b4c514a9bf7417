"""The process that forks the workers, so that each starts in milliseconds; it holds no graph itself.

Started by ``pool`` as a program, told what to do through one socket, and gone when the other end is: then it ends its
workers, whatever they do. A worker that runs too long is ended by the system's own clock, so
that no other process need watch it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import struct
import sys
from typing import Any, Final

from kg.serve.sparql.worker import work

ORDER: Final = struct.Struct("!cq")
"""What the template is told: FORK with a socket for the worker, or END with the worker's process id."""
FORK, END = b"f", b"e"


def main(settings: dict[str, Any]) -> None:
    """Do what is ordered until the socket is closed."""
    control = socket.socket(fileno=int(settings["control"]))
    gc.freeze()  # or the first collection in each worker would copy what they share
    workers: set[int] = set()
    try:
        _obey(control, settings, workers)
    finally:
        for worker in workers:
            _end(worker)


def _obey(control: socket.socket, settings: dict[str, Any], workers: set[int]) -> None:
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
                work(socket.socket(fileno=sockets[0]), settings)
            os.close(sockets[0])
            workers.add(worker)
            control.sendall(ORDER.pack(FORK, worker))
        elif worker in workers:  # only here is it waited for, so that its id is not another's before
            workers.discard(worker)
            _end(worker)


def _end(worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(json.loads(sys.argv[1]))
