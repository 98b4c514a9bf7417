"""A user's own rules and names: added without touching the package, looked over, told apart in the provenance."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg import explain, own, pipeline, reference
from kg.errors import DataError
from kg.model import Article

RULE = """
[[rule]]
id = "own.signs"
rel = "attended_by"
when = '{who:person},?{adv} menandatangani {event}'
unless = 'belum'
yes = ["Dr. Ratna Kusuma, M.Si., menandatangani Deklarasi Sungai Bersih."]
no = ["Dr. Ratna Kusuma, M.Si., belum menandatangani Deklarasi Sungai Bersih."]
"""
NAMES = """name,kind,id,short,parent,english
Kementerian Urusan Sungai,kementerian,,Kemensungai; KUS,,Ministry of Rivers
Balai Tepian,unit,,,Kemensungai,
Kota Antah,kota,,,Jawa Barat,
"""
TURTLE = """
@prefix kg: <https://w3id.org/jejaring/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<id/body/kementerian-urusan-sungai> a kg:Ministry ;
    skos:prefLabel "Kementerian Urusan Sungai"@id ; skos:altLabel "KUS"@id .
"""
TEXT = (
    "Kemensungai menggelar Rapat Koordinasi Sungai di Kota Antah, 3 Maret 2025. "
    "Kepala Balai Tepian, Ratna Kusuma, menandatangani Deklarasi Sungai Bersih."
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def loaded(tmp_path: Path, rule: str = RULE, names: str = NAMES, suffix: str = "csv") -> own.Own:
    rules = write(tmp_path / "rules" / "own.toml", rule).parent
    return own.load((rules,), (write(tmp_path / f"names.{suffix}", names),))


def test_own_rules_and_names_read_what_the_packaged_ones_do_not(tmp_path: Path) -> None:
    plain, mine = pipeline.read(Article(TEXT)), pipeline.read(Article(TEXT), own=loaded(tmp_path))
    assert "own.signs" not in {claim.rule for claim in plain.claims}
    signed = next(claim for claim in mine.claims if claim.rule == "own.signs")
    assert str(signed.relation) == "attended_by"
    links = {each.name: each.id for view in explain.explain(Article(TEXT), loaded(tmp_path)) for each in view.mentions}
    assert links["Kemensungai"] == "body/kementerian-urusan-sungai"
    assert links["Balai Tepian"] == "body/balai-tepian"
    assert links["Kota Antah"] == "place/kota-antah"


def test_the_provenance_tells_them_apart(tmp_path: Path) -> None:
    mine = loaded(tmp_path)
    packaged = own.load()
    assert mine.book.hash != packaged.book.hash
    assert mine.words.reference.hash != packaged.words.reference.hash
    quads = pipeline.read(Article(TEXT), own=mine).quads
    assert any(mine.book.hash in str(quad.object) for quad in quads)
    assert any(mine.words.reference.hash in str(quad.object) for quad in quads)


def test_links_and_names_of_the_table(tmp_path: Path) -> None:
    names = loaded(tmp_path).words.reference
    assert names.things["body/balai-tepian"].link("parent") == "body/kementerian-urusan-sungai"
    assert names.things["place/kota-antah"].link("within") == "place/32"
    assert {label.text for label in names.things["body/kementerian-urusan-sungai"].names} == {
        "Kementerian Urusan Sungai", "Ministry of Rivers", "Kemensungai", "KUS",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        ("csv", "name;kind;short\nKementerian Urusan Sungai;Ministry;KUS\n"),
        ("csv", '\ufeffname,kind,short\n"Kementerian Urusan Sungai",kementerian,KUS\n'),
        ("toml", '[[name]]\nname = "Kementerian Urusan Sungai"\nkind = "kementerian"\nshort = ["KUS"]\n'),
        (
            "ttl",
            TURTLE,
        ),
    ],
)
def test_every_form_of_the_file_gives_the_same(tmp_path: Path, suffix: str, text: str) -> None:
    thing = loaded(tmp_path, names=text, suffix=suffix).words.reference.things["body/kementerian-urusan-sungai"]
    assert (str(thing.kind), [label.text for label in thing.names]) == (
        "Ministry",
        ["Kementerian Urusan Sungai", "KUS"],
    )


def test_a_row_may_add_names_to_a_known_thing(tmp_path: Path) -> None:
    names = loaded(tmp_path, names="name,id,short\nKemendagri,body/kemendagri,Depdagri Baru\n").words.reference
    assert names.names["Depdagri Baru"] == ("body/kemendagri",)
    assert names.things["body/kemendagri"].label == reference.load().things["body/kemendagri"].label


def test_a_name_that_means_something_else_is_said(tmp_path: Path) -> None:
    notes = loaded(tmp_path, names="name,kind\nBandung,jejaring\n").notes
    places = "Regency place/32.04, City place/32.73"
    assert notes == (f'"Bandung" (network/bandung) is also {places}; which one is meant, the text must say',)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nama,kind\nX,badan\n", "line 1: unknown column 'nama'; did you mean 'name'?"),
        ("kind\nbadan\n", "line 1: the column 'name' is missing"),
        ("name,kind\nX,bdan\n", "line 2: unknown kind 'bdan'; did you mean 'badan'?"),
        ("name,kind\nX,\n", 'line 2: "X" needs a kind'),
        ("name,kind\n,badan\n", "line 2: no name"),
        ("name,kind\nX,badan,y,z\n", "line 2: more cells than columns"),
        ("name,kind,id\nX,kota,body/kemendagri\n", "line 2: body/kemendagri is a Ministry in the reference data"),
        ("name,kind,id\nX,kota,body/x\n", 'line 2: the id of a City begins with "place/"'),
        ("name,kind,id\nX,kota,x y\n", 'line 2: id "x y" has another form'),
        ("name,kind,parent\nX,kota,Negeri Antah\n", 'line 2: parent "Negeri Antah" is neither in the file'),
        ("name,kind,parent\nX,tempat,Bandung\n", "may be place/32.04 or place/32.73; give the id"),
        ("name,kind\nX,badan\nx,badan\n", 'line 3: "x" has the id of "X" (body/x)'),
    ],
)
def test_a_mistake_in_a_table_of_names_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        loaded(tmp_path, names=text)
    assert "names.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (RULE.replace("{who:person}", "{whom:person}"), "column 1: attended_by has no role 'whom'; its roles are"),
        (RULE.replace("menandatangani {event}'", "meneken {event}'"), "its example isn't found"),
        (RULE.replace("belum menandatangani", "menandatangani"), "its counter-example is found"),
        (re.sub("yes = .*", "", RULE), "no example; give it yes"),
        (RULE.replace("own.signs", "held.place"), "rule 'held.place': there is one of that name in 40-meetings.toml"),
    ],
)
def test_a_mistake_in_an_own_rule_is_one_line(tmp_path: Path, rule: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        loaded(tmp_path, rule=rule)
    assert "own.toml: rule" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_example_that_is_not_found_tells_where_the_pattern_broke(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"rules see: \{person\}, menandatangani \{event\}\.; behind .* it expects `"):
        loaded(tmp_path, rule=RULE.replace("menandatangani {event}'", "meneken {event}'"))


@pytest.mark.parametrize("command", ["facts", "explain", "build"])
def test_the_commands_take_them_and_refuse_them_in_one_line(tmp_path: Path, command: str) -> None:
    write(tmp_path / "own" / "own.toml", RULE)
    write(tmp_path / "bad" / "own.toml", RULE.replace("{event}", "{evnt}"))
    write(tmp_path / "names.csv", NAMES)
    write(tmp_path / "a.txt", TEXT)
    more = ["-o", "graph.nt"] if command == "build" else []

    def kg(rules: str) -> subprocess.CompletedProcess[str]:
        arguments = [command, "a.txt", "--rules", rules, "--names", "names.csv", *more]
        return subprocess.run(
            [sys.executable, "-m", "kg", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    good, bad, none = kg("own"), kg("bad"), kg("missing")
    assert good.returncode == 0, good.stderr
    said = good.stdout + "".join(path.read_text("utf-8") for path in tmp_path.glob("graph.nt"))
    assert "own.signs" in said
    assert (bad.returncode, len(bad.stderr.splitlines())) == (2, 1)
    assert "bad/own.toml: rule 'own.signs': column 36: unknown type 'evnt'" in bad.stderr
    assert (none.returncode, none.stderr) == (
        2, "kg: missing: no rules there; give a folder that holds .toml files\n",
    )  # fmt: skip
