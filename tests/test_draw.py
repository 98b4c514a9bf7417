"""Pictures: nothing overlaps, all can be read, large graphs are cut with a word about it, always the same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

import synthetic
from kg import draw, traverse, view
from kg import vocabulary as v
from kg.draw import layout, png, text
from kg.draw.compose import compose
from kg.draw.part import MOST, part_of
from kg.draw.scene import Curve, Point, Scene, Shape
from kg.draw.style import LOOKS, RELATIONS, STRINGS
from kg.errors import KgError
from kg.traverse import Graph

TESTS = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"


def sample() -> Graph:
    """The fixture as things and relations."""
    store = Store()
    store.load(path=TESTS / "data" / "sample.trig", format=RdfFormat.TRIG, base_iri=v.DEFAULT_BASE)
    return traverse.project(view.of(store))


def small() -> Graph:
    """About 15 things."""
    return traverse.project(view.of(synthetic.small()))


def middling() -> Graph:
    """About 40 things."""
    return traverse.project(view.of(synthetic.middling()))


def large() -> Graph:
    """More than 120 things."""
    return traverse.project(view.of(synthetic.large()))


GRAPHS = pytest.mark.parametrize("make", [sample, small, middling, large])


def scene_of(graph: Graph, focus: str | None = None, lang: str = "id") -> Scene:
    """The picture before it is written."""
    return compose(graph, part_of(graph, focus), title="Judul", lang=lang)


# ---- where things stand


@GRAPHS
def test_cards_neither_overlap_nor_leave_the_page(make: Callable[[], Graph]) -> None:
    scene = scene_of(make())
    shapes = [card.shape for card in scene.cards]
    assert [(a, b) for a, b in combinations(shapes, 2) if _overlap(a, b)] == []
    assert [
        s
        for s in shapes
        if s.left < 0 or s.top < 0 or s.left + s.width > scene.width or s.top + s.height > scene.height
    ] == []


def _overlap(a: Shape, b: Shape) -> bool:
    return (
        a.left < b.left + b.width
        and b.left < a.left + a.width
        and a.top < b.top + b.height
        and b.top < a.top + a.height
    )


@GRAPHS
def test_text_fits_into_its_card_and_the_page(make: Callable[[], Graph]) -> None:
    scene = scene_of(make())
    for card in scene.cards:
        for line in card.texts:
            assert text.width(line.text, line.size, bold=line.bold) <= card.shape.width - 12
            assert card.shape.top < line.y - line.size * 0.7
            assert line.y < card.shape.top + card.shape.height
    for line in scene.texts:
        wide = text.width(line.text, line.size, bold=line.bold)
        left = line.x - {"start": 0.0, "middle": wide / 2, "end": wide}[line.anchor]
        assert left >= 0
        assert left + wide <= scene.width


@GRAPHS
def test_lines_run_around_the_cards(make: Callable[[], Graph]) -> None:
    scene = scene_of(make())
    shapes = [card.shape for card in scene.cards]
    inside = [
        (curve, shape)
        for curve in scene.curves
        for point in _points(curve)
        for shape in shapes
        if shape.left + 2 < point[0] < shape.left + shape.width - 2
        and shape.top + 2 < point[1] < shape.top + shape.height - 2
    ]
    assert inside == []


def _points(curve: Curve) -> list[Point]:
    points = [curve.start]
    for one, two, end in curve.parts:
        start = points[-1]
        points += [png._on(start, one, two, end, n / 12) for n in range(1, 13)]
    return points


@GRAPHS
def test_labels_of_lines_do_not_lie_on_each_other(make: Callable[[], Graph]) -> None:
    boxes = []
    for line in scene_of(make()).texts:
        wide = text.width(line.text, line.size, bold=line.bold)
        left = line.x - {"start": 0.0, "middle": wide / 2, "end": wide}[line.anchor]
        boxes.append(Shape(LOOKS[0].form, left, line.y - line.size * 0.75, wide, line.size * 0.9, "", ""))
    overlaps = [(a, b) for a, b in combinations(boxes, 2) if _overlap(a, b)]
    assert len(overlaps) <= len(boxes) // 12


def test_the_order_has_as_few_crossings_as_there_can_be() -> None:
    items = [layout.Item(key, column, 10, ()) for key, column in (("a", 0), ("b", 0), ("x", 1), ("y", 1), ("z", 1))]
    segments = [("a", "z"), ("b", "x"), ("b", "y")]
    middle = layout.columns_of(items, segments, 5)
    columns = [sorted(keys, key=lambda key: middle[key]) for keys in (["a", "b"], ["x", "y", "z"])]
    assert layout.crossings([["a", "b"], ["x", "y", "z"]], segments) == 2
    assert layout.crossings(columns, segments) == 0


# ---- what is said


@GRAPHS
def test_every_thing_that_is_drawn_has_a_card_with_its_name(make: Callable[[], Graph]) -> None:
    graph = make()
    part = part_of(graph)
    root = ET.fromstring(draw.draw_svg(graph, title="Judul"))
    titles = {title.text or "" for title in root.iterfind(f".//{SVG}g/{SVG}title")}
    assert [n for n in part.nodes if not any(t.startswith(f"{graph.nodes[n]['label']} (") for t in titles)] == []


def test_people_without_sight_hear_every_link() -> None:
    root = ET.fromstring(draw.draw_svg(sample(), title="Siapa & siapa"))
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Siapa & siapa"
    assert "21 benda, 29 hubungan, dari 1 artikel" in (desc.text or "")
    assert "Kota Surabaya anggota (direncanakan) Jaringan Kota Sungai Asia" in (desc.text or "")


def test_projected_is_dashed_and_current_is_solid() -> None:
    scene = scene_of(sample())
    dashed = {card.about.partition(" (")[0] for card in scene.cards if card.shape.dash}
    assert dashed == {"Kota Surabaya"}
    green = {curve.dash for curve in scene.curves if curve.colour == RELATIONS["member-of"]}
    assert green == {(), (6.0, 5.0)}


def test_cards_say_posts_dates_and_themes() -> None:
    lines = {card.about.partition(" (")[0]: [line.text for line in card.texts] for card in scene_of(sample()).cards}
    assert lines["Budi Santoso"] == ["Budi Santoso", "Direktur Jenderal Tata Kota", "Wakil Nasional"]
    assert lines["Kota Surabaya"] == ["Kota Surabaya", "smart river city"]
    assert lines["Kementerian Kota"] == ["Kementerian Kota", "Kemenkot"]
    assert lines["Forum Kota Sungai"][0] == "Forum Kota Sungai"
    assert re.fullmatch(r"10.12 Nov 2025", lines["Forum Kota Sungai"][1])


def test_a_large_graph_is_cut_and_the_picture_says_so() -> None:
    graph = large()
    part = part_of(graph)
    assert len(part.nodes) == MOST < part.whole
    said = [line.text for line in scene_of(graph).texts]
    assert f"Ditampilkan {MOST} dari {part.whole} benda: yang terdekat dengan Jaringan Kota Nusantara 0" in said
    english = [line.text for line in scene_of(graph, lang="en").texts]
    assert f"Showing {MOST} of {part.whole} things: those nearest to Jaringan Kota Nusantara 0" in english


def test_a_focus_shows_its_neighbourhood() -> None:
    graph = sample()
    focus = traverse.find(graph, "Wirya Salim")
    labels = {graph.nodes[node]["label"] for node in part_of(graph, focus).nodes}
    assert labels == {"Wirya Salim", "Kota Palembang", "Jaringan Kota Sungai Asia", "nota kesepahaman"}
    article = traverse.find(graph, "article/39cd01db7725eb93")
    assert "KabarSungai.id" in {graph.nodes[node]["label"] for node in part_of(graph, article).nodes}


def test_an_empty_graph_gives_a_picture_that_says_so() -> None:
    graph = traverse.project(view.of(Store()))
    assert "Tidak ada hubungan" in draw.draw_svg(graph, title="Kosong").decode()
    assert draw.draw_png(graph, title="Kosong").startswith(b"\x89PNG")


def test_unknown_languages_and_nodes_are_refused() -> None:
    with pytest.raises(KgError, match="id, en"):
        draw.draw_svg(sample(), title="x", lang="fr")
    with pytest.raises(KgError, match='no node "Budi"'):
        draw.draw_svg(sample(), title="x", focus="Budi")


# ---- the files


@GRAPHS
def test_the_svg_needs_nothing_from_elsewhere(make: Callable[[], Graph]) -> None:
    data = draw.draw_svg(make(), title="Judul").decode()
    addresses = set(re.findall(r"https?://[^\"'<> ]+", data))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert re.findall(r"@import|@font-face|url\(|<image|<script|href=", data) == []


def test_the_png_is_a_picture_of_the_size_of_the_svg_twice() -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is missing: it is in the extra draw")
    graph = sample()
    picture = image.open(io.BytesIO(draw.draw_png(graph, title="Judul")))
    root = ET.fromstring(draw.draw_svg(graph, title="Judul"))
    size = tuple(round(float(root.get(side, "0")) * 2) for side in ("width", "height"))
    assert max(abs(a - b) for a, b in zip(picture.size, size, strict=True)) <= 1
    assert picture.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    title = picture.convert("L").crop((72, 50, 180, 100))
    assert title.getextrema()[0] < 80, "there are no dark letters where the title is"


def test_the_font_is_in_the_wheel_and_fits_the_widths() -> None:
    pytest.importorskip("PIL", reason="Pillow is missing: it is in the extra draw")
    font = png._font(40.0)
    assert not isinstance(getattr(font, "path", None), str), "a font of this machine was taken"
    words = "Direktur Jenderal Bina Administrasi Kewilayahan"
    assert font.getlength(words) <= text.width(words, 40) * 1.06


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Đà Nẵng", "Da Nang"),
        ("Kōchi – Ōsaka", "Kochi - Osaka"),
        ("São Tomé", "Sao Tome"),
        ("“a”…", "“a”…"),
        ("高松", "??"),
    ],
)
def test_letters_that_the_font_lacks_lose_their_marks(name: str, letters: str) -> None:
    assert png.letters(name) == letters


def test_without_pillow_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(KgError, match=r"jejaring\[draw\].*SVG"):
        draw.draw_png(sample(), title="x")


def test_colours_of_texts_can_be_read() -> None:
    pairs = [(look.ink, look.fill) for look in LOOKS] + [(colour, "#ffffff") for colour in RELATIONS.values()]
    assert [pair for pair in pairs if _contrast(*pair) < 4.5] == []


def _contrast(one: str, two: str) -> float:
    """The contrast of two colours by WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(two)))
    return (bright + 0.05) / (dark + 0.05)


