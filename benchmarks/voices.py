"""Near-duplicates: how many printings of one text are found, how many other articles are taken for one, the cost.

    python benchmarks/voices.py [--count 20000] [--peers]           found and mistaken, on generated articles
    python benchmarks/voices.py --size 1000000                      the index alone: time, memory, bytes

The generated corpus knows which article is a printing of which (`near`); all others are different texts of one grammar,
with the same persons, regions and phrases: a hard case. What is found is what `kg.voices` groups with the original.
Times are of the processor, of one core.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

import corpus_articles

from kg.voices import grouping
from kg.voices.index import Index, Place
from kg.voices.keeping import FEW, PART
from kg.voices.text import BAND, settings, share, shingles, signature

Item = TypeVar("Item")


def batched(found: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """The same in lists."""
    left = iter(found)
    while batch := list(islice(left, most)):
        yield batch


def texts(count: int) -> Iterator[tuple[int, str, int | None, str, str]]:
    """Number, kind, of which other it is a copy, day, text."""
    for one in corpus_articles.items(count):
        if one.kind in ("article", "near", "update"):
            yield one.number, one.kind, one.of, one.date, one.text


def quality(count: int) -> None:
    """What is found of generated articles, and the distribution of what pairs share."""
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "voices.sqlite", "1")
        found = list(texts(count))
        known = {number: text for number, _, _, _, text in found}
        asked: Counter[str] = Counter()

        def alike(a: int, b: int) -> bool:
            value = share(shingles(known[a]), shingles(known[b]))
            asked["compared"] += 1
            asked["alike"] += value >= settings().alike
            return value >= settings().alike

        begin = time.process_time()
        signed = [(Place(day, number), signature(text)) for number, _, _, day, text in found]
        signing = time.process_time() - begin
        begin = time.process_time()
        for start in range(0, len(signed), 500):
            index.add(signed[start : start + 500])
            grouping.settle(index, alike)
        grouped = time.process_time() - begin
        voices = {key: entry.voice for key in index.every() if (entry := index.find(key)) is not None}
        origin = {number: number if of is None else of for number, _, of, _, _ in found}
        copies = [number for number, kind, of, _, _ in found if kind == "near" and of in voices]
        right = sum(voices[number] == voices[origin[number]] for number in copies)
        first = {number: origin[number] for number in voices}
        wrong = [number for number, voice in voices.items() if first[number] != first[voice]]
        print(f"{len(found):,} articles, {len(copies):,} printings of others")
        print(f"found {right:,} ({right / max(1, len(copies)):.2%}); taken for one and different {len(wrong):,}")
        print(f"compared word by word {asked['compared']:,}, of which alike {asked['alike']:,}")
        print(
            f"an article: signature {1e6 * signing / len(found):.0f} µs, grouping {1e6 * grouped / len(found):.0f} µs"
        )
        index.close()


def spread(count: int) -> None:
    """What two texts share: printings, and different articles that share most."""
    found = list(texts(count))
    known = {number: shingles(text) for number, _, _, _, text in found}
    near = sorted(share(known[number], known[of]) for number, kind, of, _, _ in found if kind == "near" and of in known)
    dice = random.Random(1)
    numbers = [number for number, kind, _, _, _ in found if kind == "article"]
    others = sorted(
        share(known[a], known[b])
        for a, b in ((dice.choice(numbers), dice.choice(numbers)) for _ in range(200_000))
        if a != b
    )
    parts = (0, 0.001, 0.01, 0.05, 0.25, 0.5)
    print("printings: least shared by part", {part: round(near[int(part * len(near))], 3) for part in parts})
    print("different: most shared by part", {part: round(others[-1 - int(part * len(others))], 3) for part in parts})


def size(count: int) -> None:
    """The index alone, with made-up signatures of which one in seven is nearly another one's."""
    dice = random.Random(0)
    bands = settings().bands
    made: list[bytes] = []

    def signatures() -> Iterator[tuple[int, bytes]]:
        for _ in range(count):
            if made and dice.random() < 0.15:
                old = bytearray(dice.choice(made))
                for at in dice.sample(range(bands), bands // 3):
                    old[at * BAND : (at + 1) * BAND] = dice.randbytes(BAND)
                new = bytes(old)
            else:
                new = dice.randbytes(bands * BAND)
            made.append(new)
            del made[:-5000]
            yield dice.getrandbits(63), new

    def take_in() -> None:
        found = ((Place(f"2024-{1 + key % 12:02d}-01", key), new or b"") for key, new in index.waiting())
        for batch in batched(found, 2_000):
            index.add(batch)
        index.waited()
        grouping.settle(index, lambda _a, _b: True)

    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "voices.sqlite", "1")
        spent, number = 0.0, 0
        for batch in batched(signatures(), 500):
            begin, number = time.process_time(), number + len(batch)
            index.wait(batch)
            index.save()
            if index.waits >= max(FEW, index.size // PART) or number == count:
                take_in()
                spent += time.process_time() - begin
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                on_disk = sum(each.stat().st_size for each in Path(folder).iterdir())
                of_all = f"{memory:5.0f} MB of memory, {on_disk / 1e6:6.0f} MB on disk"
                print(f"{number:>9,} {1e6 * spent / number:6.0f} µs an article, {of_all}", flush=True)
            else:
                spent += time.process_time() - begin
        print(f"{index.count():,} printings")
        index.close()


def peers(count: int) -> None:
    """The libraries for the same signatures, each in the same run."""
    import datasketch

    found = [sorted(shingles(text)) for _, _, _, _, text in texts(count)]
    how = settings()
    number = how.bands * how.rows

    def by_rensa() -> None:
        import rensa

        for each in found:
            one = rensa.RMinHash(num_perm=number, seed=1)
            one.update(each)
            one.digest()

    def by_datasketch() -> None:
        for each in found:
            one = datasketch.MinHash(num_perm=number, seed=1)
            one.update_batch([word.encode() for word in each])
            one.hashvalues.tolist()

    for name, made in (("rensa", by_rensa), ("datasketch", by_datasketch)) * 2:
        begin = time.perf_counter()
        made()
        print(f"{name:<11} {1e6 * (time.perf_counter() - begin) / len(found):7.0f} µs an article")


def main() -> None:
    """Measure what is asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=20_000)
    options.add_argument("--size", type=int, default=0)
    options.add_argument("--peers", action="store_true")
    options.add_argument("--spread", action="store_true")
    args = options.parse_args()
    if args.size:
        size(args.size)
    elif args.peers:
        peers(args.count)
    elif args.spread:
        spread(args.count)
    else:
        quality(args.count)


if __name__ == "__main__":
    main()
