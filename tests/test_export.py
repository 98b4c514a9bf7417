"""Every format: reads back as the same graph, by parsers that aren't ours, and is the same bytes in every run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from kg import export, resources
from kg import vocabulary as v
from kg.errors import GraphError, KgError
from kg.export import parts, tables
from kg.traverse import head

DATA = Path(__file__).parent / "data"
SOURCES = Path(__file__).resolve().parents[1] / "src"
BASE = v.DEFAULT_BASE
RDF = {
    # name -> how pyoxigraph, rdflib and rapper call it; None where a parser doesn't know it
    "turtle": (RdfFormat.TURTLE, "turtle", "turtle"),
    "trig": (RdfFormat.TRIG, "trig", "trig"),
    "ntriples": (RdfFormat.N_TRIPLES, "nt", "ntriples"),
    "nquads": (RdfFormat.N_QUADS, "nquads", "nquads"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld", None),
    "rdfxml": (RdfFormat.RDF_XML, "xml", "rdfxml"),
}
WITH_GRAPHS = ("trig", "nquads", "jsonld")


def sample() -> list[Quad]:
    """The fixture's three graphs."""
    return list(parse(path=DATA / "sample.trig", format=RdfFormat.TRIG, base_iri=BASE))


def flat(quads: list[Quad]) -> set[Triple]:
    """Without graphs."""
    return {quad.triple for quad in quads}


def expected(name: str) -> set[Quad] | set[Triple]:
    """What a format must give back."""
    return set(sample()) if name in WITH_GRAPHS else flat(sample())


# ---- round trips


@pytest.mark.parametrize("name", RDF)
def test_pyoxigraph_reads_the_same_graph(name: str) -> None:
    read = list(parse(export.write(sample(), name), format=RDF[name][0]))
    assert (set(read) if name in WITH_GRAPHS else flat(read)) == expected(name)


@pytest.mark.filterwarnings(
    "ignore:(Dataset|ConjunctiveGraph):DeprecationWarning"
)  # rdflib's own parsers use what rdflib deprecates
@pytest.mark.parametrize("name", RDF)
def test_rdflib_reads_the_same_graph(name: str) -> None:
    import rdflib

    def graph_of(data: bytes, form: str) -> set[tuple[object, ...]]:
        dataset = rdflib.Dataset(default_union=name not in WITH_GRAPHS)
        dataset.parse(data=data, format=form)
        return {(s, p, o, g if name in WITH_GRAPHS else None) for s, p, o, g in dataset.quads()}

    plain = export.write(sample(), "nquads" if name in WITH_GRAPHS else "ntriples")
    assert graph_of(export.write(sample(), name), RDF[name][1]) == graph_of(plain, "nquads")


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper is missing: apt-get install raptor2-utils")
@pytest.mark.parametrize("name", [name for name, forms in RDF.items() if forms[2]])
def test_rapper_reads_the_same_graph(name: str, tmp_path: Path) -> None:
    file = tmp_path / "graph"
    file.write_bytes(export.write(sample(), name))
    command = ["rapper", "-q", "-i", str(RDF[name][2]), "-o", "nquads", str(file), BASE]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert flat(list(parse(done.stdout, format=RdfFormat.N_QUADS))) == flat(sample())


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
TERMS = st.one_of(
    TEXT.map(Literal),
    TEXT.map(lambda text: Literal(text, language="id")),
    st.sampled_from(["7", "+07", "-1", "7.0", ".5", "1.", "1e3", "satu", ""]).flatmap(
        lambda text: st.sampled_from([v.INTEGER, v.DECIMAL, v.NON_NEGATIVE_INTEGER, v.DATE]).map(
            lambda datatype: Literal(text, datatype=datatype)
        )
    ),
    st.sampled_from(
        [
            *("id/person/a", "id/place/35.78", "id/a/../b", "id/./a", "id//a", "id/a?b=c", "id/a:b", "id/a#char=1,2"),
            *("", "id", "id/", "ontology#current", "ontology#a.b", "ontology#", "id/a/.", "id/a/..", "id/a;b(c)'~"),
        ]
    ).map(lambda key: NamedNode(BASE + key)),
    st.sampled_from(["http://schema.org/", "http://schema.org/a/b", "urn:x:y", "mailto:a@b"]).map(NamedNode),
)


