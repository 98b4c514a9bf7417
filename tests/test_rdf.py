"""Claims -> triples. The whole of sample.txt, claimed by hand, must give the fixture sample.trig."""

from __future__ import annotations

import dataclasses
import datetime as dt
import string
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import names, rdf
from kg import vocabulary as v
from kg.check import Refusal
from kg.model import (
    ROLES,
    Appointment,
    Argument,
    Article,
    Claim,
    Entity,
    Evidence,
    FundingKind,
    Kind,
    Label,
    NetworkRole,
    Relation,
    Status,
    Value,
)
from kg.store.kept import digest_of, digest_of_lines

DATA = Path(__file__).parent / "data"
BASE = v.DEFAULT_BASE
TEXT = (DATA / "sample.txt").read_text("utf-8")
ARTICLE = Article(
    TEXT,
    title="Forum Kota Sungai digelar di Surabaya",
    url="https://kabarsungai.example/forum-kota-sungai",
)
IDS = rdf.Ids(BASE)


def thing(kind: Kind, key: str, name: str, *aliases: str, role: str | None = None, **links: Entity) -> Entity:
    return Entity(kind, key, Label(name), tuple(Label(alias) for alias in aliases), tuple(links.items()), role)


def government(place: Entity, name: str) -> Entity:
    return thing(Kind.GOVERNMENT, place.key.replace("place/", "government/"), name, territory=place)


INDONESIA = thing(Kind.COUNTRY, "place/ID", "Indonesia")
JAPAN = thing(Kind.COUNTRY, "place/JP", "Jepang")
PALEMBANG = thing(Kind.CITY, "place/16.71", "Kota Palembang")
SEMARANG = thing(Kind.CITY, "place/33.74", "Kota Semarang")
SURABAYA = thing(Kind.CITY, "place/35.78", "Kota Surabaya", "Surabaya")
TOYAMA = thing(Kind.CITY, "place/kota-toyama--prefektur-toyama", "Kota Toyama")
TOYAMA_PREFECTURE = thing(Kind.PREFECTURE, "place/prefektur-toyama--jepang", "Prefektur Toyama")
HOTEL = thing(Kind.VENUE, "venue/hotel-bahari--35.78", "Hotel Bahari")
OF_INDONESIA = government(INDONESIA, "Pemerintah Indonesia")
OF_JAPAN = government(JAPAN, "Pemerintah Jepang")
OF_PALEMBANG = government(PALEMBANG, "Pemerintah Kota Palembang")
OF_SEMARANG = government(SEMARANG, "Pemerintah Kota Semarang")
OF_SURABAYA = government(SURABAYA, "Pemerintah Kota Surabaya")
OF_TOYAMA = government(TOYAMA, "Pemerintah Kota Toyama")
OUTLET = thing(Kind.OUTLET, "outlet/kabarsungai-id", "KabarSungai.id")
NETWORK = thing(Kind.NETWORK, "network/jaringan-kota-sungai-asia", "Jaringan Kota Sungai Asia", "JKSA")
MINISTRY = thing(Kind.MINISTRY, "body/kementerian-kota", "Kementerian Kota", "Kemenkot")
DIRECTORATE = thing(Kind.UNIT, "body/direktorat-jenderal-tata-kota-kementerian-kota", "Direktorat Jenderal Tata Kota")
SUBDIRECTORATE = thing(Kind.UNIT, "body/subdirektorat-sungai-kementerian-kota", "Subdirektorat Sungai")
BUDI = thing(Kind.OFFICIAL, "person/budi-santoso", "Budi Santoso", "Budi")
RATNA = thing(Kind.OFFICIAL, "person/ratna-dewi", "Ratna Dewi")
WIRYA = thing(Kind.OFFICIAL, "person/wirya-salim", "Wirya Salim")
MEETING = thing(Kind.MEETING, "meeting/forum-kota-sungai-2025-11-10", "Forum Kota Sungai", "FKS")
DIRECTOR = thing(
    Kind.POST,
    "post/direktur-jenderal-tata-kota-kementerian-kota",
    "Direktur Jenderal Tata Kota",
    "Dirjen Tata Kota",
    role="role/direktur-jenderal",
    body=MINISTRY,
)
DELEGATE = thing(Kind.POST, "post/wakil-nasional-jaringan-kota-sungai-asia", "Wakil Nasional", body=NETWORK)
MAYOR_SEMARANG = thing(
    Kind.POST, "post/wali-kota-33.74", "Wali Kota Semarang", role="role/wali-kota", body=OF_SEMARANG, region=SEMARANG
)
MAYOR_PALEMBANG = thing(
    Kind.POST, "post/wali-kota-16.71", "Wali Kota Palembang", role="role/wali-kota", body=OF_PALEMBANG, region=PALEMBANG
)

