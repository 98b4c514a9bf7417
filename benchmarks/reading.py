"""Reading (text in, claims out) against a spaCy pipeline of the same names and rules in the same run.

    python benchmarks/reading.py [FOLDER] [--rounds 15]         articles per second of both, and the ratio
    python benchmarks/reading.py [FOLDER] --new FOLDER...       the same with articles that neither has read before
    python benchmarks/reading.py [FOLDER] --scale               ms per kB at 1, 10, 100 times the length and the names
    python benchmarks/reading.py --hostile [--megabytes 1]      seconds for texts that are made to be slow

FOLDER holds the articles (default: the samples of the project). The peer is ``spacy.blank("id")`` with an entity ruler
of all names of the lexicon and the reference data, token patterns for names that no list has, and a Matcher with a
token pattern for each rule, made from the rule itself. spaCy is no dependency of the project; for the first table:

    python3 dev.py pip install spacy
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg import lexicon, reference, resources, rules
from kg.article import read_sources
from kg.extract import extract
from kg.lexicon import Lexicon
from kg.model import Article, Kind, Label
from kg.patterns import parse
from kg.reference import Reference, Thing
from kg.sentences import MARK

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "articles"
TYPE_OF_CLASS = {
    **dict.fromkeys("Pp", "post"),
    **dict.fromkeys("SOG", "body"),
    **dict.fromkeys("NJK", "network"),
    **dict.fromkeys("LR", "place"),
    **dict.fromkeys("EV", "event"),
    **dict.fromkeys("HY", "venue"),
    "u": "date",
}
TYPE_OF_MARK = {mark: name for name, mark in MARK.items()}
CAPITAL = {"IS_TITLE": True}
OPEN_CLASSES: Sequence[tuple[str, list[dict[str, Any]]]] = (
    # what no list names: as few patterns as the project's own grammar has
    (
        "person",
        [{"LOWER": {"IN": ["dr.", "prof.", "ir.", "h.", "hj.", "bapak", "ibu"]}, "OP": "+"}, {**CAPITAL, "OP": "+"}],
    ),
    ("post", [{"LOWER": {"IN": ["menteri", "direktur", "kepala", "ketua", "sekretaris"]}}, {**CAPITAL, "OP": "+"}]),
    (
        "body",
        [{"LOWER": {"IN": ["dinas", "badan", "direktorat", "kementerian", "pemerintah"]}}, {**CAPITAL, "OP": "+"}],
    ),
    ("place", [{"LOWER": {"IN": ["kota", "kabupaten", "provinsi"]}}, {**CAPITAL, "OP": "+"}]),
    ("event", [{"LOWER": {"IN": ["rapat", "forum", "kongres", "pertemuan"]}}, {**CAPITAL, "OP": "+"}]),
    (
        "date",
        [{"IS_DIGIT": True}, {"LOWER": {"IN": ["januari", "mei", "juni", "november"]}}, {"SHAPE": "dddd", "OP": "?"}],
    ),
    ("money", [{"LOWER": {"IN": ["rp", "usd"]}}, {"LIKE_NUM": True}, {"LOWER": {"IN": ["juta", "miliar"]}, "OP": "?"}]),
    ("unknown", [{**CAPITAL, "OP": "+"}]),
)


# ------------------------------------------------------------------------------------------------------------- the peer


def peer() -> Callable[[str], int]:
    """The spaCy pipeline: text in, number of matches out."""
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("id")
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler")
    names = [
        {"label": TYPE_OF_CLASS[letter], "pattern": name}
        for name, letter in lexicon.load().classes.items()
        if letter in TYPE_OF_CLASS
    ]
    ruler.add_patterns([*names, *({"label": label, "pattern": steps} for label, steps in OPEN_CLASSES)])
    nlp.add_pipe("merge_entities")
    matcher = Matcher(nlp.vocab)
    for rule in rules.load().rules:
        if pattern := token_pattern(rule.when.source):
            matcher.add(rule.id, [pattern])
    print(f"spaCy {spacy.__version__}: {len(names)} names, {len(OPEN_CLASSES)} open classes, {len(matcher)} rules")

    def read(text: str) -> int:
        return len(matcher(nlp(text)))

    return read


def token_pattern(source: str) -> list[dict[str, Any]]:
    """A rule's pattern as a token pattern: entities by type, words in lower case, gaps of words without an entity."""
    pattern: list[dict[str, Any]] = []
    for found in steps(parse(source)):
        if not pattern or pattern[-1] != found:
            pattern.append(found)
    while pattern and "OP" in pattern[-1]:
        pattern.pop()
    return pattern


