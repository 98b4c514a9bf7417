"""SPARQL queries, named or one's own -> rows or graphs.

A query file begins with a block of comments, one field a line::

    # title: Anggota jaringan
    # title-en: Members of a network
    # description: Siapa anggota jaringan apa.
    # description-en: Who is a member of which network.
    # parameter: network name() hanya jaringan ini
    # parameter-en: network only this network
    # columns: networkName memberName

A parameter has a type and perhaps a default: ``text`` must be given, ``text()`` may be left out, ``year(2025)`` has
one. It stands in the query as ``VALUES ?network { UNDEF }``, so that the file is plain SPARQL that any engine runs; a
value takes the place of what the braces hold, written by the engine's own terms and never as text of the query.

What is asked is a view (``kg.view``): its default graph has each triple once, however many articles state it.
"""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from kg import federation, find, resources
from kg import vocabulary as v
from kg.errors import DataError, QueryError
from kg.rows import Answer, Rows, Term, Triples, Truth, format_answer, format_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "NamedQuery", "Parameter", "QueryError", "Rows", "Triples", "Truth", "answer_of", "code_of", "fault",
    "format_answer", "format_rows", "named", "nature", "own", "parse_query", "parse_query_file", "pick", "run",
]  # fmt: skip

Meant = Callable[[str], "list[NamedNode]"]
"""A name as people write it -> the ids that it stands for; raises NothingFound."""
TYPES: Final = ("name", "iri", "date", "year", "text", "integer")
LANGUAGES: Final = ("id", "en")
_FIELD: Final = re.compile(r"# ([a-z]+)(?:-(en))?:(?: (.*))?")
_PARAMETER: Final = re.compile(r"(\w+) (\w+)(\((.*?)\))? (.+)")
_FIELDS: Final = frozenset({"title", "description", "parameter", "columns", "phrase", "word"})
_HIDDEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\s]*>|\\.|#[^\r\n]*',
    re.DOTALL,
)
"""Strings, IRIs, escapes and comments of SPARQL: what is no keyword there."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query may be told. ``default`` is None where it must be given, "" where it may be left out."""

    name: str
    type: str
    default: str | None
    descriptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with what its head says; the mappings are by language. ``fields`` holds each field as it stands."""

    name: str
    text: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[str, ...] = ()
    fields: tuple[tuple[str, str, str], ...] = ()  # name, language, value


# ---------------------------------------------------------------- files


def named() -> dict[str, NamedQuery]:
    """The project's queries by name."""
    return {path.stem: parse_query_file(path) for path in resources.files("queries", "*.rq")}


