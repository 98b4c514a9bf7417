"""Names -> things, as a person searches: what begins so first, then what is spelled alike; with kind and place.

The same index as that of the reconciliation service: its beginnings of names, and its matcher for misspelled ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from pyoxigraph import NamedNode, Store

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
    hits = [_hit(index, view, item, alike=False) for item in begins[:LOOKED_AT]]
    hits.sort(key=lambda hit: (tiers[hit.item.id], hit.item.kind in MINOR, not hit.stated))
    if len(hits) >= ENOUGH:
        return hits
    known = {item.id for item in begins}
    near = answers.candidates(index, Query(text))
    return hits + [
        _hit(index, view, each.item, alike=True) for each in near if each.item.id not in known and each.score >= ALIKE
    ]


def _tier(index: Index, item: Item, text: str, wanted: str) -> int:
    """0 where a name is just so, 1 where one begins so, 2 where a word within one does."""
    names = index.letters[item.id]
    return 0 if wanted in names or item.id == text else 1 if any(name.startswith(wanted) for name in names) else 2


def _hit(index: Index, view: Store, item: Item, *, alike: bool) -> Hit:
    return Hit(item, _place(index, item), alike, is_stated(view, NamedNode(item.iri)))


def _place(index: Index, item: Item) -> str:
    for name in ("province", "country"):
        for value in index.values_of(item.id, name):
            if value.id in index.items:
                return value.id
    return ""


def is_stated(view: Store, node: NamedNode) -> bool:
    """Whether a claim has the thing as its subject or object."""
    return any(next(iter(view.quads_for_pattern(None, each, node, None)), None) for each in (v.OBJECT, v.SUBJECT))


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
