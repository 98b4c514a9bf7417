"""SERVICE: no query reaches a machine that its user hasn't named; one that is named is really asked."""

from __future__ import annotations

import contextlib
import sys
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from command import kg
from kg import federation, query, view
from kg.errors import QueryError
from loopback import Server, free_port, listening, running, serving

DATA = "<http://example.org/a> <http://example.org/p> 'satu' ."


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A SPARQL endpoint of another maker with one triple."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        pytest.skip("the oxigraph server (dev dependency `oxigraph`) isn't installed")
    port = free_port()
    with running([str(program), "serve", "--bind", f"127.0.0.1:{port}"], port):
        update = urllib.request.Request(
            f"http://127.0.0.1:{port}/update",
            f"INSERT DATA {{ {DATA} }}".encode(),
            {"Content-Type": "application/sparql-update"},
        )
        urllib.request.urlopen(update, timeout=10).close()
        yield f"http://127.0.0.1:{port}/query"


def small() -> Store:
    store = Store()
    store.add(Quad(NamedNode("http://example.org/a"), NamedNode("http://example.org/q"), Literal(2)))
    return store


def ask(text: str, *allowed: str, seconds: float = 10) -> query.Rows:
    found = query.run(small(), query.own(text, "own.rq"), allowed=allowed, seconds=seconds)
    assert isinstance(found, query.Rows)
    return found


def test_an_allowed_endpoint_is_asked_and_joined(endpoint: str) -> None:
    text = f"SELECT ?mine ?theirs {{ ?a <http://example.org/q> ?mine . SERVICE <{endpoint}> {{ ?a ?p ?theirs }} }}"
    assert [[term.value for term in row if term] for row in ask(text, endpoint).rows] == [["2", "satu"]]


def test_at_any_depth(endpoint: str) -> None:
    text = f"""SELECT ?theirs {{ {{ SELECT * {{ OPTIONAL {{ ?a ?q 2 . FILTER EXISTS {{
        SERVICE SILENT <{endpoint}> {{ ?a ?p 'satu' }} }} BIND("ada" AS ?theirs) }} }} }} }}"""
    assert [[term.value for term in row if term] for row in ask(text, endpoint).rows] == [["ada"]]


REFUSED = (
    "SELECT * { SERVICE %s {?a ?b ?c} }",
    "SELECT * { SERVICE SILENT %s {?a ?b ?c} }",
    "SELECT * { {SELECT * { OPTIONAL { service %s {?a ?b ?c} } }} }",
    "ASK { FILTER NOT EXISTS { SERVICE %s {?a ?b ?c} } }",
    "SELECT * { VALUES ?e { %s } SERVICE ?e {?a ?b ?c} }",
    "PREFIX e: %s SELECT * { SERVICE e: {?a ?b ?c} }",
    "BASE %s SELECT * { SERVICE <x> {?a ?b ?c} }",
    "SELECT * { ?a ?b ?c.SERVICE%s{?d ?e ?f} }",
    "SELECT * { ?a ?b 5SERVICE%s{?d ?e ?f} }",
    "SELECT * { {}# comment\rSERVICE%s{?d ?e ?f} }",
    "PREFIX : %s SELECT * { SERVICE:{?d ?e ?f} }",
    "PREFIX : %s SELECT * { SERVICESILENT:{?d ?e ?f} }",
    "SELECT * { \\u0053ERVICE %s {?d ?e ?f} }",
    "SELECT * { '\\u0027' SERVICE %s {?a ?b ?c} '\\u0027' }",
)


@pytest.mark.parametrize("text", REFUSED)
def test_no_other_machine_is_asked(text: str) -> None:
    with listening() as (port, heard):
        with pytest.raises(QueryError, match=r"SERVICE|not understood"):
            ask(text % f"<http://127.0.0.1:{port}/>", "http://127.0.0.1:1/")
        assert heard == []


def test_from_and_load_reach_no_other_machine() -> None:
    with listening() as (port, heard):
        there = f"<http://127.0.0.1:{port}/>"
        assert ask(f"SELECT * FROM {there} FROM NAMED {there} {{ ?a ?b ?c }}").rows == ()
        with pytest.raises(QueryError, match="LOAD would change the graph"):
            ask(f"LOAD {there}")
        assert heard == []


def test_from_is_the_graph_that_is_named_and_a_variable_of_that_name_is_none() -> None:
    store, graph = Store(), NamedNode("http://example.org/g")
    node = NamedNode("http://example.org/a")
    store.extend([Quad(node, node, Literal("one"), graph), Quad(node, node, Literal("other"), node)])

    def rows(text: str) -> list[str]:
        found = query.run(view.of(store), query.own(text, "own.rq"))
        assert isinstance(found, query.Rows)
        return [str(term) for row in found.rows for term in row]

    assert rows("SELECT ?o FROM <http://example.org/g> { ?s ?p ?o }") == ['"one"']
    assert rows("SELECT ?from { GRAPH ?g { ?s ?p ?from } }") == ['"one"', '"other"']
    assert rows("SELECT ?from { ?s ?p ?from }") == ['"one"', '"other"']


