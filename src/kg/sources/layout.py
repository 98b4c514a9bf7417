"""Lines placed on pages -> paragraphs in reading order, without headers, footers and page numbers."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.sources.reflow import ITEM, joined

LETTER = 0.5  # of the font's size: the width of a letter in running text, by which the end of a line is guessed
THINNEST = 0.35  # of the font's size: the mean width of the letters of a line is hardly less
INDENT = 50.0  # points: the first line of a paragraph is indented by less
STEP = 4.0  # points: the grid on which starts of lines are compared
WORD_GAP = 2.0  # of the font's size: a wider gap on one line parts columns or cells
SAME_LINE = 0.35  # of the font's size: a smaller step up or down stays on the line
EDGE = 5  # lines at the top and the bottom of a page among which headers and footers are looked for
MARGIN = 1.6  # of the font's size: as much room parts headers and footers from the text
OPENED = 1.3  # of the usual distance of lines: a larger one parts paragraphs
LARGER = 1.12  # of a font's size: another size is another paragraph
FULL = 0.8  # of the longest line of a column: a shorter one ends its paragraph
RUNNING = 25  # characters: the least mean length of the lines of a text column; cells of tables are shorter
SHARE = 0.2  # of a page's lines: as many begin where a column begins
INTERLEAVED = 0.25  # of a page's lines: as many stand beside the one before them where columns are written across
PAGE_NUMBER = re.compile(
    r"(?:(?:halaman|hal\.?|page|laman)\s*)?[-–—|\s]*\d{1,4}[-–—|\s]*(?:(?:/|dari|of|\|)\s*\d{1,4})?\s*(?:\|\s*(?:halaman|page))?",
    re.IGNORECASE,
)
ENDS = (".", "!", "?", "”", '"', "’", "»", ":", ";")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text on a page: ``x`` and ``y`` of its start in points, from the lower left corner."""

    text: str
    x: float
    y: float
    size: float  # points

    @property
    def end(self) -> float:
        """About where it ends."""
        return self.x + len(self.text) * LETTER * self.size


Page = Sequence[Line]


def lines(pieces: Sequence[Line]) -> list[Line]:
    """The pieces that follow each other on one line as one, in the order in which they were written."""
    found: list[Line] = []
    edges = column_edges(pieces)
    for piece in pieces:
        last = found[-1] if found else None
        if last and _continues(last, piece, edges):
            gap = "" if last.text.endswith(" ") or piece.text.startswith(" ") or _touches(last, piece) else " "
            found[-1] = Line(f"{last.text}{gap}{piece.text}", last.x, last.y, max(last.size, piece.size))
        elif piece.text.strip():
            found.append(piece)
    return [Line(" ".join(line.text.split()), line.x, line.y, line.size) for line in found if line.text.strip()]


def column_edges(page: Page) -> list[float]:
    """Where columns begin: where a good share of the rows of a page have a piece that begins."""
    rows = {round(line.y) for line in page}
    starts = Counter(start for start, _ in {(_start(line), round(line.y)) for line in page})
    return sorted(start for start, count in starts.items() if count >= max(3, SHARE * len(rows)))


def _start(line: Line) -> float:
    return round(line.x / STEP) * STEP


def _continues(last: Line, piece: Line, edges: Sequence[float]) -> bool:
    size = max(last.size, piece.size)
    if _start(piece) in edges and _start(piece) != _start(last) and piece.x > last.x + len(last.text) * THINNEST * size:
        return False
    return abs(last.y - piece.y) <= SAME_LINE * size and last.x <= piece.x <= last.end + WORD_GAP * size


def _touches(last: Line, piece: Line) -> bool:
    """Whether there is no room for a space, as between the parts of a word in two fonts."""
    return piece.x < last.end - LETTER * last.size


def reading_order(page: Page) -> list[Line]:
    """The lines of a page; where columns were written across, column by column."""
    beside = sum(abs(a.y - b.y) <= SAME_LINE * b.size and b.x > a.x for a, b in itertools.pairwise(page))
    if not page or beside < INTERLEAVED * len(page):
        return list(page)
    edges = column_edges(page)
    columns = [[line for line in page if _column(line, edges) == number] for number in range(len(edges))]
    if len(edges) < 2 or any(statistics.fmean(len(line.text) for line in column) < RUNNING for column in columns):
        return _by_row(page)
    return _by_column(page, edges)


def _by_row(page: Page) -> list[Line]:
    """The cells of a table's row as one line."""
    found: list[Line] = []
    for line in page:
        last = found[-1] if found else None
        if last and abs(last.y - line.y) <= SAME_LINE * line.size and line.x > last.x:
            found[-1] = Line(f"{last.text} {line.text}", last.x, last.y, last.size)
        else:
            found.append(line)
    return found


def _by_column(page: Page, edges: Sequence[float]) -> list[Line]:
    """Column by column between the lines that go across all of them."""
    found: list[Line] = []
    waiting: list[list[Line]] = [[] for _ in edges]
    rows = Counter(round(line.y) for line in page)
    for line in sorted(page, key=lambda line: -line.y):
        across = rows[round(line.y)] == 1 and line.x < edges[1] - line.size and line.end > edges[1] + 2 * line.size
        if across:
            found += [line for column in waiting for line in column] + [line]
            waiting = [[] for _ in edges]
        else:
            waiting[_column(line, edges)].append(line)
    return found + [line for column in waiting for line in column]


