"""The constraints of SHACL core on a single value: each says yes only where a validator surely does."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg import vocabulary as v
from kg.plain.graphs import Check, Graph, Node, Unknown

Test = Callable[[str], bool]


def _matching(pattern: str) -> Test:
    return lambda text, match=re.compile(pattern, re.ASCII).fullmatch: match(text) is not None  # type: ignore[misc]


def _day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _any(_text: str) -> bool:
    return True


# Fewer than a validator takes: what isn't written in the usual way is for it to judge.
LEXICAL: Final[Mapping[str, Test]] = {
    v.LANG_STRING.value: _any,
    v.STRING.value: _any,
    v.DATE.value: _day,
    v.G_YEAR.value: _matching(r"[1-9]\d{3}"),
    v.G_YEAR_MONTH.value: _matching(r"[1-9]\d{3}-(?:0[1-9]|1[0-2])"),
    v.INTEGER.value: _matching(r"-?\d{1,15}"),
    v.NON_NEGATIVE_INTEGER.value: _matching(r"\d{1,15}"),
    v.DECIMAL.value: _matching(r"-?\d{1,15}(?:\.\d{1,15})?"),
}
NUMBERS: Final = frozenset({v.INTEGER.value, v.NON_NEGATIVE_INTEGER.value, v.DECIMAL.value})


def datatype(wanted: Node) -> Check:
    """``sh:datatype``."""
    lexical = LEXICAL.get(wanted.value) if isinstance(wanted, NamedNode) else None
    if lexical is None:
        raise Unknown

    def check(node: Node, _graph: Graph) -> bool:
        return isinstance(node, Literal) and node.datatype == wanted and lexical(node.value)

    return check


_WRITTEN: Final = (NamedNode, Literal)
_KINDS: Final[Mapping[Node, tuple[type, ...]]] = {
    v.term("sh:IRI"): (NamedNode,),
    v.term("sh:Literal"): (Literal,),
    v.term("sh:IRIOrLiteral"): (NamedNode, Literal),
    v.term("sh:BlankNodeOrIRI"): (NamedNode,),
}


def node_kind(wanted: Node) -> Check:
    """``sh:nodeKind``; a blank node is left to the validator."""
    if wanted not in _KINDS:
        raise Unknown
    types = _KINDS[wanted]
    return lambda node, _graph: isinstance(node, types)


def min_length(wanted: Node) -> Check:
    """``sh:minLength``, in code points."""
    least = whole(wanted)
    return lambda node, _graph: isinstance(node, _WRITTEN) and len(node.value) >= least


# What Python's expressions and those of other libraries read alike, on text that is plain ASCII.
_ALIKE: Final = re.compile(r"(?:[\w/#:?=,.<>@%;~'\" ^$+*()\[\]{}|&!-]|\\[sSdw.\-/+])*", re.ASCII)
_NOT_ALIKE: Final = re.compile(r"\(\?|[+*?}][+*?{]|&&|--|~~|\[\[|\[:|\[\^?\]|\{,")


def pattern(wanted: Node) -> Check:
    """``sh:pattern`` without flags."""
    if not isinstance(wanted, Literal) or not _ALIKE.fullmatch(wanted.value) or _NOT_ALIKE.search(wanted.value):
        raise Unknown
    search = re.compile(wanted.value).search

    def check(node: Node, _graph: Graph) -> bool:
        if not isinstance(node, _WRITTEN):
            return False
        text = node.value
        return text.isascii() and text.isprintable() and search(text) is not None

    return check


def language_in(wanted: list[Node]) -> Check:
    """``sh:languageIn``: one of the tags, or one that is narrower."""
    ranges = [each.value.lower() for each in wanted if isinstance(each, Literal)]

    def check(node: Node, _graph: Graph) -> bool:
        tag = (node.language or "").lower() if isinstance(node, Literal) else ""
        return any(tag == each or tag.startswith(each + "-") for each in ranges)

    return check


def among(wanted: list[Node]) -> Check:
    """``sh:in``."""
    members = frozenset(wanted)
    return lambda node, _graph: node in members


def bounded(wanted: Node, fits: Callable[[Decimal, Decimal], bool]) -> Check:
    """``sh:minInclusive`` and its like, between numbers."""
    bound = _number(wanted)
    if bound is None:
        raise Unknown

    def check(node: Node, _graph: Graph) -> bool:
        number = _number(node)
        return number is not None and fits(number, bound)

    return check


def _number(node: Node) -> Decimal | None:
    if not isinstance(node, Literal):
        return None
    kind = node.datatype.value
    return Decimal(node.value) if kind in NUMBERS and LEXICAL[kind](node.value) else None


def whole(node: Node) -> int:
    """A whole number as a constraint has it; Unknown where it is none."""
    number = _number(node)
    if number is None or number != int(number):
        raise Unknown
    return int(number)
