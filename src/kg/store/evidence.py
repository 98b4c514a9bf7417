"""Whether the words of the evidence are those of its place."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg import vocabulary as v

_SPANS: Final = f"""
SELECT DISTINCT ?span ?begin ?end ?words ?context WHERE {{
  ?span a {v.SPAN} .
  OPTIONAL {{ ?span {v.BEGIN_INDEX} ?begin }}
  OPTIONAL {{ ?span {v.END_INDEX} ?end }}
  OPTIONAL {{ ?span {v.ANCHOR_OF} ?words }}
  OPTIONAL {{ ?span {v.REFERENCE_CONTEXT} ?context }}
}}"""


def wrong_evidence(dataset: ox.Store) -> list[str]:
    """Evidence whose words aren't as long as its place, or aren't the text's where that is known; one line each."""
    texts = {quad.subject: _value(quad.object) for quad in dataset.quads_for_pattern(None, v.IS_STRING, None, None)}
    found = []
    for row in dataset.query(_SPANS, use_default_graph_as_union=True):  # type: ignore[union-attr]
        begin, end, words = (_value(row[name]) for name in ("begin", "end", "words"))
        fault = _evidence_fault(begin, end, words, texts.get(row["context"]))
        if fault:
            found.append(f"evidence {row['span']}: {fault}")
    return sorted(found)


def _evidence_fault(begin: str | None, end: str | None, words: str | None, text: str | None) -> str | None:
    if begin is None or end is None or words is None or not (begin.isdecimal() and end.isdecimal()):
        return "begin, end or words are missing or no numbers"
    if len(words) != int(end) - int(begin):
        return f"{len(words)} characters of words at a place of {int(end) - int(begin)}"
    if text is not None and text[int(begin) : int(end)] != words:
        return f"the text has {text[int(begin) : int(end)]!r} there, not {words!r}"
    return None


def _value(term: object) -> str | None:
    return term.value if isinstance(term, ox.Literal | NamedNode) else None
