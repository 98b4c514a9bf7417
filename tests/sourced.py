"""Articles of some sentences, and what reading a source gives; used by the tests of sources."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kg.article import Unread, read_sources
from kg.model import Article

DAY = dt.date(2025, 10, 14)
ONE = """
KENDARI - Wali Kota Kendari, Hj. Waode Nurhasanah, membuka Rapat Koordinasi Kota Pesisir di Hotel Teluk Biru, \
Kota Kendari, Selasa (14/10/2025).
“Laut tidak mengenal batas wilayah, jadi datanya pun tidak boleh berhenti di pagar kantor,” ujar Waode.
""".strip()
TWO = """
Kementerian Kelautan dan Perikanan (KKP) menyiapkan hibah Rp 3,2 miliar untuk stasiun pemantau di Kendari dan \
Baubau hingga 2027.
Delapan kota pesisir sepakat untuk berbagi data pasang surut setiap pekan bagi para nelayan.
""".strip()
DUTCH = """
De burgemeester van de stad heeft gisteren met de minister gesproken over het water in de haven. Volgens hem is \
het niet genoeg om de dijken te verhogen, want de stad zakt ook nog en er is meer geld nodig voor het onderhoud.
""".strip()


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def found(source: str, **options: object) -> list[Article | Unread]:
    items = list(read_sources([source], **options))  # type: ignore[arg-type]
    assert all("\n" not in str(item.error) for item in items if isinstance(item, Unread))
    return items


def texts(items: list[Article | Unread]) -> list[str]:
    return [item.text if isinstance(item, Article) else str(item.error) for item in items]


def the_article(items: list[Article | Unread]) -> Article:
    (item,) = items
    assert isinstance(item, Article), item
    return item


def the_line(items: list[Article | Unread]) -> str:
    (item,) = items
    assert isinstance(item, Unread), item
    return str(item.error)
