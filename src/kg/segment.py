"""Article -> paragraphs and quotations, with code-point offsets into the article's text.

Characters are replaced one by one, so that every offset into the normalised text is one into the article's text.
Sentences are cut later, on the text with its names masked (``sentences``): by then the full stops of titles, degrees,
dates, amounts and quotations are out of the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kg.records import record

REPLACED = (
    ("“", '"'), ("”", '"'), ("„", '"'), ("‟", '"'), ("«", '"'), ("»", '"'), ("’", "'"), ("‘", "'"), ("—", "-"),
    ("–", "-"), ("‑", "-"), ("‐", "-"), ("\xa0", " "), ("\u202f", " "), ("\u2009", " "), ("\u200b", " "), ("\t", " "),
)  # fmt: skip
BREAKING = re.compile(r"(?<=[^\W\d_])—(?=[^\W\d_])")  # a dash between words without spaces is no hyphen
PRIVATE = re.compile("[\ue000-\uf8ff]")  # such characters stand for mentions later on
OPENING = '"“„«‟'
OPENING_SINGLE = "'‘"
CLOSING = '"”»'
SINGLE = re.compile(r"(?<!\w)['‘](?=[A-Z])(?:[^'’\n\"“”]|(?<=\w)['’](?=\w)){15,600}?[,.!?…]['’](?!\w)")
LINE = re.compile(r"(?m)^[^\S\n]*\S[^\n]*")
ITEM = re.compile(r"\s*(?:\d{1,2}[.)]|[a-z][.)]|[-*•])\s")
BYLINE = re.compile(
    r"\s*(?:Oleh|Pewarta|Editor|Reporter|Redaktur|Penulis|Penyunting|Laporan|Foto|Sumber|Baca [Jj]uga"
    r"|COPYRIGHT|ADVERTISEMENT)\b\s*(?:[:©]|[Ww]artawan|[A-Z])"
)
LONGEST = 4000  # code points of a paragraph; a longer one is cut, so that reading time grows with the text only
HEADLINE_LENGTH = 160  # code points; a longer line without a final mark is a paragraph
FOOT_LINES = 8  # lines at the end of an article among which a signature is looked for
FOOT_LENGTH = 90  # code points of such a line
SIGNED = frozenset({"ttd.", "ttd", "tertanda,", "hormat kami,", "salam,"})
RELEASE_LINES = 8  # of a press release, whose headline stands below its letterhead
HEADLINE_WORDS = 7  # long words of such a headline
HEAD_LINES = 4  # lines of an article among which its headline, date line and byline are looked for


@record(frozen=True, slots=True)
class Quotation:
    """A direct quotation with its marks; ``closed`` is False where the paragraph ends before the mark comes."""

    start: int
    end: int
    closed: bool
    continues: bool = False  # goes on from the unclosed quotation of the paragraph before


@record(frozen=True, slots=True)
class Paragraph:
    """A line of the article, or a lead with its list items. A headline states nothing: its capitals mislead."""

    start: int
    end: int
    headline: bool
    quotations: tuple[Quotation, ...]


def normalise(text: str) -> str:
    """The same number of code points, with quotation marks, dashes and spaces of one kind each."""
    if "—" in text:
        text = BREAKING.sub(",", text)
    for old, new in REPLACED:
        text = text.replace(old, new)
    return PRIVATE.sub(" ", text)


def lower(text: str) -> str:
    """Lower case without a change of length (``"İ".lower()`` has two code points)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def quotations(
    text: str, start: int, end: int, marks: Sequence[str], *, open_before: bool = False
) -> Iterator[Quotation]:
    """The quotations of one paragraph of the original text; curly marks pair by side, straight ones in turn.

    ``marks`` are those marks that may open one which the text has at all.

    Single marks hold a quotation where a capital stands first and a mark of punctuation last: 'Sudah selesai,' katanya.
    """
    openings = [mark for mark in marks if mark not in OPENING_SINGLE]
    singles = [mark for mark in marks if mark in OPENING_SINGLE]
    position = start
    first = True
    while position < end:
        opening = _next(text, position, end, openings)
        before = end if opening is None else opening
        if _next(text, position, before, singles) is not None:
            for single in SINGLE.finditer(text, position, before):
                yield Quotation(single.start(), single.end(), True)
        if opening is None:
            return
        closing = _next(text, opening + 1, end, '"' if text[opening] == '"' else CLOSING)
        stop = end if closing is None else closing + 1
        at_start = first and not text[start:opening].strip()
        if closing != opening + 1:  # two marks with nothing between them quote nothing
            yield Quotation(opening, stop, closing is not None, open_before and at_start)
        position, first = stop, False


def _next(text: str, start: int, end: int, marks: Iterable[str]) -> int | None:
    """Where the first of these marks stands."""
    nearest = None
    for mark in marks:
        at = text.find(mark, start, end)
        if at >= 0:
            nearest = end = at
    return nearest


def segment(text: str) -> list[Paragraph]:
    """The paragraphs in order; blank lines, bylines and pointers to other articles are left out."""
    spans = [piece for match in LINE.finditer(text) for piece in _pieces(text, *match.span())]
    marks = [mark for mark in OPENING + OPENING_SINGLE if mark in text]
    joined = _join_foot(text, _join_items(text, [span for span in spans if not BYLINE.match(text, *span)]))
    paragraphs: list[Paragraph] = []
    unclosed = False
    for number, (start, end) in enumerate(joined):
        quoted = tuple(quotations(text, start, end, marks, open_before=unclosed))
        unclosed = bool(quoted) and not quoted[-1].closed
        paragraphs.append(Paragraph(start, end, len(joined) > 1 and _is_headline(text[start:end], number), quoted))
    return paragraphs


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line in pieces of at most LONGEST, cut behind a sentence or at least behind a word."""
    while end - start > LONGEST:
        cut = text.rfind(". ", start, start + LONGEST) + 1 or text.rfind(" ", start, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield start, cut
        start = cut
    if text[start:end].strip():
        yield start, end


def _join_items(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """List items belong to the lead that ends in a colon, or to the item before."""
    joined: list[tuple[int, int]] = []
    open_list = False
    for start, end in spans:
        item = ITEM.match(text, start, end) is not None
        if item and open_list and joined and end - joined[-1][0] <= LONGEST:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
            open_list = text[start:end].rstrip().endswith(":")
    return joined


def _join_foot(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The last short lines belong together: post and name of who signs a press release."""
    first = len(spans)
    while first and len(spans) - first < FOOT_LINES and _is_short(text[slice(*spans[first - 1])]):
        first -= 1
    if first and len(spans) - first > 1:
        return [*spans[:first], (spans[first][0], spans[-1][1])]
    return spans


def _is_short(line: str) -> bool:
    return len(line) <= FOOT_LENGTH and (line.rstrip()[-1:] not in '.!?":;”»' or line.strip().lower() in SIGNED)


def _is_headline(line: str, number: int) -> bool:
    if number >= HEAD_LINES:  # below the head of a press release
        return number < RELEASE_LINES and len(line) < HEADLINE_LENGTH and _reads_as_headline(line)
    if len(line) >= HEADLINE_LENGTH or "\n" in line:
        return False
    return line.rstrip()[-1:] not in '.!?":;)”»' or (number == 0 and _in_title_case(line))


def _reads_as_headline(line: str) -> bool:
    return (
        line.rstrip()[-1:] not in '.!?":;)”»'
        and sum(len(word) > 3 for word in line.split()) >= HEADLINE_WORDS
        and ITEM.match(line) is None
        and _in_title_case(line)
    )


def _in_title_case(line: str) -> bool:
    long = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)
