"""A program that builds a store again and again, kills the build with SIGKILL at any moment, and looks at what is left.

    python tests/killing.py KILLS FOLDER [SEED] < sources, one a line

Everything that is warm (articles read, reference data loaded) is so once, in this process; each build, and each look at
what is left, is a fork of it. A build says on a pipe what is done, and the kill comes at any time from its start to its
end. Prints one JSON object: how many builds were killed, where, and every fault that was found.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import gc
import json
import os
import pickle
import random
import select
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import build, store, view
from kg import vocabulary as v
from kg.article import read_sources
from kg.link import identities
from kg.pipeline import Reading
from kg.rdf import Ids, in_order
from kg.store import background as kept_beside
from kg.store import checking
from kg.view.keeping import keep_up, writing
from kg.view.keeping import opened as view_of_store

BASE = v.DEFAULT_BASE
IDS = Ids(BASE)
Say = Callable[[str], None]
background = kept_beside.of
Kept = dict[str, frozenset[ox.Quad]]


def main() -> None:
    kills, folder = int(sys.argv[1]), Path(sys.argv[2])
    kept_beside.of = small_background
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else None)
    readings = list(build.readings(read_sources(sys.stdin.read().split()), build.Account()))
    assert len(readings) > 2
    warm(folder, readings)
    sys.stdout.write(json.dumps(Trial(readings, folder, chance).run(kills)))


@functools.cache
def small_background(base: str) -> dict[str, tuple[str, Callable[[], list[ox.Quad]]]]:
    """A twentieth of the reference data: all of it is written once, before any article, and takes most of the time."""
    whole = {name: quads() for name, (_, quads) in background(base).items()}
    return {name: ("a twentieth", lambda quads=quads: quads[::20]) for name, quads in whole.items()}


def warm(folder: Path, readings: Sequence[Reading]) -> None:
    """Have loaded what a build loads, by one in memory: an engine in memory has no threads, which a fork would lose."""
    opened = store.Store(folder, ox.Store(), BASE, read_only=False)
    opened.refresh()
    for reading in readings:
        build.keep(reading, opened, build.Account())
    identities.update(opened)
    checking.check(opened)
    gc.freeze()


@dataclasses.dataclass
class Trial:
    """Builds of the same articles in the same folder, each from one of two beginnings."""

    readings: Sequence[Reading]
    folder: Path
    chance: random.Random
    right: Kept = dataclasses.field(default_factory=dict)
    before: Kept = dataclasses.field(default_factory=dict)

    def run(self, kills: int) -> dict[str, object]:
        starts = {name: self.folder / name for name in ("empty", "older")}
        apart(lambda _: begin(starts, self.readings))
        whole = self.folder / "whole"
        shutil.copytree(starts["empty"], whole)
        apart(lambda say: self._build(whole, say, 1))
        self.right, self.before = (self._left(path) for path in (whole, starts["older"]))
        lasted = self._time(starts["empty"])
        found: Counter[str] = Counter()
        faults: list[str] = []
        while found.total() < kills:
            start = self.chance.choice(sorted(starts))
            path = self.folder / "killed"
            shutil.copytree(starts[start], path)
            done, killed = self._killed(path, self.chance.uniform(0, lasted))
            if killed:
                found["middle" if "open" in done and "end" not in done else "edge"] += 1
                fault = apart(lambda say, done=done, path=path: say(self._fault(path, done)))
                faults += [f"after {' '.join(done)} from {start}: {line}" for line in fault if line]
            shutil.rmtree(path)
        return {"kills": found.total(), "middle": found["middle"], "faults": faults}

    def _build(self, path: Path, say: Say, step: int) -> None:
        """As ``kg build``; but who is who and the view follow after each ``step`` articles: more moments for a kill."""
        with store.open_store(path) as opened:
            say("open")
            account = build.Account()
            for number, reading in enumerate(self.readings, 1):
                build.keep(reading, opened, account)
                say(reading.article.key)
                if number % step == 0:
                    identities.update(opened)
                    keep_up(opened)
            identities.update(opened)
            keep_up(opened)
            say("end")

    def _left(self, path: Path) -> Kept:
        """The graphs of a store, read in a child: who opens a store has threads, and can't be forked from then on."""
        file = self.folder / "graphs"
        apart(lambda _: file.write_bytes(pickle.dumps(graphs_of(path))) and None)
        found: Kept = pickle.loads(file.read_bytes())
        return found

    def _time(self, start: Path) -> float:
        path = self.folder / "timed"
        shutil.copytree(start, path)
        before = time.monotonic()
        apart(lambda say: self._build(path, say, 2))
        shutil.rmtree(path)
        return time.monotonic() - before

    def _killed(self, path: Path, after: float) -> tuple[list[str], bool]:
        """What a build said until it was killed, and whether it was: it may have ended before."""
        step = self.chance.choice((1, 2, 9))
        until = time.monotonic() + after
        child, end = fork(lambda say: self._build(path, say, step))
        select.select([], [], [], max(0.0, until - time.monotonic()))
        os.kill(child, signal.SIGKILL)
        with os.fdopen(end) as pipe:
            said = pipe.read().split()
        return said, os.WIFSIGNALED(os.waitpid(child, 0)[1])

    def _fault(self, path: Path, done: Sequence[str]) -> str:
        """What is wrong with what is left, or with what a further build makes of it; nothing where all is well."""
        with store.open_store(path) as opened:
            if checking.check(opened):
                return f"check: {checking.check(opened)}"
            left = graphs(opened)
            for reading in self.readings:
                fault = self._halved(reading, left, done)
                if fault:
                    return f"{reading.article.source}: {fault}"
            actions = [entry["action"] for entry in opened.log()]
            if actions.count("put") < len(set(done) - {"open", "end"}):
                return f"the log has {actions} only"
        self._build(path, lambda _: None, 9)
        with store.open_store(path, read_only=True) as opened:
            if opened.changed():
                return f"the view is behind with {opened.changed()}"
            if set(view_of_store(path)) != set(view.of(opened.dataset)):
                return "the view isn't what the graph means"
            return difference(graphs(opened), self.right)

    def _halved(self, reading: Reading, left: Kept, done: Sequence[str]) -> str:
        """An article is there as it is now, as before, or not at all; once it was said to be done, as it is now."""
        key = older(reading).article.key
        now, before = parts(reading.article.key, left), parts(key, left)
        if now == parts(reading.article.key, self.right) and not any(before):
            return ""
        if reading.article.key in done:
            return "was done and isn't there"
        if any(now) or before not in (parts(key, self.before), [frozenset()] * 3):
            return "only a part is there"
        return ""


