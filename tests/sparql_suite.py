"""The W3C's protocol suite, and single HTTP requests, for the tests of the SPARQL endpoint."""

from __future__ import annotations

import http.client
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, Namespace
from rdflib.collection import Collection

ROOT = Path(__file__).resolve().parents[1]
SUITES = ROOT.parent / "shared" / "suites" / "sparql11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DATA = "http://kasei.us/2009/09/sparql/data"
Reply = tuple[int, Mapping[str, str], bytes]
needs_suites = pytest.mark.skipif(not SUITES.is_dir(), reason="the W3C's suites aren't here")


def ask(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
    """One request with these headers and no others."""
    where = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
    try:
        target = f"{where.path}?{where.query}" if where.query else where.path
        connection.request(method, target, body, {name.replace("_", "-"): text for name, text in headers.items()})
        reply = connection.getresponse()
        return reply.status, {name.lower(): text for name, text in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def select(url: str, query: str, accept: str = "application/sparql-results+json", **more: str) -> Reply:
    form = urllib.parse.urlencode({"query": query, **more}).encode()
    return ask(url, "POST", form, Content_Type="application/x-www-form-urlencoded", Accept=accept)


manifest = rdflib.Graph()
if SUITES.is_dir():
    manifest.parse(SUITES / "protocol" / "manifest.ttl")
ENTRIES = sorted(str(node).partition("#")[2] for node in manifest.subjects(RDF.type, MF.ProtocolTest))
QUERY_ENTRIES = [name for name in ENTRIES if "update" not in name]
UPDATE_ENTRIES = [name for name in ENTRIES if "update" in name]


def requests(entry: str) -> Iterator[tuple[rdflib.term.Node, str, str, bytes | None, dict[str, str]]]:
    """The requests of an entry: node of what is expected, path, method, body, headers."""
    test = next(node for node in manifest.subjects(RDF.type, MF.ProtocolTest) if str(node).endswith(f"#{entry}"))
    action = manifest.value(test, MF.action)
    for node in Collection(manifest, manifest.value(action, HT.requests)):
        body = manifest.value(node, HT.body)
        chars = str(manifest.value(body, CNT.chars)) if body else None
        encoding = str(manifest.value(body, CNT.characterEncoding)) if body else "utf-8"
        listed = manifest.value(node, HT.headers)
        headers = {
            str(manifest.value(each, HT.fieldName)): str(manifest.value(each, HT.fieldValue))
            for each in (Collection(manifest, listed) if listed else ())
        }
        path, method = (str(manifest.value(node, name)) for name in (HT.absolutePath, HT.methodName))
        yield manifest.value(node, HT.resp), path, method, chars and chars.encode(encoding), headers


def expected_status(response: rdflib.term.Node) -> set[str]:
    return {str(status)[-3] for status in manifest.objects(response, MF.expectedStatus)}


def expectations(response: rdflib.term.Node) -> tuple[set[str], bool | None]:
    """First digits of the statuses that may come, and the truth that is asked for."""
    truth = manifest.value(response, MF.expectedBoolean)
    return expected_status(response), None if truth is None else bool(truth.toPython())
