"""One place lies in another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg.claims.context import Context
from kg.mention import Mention
from kg.model import PLACES, Claim
from kg.rules import Finding


def located_in(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each place of a chain lies in the next."""
    chain = finding.fillers.get("chain")
    if isinstance(chain, list):
        pairs = list(pairwise(chain))
    else:
        outer = finding.fillers.get("within")
        inner = (_spot(context, mention) for mention in context.mentions(finding.fillers.get("place")))
        pairs = [(spot, outer) for spot in inner if spot is not None and isinstance(outer, Mention)]
        pairs = [(spot, outer) for spot, outer in pairs if _lower(context, spot, outer)]
        pairs = [(spot, outer) for spot, outer in pairs if not _at_home(context, spot, outer)]
    for inner_place, outer in pairs:
        outwards = [context.entities.full(outer)]
        place = context.entities.place_named(
            context.entities.full(inner_place), PLACES, outwards, inner_place.core.type
        )
        after = [context.entities.full(m) for m in chain[chain.index(outer) + 1 :]] if isinstance(chain, list) else []
        within = context.entities.place_named(context.entities.full(outer), PLACES, after, outer.core.type)
        if place.key != within.key:
            yield context.claim(
                finding, place=context.argument(place, inner_place.core), within=context.argument(within, outer.core)
            )


def _spot(context: Context, mention: Mention) -> Mention | None:
    """What stands in a place: a place or venue, a body that is a building as well, the seat or territory of a post."""
    core = mention.core
    if core.type == "post":
        outer = mention.linked.get("org")
        if isinstance(outer, Mention):
            return _spot(context, outer)
        return _territory(context, core)
    if core.type == "body":
        if not _is_facility(context, context.entities.words(core)):
            return _territory(context, core)
        place = Mention(*core.name, "venue", "H")
        place.parts["name"] = core.name
        return place
    return mention


def _territory(context: Context, mention: Mention) -> Mention | None:
    """The place in the name of a post or body: Kepala Dinas Kesehatan | Kota Batu."""
    region = mention.parts.get("region")
    if region is None:
        return None
    name = context.text[slice(*region)]
    kind = next((word for word in context.lexicon.region_types if name.startswith(word + " ")), None)
    place = Mention(*region, "place", "L")
    place.parts["name"] = region
    known = context.lexicon.levels.get(name, frozenset({2.0}))
    place.level = max(known) if kind is None else context.lexicon.region_types[kind][0]
    return place


def _is_facility(context: Context, name: str) -> bool:
    """Whether a body is one that stands in one place: a hospital, university, market."""
    heads, tails = context.lexicon.members("venues.facilities"), context.lexicon.members("venues.facility_tails")
    return any(name.startswith(head + " ") for head in heads) or name.rsplit(" ", 1)[-1] in tails


def _lower(context: Context, inner: Mention, outer: Mention) -> bool:
    """Whether the inner place can lie in the outer: of a lower level, and nowhere else by what is known of it."""
    low, high = inner.core.level, outer.core.level
    if inner.core.type == "place" and low >= high:
        return False
    return context.entities.may_lie_in(context.entities.full(inner), context.entities.full(outer))


def _at_home(context: Context, inner: Mention, outer: Mention) -> bool:
    """Whether a list only counts towns of this country, which tells nothing: "tiga kota di Indonesia, yakni"."""
    return outer.start < inner.start and context.entities.full(outer) in context.lexicon.members("posts.home")
