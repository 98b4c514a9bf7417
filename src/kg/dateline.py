"""Who published the article, and when, as its own first lines say: "Jakarta (ANTARA) - …", "MAKASSAR, KOMPAS.com –"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from kg import colophon
from kg.calendar import DateValue, as_date, find_dates
from kg.lexicon import Lexicon
from kg.model import Argument, Article, Claim, Entity, Evidence, Kind, Label, Relation
from kg.names import plain, slug
from kg.records import record
from kg.segment import BYLINE

DATELINE = re.compile(r'\s*([^\n]{2,70}?)\s(?:-|--|\|)\s(?=["A-Z(])')
UNDASHED = re.compile(r"(([A-Z][\w.]+), ([A-Z][a-z]+)) (?=[A-Z])")
SEPARATORS = re.compile(r"[^,()/]+")
DOMAIN = re.compile(r"(?i)\b[\w-]+(?:\.[\w-]+)*\.(?:com|co\.id|id|net|org|go\.id|co|tv)\b")
SUFFIX = re.compile(r"(?i)\.(?:co\.id|go\.id|com|net|org|co|id|tv)$")
TYPE_WORD = re.compile(r"^(?:Kota|Kabupaten|Kab\.|Provinsi) ")
COUNTRY = re.compile(r"([A-Z][\w' -]+), ([A-Z][\w' -]+?)(?=,| \(|$)")
OUTER_LEVELS = ({4.0}, {3.0})  # a country, a province
LONGEST = 90  # code points of a dateline
HEAD_LINES = 4
LONGEST_OUTLET = 4  # words


@record(frozen=True, slots=True)
class Line:
    """One of the first lines, and its dateline if it has one."""

    start: int
    end: int
    dateline: re.Match[str] | None


def read(
    article: Article,
    text: str,
    lexicon: Lexicon,
    body: Callable[[str], Entity | None],
    place: Callable[[str], Entity] | None = None,
) -> Iterator[Claim]:
    """The claims ``published``, ``dated`` and ``located_in``, as far as these lines make them; ``text`` is normalised.

    ``body`` gives the body of a name, for press releases, and ``place`` the place.
    """
    head, foot = colophon.lines(text)
    lines = [Line(start, end, _dateline(text, start, end)) for start, end in head]
    if place is not None:
        yield from _located(lines, lexicon, place)
    outlet = next((found for line in lines[:HEAD_LINES] if (found := _outlet(text, line, lexicon))), None)
    if outlet is not None:
        yield _published(article, *outlet, "dateline.outlet")
    elif (span := colophon.outlet(text, head, lexicon)) is not None:
        yield _published(article, Evidence(*span), Evidence(*span), "dateline.byline")
    elif (span := colophon.issuer(text, head, foot, lexicon)) is not None:
        issuer = body(plain(colophon.titled(text[slice(*span)])))
        if issuer is not None:
            spot = Evidence(*span)
            arguments = (("article", Argument(article, spot)), ("publisher", Argument(issuer, spot)))
            yield Claim(Relation.PUBLISHED, arguments, spot, "dateline.issuer", Decimal("0.9"))
    dated = _date(text, lines, lexicon) or colophon.date(text, [*head, *foot], lexicon)
    if dated is not None and (resolved := dated.resolve(None)) is not None:
        spot = Evidence(dated.start, dated.end)
        given = (("article", Argument(article, spot)), ("date", Argument(as_date(resolved[0]), spot)))
        yield Claim(Relation.DATED, given, spot, "dateline.date", Decimal("0.95"))


def day(claim: Claim) -> dt.date | None:
    """The article's day, where the claim gives it."""
    given = claim.get("date") if claim.relation is Relation.DATED else None
    return given.value if given is not None and isinstance(given.value, dt.date) else None


