"""Graphs of this project's shape of any size, made from real ones: views on disk, or the articles one by one.

    python benchmarks/big_graphs.py 1000000 DIR          a view: an Oxigraph folder that `ox.Store.read_only` opens
    python benchmarks/big_graphs.py 10k 100k /tmp/big    several below one folder, each under its name; kept if there

The size is the number of statements in the graphs of articles (facts, provenance and quarantine); reference data and
ontology (22,000 triples) come on top, and the default graph holds every triple once more, as `kg.view` has it.

No article is read for it beyond some eighty that are in the repository. Each of those is a mould: what it says is told
again of other persons, posts, places, bodies, meetings and dates, its words included, so that a claim still points at
words of the right length. A seventh of the articles tell the story of the mould itself, so a few officials, bodies and
networks stand in many articles; the others tell one of endlessly many, mostly in two or three articles each. Posts
change hands every few years, and now and then an article names another holder than the others do. The same number gives
the same article.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import itertools
import os
import random
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from kg import reference, resources
from kg import vocabulary as v
from kg.article import read_article
from kg.find import short
from kg.pipeline import read
from kg.rdf import Ids

ROOT: Final = Path(__file__).resolve().parents[1]
MOULDS: Final = (
    "data/articles/*.txt", "tests/corpus/seen/*.txt", "tests/corpus/fresh/*.txt", "tests/corpus/later/*.txt",
)  # fmt: skip
SIZES: Final = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
GIVEN: Final = (
    "Adi Agung Agus Ahmad Aisyah Aminah Andi Anggun Anwar Arif Asep Bagus Bambang Bayu Benyamin Budi Cahya Citra Dedi "
    "Dewi Dian Eka Eko Fajar Farida Fitri Gita Hadi Hana Hendra Ida Imam Indah Irma Iwan Joko Kartika Ketut Laila Made "
    "Maria Maya Muhammad Nanang Nur Putri Rahmat Ratna Rina Rizki Rudi Sari Siti Slamet Sri Tri Wahyu Wayan Yohanes"
).split()
SYLLABLES: Final = "ba be da di do ga gi ha hu ja ka ki la lo ma mi na nu pa ra ri ru sa si ta ti wa wi ya yu".split()
FIRST_DAY: Final = dt.date(2015, 1, 1)
DAYS: Final = 11 * 365
ERA: Final = 5
"""Years after which a post has another holder."""
DIFFERS: Final = 0.03
"""The share of the articles that name the next holder already."""
_DATE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)")
_YEAR: Final = re.compile(r'(?<=^")(?:19|20)\d\d(?="\^\^<[^>]*#gYear>)')
_SPAN: Final = re.compile(r"#char=(\d+),\d+")


# ---------------------------------------------------------------- names


@cache
def word(number: int) -> str:
    """One of endlessly many names, as in Laruyu."""
    letters = ""
    number += len(SYLLABLES)
    while number:
        number, at = divmod(number, len(SYLLABLES))
        letters += SYLLABLES[at]
    return letters.title()


def person(dice: random.Random) -> tuple[str, str]:
    """The first name and the whole name of somebody."""
    first = dice.choice(GIVEN)
    return first, f"{first} {dice.choice(GIVEN)} {word(dice.randrange(5000))}"


def slug(text: str) -> str:
    """A name as ids have it."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


@cache
def known() -> frozenset[object]:
    """What the reference data describes."""
    return frozenset(quad.subject for quad in reference.quads())


@cache
def regions() -> dict[str, list[tuple[str, str]]]:
    """Class -> code and name of the cities and regencies of the reference data, by code."""
    names = {q.subject: q.object.value for q in reference.quads() if q.predicate == v.PREF_LABEL}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for quad in reference.quads():
        code = quad.subject.value.rpartition("/id/place/")[2]
        if quad.predicate == v.TYPE and re.fullmatch(r"\d\d\.\d\d", code):
            found[quad.object.value].append((code, names[quad.subject]))
    return {kind: sorted(rows) for kind, rows in found.items()}


def bare(name: str) -> str:
    """A region's name without its kind."""
    return re.sub(r"^(Kota Administrasi|Kabupaten Administrasi|Kota|Kabupaten) ", "", name)


# ---------------------------------------------------------------- moulds