LILA = thing(Kind.OFFICIAL, "person/lila-anwar", "Lila Anwar")
BAGUS = thing(Kind.OFFICIAL, "person/bagus-pranoto", "Bagus Pranoto")
MEMORANDUM = thing(Kind.AGREEMENT, "agreement/39cd01db7725eb93-nota-kesepahaman", "nota kesepahaman")
AWARD = thing(Kind.AWARD, "award/adi-sungai", "Adi Sungai")
APP = thing(Kind.PROGRAMME, "programme/sapa-sungai", "Sapa Sungai")

Said = Value | tuple[Value, int, int]  # a value, with the span that gives it


def argument(said: Said) -> Argument:
    return Argument(said[0], Evidence(*said[1:])) if isinstance(said, tuple) else Argument(said)


def claim(relation: str, rule: str, confidence: str, trigger: tuple[int, int], **arguments: Said) -> Claim:
    named = tuple((name.rstrip("_"), argument(said)) for name, said in arguments.items())
    return Claim(Relation(relation), named, Evidence(*trigger), rule, Decimal(confidence))


def tenure(rule: str, trigger: tuple[int, int], appointment: Appointment, status: Status, **arguments: Said) -> Claim:
    relation = "held_post" if status is Status.FORMER else "holds_post"
    return claim(relation, rule, "0.9", trigger, **arguments, appointment=appointment, status=status)


