"""Articles that were read -> numbered files of quads in a folder, each of so many articles, whole or not there.

Below ``.work/`` lie the graphs as articles write them, ``00000.nq.gz``, and their texts, ``00000.txt.gz``, a member of
the gzip file for each article, with ``00000.json``, what each says of persons and bodies. When all are there, who is
who and which print one text is found in them, and ``part-00000.nq.gz`` (or ``.parquet``) is written with the ids as
they are meant, without articles that their pages have no more. Which article is in which part follows from the order of
the sources alone, and so do all bytes.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.corpus.manifest import Manifest, done_by_place
from kg.corpus.members import LAYOUT, WORK, Member, base_of, counting, members_of, written
from kg.corpus.printings import Printings
from kg.corpus.reading import Done, packed
from kg.corpus.tables import as_parquet
from kg.errors import OutputError, StoreError
from kg.link.gathered import Gathered, Pair, Run
from kg.link.resolved import Meant, read
from kg.link.rulings import Rulings
from kg.model import Article
from kg.output import reason, write_atomic
from kg.store import background

FORMAT: Final = 1
FORMS: Final = ("nq.gz", "parquet")
Aliases = Mapping[str, Meant]
Pairs = Callable[[Gathered], Iterable[Pair]]
"""Who finds the pairs of profiles that fit."""


def make_folder(folder: Path, base: str) -> None:
    """Make a folder of parts; one that is there is gone on with. Raises OutputError, StoreError for another base."""
    found = base_of(folder)
    if found is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder}: holds something else than parts; name a new folder")
    if found is not None and found != base:
        raise StoreError(f"{folder}: its ids begin with {found}, not with {base}; use that base or another folder")
    try:
        (folder / WORK).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: {reason(error)}") from error
    write_atomic(folder / WORK / LAYOUT, json.dumps({"format": FORMAT, "base": base}).encode() + b"\n")


@dataclass(slots=True)
class IntoParts:
    """A folder that articles come into. ``run`` and ``pairs`` say where the work at the end is done."""

    folder: Path
    manifest: Manifest
    rulings: Rulings
    base: str
    run: Run
    form: str = FORMS[0]
    articles: int = 1_000  # of a part
    pairs: Pairs | None = None  # by default they are found here, block by block
    refused: int | None = field(default=None, init=False)  # number of the first part with claims in quarantine
    _number: int = field(init=False)
    _waiting: dict[str, Done] = field(default_factory=dict)  # by the article's key

    def __post_init__(self) -> None:
        self._number = self.manifest.next_place()

    @property
    def is_full(self) -> bool:
        """Whether a part is together."""
        return len(self._waiting) >= self.articles

    @property
    def waits(self) -> bool:
        """A part is as large as it should be, or the last one; where nothing was added, nothing has to wait."""
        return bool(self._waiting)

    def holds(self, _key: str, _digest: str | None, /) -> bool:
        """What the manifest knows as done is in a part, or waits for one."""
        return True

    def add(self, article: Article, done: Done) -> int:
        """Take an article; gives the number of its part."""
        self._waiting[article.key] = done
        if done.quarantined and self.refused is None:
            self.refused = self._number
        return self._number

    def add_source(self, _article: Article, /) -> None:
        """A part doesn't say who has a text."""

    def drop(self, key: str, place: int | None) -> None:
        """One that waits goes at once, one of a finished part when the parts are put together."""
        if place == self._number:
            self._waiting.pop(key, None)

    def flush(self) -> None:
        """Write the part that is together."""
        if not self._waiting:
            return
        name, members = self.folder / WORK / f"{self._number:05}", list[Member]()
        at, text_at = 0, 0
        for key, done in self._waiting.items():
            graphs, texts = (at, at + len(done.data)), (text_at, text_at + len(done.text))
            members.append(Member(key, graphs, texts, done.said, done.day, done.signature))
            at, text_at = graphs[1], texts[1]
        write_atomic(name.with_suffix(".nq.gz"), b"".join(done.data for done in self._waiting.values()))
        write_atomic(name.with_suffix(".txt.gz"), b"".join(done.text for done in self._waiting.values()))
        write_atomic(name.with_suffix(".json"), written(members))
        self._waiting.clear()
        self._number += 1

    def finish(self) -> None:
        """Find out who is who, and write the parts as they are meant; those that are so already stay as they are."""
        voices = self.run(write_voices, [(self.folder, self.manifest.path, self.base, self.form)])  # meanwhile
        with Gathered(self.base, self.rulings, self.folder / WORK / "persons.sqlite") as gathered:
            for _, member in counting(self.folder, self.manifest.path):
                gathered.add(member.said)
            meant = gathered.resolve(self.pairs(gathered) if self.pairs else gathered.pairs(self.run))
            list(self.run(write_part, self._tasks(gathered, meant)))
        for old in self._files_of_another_form():
            old.unlink()
        _write(self.folder / f"background.{self.form}", background_quads(self.base))
        list(voices)

    def _tasks(self, gathered: Gathered, meant: Mapping[str, Meant]) -> Iterator[tuple[Any, ...]]:
        for number, there in done_by_place(self.manifest.path):
            aliases = {
                member.key: found
                for member in members_of(self.folder, number)
                if member.key in there and (found := gathered.aliases(member.said, meant))
            }
            yield self.folder, number, there, aliases, self.form

    def _files_of_another_form(self) -> list[Path]:
        return [path for form in FORMS if form != self.form for path in sorted(self.folder.glob(f"*.{form}"))]


