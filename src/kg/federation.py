"""Which other machines a SPARQL query asks, read from its text before anything runs.

The engine follows every SERVICE clause and has no switch for that, so the text decides. It is read as the engine's own
grammar reads it, which wants no space around a keyword (``?o.SERVICE<…>``, ``5SERVICE<…>`` and ``SERVICE:name{`` all
ask another machine); what is doubtful counts as a clause with an unknown endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from kg.errors import QueryError

_TOKEN: Final = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')'''
    r"""|<(?P<iri>[^<>"{}|^`\x00-\x20]*)>"""
    r"""|(?P<space>\s+|\#[^\r\n]*)"""
    r"""|(?P<variable>[?$]\w+)"""
    r"""|(?P<tag>@[A-Za-z]+(?:-\w+)*)"""
    r"""|(?P<name>(?:[^\W\d_][\w.-]*)?:(?:(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)?)"""
    r"""|(?P<service>service)"""
    r"""|(?P<other>.)""",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_Token = tuple[str, str]  # what it is (a group of _TOKEN), its text


def endpoints(text: str) -> list[str | None]:
    """The endpoints of all SERVICE clauses in order; None where one isn't written as an IRI.

    Both the text and what its ``\\u`` escapes stand for are read: SPARQL 1.1 (19.2) lets them stand for any character.
    """
    return list(_read(text))


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[str | None, ...]:
    plain = _ESCAPE.sub(lambda code: _character(code[1] or code[2]), text)
    if "service" not in plain.casefold() and "service" not in text.casefold():
        return ()  # most queries: reading their tokens would take longer than many answers
    found = tuple(_endpoints(text))
    return found if plain == text else (*found, *(each for each in _endpoints(plain) if each not in found))


def refuse(name: str, text: str, allowed: Collection[str] = ()) -> bool:
    """Whether the query asks other machines, all of them allowed. Raises QueryError for one that isn't."""
    found = endpoints(text)
    for endpoint in found:
        if endpoint is None:
            raise QueryError(
                f"{name}: SERVICE with a variable or a short name may ask any machine; "
                f"write the endpoint's whole address in angle brackets and allow it with --allow-service"
            )
        if endpoint not in allowed:
            raise QueryError(
                f"{name}: SERVICE would ask another machine, <{endpoint}>; if that is wanted, "
                f"add --allow-service {endpoint or 'URL'}"
            )
    return bool(found)


def _endpoints(text: str) -> Iterator[str | None]:
    tokens = [(found.lastgroup or "other", found.group()) for found in _TOKEN.finditer(text)]
    tokens = [token for token in tokens if token[0] != "space"]
    for at, (kind, words) in enumerate(tokens):
        if kind == "service":
            yield _named(tokens[at + 1 :])
        elif kind == "name" and "service" in words.partition(":")[0].casefold() and tokens[at + 1 : at + 2] == _OPEN:
            yield None  # the grammar reads SERVICE:name{ as SERVICE :name {


_OPEN: Final[list[_Token]] = [("other", "{")]
_SILENT: Final = "silent"


def _named(following: list[_Token]) -> str | None:
    """The endpoint that follows the word SERVICE."""
    word = "".join(text for kind, text in following[: len(_SILENT)] if kind == "other").casefold()
    after = following[len(_SILENT) :] if word == _SILENT else following
    kind, text = after[0] if after else ("other", "")
    return text[1:-1] if kind == "iri" else None


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except ValueError:
        return " "
