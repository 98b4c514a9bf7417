"""Posts as things: the body or territory that they are in, on whose behalf, how and whether they are held."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kg.candidates import body_at_end, role, territory
from kg.entities import Entities
from kg.mention import Mention, evidence
from kg.model import PLACES, Appointment, Argument, Entity, Evidence, Kind, Label, Status
from kg.names import plain, slug
from kg.records import record

NUMBER = re.compile(r" \d+/?$")  # of a command: Dandim 1306/Kota Palu


@record(frozen=True, slots=True)
class Held:
    """A post as a thing, the body that it is in, and on whose behalf it is held."""

    entity: Entity
    organisation: Argument | None
    behalf: Argument | None


class Posts:
    """The posts that one article names."""

    def __init__(self, entities: Entities) -> None:
        self._entities = entities
        self._made: dict[tuple[int, int, int, int], Held] = {}

    def _argument(self, mention: Mention) -> Argument | None:
        entity = self._entities.actor(mention)
        return None if entity is None else Argument(entity, evidence(mention))

    def held(self, post: Mention, outer: Mention | None, behalf: Mention | None) -> Held:
        """The post as a thing, its body, and on whose behalf it is held."""
        key = (id(post), id(outer), id(behalf), self._entities.settled)
        if key not in self._made:
            self._made[key] = self._held(post, outer, behalf)
        return self._made[key]

    def _held(self, post: Mention, outer: Mention | None, behalf: Mention | None) -> Held:
        name = self._without_status(self._entities.words(post))
        base, place = self._parts(post, name)
        if outer is not None and self._is_affiliation(outer) and post.letters.lstrip("bBTz") not in ("P", "p"):
            outer = None
        if self._entities.lexicon.begins(base, "posts.diplomatic"):
            return self._envoy(post, name, base, place, behalf)
        organisation = self._argument(outer) if outer is not None else None
        on_behalf: Argument | None = None
        if place:
            spot = Evidence(*post.parts["region"])
            government = self._government(base, place)
            if organisation is None:
                body = self._headed(base, place) or self._of_branch(base) or self._abroad(base, government)
                organisation = Argument(body or government, spot)
            else:
                on_behalf, name = Argument(government, spot), base
        if behalf is not None and organisation is None and self._entities.lexicon.begins(base, "posts.territorial"):
            organisation, name = self._argument(behalf), self._of(base, self._entities.full(behalf))
            behalf = None
        if behalf is not None and on_behalf is None:
            on_behalf = self._argument(behalf)
        if outer is not None and all(letter in "Ppz" for letter in post.letters.lstrip("bB")) and name == base:
            name = self._of(base, self._entities.words(outer.core))  # "Kepala" alone names no post
        organisation = organisation or self._implied(name, base, post)
        return Held(self._post_entity(post, name, base, organisation), organisation, on_behalf)

    def _parts(self, post: Mention, name: str) -> tuple[str, str]:
        """The name of a post without its place, and the place."""
        region = post.parts.get("region")
        if region is None:
            return name, ""
        place = plain(self._entities.text[slice(*region)])
        return self._without_particles(plain(name.removesuffix(place))) or name, place

    def _government(self, base: str, place: str) -> Entity:
        kind = territory(self._entities.lexicon, base)
        kinds = frozenset({kind}) if kind else PLACES
        return self._entities.government(self._entities.place_named(place, kinds))

    def _envoy(self, post: Mention, name: str, base: str, place: str, behalf: Mention | None) -> Held:
        """A post that is held on behalf of the country in its name: Duta Besar RI untuk Fiji."""
        if behalf is not None:
            name = f"{name}{self._entities.lexicon.to}{self._entities.full(behalf)}"
        spot = Evidence(*post.parts["region"]) if place else evidence(post)
        country = place or (self._entities.lexicon.home if behalf is not None else "")
        sender = Argument(self._government(base, country), spot) if country else None
        return Held(self._post_entity(post, name, base, None), None, sender)

    def _implied(self, name: str, base: str, post: Mention) -> Argument | None:
        """The body that the article or the post's own name gives a post without one."""
        if (found := self._in_context(base, post)) is not None:
            return found
        body = self._ministry(name) or self._named_body(name) or self._national(name)
        return Argument(body, evidence(post)) if body is not None else None

    def share(self, post: Mention, *, second: bool) -> Held | None:
        """The first or second of two posts that are named together: "Bupati dan Wakil Bupati Sleman"."""
        base, place = self._parts(post, self._without_status(self._entities.words(post)))
        both = self._entities.lexicon.form("posts.pair").fullmatch(base)
        if both is None:
            return None
        tail = both[2][len(both[3]) :] if both[3] else ""  # what is behind the second is of both
        one = both[2] if second else f"{both[1]}{tail}"
        government = self._government(one, place) if place else None
        spot = Evidence(*post.parts["region"]) if place else None
        organisation = Argument(government, spot) if government is not None else None
        return Held(self._post_entity(post, f"{one} {place}".strip(), one, organisation), organisation, None)

    def is_pair(self, post: Mention) -> bool:
        """Whether two posts are named together, which two people hold."""
        base, _ = self._parts(post, self._without_status(self._entities.words(post)))
        return self._entities.lexicon.form("posts.pair").fullmatch(base) is not None

    def says_nothing(self, post: Mention, held: Held) -> bool:
        """Whether a post is a mere head without what it heads: "Kepala", "Direktur"."""
        bare = post.core.letters.lstrip("bBTz").rstrip("zx") in ("P", "p")
        heads = self._entities.lexicon.members("posts.incomplete")
        return bare and held.organisation is None and held.behalf is None and self._entities.words(post.core) in heads

    def _of(self, post: str, body: str) -> str:
        """A post with its body: "Kepala BNPB", "Mayor of Cebu City"."""
        return f"{post}{self._entities.lexicon.of}{body}"

    def _in_context(self, base: str, post: Mention) -> Argument | None:
        """The body or government of a bare post where the article names only one that it can be of."""
        contexts = self._entities.lexicon.contexts
        given = (heads for name, heads in contexts.items() if base == name or base.startswith(f"{name.rstrip()} "))
        heads = next(given, None)
        if heads is not None:
            return _mostly([Argument(*found) for found in self._entities.named("body", tuple(heads))])
        if base in self._entities.lexicon.members("posts.territorial"):
            kind = territory(self._entities.lexicon, base)
            if (near := self._entities.settled_before(post, kind)) is not None:  # Kota Batu diwakili Sekretaris Daerah
                return Argument(*near)
            named = self._entities.governments(kind)
        else:
            return None
        things = {thing.key: Argument(thing, spot) for thing, spot in named}
        return next(iter(things.values())) if len(things) == 1 else None

    def _ministry(self, name: str) -> Entity | None:
        """The ministry that a minister's post names, if the reference data knows it."""
        reference = self._entities.reference
        known = (reference.things[key] for key in reference.names.get(name, ()))
        full = next((thing.label.text for thing in known if thing.kind is Kind.POST), name)
        for head, ministry in self._entities.lexicon.ministers.items():
            if full.startswith(head + " "):
                body = self._entities.body_named(f"{ministry}{full[len(head) :]}")
                return body if body.known and body.kind is Kind.MINISTRY else None
        return None

    def _named_body(self, name: str) -> Entity | None:
        """The known body whose name ends that of a known post: Ketua DPR RI."""
        body = body_at_end(self._entities.lexicon, name)
        return self._entities.body_named(body) if body is not None else None

    def _national(self, name: str) -> Entity | None:
        """The known body that a post heads which needs no place: Kapolri the Polri."""
        headed = self._entities.lexicon.headed.get(name)
        body = self._entities.body_named(headed) if headed is not None else None
        return body if body is not None and body.known else None

    def _headed(self, base: str, place: str) -> Entity | None:
        """The body that a post's name implies: Kapolres Sleman Polres Sleman, Dandim 0712/Tegal Kodim 0712/Tegal."""
        number = NUMBER.search(base)
        headed = self._entities.lexicon.headed
        named = base[: number.start()] if number else base
        body = headed.get(named)
        if body is None:
            head, _, rest = named.partition(" ")  # Kadis Kominfo
            if not rest or head not in headed:
                return None
            body = f"{headed[head]} {rest}"
        return self._entities.body_named(f"{body}{number.group()}{place}" if number else f"{body} {place}")

    def _of_branch(self, base: str) -> Entity | None:
        """The national body whose branch in a region a post heads: Kepala BKKBN Perwakilan Provinsi Bali."""
        front, _, last = base.rpartition(" ")
        return self._named_body(front) if last in self._entities.lexicon.members("bodies.branches") else None

    def _abroad(self, base: str, government: Entity) -> Entity | None:
        """The body of another country that bears the name of one of this: Ketua DPR Filipina."""
        country = government.link("territory")
        home = self._entities.lexicon.members("posts.home")
        if country is None or country.kind is not Kind.COUNTRY or country.label.text in home:
            return None
        body = body_at_end(self._entities.lexicon, base)
        return self._entities.body_named(f"{body} {country.label.text}") if body is not None else None

    def _is_affiliation(self, body: Mention) -> bool:
        return self._entities.lexicon.begins(self._entities.words(body), "bodies.affiliations")

    def _without_status(self, name: str) -> str:
        """The name of a post without "terpilih" and the like."""
        statuses = self._entities.lexicon.statuses
        return " ".join(word for word in name.split(" ") if word not in statuses) or name

    def _without_particles(self, base: str) -> str:
        """A post whose place is cut off without its last word: "Minister of Home Affairs of"."""
        particles = self._entities.lexicon.members("posts.particles")
        while base.rpartition(" ")[2] in particles:
            base = base.rpartition(" ")[0]
        return base

    def _post_entity(self, post: Mention, name: str, base: str, organisation: Argument | None) -> Entity:
        body = organisation.value if organisation is not None else None
        long = self._entities.short.long(name)
        forms = {name, *self._entities.short.short(long), *([base] if self._names_a_post(base) else [])}
        short = [form for form in forms if form != long]
        known = [self._entities.reference.things[key] for key in self._entities.reference.names.get(name, ())]
        posts = [thing for thing in known if thing.kind is Kind.POST]
        links: tuple[tuple[str, Entity], ...] = (("body", body),) if isinstance(body, Entity) else ()
        kind = role(self._entities.lexicon, base)
        if len(posts) == 1 and not post.parts.get("region"):
            thing = posts[0]
            others = tuple(Label(form) for form in sorted({name, long} - {thing.label.text}))
            return Entity(Kind.POST, thing.key, thing.label, others, links, kind, True, "a known post")
        tail = slug(body.key.partition("/")[2]) if isinstance(body, Entity) else ""
        key = slug(long)
        if tail and not key.endswith(tail):
            key = f"{key}-{tail}"
        tongue = self._entities.lexicon.tongue(long)
        return Entity(
            Kind.POST,
            f"post/{key}",
            Label(long, tongue),
            tuple(Label(form, tongue) for form in sorted(short)),
            links,
            kind,
            why="named by the text",
        )

    def _names_a_post(self, base: str) -> bool:
        """Whether a post's name says enough without its region: not "Kepala" or "Ketua"."""
        return (
            " " in base or base in self._entities.lexicon.headed or base.lower() in self._entities.lexicon.territories
        )

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
        name = self._entities.words(post).split(" ")
        for word, status in self._entities.lexicon.statuses.items():
            if marker.startswith(word) or word in name:
                return status
        return Status(given) if isinstance(given, str) else Status.CURRENT


def _mostly(named: Sequence[Argument]) -> Argument | None:
    """The thing that is named at least twice as often as any other."""
    counts = Counter(argument.value for argument in named)
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return next(argument for argument in named if argument.value == ranked[0][0])


def marker_span(post: Mention) -> Evidence | None:
    """The acting or former marker of a post."""
    return Evidence(*post.parts["marker"]) if "marker" in post.parts else None
