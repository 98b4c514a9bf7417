"""The explorer in a real browser, by what a person does."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode

from browser import DESKTOP, PHONE, barriers, browser, overflow, tab, waited
from kg.cli import cli
from kg.serve.current import Local
from kg.serve.explorer import article_page
from loopback import served

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "articles" / "kota-cerdas.txt"
Tab = Callable[..., Any]
ARTICLE = f"page/article/{hashlib.sha256(SAMPLE.read_bytes()).hexdigest()[:16]}"
PATHS = (
    "",
    "search?q=kota",
    "map",
    "timeline",
    "page/network/ascn?part=differ",
    "page/network/ascn",
    "page/tidak/ada",
    ARTICLE,
)
__all__ = ["browser", "tab"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample articles, served."""
    folder = tmp_path_factory.mktemp("site")
    arguments = ["-q", "build", str(ROOT / "data" / "articles"), "--store", str(folder / "kg-store")]
    CliRunner().invoke(cli, arguments, catch_exceptions=False)
    with served(folder) as address:
        yield address


# ---------------------------------------------------------------- frame


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_open_to_everybody_and_never_scroll_sideways(site: str, tab: Tab, path: str) -> None:
    for lang, scheme, viewport in (
        ("id", "dark", PHONE), ("en", "light", DESKTOP), ("id", "light", DESKTOP), ("en", "dark", PHONE),
    ):  # fmt: skip
        page = tab(viewport=viewport, color_scheme=scheme, allowed=("404",))
        page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={lang}")
        for closed in page.locator("summary").all():
            closed.click()
        assert (barriers(page), overflow(page)) == ([], 0)
        assert page.locator("html").get_attribute("lang") == lang