def begin(starts: dict[str, Path], readings: Sequence[Reading]) -> None:
    """A store without articles, and one with another text of each, from the same file."""
    with writing(starts["empty"], create=True):
        pass
    shutil.copytree(starts["empty"], starts["older"])
    with store.open_store(starts["older"]) as opened:
        for reading in readings:
            build.keep(older(reading), opened, build.Account())
        identities.update(opened)
        keep_up(opened)


def older(reading: Reading) -> Reading:
    """The same article before its last letter was written: its claims are of another id."""
    article = dataclasses.replace(reading.article, text=f"{reading.article.text.rstrip()}\n\nLama")
    old, new = IDS.article(reading.article).value, IDS.article(article).value
    named = []
    for name, texts in reading.graphs.named:
        moved = in_order(text.replace(old, new) for text in texts)
        named.append((ox.NamedNode(name.value.replace(old, new)), moved))
    return dataclasses.replace(reading, article=article, graphs=dataclasses.replace(reading.graphs, named=tuple(named)))


def graphs(opened: store.Store) -> Kept:
    """All that depends on articles, graph by graph: theirs, who is who, and the store's own notes."""
    rest = {IDS.node(name) for name in ("reference", "ontology")}
    return {
        graph.value: frozenset(opened.dataset.quads_for_pattern(None, None, None, graph))
        for graph in opened.dataset.named_graphs()
        if graph not in rest
    }


def graphs_of(path: Path) -> Kept:
    with store.open_store(path, read_only=True) as opened:
        return graphs(opened)


def parts(key: str, found: Kept) -> list[frozenset[ox.Quad]]:
    """The three graphs of an article, without its text."""
    names = (f"{IDS.node(f'article/{key}').value}{part}" for part in ("", "/provenance", "/quarantine"))
    return [frozenset(quad for quad in found.get(name, ()) if quad.predicate != v.IS_STRING) for name in names]


def difference(found: Kept, right: Kept) -> str:
    for name in sorted({*found, *right}):
        more, less = found.get(name, frozenset()) - right.get(name, frozenset()), right.get(name, frozenset())
        less -= found.get(name, frozenset())
        if more or less:
            return f"{name} after going on: too much {sorted(map(str, more))[:3]}, missing {sorted(map(str, less))[:3]}"
    return ""


def fork(work: Callable[[Say], None]) -> tuple[int, int]:
    """Do it in a child; gives its number and the end of the pipe that it speaks to."""
    end, mouth = os.pipe()
    child = os.fork()
    if child:
        os.close(mouth)
        return child, end
    code = 1
    try:
        work(lambda text: None if not text else print_to(mouth, text))
        code = 0
    except BaseException:  # noqa: BLE001 - the child must not come back into the parent's work
        traceback.print_exc()
    finally:
        os._exit(code)


def print_to(mouth: int, text: str) -> None:
    os.write(mouth, f"{text}\n".encode())


def apart(work: Callable[[Say], None]) -> list[str]:
    """Do it in a child and wait; gives the lines that it said."""
    child, end = fork(work)
    with os.fdopen(end) as pipe:
        lines = pipe.read().splitlines()
    code = os.waitpid(child, 0)[1]
    return lines if code == 0 else [*lines, f"ended with {code}"]


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
