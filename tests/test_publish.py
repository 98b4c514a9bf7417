"""A publication: whole, the same in every run, without dead links, described as the standards ask."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from click.testing import CliRunner
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import publish, reference, resources, store
from kg import vocabulary as v
from kg.cli import cli
from kg.errors import KgError, OutputError
from kg.link import resolved
from kg.publish.graph import Graph, Part
from kg.publish.paths import Paths
from kg.publish.settings import Settings, read, settings, words
from kg.publish.words import name_of, prefixed, term
from kg.rdf import as_written
from static_site import Walk, served, walk

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(__file__).parent / "data"
SHARED = ROOT.parent / "shared" / "suites" / "semic"
BASE = v.DEFAULT_BASE
SAMPLE_ARTICLE = "39cd01db7725eb93"
SDMX = "http://purl.org/linked-data/sdmx/2009/dimension#"
GIVEN = {"publisher": "Dinas Kominfo", "licence": "CC-BY-4.0", "contact": "data@example.go.id"}
LOG = [
    {"time": "2026-11-24T08:00:00+00:00", "action": "put", "article": "aa", "outcome": "added"},
    {
        "time": "2026-11-25T09:00:00+00:00",
        "action": "put",
        "article": SAMPLE_ARTICLE,
        "outcome": "replaced",
        "replaces": ["aa"],
    },
    {"time": "2026-11-26T10:00:00+00:00", "action": "remove", "article": "bb", "outcome": "removed"},
]

PEOPLE = {
    "old": "Bupati Kendal Soetrisno Hadiwibawa menghadiri rapat koordinasi di Semarang, Senin (4/3/2024).",
    "new": "SEMARANG, 5 Juni 2024 - Bupati Kendal Sutrisno Hadiwibawa meresmikan gedung baru di Kendal.",
    "other": "Wali Kota Magelang Budi Santoso meninjau pasar, Selasa (7/5/2024). “Harga stabil,” kata Budi Santoso.",
}
"""A regent under two spellings, and somebody else."""


def node(path: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{path}")


@cache
def sample() -> tuple[Quad, ...]:
    """The fixture as a store gives it back, which has its own spelling of numbers."""
    kept = Store()
    kept.load(path=DATA / "sample.trig", format=RdfFormat.TRIG, base_iri=BASE)
    return tuple(as_written(quad) for quad in kept)


@cache
def background() -> tuple[Quad, ...]:
    return tuple(reference.quads())


def linked() -> list[Quad]:
    """Sets of links as linking keeps them: plain triples, a description and a record beside them; and a table."""
    place, item = node("place/35.78"), NamedNode("http://www.wikidata.org/entity/Q11462")
    record, table, seen = node("link/0123456789abcdef"), node("dataset/luas"), node("dataset/luas/observation/1")
    measure = node("dataset/luas/measure/km2")
    found = [
        *described("links/wikidata", "exactMatch", "https://creativecommons.org/publicdomain/zero/1.0/"),
        *described("links/bps", "identifier", "https://opendatacommons.org/licenses/odbl/1-0/"),
        Quad(place, v.EXACT_MATCH, item, node("links/wikidata/exactMatch")),
        Quad(record, v.TYPE, v.term("owl:Axiom"), node("links/wikidata/provenance")),
        Quad(record, v.term("owl:annotatedSource"), place, node("links/wikidata/provenance")),
        Quad(place, v.term("adms:identifier"), node("identifier/bps/3578"), node("links/bps/identifier")),
    ]
    for subject, predicate, value in (
        *((table, v.TYPE, term("qb:DataSet")), (table, v.DCT_TITLE, Literal("Luas wilayah", language="id"))),
        *((seen, v.TYPE, term("qb:Observation")), (seen, term("qb:dataSet"), table)),
        (seen, NamedNode("http://purl.org/linked-data/sdmx/2009/dimension#refArea"), place),
        (
            seen,
            NamedNode("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod"),
            Literal("2024", datatype=v.G_YEAR),
        ),
        *((measure, v.TYPE, term("qb:MeasureProperty")), (measure, v.LABEL, Literal("km2"))),
        (seen, measure, Literal("350.5", datatype=v.DECIMAL)),
    ):
        found.append(Quad(subject, predicate, value, table))
    return found


def described(name: str, local: str, licence: str) -> list[Quad]:
    links, beside = node(f"{name}/{local}"), node(f"{name}/provenance")
    return [
        Quad(links, v.TYPE, v.term("void:Linkset"), beside),
        Quad(links, v.DCT_TITLE, Literal(f"Links of {name}", language="en"), beside),
        Quad(links, v.term("dct:license"), NamedNode(licence), beside),
    ]


def dataset(*more: Quad) -> Store:
    found = Store()
    found.extend([*sample(), *linked(), *background(), *more])
    return found


def chosen(**more: object) -> Settings:
    return settings({**GIVEN, **more}, BASE)


def published(folder: Path, *more: Quad, log: list[dict[str, object]] | None = LOG, **options: object) -> Path:
    publish.publish(Graph(dataset(*more), BASE), folder, chosen(**options), log=log)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("publication") / "site", base_url="https://data.example.go.id/jejaring")


@pytest.fixture(scope="module")
def walked(site: Path) -> Iterator[Walk]:
    with served(site) as root:
        yield walk(root)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dumped(folder: Path, part: str, ending: str) -> list[Quad]:
    kind = {".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE}[ending]
    found = sorted((folder / "data").glob(f"{part}-*{ending}.gz"))
    return [quad for path in found for quad in parse(gzip.decompress(path.read_bytes()), format=kind)]


def page(folder: Path, path: str) -> str:
    return (folder / "id" / path / "index.html").read_text("utf-8")


# ---- pages behind a real server


def test_every_link_leads_somewhere_and_every_page_is_valid(walked: Walk) -> None:
    assert walked.faults == []


def test_every_file_can_be_reached_from_the_front(walked: Walk, site: Path) -> None:
    reached = {f"{path}index.html" if path.endswith("/") or not path else path for path in walked.reached}
    assert set(files(site)) - reached == {"publication.json", "robots.txt", "sitemap.xml"}


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for name, content in files(site).items():
        if name.endswith(".html"):
            assert not re.search(rb'<(?:script|img|iframe)|<link rel="stylesheet" href="(?:https?:)?//', content), name
        if name.endswith(".css"):
            assert b"url(" not in content
            assert b"@import" not in content


def test_each_id_is_the_address_of_its_page(site: Path) -> None:
    facts = {quad.subject for quad in sample() if quad.graph_name == node(f"article/{SAMPLE_ARTICLE}")}
    with served(site) as root:
        for subject in facts:
            assert isinstance(subject, NamedNode)
            with urllib.request.urlopen(root + subject.value.removeprefix(BASE)) as answer:
                assert subject.value in answer.read().decode(), subject


def test_the_page_of_an_official_says_what_articles_say_and_shows_the_words(site: Path) -> None:
    text = page(site, "person/ratna-dewi")
    assert '<h1 lang="id">Ratna Dewi</h1>' in text
    assert '<span lang="id">pejabat</span> · <span lang="en">official</span>' in text
    assert "<blockquote>" in text
    assert f'href="../../../id/article/{SAMPLE_ARTICLE}/#claim-' in text
    assert "Ratna Dewi – Wali Kota Semarang" in text  # her tenure, which bears no label of its own
    assert '<link rel="alternate" type="text/turtle" href="../../../id/person/ratna-dewi.ttl">' in text


def test_links_elsewhere_and_codes_stand_on_the_page_of_a_place(site: Path) -> None:
    text = page(site, "place/35.78")
    assert "http://www.wikidata.org/entity/Q11462" in text
    assert re.search(r'title="kg:kemendagriCode".*\n<dd>35\.78', text)


def test_numbers_of_linked_tables_stand_on_the_page_of_a_place(site: Path) -> None:
    text = page(site, "place/35.78")
    assert '<h3><a href="../../../id/dataset/luas/">Luas wilayah</a></h3>' in text
    assert "<dt>km2 (2024)</dt><dd>350,5</dd>" in text


def test_the_page_of_a_table_does_not_repeat_its_numbers_without_their_places(site: Path) -> None:
    text = page(site, "dataset/luas")
    assert "350,5" not in text
    assert "dataset/luas/observation" not in (site / "id/dataset/luas.ttl").read_text("utf-8")


@pytest.mark.parametrize("path", ["dataset/luas", f"article/{SAMPLE_ARTICLE}"])
def test_a_page_does_not_name_itself_as_source(site: Path, path: str) -> None:
    assert not re.search(rf'class="sources">menurut <a href="[./]*id/{path}/"', page(site, path))


def test_codes_under_a_licence_that_binds_stay_in_their_own_file(site: Path) -> None:
    for text in (page(site, "place/35.78"), (site / "id/place/35.78.ttl").read_text("utf-8")):
        assert "bpsCode" not in text
        assert "bps/3578" not in text
    assert b"kg:bpsCode" in (site / "reference/regions-bps.ttl").read_bytes()


def test_an_article_is_shown_without_its_text(site: Path) -> None:
    text = (DATA / "sample.txt").read_text("utf-8")
    shown = page(site, f"article/{SAMPLE_ARTICLE}")
    assert "Forum Kota Sungai digelar di Surabaya" in shown
    assert 'href="https://kabarsungai.example/forum-kota-sungai"' in shown
    everything = b"\n".join(gzip.decompress(c) if n.endswith(".gz") else c for n, c in files(site).items())
    quoted = {
        q.object.value for q in sample() if q.predicate in (v.ANCHOR_OF, v.TEXT) and isinstance(q.object, Literal)
    }
    for line in filter(None, map(str.strip, text.splitlines())):
        if not any(line in words for words in quoted):
            assert line.encode() not in everything.replace(b"Forum Kota Sungai digelar di Surabaya", b""), line


def test_fragments_of_evidence_lead_to_its_words_on_the_page_of_the_article(site: Path) -> None:
    shown = page(site, f"article/{SAMPLE_ARTICLE}")
    ids = set(re.findall(r'id="(char=\d+,\d+)"', shown))
    spans = {
        q.object.value.partition("#")[2] for q in sample() if q.predicate in (v.SUBJECT_EVIDENCE, v.OBJECT_EVIDENCE)
    }
    assert len(ids & spans) >= 10
    assert ids <= {q.subject.value.partition("#")[2] for q in sample() if q.predicate == v.BEGIN_INDEX}  # type: ignore[union-attr]


def test_english_pages_are_english(tmp_path: Path) -> None:
    site = published(tmp_path / "site", lang="en")
    text = page(site, "person/ratna-dewi")
    assert '<html lang="en">' in text
    assert "What articles state" in text
    assert "Yang dinyatakan" not in text
    assert "12 November 2025" in page(site, f"article/{SAMPLE_ARTICLE}")


def test_every_property_and_class_has_a_name_in_both_languages() -> None:
    used = {q.predicate for q in sample() if q.graph_name == node(f"article/{SAMPLE_ARTICLE}")}
    used |= {q.object for q in sample() if q.predicate == v.TYPE and q.graph_name == node(f"article/{SAMPLE_ARTICLE}")}  # type: ignore[misc]
    nameless = [prefixed(each) for each in used for lang in ("id", "en") if name_of(each, lang) == prefixed(each)]
    assert nameless == []


def test_words_of_the_pages_exist_in_both_languages() -> None:
    assert set(words("id")) == set(words("en"))


# ---- data


def test_the_dumps_hold_what_was_let_in_and_nothing_else(site: Path) -> None:
    for part in ("facts", "provenance"):
        name = f"article/{SAMPLE_ARTICLE}" + ("/provenance" if part == "provenance" else "")
        expected = {q for q in sample() if q.graph_name == node(name) and q.predicate != v.IS_STRING}
        assert set(dumped(site, part, ".nq")) == expected
        assert {q.triple for q in dumped(site, part, ".ttl")} == {q.triple for q in expected}
    for name in ("wikidata", "bps"):
        mine = {q for q in linked() if str(q.graph_name).startswith(f"<{BASE}id/links/{name}/")}
        assert set(dumped(site, f"links-{name}", ".nq")) == mine
    assert set(dumped(site, "dataset-luas", ".nq")) == {q for q in linked() if q.graph_name == node("dataset/luas")}
    assert not any(b"quarantine" in gzip.decompress(c) for n, c in files(site).items() if n.endswith(".gz"))


def test_dumps_are_split_where_an_article_ends(tmp_path: Path) -> None:
    others = [
        Quad(q.subject, q.predicate, q.object, node(f"article/{n:016x}"))
        for n in range(6)
        for q in sample()
        if q.graph_name == node(f"article/{SAMPLE_ARTICLE}")
    ]
    site = published(tmp_path / "site", *others, split=0.03)
    paths = sorted((site / "data").glob("facts-*.nq.gz"))
    assert len(paths) > 2
    homes = [{line.rsplit(b" ", 2)[-2] for line in gzip.decompress(p.read_bytes()).splitlines()} for p in paths]
    counts = Counter(graph for home in homes for graph in home)
    assert set(counts.values()) == {1}, "the graph of an article is torn apart"
    whole = published(tmp_path / "whole", *others)
    for ending in (".nq", ".ttl"):
        assert set(dumped(site, "facts", ending)) == set(dumped(whole, "facts", ending))


def test_a_graph_file_without_named_graphs_is_published_as_well(tmp_path: Path) -> None:
    flat = Store()
    kept = [q for q in sample() if not str(q.graph_name).endswith("/quarantine>")]
    flat.extend([*(Quad(q.subject, q.predicate, q.object) for q in kept), *background()])
    publish.publish(Graph(flat, BASE), tmp_path / "site", chosen(), log=None)
    facts = {q.triple for q in dumped(tmp_path / "site", "facts", ".ttl")}
    claims = {q.triple for q in dumped(tmp_path / "site", "provenance", ".ttl")}
    assert facts | claims == {q.triple for q in kept if q.predicate != v.IS_STRING}
    assert not any(t.predicate == v.RULE for t in facts)
    with served(tmp_path / "site") as root:
        assert walk(root).faults == []
    assert words("id")["corrections_unknown"] in (tmp_path / "site/corrections/index.html").read_text("utf-8")


def test_the_turtle_of_a_thing_says_what_the_facts_say(site: Path) -> None:
    facts = {q.triple for q in sample() if q.graph_name == node(f"article/{SAMPLE_ARTICLE}")}
    person = node("person/ratna-dewi")
    own = {t for t in facts if person in (t.subject, t.object)}
    found = {q.triple for q in parse(path=site / "id/person/ratna-dewi.ttl", format=RdfFormat.TURTLE)}
    assert own <= found
    assert {t.predicate for t in found - own} <= {v.PREF_LABEL}


def test_checksums_are_those_of_all_files(site: Path) -> None:
    found = files(site)
    sums = dict(reversed(line.split("  ", 1)) for line in found.pop("SHA256SUMS").decode().splitlines())  # type: ignore[misc]
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=site, check=True)


def test_gzip_tells_no_time(site: Path) -> None:
    for path in (site / "data").glob("*.gz"):
        assert path.read_bytes()[3:8] == b"\0\0\0\0\0", path  # no name in the header, and no time


SCRIPT = """
import sys, pathlib
sys.path.insert(0, sys.argv[1])
import test_publish
test_publish.published(pathlib.Path(sys.argv[2]), base_url="https://data.example.go.id/jejaring")
"""


def test_another_process_writes_the_same_bytes(site: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT / "src"), "TZ": "Asia/Jayapura"}
    command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(tmp_path / "site")]
    subprocess.run(command, env=environment, check=True)
    assert files(tmp_path / "site") == files(site)


# ---- descriptions


def description(site: Path, name: str) -> str:
    return (site / name).read_text("utf-8")


def faults_by_dcat_ap(text: str) -> str:
    path = SHARED / "dcat-ap-3.0.1-shapes.ttl"
    if not path.is_file():
        pytest.skip("the SEMIC shapes lie beside the checkout only")
    import pyshacl
    from rdflib import Graph

    graph, shapes = Graph().parse(data=text, format="turtle"), Graph().parse(path)
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    return "" if conforms else report


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_description_passes_the_shapes_of_dcat_ap(site: Path) -> None:
    assert faults_by_dcat_ap(description(site, "dcat.ttl")) == ""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("pattern", "instead", "path"),
    [
        (r"(a dcat:Catalog .*?)dct:title [^;]*;", r"\1", "dct:title"),
        (r"dct:publisher [^;]*;", "", "dct:publisher"),
        (r'spdx:checksumValue "[^"]*"\^\^xsd:hexBinary', 'spdx:checksumValue "none"', "spdx:checksumValue"),
        (r"dcat:theme <([^>]*)>", r'dcat:theme "\1"', "dcat:theme"),
    ],
)
def test_the_shapes_of_dcat_ap_find_faults(site: Path, pattern: str, instead: str, path: str) -> None:
    text, count = re.subn(pattern, instead, description(site, "dcat.ttl"), count=1, flags=re.DOTALL)
    assert count == 1
    assert path.partition(":")[2] in faults_by_dcat_ap(text)


def test_both_forms_of_the_description_say_the_same(site: Path) -> None:
    first = {q.triple for q in parse(path=site / "dcat.ttl", format=RdfFormat.TURTLE)}
    assert first == {q.triple for q in parse(path=site / "dcat.jsonld", format=RdfFormat.JSON_LD)}


def test_each_distribution_is_a_file_of_that_size_and_checksum(site: Path) -> None:
    triples = [q.triple for q in parse(path=site / "dcat.ttl", format=RdfFormat.TURTLE)]
    values = {(t.subject, t.predicate): t.object for t in triples}
    found = [t.subject for t in triples if t.object == term("dcat:Distribution")]
    assert len(found) == 2 * 5 + len(resources.files("data/reference", "*.ttl"))
    for each in found:
        address = values[each, term("dcat:downloadURL")].value  # type: ignore[union-attr]
        content = (site / address.removeprefix("https://data.example.go.id/jejaring/")).read_bytes()
        assert values[each, term("dcat:byteSize")].value == str(len(content))  # type: ignore[union-attr]
        checksum = values[values[each, term("spdx:checksum")], term("spdx:checksumValue")]  # type: ignore[index]
        assert checksum.value == hashlib.sha256(content).hexdigest()  # type: ignore[union-attr]


def test_statistics_are_those_of_the_dumps(site: Path) -> None:
    root = "https://data.example.go.id/jejaring/"
    triples = [q.triple for q in parse(path=site / "void.ttl", format=RdfFormat.TURTLE)]
    values = {(t.subject, t.predicate): t.object for t in triples}

    def number(subject: object, name: str) -> int:
        return int(values[subject, term(f"void:{name}")].value)  # type: ignore[index,union-attr]

    for part, about in (
        *(("facts", NamedNode(f"{root}#facts")), ("provenance", NamedNode(f"{root}#provenance"))),
        *(("links-wikidata", node("links/wikidata")), ("dataset-luas", node("dataset/luas"))),
    ):
        quads = dumped(site, part, ".nq")
        assert number(about, "triples") == len(quads)
        assert number(about, "distinctSubjects") == len({q.subject for q in quads})
        for partition in (
            t.object for t in triples if t.subject == about and t.predicate == term("void:classPartition")
        ):
            kind = values[partition, term("void:class")]  # type: ignore[index]
            assert number(partition, "entities") == len({q.subject for q in quads if q.object == kind})
        for partition in (
            t.object for t in triples if t.subject == about and t.predicate == term("void:propertyPartition")
        ):
            name = values[partition, term("void:property")]  # type: ignore[index]
            assert number(partition, "triples") == sum(q.predicate == name for q in quads)
    sets = [t.subject for t in triples if t.object == term("void:Linkset")]
    links = next(each for each in sets if values[each, v.DCT_TITLE] == Literal("wikidata/exactMatch"))
    assert (number(links, "triples"), values[links, term("void:linkPredicate")]) == (1, v.EXACT_MATCH)
    assert values[links, term("void:objectsTarget")] == NamedNode("http://www.wikidata.org/entity/")


def test_each_source_has_its_licence(site: Path) -> None:
    table = {row["files"]: row for row in csv.DictReader(description(site, "sources.csv").splitlines())}
    rows = {name: row for name, row in table.items() if name.startswith("reference/")}
    assert set(rows) == {f"reference/{path.name}" for path in resources.files("data/reference", "*.ttl")}
    own = {row["title_en"]: row["licences"] for name, row in table.items() if name not in rows}
    assert own == {
        "Links of links/wikidata": "https://creativecommons.org/publicdomain/zero/1.0/",
        "Links of links/bps": "https://opendatacommons.org/licenses/odbl/1-0/",
        "Luas wilayah": "",
    }
    assert rows["reference/regions-bps.ttl"]["licences"] == "https://opendatacommons.org/licenses/odbl/1-0/"
    assert all(row["licences"] for row in rows.values())
    shown = (site / "licences/index.html").read_text("utf-8")
    for row in rows.values():
        assert all(f'href="{licence}"' in shown for licence in row["licences"].split())
    assert "Permission is hereby granted" in (site / "reference/LICENCES.md").read_text("utf-8")
    licensed = [
        q for q in parse(path=site / "sources.ttl", format=RdfFormat.TURTLE) if q.predicate == v.term("dct:license")
    ]
    links = {node("links/wikidata/exactMatch"), node("links/bps/identifier")}
    assert {q.subject for q in licensed} - links == {
        node(f"reference/{name.split('/')[1].removesuffix('.ttl')}") for name in rows
    }


def test_a_source_without_a_licence_is_named(tmp_path: Path) -> None:
    done = publish.publish(Graph(dataset(), BASE), tmp_path / "site", chosen(), log=None)
    assert done.notes == ("Luas wilayah: no licence is known",)
    assert words("id")["no_licence"] in (tmp_path / "site/licences/index.html").read_text("utf-8")


def test_what_was_taken_back_or_replaced_is_told(site: Path) -> None:
    found = json.loads(description(site, "corrections.json"))
    assert [(each["outcome"], each["subject"], each["replaces"]) for each in found] == [
        ("removed", "bb", []),
        ("replaced", SAMPLE_ARTICLE, ["aa"]),
    ]
    rows = list(csv.DictReader(description(site, "corrections.csv").splitlines()))
    assert [row["time"] for row in rows] == ["2026-11-26T10:00:00+00:00", "2026-11-25T09:00:00+00:00"]
    shown = (site / "corrections/index.html").read_text("utf-8")
    assert "Forum Kota Sungai digelar di Surabaya" in shown
    assert "ditarik kembali" in shown
    assert "2026-11-24" not in shown, "what was added is no correction"


def test_the_last_change_is_the_day_of_the_log_or_as_told(site: Path, tmp_path: Path) -> None:
    assert 'dct:modified "2026-11-26"^^xsd:date' in description(site, "dcat.ttl")
    other = published(tmp_path / "site", modified="2025-01-02")
    assert 'dct:modified "2025-01-02"^^xsd:date' in description(other, "dcat.ttl")


def test_a_site_map_names_every_page_once(site: Path) -> None:
    from xml.etree import ElementTree as ET

    found = [each.text or "" for each in ET.parse(site / "sitemap.xml").iter() if each.tag.endswith("loc")]
    pages = {name for name in files(site) if name.endswith("index.html")}
    root = "https://data.example.go.id/jejaring/"
    assert sorted(found) == sorted(set(found))
    assert {urllib.parse.unquote(each.removeprefix(root)) + "index.html" for each in found} == pages
    assert "Sitemap: https://data.example.go.id/jejaring/sitemap.xml" in description(site, "robots.txt")


def test_what_a_user_keeps_beside_is_told_nowhere(tmp_path: Path) -> None:
    own, person, noted = NamedNode("https://example.org/catatan"), node("person/ratna-dewi"), node("article/ff00")
    seen = [q for q in sample() if q.graph_name == node(f"article/{SAMPLE_ARTICLE}/provenance")]
    kept = [
        Quad(person, v.PREF_LABEL, Literal("Nama Rahasia", language="id"), own),
        Quad(person, v.ALT_LABEL, Literal("Nama Rahasia", language="id"), own),
        Quad(noted, v.TYPE, v.NEWS_ARTICLE, own),
        Quad(noted, v.DATE_PUBLISHED, Literal("1945-08-17", datatype=v.DATE), own),
        *(Quad(q.subject, q.predicate, q.object, NamedNode(f"{own.value}/provenance")) for q in seen),
    ]
    assert files(published(tmp_path / "site", *kept)) == files(published(tmp_path / "without"))


def test_of_a_view_the_same_is_published_as_of_a_copy(tmp_path: Path) -> None:
    for name, text in PEOPLE.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    kept = tmp_path / "kg-store"
    news = [str(tmp_path / f"{name}.txt") for name in PEOPLE]
    build = CliRunner().invoke(cli, ["build", *news, "--store", str(kept)])
    assert "1 merged of several spellings" in build.stderr
    with store.open_store(kept) as opened:
        own = NamedNode("https://example.org/catatan")
        opened.put_own([], [Quad(node("person/sutrisno-hadiwibawa"), v.ALT_LABEL, Literal("Tris"), own)])
        opened.put_links("wikidata", [q for q in linked() if "/id/links/wikidata" in str(q.graph_name)])
        opened.put_dataset(node("dataset/luas"), [q for q in linked() if q.graph_name == node("dataset/luas")], "l.csv")
        copy = Store()
        copy.bulk_extend(resolved.quads(opened.dataset, resolved.aliases(opened.dataset)))
        log = opened.log()
    publish.publish(Graph(copy, BASE), tmp_path / "copy", chosen(), log=log)
    given = [part for name, value in GIVEN.items() for part in (f"--{name}", value)]
    done = CliRunner().invoke(cli, ["publish", str(tmp_path / "site"), *given, "--store", str(kept)])
    assert done.exit_code == 0, done.output
    assert files(tmp_path / "site") == files(tmp_path / "copy")
    assert (tmp_path / "site/id/person/sutrisno-hadiwibawa.ttl").exists()
    assert not (tmp_path / "site/id/person/soetrisno-hadiwibawa.ttl").exists()


# ---- whole or not at all


def test_a_new_publication_replaces_the_earlier_one(tmp_path: Path) -> None:
    target = published(tmp_path / "site")
    (target / "id/person/stale.ttl").write_text("stale")
    fewer = Store()
    fewer.extend([q for q in [*sample(), *background()] if q.subject != node("person/lila-anwar")])
    publish.publish(Graph(fewer, BASE), target, chosen(), log=[])
    assert not (target / "id/person/stale.ttl").exists()
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="holds other things"):
        published(target)
    assert files(target) == {"thesis.txt": b"years of work"}
    with pytest.raises(OutputError, match="a file; name a folder"):
        published(target / "thesis.txt")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert (published(tmp_path / "site") / "index.html").is_file()


def test_after_a_failure_the_earlier_publication_is_there_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = published(tmp_path / "site")
    before = files(target)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish.sources, "write_reference", full)
    with pytest.raises(OutputError, match="what was there still is"):
        published(target, log=[])
    assert files(target) == before
    assert list(tmp_path.iterdir()) == [target]


# ---- what articles and ids may hold


def test_words_of_an_article_never_become_markup(tmp_path: Path) -> None:
    evil = '<script>alert("1")</script>\x07 & </title>'
    site = published(
        tmp_path / "site",
        Quad(node("person/evil"), v.TYPE, v.OFFICIAL, node("article/x")),
        Quad(node("person/evil"), v.PREF_LABEL, Literal(evil, language="id"), node("article/x")),
        Quad(node("article/x"), v.TYPE, v.NEWS_ARTICLE, node("article/x")),
        Quad(node("article/x"), v.URL, NamedNode("javascript:alert(1)"), node("article/x")),
        Quad(node("article/x"), v.HEADLINE, Literal(evil, language="id"), node("article/x")),
        title='"><script>',
    )
    with served(site) as root:
        found = walk(root)
    assert found.faults == []
    assert not any(address.startswith("javascript:") for address in found.external)


ODD = (
    *("place/JP", "place/jp", "person/a%20b", "person/a%2Fb", "person/..", "person/con", "person/x.ttl", "person/x"),
    *("person/" + "l" * 300, "person/.hidden", "person/index.html", "person/é", "person/x/index.html", "person/a:b"),
)


def test_odd_ids_have_pages_that_can_be_reached(tmp_path: Path) -> None:
    more = []
    for number, path in enumerate(ODD):
        thing = node(path)
        more.append(Quad(thing, v.TYPE, v.OFFICIAL, node(f"article/{SAMPLE_ARTICLE}")))
        label = Literal(f"Orang aneh {number}", language="id")
        more.append(Quad(thing, v.PREF_LABEL, label, node(f"article/{SAMPLE_ARTICLE}")))
    site = published(tmp_path / "site", *more)
    with served(site) as root:
        assert walk(root).faults == []
    text = "".join(path.read_text("utf-8") for path in site.rglob("index.html"))
    for number, path in enumerate(ODD):
        assert f"<code>{node(path).value}</code>" in text, path
        assert f"Orang aneh {number}" in text


PATHS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20), unique=True, max_size=8
)


@hypothesis.settings(max_examples=60, deadline=None)
@hypothesis.given(PATHS)
def test_two_ids_never_share_a_file_on_any_file_system(keys: list[str]) -> None:
    paths = Paths(BASE)
    places = [paths.place(f"{BASE}id/person/{urllib.parse.quote(key, safe='/')}") for key in keys]
    names = [unicodedata.normalize("NFC", name.casefold()) for p in places for name in (p.html, p.turtle)]
    assert len(set(names)) == len(names)
    folders = {unicodedata.normalize("NFC", p.folder.casefold()) for p in places}
    assert folders.isdisjoint(names)
    for place in places:
        assert urllib.parse.unquote(place.address) == f"{place.folder}/"
        parts = place.folder.split("/")
        assert parts[0] == "id"
        assert all(part.strip(".") and not re.search(r'[\\<>:"|?*\x00-\x1f]', part) for part in parts)


# ---- settings and the command


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"publisher": None}, "publisher missing; add --publisher"),
        ({"publisher": "", "licence": ""}, "publisher and licence missing"),
        ({"licence": "free"}, "licence 'free': not known by name"),
        ({"base_url": "data.go.id"}, "base-url 'data.go.id': no web address"),
        ({"contact": "the office"}, "contact 'the office'"),
        ({"modified": "today"}, "modified 'today': expected a date"),
        ({"split": 0}, "split 0: expected a size"),
        ({"titel": "x"}, "no setting 'titel'; did you mean title?"),
        ({"title": 3}, "title must be text"),
        ({"lang": "fr"}, "lang 'fr'"),
    ],
)
def test_a_mistake_in_the_settings_is_one_line(more: dict[str, object], message: str) -> None:
    with pytest.raises(KgError, match=re.escape(message)):
        chosen(**more)


def test_settings_stand_in_kg_toml(tmp_path: Path) -> None:
    path = tmp_path / "kg.toml"
    path.write_text(
        'store = "x"\n[publish]\npublisher = "Dinas"\nlicence = "cc0-1.0"\nbase-url = "https://a.example/b"\n'
    )
    found = settings(read(path), BASE)
    assert (found.publisher, found.licence.title) == ("Dinas", "Creative Commons Zero 1.0 Universal")
    assert (found.root, found.sitemap) == ("https://a.example/b/", True)
    assert read(tmp_path / "none.toml") == {}


def test_the_command(tmp_path: Path) -> None:
    graph = tmp_path / "graph.trig"
    shutil.copy(DATA / "sample.trig", graph)
    options = ["--graph", str(graph), "--publisher", "Dinas", "--licence", "CC0-1.0"]
    done = CliRunner().invoke(cli, ["publish", str(tmp_path / "site"), *options], catch_exceptions=False)
    assert done.exit_code == 0
    assert re.search(r"site: [\d,]+ things, [\d,]+ statements, [\d,]+ files", done.stderr)
    assert (tmp_path / "site/index.html").is_file()
    with pytest.raises(KgError, match="licence missing"):
        CliRunner().invoke(
            cli, ["publish", str(tmp_path / "x"), "--graph", str(graph), "--publisher", "D"], catch_exceptions=False,
            standalone_mode=False,
        )  # fmt: skip
    assert not (tmp_path / "x").exists()


def test_parts_of_a_store_by_the_names_of_their_graphs() -> None:
    from kg.publish.graph import part_of

    assert part_of(node("article/0a")) is Part.FACTS
    assert part_of(node("article/0a/provenance")) is Part.PROVENANCE
    assert part_of(node("links/out/wikidata")) is Part.LINKS
    assert part_of(node("dataset/penduduk")) is Part.DATASETS
    assert part_of(node("article/0a/quarantine")) is None
    assert part_of(node("store")) is None
