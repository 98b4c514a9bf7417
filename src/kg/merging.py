"""Claims that say the same become one: the most informative, then the surest, then the first wording stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kg.model import Article, Claim, Entity, Relation, Value


def merge(claims: Iterable[Claim]) -> tuple[list[Claim], int]:
    """One claim for each statement, in the order of the text, and how many were merged into others."""
    best: dict[tuple[object, ...], Claim] = {}
    count = 0
    for claim in claims:
        count += 1
        key = identity(claim)
        if key not in best or _rank(claim) > _rank(best[key]):
            best[key] = claim
    kept = _drop_poorer(best)
    kept.sort(key=lambda claim: (claim.trigger, claim.relation, claim.rule, repr(identity(claim))))
    return kept, count - len(kept)


def identity(claim: Claim) -> tuple[object, ...]:
    """What makes two claims the same statement."""
    relation = claim.relation
    if relation is Relation.FUNDING:
        return relation, claim["amount"].value, claim["currency"].value
    parts: list[object] = [relation, *(_key(argument.value) for _, argument in claim.arguments[:2])]
    if relation is Relation.SAYS:
        parts[2] = claim.object.evidence
    if relation in (Relation.MEMBER_OF, Relation.HOLDS_POST):
        parts.append(claim["status"].value)
    if relation is Relation.LEADS_DELEGATION and (meeting := claim.get("meeting")) is not None:
        parts.append(_key(meeting.value))
    return tuple(parts)


def _key(value: Value) -> object:
    return value.key if isinstance(value, Entity | Article) else value


def _rank(claim: Claim) -> tuple[int, Decimal, int]:
    return len(claim.arguments), claim.confidence, -claim.trigger.start


def _drop_poorer(best: Mapping[tuple[object, ...], Claim]) -> list[Claim]:
    """Without tenures that say less than another of the same person: the same post without its body."""
    claims = list(best.values())
    held = [claim for claim in claims if claim.relation is Relation.HOLDS_POST]

    def poorer(claim: Claim) -> bool:
        return claim.relation is Relation.HOLDS_POST and any(
            other is not claim
            and _key(other["person"].value) == _key(claim["person"].value)
            and len(other.arguments) > len(claim.arguments)
            and _names(claim["post"].value) & _names(other["post"].value)
            for other in held
        )

    return [claim for claim in claims if not poorer(claim)]


def _names(value: Value) -> set[str]:
    if not isinstance(value, Entity):
        return set()
    return {value.label.text.casefold(), *(alias.text.casefold() for alias in value.aliases)}
