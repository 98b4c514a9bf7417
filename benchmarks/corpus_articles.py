"""Any number of made-up government news articles whose facts are known, with what a real archive has of bad ones.

    python benchmarks/corpus_articles.py 1000 DIR                     DIR/articles/000/….txt
    python benchmarks/corpus_articles.py 1000000 DIR --form jsonl     DIR/articles.jsonl; also zip, tar, tar.gz
    python benchmarks/corpus_articles.py 300 DIR --clean --gold       articles only, and DIR/gold for `kg eval`

Beside the articles: ``manifest.jsonl`` says of each what it is (article, duplicate, near, update, broken, hostile), of
which other it is a copy, and how it differs; ``facts.jsonl`` what each states, with the places of the words, as
`kg facts` has it. ``--gold`` writes the same as one file an article: ``gold`` has the relations of the shared scorer,
``gold-more`` the others.

    kg eval DIR/gold DIR/gold-more --text-dir DIR/articles/000

The articles are told by the grammar in corpus_grammar.toml, about the regions, ministries and networks of the
reference data; persons, outlets and meetings are invented. Number N is the same article whatever the total, and an item
that is a copy names an earlier one, which is told once more; so nothing is kept in memory. A copy is of a press release
that everybody prints, two times in five, and else of any of the five thousand items before it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import io
import itertools
import json
import random
import re
import tarfile
import time
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from kg import reference

HERE: Final = Path(__file__).resolve().parent
FACTS: Final = HERE.parent / "data" / "evaluation" / "facts.toml"
SHARES: Final = {"duplicate": 0.05, "near": 0.10, "update": 0.02, "broken": 0.01, "hostile": 0.002}
"""What part of the items is what; the others are articles that nothing else is a copy of."""
PRESS: Final = 100
"""Among so many items one is a press release that many copies are of."""
WINDOW: Final = 5000
"""Any other copy is of one of so many items before it."""
FIRST_DAY: Final = dt.date(2019, 1, 1)
DAYS: Final = 7 * 365
SHORTEST: Final = 1250
USUAL: Final = 1700
LONGEST: Final = 3000
MONTHS: Final = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
WEEKDAYS: Final = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
IN_EACH_FOLDER: Final = 1000
STAMP: Final = (2025, 1, 1, 0, 0, 0)  # of the files in archives: no clock

# ------------------------------------------------------------------------------------------------------- the grammar


class Thing:
    """Something that articles name: its forms by name, and the labels that gold accepts for it."""

    __slots__ = ("forms", "labels")

    def __init__(self, text: str, labels: Sequence[Any] = (), **forms: Any) -> None:
        self.forms: dict[str, Any] = {"": text, **forms}
        self.labels: list[Any] = list(dict.fromkeys(labels or [text]))


Op = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as a way has it; an argument is a word, one of a list, or a thing and the way to a form of it."""

    relation: str
    arguments: tuple[tuple[str, str, Any], ...]  # argument; "word", "list" or "thing"; what
    many: str  # the list
    needed: int
    loose: bool  # only where all that it needs is in the article


@dataclass(frozen=True, slots=True, eq=False)  # known by itself
class Way:
    ops: tuple[Op, ...]
    facts: tuple[Stated, ...]
    words: str | None  # where it is nothing but words


@dataclass(slots=True)
class Fact:
    """A fact of a text: its arguments as gold has them, and the place of the words of each."""

    key: tuple[Any, ...]  # what makes it this fact and no other
    relation: str
    said: dict[str, Any]
    evidence: list[tuple[str, int, int]]


@cache
def grammar() -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads((HERE / "corpus_grammar.toml").read_text("utf-8"))


@cache
def relations() -> dict[str, tuple[list[str], int]]:
    """Relation -> its arguments, and how many of them are needed."""
    tables = tomllib.loads(FACTS.read_text("utf-8"))["table"]
    both = {name: arguments for table in tables for name, arguments in table["relations"].items()}
    return {
        name: ([each.rstrip("?") for each in arguments], sum(not each.endswith("?") for each in arguments))
        for name, arguments in both.items()
    }


@cache
def first_relations() -> frozenset[str]:
    """Those of the first table, which the shared scorer knows."""
    return frozenset(tomllib.loads(FACTS.read_text("utf-8"))["table"][0]["relations"])


@cache
def groups() -> dict[str, tuple[Way, ...]]:
    """Group -> its ways."""
    found = {}
    for name, group in grammar()["groups"].items():
        common = group.get("facts", "")
        found[name] = tuple(way(text, common, group.get("with", "")) for text in group["ways"])
    return found


@cache
def way(text: str, common: str = "", parameter: str = "") -> Way:
    """One way to say something, taken apart."""
    said, _, own = text.partition("=>")
    facts = [fact for part in f"{own};{common}".split(";") if part.strip() for fact in stated(part.strip())]
    ops = [op for piece in re.split(r"(\{[^{}]*\})", said if own else text) if piece for op in _op(piece)]
    if own and ops and ops[-1][0] == "text":
        ops[-1] = ("text", ops[-1][1].rstrip())
    ops = [("plain", *op[1:]) if op[0] == "text" and _meets_nothing(ops, at) else op for at, op in enumerate(ops)]
    return Way(tuple(ops), tuple(facts), ops[0][1] if len(ops) == 1 and ops[0][0] in ("plain", "text") else None)


_CALL: Final = re.compile(r"(\??)(\w+)\((\w*)\)")


def _meets_nothing(ops: list[Op], at: int) -> bool:
    """Whether a text can stand as it is: no mark at its start, or a space behind a name."""
    text = ops[at][1]
    return bool(text) and (text[0] not in " ,.;" or (text[0] == " " and at > 0 and ops[at - 1][0] == "slot"))