def pick(name: str) -> NamedQuery:
    """The named query; QueryError with the nearest names where there is none."""
    queries = {path.stem: path for path in resources.files("queries", "*.rq")}
    if name not in queries:
        near = difflib.get_close_matches(name, queries, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "`kg query --list` shows all"
        raise QueryError(f"no query named {name!r} and no such file; {hint}")
    return parse_query_file(queries[name])


def parse_query_file(path: Path) -> NamedQuery:
    """A query of the project with its head. Raises DataError with file and line."""
    query = parse_query(path.read_text("utf-8"), path.stem, str(path))
    for language in LANGUAGES:
        if language not in query.titles:
            raise DataError(f"{path}: no title in {language!r}; write '# title{_suffix(language)}: …' in its head")
    return query


def own(text: str, name: str) -> NamedQuery:
    """A user's query; its head may be missing. Raises QueryError."""
    try:
        return parse_query(text, name, name)
    except DataError as error:
        raise QueryError(str(error)) from error


def parse_query(text: str, name: str, place: str) -> NamedQuery:
    """A query and the fields of its head. Raises DataError with ``place`` and line."""
    fields = tuple(_fields(text, place))
    columns = [value.split() for key, _, value in fields if key == "columns"]
    query = NamedQuery(
        name,
        text,
        {language: value for key, language, value in fields if key == "title"},
        {language: value for key, language, value in fields if key == "description"},
        tuple(_parameters(fields, place)),
        tuple(columns[0]) if columns else (),
        fields,
    )
    for parameter in query.parameters:
        if not _marker(parameter.name).search(text):
            raise DataError(
                f"{place}: parameter {parameter.name!r} isn't used; write VALUES ?{parameter.name} {{ UNDEF }}"
            )
    return query


def _fields(text: str, place: str) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            return
        found = _FIELD.fullmatch(line.rstrip())
        if found and found[1] in _FIELDS:
            yield found[1], found[2] or "id", found[3] or ""
        elif found:
            near = difflib.get_close_matches(found[1], sorted(_FIELDS), n=1, cutoff=0.7)
            if near:
                raise DataError(f"{place} line {number}: unknown field {found[1]!r}; did you mean {near[0]!r}?")


def _parameters(fields: Sequence[tuple[str, str, str]], place: str) -> Iterator[Parameter]:
    english = dict(
        value.partition(" ")[::2] for key, language, value in fields if (key, language) == ("parameter", "en")
    )
    for key, language, value in fields:
        if (key, language) != ("parameter", "id"):
            continue
        found = _PARAMETER.fullmatch(value)
        if not found or found[2] not in TYPES:
            raise DataError(
                f"{place}: parameter {value!r}; expected 'NAME TYPE(default) text', TYPE one of {', '.join(TYPES)}"
            )
        default = found[4] if found[3] else None
        yield Parameter(found[1], found[2], default, {"id": found[5], "en": english.get(found[1], found[5])})


def _suffix(language: str) -> str:
    return "" if language == "id" else f"-{language}"


def _marker(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES\s+\?{re.escape(name)}\s*\{{[^{{}}]*\}}", re.IGNORECASE)


# ---------------------------------------------------------------- running


SERVICE_SECONDS: Final = 60.0
"""How long a query that asks other machines may take in all."""


def run(
    view: Store,
    query: NamedQuery,
    parameters: Mapping[str, str] | None = None,
    *,
    allowed: Collection[str] = (),
    seconds: float = SERVICE_SECONDS,
) -> Answer:
    """The answer of a query over a view. Rows keep the order that it asks for, else they are sorted.

    ``allowed`` are the endpoints that SERVICE may ask, by their whole addresses; a query that does so ends after
    ``seconds``. Raises QueryError for a mistake in the query or a parameter, for another endpoint, and for one that
    doesn't answer; NothingFound for a name that nothing has.
    """
    update, is_sorted = nature(query.text)
    if update:
        raise QueryError(f"{query.name}: {update} would change the graph; queries only read: `kg build`, `kg remove`")
    federation.refuse(query.name, query.text, allowed)
    text = fill(view, query, parameters or {})
    is_federated = federation.refuse(query.name, text, allowed)  # a value is never text of the query: this holds it

    def answer() -> Answer:
        return answer_of(view.query(text, prefixes=v.PREFIXES), is_sorted=is_sorted)

    try:
        return _in_time(answer, query, seconds) if is_federated else answer()
    except SyntaxError as error:
        raise QueryError(f"{query.name}: {fault(str(error), text)}") from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"{query.name}: {_one_line(str(error))}") from error


def code_of(text: str) -> str:
    """A query without strings, IRIs, escapes and comments: what is left are keywords and names."""
    return _HIDDEN.sub(" ", text)


@lru_cache(maxsize=256)
def nature(text: str) -> tuple[str | None, bool]:
    """The keyword of an update, None where it is a query; and whether rows have an order. Queries only read."""
    code = code_of(text)
    update = re.search(
        r"(?<![\w?$:@.-])(LOAD|INSERT|DELETE|CLEAR|DROP|CREATE|COPY|MOVE|ADD)(?=\s)", code, re.IGNORECASE
    )
    is_query = re.search(r"(?<![\w?$:@.-])(SELECT|CONSTRUCT|DESCRIBE|ASK)\b", code, re.IGNORECASE)
    is_sorted = bool(re.search(r"\bORDER\s+BY\b", code, re.IGNORECASE))
    return update[1].upper() if update and not is_query else None, is_sorted


def _in_time(answer: Callable[[], Answer], query: NamedQuery, seconds: float) -> Answer:
    """The answer, waited for so long. The engine knows no time limit, so the thread that asks is left behind."""
    found: list[Answer] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.append(answer())
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            failed.append(error.with_traceback(None))  # its frames hold rows that only this thread may let go

    thread = threading.Thread(target=ask, daemon=True, name=f"query {query.name}")
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not found:
        raise QueryError(
            f"{query.name}: no whole answer from the SERVICE endpoint in {seconds:g} s; ask for less, or give it more "
            f"time with --service-timeout"
        )
    return found[0]


def answer_of(found: object, *, is_sorted: bool) -> Answer:
    """What the engine found, as a value; rows are sorted unless they are so already. Raises QueryError."""
    if isinstance(found, QuerySolutions):
        columns = tuple(variable.value for variable in found.variables)
        rows = [tuple(row) for row in found]
        if any(isinstance(term, Triple) for row in rows for term in row):  # triple terms of RDF 1.2
            rows = [tuple(Literal(str(term)) if isinstance(term, Triple) else term for term in row) for row in rows]
        return Rows(columns, tuple(rows if is_sorted else sorted(rows, key=_row_order)))
    if isinstance(found, QueryTriples):
        return Triples(tuple(sorted(set(found), key=str)))
    if isinstance(found, QueryBoolean):
        return Truth(bool(found))
    raise QueryError(f"an answer of an unknown kind: {type(found).__name__}")


def _row_order(row: tuple[Term, ...]) -> list[str]:
    return ["" if term is None else str(term) for term in row]


# ---------------------------------------------------------------- parameters


def fill(view: Store, query: NamedQuery, given: Mapping[str, str], meant: Meant | None = None) -> str:
    """The query with the parameters' terms in it; ``meant`` reads names. Raises QueryError, NothingFound."""
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            raise QueryError(f"{query.name}: no parameter {name!r}; {_offered(query)}")
    text = query.text
    for parameter in query.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            description = parameter.descriptions["id"]
            raise QueryError(
                f"{query.name}: parameter {parameter.name!r} is missing ({description}); add --set {parameter.name}=…"
            )
        if value:
            terms = _terms(query, parameter, value, meant or partial(find.meant, view))
            text = _replace(text, parameter.name, terms)
    return text


def _replace(text: str, name: str, terms: Sequence[NamedNode | Literal]) -> str:
    values = f"VALUES ?{name} {{ {' '.join(map(str, terms))} }}"
    return _marker(name).sub(lambda _: values, text)


def _offered(query: NamedQuery) -> str:
    names = [f"{parameter.name} ({parameter.type})" for parameter in query.parameters]
    return f"it has {', '.join(names)}" if names else "it has none"


def _terms(query: NamedQuery, parameter: Parameter, value: str, meant: Meant) -> Sequence[NamedNode | Literal]:
    place = f"{query.name}: parameter {parameter.name!r}"
    if parameter.type == "name":
        return meant(value)
    if parameter.type == "text":
        return [Literal(value)]
    if parameter.type == "iri":
        return [_iri(value, place)]
    pattern, example, datatype = _VALUES[parameter.type]
    if not re.fullmatch(pattern, value) or (parameter.type == "date" and not _is_day(value)):
        raise QueryError(f"{place}: {value!r} is no {parameter.type}; expected one such as {example}")
    return [Literal(value, datatype=datatype)]


_VALUES: Final = {
    "date": (r"\d{4}-\d\d-\d\d", "2025-11-10", v.DATE),
    "year": (r"\d{4}", "2025", v.G_YEAR),
    "integer": (r"[+-]?\d+", "7", v.INTEGER),
}


def _is_day(value: str) -> bool:
    import datetime as dt

    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _iri(value: str, place: str) -> NamedNode:
    """A full IRI, ``prefix:name`` of a known prefix, or an id below the project's own base, as in ``place/35.78``."""
    text = value.removeprefix("<").removesuffix(">")
    prefix, colon, local = text.partition(":")
    if colon and prefix in v.PREFIXES and not local.startswith("//"):
        text = v.PREFIXES[prefix] + local
    elif not colon:
        text = f"{v.DEFAULT_BASE}id/{text.removeprefix('id/')}"
    try:
        return NamedNode(text)
    except ValueError as error:
        raise QueryError(
            f"{place}: {value!r} is no IRI ({error}); expected one such as {v.DEFAULT_BASE}id/place/35.78"
        ) from error


# ---------------------------------------------------------------- messages


def fault(message: str, text: str) -> str:
    """The engine's message on one line: where, what stands there, what was expected in words that people write."""
    found = re.match(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", message, re.DOTALL)
    if not found:
        return _one_line(message)
    line, column, rest = int(found[1]), int(found[2]), found[3]
    lines = text.splitlines() or [""]
    here = lines[line - 1][column - 1 :].strip()[:20] if line <= len(lines) else ""
    return f"line {line}, column {column}: {_problem(rest, here)}"


def _problem(rest: str, here: str) -> str:
    stands = f"at {here!r}" if here else "at the end"
    if "Prefix not found" in rest:
        return f"unknown prefix {stands}; declare it with PREFIX"
    if "SELECT contains a variable that is unbound" in rest:
        return "SELECT has a variable that is neither bound nor grouped; add it to GROUP BY or aggregate it"
    words = re.findall(r'"(?:[^"\\]|\\.)+"|\b[A-Z]{2,}\b', re.sub(r"\[[^\]]*\]", "", rest))
    expected = ", ".join(dict.fromkeys(word.strip('"') for word in words[:8]))
    return f"not understood {stands}" + (f"; expected one of {expected}" if expected else f"; {_one_line(rest)}")


def _one_line(message: str) -> str:
    return " ".join(message.split())[:200]


def listing(lang: str = "id") -> str:
    """The named queries with what they answer and their parameters."""
    lines = []
    for name, query in sorted(named().items()):
        lines.append(f"{name:<20} {query.titles[lang]}: {query.descriptions.get(lang, '')}")
        lines += [
            f"{'':<20}   --set {parameter.name}=…  {parameter.type}: {parameter.descriptions[lang]}"
            for parameter in query.parameters
        ]
    return "\n".join(lines) + "\n"
