"""Queries -> candidates with scores from 0 to 100, reasons as features, and ``match`` by the thresholds of linking.

The name decides first (``kg.link.matcher``, for persons ``kg.link.officials``); what is known beside moves the score:
an agreeing property takes away half of what is missing to 100, a differing one a fifth. At most one candidate has
``match``, and only if it is over the threshold and no other comes near.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kg import find
from kg.link.normal import readings
from kg.link.officials import KIND as OFFICIAL
from kg.link.outcome import Candidate, decide
from kg.link.reconcile.index import Index, Item, text_keys
from kg.link.reconcile.queries import Given, Query
from kg.records import record

AGREES: Final = 0.5  # what remains of the difference to 1
DIFFERS: Final = 0.8  # times the score
OTHER_TYPE: Final = 0.8  # times the score, for type_strict "should"


@record(frozen=True, slots=True)
class Found:
    """One candidate; ``features`` are what its score comes from, by name."""

    item: Item
    score: float
    reasons: tuple[str, ...]
    features: tuple[tuple[str, float | bool], ...]


def answer(index: Index, queries: Mapping[str, Query], version: str, lang: str = "id") -> dict[str, Any]:
    """The result batch for a batch of queries."""
    return {key: {"result": list(_results(index, query, version, lang))} for key, query in queries.items()}


def _results(index: Index, query: Query, version: str, lang: str) -> Iterator[dict[str, Any]]:
    settings = index.settings
    found = candidates(index, query)
    outcome = decide(query.text, [Candidate(each.item.id, each.item.name, each.score, each.reasons) for each in found])
    linked = outcome.linked.id if outcome.linked else None
    for each in found[: min(query.limit or settings.limit, settings.most)]:
        kind = settings.types.get(each.item.kind)
        result: dict[str, Any] = {
            "id": each.item.id,
            "name": each.item.name,
            "score": round(100 * each.score, 2),
            "match": each.item.id == linked,
            "type": [{"id": each.item.kind, "name": kind.name[lang] if kind else each.item.kind}],
        }
        if version != "0.1":
            result["description"] = description(index, each.item, lang)
            result["features"] = [{"id": name, "value": value} for name, value in each.features]
        yield result


def candidates(index: Index, query: Query) -> list[Found]:
    """What a query may mean, best first. A text that is a thing's id means that thing."""
    wanted = [index.settings.type_named(kind) for kind in query.types]
    types = [kind for kind in wanted if kind is not None]
    if query.types and not types and query.strict != "should":
        return []  # only things of types that nothing here has
    known = [given for given in query.properties if given.property in index.values and given.values]
    named = _by_id(index, query.text)
    pairs = [(named, 1.0, ("id equal",))] if named else _by_name(index, query, types)
    if not query.text.strip():
        pairs = _by_properties(index, known)
    found = [_seen(index, item, score, reasons, query, types, known) for item, score, reasons in pairs]
    return sorted((each for each in found if each), key=lambda each: (-each.score, each.item.id))


def _by_id(index: Index, text: str) -> Item | None:
    return index.items.get(find.short(text.strip().removeprefix("id/")))


def _by_name(index: Index, query: Query, types: list[str]) -> list[tuple[Item, float, tuple[str, ...]]]:
    kinds = _kinds(index, types) if types and query.strict != "should" else None
    found = list(index.matcher.match(query.text, kinds).candidates)
    if kinds is None or OFFICIAL in kinds:
        found += index.officials.match(query.text).candidates
    return [(index.items[each.id], each.score, each.reasons) for each in found]


def _kinds(index: Index, types: Iterable[str]) -> list[str]:
    """The kinds of things that are of one of these types."""
    return sorted(kind for kind in index.kinds if set(index.settings.broader(kind)) & set(types))


def _by_properties(index: Index, known: list[Given]) -> list[tuple[Item, float, tuple[str, ...]]]:
    """The things that have the values; each property that fits counts alike."""
    hits: dict[str, int] = {}
    for given in known:
        for item in index.having(given.property, _keys(given)):
            hits[item] = hits.get(item, 0) + 1
    return [
        (index.items[item], count / len(known), (f"{count} of {len(known)} properties equal",))
        for item, count in hits.items()
        if item in index.items
    ]


def _keys(given: Given) -> frozenset[str]:
    return frozenset(key for value in given.values for key in text_keys(value))


def _seen(
    index: Index,
    item: Item,
    score: float,
    reasons: tuple[str, ...],
    query: Query,
    types: list[str],
    known: list[Given],
) -> Found | None:
    """A candidate with its type and properties looked at; None where the type rules it out."""
    features: list[tuple[str, float | bool]] = [("name" if query.text.strip() else "properties", round(score, 4))]
    if query.types:
        fits = (all if query.strict == "all" else any)(kind in item.types for kind in types) and bool(types)
        if not fits and query.strict != "should":
            return None
        features.append(("type", fits))
        score *= 1.0 if fits else OTHER_TYPE
    for given in known if query.text.strip() else ():
        agrees = _agrees(index, item, given)
        if agrees is not None:
            features.append((f"property:{given.property}", agrees))
            score = 1 - (1 - score) * AGREES if agrees else score * DIFFERS
            reasons = (*reasons, f"{given.property} {'equal' if agrees else 'differs'}")
    return Found(item, round(score, 4), reasons, tuple(features))


def _agrees(index: Index, item: Item, given: Given) -> bool | None:
    """Whether one of the thing's values is one that is given; None where the thing has none."""
    values = index.values_of(item.id, given.property)
    return any(index.keys(value) & _keys(given) for value in values) if values else None


def description(index: Index, item: Item, lang: str) -> str:
    """Kind, what it belongs to, other names: what tells namesakes apart."""
    kind = index.settings.types.get(item.kind)
    parts = [kind.name[lang] if kind else item.kind]
    for name in ("province", "body", "post", "territory", "country"):
        values = [value for value in index.values_of(item.id, name) if value.id in index.items]
        if values:
            parts.append(", ".join(index.items[value.id].name for value in values[:2]))
            break
    others = [name for name in item.names if name != item.name][:4]
    return " · ".join([*parts, *([" / ".join(others)] if others else [])])


def like(text: str, names: Iterable[str]) -> bool:
    """Whether one of the names has a word that begins as the text does; for suggestions as one types."""
    wanted = "".join(reading.text for reading in readings(text)[:1])
    return not wanted or any(_begins(name, wanted) for name in names)


def _begins(name: str, wanted: str) -> bool:
    parts = name.split()
    return any(
        reading.text.startswith(wanted) for at in range(len(parts)) for reading in readings(" ".join(parts[at:]))[:1]
    )
