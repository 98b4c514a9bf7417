"""The gate: what is refused, what stays, and why. The claims are few and made by hand; the shapes are the project's."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import check, rdf
from kg import vocabulary as v
from kg.errors import DataError
from kg.model import (
    Appointment,
    Argument,
    Article,
    Claim,
    Entity,
    Evidence,
    Kind,
    Label,
    Relation,
    Status,
    Value,
)

DATA = Path(__file__).parent / "data"
BASE = v.DEFAULT_BASE
TEXT = "Forum Air digelar 3 Mei 2026 di Kota Surabaya. Dewi dari Jaringan Air hadir. “Air itu hidup,” kata Dewi."
ARTICLE = Article(TEXT)

SURABAYA = Entity(Kind.CITY, "place/35.78", Label("Kota Surabaya"))
OF_SURABAYA = Entity(
    Kind.GOVERNMENT, "government/35.78", Label("Pemerintah Kota Surabaya"), links=(("territory", SURABAYA),)
)
MEETING = Entity(Kind.MEETING, "meeting/forum-air-2026-05-03", Label("Forum Air"))
DEWI = Entity(Kind.OFFICIAL, "person/dewi", Label("Dewi"))
NETWORK = Entity(Kind.NETWORK, "network/jaringan-air", Label("Jaringan Air"))


@pytest.fixture(scope="module")
def gate() -> check.Gate:
    return check.prepare()


def at(words: str) -> Evidence:
    start = TEXT.index(words)
    return Evidence(start, start + len(words))


def claim(relation: Relation, subject: Entity | str, value: Value, confidence: str = "0.9", **more: Value) -> Claim:
    """Evidence is the same for all: the gate looks at what is said."""
    roles = {
        Relation.HELD_ON: ("meeting", "date"),
        Relation.ENDS_ON: ("meeting", "date"),
        Relation.HELD_IN: ("meeting", "place"),
        Relation.ATTENDED_BY: ("meeting", "participant"),
        Relation.MEMBER_OF: ("member", "network"),
        Relation.ALIAS: ("name", "alias"),
        Relation.SAYS: ("person", "text"),
    }[relation]
    arguments = (
        (roles[0], Argument(subject, at("Forum Air"))),
        (roles[1], Argument(value, at("“Air itu hidup,”"))),
        *((role, Argument(other)) for role, other in more.items()),
    )
    return Claim(relation, arguments, at("digelar"), "test.rule", Decimal(confidence))


def on(date: Value, confidence: str = "0.9") -> Claim:
    return claim(Relation.HELD_ON, MEETING, date, confidence)


def until(date: Value, confidence: str = "0.9") -> Claim:
    return claim(Relation.ENDS_ON, MEETING, date, confidence)


def member(status: Status, confidence: str = "0.9") -> Claim:
    return claim(Relation.MEMBER_OF, OF_SURABAYA, NETWORK, confidence, status=status)


def attended(who: Value, confidence: str = "0.9") -> Claim:
    return claim(Relation.ATTENDED_BY, MEETING, who, confidence)


def day(number: int) -> dt.date:
    return dt.date(2026, 5, number)


def judged(gate: check.Gate, *claims: Claim, article: Article = ARTICLE) -> tuple[list[int], list[tuple[int, str]]]:
    """The places of the claims that are let in, and of the refused ones with the name of the shape."""
    verdict = check.admit(article, claims, BASE, gate)
    admitted = [claims.index(one) for one in verdict.admitted]
    return admitted, [(claims.index(one.claim), one.shape.removeprefix(v.SHAPES_BASE)) for one in verdict.refused]


def test_a_sound_article_is_let_in(gate: check.Gate) -> None:
    claims = [on(day(3)), until(day(4)), attended(DEWI), attended(OF_SURABAYA), member(Status.CURRENT)]
    assert check.admit(ARTICLE, claims, BASE, gate) == check.Verdict(tuple(claims), (), ())


def test_an_article_without_claims_is_let_in(gate: check.Gate) -> None:
    assert check.admit(ARTICLE, [], BASE, gate) == check.Verdict((), (), ())


def test_a_day_that_does_not_exist_is_refused_with_shape_value_and_reason(gate: check.Gate) -> None:
    bad = on("2026-02-31")
    (refusal,) = check.admit(ARTICLE, [bad, attended(DEWI)], BASE, gate).refused
    assert refusal == check.Refusal(
        bad,
        v.SHAPES_BASE + "MeetingStart",
        (
            Label("Pertemuan mulai pada paling banyak satu tanggal, dan tanggal itu ada di kalender.", "id"),
            Label("A meeting starts on one date at most, and it is a date that exists.", "en"),
        ),
        v.VIOLATION.value,
        v.START_DATE.value,
        "2026-02-31",
    )


def test_what_a_refused_claim_would_add_is_kept(gate: check.Gate) -> None:
    refused = check.admit(ARTICLE, [on("2026-02-31")], BASE, gate).refused
    kept_apart = rdf.quarantine(rdf.Stating(ARTICLE, BASE), refused)
    (kept,) = [triple.object for triple in kept_apart if triple.predicate == v.REFUSED_TRIPLES]
    assert kept.value == (
        f"<{BASE}id/meeting/forum-air-2026-05-03> <http://schema.org/startDate> "
        '"2026-02-31"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    )


@pytest.mark.parametrize(
    ("claims", "admitted"),
    [
        ([on(day(3), "0.9"), on(day(4), "0.5")], [0]),
        ([on(day(3), "0.5"), on(day(4), "0.9")], [1]),
        ([on(day(3), "0.9"), on(day(4), "0.9")], []),
        ([on(day(3), "0.9"), on(day(4), "0.9"), on(day(5), "0.5")], []),
        ([on(day(3), "0.9"), on(day(4), "0.8"), on(day(5), "0.5")], [0]),
        # Two ways to the same date support each other.
        ([on(day(3), "0.9"), on(day(4), "0.8"), dataclasses.replace(on(day(3), "0.5"), rule="other.rule")], [0, 2]),
        # A date that doesn't exist contradicts nothing.
        ([on("2026-02-31", "0.9"), on(day(4), "0.5")], [1]),
        # The end before the start.
        ([on(day(3), "0.9"), until(day(2), "0.5")], [0]),
        ([on(day(3), "0.5"), until(day(2), "0.9")], [1]),
        ([on(day(3), "0.9"), until(day(2), "0.9")], []),
        ([on(day(3), "0.9"), until(day(2), "0.5"), until(day(6), "0.7")], [0, 2]),
        # Two statuses make two nodes.
        ([member(Status.CURRENT, "0.9"), member(Status.PROJECTED, "0.5")], [0]),
        ([member(Status.CURRENT, "0.9"), member(Status.PROJECTED, "0.9")], []),
    ],
)
def test_of_contradictions_the_more_confident_stays(
    gate: check.Gate, claims: Sequence[Claim], admitted: list[int]
) -> None:
    assert judged(gate, *claims, attended(DEWI))[0] == [*admitted, len(claims)]


def test_one_thing_of_two_kinds_is_what_the_more_confident_says(gate: check.Gate) -> None:
    place = Entity(Kind.CITY, "place/x", Label("X"))
    province = dataclasses.replace(place, kind=Kind.PROVINCE)
    city = claim(Relation.HELD_IN, MEETING, place, "0.9")
    other = dataclasses.replace(claim(Relation.HELD_IN, MEETING, province, "0.5"), rule="other.rule")
    assert judged(gate, city, other) == ([0], [(1, "OneKind")])
    assert judged(gate, city, dataclasses.replace(other, confidence=city.confidence))[0] == []


@pytest.mark.parametrize(
    ("bad", "shape"),
    [
        (attended(SURABAYA), "MeetingAttendee"),  # a place doesn't attend, its government does
        (attended("walikota"), "MeetingAttendee"),
        (claim(Relation.HELD_IN, MEETING, NETWORK), "MeetingLocation"),
        (claim(Relation.MEMBER_OF, DEWI, NETWORK, status=Status.CURRENT), "MembershipMember"),
        (claim(Relation.MEMBER_OF, OF_SURABAYA, NETWORK, status="mungkin"), "MembershipStatus"),
        (claim(Relation.MEMBER_OF, OF_SURABAYA, NETWORK, status=Status.CURRENT, since="tahun lalu"), "MembershipSince"),
        (claim(Relation.SAYS, DEWI, Label("Air itu mati")), "QuotationVerbatim"),
        (claim(Relation.ALIAS, NETWORK, Label("")), "AltLabel"),
        (attended(Entity(Kind.OFFICIAL, "person/ivan", Label("Иван", "ru"))), "PrefLabel"),
        (claim(Relation.HELD_IN, "rapat", SURABAYA), "ClaimSubject"),
        (dataclasses.replace(on(day(3)), confidence=Decimal("1.5")), "ClaimConfidence"),
        (dataclasses.replace(on(day(3)), confidence=Decimal("NaN")), "ClaimConfidence"),
        (dataclasses.replace(on(day(3)), arguments=on(day(3)).arguments[:1]), "ClaimObject"),
        (dataclasses.replace(on(day(3)), trigger=Evidence(0, len(TEXT) + 1)), "SpanVerbatim"),
        (dataclasses.replace(on(day(3)), rule="two words"), "ClaimRule"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_only_the_wrong_claim_is_refused(gate: check.Gate, bad: Claim, shape: str) -> None:
    assert judged(gate, attended(DEWI), bad) == ([0], [(1, shape)])
    (refusal,) = check.admit(ARTICLE, [bad], BASE, gate).refused
    assert [label.language for label in refusal.messages] == ["id", "en"]
    assert all(label.text for label in refusal.messages)


def test_what_mentions_a_wrong_thing_is_refused_with_it(gate: check.Gate) -> None:
    nameless = dataclasses.replace(DEWI, label=Label(""))
    assert judged(gate, attended(nameless), claim(Relation.SAYS, nameless, Label("“Air itu hidup,”")), on(day(3))) == (
        [2],
        [(0, "PersonName"), (1, "PersonName")],
    )


def test_a_refused_alias_leaves_what_it_named(gate: check.Gate) -> None:
    named = dataclasses.replace(NETWORK, aliases=(Label("JA", "su"),))
    alias, other = claim(Relation.ALIAS, named, Label("JA", "su")), attended(named)
    verdict = check.admit(ARTICLE, [alias, other], BASE, gate)
    assert [one.claim for one in verdict.refused] == [alias]
    assert verdict.admitted == (other,)
    facts = rdf.facts(rdf.Stating(ARTICLE, BASE), [other], refused=[alias])
    assert [triple.object for triple in facts if triple.predicate == v.ALT_LABEL] == []


def test_a_fault_of_the_article_refuses_no_claim(gate: check.Gate) -> None:
    article = Article(TEXT, language="fr")
    verdict = check.admit(article, [on(day(3))], BASE, gate)
    assert (verdict.admitted, verdict.refused) == ((on(day(3)),), ())
    assert [(one.shape, one.is_violation) for one in verdict.warnings] == [(v.SHAPES_BASE + "ArticleLanguage", True)]


def test_a_warning_does_not_refuse(gate: check.Gate) -> None:
    named = dataclasses.replace(NETWORK, aliases=(Label("Jaringan Air"),))
    alias = claim(Relation.ALIAS, named, Label("Jaringan Air"))
    verdict = check.admit(ARTICLE, [alias], BASE, gate)
    assert verdict.admitted == (alias,)
    assert [(one.shape, one.is_violation) for one in verdict.warnings] == [(v.SHAPES_BASE + "AltNotPref", False)]


CONFIDENCES = st.sampled_from(["0.3", "0.5", "0.9", "1"])
DATES = st.sampled_from([day(2), day(3), day(4), "2026-02-31", "besok"])
POOL: st.SearchStrategy[Claim] = st.one_of(
    st.builds(on, DATES, CONFIDENCES),
    st.builds(until, DATES, CONFIDENCES),
    st.builds(member, st.sampled_from(Status), CONFIDENCES),
    st.builds(attended, st.sampled_from([DEWI, NETWORK, SURABAYA, OF_SURABAYA, "siapa"]), CONFIDENCES),
    st.builds(
        lambda label, confidence: claim(Relation.ALIAS, NETWORK, label, confidence),
        st.sampled_from([Label("JA"), Label(""), Label("Jaringan Air")]),
        CONFIDENCES,
    ),
)


# The same claim comes once: what the rules find twice is merged before.
CLAIMS = st.lists(POOL, max_size=8, unique_by=lambda one: rdf.Ids(BASE).claim(ARTICLE, one))


@settings(max_examples=40, deadline=None)
@given(CLAIMS)
def test_no_claim_is_lost_and_what_is_let_in_conforms(claims: list[Claim]) -> None:
    gate = check.prepare()
    verdict = check.admit(ARTICLE, claims, BASE, gate)
    refused = [refusal.claim for refusal in verdict.refused]
    assert len(claims) == len(verdict.admitted) + len(refused)
    assert sorted(map(str, claims)) == sorted(map(str, [*verdict.admitted, *refused]))
    assert [one for one in claims if one in verdict.admitted] == list(verdict.admitted)
    quads = rdf.to_graphs(ARTICLE, verdict.admitted, verdict.refused, BASE).quads()
    assert [one for one in gate.findings(rdf.ntriples(quad.triple for quad in quads)) if one.is_violation] == []


@settings(max_examples=20, deadline=None)
@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_decides_nothing(claims: list[Claim], random: object) -> None:
    gate = check.prepare()
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = check.admit(ARTICLE, claims, BASE, gate)
    second = check.admit(ARTICLE, shuffled, BASE, gate)
    assert sorted(map(str, first.admitted)) == sorted(map(str, second.admitted))
    assert sorted(map(str, first.refused)) == sorted(map(str, second.refused))


def broken(change: Callable[[ox.Quad], ox.Quad | None]) -> bytes:
    quads = ox.parse(path=str(DATA / "sample.trig"), format=ox.RdfFormat.TRIG, base_iri=BASE)
    return rdf.ntriples(changed.triple for changed in map(change, quads) if changed)


def without(predicate: ox.NamedNode) -> Callable[[ox.Quad], ox.Quad | None]:
    return lambda quad: None if quad.predicate == predicate else quad


def saying(predicate: ox.NamedNode, value: ox.Literal) -> Callable[[ox.Quad], ox.Quad]:
    return lambda quad: (
        ox.Quad(quad.subject, predicate, value, quad.graph_name) if quad.predicate == predicate else quad
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda quad: quad,
        without(v.PREF_LABEL),
        without(v.SUBJECT_EVIDENCE),
        without(v.MEMBER),
        saying(v.START_DATE, ox.Literal("2025-13-01", datatype=v.DATE)),
        saying(v.EDITION_NUMBER, ox.Literal("0", datatype=v.INTEGER)),
        saying(v.CONFIDENCE, ox.Literal("1.50", datatype=v.DECIMAL)),
        saying(v.ANCHOR_OF, ox.Literal("x")),
    ],
)
def test_both_engines_find_the_same(gate: check.Gate, change: Callable[[ox.Quad], ox.Quad | None]) -> None:
    data = broken(change)
    assert gate.findings(data) == check.prepare("pyshacl").findings(data)


def dataset(*articles: tuple[Article, Sequence[Claim]], text: bool = False) -> ox.Store:
    store = ox.Store()
    for article, claims in articles:
        store.extend(rdf.to_graphs(article, claims, [], BASE).quads())
        if text:
            ids = rdf.Ids(BASE)
            words = ox.Literal(article.text)
            store.add(ox.Quad(ids.article(article), v.IS_STRING, words, ids.provenance(article)))
    return store


def test_the_sample_conforms_as_a_whole() -> None:
    store = ox.Store()
    store.load(path=str(DATA / "sample.trig"), format=ox.RdfFormat.TRIG, base_iri=BASE)
    assert check.validate(store) == []


def test_two_articles_may_disagree() -> None:
    other = Article(TEXT + " Ralat.")
    assert check.validate(dataset((ARTICLE, [on(day(3))]), (other, [on(day(4))]))) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (False, ("Forum Air … digelar … “Air itu hidup,”",)),
        (True, (TEXT[: TEXT.index(" kata")] + " kata Dewi.",)),
    ],
)
def test_a_finding_in_a_graph_shows_the_words(text: bool, words: tuple[str, ...]) -> None:
    store = dataset((ARTICLE, [on("2026-02-31"), attended(DEWI)]), text=text)
    (finding,) = check.validate(store)
    assert (finding.shape, finding.words) == (v.SHAPES_BASE + "MeetingStart", words)


def test_evidence_that_is_not_the_text_is_found_in_a_store() -> None:
    store = dataset((ARTICLE, [on(day(3))]), text=True)
    (quad,) = [q for q in store if q.predicate == v.ANCHOR_OF and q.object == ox.Literal("digelar")]
    store.remove(quad)
    store.add(ox.Quad(quad.subject, quad.predicate, ox.Literal("digeser"), quad.graph_name))
    (finding,) = check.validate(store)
    assert finding.shape == v.SHAPES_BASE + "SpanVerbatim"


def test_facts_without_evidence_have_no_words() -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode(BASE + "id/meeting/x"), v.TYPE, v.MEETING))
    assert [(one.shape, one.words) for one in check.validate(store)] == [(v.SHAPES_BASE + "PrefLabel", ())]


def test_an_unknown_engine_or_a_broken_shapes_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rudof"):
        check.Gate("rudof")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("<a> <b>", "utf-8")
    with pytest.raises(DataError, match=r"shapes\.ttl"):
        check.Gate(shapes=shapes)


def test_appointments_are_those_of_the_shapes(gate: check.Gate) -> None:
    post = Entity(Kind.POST, "post/ketua", Label("Ketua"))
    claims = [
        Claim(
            Relation.HOLDS_POST,
            (
                ("person", Argument(DEWI, at("Dewi"))),
                ("post", Argument(post, at("Jaringan"))),
                ("appointment", Argument(appointment)),
                ("status", Argument(Status.CURRENT)),
            ),
            at("dari"),
            "test.rule",
        )
        for appointment in Appointment
    ]
    assert check.admit(ARTICLE, claims, BASE, gate).admitted == tuple(claims)
