"""Copies of a store that can be verified, and what brings one back.

A backup is a folder: the store's files as of one moment, without what is made from them, and ``backup.json`` with the
SHA-256 of each. It can be asked like a store; it is opened for writing only where it was restored.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from kg import __version__, journal
from kg.errors import GraphError, InUse, OutputError, StoreError
from kg.output import new_folder, reason, sync_folder
from kg.records import record
from kg.store import open_store, waiting
from kg.store.folder import BACKUP, base_of_folder, expect_store, open_oxigraph, restoring
from kg.store.opening import bring_in
from kg.upkeep import files
from kg.view.keeping import writing

LAYOUT: Final = 1
"""Of ``backup.json``."""


@record(frozen=True, slots=True)
class Backup:
    """What a backup holds. ``version`` is the program's that made it; ``files`` path -> size in bytes and SHA-256."""

    backup: int
    version: str
    base: str
    articles: int
    quads: int
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _ in self.files.values())


def back_up(store: str | Path, target: str | Path) -> Backup:
    """Copy a store into a folder that doesn't exist yet; somebody else may be writing to the store meanwhile.

    What a build said was done before this began is in it. Raises GraphError or StoreError for a store that can't be
    read, OutputError for a target that can't be written: then nothing is there.
    """
    folder, place = Path(store), Path(target)
    expect_store(folder)
    base = base_of_folder(folder)
    bring_in(folder)
    if place.resolve().is_relative_to(folder.resolve()):
        raise OutputError(f"{place}: lies in the store itself; name a folder outside of it, best on another disk")
    with new_folder(place) as made:
        sums = _copy(folder, made)
        found = Backup(LAYOUT, __version__, base, *_counts(made), sums)
        journal.note(made, "backup", of=str(folder.resolve()), articles=found.articles, quads=found.quads)
        sums[journal.NAME] = files.sum_of(made / journal.NAME)
        _write(made / BACKUP, found)
    if os.access(folder, os.W_OK):
        journal.note(folder, "backup", to=str(place.resolve()), articles=found.articles, quads=found.quads)
    return found


def _copy(folder: Path, made: Path) -> dict[str, tuple[int, str]]:
    sums = {}
    # What the graph says is registered is in it, or waits: held before, copied after.
    with waiting.held(folder) as copy, files.still(folder / files.GRAPH) as graph:
        for path in files.beside_the_graph(folder):
            name = path.relative_to(folder).as_posix()
            if name != BACKUP:
                sums[name] = files.copy(path, made / name)
        for path in sorted(graph.iterdir()):
            sums[f"{files.GRAPH}/{path.name}"] = files.copy(path, made / files.GRAPH / path.name)
        if copy(made):
            sums[waiting.NAME] = files.sum_of(made / waiting.NAME)
    return sums


def _counts(folder: Path) -> tuple[int, int]:
    """Articles and quads of a store, but for what waits to be brought in."""
    with open_store(folder, read_only=True, leave_waiting=True) as kept:
        return len(kept.articles()), len(kept.dataset)


def _write(path: Path, found: Backup) -> None:
    text = json.dumps(asdict(found), indent=1, sort_keys=True) + "\n"
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read(backup: str | Path) -> Backup:
    """What a backup says of itself. Raises GraphError for a folder that is none, StoreError for a damaged one."""
    path = Path(backup) / BACKUP
    if not path.is_file():
        raise GraphError(f"{backup}: no backup ({BACKUP} is missing); name a folder that `kg store backup` made")
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if found["backup"] > LAYOUT:
            made = f"was made by version {found['version']} of the program, which this one can't read"
            raise StoreError(f"{backup}: {made}; update it: pip install -U jejaring")
        sums = {str(name): (int(size), str(digest)) for name, (size, digest) in found["files"].items()}
        return Backup(**{**found, "files": sums})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{path}: damaged ({error}); take an older backup") from error


def verify(backup: str | Path) -> list[str]:
    """What is wrong with a backup, one line each: files missing, too many or changed, or a graph unlike its count.

    Raises as ``read`` does.
    """
    folder, found = Path(backup), read(backup)
    there = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    there.pop(BACKUP)
    faults = [f"{name}: missing" for name in sorted(found.files.keys() - there.keys())]
    faults += [f"{name}: not of the backup" for name in sorted(there.keys() - found.files.keys())]
    for name in sorted(found.files.keys() & there.keys()):
        fault = _changed(there[name], found.files[name])
        faults += [f"{name}: {fault}"] if fault else []
    return faults or _miscounted(folder, found)


def _changed(path: Path, expected: tuple[int, str]) -> str | None:
    try:
        size, digest = files.sum_of(path)
    except OSError as error:
        return f"can't be read ({error.strerror})"
    if size != expected[0]:
        return f"{size} bytes, not {expected[0]}"
    return None if digest == expected[1] else "its bytes were changed"


def _miscounted(folder: Path, found: Backup) -> list[str]:
    articles, quads = _counts(folder)
    if (articles, quads) == (found.articles, found.quads):
        return []
    return [f"{articles} articles with {quads} quads, not {found.articles} with {found.quads}"]


@record(frozen=True, slots=True)
class Restored:
    """What came back. ``aside`` is where the store lies that was there before, None where none was."""

    backup: Backup
    aside: Path | None


def restore(backup: str | Path, store: str | Path) -> Restored:
    """Put a backup in a store's place, whole or not at all; what was there before is kept beside it.

    Raises StoreError where the backup isn't what it was, or where somebody writes to the store; OutputError where it
    can't be written; GraphError where something else is there. Then all is as it was.
    """
    source, place = Path(backup), Path(os.path.realpath(store))
    found = read(source)
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        expect_store(place)
    made = restoring(place)
    try:
        with _nobody_writes(place):
            _fill(made, source, found)
        return Restored(found, _swap(made, place))
    except OSError as error:
        raise OutputError(f"{place}: can't be restored: {reason(error)}; all is as it was") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def _nobody_writes(place: Path) -> Iterator[None]:
    """Keep others from writing to a store, where there is one that can be opened at all."""
    held = None
    if (place / files.GRAPH).is_dir():
        try:
            held = open_oxigraph(place / files.GRAPH, place, read_only=False)
        except InUse:
            raise
        except StoreError:
            held = None  # damaged, or no space is left: no reason not to restore it
    yield
    del held


def _fill(made: Path, source: Path, found: Backup) -> None:
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    for name, expected in found.files.items():
        try:
            copied = files.copy(source / name, made / name)
        except FileNotFoundError as error:
            raise StoreError(f"{source}: {name} is missing; take another backup") from error
        if copied != expected:
            raise StoreError(f"{source}: {name} isn't as it was when the backup was made; take another backup")
    faults = _miscounted(made, found)
    if faults:
        raise StoreError(f"{source}: {faults[0]}; take another backup")
    with writing(made):
        pass  # brings in what a build had read, and reference data, an older layout and the view up to date
    journal.note(made, "restore", source=str(source.resolve()), articles=found.articles, quads=found.quads)


def _swap(made: Path, place: Path) -> Path | None:
    """Put the new folder in its place; gives where the old one is kept. Between the two renames nothing is there."""
    aside = None
    if place.exists() and any(place.iterdir()):
        names = (f"{place.name}.before{f'-{number}' if number else ''}" for number in itertools.count())
        aside = next(path for path in map(place.with_name, names) if not path.exists())
        place.rename(aside)
    try:
        made.rename(place)
    except OSError:
        if aside is not None:
            aside.rename(place)
        raise
    sync_folder(place.parent)
    return aside
