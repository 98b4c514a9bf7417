"""Linked Data over HTTP: every id of a graph answers, in the form that is asked for."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode
from rdflib.compare import isomorphic

from command import kg
from kg import store as stores
from kg import view
from kg import vocabulary as v
from kg.serve.linked.forms import any_form, by_ending, data_form
from kg.serve.linked.ids import nodes_of, path_of
from serving import Running, running

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "suites" / "semic"
ARTICLE = "90aaf2249f125101"
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
MEDIA = {
    "text/turtle": ".ttl", "application/ld+json": ".jsonld", "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(store_of_the_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an article, a set of links, a linked table, and an article that was taken back."""
    place = tmp_path_factory.mktemp("linked")
    shutil.copytree(store_of_the_sample, place / "kg-store")
    (place / "kg.toml").write_text('[publish]\npublisher = "Kominfo"\nlicence = "CC-BY-4.0"\ncontact = "x@go.id"\n')
    (place / "t.csv").write_text("Nama Daerah,Jumlah\nKota Surabaya,1\nKota Bandung,2\n", "utf-8")
    (place / "gone.txt").write_text("Jakarta, 3 Mei 2025 - Kota Surabaya bergabung dengan jejaring itu.\n", "utf-8")
    for arguments in (
        ["link", "t.csv", "--store", "kg-store"],
        ["link", "out", "--keep"],
        ["build", "gone.txt"],
        ["remove", "gone.txt"],
    ):
        done = kg(*arguments, cwd=place)
        assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    with running(folder) as found:
        yield found


@pytest.fixture(scope="module")
def gone(folder: Path) -> str:
    with stores.open_store(folder / "kg-store", read_only=True) as kept:
        return str(kept.log()[-1]["article"])


def graph_of(text: str, ending: str) -> rdflib.Graph:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of rdflib's parser of JSON-LD, about itself
        return rdflib.Graph().parse(data=text, format=FORMS[ending], publicID="http://nowhere.example/")


def every_id(folder: Path) -> list[str]:
    """The paths below ``id/`` of all subjects, objects and graphs of what may be seen."""
    with stores.open_store(folder / "kg-store", read_only=True) as kept:
        seen = view.of(kept.dataset)
    terms = {term for quad in seen.quads_for_pattern(None, None, None, DefaultGraph()) for term in (quad.subject, quad.object)}  # fmt: skip # noqa: E501
    terms |= set(seen.named_graphs())
    begin = f"{v.DEFAULT_BASE}id/"
    iris = {term.value.partition("#")[0] for term in terms if isinstance(term, NamedNode)}
    return sorted(iri.removeprefix(begin) for iri in iris if iri.startswith(begin))


