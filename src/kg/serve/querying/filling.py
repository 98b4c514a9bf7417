"""A named query and what was put into its form -> its text, with the names of things as their ids."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode

from kg import query as queries
from kg.errors import KgError, NothingFound, ServiceError
from kg.find import companions
from kg.query import NamedQuery
from kg.records import record
from kg.serve.explorer.searching import search

if TYPE_CHECKING:
    from kg.serve.current import Loaded


@record(frozen=True, slots=True)
class Field:
    """A parameter as a field of a form; ``shown`` is the name of the thing that ``value`` is the id of."""

    name: str
    type: str
    description: str
    value: str
    shown: str
    is_needed: bool


def fields(query: NamedQuery, given: Mapping[str, str], loaded: Loaded, lang: str) -> list[Field]:
    """The parameters of a query with what was given for them."""
    return [
        Field(
            each.name,
            each.type,
            each.descriptions[lang],
            value := given.get(each.name, each.default or ""),
            _name(value, loaded) if each.type == "name" else value,
            each.default is None,
        )
        for each in query.parameters
    ]


def filled(query: NamedQuery, given: Mapping[str, str], loaded: Loaded) -> tuple[str, str]:
    """The query's text with the values in it, and why they couldn't be put in: the text is then as it stands."""
    known = {each.name for each in query.parameters}
    values = {name: value for name, value in given.items() if name in known and value.strip()}
    missing = [each.name for each in query.parameters if each.default is None and each.name not in values]
    if missing:
        return query.text, ""
    try:
        return queries.fill(loaded.view, query, values, meant=partial(meant, loaded)), ""
    except ServiceError:
        raise
    except KgError as error:
        return query.text, str(error)


def meant(loaded: Loaded, name: str) -> list[NamedNode]:
    """The ids that a name stands for: the thing with this id, else all with just this name; a place and its government.

    Raises NothingFound, with names that look alike. Asks the index, so that it costs the same in a graph of any size.
    """
    node = _by_id(name, loaded)
    if node is not None:
        found = {node}
    else:
        hits = search(loaded.index, loaded.view, name).hits
        wanted = name.strip().casefold()
        found = {NamedNode(hit.item.iri) for hit in hits if wanted in {each.casefold() for each in hit.item.names}} or {
            NamedNode(hits[0].item.iri) for _ in hits[:1] if len(hits) == 1
        }
        if not found:
            near = " or ".join(dict.fromkeys(hit.item.name for hit in hits[:3]))
            raise NothingFound(f"nothing named {name!r} in the graph" + (f"; did you mean {near}?" if near else ""))
    return sorted(found | companions(loaded.view, found), key=lambda each: each.value)


def _by_id(value: str, loaded: Loaded) -> NamedNode | None:
    if " " in value or "/" not in value:
        return None
    text = value if "://" in value else f"{loaded.base}id/{value.removeprefix('id/')}"
    try:
        node = NamedNode(text)
    except ValueError:
        return None
    quads = loaded.view.quads_for_pattern(node, None, None, DefaultGraph())
    return node if next(iter(quads), None) is not None else None


def _name(value: str, loaded: Loaded) -> str:
    item = loaded.index.items.get(value)
    return item.name if item else value
