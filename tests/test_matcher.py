"""Names to things of the reference data: normalised openly, blocked by kind and place, decided by two thresholds."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import reference
from kg.link.matcher import Matcher, entries, regions
from kg.link.normal import readings
from kg.link.outcome import Decision

REFERENCE = reference.load()
REGIONS = Matcher(entries(REFERENCE, regions(REFERENCE)))
EVERYTHING = Matcher(entries(REFERENCE))
PROVINCES = ("Province",)
BELOW = ("Regency", "City")


def test_the_regions_are_those_of_the_decree() -> None:
    assert len(regions(REFERENCE)) == 552


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Kab. Semarang", "place/33.22"),
        ("KOTA SEMARANG", "place/33.74"),
        ("Semarang, Kota", "place/33.74"),
        ("Bogor (Kab.)", "place/32.01"),
        ("Kotamadya  Surabaya", "place/35.78"),
        ("Kota Adm. Jakarta Pusat", "place/31.71"),
        ("Kab Adm. Kep. Seribu", "place/31.01"),
        ("Prov. DKI Jakarta", "place/31"),
        ("Daerah Khusus Ibu Kota Jakarta", "place/31"),
        ("D.I. Yogyakarta", "place/34"),
        ("KABUPATEN S I A K", "place/14.08"),
        ("KABUPATEN LABUHAN BATU", "place/12.10"),
        ("Kab. Kota Baru", "place/63.02"),
        ("Kota Baru", "place/63.02"),
        ("Kab. Lima Puluh Kota", "place/13.07"),
        ("Fak-Fak", "place/92.03"),
        ("Kabupaten Mamuju Utara", "place/76.01"),
        ("North Sumatra", "place/12"),
        ("Papua Barat Oaya", "place/96"),
    ],
)
def test_a_spelling_is_linked(name: str, key: str) -> None:
    outcome = REGIONS.match(name)
    assert outcome.linked is not None, outcome.why
    assert outcome.linked.id == key


@pytest.mark.parametrize("name", ["Semarang", "Bandung", "Gorontalo", "Jambi", "Sorong"])
def test_a_name_of_several_stays_open(name: str) -> None:
    outcome = REGIONS.match(name)
    assert outcome.decision is Decision.JUDGE
    assert outcome.why.startswith("may mean ")


def test_kind_and_province_decide() -> None:
    assert REGIONS.match("Semarang", "City").candidates[0].id == "place/33.74"
    assert REGIONS.match("Jambi", PROVINCES).candidates[0].id == "place/15"
    banjar = REGIONS.match("Banjar", BELOW, "place/63")
    assert banjar.linked is not None
    assert banjar.linked.id == "place/63.03"
    assert "Kalimantan Selatan equal" in banjar.why


def test_another_type_or_province_is_never_linked_by_itself() -> None:
    other_type = REGIONS.match("Kota Banyuwangi")
    assert other_type.decision is Decision.JUDGE
    assert "type differs: Regency" in other_type.candidates[0].reasons
    elsewhere = REGIONS.match("Kabupaten Banyuwangi", BELOW, "place/33")
    assert elsewhere.decision is Decision.JUDGE
    assert "lies in Jawa Timur, not in Jawa Tengah" in elsewhere.why


def test_a_region_may_stand_in_the_province_that_it_was_in() -> None:
    outcome = REGIONS.match("Kab. Merauke", BELOW, "place/91")
    assert outcome.linked is not None
    assert "in Papua until 2022" in outcome.why


def test_type_words_make_no_names_alike() -> None:
    """ "kabupaten" is nine letters in common: a slip in a short name is judged, not linked."""
    assert REGIONS.match("Kab. Bimo").decision is Decision.JUDGE
    assert REGIONS.match("Kabupaten Xyzzy").decision is Decision.NONE


def test_a_slip_is_linked_where_type_and_province_agree() -> None:
    assert REGIONS.match("Kab. Bekaasi").decision is Decision.JUDGE
    outcome = REGIONS.match("Kab. Bekaasi", BELOW, "place/32")
    assert outcome.linked is not None
    assert outcome.linked.id == "place/32.16"


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("Kementrian Keuangan R.I.", "Ministry", "body/kemenkeu"),
        ("Kemendagri", None, "body/kemendagri"),
        ("Kementerian Kesehatan (Kemenkes)", "Ministry", "body/kemenkes"),
        ("Badan Pusat Statistik (BPS)", "Body", "body/bps"),
        ("Pemkab. Banyuwangi", None, "government/35.10"),
        ("ASCN", "Network", "network/ascn"),
        ("Jepang", "Country", "place/JP"),
        ("Kota Kinabalu", "City", "place/geonames-1733432"),
    ],
)
def test_all_kinds_of_things_have_names(name: str, kind: str | None, key: str) -> None:
    outcome = EVERYTHING.match(name, kind)
    assert outcome.linked is not None, outcome.why
    assert outcome.linked.id == key


@pytest.mark.parametrize("name", ["", " ", "-", "..."])
def test_a_name_without_letters_is_no_match(name: str) -> None:
    outcome = REGIONS.match(name)
    assert outcome.decision is Decision.NONE
    assert outcome.candidates == ()


def test_every_region_is_found_by_its_own_names() -> None:
    """With its kind and province each name leads to its region, or is left open where two share it."""
    wrong = []
    for key in regions(REFERENCE):
        thing = REFERENCE.things[key]
        assert thing.kind is not None
        for label in thing.names:
            outcome = REGIONS.match(label.text, thing.kind, thing.link("within"))
            if outcome.linked is None or outcome.linked.id != key:
                wrong.append((key, label.text, outcome.why))
    assert wrong == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_an_outcome(text: str) -> None:
    outcome = REGIONS.match(text)
    scores = [candidate.score for candidate in outcome.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert outcome == REGIONS.match(text)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(regions(REFERENCE)), st.data())
def test_case_points_and_spaces_do_not_matter(key: str, data: st.DataObject) -> None:
    name = REFERENCE.things[key].label.text
    kind = REFERENCE.kinds[key]
    between = data.draw(st.sampled_from([" ", "  ", " . ", "_", " - "]))
    changed = between.join(data.draw(st.sampled_from([str.upper, str.lower, str.title]))(word) for word in name.split())
    outcome = REGIONS.match(changed, kind)
    assert outcome.linked is not None, (changed, outcome.why)
    assert outcome.linked.id == key


def test_steps_are_told_as_the_table_has_them() -> None:
    assert readings("Kab. Semarang")[1].steps == ("Kab. → kabupaten", "type: kabupaten")
    assert readings("Kab. Semarang")[1].text == "semarang"
    assert all(letter in string.ascii_lowercase for letter in readings("Kép. Seribu!")[0].text)
