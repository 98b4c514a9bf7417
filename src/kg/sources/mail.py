"""Press releases sent as e-mail: the message's own words, and what is attached as inputs of their own."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from functools import cache

from kg import resources
from kg.errors import DataError, InputError
from kg.sources.dates import day_of
from kg.sources.decode import decode
from kg.sources.item import Draft, Input, Known, Unread, failed, on_one_line, unread
from kg.sources.page import from_markup
from kg.sources.reflow import paragraphs

LISTS_FILE = "data/inputs/mail.toml"
LOOKS = re.compile(
    r"(?:(?!From )[!-9;-~]+:[^\n]*\r?\n(?:[ \t]+[^\n]*\r?\n)*)*?"
    r"(?:from|received|return-path|message-id|mime-version|delivered-to):[^\n]*\r?\n(?:[ \t]+[^\n]*\r?\n)*"
    r"[!-9;-~]+:",
    re.IGNORECASE,
)
DELIMITER = "-- "  # the line before a signature: RFC 3676, section 4.3
LONGEST_HEADER = 10_000  # bytes: the standard library takes minutes for much longer ones
MOST_HEADERS = 2_000  # that say what a part is: a message has a few parts, with three of them each
PARSED_HEADERS = re.compile(rb"^(?:content-[\w-]+|subject|date):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
SHORT = 0.5  # a text with a smaller share of the HTML's characters only says that there is HTML
HEADER = re.compile(r"[*_]*([^\W\d_][\w -]{1,15}?)[*_]*\s*:[*_]*\s*(.*)")


@dataclass(frozen=True, slots=True)
class Lists:
    """What isn't the release, from the data file; case-folded."""

    forwarded: tuple[str, ...]
    headers: tuple[str, ...]
    subjects: tuple[str, ...]
    dates: tuple[str, ...]
    replies: tuple[str, ...]
    endings: tuple[str, ...]
    prefixes: tuple[str, ...]


@cache
def lists() -> Lists:
    """The data file. Raises DataError where it doesn't have the form it should."""
    file = resources.path(LISTS_FILE)
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        return Lists(**{name: tuple(text.casefold() for text in data[name]) for name in Lists.__slots__})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{file}: {error}; expected lists of texts: {', '.join(Lists.__slots__)}") from error


def read(source: Input) -> Iterator[Draft | Input | Unread]:
    """The article of a message, then what is attached to it."""
    data = source.whole()
    for number, header in enumerate(PARSED_HEADERS.finditer(data)):
        if len(header[0]) > LONGEST_HEADER or number > MOST_HEADERS:
            raise InputError(f"{source.place}: headers without end; save the release by itself")
    message = BytesParser(policy=policy.default).parsebytes(data)
    attached = list(_attached(message, source))
    text, known = _release(_body(message, source))
    if text.strip():
        own = Known(title=_subject(_header(message, "subject")), published=day_of(_header(message, "date")))
        yield Draft(source.place, text, known.over(own))
    elif not attached:
        yield unread(source.place, "no text in this message")
    yield from attached


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        return on_one_line(str(message[name] or ""))
    except (ValueError, TypeError, IndexError, AttributeError, LookupError):  # what broken headers raise
        return None


def _subject(title: str | None) -> str | None:
    """The subject without what passing it on put before it."""
    while title and title.casefold().startswith(lists().prefixes):
        title = title.partition(":")[2].strip()
    return title or None


def _body(message: EmailMessage, source: Input) -> str:
    """The text of a message; that of its HTML where the plain text is only a stand-in."""
    plain = _part(message, "plain", source)
    markup = _part(message, "html", source)
    if markup is None:
        return _flowed(*plain) if plain else ""
    as_text = from_markup(markup[0])
    return _flowed(*plain) if plain and len(plain[0].strip()) >= SHORT * len(as_text) else as_text


def _part(message: EmailMessage, kind: str, source: Input) -> tuple[str, MIMEPart] | None:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return None
    charset = part.get_content_charset()
    text = decode(data, str(source.place), encoding=source.options.encoding, declared=charset)
    return text, part


def _flowed(text: str, part: MIMEPart) -> str:
    """A plain text with one paragraph a line; of format=flowed (RFC 3676) a space before the line's end says so."""
    if part.get_param("format") != "flowed":
        return text
    return re.sub(r"(?m)(?<!^--) \n(?!>)", " ", text) if part.get_param("delsp") != "yes" else text.replace(" \n", "")


def _release(text: str) -> tuple[str, Known]:
    """The release in a message's text: without quoted replies, the sender's signature and what passing it on added."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip().casefold().startswith(lists().forwarded)), None)
    known = Known()
    if start is not None:
        known, first = _forwarded_headers(lines, start + 1)
        lines = lines[first:]
    lines = list(_own(lines))
    return paragraphs("\n".join(lines).strip("\n")), known


def _forwarded_headers(lines: list[str], at: int) -> tuple[Known, int]:
    """What the headers of a message that was passed on say, and the number of the first line behind them."""
    title, day, seen = None, None, False
    while at < len(lines):
        match = HEADER.fullmatch(lines[at].strip().lstrip("> "))
        name = match[1].casefold() if match else ""
        if match and name in lists().headers:
            seen = True
            title = title or (_subject(on_one_line(match[2])) if name in lists().subjects else None)
            day = day or (day_of(match[2]) if name in lists().dates else None)
        elif lines[at].strip() or seen:
            break
        at += 1
    return Known(title=title, published=day), at


def _own(lines: list[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        if line.rstrip() == DELIMITER.rstrip() or line.strip().casefold().startswith(lists().endings):
            return
        following = next((text for text in lines[at + 1 : at + 4] if text.strip()), "")
        is_reply = line.rstrip().casefold().endswith(lists().replies) and following.startswith(">")
        if not line.startswith(">") and not is_reply:
            yield line


def _attached(message: EmailMessage, source: Input) -> Iterator[Input | Unread]:
    """The attachments that may hold articles: by name, or messages."""
    for number, part in enumerate(message.iter_attachments(), start=1):
        name = part.get_filename() or ""
        media_type = part.get_content_type()
        if media_type != "message/rfc822" and not name.casefold().endswith(source.suffixes):
            continue
        place = source.place.at("attachment", name or number)
        try:
            yield source.inner(place, io.BytesIO(_payload(part)), media_type=media_type)
        except InputError as error:
            yield failed(place, error)


def _payload(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
