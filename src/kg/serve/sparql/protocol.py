"""A request of the SPARQL 1.1 Protocol -> the query that it asks. https://www.w3.org/TR/sparql11-protocol/."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from kg.records import record
from kg.serve.sparql.limits import LARGEST_REQUEST

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_FIELDS: Final = 1000


class Refused(Exception):
    """A request that is answered with a status of 4xx or 5xx and why; ``line`` and ``column`` of the query, from 1.

    ``is_busy`` where the same request may be answered later.
    """

    def __init__(
        self, status: int, message: str, *, line: int | None = None, column: int | None = None, is_busy: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.line = line
        self.column = column
        self.is_busy = is_busy


@record(frozen=True, slots=True)
class Asked:
    """A query and the dataset that the request names: IRIs of graphs, which count instead of FROM and FROM NAMED."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Update:
    """An update and the graphs that the request names for its patterns (``using-graph-uri``)."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def read(method: str, address: str, kind: str, body: bytes) -> Asked | Update | None:
    """What a GET, HEAD or POST asks; None where a GET asks for the description of the service.

    ``address`` is the part of the URL after ``?``, ``kind`` the Content-Type header. Raises Refused.
    """
    fields = _pairs(address, "the address")
    if method != "POST":
        if any(name == "update" for name, _ in fields):
            raise Refused(405, "an update is sent with POST")
        return _asked(fields, "the address") if any(name == "query" for name, _ in fields) else None
    media, charset = _content_type(kind)
    if media not in (FORM, QUERY, UPDATE):
        raise Refused(415, f"content type {media or '(none)'}: expected {QUERY} or {FORM}")
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise Refused(415, f"charset {charset}: a query is UTF-8")
    text = _text(body)
    if media == FORM:
        return _asked([*fields, *_pairs(text, "the form")], "the form")
    if any(name in ("query", "update") for name, _ in fields):
        raise Refused(400, "two queries, in the address and in the body; send one")
    return _asked([*fields, ("query" if media == QUERY else "update", text)], "the body")


def _asked(fields: Sequence[tuple[str, str]], place: str) -> Asked | Update:
    """Other parameters pass: clients send their own."""

    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    queries, updates = values("query"), values("update")
    if len(queries) + len(updates) != 1:
        many = f"{len(queries) or 'no'} parameters 'query' and {len(updates) or 'no'} 'update'"
        raise Refused(400, f"{many} in {place}; expected one")
    if updates:
        return Update(updates[0], values("using-graph-uri"), values("using-named-graph-uri"))
    return Asked(queries[0], values("default-graph-uri"), values("named-graph-uri"))


def _pairs(text: str, place: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError as error:
        raise Refused(400, f"{place} is not UTF-8 ({error.reason})") from error
    except ValueError as error:
        raise Refused(400, f"{place} can't be read ({error})") from error


def _content_type(header: str) -> tuple[str, str]:
    """Media type and charset, in small letters."""
    media, *parameters = (part.strip() for part in header.lower().split(";"))
    charsets = [part.partition("=")[2].strip("\"' ") for part in parameters if part.partition("=")[0] == "charset"]
    return media, charsets[0] if charsets else ""


def _text(body: bytes) -> str:
    if len(body) > LARGEST_REQUEST:
        raise Refused(413, f"the request has more than {LARGEST_REQUEST:,} bytes; ask with a shorter query")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(400, f"the body is not UTF-8 ({error.reason} at byte {error.start})") from error