@dataclass(frozen=True)
class Names:
    """What a mould's article names: everything that another article may name otherwise."""

    persons: tuple[tuple[str, str, tuple[str, ...]], ...]  # slug, name, slugs of the posts
    shorts: tuple[tuple[str, str], ...]  # a person's slug, another name of that person
    posts: tuple[tuple[str, str, str], ...]  # slug, name, code of the region that it belongs to
    places: tuple[tuple[str, str, str], ...]  # code, name without its kind, class
    others: tuple[tuple[str, str], ...]  # slug and name of bodies, meetings and networks that the reference lacks


@dataclass(frozen=True)
class Mould:
    """The graphs of an article that was read, its terms cut where another article has something else."""

    key: str
    date: dt.date
    names: Names
    terms: tuple[tuple[str, ...], ...]  # as N-Triples: text and name in turn, beginning and ending with text
    spans: dict[int, tuple[int, int]]  # evidence -> where it begins, its words
    ends: dict[int, int]  # end of a piece of evidence -> that evidence
    graphs: tuple[tuple[str, tuple[tuple[int, int, int], ...]], ...]  # what follows the article's id, its triples

    @property
    def size(self) -> int:
        """The number of its statements."""
        return sum(len(triples) for _, triples in self.graphs)


@cache
def moulds() -> tuple[Mould, ...]:
    """One for each article of the repository that states something."""
    paths = [path for pattern in MOULDS for path in sorted(ROOT.glob(pattern))]
    articles = [read_article(path) for path in paths]
    return tuple(_mould(read(each).quads, each.key) for each in articles)


