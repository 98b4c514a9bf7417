"""ZIP archives: each member whose name ends as the files that are read in a folder do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from kg.errors import InputError
from kg.sources.item import Input, Unread, unread
from kg.sources.tarred import expected, is_wanted
from kg.sources.unpack import BROKEN, LOCKED, unpacked

DOCUMENTS = {"[Content_Types].xml": "an office document", "mimetype": "an OpenDocument file or e-book"}
LARGEST_NAMES = 2_000_000  # members: each takes memory before the first is read


def read(source: Input) -> Iterator[Input | Unread]:
    """The members of an archive, in its order."""
    stream = source.stream if source.stream.seekable() else io.BytesIO(source.whole())
    try:
        archive = zipfile.ZipFile(stream)
    except (*BROKEN, *LOCKED, OSError) as error:
        raise InputError(f"{source.place}: a ZIP archive that is cut off or damaged; get the file again") from error
    with archive:
        document = next((kind for name, kind in DOCUMENTS.items() if name in archive.NameToInfo), None)
        if document:
            raise InputError(f"{source.place}: {document}, not an archive of texts; save it as plain text or PDF")
        found = False
        for member in archive.infolist():
            if member.is_dir() or not is_wanted(member.filename, source.suffixes):
                continue
            found = True
            yield _member(source, archive, member)
    if not found:
        yield unread(source.place, expected(source.suffixes))


def _member(source: Input, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Input | Unread:
    place = source.place.at("member", member.filename)
    try:
        packed = archive.open(member)
    except LOCKED:
        return unread(place, "has a password, or is packed in a way that isn't known here; unpack it yourself")
    except (*BROKEN, OSError):
        return unread(place, "cut off or damaged; get the file again")
    return unpacked(source, place, packed, size=member.file_size)
