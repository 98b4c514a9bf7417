"""Two persons of two articles: one or two? By their names, and by the posts that the articles say they hold, and when.

Something must speak for it: a name that tells enough, or the same post, or the same body at another time. And nothing
may speak against it: two posts that nobody holds together. Everything counts in one score with reasons, decided by the
two thresholds of ``kg.link.outcome``. Weights and lists are in ``data/linking/persons.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Final

from kg import resources
from kg.link.outcome import JUDGED_FROM, LINKED_FROM, Decision
from kg.link.person_names import lore
from kg.link.persons import NameComparison, compare
from kg.names import slug
from kg.records import record

SURE: Final = 0.5
"""The agreement of two names in the same post below which they are two persons all the same."""


@record(frozen=True, slots=True, order=True)
class Position:
    """A post as far as it tells persons apart: two of the same post are equal.

    ``role`` is the last part of a role's id; ``where`` the key of the body, government or network that it is in, or "";
    ``name`` the rest of the post's name as a slug, "" where body and role say all.
    """

    role: str
    where: str
    name: str = ""
    acting: bool = False
    held: bool = True
    """False for a post that the article says was or will be held."""

    @property
    def post(self) -> tuple[str, str, str]:
        """What is the same for all who hold it, acting or not."""
        return self.role, self.where, self.name


@record(frozen=True, slots=True)
class Person:
    """A person as one or more articles have them. ``quarters`` are those of the articles: ``4 * year + 0 … 3``."""

    name: str
    positions: frozenset[Position] = frozenset()
    quarters: frozenset[int] = frozenset()


@record(frozen=True, slots=True)
class Verdict:
    """One person or two. ``apart``: something speaks against it, so they are never merged by way of others either."""

    score: float
    decision: Decision
    reasons: tuple[str, ...]
    apart: bool = False


@cache
def _posts() -> Mapping[str, frozenset[str]]:
    with resources.path("data/linking/persons.toml").open("rb") as file:
        lists = tomllib.load(file)["posts"]
    return {name: frozenset(text.split()) for name, text in lists.items()}


def position(role: str, where: str, name: str = "", *, acting: bool = False, held: bool = True) -> Position:
    """A post without what its body and role say already.

    >>> position("bupati", "government/33.21", "Bupati Demak") == position("bupati", "government/33.21", "Bupati")
    True
    """
    whole = role in _posts()["one"] or (role in _posts()["head"] and not where.startswith("government/"))
    return Position(role, where, "" if whole and where else slug(name) if name else "", acting, held)


def telling(person: Person) -> bool:
    """Whether the person has a post that tells them from others of the same name."""
    return any(_tells(each) for each in person.positions)


def _tells(one: Position) -> bool:
    return bool(one.where) and one.role not in _posts()["many"]


def judge(a: Person, b: Person) -> Verdict:
    """One person or two, the same either way round."""
    names = compare(a.name, b.name)
    if names.conflict:
        return Verdict(names.score, Decision.NONE, names.reasons, apart=True)
    score, reasons, apart = _weighed(a, b, names)
    decision = Decision.LINKED if score >= LINKED_FROM else Decision.JUDGE if score >= JUDGED_FROM else Decision.NONE
    return Verdict(round(score, 4), decision, reasons, apart)


def _weighed(a: Person, b: Person, names: NameComparison) -> tuple[float, tuple[str, ...], bool]:
    limits = lore().thresholds
    shared = sorted({one.post for one in a.positions if _tells(one)} & {one.post for one in b.positions})
    if shared and names.told >= limits["least"] and names.agreement >= SURE:
        return max(names.agreement - 0.01, limits["same_post"]), (*names.reasons, f"both are {_told(shared[0])}"), False
    against = _against(a, b)
    if against and not (names.told >= limits["distinctive"] and names.whole):
        most = limits["beside"] if names.told >= limits["told"] else limits["elsewhere"]
        return min(names.score, most), (*names.reasons, against), most < JUDGED_FROM
    body = _same_body(a, b)
    if body and not against and names.whole and names.agreement > 1 - lore().weights["left_out"] / 2:
        needed = limits["career"] if body.startswith("government/") else limits["career_body"]
        if names.told >= needed:
            return max(names.score, limits["same_body"]), (*names.reasons, f"both are of {body}"), False
    return names.score, names.reasons + _common(names), False


def _common(names: NameComparison) -> tuple[str, ...]:
    if names.told >= lore().thresholds["told"]:
        return ()
    return ("what the names share is common, and nothing else speaks for it",)


def _told(post: tuple[str, str, str]) -> str:
    role, where, name = post
    return f"{name or role} of {where}"


def _same_body(a: Person, b: Person) -> str:
    ours, theirs = ({one.where for one in side.positions if one.where} for side in (a, b))
    return min(ours & theirs, default="")


def _against(a: Person, b: Person) -> str:
    """The two posts that nobody holds together, if both are held at about the same time; else ""."""
    if not a.quarters or not b.quarters or not _near(a.quarters, b.quarters):
        return ""
    for one, other in product(sorted(a.positions), sorted(b.positions)):
        if one.post != other.post and _is_exclusive(one) and _is_exclusive(other):
            return f"{_told(one.post)} and {_told(other.post)} at the same time"
    return ""


def _near(a: frozenset[int], b: frozenset[int]) -> bool:
    return min(abs(one - other) for one in a for other in b) <= lore().thresholds["quarters"]


def _is_exclusive(one: Position) -> bool:
    lists = _posts()
    beside = one.role in lists["beside"] or one.where.partition("/")[0] in lists["beside_in"]
    return bool(one.where) and one.held and not one.acting and not beside
