"""Articles -> voices: each article is the first of a voice, or belongs to the first such article that it is alike.

That is the greedy independent set of the articles in the order of their days: what an article is depends on nothing but
the earlier ones that are first of a voice. So it is the same whatever came when, and after a change only those are
looked at, in their order, for whom an earlier one has become first, or is so no more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kg.voices.index import Entry, Index

OFTEN: Final = 2_000
"""Articles after which the work is saved."""


def settle(index: Index, alike: Callable[[int, int], bool]) -> set[int]:
    """Group all that is to be grouped; gives the articles that joined a voice, or another one. Saves.

    ``alike`` says of two articles that have a band in common whether their texts are alike.
    """
    index.sort()
    joined: set[int] = set()
    done = 0
    while (found := index.next()) is not None:
        key, is_new = found
        entry = index.find(key)
        if entry is not None:
            if _settled(index, entry, alike, is_new=is_new):
                joined.add(key)
            else:
                joined.discard(key)
        done += 1
        if done % OFTEN == 0:
            index.save()
    index.save()
    return joined


def _settled(index: Index, entry: Entry, alike: Callable[[int, int], bool], *, is_new: bool) -> bool:
    """Whether the article belongs to another one's voice now, and didn't before."""
    here = entry.place
    firsts = index.near(entry, members=False)
    earlier = sorted(each.place for each in firsts if each.place < here)
    voice = next((at.key for at in earlier if alike(here.key, at.key)), here.key)
    if voice != entry.voice:
        index.move(entry, voice)
    if entry.is_first and voice != here.key:
        index.reopen(index.members(here.key))
    if voice == here.key and (is_new or not entry.is_first):
        later = [*firsts, *index.near(entry, members=True)]
        index.reopen(each.place for each in later if each.place > here and each.first > here)
    return voice not in (here.key, entry.voice)
