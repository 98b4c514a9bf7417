"""What persons said of claims that the gate refused: let in, or rightly refused. A run obeys it and never changes it.

A file of JSON lines beside the judgements, one word a line, sorted by claim, written whole or not at all; and a log
beside it, added to and never rewritten. A word holds for the claim of that id, which is made of what is said, where and
by which rule, and for the shapes that it names.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, Self

from kg.errors import InputError, NothingFound, OutputError
from kg.model import Acceptance
from kg.output import write_atomic
from kg.records import record

FILE: Final = "quarantine.jsonl"
VERDICTS: Final = ("accepted", "rejected")


@record(frozen=True, slots=True)
class Word:
    """A person's word on a refused claim (its IRI). ``shapes`` are those that it breaks; ``date`` is ISO 8601."""

    claim: str
    verdict: str
    author: str
    date: str
    reason: str
    shapes: tuple[str, ...]
    article: str
    statement: str = ""


def beside(judgements: Path) -> Path:
    """The file beside that of the judgements."""
    return judgements.with_name(FILE)


def log_of(path: Path) -> Path:
    """The log beside the file."""
    return path.with_name("quarantine.log.jsonl")


class Words:
    """The words of one file; nothing is written before ``save``."""

    def __init__(self, path: Path, found: Mapping[str, Word]) -> None:
        self.path = path
        self._found = dict(found)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Those of a file; none where it isn't there yet. Raises InputError with the line."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return cls(path, {})
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: can't be read ({error})") from error
        words = [_word(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
        return cls(path, {word.claim: word for word in words})

    def __iter__(self) -> Iterator[Word]:
        return iter(sorted(self._found.values(), key=lambda word: word.claim))

    def of(self, claim: str) -> Word | None:
        """What was said of a claim."""
        return self._found.get(claim)

    def accepted(self) -> dict[str, Acceptance]:
        """The claims to be let in, by IRI."""
        return {
            word.claim: Acceptance(word.author, word.date, word.reason, frozenset(word.shapes))
            for word in self
            if word.verdict == "accepted"
        }

    def add(self, word: Word) -> Word:
        """Keep a word, in place of an earlier one; one that accepts again, for another shape, holds for both.

        Raises InputError for what is no word: without author, reason, shape or a date.
        """
        _expect(word)
        before = self.of(word.claim)
        if before is not None and before.verdict == word.verdict:
            word = replace(word, shapes=tuple(sorted({*before.shapes, *word.shapes})))
        self._found[word.claim] = word
        return word

    def remove(self, claim: str) -> Word:
        """Take a word back; gives it. Raises NothingFound where there is none."""
        if claim not in self._found:
            raise NothingFound(f"{self.path}: nothing was said of {claim}")
        return self._found.pop(claim)

    def save(self) -> None:
        """Write the file."""
        text = "".join(json.dumps(asdict(word), ensure_ascii=False) + "\n" for word in self)
        write_atomic(self.path, text.encode())

    def note(self, action: str, word: Word, by: str) -> None:
        """Add to the log. Raises OutputError; the change itself is done then."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        line = json.dumps({"time": now, "action": action, "by": by, **asdict(word)}, ensure_ascii=False)
        path = log_of(self.path)
        try:
            with path.open("a", encoding="utf-8") as log:
                log.write(line + "\n")
        except OSError as error:
            raise OutputError(f"{path}: {error.strerror}; what was said is kept") from error


def _word(path: Path, number: int, line: str) -> Word:
    try:
        row: Any = json.loads(line)
        word = Word(**{**row, "shapes": tuple(row["shapes"])})
        _expect(word)
    except (ValueError, TypeError, KeyError, InputError) as error:
        raise InputError(
            f"{path} line {number}: no word on a claim ({error}); correct it or take the line out"
        ) from None
    return word


def _expect(word: Word) -> None:
    if word.verdict not in VERDICTS:
        raise InputError(f"verdict {word.verdict!r}: expected {' or '.join(VERDICTS)}")
    if not word.author.strip():
        raise InputError("who says so? give a name")
    if not word.reason.strip():
        raise InputError("why? give a reason, for those who come later")
    if not word.shapes:
        raise InputError(f"{word.claim}: which shape it breaks isn't told")
    try:
        dt.date.fromisoformat(word.date)
    except ValueError:
        raise InputError(f"{word.date!r}: no date; write it as in 2026-01-31") from None
