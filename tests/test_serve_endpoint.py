"""`kg serve --endpoint`: the same server on a store of another program that `kg store send` filled; all real ones."""

from __future__ import annotations

import contextlib
import html
import json
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from rdflib import Graph
from rdflib.compare import isomorphic

from kg import vocabulary as v
from kg.cli import cli
from kg.view.elsewhere import Elsewhere
from kg.view.protocol import Secrets
from loopback import free_port
from loopback import running as program
from serving import Running, running
from virtuoso import PASSWORD, USER, virtuoso

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "articles"
ARTICLES = ("kota-cerdas.txt", "rapat-apeksi.txt", "kontradiksi.txt")
JSON, TURTLE, HTML = "application/sparql-results+json", "text/turtle", "text/html"


class Pair:
    """The same graph served from a store here and from another program's: ``program`` runs it."""

    def __init__(self, url: str, here: Running, there: Running) -> None:
        self.url, self.here, self.there = url, here, there

    def both(self, path: str, **headers: str) -> tuple[tuple[int, str], tuple[int, str]]:
        return tuple((status, body) for status, _, body in (each.ask(path, **headers) for each in (self.here, self.there)))  # type: ignore[return-value] # fmt: skip # noqa: E501

    def sparql(self, text: str, accept: str = JSON, server: Running | None = None) -> tuple[int, str]:
        status, _, body = (server or self.there).ask(f"/sparql?{urlencode({'query': text})}", Accept=accept)
        return status, body


