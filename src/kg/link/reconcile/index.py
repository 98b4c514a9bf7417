"""The things of a graph as a service looks them up: names, types and the values of properties, read once."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import find
from kg import vocabulary as v
from kg.link.matcher import Entry, Matcher
from kg.link.normal import folded, readings
from kg.link.officials import KIND as OFFICIAL
from kg.link.officials import Officials
from kg.link.reconcile.settings import Property, Settings, load
from kg.records import record

if TYPE_CHECKING:
    from pyoxigraph import Store

_WORD: Final = re.compile(r"[^\W_]+")


@record(frozen=True, slots=True)
class Item:
    """A thing: ``id`` is the part of its IRI behind ``id/``; ``types`` its kind and all broader ones."""

    id: str
    iri: str
    name: str
    names: tuple[str, ...]
    kind: str
    types: tuple[str, ...]


@record(frozen=True, slots=True)
class Value:
    """A value of a property: a thing of the index by its ``id``, or a text with the local name of its datatype."""

    text: str
    id: str = ""
    datatype: str = "string"


class Index:
    """All that can be answered with, of a view. Costs memory for names and values, not for claims and evidence."""

    def __init__(self, facts: Store, settings: Settings | None = None) -> None:
        self.settings = settings or load()
        self.items = {item.id: item for item in _items(facts, self.settings)}
        self.values = {each.id: _values(facts, each) for each in self.settings.properties.values()}
        self._by_value: dict[str, dict[str, set[str]]] = {}
        hidden = _hidden(facts)
        self._entries = [
            Entry(item.id, item.kind, item.name, item.names, hidden.get(item.id, ())) for item in self.items.values()
        ]

    @cached_property
    def matcher(self) -> Matcher:
        """The names of all but officials; made with the first question, as it takes half a millisecond a name."""
        return Matcher(entry for entry in self._entries if entry.kind != OFFICIAL)

    @cached_property
    def officials(self) -> Officials:
        """The names of officials; made with the first question."""
        return Officials(entry for entry in self._entries if entry.kind == OFFICIAL)

    @cached_property
    def kinds(self) -> Mapping[str, int]:
        """The types that things have, broader ones as well -> how many have them."""
        count: dict[str, int] = defaultdict(int)
        for item in self.items.values():
            for kind in item.types:
                count[kind] += 1
        return dict(count)

    def beginning(self, text: str) -> set[str]:
        """The ids of the things with a name in which a word begins so; all for an empty text."""
        wanted = letters(text)
        found: set[str] = set()
        for at in range(bisect.bisect_left(self._beginnings, (wanted, "")), len(self._beginnings)):
            name, item = self._beginnings[at]
            if not name.startswith(wanted):
                break
            found.add(item)
        return found

    @cached_property
    def letters(self) -> Mapping[str, tuple[str, ...]]:
        """The names of each thing by its id, as they are compared: folded, without spaces and signs."""
        return {item.id: tuple(letters(name) for name in item.names) for item in self.items.values()}

    @cached_property
    def _beginnings(self) -> list[tuple[str, str]]:
        """Each name from each of its words on, without spaces, sorted."""
        found = set()
        for item in self.items.values():
            for name in item.names:
                parts = _WORD.findall(folded(name))
                found |= {("".join(parts[at:]), item.id) for at in range(len(parts))}
        return sorted(found)

    def values_of(self, item: str, name: str) -> tuple[Value, ...]:
        """The values of a property, sorted; none for an unknown thing or property."""
        return self.values.get(name, {}).get(item, ())

    def having(self, name: str, wanted: Iterable[str]) -> set[str]:
        """The ids of the things that have one of these values (keys as ``keys`` gives them)."""
        if name not in self._by_value:
            by_value: dict[str, set[str]] = defaultdict(set)
            for item, values in self.values.get(name, {}).items():
                for value in values:
                    for key in self.keys(value):
                        by_value[key].add(item)
            self._by_value[name] = dict(by_value)
        return set().union(*(self._by_value[name].get(key, set()) for key in wanted))

    def keys(self, value: Value) -> frozenset[str]:
        """What a value is compared by: its text in all readings, or id and names of the thing that it is."""
        texts = [value.text]
        if value.id in self.items:
            texts += [value.id, *self.items[value.id].names]
        return frozenset(key for text in texts for key in text_keys(text))


def letters(text: str) -> str:
    """A name as its beginnings are compared: folded, without spaces and signs."""
    return "".join(_WORD.findall(folded(text)))


def text_keys(text: str) -> frozenset[str]:
    """The readings of a text; of an address its last part, too ("http://www.wikidata.org/entity/Q11462")."""
    texts = [text, text.rstrip("/").rpartition("/")[2]] if "://" in text else [text]
    return frozenset(reading.text for each in texts for reading in readings(each))


def _items(facts: Store, settings: Settings) -> Iterator[Item]:
    for thing in find.things(facts):
        if thing.kind not in settings.without:
            types = settings.broader(thing.kind)
            yield Item(thing.key, thing.node.value, thing.name, thing.names, thing.kind, types)


def _hidden(facts: Store) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for quad in facts.quads_for_pattern(None, v.HIDDEN_LABEL, None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            found[find.short(quad.subject.value)].add(quad.object.value)
    return {item: tuple(sorted(names)) for item, names in found.items()}


def _values(facts: Store, asked: Property) -> dict[str, tuple[Value, ...]]:
    rows = facts.query(f"SELECT DISTINCT ?thing ?value {{ {asked.pattern} }}", prefixes=v.PREFIXES)
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, set[Value]] = defaultdict(set)
    for row in rows:
        thing, value = row["thing"], row["value"]
        if isinstance(thing, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            found[find.short(thing.value)].add(_value(value))
    return {item: tuple(sorted(values, key=lambda each: (each.text, each.id))) for item, values in found.items()}


def _value(term: ox.NamedNode | ox.Literal) -> Value:
    if isinstance(term, ox.Literal):
        return Value(term.value, datatype=term.datatype.value.rpartition("#")[2])
    short = find.short(term.value)
    return Value(term.value, short if short != term.value else "")
