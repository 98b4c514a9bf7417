"""Sources -> Articles: what is read as what, and one clear line for each thing that can't be read."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.article import Unread, read_article, read_sources
from kg.errors import InputError, LanguageError
from kg.language import languages
from kg.model import Article
from kg.resources import path

PAGES = Path(__file__).parent / "data" / "pages"
TEXT = "Wali Kota Kendari membuka rapat “kota pesisir” di Kendari, Selasa (14/10/2025).\n"
MALAY = """
Datuk Bandar berkata mesyuarat itu diadakan kerana penduduk mahu bahawa sungai di bandar raya itu dibersihkan. Beliau
berkata pelbagai agensi kerajaan telah bersetuju, iaitu agensi yang menjaga saliran, manakala pihak swasta akan menaja
peralatan. Menerusi rancangan itu, hendaklah setiap daerah menghantar laporan semasa mesyuarat bulan hadapan.
"""
DUTCH = """
De burgemeester van de stad heeft gisteren met de minister gesproken over het water in de haven. Volgens hem is het niet
genoeg om de dijken te verhogen, want de stad zakt ook nog. De gemeente wil dat er meer geld komt voor het onderhoud.
"""
JAPANESE = (
    "市長は昨日、港の水位について大臣と話し合いました。市は堤防のために予算を増やすよう求めています。会議は来月も開かれます。"
    * 2
)
ENGLISH = """
The mayor of Kendari said on Tuesday that eight coastal cities have agreed to share their tide data every week. It was
not clear when the ministry would open the stations, but the money has been set aside for this year and the next.
"""


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def refusal(source: str, **options: Any) -> str:
    """The one line with which a source is refused."""
    with pytest.raises(InputError) as caught:
        read_article(source, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Without root's rights, where the tests have them; ``folder`` can be reached."""
    if os.geteuid() != 0:
        yield
        return
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == 0 and len(parent.parts) > 2:
            parent.chmod(parent.stat().st_mode | 0o011)
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


# ------------------------------------------------------------------------------------------------ text files


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")) | st.just("\n"), min_size=1))
def test_the_text_of_a_clean_utf8_file_is_its_content(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    content = unicodedata.normalize("NFC", "Kota " + text)
    file = write(tmp_path_factory.getbasetemp() / "clean.txt", content)
    try:
        article = read_article(file)
    except LanguageError:
        return
    assert article.text == content


def test_an_article_names_its_source_and_nothing_that_it_doesnt_say(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", TEXT)
    assert read_article(file) == Article(text=TEXT, source=file)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (TEXT.encode("utf-8-sig"), TEXT),
        (TEXT.encode("utf-16"), TEXT),
        (TEXT.encode("utf-16-le"), TEXT),
        (TEXT.encode("utf-16-be"), TEXT),
        (TEXT.encode("utf-32"), TEXT),
        (TEXT.encode("windows-1252"), TEXT),
        (b"satu\r\ndua\rtiga\xc2\x85empat\n\n\n", "satu\ndua\ntiga\nempat\n\n\n"),
        (b"satu\x0cdua\ttiga\x1b", "satu dua\ttiga "),
        ("cafe\u0301 di Solo".encode(), "caf\xe9 di Solo"),
    ],
    ids=["utf-8-bom", "utf-16-bom", "utf-16-le", "utf-16-be", "utf-32", "windows-1252", "line-ends", "controls", "nfc"],
)
def test_encodings_and_line_ends(tmp_path: Path, content: bytes, text: str) -> None:
    assert read_article(write(tmp_path / "a.txt", content)).text == text