def test_the_language_that_was_chosen_is_remembered(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(site)
    page.get_by_role("link", name="English (EN)").click()
    page.goto(f"{site}search?q=kota")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_style_with_its_hash_may_be_kept_for_ever_and_a_page_is_asked_for_again(site: str) -> None:
    with urllib.request.urlopen(site) as answer:
        tag, page = answer.headers["ETag"], answer.read().decode()
    style = page.partition('rel="stylesheet" href="/')[2].partition('"')[0]
    with urllib.request.urlopen(site + style) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    with urllib.request.urlopen(site + style.partition("?")[0]) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
    with pytest.raises(urllib.error.HTTPError, match="304") as same:
        urllib.request.urlopen(urllib.request.Request(site, headers={"If-None-Match": tag}))
    same.value.close()


# ---------------------------------------------------------------- search


def test_a_misspelled_name_is_found_while_typing_and_opened_by_keyboard(site: str, tab: Tab) -> None:
    from playwright.sync_api import expect

    page = tab()
    page.goto(site)
    field = page.get_by_role("combobox")
    field.press_sequentially("Kementrian Dalam Neg")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Kementerian Dalam Negeri")
    expect(page.get_by_role("listbox")).to_have_attribute("aria-busy", "false")  # of all that was typed
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert option.get_attribute("aria-selected") == "true"
    field.press("Escape")
    assert not option.is_visible()
    field.press("ArrowDown")
    option.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.get_by_role("heading", level=1, name="Kementerian Dalam Negeri").wait_for()


def test_search_works_without_scripts_and_is_narrowed_by_kind(site: str, tab: Tab) -> None:
    page = tab(java_script_enabled=False)
    page.goto(site)
    page.get_by_role("searchbox").fill("semarang")
    page.get_by_role("searchbox").press("Enter")
    assert "Kota Semarang" in page.locator(".results").inner_text()
    page.get_by_label("Jenis").select_option(
        label=page.locator("select[name=kind] option", has_text="Pemerintah").inner_text()
    )
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**kind=*")
    kinds = waited(page.locator(".result p.soft")).all_inner_texts()
    assert kinds
    assert all("pemerintah" in text for text in kinds)


# ---------------------------------------------------------------- things and articles


def opened(site: str, page: Any, name: str) -> None:
    """Go to the page of what a name finds first."""
    page.goto(f"{site}search?q={name}")
    page.locator(".result a").first.click()


def ready(page: Any) -> None:
    """Wait until the script of an article has run: it lights the fact that the address names."""
    page.locator(".lit-fact").first.wait_for()


def test_a_fact_opens_the_sentence_that_states_it_with_its_words_told_apart(site: str, tab: Tab) -> None:
    page = tab()
    opened(site, page, "ascn")
    fact = page.locator(".fact").first
    fact.locator("summary").click()
    words = {role: fact.locator(f"mark.is-{role}").first for role in ("subject", "trigger", "object")}
    lines = [each.evaluate("e => getComputedStyle(e).textDecorationStyle") for each in words.values()]
    assert len(set(lines)) == 3  # told apart without colour
    quoted = " ".join(fact.locator("blockquote").first.inner_text().split())
    assert all(each.inner_text() in quoted for each in words.values())
    fact.get_by_role("link", name="Baca dalam artikelnya").first.click()
    ready(page)
    waited(page.locator(".lit-fact"), 1)


def test_pointing_at_a_fact_lights_up_its_words_and_at_words_the_fact(site: str, tab: Tab) -> None:
    page = tab()
    opened(site, page, "ascn")
    page.locator("summary").first.click()
    page.get_by_role("link", name="Baca dalam artikelnya").first.click()
    ready(page)
    fact = page.locator(".beside").nth(2)
    fact.hover()
    lit = page.locator(".stretch.lit.is-subject").first
    told = fact.locator(".roles .is-subject").first.inner_text()
    assert lit.inner_text() in told
    waited(page.locator(".lit-fact"), 1)
    pane, words = page.locator(".text").bounding_box(), lit.bounding_box()
    assert pane["y"] <= words["y"] <= pane["y"] + pane["height"]
    lit.hover()
    assert page.locator(".lit-fact").first.locator(".roles").first.is_visible()


def test_words_and_facts_lead_to_each_other_by_keyboard_and_without_scripts(site: str, tab: Tab) -> None:
    page = tab()
    opened(site, page, "ascn")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Baca dalam artikelnya").first.focus()
    page.keyboard.press("Enter")
    ready(page)
    page.locator(".beside [data-show]").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('stretch')")
    waited(page.locator(".lit-fact"))
    plain = tab(java_script_enabled=False)
    plain.goto(page.url)
    link = plain.locator(".beside [data-show]").first
    target = link.get_attribute("href")
    link.click()
    assert plain.locator(f"[id='{target[1:]}']").count() == 1


HOSTILE = """---
title: "<script>alert(1)</script> & <b>Judul</b>"
outlet: Warta "<img src=x onerror=alert(2)>"
date: 2025-03-04
url: https://contoh.id/?a=1&b='2'
---
JAKARTA - Menteri Dalam Negeri <img src=x onerror=alert(4)> Budi Santoso hadir. \
Wali Kota Semarang Siti Rahma menghadiri Rapat Koordinasi Nasional Kota Cerdas di Kota Bandung.

"<script>document.title = 'diretas'</script> kota cerdas {{ 7 * 7 }} membutuhkan data," \
kata Wali Kota Semarang Siti Rahma.

Pertemuan itu membahas pelayanan publik yang lebih baik bagi warga, dan akan dilanjutkan pada tahun depan di kota lain.
"""


def test_hostile_articles_show_as_text(tmp_path: Path, tab: Tab) -> None:
    (tmp_path / "a.txt").write_text(HOSTILE, "utf-8")
    CliRunner().invoke(cli, ["-q", "build", str(tmp_path / "a.txt"), "--store", str(tmp_path / "kg-store")])
    with served(tmp_path) as address:
        page = tab()
        page.goto(f"{address}search?q=Siti+Rahma")
        page.locator(".result a").first.click()
        page.locator("summary").first.click()
        page.get_by_role("link", name="Baca dalam artikelnya").first.click()
        assert page.locator("h1").inner_text() == "<script>alert(1)</script> & <b>Judul</b>"
        assert "{{ 7 * 7 }}" in page.locator(".text").inner_text()
        assert (page.locator("main img").count(), page.locator("main script").count()) == (0, 0)


def test_elsewhere_only_the_sentences_around_evidence_are_shown_unless_asked_for(folder_with_store: Path) -> None:
    key = json.loads((folder_with_store / "kg-store" / "log.jsonl").read_text().splitlines()[0])["article"]
    now = Local(store=str(folder_with_store / "kg-store")).get()
    text = now.text(f"{now.base}id/article/{key}") or ""
    for texts in (True, False):
        page = article_page.context(now, NamedNode(f"{now.base}id/article/{key}"), "id", texts=texts)
        assert page is not None
        quoted = [piece.text for fact in page["facts"] for quote in fact.quotes for piece in quote]
        assert (bool(page["paragraphs"]), bool(quoted)) == (texts, not texts)
        assert all(len(each) < len(text) / 2 for each in quoted)


def test_the_command_shows_whole_articles_on_this_machine_alone(
    folder_with_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[bool] = []
    monkeypatch.setattr("kg.serve.app.app", lambda *_, settings, **__: shown.append(settings.texts))
    monkeypatch.setattr("kg.serve.run.serve", lambda *_, **__: None)
    for arguments in ([], ["--host", "127.0.0.2"], ["--host", "127.0.0.2", "--texts"]):
        CliRunner().invoke(cli, ["serve", *arguments], catch_exceptions=False)
    assert shown == [True, False, True]


def test_a_graph_file_without_texts_shows_the_words_alone(folder_with_store: Path, tab: Tab) -> None:
    file = folder_with_store / "graph.ttl"
    CliRunner().invoke(cli, ["-q", "export", "-f", "turtle", "-o", str(file)], catch_exceptions=False)
    with served(folder_with_store, "--graph", str(file)) as address:
        page = tab()
        page.goto(f"{address}search?q=kota+cerdas")
        page.locator(".result a").first.click()
        page.locator("summary").first.click()
        waited(page.locator("blockquote mark"))
        page.get_by_role("link", name="Baca dalam artikelnya").first.click()
        assert "tidak menyimpan teks" in page.locator("main").inner_text()


def test_what_is_not_there_is_said_so_and_search_is_offered(site: str, tab: Tab) -> None:
    page = tab(allowed=("404",))
    for path in ("page/person/tidak-ada", "page/person/%3Cscript%3E"):
        assert page.goto(f"{site}{path}").status == 404
    assert page.locator("h1").inner_text() == "Tidak ditemukan"


# ---------------------------------------------------------------- time line


def test_the_time_line_begins_with_the_latest_and_goes_on_by_links(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}timeline")
    rows = page.locator(".line-row").all_inner_texts()
    assert any("menjabat" in row for row in rows)
    assert any("mulai" in row for row in rows)
    years = page.get_by_role("navigation", name="Tahun").get_by_role("link").all_inner_texts()
    assert years == sorted(years, reverse=True)
    page.get_by_role("link", name=years[-1], exact=True).click()
    waited(page.locator(".line-row"))
    assert page.get_by_label("Sampai tahun").input_value() == years[-1]
