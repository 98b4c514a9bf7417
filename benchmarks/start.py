"""Process start to graph file for one article, as a ratio to `python -c "import rdflib, pyshacl"` in the same run.

    python benchmarks/start.py [ARTICLE] [--rounds 9]

The commands run in turn, so that other load on the machine meets them alike; medians are compared.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "articles" / "kota-cerdas.txt"


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("article", nargs="?", type=Path, default=SAMPLE)
    options.add_argument("--rounds", type=int, default=9)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        graph = str(Path(folder) / "graph.ttl")
        kg = [sys.executable, "-m", "kg"]
        commands = {
            "import rdflib, pyshacl": [sys.executable, "-c", "import rdflib, pyshacl"],
            "kg build ARTICLE -o graph.ttl": [*kg, "--quiet", "build", str(args.article), "-o", graph],
            "kg build ARTICLE -o graph.nq": [*kg, "--quiet", "build", str(args.article), "-o", graph[:-3] + "nq"],
            "kg --help": [*kg, "--help"],
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        for command in commands.values():
            seconds(command)  # bytecode and caches: a first run is not what is measured
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(args.rounds):
            for name, command in commands.items():
                times[name].append(seconds(command))
    peer = statistics.median(times["import rdflib, pyshacl"])
    print(f"{'command':<32} {'median s':>9} {'min s':>7} {'ratio':>6}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<32} {median:>9.3f} {min(values):>7.3f} {median / peer:>6.2f}")


if __name__ == "__main__":
    main()
