"""The graph view: how smooth it is with 2,000 things on screen, and what a part of a graph of any size costs.

    python benchmarks/graph_view.py                         frames, in a real Chromium without a graphics card
    python benchmarks/graph_view.py --views /tmp/big/*      near and path in views made by big_graphs.py

Frames: the page shows 2,000 things of a made-up graph of 100,000 statements; the mouse drags and the wheel zooms while
the page notes the time between animation frames. Beside it the same for a page at rest, in the same browser: what the
machine gives at best just then.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode

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
        graph, centres = made(folder)
        with served(folder, "--graph", graph.name) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            measure(page, address, centres)
            browser.close()
    finally:
        shutil.rmtree(folder)


def made(folder: Path) -> tuple[Path, list[str]]:
    """A graph file of 100,000 statements, and things with many neighbours that don't share them."""
    script = ROOT / "benchmarks" / "big_graphs.py"
    subprocess.run([sys.executable, str(script), "100000", str(folder / "view")], check=True, stdout=subprocess.DEVNULL)
    view = ox.Store.read_only(str(folder / "view"))
    target = folder / "graph.nq"
    with target.open("wb") as out:
        for graph in view.named_graphs():
            quads = view.quads_for_pattern(None, None, None, graph)
            ox.serialize(quads, output=out, format=ox.RdfFormat.N_QUADS)
    degrees = Counter(
        quad.object.value
        for predicate in (v.ORGANIZATION, v.PUBLISHER, v.IS_PART_OF, v.CONTAINED_IN_PLACE)
        for quad in view.quads_for_pattern(None, predicate, None, DefaultGraph())
        if isinstance(quad.object, NamedNode)
    )
    return target, [node.partition("/id/")[2] for node, _ in degrees.most_common(60)]


def measure(page: Any, address: str, centres: Sequence[str]) -> None:
    page.set_default_timeout(120_000)
    rest = recorded(page, address, lambda: page.wait_for_timeout(2000), goto=True)
    for used in range(10, len(centres) + 1, 5):
        query = "&".join(f"about={centre}" for centre in centres[:used])
        page.goto(f"{address}graph?{query}")
        page.locator("#graph-stage[data-layout=done]").wait_for()
        things = int(page.locator("#graph-things p").inner_text().split(" dari ")[1].split()[0])
        if things >= MOST_NODES:
            break
    facts = page.locator("#graph-facts p").inner_text().split(" dari ")[1].split()[0]
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
    tell("dragging", recorded(page, address, drag), rest)
    tell("zooming", recorded(page, address, zoom), rest)
    layout(page, rest)


def layout(page: Any, rest: Sequence[float]) -> None:
    """All things placed anew, as after an expansion, while the page notes its frames."""
    page.evaluate(RECORD, True)
    start = time.perf_counter()
    page.locator("#graph-stage").evaluate("stage => { stage.dataset.layout = ''; }")
    page.locator("#graph-things tbody tr button[aria-label]").last.click()
    page.locator("#graph-stage[data-layout=done]").wait_for()
    print(f"an expansion, fetched and laid out: {time.perf_counter() - start:.2f} s")
    tell("while laid out", page.evaluate(RECORD, False), rest)


def recorded(page: Any, address: str, act: Callable[[], None], *, goto: bool = False) -> list[float]:
    if goto:
        page.goto(address)
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
