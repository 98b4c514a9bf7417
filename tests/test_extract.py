"""Reading: what texts state, with which words; properties that hold for any text."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from decimal import Decimal
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg import pipeline
from kg.extract import extract
from kg.facts import facts
from kg.model import Appointment, Article, Claim, Entity, Kind, Label, Relation, Status
from variants import ARTICLE, GOLD, SHARED, VARIANTS, variant

needs_shared = pytest.mark.skipif(not ARTICLE.exists(), reason="the shared article is not beside this checkout")


def stated(text: str, relation: Relation) -> list[Claim]:
    return [claim for claim in extract(Article(text)).claims if claim.relation is relation]


def name(claim: Claim, role: str) -> str:
    value = claim[role].value
    assert isinstance(value, Entity | Label)
    return value.label.text if isinstance(value, Entity) else value.text


def words(claim: Claim, role: str, text: str) -> str:
    evidence = claim[role].evidence
    assert evidence is not None
    return evidence.of(text)


# ------------------------------------------------------------------------------------------------- the given article


def read_graph(text: str) -> Store:
    """The graph of one article."""
    graph = Store()
    graph.extend(pipeline.read(Article(text)).quads)
    return graph


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compared(text: str, gold: list[dict[str, object]]) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The facts that are missing and those that are wrong, by the shared scorer, from the graph of the text."""
    found = list(facts(read_graph(text)))
    _, missed, wrong = scorer().pair(gold, found)
    return [gold[number] for number in missed], [found[number] for number in wrong]


@needs_shared
def test_the_article_gives_all_its_facts_and_no_other() -> None:
    gold = json.loads(GOLD.read_text(encoding="utf-8"))["facts"]
    assert compared(ARTICLE.read_text(encoding="utf-8"), gold) == ([], [])


@needs_shared
@pytest.mark.parametrize("swaps", sorted(VARIANTS))
def test_the_article_with_other_names_gives_the_same_facts_swapped(swaps: str) -> None:
    assert compared(*variant(swaps)) == ([], [])


@needs_shared
def test_each_argument_of_the_article_is_cut_out_of_it() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    for claim in extract(Article(text)).claims:
        assert claim.subject.evidence is not None
        assert claim.object.evidence is not None
        value = claim.object.value
        if isinstance(value, Label):
            assert claim.object.evidence.of(text) == value.text


# ----------------------------------------------------------------------------------------------------------- relations


def test_a_post_with_its_body() -> None:
    text = "Rapat dibuka Plt. Kepala Dinas Kesehatan Kota Batu, dr. Ratna Kusuma, M.Kes., kemarin."
    [claim] = stated(text, Relation.HOLDS_POST)
    assert name(claim, "person") == "Ratna Kusuma"
    assert name(claim, "post") == "Kepala Dinas Kesehatan Kota Batu"
    assert name(claim, "organisation") == "Dinas Kesehatan Kota Batu"
    assert claim["appointment"].value is Appointment.ACTING
    assert words(claim, "person", text) == "Ratna Kusuma"


def test_a_post_on_behalf_of_a_country() -> None:
    text = "Hadir National Representative Malaysia untuk ASEAN Smart Cities Network, Aminah Yusof."
    [claim] = stated(text, Relation.HOLDS_POST)
    assert (name(claim, "organisation"), name(claim, "for")) == ("ASEAN Smart Cities Network", "Pemerintah Malaysia")


def test_a_former_holder_is_not_a_current_one() -> None:
    [claim] = stated("Hadir mantan Bupati Sleman Harda Kirana.", Relation.HELD_POST)
    assert claim["status"].value is Status.FORMER
    assert stated("Hadir mantan Bupati Sleman Harda Kirana.", Relation.HOLDS_POST) == []


@pytest.mark.parametrize(
    ("others", "organiser"), [("", "Pemerintah Kota Bandung"), (" bersama Wali Kota Bogor Dimas Pratama", "Pemkot")]
)
def test_a_government_without_its_region_is_the_only_one_of_its_kind(others: str, organiser: str) -> None:
    text = f"Taman\n\nWali Kota Bandung Rina Kusuma hadir{others}.\n\nRapat Koordinasi Taman digelar Pemkot di Bandung."
    assert [name(claim, "organiser") for claim in stated(text, Relation.ORGANISED_BY)] == [organiser]


def test_a_name_that_ends_like_a_place_is_kept_whole() -> None:
    held = stated("Rapat itu dihadiri Ketua DPRD Kota Ambon Haris Bulukumba.", Relation.HOLDS_POST)
    assert [(name(claim, "person"), name(claim, "post")) for claim in held] == [
        ("Haris Bulukumba", "Ketua DPRD Kota Ambon")
    ]