@pytest.mark.parametrize("name", ["turtle", "trig", "jsonld"])
@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(TERMS, max_size=6), predicate=st.sampled_from([v.PREF_LABEL, v.MEMBER, v.TYPE, v.VALUE, v.OBJECT])
)
def test_any_value_survives(name: str, values: list[Literal | NamedNode], predicate: NamedNode) -> None:
    if predicate == v.TYPE:
        values = [value for value in values if isinstance(value, NamedNode)]
    quads = [
        Quad(NamedNode(BASE + "id/place/1"), predicate, value, NamedNode(BASE + "id/article/1")) for value in values
    ]
    read = list(parse(export.write(quads, name), format=RDF[name][0]))
    assert flat(read) == flat(quads)


# ---- the same bytes


SCRIPT = """
import hashlib, random, sys
from pathlib import Path
from pyoxigraph import RdfFormat, parse
from kg import export
quads = list(parse(path=sys.argv[1], format=RdfFormat.TRIG, base_iri="https://w3id.org/jejaring/"))
random.Random(int(sys.argv[2])).shuffle(quads)
print({name: hashlib.sha256(export.write(quads, name)).hexdigest() for name in export.EXPORTS})
"""


def test_the_same_bytes_in_every_process_hash_seed_and_order_of_quads() -> None:
    def run(seed: int) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(SOURCES)}
        command = [sys.executable, "-c", SCRIPT, str(DATA / "sample.trig"), str(seed)]
        return subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout

    here = {name: hashlib.sha256(export.write(sample(), name)).hexdigest() for name in export.EXPORTS}
    assert [run(seed) for seed in (0, 1, 4242)] == [f"{here}\n"] * 3


@pytest.mark.parametrize("name", ["ntriples", "nquads"])
def test_lines_are_sorted(name: str) -> None:
    lines = export.write(sample(), name).splitlines()
    assert lines == sorted(set(lines))


def test_blank_nodes_of_foreign_graphs_are_named_by_what_they_are() -> None:
    def graph(one: str, two: str) -> list[Quad]:
        first, second = BlankNode(one), BlankNode(two)
        return [Quad(first, v.MEMBER, second), Quad(second, v.PREF_LABEL, Literal("B"))]

    written = export.write(graph("x", "y"), "turtle")
    assert written == export.write(graph("zebra", "ant"), "turtle")
    read, original = (Dataset(quads) for quads in (parse(written, format=RdfFormat.TURTLE), graph("x", "y")))
    for dataset in (read, original):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert read == original


# ---- Turtle for people


def test_turtle_has_things_by_kind_and_words_beside_evidence() -> None:
    text = export.write(sample(), "turtle").decode()
    titles = re.findall(r"^# (.*)$", text, flags=re.MULTILINE)
    present = [section.title for section in parts.SECTIONS if section.title in titles]
    assert titles == present
    assert len(present) > 12
    assert (
        """
<id/person/budi-santoso> a kg:Official ;
    skos:prefLabel "Budi Santoso"@id ;
    foaf:name "Budi Santoso"@id ;
    skos:altLabel "Budi"@id .
"""
        in text
    )
    assert "kg:editionNumber 7 ;" in text
    assert "    kg:triggerEvidence <id/article/39cd01db7725eb93#char=350,363> ;  # “dipimpin oleh”\n" in text


def test_turtle_has_only_the_prefixes_that_it_uses() -> None:
    text = export.write(sample(), "turtle").decode()
    prefixes = re.findall(r"^@prefix (\w+): <(.*)> \.$", text, flags=re.MULTILINE)
    assert [prefix for prefix, _ in prefixes] == sorted(prefix for prefix, _ in prefixes)
    body = text.partition("# ")[2]
    assert [prefix for prefix, _ in prefixes if f"{prefix}:" not in body] == []


def test_a_comment_stays_on_its_line_whatever_the_words_are() -> None:
    span = NamedNode(BASE + "id/article/1#char=0,9")
    claim = NamedNode(BASE + "id/claim/1")
    quads = [Quad(span, v.ANCHOR_OF, Literal('a\nb .\r<x> "\u2028c\x07')), Quad(claim, v.SUBJECT_EVIDENCE, span)]
    assert flat(list(parse(export.write(quads, "turtle"), format=RdfFormat.TURTLE))) == flat(quads)


def test_another_base_makes_other_ids_short() -> None:
    quads = [Quad(NamedNode("https://example.org/x/id/person/a"), v.TYPE, v.OFFICIAL)]
    assert b"<id/person/a> a kg:Official .\n" in export.write(quads, "turtle", base="https://example.org/x/")
    assert b"<https://example.org/x/id/person/a> a kg:Official .\n" in export.write(quads, "turtle")


