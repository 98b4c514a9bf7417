"""How kinds and relations look. The colours keep a contrast of at least 4.5 to 1 wherever they carry text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.draw.scene import Form


@dataclass(frozen=True, slots=True)
class Look:
    """The things of one column: their name in two languages, their kinds, their outline and colours."""

    names: tuple[str, str]
    kinds: tuple[str, ...]
    form: Form
    fill: str
    stroke: str
    ink: str = "#1a202c"
    width: float = 176.0
    size: float = 13.0


LOOKS: Final = (
    Look(("Lembaga", "Bodies"), ("Ministry", "Unit", "Body", "Post", "Thing"), Form.BOX, "#f1ecfa", "#6b46c1"),
    Look(("Pejabat", "Officials"), ("Official",), Form.PILL, "#e6f0fa", "#2b6cb0"),
    Look(
        ("Pertemuan", "Meetings"),
        ("Meeting", "MeetingSeries"),
        Form.OCTAGON,
        "#b4441a",
        "#7f2f10",
        "#ffffff",
        190.0,
        14.5,
    ),
    Look(("Jejaring", "Networks"), ("Network",), Form.HEXAGON, "#1b6b5a", "#0f4a3d", "#ffffff", 190.0, 14.5),
    Look(
        ("Kota, kabupaten, tempat", "Cities, regencies, venues"),
        ("City", "Regency", "District", "Place", "Venue"),
        *(Form.ROUND, "#fdf4d9", "#b7791f"),
    ),
    Look(
        ("Provinsi dan negara", "Provinces and countries"),
        ("Province", "Prefecture", "Country"),
        Form.ROUND,
        "#eef1f5",
        "#4a5568",
    ),
    Look(
        ("Kesepakatan, penghargaan, program", "Agreements, awards, programmes"),
        ("Agreement", "Award", "Programme"),
        *(Form.ROUND, "#fbe9f1", "#97266d"),
    ),
    Look(("Berita", "News"), ("NewsArticle", "Outlet"), Form.BOX, "#ffffff", "#718096"),
)

RELATIONS: Final = {
    "holds-post": "#2b6cb0",
    "represents": "#1f7a94",
    "leads-delegation": "#b83280",
    "sends-delegation": "#97266d",
    "attends": "#b4441a",
    "organises": "#742a2a",
    "held-in": "#7b5e2a",
    "edition-of": "#4a5568",
    "member-of": "#1b6b5a",
    "unit-of": "#6b46c1",
    "located-in": "#5f6b7a",
    "appointed-by": "#2c5282",
    "replaces": "#4a5568",
    "party-to": "#97266d",
    "awarded": "#975a16",
    "gives-award": "#744210",
    "network-role": "#0f4a3d",
    "founded-in": "#7b5e2a",
    "runs": "#702459",
    "says": "#5f6b7a",
    "published": "#5f6b7a",
}
OTHER: Final = "#5f6b7a"  # a relation that has no colour yet
HEAVY: Final = frozenset({"leads-delegation", "organises", "member-of", "holds-post"})
DASHES: Final = {"projected": (6.0, 5.0), "former": (1.0, 4.5)}
"""A status that isn't here, the current one above all, is a solid line."""

STRINGS: Final = {
    "id": {
        "counts": "{things} benda, {links} hubungan, dari {articles} artikel",
        "part": "Ditampilkan {shown} dari {things} benda: yang terdekat dengan {centre}",
        "edition": "edisi ke-{number}",
        "solid": "berlaku sekarang",
        "sources": "Sumber: {names}",
        "more": "dan {number} artikel lain",
        "empty": "Tidak ada hubungan untuk digambar",
    },
    "en": {
        "counts": "{things} things, {links} links, from {articles} articles",
        "part": "Showing {shown} of {things} things: those nearest to {centre}",
        "edition": "edition {number}",
        "solid": "current",
        "sources": "Sources: {names}",
        "more": "and {number} more articles",
        "empty": "There are no links to draw",
    },
}
