"""The graph view: how smooth it is with 2,000 things on screen, and what a part of a graph of any size costs.

    python benchmarks/graph_view.py                         frames, in a real Chromium without a graphics card
    python benchmarks/graph_view.py --views /tmp/big/*      near and path in views made by big_graphs.py

Frames: the page is given 2,000 made-up things and 4,000 facts as its server would; they are laid out, the mouse drags
and the wheel zooms while the page notes the time between animation frames. Beside it the same for a page at rest, in
the same browser: what the machine gives at best just then.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyoxigraph import DefaultGraph

from kg import vocabulary as v
from kg.serve.graphing import parts
from kg.serve.graphing.asking import MOST_NODES, Filters

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
RECORD = """(on) => {
  if (on) {
    const frames = (window.framesSeen = []);
    let last = performance.now();
    const frame = (now) => {
      frames.push(now - last);
      last = now;
      if (window.framesSeen === frames) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    return [];
  }
  const found = window.framesSeen;
  window.framesSeen = null;
  return found.slice(1);
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--views", nargs="*", type=Path, help="folders of big_graphs.py: measure near and path in them")
    parser.add_argument("--rounds", type=int, default=100)
    given = parser.parse_args()
    if given.views:
        for folder in given.views:
            asking(folder, given.rounds)
    else:
        frames()


# ---------------------------------------------------------------- asking


def asking(folder: Path, rounds: int) -> None:
    view = ox.Store.read_only(str(folder))
    chance = random.Random(1)
    people = sorted(
        quad.subject.value for quad in view.quads_for_pattern(None, v.TYPE, v.term("kg:Official"), DefaultGraph())
    )
    some = chance.sample(people, min(rounds, len(people)))
    hub = f"{v.DEFAULT_BASE}id/place/ID"
    row("near a person, 150 things", some, lambda node: parts.near(view, node, 1, 150, Filters()), folder)
    row("near a person, 2 steps", some[:20], lambda node: parts.near(view, node, 2, 150, Filters()), folder)
    row("near Indonesia, 150 things", [hub] * 3, lambda node: parts.near(view, node, 1, 150, Filters()), folder)
    row(
        "near Indonesia, 2,000 things", [hub] * 3, lambda node: parts.near(view, node, 1, MOST_NODES, Filters()), folder
    )


def row(name: str, items: Sequence[str], work: Callable[[str], Any], folder: Path) -> None:
    taken, things = [], 0
    for item in items:
        start = time.perf_counter()
        things = max(things, len(work(item).nodes))
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    times = f"p50 {statistics.median(taken):8.1f} ms  max {taken[-1]:8.1f} ms"
    print(f"{folder.name:>5}  {name:<30} {times}  up to {things} things")


# ---------------------------------------------------------------- frames


def frames() -> None:
    from playwright.sync_api import sync_playwright

    from browser import ARGUMENTS, chromium
    from loopback import served

    folder = Path(tempfile.mkdtemp())
    try:
        command = [sys.executable, "-m", "kg", "-q", "build", str(ROOT / "data" / "articles"), "-o", "graph.nq"]
        subprocess.run(command, cwd=folder, check=True)
        with served(folder, "--graph", "graph.nq") as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.route("**/api/near?*", lambda route: route.fulfill(json=PART))
            measure(page, address)
            browser.close()
    finally:
        shutil.rmtree(folder)


def made(things: int = MOST_NODES, facts: int = 2 * MOST_NODES) -> dict[str, Any]:
    """An answer of ``/api/near`` with so many things and facts: each new thing is linked with one before it."""
    chance = random.Random(2)
    both = ("id", "en")
    kinds = ("Official", "Body", "City", "Meeting", "Network", "NewsArticle", "Province", "Agreement")
    ids = [f"thing/{number}" for number in range(things)]
    ends = [(number, int(number * chance.random() ** 2)) for number in range(1, things)]
    ends += [(chance.randrange(things), chance.randrange(things)) for _ in range(facts - len(ends))]
    said = {"article": "article/0", "date": "2025-11-10", "words": ["kata", "kata"], "places": [[0, 4], [5, 9]]}
    return {
        "about": [ids[0]],
        "nodes": [
            {"id": id_, "kind": kinds[at % 8], "labels": dict.fromkeys(both, f"Hal {at}"), "date": "", "page": ""}
            for at, id_ in enumerate(ids)
        ],
        "edges": [
            {
                "id": str(at), "source": ids[source], "target": ids[target], "relation": "member-of", "detail": None,
                "status": "current", "fact": f"fact/{at}", "told": 1, "said": [said],
            }
            for at, (source, target) in enumerate(ends)
            if source != target
        ],
        "articles": {"article/0": {"title": "Berita", "date": "2025-11-10", "page": ""}},
        "kinds": {}, "relations": {}, "statuses": {}, "paths": [], "more": 0, "whole": True,
    }  # fmt: skip


PART = made()


def measure(page: Any, address: str) -> None:
    page.set_default_timeout(120_000)
    page.goto(f"{address}graph")
    rest = recorded(page, lambda: page.wait_for_timeout(2000))
    page.evaluate(RECORD, True)
    start = time.perf_counter()
    field = page.locator("#graph-about")
    field.evaluate("field => { field.value = 'x'; field.dataset.value = 'thing/0'; }")
    page.locator("#graph-add button").click()
    page.locator("#graph-stage[data-layout=done]").wait_for()
    print(f"fetched, drawn and laid out: {time.perf_counter() - start:.2f} s")
    laid = page.evaluate(RECORD, False)
    things, facts = (
        page.locator(f"#graph-{name} p").inner_text().split(" dari ")[1].split()[0] for name in ("things", "facts")
    )
    print(f"{things} things, {facts} facts on screen")
    page.locator("#graph-stage").scroll_into_view_if_needed()
    box = page.locator("#graph-stage").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag() -> None:
        page.mouse.move(*middle)
        page.mouse.down()
        for step in range(120):
            page.mouse.move(middle[0] + 150 * ((step % 40) / 40 - 0.5), middle[1] + step % 60)
        page.mouse.up()

    def zoom() -> None:
        page.mouse.move(*middle)
        for step in range(24):
            page.mouse.wheel(0, -240 if step % 12 < 6 else 240)
            page.wait_for_timeout(80)

    tell("page at rest", rest, rest)
    tell("while laid out", laid, rest)
    for name, act in {"dragging": drag, "zooming": zoom, "zooming again": zoom}.items():
        before = processor_time()
        found = recorded(page, act)
        tell(name, found, rest)
        print(f"{'':<16} {1000 * (processor_time() - before) / len(found):.1f} ms of the processor a frame")


def processor_time() -> float:
    """Seconds of the processor that the browser's processes have used: all that this program started."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(") ")[2].split()
        except OSError:  # it ended meanwhile
            continue
        process = int(stat.parent.name)
        parents[process], ticks[process] = int(fields[1]), int(fields[11]) + int(fields[12])
    return sum(ticks[each] for each in ticks if _is_ours(each, parents)) / os.sysconf("SC_CLK_TCK")


def _is_ours(process: int, parents: dict[int, int]) -> bool:
    while process in parents:
        process = parents[process]
        if process == os.getpid():
            return True
    return False


def recorded(page: Any, act: Callable[[], None]) -> list[float]:
    page.evaluate(RECORD, True)
    act()
    return list(page.evaluate(RECORD, False))


def tell(name: str, found: Sequence[float], rest: Sequence[float]) -> None:
    ordered = sorted(found)
    p50, p95 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
    base = statistics.median(rest)
    times = f"p50 {p50:6.1f} ms ({p50 / base:.2f} of rest)  p95 {p95:6.1f} ms  max {ordered[-1]:6.1f} ms"
    print(f"{name:<16} {len(found):>4} frames  {times}")


if __name__ == "__main__":
    main()
