"""Query files -> things with fields: for formats whose records are lists of values, as FollowTheMoney and Popolo are.

Each ``*.rq`` of a folder gives one kind of thing: ``?id`` and a column for each field. The branches of its UNION fill
one column each; the rows of one id are folded into one record. The words of the evidence (``?article ?words ?begin
?end``) become one quotation per article. What else a format must know stands in the head comment of the query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, QuerySolutions, Store

from kg import resources
from kg.errors import DataError
from kg.export.parts import natural
from kg.traverse import Span, head, quoted

Term = NamedNode | BlankNode | Literal
_QUOTED: Final = frozenset({"id", "words", "begin", "end"})


@dataclass(slots=True)
class Record:
    """A thing. ``rows``: each row's bound columns once; ``quotes``: the quoted words by the IRI of their article."""

    id: str
    rows: set[tuple[tuple[str, Term], ...]] = field(default_factory=set)
    quotes: Mapping[str, str] = field(default_factory=dict)

    def values(self, column: str) -> list[Term]:
        """The values of a column in the order of preference: Indonesian, without language, others; then by text."""
        return sorted({term for row in self.rows for name, term in row if name == column}, key=_preference)


@dataclass(frozen=True, slots=True)
class Kind:
    """The things of one query, by id, and the fields of the query's head. ``columns`` in the order of the query."""

    head: Mapping[str, str]
    columns: tuple[str, ...]
    records: tuple[Record, ...]

    def listed(self, key: str) -> frozenset[str]:
        """The words of a field of the head."""
        return frozenset(self.head.get(key, "").split())


def _preference(term: Term) -> tuple[object, ...]:
    language = (term.language or "") if isinstance(term, Literal) else ""
    rank = {"id": 0, "": 1}.get(language, 2)
    return (rank, natural(term.value), language)


def kinds(store: Store, folder: str) -> Iterator[Kind]:
    """The things of each query of ``queries/export/FOLDER``, by the name of the file."""
    for path in resources.files(f"queries/export/{folder}", "*.rq"):
        text = path.read_text("utf-8")
        found = store.query(text)
        if not isinstance(found, QuerySolutions):
            raise DataError(f"queries/export/{folder}/{path.name}: no SELECT query; a record needs one")
        columns = tuple(variable.value for variable in found.variables)
        yield Kind(head(text), columns, _folded(found, columns))


def _folded(rows: QuerySolutions, columns: tuple[str, ...]) -> tuple[Record, ...]:
    records: dict[str, Record] = {}
    spans: dict[str, dict[str, set[Span]]] = {}
    plain = [column for column in columns if column not in _QUOTED]
    for row in rows:
        name = _text(row["id"])
        record = records.setdefault(name, Record(name))
        record.rows.add(tuple((column, term) for column in plain if (term := _term(row[column])) is not None))
        if "words" in columns and row["words"] is not None:
            spans.setdefault(name, {}).setdefault(_text(row["article"]), set()).add(_span(row))
    for name, by_article in spans.items():
        records[name].quotes = {article: quoted(found)[0] for article, found in by_article.items()}
    return tuple(records[name] for name in sorted(records, key=natural))


def _span(row: QuerySolution) -> Span:
    return Span(int(_text(row["begin"])), int(_text(row["end"])), _text(row["words"]))


def _term(value: object) -> Term | None:
    return value if isinstance(value, NamedNode | BlankNode | Literal) else None


def _text(value: object) -> str:
    term = _term(value)
    return "" if term is None else term.value
