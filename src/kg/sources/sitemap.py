"""Sitemaps where they can't be followed: in an archive, on standard input. Those on disk ``kg.sources.named`` reads."""

from __future__ import annotations

from collections.abc import Iterator

from kg.sources.item import Input, Unread, unread
from kg.sources.urlset import LOOKS

__all__ = ["LOOKS", "read"]


def read(source: Input) -> Iterator[Unread]:
    """One line: it holds no text."""
    yield unread(source.place, "a sitemap, which holds no text; put it beside the pages that it names, on disk")
