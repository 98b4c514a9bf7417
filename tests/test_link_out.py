"""Links to identifiers elsewhere: they agree with the tables they come from, and every form of them is sound."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner, Result

from kg import export, reference
from kg import vocabulary as v
from kg.cli import cli
from kg.errors import DataError, GraphError, InputError
from kg.link import out, sssom, void
from kg.link.judgements import Judgement, Judgements, Verdict, thing_id
from kg.link.out import Linkset
from kg.link.targets import strictest, targets
from sssom_check import faults

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "articles" / "kota-cerdas.txt"
SHARED = ROOT.parent / "shared" / "data"
BASE = v.DEFAULT_BASE
Q = "http://www.wikidata.org/entity/"


def shared(name: str) -> list[dict[str, str]]:
    """A table of the project's shared data."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def nothing_judged(tmp_path_factory: pytest.TempPathFactory) -> Judgements:
    return Judgements.load(tmp_path_factory.mktemp("none") / "judgements.sssom.tsv")


@pytest.fixture(scope="module")
def every(nothing_judged: Judgements) -> list[Linkset]:
    """The links of all that reference data knows."""
    return out.linksets(out.chosen(reference.load(), None), list(targets().values()), nothing_judged)


def of(sets: list[Linkset], target: str, predicate: str = "") -> dict[str, set[str]]:
    """Key -> what it is linked to in a target, without what all its ids begin with."""
    found: dict[str, set[str]] = {}
    for each in sets:
        if each.target and each.target.name == target and each.predicate.endswith(predicate):
            for row in each.rows:
                key = row["subject_id"].removeprefix(f"{BASE}id/")
                found.setdefault(key, set()).add(row["object_id"].removeprefix(each.target.prefix(BASE)).strip("/"))
    return found


# ---- what they say


def test_regions_have_the_identifiers_of_the_table(every: list[Linkset]) -> None:
    rows = shared("wilayah_links.csv")
    assert len(rows) == 552
    kemendagri, wikidata = of(every, "kemendagri"), of(every, "wikidata", "exactMatch")
    iso, geonames = of(every, "iso3166-2"), of(every, "geonames")
    for row in rows:
        key = f"place/{row['code']}"
        assert kemendagri[key] == {row["code"]}
        assert wikidata[key] == {row["wikidata"]}
        assert iso.get(key, set()) == {row["iso_3166_2"]} - {""}
        assert geonames.get(key, set()) == {row["geonames"]} - {""}


def test_a_town_or_an_id_of_two_regions_is_no_exact_match(every: list[Linkset]) -> None:
    rows = shared("wilayah_links.csv")
    uses = Counter(row["geonames"] for row in rows)
    exact = of(every, "geonames", "exactMatch")
    for row in rows:
        doubtful = row["geonames_kind"] == "populated place" or uses[row["geonames"]] > 1
        assert (f"place/{row['code']}" in exact) == (bool(row["geonames"]) and not doubtful), row


def test_how_each_region_was_matched_is_said(every: list[Linkset]) -> None:
    said = {row["subject_id"]: row["comment"] for each in every if each.name == "wikidata" for row in each.rows}
    for row in shared("wilayah_links.csv"):
        how = (
            row["how_matched"].replace("code+name+type", "code, name and type").replace("code+type,", "code and type,")
        )
        how = how.replace("name+type,", "name and type,").replace("second source", "a second source")
        assert said[thing_id(f"place/{row['code']}")] == f"matched on {how}"


def test_bps_codes_are_those_of_the_list(every: list[Linkset]) -> None:
    codes = of(every, "bps")
    rows = shared("bps_2018.csv")
    columns = list(rows[0])
    bps, kemendagri = columns[0], columns[2]
    assert {(row[bps], row[kemendagri]) for row in rows} == {
        (code, key.removeprefix("place/")) for key, found in codes.items() for code in found
    }