def test_a_declared_encoding_is_kept_to(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", TEXT.encode("mac_roman"))
    assert read_article(file, encoding="mac_roman").text == TEXT
    assert "line 1, byte 32: not ascii" in refusal(file, encoding="ascii")
    assert '"klingon" is no encoding' in refusal(file, encoding="klingon")


def test_utf8_with_a_damaged_byte_is_refused_with_its_place(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", ("Baris satu\n" + 3 * TEXT).encode().replace(b"pesisir\xe2", b"pesisir\xff", 1))
    assert "a.txt line 2, byte 58: a byte that isn't UTF-8" in refusal(file)


# ------------------------------------------------------------------------------------------------ front matter


def test_front_matter_is_taken_off_the_text(tmp_path: Path) -> None:
    head = '---\ntitle: "Judul: berita"\noutlet: Kabar Teluk\ndate: 2025-10-14\nurl: https://k.example/1\n---\n'
    file = write(tmp_path / "a.txt", head + TEXT)
    assert read_article(file) == Article(
        text=TEXT,
        source=file,
        title="Judul: berita",
        outlet="Kabar Teluk",
        url="https://k.example/1",
        published=dt.date(2025, 10, 14),
    )


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("title: Judul", "line 1: the front matter has no end"),
        ("judul: Berita\n---", 'line 2: "judul" is no field; expected one of title, outlet, date, url, language'),
        ("title: A\nsebaris teks\n---", 'line 3: "sebaris teks" is no field'),
        ("title: A\n\ntitle: B\n---", "line 4: title is given twice"),
        ("date: 14/10/2025\n---", 'line 2: date "14/10/2025" is no date; expected YYYY-MM-DD'),
        ("date: 2025-02-31\n---", 'line 2: date "2025-02-31" is no date'),
        ("url: k.example/1\n---", 'line 2: url "k.example/1" is no address'),
        ("outlet:\n---", 'line 2: outlet "" is empty'),
        ("language: ms\n---", 'line 2: language "ms" isn\'t read; expected id or en'),
    ],
)
def test_a_mistake_in_front_matter_is_refused_with_its_line(tmp_path: Path, head: str, message: str) -> None:
    assert message in refusal(write(tmp_path / "a.txt", f"---\n{head}\n{TEXT}"))


def test_front_matter_alone_is_no_article(tmp_path: Path) -> None:
    assert "no text after the front matter" in refusal(write(tmp_path / "a.txt", "---\ntitle: A\n---\n \n"))


# ------------------------------------------------------------------------------------------------ pages


@pytest.mark.parametrize("case", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_page(case: Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_text("utf-8"))
    article = read_article(case)
    assert article.text.split("\n") == expected.pop("text")
    published = article.published.isoformat() if article.published else None
    found = {"title": article.title, "outlet": article.outlet, "url": article.url, "published": published}
    assert found | {"language": article.language} == expected


def test_a_page_is_known_by_its_content(tmp_path: Path) -> None:
    page = (PAGES / "paragraphs.html").read_bytes()
    assert read_article(write(tmp_path / "unduhan", page)).text == read_article(PAGES / "paragraphs.html").text


def test_a_page_is_decoded_by_its_own_charset(tmp_path: Path) -> None:
    page = f"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>{TEXT}Kota д"
    file = write(tmp_path / "a.html", page.replace("“", "").replace("”", "").encode("koi8-r"))
    assert read_article(file).text.endswith("Kota д")


@pytest.mark.parametrize("page", ["<html><body></body></html>", "<html><script>x()</script>", "<!doctype html><p><b>"])
def test_a_page_without_an_article_is_refused(tmp_path: Path, page: str) -> None:
    assert "no article found on the page" in refusal(write(tmp_path / "a.html", page))


def test_a_cut_off_page_gives_what_it_has(tmp_path: Path) -> None:
    page = (PAGES / "paragraphs.html").read_text("utf-8")
    article = read_article(write(tmp_path / "a.html", page[: page.index("delapan kota")]))
    assert article.text.startswith("KENDARI, KabarTeluk.id - Pemerintah Kota Kendari menjadi tuan rumah")


# ------------------------------------------------------------------------------------------------ language


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        (MALAY, "Malay"),
        (DUTCH, "Dutch"),
        (JAPANESE, "Japanese"),
        ("blorp zink fnord quux " * 20, "isn't known"),
    ],
    ids=["malay", "dutch", "japanese", "unknown"],
)
def test_a_text_in_another_language_is_refused_with_the_guess(tmp_path: Path, text: str, guess: str) -> None:
    file = write(tmp_path / "a.txt", text)
    with pytest.raises(LanguageError, match=f"a.txt: the text looks like .*{guess}.*Indonesian or English"):
        read_article(file)


def test_english_is_told_from_indonesian_and_short_texts_pass(tmp_path: Path) -> None:
    assert read_article(write(tmp_path / "a.txt", ENGLISH)).language == "en"
    assert read_article(write(tmp_path / "b.txt", "De burgemeester heeft gesproken.")).language == "id"
    assert read_article(write(tmp_path / "c.txt", f"---\nlanguage: id\n---\n{MALAY}")).language == "id"


def test_the_function_words_are_all_there() -> None:
    sizes = {language.code: len(language.words) for language in languages().languages}
    assert len(sizes) == 14
    assert min(sizes.values()) >= 25
    assert [language.code for language in languages().languages if language.read] == ["id", "en"]


# ------------------------------------------------------------------------------------------------ what can't be read


