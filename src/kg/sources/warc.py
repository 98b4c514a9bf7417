"""Web archives: each page that was answered with success is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.sources.item import Input, Known, Unread, address, unread
from kg.sources.page import MEDIA_TYPES
from kg.sources.unpack import BROKEN, unpacked

READ = (*MEDIA_TYPES, "application/pdf")
KINDS = frozenset({"response", "resource"})


def read(source: Input) -> Iterator[Input | Unread]:
    """The pages of an archive, in its order; the answers that aren't pages are passed over."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    found, number = False, 0
    try:
        for number, record in enumerate(ArchiveIterator(source.stream), start=1):
            if record.rec_type in KINDS and _is_wanted(record):
                found = True
                yield _page(record, source, number)
    except (ArchiveLoadFailed, AttributeError, *BROKEN, OSError) as error:  # AttributeError: where a record has no end
        problem = " ".join(str(error).split())[:100]
        yield unread(source.place.at("record", number + 1), f"cut off or damaged ({problem}); get the file again")
        return
    if not found:
        yield unread(source.place, "no pages in this web archive")


def _page(record: Any, source: Input, number: int) -> Input:
    place = source.place.at("record", number)
    media_type, encoding = _content_type(record)
    url = address(record.rec_headers.get_header("WARC-Target-URI"))
    known = Known(url=url)
    return unpacked(source, place, record.content_stream(), known=known, media_type=media_type, encoding=encoding)


def _is_wanted(record: Any) -> bool:
    if record.http_headers and record.http_headers.get_statuscode() != "200":
        return False
    return _content_type(record)[0] in READ


def _content_type(record: Any) -> tuple[str, str | None]:
    """The media type and the charset that the answer declares."""
    headers = record.http_headers or record.rec_headers
    media_type, _, rest = (headers.get_header("Content-Type") or "").partition(";")
    name, _, charset = rest.strip().partition("=")
    return media_type.strip().casefold(), charset.strip("\"' ") if name.strip().casefold() == "charset" else None
