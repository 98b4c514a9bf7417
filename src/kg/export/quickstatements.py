"""Candidate statements for Wikidata as QuickStatements commands (V1, with tabs), each with its article as reference.

https://www.wikidata.org/wiki/Help:QuickStatements. Which facts become which statements is told by the queries in
``queries/quickstatements``: columns ``subject``, ``property`` and ``value``, ``article`` for the reference, and one
column for each qualifier, named by its property. A thing without an item is left out; ``write_with_new_items`` makes
those that ``queries/quickstatements/new`` describes (CREATE), if something can be stated of them. Candidates: somebody
who knows Wikidata looks at each before it is sent.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from kg import resources
from kg import vocabulary as v
from kg.errors import DataError, KgError
from kg.export.parts import Options, natural
from kg.records import record

ITEMS: Final = "data/linking/wikidata-items.toml"
WIKIDATA: Final = "http://www.wikidata.org/entity/"
PRECISION: Final[Mapping[NamedNode, tuple[str, int]]] = {
    v.DATE: ("+{}T00:00:00Z", 11),
    v.G_YEAR_MONTH: ("+{}-00T00:00:00Z", 10),
    v.G_YEAR: ("+{}-00-00T00:00:00Z", 9),
}
"""Data type of a date -> how it is written, and Wikidata's number for its precision."""
_OWN: Final = frozenset({"subject", "property", "value", "article"})
_NAMES: Final = re.compile(r"[LAD][a-z-]+")
Fields = tuple[str, ...]
References = Mapping[str, Fields]
"""Article -> the fields of a reference to it."""


@record(frozen=True, slots=True)
class Row:
    """One statement of a query: the subject's IRI, its property, its value; qualifiers by property."""

    subject: str
    property: str
    value: NamedNode | Literal
    qualifiers: tuple[tuple[str, NamedNode | Literal], ...] = ()
    article: str = ""


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """The commands about things that have an item, one a line, sorted by item and property."""
    _, rows, items, references = _read(quads, options)
    return _dump(_known(rows, items, references))


def write_with_new_items(quads: Sequence[Quad], options: Options) -> bytes:
    """The same, and behind them those that make items for things that have none."""
    facts, rows, items, references = _read(quads, options)
    return _dump([*_known(rows, items, references), *_made(facts, rows, items, references)])


def _read(quads: Sequence[Quad], options: Options) -> tuple[Store, list[Row], dict[str, str], References]:
    if options.facts_only:
        raise KgError("quickstatements: a statement names its article, which the claims tell; leave out --facts-only")
    facts = _facts(quads, options)
    queries = [path.read_text("utf-8") for path in resources.files("queries/quickstatements", "*.rq")]
    return facts, [row for query in queries for row in _rows(facts, query)], _items(facts), _references(facts)


def _known(rows: Sequence[Row], items: Mapping[str, str], articles: References) -> list[Fields]:
    found = {line for row in rows if row.subject in items for line in _lines(items[row.subject], row, items, articles)}
    return sorted(found, key=lambda fields: [natural(field) for field in fields])


def _dump(lines: Sequence[Fields]) -> bytes:
    return "".join("\t".join(fields) + "\n" for fields in lines).encode()


def _facts(quads: Sequence[Quad], options: Options) -> Store:
    """The graph as one, with the reference data and its items."""
    from kg import reference

    facts = Store()
    facts.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    facts.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in reference.quads(options.base))
    for key, item in _settings()["posts"].items():
        facts.add(Quad(NamedNode(f"{options.base}id/post/{key}"), v.EXACT_MATCH, NamedNode(WIKIDATA + item)))
    return facts


@cache
def _settings() -> dict[str, Any]:
    path = resources.path(ITEMS)
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: {error}; correct it or reinstall the package") from error