def body_start(text: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Where a paragraph's own words begin, behind its dateline: a place, an outlet or both before a dash."""
    match = _dateline(text, start, end) or _undashed(text, start, end, lexicon)
    if match is None:
        return start
    parts = [part.strip() for part in SEPARATORS.findall(match[1]) if part.strip()]
    known = any(_is_place(part, lexicon) or DOMAIN.search(part) or colophon.is_outlet(part, lexicon) for part in parts)
    return match.end() if known else start


def _dateline(text: str, start: int, end: int) -> re.Match[str] | None:
    return DATELINE.match(text, start, min(end, start + LONGEST))


def _outlet(text: str, line: Line, lexicon: Lexicon) -> tuple[Evidence, Evidence] | None:
    """The spans of the outlet and of the whole dateline."""
    match = line.dateline or _undashed(text, line.start, line.end, lexicon)
    if match is None or BYLINE.match(text, line.start, line.end):
        return None
    candidates: list[tuple[int, str]] = []
    placed = False
    for part in SEPARATORS.finditer(match[1]):
        name = part.group().strip()
        if not name:
            continue
        if _is_place(name, lexicon) or any(True for _ in find_dates(name, 0, len(name), lexicon)):
            placed = True
        elif not name[0].isupper() and not DOMAIN.fullmatch(name):
            return None
        else:
            candidates.append((match.start(1) + part.start() + len(part.group()) - len(part.group().lstrip()), name))
    known = [item for item in candidates if colophon.is_outlet(item[1], lexicon) or DOMAIN.search(item[1])]
    for at, name in known or (candidates if placed else []):
        if len(name.split()) <= LONGEST_OUTLET:
            return Evidence(at, at + len(name)), Evidence(match.start(1), match.end(1))
    return None


def _undashed(text: str, start: int, end: int, lexicon: Lexicon) -> re.Match[str] | None:
    """A dateline whose dash is missing: an outlet, a place, and the text: "Liputan6.com, Jakarta Pergantian"."""
    match = UNDASHED.match(text, start, end)
    return match if match and colophon.is_outlet(match[2], lexicon) and _is_place(match[3], lexicon) else None


def _date(text: str, lines: Sequence[Line], lexicon: Lexicon) -> DateValue | None:
    """The date inside a dateline: "Kupang, 17 September 2025 - "."""
    for line in lines:
        match = line.dateline
        if match is not None and not BYLINE.match(text, line.start, line.end):
            found = [value for value in find_dates(text, *match.span(1), lexicon) if value.last[0] is not None]
            parts = [part.strip() for part in SEPARATORS.findall(match[1])]
            if len(found) == 1 and any(_is_place(part, lexicon) for part in parts):
                return found[0]
    return None


def _located(lines: Sequence[Line], lexicon: Lexicon, place: Callable[[str], Entity]) -> Iterator[Claim]:
    """The town of a dateline lies in the country or province behind it: "Suva, Fiji, 11 Juli 2024 - "."""
    for line in lines[:HEAD_LINES]:
        match = line.dateline
        found = COUNTRY.match(match.string, *match.span(1)) if match is not None else None
        if found is None or lexicon.levels.get(found[2].title(), frozenset()) not in OUTER_LEVELS:
            continue
        town, country = (place(found[group] if found[group].istitle() else found[group].title()) for group in (1, 2))
        if town.key != country.key and town.kind not in (Kind.COUNTRY, Kind.PROVINCE):
            spots = [Evidence(*found.span(group)) for group in (1, 2)]
            arguments = (("place", Argument(town, spots[0])), ("within", Argument(country, spots[1])))
            yield Claim(Relation.LOCATED_IN, arguments, Evidence(*found.span()), "dateline.place", Decimal("0.9"))
        return


def _is_place(name: str, lexicon: Lexicon) -> bool:
    bare = TYPE_WORD.sub("", name)
    return any(lexicon.classes.get(form) == "L" for form in (name, bare, name.title(), bare.title()))


def _published(article: Article, span: Evidence, line: Evidence, rule: str) -> Claim:
    name = span.of(article.text)
    short = SUFFIX.sub("", name)
    aliases = (Label(short),) if short != name else ()
    outlet = Entity(Kind.OUTLET, f"outlet/{slug(name)}", Label(name), aliases, why="the dateline")
    arguments = (("article", Argument(article, line)), ("publisher", Argument(outlet, span)))
    return Claim(Relation.PUBLISHED, arguments, line, rule, Decimal("0.95"))
