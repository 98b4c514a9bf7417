"""One place lies in another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg.claims.context import Context
from kg.mentions import Mention
from kg.model import PLACES, Claim
from kg.rules import Finding


def located_in(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each place of a chain lies in the next."""
    chain = finding.fillers.get("chain")
    if isinstance(chain, list):
        pairs = list(pairwise(chain))
    else:
        outer = finding.fillers.get("within")
        pairs = [
            (inner, outer) for inner in context.mentions(finding.fillers.get("place")) if isinstance(outer, Mention)
        ]
    for inner, outer in pairs:
        outwards = [context.entities.full(outer)]
        place = context.entities.place_named(context.entities.full(inner), PLACES, outwards, inner.core.type)
        after = [context.entities.full(m) for m in chain[chain.index(outer) + 1 :]] if isinstance(chain, list) else []
        within = context.entities.place_named(context.entities.full(outer), PLACES, after, outer.core.type)
        if place.key != within.key:
            yield context.claim(
                finding, place=context.argument(place, inner.core), within=context.argument(within, outer.core)
            )
