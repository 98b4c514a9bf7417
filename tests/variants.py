"""Variants of the article that the project started from: its names, dates and amounts swapped for others.

The text stays in ../shared; here are only the swaps. The same swap is made in the text and in its facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
ARTICLE = SHARED / "article" / "smart-city-takamatsu.txt"
GOLD = SHARED / "eval" / "dev" / "smart-city-takamatsu.json"

Swaps = Mapping[str, str]

# Each variant swaps several things at once; keys are as printed in the article, longer keys are swapped first.
VARIANTS: Mapping[str, Swaps] = {
    "persons-and-ministry": {
        "Safrizal ZA": "Lestari Wibisono",
        "Safrizal": "Lestari",
        "Direktur Jenderal Bina Administrasi Kewilayahan": "Direktur Jenderal Informasi dan Komunikasi Publik",
        "Dirjen Bina Adwil": "Dirjen IKP",
        "Kementerian Dalam Negeri": "Kementerian Komunikasi dan Digital",
        "Kemendagri": "Kemkomdigi",
        "Headline.co.id": "Nusakini.com",
        "Headline": "Nusakini",
    },
    "cities": {
        "DKI Jakarta": "Kota Bandung",
        "Kota Makassar": "Kabupaten Malang",
        "Makassar": "Malang",
        "Kabupaten Banyuwangi": "Kota Yogyakarta",
        "Banyuwangi": "Yogyakarta",
        "Kabupaten Sumedang": "Kabupaten Kulon Progo",
        "Sumedang": "Kulon Progo",
        "Kota Surabaya": "Kota Sawahlunto",
        "Surabaya": "Sawahlunto",
        "Kota Semarang": "Kabupaten Wakatobi",
        "Semarang": "Wakatobi",
        "Kota Palembang": "Kota Tual",
        "Palembang": "Tual",
        "Kota Denpasar": "Kabupaten Belu",
        "Denpasar": "Belu",
        "Jakarta": "Bandung",
    },
    "place-and-date": {
        "Kota Takamatsu": "Kota Aizuwakamatsu",
        "Takamatsu": "Aizuwakamatsu",
        "Prefektur Kagawa": "Prefektur Fukushima",
        "Kagawa": "Fukushima",
        "Jepang": "Korea Selatan",
        "Senin (10/11/2025)": "Kamis (3/9/2026)",
        "2025-11-10": "2026-09-03",
        "ke-7": "ke-12",
        '"number": 7': '"number": 12',
        "USD 18,4 miliar": "Rp2,75 triliun",
        "18400000000": "2750000000000",
        '"USD"': '"IDR"',
        "2040": "2033",
    },
    "networks": {
        "ASEAN-Japan Smart Cities Network High Level Meeting": "Asia-Pacific River Towns Alliance Annual Summit",
        "High Level Meeting": "Annual Summit",
        "ASEAN Smart City Network": "ASEAN River Towns Alliance",
        "ASCN": "ARTA",
        "Perserikatan Bangsa-Bangsa": "Organisasi Kerja Sama Islam",
        "PBB": "OKI",
        "United Nations Centre for Regional Development": "Islamic Centre for Urban Development",
        "UNCRD": "ICUD",
        "smart industrial and sea port city": "clean harbour and fishing town",
        "smart resilience city": "green hill town",
        "smart river city": "safe river town",
        "smart cultural city": "living temple town",
        "National Representative": "National Coordinator",
        "shepherd": "co-chair",
    },
    "all-at-once": {
        "Safrizal ZA": "Tigor Siahaan",
        "Safrizal": "Tigor",
        "Direktur Jenderal Bina Administrasi Kewilayahan": "Direktur Jenderal Cipta Karya",
        "Dirjen Bina Adwil": "Dirjen Ciptakar",
        "Kementerian Dalam Negeri": "Kementerian Pekerjaan Umum",
        "Kemendagri": "KemenPU",
        "Headline.co.id": "Kabarpagi.id",
        "Headline": "Kabarpagi",
        "ASEAN-Japan Smart Cities Network High Level Meeting": "Mekong Heritage Cities Partnership Ministerial Meeting",
        "High Level Meeting": "Ministerial Meeting",
        "ASEAN Smart City Network": "Mekong Heritage Cities Partnership",
        "ASCN": "MHCP",
        "DKI Jakarta": "Kota Ternate",
        "Jakarta": "Ternate",
        "Kota Makassar": "Kota Pangkalpinang",
        "Makassar": "Pangkalpinang",
        "Kabupaten Banyuwangi": "Kabupaten Tana Toraja",
        "Banyuwangi": "Tana Toraja",
        "Kabupaten Sumedang": "Kabupaten Ngada",
        "Sumedang": "Ngada",
        "Kota Surabaya": "Kota Lhokseumawe",
        "Surabaya": "Lhokseumawe",
        "Kota Semarang": "Kota Bukittinggi",
        "Semarang": "Bukittinggi",
        "Kota Palembang": "Kota Singkawang",
        "Palembang": "Singkawang",
        "Kota Denpasar": "Kota Bitung",
        "Denpasar": "Bitung",
        "Kota Takamatsu": "Kota Odawara",
        "Takamatsu": "Odawara",
        "Prefektur Kagawa": "Prefektur Kanagawa",
        "Kagawa": "Kanagawa",
        "Senin (10/11/2025)": "Jumat (6/2/2026)",
        "2025-11-10": "2026-02-06",
        "ke-7": "ke-3",
        '"number": 7': '"number": 3',
        "USD 18,4 miliar": "1,5 juta euro",
        "18400000000": "1500000",
        '"USD"': '"EUR"',
        "2040": "2029",
        "smart industrial and sea port city": "spice route port",
        "smart resilience city": "volcano-ready city",
        "smart river city": "lantern city",
        "smart cultural city": "marine science city",
    },
}


def swap(text: str, swaps: Swaps) -> str:
    """The text with everything swapped at once, longer names first."""
    names = sorted(swaps, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names))).sub(lambda match: swaps[match.group()], text)


def variant(name: str) -> tuple[str, list[dict[str, object]]]:
    """The text and the facts of a variant."""
    swaps = VARIANTS[name]
    facts = json.loads(GOLD.read_text(encoding="utf-8"))["facts"]
    return swap(ARTICLE.read_text(encoding="utf-8"), swaps), json.loads(
        swap(json.dumps(facts, ensure_ascii=False), swaps)
    )
