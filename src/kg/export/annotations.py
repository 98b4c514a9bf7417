"""Web Annotations of the evidence: one ``oa:Annotation`` per claim, its body the fact, its targets the quoted words.

The targets are the words of subject, trigger and object, in this order, each with its position (code points of the
article's text, end exclusive) and its quote. The context is the one that the standard asks for, by its address;
annotation tools know it and don't fetch it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from kg import vocabulary as v
from kg.export import parts
from kg.export.parts import Object, Options, Subject, Values

Json = dict[str, Any]
CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """A page of annotations, in the order of the text."""
    triples = parts.merge(quads)
    things = parts.subjects(triples)
    claims = [subject for section, shelf in parts.arranged(triples) if v.CLAIM in section.types for subject, _ in shelf]
    page = {
        "@context": CONTEXT,
        "id": f"{options.base}id/annotations",
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": [_annotation(claim, things) for claim in claims],
    }
    return (json.dumps(page, ensure_ascii=False, indent=1) + "\n").encode()


def _annotation(claim: Subject, things: Mapping[Subject, Values]) -> Json:
    values = things[claim]
    spans = dict.fromkeys(span for p in parts.EVIDENCE for span in values.get(p, []))
    return {
        "id": f"{_text(claim)}/annotation",
        "type": "Annotation",
        "motivation": "linking",
        "body": _bodies(claim, values, things),
        "target": [_target(things[span]) for span in spans if not isinstance(span, Literal) and span in things],
    }


def _bodies(claim: Subject, values: Values, things: Mapping[Subject, Values]) -> list[Json | str]:
    """The claim itself, the fact's node where there is one, and the statement in words for who reads only those."""
    about = [_text(node) for node in values.get(v.ABOUT, [])]
    words = [_label(value, things) for p in (v.SUBJECT, v.RELATION, v.OBJECT) for value in values.get(p, [])[:1]]
    statement = {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": " | ".join(words)}
    return [_text(claim), *about, statement]


def _label(value: Object, things: Mapping[Subject, Values]) -> str:
    if isinstance(value, Literal) or value not in things:
        return _text(value)
    said = things[value]
    names = [name for p in (v.PREF_LABEL, v.TEXT, v.HEADLINE) for name in said.get(p, [])]
    return _text(names[0] if names else value)


def _target(span: Values) -> Json:
    """A piece of the article; its id is left out, for the same words can stand in several annotations."""
    begin, end, words, article = (
        _text(span[p][0]) for p in (v.BEGIN_INDEX, v.END_INDEX, v.ANCHOR_OF, v.REFERENCE_CONTEXT)
    )
    position = {"type": "TextPositionSelector", "start": int(begin), "end": int(end)}
    quote = {"type": "TextQuoteSelector", "exact": words}
    return {"type": "SpecificResource", "source": article, "selector": [position, quote]}


def _text(term: Object | NamedNode) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
