"""The SPARQL endpoint against other makers' servers: the same triples, questions and load, one after the other.

    python benchmarks/endpoint.py /tmp/big/100k --rdflib-endpoint PYTHON

The graph is the default graph of a view that `big_graphs.py` made. The peers are Oxigraph's own server (development
package), Virtuoso (Debian: virtuoso-opensource-7) and rdflib-endpoint over rdflib and over Oxigraph (`pip install
'rdflib-endpoint[cli]' oxrdflib` in an environment of its own, whose Python is named); one that isn't there is left
out. `wrk` (Debian) asks, one thread, each cell some seconds: a lookup of one thing by its id, a join over the tenures
of one body, both ever of another one, and a count of all things by type. Each server first answers some questions of
each kind, and the number of rows is compared. Each request has a comment of its own, so that no answer is known from
before; those that are asked "again" have not. What wrk can do is measured on a server that answers without looking.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from virtuoso import PASSWORD, USER
from virtuoso import virtuoso as virtuoso_of_tests

CLIENTS: Final = (1, 8, 64)
COUNT: Final = "SELECT ?type (COUNT(?s) AS ?n) { ?s a ?type } GROUP BY ?type"
PREFIXES: Final = (
    "PREFIX org: <http://www.w3.org/ns/org#> PREFIX kg: <https://w3id.org/jejaring/ontology#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)


@dataclass(frozen=True)
class Cell:
    """What one server did with one question and so many clients: requests a second, milliseconds, failures."""

    rate: float
    middle: float
    slowest: float
    failed: int


def questions(graph: ox.Store, number: int = 200) -> dict[str, list[str]]:
    """Each kind of question with its texts."""

    def ids(pattern: str) -> list[str]:
        found = graph.query(f"{PREFIXES} SELECT DISTINCT ?x {{ {pattern} }} LIMIT {number}")
        return [str(row["x"]) for row in found]  # type: ignore[union-attr]

    join = (
        "SELECT ?name ?post {{ ?t org:organization {0} ; org:member ?p ; kg:post ?q . "
        "?p skos:prefLabel ?name . ?q skos:prefLabel ?post }}"
    )
    return {
        "lookup": [f"SELECT ?p ?o {{ {each} ?p ?o }}" for each in ids("?t org:member ?x")],
        "join": [PREFIXES + join.format(each) for each in ids("?t org:organization ?x ; org:member ?p")],
        "group-by": [COUNT],
        "group-by, again": [COUNT],
    }


# ---------------------------------------------------------------- servers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], port: int, folder: Path, seconds: float = 1800) -> Iterator[int]:
    """A server once it takes connections; gives its process id."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        until = time.monotonic() + seconds
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                if program.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{command[0]} doesn't serve")
                time.sleep(0.1)
            yield program.pid
        finally:
            program.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(20)
            program.kill()


@contextlib.contextmanager
def ours(data: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(data), "--port", str(port)]
    with running([*command, "--workers", str(os.cpu_count())], port, folder):
        yield f"http://127.0.0.1:{port}/sparql"


@contextlib.contextmanager
def oxigraph(data: Path, folder: Path) -> Iterator[str]:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if program is None:
        raise LookupError("no oxigraph")
    port, place = free_port(), str(folder / "ox")
    subprocess.run([program, "load", "--location", place, "--file", str(data)], check=True, capture_output=True)
    with running([program, "serve-read-only", "--location", place, "--bind", f"127.0.0.1:{port}"], port, folder):
        yield f"http://127.0.0.1:{port}/query"


@contextlib.contextmanager
def virtuoso(data: Path, folder: Path) -> Iterator[str]:
    shutil.copy(data, folder / "data.nt")
    load = "DB.DBA.TTLP_MT(file_to_string_output('data.nt'), '', 'urn:data'); checkpoint;"
    with virtuoso_of_tests(folder, clients=70, buffers=100_000) as found:
        command = ["isql-vt", found.sql, USER, PASSWORD, f"exec={load}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if "Error" in done.stderr or done.returncode:
            raise RuntimeError(done.stderr)
        yield f"{found.address}/sparql?default-graph-uri=urn%3Adata"


@contextlib.contextmanager
def rdflib_endpoint(data: Path, folder: Path, python: str, store: str) -> Iterator[str]:
    port = free_port()
    program = str(Path(python).with_name("rdflib-endpoint"))
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), "--store", store, str(data)]
    with running(command, port, folder):
        yield f"http://127.0.0.1:{port}/"


@contextlib.contextmanager
def nothing(folder: Path) -> Iterator[str]:
    """A server in C that answers each request with the same few bytes, whatever it is: wrk's own limit."""
    (folder / "nothing.txt").write_text("x" * 2000)
    port = free_port()
    code = (
        "import asyncio\n"
        "class P(asyncio.Protocol):\n"
        " def connection_made(s,t): s.t=t\n"
        " def data_received(s,d): s.t.write(A*d.count(b'\\r\\n\\r\\n'))\n"
        "A=b'HTTP/1.1 200 OK\\r\\nContent-Length: 2000\\r\\n\\r\\n'+b'x'*2000\n"
        f"l=asyncio.new_event_loop(); l.run_until_complete(l.create_server(P,'127.0.0.1',{port})); l.run_forever()\n"
    )
    with running([sys.executable, "-c", code], port, folder):
        yield f"http://127.0.0.1:{port}/"


