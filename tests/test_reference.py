"""The reference data as files, and what ``kg.reference`` makes of them."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import reference, resources
from kg.errors import DataError
from kg.model import Appointment, Kind, Label
from kg.reference import Reference, Thing

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES = resources.files(reference.FOLDER, "*.ttl")
BASE = reference.BASE
KEYWORD = "http://www.w3.org/ns/dcat#keyword"
VOID_ENTITIES = "http://rdfs.org/ns/void#entities"
REGION_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2})?")
PREFIXES = (
    "@prefix kg: <https://w3id.org/jejaring/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    "@prefix org: <http://www.w3.org/ns/org#> .\n"
)
AMBIGUOUS = (  # each is the bare name of a kabupaten and of a kota
    "Bandung Banjar Bekasi Bima Blitar Bogor Cirebon Gorontalo Jayapura Kediri Kupang Madiun Magelang Malang Mojokerto "
    "Pasuruan Pekalongan Probolinggo Semarang Serang Solok Sorong Sukabumi Tangerang Tasikmalaya Tegal"
).split()


@pytest.fixture(scope="module")
def data() -> Reference:
    return reference.load()


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of the test's own, and no memory of what was loaded before."""
    monkeypatch.setattr(reference, "_cache_folder", lambda: tmp_path / "cache")
    reference._load.cache_clear()
    yield tmp_path / "cache"
    reference._load.cache_clear()


def regions(data: Reference) -> list[Thing]:
    return [thing for thing in data.things.values() if thing.code("kemendagri")]


def text(node: object) -> str:
    """The IRI of a node or the text of a literal."""
    return str(getattr(node, "value", ""))


def triples(path: Path) -> list[tuple[str, str, str]]:
    quads = reference._quads(path, path.read_bytes())
    return [(text(quad.subject), text(quad.predicate), text(quad.object)) for quad in quads]