def test_the_post_decides_between_city_and_regency() -> None:
    [mayor] = stated("Hadir Wali Kota Semarang Ratna Kusuma.", Relation.HOLDS_POST)
    [regent] = stated("Hadir Bupati Semarang Ratna Kusuma.", Relation.HOLDS_POST)
    assert name(mayor, "organisation") == "Pemerintah Kota Semarang"
    assert name(regent, "organisation") == "Pemerintah Kabupaten Semarang"


def test_an_ambiguous_place_stays_open_and_says_why() -> None:
    [claim] = stated("Semarang merupakan anggota CityNet.", Relation.MEMBER_OF)
    member = claim["member"].value
    assert isinstance(member, Entity)
    place = member.link("territory")
    assert place is not None
    assert not place.known
    assert place.why == "ambiguous: Kabupaten Semarang, Kota Semarang"


def test_a_name_with_its_type_elsewhere_in_the_article_is_that_place() -> None:
    text = "Kota Semarang tumbuh cepat. Semarang merupakan anggota CityNet."
    [claim] = stated(text, Relation.MEMBER_OF)
    member = claim["member"].value
    assert isinstance(member, Entity)
    assert member.key == "government/33.74"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Kota Medan merupakan anggota CityNet.", Status.CURRENT),
        ("Kota Medan akan bergabung dengan CityNet.", Status.PROJECTED),
        ("Kota Medan pernah menjadi anggota CityNet.", Status.FORMER),
    ],
)
def test_status_of_a_membership(text: str, status: Status) -> None:
    [claim] = stated(text, Relation.MEMBER_OF)
    assert claim["status"].value is status


@pytest.mark.parametrize(
    "text",
    [
        "Kota Medan bukan anggota CityNet.",
        "Kota Medan belum menjadi anggota CityNet.",
        "Kota Medan tidak diusulkan masuk CityNet.",
    ],
)
def test_a_denied_membership_is_none(text: str) -> None:
    assert stated(text, Relation.MEMBER_OF) == []


def test_a_meeting_with_place_date_and_edition() -> None:
    text = (
        "Forum Kota Sungai 2025 digelar di Hotel Melati, Kota Batu, Jawa Timur, 3-5 Maret 2025. "
        "Pertemuan yang ke-4 ini dihadiri Bank Dunia."
    )
    found = {claim.relation: claim for claim in extract(Article(text)).claims}
    assert found[Relation.HELD_ON]["date"].value == dt.date(2025, 3, 3)
    assert found[Relation.ENDS_ON]["date"].value == dt.date(2025, 3, 5)
    assert found[Relation.EDITION]["number"].value == 4
    assert name(found[Relation.ATTENDED_BY], "participant") == "Bank Dunia"
    places = {name(claim, "place") for claim in stated(text, Relation.HELD_IN)}
    assert places == {"Hotel Melati", "Kota Batu"}


def test_two_editions_are_two_meetings() -> None:
    text = "Kongres VI CityNet dibuka di Kota Batu, 3 Maret 2025. Kongres sebelumnya digelar di Kota Medan, 1 Mei 2023."
    dates = {claim["date"].value: claim["meeting"].value for claim in stated(text, Relation.HELD_ON)}
    assert sorted(dates) == [dt.date(2023, 5, 1), dt.date(2025, 3, 3)]
    keys = {meeting.key for meeting in dates.values() if isinstance(meeting, Entity)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("text", "meeting", "place"),
    [
        ("Governors and Mayors' Forum ke-4 digelar di Kota Medan.", "Governors and Mayors' Forum ke-4", "Kota Medan"),
        ("Forum Kabupaten/Kota Hijau digelar di Kota Medan.", "Forum Kabupaten/Kota Hijau", "Kota Medan"),
        (
            "Forum Sungai digelar di Kota Batu. Pertemuan sebelumnya diadakan di Kota Medan.",
            "Pertemuan sebelumnya",
            "Kota Medan",
        ),
        ("Forum Sungai dibuka. Pertemuan resminya diadakan di Kota Medan.", "Forum Sungai", "Kota Medan"),
        (
            "Rapat umum pemegang saham luar biasa digelar di Kota Medan.",
            "Rapat umum pemegang saham luar biasa",
            "Kota Medan",
        ),
    ],
)
def test_which_meeting_is_held_there(text: str, meeting: str, place: str) -> None:
    claim = stated(text, Relation.HELD_IN)[-1]
    assert name(claim, "place") == place
    assert words(claim, "meeting", text) == meeting


@pytest.mark.parametrize(
    "text", ["Menteri melarang daerah menggelar syukuran di Kota Medan.", "Kunjungan kerja ke Kota Medan batal."]
)
def test_a_meeting_that_is_not_held_is_held_nowhere(text: str) -> None:
    assert stated(text, Relation.HELD_IN) == []