def _op(piece: str) -> Iterator[Op]:
    if not piece.startswith("{"):
        yield ("text", piece)  # it may have to give way to what it meets
        return
    inner = piece[1:-1]
    if call := _CALL.fullmatch(inner):
        yield ("group", call[2], call[3], bool(call[1]))
    elif inner.endswith("!"):
        yield ("open", inner[:-1])
    elif inner.startswith("/"):
        yield ("close", inner[1:])
    elif inner.startswith("*"):
        name, _, group = inner[1:].partition(":")
        yield ("list", *_path(name), group)
    else:
        yield ("slot", *_path(inner.lstrip("^")), inner.startswith("^"))


def _path(text: str) -> tuple[str, str]:
    name, _, form = text.partition(".")
    return name, form


def stated(text: str) -> Iterator[Stated]:
    """A fact as the grammar writes it, and what is stated with it."""
    relation, *values = text.split()
    loose, relation = relation.startswith("?"), relation.lstrip("?")
    arguments, needed = relations()[relation]
    told = ((name, *_argument(value)) for name, value in zip(arguments, values, strict=False) if value != "-")
    many = next((value[1:] for value in values if value.startswith("*")), "")
    yield Stated(relation, tuple(told), many, needed, loose)
    if more := grammar()["also"].get(relation):
        yield from stated(more.format(*values))


def _argument(value: str) -> tuple[str, Any]:
    if value.startswith("'"):
        return "word", value[1:]
    return ("list", (value[1:],)) if value.startswith("*") else ("thing", tuple(value.split(".")))


class Writer:
    """Writes one stretch of text and keeps where each thing was named last."""

    __slots__ = ("at", "facts", "pieces", "roll", "spans", "things")

    def __init__(self, things: Things, dice: random.Random) -> None:
        self.things = things
        self.roll = dice.random
        self.pieces: list[str] = []
        self.at = 0
        self.spans: dict[tuple[int, str], tuple[int, int]] = {}
        self.facts: list[Fact] = []

    def pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.roll() * len(options))]

    def text(self, text: str) -> None:
        """Append; of two marks that meet, the one that print would keep."""
        if text[:1] in " ,.;":  # or empty
            text = self._met(text)
        if text:
            self.pieces.append(text)
            self.at += len(text)

    def _met(self, text: str) -> str:
        last = self.pieces[-1][-1] if self.pieces else ""
        if last == "," and text[:1] in (",", ".", ";"):
            self.pieces[-1] = self.pieces[-1][:-1]
            self.at -= 1
            if not self.pieces[-1]:
                self.pieces.pop()
            last = self.pieces[-1][-1]
        if last == "." and text[:1] == ".":
            text = text[1:]
        return text.lstrip(" ") if last in ("", " ", "\n") else text

    def name(self, thing: Thing, form: str, capital: bool = False) -> None:
        """Append a form of a thing, and keep its place."""
        value = thing.forms[form]
        if isinstance(value, Thing):
            self.name(value, "", capital)
            return
        begin = self.at
        self.text(value[:1].upper() + value[1:] if capital else value)
        self.spans[id(thing), ""] = self.spans[id(thing), form] = begin, self.at

    def say(self, one: Way) -> None:
        """One way: its words, then its facts."""
        for op in one.ops:
            kind = op[0]
            if kind == "plain":
                self.pieces.append(op[1])
                self.at += len(op[1])
            elif kind == "slot":
                self.name(self.things[op[1]], op[2], op[3])
            elif kind == "text":
                self.text(op[1])
            elif kind == "group":
                self.group(op[1], op[2], op[3])
            else:
                getattr(self, f"_{kind}")(*op[1:])
        for fact in one.facts:
            self.state(fact)

    def group(self, name: str, argument: str, maybe: bool = False) -> None:
        """One of the ways of a group; none says the same twice in an article where it needn't."""
        roll = self.roll
        if maybe and roll() < 0.5:
            return
        ways = groups()[name]
        chosen = ways[int(roll() * len(ways))]
        said = self.things["said"]
        if chosen in said:
            chosen = ways[int(roll() * len(ways))]
        said.add(chosen)
        if chosen.words is not None and not chosen.facts:
            self.text(chosen.words)
        elif argument:
            before, self.things["x"] = self.things["x"], self.things[argument]
            self.say(chosen)
            self.things["x"] = before
        else:
            self.say(chosen)

    def _open(self, name: str) -> None:
        self.spans[0, name] = len(self.pieces), self.at

    def _close(self, name: str) -> None:
        first, begin = self.spans[0, name]
        text = "".join(self.pieces[first:])
        said = self.things[name] = Thing(text, [" ".join(text.split()[:5]).rstrip(",.")])
        self.spans[id(said), ""] = begin, self.at

    def _list(self, name: str, form: str, group: str) -> None:
        things = self.things[name]
        link = self.pick((" dan ", ", dan ", " serta ", ", serta "))
        for number, thing in enumerate(things):
            if number:
                self.text(link.replace(",", "") if len(things) == 2 else link if number == len(things) - 1 else ", ")
            if group:
                self.things["each"] = thing
                self.group(group, "each")
            else:
                self.name(thing, form)

    def state(self, fact: Stated) -> None:
        """A fact, or one for each of a list."""
        for one in self.things[fact.many] if fact.many else (None,):
            found = self._fact(fact, one)
            if found is not None:
                self.facts.append(found)

    def _fact(self, fact: Stated, one: Thing | None) -> Fact | None:
        said: dict[str, Any] = {}
        evidence: list[tuple[str, int, int]] = []
        key: list[Any] = [fact.relation]
        for argument, kind, what in fact.arguments:
            if kind == "word":
                said[argument] = what
                key.append(what)
                continue
            if fact.loose and kind == "thing" and what[0] not in self.things:
                return None
            labels, span = self._value(self.things[what[0]] if kind == "thing" else one, what[1:])
            if fact.loose and not labels:
                return None
            if labels:
                said[argument] = labels if len(labels) > 1 else labels[0]
                key.append(labels[0])
                if span is not None:
                    evidence.append((argument, *span))
            elif len(key) <= fact.needed:
                raise KeyError(f"{fact.relation}: no {'.'.join(what)}")
        return Fact(tuple(key[: fact.needed + 1]), fact.relation, said, evidence)

    def _value(self, thing: Thing | None, way_to: Sequence[str]) -> tuple[list[Any], tuple[int, int] | None]:
        """The labels of an argument and where it stands; a part of something, where that stands."""
        if thing is None:
            return [], None
        spans = self.spans
        span = spans.get((id(thing), ""))
        for form in way_to:
            value = thing.forms.get(form)
            if value is None:
                return [], None
            if not isinstance(value, Thing):
                return [value], spans.get((id(thing), form), span)
            thing = value
            span = spans.get((id(thing), ""), span if form != "post" else None)  # no name of a person holds the post
        return thing.labels, span