GAP = {"ENT_TYPE": "", "IS_PUNCT": False, "OP": "*"}


def steps(sequence: Any) -> Iterator[dict[str, Any]]:
    """What must or may stand at each step of a parsed pattern; what is optional is left out, but for gaps."""
    word = ""
    for operator, value in [*sequence, ("END", None)]:
        name = str(operator)
        if name == "LITERAL" and chr(value).isalpha() and chr(value) not in TYPE_OF_MARK:
            word += chr(value)
            continue
        if len(word) > 1:
            yield {"LOWER": word}
        word = ""
        yield from step(name, value)


def step(name: str, value: Any) -> Iterator[dict[str, Any]]:
    """One step that is no letter of a word."""
    if name == "LITERAL" and chr(value) in TYPE_OF_MARK:
        yield {"ENT_TYPE": TYPE_OF_MARK[chr(value)]}
    elif name == "IN":
        yield from entities(value)
    elif name == "SUBPATTERN":
        yield from steps(value[3])
    elif name in ("MAX_REPEAT", "MIN_REPEAT"):
        if value[0]:
            yield from steps(value[2])
        elif int(value[1]) > 1:
            yield GAP
    elif name == "BRANCH":
        yield from words(value[1])


def entities(members: Any) -> Iterator[dict[str, Any]]:
    """One of several types of mentions."""
    kinds = [TYPE_OF_MARK[chr(code)] for kind, code in members if str(kind) == "LITERAL" and chr(code) in TYPE_OF_MARK]
    if kinds and str(members[0][0]) != "NEGATE":
        yield {"ENT_TYPE": {"IN": kinds}}


def words(branches: Any) -> Iterator[dict[str, Any]]:
    """One of several words, where each branch begins with one."""
    first = [next((step for step in steps(branch)), None) for branch in branches]
    found = sorted({step["LOWER"] for step in first if step and isinstance(step.get("LOWER"), str)})
    if found and len(found) == len({str(step) for step in first}):
        yield {"LOWER": {"IN": found}}


def against_peer(articles: Sequence[Article], new: Sequence[Article], rounds: int) -> None:
    """Articles per second of both: each reads all articles in turn, as in use; then article by article in turn.

    The second is harder on the quicker one: the other's data push its own out of the processor's caches each time.
    ``new`` are read once, at last, when both know the words of the others only.
    """
    read = peer()
    for article in articles:
        extract(article), read(article.text)
    for rule in rules.load().rules:
        for pattern in (rule.when, rule.each, rule.stop, rule.unless, rule.before):
            assert pattern is None or pattern.regex  # compiled when first tried, as the peer's are when it is made
    gc.collect()
    gc.freeze()  # the names of one shall not slow the other's garbage collection
    size = sum(len(article.text) for article in articles) / len(articles)
    print(f"{len(articles)} articles, {size:.0f} characters on average, {rounds} rounds")
    for name, groups in (("all articles in turn", [articles]), ("article by article", [[one] for one in articles])):
        table(name, [in_turn(groups, read, len(articles)) for _ in range(rounds)], size)
    if new:
        table(f"{len(new)} new articles", [in_turn([new], read, len(new))], sum(len(a.text) for a in new) / len(new))


def in_turn(groups: Sequence[Sequence[Article]], read: Callable[[str], int], count: int) -> tuple[float, float]:
    """Seconds an article of both, each reading one group of articles and then the other's turn."""
    ours = theirs = 0.0
    for group in groups:
        start = time.process_time()
        for article in group:
            extract(article)
        middle = time.process_time()
        for article in group:
            read(article.text)
        ours += middle - start
        theirs += time.process_time() - middle
    return ours / count, theirs / count


def table(name: str, seconds: Sequence[tuple[float, float]], size: float) -> None:
    """The medians of the rounds, and the ratio of each round."""
    print(f"{name:<22} {'ms':>6} {'articles/s':>11} {'ms per kB':>10}")
    for label, times in zip(("kg", "spaCy"), zip(*seconds, strict=True), strict=True):
        middle = statistics.median(times)
        print(f"  {label:<20} {1000 * middle:>6.2f} {1 / middle:>11.0f} {1e6 * middle / size:>10.2f}")
    ratios = sorted(their / our for our, their in seconds)
    print(f"  kg reads {statistics.median(ratios):.1f} times as many ({ratios[0]:.1f} to {ratios[-1]:.1f})")


# ------------------------------------------------------------------------------------------------------------- growth


