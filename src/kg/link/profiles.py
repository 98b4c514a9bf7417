"""What an article says of each person, as far as it tells persons apart; and the keys under which its like is found.

Bodies have profiles of their own (``kg.link.body_profiles``); a ``Profile`` is one or the other.

A profile is a name with posts, as one or more articles have them: the same name in the same post is one profile by
itself, and so is a name that tells enough. A common name without a post that tells makes a profile of its article
alone: nothing says that the next article means the same person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg import reference
from kg import vocabulary as v
from kg.link import body_profiles
from kg.link.body_profiles import BodyProfile, is_body
from kg.link.people import Person, Position, position, telling
from kg.link.person_blocks import Blocks, Openness, by_common_parts, by_parts
from kg.link.person_names import lore, parse
from kg.link.persons import compare
from kg.names import slug
from kg.rdf import Lookup
from kg.records import record

NO_DATE: Final = ""


@record(frozen=True, slots=True, order=True)
class PersonProfile:
    """A name with posts. ``id`` is the path below the base as the article has it ("person/budi-santoso").

    ``article`` is the key of the only article of a profile that tells too little to be met again, else "".
    """

    id: str
    name: str
    positions: tuple[Position, ...] = ()
    article: str = ""

    @property
    def key(self) -> str:
        """16 hexadecimal digits of a SHA-256 over all of it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """As one line, which ``from_json`` reads."""
        posts = [[one.role, one.where, one.name, one.acting, one.held] for one in self.positions]
        return json.dumps([self.id, self.name, posts, self.article], ensure_ascii=False)

    def person(self, quarters: Iterable[int] = ()) -> Person:
        """As ``kg.link.people`` compares it."""
        return Person(self.name, frozenset(self.positions), frozenset(quarters))


Profile = PersonProfile | BodyProfile


def from_json(text: str) -> Profile:
    """A profile as its ``to_json`` wrote it."""
    if is_body(json.loads(text)[0]):
        return body_profiles.from_json(text)
    key, name, posts, article = json.loads(text)
    return PersonProfile(key, name, tuple(Position(*post) for post in posts), article)


# ---------------------------------------------------------------- out of an article's graph


def read(dataset: Lookup, article: NamedNode, base: str) -> list[Profile]:
    """The profiles of an article, one for each official that its graph names, and each body without a reference id."""
    officials = [quad.subject for quad in dataset.quads_for_pattern(None, v.TYPE, v.OFFICIAL, article)]
    persons = sorted(_profile(dataset, article, one, base) for one in officials if isinstance(one, NamedNode))
    return [*persons, *sorted(set(body_profiles.read(dataset, article, base)))]


def quarter(dataset: Lookup, article: NamedNode) -> str:
    """The quarter of the year in which an article came out, as ``4 * year + 0 … 3``; NO_DATE where nobody says."""
    date = _text(dataset, article, v.DATE_PUBLISHED, article)
    year, month = date[:4], date[5:7]
    return str(4 * int(year) + (int(month) - 1) // 3) if year.isdecimal() and month.isdecimal() else NO_DATE


def _profile(dataset: Lookup, article: NamedNode, node: NamedNode, base: str) -> PersonProfile:
    key = node.value.removeprefix(f"{base}id/")
    name = _text(dataset, node, v.PREF_LABEL, article) or key.partition("/")[2].replace("-", " ")
    positions = tuple(sorted({*_tenures(dataset, article, node, base), *_appointments(dataset, article, node, base)}))
    profile = PersonProfile(key, name, positions)
    if any(one.where for one in positions) or compare(name, name).told >= lore().thresholds["told"]:
        return profile
    return replace(profile, article=article.value.rpartition("/")[2])


def _tenures(dataset: Lookup, graph: NamedNode, person: NamedNode, base: str) -> Iterator[Position]:
    for quad in dataset.quads_for_pattern(None, v.MEMBER, person, graph):
        tenure = quad.subject
        if not isinstance(tenure, NamedNode) or not _has(dataset, tenure, v.TYPE, v.TENURE, graph):
            continue
        where = _node(dataset, tenure, v.ORGANIZATION, graph) or _node(dataset, tenure, v.ON_BEHALF_OF, graph)
        appointment = _node(dataset, tenure, v.APPOINTMENT, graph) or v.term("kg:definitive")
        status = _node(dataset, tenure, v.STATUS, graph) or v.term("kg:current")
        post = _node(dataset, tenure, v.HAS_POST, graph)
        yield _position(
            dataset,
            graph,
            post,
            where,
            base,
            acting=appointment != v.term("kg:definitive"),
            held=status == v.term("kg:current"),
        )


def _appointments(dataset: Lookup, graph: NamedNode, person: NamedNode, base: str) -> Iterator[Position]:
    """The posts that somebody is appointed to: perhaps not yet held when the article came out."""
    for quad in dataset.quads_for_pattern(None, v.APPOINTEE, person, graph):
        if isinstance(quad.subject, NamedNode) and (post := _node(dataset, quad.subject, v.APPOINTED_TO, graph)):
            yield _position(dataset, graph, post, None, base, acting=False, held=False)


def _position(
    dataset: Lookup,
    graph: NamedNode,
    post: NamedNode | None,
    where: NamedNode | None,
    base: str,
    *,
    acting: bool,
    held: bool,
) -> Position:
    body = where or (_node(dataset, post, v.POST_IN, graph) if post else None)
    role = _node(dataset, post, v.ROLE, graph) if post else None
    name = _text(dataset, post, v.PREF_LABEL, graph) if post else ""
    return position(
        role.value.rpartition("/")[2] if role else slug(name or "pejabat"),
        body.value.removeprefix(f"{base}id/") if body else "",
        _without_role(name) if name else post.value.rpartition("/")[2] if post else "",
        acting=acting,
        held=held,
    )


@cache
def _without_role(post: str) -> str:
    """A post's name without the name of its role: "Dirjen Bina Marga" and "Direktur Jenderal Bina Marga" are one."""
    words, names = post.split(), reference.load().role_names
    count = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in names), 0)
    return " ".join(words[count:])