def _column(line: Line, edges: Sequence[float]) -> int:
    return max((number for number, edge in enumerate(edges) if line.x >= edge - STEP), default=0)


def without_edges(pages: Sequence[Page]) -> list[list[Line]]:
    """The pages without page numbers and without what stands on top or below on at least half of them."""
    marks = Counter(mark for page in pages for mark in {_mark(line) for line in _edge(page)})
    repeated = {mark for mark, count in marks.items() if count > 1 and count * 2 >= len(pages)}
    return [[line for line in page if not _is_edge(line, page, repeated)] for page in pages]


def _edge(page: Page) -> list[Line]:
    by_height = sorted(page, key=lambda line: -line.y)
    return _until_gap(by_height) + _until_gap(by_height[::-1])


def _until_gap(by_height: Page) -> list[Line]:
    """The first lines, up to the room that parts them from the text."""
    for number, (line, following) in enumerate(itertools.pairwise(by_height[: EDGE + 1]), start=1):
        if abs(line.y - following.y) > MARGIN * max(line.size, following.size):
            return list(by_height[:number])
    return []


def _is_edge(line: Line, page: Page, repeated: set[str]) -> bool:
    top, bottom = max(line.y for line in page), min(line.y for line in page)
    if line.y in (top, bottom) and PAGE_NUMBER.fullmatch(line.text):
        return True
    return _mark(line) in repeated and line in _edge(page)


def _mark(line: Line) -> str:
    """What is the same on every page: the text without its numbers, and its height."""
    return f"{re.sub(r'[0-9]+', '#', line.text).casefold()} {round(line.y / 3)}"


def paragraphs(pages: Sequence[Page]) -> Iterator[list[Line]]:
    """The lines of each paragraph, also where it goes on in the next column or on the next page."""
    everything = [line for page in pages for line in page]
    if not everything:
        return
    usual = Usual.of(everything)
    open_lines = [everything[0]]
    for last, line in itertools.pairwise(everything):
        if usual.parts(last, line):
            yield open_lines
            open_lines = []
        open_lines.append(line)
    yield open_lines


@dataclass(frozen=True, slots=True)
class Usual:
    """How a document is set, by which the starts of its paragraphs are known."""

    leading: float  # the distance of two lines, in sizes of the font
    edges: Sequence[float]  # where columns begin, in points
    widths: dict[float, int]  # the characters of nearly the longest line, by where its column begins

    @staticmethod
    def of(everything: Page) -> Usual:
        """Measured on all lines of a document."""
        steps = [
            (a.y - b.y) / max(a.size, b.size) for a, b in itertools.pairwise(everything) if 0 < a.y - b.y < 4 * a.size
        ]
        starts = Counter(_start(line) for line in everything)
        edges: list[float] = []
        for start, count in starts.most_common():
            is_indent = any(0 < start - edge < INDENT for edge in edges)
            if count >= SHARE / 2 * len(everything) and not is_indent:
                edges.append(start)
        edges = sorted(edges) or [min(starts)]
        lengths: dict[float, list[int]] = {}
        for line in everything:
            lengths.setdefault(_edge_of(line, edges), []).append(len(line.text))
        widths = {edge: sorted(found)[int(0.9 * (len(found) - 1))] for edge, found in lengths.items()}
        return Usual(statistics.median_low(steps) if steps else 1.2, edges, widths)

    def parts(self, last: Line, line: Line) -> bool:
        """Whether a new paragraph begins with a line."""
        step = (last.y - line.y) / max(last.size, line.size)
        if max(last.size, line.size) > LARGER * min(last.size, line.size) or step > OPENED * self.leading:
            return True
        first_word = line.text.split(None, 1)[0]
        is_short = len(last.text) + 1 + len(first_word) < FULL * self.widths[_edge_of(last, self.edges)]
        ends = last.text.endswith(ENDS)
        is_first = line.size < self.indent(line) < INDENT and self.indent(last) < line.size
        is_indented = is_first and (is_short or ends)
        if step <= 0:  # in another column or on another page
            return is_indented or is_short or (ends and not line.text[:1].islower())
        is_item = ITEM.match(line.text) is not None and (is_short or ends or last.text.endswith((",", " dan")))
        return is_indented or is_item or (is_short and (ends or last.text.isupper()))

    def indent(self, line: Line) -> float:
        """How far from where its column begins, in points."""
        return line.x - _edge_of(line, self.edges)


def _edge_of(line: Line, edges: Sequence[float]) -> float:
    return max((edge for edge in edges if edge <= line.x + STEP), default=edges[0])


def as_text(paragraph: Sequence[Line], words: frozenset[str]) -> str:
    """A paragraph on one line; ``words``: those with a hyphen that the document has inside its lines."""
    return joined([line.text for line in paragraph], words)
