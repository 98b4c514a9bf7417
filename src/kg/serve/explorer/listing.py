"""What articles say of a thing as a list of claims by the day of their article, the latest first; read piece by piece.

The list holds ids alone. An id names its article, so that days are looked up once for each article, and a claim is read
when it is shown. A page shows a window of the list: what was said up to some place in it, so that its address stays
good whatever is said later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions

from kg import resources
from kg import vocabulary as v
from kg.query import parse_query_file
from kg.records import record
from kg.serve.explorer.claims import Claim, Fact, day_of, facts, read
from kg.serve.explorer.remembered import Remembered
from kg.voices.asking import voices

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.facts import Node

LISTED: Final = 20_000
"""Rows about one thing that are listed, up to two for a claim; which of more, is as the store has them."""
READ: Final = 300
"""Claims of one window that are read, or a few more: those of one article stay together, and no window has but few."""
LONGEST: Final = 4000
"""Claims of one window, those on tenures and memberships that it has already included: these need no reading."""
ALIKE: Final = 1000
"""Claims that are looked at for those that say what a fact says."""
_READ: Final = Remembered(16)
_ALL: Final = DefaultGraph()
_UNDATED: Final = "0000-00-00"


@record(frozen=True, slots=True)
class Listed:
    """The claims about a thing, the latest said first. ``places`` run along: day and article, as in 2025-03-01_ab12.

    So do ``keys``: claims with the same one are on the same tenure or membership. ``is_whole``: there are no more.
    ``voices``: so many texts the ``articles`` print.
    """

    claims: tuple[NamedNode, ...]
    keys: tuple[NamedNode, ...]
    places: tuple[str, ...]
    known: frozenset[NamedNode]
    articles: int
    voices: int
    is_whole: bool


@record(frozen=True, slots=True)
class Window:
    """A stretch of the list, read. ``older`` is the place behind which there is more, empty where there isn't.

    ``first`` and ``last``: the days of its first and last dated article, empty where none is. ``has_undated``: it has
    claims of articles without a day, which come behind all others.
    """

    facts: tuple[Fact, ...]
    older: str
    first: str
    last: str
    has_undated: bool


def of_thing(view: Store, nodes: Iterable[NamedNode]) -> Listed:
    """The claims with one of these things in them; remembered for the next page."""
    about = frozenset(nodes)
    return _READ.get(view, about, lambda: _listed(view, sorted(about, key=str)))


def _listed(view: Store, nodes: Iterable[NamedNode]) -> Listed:
    found: dict[NamedNode, NamedNode] = {}
    is_whole = True
    for node in nodes:
        its = list(_claims_of(view, node))
        is_whole = is_whole and len(its) <= LISTED
        for claim, about in its[:LISTED]:
            if about is not None or claim not in found:
                found[claim] = about or claim
    days: dict[str, str] = {}
    rows = sorted(((_place(view, claim, days), claim.value, claim) for claim in found), reverse=True)
    claims = tuple(claim for _, _, claim in rows)
    keys = tuple(found[claim] for claim in claims)
    said = voices(view, map(NamedNode, days))
    return Listed(claims, keys, tuple(place for place, _, _ in rows), frozenset(found), len(days), said, is_whole)


def _claims_of(view: Store, thing: NamedNode) -> Iterator[tuple[NamedNode, NamedNode | None]]:
    """An id stands in the query's text: bound from outside, or joined, it is looked for among all claims."""
    text = parse_query_file(resources.path("queries/explorer/claims-of.rq")).text.replace("?thing", str(thing))
    rows = view.query(f"{text}\nLIMIT {LISTED + 1}")
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        claim, about = row["claim"], row["about"]
        if isinstance(claim, NamedNode):
            yield claim, about if isinstance(about, NamedNode) else None


def _place(view: Store, claim: NamedNode, days: dict[str, str]) -> str:
    """The day of the article and its key."""
    article = _article(view, claim)
    if article.value not in days:
        days[article.value] = day_of(view, article) or _UNDATED
    return f"{days[article.value]}_{article.value.rpartition('/')[2]}"


