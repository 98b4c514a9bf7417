"""Lines that were broken to fit a width -> paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

WIDEST = 100  # characters: longer lines weren't broken to fit
NARROWEST = 40  # characters: shorter ones are lists and addresses
HYPHEN = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")
ITEM = re.compile(r"\s*(?:[-*•·–]|\(?\d{1,2}[.)]|[a-z][.)])\s+\S")  # begins an item of a list
BEFORE_ITEM = (":", ";", ".", ",", "!", "?", " dan", " and")  # what the line before an item ends with
COMPOUND = re.compile(r"[^\W\d_]+")


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
    open_line = ""
    for before, line in zip(("", *lines), lines, strict=False):
        is_item = ITEM.match(line) is not None and before.rstrip().endswith(BEFORE_ITEM)
        if before and not is_item and len(before.rstrip()) + 1 + len(line.split(None, 1)[0]) > width:
            open_line = joined(open_line, line)
        else:
            if open_line:
                yield open_line
            open_line = line
    yield open_line


def joined(first: str, second: str, *, words: frozenset[str] = frozenset()) -> str:
    """Two lines as one; of a word that was cut at the end of the first, the two halves.

    A hyphen stays where the two sides are one word twice (reduplication: "kota-kota"), where the second begins with a
    capital or a digit, and where the whole is written so in ``words``.
    """
    first, second = first.rstrip(), second.lstrip()
    if not HYPHEN.search(first):
        return f"{first} {second}"
    head, tail = first[:-1], COMPOUND.match(second)
    left = re.split(r"[^\w-]", head)[-1].casefold()
    right = tail[0].casefold() if tail else ""
    if first[-1] != "\u00ad" and (not second[:1].islower() or _is_compound(left, right) or f"{left}-{right}" in words):
        return f"{first}{second}"
    return f"{head}{second}"


def _is_compound(left: str, right: str) -> bool:
    """Whether they are the parts of a word said twice, as in "kota-kotanya", "sayur-mayur"."""
    last = left.rsplit("-", maxsplit=1)[-1]
    return len(last) > 2 and (
        right.startswith(last) or last.endswith(right) or (last[-3:] == right[-3:] and len(last) == len(right))
    )
