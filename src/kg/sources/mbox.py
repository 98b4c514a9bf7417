"""Mailboxes in the mbox form: each message is read as one of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kg.sources.item import Input, Unread, unread

LOOKS = re.compile(r"From \S+ +\w{3} \w{3} [ \d]?\d \d\d:\d\d(?::\d\d)?[^\n]* \d{4}[^\n]*\r?\n[\w-]+:")
START = b"From "  # at the start of a line after an empty one
QUOTED = re.compile(rb"^>(>*From )")


def read(source: Input) -> Iterator[Input | Unread]:
    """The messages of a mailbox, in order; one over the limit is passed over with a line."""
    number, size, lines, after_blank = 0, 0, io.BytesIO(), True
    limit = source.options.limit
    for _, line in source.lines():
        if line is not None and after_blank and line.startswith(START):
            if number:
                yield _message(source, number, lines, size)
            number, size, lines = number + 1, 0, io.BytesIO()
        elif number:
            size += limit + 1 if line is None else len(line)
            if size <= limit:
                lines.write(QUOTED.sub(rb"\1", line or b""))
        after_blank = line is not None and not line.strip()
    if number:
        yield _message(source, number, lines, size)
    else:
        yield unread(source.place, 'no messages in this mailbox; each begins with a line "From …"')


def _message(source: Input, number: int, lines: io.BytesIO, size: int) -> Input | Unread:
    place = source.place.at("message", number)
    if size > source.options.limit:
        return unread(place, "longer than the limit of one article; save what it has attached by itself")
    lines.seek(0)
    return source.inner(place, lines, media_type="message/rfc822")