def part_name(number: int, form: str) -> str:
    """The name of a part's file."""
    return f"part-{number:05}.{form}"


def background_quads(base: str) -> Iterator[ox.Quad]:
    """Reference data and ontology, which have the names of what articles speak of."""
    for _, found in background.of(base).values():
        yield from found()


def write_voices(folder: Path, manifest: Path, base: str, form: str) -> str:
    """Find out which articles print one text, and write it; gives the name of the file."""
    target = folder / f"voices.{form}"
    _write(target, Printings(folder / WORK, base).quads(counting(folder, manifest)))
    return target.name


def _write(target: Path, quads: Iterable[ox.Quad]) -> None:
    data = ox.serialize(sorted(quads, key=str), format=ox.RdfFormat.N_QUADS) or b""
    write_atomic(target, as_parquet([data]) if target.suffix == ".parquet" else packed(data))


def write_part(folder: Path, number: int, there: Collection[str], aliases: Mapping[str, Aliases], form: str) -> str:
    """Write a part as it is meant, from what lies below ``.work``; gives its name. Not where it is so already.

    ``there`` are the keys of its articles that count: others have a newer text of their page, or moved to a later part.
    """
    target = folder / part_name(number, form)
    stamp, mark = folder / WORK / f"{number:05}.stamp", _stamp(folder, number, there, aliases, form)
    if target.exists() and stamp.exists() and stamp.read_bytes() == mark:
        return target.name
    content = (folder / WORK / f"{number:05}.nq.gz").read_bytes()
    members = [each for each in members_of(folder, number) if each.key in there]
    if form == "parquet":
        data = as_parquet(_meant(_unpacked(content, each), aliases.get(each.key)) for each in members)
    else:
        data = b"".join(_as_meant(content, each, aliases.get(each.key)) for each in members)
    write_atomic(target, data)
    write_atomic(stamp, mark)
    return target.name


def _stamp(folder: Path, number: int, there: Collection[str], aliases: Mapping[str, Aliases], form: str) -> bytes:
    """A hash of all that a part is made of."""
    digest = hashlib.sha256((folder / WORK / f"{number:05}.json").read_bytes())
    digest.update((folder / WORK / f"{number:05}.nq.gz").read_bytes())
    rows = [(key, iri, meant.id, meant.name) for key, found in aliases.items() for iri, meant in found.items()]
    digest.update(json.dumps([form, sorted(there), sorted(rows)]).encode())
    return digest.hexdigest().encode() + b"\n"


def _as_meant(content: bytes, member: Member, aliases: Aliases | None) -> bytes:
    if not aliases:
        return content[slice(*member.graphs)]
    return packed(_meant(_unpacked(content, member), aliases))


def _meant(data: bytes, aliases: Aliases | None) -> bytes:
    if not aliases:
        return data
    quads = set(read(ox.parse(data, format=ox.RdfFormat.N_QUADS), aliases))
    return ox.serialize(sorted(quads, key=str), format=ox.RdfFormat.N_QUADS) or b""


def _unpacked(content: bytes, member: Member) -> bytes:
    return zlib.decompress(content[slice(*member.graphs)], wbits=31)