def test_every_id_answers(server: Running, folder: Path) -> None:
    ids = every_id(folder)
    kinds = {each.partition("/")[0] for each in ids}
    assert kinds >= {"article", "claim", "tenure", "membership", "place", "dataset", "links", "person", "reference"}
    assert f"article/{ARTICLE}/provenance" in ids
    places = [each for each in ids if each.startswith("place/")]
    chosen = [each for each in ids if not each.startswith("place/")] + places[::50]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    wrong = []
    for each in chosen:
        connection.request("HEAD", f"/id/{each}", headers={"Accept": "text/turtle"})
        reply = connection.getresponse()
        reply.read()
        if (reply.status, urlsplit(reply.headers["Location"] or "").path) != (303, f"/data/{each}.ttl"):
            wrong.append((each, reply.status))
    connection.close()
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    ["network/ascn", "place/35.78", f"article/{ARTICLE}", f"article/{ARTICLE}/provenance", "person/arman-wiradinata",
     "tenure/arman-wiradinata--national-representative-ascn", "dataset/t"],
)  # fmt: skip
def test_all_forms_state_the_same(server: Running, path: str) -> None:
    graphs = []
    for ending in FORMS:
        status, headers, text = server.ask(f"/data/{path}.{ending}")
        assert status == 200
        assert MEDIA[headers.get_content_type()] == f".{ending}"
        found = graph_of(text, ending)
        # what a document says of itself differs by form
        for triple in list(found.triples((rdflib.URIRef(f"http://127.0.0.1:{server.port}/data/{path}.{ending}"), None, None))):  # fmt: skip # noqa: E501
            found.remove(triple)
        graphs.append(found)
    assert len(graphs[0]) > 0
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_a_thing_is_told_with_what_points_at_it(server: Running) -> None:
    found = graph_of(server.ask("/data/network/ascn.ttl")[2], "ttl")
    ascn = rdflib.URIRef(f"{v.DEFAULT_BASE}id/network/ascn")
    assert (ascn, rdflib.SKOS.prefLabel, rdflib.Literal("ASEAN Smart Cities Network", lang="en")) in found
    assert list(found.subjects(rdflib.URIRef("http://www.w3.org/ns/org#organization"), ascn))
    document = rdflib.URIRef(f"http://127.0.0.1:{server.port}/data/network/ascn.ttl")
    assert (document, rdflib.FOAF.primaryTopic, ascn) in found
    assert (document, rdflib.DCTERMS.license, rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")) in found


def test_an_article_tells_its_evidence(server: Running) -> None:
    found = graph_of(server.ask(f"/data/article/{ARTICLE}.nt")[2], "nt")
    words = rdflib.URIRef("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#anchorOf")
    spans = {str(span): str(text) for span, text in found.subject_objects(words)}
    assert len(spans) > 50
    assert all(span.startswith(f"{v.DEFAULT_BASE}id/article/{ARTICLE}#char=") for span in spans)
    assert not [literal for literal in found.objects() if isinstance(literal, rdflib.Literal) and len(literal) > 2000]


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/turtle", ".ttl"), ("application/ld+json", ".jsonld"), ("application/json", ".jsonld"),
        ("application/n-triples", ".nt"), ("application/rdf+xml", ".rdf"), ("application/xml", ".rdf"),
        ("text/turtle;q=0.3, application/rdf+xml;q=0.9", ".rdf"), ("text/html;q=0.2, text/turtle", ".ttl"),
        ("text/html", ""), ("*/*", ""), ("", ""), ("text/*", ""), ("application/*", ".jsonld"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""), ("text/turtle, garbage", ".ttl"),
    ],
)  # fmt: skip
def test_an_id_leads_to_what_is_wanted(server: Running, accept: str, ending: str) -> None:
    status, headers, _ = server.ask("/id/place/35.78", Accept=accept)
    target = f"/data/place/35.78{ending}" if ending else "/page/place/35.78"
    assert (status, headers["Location"]) == (303, f"http://127.0.0.1:{server.port}{target}")
    assert "Accept" in (headers["Vary"] or "")


def test_what_fits_nothing_is_told_so(server: Running) -> None:
    for path in ("/id/place/35.78", "/data/place/35.78", "/ontology"):
        status, headers, text = server.ask(path, Accept="image/png, text/html;q=0, */*;q=0")
        assert (status, headers["Vary"]) == (406, "Accept")
        assert "text/turtle" in text


def test_links_lead_to_the_other_forms_and_the_licence(server: Running) -> None:
    for path in ("/id/place/35.78", "/data/place/35.78.ttl"):
        _, headers, _ = server.ask(path, Accept="text/turtle")
        links = dict(re.findall(r'<([^>]*)>; (rel="[^"]*"(?:; type="[^"]*")?)', headers["Link"] or ""))
        for media, ending in MEDIA.items():
            assert links[f"/data/place/35.78{ending}"] == f'rel="alternate"; type="{media}"'
        assert links["/page/place/35.78"] == 'rel="alternate"; type="text/html"'
        assert links["https://creativecommons.org/licenses/by/4.0/"] == 'rel="license"'
        assert 'rel="describedby"' in links["/.well-known/void"]
        assert headers["Access-Control-Allow-Origin"] == "*"


