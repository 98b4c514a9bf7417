"""Names and what they mean: how many of an article's names are read, how many get the right id of the reference data.

Names are compared, not places: a name that the article prints five times counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.evaluate.gold import Link as Label
from kg.evaluate.match import Count
from kg.links import Link


@dataclass(frozen=True, slots=True)
class Linking:
    """``mentions`` counts names; ``links`` names with an id; ``agreed`` of ``labelled`` names mean what they should.

    A name that rightly has no id agrees, too; one that isn't read never does.
    """

    mentions: Count = field(default_factory=Count)
    links: Count = field(default_factory=Count)
    agreed: int = 0
    labelled: int = 0
    slips: tuple[str, ...] = ()  # one line for each name that is linked otherwise

    def __add__(self, other: Linking) -> Linking:
        return Linking(
            self.mentions + other.mentions,
            self.links + other.links,
            self.agreed + other.agreed,
            self.labelled + other.labelled,
            self.slips + other.slips,
        )

    @property
    def accuracy(self) -> float:
        """The share of labelled names that get the right id, or rightly none."""
        return self.agreed / self.labelled if self.labelled else 1.0


def score(labelled: Sequence[Label], found: Iterable[Link], article: str) -> Linking:
    """The figures of one article."""
    read: dict[str, dict[str | None, str]] = {}
    for link in found:
        if not link.refers_back and (link.type != "unknown" or any(link.name == label.name for label in labelled)):
            read.setdefault(link.name, {}).setdefault(link.id, link.why)
    meant: dict[str, set[str | None]] = {}
    for label in labelled:
        meant.setdefault(label.name, set()).add(label.id)
    both = read.keys() & meant.keys()
    ours = {(name, key) for name, keys in read.items() for key in keys if key is not None}
    theirs = {(name, key) for name, keys in meant.items() for key in keys if key is not None}
    agreed = {name for name, keys in meant.items() if name in read and set(read[name]) == keys}
    return Linking(
        Count(len(both), len(meant.keys() - both), len(read.keys() - both)),
        Count(len(ours & theirs), len(theirs - ours), len(ours - theirs)),
        len(agreed),
        len(meant),
        tuple(_slips(article, meant, read)),
    )


def _slips(article: str, meant: dict[str, set[str | None]], read: dict[str, dict[str | None, str]]) -> Iterable[str]:
    for name, keys in sorted(meant.items()):
        got = read.get(name)
        if got is None:
            yield f"name   {article}  {name}: not read as a name"
        elif set(got) != keys:
            shown = "; ".join(f"{key or 'unknown'} ({why})" for key, why in got.items())
            wanted = " or ".join(sorted(key or "unknown" for key in keys))
            yield f"link   {article}  {name}: should be {wanted}, is {shown}"
    for name in sorted(read.keys() - meant.keys()):
        yield f"name   {article}  {name}: read as a name, and isn't labelled as one"
