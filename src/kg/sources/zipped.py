"""ZIP archives: each member whose name ends as the files that are read in a folder do; of WACZ the web archives."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from kg.errors import InputError
from kg.sources.copied import seekable
from kg.sources.item import Input, Unread, unread
from kg.sources.tarred import expected, is_wanted
from kg.sources.unpack import BROKEN, LOCKED, unpacked

DOCUMENTS = {"[Content_Types].xml": "an office document", "mimetype": "an OpenDocument file or e-book"}
PACKAGE, RECORDS = "datapackage.json", "archive/"  # of WACZ, a web archive as Browsertrix packs it
PAGES = (".warc", ".warc.gz")  # in one of those: its indexes and lists of pages are no articles


def read(source: Input) -> Iterator[Input | Unread]:
    """The members of an archive, in its order."""
    with seekable(source) as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except (*BROKEN, *LOCKED, OSError) as error:
            raise InputError(f"{source.place}: a ZIP archive that is cut off or damaged; get the file again") from error
        with archive:
            yield from _members(source, archive)


def _members(source: Input, archive: zipfile.ZipFile) -> Iterator[Input | Unread]:
    document = next((kind for name, kind in DOCUMENTS.items() if name in archive.NameToInfo), None)
    if document:
        raise InputError(f"{source.place}: {document}, not an archive of texts; save it as plain text or PDF")
    is_wacz = PACKAGE in archive.NameToInfo and any(name.startswith(RECORDS) for name in archive.NameToInfo)
    suffixes = PAGES if is_wacz else source.suffixes
    found = False
    for member in archive.infolist():
        if not member.is_dir() and is_wanted(member.filename, suffixes):
            found = True
            yield _member(source, archive, member)
    if not found:
        yield unread(source.place, expected(suffixes))


def _member(source: Input, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Input | Unread:
    place = source.place.at("member", member.filename)
    try:
        packed = archive.open(member)
    except LOCKED:
        return unread(place, "has a password, or is packed in a way that isn't known here; unpack it yourself")
    except (*BROKEN, OSError):
        return unread(place, "cut off or damaged; get the file again")
    return unpacked(source, place, packed, size=member.file_size)