def _items(facts: Store) -> dict[str, str]:
    """Things -> their items: those of exact matches and judged identities, where there is only one."""
    found: dict[str, set[str]] = defaultdict(set)
    for predicate in (v.EXACT_MATCH, v.SAME_AS):
        for quad in facts.quads_for_pattern(None, predicate, None, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                item = quad.object.value.removeprefix(WIKIDATA)
                if re.fullmatch(r"Q[1-9]\d*", item):
                    found[quad.subject.value].add(item)
    return {thing: next(iter(items)) for thing, items in found.items() if len(items) == 1}


def _rows(facts: Store, query: str) -> Iterator[Row]:
    solutions = facts.query(query)
    if not isinstance(solutions, QuerySolutions):
        raise DataError("queries/quickstatements: no SELECT query; a list of statements needs one")
    columns = [variable.value for variable in solutions.variables]
    for row in solutions:
        value, article = row["value"], row["article"] if "article" in columns else None
        subject, property_ = row["subject"], row["property"]
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue
        told = [(column, row[column]) for column in columns if column not in _OWN]
        yield Row(
            subject.value,
            property_.value if isinstance(property_, Literal) else "",
            value,
            tuple((name, term) for name, term in told if isinstance(term, NamedNode | Literal)),
            article.value if isinstance(article, NamedNode) else "",
        )


def _lines(subject: str, row: Row, items: Mapping[str, str], articles: References) -> Iterator[Fields]:
    """The command for a statement, if its value can be written; a statement without a reference isn't made."""
    if _NAMES.fullmatch(row.property):
        yield subject, row.property, text(row.value.value)
        return
    value = written(row.value, items)
    if value is None or (row.article and row.article not in articles):
        return
    qualifiers = [(name, written(term, items)) for name, term in row.qualifiers]
    said = [field for name, term in sorted(qualifiers) if term is not None for field in (name, term)]
    yield subject, row.property, value, *said, *articles.get(row.article, ())


def _made(facts: Store, rows: Sequence[Row], items: Mapping[str, str], articles: References) -> list[Fields]:
    """For each new thing of which something can be stated: CREATE, its names and kind, the statements."""
    stated: dict[str, set[Fields]] = defaultdict(set)
    for row in rows:
        if row.subject not in items and not _NAMES.fullmatch(row.property):
            stated[row.subject] |= set(_lines("LAST", row, items, articles))
    described: dict[str, set[Fields]] = defaultdict(set)
    for path in resources.files("queries/quickstatements/new", "*.rq"):
        for row in _rows(facts, path.read_text("utf-8")):
            if stated.get(row.subject) and row.subject not in items:
                kinds = {**items, row.value.value: row.value.value.removeprefix(WIKIDATA)}
                described[row.subject] |= set(_lines("LAST", row, kinds, articles))
    made: list[Fields] = []
    for thing in sorted(described):
        made += [("CREATE",), *sorted(described[thing]), *sorted(stated[thing])]
    return made


def _references(facts: Store) -> References:
    """Articles -> the fields of a reference to them; none for one without address and title."""
    names, languages = _settings()["references"], _settings()["languages"]
    found = {}
    for quad in facts.quads_for_pattern(None, v.TYPE, v.NEWS_ARTICLE, None):
        if not isinstance(quad.subject, NamedNode):
            continue
        url, title, date, language = (
            next((each.object for each in facts.quads_for_pattern(quad.subject, predicate, None, None)), None)
            for predicate in (v.URL, v.HEADLINE, v.DATE_PUBLISHED, v.IN_LANGUAGE)
        )
        code = language.value if isinstance(language, Literal) else "id"
        fields: list[str] = []
        if isinstance(url, NamedNode | Literal):
            fields += [names["url"], text(url.value)]
        if isinstance(title, Literal):
            fields += [names["title"], f"{title.language or code}:{text(title.value)}"]
        if fields and isinstance(date, Literal):
            fields += [names["date"], str(written(date, {}))]
        if fields and code in languages:
            fields += [names["language"], languages[code]]
        if fields:
            found[quad.subject.value] = tuple(fields)
    return found


def written(term: NamedNode | Literal, items: Mapping[str, str]) -> str | None:
    """A value as the commands have it: an item, a date, "somevalue", a text; None for a thing without an item."""
    if isinstance(term, NamedNode):
        return items.get(term.value)
    if term.datatype in PRECISION:
        form, precision = PRECISION[term.datatype]
        return f"{form.format(term.value)}/{precision}"
    return term.value if term.value in ("somevalue", "novalue") else text(term.value)


def text(value: str) -> str:
    """A text in quotation marks; what would part fields or lines becomes a space."""
    return f'"{" ".join(value.split())}"'
