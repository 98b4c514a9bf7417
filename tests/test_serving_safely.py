"""What `kg serve` keeps to, whoever asks: headers, limits, names, turns, time-outs, logs, counts, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import re
import signal
import socket
import sys
import textwrap
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import aside
from kg.serve.turns import TooMany, Turns, network_of
from serving import Running, running

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"}


@pytest.fixture(scope="module")
def server(store_of_the_sample: Path) -> Iterator[Running]:
    with running(store_of_the_sample.parent, "--log-format", "json", "--allow-host", "data.example") as found:
        yield found


# ---------------------------------------------------------------- headers and names


@pytest.mark.parametrize("path", ["/", "/nothing", "/sparql?query=ASK%7B%7D", "/sparql?query=nonsense", "/healthz"])
def test_every_answer_has_strict_headers(server: Running, path: str) -> None:
    _, headers, _ = server.ask(path)
    assert set((headers["Content-Security-Policy"] or "").split("; ")) >= POLICY
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if path.startswith("/sparql") else "same-origin")
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"] is None
    assert "server" not in headers


def test_a_preview_may_be_framed_and_runs_nothing(server: Running) -> None:
    status, headers, page = server.ask("/reconcile/preview?id=place/35.78")
    assert (status, "frame-ancestors *" in headers["Content-Security-Policy"]) == (200, True)
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<style>" in page


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200), ("localhost:9999", 200), ("[::1]:80", 200), ("10.1.2.3", 200), ("data.example", 200),
        ("DATA.example.:8000", 200), ("evil.example", 421), ("127.0.0.1.x.example", 421), ("localhost@x.example", 421),
        ("127.0.0.1:x", 421), ("", 421), ("data.example/x", 421),
    ],
)  # fmt: skip
def test_it_answers_under_its_own_names_only(server: Running, host: str, status: int) -> None:
    reply = server.send(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert int(reply.split()[1]) == status


def test_behind_a_proxy_with_tls_browsers_are_told_to_keep_to_it(store_of_the_sample: Path) -> None:
    with running(store_of_the_sample.parent, "--base-url", "https://data.example.go.id/") as server:
        _, headers, _ = server.ask("/", Host="data.example.go.id", X_Forwarded_Proto="https")
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert server.ask("/", Host="data.example.go.id")[1]["Strict-Transport-Security"] is None


# ---------------------------------------------------------------- limits

TRAVERSALS = [
    "/../../../../etc/passwd", "/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2f..%2fetc/passwd", "/static/%252e%252e/%252e%252e/etc/passwd", "//etc/passwd",
    "/static/..%5c..%5c..%5cetc%5cpasswd", "/static//etc/passwd", "/data/../../../../etc/passwd",
    "/data/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/id/..%2f..%2f..%2fetc%2fpasswd", "/static/%c0%ae%c0%ae/etc/passwd",
    "/static/..;/..;/etc/passwd", "/page/..%2f..%2f..%2fetc%2fpasswd", "/static/%2e%2e%2fapp.py", "/static/../app.py",
    "/static/vendor/../../app.py", "/static/%2e%2e/templates/base.html",
]  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out(server: Running, path: str) -> None:
    reply = server.send(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    assert int(reply.split()[1]) in (400, 404, 405)
    assert b"root:" not in reply
    assert b"import " not in reply


def test_a_nul_is_refused(server: Running) -> None:
    reply = server.send(b"GET /id/%00 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 400")


def test_requests_have_a_size(server: Running) -> None:
    assert server.ask("/" + "x" * 17_000)[0] == 414
    assert server.ask("/?q=" + "x" * 17_000)[0] == 414
    head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"x" * 70_000
    assert server.send(head).startswith(b"HTTP/1.1 431")
    large = b"POST /reconcile HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999999999\r\nConnection: close\r\n\r\n"
    assert server.send(large).startswith(b"HTTP/1.1 413")


def test_a_body_without_a_length_has_a_size_too(server: Running) -> None:
    start = b"POST /reconcile HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
    start += b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as peer:
        reply = b""
        with contextlib.suppress(OSError):  # the server may close while we still send
            peer.sendall(start)
            for _ in range(80):
                peer.sendall(chunk)
        with contextlib.suppress(OSError):
            reply = peer.recv(100)
    assert reply.startswith((b"HTTP/1.1 413", b"")), reply
    assert server.ask("/healthz")[0] == 200


# ---------------------------------------------------------------- what is told


def test_the_log_tells_requests_and_no_secrets(server: Running) -> None:
    mark = "s3cret-in-a-query"
    server.ask(f"/sparql?query=ASK%7B%7D&token={mark}", X_Request_ID="trace-me-42", Authorization=f"Bearer {mark}")
    server.ask(f"/{mark}/nowhere")
    server.ask("/sparql", "POST", body=f"query={mark}", Content_Type="application/x-www-form-urlencoded")
    told = json.loads(server.wait_for("trace-me-42"))
    assert {name: told[name] for name in ("event", "method", "route", "status", "level", "client")} == {
        "event": "request", "method": "GET", "route": "/sparql", "status": 200, "level": "info", "client": "127.0.0.1",
    }  # fmt: skip
    assert told["ms"] >= 0
    server.wait_for('"status": 404')
    assert not [line for line in server.lines if mark in line]


def test_an_answer_bears_the_id_of_its_request(server: Running) -> None:
    assert server.ask("/healthz", X_Request_ID="abcdefgh-1")[1]["X-Request-ID"] == "abcdefgh-1"
    made = server.ask("/healthz", X_Request_ID="x" * 500)[1]["X-Request-ID"]
    assert made
    assert re.fullmatch("[0-9a-f]{32}", made)


def test_metrics_are_what_prometheus_reads(server: Running) -> None:
    for path in ("/", "/nowhere/1", "/nowhere/2", "/sparql?query=ASK%7B%7D", "/sparql?query=nonsense"):
        server.ask(path)
    status, headers, text = server.ask("/metrics")
    assert (status, headers.get_content_type()) == (200, "text/plain")
    found = {family.name: family for family in text_string_to_metric_families(text)}
    requests = {
        (sample.labels["route"], sample.labels["status"]): sample.value
        for sample in found["kg_http_requests"].samples
        if sample.name == "kg_http_requests_total" and sample.labels["method"] == "GET"
    }
    assert requests["/", "200"] >= 1
    assert requests["(none)", "404"] >= 2
    assert requests["/sparql", "400"] >= 1
    assert not [route for route, _ in requests if "nowhere" in route]
    outcomes = {sample.labels["outcome"] for sample in found["kg_sparql_queries"].samples if "outcome" in sample.labels}
    assert outcomes >= {"answered", "refused"}
    assert found["kg_http_request_duration_seconds"].type == "histogram"
    assert found["kg_graph_bytes"].samples[0].value > 0
    assert found["kg_http_requests_in_progress"].samples[0].value >= 1  # this one


def test_signs_of_life(server: Running) -> None:
    assert server.ask("/healthz")[::2] == (200, "ok\n")
    status, _, text = server.ask("/readyz")
    assert (status, json.loads(text)) == (200, {"status": "ready"})


# ---------------------------------------------------------------- the end


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_end(store_of_the_sample: Path, sign: int) -> None:
    with running(store_of_the_sample.parent, "--timeout", "2") as server:
        server.ask("/sparql?query=ASK%7B%7D")
        found: list[int] = []
        query = "/sparql?query=" + urllib.parse.quote(SLOW)
        asking = threading.Thread(target=lambda: found.append(server.ask(query)[0]))
        asking.start()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and "kg_sparql_queries_in_progress 1.0" not in server.ask("/metrics")[2]:
            time.sleep(0.02)
        assert server.stop(sign) == 0
        asking.join(20)
        assert found == [503]  # it has its time, and that ends
        with pytest.raises(ConnectionRefusedError):
            server.ask("/")


def test_others_are_warned_of(store_of_the_sample: Path) -> None:
    with running(store_of_the_sample.parent, "--host", "0.0.0.0") as server:
        assert "everybody who reaches 0.0.0.0" in server.wait_for("note:")
    with running(store_of_the_sample.parent) as server:
        server.wait_for("OpenRefine")
        assert not [line for line in server.lines if "note:" in line]


# ---------------------------------------------------------------- slow ones and many

PATIENT = """
import sys
from kg.serve import run
from kg.serve.patience import Patience

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    size = 50_000_000 if scope["path"] == "/large" else 2
    for at in range(0, size, 65536):
        await send({"type": "http.response.body", "body": b"x" * min(size - at, 65536), "more_body": True})
    await send({"type": "http.response.body", "body": b""})

