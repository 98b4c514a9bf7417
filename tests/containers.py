"""Makes files of every kind that is read, of texts given; used by the tests."""

from __future__ import annotations

import gzip
import html
import io
import json
import mailbox
import sqlite3
import tarfile
import uuid
import zipfile
from collections.abc import Sequence
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph


def as_page(text: str, *, title: str = "Judul", head: str = "") -> str:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    head = f"<head><title>{title}</title>{head}</head>"
    return f"<!doctype html><html lang=id>{head}<body><main>{paragraphs}</main></body></html>"


def as_rss(texts: Sequence[str], *, date: str = "Tue, 14 Oct 2025 19:05:00 +0700") -> str:
    items = "".join(
        f"<item><title>Judul {number}</title><link>https://k.example/{number}</link><pubDate>{date}</pubDate>"
        f"<description>Ringkasan.</description><content:encoded><![CDATA[{_markup(text)}]]></content:encoded></item>"
        for number, text in enumerate(texts, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Daerah - Kabar Teluk</title><link>https://www.kabarteluk.example/</link>{items}</channel></rss>"
    )


def as_atom(texts: Sequence[str]) -> str:
    entries = "".join(
        f'<entry><title>Judul {number}</title><id>urn:x:{number}</id><link href="https://k.example/{number}"/>'
        f'<published>2025-10-14T23:30:00Z</published><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"{_markup(text)}</div></content></entry>"
        for number, text in enumerate(texts, start=1)
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Kabar Teluk</title>{entries}</feed>'


def as_rdf(texts: Sequence[str]) -> str:
    items = "".join(
        f'<item rdf:about="https://k.example/{number}"><title>Judul {number}</title><link>https://k.example/{number}</link>'
        f"<dc:date>2025-10-14T19:05:00+07:00</dc:date><description>{html.escape(text)}</description></item>"
        for number, text in enumerate(texts, start=1)
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="https://k.example/"><title>Kabar Teluk</title></channel>{items}</rdf:RDF>'
    )


def as_sitemap(entries: Sequence[str | dict[str, str]]) -> str:
    """A sitemap of addresses, or of an address with what Google's extension for news says: title, date, outlet."""
    urls = []
    for entry in entries:
        known = {"loc": entry} if isinstance(entry, str) else entry
        outlet = (
            f"<news:publication><news:name>{known['outlet']}</news:name></news:publication>"
            if "outlet" in known
            else ""
        )
        date = f"<news:publication_date>{known['date']}</news:publication_date>" if "date" in known else ""
        title = f"<news:title>{html.escape(known['title'])}</news:title>" if "title" in known else ""
        news = f"<news:news>{outlet}{date}{title}</news:news>" if outlet or date or title else ""
        image = "<image:image><image:loc>https://k.example/foto.jpg</image:loc><image:title>Foto</image:title></image:image>"
        loc = html.escape(known["loc"])
        urls.append(f"<url><loc>\n{loc} </loc><lastmod>2026-01-02T03:04:05+07:00</lastmod>{news}{image}</url>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="/main-sitemap.xsl"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/'
        f'1.1" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{"".join(urls)}</urlset>'
    )


def as_sitemap_index(addresses: Sequence[str]) -> str:
    sitemaps = "".join(f"<sitemap><loc>{html.escape(address)}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{sitemaps}</sitemapindex>'


def as_sqlite(file: Path, table: str, rows: Sequence[dict[str, Any]], *, after: str = "") -> str:
    """A database with a table of these rows, with ``after`` run on it."""
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["isi"]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(map(_quoted, columns))})")
        marks = ", ".join("?" * len(columns))
        every = [[row.get(name) for name in columns] for row in rows]
        database.executemany(f"INSERT INTO {_quoted(table)} VALUES ({marks})", every)
        database.executescript(after)
    return str(file)


def as_parquet(file: Path, rows: Sequence[dict[str, Any]], **options: Any) -> str:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist(list(rows)), file, **options)
    return str(file)


def as_arrow(file: Path, rows: Sequence[dict[str, Any]], *, chunk: int = 2) -> str:
    import pyarrow as pa

    table = pa.Table.from_pylist(list(rows))
    with pa.ipc.new_file(str(file), table.schema) as out:
        out.write_table(table, max_chunksize=chunk)
    return str(file)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _markup(text: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())


def as_jsonl(texts: Sequence[str], key: str = "text", **more: Any) -> str:
    return "".join(json.dumps({"id": 1, key: text, **more}, ensure_ascii=False) + "\n" for text in texts)


