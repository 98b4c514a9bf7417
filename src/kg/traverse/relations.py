"""The relations of the graph: each a query of ``queries/graph/``, asked as a whole or only for some of its ends.

A query says which things are linked by which fact, then, in an OPTIONAL with two marks, where that is said::

    ?fact a kg:NetworkMembership ; org:member ?from ; org:organization ?to .
    OPTIONAL {
      # claims
      ?claim kg:about ?fact .
      # words
      ?claim kg:evidence ?span . ...
    }

What walks the graph asks the first part alone, for the things it stands at; claims and words only for what is shown.
Where ``?to`` is computed, the head says by which path of properties a thing leads to its facts, as ``# facts-of-to:``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from kg import resources
from kg.errors import DataError

_PARTS: Final = re.compile(
    r"(?P<prologue>.*?)^SELECT[^\n]*\nWHERE \{\n(?P<relation>.*)^ *OPTIONAL \{\n"
    r" *# claims\n(?P<claims>.*)^ *# words\n(?P<words>.*)\n  \}\n\}\s*",
    re.DOTALL | re.MULTILINE,
)
_VARIABLE: Final = re.compile(r"\?(\w+)")
_SHOWN: Final = ("from", "to", "fact", "detail", "status")
BATCH: Final = 500
"""So many nodes are asked for at once: the text of the query is parsed once for them."""
T = TypeVar("T")
_QUOTED: Final = ("claim", "article", "date", "words", "begin", "end")


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """A kind of link. ``keys`` are the variables by which its claims are found, ``variables`` all that a row has."""

    name: str
    label_id: str
    label_en: str
    prologue: str
    relation: str
    claims: str
    words: str
    facts_of_to: str
    variables: tuple[str, ...]
    keys: tuple[str, ...]

    def everything(self) -> str:
        """The query for all links, without claims and words."""
        return self._select(self.variables, self.relation)

    def leaving(self, nodes: Iterable[str]) -> str:
        """The query for the links that start at one of these."""
        return self._select(self.variables, values(("from",), ((iri(node),) for node in nodes)) + self.relation)

    def reaching(self, nodes: Iterable[str]) -> str:
        """The query for the links that lead to one of these; only where ``?to`` isn't computed."""
        return self._select(self.variables, values(("to",), ((iri(node),) for node in nodes)) + self.relation)

    def facts_reaching(self, nodes: Iterable[str]) -> str:
        """The query for the facts that may lead to one of these, where ``?to`` is computed."""
        return self._select(
            ["fact"], values(("end",), ((iri(node),) for node in nodes)) + f"?end {self.facts_of_to} ?fact"
        )

    def of_facts(self, facts: Iterable[str]) -> str:
        """The query for the links that these facts make."""
        return self._select(self.variables, values(("fact",), ((iri(fact),) for fact in facts)) + self.relation)

    def between(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The query for the links from the first to the second of a pair; only where ``?to`` isn't computed."""
        rows = ((iri(source), iri(target)) for source, target in pairs)
        return self._select(self.variables, values(("from", "to"), rows) + self.relation)

    def claims_of(self, rows: Iterable[Sequence[str]]) -> str:
        """The query for the claims of links, given by their ``keys``."""
        return self._select(("claim", *self.keys), values(self.keys, rows) + self.claims)

    def words_of(self, claims: Iterable[str]) -> str:
        """The query for the words of claims."""
        return self._select(_QUOTED, values(("claim",), ((claim,) for claim in claims)) + self.words)

    def _select(self, variables: Iterable[str], pattern: str) -> str:
        return f"{self.prologue}SELECT {' '.join(f'?{name}' for name in variables)}\nWHERE {{\n{pattern}\n}}"


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The items in lists of at most ``size``."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


@cache
def relations() -> tuple[Relation, ...]:
    """All relations, by name. Raises DataError for a query without the two marks."""
    return tuple(_relation(path.stem, path.read_text("utf-8")) for path in resources.files("queries/graph", "*.rq"))


def chosen(names: Collection[str] | None) -> tuple[Relation, ...]:
    """The relations of these names, all where None are given. Raises DataError for a name that no file has."""
    known = {relation.name: relation for relation in relations()}
    if unknown := sorted(set(names or ()) - known.keys()):
        raise DataError(f"no relation {unknown[0]!r}; there are {', '.join(known)}")
    return tuple(known.values()) if names is None else tuple(known[name] for name in sorted(set(names)))


def _relation(name: str, text: str) -> Relation:
    found = _PARTS.fullmatch(text)
    said = head(text)
    if not found or not {"label", "label-en"} <= said.keys():
        raise DataError(f"queries/graph/{name}.rq: no relation; it needs label, label-en, '# claims' and '# words'")
    bound = dict.fromkeys(_VARIABLE.findall(found["relation"]))
    keys = tuple(each for each in bound if each in _VARIABLE.findall(found["claims"]))
    return Relation(
        name,
        said["label"],
        said["label-en"],
        found["prologue"],
        found["relation"],
        found["claims"],
        found["words"],
        said.get("facts-of-to", ""),
        tuple(dict.fromkeys((*_SHOWN, *keys))),
        keys,
    )


def head(query: str) -> dict[str, str]:
    """The ``# key: value`` lines at the head of a query file."""
    found = re.match(r"(?:#.*\n)*", query)
    lines = found.group().splitlines() if found else []
    pairs = [line.lstrip("# ").partition(": ") for line in lines]
    return {key: value.strip() for key, colon, value in pairs if colon}


def values(variables: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of terms, as SPARQL writes them, for these variables."""
    names = " ".join(f"?{name}" for name in variables)
    written = " ".join(f"({' '.join(row)})" for row in rows)
    return f"VALUES ({names}) {{ {written} }}\n"


def iri(node: str) -> str:
    """A node as SPARQL writes it. Raises ValueError for what is no IRI."""
    return str(NamedNode(node))


def solutions(view: Store, query: str, place: str) -> Iterator[QuerySolution]:
    """The rows of a query, as they come. Raises DataError where it isn't a SELECT query."""
    try:
        found = view.query(query)
    except SyntaxError as error:
        raise DataError(f"{place}: {error}") from error
    if not isinstance(found, QuerySolutions):
        raise DataError(f"{place}: no SELECT query; a relation of the graph needs one")
    yield from found


def leading_to(view: Store, relation: Relation, nodes: Sequence[str]) -> Iterator[QuerySolution]:
    """The links that lead to one of these nodes; where ``?to`` is computed, perhaps some others as well.

    The facts are asked for first then: a subquery would have the engine make all links of the relation.
    """
    if not relation.facts_of_to:
        yield from solutions(view, relation.reaching(nodes), relation.name)
        return
    found = dict.fromkeys(value(row, "fact") for row in solutions(view, relation.facts_reaching(nodes), relation.name))
    for facts in batches(found):
        yield from solutions(view, relation.of_facts(facts), relation.name)


def of_file(view: Store, name: str, restriction: str = "") -> Iterator[QuerySolution]:
    """The rows of a query of ``queries/graph/``; ``restriction`` is a VALUES block that is put before its patterns."""
    text = resources.path(f"queries/graph/{name}").read_text("utf-8")
    query = re.sub(r"WHERE \{", lambda found: f"{found[0]} {restriction}", text, count=1)
    yield from solutions(view, query, f"queries/graph/{name}")


def value(solution: QuerySolution, name: str) -> str:
    """A term of a row as text; empty where it isn't bound."""
    term = solution[name]
    return term.value if isinstance(term, NamedNode | Literal) else ""
