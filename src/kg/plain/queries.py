"""The SPARQL constraints of shapes: for which nodes they surely find nothing.

A query is taken only where it is written so that two things can be read off it (``_Words``): all properties that it
looks at, so that few triples have to be shown to it, and those that a node must have for it to find anything: the ones
of its first block, ``$this kg:x ?x ; kg:y ?y``, and one that leads to it where a pattern ends in it, ``?x kg:z $this``.
Most nodes haven't, and it needn't be asked of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kg import vocabulary as v
from kg.plain.graphs import Graph, Node, Pairs, Said, Unknown

_SELECT: Final = v.term("sh:select")
_PREFIXES: Final = v.term("sh:prefixes")
_DECLARE: Final = v.term("sh:declare")
_PREFIX: Final = v.term("sh:prefix")
_NAMESPACE: Final = v.term("sh:namespace")
_KNOWN: Final = frozenset((_SELECT, _PREFIXES, v.TYPE, v.term("sh:message"), v.LABEL, v.COMMENT))

_TOKENS: Final = re.compile(
    r"(?P<iri><[^<>\s\"{}|^`\\]*>)|(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')(?:@[\w-]+|\^\^)?|(?P<var>[?$]\w+)"
    r"|(?P<name>[A-Za-z][\w-]*:(?:[A-Za-z][\w-]*)?(?![\w-]|\.\S|[%\\:]))|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z]+)"
    r"|(?P<sign>&&|\|\||[<>!]=|[<>={}().,;|/*+!-])|\s+"
)
_QUERY: Final = re.compile(r"\s*SELECT\s+(?:DISTINCT\s+)?(?:[?$]\w+\s+)+WHERE\s*\{(?P<body>.*)\}\s*", re.DOTALL)
_WORDS: Final = frozenset(
    """FILTER NOT EXISTS OPTIONAL BIND AS IN BOUND STR LANG DATATYPE REGEX STRLEN SUBSTR CONCAT REPLACE STRSTARTS
    STRENDS CONTAINS LCASE UCASE YEAR MONTH DAY ISIRI ISLITERAL SAMETERM COALESCE IF true false a""".split()
)
_TERMS: Final = frozenset(("iri", "text", "var", "name", "number"))
_OPENS: Final = frozenset(("EXISTS", "OPTIONAL"))
_BEFORE_A_LIST: Final = frozenset((".", "{", "}", ";", ",", ")"))
_THIS: Final = "$this"
_ENDS: Final = frozenset((".", "{", "}"))
_PATH: Final = frozenset("()|/*+")

Token = tuple[str, str]  # its kind, its text


@dataclass(frozen=True, eq=False, slots=True)
class Query:
    """A constraint's query. ``types``: it looks for things of these classes only; None: of any."""

    begin: str  # of an ASK query, until the nodes
    end: str  # and after them
    needed: tuple[tuple[NamedNode, int], ...]  # for it to find anything: so many values of these properties
    reached: frozenset[NamedNode] | None  # and being a value of one of these; None: it may also find what is none
    looks_at: frozenset[NamedNode]
    types: frozenset[NamedNode] | None

    def asking(self, nodes: Iterable[Node]) -> str:
        """Whether it finds anything for any of these, in SPARQL."""
        return self.begin + " ".join(map(str, nodes)) + self.end

    def may_find(self, said: Said) -> bool:
        """Whether it can find anything for a node of which this is said."""
        for each, least in self.needed:
            values = said.get(each)
            if values is None or len(values) < least:
                return False
        return True


def query_of(constraint: Node, shapes: Pairs) -> Query:
    """The query of a SPARQL constraint; Unknown where it isn't written as this module can read it."""
    said = shapes.get(constraint, [])
    texts = [o for p, o in said if p == _SELECT]
    if len(texts) != 1 or not isinstance(texts[0], Literal) or not {p for p, _ in said} <= _KNOWN:
        raise Unknown
    prefixes = _declared([o for p, o in said if p == _PREFIXES], shapes)
    match = _QUERY.fullmatch(texts[0].value)
    if match is None:
        raise Unknown
    words = _Words(_tokens(match["body"]), prefixes)
    lines = [f"PREFIX {name}: <{namespace}>" for name, namespace in prefixes.items() if f"{name}:" in match["body"]]
    begin, end = "\n".join((*lines, "ASK { VALUES $this { ")), f" }} {match['body']} }}"
    query = Query(begin, end, tuple(words.needed().items()), words.reached(), words.looks_at(), words.types())
    _try(query)
    return query


