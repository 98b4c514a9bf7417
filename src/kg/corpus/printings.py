"""Which articles of parts print one text: the voices of ``kg.voices``, found in what lies below ``.work``.

The index of signatures is made anew each time: it takes a fraction of what reading an article does.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from kg.corpus.members import Member
from kg.rdf import Ids
from kg.voices import grouping
from kg.voices.index import Index, Place
from kg.voices.keeping import number_of, told
from kg.voices.text import settings, share, shingles

_BATCH: Final = 2_000
_REMEMBERED: Final = 1_000
"""Texts whose sequences of words are remembered: some 25 MB."""


class Printings:
    """The voices of the articles whose texts lie in a folder."""

    def __init__(self, folder: Path, base: str) -> None:
        self._folder, self._ids = folder, Ids(base)
        self._places = sqlite3.connect("")  # key -> part, where its text begins and ends
        self._places.execute("CREATE TABLE place (key INTEGER PRIMARY KEY, part INTEGER, start INTEGER, stop INTEGER)")
        self._shingles = lru_cache(_REMEMBERED)(self._read)

    def quads(self, members: Iterable[tuple[int, Member]]) -> Iterator[Quad]:
        """What is said of the articles that have a voice in common; ``members`` with the number of their part."""
        path = self._folder / "voices.sqlite"
        for ending in ("", "-wal", "-shm"):
            path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
        index = Index(path, settings().version)
        try:
            self._add(index, members)
            grouping.settle(index, self._are_alike)
            while voices := index.changed(_BATCH):
                for voice in voices:
                    yield from told(self._ids, voice, index)
                index.told(voices)
        finally:
            index.close()
            self._places.close()
            path.unlink(missing_ok=True)

    def _add(self, index: Index, members: Iterable[tuple[int, Member]]) -> None:
        batch: dict[Place, bytes] = {}
        places: list[tuple[int, int, int, int]] = []
        for part, member in members:
            key = number_of(member.key)
            places.append((key, part, *member.text))
            batch[Place(member.day, key)] = member.signature
            if len(batch) >= _BATCH:
                self._keep(index, batch, places)
        self._keep(index, batch, places)
        index.save()

    def _keep(self, index: Index, batch: dict[Place, bytes], places: list[tuple[int, int, int, int]]) -> None:
        index.add(batch.items())
        self._places.executemany("INSERT INTO place VALUES (?,?,?,?)", places)
        batch.clear()
        places.clear()

    def _are_alike(self, one: int, other: int) -> bool:
        return share(self._shingles(one), self._shingles(other)) >= settings().alike

    def _read(self, key: int) -> frozenset[str]:
        query = "SELECT part, start, stop FROM place WHERE key = ?"
        part, start, stop = self._places.execute(query, (key,)).fetchone()
        with (self._folder / f"{part:05}.txt.gz").open("rb") as file:
            file.seek(start)
            return shingles(zlib.decompress(file.read(stop - start), wbits=31).decode())
