"""Tar archives: each member whose name ends as the files that are read in a folder do. Read forward, once."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator

from kg.errors import InputError
from kg.sources.item import Input, Unread, unread
from kg.sources.unpack import BROKEN, unpacked


def read(source: Input) -> Iterator[Input | Unread]:
    """The members of an archive, in its order. What lies before a break is read."""
    found = False
    try:
        with tarfile.open(fileobj=source.stream, mode="r|") as archive:
            for member in archive:
                packed = archive.extractfile(member) if member.isreg() else None
                if packed is None or not is_wanted(member.name, source.suffixes):
                    continue
                found = True
                place = source.place.at("member", member.name)
                yield unpacked(source, place, packed, size=member.size)
    except BROKEN as error:
        raise InputError(f"{source.place}: a tar archive that is cut off or damaged; get the file again") from error
    if not found:
        yield unread(source.place, expected(source.suffixes))


def is_wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a member is read: as in a folder, hidden ones aren't, nor what a Mac adds."""
    parts = name.replace("\\", "/").split("/")
    is_hidden = any((part.startswith(".") and part != ".") or part == "__MACOSX" for part in parts)
    return not is_hidden and name.casefold().endswith(suffixes)


def expected(suffixes: tuple[str, ...]) -> str:
    """What is wrong with an archive without articles."""
    return f"no articles in this archive; expected members ending in {', '.join(sorted(suffixes))}"
