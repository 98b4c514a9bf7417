"""What the gate refused of what was read about a thing: the claims in quarantine, by the things in their triples.

A refused claim states nothing, so no pattern leads from a thing to it; its triples are kept as text. There are few of
them beside what was let in, so they are read once for each state of the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions

from kg import vocabulary as v
from kg.find import short
from kg.link import resolved
from kg.link.identity_graph import identities
from kg.records import record
from kg.serve.current import Loaded
from kg.serve.explorer.evidence import anchor
from kg.serve.explorer.names import page_of
from kg.serve.explorer.remembered import Remembered

MOST: Final = 50_000
"""Claims in quarantine that are looked at."""
_THING: Final = re.compile(r"<([^<>\s]*/id/[^<>\s]*)>")
_READ: Final = Remembered(1)


@record(frozen=True, slots=True)
class Refused:
    """A claim in quarantine: what it says, and its place on the page of its article."""

    statement: str
    href: str


def of_things(now: Loaded, things: Iterable[NamedNode]) -> list[NamedNode]:
    """The refused claims with one of these things in them, by id."""
    by_thing = _READ.get(now.view, "refused", lambda: _by_thing(now))
    return sorted({claim for thing in things for claim in by_thing.get(thing.value, ())}, key=str)


def shown(now: Loaded, claims: Iterable[NamedNode]) -> list[Refused]:
    """The claims as a page names them."""
    return [Refused(_literal(now, claim, v.STATEMENT), _place(now, claim)) for claim in claims]


def _by_thing(now: Loaded) -> Mapping[str, list[NamedNode]]:
    about = f"?claim {v.REFUSED_TRIPLES} ?triples ; {v.WAS_DERIVED_FROM} ?article"
    rows = now.view.query(f"SELECT ?claim ?triples ?article WHERE {{ {about} }} LIMIT {MOST}")
    assert isinstance(rows, QuerySolutions)
    known = identities(now.dataset)
    found: dict[str, list[NamedNode]] = {}
    for row in rows:
        claim, article, triples = row["claim"], row["article"], row["triples"]
        if not isinstance(claim, NamedNode) or not isinstance(article, NamedNode) or not isinstance(triples, Literal):
            continue
        things = set(_THING.findall(triples.value))
        if known is not None and any("/id/person/" in thing for thing in things):
            meant = resolved.aliases_of(known, article)  # the triples have the ids of the article
            things = {meant[thing].id if thing in meant else thing for thing in things}
        for thing in things:
            found.setdefault(thing, []).append(claim)
    return found


def _place(now: Loaded, claim: NamedNode) -> str:
    quads = now.view.quads_for_pattern(claim, v.WAS_DERIVED_FROM, None, DefaultGraph())
    article = next((quad.object.value for quad in quads if isinstance(quad.object, NamedNode)), "")
    return f"{page_of(short(article))}#{anchor(claim)}"


def _literal(now: Loaded, node: NamedNode, predicate: NamedNode) -> str:
    quads = now.view.quads_for_pattern(node, predicate, None, DefaultGraph())
    return next((quad.object.value for quad in quads if isinstance(quad.object, Literal)), "")