def rows(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the tables that the data were made from are not here: {path}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- counts and codes


def test_counts(data: Reference) -> None:
    found = Counter(thing.kind for thing in regions(data))
    assert found == {Kind.PROVINCE: 38, Kind.REGENCY: 416, Kind.CITY: 98}
    kinds = Counter(thing.kind for thing in data.things.values())
    assert kinds[Kind.COUNTRY] == 250
    assert kinds[Kind.PREFECTURE] == 47
    assert None not in kinds
    standing = [
        thing for thing in data.things.values() if thing.kind is Kind.MINISTRY and not thing.link("replaced_by")
    ]
    assert len(standing) == 48


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_has_as_many_blocks_as_it_says(path: Path) -> None:
    own = f"{BASE}id/reference/{path.stem}"
    said = [int(value) for _, predicate, value in triples(path) if predicate == VOID_ENTITIES]
    blocks = {subject for subject, _, _ in triples(path)} - {own}
    if path.stem == "ordinary-names":
        blocks = {value for _, predicate, value in triples(path) if predicate == KEYWORD}
    assert said == [len(blocks)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_says_where_it_comes_from(path: Path) -> None:
    own = f"{BASE}id/reference/{path.stem}"
    said = {predicate.rpartition("/")[2] for subject, predicate, _ in triples(path) if subject == own}
    assert {"source", "license", "modified", "title"} <= said
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_region_codes_and_parents(data: Reference) -> None:
    for region in regions(data):
        code = region.code("kemendagri")
        assert code is not None
        assert REGION_CODE.fullmatch(code)
        assert region.key == f"place/{code}"
        assert region.link("within") == (f"place/{code[:2]}" if "." in code else "place/ID")
        assert region.link("country") == "place/ID"


@pytest.mark.parametrize("scheme", ["kemendagri", "iso", "bps"])
def test_no_code_is_given_twice(data: Reference, scheme: str) -> None:
    codes = Counter(thing.code(scheme) for thing in data.things.values() if thing.code(scheme))
    assert [code for code, times in codes.items() if times > 1] == []
    assert all(len([code for name, code in thing.codes if name == scheme]) < 2 for thing in data.things.values())


def test_each_government_has_a_territory_of_its_code(data: Reference) -> None:
    governments = [thing for thing in data.things.values() if thing.kind is Kind.GOVERNMENT]
    assert len(governments) == 753
    for government in governments:
        assert government.link("territory") == government.key.replace("government/", "place/")


def test_every_link_leads_somewhere(data: Reference) -> None:
    known = data.things.keys() | data.roles.keys()
    lost = [(thing.key, to) for thing in data.things.values() for _, to in thing.links if to not in known]
    assert lost == []
    places = [thing for thing in data.things.values() if thing.key.startswith("place/")]
    assert [place.key for place in places if place.kind is not Kind.COUNTRY and not place.link("country")] == []


def test_matches_have_the_form_of_their_registry(data: Reference) -> None:
    forms = re.compile(
        r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*|https://sws\.geonames\.org/[1-9][0-9]*/|https://ror\.org/0[a-z0-9]{8}"
    )
    matches = [(kind, iri, thing.key) for thing in data.things.values() for kind, iri in thing.matches]
    assert [match for match in matches if not forms.fullmatch(match[1])] == []
    exact = Counter(iri for kind, iri, _ in matches if kind == "exact")
    assert [iri for iri, times in exact.items() if times > 1] == []


# ---- names


def test_every_name_has_a_language_and_no_loose_ends(data: Reference) -> None:
    for thing in [*data.things.values(), *data.roles.values()]:
        for label in (*thing.names, *thing.hidden):
            assert label.language in {"id", "en"}, thing.key
            assert label.text == " ".join(label.text.split()), thing.key
        assert thing.names[0] == thing.label
        assert len(set(thing.names)) == len(thing.names), thing.key


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_ambiguous_names_stay_ambiguous(data: Reference, name: str) -> None:
    kinds = {thing.kind for thing in data.candidates(name)}
    assert {Kind.CITY, Kind.REGENCY} <= kinds
    assert data.resolve(name) is None
    assert "ambiguous" in data.explain(name)
    assert data.resolve(f"Kota {name}", kinds=[Kind.CITY]) is not None


def test_type_kind_or_place_decide(data: Reference) -> None:
    def key(thing: Thing | None) -> str | None:
        return thing.key if thing else None

    assert key(data.resolve("Kota Semarang")) == "place/33.74"
    assert key(data.resolve("Semarang", kinds=[Kind.REGENCY])) == "place/33.22"
    assert key(data.resolve("Banjar", within="place/32")) == "place/32.79"
    assert key(data.resolve("Banjar", within="place/63")) == "place/63.03"
    assert data.resolve("Banjar", within="place/35") is None
    assert key(data.resolve("Pemkot Surabaya", within="place/35")) == "government/35.78"


def test_names_of_the_press(data: Reference) -> None:
    expected = {
        "DKI Jakarta": "place/31",
        "Daerah Khusus Ibukota Jakarta": "place/31",
        "Jabar": "place/32",
        "NTT": "place/53",
        "Solo": "place/33.72",
        "Palangka Raya": "place/62.71",
        "Kab. Banyuwangi": "place/35.10",
        "Jepang": "place/JP",
        "Turkiye": "place/TR",
        "Pemerintah Indonesia": "government/ID",
        "Pemprov DKI": "government/31",
        "Kemendagri": "body/kemendagri",
        "Kementerian Komunikasi dan Informatika": "body/komdigi",
        "Kemenkumham": "body/kemenkumham",
        "Mendagri": "post/menteri-dalam-negeri",
        "PBB": "network/pbb",
        "ASEAN Smart City Network": "network/ascn",
        "UNCRD": "body/uncrd",
        "Takamatsu": "place/geonames-1851100",
        "Prefektur Kagawa": "place/JP-37",
        "Wina": "place/geonames-2761369",
        "ANTARA": "outlet/antara",
    }
    found = {name: thing.key for name in expected if (thing := data.resolve(name))}
    assert found == expected
    assert data.things["place/31"].label == Label("DKI Jakarta")
    assert data.things["place/geonames-1851100"].link("within") == "place/JP-37"
    assert data.things["post/menteri-dalam-negeri"].link("body") == "body/kemendagri"
    assert data.things["post/menteri-dalam-negeri"].link("role") == "role/menteri"


@pytest.mark.parametrize("name", ["AS", "UK", "MA", "Korea", "Lima", "Victoria", "OIC"])
def test_hidden_names_name_nothing_by_themselves(data: Reference, name: str) -> None:
    assert name not in data.names
    assert data.resolve(name) is None
    assert data.candidates(name) != ()
    assert "alone names nothing" in data.explain(name)


def test_unknown_names(data: Reference) -> None:
    assert data.candidates("Kota Rekaan") == ()
    assert data.resolve("Kota Rekaan") is None
    assert data.explain("Kota Rekaan") == '"Kota Rekaan" is not in the reference data'
    assert "not of this kind" in data.explain("Kota Surabaya", kinds=[Kind.NETWORK])


def test_no_name_is_a_function_word(data: Reference) -> None:
    languages = tomllib.loads(resources.path("data/lexicon/function-words.toml").read_text(encoding="utf-8"))[
        "language"
    ]
    words = next(entry["words"].split() for entry in languages if entry["code"] == "id")
    assert len(words) > 100
    known = {*data.names, *data.role_names}
    # not in capitals: ANTARA is an agency
    assert [word for word in words if known & {word, word.capitalize()}] == []


def test_ordinary_names_are_names(data: Reference) -> None:
    assert data.ordinary
    assert data.ordinary <= data.names.keys()
    assert {"Batu", "Serang", "Bima"} <= data.ordinary


def test_roles_and_appointments(data: Reference) -> None:
    assert data.role_names["Dirjen"] == ("role/direktur-jenderal",)
    assert data.roles["role/wali-kota"].kind is None
    assert data.roles["role/wali-kota"].names[1] == Label("Mayor", "en")
    assert "Mayor" not in data.role_names
    assert data.appointments["Plt."] is Appointment.ACTING
    assert data.appointments["Plh"] is Appointment.DAILY
    assert data.appointments["Pj."] is Appointment.INTERIM
    assert set(data.appointments.values()) == set(Appointment) - {Appointment.DEFINITIVE}
    assert {role: keys for role, keys in data.role_names.items() if len(keys) > 1} == {}


# ---- the files as RDF


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rdflib_reads_the_same_triples(path: Path) -> None:
    import rdflib

    graph = rdflib.Graph().parse(path, format="turtle")
    assert len(graph) == len(set(reference._quads(path, path.read_bytes())))
    assert not any(isinstance(node, rdflib.BNode) for triple in graph for node in triple)


def test_all_own_terms_are_in_the_ontology() -> None:
    import rdflib

    namespace = BASE + "ontology#"
    ontology = rdflib.Graph().parse(resources.path("ontology/kg.ttl"), format="turtle")
    defined = {str(subject) for subject in ontology.subjects()}
    used = {
        text(node)
        for quad in reference.quads()
        for node in (quad.subject, quad.predicate, quad.object)
        if text(node).startswith(namespace)
    }
    assert len(used) > 10
    assert used - defined == set()


def test_the_data_conform_to_the_shapes() -> None:
    from kg.check import Gate

    data = "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in reference.quads())
    assert Gate().findings(data.encode()) == []
    broken = data.replace('"35.78"', '"3578x"')
    assert broken != data
    assert Gate().findings(broken.encode()) != []


def test_quads_are_in_one_graph_sorted_and_rebased() -> None:
    quads = reference.quads()
    assert quads == sorted(set(quads), key=str)
    assert {text(quad.graph_name) for quad in quads} == {BASE + "id/reference"}
    moved = reference.quads("https://example.org/kg/")
    assert len(moved) == len(quads)
    assert {text(quad.graph_name) for quad in moved} == {"https://example.org/kg/id/reference"}
    subjects = {text(quad.subject) for quad in moved}
    assert "https://example.org/kg/id/place/35.78" in subjects
    nodes = {text(node) for quad in moved for node in (quad.subject, quad.object)}
    assert [node for node in nodes if node.startswith(BASE + "id/")] == []
    assert BASE + "ontology#acting" in subjects


# ---- against the tables that the data were made from


def test_same_regions_as_the_tables(data: Reference) -> None:
    links = {row["code"]: row for row in rows("wilayah_links.csv")}
    table = rows("wilayah.csv")
    assert {region.code("kemendagri") for region in regions(data)} == {row["code"] for row in table}
    for row in table:
        region = data.things[f"place/{row['code']}"]
        assert row["name"].replace("Kep. Siau", "Kepulauan Siau") in {label.text for label in region.names}
        matches = {iri for _, iri in region.matches}
        link = links[row["code"]]
        assert f"http://www.wikidata.org/entity/{link['wikidata']}" in matches
        assert (f"https://sws.geonames.org/{link['geonames']}/" in matches) == bool(link["geonames"])
        assert (region.code("iso") or "") == link["iso_3166_2"]


def test_same_bps_codes_as_the_table(data: Reference) -> None:
    expected = {row["kemendagri_code_2025"]: row["bps_code"] for row in rows("bps_2018.csv")}
    assert {region.code("kemendagri"): region.code("bps") for region in regions(data) if region.code("bps")} == expected


def test_same_ministries_as_the_table(data: Reference) -> None:
    table = rows("ministries.csv")
    assert len(table) == 49
    for row in table:
        ministry = data.resolve(row["name"], kinds=[Kind.MINISTRY])
        post = data.resolve(row["minister_title"], kinds=[Kind.POST])
        assert ministry is not None
        assert post is not None
        assert ministry.label == Label(row["name"])
        assert post.link("body") == ministry.key
        bearers = {key for short in row["short_checked"].split("|") if short for key in _keys(data, short)}
        assert bearers <= {ministry.key}


def _keys(data: Reference, name: str) -> tuple[str, ...]:
    return data.names.get(name) or data.hidden[name]


def test_same_networks_countries_and_members_as_the_tables(data: Reference) -> None:
    for row in rows("networks.csv"):
        name = row["name_id"] or row["name_en"]
        assert bool(data.names.get(name)) == (row["kind"] != "meeting series"), name
    for row in rows("countries.csv"):
        country = data.things[f"place/{row['iso2']}"]
        assert ("exact", f"http://www.wikidata.org/entity/{row['wikidata']}") in country.matches
        assert data.names[row["name_id"]] == (country.key,)
    for row in rows("ascn_members.csv"):
        key = f"place/{row['kemendagri_code'] or 'geonames-' + row['geonames']}"
        assert key in data.things, row["city"]


# ---- further files, mistakes, the cache


def test_further_files_add_things_and_names(tmp_path: Path, own_cache: Path, data: Reference) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(
        PREFIXES + '<id/body/bkp> a kg:Body ; skos:prefLabel "Badan Kota Percontohan"@id ; skos:altLabel "BKP"@id .\n'
        '<id/place/35.78> skos:altLabel "Suroboyo"@id .\n',
        encoding="utf-8",
    )
    found = reference.load([path])
    assert found.names["BKP"] == ("body/bkp",)
    assert found.names["Suroboyo"] == ("place/35.78",)
    assert len(found.things) == len(data.things) + 1
    assert found.hash != data.hash
    assert "BKP" not in reference.load().names


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('<id/body/x> a kg:Body ; skos:prefLabel "X"@id', "line 4: not valid Turtle: Unexpected end; correct"),
        ('<id/body/x> a kg:Body ; skos:prefLabel "X" .', 'line 3: body/x: the name "X" has no language'),
        ('<id/body/x> a kg:Body ; skos:altLabel "X"@id .', "line 3: body/x: needs one skos:prefLabel"),
        ('<id/body/bps> skos:prefLabel "Badan Lain"@id .', "line 3: body/bps: needs one skos:prefLabel, and only one"),
        ('<id/body/x> a kg:Bdy ; skos:prefLabel "X"@id .', "line 3: body/x: has no class that this version knows"),
        (
            '<id/body/x> a kg:Unit ; skos:prefLabel "X"@id ; org:unitOf <id/body/y> .',
            "line 3: body/x: links to <id/body/y>, which no file describes",
        ),
        ('kg:sometimes skos:altLabel "Kdg."@id .', "line 3: appointment/sometimes: no such appointment; known: "),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, own_cache: Path, line: str, message: str) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(PREFIXES + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=f"own\\.ttl {message}") as caught:
        reference.load([path])
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path, own_cache: Path) -> None:
    with pytest.raises(DataError, match=r"none\.ttl: can't be read"):
        reference.load([tmp_path / "none.ttl"])


