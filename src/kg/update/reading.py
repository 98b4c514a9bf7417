"""The text of an update -> its operations.

The engine's parser reads each operation, which tells mistakes and where they are, and each piece of it again: the quads
and templates, as data with names in place of variables. What is done here is to cut
the text at the semicolons and braces that the grammar has outside of texts, IRIs and comments. (rdflib's parser takes
44 seconds for an INSERT DATA of 2,000 triples, the engine's some milliseconds.)
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, Literal

from pyoxigraph import NamedNode, Quad, Store

from kg import federation
from kg import vocabulary as v
from kg.errors import QueryError
from kg.query import fault
from kg.records import record

_PIECE: Final = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')'''
    r"""|(?P<iri><[^<>"{}|^`\x00-\x20]*>)"""
    r"""|(?P<space>\s+|\#[^\r\n]*)"""
    r"""|(?P<variable>[?$]\w+)"""
    r"""|(?P<name>(?:[^\W\d_][\w.-]*)?:(?:(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)?)"""
    r"""|(?P<word>[A-Za-z]+)"""
    r"""|(?P<other>.)""",
    re.DOTALL,
)
Place = Literal["default", "named", "all"] | NamedNode
"""What CLEAR and its like name: the default graph, all named ones, all, or one graph."""


class NotUnderstood(QueryError):
    """A mistake in the text, at ``line`` and ``column`` (from 1) where they are known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class NotAllowed(QueryError):
    """An update that would ask another machine."""


@record(frozen=True, slots=True)
class Data:
    """INSERT DATA, DELETE DATA: the quads as they are named."""

    is_insert: bool
    quads: tuple[Quad, ...]


@record(frozen=True, slots=True)
class Modify:
    """DELETE and INSERT by a pattern. Templates have IRIs that begin with ``mark`` in place of variables.

    ``where`` is a SELECT over the default graphs and named graphs of USING; None where the request has none.
    """

    delete: tuple[Quad, ...]
    insert: tuple[Quad, ...]
    mark: str
    where: str
    with_: NamedNode | None = None
    default_graphs: tuple[NamedNode, ...] | None = None
    named_graphs: tuple[NamedNode, ...] | None = None


@record(frozen=True, slots=True)
class Manage:
    """CLEAR, DROP, CREATE (of ``target``), ADD, COPY, MOVE (from ``source`` to ``target``)."""

    action: str
    target: Place
    source: Place | None = None
    is_silent: bool = False


@record(frozen=True, slots=True)
class Load:
    """LOAD of an address that is allowed by name."""

    address: str
    target: Place
    is_silent: bool = False


Operation = Data | Modify | Manage | Load


@record(frozen=True, slots=True)
class Using:
    """The graphs that a request names for the patterns of its operations (``using-graph-uri``)."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


_NOTHING: Final = Using()


def read(text: str, base: str, using: Using = _NOTHING, allowed: Collection[str] = ()) -> tuple[Operation, ...]:
    """The operations of an update; ``base`` is what relative IRIs are relative to.

    ``allowed`` are the addresses that SERVICE may ask and LOAD may fetch. Raises QueryError.
    """
    try:
        federation.refuse("update", text, allowed)
    except QueryError as error:
        raise NotAllowed(str(error)) from error
    found = []
    declared: list[_Piece] = []  # so far
    for pieces in _cut(_pieces(text)):
        begin = _after_prologue(pieces)
        declared += pieces[:begin]
        _expect_understood(text, declared, pieces[begin:], base)
        if pieces[begin:]:
            prologue = " ".join(piece.text for piece in declared) + "\n"
            found.append(_Reader(text, prologue, base, using, allowed).operation(pieces[begin:]))
    return tuple(found)


_STOP: Final = "CLEAR GRAPH <urn:jejaring:no-such-graph> ; "
"""An operation that fails when it is run: what follows is read by the parser, and never run."""


def _expect_understood(text: str, declared: Sequence[_Piece], operation: Sequence[_Piece], base: str) -> None:
    """One operation, in its place, after all that is declared before it: the engine allows that only at the begin."""
    if not operation:
        return
    begin, end = operation[0].start, operation[-1].end
    blank = [character if character in "\r\n" else " " for character in text]
    for piece in declared:
        blank[piece.start : piece.end] = piece.text
    blank[begin:end] = text[begin:end]
    alone = "".join(blank)
    try:
        Store().update(alone[:begin] + _STOP + alone[begin:], base_iri=base, prefixes=v.PREFIXES)
    except SyntaxError as error:
        raise _not_understood(str(error), text, begin) from error
    except RuntimeError:
        return
    except (ValueError, OSError) as error:
        raise NotUnderstood(str(error)) from error
    raise AssertionError("unreachable")


def _not_understood(message: str, text: str, begin: int) -> NotUnderstood:
    place = re.match(r"error at (\d+):(\d+):", message)
    if not place:
        return NotUnderstood(fault(message, text))
    line, column = int(place[1]), int(place[2])
    first = text.count("\n", 0, begin) + 1
    if line == first and column > begin - text.rfind("\n", 0, begin):
        column -= len(_STOP)
    return NotUnderstood(fault(f"error at {line}:{column}:{message[place.end() :]}", text), line, column)


# ---------------------------------------------------------------- pieces


@record(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


def _pieces(text: str) -> list[_Piece]:
    found = (_Piece(each.lastgroup or "other", each.group(), each.start()) for each in _PIECE.finditer(text))
    return [piece for piece in found if piece.kind != "space"]


def _cut(pieces: Sequence[_Piece]) -> Iterator[Sequence[_Piece]]:
    """The operations, each with what is declared before it."""
    depth, begin = 0, 0
    for at, piece in enumerate(pieces):
        depth += _DEPTH.get(piece.text, 0)
        if piece.text == ";" and depth == 0:
            if at == begin:
                raise NotUnderstood("an operation is missing before ';'")
            yield pieces[begin:at]
            begin = at + 1
    yield pieces[begin:]


_DEPTH: Final = {"{": 1, "}": -1}


def _after_prologue(pieces: Sequence[_Piece]) -> int:
    at = 0
    while at < len(pieces) and pieces[at].word in ("BASE", "PREFIX", "VERSION"):
        at += 3 if pieces[at].word == "PREFIX" else 2
    return min(at, len(pieces))


# ---------------------------------------------------------------- operations


@record(frozen=True, slots=True)
class _Block:
    """What stands in braces: ``text`` with them, the ``names`` of its variables."""

    text: str
    pieces: Sequence[_Piece]


@record(frozen=True, slots=True)
class _Reader:
    """Reads the operations of a text after its prologue."""

    text: str
    prologue: str
    base: str
    using: Using
    allowed: Collection[str]

    def operation(self, pieces: Sequence[_Piece]) -> Operation:
        first, second = pieces[0].word, pieces[1].word if len(pieces) > 1 else ""
        if first == "LOAD":
            return self._load(pieces[1:])
        if first in _ACTIONS:
            return self._manage(first.lower(), pieces[1:])
        if second == "DATA":
            block = self._blocks(pieces)["DATA"]
            return Data(first == "INSERT", self._quads(block.text))
        return self._modify(pieces)

    def _modify(self, pieces: Sequence[_Piece]) -> Modify:
        blocks = self._blocks(pieces)
        where = blocks["WHERE"]
        if pieces[0].word == "DELETE" and pieces[1].word == "WHERE":
            blocks["DELETE"] = where
        mark = self._mark()
        delete, insert = (self._template(blocks.get(name), mark) for name in ("DELETE", "INSERT"))
        head = self._outside(pieces)
        with_ = self._after(head, "WITH")
        defaults, named = self._after(head, "USING"), self._after(head, "NAMED")
        has_own = bool(with_ or defaults or named)
        if has_own and (self.using.default_graphs or self.using.named_graphs):
            message = (
                "USING or WITH in the update, and using-graph-uri or using-named-graph-uri in the request; use one"
            )
            raise NotUnderstood(message)
        chosen = (defaults, named) if defaults or named else self._of_request()
        dataset = chosen if chosen[0] or chosen[1] else (None, None)
        query = f"{self.prologue}SELECT * WHERE {where.text}"
        return Modify(delete, insert, mark, query, with_[0] if with_ else None, *dataset)

    def _of_request(self) -> tuple[tuple[NamedNode, ...], tuple[NamedNode, ...]]:
        try:
            default, named = (
                tuple(map(NamedNode, names)) for names in (self.using.default_graphs, self.using.named_graphs)
            )
        except ValueError as error:
            raise NotUnderstood(f"a graph of the request is no absolute IRI ({error})") from error
        return default, named

    def _after(self, head: Sequence[_Piece], word: str) -> tuple[NamedNode, ...]:
        """The graphs that follow a word outside of the braces; USING NAMED counts as NAMED."""
        follows = itertools.pairwise(head)
        return tuple(self._iri(next_.text) for piece, next_ in follows if piece.word == word and not next_.word)

    def _manage(self, action: str, pieces: Sequence[_Piece]) -> Manage:
        places = self._places(pieces)
        is_silent = any(piece.word == "SILENT" for piece in pieces)
        source, target = (None, places[0]) if len(places) == 1 else (places[0], places[1])
        return Manage(action, target, source, is_silent)

    def _load(self, pieces: Sequence[_Piece]) -> Load:
        (address, *places), is_silent = self._places(pieces), any(piece.word == "SILENT" for piece in pieces)
        if not isinstance(address, NamedNode) or address.value not in self.allowed:
            name = address.value if isinstance(address, NamedNode) else address
            raise NotAllowed(
                f"LOAD would fetch <{name}>; if that is wanted, start the server with --allow-service {name}"
            )
        return Load(address.value, places[0] if places else "default", is_silent)

    def _places(self, pieces: Sequence[_Piece]) -> list[Place]:
        found: list[Place] = []
        for piece in pieces:
            if piece.word in _PLACES:
                found.append(_PLACES[piece.word])
            elif piece.kind in ("iri", "name"):
                found.append(self._iri(piece.text))
        return found

    # ---- what the engine's parser says

    def _iri(self, text: str) -> NamedNode:
        graph = self._quads(f"{{ GRAPH {text} {{ <urn:x> <urn:x> <urn:x> }} }}")[0].graph_name
        assert isinstance(graph, NamedNode)
        return graph

    def _template(self, block: _Block | None, mark: str) -> tuple[Quad, ...]:
        if block is None:
            return ()
        text, at = [], 0
        begin = block.pieces[0].start
        for piece in block.pieces:
            if piece.kind == "variable":
                text += [self.text[begin + at : piece.start], f"<{mark}{piece.text[1:]}>"]
                at = piece.end - begin
        text.append(self.text[begin + at : block.pieces[-1].end])
        return self._quads("".join(text))

    def _quads(self, block: str) -> tuple[Quad, ...]:
        made = Store()
        try:
            made.update(f"{self.prologue}INSERT DATA {block}", base_iri=self.base, prefixes=v.PREFIXES)
        except (SyntaxError, ValueError, RuntimeError, OSError) as error:
            raise NotUnderstood(f"not understood: {' '.join(block.split())[:80]} ({error})") from error
        return tuple(made)

    def _mark(self) -> str:
        """What the names that stand for variables begin with: nothing that the text has."""
        mark = _VARIABLE
        while mark in self.text:
            mark += "x:"
        return mark

    def _blocks(self, pieces: Sequence[_Piece]) -> dict[str, _Block]:
        """Word -> the braces that follow it, outside of others. Those of a pattern need no WHERE before them."""
        found: dict[str, _Block] = {}
        depth, begin = 0, 0
        for at, piece in enumerate(pieces):
            step = _DEPTH.get(piece.text, 0)
            if step == 1 and depth == 0:
                begin = at
            depth += step
            if step == -1 and depth == 0:
                before = pieces[begin - 1].word
                inside = pieces[begin : at + 1]
                name = before if before in ("DELETE", "INSERT", "DATA") else "WHERE"
                found[name] = _Block(self.text[inside[0].start : inside[-1].end], inside)
        return found

    def _outside(self, pieces: Sequence[_Piece]) -> list[_Piece]:
        found, depth = [], 0
        for piece in pieces:
            step = _DEPTH.get(piece.text, 0)
            depth += step
            if depth == 0 and not step:
                found.append(piece)
        return found


_VARIABLE: Final = "urn:jejaring:variable:"
_ACTIONS: Final = ("CLEAR", "DROP", "CREATE", "ADD", "COPY", "MOVE")
_PLACES: Final[dict[str, Place]] = {"DEFAULT": "default", "NAMED": "named", "ALL": "all"}
