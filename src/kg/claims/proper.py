"""Names of things that no list of mentions holds: awards and programmes, by their capitals or quotation marks."""

from __future__ import annotations

import re

from kg.claims.context import Context
from kg.mentions import Mention
from kg.model import Evidence
from kg.rules import Finding, Words

QUOTED = re.compile(r'\s*["“«]([^"”»\n]{2,80})["”»]')
WORD = r"[A-ZÀ-Ý][^\W_]*(?:[-'’.&/+][^\W_]+)*"
CAPITALISED = re.compile(rf"\s*({WORD}(?: (?:{WORD}|[0-9]+|&|(?:of|for|the|to|and|in) (?={WORD})))*)")
YEAR = re.compile(r" ((?:19|20)\d\d)$")
FEWEST = 3  # letters of a name


def proper_name(context: Context, finding: Finding, role: str) -> tuple[Evidence, Evidence | None] | None:
    """The name that a role's words begin with, and the year that ends it; None where no name begins there."""
    filler = finding.fillers.get(role)
    if not isinstance(filler, Words | Mention):
        return None
    limit = finding.sentence.end
    quoted = QUOTED.match(context.text, filler.start, limit)
    match = quoted or CAPITALISED.match(context.text, filler.start, limit)
    if match is None:
        return None
    start, end = match.span(1)
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


def _is_other(context: Context, finding: Finding, start: int, end: int) -> bool:
    """Whether the words name something of another kind: "program Bank Indonesia", "penghargaan Bapak Bupati"."""
    first = context.text[start:end].split(" ")[0]
    here = [m for m in finding.sentence.mentions if m.start == start and m.end >= end]
    named = [m for m in here if m.core.type in ("person", "post") or _is_known(context, m)]
    return bool(named) or first in context.lexicon.members("relations.generic")


def _is_known(context: Context, mention: Mention) -> bool:
    """Whether the reference data knows what is named; what only looks like a place or body may be an award."""
    entity = context.entities.actor(mention)
    return entity is not None and entity.known
