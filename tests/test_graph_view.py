"""The graph view: what its interface answers, and the page in a real browser, by what a person does."""

from __future__ import annotations

import json
import re
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from browser import PHONE, barriers, browser, overflow, tab, waited
from kg.cli import cli
from loopback import served

ROOT = Path(__file__).resolve().parents[1]
BASE = "https://w3id.org/jejaring/"
Tab = Callable[..., Any]
__all__ = ["browser", "tab"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample articles, served."""
    folder = tmp_path_factory.mktemp("site")
    arguments = ["-q", "build", str(ROOT / "data" / "articles"), "--store", str(folder / "kg-store")]
    CliRunner().invoke(cli, arguments, catch_exceptions=False)
    with served(folder) as address:
        yield address


def asked(site: str, name: str, accept: str = "application/json", **given: object) -> bytes:
    query = urllib.parse.urlencode({key.replace("_", "-"): value for key, value in given.items()})
    request = urllib.request.Request(f"{site}api/{name}?{query}", headers={"Accept": accept})
    with urllib.request.urlopen(request) as answer:
        return bytes(answer.read())


def near(site: str, **given: object) -> dict[str, Any]:
    return dict(json.loads(asked(site, "near", **given)))


def refused(site: str, name: str, **given: object) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as caught:
        asked(site, name, **{key.rstrip("_"): value for key, value in given.items()})
    return caught.value.code, json.loads(caught.value.read())["error"]["message"]


# ---------------------------------------------------------------- interface


def test_what_lies_around_a_thing_is_told_in_both_languages_with_the_words_of_the_articles(site: str) -> None:
    found = near(site, id="network/ascn")
    assert found["nodes"][0]["id"] == "network/ascn"
    assert {node["page"] for node in found["nodes"]} == {f"/page/{node['id']}" for node in found["nodes"]}
    member = next(edge for edge in found["edges"] if edge["relation"] == "member-of" and edge["said"])
    assert found["relations"]["member-of"] == {"id": "anggota", "en": "is a member of"}
    assert found["kinds"]["Network"] == {"id": "jejaring", "en": "network"}
    article = member["said"][0]["article"]
    assert found["articles"][article]["page"] == f"/page/{article}"
    texts = [file.read_text("utf-8") for file in (ROOT / "data" / "articles").glob("*.txt")]
    assert all(any(words in text for text in texts) for words in member["said"][0]["words"])


def test_of_many_neighbours_those_with_most_facts_come_first_and_the_rest_is_counted(site: str) -> None:
    whole, part = near(site, id="network/ascn"), near(site, id="network/ascn", limit=4)
    assert (whole["more"], len(part["nodes"])) == (0, 4)
    assert part["more"] == len(whole["nodes"]) - 4
    assert part["nodes"] == whole["nodes"][:4]
    shown = {node["id"] for node in part["nodes"]}
    assert {edge[end] for edge in part["edges"] for end in ("source", "target")} <= shown


def test_kinds_relations_statuses_and_days_narrow_what_is_told(site: str) -> None:
    whole = near(site, id="network/ascn")
    officials = near(site, id="network/ascn", kind="Official")
    assert {node["kind"] for node in officials["nodes"][1:]} == {"Official"}
    others = near(site, id="network/ascn", not_kind="Official")
    assert len(officials["nodes"]) + len(others["nodes"]) == len(whole["nodes"]) + 1
    assert {edge["relation"] for edge in near(site, id="network/ascn", relation="member-of")["edges"]} == {"member-of"}
    planned = near(site, id="network/ascn", status="projected")
    assert {edge["status"] for edge in planned["edges"]} == {"projected"}
    before, on = (near(site, id="network/apeksi", to=day)["edges"] for day in ("2025-02-05", "2025-02-06"))
    assert len(before) < len(on)
    assert {said["date"] for edge in before for said in edge["said"]} <= {""}
    assert near(site, id="network/apeksi", **{"from": "2025-02-06"})["edges"] == on


def test_a_way_between_two_things_is_found_with_the_facts_along_it(site: str) -> None:
    found = json.loads(asked(site, "path", **{"from": "person/arman-wiradinata", "to": "place/61.71"}))
    first = found["paths"][0]
    assert (first[0], first[-1]) == ("person/arman-wiradinata", "place/61.71")
    steps = {frozenset((edge["source"], edge["target"])) for edge in found["edges"]}
    assert all(frozenset(pair) in steps for pair in pairwise(first))
    assert found["about"] == [first[0], first[-1]]


def test_a_government_is_shown_as_its_territory(site: str) -> None:
    assert near(site, id="government/61.71")["about"] == ["place/61.71"]


def test_what_is_shown_is_told_as_turtle(site: str) -> None:
    found = near(site, id="network/ascn", limit=10)
    triples = set(ox.parse(asked(site, "near", "text/turtle", id="network/ascn", limit=10), format=ox.RdfFormat.TURTLE))
    subjects = {each.subject.value for each in triples}
    assert {f"{BASE}id/{edge['fact']}" for edge in found["edges"] if edge["fact"]} <= subjects
    assert {f"{BASE}id/{node['id']}" for node in found["nodes"]} <= subjects
    body = json.dumps({"nodes": ["network/ascn"], "facts": []}).encode()
    request = urllib.request.Request(f"{site}api/part", body, {"Accept": "application/n-triples"})
    with urllib.request.urlopen(request) as answer:
        alone = set(ox.parse(answer.read(), format=ox.RdfFormat.N_TRIPLES))
    assert {each.subject.value for each in alone} == {f"{BASE}id/network/ascn"}


def test_what_makes_no_sense_is_refused_with_the_reason(site: str) -> None:
    assert refused(site, "near") == (400, "id is missing; expected an id such as place/35.78")
    assert refused(site, "near", id="network/ascn", limit="viele")[0] == 400
    assert refused(site, "near", id="network/ascn", limit=10_000)[1].endswith("a whole number from 1 to 2000")
    assert refused(site, "near", id="network/ascn", from_="2025-13-01")[1].startswith("from='2025-13-01' is no day")
    assert refused(site, "near", id="<script>alert(1)</script>")[0] == 400
    assert refused(site, "near", id="person/nobody")[0] == 404
    assert refused(site, "path", from_="network/ascn", to="network/ascn")[0] == 400
    for body in (b"", b"[]", b'{"nodes": [1], "facts": []}', json.dumps({"nodes": ["x"] * 2001, "facts": []}).encode()):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(urllib.request.Request(f"{site}api/part", body))


def test_each_look_has_its_colours_in_the_style_sheet() -> None:
    style = (ROOT / "src/kg/serve/static/graph.css").read_text("utf-8")
    looks = tomllib.loads((ROOT / "data/graph-view/looks.toml").read_text("utf-8"))["look"]
    told = [(int(at), colour) for at, colour in re.findall(r"\.look-(\d+) \{ fill: (#\w+); \}", style)]
    assert told == [(at, look["light"]) for at, look in enumerate(looks)] + [
        (at, look["dark"]) for at, look in enumerate(looks)
    ]


# ---------------------------------------------------------------- page


def opened(page: Any, address: str) -> None:
    page.goto(address)
    page.locator("#graph-stage[data-layout=done]").wait_for(timeout=20_000)


def shown(page: Any) -> set[str]:
    """The names in the table of things."""
    return set(page.locator("#graph-things tbody th button").all_inner_texts())


def test_a_thing_is_searched_for_shown_and_expanded(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}graph")
    field = page.get_by_role("combobox", name="Tampilkan di sekitar")
    field.press_sequentially("ASEAN Smart Cit")
    page.get_by_role("option", name=re.compile("ASEAN Smart Cities Network")).wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.locator("#graph-stage[data-layout=done]").wait_for(timeout=20_000)
    panel = page.get_by_role("region", name=re.compile("ASEAN Smart Cities Network"))
    assert "anggota" in panel.inner_text()
    before = shown(page)
    page.get_by_role("button", name="Perluas: Kota Pontianak").click()
    page.get_by_text(re.compile(r"Kota Pontianak: \d+ hal ditambahkan")).wait_for()
    assert before < shown(page)
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)["about"] == ["network/ascn", "place/61.71"]


def test_picture_and_tables_choose_the_same_thing_and_the_panel_quotes_the_news(site: str, tab: Tab) -> None:
    page = tab()
    opened(page, f"{site}graph?about=network/ascn")
    button = page.locator("#graph-things").get_by_role("button", name="Kota Pontianak", exact=True)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    panel = page.locator("#graph-panel")
    assert panel.get_by_role("heading", name="Kota Pontianak").is_visible()
    waited(panel.locator("blockquote"))
    assert panel.get_by_role("link", name="Buka halamannya").get_attribute("href") == "/page/place/61.71"
    assert "#char=" in panel.locator("figcaption a").first.get_attribute("href")
    stage = page.get_by_role("application", name="Gambar graf")
    stage.focus()
    page.keyboard.press("Escape")
    waited(page.locator("#graph-things [aria-pressed=true]"), 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    name = page.locator("#graph-things [aria-pressed=true]").inner_text()
    assert name in panel.get_by_role("heading").inner_text()
    waited(page.get_by_role("status").filter(has_text=name))


def saved(page: Any, button: str) -> bytes:
    with page.expect_download() as waited:
        page.get_by_role("button", name=button).click()
    return Path(waited.value.path()).read_bytes()


def place_of(page: Any, name: str) -> tuple[float, float]:
    """Where a thing is drawn on the screen: its name stands right of it in the SVG, which has the stage's pixels."""
    drawing = ET.fromstring(saved(page, "Gambar SVG"))
    text = next(each for each in drawing.iter("{http://www.w3.org/2000/svg}text") if each.text == name)
    box = page.locator("#graph-stage").bounding_box()
    return box["x"] + float(text.get("x")) - 10, box["y"] + float(text.get("y")) - 4


def test_a_click_on_the_picture_chooses_what_is_drawn_there_and_a_second_one_expands(site: str, tab: Tab) -> None:
    page = tab()
    opened(page, f"{site}graph?about=network/ascn")
    before = shown(page)
    page.evaluate("() => scrollTo(0, 200)")
    panel = page.locator("#graph-panel")
    page.mouse.click(*place_of(page, "Kota Pontianak"))
    panel.get_by_role("heading", name="Kota Pontianak", exact=True).wait_for()
    page.wait_for_timeout(400)  # or the next click would be the second of a double one
    (x, y), (hub_x, hub_y) = place_of(page, "Kota Pontianak"), place_of(page, "ASEAN Smart Cities Network")
    page.mouse.click((x + hub_x) / 2, (y + hub_y) / 2)
    panel.get_by_role("heading", name="Kota Pontianak dan ASEAN Smart Cities Network", exact=True).wait_for()
    page.wait_for_timeout(400)  # or the next click would be the second of a double one
    page.mouse.dblclick(*place_of(page, "Kota Pontianak"))
    page.get_by_text(re.compile(r"Kota Pontianak: \d+ hal ditambahkan")).wait_for()
    assert before < shown(page)


def test_a_fact_is_chosen_in_the_table(site: str, tab: Tab) -> None:
    page = tab()
    opened(page, f"{site}graph?about=network/ascn&lang=en")
    row = page.locator("#graph-facts tbody tr", has_text="Kota Pontianak")
    row.get_by_role("button").click()
    assert page.locator("#graph-panel h2").inner_text() == "Kota Pontianak and ASEAN Smart Cities Network"
    assert "is a member of" in page.locator("#graph-panel").inner_text()


def test_filters_hide_and_bring_back(site: str, tab: Tab) -> None:
    page = tab()
    opened(page, f"{site}graph?about=network/ascn")
    whole = shown(page)
    page.get_by_text("Saringan", exact=True).click()
    page.locator("#graph-kinds input[value=City]").uncheck()
    assert "Kota Pontianak" not in shown(page)
    assert "Arman Wiradinata" in shown(page)
    page.get_by_role("button", name="Hapus saringan").click()
    page.locator("#graph-things").get_by_role("button", name="Kota Pontianak", exact=True).wait_for()
    assert shown(page) == whole
    opened(page, f"{site}graph?about=network/uccn")
    page.get_by_text("Saringan", exact=True).click()
    page.get_by_label("Sampai").fill("1999-12-31")
    page.get_by_text("1 hal, 0 fakta").wait_for()
    assert shown(page) == {"Jejaring Kota Kreatif UNESCO"}


def test_a_path_is_drawn_between_two_things(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}graph")
    page.get_by_text("Jalur antara dua hal").click()
    for label, name in (("Dari", "Arman Wiradinata"), ("Ke", "Kota Pontianak")):
        page.get_by_role("combobox", name=label, exact=True).fill(name)
    page.get_by_role("button", name="Cari jalur").click()
    page.get_by_text(re.compile(r"Jalur terpendek: \d+ langkah")).wait_for()
    assert page.locator(".graph-ways li").first.inner_text().startswith("Arman Wiradinata →")
    assert {"Arman Wiradinata", "Kota Pontianak"} <= shown(page)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)
    assert (query["from"], query["to"]) == (["person/arman-wiradinata"], ["place/61.71"])