NAMED, IT, WHOLE = (MEETING, 40, 57), (MEETING, 142, 151), (ARTICLE, 0, 37)
CLAIMS = (
    claim("published", "outlet.dateline", "0.99", (38, 39), article=WHOLE, publisher=(OUTLET, 0, 14)),
    claim("dated", "date.dateline", "0.95", (38, 39), article=WHOLE, date=(dt.date(2025, 11, 12), 26, 36)),
    claim("alias", "alias.brackets", "0.98", (58, 59), name=NAMED, alias=(Label("FKS"), 59, 62)),
    claim("alias", "alias.brackets", "0.98", (204, 205), name=(NETWORK, 178, 203), alias=(Label("JKSA"), 205, 209)),
    claim(
        "alias",
        "alias.brackets",
        "0.98",
        (392, 393),
        name=(DIRECTOR, 364, 391),
        alias=(Label("Dirjen Tata Kota"), 393, 409),
    ),
    claim(
        "alias", "alias.brackets", "0.98", (428, 429), name=(MINISTRY, 411, 427), alias=(Label("Kemenkot"), 429, 437)
    ),
    claim("edition", "meeting.edition", "0.95", (64, 67), meeting=NAMED, number=(7, 67, 68)),
    claim("held_in", "meeting.held-in", "0.9", (69, 79), meeting=NAMED, place=(HOTEL, 80, 92)),
    claim("held_in", "meeting.held-in", "0.9", (69, 79), meeting=NAMED, place=(SURABAYA, 94, 107)),
    claim("held_on", "meeting.held-on", "0.95", (109, 113), meeting=NAMED, date=(dt.date(2025, 11, 10), 114, 140)),
    claim("ends_on", "meeting.held-on", "0.95", (117, 123), meeting=NAMED, date=(dt.date(2025, 11, 12), 124, 140)),
    claim("organised_by", "meeting.organised-by", "0.9", (157, 177), meeting=IT, organiser=(NETWORK, 178, 203)),
    claim("attended_by", "meeting.attended-by", "0.9", (215, 223), meeting=IT, participant=(OF_JAPAN, 224, 241)),
    claim("attended_by", "meeting.attended-by", "0.9", (215, 223), meeting=IT, participant=(RATNA, 267, 277)),
    claim("attended_by", "meeting.attended-by", "0.8", (215, 223), meeting=IT, participant=(OF_TOYAMA, 292, 303)),
    claim(
        "located_in", "place.comma", "0.9", (303, 304), place=(TOYAMA, 292, 303), within=(TOYAMA_PREFECTURE, 305, 321)
    ),
    claim(
        "located_in", "place.comma", "0.9", (321, 322), place=(TOYAMA_PREFECTURE, 305, 321), within=(JAPAN, 323, 329)
    ),
    tenure(
        "post.before-person",
        (243, 246),
        Appointment.INTERIM,
        Status.CURRENT,
        person=(RATNA, 267, 277),
        post=(MAYOR_SEMARANG, 247, 265),
        organisation=OF_SEMARANG,
    ),
    tenure(
        "post.before-person",
        (411, 427),
        Appointment.DEFINITIVE,
        Status.CURRENT,
        person=(BUDI, 440, 452),
        post=(DIRECTOR, 364, 391),
        organisation=(MINISTRY, 411, 427),
    ),
    tenure(
        "post.menjabat",
        (464, 480),
        Appointment.DEFINITIVE,
        Status.CURRENT,
        person=(BUDI, 440, 452),
        post=(DELEGATE, 481, 495),
        organisation=(NETWORK, 512, 516),
        for_=(OF_INDONESIA, 496, 505),
    ),
    tenure(
        "post.former",
        (530, 536),
        Appointment.DEFINITIVE,
        Status.FORMER,
        person=(WIRYA, 558, 569),
        post=(MAYOR_PALEMBANG, 537, 556),
        organisation=OF_PALEMBANG,
    ),
    claim(
        "leads_delegation",
        "delegation.led-by",
        "0.95",
        (350, 363),
        person=(BUDI, 440, 452),
        of=(OF_INDONESIA, 331, 349),
        meeting=MEETING,
    ),
    claim("unit_of", "unit.pada", "0.9", (623, 627), unit=(SUBDIRECTORATE, 602, 622), parent=(DIRECTORATE, 628, 657)),
    claim("unit_of", "unit.adjacent", "0.9", (628, 647), unit=(DIRECTORATE, 628, 657), parent=(MINISTRY, 658, 674)),
    claim(
        "member_of",
        "member.anggota",
        "0.9",
        (691, 706),
        member=(OF_PALEMBANG, 676, 690),
        network=(NETWORK, 707, 711),
        status=Status.CURRENT,
        since=(2021, 718, 722),
    ),
    claim(
        "member_of",
        "member.projected",
        "0.9",
        (738, 761),
        member=(OF_SURABAYA, 724, 737),
        network=(NETWORK, 769, 773),
        status=Status.PROJECTED,
        focus=(Label("smart river city"), 792, 808),
        since=(2026, 779, 783),
    ),
    claim("says", "quote.after", "0.98", (876, 880), person=(BUDI, 881, 885), text=(Label(TEXT[811:874]), 811, 874)),
    claim(
        "funding",
        "money.needed",
        "0.9",
        (935, 946),
        article=(ARTICLE, 906, 934),
        amount=(Decimal(18400000000), 952, 967),
        currency="USD",
        kind=FundingKind.NEEDED,
        purpose=Label("Pengelolaan sampah perkotaan"),
        until=(2040, 981, 985),
    ),
    claim(
        "appointed",
        "appointed.active",
        "0.9",
        (1092, 1100),
        person=(RATNA, 1101, 1111),
        post=(MAYOR_SEMARANG, 1124, 1142),
        appointment=(Appointment.INTERIM, 1120, 1123),
        by=(LILA, 1080, 1090),
        date=(dt.date(2025, 11, 3), 1041, 1056),
        replaces=(BAGUS, 1156, 1169),
    ),
    claim(
        "held_post",
        "appointed.replaced",
        "0.8",
        (1143, 1155),
        person=(BAGUS, 1156, 1169),
        post=(MAYOR_SEMARANG, 1124, 1142),
        appointment=Appointment.DEFINITIVE,
        status=Status.FORMER,
        until=(2024, 1192, 1196),
    ),
    *(
        claim(
            "party_to",
            "agreement.signed",
            "0.9",
            (1231, 1245),
            agreement=(MEMORANDUM, 1246, 1262),
            party=party,
            subject=(Label("kebersihan sungai"), 1271, 1288),
            date=(dt.date(2025, 11, 11), 1294, 1310),
        )
        for party in ((OF_PALEMBANG, 1198, 1212), (OF_SURABAYA, 1217, 1230))
    ),
    claim(
        "awarded",
        "award.received",
        "0.9",
        (1326, 1346),
        recipient=(OF_SURABAYA, 1312, 1325),
        award=(AWARD, 1347, 1357),
        by=(MINISTRY, 1368, 1384),
        year=(2025, 1358, 1362),
    ),
    claim(
        "runs_programme",
        "programme.runs",
        "0.9",
        (1390, 1410),
        programme=(APP, 1411, 1422),
        owner=(OF_SURABAYA, 1312, 1325),
        purpose=(Label("aduan warga"), 1429, 1440),
    ),
    claim(
        "network_role",
        "role.chair",
        "0.9",
        (1460, 1478),
        actor=(OF_JAPAN, 1442, 1459),
        network=(NETWORK, 1479, 1483),
        role=(NetworkRole.CHAIR, 1460, 1478),
        since=(2025, 1484, 1488),
        until=(2026, 1489, 1493),
    ),
    claim(
        "founded",
        "network.founded",
        "0.9",
        (1500, 1509),
        network=(NETWORK, 1495, 1499),
        date=(2018, 1527, 1531),
        place=(SURABAYA, 1513, 1521),
    ),
    claim(
        "member_count",
        "network.comprises",
        "0.9",
        (1541, 1554),
        network=(NETWORK, 1495, 1499),
        number=(41, 1555, 1557),
    ),
)
REFUSED = claim(
    "funding",
    "money.granted",
    "0.9",
    (1004, 1009),
    article=(ARTICLE, 987, 994),
    amount=(Decimal(0), 1010, 1013),
    currency="IDR",
    kind=FundingKind.GRANTED,
    purpose=Label("taman bantaran"),
)
REFUSAL = Refusal(
    REFUSED,
    v.SHAPES_BASE + "FundingAmount",
    (
        Label("Jumlah dana harus satu bilangan desimal yang lebih besar dari nol.", "id"),
        Label("The amount of money must be one decimal number greater than zero.", "en"),
    ),
)
EXTRACTION = rdf.Extraction(
    rules_hash="6c621d1a05138a7888d37d9269a9da8e2e11e4aced2f6cfd24b05ab1b9e61bb0",
    reference_hash="52367a6622b19f08825e915fad80c542ad4f4c34dbcebad9f5007994b3e39208",
    read=39,
    admitted=37,
    quarantined=1,
    merged=1,
)
GRAPHS = rdf.to_graphs(ARTICLE, CLAIMS, [REFUSAL], BASE, EXTRACTION)
HERE = GRAPHS.quads()

