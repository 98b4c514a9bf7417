"""A build of many articles end to end: articles a second by stage, memory, one worker against two, a projection.

    python benchmarks/corpus.py --counts 1000 10000 --workers 1 2 [--target store|parts] [--folder DIR]

The articles are those of `corpus_articles.py` (about 2 kB, with copies, newer texts, broken and hostile ones). A build
is the command in a process of its own; what it takes is measured from outside: time by the clock, processor time of it
and of its workers, the most memory of the writer and of a worker, sampled ten times a second. "Cost" is processor time
an article. The limits are what the engine did alone on the same quads: parsing them, and loading them in bulk.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

GENERATOR = Path(__file__).with_name("corpus_articles.py")
STAGE = re.compile(r"^  (.+?) +([\d.]+) ms an article, of (a worker|the writer)$", re.MULTILINE)
MILLION = 1_000_000


@dataclass
class Build:
    """What a build took. Seconds; megabytes; milliseconds an article by stage."""

    items: int
    workers: int
    target: str
    seconds: float = 0.0
    processor: float = 0.0
    writer_mb: float = 0.0
    worker_mb: float = 0.0
    disk_mb: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)

    def row(self) -> str:
        """As a line of a table."""
        rate, cost = self.items / self.seconds, 1000 * self.processor / self.items
        return (
            f"{self.items:>9,} {self.target:<6} {self.workers:>7} {self.seconds:>9.1f} {rate:>8.1f} {cost:>9.2f}"
            f" {self.writer_mb:>9.0f} {self.worker_mb:>9.0f} {self.disk_mb:>9.0f}"
        )


HEAD = "    items target workers   seconds  items/s   ms cost writer MB worker MB   disk MB"


def memory(pid: int) -> float:
    """The megabytes that a process has to itself and shares, now; 0 where it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+)", text)
    return int(found[1]) / 1000 if found else 0.0


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def watch(pid: int, build: Build, done: threading.Event) -> None:
    """Note the most memory of the writer and of a worker."""
    while not done.wait(0.1):
        build.writer_mb = max(build.writer_mb, memory(pid))
        build.worker_mb = max([build.worker_mb, *map(memory, children(pid))])


def run(articles: Path, items: int, workers: int, target: str, folder: Path) -> Build:
    """One build, from nothing."""
    build, place = Build(items, workers, target), folder / f"{target}-{items}-{workers}"
    shutil.rmtree(place, ignore_errors=True)
    where = ["--store", str(place)] if target == "store" else ["--parts", str(place)]
    command = [sys.executable, "-m", "kg", "-v", "build", str(articles), *where, "--workers", str(workers)]
    before, start, done = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), threading.Event()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        watcher = threading.Thread(target=watch, args=(program.pid, build, done))
        watcher.start()
        _, told = program.communicate()
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if program.returncode not in (0, 2):
        sys.exit(told)
    build.seconds = time.perf_counter() - start
    build.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    build.stages = {f"{where}: {stage}": float(value) for stage, value, where in STAGE.findall(told)}
    build.disk_mb = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
    shutil.rmtree(place)
    return build


def limits(articles: Path, folder: Path) -> tuple[float, float, float]:
    """Quads an article, and quads a second that the engine parses and loads in bulk, of the parts of these articles."""
    import gzip

    import pyoxigraph as ox

    place = folder / "limits"
    command = [sys.executable, "-m", "kg", "-q", "build", str(articles), "--parts", str(place), "--workers", "2"]
    subprocess.run(command, check=False)
    data = b"".join(gzip.decompress(path.read_bytes()) for path in sorted(place.glob("part-*.nq.gz")))
    start = time.perf_counter()
    quads = sum(1 for _ in ox.parse(data, format=ox.RdfFormat.N_QUADS))
    parsed = time.perf_counter() - start
    start = time.perf_counter()
    store = ox.Store(str(folder / "alone"))
    store.bulk_load(data, format=ox.RdfFormat.N_QUADS)
    loaded = time.perf_counter() - start
    texts = sum(1 for _ in articles.rglob("*.txt"))
    return quads / texts, quads / parsed, quads / loaded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, os.cpu_count() or 2])
    parser.add_argument("--target", choices=["store", "parts"], nargs="+", default=["store", "parts"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--limits", action="store_true", help="what the engine does alone, with the first count")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        print(HEAD, flush=True)
        builds = []
        for count in options.counts:
            made = folder / f"made-{count}"
            command = [sys.executable, GENERATOR, str(count), made, "--form", "txt", "--without-facts"]
            subprocess.run(command, check=True, capture_output=True)
            for target in options.target:
                for workers in options.workers:
                    build = run(made / "articles", count, workers, target, folder)
                    builds.append(build)
                    print(build.row(), flush=True)
                    for stage, value in build.stages.items():
                        print(f"            {stage:<24} {value:8.2f} ms an article")
            if options.limits and count == options.counts[0]:
                size, parsing, loading = limits(made / "articles", folder)
                print(
                    f"{size:,.0f} quads an item; the engine alone parses {parsing:,.0f}, loads {loading:,.0f} a second"
                )
            shutil.rmtree(made)
        last = builds[-1]
        print(f"a million as the last build: {MILLION * last.seconds / last.items / 3600:.1f} hours")
        if options.json:
            print(json.dumps([asdict(build) for build in builds], indent=1))


if __name__ == "__main__":
    main()
