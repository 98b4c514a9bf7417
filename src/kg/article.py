"""Files, folders, pages, feeds, archives, messages and standard input -> Articles.

An article's text is what its source holds, changed in four ways only: its encoding is undone and a byte order mark at
the start dropped; line ends become ``\\n``; each control character but the tab becomes a space; the whole is put into
Unicode NFC. For a UTF-8 file in NFC with ``\\n`` the text is the file's content, and offsets into the one hold in the
other. Other formats give less than their content: each module of ``kg.sources`` says what it takes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import InputError, LanguageError
from kg.language import language_of
from kg.model import Article
from kg.sources import Draft, Note, Options, Place, Progress, Unread, read
from kg.sources.item import LIMIT

__all__ = ["LIMIT", "Note", "Progress", "Unread", "read_article", "read_sources", "short_name"]


def read_sources(
    sources: Sequence[str],
    *,
    encoding: str | None = None,
    limit: int = LIMIT,
    text_field: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Article | Unread]:
    """The articles of files, folders and ``-`` (standard input), in order; a folder's sorted by path.

    What can't be read comes as an Unread in its place; a Note is one of which nothing failed. ``limit``: bytes of one
    article's source. ``text_field``: the field of JSON, or the column of a table, that holds the text. ``progress`` is
    told how many bytes are read.
    """
    for item in read(sources, Options(encoding, text_field, limit), progress):
        yield item if isinstance(item, Unread) else _article(item)


def read_article(source: str | os.PathLike[str], *, encoding: str | None = None, limit: int = LIMIT) -> Article:
    """The article of one file or of ``-``, standard input. ``limit``: bytes.

    Raises InputError where it can't be read or holds several, LanguageError where it is in a language that the rules
    don't read.
    """
    file = os.fspath(source)
    if os.path.isdir(file):
        raise InputError(f"{Place(file)}: a folder; give a file")
    found = (item for item in read_sources([file], encoding=encoding, limit=limit) if not isinstance(item, Note))
    item = next(found)
    if isinstance(item, Unread):
        raise item.error
    if next(found, None) is not None:
        raise InputError(f"{Place(file)}: holds several articles; read them with read_sources")
    return item


def short_name(article: Article) -> str:
    """A name for tables: the file's without folder and ending, with its place in the file: ``feed#3``."""
    file, sign, inside = article.source.partition("#")
    return f"{Path(file).stem}{sign}{inside}"


def _article(draft: Draft) -> Article | Unread:
    known = draft.known
    try:
        language = known.language if draft.is_told else language_of(draft.text, declared=known.language)
    except LanguageError as error:
        return Unread(draft.place.source, LanguageError(f"{draft.place}: {error}"))
    return Article(
        text=draft.text,
        source=draft.place.source,
        title=known.title,
        outlet=known.outlet,
        url=known.url,
        published=known.published,
        language=language or "id",
    )
