"""How server and worker talk: frames over a socket, each a kind, a length and that many bytes.

The server asks with one frame of JSON. The worker answers with HEAD (JSON), any number of DATA, and END; with CUT
instead of END where the answer could not be finished. A worker begins by saying READY, or FAILED and why.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Final

FRAME: Final = struct.Struct("!cI")
READY, FAILED, ASK, HEAD, DATA, END, CUT = b"+", b"-", b"q", b"h", b"d", b"e", b"x"
PART: Final = 1 << 16
"""Bytes of a DATA frame, about."""


def frame(kind: bytes, content: bytes | bytearray = b"") -> bytes:
    """A frame as it is sent."""
    return FRAME.pack(kind, len(content)) + content


def said(kind: bytes, value: object) -> bytes:
    """A frame of JSON."""
    return frame(kind, json.dumps(value).encode())


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """The next frame, which holds JSON; None where the channel is closed."""
    head = _exactly(channel, FRAME.size)
    text = head and _exactly(channel, FRAME.unpack(head)[1])
    return None if text is None else dict(json.loads(text))


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = channel.recv(min(size - len(found), 1 << 20))
        if not part:
            return None
        found += part
    return bytes(found)