@pytest.mark.parametrize(
    ("table", "label", "columns"),
    [
        ("countries.csv", "iso2", {"wikidata": "wikidata", "geonames": "geonames", "iso2": "iso3166-1"}),
        ("ministries.csv", "name", {"wikidata": "wikidata", "ror": "ror"}),
        ("networks.csv", "name_id", {"wikidata": "wikidata"}),
    ],
)
def test_other_things_have_the_identifiers_of_their_tables(
    table: str, label: str, columns: dict[str, str], every: list[Linkset]
) -> None:
    known = reference.load()
    for row in shared(table):
        key = f"place/{row[label]}" if label == "iso2" else next(iter(known.names.get(row[label], ())), "")
        for column, target in columns.items():
            if row[column]:
                assert row[column].rpartition("/")[2] in of(every, target)[key], row


def test_an_item_of_wikidata_is_one_thing(every: list[Linkset]) -> None:
    uses = Counter(item for items in of(every, "wikidata", "exactMatch").values() for item in items)
    assert [item for item, count in uses.items() if count > 1] == []
    ids = Counter(ror for found in of(every, "ror", "exactMatch").values() for ror in found)
    assert [item for item, count in ids.items() if count > 1] == []


def test_codes_are_unique(every: list[Linkset]) -> None:
    for target in ("kemendagri", "bps", "iso3166-1", "iso3166-2"):
        uses = Counter(code for codes in of(every, target).values() for code in codes)
        assert max(uses.values()) == 1, target


def test_coverage_counts_what_should_be_linked(every: list[Linkset]) -> None:
    things = out.chosen(reference.load(), None)
    found = {each.target.name: each for each in out.coverage(things, every, list(targets().values()), BASE)}
    assert (found["kemendagri"].linked, found["kemendagri"].expected) == (552, 552)
    assert (found["bps"].linked, found["bps"].expected) == (548, 552)
    assert [thing.key for thing in found["bps"].without] == ["place/93", "place/94", "place/95", "place/96"]
    assert found["geonames"].expected - found["geonames"].linked == len(found["geonames"].without) == 6


# ---- the forms


def test_the_sssom_file_is_valid_and_falls_under_the_strictest_licence(
    every: list[Linkset], nothing_judged: Judgements
) -> None:
    text = sssom.dump(out.mapping_set(every, nothing_judged))
    found = sssom.parse(text, "links")
    assert faults(found) == []
    assert len(found.rows) == sum(len(each.rows) for each in every)
    assert found.metadata["license"] == "https://opendatacommons.org/licenses/odbl/1-0/"
    free = [each for each in every if each.name != "bps"]
    assert out.mapping_set(free, nothing_judged).metadata["license"] == "https://creativecommons.org/licenses/by/4.0/"
    with pytest.raises(DataError, match="isn't in the order of licences"):
        strictest({"https://a.example/licence"})


@pytest.fixture(scope="module")
def dataset(every: list[Linkset]) -> ox.Store:
    found = ox.Store()
    found.load(export.write(void.quads(every, BASE), "nquads"), format=ox.RdfFormat.N_QUADS)
    return found


def test_void_counts_the_links_of_each_graph(dataset: ox.Store, every: list[Linkset]) -> None:
    query = """
        PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?set ?said (COUNT(*) AS ?counted) WHERE {
          GRAPH ?about { ?set a void:Linkset ; void:triples ?said ; void:linkPredicate ?predicate }
          GRAPH ?set { ?s ?predicate ?o }
        } GROUP BY ?set ?said"""
    rows = [(row["set"].value, row["said"].value, row["counted"].value) for row in dataset.query(query)]  # type: ignore[union-attr]
    assert len(rows) == len(every)
    assert [row for row in rows if row[1] != row[2]] == []


