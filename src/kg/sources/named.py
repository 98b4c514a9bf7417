"""What sitemaps know of the pages that lie beside them on disk.

A sitemap holds no text. Those of a folder are gone through before it is read: each page that one names, and that
``kg.sources.saved`` finds, gets what they say of it. Pages that no ending shows as such are read for their sake. All of
it lies in a temporary database on disk, as a site's sitemaps may name millions of pages.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kg.errors import InputError
from kg.sources import gzipped
from kg.sources.begun import begun
from kg.sources.decode import glance
from kg.sources.files import files, opened
from kg.sources.item import RATIO, UNPACKED, Allowance, Input, Known, Note, Place, Unread, address
from kg.sources.saved import Saved
from kg.sources.urlset import LOOKS, Entry, entries

ENDINGS = (".xml", ".xml.gz")  # of the files in a folder that may be sitemaps
PACKED = b"\x1f\x8b"
SAVE = "save them beside it under their paths, as wget -x does"
TABLES = """
CREATE TABLE page (
    number INTEGER PRIMARY KEY, file BLOB UNIQUE, name BLOB, sitemap BLOB, is_listed INTEGER,
    url TEXT, title TEXT, outlet TEXT, published TEXT, language TEXT
);
CREATE INDEX unlisted ON page (sitemap, number) WHERE NOT is_listed;
CREATE TABLE line (number INTEGER PRIMARY KEY, sitemap BLOB, line TEXT, is_note INTEGER);
CREATE INDEX of_sitemap ON line (sitemap);
CREATE TABLE sitemap (file BLOB PRIMARY KEY) WITHOUT ROWID;
"""
ADD = """
INSERT INTO page (file, name, sitemap, is_listed, url, title, outlet, published, language)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (file) DO UPDATE SET
    url = coalesce(url, excluded.url), title = coalesce(title, excluded.title),
    outlet = coalesce(outlet, excluded.outlet), published = coalesce(published, excluded.published),
    language = coalesce(language, excluded.language)
"""
KNOWN = "SELECT title, outlet, url, published, language FROM page WHERE file = ?"


@dataclass(slots=True)
class Tally:
    """What a sitemap names, and how much of it is on disk."""

    pages: int = 0
    pages_found: int = 0
    sitemaps: int = 0
    sitemaps_found: int = 0


class Named:
    """The pages that sitemaps name; what several say of one is put together, the first of them first."""

    def __init__(self) -> None:
        self.is_empty = True

    @cached_property
    def database(self) -> sqlite3.Connection:
        """A file of its own, gone when it is closed; made with the first sitemap."""
        self.is_empty = False
        database = sqlite3.connect("", isolation_level=None)
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLES}")
        return database

    def close(self) -> None:
        """Let go of it."""
        if not self.is_empty:
            self.database.close()

    def holds(self, sitemap: str) -> bool:
        """Whether this file is one of the sitemaps."""
        return not self.is_empty and self._one("SELECT 1 FROM sitemap WHERE file = ?", sitemap) is not None

    def known(self, file: str) -> Known:
        """What the sitemaps say of a file."""
        row = None if self.is_empty else self._one(KNOWN, file)
        if row is None:
            return Known()
        title, outlet, url, published, language = row
        return Known(title, outlet, url, published and dt.date.fromisoformat(published), language)

    def unlisted(self, sitemap: str) -> Iterator[tuple[float, str]]:
        """The pages that are read for a sitemap's sake, in its order, each with the share of them that is before it."""
        found = self._one("SELECT count(*) FROM page WHERE sitemap = ? AND NOT is_listed", sitemap)
        query = "SELECT name FROM page WHERE sitemap = ? AND NOT is_listed ORDER BY number"
        for number, (name,) in enumerate(self.database.execute(query, (_key(sitemap),))):
            yield number / found[0], os.fsdecode(name)

    def lines(self, sitemap: str) -> Iterator[Unread]:
        """What is to be said of a sitemap."""
        query = "SELECT line, is_note FROM line WHERE sitemap = ? ORDER BY number"
        for line, is_note in self.database.execute(query, (_key(sitemap),)):
            yield (Note if is_note else Unread)(sitemap, InputError(line))

    def add(self, sitemap: str, file: str, entry: Entry, *, is_listed: bool) -> None:
        """A page that a sitemap names."""
        known, day = entry.known, entry.known.published
        values = (address(entry.url), known.title, known.outlet, day and day.isoformat(), known.language)
        self.database.execute(ADD, (_key(file), os.fsencode(file), _key(sitemap), is_listed, *values))

    def finish(self, sitemap: str, lines: Sequence[tuple[str, bool]]) -> None:
        """A sitemap's end: what is to be said of it, and whether that is a mere note."""
        self.database.execute("INSERT OR IGNORE INTO sitemap VALUES (?)", (_key(sitemap),))
        rows = [(_key(sitemap), line, is_note) for line, is_note in lines]
        self.database.executemany("INSERT INTO line (sitemap, line, is_note) VALUES (?, ?, ?)", rows)

    def _one(self, query: str, file: str) -> Any:
        return self.database.execute(query, (_key(file),)).fetchone()


