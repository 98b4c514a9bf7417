"""`kg serve` in a process of its own: asked over HTTP, listened to, and stopped."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path


class Running:
    """A server in a process of its own, with what it says kept."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        self.lines: list[str] = []
        self._come = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        found = re.findall(r"http://[\d.]+:(\d+)/", self.wait_for("http://"))
        assert found
        self.port = int(found[-1])  # the line may name what is served, too

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._come:
                self.lines.append(line.rstrip("\n"))
                self._come.notify_all()
        self.process.stderr.close()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join(10)

    def wait_for(self, words: str, seconds: float = 30) -> str:
        """The first line with these words."""
        with self._come:
            self._come.wait_for(lambda: any(words in line for line in self.lines), seconds)
            return next((line for line in self.lines if words in line), "\n".join(self.lines))

    def stop(self, sign: int = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        return self.process.wait(30)

    def ask(self, path: str, method: str = "GET", *, source: str = "127.0.0.1", body: str | None = None, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:  # fmt: skip # noqa: E501
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        with contextlib.closing(connection):
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read().decode()

    def send(self, data: bytes, seconds: float = 30) -> bytes:
        """What comes back for bytes as they are, until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as peer:
            peer.sendall(data)
            return b"".join(iter(lambda: peer.recv(65536), b""))


@contextlib.contextmanager
def running(folder: Path, *arguments: str, store: str | None = "kg-store") -> Iterator[Running]:
    """`kg serve` of the store in that folder."""
    read = ["--store", store] if store else []
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *read, *arguments]
    server = Running(command, folder)
    try:
        yield server
    finally:
        server.close()
