"""What a server is told about itself: the names that it is asked under, and its address on the web."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from kg.errors import KgError
from kg.publish import settings as publish
from kg.records import record

ANYWHERE: Final = ("0.0.0.0", "::", "")
"""Addresses to serve on that stand for all of the machine's."""
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@record(frozen=True, slots=True)
class Settings:
    """``root`` is the address on the web, with a slash at the end; empty where it is the one that a request names.

    ``publication`` tells who publishes it and under which licence, where that is set. ``hosts`` are the names under
    which it may be asked, beside addresses and localhost. ``texts``: whether whole articles are shown, not the
    sentences around evidence alone.
    """

    root: str = ""
    publication: publish.Settings | None = None
    hosts: frozenset[str] = frozenset()
    texts: bool = True

    def of(self, base_url: object) -> str:
        """The server's own address, with a slash at the end; ``base_url`` is that of a request."""
        return self.root or str(base_url)


def settings(
    host: str, base_url: str | None, allowed: Iterable[str], publication: publish.Settings | None = None
) -> Settings:
    """The settings of a server on ``host``. Raises KgError for an address that is none."""
    names = {name.strip().lower() for name in allowed} - {""}
    if host not in ANYWHERE:
        names.add(host.lower())
    if base_url is None:
        return Settings(publication=publication, hosts=frozenset(names))
    found = urlsplit(base_url)
    if found.scheme not in ("http", "https") or not found.hostname or found.query or found.fragment:
        raise KgError(f"--base-url {base_url}: no address; expected one such as https://data.example.go.id/")
    if found.path.strip("/"):
        raise KgError(f"--base-url {base_url}: paths begin at the root; give a name of its own, without {found.path}")
    return Settings(base_url.rstrip("/") + "/", publication, frozenset(names | {found.hostname}))
