"""Mentions -> typed sentences: every mention is one private-use character of its type, the rest is text as printed.

Sentences are cut on this mask, so no full stop of a title, date, amount or quotation is left to mislead.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from kg.mention import Mention
from kg.segment import Paragraph, lower

TYPES = (
    "person",
    "post",
    "body",
    "network",
    "place",
    "event",
    "date",
    "money",
    "quote",
    "unknown",
    "venue",
    "agreement",
)
MARK = {name: chr(0xE000 + number) for number, name in enumerate(TYPES)}
MARKS = re.compile("[\ue000-\ue0ff]")
LONGEST = 3000  # characters of a mask; longer "sentences" are cut, so that no rule sees more
MARKED_BREAK = (  # a mark and a capital or mention; or
    r'[.!?\ue008](?:(?<=[.!?])(?<!\s\d\.)(?<!\n[a-z]\.)(?<!\nttd\.)(\s+)(?=[A-Z"(\ue000-\ue0ff])'
    r"|(?<=\ue008)(\s+)(?=[A-Z\ue008]))"  # behind a quotation that is a sentence of its own
)
LINE_BREAK = r"((?:;(?: dan)?| dan|(?<!\s))\s*\n)(?![^\n]{1,24}(?:\n|$))"  # a list item, unless it is a mere name
IN_NUMBER = re.compile(r"[.,](?<=\d.)(?=\d)")
NUMBER_POINT = "·"
BREAK = re.compile(MARKED_BREAK)
BREAK_IN_LINES = re.compile(f"{MARKED_BREAK}|{LINE_BREAK}")


class Sentence:
    """A sentence with its mentions masked; ``lower`` is what rules match on.

    ``printed`` is the mask with its capitals, as it was made first. ``triggered`` and ``allowed`` are
    what the rules' filter notes: the rules whose words it found when it first saw the sentence, and those that the
    marks and signs of the mask allow, until the mask changes.
    """

    __slots__ = (
        "_at",
        "allowed",
        "end",
        "in_quotation",
        "lower",
        "mentions",
        "number",
        "paragraph",
        "printed",
        "start",
        "text",
        "triggered",
    )

    def __init__(
        self, text: str, start: int, end: int, mentions: Sequence[Mention], *, paragraph: int, in_quotation: bool
    ) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.paragraph = paragraph
        self.in_quotation = in_quotation
        self.number = 0
        self.triggered: int | None = None
        self.allowed: int | None = None
        self.mentions = list(mentions)
        self.printed, self._at = _mask(text, start, end, mentions)
        self.lower = _for_rules(self.printed)

    def part(self, first: int, last: int) -> Sentence:
        """The sentence that is masked in ``[first, last)``."""
        low, high = bisect_left(self._at, first), bisect_left(self._at, last)
        part = object.__new__(Sentence)
        part.text = self.text
        part.start = self.offset(first)
        part.end = self.stop(last)
        part.paragraph = self.paragraph
        part.in_quotation = self.in_quotation
        part.number = 0
        part.triggered = part.allowed = None
        part.mentions = self.mentions[low:high]
        part.printed = self.printed[first:last]
        part.lower = self.lower[first:last]
        part._at = [at - first for at in self._at[low:high]]
        return part

    def remask(self, mentions: Sequence[Mention]) -> None:
        """Mask the sentence anew, after a mention was added."""
        self.mentions = list(mentions)
        self.allowed = None
        mask, self._at = _mask(self.text, self.start, self.end, mentions)
        self.lower = _for_rules(mask)

    def retype(self) -> None:
        """Renew the marks, after mentions were typed; the spans are the same."""
        mask = self.lower
        self.allowed = None
        pieces: list[str] = []
        position = 0
        for at, mention in zip(self._at, self.mentions, strict=True):
            pieces += mask[position:at], MARK[mention.type]
            position = at + 1
        pieces.append(mask[position:])
        self.lower = "".join(pieces)

    def collapse(self, first: int, last: int, phrase: Mention) -> None:
        """Put one mention in the place of those masked in ``[first, last)``, which it spans, with what follows them."""
        low, high = bisect_left(self._at, first), bisect_left(self._at, last)
        left, right = self._at[low], self._at[high - 1] + 1 + phrase.end - self.mentions[high - 1].end
        shrunk = right - left - 1
        self.mentions[low:high] = [phrase]
        self.allowed = None
        self._at[low:] = [left, *[at - shrunk for at in self._at[high:]]]
        self.lower = self.lower[:left] + MARK[phrase.type] + self.lower[right:]

    def offset(self, index: int) -> int:
        """The offset in the text where the character ``index`` of the mask begins."""
        places = self._at
        before = bisect_left(places, index)
        if not before:
            return index + self.start
        return index + self.mentions[before - 1].end - places[before - 1] - 1

    def stop(self, index: int) -> int:
        """The offset in the text where the characters before ``index`` of the mask end."""
        if index <= 0:
            return self.start
        places = self._at
        before = bisect_left(places, index - 1)
        if before < len(places) and places[before] == index - 1:
            return self.mentions[before].end
        if not before:
            return index + self.start
        return index + self.mentions[before - 1].end - places[before - 1] - 1

    def between(self, first: int, last: int) -> list[Mention]:
        """The mentions masked in ``[first, last)``."""
        return self.mentions[bisect_left(self._at, first) : bisect_left(self._at, last)]

    def at(self, index: int) -> Mention:
        """The mention whose mark stands there in the mask."""
        return self.mentions[bisect_left(self._at, index)]

    def index(self, number: int) -> int:
        """Where the mention of that number stands in the mask."""
        return self._at[number]


def sentences(
    text: str, paragraph: Paragraph, mentions: Sequence[Mention], *, number: int, in_quotation: bool = False
) -> list[Sentence]:
    """The sentences of a paragraph, which is the article's of that number, with their mentions."""
    whole = Sentence(text, paragraph.start, paragraph.end, mentions, paragraph=number, in_quotation=in_quotation)
    mask = whole.printed
    first = 0
    cuts = _cuts(text, whole, mask)
    if len(cuts) == 1 and len(mask) <= LONGEST:
        return [whole] if mask.strip() else []
    found: list[Sentence] = []
    for cut, resume in cuts:
        for piece in range(first, max(cut, first + 1), LONGEST):
            last = min(piece + LONGEST, cut)
            if mask[piece:last].strip():
                found.append(whole.part(piece, last))
        first = resume
    return found


