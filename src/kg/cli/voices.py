"""What is said of the voices of articles that were read (``kg.voices``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.cli.shared import say

if TYPE_CHECKING:
    from kg.store import Store


def tell_voices(store: Store) -> None:
    """Bring the voices of a store up to date after a change, and say how many articles are printings of others now."""
    from kg.voices.keeping import update

    say_voices(update(store).printings)


def say_voices(printings: int) -> None:
    """How many articles are printings of others, where there are any, and how to see them."""
    if printings:
        many = "1 article is a printing" if printings == 1 else f"{printings:,} articles are printings"
        say(f"{many} of {'another' if printings == 1 else 'others'}: kg query voices")
