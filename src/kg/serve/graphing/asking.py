"""A request to the graph view's interface -> what it asks for, checked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode

from kg.errors import NothingFound, QueryError
from kg.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Store
    from starlette.datastructures import QueryParams

MOST_NODES: Final = 2000
"""Nodes of one answer: what a browser still draws smoothly (benchmarks/graph_view.py)."""
USUAL_NODES: Final = 150
MOST_HOPS: Final = 3


@record(frozen=True, slots=True)
class Choice:
    """Some names out of many: ``only`` these, where any are named, and ``none`` of those."""

    only: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.only or self.none)

    def __contains__(self, name: str) -> bool:
        return (not self.only or name in self.only) and name not in self.none


@record(frozen=True, slots=True)
class Filters:
    """What is wanted of all facts; empty means no restriction. ``since`` and ``until`` are days, both included.

    A fact is in time where an article of that time states it; what no dated article states is always in time.
    """

    kinds: Choice = Choice()
    relations: Choice = Choice()
    statuses: Choice = Choice()
    since: str = ""
    until: str = ""

    @property
    def is_of_some_time(self) -> bool:
        """Whether days count."""
        return bool(self.since or self.until)

    def is_in_time(self, dates: Sequence[str]) -> bool:
        """Whether one of the dates is; an empty one always is."""
        return not dates or any(not date or self._is_within(date) for date in dates)

    def _is_within(self, date: str) -> bool:
        return self.since <= date and (not self.until or date <= self.until)


def filters(given: QueryParams) -> Filters:
    """The filters of a request. Raises QueryError for what is no day."""
    return Filters(
        kinds=_choice(given, "kind"),
        relations=_choice(given, "relation"),
        statuses=_choice(given, "status"),
        since=_day(given, "from"),
        until=_day(given, "to"),
    )


def number(given: QueryParams, name: str, usual: int, most: int) -> int:
    """A whole number from 1 to ``most``. Raises QueryError."""
    value = given.get(name, str(usual))
    if not value.isascii() or not value.isdecimal() or not 1 <= int(value) <= most:
        raise QueryError(f"{name}={value[:40]!r}: expected a whole number from 1 to {most}")
    return int(value)


def thing(view: Store, given: QueryParams, name: str, base: str) -> NamedNode:
    """A thing of the graph by its IRI or its id without the base. Raises QueryError, NothingFound."""
    value = given.get(name, "")
    if not value:
        raise QueryError(f"{name} is missing; expected an id such as place/35.78")
    node = iri(value, base)
    if node is None:
        raise QueryError(f"{name}={value[:80]!r} is no id; expected one such as place/35.78")
    if not _is_known(view, node):
        raise NothingFound(f"{name}={value[:80]!r}: nothing in the graph has this id; /search finds things by name")
    return node


def iri(value: str, base: str) -> NamedNode | None:
    """The IRI that an id stands for; None where it can't be one."""
    text = value if value.startswith(("http://", "https://", "urn:")) else f"{base}id/{value.removeprefix('id/')}"
    try:
        return NamedNode(text)
    except ValueError:
        return None


def _is_known(view: Store, node: NamedNode) -> bool:
    about = view.quads_for_pattern(node, None, None, DefaultGraph())
    return next(iter(about), None) is not None


def _choice(given: QueryParams, name: str) -> Choice:
    return Choice(_several(given, name), _several(given, f"not-{name}"))


def _several(given: QueryParams, name: str) -> frozenset[str]:
    return frozenset(value for text in given.getlist(name) for value in text.split(",") if value)


def _day(given: QueryParams, name: str) -> str:
    value = given.get(name, "")
    try:
        return dt.date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise QueryError(f"{name}={value[:40]!r} is no day; expected one such as 2025-11-10") from None