# ---------------------------------------------------------------- asking


def address(server: str, query: str) -> str:
    return f"{server}{'&' if '?' in server else '?'}{urllib.parse.urlencode({'query': query})}"


def rows(server: str, query: str) -> int:
    accept = {"Accept": "application/sparql-results+json"}
    with urllib.request.urlopen(urllib.request.Request(address(server, query), headers=accept), timeout=300) as reply:
        return len(json.load(reply)["results"]["bindings"])


def load(server: str, texts: Sequence[str], clients: int, seconds: float, folder: Path, *, anew: bool = True) -> Cell:
    """What wrk measures. ``anew``: each request has a comment of its own, so that nobody knows it from before."""
    comment = " .. '%20%23' .. at" if anew else ""
    paths = [address(server, text).split("/", 3)[3] for text in texts]
    script = folder / "ask.lua"
    script.write_text(
        f"local paths = {{ {', '.join(json.dumps('/' + path) for path in paths)} }}\nlocal at = 0\n"
        'wrk.headers["Accept"] = "application/sparql-results+json"\n'
        f"request = function() at = at + 1; return wrk.format('GET', paths[at % #paths + 1]{comment}) end\n"
        "done = function(s, l, r) io.write(string.format('=%d %d %f %f %d\\n', s.requests, s.duration, "
        "l:percentile(50), l:percentile(99), s.errors.connect + s.errors.read + s.errors.write + s.errors.status + "
        "s.errors.timeout)) end\n"
    )
    root = "/".join(server.split("/", 3)[:3])
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "30s", "-s", str(script), root]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"=(\d+) (\d+) ([\d.]+) ([\d.]+) (\d+)", done.stdout)
    assert found, done.stdout
    requests, duration, middle, slowest = (float(found[number]) for number in range(1, 5))
    return Cell(requests / duration * 1e6, middle / 1e3, slowest / 1e3, int(found[5]))


def measure(name: str, server: str, asked: dict[str, list[str]], seconds: float, folder: Path) -> dict[str, Cell]:
    cells = {}
    for kind, texts in asked.items():
        anew = not kind.endswith("again")
        load(server, texts, 2, min(1, seconds), folder, anew=anew)  # warm
        for clients in CLIENTS:
            cells[f"{kind} {clients}"] = load(server, texts, clients, seconds, folder, anew=anew)
    print(f"{name} measured", file=sys.stderr, flush=True)
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("view", type=Path)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rdflib-endpoint", metavar="PYTHON")
    parser.add_argument("--only", help="names of servers, with commas between")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("endpoint.py needs wrk (Debian: apt-get install wrk)")
    view = ox.Store.read_only(str(options.view))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "graph.nt"
        with data.open("wb") as file:
            ox.serialize((quad.triple for quad in view.quads_for_pattern(None, None, None, ox.DefaultGraph())), file,
                         ox.RdfFormat.N_TRIPLES)  # fmt: skip
        asked = questions(view)
        graph = ox.Store()
        graph.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
        wanted = [len(list(graph.query(text))) for text in first(asked)]  # type: ignore[arg-type]
        servers = {
            "kg serve": ours(data, folder),
            "oxigraph": oxigraph(data, folder),
            "virtuoso": virtuoso(data, folder),
        }
        if options.rdflib_endpoint:
            for store in ("Oxigraph", "default"):
                servers[f"rdflib-endpoint {store}"] = rdflib_endpoint(data, folder, options.rdflib_endpoint, store)
        found: dict[str, dict[str, Cell]] = {}
        with nothing(folder) as server:
            cell = load(server, ["ASK {}"], 64, options.seconds, folder)
            print(f"{len(graph):,} triples; wrk alone {cell.rate:,.0f} requests/s of 2 kB")
        for name, starting in servers.items():
            if options.only and name.split()[0] not in options.only.split(","):
                continue
            try:
                with starting as server:
                    given = [rows(server, text) for text in first(asked)]
                    if given != wanted:
                        print(f"{name}: other rows: {given}, not {wanted}")
                    found[name] = measure(name, server, asked, options.seconds, folder)
            except LookupError as error:
                print(f"{error}: left out")
        show(found)


def first(asked: dict[str, list[str]]) -> list[str]:
    return [text for texts in asked.values() for text in islice(texts, 5)]


def show(found: dict[str, dict[str, Cell]]) -> None:
    """Requests a second, p50 and p99 in ms; in brackets how many times as many requests as ours."""
    own = found.get("kg serve", {})
    for cell in next(iter(found.values())):
        for name, cells in found.items():
            each = cells[cell]
            ratio = f"{own[cell].rate / each.rate:6.2f}x ours/theirs" if own and each.rate else ""
            failed = f"  {each.failed} FAILED" if each.failed else ""
            if not each.rate:
                print(f"{cell:<19} {name:<25} no answer within the time")
                continue
            times = f"p50 {each.middle:8.2f}  p99 {each.slowest:8.2f} ms"
            print(f"{cell:<19} {name:<25} {each.rate:9,.0f}/s  {times}  {ratio}{failed}")


if __name__ == "__main__":
    main()
