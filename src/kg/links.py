"""Mentions -> the things that they name: an id of the reference data, or "unknown" with the reason.

Outside-in: a post first, then the body in whose name it stands, then the place at the end of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.mention import Mention
from kg.model import Entity
from kg.names import plain
from kg.posts import Posts
from kg.sentences import Sentence

if TYPE_CHECKING:
    from kg.entities import Entities
    from kg.meetings import Meetings

NAMING = frozenset({"person", "post", "body", "network", "place", "venue", "event", "unknown"})
"""Types of mentions that name things; the others give values."""
NOT_KEPT = {
    "person": "the reference data holds no persons",
    "venue": "the reference data holds no venues",
    "event": "the reference data holds no meetings",
    "post": "no post of that name in the reference data",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and what it names. ``why`` tells how that was found, or why there is no ``id``."""

    start: int
    end: int
    name: str  # as printed, without titles, degrees and brackets
    type: str
    id: str | None  # of the reference data, as in "place/35.79"
    entity: Entity | None
    why: str
    refers_back: bool = False  # no name: "ia", "pertemuan itu"


def links(sentences: list[Sentence], entities: Entities, meetings: Meetings) -> list[Link]:
    """Each mention once, in reading order; where one stands inside another, the outer one first."""
    linker = _Linker(entities, meetings)
    return sorted(
        (link for sentence in sentences for link in linker.of(sentence)), key=lambda link: (link.start, -link.end)
    )


class _Linker:
    def __init__(self, entities: Entities, meetings: Meetings) -> None:
        self.entities = entities
        self.meetings = meetings
        self.posts = Posts(entities)

    def of(self, sentence: Sentence) -> Iterator[Link]:
        """The links of one sentence; a phrase and its head are one mention, the phrase knows more about it."""
        seen: set[int] = set()
        for mention in self.entities.nested(sentence):
            core = mention.core
            if id(core) in seen or core.type not in NAMING:
                continue
            seen.add(id(core))
            yield self._link(mention)
            yield from self._inside(core)

    def _link(self, mention: Mention) -> Link:
        core = mention.core
        entity, why = self._entity(mention)
        start, end = core.name
        name = plain(self.entities.text[start:end])
        return Link(start, end, name, core.type, self._id(entity), entity, why, self._refers_back(mention))

    def _id(self, entity: Entity | None) -> str | None:
        """The id that the reference data has; the government of a known place need not be in it."""
        known = entity is not None and entity.known and entity.key in self.entities.reference.things
        return entity.key if entity is not None and known else None

    def _refers_back(self, mention: Mention) -> bool:
        return mention.core.generic or any(mention.core is back.core for back in self.meetings.back_references)

    def _entity(self, mention: Mention) -> tuple[Entity | None, str]:
        core = mention.core
        if core.type == "unknown":
            return None, "a name of no known type: no word before, in or behind it says what it names"
        if core.type == "person":
            return self._person(core)
        if core.type == "event":
            return self._meeting(mention)
        if core.type == "post":
            outer = mention.linked.get("org")
            held = self.posts.held(core, outer if isinstance(outer, Mention) else None, None)
            return held.entity, self._why(held.entity, core.type)
        entity = self.entities.body(core) if core.type in ("body", "network") else self.entities.place(mention)
        return entity, self._why(entity, core.type)

    def _person(self, core: Mention) -> tuple[Entity | None, str]:
        entity = self.entities.person(core)
        if entity is None:
            return None, "refers back, and nobody is named before"
        how = f"refers back to {entity.label.text}" if core.generic else entity.why
        return entity, f"{how}; {NOT_KEPT['person']}"

    def _meeting(self, mention: Mention) -> tuple[Entity | None, str]:
        meeting = self.meetings.of(mention)
        if meeting is None:
            return None, "refers back, and no meeting is named before"
        if meeting.network:
            entity = self.entities.body(mention.core)
            return entity, self._why(entity, "network")
        entity = self.meetings.entity(meeting)
        name = self.entities.words(mention)
        how = entity.why if name in meeting.names else f"means {entity.label.text}"
        return entity, f"{how}; {NOT_KEPT['event']}"

    def _inside(self, core: Mention) -> Iterator[Link]:
        """What stands in the name itself: the region of a post or body, the network of a meeting."""
        region, text = core.parts.get("region"), self.entities.text
        if region is not None and region != core.name:
            place = self.entities.place_named(plain(text[slice(*region)]))
            name = plain(text[slice(*region)])
            yield Link(*region, name, "place", self._id(place), place, self._why(place, "place"))
        network = self.entities.network_inside(core) if core.type == "event" else None
        if network is not None:
            yield self._link(network)

    def _why(self, entity: Entity, kind: str) -> str:
        """The reason as the entity gives it, with what the reference data lacks where it has no id."""
        if self._id(entity) is not None:
            return entity.why
        if entity.known:
            return f"{entity.why}; the reference data has the place, but no government of it"
        return f"{entity.why}; {NOT_KEPT[kind]}" if kind in NOT_KEPT else entity.why