def test_what_a_client_has_is_not_sent_again(server: Running) -> None:
    path = "/data/place/35.78.jsonld"
    _, headers, text = server.ask(path)
    tag = headers["ETag"] or ""
    assert headers["Cache-Control"] == "public, no-cache"
    for asked in (tag, f'"other", W/{tag}', "*"):
        status, again, body = server.ask(path, If_None_Match=asked)
        assert (status, again["ETag"], body) == (304, tag, "")
    assert server.ask(path, If_None_Match='"other"')[2] == text
    status, head, body = server.ask(path, "HEAD")
    assert (status, head["ETag"], head["Content-Length"], body) == (200, tag, str(len(text.encode())), "")


@pytest.mark.parametrize("ending", FORMS)
def test_an_unknown_id_is_told_in_the_form_that_was_asked_for(server: Running, ending: str) -> None:
    media = next(media for media, end in MEDIA.items() if end == f".{ending}")
    for path in ("/id/place/none", f"/data/place/none.{ending}"):
        status, headers, text = server.ask(path, Accept=media)
        assert (status, headers.get_content_type()) == (404, media)
        if ending == "jsonld":
            assert json.loads(text)["error"]["status"] == 404
        else:
            assert len(graph_of(text, ending)) == 0
            assert "place/none" in text
    status, headers, page = server.ask("/id/place/none", Accept="text/html")
    assert (status, headers.get_content_type(), "<h1" in page) == (404, "text/html", True)


def test_an_article_that_was_taken_back_is_gone(server: Running, gone: str) -> None:
    assert server.ask(f"/id/article/{gone}", Accept="text/turtle")[0] == 410
    assert server.ask(f"/data/article/{gone}.jsonld")[0] == 410
    assert server.ask(f"/data/article/{gone}/provenance.nt")[0] == 410
    status, _, page = server.ask(f"/id/article/{gone}", Accept="text/html")
    assert (status, "ditarik" in page) == (410, True)
    assert server.ask("/id/article/0000000000000000", Accept="text/turtle")[0] == 404


@pytest.mark.parametrize(
    "path", ["/id/<script>alert(1)</script>", '/data/x"y.ttl', "/id/%3Cscript%3E", "/id/x%0d%0aSet-Cookie:y"]
)
def test_what_is_no_id_does_no_harm(server: Running, path: str) -> None:
    for accept in ("text/html", "text/turtle", "application/rdf+xml", "application/ld+json", "image/png"):
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
        reply = server.send(request.encode()).decode()
        assert int(reply.split()[1]) in (404, 406)
        assert "<script>" not in reply
        assert "\nSet-Cookie" not in reply


def test_the_ontology_is_one_document(server: Running) -> None:
    turtle = graph_of(server.ask("/ontology", Accept="text/turtle")[2], "ttl")
    assert (rdflib.URIRef(f"{v.ONTOLOGY_BASE}Official"), rdflib.RDF.type, rdflib.OWL.Class) in turtle
    for ending in FORMS:
        assert isomorphic(turtle, graph_of(server.ask(f"/ontology.{ending}")[2], ending))
    status, headers, page = server.ask("/ontology", Accept="text/html")
    assert (status, 'id="Official"' in page, "Accept" in (headers["Vary"] or "")) == (200, True, True)
    assert server.ask("/ontology/shapes.ttl")[0] == server.ask("/ontology/context.jsonld")[0] == 200
    assert server.ask("/ontology/none", Accept="text/turtle")[0] == 404


# ---------------------------------------------------------------- well-known places


def test_void_is_found_and_true(server: Running) -> None:
    status, headers, _ = server.ask("/.well-known/void")
    assert (status, headers["Location"]) == (302, f"http://127.0.0.1:{server.port}/void.ttl")
    found = graph_of(server.ask("/void.ttl")[2], "ttl")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    dataset = rdflib.URIRef(f"http://127.0.0.1:{server.port}/void.ttl#dataset")
    assert found.value(dataset, void.uriSpace) == rdflib.Literal(f"{v.DEFAULT_BASE}id/")
    example = urlsplit(str(found.value(dataset, void.exampleResource))).path.removeprefix("/jejaring")
    assert server.ask(example, Accept="text/turtle")[0] == 303
    endpoint = urlsplit(str(found.value(dataset, void.sparqlEndpoint))).path
    assert server.ask(f"{endpoint}?query=ASK%7B%7D")[0] == 200


