"""QuickStatements: which facts become commands, held against the format's grammar and another maker's model of it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

from kg import export, reference, resources
from kg.errors import KgError

ROOT = Path(__file__).resolve().parents[1]
HEAD = """@base <https://w3id.org/jejaring/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix kg: <https://w3id.org/jejaring/ontology#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<id/article/a> a schema:NewsArticle ; schema:headline "Menteri\tbaru \\"datang\\""@id ; schema:inLanguage "id" ;
  schema:url "https://example.org/a" ; schema:datePublished "2025-11-10"^^xsd:date .
<id/article/b> a schema:NewsArticle ; schema:inLanguage "id" .
<id/span/1> nif:referenceContext <id/article/a> .
<id/span/2> nif:referenceContext <id/article/b> .
<id/person/budi> a kg:Official ; skos:prefLabel "Budi"@id ; skos:exactMatch wd:Q111 .
<id/person/siti> a kg:Official ; skos:prefLabel "Siti"@id .
<id/network/n> a kg:Network ; skos:exactMatch wd:Q222 .
"""
REFERENCE = (
    "S854\t\"https://example.org/a\"\tS1476\tid:\"Menteri baru \"datang\"\"\t"
    "S577\t+2025-11-10T00:00:00Z/11\tS407\tQ9240"
)  # fmt: skip


def tenure(person: str, *, acts: str = "definitive", status: str = "current", more: str = "", span: int = 1) -> str:
    return f"""<id/tenure/{person}> a kg:Tenure ; org:member <id/person/{person}> ;
  kg:post <id/post/menteri-dalam-negeri> ; kg:appointment kg:{acts} ; adms:status kg:{status} {more} .
<id/claim/{person}> a kg:Claim ; kg:about <id/tenure/{person}> ; kg:subjectEvidence <id/span/{span}> .
"""


def commands(turtle: str, name: str = "quickstatements") -> list[str]:
    quads = [
        Quad(each.subject, each.predicate, each.object, DefaultGraph())
        for each in parse((HEAD + turtle).encode(), format=RdfFormat.TURTLE)
    ]
    return export.write(quads, name).decode().splitlines()


def test_a_current_post_with_its_reference() -> None:
    assert commands(tenure("budi")) == [f"Q111\tP39\tQ12479867\t{REFERENCE}"]


def test_start_and_end_are_qualifiers_with_their_precision() -> None:
    more = '; kg:since "2019"^^xsd:gYear ; kg:until "2024-10-20"^^xsd:date'
    times = "P580\t+2019-00-00T00:00:00Z/9\tP582\t+2024-10-20T00:00:00Z/11"
    assert commands(tenure("budi", status="former", more=more)) == [f"Q111\tP39\tQ12479867\t{times}\t{REFERENCE}"]


def test_a_former_post_without_a_date_has_ended_at_some_time() -> None:
    assert commands(tenure("budi", status="former")) == [f"Q111\tP39\tQ12479867\tP582\tsomevalue\t{REFERENCE}"]


@pytest.mark.parametrize(
    "turtle",
    [
        tenure("budi", acts="plt"),
        tenure("budi", status="projected"),
        tenure("budi", span=2),
        tenure("siti"),
        tenure("budi").replace("menteri-dalam-negeri", "direktur-jenderal-sesuatu"),
        tenure("budi") + "<id/person/budi> skos:exactMatch wd:Q112 .",
    ],
    ids=["acting", "to come", "an article without address and title", "no item", "post without item", "two items"],
)
def test_what_is_left_out(turtle: str) -> None:
    assert commands(turtle) == []


def test_the_city_is_the_member() -> None:
    turtle = """<id/membership/m> a kg:NetworkMembership ; org:member <id/government/35.78> ;
      kg:memberPlace <id/place/35.78> ; org:organization <id/network/n> ; adms:status kg:current .
    <id/claim/m> a kg:Claim ; kg:about <id/membership/m> ; kg:triggerEvidence <id/span/1> ."""
    assert commands(turtle) == [f"Q11462\tP463\tQ222\t{REFERENCE}"]


def test_new_items_only_when_asked_for() -> None:
    assert commands(tenure("siti"), "quickstatements-create") == [
        "CREATE",
        'LAST\tLen\t"Siti"',
        'LAST\tLid\t"Siti"',
        "LAST\tP31\tQ5",
        f"LAST\tP39\tQ12479867\t{REFERENCE}",
    ]


def test_facts_without_claims_are_refused() -> None:
    with pytest.raises(KgError, match="leave out --facts-only"):
        export.write([], "quickstatements", facts_only=True)


def test_every_post_that_the_reference_data_has_is_named_right() -> None:
    posts = tomllib.loads(resources.path("data/linking/wikidata-items.toml").read_text("utf-8"))["posts"]
    known = reference.load().things
    assert [key for key in posts if f"post/{key}" not in known and not re.search(r"-\d\d(-\d\d)?$", key)] == []
    assert len(set(posts.values())) == len(posts)


# Help:QuickStatements: command sequence syntax and value types of V1
ITEM, DATE = r"(?:Q[1-9]\d*|LAST)", r"\+\d{4}-\d\d-\d\dT00:00:00Z/(?:9|10|11)"
VALUE = rf'(?:{ITEM}|{DATE}|somevalue|[a-z-]+:"[^\t]*"|"[^\t]*")'
COMMAND = re.compile(
    rf'CREATE|{ITEM}\t[LAD][a-z-]+\t"[^\t]*"|{ITEM}\tP\d+\t{VALUE}(?:\tP\d+\t{VALUE})*(?:\tS\d+\t{VALUE})*'
)


def test_the_samples_give_commands_of_the_format(tmp_path: Path) -> None:
    model = pytest.importorskip("quickstatements_client.model", reason="quickstatements-client isn't installed")
    kg = [sys.executable, "-m", "kg"]
    subprocess.run([*kg, "build", str(ROOT / "data" / "articles")], cwd=tmp_path, check=True, capture_output=True)
    written = subprocess.run([*kg, "export", "-o", "all.create.qs"], cwd=tmp_path, check=False, capture_output=True)
    assert written.returncode == 0, written.stderr
    lines = (tmp_path / "all.create.qs").read_text("utf-8").splitlines()
    assert 'Q6867142\tAid\t"Kemendagri"' in lines
    for line in lines:
        assert COMMAND.fullmatch(line), line
        if line == "CREATE":
            continue
        subject, predicate, target, *rest = line.split("\t")
        qualifiers = [
            # its date qualifier takes what is written as it is, and its text qualifier knows no language
            model.DateQualifier(predicate=name, target=value)
            for name, value in zip(rest[::2], rest[1::2], strict=True)
        ]
        kind = model.TextLine if target.startswith('"') else model.EntityLine
        again = kind(subject=subject, predicate=predicate, target=target.strip('"'), qualifiers=qualifiers)
        assert again.get_line("\t") == line
