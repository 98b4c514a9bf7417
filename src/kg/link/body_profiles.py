"""What an article says of each body that the reference data doesn't know, as far as it tells bodies apart.

The counterpart of ``kg.link.profiles`` for persons. An office as every region has it ("Dinas Pendidikan"), of which the
article doesn't say whose it is, makes a profile of its article alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg import reference
from kg import vocabulary as v
from kg.link.organisations import Body, blocks, is_told
from kg.names import slug
from kg.rdf import Lookup
from kg.records import record

CLASSES: Final = (v.UNIT, v.BODY, v.NETWORK)
FOLDERS: Final = ("body", "network")
DEEP: Final = 4  # bodies within each other that are looked at


@record(frozen=True, slots=True, order=True)
class BodyProfile:
    """A body as one or more articles have it. ``id`` is the path below the base, as in "body/dinas-sosial-33-71".

    ``others`` are its other names, sorted; ``anchor`` and ``within`` as in ``kg.link.organisations.Body``; ``article``
    is the key of the only article of a profile that tells too little to be met again, else "".
    """

    id: str
    name: str
    others: tuple[str, ...] = ()
    anchor: str = ""
    within: tuple[str, ...] = ()
    article: str = ""

    @property
    def key(self) -> str:
        """16 hexadecimal digits of a SHA-256 over all of it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    @property
    def body(self) -> Body:
        """As ``kg.link.organisations`` compares it."""
        return Body((self.name, *self.others), self.anchor, self.within, self.id.partition("/")[0])

    @property
    def blocks(self) -> frozenset[str]:
        """The keys that two profiles share if they may be one body."""
        return frozenset() if self.article else blocks(self.body)

    @property
    def told(self) -> str:
        """What it belongs to, for readers; "" where nobody says."""
        if not self.anchor:
            return ", ".join(self.within)
        thing = reference.load().things.get(self.anchor)
        return ", ".join((*self.within, thing.label.text if thing else self.anchor))

    @property
    def tails(self) -> list[str]:
        """What may follow an id that several bodies have, best first: what it belongs to, else a region or article."""
        anchor = [self.anchor.partition("/")[2]] if self.anchor else sorted(self.body.places)[:1]
        of = slug(" ".join((*self.within, *anchor))) if self.within or anchor else self.article or "tanpa-induk"
        return [of, f"{of}-{self.key[:6]}"]

    @property
    def fullness(self) -> tuple[int, int, str]:
        """How good a name it has: words, letters; then the alphabet."""
        return len(self.name.split()), len(self.name), self.name

    def to_json(self) -> str:
        """As one line, which ``from_json`` reads."""
        values = [self.id, self.name, list(self.others), self.anchor, list(self.within), self.article]
        return json.dumps(values, ensure_ascii=False)


def is_body(id_: str) -> bool:
    """Whether the path below the base is that of a body or network."""
    return id_.partition("/")[0] in FOLDERS


def from_json(text: str) -> BodyProfile:
    """A profile as ``BodyProfile.to_json`` wrote it."""
    id_, name, others, anchor, within, article = json.loads(text)
    return BodyProfile(id_, name, tuple(others), anchor, tuple(within), article)


def read(dataset: Lookup, article: NamedNode, base: str) -> Iterator[BodyProfile]:
    """The profiles of the bodies of an article that the reference data doesn't know."""
    for class_ in CLASSES:
        for quad in dataset.quads_for_pattern(None, v.TYPE, class_, article):
            node = quad.subject
            key = node.value.removeprefix(f"{base}id/") if isinstance(node, NamedNode) else ""
            if isinstance(node, NamedNode) and is_body(key) and key not in reference.load().things:
                yield _profile(dataset, article, node, base)


def _profile(dataset: Lookup, article: NamedNode, node: NamedNode, base: str) -> BodyProfile:
    key = node.value.removeprefix(f"{base}id/")
    name = _name(dataset, article, node) or key.partition("/")[2].replace("-", " ")
    others = set(_texts(dataset, article, node, v.PREF_LABEL)) | set(_texts(dataset, article, node, v.ALT_LABEL))
    anchor, within = _above(dataset, article, node, base)
    profile = BodyProfile(key, name, tuple(sorted(others - {name})), anchor, within)
    return profile if is_told(profile.body) else replace(profile, article=article.value.rpartition("/")[2])


def _above(dataset: Lookup, article: NamedNode, node: NamedNode, base: str) -> tuple[str, tuple[str, ...]]:
    """The nearest known thing that a body belongs to, and the names of the unknown ones between."""
    within: list[str] = []
    for _ in range(DEEP):
        parents = [
            quad.object
            for predicate in (v.UNIT_OF, v.SUB_ORGANIZATION_OF)
            for quad in dataset.quads_for_pattern(node, predicate, None, article)
            if isinstance(quad.object, NamedNode)
        ]
        if not parents:
            break
        node = min(parents, key=lambda one: one.value)
        key = node.value.removeprefix(f"{base}id/")
        if key in reference.load().things:
            return key, tuple(within)
        within.append(_name(dataset, article, node) or key)
    return "", tuple(within)


def _name(dataset: Lookup, article: NamedNode, node: NamedNode) -> str:
    return next(iter(_texts(dataset, article, node, v.PREF_LABEL)), "")


def _texts(dataset: Lookup, article: NamedNode, node: NamedNode, predicate: NamedNode) -> list[str]:
    """The texts, Indonesian ones first."""
    found = [quad.object for quad in dataset.quads_for_pattern(node, predicate, None, article)]
    literals = [one for one in found if isinstance(one, Literal)]
    return [one.value for one in sorted(literals, key=lambda one: (one.language != "id", one.value))]