def test_the_catalogue_passes_the_shapes_of_dcat_ap(server: Running) -> None:
    path = SHARED / "dcat-ap-3.0.1-shapes.ttl"
    if not path.exists():
        pytest.skip("the SEMIC shapes lie beside the checkout only")
    import pyshacl

    text = server.ask("/dcat.ttl")[2]
    graph = graph_of(text, "ttl")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    assert len(list(graph.subjects(rdflib.RDF.type, dcat.DataService))) == 2
    conforms, _, report = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(path), inference="none")
    assert conforms, report
    assert isomorphic(graph, graph_of(server.ask("/dcat.jsonld")[2], "jsonld"))


def test_without_a_publisher_there_is_no_catalogue(store_of_the_sample: Path) -> None:
    with running(store_of_the_sample.parent) as server:
        status, _, text = server.ask("/dcat.ttl")
        assert (status, "[publish]" in text) == (404, True)
        assert "license" not in (server.ask("/data/place/35.78.ttl")[1]["Link"] or "")
        assert server.ask("/void.ttl")[0] == 200


def test_the_site_map_has_a_page_of_each_thing(server: Running) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    robots = server.ask("/robots.txt")[2]
    found = re.search(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
    assert found
    index = ET.fromstring(server.ask(urlsplit(found[1]).path)[2])
    pages: list[str] = []
    for part in index.iter(f"{space}loc"):
        listed = ET.fromstring(server.ask(urlsplit(part.text or "").path)[2])
        pages += [urlsplit(loc.text or "").path for loc in listed.iter(f"{space}loc")]
    assert len(pages) == len(set(pages))
    assert {"/page/place/35.78", f"/page/article/{ARTICLE}", "/page/person/arman-wiradinata"} <= set(pages)
    assert server.ask("/sitemap-articles-99.xml")[0] == 404


def test_behind_a_proxy_addresses_are_those_of_the_web(folder: Path) -> None:
    with running(folder, "--base-url", "https://data.example.go.id") as server:
        _, headers, _ = server.ask("/id/place/35.78", Accept="text/turtle", Host="data.example.go.id")
        assert headers["Location"] == "https://data.example.go.id/data/place/35.78.ttl"
        assert "https://data.example.go.id/sitemap.xml" in server.ask("/robots.txt")[2]
        assert "<https://data.example.go.id/sparql>" in server.ask("/void.ttl")[2]


@pytest.mark.parametrize("address", ["data.example", "ftp://x.example/", "https://x.example/path", "https://x/?q"])
def test_an_address_that_is_none_is_told(folder: Path, address: str) -> None:
    done = kg("serve", "--base-url", address, cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: --base-url {address}: ")


# ---------------------------------------------------------------- forms and paths


def test_paths_of_requests_have_one_spelling() -> None:
    assert path_of(b"/id/person/%6a%2fx%C3%a9?q=1") == "/id/person/j%2Fx%C3%A9"
    assert path_of(b"/id/<x>") == "/id/%3Cx%3E"
    assert [node.value for node in nodes_of("http://x.example/", "a/%C3%A9")] == [
        "http://x.example/id/a/%C3%A9", "http://x.example/id/a/é",
    ]  # fmt: skip


def test_endings_tell_forms() -> None:
    assert [(path, form and form.ending) for path, form in map(by_ending, ("a.ttl", "35.78", ".ttl", "x.nt.rdf"))] == [
        ("a", ".ttl"), ("35.78", None), (".ttl", None), ("x.nt", ".rdf"),
    ]  # fmt: skip
    assert data_form("text/html") is None
    assert any_form("image/png") is None
