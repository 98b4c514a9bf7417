"""Names -> things, as a person searches: what begins so first, then what is spelled alike; with kind and place.

The same index as that of the reconciliation service: its beginnings of names, and its matcher for misspelled ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg import vocabulary as v
from kg.find import MINOR
from kg.link.reconcile import answers
from kg.link.reconcile.index import Index, Item, letters
from kg.link.reconcile.queries import Query
from kg.publish.things import kinds
from kg.records import record

LONGEST: Final = 200
"""Characters of a question that are looked at."""
LOOKED_AT: Final = 400
"""Things with such a beginning that are put in order; one letter has more, and nobody reads them."""
_ASKED: Final = 20
"""Things of one query: Virtuoso loses rows of a long VALUES."""
ENOUGH: Final = 6
"""So many things with such a beginning, and no name that is spelled alike is looked for."""
ALIKE: Final = 0.6
"""Least score of a name that is spelled alike."""


@record(frozen=True, slots=True)
class Hit:
    """A thing that was found. ``place`` is the id of its province or country, empty where it has none.

    ``alike``: its name is spelled otherwise. ``stated``: an article says something of it.
    """

    item: Item
    place: str
    alike: bool
    stated: bool


@record(frozen=True, slots=True)
class Results:
    """What a question found, best first, with how many there are by kind (slug) and place before these are chosen."""

    hits: tuple[Hit, ...]
    kinds: Mapping[str, int]
    places: Mapping[str, int]


def search(index: Index, view: Store, text: str, *, kind: str = "", place: str = "") -> Results:
    """The things that a text may mean; only of a kind (slug of ``data/publish/kinds.toml``), only in a place (id).

    Without a text all things of the kind, by name.
    """
    wanted = text.strip()[:LONGEST]
    found = _found(index, view, wanted) if wanted else _listed(index, kind)
    slugs = Counter(slug_of(hit.item.kind) for hit in found if not place or place == hit.place)
    places = Counter(hit.place for hit in found if hit.place and (not kind or slug_of(hit.item.kind) == kind))
    kept = [hit for hit in found if (not kind or slug_of(hit.item.kind) == kind) and (not place or hit.place == place)]
    return Results(tuple(kept), dict(slugs.most_common()), dict(places.most_common()))


def _listed(index: Index, kind: str) -> list[Hit]:
    items = [item for item in index.items.values() if kind and slug_of(item.kind) == kind]
    return [
        Hit(item, _place(index, item), False, False) for item in sorted(items, key=lambda item: (item.name, item.id))
    ]


def _found(index: Index, view: Store, text: str) -> list[Hit]:
    wanted = letters(text)
    begins = [index.items[each] for each in index.beginning(text)] if wanted else []
    tiers = {item.id: _tier(index, item, text, wanted) for item in begins}
    begins.sort(key=lambda item: (tiers[item.id], item.kind in MINOR, len(item.name), item.name, item.id))
    hits = _hits(index, view, begins[:LOOKED_AT], is_alike=False)
    hits.sort(key=lambda hit: (tiers[hit.item.id], hit.item.kind in MINOR, not hit.stated))
    if len(hits) >= ENOUGH:
        return hits
    known = {item.id for item in begins}
    near = answers.candidates(index, Query(text))
    alike = [each.item for each in near if each.item.id not in known and each.score >= ALIKE]
    return hits + _hits(index, view, alike, is_alike=True)


def _tier(index: Index, item: Item, text: str, wanted: str) -> int:
    """0 where a name is just so, 1 where one begins so, 2 where a word within one does."""
    names = index.letters[item.id]
    return 0 if wanted in names or item.id == text else 1 if any(name.startswith(wanted) for name in names) else 2


def _hits(index: Index, view: Store, items: Sequence[Item], *, is_alike: bool) -> list[Hit]:
    told = stated(view, [NamedNode(item.iri) for item in items])
    return [Hit(item, _place(index, item), is_alike, item.iri in told) for item in items]


def _place(index: Index, item: Item) -> str:
    for name in ("province", "country"):
        for value in index.values_of(item.id, name):
            if value.id in index.items:
                return value.id
    return ""


def stated(view: Store, nodes: Sequence[NamedNode]) -> set[str]:
    """Those of them that a claim has as its subject or object."""
    found: set[str] = set()
    for start in range(0, len(nodes), _ASKED):
        things = " ".join(map(str, nodes[start : start + _ASKED]))
        exists = f"FILTER EXISTS {{ {{ ?of {v.OBJECT} ?thing }} UNION {{ ?of {v.SUBJECT} ?thing }} }}"
        rows = view.query(f"SELECT ?thing {{ VALUES ?thing {{ {things} }} {exists} }}")
        assert isinstance(rows, QuerySolutions)
        found |= {row["thing"].value for row in rows}
    return found


# ---------------------------------------------------------------- kinds


@cache
def _slugs() -> Mapping[str, str]:
    return {re.split(r"[#/]", node.value)[-1]: kind.slug for kind in kinds() for node in kind.classes}


def slug_of(kind: str) -> str:
    """The group that a class (local name) belongs to, as publications list it."""
    return _slugs().get(kind, "others")


def named(slugs: Iterable[str], lang: str) -> dict[str, str]:
    """The headings of groups, in the order of publications."""
    wanted = set(slugs)
    return {kind.slug: kind.names[lang] for kind in kinds() if kind.slug in wanted}
