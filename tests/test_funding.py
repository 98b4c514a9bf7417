"""What money is for where another sentence tells it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.extract import extract
from kg.model import Article, Label, Relation


def purposes(text: str) -> dict[Decimal, str | None]:
    found: dict[Decimal, str | None] = {}
    for claim in extract(Article(text)).claims:
        if claim.relation is Relation.FUNDING:
            amount, purpose = claim["amount"].value, claim.get("purpose")
            assert isinstance(amount, Decimal)
            assert purpose is None or isinstance(purpose.value, Label)
            found[amount] = purpose.value.text if purpose is not None and isinstance(purpose.value, Label) else None
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kota Batu memperoleh hibah 320.000 euro. Uang itu dipakai untuk trotoar ramah difabel.",
            {Decimal(320_000): "trotoar ramah difabel"},
        ),
        (
            "Pembersihan sungai menelan biaya Rp 90 miliar. Dari jumlah tersebut, Rp 30 miliar berasal dari APBN.",
            {Decimal(90_000_000_000): "Pembersihan sungai", Decimal(30_000_000_000): "Pembersihan sungai"},
        ),
        (
            "Pemerintah membangun jembatan gantung di Kota Batu. Biayanya mencapai Rp 8 miliar.",
            {Decimal(8_000_000_000): "jembatan gantung"},
        ),
        ("Kota Batu, tutur dia, memperoleh hibah Rp 8 miliar.", {Decimal(8_000_000_000): None}),
        ("Bank Dunia menyetujui hibah Rp 8 miliar untuk keperluan tersebut.", {Decimal(8_000_000_000): None}),
    ],
)
def test_purpose(text: str, expected: dict[Decimal, str | None]) -> None:
    assert purposes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Perusahaan itu merugi Rp 90 miliar. Dari jumlah tersebut, Rp 30 miliar berasal dari anak usahanya.",
        "Bank Dunia mengkaji pinjaman Rp 15 miliar untuk gudang ikan.",
        "Kami menerima perusahaan dengan piutang Rp 214 miliar.",
    ],
)
def test_no_funding(text: str) -> None:
    assert purposes(text) == {}