def _article(view: Store, claim: NamedNode) -> NamedNode:
    """The article of a claim, which its id names; of a claim with another id as its words say."""
    base, is_own, key = claim.value.partition("/id/claim/")
    if is_own:
        return NamedNode(f"{base}/id/article/{key.rpartition('-')[0]}")
    spans = view.quads_for_pattern(claim, v.TRIGGER_EVIDENCE, None, _ALL)
    found = next((quad.object for quad in spans if isinstance(quad.object, NamedNode)), claim)
    return NamedNode(found.value.partition("#")[0])


# ---------------------------------------------------------------- windows


def window(view: Store, listed: Listed, before: str = "") -> Window:
    """The latest claims said before a place or day, as facts."""
    places = listed.places
    begin = next((at for at, place in enumerate(places) if place < before), len(places)) if before else 0
    end = _end(listed, begin)
    if end < len(places) <= _end(listed, end):  # no window with but few
        end = len(places) if len(set(listed.keys[end:])) < READ // 2 else end
    dated = [place[:10] for place in places[begin:end] if not place.startswith(_UNDATED)]
    return Window(
        tuple(facts(_read(view, listed, begin, end))),
        places[end - 1] if begin < end < len(places) else "",
        dated[-1] if dated else "",
        dated[0] if dated else "",
        len(dated) < end - begin,
    )


def _end(listed: Listed, begin: int) -> int:
    """Where a window ends: behind so many claims that have to be read, at the end of an article."""
    keys: set[NamedNode] = set()
    for at in range(begin, len(listed.claims)):
        is_full = len(keys) >= READ or at - begin >= LONGEST
        if is_full and at > begin and listed.places[at] != listed.places[at - 1]:
            return at
        keys.add(listed.keys[at])
    return len(listed.claims)


def _read(view: Store, listed: Listed, begin: int, end: int) -> Iterator[Claim]:
    """The claims from one place to another; of those on one tenure that say the same, the first alone is read."""
    known: dict[tuple[NamedNode, object], Claim] = {}
    for at in range(begin, end):
        node, key = listed.claims[at], listed.keys[at]
        relation = next((quad.object for quad in view.quads_for_pattern(node, v.RELATION, None, _ALL)), None)
        alike = known.get((key, relation))
        if alike is None:
            for claim in read(view, [node]):
                known[key, relation] = claim
                yield claim
        else:
            day = listed.places[at][:10]
            yield replace(alike, node=node, article=_article(view, node), date="" if day == _UNDATED else day)


def completed(view: Store, fact: Fact, listed: Listed) -> Fact:
    """A fact with all claims that say the same, whichever window they are in; no more than ALIKE are looked at."""
    first = fact.claims[0]
    found = {claim.node: claim for claim in fact.claims}
    for node in _alike(view, first):
        if node in listed.known and node not in found and _has(view, node, v.RELATION, Literal(fact.relation)):
            article = _article(view, node)
            found[node] = replace(first, node=node, article=article, date=day_of(view, article))
    return facts(found.values())[0]


def _alike(view: Store, claim: Claim) -> Iterator[NamedNode]:
    """Claims on the same tenure, membership …; without one, those with the same two ends."""
    if claim.about is not None:
        yield from _with(view, v.ABOUT, claim.about)
    elif claim.subject is not None and claim.object is not None:
        ends = ((v.SUBJECT, claim.subject), (v.OBJECT, claim.object))
        found, fewer = _fewest([_with(view, *end) for end in ends])
        yield from (node for node in found if _has(view, node, *ends[1 - fewer]))


def _fewest(found: Sequence[Iterator[NamedNode]]) -> tuple[list[NamedNode], int]:
    """What comes from the one that ends first, and which that is; the others are read no further."""
    read_so_far: list[list[NamedNode]] = [[] for _ in found]
    while True:
        for at, each in enumerate(found):
            node = next(each, None)
            if node is None:
                return read_so_far[at], at
            read_so_far[at].append(node)


def _with(view: Store, predicate: NamedNode, value: Node) -> Iterator[NamedNode]:
    quads = islice(view.quads_for_pattern(None, predicate, value, _ALL), ALIKE)
    return (quad.subject for quad in quads if isinstance(quad.subject, NamedNode))


def _has(view: Store, claim: NamedNode, predicate: NamedNode, value: Node) -> bool:
    return next(iter(view.quads_for_pattern(claim, predicate, value, _ALL)), None) is not None
