"""What it costs to find out who is who in one more article, in stores of growing size; and afresh, for all.

    python benchmarks/identities.py [--sizes 100 1000 10000] [--more 100] [--afresh]

The articles are made up, graphs without text: four officials each, of whom half are new, a third are among a hundred
whom everybody writes about, and the rest were met before; one in five is written otherwise than before. Given names are
common ones, family names are made of syllables or common ones. The same numbers give the same articles.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from kg import store
from kg.link.identities import Index, update
from test_identities import Told, article, quads

GIVEN = "Budi Agus Siti Dewi Ahmad Muhammad Hendra Ratna Joko Sri Eko Rudi Maria Yohanes Nur Andi Made Wayan".split()
COMMON = "Santoso Setiawan Wijaya Saputra Lestari Hidayat Siregar Nasution Simanjuntak Gunawan".split()
SYLLABLES = "ka ri ma wo la su ti no da ge ra bi pu se jo we ha lu mi sa".split()
ROLES = "bupati wali-kota kepala-dinas camat sekretaris-daerah direktur".split()
HOT = 100


def official(number: int) -> Told:
    """One of endlessly many officials; a fifth have a common family name."""
    dice = random.Random(number)
    rare = "".join(dice.choice(SYLLABLES) for _ in range(4)).title()
    family = dice.choice(COMMON) if dice.random() < 0.2 else rare
    where = f"{11 + number % 80}.{number // 80 % 90 + 1:02}"
    return Told(f"{dice.choice(GIVEN)} {family}", dice.choice(ROLES), where)


def told(number: int) -> list[Told]:
    """The officials of one article."""
    dice = random.Random(-number)
    found = [official(HOT + 2 * number), official(HOT + 2 * number + 1), official(dice.randrange(HOT))]
    found.append(
        official(HOT + dice.randrange(2 * number + 2)) if dice.random() < 0.5 else official(dice.randrange(HOT))
    )
    date = f"{2015 + number % 11}-{number % 12 + 1:02}-01"
    return [_varied(each, dice, date) for each in found]


def _varied(one: Told, dice: random.Random, date: str) -> Told:
    given, family = one.name.split()
    names = [one.name] * 8 + [f"{given[0]}. {family}", one.name.replace("u", "oe")]
    return Told(dice.choice(names), one.role, one.where, date)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    options.add_argument("--more", type=int, default=100, help="articles that are timed one by one at each size")
    options.add_argument("--afresh", action="store_true", help="also look at all anew at each size")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, store.open_store(Path(folder) / "kg-store", create=True) as kept:
        done, first = 0, 0.0
        print(f"{'articles':>9}{'put, ms':>9}{'who, ms':>9}{'median':>8}{'ratio':>7}{'persons':>9}{'afresh, s':>11}")
        for size in args.sizes:
            for number in range(done, size):
                one = article(number)
                kept.put(one, quads(one, told(number)))
            update(kept)
            puts, whos = [], []
            for number in range(size, size + args.more):
                one = article(number)
                start = time.process_time()
                kept.put(one, quads(one, told(number)))
                middle = time.process_time()
                update(kept)
                puts.append(1000 * (middle - start))
                whos.append(1000 * (time.process_time() - middle))
            done = size + args.more
            start = time.process_time()
            index = Index(kept)
            if args.afresh:
                index.rebuild()
            afresh = f"{time.process_time() - start:.1f}" if args.afresh else "-"
            mean = statistics.mean(whos)
            first = first or mean
            persons = sum(1 for _ in index.persons())
            print(
                f"{size:>9}{statistics.mean(puts):>9.2f}{mean:>9.2f}{statistics.median(whos):>8.2f}{mean / first:>7.2f}"
                f"{persons:>9}{afresh:>11}",
                flush=True,
            )


if __name__ == "__main__":
    main()