Row = tuple[str, str, str, str]


def rows(quads: Iterable[ox.Quad]) -> set[Row]:
    """Comparable across two ways to name claims: a claim's id is what is said of it, a number is its value."""
    found = list(quads)
    text = {quad: str(quad.object).replace('.0"^^', '"^^') for quad in found}
    claims: dict[str, list[str]] = {}
    for quad in found:
        if "/id/claim/" in str(quad.subject) and quad.predicate != v.STATEMENT:
            claims.setdefault(str(quad.subject), []).append(f"{quad.predicate} {text[quad]}")
    names = {name: " ".join(sorted(said)) for name, said in claims.items()}
    return {
        (str(quad.graph_name), names.get(str(quad.subject), str(quad.subject)), str(quad.predicate), text[quad])
        for quad in found
        if quad.predicate not in (v.STATEMENT, v.DATELINE)  # worded and found elsewhere
    }


def graph(quads: Iterable[Row], ending: str) -> set[Row]:
    return {row for row in quads if row[0].removeprefix(f"<{IDS.article(ARTICLE).value}") == ending + ">"}


@pytest.fixture(scope="module")
def expected() -> set[Row]:
    return rows(ox.parse(path=str(DATA / "sample.trig"), format=ox.RdfFormat.TRIG, base_iri=BASE))


