"""What a client sends -> values, or a refusal that says what is wrong. After the schemas of the API's two versions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from kg.errors import KgError
from kg.records import record

T = TypeVar("T")
STRICT: Final = ("any", "should", "all")
_FIELDS: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})


class BadRequest(KgError):
    """A request that the API doesn't know; ``status`` is that of HTTP."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@record(frozen=True, slots=True)
class Given:
    """A property of a query with the client's values; an id stands for a thing that was reconciled before."""

    property: str
    values: tuple[str, ...]


@record(frozen=True, slots=True)
class Query:
    """One query. ``limit`` is None where none is asked for; ``strict`` is one of STRICT."""

    text: str
    types: tuple[str, ...] = ()
    limit: int | None = None
    properties: tuple[Given, ...] = ()
    strict: str = "any"


def batch(text: str, *, most: int, version: str) -> dict[str, Query]:
    """A batch of queries by their keys. Raises BadRequest: 413 for more than ``most``, 400 for anything else wrong."""
    found = _object(text, "queries")
    if len(found) > most:
        raise BadRequest(f"{len(found)} queries at once; send no more than {most} (batchSize of the manifest)", 413)
    return {key: _query(key, value, version) for key, value in found.items()}


def extension(text: str) -> tuple[list[str], list[tuple[str, int]]]:
    """Ids, and properties with how many values are wanted of each (0 for all). Raises BadRequest."""
    found = _object(text, "extend")
    ids, properties = found.get("ids"), found.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadRequest('extend: "ids" must be a list of texts')
    if not isinstance(properties, list) or not all(
        isinstance(each, dict) and isinstance(each.get("id"), str) for each in properties
    ):
        raise BadRequest('extend: "properties" must be a list of objects with an "id"')
    return ids, [(each["id"], _limit_setting(each.get("settings", {}))) for each in properties]


def _limit_setting(settings: object) -> int:
    value = settings.get("limit", 0) if isinstance(settings, dict) else None
    try:
        limit = int(value)  # type: ignore[arg-type]  # what is no number is refused
    except (TypeError, ValueError):
        limit = -1
    if limit < 0:
        raise BadRequest('extend: "settings" must be an object; its "limit" a whole number, 0 for all values')
    return limit


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{name}: not JSON ({error}); expected an object of queries by key") from error
    if not isinstance(found, dict):
        raise BadRequest(f"{name}: {type(found).__name__} instead of an object")
    return found


def _query(key: str, value: object, version: str) -> Query:
    if not isinstance(value, dict):
        raise BadRequest(f'query {key!r}: expected an object such as {{"query": "Surabaya"}}')
    unknown = sorted(value.keys() - _FIELDS)
    if unknown:
        raise BadRequest(f"query {key!r}: unknown field {unknown[0]!r}; known are {', '.join(sorted(_FIELDS))}")
    properties: tuple[Given, ...] = _checked(key, value, "properties", _properties, tuple[Given, ...]())
    if "query" not in value and (version == "0.1" or not properties):
        raise BadRequest(f'query {key!r}: "query" is missing')
    return Query(
        _checked(key, value, "query", _text, ""),
        _checked(key, value, "type", _types, tuple[str, ...]()),
        _checked(key, value, "limit", _limit, None),
        properties,
        _checked(key, value, "type_strict", _strict, "any"),
    )


def _checked(key: str, value: Mapping[str, Any], field: str, read: Callable[[Any], T], default: T) -> T:
    if field not in value:
        return default
    try:
        return read(value[field])
    except (TypeError, ValueError, OverflowError) as error:
        raise BadRequest(f'query {key!r}: "{field}" {error.args[0] if error.args else "is wrong"}') from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("must be a text")
    return value


def _types(value: object) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in found):
        raise TypeError("must be the id of a type or a list of such")
    return tuple(str(each) for each in found if each)


def _limit(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 1 or value != int(value):
        raise TypeError("must be a whole number from 1")
    return int(value)


def _strict(value: object) -> str:
    if value not in STRICT:
        raise ValueError(f"must be one of {', '.join(STRICT)}")
    return str(value)


def _properties(value: object) -> tuple[Given, ...]:
    if not isinstance(value, list):
        raise TypeError("must be a list")
    return tuple(_given(each) for each in value)


def _given(value: object) -> Given:
    if not isinstance(value, dict) or not isinstance(value.get("pid"), str) or "v" not in value:
        raise TypeError('must be objects with "pid" and "v"')
    given = value["v"] if isinstance(value["v"], list) else [value["v"]]
    return Given(value["pid"], tuple(_value(each) for each in given))


def _value(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError('must have as "v" texts, numbers, truth values or objects with an "id"')
