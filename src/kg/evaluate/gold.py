"""Gold folders: what articles state, labelled by hand. Several folders may add up for one article.

A folder holds ``NAME.json`` and, or elsewhere, ``NAME.txt``. Keys of the JSON: ``id``, ``facts`` and, where it is
wanted, ``relations``: those that were labelled. Without it the folder tells: it covers each table of
docs/reference/facts.md of which any of its files has a fact. ``links`` are names with their reference ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError, InputError
from kg.evaluate.match import Fact, labels, table

KEYS = frozenset({"id", "facts", "relations", "links", "synthetic", "style", "note"})


@dataclass(frozen=True, slots=True)
class Link:
    """A name as the article prints it, and the id of the reference data that it means; None with the reason."""

    name: str
    id: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gold:
    """What was labelled of one article; ``relations`` are those that are scored. ``links`` is None without labels."""

    id: str
    text: Path
    facts: tuple[Fact, ...]
    relations: frozenset[str]
    links: tuple[Link, ...] | None = None


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    id: str
    facts: tuple[Fact, ...]
    relations: frozenset[str] | None
    links: tuple[Link, ...] | None


def read(folders: Sequence[Path], text_dir: Path | None = None) -> list[Gold]:
    """The labelled articles of the folders, by id.

    Raises InputError where a folder has none or a text is missing, DataError for a file with a mistake.
    """
    files = [file for folder in folders for file in _folder(folder)]
    by_id: dict[str, list[_File]] = {}
    for file in files:
        by_id.setdefault(file.id, []).append(file)
    places = [text_dir] if text_dir is not None else list(folders)
    return [_joined(name, by_id[name], places) for name in sorted(by_id)]


def _folder(folder: Path) -> list[_File]:
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give one that holds NAME.json files")
    found = [_file(path) for path in sorted(folder.glob("*.json"))]
    if not found:
        raise InputError(f"{folder}: no gold files; it should hold NAME.json for each NAME.txt")
    stated = {str(fact["rel"]) for file in found for fact in file.facts}
    covered = frozenset(name for group in table().groups if stated & set(group) for name in group)
    return [
        file if file.relations is not None else _File(file.path, file.id, file.facts, covered, file.links)
        for file in found
    ]


def _joined(name: str, files: Sequence[_File], places: Sequence[Path]) -> Gold:
    text = next((path for place in places if (path := place / f"{name}.txt").is_file()), None)
    if text is None:
        listed = ", ".join(map(str, places))
        raise InputError(f"{files[0].path}: no {name}.txt in {listed}; say with --text-dir where the texts are")
    links = [link for file in files for link in file.links or ()]
    return Gold(
        name,
        text,
        tuple(fact for file in files for fact in file.facts),
        frozenset().union(*(file.relations or () for file in files)),
        tuple(links) if any(file.links is not None for file in files) else None,
    )


def _file(path: Path) -> _File:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {error}") from None
    if not isinstance(data, dict) or not {"facts", "links"} & data.keys():
        raise DataError(f'{path}: expected an object with "facts" or "links"; see docs/how-to/measure-and-explain.md')
    if unknown := sorted(data.keys() - KEYS):
        raise DataError(f"{path}: unknown key {unknown[0]!r}; known are {', '.join(sorted(KEYS))}")
    facts = tuple(_facts(path, data.get("facts", ())))
    relations = data.get("relations")
    for name in relations or ():
        _known(path, name)
    for number, fact in enumerate(facts, 1):
        if relations is not None and fact["rel"] not in relations:
            raise DataError(f"{path}: fact {number}: {fact['rel']!r} isn't among the file's own \"relations\"")
    return _File(
        path,
        str(data.get("id", path.stem)),
        facts,
        None if relations is None else frozenset(relations),
        tuple(_links(path, data["links"])) if "links" in data else None,
    )


def labelled_links(path: Path) -> tuple[Link, ...]:
    """The links of one gold file, without a text beside it."""
    return _file(path).links or ()


def _known(path: Path, name: object) -> None:
    if name not in table().needed:
        raise DataError(f"{path}: relation {name!r} is none of {', '.join(table().relations)}")


def _facts(path: Path, given: Sequence[Any]) -> Iterator[Fact]:
    rules = table()
    for number, fact in enumerate(given, 1):
        where = f"{path}: fact {number}"
        if not isinstance(fact, Mapping) or "rel" not in fact:
            raise DataError(f'{where}: expected an object with "rel"')
        relation = fact["rel"]
        if relation not in rules.needed:
            raise DataError(f"{where}: relation {relation!r} is none of {', '.join(rules.relations)}")
        allowed = (*rules.needed[relation], *rules.optional[relation])
        if missing := [name for name in rules.needed[relation] if not labels(fact.get(name, ()))]:
            raise DataError(f"{where}: {relation} needs {missing[0]!r}")
        if unknown := [name for name in fact if name not in ("rel", "note", *allowed)]:
            raise DataError(f"{where}: {relation} has no argument {unknown[0]!r}; it has {', '.join(allowed)}")
        yield fact


def _links(path: Path, given: Sequence[Any]) -> Iterator[Link]:
    for number, item in enumerate(given, 1):
        where = f"{path}: link {number}"
        if not isinstance(item, Mapping) or not isinstance(item.get("name"), str) or "id" not in item:
            raise DataError(f'{where}: expected "name" and "id"')
        if item["id"] is None and not item.get("reason"):
            raise DataError(f'{where}: {item["name"]!r} has no id: say why as "reason"')
        yield Link(item["name"], item["id"], item.get("reason", ""))
