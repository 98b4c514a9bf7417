"""The SPARQL page in a real browser, by what a person does."""

from __future__ import annotations

import csv
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from browser import PHONE, barriers, browser, overflow, tab, waited
from kg.cli import cli
from loopback import served

ROOT = Path(__file__).resolve().parents[1]
Tab = Callable[..., Any]
REFUSED = ("status of 400", "status of 403")
"""What Chromium writes into the console where the endpoint refuses a query."""
__all__ = ["browser", "tab"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample articles, served."""
    folder = tmp_path_factory.mktemp("site")
    arguments = ["-q", "build", str(ROOT / "data" / "articles"), "--store", str(folder / "kg-store")]
    CliRunner().invoke(cli, arguments, catch_exceptions=False)
    with served(folder) as address:
        yield f"{address}query"


def own(site: str, query: str) -> str:
    """The link to a query of one's own."""
    return f"{site}#{urllib.parse.urlencode({'query': query})}"


def type_query(page: Any, query: str) -> None:
    """Put a query into the editor, by keyboard."""
    editor = page.get_by_role("textbox", name="Penyunting kueri")
    editor.click()
    editor.press("Control+a")
    page.keyboard.insert_text(query)


def rows(page: Any) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in page.locator("#query-table tbody tr").all()]


def from_csv(text: str) -> list[str]:
    return [row["x"] for row in csv.DictReader(text.splitlines())]


def from_json(text: str) -> list[str]:
    return [row["x"]["value"] for row in json.loads(text)["results"]["bindings"]]


# ---------------------------------------------------------------- named queries


def test_a_named_query_is_chosen_filled_in_with_a_suggestion_and_run(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(site)
    page.get_by_label("Pertanyaan siap pakai").select_option("officials")
    page.get_by_role("heading", name="Pejabat dan jabatannya").wait_for()
    person = page.get_by_role("combobox", name="hanya pejabat ini")
    person.press_sequentially("Arman")
    page.get_by_role("option", name=re.compile("Arman")).first.wait_for()
    person.press("ArrowDown")
    person.press("Enter")
    assert person.get_attribute("data-value").startswith("person/")
    page.locator("#query-fill").get_by_role("button", name="Jalankan").click()
    page.locator("#query-table tbody tr").first.wait_for()
    assert {row[0].split(" ")[0] for row in rows(page)} == {"Arman"}
    assert "/id/person/" in page.locator("#query-text").input_value()
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)["person"][0].startswith("person/")


def test_each_named_query_is_shown_and_answered_in_both_languages(site: str, tab: Tab) -> None:
    from kg import query

    page = tab()
    for number, (name, named) in enumerate(sorted(query.named().items())):
        if any(each.default is None for each in named.parameters):
            continue
        lang = ("id", "en")[number % 2]
        page.goto(f"{site}?name={name}&lang={lang}")
        page.locator("#query-answer:not([aria-busy]) #query-status:not(:empty)").wait_for()
        assert page.locator("#query-status.is-warning").count() == 0, name
        assert page.get_by_role("heading", name=named.titles[lang], exact=True).count() == 1


def test_a_name_that_nothing_has_is_told_and_so_is_one_of_the_wrong_type(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}?name=members&network=Jaringan+Antah+Berantah")
    assert "nothing named 'Jaringan Antah Berantah'" in page.get_by_role("alert").inner_text()
    assert page.locator("#query-answer").is_hidden()


# ---------------------------------------------------------------- editor


def test_a_mistake_is_marked_where_it_stands(site: str, tab: Tab) -> None:
    page = tab(allowed=REFUSED)
    page.goto(site)
    type_query(page, "SELECT ?s WHERE {\n  ?s a kg:Tenure ;;; \n  FLTER(true)\n}")
    page.keyboard.press("Control+Enter")
    status = page.locator("#query-status.is-warning")
    status.wait_for()
    line = int(re.search(r"Baris (\d+), kolom \d+", status.inner_text())[1])
    waited(page.locator(".cm-lintRange-error"), 1)
    marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    assert marked.inner_text() == page.locator(".cm-line").nth(line - 1).inner_text()
    type_query(page, "SELECT ?s WHERE { ?s a kg:Tenure }")
    waited(page.locator(".cm-lintRange-error"), 0)


