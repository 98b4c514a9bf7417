"""Who is who across the articles of a store: an index beside them, kept up article by article; no article is changed.

The graph ``id/identities`` of a store holds, for each profile (``kg.link.profiles``), the articles that it is of, the
keys of its blocks and the person that it belongs to; for each person the id, and why its profiles are one. Bodies that
the reference data doesn't know are kept like persons, and never meet one. The graph is not published. ``Store.put`` and
``Store.remove`` mark the articles that are to be looked at again, in their own transaction; ``update`` does so: only
the blocks of what changed are read, and the result is that of a fresh start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg import __version__, resources
from kg.link import body_names, profiles
from kg.link.body_profiles import is_body
from kg.link.clusters import Groups, Merge, group
from kg.link.gathered import are_surely_two, compared, tail_of
from kg.link.identity_graph import (
    BLOCK,
    CHANGED,
    DATA,
    ID,
    IN,
    MARKED,
    NAME,
    OF,
    OPEN,
    QUARTER,
    SLUG,
    VERSION,
    WHY,
    WRITTEN,
    Identities,
    Said,
    key_of,
    merge_of,
    merge_text,
    place_of,
    profile_of,
    subject_of,
    text_of,
)
from kg.link.judgements import Judgements
from kg.link.mirror import Mirror
from kg.link.outcome import Decision
from kg.link.people import Verdict
from kg.link.person_blocks import kept, looked_for
from kg.link.profiles import Profile
from kg.link.rulings import Rulings
from kg.rdf import Lookup
from kg.store.kept import UNRESOLVED

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.store import Store

LAYOUT = "3"
"""Of the index: another one is made anew."""
BATCH = 5_000
"""Articles that are grouped at once: what is remembered of names and pairs lasts so long, and what is near the names
that many have is gone through once for all of them."""
COPIED = 50
"""Profiles that are copied in the time that following one article takes without a copy."""
MIRROR = "identities.sqlite"
"""The file of the copy, in the store's folder."""


def read(dataset: Lookup, article: NamedNode, base: str) -> Said:
    """What an article of a dataset says."""
    return Said(profiles.quarter(dataset, article), tuple(profiles.read(dataset, article, base)))


@dataclass(slots=True)
class Report:
    """What an update found of the persons of the articles that it looked at, and of their bodies."""

    articles: int = 0
    persons: int = 0
    several: int = 0  # that more than one article has
    merged: int = 0  # of more than one spelling or set of posts
    open: int = 0  # pairs to be judged
    bodies: Report | None = None  # the same of bodies


def update(store: Store, judgements: Judgements | None = None) -> Report:
    """Bring the identities of a store up to date, obeying what was judged."""
    return Index(store, judgements).update()