# ---- what is written


def test_facts_only_leaves_out_claims_and_evidence_with_and_without_graphs() -> None:
    kept = {q for q in sample() if not q.graph_name.value.endswith(parts.APART)}  # type: ignore[union-attr]
    kept = {q for q in kept if q.object != v.CONTEXT}
    assert set(parse(export.write(sample(), "nquads", facts_only=True), format=RdfFormat.N_QUADS)) == kept
    merged = list(parse(export.write(sample(), "turtle"), format=RdfFormat.TURTLE))
    assert flat(list(parse(export.write(merged, "ntriples", facts_only=True), format=RdfFormat.N_TRIPLES))) == flat(
        list(kept)
    )


def test_reference_data_and_texts_stay_at_home_unless_asked_for() -> None:
    place = Quad(NamedNode(BASE + "id/place/35.78"), v.TYPE, v.CITY, NamedNode(BASE + "id/reference"))
    text = Quad(
        NamedNode(BASE + "id/article/1"), v.IS_STRING, Literal("Seluruh teks"), NamedNode(BASE + "id/article/1")
    )
    assert export.write([place, text], "nquads") == b""
    assert export.write([place, text], "nquads", reference=True).decode() == f"{place} .\n"


def test_triples_in_triples_are_refused_with_one_line() -> None:
    inner = Triple(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"))
    with pytest.raises(GraphError, match=r"RDF 1\.2") as caught:
        export.write([Quad(NamedNode("urn:r"), NamedNode("urn:reifies"), inner, DefaultGraph())], "turtle")
    assert "\n" not in str(caught.value)


def test_rdfxml_refuses_what_xml_cannot_hold_with_one_line() -> None:
    with pytest.raises(GraphError, match=r"person/a> .*prefLabel>: XML can't hold U\+0007; take another format"):
        export.write([Quad(NamedNode(BASE + "id/person/a"), v.PREF_LABEL, Literal("A\x07"))], "rdfxml")


@pytest.mark.parametrize("export_name", export.EXPORTS)
def test_an_empty_graph_is_a_valid_file(export_name: str) -> None:
    data = export.write([], export_name)
    if export_name in RDF:
        assert list(parse(data, format=RDF[export_name][0])) == []
    elif export_name == "csv":
        assert all(len(content.splitlines()) == 1 for content in export.files([], "csv").values())
    elif export_name in ("ftm", "quickstatements", "quickstatements-create"):
        assert data == b"", "a JSON object or a command a line, and there is none"
    else:
        assert data


@pytest.mark.parametrize(
    ("file", "name"),
    [
        *(("graph.ttl", "turtle"), ("GRAPH.TTL", "turtle"), ("a/b.c/graph.nq", "nquads"), ("x.jsonld", "jsonld")),
        *(("x.annotations.jsonld", "annotations"), ("tabel.zip", "csv"), ("x.rdf", "rdfxml"), ("x.gexf", "gexf")),
    ],
)
def test_the_ending_says_the_format(file: str, name: str) -> None:
    assert export.by_suffix(file) == name


def test_unknown_endings_and_formats_are_refused_with_the_known_ones() -> None:
    with pytest.raises(KgError, match=r"graph\.doc: .*\.ttl.*\.gexf"):
        export.by_suffix("graph.doc")
    with pytest.raises(KgError, match=r"yaml.*turtle, trig"):
        export.write([], "yaml")
    with pytest.raises(KgError, match=r"turtle.*csv"):
        export.files([], "turtle")


# ---- tables


def rows(name: str) -> list[dict[str, str]]:
    """A table of the fixture."""
    return list(csv.DictReader(io.StringIO(export.files(sample(), "csv")[name].decode(), newline="")))


def test_a_tenure_is_a_row_with_names_and_words() -> None:
    (row,) = [row for row in rows("tenures.csv") if row["official_name"] == "Wirya Salim"]
    assert row == {
        "tenure": f"{BASE}id/tenure/wirya-salim--wali-kota-16.71--former",
        "official": f"{BASE}id/person/wirya-salim",
        "official_name": "Wirya Salim",
        "post": f"{BASE}id/post/wali-kota-16.71",
        "post_name": "Wali Kota Palembang",
        "organisation": f"{BASE}id/government/16.71",
        "organisation_name": "Pemerintah Kota Palembang",
        "on_behalf_of": "",
        "on_behalf_of_name": "",
        "appointment": "definitive",
        "status": "former",
        "as_of": "2025-11-12",
        "article": f"{BASE}id/article/39cd01db7725eb93",
        "date": "2025-11-12",
        "words": "mantan … Wali Kota Palembang … Wirya Salim",
        "spans": "530,536 537,556 558,569",
    }


def test_every_row_quotes_the_text_of_the_article() -> None:
    text = (DATA / "sample.txt").read_text("utf-8")
    seen = 0
    for name in export.files(sample(), "csv"):
        for row in rows(name):
            spans = [tuple(map(int, span.split(","))) for span in row["spans"].split()]
            assert " … ".join(text[begin:end] for begin, end in spans) == row["words"]
            seen += len(spans)
    assert seen > 100


def test_the_claims_table_has_every_claim_once() -> None:
    claims = {quad.subject.value for quad in sample() if quad.object == v.CLAIM}  # type: ignore[union-attr]
    assert sorted(row["claim"] for row in rows("claims.csv")) == sorted(claims)
    assert [row["relation"] for row in rows("refused.csv")] == ["funding"]


def test_tables_have_the_columns_of_their_queries() -> None:
    for table in tables.tables():
        text = resources.path(f"queries/export/{table.name}.rq").read_text("utf-8")
        selected = re.findall(r"\?(\w+)", next(line for line in text.splitlines() if line.startswith("SELECT")))
        assert selected[-3:] == ["words", "begin", "end"]
        assert table.names | table.fold <= set(selected)
        assert {"title", "title-en", "description", "description-en"} <= head(text).keys()
        header = export.files([], "csv")[f"{table.name}.csv"].decode().strip().split(",")
        assert [column for column in header if not column.endswith("_name")] == [*selected[:-3], "words", "spans"]


def test_the_zip_has_the_files_and_no_clock() -> None:
    with zipfile.ZipFile(io.BytesIO(export.write(sample(), "csv"))) as archive:
        found = {info.filename: archive.read(info) for info in archive.infolist()}
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert found == export.files(sample(), "csv")


# ---- network tools


def test_networkx_reads_graphml_and_gexf_back() -> None:
    import networkx as nx

    graphml = nx.parse_graphml(export.write(sample(), "graphml").decode(), force_multigraph=True)
    gexf = nx.read_gexf(io.BytesIO(export.write(sample(), "gexf")))
    for graph in (graphml, gexf):
        edges = [
            (graph.nodes[s]["label"], data["relation"], graph.nodes[t]["label"], data["status"], data["words"])
            for s, t, data in graph.edges(data=True)
            if data["relation"] == "member-of"
        ]
        surabaya = "Kota Surabaya … diproyeksikan bergabung … JKSA … 2026 … smart river city"
        assert sorted(edges) == [
            (
                "Kota Palembang",
                "member-of",
                "Jaringan Kota Sungai Asia",
                "current",
                "Kota Palembang … menjadi anggota … JKSA … 2021",
            ),
            ("Kota Surabaya", "member-of", "Jaringan Kota Sungai Asia", "projected", surabaya),
        ]
        assert {data["article"] for _, _, data in graph.edges(data=True)} == {f"{BASE}id/article/39cd01db7725eb93"}
    assert (graphml.number_of_nodes(), graphml.number_of_edges()) == (gexf.number_of_nodes(), gexf.number_of_edges())


# ---- annotations


def test_annotations_point_at_the_words_of_each_claim() -> None:
    text = (DATA / "sample.txt").read_text("utf-8")
    page = json.loads(export.write(sample(), "annotations"))
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert len(page["items"]) == len(rows("claims.csv"))
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["target"]
        for target in item["target"]:
            position, quote = target["selector"]
            assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
            assert text[position["start"] : position["end"]] == quote["exact"]


def test_annotations_are_rdf() -> None:
    page = json.loads(export.write(sample(), "annotations"))
    oa = "http://www.w3.org/ns/oa#"
    terms = {name: {"@id": f"oa:{iri}", "@type": "@id"} for name, iri in (("body", "hasBody"), ("target", "hasTarget"))}
    page["@context"] = {"oa": oa, "@vocab": oa, "id": "@id", "type": "@type", **terms}
    store = Store()
    store.load(json.dumps(page).encode(), format=RdfFormat.JSON_LD)
    found = list(store.quads_for_pattern(None, v.TYPE, NamedNode(f"{oa}Annotation")))
    assert len(found) == len(page["items"])
