"""Keeps Python's collector of cycles from going through all that was loaded, again and again.

A tenth of the time of reading went into that. What an article leaves behind goes when nobody refers to it any more;
cycles are few, and looked for less often.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MADE: Final = 50_000
"""Objects more than before after which the new ones are looked at; Python's own number is 700."""
OLDER: Final = 20
"""Times that the new ones are looked at before older ones are; Python's own number is 10."""


def spare() -> None:
    """Leave alone what there is now, and look at what comes later less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE, OLDER, OLDER)


@contextmanager
def spared() -> Iterator[None]:
    """The same for a while."""
    before = gc.get_threshold()
    spare()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
