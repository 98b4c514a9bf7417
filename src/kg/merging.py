"""Claims that say the same become one: the most informative, then the surest, then the first wording stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kg.model import Article, Claim, Entity, Label, Relation, Value

Key = tuple[object, ...]
THINGS = (Entity, Article)
POSTS = (Relation.HOLDS_POST, Relation.HELD_POST, Relation.APPOINTED)


def merge(claims: Iterable[Claim]) -> tuple[list[Claim], int]:
    """One claim for each statement, in the order of the text, and how many were merged into others."""
    best: dict[Key, Claim] = {}
    count = 0
    for claim in claims:
        count += 1
        key = identity(claim)
        other = best.get(key)
        if other is None or _rank(claim) > _rank(other):
            best[key] = claim
    kept = _drop_outlived(_drop_poorer(list(best.items())))
    placed: dict[tuple[int, int, str, str], list[tuple[Key, Claim]]] = {}
    for item in kept:
        placed.setdefault(_place(item[1]), []).append(item)
    ordered: list[Claim] = []
    for place in sorted(placed):
        same = placed[place]
        if len(same) > 1:
            same.sort(key=lambda item: repr(item[0]))
        ordered += [claim for _, claim in same]
    return ordered, count - len(ordered)


def beside(claims: Sequence[Claim], others: Iterable[Claim]) -> tuple[list[Claim], int]:
    """The claims, and behind them those of a weaker source that say something else; how many said the same or less.

    What the claims say stays as it is, whatever the others add to it.
    """
    said = {_in_any_tongue(identity(claim)): claim for claim in claims}
    given = list(others)
    more = [(_in_any_tongue(identity(claim)), claim) for claim in merge(given)[0]]
    new = [(key, claim) for key, claim in more if key not in said]
    kept = {id(claim) for _, claim in _drop_outlived(_drop_poorer([*said.items(), *new]))}
    added = [claim for _, claim in new if id(claim) in kept]
    return [*claims, *added], len(given) - len(added)


def _in_any_tongue(key: Key) -> Key:
    """What is said, whatever language its words are taken to be in."""
    return tuple(part.text if isinstance(part, Label) else part for part in key)


def _place(claim: Claim) -> tuple[int, int, str, str]:
    return claim.trigger.start, claim.trigger.end, claim.relation, claim.rule


def identity(claim: Claim) -> Key:
    """What makes two claims the same statement."""
    relation = claim.relation
    if relation is Relation.FUNDING:
        return relation, claim["amount"].value, claim["currency"].value
    parts: list[object] = [relation]
    for _, argument in claim.arguments[:2]:
        value = argument.value
        parts.append(value.key if isinstance(value, THINGS) else value)
    if relation is Relation.SAYS:
        parts[2] = claim.object.evidence
    elif relation in (Relation.MEMBER_OF, Relation.HOLDS_POST):
        parts.append(claim["status"].value)
    elif relation is Relation.AWARDED and (year := claim.get("year")) is not None:
        parts.append(year.value)
    elif relation is Relation.NETWORK_ROLE:
        parts.append(claim["role"].value)
    elif relation is Relation.LEADS_DELEGATION and (meeting := claim.get("meeting")) is not None:
        parts.append(_key(meeting.value))
    return tuple(parts)


def _key(value: Value) -> object:
    return value.key if isinstance(value, THINGS) else value


def _rank(claim: Claim) -> tuple[int, Decimal, int]:
    return len(claim.arguments), claim.confidence, -claim.trigger.start


def _drop_poorer(best: Sequence[tuple[Key, Claim]]) -> list[tuple[Key, Claim]]:
    """Without tenures that say less than another of the same person: the same post without its body."""
    held: dict[tuple[object, object], list[Claim]] = {}
    for _, claim in best:
        if claim.relation in POSTS:
            held.setdefault((claim.relation, _key(claim["person"].value)), []).append(claim)

    poorer = {
        id(claim)
        for same in held.values()
        if len(same) > 1
        for claim in same
        for other in same
        if len(other.arguments) > len(claim.arguments) and _names(claim["post"].value) & _names(other["post"].value)
    }
    return [item for item in best if id(item[1]) not in poorer] if poorer else list(best)


def _drop_outlived(best: list[tuple[Key, Claim]]) -> list[tuple[Key, Claim]]:
    """Without tenures that the article says have ended, unless it says that the person was appointed."""
    ended = {_pair(claim) for _, claim in best if claim.relation is Relation.HELD_POST}
    begun = {_pair(claim) for _, claim in best if claim.relation is Relation.APPOINTED}
    over = ended - begun
    return [item for item in best if item[1].relation is not Relation.HOLDS_POST or _pair(item[1]) not in over]


def _pair(claim: Claim) -> tuple[object, object]:
    return _key(claim.subject.value), _key(claim.object.value)


def _names(value: Value) -> set[str]:
    if not isinstance(value, Entity):
        return set()
    return {value.label.text.casefold(), *(alias.text.casefold() for alias in value.aliases)}
