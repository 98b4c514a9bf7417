"""Lines that were broken to fit a width -> paragraphs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

WIDEST = 100  # characters: longer lines weren't broken to fit
NARROWEST = 40  # characters: shorter ones are lists and addresses
HYPHEN = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")
ITEM = re.compile(r"\s*(?:[-*•·–]|\(?\d{1,2}[.)]|[a-z][.)])\s+\S")  # begins an item of a list
BEFORE_ITEM = (":", ";", ".", ",", "!", "?", " dan", " and")  # what the line before an item ends with
COMPOUND = re.compile(r"[^\W\d_]+")
WORD_END = re.compile(r"[\w-]*$")
LONGEST_WORD = 60  # characters


def paragraphs(text: str) -> str:
    """The text with one paragraph a line: empty lines part them, and a line is joined to the one before it where its
    first word wouldn't have fitted there.
    """
    blocks = re.split(r"\n[ \t]*\n", text)
    return "\n\n".join("\n".join(_rejoined(block.split("\n"))) for block in blocks if block.strip())


def _rejoined(lines: Sequence[str]) -> Iterator[str]:
    width = max(map(len, lines))
    if not NARROWEST <= width <= WIDEST:
        yield from lines
        return
    together = [lines[0]]
    for before, line in itertools.pairwise(lines):
        is_item = ITEM.match(line) is not None and before.rstrip().endswith(BEFORE_ITEM)
        if is_item or len(before.rstrip()) + 1 + len(line.split(None, 1)[0]) <= width:
            yield joined(together)
            together = []
        together.append(line)
    yield joined(together)


def joined(lines: Sequence[str], words: frozenset[str] = frozenset()) -> str:
    """Lines as one; of a word that was cut at the end of a line, the two halves.

    A hyphen stays where its sides are one word twice (reduplication: "kota-kota"), where the second begins with a
    capital or a digit, and where the whole is written so in ``words``.
    """
    parts = [lines[0]]
    for second in lines[1:]:
        first = parts[-1].rstrip()
        if not HYPHEN.search(first[-3:]):
            parts[-1:] = [f"{first} ", second.lstrip()]
        else:
            parts[-1:] = [first if _keeps_hyphen(first, second.lstrip(), words) else first[:-1], second.lstrip()]
    return "".join(parts)


def _keeps_hyphen(first: str, second: str, words: frozenset[str]) -> bool:
    head, tail = WORD_END.search(first[-LONGEST_WORD:-1]), COMPOUND.match(second)
    left, right = head[0].casefold() if head else "", tail[0].casefold() if tail else ""
    is_soft = first[-1] == "\u00ad"
    return not is_soft and (not second[:1].islower() or _is_compound(left, right) or f"{left}-{right}" in words)


def _is_compound(left: str, right: str) -> bool:
    """Whether they are the parts of a word said twice, as in "kota-kotanya", "sayur-mayur"."""
    last = left.rsplit("-", maxsplit=1)[-1]
    return len(last) > 2 and (
        right.startswith(last) or last.endswith(right) or (last[-3:] == right[-3:] and len(last) == len(right))
    )
