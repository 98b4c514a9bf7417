"""A stretch of the text that names something."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.calendar import DateValue
from kg.model import Evidence
from kg.money import Money
from kg.segment import Quotation

POSSESSIVE = "nya"  # "kunjungan kerjanya"


@dataclass(slots=True, eq=False)
class Mention:
    """A stretch of the text that names something; ``head`` is what a longer phrase is about.

    ``parts`` are spans inside it by name: ``name`` (without titles, degrees, acting markers and brackets after it),
    ``region`` (the place at its end), ``marker`` (acting or former), ``alias`` (a short name in brackets).
    """

    start: int
    end: int
    type: str
    letters: str = ""
    value: DateValue | Money | Quotation | None = None
    level: float = 0.0
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    head: Mention | None = None
    linked: dict[str, Mention | list[Mention]] = field(default_factory=dict)  # what the phrase adds, by role
    inside: list[Mention] = field(default_factory=list)  # what a phrase was collapsed from
    generic: bool = False  # "pertemuan itu", "ia": refers back to something
    common: bool = False  # a meeting with a name in lower case
    rule: str = ""  # id of the rule that gave it its type or made it of a phrase
    part: bool = False  # "upacara penutupan": refers to the meeting of which it is a part

    @property
    def core(self) -> Mention:
        """The mention at the bottom of nested phrases."""
        head = self.head
        if head is None:
            return self
        while head.head is not None:
            head = head.head
        return head

    @property
    def span(self) -> tuple[int, int]:
        """The whole of it."""
        return self.start, self.end

    @property
    def name(self) -> tuple[int, int]:
        """The span of the name itself."""
        core = self if self.head is None else self.core
        span = core.parts.get("name")
        return (core.start, core.end) if span is None else span


def evidence(mention: Mention) -> Evidence:
    """The span of the mention's name."""
    return Evidence(*mention.name)


class Taken:
    """Which parts of a text mentions already have; they are in order and don't overlap."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._starts = [mention.start for mention in mentions]
        self._mentions = mentions

    def at(self, start: int) -> Mention | None:
        """The mention that begins there."""
        place = bisect_left(self._starts, start)
        found = self._mentions[place] if place < len(self._starts) else None
        return found if found is not None and found.start == start else None

    def free(self, start: int, end: int) -> bool:
        """Whether no mention has a part of ``[start, end)``."""
        before = bisect_left(self._starts, end) - 1
        return before < 0 or self._mentions[before].end <= start