def test_the_picture_is_saved_as_png_and_svg_and_the_data_as_turtle(site: str, tab: Tab) -> None:
    page = tab()
    opened(page, f"{site}graph?about=network/ascn")
    drawing = ET.fromstring(saved(page, "Gambar SVG"))
    texts = {text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert shown(page) <= texts
    assert saved(page, "Gambar PNG").startswith(b"\x89PNG\r\n\x1a\n")
    triples = set(ox.parse(saved(page, "Data Turtle"), format=ox.RdfFormat.TURTLE))
    assert f"{BASE}id/network/ascn" in {each.subject.value for each in triples}


def test_the_same_graph_is_placed_in_the_same_way(site: str, tab: Tab) -> None:
    drawings = []
    for _ in range(2):
        page = tab()
        opened(page, f"{site}graph?about=network/ascn")
        drawings.append(saved(page, "Gambar SVG"))
    assert drawings[0] == drawings[1]


def test_without_webgl_the_tables_hold_it_all(site: str, tab: Tab) -> None:
    page = tab()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    page.goto(f"{site}graph?about=network/ascn")
    page.get_by_role("button", name="Kota Pontianak", exact=True).first.wait_for()
    assert page.get_by_text("tanpa WebGL").is_visible()


def test_without_javascript_the_page_points_at_search(site: str, tab: Tab) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}graph?about=network/ascn")
    assert "memerlukan JavaScript" in page.locator("main").inner_text()


@pytest.mark.parametrize(("lang", "scheme"), [("id", "light"), ("en", "dark")])
def test_the_page_is_open_to_everybody_and_fits_a_phone(site: str, tab: Tab, lang: str, scheme: str) -> None:
    page = tab(viewport=PHONE, color_scheme=scheme)
    opened(page, f"{site}graph?about=network/ascn&lang={lang}")
    page.locator("#graph-filters summary").click()
    page.locator("#graph-things tbody button").first.click()
    assert (barriers(page), overflow(page)) == ([], 0)
    sheet = page.locator("#graph-panel").bounding_box()
    assert sheet["width"] <= 360
    assert sheet["y"] + sheet["height"] <= 741  # a sheet at the lower edge


def test_the_page_of_a_thing_leads_to_its_graph(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}page/network/ascn?lang=en")
    page.locator("header .ways").get_by_role("link", name="graph").click()
    page.locator("#graph-panel").get_by_role("heading", name="ASEAN Smart Cities Network").wait_for()