def test_void_counts_the_links_where_there_are_no_graphs(every: list[Linkset]) -> None:
    merged = ox.Store()
    merged.load(export.write(void.quads(every, BASE), "turtle"), format=ox.RdfFormat.TURTLE)
    query = """
        PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?set ?said (COUNT(*) AS ?counted) WHERE {
          ?set a void:Linkset ; void:triples ?said ; void:linkPredicate ?predicate ;
            void:objectsTarget/void:uriSpace ?begin .
          ?s ?predicate ?o FILTER(STRSTARTS(STR(?o), ?begin))
        } GROUP BY ?set ?said"""
    rows = [(row["set"].value, row["said"].value, row["counted"].value) for row in merged.query(query)]  # type: ignore[union-attr]
    assert len(rows) == len(every)
    assert [row for row in rows if row[1] != row[2]] == []


def test_every_link_has_a_record_with_how_source_and_licence(dataset: ox.Store) -> None:
    owl = "http://www.w3.org/2002/07/owl#annotated"
    parts = [ox.NamedNode(owl + end) for end in ("Source", "Property", "Target")]
    needed = {v.COMMENT, v.term("dct:license"), v.term("sssom:mapping_justification"), v.term("sssom:mapping_provider")}
    about: dict[object, dict[ox.NamedNode, object]] = {}
    links = set()
    for quad in dataset:
        assert isinstance(quad.graph_name, ox.NamedNode)
        if quad.graph_name.value.endswith("/provenance"):
            about.setdefault(quad.subject, {})[quad.predicate] = quad.object
        else:
            links.add((quad.subject, quad.predicate, quad.object))
    records = [record for record in about.values() if parts[0] in record]
    assert {tuple(record[part] for part in parts) for record in records} == links
    assert [record for record in records if not needed <= record.keys()] == []


def test_there_are_no_blank_nodes_and_no_names_of_other_things(dataset: ox.Store) -> None:
    assert not any(isinstance(term, ox.BlankNode) for quad in dataset for term in (quad.subject, quad.object))
    labels = {v.PREF_LABEL, v.ALT_LABEL, v.FOAF_NAME, v.LABEL}
    assert not any(quad.predicate in labels for quad in dataset)


# ---- the command


@pytest.fixture
def place(folder_with_store: Path) -> Path:
    return folder_with_store


