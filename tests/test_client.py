"""Asking reconciliation services over real HTTP: our own, one of another maker, and ones that behave badly."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

import command
from kg import http
from kg.errors import ServiceError
from kg.link import client, foreign, sssom
from kg.link.client import Cache, Manifest, Question, Service
from kg.link.outcome import Decision
from loopback import Server, free_port, listening, running, served, serving

ROOT = Path(__file__).resolve().parents[1]
SUITES = ROOT.parent / "shared" / "suites" / "reconciliation"


class Answering(BaseHTTPRequestHandler):
    """A small service: knows Surabaya, and does what ``script`` says with its first requests."""

    script: ClassVar[list[Callable[[Answering], None]]] = []
    batches: ClassVar[list[list[str]]] = []
    manifest: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        self.send_json({"name": "n", "identifierSpace": "http://example.org/id/", "schemaSpace": "s", **self.manifest})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        queries = json.loads(form["queries"][0])
        if self.script:
            self.script.pop(0)(self)
            return
        self.batches.append([query["query"] for query in queries.values()])
        known = [{"id": "35.78", "name": "Surabaya", "score": 90, "match": True}]
        self.send_json(
            {key: {"result": known if query["query"] == "Surabaya" else []} for key, query in queries.items()}
        )

    def send_json(self, found: Any) -> None:
        self.reply(200, json.dumps(found).encode())

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def cut_off(self) -> None:
        self.reply(200, b'{"q0": {"resu', Content_Length="1000")
        self.close_connection = True

    def never(self) -> None:
        assert isinstance(self.server, Server)
        self.server.ended.wait(5)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def small() -> Iterator[str]:
    Answering.script, Answering.batches, Answering.manifest = [], [], {}
    with serving(Answering) as address:
        yield address


@pytest.fixture
def pauses() -> list[float]:
    return []


def service(url: str, pauses: list[float], cache: Cache | None = None, seconds: float = 5) -> Service:
    """A service whose client doesn't sleep, but says for how long it would."""
    return Service(url, cache=cache, rate=1e9, seconds=seconds, sleep=pauses.append)


def asked(url: str, pauses: list[float], *names: str, **more: Any) -> list[str | None]:
    with service(url, pauses, **more) as one:
        questions = [Question(name) for name in names]
        found = one.reconcile(questions)
        outcomes = [foreign.outcome(q, r, one.manifest) for q, r in zip(questions, found, strict=True)]
    return [outcome.linked.id if outcome.linked else None for outcome in outcomes]


SURABAYA = "http://example.org/id/35.78"


def test_batches_are_as_large_as_the_manifest_says_and_ask_nothing_twice(small: str, pauses: list[float]) -> None:
    Answering.manifest = {"batchSize": 3}
    names = ["Surabaya", "a", "b", "c", "Surabaya", "a", "d"]
    assert asked(small, pauses, *names) == [SURABAYA, None, None, None, SURABAYA, None, None]
    assert Answering.batches == [["Surabaya", "a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    "fault",
    [
        lambda one: one.reply(500),
        lambda one: one.reply(503),
        lambda one: one.reply(200, b"<html>maintenance</html>"),
        lambda one: one.reply(200, b"[]"),
        lambda one: one.reply(200, b"\x1f\x8b", Content_Encoding="gzip"),
        Answering.cut_off,
        Answering.never,
    ],
    ids=["500", "503", "garbage", "no object", "bad gzip", "cut off", "slow"],
)
def test_what_may_pass_is_tried_again_with_longer_pauses(
    small: str, pauses: list[float], fault: Callable[[Answering], None]
) -> None:
    Answering.script = [fault, fault]
    assert asked(small, pauses, "Surabaya", seconds=0.3) == [SURABAYA]
    assert pauses[-2:] == [0.5, 1.0]


def test_a_service_that_says_how_long_to_wait_is_waited_for(small: str, pauses: list[float]) -> None:
    Answering.script = [lambda one: one.reply(429, Retry_After="7")]
    assert asked(small, pauses, "Surabaya") == [SURABAYA]
    assert 7.0 in pauses


def test_one_that_asks_for_too_long_is_left(small: str, pauses: list[float]) -> None:
    Answering.script = [lambda one: one.reply(429, Retry_After="3600")]
    with pytest.raises(ServiceError, match="asks to wait 3600 s"):
        asked(small, pauses, "Surabaya")


def test_retry_after_may_be_a_date() -> None:
    assert http.retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 50.0) == 10.0
    assert http.retry_after("soon", 50.0) is None


