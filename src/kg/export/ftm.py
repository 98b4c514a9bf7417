"""FollowTheMoney: officials, posts, bodies, who held what and when, memberships, meetings and articles, a line each.

The queries of ``queries/export/ftm`` say which things are entities of which schema, and which property a value belongs
to; columns that the head names after ``things:`` point at other entities. Nothing here knows a schema.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import Quad

from kg.export.folded import Kind, Record, kinds
from kg.export.parts import Options, natural
from kg.find import short
from kg.traverse import merged

_PLAIN: Final = re.compile(r"[a-z-]+/[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?")
_FOREIGN: Final = re.compile(r"[^0-9A-Za-z]+")


def write(quads: Sequence[Quad], options: Options) -> bytes:
    """The entities by id, a JSON object a line."""
    entities = [_entity(record, kind) for kind in kinds(merged(quads), "ftm") for record in kind.records]
    lines = [
        json.dumps(entity, ensure_ascii=False) + "\n" for entity in sorted(entities, key=lambda e: natural(e["id"]))
    ]
    return "".join(lines).encode()


def ftm_id(iri: str) -> str:
    """An id as FollowTheMoney allows it: letters, digits, ``.`` and ``-``; ``person/budi`` is ``person.budi``.

    Where an id has other characters they become ``-`` and ten digits of its SHA-256 follow, so that two stay two.
    """
    key = short(iri)
    if _PLAIN.fullmatch(key):
        return key.replace("/", ".", 1)
    digest = hashlib.sha256(iri.encode()).hexdigest()[:10]
    return f"{_FOREIGN.sub('-', key).strip('-') or 'id'}-{digest}"


def _entity(record: Record, kind: Kind) -> dict[str, Any]:
    things, quote = kind.listed("things"), kind.head.get("quote")
    columns = [column for column in kind.columns if column not in ("id", "article", "words", "begin", "end")]
    properties = {
        column: list(dict.fromkeys(ftm_id(term.value) if column in things else term.value for term in terms))
        for column in columns
        if (terms := record.values(column))
    }
    # An alias that is also a name says nothing more, and a name in two languages is both.
    for column in ("alias", "weakAlias"):
        others = [name for name in properties.pop(column, []) if name not in properties.get("name", [])]
        properties |= {column: others} if others else {}
    if quote and record.quotes:
        properties[quote] = [words for _, words in sorted(record.quotes.items())]
    return {"id": ftm_id(record.id), "schema": kind.head["schema"], "properties": properties}