def kg(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_only_what_the_graph_names_is_linked(place: Path) -> None:
    done = kg("link", "--to", "wikidata", "-f", "csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert {"thing": "place/35.10", "label": "Kabupaten Banyuwangi", "target": "wikidata", "id": "Q11067"}.items() <= (
        next(row for row in rows if row["thing"] == "place/35.10").items()
    )
    assert len(rows) < 60
    assert done.stderr.startswith("wikidata: ")
    assert kg("link", "--to", "wikidata", "-f", "csv").stdout == done.stdout


def test_kept_links_can_be_joined_and_are_taken_away_exactly(place: Path) -> None:
    everything = ("export", "-f", "nquads", "--with-links", "--with-reference")
    before, facts = kg(*everything).stdout, kg("export", "-f", "nquads").stdout
    assert "wikidata added" in kg("link", "--keep", "-o", "links.nq").stderr
    assert "links unchanged" in kg("link", "--keep", "-o", "again.nq").stderr
    assert (place / "links.nq").read_bytes() == (place / "again.nq").read_bytes()
    assert kg("export", "-f", "nquads").stdout == facts
    assert set((place / "links.nq").read_text("utf-8").splitlines()) == (
        set(kg(*everything).stdout.splitlines()) - set(before.splitlines())
    )
    (place / "q.rq").write_text(
        f"SELECT ?name WHERE {{ GRAPH <{BASE}id/links/wikidata/exactMatch> {{ ?place ?link <{Q}Q11067> }}"
        f" ?place <{v.PREF_LABEL.value}> ?name }}"
    )
    assert "Kabupaten Banyuwangi" in kg("query", "q.rq").stdout
    assert kg("check").exit_code == 0
    assert "wikidata removed" in kg("link", "--forget").stderr
    assert kg(*everything).stdout == before


def test_a_link_judged_wrong_is_left_out_until_that_is_taken_back(place: Path) -> None:
    before = kg("link", "-f", "sssom").stdout
    kg("link", "judge", "place/35.10", "wikidata:Q11067", "--different", "--author", "Sari")
    done = kg("link", "-f", "sssom")
    assert "wikidata:Q11067" not in done.stdout
    assert "1 links left out, because they were judged to be of different things" in done.stderr
    kg("link", "judge", "place/35.10", "wikidata:Q1", "--same", "--author", "Sari")
    assert (
        "jejaring:place/35.10\tKabupaten Banyuwangi\tskos:exactMatch\twikidata:Q1\t" in kg("link", "-f", "sssom").stdout
    )
    for item in ("wikidata:Q11067", "wikidata:Q1"):
        kg("link", "undo", "place/35.10", item)
    assert kg("link", "-f", "sssom").stdout == before


def test_ids_begin_with_the_base_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_STORE", raising=False)
    kg("-q", "build", str(SAMPLE), "--store", "kg-store", "--base", "https://a.example/")
    kg("-q", "link", "--keep", "-o", "links.nq")
    text = (tmp_path / "links.nq").read_text("utf-8")
    assert BASE not in text
    assert "<https://a.example/id/place/35.10>" in text


def test_mistakes_are_told(place: Path) -> None:
    with pytest.raises(InputError, match="--to dbpedia: no such target; choose among kemendagri, bps"):
        kg("link", "--to", "dbpedia")
    for wrong in (("-f", "graphml"), ("-o", "links.zip")):
        with pytest.raises(InputError, match=r"links can't be written as (graphml|zip); choose one of table, csv"):
            kg("link", *wrong)
    (place / "kg.toml").write_text('store = "elsewhere"\n')
    with pytest.raises(InputError, match="--keep and --forget need a store"):
        kg("link", "--forget")
    with pytest.raises(GraphError, match="elsewhere: no store there; make one with"):
        kg("link")
    assert len(kg("link", "--reference", "--to", "iso", "-f", "csv").stdout.splitlines()) == 1 + 250 + 85


@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph).* is deprecated:DeprecationWarning")  # rdflib of itself
@pytest.mark.parametrize("name", ["links.trig", "links.nt", "links.jsonld", "links.rdf"])
def test_other_tools_read_every_form(name: str, place: Path) -> None:
    kg("-q", "link", "--to", "wikidata", "-o", name)
    read = rdflib.Dataset(default_union=True)
    read.parse(data=(place / name).read_bytes(), format=rdflib.util.guess_format(name))
    item = rdflib.URIRef(f"{Q}Q11067")
    assert rdflib.URIRef(thing_id("place/35.10")) in set(read.subjects(rdflib.SKOS.exactMatch, item))


def test_a_judged_pair_is_a_set_of_its_own(nothing_judged: Judgements, tmp_path: Path) -> None:
    kept = Judgements.load(tmp_path / "j.tsv")
    same = Judgement(thing_id("person/a"), thing_id("person/b"), Verdict.SAME, "Sari", "2026-11-26", "one man")
    kept.add(same)
    kept.add(Judgement(thing_id("person/a"), thing_id("person/c"), Verdict.DIFFERENT, "Sari", "2026-11-26"))
    quads = void.of_judgements(kept)
    links = [quad for quad in quads if quad.graph_name.value.endswith("judgements/sameAs")]  # type: ignore[union-attr]
    assert [(quad.subject.value, quad.predicate.value, quad.object.value) for quad in links] == [  # type: ignore[union-attr]
        (same.subject, v.SAME_AS.value, same.object)
    ]
    negated = [quad for quad in quads if quad.object == ox.NamedNode("https://w3id.org/sssom/NegatedPredicate")]
    assert len(negated) == 1
