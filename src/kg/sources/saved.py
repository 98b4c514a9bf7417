"""An address -> the file that a program saved it to: wget, HTTrack and others keep a site's paths as folders.

Only names below the site's folder come of an address, whatever stands in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

INDEX = ("index.html", "index.htm")
ENDINGS = ("", ".html", ".htm")
PROGRAMS = (".php", ".asp", ".aspx", ".jsp")  # HTTrack puts .html in their place
QUERY = ("?", "@", "%3F")  # what stands before the query: wget, wget for Windows' file systems, others
REMEMBERED = 4096  # folders that are there, or aren't


class Saved:
    """The files of the addresses that a sitemap in ``folder`` names.

    ``root`` is the folder that is read, ``folder`` or one above it: a site's folder is looked for in all from
    ``folder`` up to ``root``, there also by the site's name. Without ``root``: in ``folder``, and above it where a
    folder is called like the site.
    """

    def __init__(self, folder: str, root: str | None = None) -> None:
        self.folder, self.root = folder, root
        self._bases = lru_cache(REMEMBERED)(self._found)
        self._folder = lru_cache(REMEMBERED)(_folder)

    def file(self, url: str) -> str | None:
        """The file of an address; None where it isn't on disk."""
        try:
            parts = urlsplit(url)
            hosts = _hosts(parts)
        except ValueError:  # no host or port
            return None
        for folders, leaves in _names(parts):
            for base in self._bases(hosts):
                folder = self._folder(base, folders)
                if folder is not None and (file := _file(folder, leaves)):
                    return file
        return None

    def _found(self, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """The folders that there are for a site, the likeliest first."""
        found: list[str] = []
        for above in _upwards(self.folder):
            is_inside = above == self.folder or self.root is not None
            if is_inside:
                found += [path for host in hosts if os.path.isdir(path := os.path.join(above, host))]
            if is_inside or os.path.basename(above) in hosts:
                found.append(above)
            if above == self.root:
                break
        return tuple(dict.fromkeys(found))


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder and (above := os.path.dirname(folder)) != folder:
        yield above
        folder = above


def _hosts(parts: SplitResult) -> tuple[str, ...]:
    """The names that a site's folder may have: with and without www, with the port as it is written or escaped."""
    host, port = parts.hostname or "", parts.port
    if not _is_name(host):
        return ()
    hosts = (host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")
    return (*(f"{each}{sign}{port}" for each in hosts for sign in ":+_" if port), *hosts)


def _folder(base: str, folders: tuple[str, ...]) -> str | None:
    folder = os.path.join(base, *folders)
    return folder if os.path.isdir(folder or ".") else None


def _file(folder: str, names: Iterable[str]) -> str | None:
    paths = (os.path.join(folder, name) for name in names)
    return next((path for path in paths if os.path.isfile(path)), None)


def _names(parts: SplitResult) -> Iterator[tuple[tuple[str, ...], Iterable[str]]]:
    """The folders below the site's and the names in them that a page may have, the likeliest first.

    Both with its escapes undone and with them.
    """
    for read in (_unquoted, str) if "%" in parts.path + parts.query else (str,):
        *folders, last = [read(segment) for segment in parts.path.split("/")[1:]] or [""]
        if not all(map(_is_name, [*folders, last or INDEX[0]])):
            continue
        if parts.query:
            yield tuple(folders), _with_query(last, read(parts.query).replace("/", "%2F").replace("\\", "%5C"))
        elif last:
            yield tuple(folders), _of_page(last)
        else:
            yield tuple(folders), INDEX
            if folders:  # it may be that of a page
                yield tuple(folders[:-1]), [f"{folders[-1]}{ending}" for ending in ENDINGS]


def _of_page(last: str) -> Iterator[str]:
    yield from (f"{last}{ending}" for ending in ENDINGS)
    yield from (f"{last}/{index}" for index in INDEX)
    stem, ending = os.path.splitext(last)
    if ending.casefold() in PROGRAMS:
        yield f"{stem}.html"
    if ending == ".gz":
        yield stem  # a sitemap that was unpacked on its way


def _with_query(last: str, query: str) -> Iterator[str]:
    for stem in (last,) if last else INDEX:
        yield from (f"{stem}{sign}{query}{ending}" for sign in QUERY for ending in ENDINGS)


def _unquoted(text: str) -> str:
    plain = unquote(text, errors="surrogateescape")
    return text if "/" in plain else plain


def _is_name(segment: str) -> bool:
    """Whether this is the name of one file or folder that isn't hidden, and not a way to another place."""
    return bool(segment) and not segment.startswith(".") and not set(segment) & {"/", "\\", "\0", os.sep}