def test_both_languages_say_everything() -> None:
    assert STRINGS["id"].keys() == STRINGS["en"].keys()


@pytest.mark.parametrize(
    ("words", "lines", "wrapped"),
    [
        ("Kota Surabaya", 2, ["Kota Surabaya"]),
        ("Direktur Jenderal Bina Kota", 2, ["Direktur Jenderal", "Bina Kota"]),
        ("satu dua tiga empat lima enam tujuh delapan", 1, ["satu dua tiga …"]),
        ("Kementeriankoordinatorbidangpangan", 3, ["Kementeriankoor…"]),
        ("", 3, []),
    ],
)
def test_lines_break_at_words(words: str, lines: int, wrapped: list[str]) -> None:
    assert text.wrap(words, 10, 88, lines=lines) == wrapped


SCRIPT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import synthetic
from kg import draw, traverse, view
for store in (synthetic.middling(), synthetic.large()):
    data = draw.draw_svg(traverse.project(view.of(store)), title="Judul")
    print(hashlib.sha256(data).hexdigest())
print(hashlib.sha256(draw.draw_png(traverse.project(view.of(synthetic.small())), title="Judul")).hexdigest())
"""


def test_the_same_bytes_in_every_process_and_hash_seed() -> None:
    pytest.importorskip("PIL", reason="Pillow is missing: it is in the extra draw")

    def run(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(TESTS.parent / "src")}
        command = [sys.executable, "-c", SCRIPT, str(TESTS)]
        return subprocess.run(command, capture_output=True, check=True, env=environment).stdout

    assert len({run(seed) for seed in ("0", "1", "77")}) == 1
    assert hashlib.sha256(draw.draw_svg(middling(), title="Judul")).hexdigest() == run("5").split()[0].decode()
