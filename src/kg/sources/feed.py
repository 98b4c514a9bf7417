"""Feeds saved as files: RSS 0.9 to 2.0 and Atom; each entry is an article.

feedparser reads them: real feeds break XML's rules (undeclared entities, wrong encodings), which the standard library's
parser refuses. It expands no entity that stands for another, and loads nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kg.errors import InputError
from kg.sources.dates import day_of
from kg.sources.decode import decode, normalise
from kg.sources.item import Draft, Input, Known, Unread, address, on_one_line, unread
from kg.sources.page import from_markup

MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")
PROLOGUE = (  # what may stand before the first element
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!doctype\s+(?!html)[^>\[]*(?:\[.*?\]\s*)?>\s*)*"
)
LOOKS = re.compile(PROLOGUE + r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE | re.DOTALL)
BROKEN_OFF = ("no element found", "unclosed token")  # what expat says where a file ends too early
SEPARATORS = re.compile(r"\s+[-|–—»:]\s+")


def read(source: Input) -> Iterator[Draft | Unread]:
    """An article for each entry that has a text."""
    import feedparser

    text = decode(source.whole(), str(source.place), encoding=source.options.encoding, declared=source.encoding)
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(
        io.BytesIO(text.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    problem = on_one_line(str(parsed.get("bozo_exception", ""))) or ""
    if not parsed.entries:
        reason = f" ({problem})" if problem and parsed.bozo else ""
        raise InputError(f"{source.place}: no entries in this feed{reason}; save the feed again")
    for number, entry in enumerate(parsed.entries, start=1):
        yield _article(entry, parsed.feed, source, number)
    if parsed.bozo and any(sign in problem for sign in BROKEN_OFF):
        yield unread(source.place, f"ends too early ({problem}); entries at its end are missing: save the feed again")


def _article(entry: Any, feed: Any, source: Input, number: int) -> Draft | Unread:
    url = next((link for value in _addresses(entry) if (link := address(value))), None)
    is_named = bool(url is None and entry.get("id"))  # an entry's number changes with each new one before it
    place = source.place.at("entry", entry.id if is_named else number)
    text = max((from_markup(normalise(value)) for value in _texts(entry)), key=len, default="")
    if not text.strip():
        return unread(place, "no text in this entry; save the page that it points at")
    moments = (dict.get(entry, key) for key in ("published", "created", "updated"))  # entry.get warns of its aliases
    known = Known(
        title=_plain(entry.get("title")),
        outlet=_outlet(entry, feed),
        url=url,
        published=next((day for value in moments if (day := day_of(value))), None),
        language=entry.get("language") or feed.get("language"),
    )
    return Draft(place, text, known)


def _addresses(entry: Any) -> Iterator[Any]:
    yield entry.get("feedburner_origlink")
    yield entry.get("link")
    yield entry.get("id")


def _texts(entry: Any) -> Iterator[str]:
    yield from (part.get("value") or "" for part in entry.get("content", ()))
    yield entry.get("summary") or ""


def _plain(value: Any) -> str | None:
    return on_one_line(from_markup(normalise(value))) if isinstance(value, str) else None


def _outlet(entry: Any, feed: Any) -> str | None:
    """The name of the site: of a title like "Daerah - Kabar Teluk" the part that is also in the site's address."""
    original = entry.get("source")
    title = original.get("title") if isinstance(original, dict) else None
    title = _plain(title or entry.get("publisher") or feed.get("publisher") or feed.get("title"))
    host = urlsplit(str(feed.get("link") or entry.get("link") or "")).hostname or ""
    labels = [label for label in host.split(".")[:-1] if label != "www"]
    parts = SEPARATORS.split(title) if title else []
    letters = ("".join(filter(str.isalnum, part.casefold())) for part in parts)
    named = [part for part, bare in zip(parts, letters, strict=True) if any(bare and bare in label for label in labels)]
    return named[0] if named else title
