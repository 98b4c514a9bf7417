"""Where articles say different things of one matter, or it has changed: both sides with their words.

Of the facts of one page alone: a tenure or membership of one pair in two states, a meeting with two dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.serve.explorer.claims import Fact
from kg.serve.explorer.evidence import Evidence
from kg.serve.explorer.names import Names
from kg.serve.explorer.sentences import title

MOST: Final = 10
"""Disagreements on a page."""


def shown(
    found: Iterable[Fact], evidence: Evidence, about: set[NamedNode], names: Names, lang: str
) -> list[dict[str, Any]]:
    """Each with its name and two or more sides as facts."""
    return [
        {"title": _title(facts[0], names, lang), "sides": [evidence.shown(fact, about) for fact in facts]}
        for facts in disagreements(found)[:MOST]
    ]


def disagreements(found: Iterable[Fact]) -> list[list[Fact]]:
    """The facts that can't both be so at one time, in groups; each side is said by another article."""
    groups: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in found:
        key = _MATTER[fact.relation](fact) if fact.relation in _MATTER else None
        if key:
            groups[fact.relation, *key].append(fact)
    several = [facts for facts in groups.values() if len(facts) > 1 and len({fact.articles for fact in facts}) > 1]
    return [sorted(facts, key=lambda fact: (fact.since or "9999", fact.claims[0].node.value)) for facts in several]


def _pair(fact: Fact) -> Sequence[str]:
    return str(fact.claims[0].subject), str(fact.claims[0].object)


def _subject(fact: Fact) -> Sequence[str]:
    return (str(fact.claims[0].subject),)


_MATTER: Final[Mapping[str, Callable[[Fact], Sequence[str]]]] = {
    "holds_post": _pair,
    "member_of": _pair,
    "held_on": _subject,
}
"""Relation -> what is the same on both sides; the rest differs, as each fact is there once."""


def _title(fact: Fact, names: Names, lang: str) -> str:
    ends = (fact.claims[0].subject, fact.claims[0].object if fact.relation != "held_on" else None)
    named = [names.name(end) for end in ends if isinstance(end, NamedNode)]
    return f"{', '.join(named)} ({title(fact.relation, lang)})"
