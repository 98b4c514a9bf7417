"""Files that hold articles in other forms: each entry an article with what is known of it, bad ones a line each."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import itertools
import json
import os
import re
import subprocess
import sys
import time
import tracemalloc
import unicodedata
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from containers import (
    INDENTED,
    as_atom,
    as_drawn_pdf,
    as_gzip,
    as_jsonl,
    as_mail,
    as_mbox,
    as_page,
    as_pdf,
    as_rdf,
    as_rss,
    as_scan,
    as_tar,
    as_warc,
    as_zip,
    wrapped,
)
from kg.article import Unread, short_name
from kg.model import Article
from kg.sources import SUFFIXES, fields, mail, pdf
from kg.sources.dates import day_of
from kg.sources.decode import normalise
from kg.sources.item import DEPTH
from sourced import DAY, DUTCH, ONE, TWO, found, texts, the_article, the_line, write

# ------------------------------------------------------------------------------------------------ any container

LINE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=2, max_size=30).filter(
    lambda word: not re.search(r"[<&>]", word)
)
WORDS = st.lists(LINE, min_size=1, max_size=12).map(lambda words: "Kota " + " ".join(words) + " Teluk")
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map("\n".join)
CONTAINERS = {
    "txt": lambda text: text,
    "jsonl": lambda text: as_jsonl([text]),
    "json": lambda text: json.dumps([{"isi": text}]),
    "rss": lambda text: as_rss([text]),
    "atom": lambda text: as_atom([text]),
    "eml": lambda text: as_mail(text.replace("\n", "\n\n")).as_bytes(),
    "txt.gz": as_gzip,
    "zip": lambda text: as_zip({"a.txt": text}),
    "tar": lambda text: as_tar({"a.txt": text}),
    "tgz": lambda text: as_gzip(as_tar({"a.txt": text})),
    "warc.gz": lambda text: as_warc([("https://k.example/1", "text/html", as_page(text).encode())], packed=True),
}


def is_mended(text: str) -> bool:
    """Whether feedparser takes it for UTF-8 that was once read as Latin-1, as "Â¡" for "¡"."""
    try:
        return text.encode("latin-1").decode() != text
    except UnicodeError:
        return False


@pytest.mark.parametrize("ending", CONTAINERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_the_text_that_goes_into_a_container_comes_out(tmp_path: Path, ending: str, text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assume(not is_mended(text))
    item = found(write(tmp_path / f"a.{ending}", CONTAINERS[ending](text)))[0]
    if isinstance(item, Unread):
        assert "the text looks like" in str(item.error)
    else:
        assert re.sub("\n+", "\n", item.text).strip("\n") == text


@pytest.mark.parametrize("ending", CONTAINERS)
def test_a_source_is_known_by_its_content_and_cut_off_ones_end_with_a_line(tmp_path: Path, ending: str) -> None:
    content = CONTAINERS[ending](ONE)
    data = content.encode() if isinstance(content, str) else content
    named = texts(found(write(tmp_path / f"a.{ending}", data)))
    assert texts(found(write(tmp_path / "unduhan", data))) == named
    assert re.sub("\n+", "\n", named[0]).strip() == ONE
    for cut in range(0, len(data), max(1, len(data) // 40)):
        assert found(write(tmp_path / f"b.{ending}", data[:cut]))


def test_a_folder_of_all_kinds(tmp_path: Path) -> None:
    for ending, make in CONTAINERS.items():
        write(tmp_path / f"a.{ending}", make(ONE))
    write(tmp_path / "a.pdf", as_pdf(ONE.split("\n")))
    write(tmp_path / "a.csv", "tidak dibaca")
    items = found(str(tmp_path))
    assert len(items) == len(CONTAINERS) + 1
    assert {re.sub("\n+", "\n", text).strip() for text in texts(items)} == {ONE}
    assert len({item.source for item in items}) == len(items)


def test_standard_input_of_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    for ending, make in CONTAINERS.items():
        content = make(ONE)
        data = content.encode() if isinstance(content, str) else content
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        item = the_article(found("-"))
        assert item.source.startswith("-"), ending
        assert re.sub("\n+", "\n", item.text).strip() == ONE


SIGNS = "a é\u0301\t\n\r\0\x0b\x7f\x80\x85\x9f\xa0\u2028\u2029\ufeff\ufffe\uffff\ud800\udfff“K한"
ODD = st.text(st.sampled_from(SIGNS), max_size=8)


@given(ODD | st.text())
def test_texts_are_normalised_the_same_whether_most_of_it_can_be_left_out_or_not(text: str) -> None:
    lines = re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", text.removeprefix("\ufeff"))
    spaced = "".join(
        " " if (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n") or sign in "\ufffe\uffff" else sign
        for sign in lines
    )
    assert normalise(text) == unicodedata.normalize("NFC", spaced)


# ------------------------------------------------------------------------------------------------ feeds


@pytest.mark.parametrize("make", [as_rss, as_atom, as_rdf])
def test_each_entry_of_a_feed_is_an_article(tmp_path: Path, make: object) -> None:
    file = write(tmp_path / "feed.xml", make([ONE, TWO]))  # type: ignore[operator]
    first, second = found(file)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert [first.text, second.text] == [ONE, TWO]
    assert [first.title, second.title] == ["Judul 1", "Judul 2"]
    assert [first.url, second.url] == ["https://k.example/1", "https://k.example/2"]
    assert first.outlet == "Kabar Teluk"
    assert [first.source, second.source] == [f"{file}#1", f"{file}#2"]
    assert short_name(first) == "feed#1"


def test_the_day_of_a_feed_is_the_day_in_indonesia(tmp_path: Path) -> None:
    late = as_rss([ONE], date="Tue, 14 Oct 2025 23:30:00 GMT")
    assert the_article(found(write(tmp_path / "a.rss", late))).published == dt.date(2025, 10, 15)
    assert the_article(found(write(tmp_path / "b.rss", as_rss([ONE])))).published == DAY
    broken = as_rss([ONE], date="kapan-kapan")
    assert the_article(found(write(tmp_path / "c.rss", broken))).published is None


def test_a_mixed_feed_says_what_it_doesnt_read_and_goes_on(tmp_path: Path) -> None:
    file = write(tmp_path / "feed.xml", as_rss([ONE, DUTCH, "", TWO]))
    items = texts(found(file))
    assert [items[0], items[3]] == [ONE, TWO]
    assert items[1].startswith(f"{file} entry 2: the text looks like Dutch")
    assert items[2] == "Ringkasan."  # nothing else was in it


def test_an_entry_without_text_is_said(tmp_path: Path) -> None:
    feed = (
        "<rss version='2.0'><channel><item><title>Judul</title><link>https://k.example/1</link></item></channel></rss>"
    )
    assert "entry 1: no text in this entry; save the page" in the_line(found(write(tmp_path / "a.xml", feed)))
    assert "no entries in this feed" in the_line(found(write(tmp_path / "b.xml", "<rss><channel></channel></rss>")))


def test_an_entry_without_an_address_keeps_its_place_when_new_ones_come(tmp_path: Path) -> None:
    item = "<item><guid isPermaLink='false'>{}</guid><description>Rapat kota {} dibuka.</description></item>"
    feed = "<rss version='2.0'><channel>{}</channel></rss>"
    old = found(write(tmp_path / "a.xml", feed.format(item.format("k-1", "satu"))))
    new = found(write(tmp_path / "a.xml", feed.format(item.format("k-2", "dua") + item.format("k-1", "satu"))))
    assert [old[0].source] == [new[1].source]


def test_a_feed_that_breaks_the_rules_of_xml_is_read(tmp_path: Path) -> None:
    feed = as_rss([ONE]).replace("Ringkasan.", "Ringkasan&nbsp;& lainnya").replace("UTF-8", "iso-8859-1")
    assert the_article(found(write(tmp_path / "a.xml", feed))).text == ONE


def test_a_feed_that_ends_too_early_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    feed = as_rss([ONE, TWO])
    items = texts(found(write(tmp_path / "a.xml", feed[: feed.index("<item><title>Judul 2") + 30])))
    assert items[0] == ONE
    assert "ends too early" in items[-1]


def test_entities_that_expand_are_harmless(tmp_path: Path) -> None:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    )
    outside = '<!ENTITY x SYSTEM "file:///etc/hostname">'
    feed = as_rss([ONE]).replace("?>", f"?><!DOCTYPE rss [{entities}{outside}]>", 1)
    feed = feed.replace("Ringkasan.", "&m;&x;").replace("<![CDATA[<p>", "&m;&x;<![CDATA[<p>")
    started = time.perf_counter()
    items = texts(found(write(tmp_path / "a.xml", feed)))
    assert time.perf_counter() - started < 30  # the bound is far; a busy machine is slow
    assert all(len(text) < 2 * len(ONE) for text in items)
    assert not any(
        Path("/etc/hostname").read_text().strip() in text for text in items if Path("/etc/hostname").is_file()
    )


# ------------------------------------------------------------------------------------------------ JSON


@pytest.mark.parametrize("key", ["text", "content", "body", "isi", "Isi_Berita", "artikel", "articleBody", "full-text"])
def test_the_text_of_a_json_line_is_found_by_its_name(tmp_path: Path, key: str) -> None:
    more = {"judul": "Judul  A", "tanggal": "14 Oktober 2025", "link": "https://k.example/1", "sumber": "Kabar Teluk"}
    file = write(tmp_path / "a.jsonl", as_jsonl([ONE, TWO], key, **more))
    first, second = found(file)
    assert first == Article(
        ONE, f"{file}#1", title="Judul A", outlet="Kabar Teluk", url="https://k.example/1", published=DAY
    )
    assert second.source == f"{file}#2"


def test_a_field_can_be_named_also_below_others(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", json.dumps({"text": "x", "data": {"naskah_lengkap": ONE}}) + "\n")
    assert the_article(found(file, text_field="data.naskah_lengkap")).text == ONE
    assert 'no text in the field "tiada" (it has text, data)' in the_line(found(file, text_field="tiada"))


@pytest.mark.parametrize(
    "value",
    [
        [{"text": ONE}, {"text": TWO}],
        {"articles": [{"text": ONE}, {"text": TWO}]},
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [{"content_html": f"<p>{ONE}</p>"}, {"content_text": TWO}],
        },
        {"@graph": [{"@type": "NewsArticle", "articleBody": ONE}, {"@type": "NewsArticle", "articleBody": TWO}]},
    ],
    ids=["array", "articles", "json-feed", "json-ld"],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_arrays_and_objects_that_hold_articles(tmp_path: Path, value: object, indent: int | None) -> None:
    file = write(tmp_path / "a.json", json.dumps(value, indent=indent, ensure_ascii=False))
    joined = [text.replace("\n", " ") for text in texts(found(file))]
    assert joined == [ONE.replace("\n", " "), TWO.replace("\n", " ")]


def test_one_object_over_several_lines_is_one_article(tmp_path: Path) -> None:
    value = {
        "headline": "Judul",
        "publisher": {"name": "Kabar Teluk"},
        "datePublished": "2025-10-14",
        "articleBody": ONE,
    }
    file = write(tmp_path / "a.json", json.dumps(value, indent=1))
    expected = Article(ONE, file, title="Judul", outlet="Kabar Teluk", published=DAY)
    assert the_article(found(file)) == expected


def test_bad_lines_are_said_with_their_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = ['{"text": "satu', "[1]", "17", '{"jumlah": 3}', '{"text": ""}', "", as_jsonl([DUTCH]).strip()]
    file = write(tmp_path / "a.jsonl", as_jsonl([ONE]) + "\n".join(lines) + "\n" + as_jsonl([TWO]))
    first, *bad, last = texts(found(file))
    assert [first, last] == [ONE, TWO]
    expected = (
        (2, "column 10: no JSON"),
        (3, "no object; expected one with a text"),
        (4, "no object"),
        (5, "no field with a text; name it with --text-field (it has jumlah)"),
        (6, "no field with a text"),
        (8, "the text looks like Dutch"),
    )
    assert len(bad) == len(expected)
    for line, (number, reason) in zip(bad, expected, strict=True):
        assert line.startswith(f"{file} line {number}")
        assert reason in line


def test_hostile_json(tmp_path: Path) -> None:
    deep = "[" * 200_000
    assert "nested too deep" in the_line(found(write(tmp_path / "a.json", deep)))
    number = as_jsonl([ONE]) + '{"text": ' + "9" * 10_000 + "}\n"
    assert "a number too long" in texts(found(write(tmp_path / "b.jsonl", number)))[1]
    halves = '{"text": "Rapat kota \\ud800 dibuka \\u0000 di Kendari"}\n'
    assert the_article(found(write(tmp_path / "c.jsonl", halves))).text == "Rapat kota   dibuka   di Kendari"


def test_a_line_over_the_limit_is_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", as_jsonl([ONE, "x" * 5000, TWO]))
    items = texts(found(file, limit=1000))
    assert [items[0], items[2]] == [ONE, TWO]
    assert items[1].startswith(f"{file} line 2: longer than the limit")


# ------------------------------------------------------------------------------------------------ web archives


@pytest.mark.parametrize("packed", [False, True])
def test_each_page_of_a_web_archive_is_an_article(tmp_path: Path, packed: bool) -> None:
    pages = [
        ("https://k.example/1", "text/html; charset=utf-8", as_page(ONE).encode()),
        ("https://k.example/gambar.png", "image/png", b"\x89PNG..."),
        ("https://k.example/2", "text/html; charset=windows-1252", as_page(TWO + " Café").encode("windows-1252")),
        ("https://k.example/3", "text/html", as_page(DUTCH).encode()),
    ]
    file = write(tmp_path / ("a.warc.gz" if packed else "a.warc"), as_warc(pages, packed=packed))
    first, second, third = found(file)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert [first.text, second.text] == [ONE, TWO + " Café"]
    assert [first.url, first.source] == ["https://k.example/1", f"{file}#2"]
    assert texts([third])[0].startswith(f"{file} record 5: the text looks like Dutch")


def test_answers_without_success_are_no_articles(tmp_path: Path) -> None:
    page = [("https://k.example/1", "text/html", as_page(ONE).encode())]
    data = as_warc(page, status="404 Not Found")
    assert "no pages in this web archive" in the_line(found(write(tmp_path / "a.warc", data)))


def test_a_web_archive_that_is_cut_off_gives_what_lies_before(tmp_path: Path) -> None:
    page = ("https://k.example/1", "text/html", as_page(ONE).encode())
    data = as_warc([page, page, page], packed=True)
    items = texts(found(write(tmp_path / "a.warc.gz", data[:-300])))
    assert items[0] == ONE
    assert "cut off or damaged" in items[-1]


# ------------------------------------------------------------------------------------------------ e-mail


@pytest.mark.parametrize(
    ("charset", "cte"), [("utf-8", "quoted-printable"), ("utf-8", "base64"), ("windows-1252", "8bit")]
)
def test_a_release_sent_as_mail(tmp_path: Path, charset: str, cte: str) -> None:
    message = as_mail(ONE, subject="Fwd: RE: Rapat Koordinasi “Kota Pesisir”", charset=charset, cte=cte)
    article = the_article(found(write(tmp_path / "a.eml", message.as_bytes())))
    assert article.text == ONE
    assert (article.title, article.published) == ("Rapat Koordinasi “Kota Pesisir”", DAY)


def test_the_html_of_a_mail_is_read_where_the_plain_text_is_a_stand_in(tmp_path: Path) -> None:
    message = as_mail("Buka di peramban.")
    message.add_alternative(as_page(ONE), subtype="html")
    assert the_article(found(write(tmp_path / "a.eml", message.as_bytes()))).text == ONE


def test_signatures_replies_and_what_passing_on_adds_are_left_out(tmp_path: Path) -> None:
    passed_on = (
        "Untuk ditayangkan ya.\n\n---------- Forwarded message ---------\nDari: Humas <humas@k.example>\n"
        "Date: Sel, 14 Okt 2025 pukul 19.05\nSubject: Rapat Koordinasi Kota Pesisir\nTo: redaksi\n\n\n"
        f"{ONE}\n\n> kutipan lama\n\nPada Sen, 13 Okt 2025, Redaksi menulis:\n\n> halo\n\n"
        "-- \nHumas Kota Kendari\nTelp 0401\n"
    )
    article = the_article(found(write(tmp_path / "a.eml", as_mail(passed_on, subject="FYI").as_bytes())))
    assert article.text == ONE
    assert (article.title, article.published) == ("Rapat Koordinasi Kota Pesisir", DAY)


def test_lines_that_a_mail_program_broke_are_joined_and_lists_are_not(tmp_path: Path) -> None:
    broken = "\n\n".join("\n".join(wrapped(text, 380)) for text in ONE.split("\n"))
    listed = "\n\nHadir:\n1. Kota Kendari\n2. Kota Baubau\n3. Kota Bitung"
    article = the_article(found(write(tmp_path / "a.eml", as_mail(broken + listed).as_bytes())))
    assert article.text.split("\n\n") == [*ONE.split("\n"), "Hadir:\n1. Kota Kendari\n2. Kota Baubau\n3. Kota Bitung"]


def test_what_is_attached_is_read_too(tmp_path: Path) -> None:
    message = as_mail("Terlampir siaran pers hari ini.")
    message.add_attachment(as_pdf(ONE.split("\n")), maintype="application", subtype="pdf", filename="rilis.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="foto.png")
    message.add_attachment(as_mail(TWO, subject="Dalam"))
    file = write(tmp_path / "a.eml", message.as_bytes())
    own, release, inner = found(file)
    assert texts([own, release, inner]) == ["Terlampir siaran pers hari ini.", ONE, TWO]
    assert release.source == f"{file}#rilis.pdf"


def test_each_message_of_a_mailbox_is_an_article(tmp_path: Path) -> None:
    quoting = f"{TWO}\n\nFrom here on it goes on."
    file = str(as_mbox(tmp_path / "a.mbox", [as_mail(ONE), as_mail(quoting), as_mail(DUTCH)]))
    first, second, third = found(file)
    assert texts([first]) == [ONE]
    assert texts([second])[0].endswith("From here on it goes on.")
    assert [first.source, second.source] == [f"{file}#1", f"{file}#2"]
    assert texts([third])[0].startswith(f"{file} message 3: the text looks like Dutch")


def test_a_message_with_a_hundred_megabytes_attached_is_refused_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.mbox"
    head = b"From x@k.example Tue Oct 14 19:05:00 2025\nFrom: x@k.example\nSubject: A\n\n"
    with file.open("wb") as stream:
        stream.write(head)
        stream.write(b"QUJD" * 18 + b"\n")
        for _ in range(100):
            stream.write(b"\n".join([b"QUJD" * 18] * 14_000))
        stream.write(b"\n\n" + head + ONE.encode())
    tracemalloc.start()
    items = texts(found(str(file)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "message 1: longer than the limit" in items[0]
    assert items[1] == ONE
    assert peak < 80e6
    file.unlink()


def test_headers_without_end_are_refused_quickly(tmp_path: Path) -> None:
    started = time.perf_counter()
    subject = b"From: a@k.example\nSubject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\n" + ONE.encode()
    assert "headers without end" in the_line(found(write(tmp_path / "a.eml", subject)))
    kind = b"From: a@k.example\nContent-Type: text/plain; " + b"a=b; " * 50_000 + b"\n\n" + ONE.encode()
    assert "headers without end" in the_line(found(write(tmp_path / "b.eml", kind)))
    part = b"--x\nContent-Type: text/plain\n\na\n"
    many = b"From: a@k.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n" + part * 20_000
    assert "headers without end" in the_line(found(write(tmp_path / "c.eml", many)))
    nested = "".join(f"Content-Type: multipart/mixed; boundary=x{n}\n\n--x{n}\n" for n in range(1500))
    assert "nested too deep" in the_line(found(write(tmp_path / "d.eml", f"From: a\nMIME-Version: 1.0\n{nested}")))
    wide = "From: a@k.example\nSubject: A\n\n" + "rapat kota pesisir yang akan dibuka di \n" * 100_000
    assert len(the_article(found(write(tmp_path / "e.eml", wide))).text) > 3_000_000
    assert time.perf_counter() - started < 30


# ------------------------------------------------------------------------------------------------ archives


def test_archives_in_archives_and_what_isnt_read_in_them(tmp_path: Path) -> None:
    inner = as_zip({"feed.xml": as_rss([ONE, TWO]), "x.csv": "tidak dibaca", ".hidden.txt": ONE, "__MACOSX/a.txt": ONE})
    file = write(tmp_path / "a.tar.gz", as_gzip(as_tar({"2025/rilis.zip": inner, "b.txt": ONE, "kosong.txt": ""})))
    items = found(file)
    assert [item.source for item in items] == [
        f"{file}#2025/rilis.zip#feed.xml#1",
        f"{file}#2025/rilis.zip#feed.xml#2",
        f"{file}#b.txt",
        f"{file}#kosong.txt",
    ]
    assert texts(items)[:3] == [ONE, TWO, ONE]
    assert texts(items)[3].startswith(f"{file} member kosong.txt: empty")


def test_archives_without_articles_and_office_documents_are_said(tmp_path: Path) -> None:
    assert "no articles in this archive" in the_line(found(write(tmp_path / "a.zip", as_zip({"a.csv": "1"}))))
    assert "no articles in this archive" in the_line(found(write(tmp_path / "a.tar", as_tar({"a.csv": "1"}))))
    document = as_zip({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
    assert "an office document" in the_line(found(write(tmp_path / "a.zip", document)))


def test_what_holds_a_pdf_is_none(tmp_path: Path) -> None:
    release = as_pdf(ONE.split("\n"))
    assert texts(found(write(tmp_path / "a.tar", as_tar({"a.pdf": release, "b.txt": TWO})))) == [ONE, TWO]
    pages = [
        ("https://k.example/1", "application/pdf", release),
        ("https://k.example/2", "text/html", as_page(TWO).encode()),
    ]
    assert texts(found(write(tmp_path / "a.warc", as_warc(pages)))) == [ONE, TWO]


def test_of_a_packed_web_archive_the_pages_are_read_alone(tmp_path: Path) -> None:
    members = {
        "datapackage.json": '{"profile": "data-package", "wacz_version": "1.1.1"}',
        "pages/pages.jsonl": '{"format": "json-pages-1.0", "id": "pages"}\n' + as_jsonl([TWO]),
        "indexes/index.cdx.gz": as_gzip("example,k)/1 20251014190500 {}\n"),
        "archive/data.warc.gz": as_warc([("https://k.example/1", "text/html", as_page(ONE).encode())], packed=True),
    }
    article = the_article(found(write(tmp_path / "a.wacz", as_zip(members))))
    assert (article.text, article.url) == (ONE, "https://k.example/1")
    assert article.source.endswith("a.wacz#archive/data.warc.gz#2")


def test_archives_nested_too_deep_are_refused(tmp_path: Path) -> None:
    data = as_zip({"a.txt": ONE})
    for _ in range(DEPTH):
        data = as_zip({"a.zip": data})
    assert f"more than {DEPTH} archives in each other" in the_line(found(write(tmp_path / "a.zip", data)))


def test_bombs_end_quickly_with_one_line(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"".join([packer.compress(b" " * 1_000_000 + b"\n") for _ in range(1000)] + [packer.flush()])
    assert len(zeros) < 1_100_000
    started = time.perf_counter()
    tracemalloc.start()
    assert "more than the limit of 20.0 MB" in the_line(found(write(tmp_path / "a.txt.gz", zeros)))
    assert "far more than an archive of news" in the_line(found(write(tmp_path / "a.jsonl.gz", b"".join([zeros] * 1))))
    nested = as_zip({f"{number}.txt.gz": zeros for number in range(30)})
    assert all(isinstance(item, Unread) for item in found(write(tmp_path / "a.zip", nested)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 120e6
    assert time.perf_counter() - started < 60


def test_locked_and_damaged_members_dont_stop_the_others(tmp_path: Path) -> None:
    data = bytearray(as_zip({"a.txt": ONE * 3, "b.txt": TWO}))
    data[60] ^= 0xFF
    items = texts(found(write(tmp_path / "a.zip", bytes(data))))
    assert "member a.txt: cut off or damaged" in items[0]
    assert items[1] == TWO
    locked = bytearray(as_zip({"a.txt": ONE}))
    locked[6] |= 1  # the flag "encrypted", here and in the directory
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "has a password" in the_line(found(write(tmp_path / "b.zip", bytes(locked))))


def test_gzip_in_several_pieces_is_one_file(tmp_path: Path) -> None:
    half = len(ONE) // 2
    data = gzip.compress(ONE[:half].encode()) + gzip.compress(ONE[half:].encode())
    assert the_article(found(write(tmp_path / "a.gz", data))).text == ONE


# ------------------------------------------------------------------------------------------------ PDF

RELEASE = """
Jakarta, 14 Oktober 2025 - Kementerian Dalam Negeri (Kemendagri) menggelar Rapat Koordinasi Kota Pesisir bersama \
delapan pemerintah kota di Hotel Teluk Biru, Kota Kendari, Sulawesi Tenggara, Selasa.
Direktur Jenderal Bina Pembangunan Daerah, Dr. Arman Wiradinata, M.P.A., mengatakan bahwa seluruh kota pesisir \
sepakat untuk berbagi data pasang surut setiap pekan, sehingga nelayan dapat merencanakan waktu melaut.
“Laut tidak mengenal batas wilayah, jadi datanya pun tidak boleh berhenti di pagar kantor,” ujar Arman di hadapan \
para peserta yang hadir dari berbagai daerah.
Wali Kota Kendari, Hj. Waode Nurhasanah, S.T., M.Si., menambahkan, stasiun pemantau akan dibangun di dua tempat \
dengan dana hibah sebesar Rp 3,2 miliar dari Kementerian Kelautan dan Perikanan hingga tahun 2027.
Rapat ditutup oleh Sekretaris Daerah Kota Kendari setelah para peserta menandatangani kesepakatan bersama.
""".strip().split("\n")


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("style", ["spaced", "indented"])
def test_the_paragraphs_of_a_pdf(tmp_path: Path, columns: int, style: str) -> None:
    options = {} if style == "spaced" else {"style": INDENTED}
    data = as_pdf(
        RELEASE,
        columns=columns,
        title="Delapan Kota Pesisir Berbagi Data",
        letterhead=["KEMENTERIAN DALAM NEGERI", "Jalan Contoh Nomor 7, Jakarta 10110, Telepon (021) 555-0101"],
        **options,  # type: ignore[arg-type]
    )
    article = the_article(found(write(tmp_path / "a.pdf", data)))
    title = "Delapan Kota Pesisir Berbagi Data"
    assert article.text.split("\n") == ["KEMENTERIAN DALAM NEGERI", title, *RELEASE]
    assert article.title == title


@pytest.mark.parametrize("columns", [1, 2])
def test_headers_footers_and_page_numbers_are_left_out_over_pages(tmp_path: Path, columns: int) -> None:
    words = itertools.cycle("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua belas".split())
    many = [" ".join(["Hari", *itertools.islice(words, number), text]) for number in range(12) for text in RELEASE]
    data = as_pdf(many, columns=columns, header="Siaran Pers Kementerian Dalam Negeri", footer="Halaman # dari 9")
    article = the_article(found(write(tmp_path / "a.pdf", data)))
    assert "Halaman" not in article.text
    assert "Siaran Pers Kementerian" not in article.text
    assert article.text.replace("\n", " ") == " ".join(many)
    paragraphs = article.text.split("\n")
    assert len(set(paragraphs) & set(many)) >= 0.95 * len(many)  # a page's end may part one


def test_columns_that_were_written_across_are_read_one_after_the_other(tmp_path: Path) -> None:
    lines = [line for text in RELEASE * 2 for line in (*wrapped(text, 215), "")]
    half = (len(lines) + 1) // 2
    rows = list(zip(lines[:half], [*lines[half:], ""], strict=False))
    article = the_article(found(write(tmp_path / "a.pdf", as_drawn_pdf(rows, [57, 311]))))
    assert re.sub(r"\s+", " ", article.text) == " ".join(RELEASE * 2)


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    rows = [("Nama", "Jabatan"), ("Arman Wiradinata", "Direktur Jenderal"), ("Waode Nurhasanah", "Wali Kota Kendari")]
    rows += [("Nama yang hadir dari kota", "Jabatan di kota itu"), ("yang telah hadir", "untuk tahun ini")]
    article = the_article(found(write(tmp_path / "a.pdf", as_drawn_pdf(rows * 3, [57, 311]))))
    assert "Waode Nurhasanah Wali Kota Kendari" in article.text


def test_words_cut_at_the_end_of_a_line_are_whole_again(tmp_path: Path) -> None:
    text = (
        " ".join(RELEASE)
        + " Kota-kota pesisir dan desa-desa nelayan menyambutnya dengan baik bersama pemerintah provinsi."
    )
    lines = wrapped(text, 150, cut=True)
    assert sum(line.endswith("-") for line in lines) >= 4
    article = the_article(found(write(tmp_path / "a.pdf", as_drawn_pdf([(line,) for line in lines], [57]))))
    assert re.sub(r"\s+", " ", article.text) == text
    assert not re.search(r"\w-\n", article.text)


def test_doubled_words_keep_their_hyphen_at_the_end_of_a_line(tmp_path: Path) -> None:
    lines = ["Rapat itu dihadiri oleh para wali kota dari kota-", "kota pesisir, juga para nelayan dan pedagang sayur-"]
    lines += ["mayur dari Kendari, yang berharap pelabuhan itu di-", "perbaiki oleh pemerintah sebelum tahun 2027."]
    article = the_article(found(write(tmp_path / "a.pdf", as_drawn_pdf([(line,) for line in lines], [57]))))
    assert "kota-kota pesisir" in article.text
    assert "sayur-mayur dari" in article.text
    assert "diperbaiki oleh" in article.text


def test_a_scan_is_said_to_be_one(tmp_path: Path) -> None:
    assert "no text in this PDF, its pages are pictures" in the_line(found(write(tmp_path / "a.pdf", as_scan())))


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_pdf_is_one_article_or_one_line(tmp_path: Path, at: int, noise: bytes) -> None:
    data = as_pdf(RELEASE)
    at %= len(data) - 10
    items = found(write(tmp_path / "a.pdf", data[: at + 8] + noise + data[at + 8 + len(noise) :]))
    assert len(items) == 1


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-14",
        "2025-10-14T19:05:00+07:00",
        "2025-10-13T23:05:00Z",
        "2025-10-14 19:05:00",
        "2025-10-14T19:05:00.000+0700",
        "20251014",
        "2025/10/14 19:05",
        "14/10/2025",
        "14-10-2025 19:05",
        "14-Okt-2025",
        "14 Okt 2025 19:05",
        "Selasa, 14 Oktober 2025",
        "Selasa, 14 Oktober 2025 | 19:05 WIB",
        "Diterbitkan 14 Oktober 2025, 19.05 WITA",
        "Oktober 14, 2025",
        "October 14, 2025 7:05 pm",
        "Tue, 14 Oct 2025 19:05:00 +0700",
        "Tue, 14 Oct 2025 02:05:00 GMT",
        1760443500,
        1760443500000,
    ],
)
def test_dates_as_they_are_written(text: str | int) -> None:
    assert day_of(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "kemarin", "31/02/2025", "0001-01-01", "9999-12-31", "14 Brumaire 2025", True, 5, None, "x" * 500]
)
def test_broken_dates_are_none(text: object) -> None:
    assert day_of(text) is None


@given(st.text() | st.floats() | st.integers())
def test_no_date_breaks_the_reading(value: object) -> None:
    day_of(value)


# ------------------------------------------------------------------------------------------------ the command

GUIDE = Path(__file__).parents[1] / "docs" / "how-to" / "read-other-formats.md"


def run(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "KG_STORE"}
    kg = f'kg() {{ "{sys.executable}" -m kg "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", kg + command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_shell_commands_and_the_message_of_the_guide_are_so(tmp_path: Path) -> None:
    write(tmp_path / "korpus.jsonl", as_jsonl([ONE, TWO]))
    write(tmp_path / "campuran.jsonl", as_jsonl([ONE, DUTCH, TWO]))
    guide = GUIDE.read_text("utf-8")
    (command,) = re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)  # the others test_guides follows
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 articles read" in done.stderr
    mixed = run("kg build campuran.jsonl -o campuran.ttl", tmp_path)
    (said,) = re.findall(r"```text\n(kg: campuran.*?)```", guide, re.DOTALL)
    assert mixed.returncode == 2
    assert mixed.stderr.startswith(said)
    assert "2 articles read, 1 skipped" in mixed.stderr
    assert (tmp_path / "campuran.ttl").stat().st_size > 1000


def test_the_guide_names_every_ending_that_is_read() -> None:
    paragraph = GUIDE.read_text("utf-8").split("\n\n")[1]
    assert sorted(re.findall(r"`(\.\w+)`", paragraph)) == sorted(SUFFIXES)


def test_the_entries_of_a_feed_replace_themselves_in_a_store(tmp_path: Path) -> None:
    write(tmp_path / "berita.xml", as_rss([ONE, TWO]))
    assert "2 added" in run("kg build berita.xml --store toko", tmp_path).stderr
    assert "2 unchanged" in run("kg build berita.xml --store toko", tmp_path).stderr
    assert "2 unchanged" in run("cat berita.xml | kg build - --store toko", tmp_path).stderr


def test_the_lists_of_names_are_all_there() -> None:
    assert all(fields.names().values())
    assert all(getattr(mail.lists(), name) for name in mail.Lists.__slots__)
    assert pdf.lists().letterhead
    assert pdf.lists().kinds


# ------------------------------------------------------------------------------------------------ hostile pages

SENTENCE = "<p>Wali Kota Kendari membuka rapat kota pesisir yang dihadiri oleh para nelayan dari berbagai daerah.</p>"


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 50_000 + SENTENCE,
        "<ul><li>" * 20_000 + SENTENCE,
        "<b>" * 50_000 + "teks",
        '<a href="x' * 50_000,
        "<p " + " ".join(f"a{number}=1" for number in range(50_000)) + ">" + SENTENCE,
        "<!--" * 100_000 + SENTENCE,
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>" + SENTENCE * 5,
        "<p>&#0;&#xD800;&bogus;&amp;" * 1_000,
    ],
    ids=["div", "list", "bold", "unclosed", "attributes", "comments", "json-ld", "references"],
)
def test_hostile_pages_end_quickly(tmp_path: Path, page: str) -> None:
    started = time.perf_counter()
    assert len(found(write(tmp_path / "a.html", f"<!doctype html><html><body>{page}"))) == 1
    assert len(found(write(tmp_path / "a.jsonl", as_jsonl([page])))) == 1
    assert time.perf_counter() - started < 20
