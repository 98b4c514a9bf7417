"""Bytes -> text, by a declared or a detected encoding; what isn't text is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata

from kg.errors import InputError
from kg.sources.item import Input

FORMATS = {  # the first bytes of files that are no text, and what to call them
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"(\xb5/\xfd": "a zstd archive",
}
MARKS = {  # byte order marks; those of UTF-32 begin like those of UTF-16, so they stand first
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
HEAD = 4096  # bytes: where the pattern of UTF-16 and a page's charset are looked for
MOSTLY_ASCII = 0.05  # a larger share of other bytes is no Indonesian or English in windows-1252
NOISE = 0.02  # a larger share of control characters is no text
CHARSET = re.compile(rb"""<meta\b[^>]*\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
PLAIN = bytes((9, 10, *range(0x20, 0x7F)))  # the ASCII that normalising leaves as it is
SUSPECT = re.compile(  # what it may not, in UTF-8 without that: control characters, line ends, a byte order mark
    rb"[\x00-\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef(?:\xbb\xbf|\xbf[\xbe\xbf])"
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # most can't stand in XML


def read_text(source: Input) -> str:
    """The normalised text of an input. Raises InputError where it has none, is too long or in a wrong encoding."""
    name = str(source.place)
    text = decode(source.whole(), name, encoding=source.options.encoding, declared=source.encoding)
    if not text.strip():
        raise InputError(f"{name}: empty; give a file with the article's text")
    return text


def decode(data: bytes, name: str, *, encoding: str | None = None, declared: str | None = None) -> str:
    """The normalised text of these bytes.

    With an ``encoding``: in that. Without: by a byte order mark, the pattern of UTF-16, UTF-8, what is ``declared``,
    a page's own charset, windows-1252, or what charset-normalizer finds, whichever fits first.
    Raises InputError, with ``name`` for the source, where they aren't text or aren't in that encoding.
    """
    kind = next((kind for start, kind in FORMATS.items() if data.startswith(start)), None)
    if kind:
        raise InputError(f"{name}: {kind}, not text; save it as plain text, HTML or PDF, or unpack it")
    text = _declared(data, name, encoding) if encoding else data.decode(_encoding(data, name, declared))
    if _is_normal(text):
        return text
    if "\x00" in text or len(CONTROL.findall(text)) > max(8, NOISE * len(text)):
        raise InputError(f"{name}: binary data, not text; save it as plain text or HTML")
    return normalise(text)


def normalise(text: str) -> str:
    """NFC, line ends ``\\n``, no byte order mark at the start, a space for each control character but the tab."""
    if _is_normal(text):
        return text
    text = LINE_END.sub("\n", text.removeprefix("\ufeff"))
    return unicodedata.normalize("NFC", CONTROL.sub(" ", text))


def _is_normal(text: str) -> bool:
    """Whether normalising would change nothing, as with most texts: found out in a twentieth of the time it takes."""
    try:
        others = text.encode().translate(None, PLAIN)
    except UnicodeEncodeError:  # half a character
        return False
    return not others or (SUSPECT.search(others) is None and unicodedata.is_normalized("NFC", text))


def glance(head: bytes) -> str:
    """The first characters of what may be text, to tell its kind by: what isn't ASCII may be wrong."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return head.decode(encoding, "replace").lstrip("\ufeff")
    return head.decode(next(iter(_utf16(head[:HEAD])), "latin-1"), "replace")


def _declared(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise InputError(f'{name}: "{encoding}" is no encoding; try utf-8, windows-1252 or utf-16') from error
    except UnicodeError as error:
        place = _place(data, error.start) if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(f"{name}{place}: not {encoding}; name the file's encoding, or leave it to be found") from error


def _encoding(data: bytes, name: str, declared: str | None) -> str:
    """The first encoding that fits."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark) and _fits(data, encoding):
            return encoding
    charset = CHARSET.search(data[:HEAD])
    own = charset[1].decode() if charset else None
    for candidate in (*_utf16(data[:HEAD]), "utf-8", declared, own):
        if candidate and _fits(data, candidate):
            return candidate
    if b"\x00" in data:
        raise InputError(f"{name}: binary data, not text; save it as plain text or HTML")
    _refuse_damaged(data, name)
    return _guess(data, name)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _utf16(head: bytes) -> list[str]:
    """UTF-16 without a mark: in text with Latin letters nearly every other byte is NUL."""
    half = max(len(head) // 2, 1)
    for encoding, filled, other in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if head[filled::2].count(0) > 0.7 * half and head[other::2].count(0) < 0.05 * half:
            return [encoding]
    return []


def _refuse_damaged(data: bytes, name: str) -> None:
    """Refuse UTF-8 with a few wrong bytes: read as windows-1252, each of its quotation marks would be three signs."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        if sum(letter > "\x7f" for letter in text) - wrong > wrong:
            place = _place(data, error.start)
            raise InputError(f"{name}{place}: a byte that isn't UTF-8 in a text that is; mend it there") from error


def _guess(data: bytes, name: str) -> str:
    other = sum(byte > 0x7F for byte in data)
    if other <= MOSTLY_ASCII * len(data) and _fits(data, "windows-1252"):
        return "windows-1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 100 * HEAD]).best()
    if best is None or not _fits(data, best.encoding):
        raise InputError(f"{name}: in an encoding that can't be told; save it as UTF-8, or name its encoding")
    return best.encoding


def _place(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    return f" line {line}, byte {offset}"