def _declared(owners: Iterable[Node], shapes: Pairs) -> dict[str, str]:
    """The prefixes of the ontologies that a constraint names."""
    found: dict[str, str] = {}
    for owner in owners:
        for declared in (o for p, o in shapes.get(owner, []) if p == _DECLARE):
            said = dict(shapes.get(declared, []))
            name, namespace = said.get(_PREFIX), said.get(_NAMESPACE)
            if not isinstance(name, Literal) or not isinstance(namespace, Literal):
                raise Unknown
            if found.setdefault(name.value, namespace.value) != namespace.value:
                raise Unknown
    return found


def _try(query: Query) -> None:
    try:
        Store().query(query.asking([NamedNode("urn:x")]))
    except SyntaxError as error:
        raise Unknown from error


def _tokens(body: str) -> list[Token]:
    found, end = [], 0
    for match in _TOKENS.finditer(body):
        if match.start() != end:
            raise Unknown
        end = match.end()
        if match.lastgroup:
            found.append((match.lastgroup, match[match.lastgroup]))
    if end != len(body):
        raise Unknown
    return found


class _Words:
    """What can be read off the words of a query's pattern. Unknown where anything could mean something else."""

    def __init__(self, tokens: Sequence[Token], prefixes: Mapping[str, str]) -> None:
        self.tokens, self.prefixes = tokens, prefixes
        self.kinds = [kind for kind, _ in tokens]
        self.texts = [text for _, text in tokens]
        for place in range(len(tokens)):
            self._plain(place)

    def _at(self, place: int) -> Token:
        return self.tokens[place] if 0 <= place < len(self.tokens) else ("end", "")

    def _plain(self, place: int) -> None:
        (kind, text), (before, word), (after, next_word) = (self._at(place + step) for step in (0, -1, 1))
        if kind == "word":
            strange = text not in _WORDS
        elif kind == "var":  # between two terms, or before its first value, it stands for any property
            is_property = (before in _TERMS or word == ";") and (after in _TERMS or next_word in ("(", "a"))
            strange = is_property or (text.startswith("$") and text != _THIS)
        elif text == "{":
            strange = word not in _OPENS
        elif text == "(":  # a function of the user's own, or a list
            strange = before in ("iri", "name") or (word in _BEFORE_A_LIST and self._is_pattern(place))
        else:  # in a path: any property but these
            strange = text == "!" and (before in _TERMS or after in ("name", "iri") or word in ("/", "|"))
        if strange:
            raise Unknown

    def _is_pattern(self, place: int) -> bool:
        """Whether a bracket stands outside of expressions: a list, then."""
        depth = 0
        for text in self.texts[:place]:
            depth += (text == "(") - (text == ")")
        return depth == 0

    def _iri(self, token: Token) -> NamedNode:
        kind, text = token
        if kind == "iri":
            return NamedNode(text[1:-1])
        name, _, local = text.partition(":")
        if name not in self.prefixes:
            raise Unknown
        return NamedNode(self.prefixes[name] + local)

    def looks_at(self) -> frozenset[NamedNode]:
        """All that is named, the properties among it."""
        named = {self._iri(token) for token in self.tokens if token[0] in ("iri", "name")}
        return frozenset(named | ({v.TYPE} if "a" in self.texts else set()))

    def types(self) -> frozenset[NamedNode] | None:
        """The classes that are looked for; None where any may count."""
        found = set()
        for place, token in enumerate(self.tokens):
            if token == ("word", "a") or (token[0] in ("iri", "name") and self._iri(token) == v.TYPE):
                after = self._at(place + 1)
                if after[0] not in ("iri", "name") or self._at(place + 2)[1] == ",":
                    return None
                found.add(self._iri(after))
        return frozenset(found)

    def needed(self) -> dict[NamedNode, int]:
        """How many values a node must have of the properties in the block that the query begins with."""
        return {predicate: 2 if self._differ(values) else 1 for predicate, values in self._block().items()}

    def reached(self) -> frozenset[NamedNode] | None:
        """The properties of which a node must be a value, by a pattern outside of all braces that ends in it.

        A path of no step ends where it begins: then that must be a value of the node's own.
        """
        for place, token in enumerate(self.tokens):
            if token != ("var", _THIS) or self._at(place + 1)[1] not in (".", "") or "{" in self._open(place):
                continue
            begin = max((at + 1 for at in range(place) if self.texts[at] in _ENDS), default=0)
            start, path = self._at(begin), self.tokens[begin + 1 : place]
            named = frozenset(self._iri(each) for each in path if each[0] in ("iri", "name"))
            if start[0] != "var" or not named or any(t not in _PATH and k not in ("iri", "name") for k, t in path):
                continue
            before = frozenset(predicate for predicate, values in self._block().items() if start in values)
            if before or ("sign", "*") not in path:
                return named | before
        return None

    def _open(self, place: int) -> list[str]:
        """The brackets that are open before a place."""
        found: list[str] = []
        for text in self.texts[:place]:
            if text in "({":
                found.append(text)
            elif text in ")}":
                found.pop()
        return found

    def _block(self) -> dict[NamedNode, list[Token]]:
        """The properties in the block that the query begins with, and their values."""
        found: dict[NamedNode, list[Token]] = {}
        place = 1 if self._at(0) == ("var", _THIS) else len(self.tokens)
        while self._at(place)[0] in ("iri", "name") and self._at(place + 1)[0] in _TERMS:
            predicate, values = self._iri(self._at(place)), [self._at(place + 1)]
            place += 2
            while self._at(place)[1] == "," and self._at(place + 1)[0] in _TERMS:
                values.append(self._at(place + 1))
                place += 2
            found.setdefault(predicate, []).extend(values)
            if self._at(place)[1] != ";":
                break
            place += 1
        return found

    def _differ(self, values: Sequence[Token]) -> bool:
        """Whether two of these must not be the same: a filter of the whole pattern says so."""
        for place, token in enumerate(self.tokens):
            first, second = self._at(place + 2), self._at(place + 4)
            if (
                token == ("word", "FILTER")
                and [self._at(place + step)[1] for step in (1, 3, 5)] == ["(", "!=", ")"]
                and first[0] == second[0] == "var"
                and {first, second} <= set(values)
                and first != second
                and self.texts[:place].count("{") == self.texts[:place].count("}")
            ):
                return True
        return False


def found_by(queries: Mapping[Query, list[Node]], graph: Graph, background: Mapping[Node, list[Triple]]) -> set[Query]:
    """Those that find anything for the nodes that they are asked of.

    ``background`` is what the validator sees beside the graph, by property; the nodes are no subjects in it.
    """
    store = Store()
    store.extend(_looked_at(queries, graph, background))
    return {query for query, nodes in queries.items() if store.query(query.asking(nodes))}


def _looked_at(queries: Iterable[Query], graph: Graph, background: Mapping[Node, list[Triple]]) -> Iterator[Quad]:
    """What the queries can see."""
    properties = frozenset[NamedNode]().union(*(query.looks_at for query in queries))
    any_type = any(query.types is None for query in queries)
    types = frozenset[NamedNode]().union(*(query.types or () for query in queries))
    for subject, said in graph.items():
        assert not isinstance(subject, Literal)
        for predicate, values in said.items():
            if predicate in properties:
                narrow = predicate == v.TYPE and not any_type
                for value in values:
                    if not narrow or value in types:
                        yield Quad(subject, predicate, value)
    for predicate in properties & background.keys():
        for triple in background[predicate]:
            if any_type or predicate != v.TYPE or triple.object in types:
                yield Quad(*triple)
