"""Bytes -> text, by a declared or a detected encoding; what isn't text is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata

from kg.errors import InputError

FORMATS = {  # the first bytes of files that are no text, and what to call them
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
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
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")  # most can't stand in XML


def decode(data: bytes, name: str, *, encoding: str | None = None) -> str:
    """The normalised text of these bytes.

    Without a declared ``encoding``: by a byte order mark, the pattern of UTF-16, UTF-8, a page's own charset,
    windows-1252, or what charset-normalizer finds, whichever fits first.
    Raises InputError, with ``name`` for the source, where they aren't text or aren't in that encoding.
    """
    kind = next((kind for start, kind in FORMATS.items() if data.startswith(start)), None)
    if kind:
        raise InputError(f"{name}: {kind}, not text; save it as plain text or HTML")
    text = _declared(data, name, encoding) if encoding else data.decode(_encoding(data, name))
    if "\x00" in text or len(CONTROL.findall(text)) > max(8, NOISE * len(text)):
        raise InputError(f"{name}: binary data, not text; save it as plain text or HTML")
    return normalise(text)


def normalise(text: str) -> str:
    """NFC, line ends ``\\n``, no byte order mark at the start, a space for each control character but the tab."""
    text = LINE_END.sub("\n", text.removeprefix("\ufeff"))
    return unicodedata.normalize("NFC", CONTROL.sub(" ", text))


def _declared(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise InputError(f'{name}: "{encoding}" is no encoding; try utf-8, windows-1252 or utf-16') from error
    except UnicodeError as error:
        place = _place(data, error.start) if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(f"{name}{place}: not {encoding}; name the file's encoding, or leave it to be found") from error


def _encoding(data: bytes, name: str) -> str:
    """The first encoding that fits."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark) and _fits(data, encoding):
            return encoding
    charset = CHARSET.search(data[:HEAD])
    candidates = [*_utf16(data[:HEAD]), "utf-8", *([charset[1].decode()] if charset else [])]
    for encoding in candidates:
        if _fits(data, encoding):
            return encoding
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
