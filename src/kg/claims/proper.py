"""Names of things that no list of mentions holds: awards and programmes, by their capitals or quotation marks."""

from __future__ import annotations

import re

from kg.claims.context import Context
from kg.mention import Mention
from kg.model import Evidence
from kg.rules import Finding, Words

QUOTED = re.compile(r'\s*["“«]([^"”»\n]{2,80})["”»]')
WORD = r"[A-ZÀ-Ý][^\W_]*(?:[-'’.&/+][^\W_]+)*"
JOINING = rf"(?:of|for|the|to|and|in|by)(?= (?:the )?{WORD})"
CAPITALISED = re.compile(rf"\s*({WORD}(?: (?:{WORD}|[0-9]+(?:\.[0-9]+)?|&|{JOINING}|\([A-Z]+\)(?= {WORD})))*)")
YEAR = re.compile(r" ((?:19|20)\d\d)$")
TITLED = ("predikat ", "gelar ", "julukan ", "status ")  # behind these the name of a post is one of an award
FEWEST = 3  # letters of a name


def proper_name(context: Context, finding: Finding, role: str) -> tuple[Evidence, Evidence | None] | None:
    """The name that a role's words begin with, and the year that ends it; None where no name begins there."""
    filler = finding.fillers.get(role)
    if not isinstance(filler, Words | Mention):
        return None
    limit = finding.sentence.end
    if finding.fillers.get("name") == "last":
        return _last_name(context, finding, filler)
    led_up = context.form("relations.led_up").match(context.text, filler.start, limit)
    first = led_up.end() if led_up else filler.start
    quoted = QUOTED.match(context.text, first, limit)
    match = quoted or CAPITALISED.match(context.text, first, limit)
    if match is None:
        return None
    start, end = match.span(1)
    for fixed in context.lexicon.members("relations.fixed"):
        if context.text.startswith(fixed, start):
            return Evidence(start, start + len(fixed)), None
    words = context.text[start:end].split(" ")
    if quoted is None:
        ends = context.lexicon.members("relations.ends")
        kept = next((number for number, word in enumerate(words) if word in ends), len(words))
        end = start + len(" ".join(words[:kept]))
    year = YEAR.search(context.text, start, end)
    when = Evidence(*year.span(1)) if year else None
    end = year.start() if year else end
    name = context.text[start:end]
    if len(name) < FEWEST or (quoted is None and _is_other(context, finding, start, end)):
        return None
    return Evidence(start, end), when


def _last_name(context: Context, finding: Finding, filler: Words | Mention) -> tuple[Evidence, Evidence | None] | None:
    """The name in capitals that the words of a filler end with: "peluncuran layanan baru Sapa Sungai"."""
    for found in CAPITALISED.finditer(context.text, filler.start, filler.end):
        start, end = found.span(1)
        if end == filler.end and end - start >= FEWEST and not _is_other(context, finding, start, end):
            return Evidence(start, end), None
    return None


def _is_other(context: Context, finding: Finding, start: int, end: int) -> bool:
    """Whether the words name something of another kind: "program Bank Indonesia", "penghargaan Bapak Bupati"."""
    first = context.text[start:end].split(" ")[0]
    here = [m for m in finding.sentence.mentions if m.start == start and m.end >= end]
    titled = context.text[:start].endswith(TITLED)
    named = [m for m in here if (m.core.type in ("person", "post") and not titled) or _is_known(context, m)]
    return bool(named) or first in context.lexicon.members("relations.generic")


def _is_known(context: Context, mention: Mention) -> bool:
    """Whether the reference data knows what is named; what only looks like a place or body may be an award."""
    entity = context.entities.actor(mention)
    return entity is not None and entity.known
