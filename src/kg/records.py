"""Value classes that the type checker keeps from changing, made at the price of ordinary ones.

A frozen dataclass sets each field through ``object.__setattr__``, which takes three to four times as long as an
assignment. An article makes hundreds of values; freezing them at run time took a twentieth of its reading time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen, slots, order=False):
        """A dataclass whose instances compare and hash by their fields; that nobody sets one is checked by mypy."""
        assert frozen
        return dataclass(slots=slots, order=order, unsafe_hash=True)


__all__ = ["record"]
