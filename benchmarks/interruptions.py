"""A build that is killed at random moments, again and again, and gone on with: is the end always the same?

    python benchmarks/interruptions.py [--kills 300] [--count 60] [--target store|parts] [--part-size 1000] [--seed 0]

The articles are those of `corpus_articles.py`. One build goes through; its graph is the one that all others are held
against. Then builds with one or two workers are killed (SIGKILL, the workers left to themselves) after a time by
chance, and gone on with, until each has come to its end; then the next one begins, until there were as many kills as
asked for. Where it is a store, one in five times somebody else looks into it before the build goes on: it gets what was
read so far brought in first, and may be killed in that, too.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GENERATOR = Path(__file__).with_name("corpus_articles.py")
SHARES = ["--duplicate", "0.1", "--near", "0.1", "--update", "0.1", "--broken", "0.05", "--hostile", "0"]
LOOKS = 0.2
"""Share of the kills of a store after which somebody else looks into it."""
KG = [sys.executable, "-m", "kg", "-q"]


def digest(place: Path, target: str) -> str:
    """A hash of the graph: of the files of parts, or of what the store exports."""
    if target == "parts":
        data = b"".join(path.read_bytes() for path in sorted(place.glob("*.nq.gz")))
        return hashlib.sha256(data).hexdigest()
    command = [*KG, "export", "--resolved", "--store", str(place), "-f", "nquads"]
    found = subprocess.run(command, check=True, capture_output=True).stdout
    return hashlib.sha256(b"\n".join(sorted(found.splitlines()))).hexdigest()


def command(articles: Path, place: Path, options: argparse.Namespace, workers: int) -> list[str]:
    where = [f"--{options.target}", str(place), "--part-size", str(options.part_size)]
    return [*KG, "build", str(articles), *where, "--workers", str(workers)]


def is_killed(program: list[str], seconds: float) -> bool:
    """Whether a command was not at its end after so many seconds, and was killed."""
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--target", choices=["store", "parts"], default="store")
    parser.add_argument("--part-size", type=int, default=1000, help="articles of a part: so many are lost by a kill")
    parser.add_argument("--seed", type=int, default=0, help="other moments")
    options = parser.parse_args()
    chance = random.Random(f"{options.target} {options.seed}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = [
            sys.executable,
            GENERATOR,
            str(options.count),
            folder / "made",
            "--form",
            "txt",
            "--without-facts",
            *SHARES,
        ]
        subprocess.run(made, check=True, capture_output=True)
        articles, place = folder / "made" / "articles", folder / "place"
        start = time.monotonic()
        subprocess.run(command(articles, place, options, 2), check=False, stderr=subprocess.DEVNULL)
        whole, wanted = time.monotonic() - start, digest(place, options.target)
        print(f"{options.count} items, {whole:.1f} s undisturbed, {wanted[:16]}", flush=True)
        kills = ends = looks = 0
        while kills < options.kills:
            shutil.rmtree(place)
            begun, before = time.monotonic(), kills
            # One that has no part yet begins anew each time.
            while is_killed(command(articles, place, options, chance.choice((1, 2))), chance.uniform(0, 1.5 * whole)):
                kills += 1
                if options.target == "store" and chance.random() < LOOKS:
                    looks += 1
                    kills += is_killed([*KG, "store", "info", "--store", str(place)], chance.uniform(0, 0.5 * whole))
            ends += 1
            if kills == before:  # nobody disturbed it: the machine may have been busier the first time
                whole = min(whole, time.monotonic() - begun)
            found = digest(place, options.target)
            if found != wanted:
                sys.exit(
                    f"after {kills} kills another graph: {found[:16]}, kept in {shutil.copytree(place, 'interrupted')}"
                )
            print(f"{kills} kills, {ends} ends, {looks} looks between, all the same", flush=True)


if __name__ == "__main__":
    main()
