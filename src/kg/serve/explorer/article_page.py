"""An article beside what was read from it: the text with the words of all facts, the facts with their words.

Where the text isn't kept, or isn't shown to others, the quoted words stand alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg import vocabulary as v
from kg.find import short
from kg.records import record
from kg.serve.current import Loaded
from kg.serve.explorer import claims, quoting, sentences
from kg.serve.explorer.claims import Mark
from kg.serve.explorer.evidence import Evidence, anchor, roles
from kg.serve.explorer.names import Names
from kg.serve.explorer.sentences import Part
from kg.voices.asking import printings

if TYPE_CHECKING:
    from pyoxigraph import Store

MOST: Final = 400
"""Facts that are shown beside a text."""
PRINTINGS: Final = 12
"""Articles with the same text that are named; the others are counted."""


@record(frozen=True, slots=True)
class Beside:
    """A fact beside the text: its anchor, sentence, words; ``refused`` is why it stayed out, empty for one let in."""

    anchor: str
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...]
    refused: str
    quotes: tuple[list[quoting.Piece], ...]


@record(frozen=True, slots=True)
class Stretch:
    """A piece of the text. ``facts`` as ``anchor:role``; ``first``: no marked piece comes right before it."""

    text: str
    facts: tuple[str, ...]
    target: str
    first: bool
    ids: tuple[str, ...]


def context(now: Loaded, article: NamedNode, lang: str, *, texts: bool) -> dict[str, Any] | None:
    """What the template shows; None where the graph has no such article."""
    view, names = now.view, Names(now.view, lang)
    if v.NEWS_ARTICLE not in names.types(article):
        return None
    evidence = Evidence(now, names, lang)
    text = evidence.text(article)
    found = [*_admitted(view, article, names, lang), *_refused(view, article, lang)]
    found.sort(key=lambda each: (each.marks[:1], each.anchor))
    shown = [_quoted(each, text) for each in found[:MOST]] if text is None or not texts else found[:MOST]
    url = _literal(view, article, v.URL)
    others = printings(view, article)
    return {
        "key": short(article.value),
        "iri": article.value,
        "paper": evidence.paper(article),
        "url": url if url.startswith(("http://", "https://")) else "",
        "printings": [evidence.paper(each) for each in others[:PRINTINGS]],
        "printings_more": max(0, len(others) - PRINTINGS),
        "facts": [each for each in shown if not each.refused],
        "refused": [each for each in shown if each.refused],
        "more": max(0, len(found) - MOST),
        "paragraphs": _paragraphs(text, shown) if text is not None and texts else [],
        "is_kept": text is not None,
        "roles": roles,
    }


def _admitted(view: Store, article: NamedNode, names: Names, lang: str) -> list[Beside]:
    found = claims.in_article(view, article)
    known = sentences.statements_of(view, article, found)
    return [
        Beside(
            anchor(claim.node),
            tuple(sentences.told(claim, known.get(claim.node), set(), names, lang)),
            tuple(claims.marks(view, claim.node)),
            "",
            (),
        )
        for claim in found
    ]


def _refused(view: Store, article: NamedNode, lang: str) -> list[Beside]:
    """The claims in quarantine, with the reason."""
    found = []
    for quad in view.quads_for_pattern(None, v.WAS_DERIVED_FROM, article, DefaultGraph()):
        claim = quad.subject
        if isinstance(claim, NamedNode) and v.REFUSED_CLAIM in _types(view, claim):
            why = _literal(view, claim, v.RESULT_MESSAGE, lang) or "?"
            part = Part(_literal(view, claim, v.STATEMENT))
            found.append(Beside(anchor(claim), (part,), tuple(claims.marks(view, claim)), why, ()))
    return found


def _types(view: Store, node: NamedNode) -> set[object]:
    return {quad.object for quad in view.quads_for_pattern(node, v.TYPE, None, DefaultGraph())}


def _literal(view: Store, node: NamedNode, predicate: NamedNode, lang: str | None = None) -> str:
    quads = view.quads_for_pattern(node, predicate, None, DefaultGraph())
    found = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    return min(((each.language != lang if lang else False, each.value) for each in found), default=(False, ""))[1]


def _quoted(each: Beside, text: str | None) -> Beside:
    quotes = quoting.quotations(text, each.marks) if text is not None else quoting.without_text(each.marks)
    return Beside(each.anchor, each.parts, each.marks, each.refused, tuple(quotes))


def _paragraphs(text: str, shown: list[Beside]) -> list[list[Stretch]]:
    """The lines of the text as stretches; each knows the facts whose words it belongs to."""
    marks = [(mark, each.anchor) for each in shown for mark in each.marks]
    marks.sort(key=lambda pair: pair[0])
    named: set[str] = set()
    paragraphs = []
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        inside = [(mark, fact) for mark, fact in marks if mark.begin < end and mark.end > begin]
        if line.strip():
            paragraphs.append(_stretches(text, begin, end, inside, named))
        begin = end + 1
    return paragraphs


def _stretches(text: str, begin: int, end: int, marks: list[tuple[Mark, str]], named: set[str]) -> list[Stretch]:
    found: list[Stretch] = []
    for piece in quoting.pieces(text, begin, end, [mark for mark, _ in marks]):
        facts = list(dict.fromkeys(f"{marks[at][1]}:{marks[at][0].role}" for at in piece.marks))
        anchors = list(dict.fromkeys(marks[at][1] for at in piece.marks))
        new = tuple(f"w{each[1:]}" for each in anchors if each not in named)
        named |= set(anchors)
        first = not (found and found[-1].facts)
        found.append(Stretch(piece.text, tuple(facts), anchors[0] if anchors else "", first, new))
    return found