def test_after_five_tries_it_says_why(small: str, pauses: list[float]) -> None:
    Answering.script = [lambda one: one.reply(502)] * 9
    with pytest.raises(ServiceError, match=r"answers with 502, 5 times; try again later$"):
        asked(small, pauses, "Surabaya")
    assert len(Answering.script) == 4


def test_a_refusal_is_not_tried_again(small: str, pauses: list[float]) -> None:
    Answering.script = [lambda one: one.reply(400, b"no such type")]
    with pytest.raises(ServiceError, match=r"answers with 400 \(no such type\)"):
        asked(small, pauses, "Surabaya")


def test_a_batch_that_is_too_large_is_halved(small: str, pauses: list[float]) -> None:
    Answering.manifest = {"batchSize": 8}
    Answering.script = [lambda one: one.reply(413)] * 2
    asked(small, pauses, *"abcdef")
    assert Answering.batches == [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]] or max(map(len, Answering.batches)) < 4


def test_what_was_answered_is_kept_when_it_breaks_off(small: str, pauses: list[float], tmp_path: Path) -> None:
    Answering.manifest = {"batchSize": 1}
    cache = Cache(tmp_path / "kept.sqlite")
    with service(small, pauses, cache) as one:
        one.reconcile([Question("a"), Question("Surabaya")])
    Answering.script = [lambda one: one.reply(404)]
    with pytest.raises(ServiceError):
        asked(small, pauses, "a", "Surabaya", "b", cache=cache)
    Answering.batches.clear()
    assert asked(small, pauses, "a", "Surabaya", "b", cache=cache) == [None, SURABAYA, None]
    assert Answering.batches == [["b"]]
    cache.close()


def test_the_rate_is_kept(small: str) -> None:
    now, pauses = [100.0], []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    Answering.manifest = {"batchSize": 1}
    with Service(small, rate=2, sleep=sleep, clock=lambda: now[0]) as one:
        one.reconcile([Question("a"), Question("b"), Question("c")])
    assert pauses == [0.5, 0.5, 0.5]


def test_no_service_there(small: str, pauses: list[float]) -> None:
    with pytest.raises(ServiceError, match="the connection failed"):
        asked(f"http://127.0.0.1:{free_port()}/", pauses, "a")
    Answering.manifest = {"identifierSpace": None}
    with pytest.raises(ServiceError, match="no reconciliation service"):
        asked(small, pauses, "a")
    with pytest.raises(ServiceError, match="expected http"):
        Service("ftp://example.org/")


@pytest.mark.skipif(not SUITES.is_dir(), reason="the API's examples aren't here")
@pytest.mark.parametrize("path", sorted(SUITES.glob("*/examples/manifest/valid/*.json")), ids=lambda path: path.stem)
def test_every_manifest_is_understood(path: Path) -> None:
    assert client.read_manifest(json.loads(path.read_text("utf-8")), "u").batch >= 10


@pytest.mark.parametrize("found", [None, [], {}, {"name": "x", "schemaSpace": "x"}, {"name": 1}])
def test_no_manifest_is_refused(found: Any) -> None:
    with pytest.raises(ServiceError):
        client.read_manifest(found, "u")


def test_broken_results_are_no_answer() -> None:
    assert client.results({"results": []}) is None
    assert client.results({"result": [{"id": 1}, "x", {"id": "a", "name": "b", "score": 1}]}) == [
        {"id": "a", "name": "b", "score": 1}
    ]


# ---------------------------------------------------------------- outcomes

HERE = Manifest("n", "http://example.org/", "", 10)


def decided(text: str, *found: tuple[str, float, bool | None]) -> tuple[Decision, str | None]:
    results = [
        {"id": f"x{at}", "name": name, "score": score, **({} if match is None else {"match": match})}
        for at, (name, score, match) in enumerate(found)
    ]
    outcome = foreign.outcome(Question(text), results, HERE)
    return outcome.decision, outcome.linked.id.removeprefix("http://example.org/") if outcome.linked else None


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("Kemendagri", [("Kementerian Dalam Negeri", 60, True), ("Kemendag", 50, False)], (Decision.LINKED, "x0")),
        ("Surabaya", [("Surabaya", 90, None)], (Decision.LINKED, "x0")),
        ("Surabaya", [("Surabaya", 90, None), ("Surabaya", 85, None)], (Decision.JUDGE, None)),
        ("Surabaya", [("Surabaya", 90, None), ("Surakarta", 85, None)], (Decision.LINKED, "x0")),
        ("Surabaya", [("Surabaya", 90, True), ("Surabaya", 90, True)], (Decision.JUDGE, None)),
        ("Kota Semarang", [("Kabupaten Semarang", 90, False)], (Decision.NONE, None)),
        ("Kota Semarang", [("Kota Semarag", 90, False)], (Decision.JUDGE, None)),
        ("Surabaya", [("Bandung", 90, False)], (Decision.NONE, None)),
        ("Surabaya", [], (Decision.NONE, None)),
    ],
)
def test_what_becomes_of_a_name(
    text: str, found: list[tuple[str, float, bool | None]], expected: tuple[Decision, str | None]
) -> None:
    assert decided(text, *found) == expected


