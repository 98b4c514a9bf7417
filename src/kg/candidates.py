"""What the reference data knows under a name.

An article asks for the same name again and again, and most articles name the same ministries and cities, so the answers
are kept for the whole process.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from kg.lexicon import Lexicon
from kg.model import BODIES, PLACES, Entity, Kind, Label
from kg.reference import Thing

OPEN_KINDS = BODIES - {Kind.GOVERNMENT, Kind.OUTLET}
MOST = 20_000  # answers of one kind that are kept


@lru_cache(maxsize=MOST)
def things(lexicon: Lexicon, name: str) -> tuple[Thing, ...]:
    """All that bear the name, or the one that it is another form of."""
    name = lexicon.synonyms.get(name, name)
    return tuple([lexicon.reference.things[key] for key in lexicon.reference.names.get(name, ())])


@lru_cache(maxsize=MOST)
def body(lexicon: Lexicon, name: str) -> Thing | None:
    """The body or network of that name, if there is but one."""
    found = [thing for thing in things(lexicon, name) if thing.kind in OPEN_KINDS]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=MOST)
def body_at_end(lexicon: Lexicon, name: str) -> str | None:
    """The words at the end of a name that are the name of a known body: Ketua | DPR RI."""
    reference = lexicon.reference
    parts = name.split(" ")
    for start in range(1, len(parts)):
        rest = " ".join(parts[start:])
        if any(reference.kinds[key] in OPEN_KINDS for key in reference.names.get(rest, ())):
            return rest
    return None


@lru_cache(maxsize=MOST)
def role(lexicon: Lexicon, post: str) -> str | None:
    """The kind of a post: the longest name of a role that its name begins with."""
    roles = lexicon.reference.role_names
    parts = post.split(" ")
    for count in range(len(parts), 0, -1):
        opening = " ".join(parts[:count])
        keys = roles.get(opening) or roles.get(opening.title())
        if keys:
            return keys[0]
    return None


@lru_cache(maxsize=MOST)
def territory(lexicon: Lexicon, post: str) -> Kind | None:
    """The kind of territory that a post's name tells of."""
    lowered = post.lower()
    return next((kind for word, kind in lexicon.territories.items() if word in lowered), None)


@lru_cache(maxsize=MOST)
def places(lexicon: Lexicon, name: str, kinds: AbstractSet[Kind]) -> tuple[Thing, ...]:
    """The places of these kinds that bear the name, or the name without its type word where that says the kind."""
    found = tuple([thing for thing in things(lexicon, name) if thing.kind in kinds and thing.kind in PLACES])
    if found:
        return found
    kind, bare = typed(lexicon, name)
    if kind is None or kind not in kinds:
        return ()
    return tuple([thing for thing in things(lexicon, bare) if thing.kind is kind])


@lru_cache(maxsize=MOST)
def around(lexicon: Lexicon, place: str) -> frozenset[str]:
    """The keys of the places that contain the place of that key, at any level."""
    found: set[str] = set()
    todo = [place]
    while todo:
        outer = lexicon.reference.things.get(todo.pop())
        for link, key in outer.links if outer is not None else ():
            if link == "within" and key not in found:
                found.add(key)
                todo.append(key)
    return frozenset(found)


@lru_cache(maxsize=MOST)
def typed(lexicon: Lexicon, name: str) -> tuple[Kind | None, str]:
    """The kind that a place's type word gives, and the name without that word."""
    words = region_words(lexicon)
    if name.startswith(words):
        word = next(word for word in words if name.startswith(word))
        return lexicon.region_types[word[:-1]][1], name[len(word) :]
    for word, (_, kind) in lexicon.region_tails.items():
        if name.endswith(" " + word):
            return kind, name.removesuffix(" " + word)
    return None, name


@cache
def region_words(lexicon: Lexicon) -> tuple[str, ...]:
    """The type words before a place's name, the longer first, each with a space."""
    return tuple(f"{word} " for word in sorted(lexicon.region_types, key=len, reverse=True))


@cache
def government_words(lexicon: Lexicon) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How names of governments begin and end."""
    return tuple(lexicon.governments), tuple(f" {word}" for word in lexicon.government_tails)


@lru_cache(maxsize=MOST)
def described(lexicon: Lexicon, key: str, names: tuple[str, ...], why: str) -> Entity:
    """The thing of that key, under the names that an article gives it."""
    thing = lexicon.reference.things[key]
    assert thing.kind is not None
    others = sorted(set(names) - {thing.label.text})
    tongue = thing.label.language
    return Entity(
        thing.kind,
        thing.key,
        thing.label,
        tuple(Label(name, tongue if " " not in name else lexicon.tongue(name)) for name in others),
        known=True,
        why=why,
    )
