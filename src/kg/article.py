"""Files, folders, pages and standard input -> Articles.

An article's text is what its source holds, changed in four ways only: its encoding is undone and a byte order mark at
the start dropped; line ends become ``\\n``; each control character but the tab becomes a space; the whole is put into
Unicode NFC. For a UTF-8 file in NFC with ``\\n`` the text is the file's content, and offsets into the one hold in the
other. Two sources give less than their content: front matter is taken off, and of a page the main text is taken.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence

from kg.decode import HEAD, decode, normalise
from kg.errors import InputError, LanguageError
from kg.language import language_of
from kg.model import Article
from kg.source import Unread, files, read_bytes, shown

__all__ = ["LIMIT", "Unread", "read_article", "read_sources"]

LIMIT = 20_000_000  # bytes of one source: a thousand times a long article
FENCE = "---"  # the line before and after front matter
FIELD = re.compile(r"([A-Za-z_-]+)\s*:\s*(.*?)\s*")
FIELDS = ("title", "outlet", "date", "url", "language")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ADDRESS = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")  # what an IRI may hold
PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def read_sources(
    sources: Sequence[str], *, encoding: str | None = None, limit: int = LIMIT
) -> Iterator[Article | Unread]:
    """The articles of files, folders, pages and ``-`` (standard input), in order; a folder's sorted by path.

    What can't be read comes as an Unread in its place. ``limit``: bytes of one source.
    """
    for source in sources:
        for file in files(source):
            yield file if isinstance(file, Unread) else _read(file, encoding, limit)


def _read(file: str, encoding: str | None, limit: int) -> Article | Unread:
    try:
        return read_article(file, encoding=encoding, limit=limit)
    except InputError as error:
        return Unread(shown(file), error)


def read_article(source: str | os.PathLike[str], *, encoding: str | None = None, limit: int = LIMIT) -> Article:
    """The article of one file or of ``-``, standard input. ``limit``: bytes.

    Raises InputError where it can't be read, LanguageError where it is in a language that the rules don't read.
    """
    file = os.fspath(source)
    name = shown(file)
    text = decode(read_bytes(file, limit), name, encoding=encoding)
    if not text.strip():
        raise InputError(f"{name}: empty; give a file with the article's text")
    if file.casefold().endswith((".html", ".htm")) or PAGE.match(text, 0, HEAD):
        return _from_page(text, name)
    return _from_text(text, name)


def _from_text(text: str, name: str) -> Article:
    fields, body = _front_matter(text, name)
    if not body.strip():
        raise InputError(f"{name}: no text after the front matter; give the article's text there")
    day = fields.get("date")
    return Article(
        text=body,
        source=name,
        title=fields.get("title"),
        outlet=fields.get("outlet"),
        url=fields.get("url"),
        published=dt.date.fromisoformat(day) if day else None,
        language=fields.get("language") or _language(body, name),
    )


def _from_page(html: str, name: str) -> Article:
    from kg.page import read_page

    page = read_page(html)
    text = normalise(page.text)  # character references may stand for anything
    if not text.strip():
        raise InputError(f"{name}: no article found on the page; save the article's text as a .txt file")
    return Article(
        text=text,
        source=name,
        title=page.title,
        outlet=page.outlet,
        url=page.url if page.url and ADDRESS.fullmatch(page.url) else None,
        published=page.published,
        language=_language(text, name, page.language),
    )


def _language(text: str, name: str, declared: str | None = None) -> str:
    try:
        return language_of(text, declared=declared)
    except LanguageError as error:
        raise LanguageError(f"{name}: {error}") from error


def _front_matter(text: str, name: str) -> tuple[dict[str, str], str]:
    """The fields between two lines ``---`` at the start of a text, and what comes after them."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return {}, text
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), None)
    if end is None:
        raise InputError(f"{name} line 1: the front matter has no end; put a line {FENCE} after it")
    fields: dict[str, str] = {}
    for number, line in enumerate(lines[1:end], start=2):
        if line.strip():
            key, value = _field(line, f"{name} line {number}")
            if key in fields:
                raise InputError(f"{name} line {number}: {key} is given twice; take one out")
            fields[key] = value
    return fields, "\n".join(lines[end + 1 :])


def _field(line: str, place: str) -> tuple[str, str]:
    match = FIELD.fullmatch(line)
    known = ", ".join(FIELDS)
    if not match:
        raise InputError(f'{place}: "{line.strip()}" is no field; expected "name: value" with one of {known}')
    key, value = match[1].casefold(), _unquoted(match[2])
    if key not in FIELDS:
        raise InputError(f'{place}: "{match[1]}" is no field; expected one of {known}')
    problem = _problem(key, value)
    if problem:
        raise InputError(f'{place}: {key} "{value}" {problem}')
    return key, value


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
    return value[1:-1].strip() if is_quoted else value


def _problem(key: str, value: str) -> str | None:
    """What is wrong with a field's value, and what to do."""
    if not value:
        return "is empty; give a value, or take the line out"
    if key == "date" and not _is_day(value):
        return "is no date; expected YYYY-MM-DD, as in 2025-11-10"
    if key == "url" and not ADDRESS.fullmatch(value):
        return "is no address; expected one that begins with https:// or http://"
    if key == "language" and value not in ("id", "en"):
        return "isn't read; expected id or en"
    return None


def _is_day(value: str) -> bool:
    if not DAY.fullmatch(value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True