def test_missing_files_are_refused_with_the_names_near_them(tmp_path: Path) -> None:
    write(tmp_path / "kota-cerdas.txt", TEXT)
    assert f"no such file; did you mean {tmp_path}/kota-cerdas.txt?" in refusal(str(tmp_path / "kota-cerdaz.txt"))
    assert refusal(str(tmp_path / "xyz")).endswith("no such file")
    assert "the folder" in refusal(str(tmp_path / "tiada" / "a.txt"))
    assert "nothing is fetched here" in refusal("https://k.example/1")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"Kota\x00\x01\x02\xff\xfe", "binary data"),
        (bytes(range(1, 9)) * 20, "binary data"),
        (b"%PDF-1.7\n...", "a PDF that is cut off or damaged"),
        (b"PK\x03\x04...", "a ZIP archive that is cut off or damaged"),
        (b"{\\rtf1 Kota", "an RTF document, not text"),
    ],
)
def test_empty_and_binary_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    assert message in refusal(write(tmp_path / "a.txt", content))


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "besar.txt"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)  # a hole: takes no room on the disk
    assert "50.0 MB, over the limit of 20.0 MB; split it" in refusal(str(file))
    assert read_article(write(tmp_path / "a.txt", TEXT), limit=len(TEXT.encode())).text == TEXT
    assert "over the limit" in refusal(str(tmp_path / "a.txt"), limit=len(TEXT.encode()) - 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_doesnt_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.txt")
    assert "not a regular file" in refusal(str(tmp_path / "pipa.txt"))


def test_a_folder_isnt_one_article(tmp_path: Path) -> None:
    assert "a folder; give a file" in refusal(str(tmp_path))


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("a.txt")
    assert "leads back to itself" in refusal(str(tmp_path / "a.txt"))


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="this system has no rights to give up")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "rahasia.txt", TEXT)
    Path(file).chmod(0)
    with as_nobody(tmp_path):
        assert "no permission to read it" in refusal(file)


def test_a_name_with_odd_characters_stays_on_one_line(tmp_path: Path) -> None:
    assert "a\\nb\\udcff.txt: no such file" in refusal(str(tmp_path / "a\nb\udcff.txt"))


# ------------------------------------------------------------------------------------------------ many sources


def test_a_folder_is_read_with_all_below_it_sorted_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/y.HTM", ".hidden.txt", ".git/x.txt", "c.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, f"<html><p>{TEXT}</html>" if name.endswith("HTM") else TEXT)
    found = [article.source for article in read_sources([str(tmp_path)])]
    assert found == [str(tmp_path / name) for name in ("a/y.HTM", "a/z.md", "b.txt")]


def test_one_bad_source_doesnt_stop_the_others(tmp_path: Path) -> None:
    good, empty = write(tmp_path / "good.txt", TEXT), write(tmp_path / "empty.txt", "")
    found = list(read_sources([empty, str(tmp_path / "missing"), good]))
    assert [type(item) for item in found] == [Unread, Unread, Article]
    assert [item.source for item in found] == [empty, str(tmp_path / "missing"), good]


def test_a_folder_without_articles_is_said(tmp_path: Path) -> None:
    (unread,) = read_sources([str(tmp_path)])
    assert isinstance(unread, Unread)
    assert "no articles in this folder; expected files ending in .arrow, .atom, .db, .eml, .feather, .gz, .htm," in str(
        unread.error
    )


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", TEXT)
    (tmp_path / "loop").symlink_to(tmp_path)
    article, unread = read_sources([str(tmp_path)])
    assert isinstance(article, Article)
    assert isinstance(unread, Unread)
    assert "loop: a link back to a folder above it" in str(unread.error)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="this system has no rights to give up")
def test_a_folder_without_permission_doesnt_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(0)
    write(tmp_path / "b.txt", TEXT)
    with as_nobody(tmp_path):
        (tmp_path / "b.txt").read_text()
        found = list(read_sources([str(tmp_path / "a"), str(tmp_path / "b.txt")]))
    assert [type(item) for item in found] == [Unread, Article]


def test_the_sample_articles_are_read() -> None:
    found = list(read_sources([str(path("data/articles"))]))
    assert len(found) >= 8
    assert {(type(item), getattr(item, "language", None)) for item in found} == {(Article, "id")}


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("windows-1252"))))
    assert list(read_sources(["-"])) == [Article(text=TEXT, source="-")]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 11)))
    assert "standard input: more than the limit" in refusal("-", limit=10)
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input: closed" in refusal("-")