def _mould(quads: list[Quad], key: str) -> Mould:
    names = _names(quads, key)
    cut = _cutter(names, key)
    begin = len(f"{v.DEFAULT_BASE}id/article/{key}")
    index: dict[str, int] = {}
    graphs: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    words, ends = {}, {}
    for quad in quads:
        row = [str(quad.subject), str(quad.predicate), str(quad.object)]
        if quad.predicate == v.END_INDEX:  # the words may be longer or shorter, the same number need not fit all
            row[2] = f"end of {row[0]}"
        s, p, o = (index.setdefault(term, len(index)) for term in row)
        if quad.predicate == v.END_INDEX:
            ends[o] = s
        elif quad.predicate == v.ANCHOR_OF:
            words[s] = o
        graphs[quad.graph_name.value[begin:]].append((s, p, o))
    terms = list(index)
    spans = {span: (int(_SPAN.split(terms[span])[1]), text) for span, text in words.items()}
    days = [quad.object.value for quad in quads if quad.predicate == v.DATE_PUBLISHED]
    return Mould(
        key,
        dt.date.fromisoformat(days[0]) if days else FIRST_DAY + dt.timedelta(DAYS // 2),
        names,
        tuple(cut(term) for term in terms),
        spans,
        ends,
        tuple((name, tuple(triples)) for name, triples in sorted(graphs.items())),
    )


def _names(quads: list[Quad], key: str) -> Names:
    labels: dict[str, str] = {}
    shorts, holds, kinds = set(), defaultdict(set), {}
    tenures: dict[str, dict[NamedNode, str]] = defaultdict(dict)
    for quad in quads:
        node, value = short(quad.subject.value), getattr(quad.object, "value", "")
        if quad.predicate == v.PREF_LABEL and (quad.subject not in known() or node.startswith("place/")):
            labels[node] = value
        elif quad.predicate == v.ALT_LABEL and node.startswith("person/"):
            shorts.add((_tail(node), value))
        elif quad.predicate == v.TYPE:
            kinds[node] = value
        elif node.startswith("tenure/"):
            tenures[node][quad.predicate] = _tail(value)
    for each in tenures.values():
        holds[each[v.MEMBER]].add(each[v.HAS_POST])
    places = tuple(
        (_tail(node), bare(name), kinds[node])
        for node, name in sorted(labels.items())
        if re.fullmatch(r"place/\d\d\.\d\d", node) and kinds.get(node) in regions()
    )

    def of(kind: str) -> list[tuple[str, str]]:
        return [(_tail(node), name) for node, name in sorted(labels.items()) if node.startswith(kind)]

    kinds_of_others = ("body/", "meeting/", "series/", "network/", "venue/", "programme/", "award/")
    return Names(
        tuple((who, name, tuple(sorted(holds[who]))) for who, name in of("person/")),
        tuple(sorted(shorts)),
        tuple((post, name, _region_of(post, places)) for post, name in of("post/")),
        places,
        tuple((re.sub(rf"-({_DATE.pattern}|{key})$", "", node), name) for k in kinds_of_others for node, name in of(k)),
    )


def _region_of(post: str, places: Iterable[tuple[str, str, str]]) -> str:
    return next((code for code, *_ in places if post.endswith("-" + code.replace(".", "-"))), "")


def _cutter(names: Names, key: str) -> Callable[[str], tuple[str, ...]]:
    """What cuts a term at everything that another article has otherwise."""
    slugs = {node for node, *_ in (*names.persons, *names.posts, *names.others)}
    slugs |= {slug(name) for _, name, _ in names.places} | {code.replace(".", "-") for code, *_ in names.places}
    in_ids = [rf"(?<=[-/]){re.escape(each)}(?=[->/])" for each in sorted(slugs, key=_longest)]
    in_ids += [rf"(?<=/){re.escape(code)}(?=[->/])" for code, *_ in names.places]
    texts = {name for _, name, *_ in (*names.persons, *names.posts, *names.others, *names.places, *names.shorts)}
    in_words = [rf"(?<!\w){re.escape(each)}(?!\w)" for each in sorted(texts, key=_longest)]
    both = [key, _DATE.pattern]
    iri, literal = (re.compile("|".join([*each, *both])) for each in (in_ids, [*in_words, _YEAR.pattern]))

    def cut(term: str) -> tuple[str, ...]:
        pieces, at = [], 0
        for found in (iri if term.startswith("<") else literal).finditer(term):
            pieces += [term[at : found.start()], found[0]]
            at = found.end()
        return (*pieces, term[at:])

    return cut


def _longest(text: str) -> tuple[int, str]:
    return -len(text), text


def _tail(node: str) -> str:
    return node.rpartition("/")[2]


# ---------------------------------------------------------------- articles


@dataclass(frozen=True)
class Made:
    """An article's graphs: the name of each and its triples, written as N-Triples without the full stop."""

    key: str
    date: dt.date
    graphs: tuple[tuple[str, list[str]], ...]

    @property
    def size(self) -> int:
        """The number of its statements."""
        return sum(len(triples) for _, triples in self.graphs)

    @property
    def lines(self) -> str:
        """N-Quads of its graphs."""
        return "".join(f"{triple} <{name}> .\n" for name, triples in self.graphs for triple in triples)

    @property
    def merged(self) -> str:
        """The same triples for the default graph, N-Triples."""
        return "".join(f"{triple} .\n" for _, triples in self.graphs for triple in triples)

    @property
    def quads(self) -> list[Quad]:
        """The same as a program has them."""
        return list(ox.parse(self.lines, format=ox.RdfFormat.N_QUADS))


def article(number: int, among: int) -> Made:
    """An article of a corpus of so many."""
    dice = random.Random(f"article {number}")
    mould = moulds()[number % len(moulds())]
    story = _story(dice, among // len(moulds()))
    date = FIRST_DAY + dt.timedelta(dice.randrange(DAYS))
    key = f"{dice.getrandbits(64):016x}"
    told = _told(mould, story, date.year // ERA + (dice.random() < DIFFERS))
    terms = _terms(mould, key, told, date - mould.date)
    return Made(
        key,
        date,
        tuple(
            (f"{v.DEFAULT_BASE}id/article/{key}{name}", [f"{terms[s]} {terms[p]} {terms[o]}" for s, p, o in triples])
            for name, triples in mould.graphs
        ),
    )


def _story(dice: random.Random, of_mould: int) -> int:
    """Whose story is told: the mould's own (0), one of a few well-known ones, or one of many."""
    kind = dice.random()
    if kind < 0.15:
        return 0
    if kind < 0.35:
        return min(int(dice.paretovariate(0.7)), of_mould + 1)
    return 1 + dice.randrange(max(of_mould // 3, 1))


def _told(mould: Mould, story: int, era: int) -> tuple[dict[str, str], dict[str, str]]:
    """What stands in an article of this story in the place of each slug of the mould, and of each name."""
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for code, name, kind in mould.names.places:
        other, new = (code, name) if not story else random.Random(f"{code} {story}").choice(regions()[kind])
        ids |= {code: other, code.replace(".", "-"): other.replace(".", "-"), slug(name): slug(bare(new))}
        names[name] = bare(new)
    more = word(story) if story else ""
    for node, name, *region in (*mould.names.posts, *mould.names.others):
        if any(region):
            ids[node], names[name] = _elsewhere(node, ids, "-"), _elsewhere(name, names, " ")
        elif story:
            ids[node], names[name] = f"{node}-{slug(more)}", f"{name} {more}"
    for who, name, posts in mould.names.persons:
        if not story and era == mould.date.year // ERA:
            continue
        dice = random.Random(f"{[ids.get(post, post) for post in posts] or (who, story)} {era}")
        first, whole = person(dice)
        names |= {text: first for other, text in mould.names.shorts if other == who}
        ids[who], names[name] = slug(whole), whole
    return ids, names


def _elsewhere(name: str, told: dict[str, str], space: str) -> str:
    """The slug or name of a post with another region's names in it."""
    for old, new in told.items():
        name = f"{space}{name}{space}".replace(f"{space}{old}{space}", f"{space}{new}{space}").strip(space)
    return name


def _terms(mould: Mould, key: str, told: tuple[dict[str, str], dict[str, str]], shift: dt.timedelta) -> list[str]:
    """The mould's terms as this article has them."""
    other: dict[str, str] = {mould.key: key}

    def filled(term: tuple[str, ...]) -> str:
        known = told[not term[0].startswith("<")]
        texts = list(term)
        for at in range(1, len(texts), 2):
            name = texts[at]
            texts[at] = known.get(name) or other.get(name) or other.setdefault(name, _later(name, shift))
        return "".join(texts)

    terms = [term[0] if len(term) == 1 else filled(term) for term in mould.terms]
    for span, (begin, words) in mould.spans.items():
        length = len(re.sub(r"\\(.)", r"\1", terms[words])) - 2
        terms[span] = re.sub(r"#char=\d+,\d+", f"#char={begin},{begin + length}", terms[span])
    for end, span in mould.ends.items():
        terms[end] = f'"{terms[span].rpartition(",")[2][:-1]}"^^{v.NON_NEGATIVE_INTEGER}'
    return terms


def _later(date: str, shift: dt.timedelta) -> str:
    """A day or a year so much later; what is neither stays what it is."""
    if re.fullmatch(r"\d{4}", date):
        return str(int(date) + round(shift.days / 365.25))
    try:
        return str(dt.date.fromisoformat(date) + shift)
    except ValueError:
        return date


# ---------------------------------------------------------------- stores


def articles(size: int) -> Iterator[Made]:
    """Articles until they have so many statements."""
    among = size * len(moulds()) // sum(mould.size for mould in moulds())
    done = 0
    for number in itertools.count():
        made = article(number, among)
        done += made.size
        if done > size and number:
            return
        yield made


def background() -> Iterator[str]:
    """Reference data and ontology as N-Quads, and each triple once more for the default graph."""
    graph = Ids(v.DEFAULT_BASE).node("ontology")
    ontology = ox.parse(resources.path("ontology/kg.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    for quad in (*reference.quads(), *(Quad(q.subject, q.predicate, q.object, graph) for q in ontology)):
        yield f"{quad.triple} {quad.graph_name} .\n{quad.triple} .\n"


def lines(size: int) -> Iterator[str]:
    """All of a view, N-Quads; the default graph repeats what several articles state."""
    yield from background()
    for made in articles(size):
        yield made.lines
        yield made.merged


class Stream(io.RawIOBase):
    """Text that is made while it is read, so that no file of it is needed."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = iter(texts)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            text = next(self._texts, None)
            if text is None:
                break
            self._rest += text.encode()
        found, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return found


def make(size: int, folder: Path) -> None:
    """A view of articles with so many statements in a new folder."""
    store = ox.Store(str(folder))
    store.bulk_load(Stream(lines(size)), format=ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()


def view(size: str, folder: Path = Path("/tmp/big")) -> Path:
    """The folder of the view of that size (``10k``, ``1m`` …) below another one, made where it isn't there yet."""
    target = folder / size
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f".{size}.{os.getpid()}"
        shutil.rmtree(new, ignore_errors=True)
        make(SIZES[size], new)
        new.rename(target)  # under its name only when it is whole
    return target


def main() -> None:
    """Make the views and say how long each took."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sizes", nargs="+", metavar="SIZE", help="a number, or 10k, 100k, 1m, 10m")
    options.add_argument("folder", type=Path, metavar="DIR")
    args = options.parse_args()
    for size in args.sizes:
        start = time.perf_counter()
        if size.isdecimal():
            make(int(size), args.folder)
            target = args.folder
        else:
            target = view(size, args.folder)
        seconds = time.perf_counter() - start
        made = ox.Store.read_only(str(target))
        of_disk = sum(path.stat().st_size for path in target.rglob("*"))
        print(f"{target}: {len(made):,} quads, {of_disk / 1e6:,.0f} MB, {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
