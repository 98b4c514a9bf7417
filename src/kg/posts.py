"""Posts as things: the body or territory that they are in, on whose behalf, how and whether they are held."""

from __future__ import annotations

from dataclasses import dataclass

from kg.entities import Entities
from kg.mentions import Mention, evidence
from kg.model import PLACES, Appointment, Argument, Entity, Evidence, Kind, Label, Status
from kg.names import language, plain, slug


@dataclass(frozen=True, slots=True)
class Held:
    """A post as a thing, the body that it is in, and on whose behalf it is held."""

    entity: Entity
    organisation: Argument | None
    behalf: Argument | None


class Posts:
    """The posts that one article names."""

    def __init__(self, entities: Entities) -> None:
        self._entities = entities

    def _argument(self, mention: Mention) -> Argument | None:
        entity = self._entities.actor(mention)
        return None if entity is None else Argument(entity, evidence(mention))

    def held(self, post: Mention, outer: Mention | None, behalf: Mention | None) -> Held:
        """The post as a thing, its body, and on whose behalf it is held."""
        name = self._entities.words(post)
        region = post.parts.get("region")
        base, place = name, ""
        if region is not None:
            place = plain(self._entities.text[slice(*region)])
            base = plain(name.removesuffix(place)) or name
        territory = self._territory_kind(base)
        organisation: Argument | None = None
        on_behalf: Argument | None = None
        if outer is not None:
            organisation = self._argument(outer)
        if place:
            kinds = frozenset({territory}) if territory else PLACES
            government = self._entities.government(self._entities.place_named(place, kinds))
            spot = Evidence(*region) if region else None
            if organisation is None:
                organisation = Argument(government, spot)
                if territory is None and not self._is_territorial(base):
                    name = base
            else:
                on_behalf = Argument(government, spot)
                name = base
        if behalf is not None and on_behalf is None:
            on_behalf = self._argument(behalf)
        if outer is not None and all(letter in "Ppz" for letter in post.letters.lstrip("bB")) and name == base:
            name = f"{base} {self._entities.words(outer.core)}"  # "Kepala" alone names no post
        return Held(self._post_entity(post, name, base, organisation), organisation, on_behalf)

    def _post_entity(self, post: Mention, name: str, base: str, organisation: Argument | None) -> Entity:
        body = organisation.value if organisation is not None else None
        long = self._entities.short.long(name)
        forms = {name, *self._entities.short.short(long), *([base] if " " in base else [])}
        short = [form for form in forms if form != long]
        known = [self._entities.reference.things[key] for key in self._entities.reference.names.get(name, ())]
        posts = [thing for thing in known if thing.kind is Kind.POST]
        links: tuple[tuple[str, Entity], ...] = (("body", body),) if isinstance(body, Entity) else ()
        if len(posts) == 1 and not post.parts.get("region"):
            thing = posts[0]
            others = tuple(Label(form) for form in sorted({name, long} - {thing.label.text}))
            return Entity(Kind.POST, thing.key, thing.label, others, links, self.role(base), True, "a known post")
        tail = slug(body.key.partition("/")[2]) if isinstance(body, Entity) else ""
        key = slug(long) + (f"-{tail}" if tail and not slug(long).endswith(tail) else "")
        tongue = language(long)
        return Entity(
            Kind.POST,
            f"post/{key}",
            Label(long, tongue),
            tuple(Label(form, tongue) for form in sorted(short)),
            links,
            self.role(base),
            why="named by the text",
        )

    def role(self, base: str) -> str | None:
        """The kind of post: the longest name of a role that the post begins with."""
        roles = self._entities.reference.role_names
        parts = base.split(" ")
        for count in range(len(parts), 0, -1):
            keys = roles.get(" ".join(parts[:count])) or roles.get(" ".join(parts[:count]).title())
            if keys:
                return keys[0]
        return None

    def _territory_kind(self, base: str) -> Kind | None:
        lowered = base.lower()
        return next((kind for word, kind in self._entities.lexicon.territories.items() if word in lowered), None)

    def _is_territorial(self, base: str) -> bool:
        heads = self._entities.lexicon.members("posts.territorial")
        return any(base == head or base.startswith(head + " ") for head in heads)

    def appointment(self, post: Mention) -> Appointment:
        """How it is held: what its marker says, else definitively."""
        marker = self._entities.text[slice(*post.parts["marker"])] if "marker" in post.parts else ""
        given = self._entities.reference.appointments
        for form in (marker, marker.rstrip("."), plain(marker), marker.title()):
            if form in given:
                return given[form]
        return Appointment.DEFINITIVE

    def status(self, post: Mention, given: object) -> Status:
        """Whether it is held: what its marker or the rule says, else now."""
        marker = self._entities.text[slice(*post.parts["marker"])].lower() if "marker" in post.parts else ""
        if marker.startswith(("mantan", "eks")):
            return Status.FORMER
        return Status(given) if isinstance(given, str) else Status.CURRENT


def marker_span(post: Mention) -> Evidence | None:
    """The acting or former marker of a post."""
    return Evidence(*post.parts["marker"]) if "marker" in post.parts else None
