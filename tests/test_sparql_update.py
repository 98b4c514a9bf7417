"""SPARQL updates over real HTTP: the W3C's requests, who may send them, what they leave alone, and what is kept."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import POST, SPARQLWrapper

from command import kg
from kg import store as stores
from kg import vocabulary as v
from kg.errors import KgError
from kg.serve.sparql.pool import can_fork
from kg.serve.sparql.token import Token
from loopback import served, serving
from sparql_suite import DATA, SD, UPDATE_ENTRIES, Reply, ask, expectations, needs_suites, requests, select

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system can't fork: no SPARQL endpoint")
TOKEN = "a-token-of-some-length"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def folder(store_of_the_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("updated")
    shutil.copytree(store_of_the_sample, folder / "kg-store")
    (folder / "token").write_text(f"{TOKEN}\n")
    return folder


@pytest.fixture(scope="module")
def root(folder: Path) -> Iterator[str]:
    with served(folder, "--update-token-file", "token", "--timeout", "20") as address:
        yield f"{address}sparql"


def update(root: str, text: str, **headers: str) -> Reply:
    return ask(root, "POST", text.encode(), **{"Content_Type": "application/sparql-update", **BEARER, **headers})


def holds(root: str, pattern: str) -> bool:
    return bool(json.loads(select(root, f"ASK {{ {pattern} }}")[2])["boolean"])


def count(root: str) -> int:
    found = json.loads(select(root, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")[2])
    return int(found["results"]["bindings"][0]["n"]["value"])


@needs_suites
@pytest.mark.parametrize("entry", UPDATE_ENTRIES)
def test_an_update_request_of_the_protocol_suite(root: str, entry: str) -> None:
    for response, path, method, body, headers in requests(entry):
        status, _, content = ask(path.replace("/sparql/", root, 1), method, body, **{**headers, **BEARER})
        statuses, truth = expectations(response)
        assert str(status)[0] in statuses, content
        assert status != 401
        assert truth is None or json.loads(content)["boolean"] is truth


@needs_suites
def test_the_protocol_suite_has_its_updates() -> None:
    assert len(UPDATE_ENTRIES) == 14
    assert DATA


def test_what_is_put_in_is_asked_with_the_rest_and_taken_out_again(root: str, folder: Path) -> None:
    assert update(root, "DROP ALL")[0] == 200
    before = count(root)
    status, _, said = update(root, "INSERT DATA { <x:a> <x:b> 1 . GRAPH <x:g> { <x:a> <x:b> 1 , [] } }")
    assert (status, json.loads(said)) == (200, {"inserted": 3, "deleted": 0})
    assert count(root) == before + 3
    assert holds(
        root, f"<x:a> <x:b> 1 . GRAPH <{v.DEFAULT_BASE}own> {{ <x:a> <x:b> 1 }} GRAPH <x:g> {{ <x:a> <x:b> 1 }}"
    )
    copied = "INSERT { GRAPH <x:g> { ?a <x:copied> ?t } } WHERE { ?a a schema:NewsArticle , ?t }"
    assert update(root, copied)[0] == 200
    assert holds(root, "GRAPH <x:g> { ?a <x:copied> ?t }")
    assert update(root, "DELETE DATA { <x:a> <x:b> 1 }")[0] == 200
    assert holds(root, "<x:a> <x:b> 1"), "the other graph still says so"
    assert json.loads(update(root, "DROP ALL")[2]) == {"inserted": 0, "deleted": 4}  # the article has two types
    assert count(root) == before
    assert not holds(root, "<x:a> <x:b> 1")


def test_it_is_kept_in_the_store_and_never_given_away_with_facts(root: str, folder: Path) -> None:
    assert update(root, "INSERT DATA { GRAPH <x:kept> { <x:kept> a schema:NewsArticle ; <x:secret> 'x' } }")[0] == 200
    log = [json.loads(line) for line in kg("log", cwd=folder).stdout.splitlines()]
    assert (log[-1]["action"], log[-1]["quads"], log[-1]["graphs"]) == ("update", 2, ["x:kept"])
    assert TOKEN not in (folder / "kg-store" / "log.jsonl").read_text()
    assert "x:secret" not in kg("export", "-f", "nquads", cwd=folder).stdout
    assert "x:secret" in kg("query", "-", "-f", "csv", cwd=folder, stdin="SELECT ?p { <x:kept> ?p 'x' }").stdout
    shutil.rmtree(folder / "kg-store" / "view")  # it is made anew
    assert "x:secret" in kg("query", "-", "-f", "csv", cwd=folder, stdin="SELECT ?p { <x:kept> ?p 'x' }").stdout
    with stores.open_store(folder / "kg-store", read_only=True) as kept:
        assert len(kept.articles()) == 1
    assert update(root, "DROP GRAPH <x:kept>")[0] == 200


@pytest.mark.parametrize(
    ("text", "status", "why"),
    [
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", 403, "an update may change graphs whose names"),
        (
            f"CLEAR GRAPH <{v.DEFAULT_BASE}id/reference>",
            403,
            "an update may change graphs whose names don't begin with",
        ),
        ("LOAD <http://127.0.0.1:9/x>", 403, "LOAD would fetch <http://127.0.0.1:9/x>"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }", 403, "SERVICE would ask"),
        ("INSERT DATA {\n<x:a> <x:b> }", 400, "line 2, column 13: not understood at '}'"),
        ("CREATE GRAPH <x:c>; INSERT DATA { GRAPH <x:c> { <x:a> <x:b> 1 } }; CREATE GRAPH <x:c>", 409, "<x:c> exists"),
    ],
)
def test_what_is_refused_changes_nothing(root: str, text: str, status: int, why: str) -> None:
    before = count(root)
    found, _, said = update(root, text, Accept="text/plain")
    assert (found, why in said.decode()) == (status, True), said
    assert count(root) == before


def test_who_may_change_what(root: str, folder: Path) -> None:
    text, before = "INSERT DATA { <x:a> <x:b> 1 }", count(root)
    for header in ("", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"):
        status, headers, said = update(root, text, Authorization=header)
        assert (status, headers["www-authenticate"]) == (401, 'Bearer realm="update"')
        assert TOKEN.encode() not in said
    assert update(root, text, Origin="http://elsewhere.example")[0] == 403
    assert update(root, text, Sec_Fetch_Site="cross-site")[0] == 403
    assert count(root) == before
    assert update(root, text, Origin=root.removesuffix("/sparql"), Sec_Fetch_Site="same-origin")[0] == 200
    assert update(root, "DROP ALL")[0] == 200
    with served(folder) as address:
        status, _, said = update(f"{address}sparql", text, Accept="text/plain")
        assert (status, b"--update-token-file" in said) == (403, True)


class Elsewhere(BaseHTTPRequestHandler):
    """A server with one small graph, a text that is none, and a way on to the graph."""

    def do_GET(self) -> None:
        """Answer."""
        body = b"<x:far> <x:b> [] ." if self.path == "/graph" else b"no Turtle"
        self.send_response(302 if self.path == "/on" else 200)
        if self.path == "/on":
            self.send_header("Location", f"http://{self.headers['Host']}/graph")
        self.send_header("Content-Type", "text/turtle")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests say nothing."""