def test_iris_of_ids() -> None:
    assert Manifest("n", "http://www.wikidata.org/entity/", "", 10).iri("Q42") == "http://www.wikidata.org/entity/Q42"
    assert Manifest("n", "http://a/id/", "", 10).iri("place/35.78") == "http://a/id/place/35.78"
    assert Manifest("n", "http://a/space", "http://a/{{id}}.html", 10).iri("x y") == "http://a/x%20y.html"
    assert HERE.iri("https://ror.org/05") == "https://ror.org/05"


# ---------------------------------------------------------------- the command, with real services


def kg(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return command.kg(*arguments, cwd=cwd, XDG_CACHE_HOME=str(cwd / "cache"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("own")
    (folder / "graph.ttl").write_text("<http://example.org/x> a <http://example.org/Y> .", "utf-8")
    with served(folder, "--graph", "graph.ttl") as address:
        yield f"{address}reconcile"


TABLE = """wilayah,prov,jumlah
Kab. Banyuwangi,Jawa Timur,1
Kota Surabaya,Jawa Timur,2
Bandung,Jawa Barat,3
Kota Surabaya,Jawa Timur,4
Negeri Dongeng,,5
,,6
"""


def test_a_table_is_linked_by_our_own_service(own: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE, "utf-8")
    arguments = ("link", "t.csv", "--service", own, "--column", "wilayah", "--property", "province=prov")
    done = kg(*arguments, "--table", "linked.csv", "-o", "links.sssom.tsv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "linked.csv").read_text("utf-8").splitlines()))
    things = "https://w3id.org/jejaring/id/place/"
    assert [row["id"].removeprefix(things) for row in rows] == ["35.10", "35.78", "", "35.78", "", ""]
    assert rows[2]["why"] == "to be judged: may mean Kabupaten Bandung or Kota Bandung"
    found = sssom.read(tmp_path / "links.sssom.tsv")
    assert [(row["subject_label"], row["object_id"]) for row in found.rows] == [
        ("Kab. Banyuwangi", f"{things}35.10"),
        ("Kota Surabaya", f"{things}35.78"),
    ]
    assert "Bandung" in kg("link", "review", "-f", "csv", cwd=tmp_path).stdout


def test_a_service_that_is_gone_is_answered_from_the_cache(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name\nSurabaya\n", "utf-8")
    Answering.script, Answering.batches, Answering.manifest = [], [], {}
    arguments = ("link", "t.csv", "--column", "name", "--table", "-")
    with serving(Answering) as address:
        first = kg(*arguments, "--service", address, cwd=tmp_path)
        assert kg(*arguments, "--service", address, cwd=tmp_path).stdout == first.stdout
        assert len(Answering.batches) == 1
        assert kg(*arguments, "--service", address, "--no-cache", cwd=tmp_path).stdout == first.stdout
        assert len(Answering.batches) == 2
    assert first.stdout.splitlines()[1].startswith(f"Surabaya,{SURABAYA},Surabaya,0.95,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--column", "nama"), "no column 'nama'; it has name"),
        ((), "name the one column of names with --column NAME"),
        (("--column", "name", "-o", "x.ttl"), "links of a service are written as SSSOM"),
        (("--column", "name", "--property", "x"), "expected PID=COLUMN"),
    ],
)
def test_wrong_use_is_one_line_and_asks_nobody(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name\nSurabaya\n", "utf-8")
    with listening() as (port, heard):
        done = kg("link", "t.csv", "--service", f"http://127.0.0.1:{port}/", *arguments, cwd=tmp_path)
    assert (done.returncode, heard) == (2, [])
    assert message in done.stderr.splitlines()[-1]


def test_the_things_of_a_graph_are_linked_by_a_service(own: str, tmp_path: Path) -> None:
    (tmp_path / "g.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix kg: <https://w3id.org/jejaring/ontology#> ."
        '<https://w3id.org/jejaring/id/network/x> a kg:MeetingSeries ; skos:prefLabel "Kota Surabaya"@id .',
        "utf-8",
    )
    arguments = ("link", "out", "--graph", "g.ttl", "--service", own, "--type", "City")
    done = kg(*arguments, "--kind", "MeetingSeries", "-o", "links.sssom.tsv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "1 things: 1 linked, 0 to be judged, 0 no match\n"
    (row,) = sssom.read(tmp_path / "links.sssom.tsv").rows
    things = "https://w3id.org/jejaring/id/"
    assert (row["subject_id"], row["object_id"]) == (f"{things}network/x", f"{things}place/35.78")
    assert "name the kinds of things" in kg(*arguments, cwd=tmp_path).stderr


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of another maker (datasette-reconcile) over the packaged table of regions."""
    pytest.importorskip("datasette_reconcile", reason="the dev dependency datasette-reconcile isn't installed")
    folder, port = tmp_path_factory.mktemp("others"), free_port()
    with sqlite3.connect(folder / "d.db") as database:
        database.execute("CREATE TABLE regions (code TEXT PRIMARY KEY, name TEXT)")
        from kg import reference

        things = reference.load().things.values()
        rows = [
            (each.key, each.label.text) for each in things if each.key.startswith("place/") and each.code("kemendagri")
        ]
        database.executemany("INSERT INTO regions VALUES (?, ?)", rows)
    database.close()
    settings = {"id_field": "code", "name_field": "name", "identifierSpace": "http://example.org/id/"}
    plugin = {"databases": {"d": {"tables": {"regions": {"plugins": {"datasette-reconcile": settings}}}}}}
    (folder / "metadata.json").write_text(json.dumps(plugin), "utf-8")
    command = [sys.executable, "-m", "datasette", "serve", str(folder / "d.db"), "--port", str(port), "-m"]
    with running([*command, str(folder / "metadata.json")], port):
        yield f"http://127.0.0.1:{port}/d/regions/-/reconcile"


def test_a_service_of_another_maker_gives_the_same_links(others: str, pauses: list[float]) -> None:
    names = ["Kota Surabaya", "Kabupaten Banyuwangi", "Semarang", "Jawa Timur", "Negeri Dongeng"]
    surabaya, banyuwangi, semarang, province, nowhere = asked(others, pauses, *names)
    assert (surabaya, banyuwangi) == ("http://example.org/id/place/35.78", "http://example.org/id/place/35.10")
    assert province == "http://example.org/id/place/35"
    assert (semarang, nowhere) == (None, None)


def test_a_client_of_another_maker_understands_ours(own: str) -> None:
    pytest.importorskip("reconciler", reason="the dev dependency reconciler isn't installed")
    code = (
        "import numpy; numpy.NaN = numpy.nan;"  # its only trouble with NumPy 2
        "import pandas, reconciler, sys;"
        "names = ['Kota Surabaya', 'kab banyuwangi', 'Kemendagri', 'Negeri Dongeng'] + [f'x{n}' for n in range(30)];"
        "names = pandas.Series(names);"
        "found = reconciler.reconcile(names, reconciliation_endpoint=sys.argv[1]);"
        "print(found[found.match == True][['input_value', 'id']].to_csv(index=False))"
    )
    done = subprocess.run([sys.executable, "-c", code, own], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split("\n")[1:4]) == [
        "Kemendagri,body/kemendagri",
        "Kota Surabaya,place/35.78",
        "kab banyuwangi,place/35.10",
    ]


def test_threads_share_a_cache(tmp_path: Path) -> None:
    def fill(number: int) -> None:
        cache = Cache(tmp_path / "c.sqlite")
        for at in range(20):
            cache.put("s", {f"{number}-{at}": [{"id": "x"}]})
        cache.close()

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache = Cache(tmp_path / "c.sqlite")
    assert all(cache.get("s", f"{number}-{at}") == [{"id": "x"}] for number in range(4) for at in range(20))
    cache.close()


def test_a_cache_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cache" / "jejaring").mkdir(parents=True)
    (tmp_path / "cache" / "jejaring" / "services.sqlite").write_text("no database at all, " * 100, "utf-8")
    (tmp_path / "t.csv").write_text("name\nSurabaya\n", "utf-8")
    done = kg("link", "t.csv", "--service", "http://127.0.0.1:1/", "--column", "name", cwd=tmp_path)
    assert done.returncode == 2
    assert "delete it, or use --no-cache" in done.stderr.splitlines()[-1]
