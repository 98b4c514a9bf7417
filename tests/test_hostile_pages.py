"""Articles are hostile input: markup, scripts and addresses in every field come out of no page as what they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from browser import PHONE, barriers, browser, overflow, picture, tab  # noqa: F401 - fixtures
from command import kg
from serving import Running, running

TOKEN = "a-token-of-the-tests"
FORM = "application/x-www-form-urlencoded"
EVIL = "\"><script>window.hit=1</script><img src=x onerror=window.hit=1>\u202e'--"
NAME = 'Budi <b onmouseover="window.hit=1">Santoso'
TEXT = f"""{EVIL} - Wali Kota Samarinda {NAME} mengatakan, "Dermaga <script>window.hit=1</script> itu milik warga."

Pelatihan {EVIL} digelar pada 31 Februari 2025 di Kota Samarinda.
Kementerian Dalam Negeri (Kemendagri<svg onload=window.hit=1>) menyebut Kota Samarinda anggota ASCN.
Ia membutuhkan Rp 0 untuk perbaikan <script>window.hit=1</script> dermaga.
"""


class Scripts(HTMLParser):
    """What of a page could run: scripts of its own, event attributes, addresses of scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("img", "iframe", "object", "embed", "svg") and "onerror" in values:
            self.found.append(tag)
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.found.append("script without src")
        if tag == "script" and not (values.get("src") or "/static/").startswith("/static/"):
            self.found.append(f"script {values['src']}")
        self.found += [name for name in values if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            if urlsplit((values.get(name) or "").strip().lower()).scheme in ("javascript", "data", "vbscript"):
                self.found.append(f"{name}={values[name]}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("hostile")
    page = {
        "title": EVIL,
        "text": TEXT,
        "url": "https://x.example/<script>?q=javascript:window.hit=1",
        "outlet": EVIL,
        "date": "2025-03-01",
    }
    (place / "a.jsonl").write_text(
        json.dumps(page)
        + "\n"
        + json.dumps({**page, "url": "javascript:window.hit=1", "text": TEXT + "Lagi.\n"})
        + "\n",
        "utf-8",
    )
    (place / "b <img src=x onerror=alert(1)>.txt").write_text(TEXT.replace("Samarinda", "Balikpapan"), "utf-8")
    done = kg("-q", "build", ".", cwd=place)
    assert "Traceback" not in done.stderr
    return place


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_WRITE_TOKEN", TOKEN)
        with running(folder, "--write") as found:
            yield found


def pages(server: Running) -> list[str]:
    """Every page of the site map, and those that are given hostile words."""
    found = re.findall(r"<loc>[^<]*?(/sitemap-[^<]*)</loc>", server.ask("/sitemap.xml")[2])
    listed = [
        page
        for part in found
        if "places" not in part
        for page in re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", server.ask(part)[2])
    ]
    words = quote(EVIL)
    asked = [
        f"/search?q={words}",
        f"/?q={words}",
        f"/page/{words}",
        f"/id/{words}",
        f"/map?x={words}",
        f"/timeline?place={words}",
        f"/graph?id={words}",
        f"/query?query={words}",
        f"/?lang={words}",
    ]
    return [*listed, *asked, "/", "/search?q=samarinda", "/map", "/timeline", "/graph", "/query", "/ontology"]


def test_no_page_has_anything_that_runs(server: Running) -> None:
    reply = server.ask("/login", "POST", body=f"secret={TOKEN}", Content_Type=FORM)
    cookie = (reply[1]["Set-Cookie"] or "").partition(";")[0]
    wrong, seen = {}, ""
    every = [*pages(server), "/review", "/review/quarantine", "/review?author=" + quote(EVIL)]
    assert len(every) > 20
    for path in every:
        status, headers, text = server.ask(path, Accept="text/html", Cookie=cookie)
        assert status < 500, path
        if headers.get_content_type() == "text/html" and text:
            parser = Scripts()
            parser.feed(text)
            seen += text
            if parser.found or "script-src 'self'" not in (headers["Content-Security-Policy"] or ""):
                wrong[path] = parser.found
    assert wrong == {}
    assert "&lt;script&gt;window.hit" in seen  # it is shown, as text


def test_data_of_it_are_whole(server: Running) -> None:
    import rdflib

    for path in pages(server):
        if path.startswith("/page/article/"):
            text = server.ask(f"{path.replace('/page/', '/data/')}.rdf")[2]
            assert len(rdflib.Graph().parse(data=text, format="xml")) > 5


def test_nothing_runs_in_the_browser(server: Running, tab: Callable[..., Any]) -> None:  # noqa: F811
    page, root = tab(allowed=("404",)), f"http://127.0.0.1:{server.port}"
    listed = [path for path in pages(server) if path.startswith("/page/article/")][:2]
    for path in [*listed, f"/search?q={quote(EVIL)}", f"/page/{quote(EVIL)}"]:
        page.goto(root + path)
        assert page.evaluate("window.hit === undefined"), path


def test_a_person_judges_hostile_claims(
    server: Running,
    tab: Callable[..., Any],  # noqa: F811
    tmp_path: Path,
) -> None:
    root = f"http://127.0.0.1:{server.port}"
    for options in ({"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE}):
        page = tab(**options)
        page.set_default_timeout(30_000)  # the first article that a server reads takes its words and rules with it
        page.goto(f"{root}/review/quarantine?lang=en")
        page.get_by_label("Token").fill(TOKEN)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/review/quarantine")
        claim = page.get_by_role("heading", level=2).first.inner_text()
        assert (barriers(page), overflow(page), page.evaluate("window.hit === undefined")) == ([], 0, True)
        picture(page, tmp_path / f"quarantine-{options['color_scheme']}.png")
        page.get_by_label("Why").first.fill(EVIL)
        page.get_by_label("Who judges").first.fill("Sari")
        page.get_by_role("button", name="Accept", exact=True).first.click()
        page.get_by_role("heading", name="Judged").wait_for()
        assert EVIL in page.locator("section", has_text="Judged").last.inner_text()
        assert claim in page.locator("section", has_text="Judged").last.inner_text()
        assert (barriers(page), page.evaluate("window.hit === undefined")) == ([], True)
        picture(page, tmp_path / f"accepted-{options['color_scheme']}.png")
        page.get_by_role("button", name="Take back").first.click()
        page.get_by_role("heading", name="Judged").wait_for(state="detached")
        page.goto(f"{root}/review")
        assert (barriers(page), overflow(page)) == ([], 0)
        picture(page, tmp_path / f"review-{options['color_scheme']}.png")