PIECES = (
    "SERVICE", "service", "SILENT", "SERVICE SILENT", "SERVICESILENT", "{}", "{?d ?e ?f}", "{", "}", "?a ", "?b ", "?c",
    ".", ";", "5", "1.", "true", "ex:a", ":a", "ex:", ":", "a", "#x\r", "#x\n", " ", "'s'", '"s"', "'''", "@en", "<",
    ">", "\\u0053", "_:b", "[]", "UNION", "OPTIONAL", "FILTER(?a<?b)", "FILTER EXISTS", "^", "/", "*", "?",
)  # fmt: skip


@pytest.fixture(scope="module")
def ear() -> Iterator[tuple[int, list[bytes]]]:
    with listening() as heard:
        yield heard


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.sampled_from(PIECES), max_size=6),
    word=st.sampled_from(("SERVICE", "SERVICE ", "SERVICE SILENT ", "SERVICESILENT")),
    target=st.sampled_from(("IRI", ":", "ex:a", "?a")),
)
@example(before=["?a ", "?b ", "ex:", "."], word="SERVICE", target="IRI")
def test_whatever_the_engine_follows_was_seen(
    ear: tuple[int, list[bytes]], before: list[str], word: str, target: str
) -> None:
    port, heard = ear
    heard.clear()
    there = f"<http://127.0.0.1:{port}/>"
    text = (
        f"PREFIX : {there} PREFIX ex: {there} SELECT * {{ {''.join(before)}{word}{target.replace('IRI', there)}{{}} }}"
    )
    with contextlib.suppress(SyntaxError, OSError, RuntimeError, ValueError):
        list(small().query(text))  # type: ignore[arg-type]
    assert federation.endpoints(text) or not heard, text


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("public SERVICE" AS ?a) {}',
        "PREFIX service: <http://example.org/service/> SELECT ?service { ?service a service:Service } # SERVICE",
        "SELECT * { ?s <http://example.org/SERVICE> ?o }",
        "SELECT * { ?s ?p 'x'@en-service }",
    ],
)
def test_the_word_itself_is_no_clause(text: str) -> None:
    assert federation.endpoints(text) == []
    ask(text)


def test_the_message_says_how_to_allow_it() -> None:
    with pytest.raises(QueryError) as error:
        ask("SELECT * { SERVICE <https://example.org/sparql> {?a ?b ?c} }")
    assert str(error.value) == (
        "own.rq: SERVICE would ask another machine, <https://example.org/sparql>; if that is wanted, "
        "add --allow-service https://example.org/sparql"
    )


class Slow(BaseHTTPRequestHandler):
    """Never answers in time."""

    def do_POST(self) -> None:
        assert isinstance(self.server, Server)
        self.server.ended.wait(10)

    def log_message(self, *_: object) -> None: ...


class Elsewhere(BaseHTTPRequestHandler):
    """Sends on to an address that nobody allowed."""

    target = ""

    def do_POST(self) -> None:
        self.send_response(307)
        self.send_header("Location", self.target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


def test_an_endpoint_that_does_not_answer_is_left() -> None:
    with serving(Slow) as address, pytest.raises(QueryError, match=r"no whole answer .* in 0.3 s"):
        ask(f"SELECT * {{ SERVICE <{address}> {{?a ?b ?c}} }}", address, seconds=0.3)


def test_an_allowed_endpoint_can_not_send_on_to_another() -> None:
    with listening() as (port, heard), serving(Elsewhere) as address:
        Elsewhere.target = f"http://127.0.0.1:{port}/"
        with pytest.raises(QueryError):
            ask(f"SELECT * {{ SERVICE <{address}> {{?a ?b ?c}} }}", address)
        assert heard == []


def test_the_command_allows_by_option_and_by_configuration(endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "own.rq").write_text(f"SELECT ?o {{ SERVICE <{endpoint}> {{ ?s ?p ?o }} }}", "utf-8")
    (tmp_path / "graph.ttl").write_text("<http://example.org/x> a <http://example.org/Y> .", "utf-8")
    arguments = ("query", "own.rq", "--graph", "graph.ttl", "-f", "csv")
    refused = kg(*arguments, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"--allow-service {endpoint}" in refused.stderr
    allowed = kg(*arguments, "--allow-service", endpoint, cwd=tmp_path)
    assert (allowed.returncode, allowed.stdout.splitlines()) == (0, ["o", "satu"])
    (tmp_path / "kg.toml").write_text(f'allow-service = ["{endpoint}"]\n', "utf-8")
    assert kg(*arguments, cwd=tmp_path).stdout == allowed.stdout


def test_the_command_ends_in_time(tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text("<http://example.org/x> a <http://example.org/Y> .", "utf-8")
    with serving(Slow) as address:
        (tmp_path / "own.rq").write_text(f"SELECT ?o {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", "utf-8")
        arguments = ("query", "own.rq", "--graph", "graph.ttl", "--allow-service", address, "--service-timeout", "0.3")
        done = kg(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("kg: own.rq: no whole answer from the SERVICE endpoint in 0.3 s")


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text("<http://example.org/x> a <http://example.org/Y> .", "utf-8")
    (tmp_path / "kg.toml").write_text('allow-service = "https://example.org/sparql"\n', "utf-8")
    done = kg("query", "articles", "--graph", "graph.ttl", cwd=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (
        2,
        'kg: kg.toml: allow-service must be a list of texts, as in allow-service = ["https://…"]',
    )
