"""What stores of other programs are behind with that the view was sent to: a file for each beside the store's graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from kg.output import append

NAME: Final = "remote-{}.behind"


def note(path: Path, units: Iterable[NamedNode]) -> None:
    """Note for each of them what changed in the view of the store in a folder. Raises OSError."""
    lines = "".join(f"{unit.value}\n" for unit in units).encode()
    for file in path.glob(NAME.format("*")):
        append(file, lines)


def read(file: Path) -> list[NamedNode]:
    """What changed, each once."""
    lines = file.read_text("utf-8").split("\n")
    return [NamedNode(line) for line in dict.fromkeys(lines) if ":" in line]
