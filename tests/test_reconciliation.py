"""The reconciliation service over real HTTP: every schema and example of the API, and what people see."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from loopback import served

ROOT = Path(__file__).resolve().parents[1]
SUITES = ROOT.parent / "shared" / "suites" / "reconciliation"
VERSIONS = ("0.1", "0.2")
Reply = tuple[int, Mapping[str, str], str]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    article = ROOT / "data" / "articles" / "kota-cerdas.txt"
    build = [sys.executable, "-m", "kg", "build", str(article), "-o", "graph.ttl"]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    return folder / "graph.ttl"


@pytest.fixture(scope="module")
def root(graph: Path) -> Iterator[str]:
    with served(graph.parent, "--graph", graph.name) as address:
        yield f"{address}reconcile"


def ask(url: str, form: Mapping[str, str] | bytes | None = None, **headers: str) -> Reply:
    """One request from another origin; errors are answers, too."""
    data = form if isinstance(form, bytes | None) else urllib.parse.urlencode(form).encode()
    method = headers.pop("method", None)
    request = urllib.request.Request(url, data, {"Origin": "http://127.0.0.1:3333", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.headers, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def reconciled(root: str, version: str = "0.2", **queries: Any) -> dict[str, Any]:
    status, _, text = ask(f"{root}/{version}", {"queries": json.dumps(queries)})
    assert status == 200, text
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def best(root: str, **query: Any) -> tuple[str, bool] | None:
    found = reconciled(root, q=query)["q"]["result"]
    return (found[0]["id"], found[0]["match"]) if found else None


# ---------------------------------------------------------------- against the schemas and examples of the API

needs_suites = pytest.mark.skipif(not SUITES.is_dir(), reason="the API's schemas and examples aren't here")


def conforms(found: Any, version: str, name: str) -> None:
    folder = SUITES / version / "schemas"
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    # the definition of authentication lies elsewhere; our manifest has none
    elsewhere = {"definitions": {"securityDefinitions": {"additionalProperties": {}}}}
    registry: Registry[Any] = Registry().with_resources(
        [
            *((schema["$id"], Resource(schema, DRAFT7)) for schema in schemas.values() if "$id" in schema),
            ("http://swagger.io/v2/schema.json", Resource(elsewhere, DRAFT7)),
        ]
    )
    schema = schemas[f"{name}.json"]
    Draft7Validator(schema, registry=registry).validate(found)


def examples(kind: str, good: str) -> list[Any]:
    return [
        pytest.param(version, path, id=f"{version}-{path.stem}")
        for version in VERSIONS
        for path in sorted((SUITES / version / "examples" / kind / good).glob("*.json"))
    ]


@needs_suites
@pytest.mark.parametrize("version", VERSIONS)
def test_the_manifest_is_as_the_schema_says(root: str, version: str) -> None:
    manifest = json.loads(ask(f"{root}/{version}")[2])
    conforms(manifest, version, "manifest")
    assert manifest["identifierSpace"] == "https://w3id.org/jejaring/id/"


@needs_suites
@pytest.mark.parametrize(("version", "path"), examples("reconciliation-query-batch", "valid"))
def test_every_valid_batch_is_answered(root: str, version: str, path: Path) -> None:
    batch = path.read_text("utf-8")
    for reply in (
        ask(f"{root}/{version}", {"queries": batch}),
        ask(f"{root}/{version}?{urllib.parse.urlencode({'queries': batch})}"),
    ):
        assert reply[0] == 200, reply[2]
        assert json.loads(reply[2]).keys() == json.loads(batch).keys()
        conforms(json.loads(reply[2]), version, "reconciliation-result-batch")


@needs_suites
@pytest.mark.parametrize(("version", "path"), examples("reconciliation-query-batch", "invalid"))
def test_every_invalid_batch_is_refused(root: str, version: str, path: Path) -> None:
    status, headers, text = ask(f"{root}/{version}", {"queries": path.read_text("utf-8")})
    assert status == 400
    assert json.loads(text)["error"]["message"].startswith("query 'q")
    assert headers["Access-Control-Allow-Origin"] == "*"


@needs_suites
@pytest.mark.parametrize(("version", "path"), examples("data-extension-query", "valid"))
def test_every_valid_extension_is_answered(root: str, version: str, path: Path) -> None:
    status, _, text = ask(f"{root}/{version}", {"extend": path.read_text("utf-8")})
    assert status == 200
    conforms(json.loads(text), version, "data-extension-response")


FULL = {"q": {"query": "Surabaya", "properties": [{"pid": "province", "v": "Jawa Timur"}]}, "r": {"query": "Arman"}}


@needs_suites
@pytest.mark.parametrize("version", VERSIONS)
def test_every_answer_is_as_its_schema_says(root: str, version: str) -> None:
    here = f"{root}/{version}"
    conforms(reconciled(root, version, **FULL), version, "reconciliation-result-batch")
    for what, prefix in (("entity", "sura"), ("property", "pro"), ("type", "ko")):
        name = {"entity": "entities", "property": "properties", "type": "types"}[what]
        found = json.loads(ask(f"{here}/suggest/{what}?prefix={prefix}")[2])
        assert found["result"]
        conforms(found, version, f"suggest-{name}-response")
    properties = ["province", "kemendagriCode", "altLabel", "wikidata", "startDate", "location", "post"]
    meeting = json.loads(ask(f"{here}/suggest/entity?prefix=pertemuan")[2])["result"]
    query = {
        "ids": ["place/35.78", *(each["id"] for each in meeting)],
        "properties": [{"id": each} for each in properties],
    }
    found = json.loads(ask(here, {"extend": json.dumps(query)})[2])
    assert found["rows"]["place/35.78"]["province"] == [{"id": "place/35", "name": "Jawa Timur"}]
    conforms(found, version, "data-extension-response")
    if version == "0.2":
        conforms(
            json.loads(ask(f"{here}/properties?type=City&limit=3")[2]), version, "data-extension-property-proposal"
        )


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"query": "Kota Surabaya"}, ("place/35.78", True)),
        ({"query": "kab. banyuwangi"}, ("place/35.10", True)),
        ({"query": "Kemendagri"}, ("body/kemendagri", True)),
        ({"query": "Arman Wiradinta", "type": "Official"}, ("person/arman-wiradinata", True)),
        ({"query": "Semarang", "type": "City"}, ("place/33.74", True)),
        ({"query": "place/35.78"}, ("place/35.78", True)),
        ({"query": "https://w3id.org/jejaring/id/place/35.78"}, ("place/35.78", True)),
        ({"query": "Surabaya", "type": "Ministry"}, None),
        ({"query": "Surabaya", "type": "Ministry", "type_strict": "should"}, ("place/35.78", False)),
        ({"query": "Surabaya", "type": ["City", "Ministry"], "type_strict": "all"}, None),
        ({"query": "Surabaya", "type": ["City", "schema:City"], "type_strict": "all"}, ("place/35.78", True)),
        ({"query": "Surabaya", "type": "http://schema.org/AdministrativeArea"}, ("place/35.78", True)),
        ({"query": "Bandung", "properties": [{"pid": "kemendagriCode", "v": "32.73"}]}, ("place/32.73", True)),
        ({"query": "Arman", "properties": [{"pid": "body", "v": "Kemendagri"}]}, ("person/arman-wiradinata", False)),
        ({"query": "Bpk. Dr. Arman Wiradinata, M.P.A."}, ("person/arman-wiradinata", True)),
        ({"properties": [{"pid": "kemendagriCode", "v": 3578}]}, ("place/35.78", True)),
        ({"query": "Zzyzx Qwrt"}, None),
    ],
)
def test_what_a_query_finds(root: str, query: dict[str, Any], expected: tuple[str, bool] | None) -> None:
    assert best(root, **query) == expected


def test_two_that_fit_alike_are_both_shown_and_none_is_a_match(root: str) -> None:
    found = reconciled(root, q={"query": "Semarang"})["q"]["result"]
    assert [(each["id"], each["match"]) for each in found] == [("place/33.22", False), ("place/33.74", False)]
    assert found[1]["description"] == "kota · Jawa Tengah · Semarang"


def test_properties_move_the_score_and_say_so(root: str) -> None:
    query = {"query": "Bandung", "properties": [{"pid": "kemendagriCode", "v": "32.73"}]}
    city, regency = reconciled(root, q=query)["q"]["result"][:2]
    assert {"id": "property:kemendagriCode", "value": True} in city["features"]
    assert {"id": "property:kemendagriCode", "value": False} in regency["features"]
    assert city["score"] - regency["score"] >= 15


def test_the_limit_and_falling_scores(root: str) -> None:
    found = reconciled(root, q={"query": "Kotta", "limit": 2})["q"]["result"]
    assert len(found) <= 2
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)


# ---------------------------------------------------------------- the protocol


def test_more_queries_than_the_batch_size_are_413(root: str) -> None:
    size = json.loads(ask(root)[2])["batchSize"]
    full = {f"q{number}": {"query": "Surabaya"} for number in range(size)}
    assert len(reconciled(root, **full)) == size
    status, headers, text = ask(root, {"queries": json.dumps({**full, "more": {"query": "x"}})})
    assert (status, headers["Access-Control-Allow-Origin"]) == (413, "*")
    assert f"no more than {size}" in json.loads(text)["error"]["message"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": "[" * 100_000}, 400),
        ({"queries": '{"q": 1}'}, 400),
        ({"queries": '{"q": {"query": 1}}'}, 400),
        ({"queries": '{"q": {"query": "x", "limit": 0}}'}, 400),
        ({"queries": '{"q": {"query": "x", "limit": Infinity}}'}, 400),
        ({"queries": '{"q": {"query": "x", "type_strict": "maybe"}}'}, 400),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "province"}]}}'}, 400),
        ({"extend": '{"ids": "x", "properties": []}'}, 400),
        ({"extend": '{"ids": [], "properties": [{"id": "province", "settings": {"limit": "many"}}]}'}, 400),
        ({"query": "Surabaya"}, 400),
        (b"queries=%ff", 400),
        (b"queries=" + b"x" * 5_000_000, 413),
    ],
)
def test_what_is_wrong_is_refused_with_a_reason(root: str, form: Any, status: int) -> None:
    found, headers, text = ask(root, form)
    assert (found, headers["Access-Control-Allow-Origin"]) == (status, "*")
    assert json.loads(text)["error"]["message"]


def test_a_browser_may_ask_from_anywhere(root: str) -> None:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    status, headers, _ = ask(root, method="OPTIONS", **wanted)
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, "*")
    for path in ("", "/0.1", "/0.2/", "/0.2/suggest/type?prefix=k", "/preview?id=place/35.78", "/nothing", "/logo.svg"):
        assert ask(root + path)[1]["Access-Control-Allow-Origin"] == "*", path


def test_old_clients_get_a_call(root: str) -> None:
    _, headers, text = ask(f"{root}/0.1?callback=jQuery1_2")
    assert headers["Content-Type"].startswith("application/javascript")
    called = re.fullmatch(r"/\*\*/jQuery1_2\((.*)\);", text)
    assert called
    assert json.loads(called[1])["name"]
    assert ask(f"{root}/0.1?callback=alert(1)")[0] == 400


def test_addresses_of_the_manifest_answer(root: str) -> None:
    manifest = json.loads(ask(root)[2])
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        for written in ("place/35.78", "place%2F35.78"):
            status, headers, text = ask(template.replace("{{id}}", written))
            assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
            assert "Kota Surabaya" in text
    for service, name in (("entity", "place/35.78"), ("property", "province"), ("type", "City")):
        told = manifest["suggest"][service]
        flyout = told["flyout_service_url"] + told["flyout_service_path"].replace("${id}", name)
        found = json.loads(ask(flyout)[2])
        assert found["id"] == name
        assert found["html"].startswith("<p><b>")
    assert ask(manifest["preview"]["url"].replace("{{id}}", "place/none"))[0] == 404
    assert ask(manifest["logo"])[0] == 200


def test_suggestions_are_found_as_one_types(root: str) -> None:
    def suggested(what: str, prefix: str) -> list[str]:
        query = urllib.parse.urlencode({"prefix": prefix})
        return [each["id"] for each in json.loads(ask(f"{root}/suggest/{what}?{query}")[2])["result"]]

    assert suggested("entity", "banyuw")[0] == "place/35.10"
    assert suggested("entity", "place/35.78")[0] == "place/35.78"
    assert suggested("property", "prov") == ["province"]
    assert suggested("type", "provinsi") == ["Province"]
    first, second = (json.loads(ask(f"{root}/suggest/entity?prefix=k&cursor={at}")[2])["result"] for at in (0, 20))
    assert not {each["id"] for each in first} & {each["id"] for each in second}


def test_the_same_question_has_the_same_answer(root: str) -> None:
    assert len({ask(root, {"queries": json.dumps(FULL)})[2] for _ in range(3)}) == 1


# ---------------------------------------------------------------- the command


def test_a_change_of_the_store_is_seen(tmp_path: Path) -> None:
    def kg(*arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "kg", *arguments], cwd=tmp_path, check=True, capture_output=True)

    articles = ROOT / "data" / "articles"
    kg("build", str(articles / "kota-cerdas.txt"))
    with served(tmp_path) as address:
        assert best(f"{address}reconcile", query="Arman Wiradinata", type="Official") == (
            "person/arman-wiradinata",
            True,
        )
        kg("remove", "kota-cerdas.txt")
        assert best(f"{address}reconcile", query="Arman Wiradinata", type="Official") is None
        assert best(f"{address}reconcile", query="Kota Surabaya") == ("place/35.78", True)


def test_an_address_that_is_taken_is_one_line(root: str, graph: Path) -> None:
    port = urllib.parse.urlsplit(root).port
    command = [sys.executable, "-m", "kg", "serve", "--port", str(port), "--graph", graph.name]
    done = subprocess.run(command, cwd=graph.parent, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert re.fullmatch(rf"kg: 127\.0\.0\.1 port {port}: can't be served on \(.*\); name another .*\n", done.stderr)
