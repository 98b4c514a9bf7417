"""Memberships that a sentence tells without naming the network: which one is meant, and when none is."""

from __future__ import annotations

import pytest

from kg.extract import extract
from kg.model import Article, Entity, Label, Relation, Status


def memberships(text: str) -> set[tuple[str, str, str]]:
    found = set()
    for claim in extract(Article(text)).claims:
        if claim.relation is Relation.MEMBER_OF:
            member, network, status = (claim[role].value for role in ("member", "network", "status"))
            assert isinstance(member, Entity)
            assert isinstance(network, Entity)
            assert isinstance(status, Status)
            found.add((member.label.text, network.label.text, status.value))
    return found


CITIES = "Jaringan Kota Pusaka Indonesia"


@pytest.mark.parametrize(
    "text",
    [
        f"{CITIES} beranggotakan sembilan kota. Kota Medan termasuk di dalamnya.",
        f"{CITIES} menghimpun banyak kota. Iurannya kecil. Anggotanya tersebar.\n\nKota Medan termasuk di dalamnya.",
    ],
)
def test_a_sentence_that_follows_up_a_network_tells_a_membership(text: str) -> None:
    assert memberships(text) == {("Pemerintah Kota Medan", CITIES, "current")}


@pytest.mark.parametrize(
    "text",
    [
        f"{CITIES} bertemu.\n\nSembilan kota kebanjiran. Kota Medan termasuk di dalamnya.",
        f"{CITIES} dibentuk pada 2008.\n\nLiga itu diikuti delapan tim. Kota Medan keluar pada 2022.",
        f"{CITIES} dibentuk pada 2008.\n\nKota Medan kekurangan guru. Kota Medan akan diterima tahun depan.",
        f"{CITIES} beranggotakan 57 kota. Dana disalurkan ke banyak tempat. Kota Medan termasuk di dalamnya.",
        "Kota Medan siap bergabung tahun depan.",
    ],
)
def test_a_sentence_of_other_matters_tells_none(text: str) -> None:
    assert memberships(text) == set()


def test_each_member_has_its_own_theme() -> None:
    text = (
        f"{CITIES} bertemu. Kota Medan serta Kota Batu dicalonkan untuk bergabung tahun depan, "
        "masing-masing dengan tema kota sungai dan kota apel."
    )
    themes = {}
    for claim in extract(Article(text)).claims:
        if claim.relation is Relation.MEMBER_OF:
            member, focus = claim["member"].value, claim["focus"].value
            assert isinstance(member, Entity)
            assert isinstance(focus, Label)
            themes[member.label.text] = focus.text
    assert themes == {"Pemerintah Kota Medan": "kota sungai", "Pemerintah Kota Batu": "kota apel"}
