"""The fact table of a graph: what each article states, one fact a line, with all names of each thing and the evidence.

One query in ``queries/facts/`` for each relation; its columns are the arguments. An article's graphs are asked alone,
so that no name comes from another article or from reference data; a plain file is asked as the one graph that it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Variable

from kg import resources
from kg import vocabulary as v
from kg.errors import DataError
from kg.find import short
from kg.model import Relation, Status
from kg.query import NamedQuery, parse_query_file
from kg.rows import table

if TYPE_CHECKING:
    from pyoxigraph import Store

RELATIONS: Final = tuple(relation.value for relation in Relation if relation not in (Relation.DATED, Relation.ENDS_ON))
"""In the order of the table. A date goes with its publisher, a last day with the first: no facts of their own."""
FORMATS: Final = ("jsonl", "table", "csv")
COLUMNS: Final = ("article", "rel", "subject", "object", "more", "evidence", "rule")
_OWN: Final = frozenset({"claim", "article", "rule", "node", "joined"})
"""The columns of a relation's query that are no arguments; ``joined``: another claim whose words belong to the fact."""
_WHOLE: Final = frozenset(v.term(f"xsd:{name}") for name in ("integer", "gYear", "nonNegativeInteger"))

Argument = str | int | float | list[str]
Node = NamedNode | BlankNode | Literal
Row = dict[str, Node | None]  # every variable of the query, None where it is unbound
Labels = Mapping[Node, tuple[str, ...]]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in an article, in code points, end exclusive, and its words."""

    start: int
    end: int
    words: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """The graphs that are asked together: an article's, or the default graph where there is only that."""

    graphs: tuple[NamedNode | DefaultGraph, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as the relation's query gives it. ``node`` is its tenure, membership …; arguments by name."""

    claim: NamedNode
    article: NamedNode
    relation: str
    rule: str
    node: NamedNode | None
    arguments: Mapping[str, tuple[Node, ...]]
    spans: tuple[Span, ...]


@cache
def relation_query(name: str) -> NamedQuery:
    """The query of a relation, with its titles, phrases and words."""
    return parse_query_file(resources.path(f"queries/facts/{name}.rq"))


def facts(dataset: Store, article_name: Mapping[str, str] | None = None) -> Iterator[dict[str, object]]:
    """The facts of all articles: by article name, in the order of the relations, then of the text.

    ``article_name`` gives a name for the id of an article; without one it is the last part of the id. The keys are
    those of the relation's arguments; each is the list of all names of a thing, or a number, date or word.
    """
    names = article_name or {}
    found = [(statement, scope) for scope in scopes(dataset) for statement in statements(dataset, scope)]
    known = {scope: labels(dataset, scope) for scope in dict.fromkeys(scope for _, scope in found)}

    def name_of(statement: Statement) -> str:
        return names.get(statement.article.value, statement.article.value.rpartition("/")[2])

    def order(pair: tuple[Statement, Scope]) -> tuple[str, int, tuple[Span, ...], str]:
        statement = pair[0]
        return name_of(statement), RELATIONS.index(statement.relation), statement.spans, statement.claim.value

    for statement, scope in sorted(found, key=order):
        if _is_fact(statement):
            yield _fact(statement, name_of(statement), known[scope])


def _is_fact(statement: Statement) -> bool:
    """Whether a statement is a line of the table: a post that is yet to be taken up isn't held now."""
    status = [term.value for term in statement.arguments.get("status", ()) if isinstance(term, Literal)]
    return statement.relation != Relation.HOLDS_POST or status == [Status.CURRENT]


def _fact(statement: Statement, article: str, known: Labels) -> dict[str, object]:
    arguments = {name: argument(terms, known) for name, terms in statement.arguments.items()}
    names, alias = arguments.get("name"), arguments.get("alias")
    if statement.relation == Relation.ALIAS and isinstance(names, list):
        short_names = alias if isinstance(alias, list) else [alias]
        arguments["name"] = [name for name in names if name not in short_names] or names
    return {
        "article": article,
        "rel": statement.relation,
        **arguments,
        "evidence": [{"start": span.start, "end": span.end} for span in statement.spans],
        "rule": statement.rule,
    }


def argument(terms: Iterable[Node], known: Labels) -> Argument:
    """All names of a thing; one number, date or word by itself."""
    values: list[str | int | float] = []
    nodes = 0
    for term in terms:
        if isinstance(term, Literal):
            values.append(_value(term))
        else:
            nodes += 1
            values += known.get(term, (short(str(getattr(term, "value", term))),))
    if len(values) == 1 and not nodes:
        return values[0]
    return list(dict.fromkeys(map(str, values)))


def _value(term: Literal) -> str | int | float:
    if term.datatype in _WHOLE:
        return int(term.value)
    if term.datatype == v.DECIMAL:
        number = float(term.value)
        return int(number) if number.is_integer() else number
    return term.value


# ---------------------------------------------------------------- reading the graph


def scopes(dataset: Store) -> list[Scope]:
    """What is asked together, sorted: each named graph of an article with its claims, or else the default graph."""
    found = {quad.graph_name for quad in dataset.quads_for_pattern(None, v.TYPE, v.NEWS_ARTICLE, None)}
    named = [_scope(graph) for graph in found if isinstance(graph, NamedNode)]
    if not named:
        return [_WHOLE_FILE] if found else []
    return sorted(named, key=lambda scope: [str(graph) for graph in scope.graphs])


_WHOLE_FILE: Final = Scope((DefaultGraph(),))


def _scope(article: NamedNode) -> Scope:
    return Scope((article, NamedNode(f"{article.value}/provenance")))


def scope_of(dataset: Store, article: NamedNode) -> Scope:
    """The graphs that state what an article says."""
    return _scope(article) if dataset.contains_named_graph(article) else _WHOLE_FILE


def labels(dataset: Store, scope: Scope) -> dict[Node, tuple[str, ...]]:
    """All names of each thing, the preferred one first."""
    found: dict[Node, list[str]] = defaultdict(list)
    for row in _rows(dataset, "labels", scope):
        thing, label = row["thing"], row["label"]
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            found[thing].append(label.value)
    return {thing: tuple(dict.fromkeys(names)) for thing, names in found.items()}


def statements(dataset: Store, scope: Scope, claims: Mapping[NamedNode, str] | None = None) -> list[Statement]:
    """The claims of a scope with arguments and words, by relation and place; only some, given with their relation."""
    found = unplaced(dataset, scope, claims)
    spans = _spans(dataset, scope, None if claims is None else [claim for each in found for claim in _claims(each)])
    return sorted(
        (_with_spans(each, spans) for each in found), key=lambda each: (each.relation, each.spans, each.claim.value)
    )


def unplaced(dataset: Store, scope: Scope, claims: Mapping[NamedNode, str] | None = None) -> list[Statement]:
    """The same without the words and their places, and with the claims that are ``joined`` among the arguments."""
    found: list[Statement] = []
    for relation in RELATIONS:
        wanted = None if claims is None else [claim for claim, its in claims.items() if its == relation]
        rows = _chosen(dataset, relation, scope, wanted)
        groups: dict[tuple[NamedNode, NamedNode], list[Row]] = defaultdict(list)
        for row in rows:
            groups[_node(row["claim"]), _node(row["article"])].append(row)
        found += [_statement(relation, key, group) for key, group in groups.items()]
    return found


def _chosen(dataset: Store, name: str, scope: Scope, claims: Collection[NamedNode] | None) -> list[Row]:
    if claims is None:
        return list(_rows(dataset, name, scope))
    return [row for claim in claims for row in _rows(dataset, name, scope, claim)]


def _rows(dataset: Store, name: str, scope: Scope, claim: NamedNode | None = None) -> Iterator[Row]:
    bound = {Variable("claim"): claim} if claim else None
    graphs: list[NamedNode | BlankNode | DefaultGraph] = list(scope.graphs)
    found = dataset.query(relation_query(name).text, default_graph=graphs, substitutions=bound)  # type: ignore[arg-type]
    if not isinstance(found, QuerySolutions):
        raise DataError(f"queries/facts/{name}.rq: no SELECT query; the fact table needs rows")
    names = [variable.value for variable in found.variables]
    for solution in found:
        yield {name: _term(solution[name]) for name in names}


def _term(term: object) -> Node | None:
    return term if isinstance(term, NamedNode | BlankNode | Literal) else None


def _statement(relation: str, key: tuple[NamedNode, NamedNode], rows: Sequence[Row]) -> Statement:
    """The rows of a claim as one: an argument with several values has them all, in the order of the rows."""
    query = relation_query(relation)
    columns = [column for column in rows[0] if column not in _OWN]
    values = {column: _distinct(row[column] for row in rows) for column in columns}
    rule, node = rows[0]["rule"], _optional(rows[0], "node")
    joined = _distinct(_optional(row, "joined") for row in rows)
    if not isinstance(rule, Literal):
        raise DataError(f"queries/facts/{query.name}.rq: ?rule must be a literal")
    arguments = {name: terms for name, terms in values.items() if terms}
    if joined:
        arguments["joined"] = joined
    return Statement(*key, relation, rule.value, node if isinstance(node, NamedNode) else None, arguments, ())


def _node(term: object) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise DataError(f"queries/facts: {term} should be an id")
    return term


def _optional(row: Row, name: str) -> Node | None:
    return row.get(name)


def _distinct(terms: Iterable[object]) -> tuple[Node, ...]:
    return tuple(dict.fromkeys(term for term in terms if isinstance(term, NamedNode | BlankNode | Literal)))


def _claims(statement: Statement) -> list[NamedNode]:
    """The claims whose words belong to the statement: its own, and those joined to it."""
    joined = [term for term in statement.arguments.get("joined", ()) if isinstance(term, NamedNode)]
    return [statement.claim, *joined]


def _spans(dataset: Store, scope: Scope, claims: Collection[NamedNode] | None) -> dict[NamedNode, list[Span]]:
    """The places of the words of each claim."""
    found: dict[NamedNode, list[Span]] = defaultdict(list)
    for row in _chosen(dataset, "evidence", scope, claims):
        begin, end, words = row["begin"], row["end"], _optional(row, "words")
        if isinstance(begin, Literal) and isinstance(end, Literal):
            quoted = words.value if isinstance(words, Literal) else ""
            found[_node(row["claim"])].append(Span(int(begin.value), int(end.value), quoted))
    return found


def _with_spans(statement: Statement, spans: Mapping[NamedNode, Sequence[Span]]) -> Statement:
    own = sorted({span for claim in _claims(statement) for span in spans.get(claim, ())})
    arguments = {name: terms for name, terms in statement.arguments.items() if name != "joined"}
    return replace(statement, spans=tuple(own), arguments=arguments)


# ---------------------------------------------------------------- writing


def format_facts(found: Iterable[Mapping[str, object]], name: str) -> str:
    """Facts as JSON lines, as a table for people, or as CSV with the arguments by name in one column."""
    if name == "jsonl":
        return "".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in found)
    rows = [_cells(fact) for fact in found]
    if name == "table":
        return table(COLUMNS, rows)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
    return written.getvalue()


def _cells(fact: Mapping[str, object]) -> list[str]:
    """Subject and object by their first name, the other arguments as ``name=value``."""
    arguments = {key: _first(value) for key, value in fact.items() if key not in ("article", "rel", "evidence", "rule")}
    names = list(arguments)
    evidence = fact["evidence"]
    places = " ".join(f"{span['start']}-{span['end']}" for span in evidence) if isinstance(evidence, list) else ""
    more = "; ".join(f"{name}={arguments[name]}" for name in names[2:])
    shown = [arguments[name] for name in names[:2]] + [""] * (2 - len(names[:2]))
    return [str(fact["article"]), str(fact["rel"]), *shown, more, places, str(fact["rule"])]


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value)
