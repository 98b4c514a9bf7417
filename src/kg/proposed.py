"""What another source than the rules proposes for an article: claims that go to the same gate, beside theirs.

The pipeline knows no more of it than this. Who proposes, and how, is the business of ``kg.propose``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from kg.extract import Extraction
from kg.model import Article, Claim


@dataclass(frozen=True, slots=True)
class Proposed:
    """The claims proposed for one article, and what was proposed and can't even be stated, counted by the reason.

    ``why``: the article was read without proposals, for that reason; empty where it wasn't.
    """

    claims: Sequence[Claim] = ()
    unstated: Counter[str] = field(default_factory=Counter)
    why: str = ""


NONE: Final = Proposed()
"""Where nobody proposes."""


class Proposer(Protocol):
    """Who proposes claims for an article, when the rules have read it."""

    def __call__(self, article: Article, extraction: Extraction) -> Proposed:
        """The claims, each with its evidence in the article's text."""
        ...
