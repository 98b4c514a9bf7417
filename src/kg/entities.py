"""Mentions -> entities: short names, later mentions, reference data, stable ids.

Where the reference data knows one thing of that name, it gives the identity; otherwise the id is made from the
normalised name. A name that several places bear is never guessed: the article's own context decides, or it stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from kg import candidates
from kg.candidates import OPEN_KINDS
from kg.known import Known
from kg.lexicon import Lexicon
from kg.mention import Mention
from kg.model import PLACES, Entity, Evidence, Kind, Label
from kg.names import ShortNames, plain, slug, words
from kg.positions import Placed
from kg.sentences import Sentence

REGIONS = frozenset({Kind.CITY, Kind.REGENCY, Kind.PROVINCE})
SETTLED = (2.0, 3.0)  # levels of cities and regencies, of provinces


class Entities:
    """The things that one article names; the same thing for every way in which it is named."""

    def __init__(self, text: str, ordered: Sequence[Sentence], known: Known, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.reference = lexicon.reference
        self.sentences = ordered
        self.introductions = known.introductions
        self.short = ShortNames(
            (plain(text[slice(*item.long)]), text[slice(*item.short)]) for item in known.introductions
        )
        self.every = [mention for sentence in ordered for mention in _all(sentence.mentions)]
        self._persons = self._group_persons()
        self._officials: dict[str, Entity] = {}
        self._forms: dict[str, list[str]] = {}  # person -> the names under which the article gives them
        self._subjects = self._first_persons()
        self.spoken: dict[int, list[Sentence]] = {}  # the sentences of each paragraph, without what quotations hold
        for sentence in ordered:
            if not sentence.in_quotation:
                self.spoken.setdefault(sentence.paragraph, []).append(sentence)
        self._places: dict[tuple[str, AbstractSet[Kind], tuple[str, ...], str], Entity] = {}
        self._governments: dict[int, tuple[Entity, Entity]] = {}  # with the place itself, so that its id stays its own
        self._bodies: dict[tuple[str, str, bool, int | None], Entity] = {}
        self._listed: dict[object, list[tuple[Entity, Evidence]]] = {}
        self._named: dict[tuple[str, str], Entity] = {}
        self._networks_inside: dict[int, Mention] = {}
        self._typed_places = self._collect_typed_places()
        self.settled = 0  # goes up when what is known of bodies changes
        self._abroad = self._bodies_abroad() if lexicon.own_country else {}
        self._parents: dict[str, str] = {}
        self._within: dict[str, str] = {}
        self._known_actors: dict[int, Entity | None] = {}

    # ---------------------------------------------------------------------------------------------- text

    def words(self, mention: Mention) -> str:
        """The mention's name as printed, without brackets."""
        start, end = mention.name
        return plain(self.text[start:end])

    def full(self, mention: Mention) -> str:
        """All of the core mention as printed, without brackets."""
        core = mention if mention.head is None else mention.core
        return plain(self.text[core.start : core.end])

    def nested(self, sentence: Sentence) -> list[Mention]:
        """The mentions of a sentence and all that its phrases were collapsed from."""
        return _all(sentence.mentions)

    # ------------------------------------------------------------------------------------------- persons

    def _group_persons(self) -> dict[str, str]:
        """Every printed name of a person -> the longest one that it is part of."""
        seen: dict[str, None] = {}
        for mention in self.every:
            if mention.type == "person" and mention.head is None and not mention.generic:
                seen.setdefault(self.words(mention))
        canonical: dict[str, str] = {}
        longest: list[tuple[str, AbstractSet[str]]] = []
        having: dict[str, list[tuple[str, AbstractSet[str]]]] = {}  # word -> those of the longest that have it
        for name in sorted(seen, key=lambda name: -len(words(name))):
            parts = set(words(name))
            shared = min((having.get(word, []) for word in parts), key=len, default=longest)
            owners = [owner for owner, owned in shared if parts <= owned]
            if len(owners) == 1 or (owners and name == owners[0]):
                canonical[name] = owners[0]
            else:
                canonical[name] = name
                if not owners:
                    longest.append((name, parts))
                    for word in parts:
                        having.setdefault(word, []).append((name, parts))
        for short, long in self.short.pairs.items():
            if long in canonical:
                canonical.setdefault(short, canonical[long])
        return canonical

    def note_nickname(self, nickname: Mention, person: Mention) -> None:
        """Remember that a nickname means a person who was named before."""
        owner = self._persons.get(self.words(person), self.words(person))
        if self._persons.get(self.words(nickname)) in (None, self.words(nickname)):
            self._persons[self.words(nickname)] = owner
            self._officials.clear()

    def person(self, mention: Mention) -> Entity | None:
        """The official that is named; None for a pronoun without an antecedent."""
        core = mention.core
        if core.generic:
            before = self.subject_before(core.start)
            return self.person(before) if before is not None else None
        printed = self.words(core)
        if printed not in self._officials:
            self._officials[printed] = self._official(printed)
        return self._officials[printed]

    def _official(self, printed: str) -> Entity:
        name = self._persons.get(printed, printed)
        if not self._officials:
            self._forms = {}
            for form, owner in self._persons.items():
                self._forms.setdefault(owner, []).append(form)
        forms = sorted(form for form in self._forms.get(name, ()) if form != name)
        return Entity(
            Kind.OFFICIAL,
            f"person/{slug(name)}",
            Label(name),
            tuple(Label(form) for form in forms),
            why="named in full" if name == printed else f"part of the name {name!r}",
        )

    def _first_persons(self) -> Placed[Mention]:
        """The first person of each sentence outside quotations."""
        first = (
            next(((m.start, m.core) for m in sentence.mentions if m.type == "person" and not m.core.generic), None)
            for sentence in self.sentences
            if not sentence.in_quotation
        )
        return Placed(placed for placed in first if placed is not None)

    def subject_before(self, position: int) -> Mention | None:
        """The person whom "ia" or "-nya" means there: the first one named in the nearest sentence that names any."""
        return self._subjects.last_before(position)

    # -------------------------------------------------------------------------------------------- places

    def _collect_typed_places(self) -> dict[str, set[str]]:
        """Bare name -> the names with a type word under which the article also gives it."""
        typed: dict[str, set[str]] = {}
        for mention in self.every:
            if mention.type == "place" and mention.head is None:
                name = self.full(mention)
                if (bare := self.bare(name)) != name:
                    typed.setdefault(bare, set()).add(name)
        return typed

    def bare(self, name: str) -> str:
        """A place's name without its type word."""
        return candidates.typed(self.lexicon, name)[1]

    def place(self, mention: Mention, kinds: AbstractSet[Kind] = PLACES) -> Entity:
        """The place that is named, with its chain of containing places as context."""
        core = mention.core
        chain = mention.linked.get("chain")
        within = chain[1:] if isinstance(chain, list) and chain[0].core is core else []
        return self.place_named(self.full(core), kinds, [self.full(outer) for outer in within], core.type)

    def place_named(
        self, name: str, kinds: AbstractSet[Kind] = PLACES, within: Sequence[str] = (), kind: str = "place"
    ) -> Entity:
        """The place of that name; ``within`` are the names of the places that the text says it lies in."""
        key = (name, kinds, tuple(within), kind)
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._place_named(name, kinds, within, kind)
        return found

    def _place_named(self, name: str, kinds: AbstractSet[Kind], within: Sequence[str], kind: str) -> Entity:
        if kind == "venue":
            return Entity(Kind.VENUE, f"venue/{slug(name)}", Label(name, self.lexicon.tongue(name)), why="a venue")
        found = candidates.places(self.lexicon, name, kinds)
        if len(found) > 1 and within:
            outer = {thing.key for context in within for thing in candidates.places(self.lexicon, context, PLACES)}
            inside = [thing for thing in found if not outer.isdisjoint(candidates.around(self.lexicon, thing.key))]
            found = tuple(inside) or found
        if len(found) > 1:
            typed = self._typed_places.get(name, set()) - {name}
            if len(typed) == 1:
                return self.place_named(next(iter(typed)), kinds, within)
        if len(found) == 1:
            why = f"the only {found[0].kind} of that name in the reference data"
            return candidates.described(self.lexicon, found[0].key, (name,), why)
        kind_given, bare = candidates.typed(self.lexicon, name)
        made = kind_given or Kind.PLACE
        if made is Kind.PLACE and len(kinds) == 1:
            made = next(iter(kinds))
        why = "not in the reference data"
        if found:
            why = "ambiguous: " + ", ".join(sorted(thing.label.text for thing in found))
        tail = f"--{slug(within[0])}" if within else ""
        aliases = (Label(bare),) if bare != name else ()
        return Entity(made, f"place/{slug(name)}{tail}", Label(name), aliases, why=why)

    def may_lie_in(self, inner: str, outer: str) -> bool:
        """Whether the reference data allows it: False where it knows both places and puts none in the other."""
        places, around = candidates.places(self.lexicon, inner, PLACES), candidates.places(self.lexicon, outer, PLACES)
        if not places or not around:
            return True
        keys = {thing.key for thing in around}
        return any(
            not (outwards := candidates.around(self.lexicon, thing.key)) or not keys.isdisjoint(outwards)
            for thing in places
        )

    def government(self, place: Entity) -> Entity:
        """The government of a place: a city that acts is its government."""
        if id(place) not in self._governments:
            self._governments[id(place)] = place, self._government(place)
        return self._governments[id(place)][1]

    def _government(self, place: Entity) -> Entity:
        key = f"government/{place.key.partition('/')[2]}"
        thing = self.reference.things.get(key)
        label = thing.label if thing is not None else Label(f"Pemerintah {place.label.text}")
        return Entity(
            Kind.GOVERNMENT,
            key,
            label,
            (),
            (("territory", place),),
            known=place.known,
            why="the government of the place",
        )

    def settled_before(self, mention: Mention, kind: Kind | None) -> tuple[Entity, Evidence] | None:
        """The government of the last place of that kind that the paragraph names before a mention."""
        near = self._settlements.last_before(mention.start)
        if near is None or "\n" in self.text[near.start : mention.start]:
            return None
        kinds = frozenset({kind}) if kind is not None else REGIONS
        place = self.place_named(self.full(near), kinds)
        return (self.government(place), Evidence(*near.name)) if place.known and place.kind in kinds else None

    @cached_property
    def _settlements(self) -> Placed[Mention]:
        places = (m for m in self.every if m.type == "place" and m.head is None and m.level in SETTLED)
        return Placed((mention.start, mention) for mention in sorted(places, key=lambda mention: mention.start))

    def governments(self, kind: Kind | None) -> Sequence[tuple[Entity, Evidence]]:
        """The governments that the article names, by themselves or in a post's name; of places of that kind."""
        if kind not in self._listed:
            self._listed[kind] = list(self._governments_of(kind))
        return self._listed[kind]

    def _governments_of(self, kind: Kind | None) -> Iterator[tuple[Entity, Evidence]]:
        for mention in self.every:
            if mention.head is not None or "region" not in mention.parts or mention.type not in ("body", "post"):
                continue
            span = mention.parts["region"]
            name = self.text[mention.start : span[0]]
            territory = self._territory(mention, name)
            if territory is not None and kind in (None, territory):
                place = self.place_named(plain(self.text[slice(*span)]), frozenset({territory}))
                yield self.government(place), Evidence(*span)

    def _territory(self, mention: Mention, name: str) -> Kind | None:
        """The kind of territory that a government's or a regional head's name says."""
        kinds = self.lexicon.governments if mention.type == "body" else self.lexicon.territories
        given = plain(name) if mention.type == "body" else plain(name).lower()
        return next((kind for word, kind in kinds.items() if given.startswith(word)), None)

    def named(self, type_: str, heads: tuple[str, ...]) -> Sequence[tuple[Entity, Evidence]]:
        """The bodies whose names, in full or as the article shortens them, begin with one of the heads."""
        if (type_, heads) not in self._listed:
            self._listed[type_, heads] = list(self._all_named(type_, heads))
        return self._listed[type_, heads]

    def _all_named(self, type_: str, heads: tuple[str, ...]) -> Iterator[tuple[Entity, Evidence]]:
        for mention in self.every:
            if mention.type == type_ and mention.head is None:
                entity = self.body(mention)
                if entity.label.text.startswith(heads) or self.full(mention).startswith(heads):
                    yield entity, Evidence(*mention.name)

    # -------------------------------------------------------------------------------------------- bodies

    def note_parent(self, unit: str, parent: Entity, printed: str) -> None:
        """Remember what a unit belongs to: names of units are only unique within it."""
        if unit in self._parents:
            return
        self._parents[unit] = parent.key
        self._within[unit] = printed
        self._known_actors.clear()  # a unit's identity depends on what it belongs to
        self._bodies.clear()
        self._named.clear()
        self.settled += 1
        self._listed.clear()

    def body(self, mention: Mention) -> Entity:
        """The body or network that is named."""
        core = mention.core
        name = self.full(core)
        region = core.parts.get("region")
        key = (name, core.type, _has_region(core), region and region[0] - core.start)
        if key not in self._bodies:
            self._bodies[key] = self._body(core, name)
        return self._bodies[key]

    def _body(self, core: Mention, name: str) -> Entity:
        if (government := self._as_government(core, name)) is not None:
            return government
        if name in self.lexicon.members("bodies.units") and name in self._within:
            name = f"{name} {self._within[name]}"  # "Sekretariat CityNet": the bare head names nothing
        region = core.parts.get("region")
        if region is not None and (ministry := self._ministry_before(core, region)) is not None:
            return ministry
        return self.body_named(name, core.type)

    def _ministry_before(self, core: Mention, region: tuple[int, int]) -> Entity | None:
        """The ministry in the name of its office in a region: Kanwil Kemenag NTB; a foreign ministry is another."""
        name = plain(self.text[core.start : region[0]])
        place = plain(self.text[slice(*region)])
        ministry = any(thing.kind is Kind.MINISTRY for thing in candidates.things(self.lexicon, name))
        foreign = any(thing.kind is Kind.COUNTRY for thing in candidates.things(self.lexicon, place))
        return self.body_named(name) if ministry and not foreign else None

    def body_named(self, name: str, type_: str = "body") -> Entity:
        """The body or network of that name."""
        if (name, type_) not in self._named:
            self._named[name, type_] = self._body_named(name, type_)
        return self._named[name, type_]

    def _body_named(self, name: str, type_: str) -> Entity:
        long = self.short.long(name)
        if long in self._abroad:
            name = long = self._abroad[long]
        own = [long.removesuffix(tail) for tail in self.lexicon.own_country if long.endswith(tail)]
        names = list(dict.fromkeys([long, name, *self.short.short(long), *own[:1]]))
        for candidate in names:
            if (found := candidates.body(self.lexicon, candidate)) is not None:
                why = f"known as {candidate!r} in the reference data"
                return candidates.described(self.lexicon, found.key, tuple(names), why)
        kind = self._body_kind(type_, long)
        parent = self._parents.get(long) or self._parents.get(name)
        key = slug(long) + (f"-{slug(parent.partition('/')[2])}" if kind is Kind.UNIT and parent else "")
        folder = "network" if kind is Kind.NETWORK else "body"
        thing = self.reference.things.get(f"{folder}/{key}")
        if thing is not None and thing.kind in OPEN_KINDS:
            why = f"known by its short name {key!r} in the reference data"
            return candidates.described(self.lexicon, thing.key, tuple(names), why)
        tongue = self.lexicon.tongue(long)
        others = [form for form in names if form != long]
        return Entity(
            kind,
            f"{folder}/{key}",
            Label(long, tongue),
            tuple(Label(form, tongue) for form in sorted(others)),
            why="not in the reference data",
        )

    def _bodies_abroad(self) -> dict[str, str]:
        """A name that the reference data knows -> the longer one by which the article means another country's body."""
        found: dict[str, str] = {}
        for mention in self.every:
            name = self.full(mention) if mention.type == "body" else ""
            bare, of, country = name.rpartition(" of ")
            if bare in self.reference.names and f"{of}{country}" not in self.lexicon.own_country:
                found.setdefault(bare, name)
        return found

    def _as_government(self, core: Mention, name: str) -> Entity | None:
        heads, tails = candidates.government_words(self.lexicon)
        if not name.startswith(heads) and not name.endswith(tails):
            return None
        for word, kind in self.lexicon.government_tails.items():
            if name.endswith(" " + word):
                return self.government(
                    self.place_named(name.removesuffix(" " + word), frozenset({kind}) if kind else PLACES)
                )
        for word, kind in self.lexicon.governments.items():
            if name == word and word == "Pemerintah Pusat":
                return self.government(self.place_named("Indonesia"))
            if name == word and kind is not None:  # Pemkot, where the article tells of one city's government
                meant = {government.key: government for government, _ in self.governments(kind)}
                return next(iter(meant.values())) if len(meant) == 1 else None
            if name.startswith(word + " ") and _has_region(core):
                place = name[len(word) + 1 :]
                return self.government(self.place_named(place, frozenset({kind}) if kind else PLACES))
        return None

    def _body_kind(self, type_: str, name: str) -> Kind:
        if type_ in ("network", "event"):
            return Kind.NETWORK
        first = name.split(" ", maxsplit=1)[0]
        if first in ("Kementerian", "Ministry"):
            return Kind.MINISTRY
        if self.lexicon.begins(name, "bodies.units"):
            return Kind.UNIT
        return Kind.UNIT if name.rpartition(" ")[2] in self.lexicon.members("bodies.unit_tails") else Kind.BODY

    def network_inside(self, meeting: Mention) -> Mention | None:
        """The network in whose name a meeting is held, as a mention of its own."""
        core = meeting.core
        span = core.parts.get("network")
        if span is None:
            return None
        if id(core) not in self._networks_inside:
            network = self._networks_inside[id(core)] = Mention(*span, "network", "J")
            network.parts["name"] = span
        return self._networks_inside[id(core)]

    # ------------------------------------------------------------------------------------------- any kind

    def actor(self, mention: Mention) -> Entity | None:
        """Who acts: a person or body; for a place its government."""
        core = mention.core
        if id(core) not in self._known_actors:
            self._known_actors[id(core)] = self._actor(mention)
        return self._known_actors[id(core)]

    def _actor(self, mention: Mention) -> Entity | None:
        core = mention.core
        if core.type == "person":
            return self.person(core)
        if core.type in ("place", "venue"):
            place = self.place(mention)
            return None if self.full(core) in self.lexicon.areas else self.government(place)
        if core.type in ("body", "network"):
            return self.body(core)
        return None


def _has_region(body: Mention) -> bool:
    return "region" in body.parts or "R" in body.letters or "L" in body.letters


def _all(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions and all that is nested in them, in order."""
    found: list[Mention] = []
    for mention in mentions:
        found.append(mention)
        if mention.inside:
            found += _all(mention.inside)
    return found
