"""Popolo: persons, organisations, posts, memberships, areas and events as one JSON document.

The queries of ``queries/export/popolo`` say what goes where. A column is a field with one value, the first by
preference; ``other_names__name`` is the field ``name`` of an object in the list ``other_names``. The head names after
``objects:`` what is one object and no list, after ``strings:`` what is a list of texts. Quotations become ``sources``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pyoxigraph import Quad

from kg.export.folded import Kind, Record, kinds
from kg.export.parts import Options, natural
from kg.traverse import merged

Json = dict[str, Any]


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """The document; each list by id. Without a single thing of a kind its list is empty, not missing."""
    document: dict[str, list[Json]] = {}
    for kind in kinds(merged(quads), "popolo"):
        document.setdefault(kind.head["collection"], []).extend(_item(record, kind) for record in kind.records)
    ordered = {name: sorted(items, key=lambda item: natural(item["id"])) for name, items in sorted(document.items())}
    return (json.dumps(ordered, ensure_ascii=False, indent=1) + "\n").encode()


def _item(record: Record, kind: Kind) -> Json:
    item: Json = {"id": record.id}
    for column in kind.columns:
        field, nested, _ = column.partition("__")
        if field in item or field in ("article", "url", "words", "begin", "end"):
            continue
        value = _objects(record, kind, field) if nested else _plain(record, kind, column)
        if value:
            item[field] = value
    if "other_names" in item:
        item["other_names"] = [other for other in item["other_names"] if other["name"] != item.get("name")]
    sources = _sources(record)
    return {**{name: value for name, value in item.items() if value}, **({"sources": sources} if sources else {})}


def _plain(record: Record, kind: Kind, column: str) -> str | list[str] | None:
    texts = list(dict.fromkeys(term.value for term in record.values(column)))
    if column in kind.listed("strings"):
        return texts
    return texts[0] if texts else None


def _objects(record: Record, kind: Kind, field: str) -> list[Json] | Json | None:
    """The objects of a field: one for each row that has any of its columns."""
    found = {
        tuple(
            (name.partition("__")[2], term.value) for name, term in row if name.startswith(f"{field}__") and term.value
        )
        for row in record.rows
    }
    objects = [dict(pairs) for pairs in sorted(found - {()}, key=lambda pairs: [natural(text) for _, text in pairs])]
    if field in kind.listed("objects"):
        return objects[0] if objects else None
    return objects


def _sources(record: Record) -> list[Json]:
    """The articles that say so, by their address where it is known, with the words."""
    addresses = {
        dict(row)["article"].value: dict(row).get("url", dict(row)["article"]).value
        for row in record.rows
        if "article" in dict(row)
    }
    return [{"url": addresses[article], "note": words} for article, words in sorted(record.quotes.items())]