@contextlib.contextmanager
def oxigraph(folder: Path, port: int) -> Iterator[None]:
    found = Path(sys.executable).with_name("oxigraph")
    if not found.exists():
        pytest.skip("Oxigraph's own server isn't installed; it is in the dev extra")
    with program([str(found), "serve", "--bind", f"127.0.0.1:{port}", "--location", str(folder)], port, seconds=60):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with articles, of which one has facts in quarantine."""
    made = tmp_path_factory.mktemp("here")
    files = [str(SAMPLES / name) for name in ARTICLES]
    done = CliRunner().invoke(cli, ["-q", "build", *files, "--store", str(made / "kg-store")])
    assert done.exit_code == 0, done.output
    return made


@contextlib.contextmanager
def sent(folder: Path, query: str, update: str) -> Iterator[Pair]:
    sent = CliRunner().invoke(cli, ["store", "send", query, "--update", update, "--store", str(folder / "kg-store")])
    assert sent.exit_code == 0, sent.output
    with (
        running(folder) as here,
        running(folder, "--endpoint", query, "--timeout", "2", "--rows", "300", store=None) as there,
    ):
        yield Pair(query, here, there)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def pair(request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    place = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        if request.param == "oxigraph":
            address = f"http://127.0.0.1:{(port := free_port())}"
            stack.enter_context(oxigraph(place, port))
            paths = f"{address}/query", f"{address}/update"
        else:
            patch.setenv("KG_REMOTE_USER", USER)
            patch.setenv("KG_REMOTE_PASSWORD", PASSWORD)
            try:
                address = stack.enter_context(virtuoso(place, clients=10)).address
            except LookupError as error:
                pytest.skip(str(error))
            paths = f"{address}/sparql", f"{address}/sparql-auth"
        yield stack.enter_context(sent(folder, *paths))


def key_of(pair: Pair, kind: str) -> str:
    """An article or another thing of the graph, below ``id/``."""
    _, body = pair.sparql(f"SELECT ?s {{ ?s a {kind} }} ORDER BY ?s LIMIT 1", server=pair.here)
    return str(json.loads(body)["results"]["bindings"][0]["s"]["value"]).partition("/id/")[2]


# ---------------------------------------------------------------- the same answers


PAGES = (
    "/", "/search?q=kota", "/search?q=Magelang&lang=en", "/map", "/timeline", "/graph", "/api/search?q=asean",
    "/api/near?id=network/ascn", "/sitemap.xml", "/reconcile", "/query?name=members&network=ASCN",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_those_of_the_store_itself(pair: Pair, path: str) -> None:
    here, there = pair.both(path)
    assert here[0] == 200
    name, last = "kg-store", pair.url.rpartition("/")[2]
    assert unlike(there[1], last) == unlike(here[1], name)


def unlike(page: str, name: str) -> str:
    """A page without what it calls the graph and where it is served."""
    return re.sub(r"127\.0\.0\.1:\d+", "", page).replace(f">{name}<", "><")


def test_a_thing_has_the_same_data_in_every_form(pair: Pair) -> None:
    for key in ("network/ascn", key_of(pair, "kg:Official"), key_of(pair, "schema:NewsArticle")):
        for ending in ("ttl", "jsonld", "nt"):
            here, there = pair.both(f"/data/{key}.{ending}")
            assert here[0] == there[0] == 200
            assert unlike(there[1], "") == unlike(here[1], ""), key
        for accept, target in ((HTML, f"/page/{key}"), (TURTLE, f"/data/{key}.ttl")):
            status, headers, _ = pair.there.ask(f"/id/{key}", Accept=accept)
            assert status == 303
            assert headers["Location"].endswith(target)


def test_an_article_stands_with_its_quoted_words_and_says_that_its_text_is_not_here(pair: Pair) -> None:
    key = key_of(pair, "schema:NewsArticle")
    here, there = pair.both(f"/page/{key}?lang=en")
    assert here[0] == there[0] == 200
    note = "This graph doesn't keep the article's text; only the words of the evidence are there."
    assert note in html.unescape(there[1])
    assert note not in html.unescape(here[1])
    facts = re.compile(r'id="(f-\w+)"')
    assert sorted(facts.findall(there[1])) == sorted(facts.findall(here[1])) != []


def test_a_thing_page_has_the_facts_of_its_own(pair: Pair) -> None:
    here, there = pair.both("/page/network/ascn?lang=en")
    assert (here[0], there[0]) == (200, 200)
    links = re.compile(r'href="(/page/[^"#]+)')
    assert set(links.findall(there[1])) == set(links.findall(here[1])) != set()
    is_left_out = "can't be asked of the store that holds this graph" in html.unescape(there[1])
    assert is_left_out == ("/sparql" in pair.url)  # Virtuoso 7.2 can't read the query for disagreements


ASKED = (
    ("SELECT ?a ?t { ?a a schema:NewsArticle OPTIONAL { ?a schema:headline ?t } } ORDER BY ?a", JSON),
    ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv"),
    ("SELECT ?w { ?x nif:anchorOf ?w } ORDER BY ?w LIMIT 250", "text/tab-separated-values"),
    ("ASK { ?s a kg:Official }", JSON),
    ("SELECT (COUNT(*) AS ?n) { GRAPH <%s> { ?s ?p ?o } }", JSON),
    ("SELECT (COUNT(*) AS ?n) FROM <%s> { ?s ?p ?o }", JSON),
)


@pytest.mark.parametrize(("text", "accept"), ASKED)
def test_sparql_answers_byte_for_byte(pair: Pair, text: str, accept: str) -> None:
    asked = text.replace("%s", f"{v.DEFAULT_BASE}id/{key_of(pair, 'schema:NewsArticle')}")
    here, there = (pair.sparql(asked, accept, server) for server in (pair.here, pair.there))
    assert here[0] == 200
    assert there == here


def test_sparql_gives_the_same_graph(pair: Pair) -> None:
    text = "CONSTRUCT { ?t kg:post ?p ; org:member ?m } WHERE { ?t a kg:Tenure ; kg:post ?p ; org:member ?m }"
    here, there = (Graph().parse(data=pair.sparql(text, TURTLE, each)[1]) for each in (pair.here, pair.there))
    assert len(here) > 2
    assert isomorphic(here, there)


# ---------------------------------------------------------------- what it keeps to


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("SELECT ?x { ?x a foo:bar }", 400, "unknown prefix"),
        ("INSERT DATA { <http://a> <http://b> <http://c> }", 403, "INSERT would change the graph"),
        ("LOAD <http://127.0.0.1:1/>", 403, "LOAD would change the graph"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "SERVICE would ask another machine"),
        ("PREFIX b: <bif:> SELECT (b:upper('a') AS ?x) {}", 403, "may call a function there"),
        ("SELECT (<sql:lower>('a') AS ?x) {}", 403, "may call a function there"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 301", 413, "more than 300 rows"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c > ?f) }", 504, "no whole answer in time"),
    ],
)
def test_what_is_refused_is_told_in_one_line(pair: Pair, text: str, status: int, words: str) -> None:
    found, body = pair.sparql(text)
    assert found == status, body
    assert words in json.loads(body)["error"]["message"]
    assert pair.url not in body


def test_an_update_is_not_taken(pair: Pair) -> None:
    status, _, _ = pair.there.ask("/sparql", "POST", body="CLEAR ALL", Content_Type="application/sparql-update")
    assert status in (401, 403, 405)


def test_no_password_is_told(pair: Pair) -> None:
    assert not any(PASSWORD in line.split() for line in pair.there.lines)
    assert any("texts of articles" in line for line in pair.there.lines)


# ---------------------------------------------------------------- not there


def test_a_store_that_stops_and_comes_back(folder: Path, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with contextlib.ExitStack() as stack:
        with oxigraph(tmp_path / "store", port):
            pair = stack.enter_context(sent(folder, f"{url}/query", f"{url}/update"))
            assert pair.there.ask("/page/network/ascn")[0] == 200
            assert pair.there.ask("/readyz")[0] == 200
        for path in ("/page/network/ascn", "/", "/map", "/search?q=kota"):
            status, headers, body = pair.there.ask(path, Accept=HTML, Accept_Language="en", Cookie="lang=en")
            assert (status, headers["Retry-After"]) == (502, "5")
            assert 'role="alert"' in body
        for path in ("/api/near?id=network/ascn", "/reconcile?queries=%7B%7D", "/data/network/ascn.ttl", "/readyz"):
            status, _, body = pair.there.ask(path)
            assert status == 502, path
            assert "doesn't answer" in json.loads(body)["error"]["message"]
        status, body = pair.sparql("ASK {}")
        assert (status, "the store of the graph" in body, url in body) == (502, True, False)
        assert pair.there.ask("/healthz")[0] == 200
        with oxigraph(tmp_path / "store", port):
            assert pair.there.ask("/page/network/ascn")[0] == 200
            assert pair.sparql("ASK { ?s a kg:Official }") == (200, '{"head":{},"boolean":true}')
        assert pair.there.stop(signal.SIGTERM) == 0
        assert not [line for line in pair.there.lines if "Traceback" in line]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((), "ConnectError"),
        (("--write",), "an endpoint is only asked"),
        (("--update-token-file", "x"), "an endpoint is only asked"),
        (("--allow-service", "http://127.0.0.1:1/"), "isn't told to ask others"),
        (("--graph", "a.ttl"), "one of them"),
        (("--store", "kg-store"), "kg store send brings"),
    ],
)
def test_what_does_not_go_ends_in_one_line(tmp_path: Path, given: tuple[str, ...], words: str) -> None:
    done = CliRunner().invoke(cli, ["serve", "--port", "0", "--endpoint", f"http://127.0.0.1:{free_port()}/q", *given])
    assert words in str(done.exception)
    assert "\n" not in str(done.exception)
    assert getattr(done.exception, "exit_code", None) == 2


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<bif:exec>('a') AS ?x) {}",
        "BASE <sql:> SELECT (<x>('a') AS ?x) {}",
        r"SELECT (<b\u0069f:x>('a') AS ?x) {}",
        "SELECT * { ?x <bif:contains> 'a' }",
    ],
)
def test_words_of_another_program_are_not_sent(text: str) -> None:
    view = Elsewhere("http://127.0.0.1:1/", Secrets(), seconds=1)
    with pytest.raises(Exception, match="may call a function there"):
        view.query(text)