@contextmanager
def named_in(source: str, suffixes: tuple[str, ...]) -> Iterator[Named]:
    """What the sitemaps of a source know: of a folder those in it, of a file that is a sitemap itself."""
    is_folder = os.path.isdir(source)
    with closing(Named()) as named:
        for file in files(source, ENDINGS) if is_folder else [source] if os.path.isfile(source) else []:
            if isinstance(file, str):
                _survey(file, source if is_folder else None, suffixes, named)
        yield named


def _survey(file: str, root: str | None, suffixes: tuple[str, ...], named: Named) -> None:
    """Go through a file, if it is a sitemap. In a folder the other sitemaps that it names are gone through anyway."""
    try:
        with _sitemap(file) as source:
            if source is not None:
                _Survey(file, root, suffixes, named).run(source)
    except (InputError, OSError):
        return  # what is wrong with the file, reading it says


@contextmanager
def _sitemap(file: str) -> Iterator[Input | None]:
    """A sitemap, unpacked; None for a file that is none."""
    with opened(file) as (stream, size):
        source = Input(Place(file), stream, allowance=Allowance(max(UNPACKED, RATIO * (size or 0))), size=size)
        head, source = begun(source)
        if head.startswith(PACKED):
            head, source = begun(next(gzipped.read(source)))
        yield source if LOOKS.match(glance(head)) else None


@dataclass(slots=True)
class _Survey:
    """Of one sitemap: which of its addresses are on disk. Without a root, those of the sitemaps that it names too."""

    sitemap: str
    root: str | None
    suffixes: tuple[str, ...]
    named: Named
    tally: Tally = field(default_factory=Tally)
    problems: list[str] = field(default_factory=list)

    def run(self, source: Input) -> None:
        """Note all of it, with what is to be said."""
        self._add(source)
        lines = [(problem, False) for problem in self.problems]
        self.named.finish(self.sitemap, [*lines, *(() if lines else self._remarks())])

    def _add(self, source: Input, *, is_named: bool = False) -> None:
        """The addresses of a sitemap, or of one that it names: those of others that one names aren't followed."""
        folders = dict.fromkeys(os.path.dirname(file) for file in (self.sitemap, source.place.file))
        saved = [Saved(folder, self.root) for folder in folders]
        try:
            for entry in entries(source):
                file = next((found for each in saved if (found := each.file(entry.url))), None)
                if not entry.is_sitemap:
                    self._add_page(entry, file)
                elif not is_named:
                    self._add_sitemap(file)
        except InputError as error:
            self.problems.append(str(error))

    def _add_page(self, entry: Entry, file: str | None) -> None:
        self.tally.pages += 1
        if file is not None:
            self.tally.pages_found += 1
            is_listed = self.root is not None and file.casefold().endswith(self.suffixes)
            self.named.add(self.sitemap, file, entry, is_listed=is_listed)

    def _add_sitemap(self, file: str | None) -> None:
        self.tally.sitemaps += 1
        if file is not None:
            self.tally.sitemaps_found += 1
            if self.root is None:
                with _sitemap(file) as other:
                    if other is not None:
                        self._add(other, is_named=True)

    def _remarks(self) -> Iterator[tuple[str, bool]]:
        """The lines about what isn't on disk: mere notes, where some of it is."""
        place, tally = Place(self.sitemap), self.tally
        found = tally.pages_found + tally.sitemaps_found
        if not tally.pages and (not tally.sitemaps or (self.root is None and found)):
            yield f"{place}: names no pages; nothing to read", False
        if tally.sitemaps_found < tally.sitemaps:
            yield f"{place}: {_missing('sitemaps', tally.sitemaps, tally.sitemaps_found)}; {SAVE}", found > 0
        if tally.pages_found < tally.pages:
            yield f"{place}: {_missing('pages', tally.pages, tally.pages_found)}; {SAVE}", tally.pages_found > 0


def _key(file: str) -> bytes:
    return os.fsencode(os.path.normpath(file))


def _missing(what: str, all_of_them: int, found: int) -> str:
    if not found:
        return f"none of the {all_of_them} {what} that it names is on disk"
    missing = all_of_them - found
    return f"{missing} of the {all_of_them} {what} that it names {'is' if missing == 1 else 'are'}n't on disk"