def _has(dataset: Lookup, subject: NamedNode, predicate: NamedNode, value: NamedNode, graph: NamedNode) -> bool:
    return any(dataset.quads_for_pattern(subject, predicate, value, graph))


def _node(dataset: Lookup, subject: NamedNode, predicate: NamedNode, graph: NamedNode) -> NamedNode | None:
    """The object, the first by its text where there are several."""
    found = [quad.object for quad in dataset.quads_for_pattern(subject, predicate, None, graph)]
    return min((one for one in found if isinstance(one, NamedNode)), key=lambda one: one.value, default=None)


def _text(dataset: Lookup, subject: NamedNode, predicate: NamedNode, graph: NamedNode) -> str:
    found = [quad.object for quad in dataset.quads_for_pattern(subject, predicate, None, graph)]
    literals = [one for one in found if isinstance(one, Literal)]
    return min(((one.language != "id", one.value) for one in literals), default=(False, ""))[1]


# ---------------------------------------------------------------- blocks


def blocks(profile: Profile) -> Blocks:
    """The blocks in which profiles meet that may be one person by ``kg.link.people``; none for one that can't be.

    Rare parts of the name, common ones in pairs and then only within a body or territory, and the posts.
    """
    if isinstance(profile, BodyProfile):
        return dict.fromkeys(profile.blocks, Openness.OPEN)
    if profile.article:
        return {}
    posts = {f"post {'|'.join(one.post)}" for one in profile.positions if telling(Person("", frozenset({one})))}
    places = {one.where for one in profile.positions if one.where}
    common = by_common_parts(profile.name, places)
    return dict.fromkeys((*posts, *common), Openness.OPEN) | dict(by_parts(profile.name))


# ---------------------------------------------------------------- ids


def tails(profile: Profile) -> list[str]:
    """What may follow an id that several persons have, best first: a post, else the article; and each with a hash."""
    if isinstance(profile, BodyProfile):
        return profile.tails
    posts = [_tail(one) for one in sorted(profile.positions) if one.where]
    plain = list(dict.fromkeys(sorted(posts) or [profile.article or "tanpa-jabatan"]))
    return [*plain, *(f"{tail}-{profile.key[:6]}" for tail in plain)]


def _tail(one: Position) -> str:
    return slug(f"{one.role} {one.name} {one.where.partition('/')[2]}")


def fullness(profile: Profile) -> tuple[int, bool, int, str]:
    """How good a name a profile has: parts in full, today's spelling, letters; then the alphabet."""
    if isinstance(profile, BodyProfile):
        words, letters, name = profile.fullness
        return words, True, letters, name
    full = sum(not part.is_initial for part in parse(profile.name).parts)
    return full, not lore().older.search(profile.name.casefold()), len(profile.name), profile.name