def ready(address):
    print(address, file=sys.stderr, flush=True)

waits = Patience(head=0.6, body=0.6, answer=0.6, idle=1, stop=1, each=5)
run.serve(app, "127.0.0.1", 0, ready, patience=waits)
"""


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running([sys.executable, "-c", textwrap.dedent(PATIENT)], tmp_path_factory.mktemp("patient"))
    try:
        yield server
    finally:
        server.close()


GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("sent", "drop", "end"),
    [
        (b"", b"", b"408"),
        (GET, b"X-Slow: 1\r\n", b"408"),
        (GET.replace(b"GET", b"POST") + b"Content-Length: 100\r\n\r\n", b"x", b"408"),
        (GET + b"\r\n" + GET, b"X-Slow: 1\r\n", b"408"),  # the second request of a connection
        (GET + b"\r\n", b"\r\n", b"408"),  # lines between two requests
        (GET.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", b"408"),
        (GET + b"\r\n", b"", b"200"),  # an idle connection is closed without a word
    ],
    ids=["nothing", "headers", "body", "second", "lines", "chunks", "idle"],
)
def test_who_is_too_slow_is_cut_off(impatient: Running, sent: bytes, drop: bytes, end: bytes) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=10) as peer:
        peer.sendall(sent)
        reply, until = b"", time.monotonic() + 10
        peer.settimeout(0.1)
        while time.monotonic() < until:
            try:
                part = peer.recv(65536)
                if not part:
                    break
                reply += part
            except TimeoutError:
                if drop:
                    with contextlib.suppress(OSError):
                        peer.sendall(drop)
            except ConnectionError:
                break
        else:
            pytest.fail("still connected")
    assert re.findall(rb"HTTP/1.1 (\d+)", reply)[-1] == end


@pytest.mark.parametrize(
    "sent",
    [
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        GET + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        GET + b"Content-Length: +5\r\n\r\nhello",
        GET.replace(b"Host: x", b"Host : x") + b"\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
    ],
)
def test_what_two_readers_may_read_differently_is_refused(impatient: Running, sent: bytes) -> None:
    assert re.findall(rb"HTTP/1.1 (\d+)", impatient.send(sent)) == [b"400"]


def test_requests_in_a_row_are_answered_in_their_order(impatient: Running) -> None:
    reply = impatient.send(3 * (GET + b"\r\n") + GET + b"Connection: close\r\n\r\n")
    assert re.findall(rb"HTTP/1.1 (\d+)", reply) == [b"200"] * 4


def test_who_does_not_take_the_answer_is_cut_off(impatient: Running) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=10) as peer:
        peer.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.5)
        size = 0
        with contextlib.suppress(ConnectionError):
            while part := peer.recv(65536):
                size += len(part)
    assert size < 50_000_000


def test_a_client_has_its_share_of_connections(impatient: Running) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(socket.create_connection(("127.0.0.1", impatient.port), 10, ("127.0.0.9", 0)))
        with socket.create_connection(("127.0.0.1", impatient.port), 10, ("127.0.0.9", 0)) as peer:
            assert peer.recv(100).startswith(b"HTTP/1.1 429")
        assert impatient.ask("/")[0] == 200


def test_a_flood_and_slow_clients_do_not_keep_others_out(store_of_the_sample: Path) -> None:
    """200 connections that trickle, and one client that asks without pause on 60: others are answered."""
    over = threading.Event()
    flooded: Counter[int] = Counter()

    def flood(port: int) -> None:
        while not over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=("127.0.0.3", 0))
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
                while not over.is_set():
                    connection.request("GET", "/reconcile/suggest/entity?prefix=kota")
                    reply = connection.getresponse()
                    reply.read()
                    flooded[reply.status] += 1

    with running(store_of_the_sample.parent) as server, contextlib.ExitStack() as stack:
        slow = []
        for _ in range(200):
            peer = socket.create_connection(("127.0.0.1", server.port), 10, ("127.0.0.2", 0))
            slow.append(stack.enter_context(peer))
            with contextlib.suppress(OSError):
                peer.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        threads = [threading.Thread(target=flood, args=(server.port,), daemon=True) for _ in range(60)]
        for thread in threads:
            thread.start()
        try:
            answers = Counter(server.ask("/sparql?query=ASK%7B%7D")[0] for _ in range(10))
            answers += Counter(server.ask("/")[0] for _ in range(10))
        finally:
            over.set()
        for thread in threads:
            thread.join(30)
        refused = 0
        for peer in slow:
            peer.setblocking(False)
            with contextlib.suppress(OSError):
                refused += peer.recv(20).startswith(b"HTTP/1.1 429")
    assert answers == {200: 20}
    assert refused >= 90  # more than its 100 connections one client can't have
    assert set(flooded) == {200}


# ---------------------------------------------------------------- turns


def test_places_go_round() -> None:
    async def order() -> list[str]:
        turns, found = Turns(places=1, share=1), list[str]()

        async def ask(client: str) -> None:
            async with turns.place(client):
                found.append(client)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            for client in ["flood"] * 50 + ["a", "b"]:
                group.create_task(ask(client))
        assert (turns.running, turns.waiting) == (0, 0)
        return found

    found = aside.run(order())
    assert found.index("a") <= 3
    assert found.index("b") <= 3
    assert found.count("flood") == 50


def test_a_client_has_its_share_of_places_and_of_the_line() -> None:
    async def scene() -> None:
        turns = Turns(places=4, share=2, line=1)
        async with turns.place("a"), turns.place("a"):
            waiting = asyncio.ensure_future(turns.place("a").__aenter__())
            await asyncio.sleep(0)
            assert (turns.running, turns.waiting) == (2, 1)
            with pytest.raises(TooMany):
                await turns.place("a").__aenter__()
            async with turns.place("b"):
                assert turns.running == 3
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert turns.waiting == 0
        assert turns.running == 0

    aside.run(scene())


def test_a_network_of_ipv6_is_one_client() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1"
    assert network_of("10.0.0.1") == "10.0.0.1"
