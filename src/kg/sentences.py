"""Mentions -> typed sentences: every mention is one private-use character of its type, the rest is text as printed.

Sentences are cut on this mask, so no full stop of a title, date, amount or quotation is left to mislead.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from kg.mentions import Mention
from kg.segment import lower

TYPES = ("person", "post", "body", "network", "place", "event", "date", "money", "quote", "unknown", "venue")
MARK = {name: chr(0xE000 + number) for number, name in enumerate(TYPES)}
MARKS = re.compile("[\ue000-\ue0ff]")
LONGEST = 3000  # characters of a mask; longer "sentences" are cut, so that no rule sees more
BREAK = re.compile(
    r'(?<=[.!?])(?<!\s\d\.)(?<!\n[a-z]\.)(?<!\nttd\.)\s+(?=[A-Z"(\ue000-\ue0ff])'  # a mark and a capital or mention
    r"|(?<=\ue008)\s+(?=[A-Z])"  # behind a quotation that is a sentence of its own
    r"|(?<=\ue008)\s+(?=\ue008)"
    r"|;?(?: dan)?\s*\n(?![^\n]{1,24}(?:\n|$))"  # a list item, unless it is a mere name
)


class Sentence:
    """A sentence with its mentions masked; ``lower`` is what rules match on."""

    __slots__ = ("_at", "_shift", "end", "in_quotation", "lower", "mentions", "number", "paragraph", "start", "text")

    def __init__(
        self, text: str, start: int, end: int, mentions: Sequence[Mention], *, paragraph: int, in_quotation: bool
    ) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.paragraph = paragraph
        self.in_quotation = in_quotation
        self.number = 0
        self.remask(mentions)

    def remask(self, mentions: Sequence[Mention]) -> None:
        """Mask the sentence anew, after mentions were typed or phrases collapsed."""
        self.mentions = list(mentions)
        pieces: list[str] = []
        at: list[int] = []
        shift: list[int] = []
        position, length = self.start, 0
        for mention in self.mentions:
            piece = self.text[position : mention.start]
            pieces += piece, MARK[mention.type]
            length += len(piece)
            at.append(length)
            length += 1
            position = mention.end
            shift.append(position - length)
        pieces.append(self.text[position : self.end])
        self.lower = lower("".join(pieces))
        self._at = at
        self._shift = shift

    def offset(self, index: int) -> int:
        """The offset in the text where the character ``index`` of the mask begins."""
        before = bisect_left(self._at, index)
        return index + (self._shift[before - 1] if before else self.start)

    def stop(self, index: int) -> int:
        """The offset in the text where the characters before ``index`` of the mask end."""
        if index <= 0:
            return self.start
        k = bisect_left(self._at, index - 1)
        if k < len(self._at) and self._at[k] == index - 1:
            return self.mentions[k].end
        return self.offset(index - 1) + 1

    def between(self, first: int, last: int) -> list[Mention]:
        """The mentions masked in ``[first, last)``."""
        return self.mentions[bisect_left(self._at, first) : bisect_left(self._at, last)]

    def index(self, number: int) -> int:
        """Where the mention of that number stands in the mask."""
        return self._at[number]


def sentences(
    text: str, start: int, end: int, mentions: Sequence[Mention], *, paragraph: int, in_quotation: bool = False
) -> Iterable[Sentence]:
    """The sentences of ``text[start:end]`` with their mentions."""
    whole = Sentence(text, start, end, mentions, paragraph=paragraph, in_quotation=in_quotation)
    mask = _mask(whole)
    first = 0
    cuts = [match.span() for match in BREAK.finditer(mask) if _ends(text, whole, mask, match.start())]
    for cut, resume in [*cuts, (len(mask), len(mask))]:
        for piece in range(first, max(cut, first + 1), LONGEST):
            last = min(piece + LONGEST, cut)
            inside = whole.between(piece, last)
            if mask[piece:last].strip():
                yield Sentence(
                    text,
                    whole.offset(piece),
                    whole.stop(last),
                    inside,
                    paragraph=paragraph,
                    in_quotation=in_quotation,
                )
        first = resume


def _ends(text: str, whole: Sentence, mask: str, cut: int) -> bool:
    """Whether the sentence ends at a cut: behind a quotation only if the quotation itself ends with a mark."""
    if cut == 0 or mask[cut - 1] != MARK["quote"]:
        return True
    return text[: whole.stop(cut)].rstrip("'\"")[-1:] in tuple(".!?")


def _mask(sentence: Sentence) -> str:
    """The mask with its capitals, on which sentences are cut."""
    pieces: list[str] = []
    position = sentence.start
    for mention in sentence.mentions:
        pieces += sentence.text[position : mention.start], MARK[mention.type]
        position = mention.end
    pieces.append(sentence.text[position : sentence.end])
    return "".join(pieces)