def test_load_fetches_an_address_that_is_allowed_by_name_and_no_other(folder: Path) -> None:
    with serving(Elsewhere) as far:
        allowed = [word for path in ("graph", "on", "text") for word in ("--allow-service", f"{far}/{path}")]
        with served(folder, "--update-token-file", "token", *allowed) as address:
            root = f"{address}sparql"
            status, _, said = update(root, f"LOAD <{far}/graph> INTO GRAPH <x:l>")
            assert (status, json.loads(said)) == (200, {"inserted": 1, "deleted": 0})
            assert holds(root, "GRAPH <x:l> { <x:far> <x:b> ?o }")
            for path, why in (("on", b"redirect"), ("text", b"can't be loaded")):
                status, _, said = update(root, f"LOAD <{far}/{path}> INTO GRAPH <x:l>", Accept="text/plain")
                assert (status, why in said) == (409, True), said
            assert update(root, f"LOAD <{far}/graph?x> INTO GRAPH <x:l>")[0] == 403
            assert update(root, f"LOAD SILENT <{far}/text>")[0] == 200
            assert json.loads(update(root, "DROP ALL")[2])["deleted"] == 1


def test_a_token_that_is_none(folder: Path) -> None:
    for word in ("", "short", "two words of some length", "ä" * 20):
        with pytest.raises(KgError, match="openssl rand"):
            Token(word, "token")
    assert TOKEN not in repr(vars(Token(TOKEN, "token")))
    done = kg("serve", "--update-token-file", "token", "--graph", "x.ttl", cwd=folder)
    assert (done.returncode, "serve a store" in done.stderr) == (2, True)
    done = kg("serve", "--update-token-file", "none", cwd=folder)
    assert (done.returncode, "none: can't be read" in done.stderr) == (2, True), done.stderr


