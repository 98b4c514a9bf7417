"""Graphs of any size for tests of exports, traversals and pictures: invented officials, cities, networks and meetings.

Every fact has a claim with evidence, as articles that are read give them; the numbers decide everything, no chance.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import vocabulary as v

BASE = v.DEFAULT_BASE
FIRST = ("Budi", "Ratna", "Wirya", "Sari", "Agus", "Dewi", "Joko", "Lestari", "Hendra", "Maya")
LAST = ("Santoso", "Wijaya", "Pratama", "Utami", "Nugroho", "Siregar", "Hartono", "Kusuma", "Halim", "Permata")
TOWNS = (
    "Arjuna",
    "Bahari",
    "Cendana",
    "Delima",
    "Embun",
    "Fajar",
    "Gading",
    "Harapan",
    "Intan",
    "Jati",
    "Kenanga",
    "Lontar",
)
SIDES = ("Utara", "Selatan", "Timur", "Barat", "Baru", "Lama")
THEMES = ("smart river city", "smart cultural city", "kota pelabuhan cerdas", "kota tangguh bencana")


def iri(key: str) -> NamedNode:
    """The node of an id without the base."""
    return NamedNode(f"{BASE}id/{key}")


class Writer:
    """Collects the quads of one article; offsets go up with every claim, so that each span is used once."""

    def __init__(self, number: int) -> None:
        self.key = f"{number:016x}"
        self.article = iri(f"article/{self.key}")
        self.apart = NamedNode(f"{self.article.value}/provenance")
        self.quads: list[Quad] = []
        self.at = 0
        self.date = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
        self.fact(self.article, v.TYPE, v.NEWS_ARTICLE)
        self.fact(self.article, v.HEADLINE, Literal(f"Berita nomor {number}", language="id"))
        self.fact(self.article, v.DATE_PUBLISHED, Literal(self.date, datatype=v.DATE))

    def fact(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """A triple of the article's own graph."""
        self.quads.append(Quad(subject, predicate, value, self.article))

    def thing(self, key: str, kind: NamedNode, label: str, *aliases: str, lang: str = "id") -> NamedNode:
        """A thing with its names."""
        node = iri(key)
        self.fact(node, v.TYPE, kind)
        self.fact(node, v.PREF_LABEL, Literal(label, language=lang))
        for alias in aliases:
            self.fact(node, v.ALT_LABEL, Literal(alias, language=lang))
        return node

    def claim(
        self,
        relation: str,
        triple: tuple[NamedNode, NamedNode, NamedNode | Literal],
        words: tuple[str, str, str],
        about: NamedNode | None = None,
    ) -> None:
        """A claim with the words of its subject, trigger and object."""
        claim = iri(f"claim/{self.key}-{self.at:010x}")
        said: list[tuple[NamedNode, NamedNode | Literal]] = [
            (v.TYPE, v.CLAIM),
            (v.RELATION, Literal(relation)),
            (v.SUBJECT, triple[0]),
            (v.PREDICATE, triple[1]),
            (v.OBJECT, triple[2]),
            (v.RULE, Literal(f"{relation}.test")),
            (v.CONFIDENCE, Literal("0.9", datatype=v.DECIMAL)),
        ]
        if about is not None:
            said.append((v.ABOUT, about))
        roles = (v.SUBJECT_EVIDENCE, v.TRIGGER_EVIDENCE, v.OBJECT_EVIDENCE)
        said += [(role, self.span(text)) for role, text in zip(roles, words, strict=True)]
        self.quads += [Quad(claim, predicate, value, self.apart) for predicate, value in said]

    def span(self, words: str) -> NamedNode:
        """Evidence right after the one before."""
        begin, end = self.at, self.at + len(words)
        self.at = end + 1
        node = NamedNode(f"{self.article.value}#char={begin},{end}")
        number = v.NON_NEGATIVE_INTEGER
        said: list[tuple[NamedNode, NamedNode | Literal]] = [
            (v.TYPE, v.SPAN),
            (v.REFERENCE_CONTEXT, self.article),
            (v.BEGIN_INDEX, Literal(str(begin), datatype=number)),
            (v.END_INDEX, Literal(str(end), datatype=number)),
            (v.ANCHOR_OF, Literal(words)),
        ]
        self.quads += [Quad(node, predicate, value, self.apart) for predicate, value in said]
        return node

    def plain(self, relation: str, s: NamedNode, p: NamedNode, o: NamedNode, words: tuple[str, str, str]) -> None:
        """A fact that is one triple, and its claim."""
        self.fact(s, p, o)
        self.claim(relation, (s, p, o), words)