def _cuts(text: str, whole: Sentence, mask: str) -> list[tuple[int, int]]:
    """Where each sentence ends in the mask and where the next one begins."""
    pattern = BREAK_IN_LINES if "\n" in mask else BREAK
    spans = [match.span(match.lastindex or 0) for match in pattern.finditer(mask)]
    found = [span for span in spans if _ends(text, whole, mask, span[0])]
    found.append((len(mask), len(mask)))
    return found


def _ends(text: str, whole: Sentence, mask: str, cut: int) -> bool:
    """Whether the sentence ends at a cut: behind a quotation only if the quotation itself ends with a mark."""
    if cut == 0 or mask[cut - 1] != MARK["quote"]:
        return True
    last = whole.stop(cut) - 1
    while last >= 0 and text[last] in "'\"":
        last -= 1
    return last >= 0 and text[last] in ".!?"


def _for_rules(mask: str) -> str:
    """The mask in lower case, with no full stop or comma inside a number: "5·000" doesn't end what rules look over."""
    return IN_NUMBER.sub(NUMBER_POINT, lower(mask))


def _mask(text: str, start: int, end: int, mentions: Sequence[Mention]) -> tuple[str, list[int]]:
    """The text with a mark for each mention, and where the marks stand; its capitals tell where sentences begin."""
    pieces: list[str] = []
    places: list[int] = []
    position, length = start, 0
    for mention in mentions:
        piece = text[position : mention.start]
        length += len(piece)
        places.append(length)
        length += 1
        pieces += piece, MARK[mention.type]
        position = mention.end
    pieces.append(text[position:end])
    return "".join(pieces), places