class Index(Identities):
    """The identities of an open store, to be kept up. ``judgements`` are obeyed, and never written."""

    def __init__(self, store: Store, judgements: Judgements | None = None) -> None:
        super().__init__(None, store.base)
        self.store = store
        self._followed = 0
        self._mirror: Mirror | None = None
        self.rulings = Rulings(judgements, store.base)
        self._times: dict[str, frozenset[int]] = {}
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._near: dict[Profile, frozenset[str]] = {}

    @property
    def dataset(self) -> ox.Store | Mirror:
        """The store's, which may be opened anew meanwhile, or the copy."""
        return self.store.dataset if self._mirror is None else self._mirror

    def update(self) -> Report:
        """Look at what changed since the last time; at all where what is known of names, or judged, is another."""
        return self._report(self.follow())

    def follow(self, said: Mapping[NamedNode, Said] | None = None) -> list[NamedNode]:
        """The same without counting what came of it; gives the articles that were looked at.

        ``said`` is what some articles say of persons and bodies, where somebody has read that already.
        """
        version = _version(self.rulings)
        if self.value(self.graph, VERSION) != version:
            self._start_over(version)
        marked = self.store.unresolved()
        if marked or not self.store.was_settled:
            whole, self.store.was_settled = not self.store.was_settled, False  # until all is done
            for start in range(0, len(marked) or 1, BATCH):
                articles, new, met = marked[start : start + BATCH], set[str](), set[str]()
                self._look_up_quickly()
                self._read(articles, new, met, {} if said is None else said, whole=whole)
                self._regroup(articles, new, met, last=start + BATCH >= len(marked))
                self._followed += len(articles)
        return marked

    def rebuild(self) -> Report:
        """The same from a fresh start."""
        self._start_over(_version(self.rulings))
        return self.update()

    def _start_over(self, version: str) -> None:
        self._mirror, self._followed = None, 0
        self.store.forget_graph(self.graph)
        self.store.forget_replaced()
        articles = [*(NamedNode(kept.id) for kept in self.store.articles()), *self.store.nodes_waiting()]
        marks = [Quad(article, UNRESOLVED, Literal(""), self.graph) for article in articles]
        self.store.change([], [*marks, self.row(self.graph, VERSION, version)])

    def _look_up_quickly(self) -> None:
        """Copy the graph once so many articles came that it pays."""
        if self._mirror is None and self._followed:
            most = COPIED * self._followed
            if sum(1 for _ in islice(self.rows(None, WRITTEN), most + 1)) <= most:
                self._mirror = Mirror(self.graph, self.rows(None), self.store.path / MIRROR)

    def texts(self, subject: NamedNode, predicate: NamedNode) -> Iterable[str]:
        """As of ``Identities``."""
        return super().texts(subject, predicate) if self._mirror is None else self._mirror.texts(subject, predicate)

    def having(self, predicate: NamedNode, value: NamedNode | Literal) -> Iterable[str]:
        """As of ``Identities``."""
        if self._mirror is None:
            return super().having(predicate, value)
        return (subject.rpartition("/")[2] for subject in self._mirror.subjects(predicate, value))

    def _change(self, gone: Iterable[Quad], new: Iterable[Quad], affected: Iterable[NamedNode]) -> None:
        gone, new = list(gone), list(new)
        self.store.change(gone, new, affected)
        self._copy(gone, new)

    def _copy(self, gone: Iterable[Quad], new: Iterable[Quad]) -> None:
        if self._mirror is not None:
            self._mirror.change(gone, new)

    # ---- articles -> profiles

    def _read(
        self,
        articles: Iterable[NamedNode],
        new_ones: set[str],
        met: set[str],
        said: Mapping[NamedNode, Said],
        *,
        whole: bool,
    ) -> None:
        """Bring the profiles of articles up to date; adds the keys of new ones, and of those met at a new time.

        After a stop in the middle nobody knows which these are: ``whole`` takes all of an article as met anew.
        What goes and what comes are two transactions, for a profile may go with one date and come with another. What
        went leaves a mark, and the article keeps its own until all is grouped anew: a stop in between loses nothing.
        What only comes is written for all together, before anything goes.
        """
        coming: dict[NamedNode, list[Quad]] = {}
        for article in articles:
            what = said.get(article) or read(self.store.dataset, article, self.base)
            found = {each.key: each for each in what.profiles}
            places = {place_of(self.node(key), what.quarter): key for key in found}
            before = {row.object for row in self.rows(article, IN) if isinstance(row.object, NamedNode)}
            if before - places.keys():
                self._write(coming)
                gone, marks = list[Quad](), list[Quad]()
                for place in sorted(before - places.keys(), key=str):
                    self._leave(article, place, gone, marks)
                self._change(gone, marks, [article])
            new = coming[article] = []
            for place in sorted(places.keys() - before, key=str):
                self._join(article, place, found[places[place]], new)
            new_ones.update(key_of(row.subject) for row in new if row.predicate == DATA)
            met.update(found if whole else (key_of(row.subject) for row in new if row.predicate == QUARTER))
        self._write(coming)

    def _write(self, coming: dict[NamedNode, list[Quad]]) -> None:
        rows = list(dict.fromkeys(row for new in coming.values() for row in new))
        if rows:
            self._change([], rows, [article for article, new in coming.items() if new])
        coming.clear()

    def _leave(self, article: NamedNode, place: NamedNode, gone: list[Quad], new: list[Quad]) -> None:
        gone.append(Quad(article, IN, place, self.graph))
        if any(row.subject != article for row in self.rows(None, IN, place)):
            return
        node, when = profile_of(place)
        gone.append(self.row(node, QUARTER, when))
        new += [self._mark(node), self.row(self.graph, MARKED, "")]
        if all(text_of(row) == when for row in self.rows(node, QUARTER)):
            gone += self.open_rows(node)
            gone += [row for row in self.rows(node, None) if row.predicate in (DATA, BLOCK, WRITTEN, OF)]

    def _join(self, article: NamedNode, place: NamedNode, found: Profile, new: list[Quad]) -> None:
        new.append(Quad(article, IN, place, self.graph))
        node, when = profile_of(place)
        if any(self.having(IN, place)):
            return
        new.append(self.row(node, QUARTER, when))
        if self.value(node, DATA) is not None:
            return
        new += [self.row(node, DATA, found.to_json()), self.row(node, WRITTEN, found.id)]
        new += [self.row(node, BLOCK, key) for key in sorted(kept(profiles.blocks(found)))]

    def _mark(self, node: NamedNode) -> Quad:
        """The note that a profile has changed, with what it was and to whom it belonged."""
        person = self.value(node, OF) or ""
        return self.row(node, CHANGED, json.dumps([self.value(node, DATA), person], ensure_ascii=False))

    def open_rows(self, node: NamedNode) -> list[Quad]:
        """The pairs of a profile that are to be judged, as rows of both."""
        found = []
        for row in self.rows(node, OPEN):
            pair = merge_of(text_of(row))
            found += [self.row(self.node(key), OPEN, text_of(row)) for key in (pair.a, pair.b)]
        return found

    # ---- profiles -> persons

    def _regroup(self, articles: Iterable[NamedNode], new: set[str], met: set[str], *, last: bool) -> None:
        """Group what came and what changed, and all that is near it: one transaction."""
        self._forget()
        marks = list(self.rows(None, CHANGED)) if self.value(self.graph, MARKED) is not None else []
        seeds, persons = self._seeds(new, met - new, marks)
        seen: set[str] = set()
        groups: list[Groups] = []
        for key in sorted(seeds):
            if key not in seen:
                component = self._component(key)
                seen |= component
                groups.append(group(component, self.verdict))
        naming = Naming(self, groups, persons)
        gone, rows = naming.changes()
        affected = self._affected(gone, rows, naming)
        all_gone = [*marks, self.row(self.graph, MARKED, ""), *gone]
        self.store.settle(articles, all_gone, rows, affected=affected, done=last)
        self._copy(all_gone, rows)
        self._forget()

    def _forget(self) -> None:
        for known in (self._profiles, self._times, self._verdicts, self._near):
            known.clear()

    def _affected(self, gone: Iterable[Quad], new: Iterable[Quad], naming: Naming) -> list[NamedNode]:
        """The articles that mean another person, or one with another id or name, than before; sorted."""
        keys: set[str] = set()
        for row in set(gone) ^ set(new):
            if row.predicate == OF:
                keys.add(key_of(row.subject))
            elif row.predicate in (ID, NAME):
                person = subject_of(row)
                keys.update(naming.members.get(person.value, ()))
                keys.update(key_of(each.subject) for each in self.rows(None, OF, person))
        will_be = {(subject_of(row), row.predicate): text_of(row) for row in new if row.predicate in (OF, ID, NAME)}
        found = {
            article
            for key in keys
            if self._meaning(key, {}) != self._meaning(key, will_be)
            for article in self.articles_of(key)
        }
        return [NamedNode(f"{self.base}id/article/{article}") for article in sorted(found)]

    def _meaning(self, key: str, will_be: Mapping[tuple[NamedNode, NamedNode], str]) -> tuple[str, str]:
        """Id and name of whom a profile is; as it is written where it belongs to nobody yet."""
        node = self.node(key)
        owner = will_be.get((node, OF)) or self.value(node, OF)
        if owner is None:
            profile = self.find(key)
            return f"{self.base}id/{self.value(node, WRITTEN)}", profile.name if profile else ""
        person = NamedNode(owner)
        id_, name = ((will_be.get((person, each)) or self.value(person, each) or "") for each in (ID, NAME))
        return id_, name

    def _seeds(self, new: set[str], met: set[str], marks: Iterable[Quad]) -> tuple[set[str], set[str]]:
        """The profiles to group anew, and the persons to whom what is no more or other now belonged.

        All near one that went, or was met at another time, may fit otherwise than before, but for those who are two by
        their names at any time; near a new one, what fits it.
        """
        before = [json.loads(text_of(row)) for row in marks]
        seeds, persons = set(new), {person for _, person in before} - {""}
        for key in new:
            seeds |= self.rulings.beside(self.profile(key), self)
        for profile in [*map(self.profile, sorted(met)), *(profiles.from_json(data) for data, _ in before)]:
            seeds |= {other for other in self.near(profile) if not self._are_surely_two(profile, self.profile(other))}
            seeds |= self.rulings.beside(profile, self)
            seeds |= {profile.key} if self.find(profile.key) is not None else set()
        return seeds, persons

    def _component(self, start: str) -> frozenset[str]:
        """All profiles that fit this one, or one that fits it, and so on."""
        found, todo = {start}, [start]
        while todo:
            key = todo.pop()
            profile = self.profile(key)
            judged = self.rulings.beside(profile, self)
            fitting = {other for other in self.near(profile) - found - {key} if self._fits(key, other)}
            todo += sorted((fitting | judged) - found)
            found |= fitting | judged
        return frozenset(found)

    def near(self, profile: Profile) -> frozenset[str]:
        """The profiles that this one may meet in a block."""
        if profile not in self._near:
            blocks = looked_for(profiles.blocks(profile))
            self._near[profile] = frozenset(key for block in blocks for key in self.having(BLOCK, Literal(block)))
        return self._near[profile]

    def are_surely_two(self, a: str, b: str) -> bool:
        """Whether two profiles are two by their names alone, and nobody judged otherwise."""
        return self._are_surely_two(self.profile(a), self.profile(b))

    def _are_surely_two(self, one: Profile, other: Profile) -> bool:
        return not self.rulings.are_any and are_surely_two(one, other)

    def _fits(self, a: str, b: str) -> bool:
        return not self.are_surely_two(a, b) and self.verdict(min(a, b), max(a, b)).decision is Decision.LINKED

    def verdict(self, a: str, b: str) -> Verdict:
        """What is known of two profiles, the smaller key first: judged, or else by names and posts."""
        if (a, b) not in self._verdicts:
            judged = self.rulings.verdict(self.profile(a), self.profile(b), self)
            self._verdicts[a, b] = judged or self.by_itself(a, b)
        return self._verdicts[a, b]

    def by_itself(self, a: str, b: str) -> Verdict:
        """Two profiles by names and posts alone."""
        return compared(self.profile(a), self.profile(b), self._quarters(a), self._quarters(b))

    def _quarters(self, key: str) -> frozenset[int]:
        if key not in self._times:
            self._times[key] = frozenset(int(text) for text in self.texts(self.node(key), QUARTER) if text)
        return self._times[key]

    # ---- what became of it

    def _report(self, articles: Sequence[NamedNode]) -> Report:
        persons, bodies = (self._counted(articles, bodies=bodies) for bodies in (False, True))
        persons.bodies = bodies
        return persons

    def _counted(self, articles: Sequence[NamedNode], *, bodies: bool) -> Report:
        owners: dict[str, set[str]] = {}
        pairs: set[str] = set()
        for article in articles:
            for row in self.rows(article, IN):
                node, _ = profile_of(row.object)
                if is_body(self.value(node, WRITTEN) or "") is bodies:
                    pairs |= {text_of(each) for each in self.rows(node, OPEN)}
                    owners.setdefault(text_of(next(iter(self.rows(node, OF)))), set()).add(key_of(article))
        several = sum(self._is_of_several(NamedNode(person), own) for person, own in owners.items())
        merged = sum(any(self.rows(NamedNode(person), WHY)) for person in owners)
        return Report(len(articles), len(owners), several, merged, len(pairs))

    def _is_of_several(self, person: NamedNode, own: set[str]) -> bool:
        """Whether a second article has a person; no more are looked at than it takes."""
        keys = self.having(OF, person)
        return len(own) > 1 or any(article not in own for key in keys for article in self.articles_of(key))