# ---------------------------------------------------------------------------------------------------------- the names


@dataclass(frozen=True)
class Names:
    """What articles are about, from the reference data and the grammar."""

    regions: tuple[tuple[str, str, str, str], ...]  # whole name, kind, bare name, province
    provinces: tuple[str, ...]
    ministries: tuple[tuple[str, str, tuple[str, ...]], ...]  # name, short name, all names
    networks: dict[str, tuple[tuple[str, str, bool, tuple[str, ...]], ...]]  # for whom -> name, short, explained, all
    countries: tuple[tuple[str, tuple[str, ...]], ...]
    towns: tuple[tuple[str, tuple[str, ...], str], ...]  # name, all names, country


@cache
def names() -> Names:
    data, words = reference.load(), grammar()
    regions, provinces = [], []
    for key, thing in data.things.items():
        code = key.removeprefix("place/")
        if re.fullmatch(r"\d\d", code):
            provinces.append(thing.label.text)
        elif re.fullmatch(r"\d\d\.\d\d", code) and "Administrasi" not in thing.label.text:
            kind, _, bare = thing.label.text.partition(" ")
            regions.append((thing.label.text, kind, bare, data.things[f"place/{code[:2]}"].label.text))
    codes = words["countries"]["codes"].split()

    def of(key: str) -> tuple[str, tuple[str, ...]]:
        thing = data.things[key]
        return thing.label.text, tuple(name.text for name in thing.names)

    def network(key: str, short: str) -> tuple[str, str, bool, tuple[str, ...]]:
        explained = key not in words["networks"]["unexplained"]
        label, every = of(f"network/{key}")
        return label if explained else short, short, explained, every

    towns = []
    for key, thing in data.things.items():
        country = thing.link("country") or ""
        if "geonames" in key and country.removeprefix("place/") in codes and not thing.label.text.startswith("Kota "):
            towns.append((thing.label.text, of(key)[1], of(country)[0]))
    return Names(
        tuple(regions),
        tuple(provinces),
        tuple(_ministry(*of(f"body/{key}")) for key in words["bodies"]["ministries"].split()),
        {
            whose: tuple(network(*each) for each in words["networks"][whose].items())
            for whose in ("any", "cities", "regencies")
        },
        tuple(of(f"place/{code}") for code in codes),
        tuple(towns),
    )


