"""Ids -> paths of pages that any static server finds: ``id/person/x`` is the folder of ``index.html``.

The path is the id's own, decoded as a server decodes it. An id that no file system could hold, and one that differs
from another by case only (two on Linux, one on others), gets a path with ten digits of its SHA-256 instead.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

_SAFE: Final = re.compile(r"(?![.~])[\w.~@,()+=-]*[\w~@,()+=-]")
_LONGEST: Final = 120  # bytes of one name; file systems take 255, and the ending and the hash come on top
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # names that Windows keeps for devices
_OWN: Final = re.compile(r"(?i)index\.(html|ttl)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is published, below the folder of the publication: files by their names, addresses to link to."""

    folder: str  # "id/person/x", decoded

    @property
    def html(self) -> str:
        """The file of the page."""
        return f"{self.folder}/index.html"

    @property
    def turtle(self) -> str:
        """The file of the Turtle."""
        return f"{self.folder}.ttl"

    @property
    def address(self) -> str:
        """What leads to the page: a server adds index.html by itself."""
        return quote(self.folder) + "/"

    @property
    def turtle_address(self) -> str:
        """What leads to the Turtle."""
        return quote(self.turtle)


class Paths:
    """Gives each id a place of its own; ask in a fixed order, for of two that collide the first keeps its path."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def place(self, iri: str) -> Place:
        """The place of an id below the base."""
        folder = _folder(iri.removeprefix(self._base))
        place = Place(folder) if folder and self._is_free(Place(folder)) else Place(_hashed(iri, self._base))
        self._files |= {_key(place.html), _key(place.turtle)}
        self._folders |= set(map(_key, _folders(place)))
        return place

    def _is_free(self, place: Place) -> bool:
        # A file where another id's folder is, or the other way round, collides too: ids "x" and "x.ttl".
        files, folders = {_key(place.html), _key(place.turtle)}, set(map(_key, _folders(place)))
        return self._files.isdisjoint(files | folders) and self._folders.isdisjoint(files)


def _folders(place: Place) -> list[str]:
    """The folder of the page and those that it lies in."""
    parts = place.folder.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _folder(path: str) -> str | None:
    """The decoded path, if every part of it can be a name on every file system."""
    parts = [unquote(part) for part in path.split("/")]
    fine = all(
        _SAFE.fullmatch(part)
        and len(part.encode()) <= _LONGEST
        and unicodedata.is_normalized("NFC", part)
        and not _DEVICES.fullmatch(part)
        and not _OWN.fullmatch(part)
        for part in parts
    )
    return "/".join(parts) if fine else None


def _hashed(iri: str, base: str) -> str:
    kind, _, key = iri.removeprefix(f"{base}id/").partition("/")
    plain = re.sub(r"[^A-Za-z0-9]+", "-", f"{kind}-{unquote(key)}").strip("-")[:60].lower()
    return f"id/~/{plain}~{hashlib.sha256(iri.encode()).hexdigest()[:10]}"


def _key(path: str) -> str:
    """What a file system without case, or one with another Unicode form, takes for the same."""
    return unicodedata.normalize("NFC", path.casefold())
