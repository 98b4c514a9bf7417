"""Sources -> the text of each article in them, and what is known of it. One module and one line of FORMATS a format.

A format's reader takes an Input and gives drafts of articles, inputs that it holds, and lines about what it couldn't
read. What kind a source is of, its first bytes say; where they leave it open, its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.errors import InputError
from kg.sources import (
    arrow,
    feed,
    gzipped,
    jsons,
    mail,
    mbox,
    page,
    pdf,
    plain,
    sitemap,
    sqlite,
    tarred,
    warc,
    zipped,
)
from kg.sources.begun import begun
from kg.sources.decode import glance
from kg.sources.files import files, input_error, opened
from kg.sources.item import (
    RATIO,
    STANDARD_INPUT,
    UNPACKED,
    Allowance,
    Draft,
    Input,
    Known,
    Note,
    Options,
    Place,
    Unread,
    failed,
    unread,
)
from kg.sources.named import named_in
from kg.sources.progress import Progress, bytes_of

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Draft",
    "Note",
    "Options",
    "Place",
    "Progress",
    "Unread",
    "count",
    "read",
    "size",
]

Item = Draft | Unread | Input


@dataclass(frozen=True, slots=True)
class Format:
    """How to know a kind of source and how to read it."""

    name: str
    read: Callable[[Input], Iterator[Item]]
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    magic: Callable[[bytes], bool] | None = None  # by the first bytes, whatever the name
    looks: re.Pattern[str] | None = None  # by the first characters
    single: bool = False  # one source is one article
    binary: bool = False  # what is called so and begins otherwise is no text either


def _starts(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


FORMATS: tuple[Format, ...] = (  # a PDF may begin later in its file, so those that hold one stand before it
    Format("gzip", gzipped.read, (".gz", ".tgz"), ("application/gzip",), magic=_starts(b"\x1f\x8b")),
    Format("ZIP", zipped.read, (".zip", ".wacz"), ("application/zip",), magic=_starts(b"PK\x03\x04", b"PK\x05\x06")),
    Format("tar", tarred.read, (".tar",), ("application/x-tar",), magic=lambda head: head[257:262] == b"ustar"),
    Format("WARC", warc.read, (".warc",), ("application/warc",), magic=_starts(b"WARC/")),
    Format("SQLite", sqlite.read, sqlite.SUFFIXES, sqlite.MEDIA_TYPES, magic=_starts(sqlite.MAGIC), binary=True),
    Format("Parquet", arrow.read, arrow.SUFFIXES, arrow.MEDIA_TYPES, magic=_starts(*arrow.MAGIC), binary=True),
    Format("PDF", pdf.read, (".pdf",), ("application/pdf",), magic=lambda head: b"%PDF-" in head[:1024], single=True),
    Format("sitemap", sitemap.read, looks=sitemap.LOOKS),
    Format("feed", feed.read, (".rss", ".atom", ".xml"), feed.MEDIA_TYPES, looks=feed.LOOKS),
    Format("page", page.read, (".html", ".htm", ".xhtml"), page.MEDIA_TYPES, looks=page.LOOKS, single=True),
    Format("JSON", jsons.read, (".jsonl", ".ndjson", ".json"), jsons.MEDIA_TYPES, looks=jsons.LOOKS),
    Format("mbox", mbox.read, (".mbox",), ("application/mbox",), looks=mbox.LOOKS),
    Format("e-mail", mail.read, (".eml",), ("message/rfc822",), looks=mail.LOOKS),
    Format("text", plain.read, (".txt", ".md"), ("text/plain",), single=True),
)
SUFFIXES = tuple(suffix for form in FORMATS for suffix in form.suffixes)  # of the files that are read in a folder


def read(
    sources: Sequence[str],
    options: Options = Options(),  # noqa: B008 - frozen
    progress: Progress | None = None,
) -> Iterator[Draft | Unread]:
    """What the files, folders and ``-`` hold, in order; a folder's sorted by path.

    ``progress`` is told how many bytes of them are read.
    """
    progress = progress or Progress()
    for source in sources:
        with named_in(source, SUFFIXES) as named:
            for file in files(source, SUFFIXES):
                if isinstance(file, Unread):
                    yield file
                    continue
                progress.begin(file)
                if named.holds(file):
                    for share, page_of in named.unlisted(file):
                        progress.reached(share)
                        yield from _file(page_of, options, named.known(page_of), Progress())
                    yield from named.lines(file)
                else:
                    yield from _file(file, options, named.known(file), progress)
                progress.end()


def size(sources: Sequence[str]) -> int | None:
    """The bytes that there are to read, as they lie on disk; None where that can't be known."""
    if STANDARD_INPUT in sources:
        return None
    found = (file for source in sources for file in files(source, SUFFIXES))
    return sum(bytes_of(file) for file in found if isinstance(file, str))


def count(sources: Sequence[str]) -> int | None:
    """How many articles there are to read; None where some file may hold any number."""
    singles = tuple(suffix for form in FORMATS if form.single for suffix in form.suffixes)
    number = 0
    for source in sources:
        for file in files(source, SUFFIXES):
            if isinstance(file, str) and not file.casefold().endswith(singles):
                return None
            number += 1
    return number


def _file(file: str, options: Options, known: Known, progress: Progress) -> Iterator[Draft | Unread]:
    place = Place(file)
    try:
        with opened(file) as (stream, size):
            progress.follow(stream)
            allowance = Allowance(max(UNPACKED, RATIO * (size or options.limit)))
            source = Input(place, stream, options, SUFFIXES, known, allowance=allowance, size=size, progress=progress)
            yield from _items(source)
    except InputError as error:
        yield failed(place, error)


def _items(source: Input) -> Iterator[Draft | Unread]:
    """All that an input holds, down to the last one inside; what fails there ends there."""
    line: Unread | None = None
    try:
        head, source = begun(source)
        chosen = _format(source, head)
        if source.is_file and not chosen.single:  # a sitemap tells of one page, not of each in a file
            source = replace(source, known=Known())
        for item in chosen.read(source):
            if isinstance(item, Input):
                yield from _items(item)
            elif isinstance(item, Draft):
                yield replace(item, known=item.known.over(source.known))
            else:
                yield item
    except InputError as error:
        line = failed(source.place, error)
    except RecursionError:
        line = unread(source.place, "nested too deep; take apart what is in it")
    except OSError as error:
        line = failed(source.place, input_error(source.place.file, error))
    if source.breaks:  # what ended too early is the cause of all that follows
        line = failed(source.place, source.breaks[0])
    if line:
        yield line


def _format(source: Input, head: bytes) -> Format:
    """What the bytes say, then what the characters say, then what whoever gave it calls it."""
    name = (source.place.inside[-1][1] if source.place.inside else source.place.file).casefold().removesuffix(".gz")
    start = glance(head)
    tests: tuple[Callable[[Format], object], ...] = (
        lambda form: form.magic and form.magic(head),
        lambda form: form.looks and form.looks.match(start),
        lambda form: form.magic is None and source.media_type in form.media_types,
        lambda form: (form.magic is None or form.binary) and name.endswith(form.suffixes),
    )
    return next((form for fits in tests for form in FORMATS if fits(form)), FORMATS[-1])
