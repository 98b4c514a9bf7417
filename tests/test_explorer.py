"""The explorer in a real browser, by what a person does."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from browser import PHONE, barriers, browser, overflow, tab
from kg.cli import cli
from loopback import served

ROOT = Path(__file__).resolve().parents[1]
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


# ---------------------------------------------------------------- frame


@pytest.mark.parametrize("path", ["", "search?q=kota"])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_pages_are_open_to_everybody_and_never_scroll_sideways(site: str, tab: Tab, path: str, lang: str) -> None:
    page = tab(viewport=PHONE, color_scheme="dark" if lang == "en" else "light")
    page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={lang}")
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
    with pytest.raises(urllib.error.HTTPError, match="304"):
        urllib.request.urlopen(urllib.request.Request(site, headers={"If-None-Match": tag}))


# ---------------------------------------------------------------- search


def test_a_misspelled_name_is_found_while_typing_and_opened_by_keyboard(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(site)
    field = page.get_by_role("combobox")
    field.press_sequentially("Kementrian Dalam Neg")
    option = page.get_by_role("option").first
    option.wait_for()
    assert "Kementerian Dalam Negeri" in option.inner_text()
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert option.get_attribute("aria-selected") == "true"
    field.press("Escape")
    assert not option.is_visible()


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
    assert all("pemerintah" in text for text in page.locator(".result p.soft").all_inner_texts())