def test_terms_are_completed_with_what_they_mean(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(site)
    type_query(page, "SELECT * WHERE { ?who a ")
    page.keyboard.type("kg:Netw")
    option = page.locator(".cm-tooltip-autocomplete li", has_text="kg:NetworkMembership")
    option.wait_for()
    assert "keanggotaan" in option.inner_text().lower()
    page.keyboard.type("orkMem")
    page.keyboard.press("Enter")
    page.keyboard.type(" ; org:mem")
    page.locator(".cm-tooltip-autocomplete li", has_text="org:member").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.type(" ?w")
    page.locator(".cm-tooltip-autocomplete li", has_text="?who").wait_for()
    assert "a kg:NetworkMembership ;" in page.locator("#query-text").input_value()


def test_the_editor_is_left_by_keyboard(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(site)
    page.get_by_role("textbox", name="Penyunting kueri").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "query-run"


# ---------------------------------------------------------------- answers


def test_rows_are_sorted_by_number_paged_and_linked(site: str, tab: Tab) -> None:
    page = tab()
    values = " ".join(f"({number} <https://w3id.org/jejaring/id/place/{number}>)" for number in range(120, 0, -1))
    page.goto(own(site, f"SELECT ?n ?place WHERE {{ VALUES (?n ?place) {{ {values} }} }}"))
    page.get_by_text("Halaman 1 dari 3").wait_for()
    page.get_by_role("button", name="n", exact=True).click()
    waited(page.locator("th[aria-sort=ascending]"), 1)
    assert [row[0] for row in rows(page)] == [str(number) for number in range(1, 51)]
    page.get_by_role("button", name="Berikutnya").click()
    page.get_by_text("Halaman 2 dari 3").wait_for()
    assert rows(page)[0] == ["51", "place/51"]
    assert page.get_by_role("link", name="place/51").get_attribute("href") == "/page/place/51"


def test_markup_in_an_answer_stays_text(site: str, tab: Tab) -> None:
    page = tab()
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    query = f'SELECT ?x ?y WHERE {{ BIND("{hostile}" AS ?x) BIND(<javascript:alert(3)> AS ?y) }}'
    page.goto(own(site, query))
    page.locator("#query-table tbody tr").wait_for()
    assert rows(page) == [[hostile, "javascript:alert(3)"]]
    assert page.locator("#query-table a, #query-table img").count() == 0


def test_a_chart_is_drawn_from_the_columns_that_are_chosen(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(own(site, 'SELECT ?what ?n WHERE { VALUES (?what ?n) { ("a" 3) ("b" 12) ("c" 6) } }'))
    page.get_by_text("Diagram", exact=True).click()
    bars = waited(page.locator(".chart rect"), 3)
    widths = [float(bar.get_attribute("width")) for bar in bars.all()]
    assert [round(each / widths[0], 2) for each in widths] == [1, 4, 2]
    page.get_by_label("Bentuk").select_option("line")
    waited(page.locator(".chart path"), 1)
    assert "n" in page.locator(".chart").get_attribute("aria-label")


def test_answers_are_downloaded_in_the_forms_of_the_endpoint(site: str, tab: Tab, tmp_path: Path) -> None:
    page = tab()
    page.goto(own(site, "SELECT ?x WHERE { VALUES ?x { 1 2 } }"))
    for name, read in {"CSV": from_csv, "JSON": from_json}.items():
        with page.expect_download() as waited:
            page.get_by_role("button", name=name, exact=True).click()
        assert read(Path(waited.value.path()).read_text("utf-8")) == ["1", "2"]
    page.goto(own(site, "CONSTRUCT { ?s a kg:Network } WHERE { ?s a kg:Network }"))
    page.get_by_role("region", name="Turtle").wait_for()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Turtle").click()
    assert waited.value.suggested_filename == "jejaring.ttl"
    assert "kg:Network" in Path(waited.value.path()).read_text("utf-8")


def test_a_query_that_runs_long_is_cancelled(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(own(site, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
    page.get_by_role("button", name="Batalkan").click()
    page.get_by_text("Dibatalkan").wait_for()
    assert page.get_by_role("button", name="Batalkan").is_hidden()


# ---------------------------------------------------------------- links


def test_a_shared_link_shows_the_same_query_and_answer(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(site)
    query = 'SELECT ("kosong & <isi> #1" AS ?x) WHERE {}'
    type_query(page, query)
    page.get_by_role("button", name="Salin tautan").click()
    link = page.evaluate("() => location.href")
    other = tab()
    other.goto(link)
    other.locator("#query-table tbody tr").wait_for()
    assert rows(other) == [["kosong & <isi> #1"]]
    assert other.locator("#query-text").input_value() == query


@pytest.mark.parametrize("place", ["#", "?"])
def test_a_link_can_not_change_anything(site: str, tab: Tab, place: str) -> None:
    page = tab(allowed=REFUSED)
    sent: list[tuple[str, str]] = []
    page.on("request", lambda request: sent.append((request.method, request.post_data or "")))
    update = "INSERT DATA { <a:a> <a:b> <a:c> }"
    page.goto(f"{site}{place}{urllib.parse.urlencode({'query': update, 'update': update})}")
    page.locator("#query-status.is-warning").wait_for()
    assert [body.partition("=")[0] for method, body in sent if method == "POST"] == ["query"]


# ---------------------------------------------------------------- without script, small, for everybody


def test_without_javascript_the_form_asks_the_endpoint(site: str, tab: Tab) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}?name=members&network=ASEAN+Smart+Cities+Network")
    assert "/id/network/ascn>" in page.get_by_label("Kueri", exact=True).input_value()
    form = page.locator("#query-form")
    assert (form.get_attribute("method"), form.get_attribute("action")) == ("post", "/sparql")
    text = page.get_by_label("Kueri", exact=True).input_value()
    request = urllib.request.Request(
        site.replace("/query", "/sparql"),
        urllib.parse.urlencode({"query": text}).encode(),
        {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
    )
    with urllib.request.urlopen(request) as answer:
        assert "xml" in answer.headers["Content-Type"]


@pytest.mark.parametrize(("lang", "scheme"), [("id", "light"), ("en", "dark")])
def test_the_page_is_open_to_everybody_and_fits_a_phone(site: str, tab: Tab, lang: str, scheme: str) -> None:
    page = tab(viewport=PHONE, color_scheme=scheme)
    page.goto(f"{site}?name=members&lang={lang}")
    page.locator("#query-table tbody tr").first.wait_for()
    page.locator("#query-chart summary").click()
    assert (barriers(page), overflow(page)) == ([], 0)