@pytest.mark.parametrize("ending", ["", "/provenance", "/quarantine"])
def test_the_sample_gives_the_fixture(expected: set[Row], ending: str) -> None:
    assert graph(rows(HERE), ending) == graph(expected, ending)


def test_every_relation_has_a_statement_and_is_in_the_sample() -> None:
    assert set(rdf.STATEMENTS) == set(Relation) == set(ROLES) == {one.relation for one in CLAIMS}


def test_quads_are_sorted_and_each_is_there_once() -> None:
    keys = [(str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)) for q in HERE]
    by_graph = [[key[1:] for key in keys if key[0] == name] for name in dict.fromkeys(key[0] for key in keys)]
    assert all(rows_ == sorted(set(rows_)) for rows_ in by_graph)


def test_the_graphs_as_bytes_are_what_writing_their_quads_gives() -> None:
    odd = dataclasses.replace(ARTICLE, title='A title that ends " .\n <x> .', url="https://kabarsungai.example/a%20.")
    for graphs in (GRAPHS, rdf.to_graphs(odd, CLAIMS[:3], [REFUSAL], BASE)):
        assert rdf.nquads(graphs.lines()) == ox.serialize(graphs.quads(), format=ox.RdfFormat.N_QUADS)
        assert graphs.lines() == [str(quad) for quad in graphs.quads()]
        assert digest_of_lines(graphs.lines()) == digest_of(graphs.quads())
        assert len(graphs) == len(graphs.quads())


@given(st.text(min_size=1, max_size=40))
def test_the_lines_of_evidence_are_those_of_the_engine(words: str) -> None:
    article = dataclasses.replace(ARTICLE, text=words)
    one = claim("alias", "r", "1", (0, len(words)), name=NETWORK, alias="JKSA")
    stating = rdf.Stating(article, BASE)
    said = {str(ox.Triple(*triple)) for stated in rdf.state(stating, [one]) for triple in stated.provenance}
    assert rdf.provenance(stating, [one]) == sorted({*said, f"{IDS.article(article)} {v.TYPE} {v.CONTEXT}"})
    assert {str(triple) for stated in rdf.state(stating, [one]) for triple in stated.provenance} == said


def test_facts_are_found_as_a_store_finds_them() -> None:
    store, name = ox.Store(), IDS.article(ARTICLE)
    store.extend(GRAPHS.quads())
    quads = list(store.quads_for_pattern(None, None, None, name))
    assert quads
    for quad in quads:
        s, p, o = quad.triple
        for pattern in ((s, p, None), (s, p, o), (None, p, o), (None, p, None), (IDS.node("x"), p, None)):
            found = [(one.subject, one.predicate, one.object) for one in GRAPHS.facts.quads_for_pattern(*pattern, name)]
            there = [tuple(one.triple) for one in store.quads_for_pattern(*pattern, name)]
            assert sorted(found, key=str) == sorted(there, key=str)
    assert not list(GRAPHS.facts.quads_for_pattern(None, v.TYPE, None, IDS.provenance(ARTICLE)))


def test_the_order_of_the_claims_changes_nothing() -> None:
    assert rdf.to_graphs(ARTICLE, CLAIMS[::-1], [REFUSAL], BASE, EXTRACTION).quads() == HERE


def test_no_blank_node_and_another_base_moves_every_id() -> None:
    moved = rdf.to_graphs(ARTICLE, CLAIMS, [REFUSAL], "https://contoh.example/", EXTRACTION).quads()
    text = "\n".join(map(str, moved))
    assert "_:" not in text.replace("nif:", "")
    assert BASE + "id/" not in text
    assert len(moved) == len(HERE)


def test_the_evidence_cuts_out_its_own_words() -> None:
    words = {q.subject: q.object.value for q in HERE if q.predicate == v.ANCHOR_OF}
    assert words
    for node, said in words.items():
        start, end = node.value.partition("#char=")[2].split(",")
        assert TEXT[int(start) : int(end)] == said


def test_a_broken_date_flows_to_the_gate() -> None:
    broken = claim("held_on", "r", "1", (0, 1), meeting=NAMED, date=("2025-02-31", 0, 1))
    stated = rdf.claim_triples(broken, ARTICLE, IDS)
    assert stated.object == ox.Literal("2025-02-31", datatype=v.DATE)


