"""Two names, two persons: what fits, what tells enough, what keeps apart; and the labelled pairs."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.link import people, person_names, persons
from kg.link.outcome import LINKED_FROM, Decision
from kg.link.people import Person, judge, position
from kg.link.person_blocks import by_parts, kept, looked_for, meeting
from kg.link.persons import are_surely_two, compare
from name_pairs import pairs

PRECISION, RECALL = 0.97, 0.95  # floors on the held-back half


@pytest.mark.parametrize("half", ["tune", "held-back"])
def test_the_labelled_pairs_are_told_apart(half: str) -> None:
    found = [(pair, judge(pair.a, pair.b).decision) for pair in pairs(half)]
    merged = [pair for pair, decision in found if decision is Decision.LINKED]
    right = [pair for pair in merged if pair.same == "yes"]
    assert len(right) >= PRECISION * len(merged)
    assert len(right) >= RECALL * sum(pair.same == "yes" for pair, _ in found)


def test_there_are_enough_pairs_and_each_stands_once() -> None:
    every = [*pairs("tune"), *pairs("held-back")]
    assert len(every) >= 500
    assert len({(pair.a, pair.b) for pair in every}) == len(every)
    assert not {(pair.a, pair.b) for pair in pairs("tune")} & {(pair.b, pair.a) for pair in pairs("held-back")}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Prof. Dr. H. Moh. Syafi'i, S.H., M.Si.", "muhammad syafii"),
        ("SIHOTANG, Darwin", "darwin sihotang"),
        ("I Gst. Ngr. Putra", "i gusti ngurah putra"),
        ("IGN Putra", "i gusti ngurah putra"),
        ("Abdurrahman Wolio", "abdul rahman wolio"),
        ("Laode Barlian", "la ode barlian"),
        ("Fatimah binti Kadir", "fatimah kadir"),
        ('Zaini "Jay" Djafar', "zaini djafar"),
        ("Safarizal ZM", "safarizal z m"),
        ("Dr.", "dr"),
    ],
)
def test_parts_of_a_name(name: str, parts: str) -> None:
    assert " ".join(part.text for part in person_names.parse(name).parts) == parts


def test_why_two_names_fit_is_said() -> None:
    found = compare("R. Soetrisno Hadiwibawa", "Sutrisno H.")
    assert "'soetrisno' and 'sutrisno' are spellings of one name" in found.reasons
    assert "'h' may stand for 'hadiwibawa'" in found.reasons
    assert compare("I Made Sudarma", "Ni Made Sudarma").reasons == ("one is a man's name, the other a woman's",)


def test_a_title_in_one_name_may_be_a_given_name_in_another() -> None:
    regent = frozenset({position("bupati", "government/33.24")})
    for other in ("Gatot Wibisana", "Gatot Dwi Wibisana"):
        assert judge(Person("Agung Wibisana", regent), Person(other, regent)).apart


def test_a_common_name_is_not_enough_but_with_the_same_post_it_is() -> None:
    mayor = position("wali-kota", "government/33.71", "Wali Kota Magelang")
    doctor = position("kepala-dinas", "government/15.71", "Kesehatan")
    budi = Person("Budi Santoso")
    assert judge(budi, budi).decision is Decision.JUDGE
    here, there = (Person("Budi Santoso", frozenset({post}), frozenset({8096})) for post in (mayor, doctor))
    assert judge(here, here).decision is Decision.LINKED
    assert judge(here, there).apart
    years_later = Person("Budi Santoso", frozenset({doctor}), frozenset({8120}))
    assert not judge(here, years_later).apart
    assert judge(here, years_later).decision is Decision.JUDGE


def test_acting_and_former_posts_keep_nobody_apart() -> None:
    sekda = Person("Eko Prasetyo", frozenset({position("sekretaris-daerah", "government/33.16")}), frozenset({8096}))
    acting = position("bupati", "government/33.16", acting=True)
    former = position("bupati", "government/33.16", held=False)
    for post in (acting, former):
        assert judge(sekda, Person("Eko Prasetyo", frozenset({post}), frozenset({8096}))).decision is Decision.LINKED


NAMES = st.sampled_from([person.name for pair in pairs("tune") for person in (pair.a, pair.b)])


@given(NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_two_does_not_matter(a: str, b: str) -> None:
    assert compare(a, b) == compare(b, a)
    assert 0 <= compare(a, b).score <= 1


PARTS = st.sampled_from(sorted({part.text for pair in pairs("tune") for part in person_names.parse(pair.a.name).parts}))
MADE = st.lists(PARTS | st.sampled_from(["B.", "Moh.", "R."]), min_size=1, max_size=4).map(" ".join)


@given(NAMES | MADE, NAMES | MADE)
@settings(max_examples=600, deadline=None)
def test_what_is_surely_two_is_a_conflict(a: str, b: str) -> None:
    if are_surely_two(a, b):
        assert compare(a, b).conflict
    assert not are_surely_two(a, a)


@given(NAMES | MADE, NAMES | MADE)
@settings(max_examples=1500, deadline=None)
def test_two_names_that_share_a_rare_part_meet_unless_they_are_two(a: str, b: str) -> None:
    one, other = by_parts(a), by_parts(b)
    if any(" + " not in block for block in one.keys() & other.keys()) and not compare(a, b).conflict:
        assert set(kept(one)) & set(looked_for(other)), (one, other)
        assert set(kept(other)) & set(looked_for(one))


@given(NAMES | MADE, NAMES | MADE)
@settings(max_examples=200, deadline=None)
def test_who_meets_is_the_same_in_an_index_as_in_a_whole_block(a: str, b: str) -> None:
    one, other = by_parts(a), by_parts(b)
    met = any(list(meeting([("a", one[block]), ("b", other[block])])) for block in one.keys() & other.keys())
    assert met == bool(set(kept(one)) & set(looked_for(other)))


def test_common_names_do_not_meet_by_their_parts() -> None:
    assert not by_parts("Budi Santoso")


def test_most_names_that_share_one_part_do_not_meet() -> None:
    parts = [part for pair in pairs("tune") for part in person_names.parse(pair.a.name).parts]
    given = {part.text for part in parts if len(part.text) > 3 and person_names.how_common(part.text) != "frequent"}
    blocks = {name: by_parts(f"{name} Hadiwibawa") for name in given - set(person_names.lore().optional)}
    keys = {key for each in blocks.values() for key in each}
    met = {pair for key in keys for pair in meeting((name, each[key]) for name, each in blocks.items() if key in each)}
    assert len(met) < 0.02 * len(blocks) * (len(blocks) - 1) / 2


def test_most_pairs_of_two_names_are_surely_two() -> None:
    names = sorted({pair.a.name for pair in pairs("tune")})[:60]
    others = [(a, b) for a in names for b in names if a < b and compare(a, b).conflict]
    assert sum(are_surely_two(a, b) for a, b in others) > 0.8 * len(others)


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_anything_can_be_compared(a: str, b: str) -> None:
    found = compare(a, b)
    assert found == compare(b, a)
    assert found.reasons


@given(NAMES)
@settings(max_examples=100, deadline=None)
def test_a_name_agrees_with_itself_and_with_its_capitals(name: str) -> None:
    assert compare(name, name).agreement == 1
    assert not compare(name, name.lower()).conflict or compare(name, name.lower()).score < LINKED_FROM


def test_examples() -> None:
    for module in (people, person_names, persons):
        assert doctest.testmod(module).failed == 0
