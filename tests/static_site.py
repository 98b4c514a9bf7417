"""A folder behind a real web server, and a reader that follows every link in it."""

from __future__ import annotations

import functools
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import html5lib


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of the folder on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Walk:
    """What a reader met: ``faults`` one line each; ``reached`` the paths; ``external`` the addresses elsewhere."""

    faults: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    external: set[str] = field(default_factory=set)


def walk(root: str) -> Walk:
    """Follow every link from the front page, to the very fragments; the pages must be HTML without an error."""
    found, ids, fragments, waiting, seen = Walk(), dict[str, set[str]](), set[tuple[str, str, str]](), [root], {root}
    while waiting:
        address = waiting.pop()
        try:
            with urllib.request.urlopen(address) as answer:
                content, kind = answer.read(), answer.headers["content-type"]
        except urllib.error.HTTPError as error:
            with error:
                found.faults.append(f"{address}: {error.code}")
            continue
        found.reached.add(urllib.parse.unquote(address.removeprefix(root)))
        if not kind.startswith("text/html"):
            continue
        ids[address], links = _read(content, address, found)
        for link in links:
            target, fragment = urllib.parse.urldefrag(urllib.parse.urljoin(address, link))
            if not target.startswith(root):
                found.external.add(target)
                continue
            if fragment:
                fragments.add((address, target, urllib.parse.unquote(fragment)))
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    found.faults += [
        f"{page}: no {target}#{name}" for page, target, name in fragments if name not in ids.get(target, ())
    ]
    return found


def _read(content: bytes, address: str, found: Walk) -> tuple[set[str], list[str]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(content, transport_encoding="utf-8")
    found.faults += [f"{address}: {code} at {place}" for place, code, _ in parser.errors]
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    found.faults += [f"{address}: id {name} twice" for name in set(ids) if ids.count(name) > 1]
    found.faults += [f"{address}: a script" for _ in document.iter("script")]
    if document.get("lang") not in ("id", "en"):
        found.faults.append(f"{address}: no language")
    if len(list(document.iter("h1"))) != 1 or len(list(document.iter("main"))) != 1:
        found.faults.append(f"{address}: not one main heading")
    links = [
        element.get(name) for element in document.iter() for name in ("href", "src") if element.get(name) is not None
    ]
    return set(ids), links