class Naming:
    """Groups of profiles -> the rows of persons: ids, names, reasons, and what is to be judged.

    A person has the id that articles write, in its fullest form. Where several persons have one id, each has a tail.
    """

    def __init__(self, index: Index, groups: Sequence[Groups], persons: Iterable[str]) -> None:
        self.index = index
        self.groups = groups
        self.members = {_person(index, keys): keys for one in groups for keys in one.members}
        self.owner = {key: person for person, keys in self.members.items() for key in keys}
        self.before = set(persons) | {text_of(row) for key in self.owner for row in index.rows(index.node(key), OF)}
        self.named: dict[str, list[NamedNode]] = {}  # slug -> the persons who have it now
        self.gone: list[Quad] = []
        self.new: list[Quad] = []

    def changes(self) -> tuple[list[Quad], list[Quad]]:
        """The rows to take out and to put in."""
        index = self.index
        slugs = {index.value(NamedNode(person), SLUG) or "" for person in self.before} - {""}
        for person in self.before:
            self.gone += index.rows(NamedNode(person))
        for key, person in sorted(self.owner.items()):
            self.gone += [*index.rows(index.node(key), OF), *index.open_rows(index.node(key))]
            self.new.append(Quad(index.node(key), OF, NamedNode(person), index.graph))
        for person, keys in sorted(self.members.items()):
            fullest = max((index.profile(key) for key in keys), key=profiles.fullness)
            slugs.add(fullest.id)
            node = NamedNode(person)
            self.new += [index.row(node, SLUG, fullest.id), index.row(node, NAME, fullest.name)]
            self.named.setdefault(fullest.id, []).append(node)
        self._reasons()
        for slug in sorted(slugs):
            self._ids(slug)
        self._open()
        return self.gone, self.new

    def _reasons(self) -> None:
        for one in (merge for found in self.groups for merge in found.merges):
            self.new.append(self.index.row(NamedNode(self.owner[one.a]), WHY, merge_text(one)))

    def _ids(self, slug: str) -> None:
        """The ids of the persons of one slug: two of those that are not touched are enough to know."""
        index, mine = self.index, self.named.get(slug, ())
        others: list[NamedNode] = []
        for row in index.rows(None, SLUG, Literal(slug)):
            if subject_of(row).value not in self.before:
                others.append(subject_of(row))
            if len(others) > 1:
                break
        is_one = len(mine) + len(others) == 1
        for node in mine:
            self.new.append(self._id(node, slug, self.members[node.value], is_one=is_one))
        for node in others[:1] if len(others) == 1 else ():
            keys = sorted(index.having(OF, node))
            self.gone += index.rows(node, ID)
            self.new.append(self._id(node, slug, keys, is_one=is_one))

    def _id(self, node: NamedNode, slug: str, keys: Sequence[str], *, is_one: bool) -> Quad:
        tail = "" if is_one else f"--{tail_of(map(self.index.profile, keys), self.index.rulings)}"
        return Quad(node, ID, NamedNode(f"{self.index.base}id/{slug}{tail}"), self.index.graph)

    def _open(self) -> None:
        index = self.index
        pairs = {one for found in self.groups for one in found.open}
        for key in self.owner:
            profile = index.profile(key)
            for other in index.near(profile) - {key}:
                pair = (min(key, other), max(key, other))
                if index.are_surely_two(*pair):
                    continue
                verdict = index.verdict(*pair)
                if verdict.decision is Decision.JUDGE and self._owner(key) != self._owner(other):
                    pairs.add(Merge(*pair, verdict.score, verdict.reasons))
        for one in sorted(pairs):
            self.new += [index.row(index.node(key), OPEN, merge_text(one)) for key in (one.a, one.b)]

    def _owner(self, key: str) -> str:
        return self.owner.get(key) or text_of(next(iter(self.index.rows(self.index.node(key), OF))))


def _person(index: Index, keys: Sequence[str]) -> str:
    return index.node(f"person-{min(keys)}").value


def _version(rulings: Rulings) -> str:
    """What the identities depend on beside the articles."""
    files = ("data/linking/persons.toml", "data/lexicon/titles.toml", *body_names.FILES)
    data = hashlib.sha256(b"".join(resources.path(name).read_bytes() for name in files)).hexdigest()[:16]
    return f"{LAYOUT} {__version__} {data} {rulings.digest}"