def test_the_cache_gives_the_same_without_a_parser(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reference.load()
    assert [path.suffix for path in own_cache.iterdir()] == [".json"]
    reference._load.cache_clear()
    monkeypatch.setattr(reference, "_parse", lambda _contents: pytest.fail("parsed again"))
    assert reference.load() == first


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"{}\n{}"])
def test_a_damaged_cache_is_made_again(own_cache: Path, data: Reference, damage: bytes) -> None:
    reference.load()
    [kept] = own_cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage + whole[len(damage) + 1 :] if damage else b"")
    reference._load.cache_clear()
    assert reference.load() == data
    assert kept.read_bytes() == whole


def test_a_cache_that_cant_be_written_is_no_mistake(own_cache: Path, data: Reference) -> None:
    own_cache.write_text("a file where the folder should be")
    assert reference.load() == data


def test_a_change_of_the_files_is_seen(tmp_path: Path, own_cache: Path) -> None:
    path = tmp_path / "own.ttl"
    hashes = []
    for name in ("Satu", "Dua"):
        path.write_text(
            PREFIXES + f'<id/body/x> a kg:Body ; skos:prefLabel "Badan {name}"@id .\n',
            encoding="utf-8",
        )
        reference._load.cache_clear()
        found = reference.load([path])
        assert found.things["body/x"].label.text == f"Badan {name}"
        hashes.append(found.hash)
    assert len(set(hashes)) == 2


def test_a_fresh_process_loads_without_a_parser() -> None:
    reference.load()  # fills the cache
    code = (
        "import sys; from kg import reference; reference.load();"
        "print('pyoxigraph' in sys.modules, 'rdflib' in sys.modules)"
    )
    paths = os.pathsep.join([str(Path(reference.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": paths}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    if run.stdout == "True False\n":
        pytest.skip("the user's cache folder can't be written here")
    assert run.stdout == "False False\n"