def test_a_subject_that_is_no_thing_cannot_be_stated() -> None:
    with pytest.raises(ValueError, match="no thing"):
        rdf.claim_triples(claim("held_in", "r", "1", (0, 1), meeting="rapat", place=SURABAYA), ARTICLE, IDS)


def test_a_refused_alias_is_not_stated_by_way_of_the_name() -> None:
    alias, other = CLAIMS[3], CLAIMS[11]  # the network's short name; the network organises
    triple = rdf.Triple(IDS.node(NETWORK.key), v.ALT_LABEL, ox.Literal("JKSA", language="id"))
    assert triple in rdf.facts(rdf.Stating(ARTICLE, BASE), [other])
    assert triple not in rdf.facts(rdf.Stating(ARTICLE, BASE), [other], refused=[alias])


def test_the_page_gives_date_and_outlet_only_where_the_text_does_not() -> None:
    paged = dataclasses.replace(ARTICLE, published=dt.date(2025, 11, 13), outlet="Kabar Lain")
    node = IDS.article(paged)
    from_page, from_text = (
        {t.predicate: t.object for t in rdf.facts(rdf.Stating(paged, BASE), claims) if t.subject == node}
        for claims in ([], CLAIMS)
    )
    assert (from_page[v.DATE_PUBLISHED].value, from_page[v.PUBLISHER].value) == (
        "2025-11-13",
        f"{BASE}id/outlet/kabar-lain",
    )
    assert (from_text[v.DATE_PUBLISHED].value, from_text[v.PUBLISHER].value) == (
        "2025-11-12",
        f"{BASE}id/outlet/kabarsungai-id",
    )


def test_the_claim_id_depends_on_words_and_rule_and_not_on_labels_or_confidence() -> None:
    first = CLAIMS[7]
    hotel = dataclasses.replace(HOTEL, label=Label("Hotel Bahari Baru"))
    relabelled = claim("held_in", first.rule, "0.1", (69, 79), meeting=NAMED, place=(hotel, 80, 92))
    assert IDS.claim(ARTICLE, relabelled) == IDS.claim(ARTICLE, first)
    others = [
        dataclasses.replace(first, rule="other"),
        dataclasses.replace(first, trigger=Evidence(69, 80)),
        claim("held_in", first.rule, "0.9", (69, 79), meeting=NAMED, place=(HOTEL, 80, 93)),
        claim("held_in", first.rule, "0.9", (69, 79), meeting=NAMED, place=(SURABAYA, 80, 92)),
    ]
    assert len({IDS.claim(ARTICLE, one) for one in [first, *others]}) == 5


def test_a_store_gives_back_what_was_written() -> None:
    dataset = ox.Store()
    dataset.extend(HERE)
    assert {rdf.as_written(quad) for quad in dataset} == set(HERE)


@pytest.mark.parametrize(
    ("text", "expected_slug"),
    [
        ("Budi Santoso", "budi-santoso"),
        ("Kapuš & Żółć, S.H.", "kapus-zoc-s-h"),  # ł has no ASCII part
        ("  35.78 ", "35-78"),
        ("大阪", "x"),
        ("Ma'ruf–Amin", "ma-rufamin"),
    ],
)
def test_slug(text: str, expected_slug: str) -> None:
    assert names.slug(text) == expected_slug


@given(st.text())
def test_a_slug_is_a_slug_and_stays_one(text: str) -> None:
    made = names.slug(text)
    assert set(made) <= set(string.ascii_lowercase + string.digits + "-")
    assert names.slug(made) == made


@given(st.text(min_size=1))
def test_any_text_makes_an_iri(text: str) -> None:
    node = IDS.node(text)
    parsed = ox.parse(f"{node} {node} {node} .", format=ox.RdfFormat.N_TRIPLES)
    assert [quad.subject for quad in parsed] == [node]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_a_decimal_keeps_its_value_and_is_written_as_the_store_writes_it(value: Decimal) -> None:
    literal = rdf.typed(value, v.DECIMAL)
    dataset = ox.Store()
    dataset.add(ox.Quad(v.VALUE, v.VALUE, literal))
    assert Decimal(literal.value) == value
    assert [quad.object for quad in dataset] == [literal]
