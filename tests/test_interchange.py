"""FollowTheMoney and Popolo: valid by their own tools, whole, without dangling ids, with every status kept."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import export
from kg import vocabulary as v
from kg.export.ftm import ftm_id
from outside import SCRIPTS, python_of
from synthetic import Writer, article, iri

DATA = Path(__file__).parent / "data"
POPOLO = Path(__file__).resolve().parents[2] / "shared" / "suites" / "popolo" / "schemas"
Json = Any
FTM_STATUS = {"current": "current", "former": "ended", "projected": "projected"}
SCHEMAS = {
    "areas": "area",
    "events": "event",
    "memberships": "membership",
    "organizations": "organization",
    "persons": "person",
    "posts": "post",
}


def sample() -> list[Quad]:
    return list(parse(path=DATA / "sample.trig", format=RdfFormat.TRIG, base_iri=v.DEFAULT_BASE))


def large() -> list[Quad]:
    return [quad for n in range(4) for quad in article(n * 11, cities=9, officials=8, countries=3, networks=2)]


GRAPHS = {"sample": sample, "large": large}


def ftm(quads: list[Quad]) -> dict[str, Json]:
    lines = export.write(quads, "ftm").decode().splitlines()
    entities = [json.loads(line) for line in lines]
    by_id = {entity["id"]: entity for entity in entities}
    assert len(by_id) == len(entities), "two entities with one id"
    return by_id


def popolo(quads: list[Quad]) -> dict[str, list[Json]]:
    document: dict[str, list[Json]] = json.loads(export.write(quads, "popolo"))
    return document


def typed(quads: list[Quad], kind: NamedNode) -> set[str]:
    return {quad.subject.value for quad in quads if quad.predicate == v.TYPE and quad.object == kind}


def statuses(quads: list[Quad]) -> dict[str, str]:
    return {quad.subject.value: quad.object.value.split("#")[1] for quad in quads if quad.predicate == v.STATUS}


# ---- FollowTheMoney


Faults = Callable[[Mapping[str, Json]], list[str]]


@pytest.fixture(scope="module")
def faults() -> Iterator[Faults]:
    """What FollowTheMoney itself has against entities: ids, schema, properties, values, and the ends of every edge."""
    command = [str(python_of("followthemoney")), str(SCRIPTS / "followthemoney_check.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as checker:
        assert checker.stdin is not None
        assert checker.stdout is not None

        def check(entities: Mapping[str, Json]) -> list[str]:
            checker.stdin.write(json.dumps(entities) + "\n")
            found: list[str] = json.loads(checker.stdout.readline())
            return found

        yield check
        checker.stdin.close()


@pytest.mark.parametrize("name", GRAPHS)
def test_followthemoney_takes_every_entity(name: str, faults: Faults) -> None:
    assert faults(ftm(GRAPHS[name]())) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"startDate": ["kemarin"]}, "startDate"),
        ({"post": ["post.nowhere"]}, "post.nowhere"),
        ({"post": ["person.budi-santoso"]}, "is no Position"),
        ({"colour": ["red"]}, "no property colour"),
        ({"holder": []}, "holder"),
    ],
)
def test_the_check_by_followthemoney_finds_faults(change: Json, message: str, faults: Faults) -> None:
    entities = ftm(sample())
    entity = next(entity for entity in entities.values() if entity["schema"] == "Occupancy")
    entity["properties"] |= change
    assert message in "\n".join(faults(entities))


def test_what_the_sample_gives_as_followthemoney() -> None:
    entities = ftm(sample())
    assert entities["tenure.wirya-salim--wali-kota-16.71--former"] == {
        "id": "tenure.wirya-salim--wali-kota-16.71--former",
        "schema": "Occupancy",
        "properties": {
            "holder": ["person.wirya-salim"],
            "post": ["post.wali-kota-16.71"],
            "status": ["ended"],
            "date": ["2025-11-12"],
            "proof": ["article.39cd01db7725eb93"],
            "sourceUrl": ["https://kabarsungai.example/forum-kota-sungai"],
            "publisher": ["KabarSungai.id"],
            "description": entities["tenure.wirya-salim--wali-kota-16.71--former"]["properties"]["description"],
        },
    }
    assert entities["tenure.ratna-dewi--wali-kota-33.74--interim"]["properties"]["startDate"] == ["2025-11-03"]
    assert entities["post.wali-kota-33.74"]["properties"]["country"] == ["id"]
    assert entities["post.wali-kota-33.74"]["properties"]["subnationalArea"] == ["Kota Semarang"]
    assert entities["person.budi-santoso"]["properties"]["weakAlias"] == ["Budi"]
    represented = entities["tenure.budi-santoso--wakil-nasional-jaringan-kota-sungai-asia--on-behalf"]
    assert represented["properties"]["client"] == ["government.ID"]
    meeting = entities["meeting.forum-kota-sungai-2025-11-10"]["properties"]
    assert meeting["location"] == ["Hotel Bahari", "Kota Surabaya"]
    assert "person.budi-santoso" in meeting["involved"]


def test_words_of_the_evidence_stand_with_the_holding_of_a_post() -> None:
    for entity in ftm(sample()).values():
        if entity["schema"] in ("Occupancy", "Membership", "Representation"):
            assert entity["properties"]["description"], entity["id"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("person/budi", "person.budi"),
        ("place/35.78", "place.35.78"),
        ("venue/hotel--35.78", "venue.hotel--35.78"),
        ("article/a1/extraction", "article-a1-extraction-"),
        ("person/a%20b", "person-a-20b-"),
        ("person/-x", "person-x-"),
    ],
)
def test_ids_are_such_as_followthemoney_allows(path: str, expected: str, faults: Faults) -> None:
    made = ftm_id(iri(path).value)
    assert made == expected if not expected.endswith("-") else made.startswith(expected)
    assert faults({made: {"id": made, "schema": "Person", "properties": {"name": ["Budi"]}}}) == []


# ---- Popolo


def popolo_faults(document: Mapping[str, list[Json]]) -> list[str]:
    """What the JSON schemas of Popolo (draft 3) have against the document."""
    if not POPOLO.is_dir():
        pytest.skip("the Popolo schemas lie beside the checkout only")
    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    from referencing.jsonschema import DRAFT3

    schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in POPOLO.glob("*.json")}
    registry = referencing.Registry().with_resources(
        (schema["id"].rstrip("#"), DRAFT3.create_resource(schema)) for schema in schemas.values()
    )
    checker = jsonschema.Draft3Validator.FORMAT_CHECKER
    found = []
    for collection, items in document.items():
        validator = jsonschema.Draft3Validator(schemas[SCHEMAS[collection]], registry=registry, format_checker=checker)
        for item in items:
            found += [f"{item['id']}: {error.json_path} {error.message}" for error in validator.iter_errors(item)]
    return found


@pytest.mark.parametrize("name", GRAPHS)
def test_popolo_schemas_take_every_item(name: str) -> None:
    document = popolo(GRAPHS[name]())
    assert set(document) == set(SCHEMAS)
    assert all(document.values())
    assert popolo_faults(document) == []


@pytest.mark.parametrize(
    "fault", [{"start_date": "12 November 2025"}, {"sources": [{"note": "no address"}]}, {"person_id": 7}]
)
def test_popolo_schemas_find_faults(fault: Json) -> None:
    document = popolo(sample())
    document["memberships"][0] |= fault
    assert len(popolo_faults(document)) == 1


def test_what_the_sample_gives_as_popolo() -> None:
    document = popolo(sample())
    by_id = {item["id"].partition("/id/")[2]: item for items in document.values() for item in items}
    member = by_id["membership/35.78--jaringan-kota-sungai-asia--projected"]
    base = f"{v.DEFAULT_BASE}id/"
    assert {name: value for name, value in member.items() if name != "sources"} == {
        "id": f"{base}membership/35.78--jaringan-kota-sungai-asia--projected",
        "label": "smart river city",
        "member": {"id": f"{base}government/35.78", "name": "Pemerintah Kota Surabaya"},
        "organization_id": f"{base}network/jaringan-kota-sungai-asia",
        "area_id": f"{base}place/35.78",
        "start_date": "2026",
        "status": "projected",
    }
    assert member["sources"][0]["url"] == "https://kabarsungai.example/forum-kota-sungai"
    tenure = by_id["tenure/budi-santoso--wakil-nasional-jaringan-kota-sungai-asia"]
    assert tenure["on_behalf_of_id"] == f"{base}government/ID"
    assert by_id["post/direktur-jenderal-tata-kota-kementerian-kota"]["other_label"] == ["Dirjen Tata Kota"]
    assert by_id["person/budi-santoso"]["other_names"] == [{"name": "Budi", "note": "id"}]
    assert by_id["government/35.78"]["area_id"] == f"{base}place/35.78"
    assert by_id["place/35.78"]["identifier"] == "35.78"


def dangling(document: Mapping[str, list[Json]]) -> list[str]:
    """Ids that a field names and no list has."""
    of = {
        "person_id": "persons", "post_id": "posts", "organization_id": "organizations", "area_id": "areas",
        "on_behalf_of_id": "organizations",
    }  # fmt: skip
    ids = {collection: {item["id"] for item in items} for collection, items in document.items()}
    found = []
    for collection, items in document.items():
        for item in items:
            for name, value in item.items():
                if name.endswith("_id") and value not in ids[of.get(name, collection)]:
                    found.append(f"{item['id']} {name} {value}")
            attended = [person["id"] for person in item.get("attendees", [])]
            found += [f"{item['id']} attendee {one}" for one in attended if one not in ids["persons"]]
            if "member" in item and item["member"]["id"] not in ids["organizations"] | ids["persons"]:
                found.append(f"{item['id']} member {item['member']['id']}")
    return found


# ---- both say what the graph says


def tenures(rows: list[tuple[int, int, str]]) -> list[Quad]:
    """Who holds which post with which status, by numbers."""
    w = Writer(1)
    body = w.thing("body/kementerian", v.MINISTRY, "Kementerian")
    for person, post, status in rows:
        holder = w.thing(f"person/p{person}", v.OFFICIAL, f"Orang {person}")
        held = w.thing(f"post/j{post}", v.POST, f"Jabatan {post}")
        tenure = iri(f"tenure/p{person}--j{post}--{status}")
        for predicate, value in (
            *((v.TYPE, v.TENURE), (v.MEMBER, holder), (v.HAS_POST, held), (v.ORGANIZATION, body)),
            (v.STATUS, v.term(f"kg:{status}")),
        ):
            w.fact(tenure, predicate, value)
        w.claim("holds_post", (holder, v.HAS_POST, held), (f"Orang {person}", "selaku", f"Jabatan {post}"), tenure)
    return w.quads


ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.sampled_from(["current", "former", "projected"])), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_each_tenure_is_one_occupancy_and_one_membership_with_its_status(rows: list[tuple[int, int, str]]) -> None:
    quads = tenures(rows)
    stands = statuses(quads)
    entities = ftm(quads)
    found = {e["id"]: e["properties"]["status"] for e in entities.values() if e["schema"] == "Occupancy"}
    assert found == {ftm_id(tenure): [FTM_STATUS[status]] for tenure, status in stands.items()}
    document = popolo(quads)
    assert {item["id"]: item["status"] for item in document["memberships"]} == stands
    assert dangling(document) == []


@pytest.mark.parametrize("name", GRAPHS)
def test_counts_agree_with_the_graph(name: str) -> None:
    quads = GRAPHS[name]()
    entities, document = ftm(quads), popolo(quads)
    of_schema = {
        schema: {e["id"] for e in entities.values() if e["schema"] == schema}
        for schema in ("Person", "Occupancy", "Position", "Membership", "Event", "Article")
    }
    bodies = set().union(
        *(typed(quads, kind) for kind in (v.MINISTRY, v.UNIT, v.BODY, v.GOVERNMENT, v.NETWORK, v.OUTLET))
    )
    joined = typed(quads, v.NETWORK_MEMBERSHIP) | typed(quads, v.NETWORK_ROLE)
    for schema, things in (
        *(
            ("Person", typed(quads, v.OFFICIAL)),
            ("Occupancy", typed(quads, v.TENURE)),
            ("Position", typed(quads, v.POST)),
        ),
        *(("Membership", joined), ("Event", typed(quads, v.MEETING)), ("Article", typed(quads, v.NEWS_ARTICLE))),
    ):
        assert of_schema[schema] == {ftm_id(thing) for thing in things}, schema
    assert {e["id"] for e in entities.values() if e["schema"] in ("PublicBody", "Organization")} == set(
        map(ftm_id, bodies)
    )
    for collection, things in (
        *(("persons", typed(quads, v.OFFICIAL)), ("posts", typed(quads, v.POST)), ("organizations", bodies)),
        *(
            ("memberships", joined | typed(quads, v.TENURE)),
            ("events", typed(quads, v.MEETING) | typed(quads, v.MEETING_SERIES)),
        ),
    ):
        assert {item["id"] for item in document[collection]} == things, collection
    assert dangling(document) == []


def test_a_body_that_one_article_calls_a_ministry_is_one_public_body() -> None:
    quads = tenures([(1, 1, "current")])
    quads.append(Quad(iri("body/kementerian"), v.TYPE, v.BODY, iri("article/other")))
    quads.append(
        Quad(iri("body/kementerian"), v.PREF_LABEL, Literal("The Ministry", language="en"), iri("article/other"))
    )
    entity = ftm(quads)["body.kementerian"]
    assert (entity["schema"], entity["properties"]["name"]) == ("PublicBody", ["Kementerian", "The Ministry"])
    assert popolo(quads)["organizations"][0]["name"] == "Kementerian"