def scale(articles: Sequence[Article], rounds: int) -> None:
    """Time per kB as the article and the reference data grow."""
    text = "\n".join(article.text for article in articles[:1])
    print(f"{'length':<8} {'kB':>7} {'ms per kB':>10} {'names':>9}")
    for factor in (1, 10, 100):
        pieces = [articles[number % len(articles)].text for number in range(factor)]
        report(f"x{factor}", Article("\n".join(pieces)), None, max(3, rounds * 4 // factor))
    data = reference.load()
    for factor in (1, 10, 100):
        words = with_names(data, (factor - 1) * len(data.names))
        report("x1", Article(text), words, rounds * 4)


def report(name: str, article: Article, words: Lexicon | None, rounds: int) -> None:
    extract(article, words)
    gc.collect()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        extract(article, words)
        times.append(time.process_time() - start)
    size = len(article.text) / 1000
    names = len((words or lexicon.load()).classes)
    print(f"{name:<8} {size:>7.1f} {1000 * min(times) / size:>10.2f} {names:>9}")


def with_names(data: Reference, count: int) -> Lexicon:
    """The packaged lexicon with made-up cities and bodies beside the known names."""
    chance = random.Random(count)
    syllables = [a + b for a in "bcdghjklmnprstwy" for b in "aeiou"]
    made: dict[str, tuple[str, ...]] = {}
    things: dict[str, Thing] = {}
    kinds: dict[str, Kind] = {}
    while len(made) < count:
        words = [
            "".join(chance.choices(syllables, k=chance.randint(2, 4))).title() for _ in range(chance.randint(1, 3))
        ]
        kind = chance.choice((Kind.CITY, Kind.BODY))
        name = " ".join(words if kind is Kind.CITY else ["Balai", *words])
        key = f"{'place' if kind is Kind.CITY else 'body'}/{len(made)}"
        if name not in data.names and name not in made:
            made[name] = (key,)
            kinds[key] = kind
            things[key] = Thing(key, kind, Label(name), (Label(name),))
    grown = replace(
        data, names={**data.names, **made}, kinds={**data.kinds, **kinds}, things=Things(data.things, things)
    )
    return lexicon.build(resources.files("data/lexicon", "*.toml"), grown)


class Things(dict[str, Thing]):
    """The made-up things, and behind them the known ones."""

    def __init__(self, known: Any, made: dict[str, Thing]) -> None:
        super().__init__(made)
        self._known = known

    def __missing__(self, key: str) -> Thing:
        thing: Thing = self._known[key]
        return thing


# ------------------------------------------------------------------------------------------------------------- hostile


def hostile(megabytes: float) -> None:
    """Seconds for each hostile text; a tenth of it beside, for the growth."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from hostile import TEXTS, adversary, of_size

    extract(Article("Rapat dibuka."))
    print(f"{'text':<28} {'0.1 MB, s':>10} {f'{megabytes:g} MB, s':>10} {'growth':>7}")
    size = int(1_000_000 * megabytes)
    for name, piece in TEXTS.items():
        small, large = (seconds(of_size(piece, wanted)) for wanted in (size // 10, size))
        print(f"{name:<28} {small:>10.2f} {large:>10.2f} {large / small:>7.1f}", flush=True)
    slowest = sorted(
        ((seconds(of_size(adversary(rule.when.source), 20_000)), rule.id) for rule in rules.load().rules), reverse=True
    )
    print(f"each of {len(slowest)} rules against its own words, 20 kB; the slowest:")
    for spent, rule in slowest[:5]:
        print(f"{rule:<28} {spent:>10.2f}")


def seconds(text: str) -> float:
    start = time.process_time()
    extract(Article(text))
    return time.process_time() - start


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--new", nargs="+", default=(), help="folders of articles that are read once, at last")
    options.add_argument("--scale", action="store_true", help="growth with length and names instead of the peer")
    options.add_argument("--hostile", action="store_true", help="hostile texts instead of the peer")
    options.add_argument("--megabytes", type=float, default=1.0)
    args = options.parse_args()
    if args.hostile:
        hostile(args.megabytes)
        return
    articles = [item for item in read_sources([str(args.folder)]) if isinstance(item, Article)]
    if args.scale:
        scale(articles, args.rounds)
    elif importlib.util.find_spec("spacy") is None:
        sys.exit("spaCy is not installed; for the comparison: python3 dev.py pip install spacy")
    else:
        new = [item for item in read_sources(list(args.new)) if isinstance(item, Article)] if args.new else []
        against_peer(articles, new, args.rounds)


if __name__ == "__main__":
    main()
