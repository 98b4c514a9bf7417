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
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from corpus_telling import Fact, Thing, Writer, first_relations, grammar, relations, way
from corpus_things import Cast, Things, names, outlet, person_words

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
IN_EACH_FOLDER: Final = 1000
STAMP: Final = (2025, 1, 1, 0, 0, 0)  # of the files in archives: no clock

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
    things = Things(Cast(dice, day.year), scene["name"], day)
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
