"""Turtle for people: prefixes, ids relative to the base, things by kind, the quoted words beside each evidence.

An own writer, because the known ones give flat or unstable text; our data has no lists and no blank nodes to nest, so
it is short. The tests read its output with three parsers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import vocabulary as v
from kg.export import parts
from kg.export.parts import Object, Options, Subject, Values

_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_RELATIVE: Final = re.compile(r"(?!/)(?!.*//)(?!(?:.*/)?\.{1,2}(?:[/#?]|$))[^:?#]+/[^?]*")
"""What is the same after it was resolved against the base: no scheme, no empty, "." or ".." part."""
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_WIDTH: Final = 118


@dataclass(frozen=True, slots=True)
class Spelling:
    """How terms are written in one file: base, prefixes, and the words of each evidence for the comments."""

    base: str
    prefixes: Mapping[str, str]
    words: Mapping[Object, str]

    def term(self, term: Object | NamedNode) -> str:
        """A term as Turtle."""
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        return self._literal(term) if isinstance(term, Literal) else str(term)

    def _iri(self, iri: str) -> str:
        for prefix, space in self.prefixes.items():
            if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space)):
                return f"{prefix}:{iri[len(space) :]}"
        local = iri.removeprefix(self.base)
        return f"<{local}>" if local != iri and _RELATIVE.fullmatch(local) else f"<{iri}>"

    def _literal(self, literal: Literal) -> str:
        value, datatype = literal.value, literal.datatype
        if datatype == v.INTEGER and _INTEGER.fullmatch(value):
            return value
        if datatype == v.DECIMAL and _DECIMAL.fullmatch(value):
            return value
        quoted = '"' + "".join(map(_escaped, value)) + '"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype == v.STRING else f"{quoted}^^{self.term(datatype)}"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\u{ord(character):04X}" if character < " " or character == "\x7f" else character


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """One graph of all the articles' facts, claims and evidence."""
    triples = parts.merge(quads)
    spelling = spelling_of(triples, options.base)
    return "\n".join([*header(spelling), *body(triples, spelling), ""]).encode()


def spelling_of(triples: Iterable[Triple], base: str) -> Spelling:
    """The prefixes that are used and the words of the evidence, of all triples of a file."""
    triples = list(triples)
    words: dict[Object, str] = {}
    for triple in triples:
        if (
            isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, Literal)
            and triple.predicate == v.ANCHOR_OF
        ):
            words[triple.subject] = triple.object.value
    return Spelling(base, parts.used_prefixes(triples), words)


def header(spelling: Spelling) -> list[str]:
    """The base and the prefixes."""
    prefixes = [f"@prefix {prefix}: <{space}> ." for prefix, space in spelling.prefixes.items()]
    return [f"@base <{spelling.base}> .", *prefixes]


def body(triples: Sequence[Triple], spelling: Spelling, indent: str = "") -> list[str]:
    """The lines of a graph: a heading for each kind of thing, a block for each thing."""
    lines: list[str] = []
    for section, things in parts.arranged(triples):
        lines += ["", f"{indent}# {section.title}"]
        for subject, values in things:
            block = _block(subject, values, spelling)
            lines += ["", *(indent + line for line in (_dense(block) if v.SPAN in values.get(v.TYPE, []) else block))]
    return lines


def _dense(block: list[str]) -> list[str]:
    """A block on two lines: evidence is many small things of one form."""
    return [block[0], "    " + " ".join(line.strip() for line in block[1:])]


def _block(subject: Subject, values: Values, spelling: Spelling) -> list[str]:
    """All that is said of one thing; its class stands on the first line."""
    rows = [row for predicate, objects in values.items() for row in _rows(predicate, objects, spelling)]
    start = spelling.term(subject)
    if v.TYPE in values:
        start, rows = f"{start} {rows[0][0].strip()}{rows[0][1]}", rows[1:]
        return [_end(start, last=not rows), *_closed(rows)]
    return [start, *_closed(rows)]


def _closed(rows: list[tuple[str, str]]) -> list[str]:
    """The rows with their ends; a row that goes on ends with a comma and keeps it."""
    ends = [text if text.endswith(",") else _end(text, last=n == len(rows)) for n, (text, _) in enumerate(rows, 1)]
    return [end + comment for end, (_, comment) in zip(ends, rows, strict=True)]


def _end(text: str, *, last: bool) -> str:
    return text + (" ." if last else " ;")


def _rows(predicate: NamedNode, objects: list[Object], spelling: Spelling) -> list[tuple[str, str]]:
    """The lines of one predicate, each with its comment: one line where the values fit in, else one each."""
    name = "a" if predicate == v.TYPE else spelling.term(predicate)
    values = [spelling.term(value) for value in objects]
    line = f"    {name} {', '.join(values)}"
    if predicate == v.TYPE or (not _words(objects, spelling) and (len(values) == 1 or len(line) <= _WIDTH)):
        return [(line, "")]
    comments = [_comment(spelling.words.get(value, "")) for value in objects]
    first, *others = [text if n == len(values) else f"{text} ," for n, text in enumerate(values, 1)]
    texts = [f"    {name} {first}", *(f"        {other}" for other in others)]
    return list(zip(texts, comments, strict=True))


def _words(objects: list[Object], spelling: Spelling) -> bool:
    return any(value in spelling.words for value in objects)


def _comment(words: str) -> str:
    """The quoted words as a comment: one line, cut where they are long (the evidence itself has them all)."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return f"  # “{line[:76]}…”" if len(line) > 78 else f"  # “{line}”" if line else ""
