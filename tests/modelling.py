"""A small server that speaks as much of the OpenAI API as a proposer needs, and answers as a test says."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from loopback import Server, serving

Say = Callable[["Model"], None]

TEXT = (
    "NusaWarta.id (Bitung) - Forum Air Nusantara berlangsung di Kota Bitung pada 3 Maret 2025. "
    "Wali Kota Bitung Ratna Dewi memukul gong bersama para tamu.\n"
)
CLAIM = {
    "relation": "attended_by",
    "trigger": "memukul gong",
    "meeting": "Forum Air Nusantara",
    "participant": {"words": "Ratna Dewi", "kind": "Official"},
}
INVENTED = {**CLAIM, "trigger": "memukul gong dengan hangat"}
KEY = "sk-very-secret-123"


@dataclass
class Script:
    """What the server does: the first requests by ``first``, the others by ``answer``; and what it was asked."""

    answer: Callable[[str], Any] = lambda _: {"claims": []}  # what is asked -> what is said
    first: list[Say] = field(default_factory=list)
    takes: Sequence[str | None] = ("json_schema", "json_object", None)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [request["messages"][1]["content"] for request in self.requests]


class Model(BaseHTTPRequestHandler):
    script: ClassVar[Script] = Script()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.script.requests.append(asked)
        self.script.headers.append({key.lower(): value for key, value in self.headers.items()})
        if self.script.first:
            self.script.first.pop(0)(self)
            return
        form = asked.get("response_format", {})
        if form.get("type") not in self.script.takes:
            self.error(400, f"response_format {form.get('type')} is not supported")
            return
        assert form.get("type") != "json_schema" or form["json_schema"]["schema"]["type"] == "object"
        assert self.path == "/v1/chat/completions"
        self.say(self.script.answer(asked["messages"][1]["content"]))

    def say(self, content: Any, finish: str = "stop", **more: Any) -> None:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
        usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
        self.send(200, {"object": "chat.completion", "choices": [choice], "usage": usage, **more})

    def error(self, status: int, message: str, **headers: str) -> None:
        self.send(status, {"error": {"message": message}}, **headers)

    def send(self, status: int, found: Any, **headers: str) -> None:
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def break_off(self) -> None:
        self.send(200, b'{"choices": [{"mess', Content_Length="5000")
        self.close_connection = True

    def never(self) -> None:
        assert isinstance(self.server, Server)
        self.server.ended.wait(5)

    def log_message(self, *_: object) -> None: ...


@contextlib.contextmanager
def model(script: Script) -> Iterator[str]:
    """A server with that script; gives the address of its API."""
    Model.script = script
    with serving(Model) as address:
        yield f"{address}/v1"