def as_mail(text: str, *, subject: str = "Siaran pers", charset: str = "utf-8", cte: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Humas <humas@k.example>"
    message["To"] = "redaksi@k.example"
    message["Subject"] = subject
    message["Date"] = "Tue, 14 Oct 2025 19:05:00 +0700"
    message.set_content(text, charset=charset, cte=cte)
    return message


def as_mbox(path: Path, messages: Sequence[EmailMessage]) -> Path:
    box = mailbox.mbox(path)
    for message in messages:
        box.add(message)
    box.close()
    return path


def as_warc(pages: Sequence[tuple[str, str, bytes]], *, packed: bool = False, status: str = "200 OK") -> bytes:
    """``pages``: address, media type, body."""
    records = [_record("warcinfo", "application/warc-fields", b"software: test\r\n")]
    for address, media_type, body in pages:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n\r\n".encode() + body
        records.append(_record("response", "application/http; msgtype=response", answer, address))
    return b"".join(gzip.compress(record, mtime=0) if packed else record for record in records)


def _record(kind: str, media_type: str, body: bytes, address: str | None = None) -> bytes:
    """A record as ISO 28500 has it."""
    target = f"WARC-Target-URI: {address}\r\n" if address else ""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n{target}"
    head += f"WARC-Date: 2025-10-15T01:02:03Z\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body + b"\r\n\r\n"


def as_zip(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def as_tar(files: dict[str, str | bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def as_gzip(data: str | bytes) -> bytes:
    return gzip.compress(data.encode() if isinstance(data, str) else data, mtime=0)


# ------------------------------------------------------------------------------------------------ PDF

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=14, spaceAfter=8, alignment=4)
BIG = ParagraphStyle("big", parent=BODY, fontName="Helvetica-Bold", fontSize=16, leading=20, alignment=1)
INDENTED = ParagraphStyle("indented", parent=BODY, spaceAfter=0, firstLineIndent=24)


def as_pdf(
    paragraphs: Sequence[str],
    *,
    columns: int = 1,
    title: str | None = None,
    letterhead: Sequence[str] = (),
    header: str | None = None,
    footer: str | None = None,
    style: ParagraphStyle = BODY,
) -> bytes:
    """``header`` and ``footer`` stand on every page, ``letterhead`` on the first; "#" is the page's number."""

    def decorate(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        for text, height in ((header, A4[1] - 1.2 * cm), (footer, 1.2 * cm)):
            if text:
                canvas.drawCentredString(A4[0] / 2, height, text.replace("#", str(document.page)))
        if document.page == 1:
            for number, line in enumerate(letterhead):
                canvas.setFont("Helvetica-Bold" if number == 0 else "Helvetica", 13 if number == 0 else 8)
                canvas.drawCentredString(A4[0] / 2, A4[1] - 2 * cm - 14 * number, line)
        canvas.restoreState()

    out = io.BytesIO()
    gap, width = 1 * cm, A4[0] - 4 * cm
    each = (width - gap * (columns - 1)) / columns
    frames = [Frame(2 * cm + number * (each + gap), 2 * cm, each, A4[1] - 6 * cm) for number in range(columns)]
    document = BaseDocTemplate(out, pagesize=A4, title="untitled", invariant=1)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=decorate))
    head = [Paragraph(html.escape(title), BIG)] if title else []
    document.build([*head, *(Paragraph(html.escape(text), style) for text in paragraphs)])
    return out.getvalue()


def wrapped(text: str, width: float, *, cut: bool = False, font: str = "Helvetica", size: float = 10) -> list[str]:
    """The lines of a text in a column; with ``cut``, words are cut with a hyphen where they don't fit."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pdfmetrics.stringWidth(longer, font, size) <= width:
            line = longer
            continue
        half = len(word) // 2
        start = f"{line} {word[:half]}-".strip()
        if cut and len(word) > 7 and word.isalpha() and pdfmetrics.stringWidth(start, font, size) <= width:
            lines.append(start)
            line = word[half:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def as_drawn_pdf(rows: Sequence[Sequence[str]], lefts: Sequence[float], *, size: float = 10) -> bytes:
    """Cell after cell of each row, as programs write that know no columns."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", size)
    for number, row in enumerate(rows):
        for left, cell in zip(lefts, row, strict=False):
            if cell:
                canvas.drawString(left, A4[1] - 3 * cm - number * 1.3 * size, cell)
    canvas.save()
    return out.getvalue()


def as_scan() -> bytes:
    """A page with a picture only."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.rect(2 * cm, 2 * cm, 10 * cm, 20 * cm, fill=1)
    canvas.save()
    return out.getvalue()
