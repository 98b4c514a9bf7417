"""Floors: scores that must not fall, by corpus, overall and by relation, in a TOML file that is raised by hand.

Each ``[[corpus]]`` has a ``name``, its ``gold`` folders relative to the file, and floors by the names of the figures;
``[corpus.f1]`` holds the F1 of relations.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.evaluate import Evaluation
from kg.evaluate.match import table

FIGURES = (
    "precision", "recall", "f1", "with_evidence", "as_printed", "conformance", "mention_precision", "mention_recall",
    "link_precision", "link_recall", "link_accuracy",
)  # fmt: skip
KEYS = {"name", "gold", "text_dir", "f1_of", *FIGURES}
DIGITS = 4  # figures are compared as they are printed in JSON


@dataclass(frozen=True, slots=True)
class Floor:
    """The floors of one corpus: figure -> least value, relation -> least F1."""

    name: str
    gold: tuple[Path, ...]
    text_dir: Path | None
    figures: Mapping[str, float]
    relations: Mapping[str, float]

    @property
    def missing(self) -> Path | None:
        """A folder of the corpus that isn't there."""
        folders = (*self.gold, *([self.text_dir] if self.text_dir else []))
        return next((folder for folder in folders if not folder.is_dir()), None)


def read(path: Path) -> list[Floor]:
    """The floors of a file. Raises DataError for one that isn't as it should be."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: {error}") from None
    return [_floor(path, number, entry) for number, entry in enumerate(data.get("corpus", ()), 1)]


def _floor(path: Path, number: int, entry: Mapping[str, Any]) -> Floor:
    where = f"{path}: corpus {entry.get('name', number)}"
    if unknown := sorted(entry.keys() - KEYS):
        raise DataError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(KEYS))}")
    if missing := [key for key in ("name", "gold") if key not in entry]:
        raise DataError(f"{where}: the key {missing[0]!r} is missing")
    relations = entry.get("f1_of", {})
    if strange := sorted(relations.keys() - set(table().relations)):
        raise DataError(f"{where}: relation {strange[0]!r} is none of {', '.join(table().relations)}")
    figures = {name: entry[name] for name in FIGURES if name in entry}
    if wrong := [name for name, value in {**figures, **relations}.items() if not 0 <= value <= 1]:
        raise DataError(f"{where}: {wrong[0]} must lie between 0 and 1")
    folder = path.parent
    text_dir = folder / entry["text_dir"] if "text_dir" in entry else None
    return Floor(entry["name"], tuple(folder / name for name in entry["gold"]), text_dir, figures, relations)


def of(floors: Sequence[Floor], folders: Sequence[Path]) -> Floor | None:
    """The floors of exactly these gold folders."""
    wanted = {folder.resolve() for folder in folders}
    return next((floor for floor in floors if {folder.resolve() for folder in floor.gold} == wanted), None)


def fallen(floor: Floor, evaluation: Evaluation) -> Iterator[str]:
    """One line for each figure that is below its floor: which one, from what to what."""
    from kg.evaluate.report import as_json

    figures: dict[str, Any] = as_json(evaluation)
    for name, least in floor.figures.items():
        if figures.get(name, 0.0) < least:
            yield f"{floor.name}: {name} fell from {least} to {figures.get(name, 0.0)}"
    for relation, least in floor.relations.items():
        count = evaluation.by_relation.get(relation)
        value = round(count.f1, DIGITS) if count is not None else 0.0
        if value < least:
            yield f"{floor.name}: F1 of {relation} fell from {least} to {value}"
