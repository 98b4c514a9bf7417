"""How wide a text is and where its lines break, without a font: the widths of Helvetica, which Arial shares.

Both writers of pictures use these, so that the same graph has the same picture on every machine; a card leaves room
for fonts that are a little wider.
"""

from __future__ import annotations

from typing import Final

_WIDTHS: Final = {
    character: width
    for characters, width in (
        ("ijl'", 222),
        ("|", 260),
        (" ftI.,:;!/\\[]·", 278),
        ('r()-`"“”‘’', 333),
        ("*", 389),
        ("ckvxyzsJ", 500),
        ("+<=>~−→←", 584),
        ("FTZL", 611),
        ("EABKPSVXY&", 667),
        ("wCDHNRU", 722),
        ("GOQ", 778),
        ("mM", 833),
        ("%", 889),
        ("W…—", 1000),
    )
    for character in characters
}
"""In thousandths of the font size, from the font's published metrics; what isn't here is 556, wider scripts 1000."""
_BOLD: Final = 1.07


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line in the units of ``size``."""
    total = sum(_WIDTHS.get(character, 556 if character < "\u0300" else 1000) for character in text)
    return total * size / 1000 * (_BOLD if bold else 1)


def wrap(text: str, size: float, room: float, *, lines: int, bold: bool = False) -> list[str]:
    """The text in at most so many lines of that width; what doesn't fit ends in an ellipsis."""
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and width(longer, size, bold=bold) <= room:
            found[-1] = longer
        else:
            found.append(word)
    kept = found[:lines]
    if len(found) > lines:
        words = kept[-1].split()
        while len(words) > 1 and width(f"{' '.join(words)} …", size, bold=bold) > room:
            words.pop()
        kept[-1] = f"{' '.join(words)} …"
    return [_cut(line, size, room, bold=bold) for line in kept]


def _cut(line: str, size: float, room: float, *, bold: bool) -> str:
    """A line that is still too wide, shortened from its end."""
    if width(line, size, bold=bold) <= room:
        return line
    while len(line) > 1 and width(f"{line}…", size, bold=bold) > room:
        line = line.rstrip(" …")[:-1]
    return f"{line}…"