def article(number: int, *, cities: int, officials: int, countries: int = 2, networks: int = 1) -> list[Quad]:
    """One article about one meeting, with that many things around it."""
    w = Writer(number)
    meeting = w.thing(f"meeting/forum-{number}", v.MEETING, f"Forum Kota Pesisir dan Sungai {number}", f"FKPS {number}")
    w.fact(meeting, v.START_DATE, Literal(w.date, datatype=v.DATE))
    hubs = [
        w.thing(f"network/jaringan-{n}", v.NETWORK, f"Jaringan Kota Nusantara {n}", f"JKN-{n}") for n in range(networks)
    ]
    for hub in hubs:
        w.plain("organised_by", meeting, v.ORGANIZER, hub, ("Forum", "digelar oleh", "Jaringan"))
    _cities(w, number, cities, hubs, meeting)
    _officials(w, number, officials, meeting)
    for n in range(countries):
        place = w.thing(f"place/X{n}", v.COUNTRY, f"Negara {LAST[n % 10]}")
        government = w.thing(f"government/X{n}", v.GOVERNMENT, f"Pemerintah Negara {LAST[n % 10]}")
        w.fact(government, v.SPATIAL, place)
        w.plain("attended_by", meeting, v.ATTENDEE, government, ("Forum", "dihadiri", f"Negara {LAST[n % 10]}"))
    return w.quads


def _cities(w: Writer, number: int, count: int, hubs: list[NamedNode], meeting: NamedNode) -> None:
    for n in range(number, number + count):
        name = f"Kota {TOWNS[n % len(TOWNS)]} {SIDES[n // len(TOWNS) % len(SIDES)]}"
        place = w.thing(f"place/90.{n:02}", v.CITY, name, name.removeprefix("Kota "))
        government = w.thing(f"government/90.{n:02}", v.GOVERNMENT, f"Pemerintah {name}")
        w.fact(government, v.SPATIAL, place)
        if n == number:
            w.plain("held_in", meeting, v.LOCATION, place, ("Forum", "digelar di", name))
        network, projected = hubs[n % len(hubs)], n % 3 == 0
        node = iri(f"membership/90.{n:02}--jaringan-{n % len(hubs)}" + ("--projected" if projected else ""))
        status = v.term("kg:projected" if projected else "kg:current")
        for predicate, value in (
            *((v.TYPE, v.NETWORK_MEMBERSHIP), (v.MEMBER, government), (v.MEMBER_PLACE, place)),
            *((v.ORGANIZATION, network), (v.STATUS, status)),
        ):
            w.fact(node, predicate, value)
        if projected:
            theme = w.thing(f"theme/{n % len(THEMES)}", v.CONCEPT, THEMES[n % len(THEMES)])
            w.fact(node, v.DCT_SUBJECT, theme)
        w.claim("member_of", (government, v.ORGANIZATION, network), (name, "anggota", "Jaringan"), node)


def _officials(w: Writer, number: int, count: int, meeting: NamedNode) -> None:
    for n in range(number, number + count):
        name = f"{FIRST[n % 10]} {LAST[n // 10 % 10 - n % 7]}"
        key = f"{name.lower().replace(' ', '-')}-{n}"
        person = w.thing(f"person/{key}", v.OFFICIAL, name, FIRST[n % 10])
        ministry = w.thing(
            f"body/kementerian-{n % 5}", v.MINISTRY, f"Kementerian Urusan {TOWNS[n % 5]}", f"Kemen{n % 5}"
        )
        post = w.thing(f"post/dirjen-{n}", v.POST, f"Direktur Jenderal Bina {TOWNS[n % 12]}")
        w.fact(post, v.POST_IN, ministry)
        tenure = iri(f"tenure/{key}--dirjen-{n}")
        for predicate, value in (
            *((v.TYPE, v.TENURE), (v.MEMBER, person), (v.HAS_POST, post), (v.ORGANIZATION, ministry)),
            *((v.APPOINTMENT, v.term("kg:definitive")), (v.STATUS, v.term("kg:current"))),
        ):
            w.fact(tenure, predicate, value)
        w.claim("holds_post", (person, v.HAS_POST, post), (name, "selaku", f"Dirjen Bina {TOWNS[n % 12]}"), tenure)
        if n % 2 == 0:
            w.plain("attended_by", meeting, v.ATTENDEE, person, ("Forum", "dihadiri", name))


def store_of(quads: list[Quad]) -> Store:
    """A store with the quads."""
    store = Store()
    store.bulk_extend(quads)
    return store


def small() -> Store:
    """About 15 things, one article."""
    return store_of(article(1, cities=5, officials=4))


def middling() -> Store:
    """About 40 things, two articles about different meetings."""
    return store_of([*article(3, cities=14, officials=8, networks=2), *article(9, cities=12, officials=7, countries=4)])


def large() -> Store:
    """More than 120 things, six articles."""
    quads: list[Quad] = []
    for n in range(6):
        quads += article(n * 11, cities=14, officials=10, countries=3, networks=3)
    return store_of(quads)
