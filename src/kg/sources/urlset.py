"""The XML of sitemaps (https://www.sitemaps.org/protocol.html), with what Google's extension for news says of a page.

Read block by block with expat, as a sitemap may have any size. Entities that it declares itself are refused.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from kg.errors import InputError
from kg.sources.dates import day_of
from kg.sources.decode import normalise
from kg.sources.feed import PROLOGUE
from kg.sources.item import BLOCK, Input, Known, on_one_line

LOOKS = re.compile(PROLOGUE + r"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL)
DEEPEST = 32  # elements in each other; the protocol has five
UNFINISHED = 1 << 20  # bytes of one tag or comment, which expat holds until its end
LONGEST = 4096  # characters of a value; the protocol's addresses have 2048
URL = ("url", "loc")
SITEMAP = ("sitemap", "loc")
TITLE = ("url", "news", "title")
DATE = ("url", "news", "publication_date")
OUTLET = ("url", "news", "publication", "name")
LANGUAGE = ("url", "news", "publication", "language")
VALUES = frozenset({URL, SITEMAP, TITLE, DATE, OUTLET, LANGUAGE})


@dataclass(frozen=True, slots=True)
class Entry:
    """An address of a sitemap: of a page, with what is known of it, or of another sitemap.

    ``lastmod`` isn't taken: it is when the page was changed, or when the sitemap was written.
    """

    url: str
    known: Known
    is_sitemap: bool = False


def entries(source: Input) -> Iterator[Entry]:
    """The addresses of a sitemap, in its order. Raises InputError where it breaks off; what lies before has come."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = reader.text, _refuse_entity
    problem, given = "", 0
    block = source.stream.read(BLOCK).lstrip()  # some sites write an empty line before the declaration
    while not problem:
        try:
            parser.Parse(block, not block)
            given += len(block)
            if given - parser.CurrentByteIndex > UNFINISHED:
                problem = f"a tag or comment in line {parser.CurrentLineNumber} without end"
        except expat.ExpatError as error:
            problem = f"no XML in line {error.lineno} ({expat.ErrorString(error.code)})"
        except _Refused as error:
            problem = str(error)
        while reader.found:
            yield reader.found.popleft()
        if not block:
            break
        block = source.stream.read(BLOCK)
    if source.breaks:
        raise source.breaks.pop()
    if problem:
        raise InputError(f"{source.place}: {problem}; what comes after is left out: save the sitemap again")


class _Refused(Exception):
    """XML that no sitemap needs."""


def _refuse_entity(*_: object) -> None:
    raise _Refused("declares entities, which no sitemap needs")


@dataclass(slots=True)
class _Reader:
    """Takes what expat finds. Prefixes are passed over, not looked up: many sites declare a wrong one, or none."""

    path: list[str] = field(default_factory=list)  # names of the elements around, without the outermost
    values: dict[tuple[str, ...], str] = field(default_factory=dict)
    pieces: list[str] | None = None  # of the value that is being read
    length: int = 0
    depth: int = 0
    found: deque[Entry] = field(default_factory=deque)

    def start(self, name: str, _: object) -> None:
        """An element begins."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused("elements nested too deep")
        if self.depth > 1:
            self.path.append(name.rpartition(":")[2].casefold())
        self.pieces, self.length = ([], 0) if tuple(self.path) in VALUES else (None, 0)

    def text(self, data: str) -> None:
        """Characters come."""
        if self.pieces is not None and self.length <= LONGEST:
            self.length += len(data)
            self.pieces.append(data)

    def end(self, _: str) -> None:
        """An element ends."""
        if self.pieces is not None and self.length <= LONGEST:
            self.values.setdefault(tuple(self.path), normalise("".join(self.pieces)))
        self.pieces = None
        if len(self.path) == 1:
            self._entry()
        self.depth -= 1
        if self.path:
            self.path.pop()

    def _entry(self) -> None:
        found, self.values = {key: on_one_line(value) for key, value in self.values.items()}, {}
        url, sitemap = found.get(URL), found.get(SITEMAP)
        if sitemap:
            self.found.append(Entry(sitemap, Known(), is_sitemap=True))
        elif url:
            known = Known(found.get(TITLE), found.get(OUTLET), None, day_of(found.get(DATE)), found.get(LANGUAGE))
            self.found.append(Entry(url, known))
