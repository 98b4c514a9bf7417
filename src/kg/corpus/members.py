"""The articles of a part, a line of JSON each beside the two gzip files that hold their graphs and their texts."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.corpus.manifest import done_by_place
from kg.errors import StoreError
from kg.link import profiles
from kg.link.identity_graph import Said
from kg.records import record

WORK: Final = ".work"
"""The folder, in that of the parts, of what was read."""
LAYOUT: Final = "format.json"
"""The file in it with the number of its layout, and what ids begin with."""


def base_of(folder: Path) -> str | None:
    """What the ids of a folder of parts begin with; None where it is none."""
    try:
        return str(json.loads((folder / WORK / LAYOUT).read_text("utf-8"))["base"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@record(frozen=True, slots=True)
class Member:
    """An article of a part: where its members of the two gzip files lie, in bytes, what it says, its day, signature."""

    key: str
    graphs: tuple[int, int]
    text: tuple[int, int]
    said: Said
    day: str
    signature: bytes


def written(members: Iterable[Member]) -> bytes:
    """As lines, which ``members_of`` reads."""
    lines = (
        [
            each.key,
            each.graphs,
            each.text,
            each.said.quarter,
            [one.to_json() for one in each.said.profiles],
            each.day,
            base64.b64encode(each.signature).decode(),
        ]
        for each in members
    )
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def counting(folder: Path, manifest: Path) -> Iterator[tuple[int, Member]]:
    """The articles that count, each with the number of its part: others have a newer text, or moved to a later part."""
    for number, there in done_by_place(manifest):
        yield from ((number, member) for member in members_of(folder, number) if member.key in there)


def members_of(folder: Path, number: int) -> Iterator[Member]:
    """The articles of a part. Raises StoreError where what lies below ``.work`` is damaged."""
    path = folder / WORK / f"{number:05}.json"
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                key, graphs, text, quarter, said, day, signature = json.loads(line)
                profiles_of = tuple(map(profiles.from_json, said))
                yield Member(
                    key, tuple(graphs), tuple(text), Said(quarter, profiles_of), day, base64.b64decode(signature)
                )
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: missing or damaged; remove {folder} and build it anew") from error
