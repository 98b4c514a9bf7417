"""What flows while sources are read: where something stands, its bytes, and the text that a format makes of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from kg.errors import InputError
from kg.sources.progress import Progress

LIMIT = 20_000_000  # bytes of one article's source: a thousand times a long article
UNPACKED = 200_000_000  # bytes that every archive may unpack to
RATIO = 100  # bytes that one byte of a larger archive may unpack to: text packs to a tenth, a bomb to a thousandth
DEPTH = 4  # archives in archives
BLOCK = 1 << 16  # bytes read at a time
STANDARD_INPUT = "-"
ADDRESS = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")  # what an IRI may hold


@dataclass(frozen=True, slots=True)
class Place:
    """A file and, where it holds several things, which of them: ``inside`` has a word and a key for each level."""

    file: str
    inside: tuple[tuple[str, str], ...] = ()

    def at(self, word: str, key: object) -> Place:
        """A place inside this one: ``at("line", 12)``, ``at("member", "a.txt")``."""
        return replace(self, inside=(*self.inside, (word, shown(str(key)))))

    @property
    def source(self) -> str:
        """The same as a key that stays the same when the file is read again: ``feed.xml#3``."""
        return "#".join([self.file, *(key for _, key in self.inside)])

    def __str__(self) -> str:
        """For messages, on one line: ``feed.xml entry 3``."""
        name = "standard input" if self.file == STANDARD_INPUT else shown(self.file)
        return " ".join([name, *(f"{word} {key}" for word, key in self.inside)])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an article beside its text: by a page, a feed, a record of an archive."""

    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: dt.date | None = None
    language: str | None = None  # as declared; a text that is long enough tells it itself

    def over(self, other: Known) -> Known:
        """What is known here and, where that is nothing, there."""
        return Known(
            title=self.title or other.title,
            outlet=self.outlet or other.outlet,
            url=self.url or other.url,
            published=self.published or other.published,
            language=self.language or other.language,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What will be an article once its language is told."""

    place: Place
    text: str
    known: Known = Known()
    is_told: bool = False  # the language is stated by whoever prepared the file: no need to guess


@dataclass(frozen=True, slots=True)
class Unread:
    """A source that couldn't be read; the others go on."""

    source: str
    error: InputError


@dataclass(frozen=True, slots=True)
class Note(Unread):
    """A line about a source of which nothing failed: what whoever reads it may want to know."""


def unread(place: Place, problem: str) -> Unread:
    """One line about what is wrong at a place, and what to do."""
    return Unread(place.source, InputError(f"{place}: {problem}"))


def note(place: Place, remark: str) -> Note:
    """One line about what is so at a place."""
    return Note(place.source, InputError(f"{place}: {remark}"))


def failed(place: Place, error: InputError) -> Unread:
    """The line of an error. A new one: that which was raised holds on to all that was being read."""
    return Unread(place.source, type(error)(*error.args))


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever reads may set."""

    encoding: str | None = None
    text_field: str | None = None  # of JSON and of tables
    limit: int = LIMIT  # bytes of one article's source


@dataclass(slots=True)
class Allowance:
    """The bytes that the archives of one file may still unpack to, all together."""

    left: int = UNPACKED

    def take(self, size: int, place: Place) -> None:
        """Raises InputError where they are used up."""
        self.left -= size
        if self.left < 0:
            raise InputError(f"{place}: unpacks to far more than an archive of news; unpack it yourself, or split it")


@dataclass(frozen=True, slots=True)
class Input:
    """Bytes in which articles are looked for. ``stream`` is read once, forward; ``whole`` needs no more than that."""

    place: Place
    stream: BinaryIO
    options: Options = Options()
    suffixes: tuple[str, ...] = ()  # of the members of an archive that are read
    known: Known = Known()
    media_type: str | None = None  # as declared by what it was in
    encoding: str | None = None  # the same
    allowance: Allowance = field(default_factory=Allowance)
    size: int | None = None  # bytes, where it is known
    depth: int = 0
    breaks: list[InputError] = field(default_factory=list)  # why the stream ended before its end
    progress: Progress = field(default_factory=Progress)  # for what reads a file past its stream

    def inner(
        self,
        place: Place,
        stream: BinaryIO,
        *,
        known: Known = Known(),
        media_type: str | None = None,
        encoding: str | None = None,
        size: int | None = None,
    ) -> Input:
        """What this holds at a place. Raises InputError where archives lie too deep in each other."""
        if self.depth >= DEPTH:
            raise InputError(f"{place}: more than {DEPTH} archives in each other; unpack it yourself")
        return replace(
            self,
            place=place,
            stream=stream,
            known=known.over(self.known),
            media_type=media_type,
            encoding=encoding,
            size=size,
            depth=self.depth + 1,
            breaks=[],
            progress=Progress(),
        )

    @property
    def is_file(self) -> bool:
        """Whether these are the bytes of a file on disk, as they lie there."""
        return self.depth == 0 and self.place.file != STANDARD_INPUT

    def whole(self) -> bytes:
        """All bytes. Raises InputError where they are more than the limit."""
        limit = self.options.limit
        if self.size is not None and self.size > limit:
            raise InputError(f"{self.place}: {megabytes(self.size)}, over the limit of {megabytes(limit)}; {SPLIT}")
        parts: list[bytes] = []
        size = 0
        while size <= limit:  # one that tells no size, or a wrong one
            part = self.stream.read(BLOCK)
            if not part and self.breaks:
                raise self.breaks.pop()
            if not part:
                return b"".join(parts)
            parts.append(part)
            size += len(part)
        raise InputError(f"{self.place}: more than the limit of {megabytes(limit)}; {SPLIT}")

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Each line with its number, counted from 1; None for one that is longer than the limit."""
        number, limit = 0, self.options.limit
        while line := self.stream.readline(limit + 1):
            number += 1
            if len(line) <= limit:
                yield number, line
                continue
            while line and not line.endswith(b"\n"):
                line = self.stream.readline(BLOCK)
            yield number, None


SPLIT = "split it into one file for each article"


def address(value: object) -> str | None:
    """The value, where it is an address of the web."""
    return value if isinstance(value, str) and ADDRESS.fullmatch(value) else None


def on_one_line(value: object) -> str | None:
    """A text without line ends and double spaces; None for an empty one and for what is no text."""
    return (" ".join(value.split()) if isinstance(value, str) else None) or None


def megabytes(size: int) -> str:
    """A size for messages."""
    return f"{size / 1e6:.1f} MB"


def shown(name: str) -> str:
    """The name as it may stand in a message: on one line, and in characters that can be written."""
    name = name.encode("utf-8", "backslashreplace").decode()
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in name)
