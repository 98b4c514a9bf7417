"""Press releases as PDF: text in reading order, paragraphs rejoined, without letterheads, page headers and numbers.

pypdf reads them: of the two libraries measured it is five times as fast, has no dependencies, and keeps the order of
justified columns; ``layout`` makes paragraphs of what it finds where.
"""

from __future__ import annotations

import io
import logging
import re
import statistics
import tomllib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import resources
from kg.errors import DataError, InputError
from kg.sources.decode import normalise
from kg.sources.item import Draft, Input, Known
from kg.sources.layout import Line, as_text, lines, paragraphs, reading_order, without_edges

LISTS_FILE = "data/inputs/pdf.toml"
MOST_STEPS = 3_000_000  # drawing steps of one file: a thousand pages of text have half of that
MOST_PAGES = 2_000
LIGATURES = str.maketrans({"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"})
BROKEN = (  # what pypdf raises on damaged files, beside errors of its own
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
TALL = 1.15  # of the usual size of letters: a title is larger
LONG = 60  # characters: a longer line is running text, and no letterhead
COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


@dataclass(frozen=True, slots=True)
class Lists:
    """What isn't the release on a page, from the data file."""

    letterhead: frozenset[str]
    kinds: frozenset[str]


@cache
def lists() -> Lists:
    """The data file. Raises DataError where it doesn't have the form it should."""
    file = resources.path(LISTS_FILE)
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        return Lists(frozenset(data["letterhead"]), frozenset(data["kinds"]))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{file}: {error}; expected letterhead and kinds") from error


def read(source: Input) -> Iterator[Draft]:
    """The one article of a PDF."""
    pages = [reading_order(page) for page in without_edges(_pages(source))]
    everything = [line for page in pages for line in page]
    if not everything:
        raise InputError(
            f"{source.place}: no text in this PDF, its pages are pictures; run text recognition (OCR) on it first"
        )
    words = frozenset(word.casefold() for line in everything for word in COMPOUND.findall(line.text[:-1]))
    usual = statistics.median_low(sorted(line.size for line in everything for _ in range(len(line.text))))
    found = list(paragraphs(pages))
    body = next((at for at, paragraph in enumerate(found) if sum(len(line.text) for line in paragraph) > 2 * LONG), 0)
    kept = [paragraph for at, paragraph in enumerate(found) if at >= body or not _is_letterhead(paragraph)]
    titles = [part for part in found[: body or 1] if _is_title(part, usual)]
    title = max(reversed(titles), key=lambda part: part[0].size, default=None)  # the last of the largest
    text = "\n".join(as_text(paragraph, words) for paragraph in kept)
    yield Draft(
        source.place, normalise(text.translate(LIGATURES)), Known(title=as_text(title, words) if title else None)
    )


def _pages(source: Input) -> list[list[Line]]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of each thing that it mends
    data = source.whole()
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{source.place}: has a password; save it without")
        if len(reader.pages) > MOST_PAGES:
            raise InputError(f"{source.place}: {len(reader.pages)} pages, more than {MOST_PAGES}; split it")
        taker = Taker(source)
        return [taker.page(page) for page in reader.pages]
    except DependencyError as error:
        raise InputError(f"{source.place}: encrypted; save it without a password") from error
    except (PyPdfError, *BROKEN) as error:
        raise InputError(f"{source.place}: a PDF that is cut off or damaged; get the file again") from error


@dataclass(slots=True)
class Taker:
    """Takes the pieces of text off pages; raises InputError for what draws without end."""

    source: Input
    steps: int = 0
    size: int = 0

    def page(self, page: Any) -> list[Line]:
        """The lines of a page in the order in which they were written."""
        pieces: list[Line] = []

        def step(*_: object) -> None:
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise InputError(f"{self.source.place}: draws more than a press release does; save it as text")

        def take(text: str, frame: Sequence[float], matrix: Sequence[float], _: object, size: float) -> None:
            self.size += len(text)
            if self.size > self.source.options.limit:
                raise InputError(f"{self.source.place}: more text than the limit; split it")
            if text.strip():
                pieces.append(_placed(text, frame, matrix, size))

        page.extract_text(visitor_text=take, visitor_operand_before=step)
        return lines(pieces)


def _placed(text: str, frame: Sequence[float], matrix: Sequence[float], size: float) -> Line:
    """A piece of text where it stands on the page: its matrix within the page's."""
    a, b, c, d, e, f = frame
    x, y = matrix[4], matrix[5]
    height = size * abs(matrix[3] or matrix[1] or 1) * abs(d or b or 1)
    return Line(text.replace("\n", " "), a * x + c * y + e, b * x + d * y + f, max(height, 1.0))


def _is_letterhead(paragraph: Sequence[Line]) -> bool:
    """Whether an address or a number to call stands in it."""
    text = " ".join(line.text for line in paragraph).casefold()
    words = set(re.findall(r"[\w-]+\.?", text))
    return bool(words & lists().letterhead) and any(sign.isdigit() or sign in "@/" for sign in text)


def _is_title(paragraph: Sequence[Line], usual: float) -> bool:
    is_kind = any(paragraph[0].text.casefold().startswith(kind) for kind in lists().kinds)
    return min(line.size for line in paragraph) >= TALL * usual and not is_kind
