"""A language model as one more source of claims, behind the same gate: optional, off by default, never needed.

``settings`` says whom to ask and how much, ``declared`` what may be proposed; ``schema`` and ``prompt`` are made of it.
``asking`` asks, or takes what is ``kept``; ``answer`` takes apart what was said, ``verbatim`` finds the words in the
text, ``things`` what they stand for, ``claims`` makes claims of it. ``tally`` counts what became of them.

What is answered about an article (``Answers``) is a value that can go to another process: it proposes there, and asks
nobody any more.
"""

from kg.propose.asking import Asker, Cost
from kg.propose.claims import Answers
from kg.propose.settings import Settings
from kg.propose.tally import Tally

__all__ = ["Answers", "Asker", "Cost", "Settings", "Tally"]