@pytest.mark.parametrize(
    ("behind", "day"),
    [
        ("direncanakan 20 Mei di Kota Batu.", dt.date(2026, 5, 20)),
        ("digelar di Kota Batu, 20 Mei.", dt.date(2025, 5, 20)),
        ("digelar di Kota Batu, 20 Desember lalu.", dt.date(2024, 12, 20)),
    ],
)
def test_a_date_without_a_year_lies_near_the_articles_day(behind: str, day: dt.date) -> None:
    text = f"Wali kota hadir, Jumat (12/12/2025). Forum Kota Sungai {behind}"
    assert [claim["date"].value for claim in stated(text, Relation.HELD_ON)] == [day]


def test_a_date_without_a_year_among_dates_of_several_years_is_none() -> None:
    text = (
        "Asosiasi itu berdiri 25 Mei 2000 dan pindah 12 Juli 2019. Forum Kota Sungai digelar di Kota Batu, 14 Agustus."
    )
    assert stated(text, Relation.HELD_ON) == []


def test_an_impossible_date_is_kept_as_written_for_the_gate() -> None:
    [claim] = stated("Forum Kota Sungai digelar di Kota Batu, 31 Februari 2025.", Relation.HELD_ON)
    assert claim["date"].value == "2025-02-31"


def test_a_quotation_and_its_speaker_by_pronoun() -> None:
    text = "Bupati Sleman Harda Kirana hadir. “Kota tumbuh dari sungai yang bersih,” ujarnya."
    [claim] = stated(text, Relation.SAYS)
    assert name(claim, "person") == "Harda Kirana"
    assert words(claim, "text", text) == "Kota tumbuh dari sungai yang bersih" == name(claim, "text")


def test_a_quotation_that_goes_on_counts_once() -> None:
    text = "“Status itu bukan piala yang dipajang,” kata Galih Prasetyo. “Ada laporan yang harus disetor setiap tahun.”"
    assert len(stated(text, Relation.SAYS)) == 1


def test_money_with_purpose_and_year() -> None:
    [claim] = stated("Pemerintah menyiapkan Rp 12,5 miliar untuk pembersihan sungai hingga 2027.", Relation.FUNDING)
    assert claim["amount"].value == Decimal(12_500_000_000)
    assert claim["currency"].value == "IDR"
    assert name(claim, "purpose") == "pembersihan sungai"
    assert claim["until"].value == 2027


def test_a_short_name_inside_a_long_one() -> None:
    text = "Acara disiapkan Dinas Komunikasi dan Informatika (Diskominfo) Kota Batu sejak lama."
    [claim] = stated(text, Relation.ALIAS)
    assert name(claim, "name") == "Dinas Komunikasi dan Informatika Kota Batu"
    assert words(claim, "alias", text) == "Diskominfo"


def test_a_headline_states_nothing() -> None:
    text = "Bupati Sleman Harda Kirana Buka Forum Kota Sungai\n\nForum itu berlangsung kemarin di aula."
    assert stated(text, Relation.HOLDS_POST) == []


def test_kinds_of_what_is_not_in_the_reference_data() -> None:
    text = "Jaringan Kota Bambu Nusantara (JKBN) beranggotakan Kota Medan dan Kabupaten Sleman."
    network = stated(text, Relation.MEMBER_OF)[0]["network"].value
    assert isinstance(network, Entity)
    assert (network.kind, network.known) == (Kind.NETWORK, False)


# ---------------------------------------------------------------------------------------------------------- properties

PIECES = st.sampled_from(
    [
        *("Kota Makassar", "Wali Kota", "Dr. Ratna Kusuma, M.Si.", "(ASCN)", "“Kami siap bekerja,”", "ujar", "anggota"),
        *("Rp 12,5 miliar", "10/11/2025", "Senin (10/11/2025)", "ke-7", "Forum Kota", "Kementerian Dalam Negeri", "di"),
        *(",", ".", "\n", "dan", "dipimpin oleh", "delegasi Indonesia", "”", '"', "(", ")", ";", ":", "1.", "yakni"),
        *("İstanbul", "e\u0301", "\u200b", "diselenggarakan", "hingga 2040", "31 Februari 2025"),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_any_text_gives_claims_whose_words_stand_in_it(text: str) -> None:
    result = extract(Article(text))
    for claim in result.claims:
        for _, argument in claim.arguments:
            if argument.evidence is not None:
                assert argument.evidence.end <= len(text)
        assert claim.trigger.end <= len(text)
        assert claim.subject.evidence is not None
        assert claim.object.evidence is not None
    assert extract(Article(text)).claims == result.claims


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    extract(Article(text))