def _ministry(name: str, every: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """Name, the short name that begins as most do, all names."""
    shorts = [each for each in every if " " not in each]
    short = next((each for each in shorts if each.startswith(("Kemen", "Kemn", "Komdigi"))), shorts[0])
    return name, short, every


class Cast:
    """Makes the things of one article; nobody and no place twice."""

    def __init__(self, dice: random.Random) -> None:
        self.roll = dice.random
        self.dice = dice
        self.used: set[str] = set()

    def pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.roll() * len(options))]

    def fresh(self, options: Sequence[Any], name: Callable[[Any], str] = str) -> Any:
        """One of the options whose name isn't in the article yet."""
        while True:
            one = self.pick(options)
            if name(one) not in self.used:
                self.used.add(name(one))
                return one

    def region(self) -> Thing:
        """A city or regency, and its government: news name either by the other."""
        name, kind, bare, province = self.fresh(names().regions, lambda row: row[2])
        gov = f"Pemerintah {name}", f"Pem{'kot' if kind == 'Kota' else 'kab'} {bare}"
        head = "Wali Kota" if kind == "Kota" else "Bupati"
        return Thing(
            name, [name, bare, *gov], bare=bare, gov=self.pick(gov), upper=bare.upper(), head=head, short=gov[1],
            province=Thing(province, dict.fromkeys([province, f"Provinsi {province.removeprefix('Provinsi ')}"])),
            first=gov[0], kind=kind,
        )  # fmt: skip

    def person(self, post: Thing, **more: Any) -> Thing:
        """Somebody in that post."""
        words = person_words()
        whose = "men" if self.roll() < 0.6 else "women"
        short = self.fresh(words[whose])
        middle = f" {self.pick(words[whose])}" if self.roll() < 0.35 else ""
        full = f"{short}{middle} {self.pick(words['begin'])}{self.pick(words['end'])}"
        front = self.pick(words["before" if whose == "men" else "before_women"])
        titled = f"{front}{full}{self.pick(words['behind'])}"
        return Thing(full, [full, short], full=full, short=short, titled=titled, post=post, **more)

    def head(self, region: Thing, deputy: bool = True) -> Thing:
        """The head of a region's government, or who stands in."""
        kind, bare = region.forms["head"], region.forms["bare"]
        ways = grammar()["posts"]["head"]
        post = self.pick(ways).format(kind=kind, bare=bare) if deputy else f"{kind} {bare}"
        short = post.removesuffix(f" {bare}")
        labels = [post, short, post.replace("Penjabat", "Pj."), post.replace("Penjabat", "Pj")]
        return self.person(Thing(post, labels, org=region), kind=kind.lower())

    def local(self, region: Thing) -> Thing:
        """An official of a region's government."""
        return self.person(self.local_post(region))

    def local_post(self, region: Thing) -> Thing:
        """A post in a region's government."""
        role = self.fresh(grammar()["posts"]["local"])
        post = f"{role} {region.forms['']}"
        unit = role.removeprefix("Kepala ") if role.startswith("Kepala ") else ""
        units = [f"{unit} {region.forms['']}", unit, f"{unit} {region.forms['bare']}"] if unit else []
        org = Thing(region.forms[""], [*units, *region.labels])
        more = {"unit": Thing(unit, units), "parent": region} if unit else {}
        return Thing(post, [post, role, *(["Kepala"] if unit else [])], org=org, **more)

    def official(self, body: Thing) -> Thing:
        """An official of a ministry."""
        way = self.pick(grammar()["posts"]["ministry"])
        post = way.format(field=body.forms["field"], body=body.forms[""])
        role, short = post.removesuffix(f" {body.forms['']}"), post.replace(body.forms[""], body.forms["short"])
        unit = role.removeprefix("Kepala ") if role.startswith("Kepala ") else ""
        units = [unit, f"{unit} {body.forms['']}", f"{unit} {body.forms['short']}"] if unit else []
        more = {"unit": Thing(unit, units), "parent": body} if unit else {}
        org = Thing(body.forms[""], [*body.labels, *units])
        return self.person(Thing(post, [post, role, short, *(["Kepala"] if unit else [])], org=org, **more))

    def ministry(self) -> Thing:
        name, short, every = self.fresh(names().ministries, lambda row: row[0])
        more = {"alias": short, "long": name} if self.roll() < 0.6 else {}
        first = f"{name} ({short})" if more else name
        return Thing(name, every, short=short, first=first, field=name.removeprefix("Kementerian "), **more)

    def network(self, kind: str) -> Thing:
        table = names().networks
        name, short, explained, every = self.pick(table["any"] * 2 + table[kind] * 3)
        more = {"alias": short, "long": name} if explained and self.roll() < 0.7 else {}
        return Thing(name, every, short=short, first=f"{name} ({short})" if more else name, **more)

    def country(self) -> Thing:
        name, every = self.fresh(names().countries, lambda row: row[0])
        return Thing(name, [*every, f"Pemerintah {name}"], bare=name)

    def meeting(self, topic: Thing) -> Thing:
        """A meeting; what it is called when first met tells its edition or its short kind, if anything."""
        kind, abbreviated, later = self.pick(grammar()["meetings"]["kinds"])
        edition = int(2 + self.roll() * 20) if self.roll() < 0.35 else 0
        tail, ke = topic.forms["title"], f" ke-{edition}" if edition else ""
        name, more = f"{kind} {tail}", {}
        first = f"{name}{ke}"
        if abbreviated and self.roll() < 0.6:
            first = f"{kind} ({abbreviated}) {tail}{ke}"
            more = {"kind": kind, "kindshort": abbreviated}
        if edition:
            more["number"] = edition
        short = f"{abbreviated or kind} {tail}"
        labels = [f"{name}{ke}", name, f"{short}{ke}", short, first]
        it = self.pick(("itu", "tersebut"))
        low = later if later.startswith(("Ra", "Mun")) else later.lower()
        return Thing(first, labels, first=first, short=short, it=f"{later} {it}", low=f"{low} {it}", **more)

    def when(self, day: dt.date, days: int) -> Thing:
        """A day, or several."""
        last = day + dt.timedelta(days - 1)
        if days == 1:
            long = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
            name = WEEKDAYS[day.weekday()]
            short = self.pick((f"{name} ({day.day}/{day.month}/{day.year})", f"{name}, {long}"))
            return Thing(long, [day.isoformat()], day=short, long=self.pick((long, f"{name}, {long}")))
        first, end = f"{day.day} {MONTHS[day.month - 1]}", f"{last.day} {MONTHS[last.month - 1]} {last.year}"
        first += f" {day.year}" if day.year != last.year else ""
        long = f"{day.day}-{end}" if day.month == last.month else f"{first} hingga {end}"
        return Thing(long, [f"{day.isoformat()}/{last.isoformat()}"], day=long, long=long)

    def sum(self) -> Thing:
        """An amount of rupiah."""
        unit, factor = self.pick((("miliar", 10**9), ("miliar", 10**9), ("juta", 10**6), ("triliun", 10**12)))
        tenths = int(11 + self.roll() * (90 if unit == "triliun" else 9500))
        return Thing(
            self.pick(("Rp {} {}", "Rp{} {}")).format(_decimal(tenths), unit), [tenths * factor // 10], currency="IDR"
        )

    def aid(self) -> Thing:
        """An amount of another currency."""
        tenths = int(11 + self.roll() * 900)
        pattern, code = self.pick((("USD {} juta", "USD"), ("{} juta dollar AS", "USD"), ("{} juta euro", "EUR")))
        return Thing(pattern.format(_decimal(tenths)), [tenths * 10**5], currency=code)


def _decimal(tenths: int) -> str:
    whole, tenth = divmod(tenths, 10)
    return f"{whole},{tenth}" if tenth else str(whole)


@cache
def person_words() -> dict[str, list[str]]:
    words = grammar()["names"]
    return {name: value.split() if isinstance(value, str) else value for name, value in words.items()}


def outlet(roll: Callable[[], float]) -> Thing:
    """An outlet that doesn't exist."""
    words = grammar()["outlets"]
    first, second, end = (each[int(roll() * len(each))] for each in (_split(words["first"]), _split(words["second"]),
                                                                    words["ends"]))  # fmt: skip
    if end == "{} ":
        return Thing(f"{first} {second}")
    name = f"{first}{second}"
    return Thing(end.format(name), [end.format(name), name, f"{first} {second}"])


@cache
def _split(text: str) -> list[str]:
    return text.split()


@cache
def topics() -> list[dict[str, Any]]:
    return [dict(each, title=each["name"].title().replace(" Dan ", " dan ")) for each in grammar()["topics"]]


class Things(dict[str, Any]):
    """Everybody and everything that an article may name, made when first asked for."""

    def __init__(self, cast: Cast, scene: str, day: dt.date) -> None:
        super().__init__(said=set(), x=None)
        self.cast, self.scene, self.day = cast, scene, day

    def __missing__(self, name: str) -> Any:
        self[name] = made = MADE[self.scene].get(name, MADE[""].get(name, _nothing))(self, self.cast)
        return made

    def varied(self, **other: Any) -> Things:
        """The same for a copy of the article: what is made for it is made for it alone."""
        new = Things(self.cast, self.scene, self.day)
        new.update(self, said=set(self["said"]), **other)
        return new


Made = Callable[[Things, Cast], Any]


def _nothing(t: Things, c: Cast) -> None:
    """What this scene has none of."""


def _purposes(t: Things, c: Cast) -> list[str]:
    return c.dice.sample(t["about"]["for"], 2)


def _topic(t: Things, c: Cast) -> Thing:
    return Thing(t["about"]["name"], name=t["about"]["name"], title=t["about"]["title"])


def _office(t: Things, c: Cast) -> Thing:
    """Who holds a meeting: the government of the place, or a ministry."""
    place = t["place"]
    if c.roll() < 0.5:
        return c.ministry()
    first, short = place.forms["first"], place.forms["short"]
    return Thing(first, place.labels, first=first, short=short, local=True)


def _opener(t: Things, c: Cast) -> Thing:
    return c.head(t["place"]) if "local" in t["org"].forms else c.official(t["org"])


def _other_official(t: Things, c: Cast) -> Thing:
    return c.local(t["place"]) if "local" in t["org"].forms else c.head(t["place"])


def _town(t: Things, c: Cast) -> Thing:
    """A town abroad, with its country."""
    town, every, country = c.pick(names().towns)
    c.used.add(country)
    labels = next(every for name, every in names().countries if name == country)
    return Thing(town, every, country=Thing(country, labels))


def _days(t: Things, c: Cast) -> Thing:
    return c.when(t.day, 1 + int(c.roll() * 3))


def _before(t: Things, c: Cast) -> Thing:
    return c.local_post(t["b"])


def _until(t: Things, c: Cast) -> Thing:
    year = t.day.year + 1 + int(c.roll() * 5)
    return Thing(str(year), [str(year), year])


MADE: Final[dict[str, dict[str, Made]]] = {
    "": {
        "about": lambda _t, c: c.pick(topics()),
        "topic": _topic,
        "place": lambda _t, c: c.region(),
        "town": lambda t, _c: t["place"],
        "province": lambda t, _c: t["place"].forms["province"],
        "payer": lambda t, _c: t["place"],
        "a": lambda t, _c: t["place"],
        "b": lambda _t, c: c.region(),
        "when": lambda t, c: c.when(t.day, 1),
        "outlet": lambda _t, c: outlet(c.roll),
        "sum": lambda _t, c: c.sum(),
        "aid": lambda _t, c: c.aid(),
        "purposes": _purposes,
        "purpose": lambda t, _c: Thing(t["purposes"][0]),
        "cause": lambda t, _c: Thing(t["purposes"][1]),
        "until": _until,
        "theme": lambda t, _c: Thing(t["about"]["theme"]),
        "net": lambda t, c: c.network("cities" if t["place"].forms["kind"] == "Kota" else "regencies"),
        "members": lambda _t, c: [c.region() for _ in range(2 + int(c.roll() * 3))],
        "guests": lambda _t, c: [c.region() for _ in range(2 + int(c.roll() * 4))],
        "cand": lambda _t, c: c.region(),
        "gone": lambda _t, c: c.region(),
        "donor": lambda _t, c: Thing(c.pick(grammar()["donors"]["names"])),
        "venue": lambda _t, c: _venue(c, "venues"),
        "p": lambda t, c: c.head(t["place"]),
        "o": lambda t, c: c.local(t["place"]),
        "r": lambda t, c: c.head(t["b"]),
    },
    "meeting": {
        "m": lambda t, c: c.meeting(t["topic"]),
        "when": _days,
        "org": _office,
        "p": _opener,
        "o": _other_official,
    },
    "abroad": {
        "m": lambda t, c: c.meeting(t["topic"]),
        "when": _days,
        "org": lambda _t, c: c.ministry(),
        "town": lambda _t, _c: Thing("Jakarta", bare="Jakarta", upper="JAKARTA"),
        "away": _town,
        "country": lambda t, _c: t["away"].forms["country"],
        "indonesia": lambda _t, _c: Thing("Indonesia", ["Indonesia", "Republik Indonesia", "Pemerintah Indonesia"]),
        "p": lambda t, c: c.official(t["org"]),
        "guests": lambda _t, c: [c.country() for _ in range(2 + int(c.roll() * 4))],
    },
    "appointed": {
        "boss": lambda t, c: c.head(t["place"], deputy=False),
        "new": lambda t, c: c.local(t["place"]),
        "also": lambda t, c: c.local(t["place"]),
        "old": lambda t, c: c.person(t["new"].forms["post"]),
        "was": _before,
    },
    "signed": {
        "deal": lambda _t, c: Thing(c.pick(("nota kesepahaman", "perjanjian kerja sama", "kesepakatan bersama"))),
        "m": lambda t, _c: Thing(f"penandatanganan {t['deal'].forms['']}"),
    },
    "money": {},
    "members": {"cand": lambda t, _c: t["place"]},
}
"""Scene -> how its things are made; those of "" where it has none of its own."""


def _venue(c: Cast, which: str) -> Thing:
    words = grammar()[which]
    kinds = words["venues" if which == "abroad" else "kinds"]
    return Thing(c.pick(kinds).format(c.pick(_split(words["names"]))))


# ------------------------------------------------------------------------------------------------------- the articles


@dataclass(slots=True)
class Part:
    """A stretch of an article's text and what it states; places in it from its own beginning."""

    text: str
    facts: list[Fact]


@dataclass(slots=True)
class Piece:
    """An article: a headline, what stands before the first sentence, and paragraphs."""

    number: int
    outlet: str
    date: dt.date
    url: str
    headline: str
    dateline: Part
    paragraphs: list[Part]
    things: Things
    scene: dict[str, Any]

    def whole(self) -> Part:
        """Text and facts."""
        first = Part(self.headline, [])
        if not self.dateline.text:
            return joined([first, *self.paragraphs], "\n\n")
        lead = joined([self.dateline, self.paragraphs[0]], " ")
        return joined([first, lead, *self.paragraphs[1:]], "\n\n")


def joined(parts: Sequence[Part], between: str) -> Part:
    """Parts in a row; a fact that several state once, as the one states it that tells most."""
    begin = 0
    facts: dict[tuple[Any, ...], Fact] = {}
    for part in parts:
        for fact in part.facts:
            known = facts.get(fact.key)
            if known is None or len(known.said) < len(fact.said):
                moved = [(name, start + begin, end + begin) for name, start, end in fact.evidence]
                facts[fact.key] = Fact(fact.key, fact.relation, fact.said, moved)
        begin += len(part.text) + len(between)
    return Part(between.join(part.text for part in parts), list(facts.values()))


def written(text: str, things: Things, dice: random.Random) -> Part:
    """What a way of the grammar says."""
    writer = Writer(things, dice)
    writer.say(way(text))
    said = "".join(writer.pieces).rstrip()
    return Part(said, writer.facts)


@cache
def scenes() -> tuple[list[dict[str, Any]], list[int]]:
    found = grammar()["scenes"]
    return found, list(itertools.accumulate(each["weight"] for each in found))


def article(number: int, seed: int = 0) -> Piece:
    """Article number N."""
    dice = random.Random(f"{seed} article {number}")
    table, weights = scenes()
    scene = dice.choices(table, cum_weights=weights)[0]
    day = FIRST_DAY + dt.timedelta(int(dice.random() * DAYS))
    things = Things(Cast(dice), scene["name"], day)
    headline = written(scene["head"], things, dice).text
    dateline = written("{dateline()}", things, dice)
    parts = [written(each, things, dice) for each in (scene["lead"], *scene["first"])]
    last = written(scene["last"][int(dice.random() * len(scene["last"]))], things, dice)
    wanted = dice.triangular(SHORTEST, LONGEST, USUAL) - len(last.text)
    size = len(headline) + sum(len(part.text) + 2 for part in parts)
    for each in itertools.chain(dice.sample(scene["rest"], len(scene["rest"])), itertools.repeat("{filler()}")):
        if size >= wanted:
            break
        parts.append(written(each, things, dice))
        size += len(parts[-1].text) + 2
    words = re.sub(r"[^a-z0-9]+", "-", headline.lower()).strip("-")[:60].rstrip("-")
    url = f"https://{_site(things['outlet'])}.example/{day.year}/{day.month:02}/{words}-{number}"
    return Piece(number, things["outlet"].labels[0], day, url, headline, dateline, [*parts, last], things, scene)


# ------------------------------------------------------------------------------------------------------------- copies


def near(piece: Piece, number: int, seed: int) -> tuple[Piece, str]:
    """The same press release as another outlet prints it, and what was changed."""
    dice = random.Random(f"{seed} near {number}")
    things = piece.things.varied(outlet=outlet(dice.random))
    changes = ["outlet"]
    headline, paragraphs = piece.headline, list(piece.paragraphs)
    if dice.random() < 0.8:
        headline = written(piece.scene["head"], things, dice).text
        changes += ["headline"] if headline != piece.headline else []
    if len(paragraphs) > 4 and dice.random() < 0.5:
        del paragraphs[dice.randrange(2, len(paragraphs))]
        changes.append("paragraph cut")
    if dice.random() < 0.4:
        paragraphs.insert(dice.randrange(2, len(paragraphs) + 1), written("{filler()}", things, dice))
        changes.append("paragraph added")
    if dice.random() < 0.4:
        first, second = "".join(dice.choices("abdefhimnrsty", k=3)), "".join(dice.choices("aeiknr", k=2))
        paragraphs.append(Part(f"({first}/{second})", []))
        changes.append("initials")
    day = piece.date + dt.timedelta(dice.randrange(2))
    copy = replace(
        piece,
        number=number,
        outlet=things["outlet"].labels[0],
        date=day,
        url=f"https://{_site(things['outlet'])}.example/berita/{number}",
        headline=headline,
        dateline=written("{dateline()}", things, dice),
        paragraphs=paragraphs,
    )
    return copy, ", ".join(changes)


def later(piece: Piece, number: int, seed: int) -> tuple[Piece, str]:
    """What stands at the same address later: a paragraph gone or not, one or two more."""
    dice = random.Random(f"{seed} update {number}")
    things, paragraphs = piece.things.varied(), list(piece.paragraphs)
    changes = []
    if len(paragraphs) > 4 and dice.random() < 0.4:
        del paragraphs[dice.randrange(2, len(paragraphs))]
        changes.append("paragraph cut")
    for _ in range(1 + dice.randrange(2)):
        paragraphs.append(written(dice.choice(("{filler()}", "{grant()}", "{filler()}\n{filler()}")), things, dice))
        changes.append("paragraph added")
    return replace(piece, number=number, paragraphs=paragraphs), ", ".join(changes)


def _site(one: Thing) -> str:
    return re.sub(r"[^a-z]+", "", str(one.labels[0]).lower())


def hostile(number: int, seed: int, size: int) -> tuple[str, str]:
    """A text that is made to be slow or confusing, and which kind."""
    dice = random.Random(f"{seed} hostile {number}")
    kind = dice.choice(sorted(HOSTILE))
    names_of_all = itertools.count()
    words: list[str] = []
    length = 0
    while length < size:
        words.append(HOSTILE[kind](dice, next(names_of_all)))
        length += len(words[-1])
    return "".join(words), kind


def _name(dice: random.Random) -> str:
    words = person_words()
    return f"{dice.choice(words['men'])} {dice.choice(words['begin'])}{dice.choice(words['end'])}"


HOSTILE: Final[dict[str, Callable[[random.Random, int], str]]] = {
    "one long line": lambda dice, _n: f"{_name(dice)} dan ",
    "brackets": lambda _dice, _n: "(" * 50,
    "nested brackets": lambda dice, _n: f"({dice.choice(person_words()['men'])} (",
    "names": lambda dice, _n: f"Bupati {dice.choice(names().regions)[2]} {_name(dice)}, ",
    "places": lambda dice, _n: f"{dice.choice(names().regions)[0]}, ",
    "meetings": lambda dice, n: f"Rapat Koordinasi {_name(dice)} ke-{n} digelar. ",
    "quotations": lambda dice, _n: f'"Kami siap," kata {_name(dice)}. ',
    "quotation marks": lambda _dice, _n: '"',
    "markup": lambda dice, n: f'<div class="a{n}"><p><b>{_name(dice)}</b><script>alert({n})</script>',
    "entities": lambda _dice, _n: "&lt;p&gt;&amp;amp;&#x41;",
    "control characters": lambda dice, _n: f"{chr(dice.choice((1, 7, 8, 11, 12, 27, 127, 0x85)))}Kota",
    "directions and joiners": lambda dice, _n: f"{dice.choice((chr(0x202E), chr(0x200D), chr(0xFEFF)))}Kota Medan ",
    "combining marks": lambda _dice, _n: "a" + "\u0301" * 40,
    "private use": lambda dice, _n: f"{chr(0xE000 + dice.randrange(20))} berkata ",
    "digits": lambda _dice, _n: "1." * 20,
    "sums": lambda dice, n: f"Dana Rp {n} miliar untuk {_name(dice)}. ",
    "blank lines": lambda _dice, _n: "   \n\n",
    "statements of another language": lambda _dice, n: f"INSERT INTO kota VALUES ({n}); DROP TABLE berita; -- ",
    "prefixes of facts": lambda dice, _n: f"Kota {_name(dice)} anggota ASCN, ",
}


def broken(text: str, number: int, seed: int) -> tuple[bytes, str]:
    """Bytes that are no article, and which kind."""
    dice = random.Random(f"{seed} broken {number}")
    whole = text.encode()
    at = dice.randrange(len(whole) // 4, len(whole))
    kind = dice.choice(("invalid UTF-8", "cut in a character", "empty", "blank", "binary", "zeros", "cut"))
    made = {
        "invalid UTF-8": lambda: whole[:at] + b"\xff\xfe\xc3(" + whole[at:],
        "cut in a character": lambda: whole[:at] + "“".encode()[:2],
        "empty": lambda: b"",
        "blank": lambda: b" \n\t\n\n" * (1 + at % 50),
        "binary": lambda: b"\x89PNG\r\n\x1a\n" + dice.randbytes(2000),
        "zeros": lambda: b"\0" * 2000,
        "cut": lambda: whole[:40],
    }
    return made[kind](), kind


# ------------------------------------------------------------------------------------------------------------- a corpus


@dataclass(frozen=True)
class Plan:
    """What corpus: shares by kind (the rest are articles of their own), seed, size of hostile texts in characters."""

    shares: tuple[tuple[str, float], ...] = tuple(SHARES.items())
    seed: int = 0
    hostile: int = 50_000

    def kind(self, number: int) -> str:
        """What item N is, whatever came before."""
        dice = random.Random(f"{self.seed} kind {number}")
        left = dice.random()
        for kind, share in self.shares:
            left -= share
            if left < 0:
                return kind
        return "article"

    def original(self, number: int) -> int | None:
        """Of which earlier item N is a copy; None where there is no article before it."""
        dice = random.Random(f"{self.seed} of {number}")
        first = max(0, number - WINDOW)
        start = number // PRESS * PRESS if dice.random() < 0.4 else dice.randrange(first, number) if number else 0
        forwards = (each for each in range(start, number) if self.kind(each) == "article")
        backwards = (each for each in range(min(start, number) - 1, -1, -1) if self.kind(each) == "article")
        return next(forwards, next(backwards, None))


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the corpus, or one line."""

    number: int
    kind: str
    of: int | None
    how: str
    url: str
    outlet: str
    date: str
    title: str
    text: str  # empty where the bytes are no text
    data: bytes | None  # where they aren't those of the text
    facts: list[Fact]

    @property
    def name(self) -> str:
        """Of its file."""
        return f"{self.number:09d}"

    @property
    def file(self) -> bytes:
        """As a text file: what is known of it as front matter, then the text."""
        if self.data is not None:
            return self.data
        head = f"---\ntitle: {self.title}\noutlet: {self.outlet}\ndate: {self.date}\nurl: {self.url}\n---\n"
        return (head + self.text + "\n").encode() if self.url else self.text.encode()

    @property
    def line(self) -> bytes:
        """As a line of JSON; what is broken is a broken line, or holds no text."""
        known = {"url": self.url, "title": self.title, "outlet": self.outlet, "date": self.date}
        if self.data is None:
            return json.dumps({**known, "text": self.text}, ensure_ascii=False).encode() + b"\n"
        begin = json.dumps(known, ensure_ascii=False)[:-1] + ', "text": "'
        return begin.encode() + self.data.replace(b"\n", b" ") + b"\n"


def item(number: int, plan: Plan = Plan()) -> Item:
    """Item N of a corpus."""
    kind = plan.kind(number)
    if kind == "hostile":
        text, how = hostile(number, plan.seed, plan.hostile)
        return Item(number, kind, None, how, "", "", "", "", text, None, [])
    of = plan.original(number) if kind in ("duplicate", "near", "update") else None
    if kind == "broken":
        piece = article(number, plan.seed)
        data, how = broken(piece.whole().text, number, plan.seed)
        return Item(number, kind, None, how, piece.url, "", "", "", "", data, [])
    if of is None:
        return _item(article(number, plan.seed), "article", None, "")
    piece = article(of, plan.seed)
    if kind == "near":
        piece, how = near(piece, number, plan.seed)
    elif kind == "update":
        piece, how = later(piece, number, plan.seed)
    elif number % 2:
        piece, how = replace(piece, number=number, url=f"https://salinan.example/{number}"), "another address"
    else:
        piece, how = replace(piece, number=number), "another file"
    return _item(piece, kind, of, how)


def _item(piece: Piece, kind: str, of: int | None, how: str) -> Item:
    whole = piece.whole()
    return Item(
        piece.number, kind, of, how, piece.url, piece.outlet, piece.date.isoformat(), piece.headline, whole.text, None,
        whole.facts,
    )  # fmt: skip


def items(count: int, plan: Plan = Plan(), start: int = 0) -> Iterator[Item]:
    """Items in order, one at a time."""
    return (item(number, plan) for number in range(start, start + count))


# -------------------------------------------------------------------------------------------------------------- output

Sink = Callable[[Item], str]  # writes an item, gives its name in the corpus


@contextmanager
def sink(form: str, folder: Path) -> Iterator[Sink]:
    """Where items go: a folder of text files, JSON lines, or an archive of text files."""
    if form == "txt":
        yield lambda one: _as_file(one, folder / "articles")
    elif form == "jsonl":
        with (folder / "articles.jsonl").open("wb") as lines:
            yield lambda one: (lines.write(one.line), f"articles.jsonl#{one.number + 1}")[1]
    elif form == "zip":
        with zipfile.ZipFile(folder / "articles.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            yield lambda one: _as_member(one, archive)
    else:
        with ExitStack() as stack:
            out: Any = stack.enter_context((folder / f"articles.{form}").open("wb"))
            if form == "tar.gz":  # without a name and a time in its head
                out = stack.enter_context(gzip.GzipFile("", "wb", compresslevel=1, fileobj=out, mtime=0))
            tar = stack.enter_context(tarfile.open(fileobj=out, mode="w|"))
            yield lambda one: _as_entry(one, tar)


def _place(one: Item) -> str:
    return f"{one.number // IN_EACH_FOLDER:03d}/{one.name}.txt"


def _as_file(one: Item, folder: Path) -> str:
    path = folder / _place(one)
    if one.number % IN_EACH_FOLDER == 0 or not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(one.file)
    return _place(one)


def _as_member(one: Item, archive: zipfile.ZipFile) -> str:
    archive.writestr(zipfile.ZipInfo(_place(one), STAMP), one.file, zipfile.ZIP_DEFLATED, 1)
    return _place(one)


def _as_entry(one: Item, tar: tarfile.TarFile) -> str:
    info = tarfile.TarInfo(_place(one))
    info.size, info.mtime = len(one.file), int(dt.datetime(*STAMP[:3], tzinfo=dt.UTC).timestamp())
    tar.addfile(info, io.BytesIO(one.file))
    return _place(one)


def row(one: Item, name: str) -> dict[str, Any]:
    """What the manifest says of an item."""
    data = one.file
    return {
        "number": one.number, "name": name, "kind": one.kind, "of": one.of, "how": one.how, "url": one.url,
        "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "facts": len(one.facts),
    }  # fmt: skip


def as_line(one: Item, fact: Fact) -> dict[str, Any]:
    """A fact as `kg facts` prints it: with the places of its arguments' words."""
    spans = [{"argument": name, "start": start, "end": end} for name, start, end in fact.evidence]
    return {"article": one.name, "rel": fact.relation, **fact.said, "evidence": spans}


def write_gold(one: Item, folder: Path) -> None:
    """Two files of one article: the relations of the shared scorer, and the others."""
    for name, inside in (("gold", True), ("gold-more", False)):
        asked = [relation for relation in relations() if (relation in first_relations()) == inside]
        facts = [{"rel": fact.relation, **fact.said} for fact in one.facts if fact.relation in asked]
        told = {"id": one.name, "synthetic": True, "relations": asked, "facts": facts}
        (folder / name).mkdir(exist_ok=True)
        (folder / name / f"{one.name}.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def write(
    made: Iterable[Item], folder: Path, form: str = "txt", *, facts: bool = True, gold: bool = False
) -> Counter[str]:
    """A corpus in a folder; how many of each kind, and their bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: Counter[str] = Counter()
    with ExitStack() as stack:
        put, tell = stack.enter_context(sink(form, folder)), stack.enter_context(_lines(folder / "manifest.jsonl"))
        state = stack.enter_context(_lines(folder / "facts.jsonl")) if facts else None
        for one in made:
            about = row(one, put(one))
            tell(about)
            for fact in one.facts if state else ():
                state(as_line(one, fact))
            if gold and one.kind not in ("broken", "hostile"):
                write_gold(one, folder)
            seen[one.kind] += 1
            seen["bytes"] += about["bytes"]
    return seen


@contextmanager
def _lines(path: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    with path.open("w", encoding="utf-8") as out:
        yield lambda told: (out.write(json.dumps(told, ensure_ascii=False) + "\n"), None)[1]


def main() -> None:
    """Write a corpus and say what is in it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="COUNT", help="items, copies and broken ones included")
    options.add_argument("folder", type=Path, metavar="DIR")
    options.add_argument("--form", choices=("txt", "jsonl", "zip", "tar", "tar.gz"), default="txt")
    options.add_argument("--start", type=int, default=0, help="the first number")
    options.add_argument("--seed", type=int, default=0, help="another corpus altogether")
    options.add_argument("--clean", action="store_true", help="articles only, no copies, nothing broken or hostile")
    options.add_argument("--gold", action="store_true", help="a gold file for each article")
    options.add_argument(
        "--without-facts", action="store_true", help="no facts.jsonl: it takes twice what the articles do"
    )
    options.add_argument("--hostile-size", type=int, default=50_000, help="characters of a hostile text")
    for kind, share in SHARES.items():
        options.add_argument(f"--{kind}", type=float, default=share, metavar="SHARE", help=f"default {share:g}")
    args = options.parse_args()
    shares = () if args.clean else tuple((kind, getattr(args, kind)) for kind in SHARES)
    if sum(share for _, share in shares) > 1:
        options.error("the shares are more than 1 together")
    begin = time.perf_counter()
    plan = Plan(shares, args.seed, args.hostile_size)
    seen = write(
        items(args.count, plan, args.start), args.folder, args.form, facts=not args.without_facts, gold=args.gold
    )
    seconds = time.perf_counter() - begin
    size = seen.pop("bytes")
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(seen.items()))
    rate = args.count / max(seconds, 1e-9)
    print(f"{args.folder}: {kinds}; {size / 1e6:,.1f} MB; {seconds:.1f} s, {rate:,.0f} a second")


if __name__ == "__main__":
    main()
