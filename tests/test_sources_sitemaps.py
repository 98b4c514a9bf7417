"""Sitemaps saved beside the pages that they name: they say what is known of each, and nothing is read twice."""

from __future__ import annotations

import datetime as dt
import html
import os
import re
import shutil
import subprocess
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command import kg
from containers import as_gzip, as_page, as_pdf, as_sitemap, as_sitemap_index, as_zip
from kg.article import Unread
from kg.model import Article
from kg.sources import Note, named
from loopback import serving
from sourced import DAY, ONE, TWO, found, texts, the_article, the_line, write

SITE = "https://www.kabarteluk.example"
KNOWN = {"title": "Judul & peta", "date": "2025-10-14T08:00:00+07:00", "outlet": "Kabar Teluk"}


def save(path: Path, content: str | bytes = "") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write(path, content or as_page(ONE, title=""))


def articles(items: list[Article | Unread]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def bare(text: str = ONE) -> str:
    """A page that says nothing of itself."""
    return as_page(text, title="")


# ------------------------------------------------------------------------------------------------ as programs save

SAVED = [
    # an address, and the file that a program saves it to, below the site's folder
    ("/berita/rapat.html", "berita/rapat.html"),  # all
    ("/berita/rapat", "berita/rapat"),  # wget -m
    ("/berita/rapat", "berita/rapat.html"),  # wget -E, HTTrack
    ("/berita/rapat", "berita/rapat/index.html"),
    ("/berita/rapat/", "berita/rapat/index.html"),  # all
    ("/berita/rapat/", "berita/rapat.html"),
    ("/berita/baca.php?id=7&hal=1", "berita/baca.php?id=7&hal=1"),  # wget
    ("/berita/baca.php?id=7&hal=1", "berita/baca.php?id=7&hal=1.html"),  # wget -E
    ("/berita/baca.php?id=7", "berita/baca.php@id=7"),  # wget --restrict-file-names=windows
    ("/berita/baca.php?id=7", "berita/baca.php%3Fid=7.html"),
    ("/?p=12", "index.html?p=12"),  # wget
    ("/baca?jalan=a/b", "baca?jalan=a%2Fb"),  # wget
    ("/berita/rapat.php", "berita/rapat.html"),  # HTTrack
    ("/berita/kota%20pesisir.html", "berita/kota pesisir.html"),  # wget
    ("/berita/kota%20pesisir.html", "berita/kota%20pesisir.html"),
    ("/berita/caf%C3%A9.html", "berita/café.html"),
    ("", "index.html"),
    ("/", "index.html"),
]


@pytest.mark.parametrize(("path", "name"), SAVED)
@pytest.mark.parametrize("host", ["", "www.kabarteluk.example/", "kabarteluk.example/"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_page_gets_what_the_sitemap_says_of_it(tmp_path: Path, path: str, name: str, host: str, inside: bool) -> None:
    page = save(tmp_path / "situs" / f"{host}{name}", bare())
    place = tmp_path / "situs" / (host if inside else "") / "sitemap.xml"
    save(place, as_sitemap([{"loc": f"{SITE}{path}", **KNOWN}]))
    expected = Article(ONE, page, title="Judul & peta", outlet="Kabar Teluk", url=f"{SITE}{path}", published=DAY)
    assert found(str(tmp_path / "situs")) == [expected]
    assert found(f"{tmp_path / 'situs'}/") == [expected]
    assert found(str(place)) == [expected]


def test_the_folder_itself_may_be_the_place_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "berita" / "1.html", bare())
    save(tmp_path / "baca?id=2", bare(TWO))
    save(tmp_path / "sitemap.xml", as_sitemap([f"{SITE}/berita/1.html", f"{SITE}/baca?id=2"]))
    monkeypatch.chdir(tmp_path)
    addresses = [f"{SITE}/berita/1.html", f"{SITE}/baca?id=2"]
    for source in (".", "./sitemap.xml", "sitemap.xml", str(tmp_path)):
        assert [article.url for article in articles(found(source))] == addresses, source


def test_what_a_page_says_itself_counts_first(tmp_path: Path) -> None:
    head = '<meta property="article:published_time" content="2025-09-01">'
    save(tmp_path / "a.html", as_page(ONE, title="Judul halaman", head=head))
    save(tmp_path / "sitemap.xml", as_sitemap([{"loc": f"{SITE}/a.html", **KNOWN}]))
    article = the_article(found(str(tmp_path)))
    assert (article.title, article.published) == ("Judul halaman", dt.date(2025, 9, 1))
    assert (article.url, article.outlet) == (f"{SITE}/a.html", "Kabar Teluk")


def test_when_a_page_was_changed_isnt_when_it_was_published(tmp_path: Path) -> None:
    save(tmp_path / "a.html", bare())
    save(tmp_path / "sitemap.xml", as_sitemap([f"{SITE}/a.html"]))
    assert the_article(found(str(tmp_path))).published is None


def test_what_several_sitemaps_say_is_put_together_and_the_page_is_read_once(tmp_path: Path) -> None:
    save(tmp_path / "situs" / "berita" / "a", bare())
    for name, entry in (("a.xml", {"loc": f"{SITE}/berita/a"}), ("b.xml", {"loc": f"{SITE}/berita/a", **KNOWN})):
        save(tmp_path / "situs" / name, as_sitemap([entry, entry]))
    article = the_article(found(str(tmp_path / "situs")))
    assert (article.url, article.title, article.published) == (f"{SITE}/berita/a", "Judul & peta", DAY)


def test_the_pages_of_a_sitemap_that_is_named_are_read_in_its_order(tmp_path: Path) -> None:
    for name in "abc":
        save(tmp_path / f"{name}.html", bare(f"{ONE}\nNomor {name}."))
    save(tmp_path / "lain.html", bare(TWO))
    file = save(tmp_path / "peta", as_sitemap([f"{SITE}/{name}.html" for name in "cab"]))
    assert [item.source[-6] for item in found(file)] == ["c", "a", "b"]


def test_a_pdf_is_a_page_and_a_feed_gets_nothing(tmp_path: Path) -> None:
    save(tmp_path / "rilis.pdf", as_pdf(ONE.split("\n")))
    save(tmp_path / "arsip.zip", as_zip({"a.txt": TWO}))
    save(tmp_path / "sitemap.xml", as_sitemap([f"{SITE}/rilis.pdf", f"{SITE}/arsip.zip"]))
    assert [article.url for article in articles(found(str(tmp_path)))] == [None, f"{SITE}/rilis.pdf"]


# ------------------------------------------------------------------------------------------------ what isn't there


def test_what_isnt_on_disk_is_counted_in_one_line(tmp_path: Path) -> None:
    save(tmp_path / "a.html", bare())
    file = save(tmp_path / "sitemap.xml", as_sitemap([f"{SITE}/{name}.html" for name in ("a", "b", "c")]))
    for source in (str(tmp_path), file):
        article, remark = found(source)
        assert isinstance(article, Article)
        assert isinstance(remark, Note)
        assert str(remark.error).startswith(
            f"{file}: 2 of the 3 pages that it names aren't on disk; save them beside it"
        )


def test_a_sitemap_alone_is_no_article(tmp_path: Path) -> None:
    file = save(tmp_path / "sitemap.xml", as_sitemap([f"{SITE}/a.html"]))
    line = the_line(found(file))
    assert line == (
        f"{file}: none of the 1 pages that it names is on disk; save them beside it under their paths, as wget -x does"
    )
    assert the_line(found(str(tmp_path))) == line
    assert not isinstance(found(file)[0], Note)
    empty = save(tmp_path / "kosong.xml", as_sitemap([]))
    assert "names no pages" in the_line(found(empty))


def test_in_an_archive_and_a_pipe_a_sitemap_is_only_said(tmp_path: Path) -> None:
    data = as_zip({"a.html": bare(), "sitemap.xml": as_sitemap([f"{SITE}/a.html"])})
    article, line = found(write(tmp_path / "a.zip", data))
    assert isinstance(article, Article)
    assert "member sitemap.xml: a sitemap, which holds no text; put it beside the pages" in texts([line])[0]
    done = kg("build", "-", "-o", "a.ttl", cwd=tmp_path, stdin=as_sitemap([f"{SITE}/a.html"]))
    assert done.returncode == 2
    assert "standard input: a sitemap, which holds no text" in done.stderr


# ------------------------------------------------------------------------------------------------ indexes, packed


@pytest.mark.parametrize("packed", [False, True])
def test_an_index_leads_to_its_sitemaps(tmp_path: Path, packed: bool) -> None:
    ending, pack = (".xml.gz", as_gzip) if packed else (".xml", str.encode)
    for number in (1, 2):
        save(tmp_path / f"berita/{number}.html", bare(f"{ONE}\nNomor {number}."))
        save(
            tmp_path / f"peta/berita-{number}{ending}",
            pack(as_sitemap([{"loc": f"{SITE}/berita/{number}.html", **KNOWN}])),
        )
    names = [f"{SITE}/peta/berita-{number}{ending}" for number in (1, 2, 3)]
    index = save(tmp_path / "sitemap_index.xml", as_sitemap_index(names))
    for source in (str(tmp_path), index):
        items = found(source)
        assert [article.title for article in articles(items)] == ["Judul & peta"] * 2
        (line,) = texts(items)[2:]
        assert line.startswith(f"{index}: 1 of the 3 sitemaps that it names isn't on disk; save them beside it")


def test_indexes_that_name_each_other_end(tmp_path: Path) -> None:
    addresses = [f"{SITE}/{number}.xml" for number in range(30)]
    for number in range(30):
        save(tmp_path / f"{number}.xml", as_sitemap_index(addresses))
    assert "names no pages" in the_line(found(str(tmp_path / "0.xml")))
    for number in range(30):
        save(tmp_path / f"{number}.xml", as_sitemap(addresses))
    items = found(str(tmp_path / "0.xml"))
    assert len(items) == 30
    assert all("holds no text" in line for line in texts(items))


# ------------------------------------------------------------------------------------------------ broken and hostile


def test_a_sitemap_that_breaks_off_gives_what_lies_before(tmp_path: Path) -> None:
    save(tmp_path / "a.html", bare())
    whole = as_sitemap([{"loc": f"{SITE}/a.html", **KNOWN}, f"{SITE}/b.html"])
    file = save(tmp_path / "sitemap.xml", whole[: whole.index("b.html")])
    article, line = found(str(tmp_path))
    assert isinstance(article, Article)
    assert article.title == "Judul & peta"
    assert texts([line])[0].startswith(f"{file}: no XML in line ")
    assert "what comes after is left out" in texts([line])[0]


def test_sitemaps_as_sites_write_them(tmp_path: Path) -> None:
    save(tmp_path / "a.html", bare())
    undeclared = (
        f"\n\n<?xml version='1.0'?><urlset><url><loc><![CDATA[{SITE}/a.html]]></loc><news:news><news:title>A&amp;B"
    )
    save(tmp_path / "sitemap.xml", undeclared + "</news:title></news:news></url></urlset>")
    article = the_article(found(str(tmp_path)))
    assert (article.title, article.url) == ("A&B", f"{SITE}/a.html")


HOSTILE = [
    "../../rahasia.txt",
    "%2e%2e/%2e%2e/rahasia.txt",
    "..%2f..%2frahasia.txt",
    "..\\..\\rahasia.txt",
    "/rahasia.txt",
    ".git/rahasia.txt",
    "a/../../rahasia.txt",
    "%00",
    "x" * 5000,
    "?" + "../" * 5 + "rahasia.txt",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_no_address_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    save(tmp_path / "rahasia.txt", TWO)
    save(tmp_path / "situs" / ".git" / "rahasia.txt", TWO)
    for host in ("k.example", "..", "", ".git", "a:b", "[::1"):
        file = save(tmp_path / "situs" / "peta" / "sitemap.xml", as_sitemap([f"https://{host}/{path}"]))
        for source in (str(tmp_path / "situs"), file):
            assert articles(found(source)) == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    url=st.text(st.sampled_from("./\\:?#%[]@2ef0 aé\0https"), max_size=30).map("https://".__add__)
    | st.text(max_size=30)
)
def test_any_address_is_looked_for_below_the_folder_alone(tmp_path: Path, url: str) -> None:
    from kg.sources.saved import Saved

    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").touch()
    name = Saved(str(folder), str(tmp_path / "a")).file(url)
    assert name is None or os.path.realpath(name).startswith(os.path.realpath(tmp_path / "a"))


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><url><loc>&x;</loc></url></urlset>',
        "<urlset>" + "<a>" * 100_000,
        "<urlset><!--" + "x" * 5_000_000,
        "<urlset><url><loc>" + "x" * 5_000_000 + "</loc></url></urlset>",
        "<urlset " + " ".join(f'a{number}="1"' for number in range(200_000)) + "/>",
    ],
    ids=["entities", "outside", "deep", "comment", "long", "attributes"],
)
def test_hostile_sitemaps_are_one_line(tmp_path: Path, content: str) -> None:
    started = time.perf_counter()
    tracemalloc.start()
    line = the_line(found(save(tmp_path / "sitemap.xml", content)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(line) < 500 + len(str(tmp_path))
    assert peak < 40e6
    assert time.perf_counter() - started < 10


def test_a_packed_bomb_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "UNPACKED", 100_000)
    bomb = as_gzip("<urlset>" + f"<url><loc>{SITE}/a.html</loc></url>" * 40_000)
    assert "far more than an archive of news" in texts(found(save(tmp_path / "sitemap.xml.gz", bomb)))[0]


def test_memory_does_not_grow_with_a_sitemap(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 10_000):
        save(tmp_path / "sitemap.xml", as_sitemap([f"{SITE}/berita/{number}.html" for number in range(count)]))
        tracemalloc.start()
        assert f"none of the {count} pages" in the_line(found(str(tmp_path)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 1e6


# ------------------------------------------------------------------------------------------------ the command


def test_a_saved_site_is_built_once_and_told_by_its_addresses(tmp_path: Path) -> None:
    folder = tmp_path / "www.kabarteluk.example"
    save(folder / "berita" / "1.html", bare(ONE))
    save(folder / "berita" / "baca.php?id=2", bare(TWO))
    pages = [{"loc": f"{SITE}/berita/1.html", **KNOWN}, {"loc": f"{SITE}/berita/baca.php?id=2"}]
    save(folder / "sitemap.xml", as_sitemap(pages))
    done = kg("build", ".", "--store", "toko", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 articles read" in done.stderr
    assert "2 added" in done.stderr
    again = kg("build", "www.kabarteluk.example/sitemap.xml", "--store", "toko", cwd=tmp_path)
    assert "2 unchanged" in again.stderr


def test_the_line_of_the_guide_is_so(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "how-to" / "read-other-formats.md").read_text("utf-8")
    (said,) = re.findall(r"```text\n(note: situs.*?)```", guide, re.DOTALL)
    save(tmp_path / "situs" / "a.html", bare())
    save(tmp_path / "situs" / "sitemap.xml", as_sitemap([f"{SITE}/{name}.html" for name in "abc"]))
    assert said in kg("facts", "situs", cwd=tmp_path).stderr


# ------------------------------------------------------------------------------------------------ a real program

PATHS = [
    "/",
    "/arsip/",
    "/berita/rapat",
    "/baca.php?id=7&hal=1",
    "/berita/kota%20pesisir.html",
    "/caf%C3%A9/menu",
    "/?p=12",
]


class Site(BaseHTTPRequestHandler):
    """A site whose pages say nothing of themselves, and link to each other."""

    def do_GET(self) -> None:
        root = f"http://127.0.0.1:{self.server.server_address[1]}"
        if self.path == "/sitemap.xml":
            entries = [{"loc": f"{root}{path}", **KNOWN, "title": f"Judul {path}"} for path in PATHS]
            body, kind = as_sitemap(entries), "application/xml"
        elif self.path in PATHS:
            links = "".join(f'<a href="{html.escape(path)}">{number}</a>' for number, path in enumerate(PATHS))
            body, kind = (
                bare(f"{ONE}\nNomor {PATHS.index(self.path)}.").replace("</main>", f"</main>{links}"),
                "text/html",
            )
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget on this system")
@pytest.mark.parametrize(
    "options",
    [[], ["--adjust-extension"], ["--restrict-file-names=windows", "--adjust-extension"], ["--no-host-directories"]],
)
def test_a_site_that_wget_saved(tmp_path: Path, options: list[str]) -> None:
    with serving(Site) as root:
        command = [
            "wget",
            "--no-config",
            "--no-proxy",
            "-q",
            "-r",
            "-l",
            "2",
            *options,
            f"{root}/",
            f"{root}/sitemap.xml",
        ]
        subprocess.run(command, cwd=tmp_path, check=False)
    items = articles(found(str(tmp_path)))
    told = sorted((article.url, article.title, article.published) for article in items)
    assert told == sorted((f"{root}{path}", f"Judul {path}", DAY) for path in PATHS)
    for article in items:
        assert article.text.endswith(f"Nomor {PATHS.index(str(article.url).removeprefix(root))}.")
