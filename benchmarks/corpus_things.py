"""Who and what made-up articles are about: regions, ministries, networks of the reference data; invented persons."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from corpus_telling import Thing, grammar

from kg import reference

MONTHS: Final = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
WEEKDAYS: Final = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()


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


TERM: Final = 5
"""Years for which somebody has a post."""


class Cast:
    """Makes the things of one article; nobody and no place twice."""

    def __init__(self, dice: random.Random, year: int = 0) -> None:
        self.roll = dice.random
        self.dice = dice
        self.term = year // TERM
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
        """Who has that post in those years: the same in all articles, or the next one where the article has them."""
        words = person_words()
        for number in itertools.count():
            others = Cast(random.Random(f"{post.forms['']} {self.term} {number}"))
            whose = "men" if others.roll() < 0.6 else "women"
            short = others.pick(words[whose])
            if short not in self.used:
                break
        self.used.add(short)
        middle = f" {others.pick(words[whose])}" if others.roll() < 0.35 else ""
        full = f"{short}{middle} {others.pick(words['begin'])}{others.pick(words['end'])}"
        front = others.pick(words["before" if whose == "men" else "before_women"])
        titled = f"{front}{full}{others.pick(words['behind'])}"
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