def test_the_service_says_that_it_takes_updates(root: str) -> None:
    described = rdflib.Graph().parse(ask(root, Accept="text/turtle")[2], format="turtle")
    languages = {
        str(each).rpartition("#")[2] for each in described.objects(None, rdflib.URIRef(f"{SD}supportedLanguage"))
    }
    assert languages == {"SPARQL11Query", "SPARQL11Update"}


def test_other_makers_clients_change_their_graphs(root: str) -> None:
    client = SPARQLWrapper(root)
    client.setMethod(POST)
    client.addCustomHttpHeader("Authorization", BEARER["Authorization"])
    client.setQuery("INSERT DATA { GRAPH <x:w> { <x:a> <x:b> 1 } }")
    client.query()
    assert holds(root, "GRAPH <x:w> { <x:a> <x:b> 1 }")
    store = SPARQLUpdateStore(root, root, headers=BEARER)
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("x:w"))
    graph.add((rdflib.URIRef("x:s"), rdflib.URIRef("x:p"), rdflib.Literal("'} ; DROP ALL")))
    graph.remove((rdflib.URIRef("x:a"), None, None))
    assert holds(root, 'GRAPH <x:w> { <x:s> <x:p> "\'} ; DROP ALL" }')
    assert not holds(root, "GRAPH <x:w> { <x:a> ?p ?o }")
    assert update(root, "DROP ALL")[0] == 200


def test_updates_at_once_come_one_after_the_other(root: str) -> None:
    def add(number: int) -> None:
        replies.append(update(root, f"INSERT DATA {{ GRAPH <x:many> {{ <x:a> <x:b> {number} }} }}")[0])

    replies: list[int] = []
    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [200] * 4
    assert json.loads(update(root, "DROP GRAPH <x:many>")[2])["deleted"] == 4


def test_while_another_program_writes_an_update_is_told_so(root: str, folder: Path) -> None:
    code = "import sys; from kg import store; s = store.open_store('kg-store'); print(1, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        status, headers, said = update(root, "CLEAR ALL", Accept="text/plain")
        writer.communicate()
    assert (status, headers["retry-after"], f"process {writer.pid} " in said.decode()) == (503, "5", True)


def test_an_update_that_runs_away_is_ended_and_changes_nothing(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "kg-store", tmp_path / "kg-store")
    (tmp_path / "token").write_text(TOKEN)
    with served(tmp_path, "--update-token-file", "token", "--timeout", "2") as address:
        root = f"{address}sparql"
        before = count(root)
        text = "INSERT { <x:a> <x:b> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
        status, _, said = update(root, f"INSERT DATA {{ <x:c> <x:d> 1 }} ; {text}", Accept="text/plain")
        assert (status, said.decode().partition(";")[0]) == (503, "not done within 2 s")
        assert count(root) == before
        assert update(root, "INSERT DATA { <x:c> <x:d> 1 }")[0] == 200
    assert [path.name for path in (tmp_path / "kg-store" / "view").glob("0-*")] == []
