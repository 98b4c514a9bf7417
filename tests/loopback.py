"""Servers for tests on this machine's own address: one that counts who comes, one that runs a program."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_FIRST, _COUNT = 16_384, 16_384
"""Ports below those that systems give to whoever asks for any, as each connection and each server on port 0 does: one
of those may be taken before the program is up that it was found for."""
_next = itertools.count(random.randrange(_COUNT))  # tests run in several processes


def free_port() -> int:
    """A port that nobody listens on at this moment, and that nobody is given by chance; another one each time."""
    for number in itertools.islice(_next, _COUNT):
        port = _FIRST + number % _COUNT
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("no port is free")


@contextlib.contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A socket that takes any connection, notes the first line it was sent, and answers with a fault."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer, contextlib.suppress(OSError):
                    heard.append(peer.recv(4096).partition(b"\r\n")[0])
                    peer.sendall(b"HTTP/1.1 500 Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], heard


class Server(ThreadingHTTPServer):
    """Its handlers end with it."""

    daemon_threads = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.ended = threading.Event()

    def handle_error(self, *_: object) -> None:
        """A client that went away is none of a test's business."""


@contextlib.contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """An HTTP server with that handler in a thread; gives its address. A slow handler waits for ``server.ended``."""
    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def running(
    command: Sequence[str], port: int, seconds: float = 20, cwd: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A program that serves on that port, once it does."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=cwd) as program:
        try:
            until = time.monotonic() + seconds
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                if program.poll() is not None or time.monotonic() > until:
                    program.kill()
                    raise RuntimeError(f"{command[0]} doesn't serve: {program.communicate()[1]}")
                time.sleep(0.05)
            yield program
        finally:
            program.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.communicate(timeout=5)
            program.kill()


@contextlib.contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """`kg serve` in a process of its own; gives its address as it tells it."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8") as program:
        try:
            assert program.stderr is not None
            first = program.stderr.readline()
            found = re.search(r"http://\S+/", first)
            assert found, first
            yield found[0]
        finally:
            program.terminate()
            program.wait(10)
