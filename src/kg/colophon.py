"""What the lines around an article's own text say of it: the date, the outlet beside a byline, who issued a release.

A line counts only if it holds nothing else: a date with its time and place, a name beside an outlet, a body's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.calendar import DateValue, find_dates
from kg.lexicon import Lexicon
from kg.model import Kind
from kg.segment import BYLINE

LINE = re.compile(r"(?m)^[^\S\n]*\S[^\n]*")
TIME = re.compile(r"(?:pukul |jam )?\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s*(?:WIB|WITA|WIT)\b)?|\b(?:WIB|WITA|WIT)\b")
DIGIT = re.compile(r"\d")
LONGEST = 130  # code points; a longer line is text
MOST_WORDS = 3  # words beside a date in a date line: its place, "Dipublikasikan pada"
HEAD_LINES, FOOT_LINES = 6, 8


def lines(text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The spans of the first and the last lines, trimmed."""
    every = [match.span() for match in LINE.finditer(text)]
    head, foot = every[:HEAD_LINES], every[HEAD_LINES:][-FOOT_LINES:]
    return [_trim(text, *span) for span in head], [_trim(text, *span) for span in foot]


def date(text: str, spans: Iterable[tuple[int, int]], lexicon: Lexicon) -> DateValue | None:
    """The date of the first line that is a date line."""
    for start, end in spans:
        if end - start > LONGEST or not DIGIT.search(text, start, end):
            continue
        found = [value for value in find_dates(text, start, end, lexicon) if value.last[0] is not None]
        if len(found) == 1 and _is_date_line(text, start, end, found[0], lexicon):
            return found[0]
    return None


def _is_date_line(text: str, start: int, end: int, value: DateValue, lexicon: Lexicon) -> bool:
    line = text[start:end]
    if BYLINE.match(text, start, end) or (TIME.search(line) and line[-1] != "."):
        return True
    rest = re.findall(r"[^\W\d_][\w.'-]*", line.replace(text[value.start : value.end], " "))
    if line[-1] == "." or len(rest) > MOST_WORDS:
        return False
    return all(word[0].isupper() or word in lexicon.members("colophon.beside") for word in rest)


def outlet(text: str, spans: Iterable[tuple[int, int]], lexicon: Lexicon) -> tuple[int, int] | None:
    """A known outlet beside a byline or a date: "Sari Wening - detikFinance", "Kompas.com - 12/03/2025, 10:15 WIB"."""
    for start, end in spans:
        if end - start > LONGEST or text[end - 1] == ".":
            continue
        for part in re.finditer(r"[^|,()\n]+?(?=\s*(?:[|,()]|\s-\s|$))", text[start:end]):
            first, last = _trim(text, start + part.start(), start + part.end())
            while first < last and text[first] in "- ":
                first += 1
            if is_outlet(text[first:last], lexicon) and (first, last) != (start, end):
                return first, last
    return None


def is_outlet(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is a known outlet's, or begins like those of the large houses."""
    reference = lexicon.reference
    if any(reference.kinds[key] is Kind.OUTLET for key in reference.names.get(name, ())):
        return True
    stems = tuple(lexicon.members("colophon.stems"))
    return " " not in name and name != name.lower() and name.lower().startswith(stems)


def issuer(
    text: str, head: Sequence[tuple[int, int]], foot: Sequence[tuple[int, int]], lexicon: Lexicon
) -> tuple[int, int] | None:
    """The body whose name alone stands on a line at the head or the foot of a press release, or ends a text."""
    marks = tuple(lexicon.members("colophon.release"))
    release = any(text[start:end].lower().startswith(marks) for start, end in head)
    for start, end in [*head, *foot] if release else foot[-2:]:
        for part in re.finditer(r"(?:Kepala |Humas )?([A-Z][^\n]*?)(?:,? - |/[a-z]{2,4}\)?$|$)", text[start:end]):
            if len(part[1]) <= LONGEST and _is_body(part[1], lexicon):
                return start + part.start(1), start + part.end(1)
    return None


def _is_body(line: str, lexicon: Lexicon) -> bool:
    """Whether a line is a body's name: a known one, or a head with words of names and nothing else."""
    if lexicon.classes.get(line) in ("G", "N"):
        return True
    words = titled(line).split(" ")
    heads = (" ".join(words[:count]) for count in (3, 2, 1))
    if not any(lexicon.classes.get(head) in ("O", "S") for head in heads):
        return False
    return all(word[:1].isupper() or word[:1] == "(" or word in ("dan", "dan/atau") for word in words)


def titled(line: str) -> str:
    """A line in capitals with capitals only where words begin: letterheads."""
    if not line.isupper() or " " not in line:
        return line
    return " ".join(word.lower() if word in ("DAN", "ATAU") else word.capitalize() for word in line.split(" "))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
