"""Kinds that hold others: PDF, packages, Outlook messages, recordings in boxes."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from grievances.evidence.sanitiser.protocol import Unfit

Read = Callable[[int, int], bytes]

TAIL_BYTES = 22 + 65_535
"""The end of a ZIP file with the longest comment, in bytes (APPNOTE 4.3.16)."""
DIRECTORY_BYTES = 1024 * 1024
"""How much of the list of a package is looked at."""
PDF_START = re.compile(rb"%PDF-\d")
PDF_LEAD = b"\0\t\n\f\r \xef\xbb\xbf\xfe\xff"
"""Bytes that may come before a PDF: blank lines and byte order marks."""
SMALL_BYTES = 512
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_SECTORS = 256
"""How many sectors of the directory of an OLE file are looked at."""
MESSAGE = "__properties_version1.0"
"""The stream that every Outlook message has ([MS-OXMSG] 2.4)."""
OLD_OFFICE = ("WordDocument", "Workbook", "Book", "PowerPoint Document", "EncryptedPackage",
              "_VBA_PROJECT_CUR", "Macros")  # fmt: skip
"""Streams of older Office files and locked ones ([MS-DOC], [MS-OFFCRYPTO])."""
PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
"""Brands of an ISO file that holds a picture, not a recording (ISO/IEC 23008-12)."""
FILM_BOXES = (
    b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"PICT", b"uuid", b"styp",
    b"moof", b"sidx", b"junk",
)  # fmt: skip
"""Boxes with which a film may begin; older cameras write no `ftyp`."""
PACKAGES = {"xl/": "excel", "ppt/": "powerpoint", "word/": "office"}
OPEN_TYPES = {
    b"spreadsheet": "spreadsheet",
    b"presentation": "presentation",
    b"graphics": "drawing",
}
ZIP_KINDS = {*PACKAGES.values(), *OPEN_TYPES.values(), "opendocument"}


def kind_of(head: bytes, read: Read, size: int) -> str | None:
    """Return the kind of a file that can hold others, or None.

    Raises:
        Unfit: It is an older Office file, or a text with a PDF behind it.
    """
    start = PDF_START.search(head[:1024])
    if start and (start.start() == 0 or has_pdf_end(read, size)):
        if head[: start.start()].strip(PDF_LEAD):
            raise Unfit("TWO_KINDS")
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return package_kind(read, size)
    if head.startswith(OLE):
        return ole_kind(head, read, size)
    if head[4:8] == b"ftyp":
        return brand_kind(head, read, size)
    return "video" if is_film(read, size) else None


def brand_kind(head: bytes, read: Read, size: int) -> str:
    """Return the kind of an ISO file, by its brands: a picture or a recording.

    Raises:
        Unfit: It is a raw picture of a camera (Canon CR3).
    """
    raw = head[8 : min(len(head), max(12, int.from_bytes(head[:4])))]
    brands = {raw[:4], *(raw[at : at + 4] for at in range(8, len(raw), 4))}
    if b"crx " in brands:
        raise Unfit("CAMERA_RAW")
    if raw[:4] in PICTURE_BRANDS or not (brands.isdisjoint(PICTURE_BRANDS) or is_film(read, size)):
        return "heic"
    return "video"


def is_archive_kind(code: str) -> bool:
    """Return whether files of this kind are ZIP packages."""
    return code in ZIP_KINDS


def has_pdf_end(read: Read, size: int) -> bool:
    """Return whether the end of the file is that of a PDF (ISO 32000-1 7.5.5)."""
    tail = read(max(0, size - 2048), 2048)
    return b"startxref" in tail or b"%%EOF" in tail


def is_archive_enclosed(read: Read, size: int) -> bool:
    """Return whether an archive near the end of a PDF is inside one of its streams."""
    tail = read(max(0, size - TAIL_BYTES), TAIL_BYTES)
    return b"endstream" in tail[tail.rfind(b"PK\x05\x06") :]


def is_film(read: Read, size: int) -> bool:
    """Return whether the file is a row of boxes of a film, a `moov` among them."""
    names: set[bytes] = set()
    at = 0
    while at + 8 <= size and len(names) < 64:
        head = read(at, 16)
        length, name = int.from_bytes(head[:4]), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16])
        end = size if length == 0 else at + length
        if end < at + 8 or end > size or (at == 0 and name not in FILM_BOXES):
            break
        names.add(name)
        at = end
    return b"moov" in names


def package_kind(read: Read, size: int) -> str:
    """Return the kind of a package by the names of its parts; else Word.

    The cleaner judges again whether it is such a document.

    Raises:
        Unfit: It is a document of Apple's, which no one else can open.
    """
    parts = {part.name: part for part in list_parts(read, size)}
    if "[Content_Types].xml" in parts:
        starts = (k for name in parts for start, k in PACKAGES.items() if name.startswith(start))
        return next(starts, "office")
    if "mimetype" in parts:
        return open_kind(small_part(parts["mimetype"], read))
    if "Index/Document.iwa" in parts or "Index.zip" in parts:
        raise Unfit("APPLE_DOCUMENT")
    return "office"


def open_kind(mimetype: bytes) -> str:
    """Return the kind of an OpenDocument file by its type (1.3 part 2)."""
    found = re.search(rb"opendocument\.(\w+)", mimetype)
    return OPEN_TYPES.get(found[1], "opendocument") if found else "office"


class Part(NamedTuple):
    """A part of a ZIP file: its name, how it is packed, its length, its place."""

    name: str
    method: int
    length: int
    place: int


def list_parts(read: Read, size: int) -> Iterator[Part]:
    """Yield the parts of a ZIP file, as its list at the end has them (APPNOTE 4.3.12)."""
    end = zip_end(read, size)
    if end is None:
        return
    place, length, moved = end
    raw, at = read(place, min(length, DIRECTORY_BYTES)), 0
    while raw[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(raw):
        (method,) = struct.unpack_from("<H", raw, at + 10)
        (packed,) = struct.unpack_from("<I", raw, at + 20)
        name, extra, comment = struct.unpack_from("<HHH", raw, at + 28)
        (start,) = struct.unpack_from("<I", raw, at + 42)
        words = raw[at + 46 : at + 46 + name].decode("utf-8", "replace")
        yield Part(words, method, packed, start + moved)
        at += 46 + name + extra + comment


def small_part(part: Part, read: Read) -> bytes:
    """Return the first bytes of a part, unpacked."""
    head = read(part.place, 30)
    if len(head) < 30:
        return b""
    name, extra = struct.unpack_from("<HH", head, 26)
    raw = read(part.place + 30 + name + extra, min(part.length, SMALL_BYTES))
    if not part.method:
        return raw
    try:
        return zlib.decompressobj(-15).decompress(raw, SMALL_BYTES)
    except zlib.error:
        return b""


def ends_like_zip(read: Read, size: int) -> bool:
    """Return whether the file ends as a ZIP archive whose list is where it says."""
    return zip_end(read, size) is not None


def zip_end(read: Read, size: int) -> tuple[int, int, int] | None:
    """Return (place of the list, its length, how far it was moved), or None.

    Readers look for the end from the last byte backwards (APPNOTE 4.3.14 to 4.3.16).
    """
    base = max(0, size - TAIL_BYTES)
    tail = read(base, TAIL_BYTES)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= 22:
            disk, _, here, entries, length, start = struct.unpack_from("<HHHHII", tail, at + 4)
            stop, is_long = base + at, entries == 0xFFFF or 0xFFFFFFFF in {length, start}
            if tail[max(0, at - 20) : at][:4] == b"PK\x06\x07":
                stop -= 76  # the end of a large archive, and the place of that end
                if is_long:
                    length, start = struct.unpack("<QQ", read(stop + 40, 16).ljust(16, b"\0"))
            place = stop - length
            is_one = disk == 0 and here == entries >= 1 and place >= 0
            if is_one and read(place, 4) == b"PK\x01\x02":
                return place, length, place - start
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return None


def ole_kind(head: bytes, read: Read, size: int) -> str:
    """Return `outlook` for an Outlook message, by the streams of its first storage.

    Documents that are attached to it are in storages of their own, and do not count.

    Raises:
        Unfit: It is an older Office file, or no message.
    """
    names = root_names(head, read, size)
    if MESSAGE in names:
        return "outlook"
    if names and not any(name in OLD_OFFICE for name in names):
        raise Unfit("KIND_NOT_ACCEPTED")
    if not names and holds(MESSAGE.encode("utf-16-le"), read, size):
        return "outlook"  # A message that was cut: no program opens what is attached to it.
    raise Unfit("OLD_OFFICE")


def root_names(head: bytes, read: Read, size: int) -> set[str]:
    """Return the names in the first storage of an OLE file; empty if it is broken.

    Source: [MS-CFB] 2.2, 2.3, 2.6.
    """
    if len(head) < 512:
        return set()
    width = 1 << min(16, struct.unpack_from("<H", head, 30)[0])
    if width not in {512, 4096}:
        return set()
    tables = struct.unpack_from("<109I", head, 76)
    sector, entries = struct.unpack_from("<I", head, 48)[0], []
    for _ in range(OLE_SECTORS):
        raw = read((sector + 1) * width, width) if (sector + 1) * width < size else b""
        entries += [raw[at : at + 128] for at in range(0, len(raw) - 127, 128)]
        number, place = divmod(sector, width // 4)
        if not raw or number >= len(tables):
            break
        following = read((tables[number] + 1) * width + 4 * place, 4)
        sector = int.from_bytes(following, "little") if len(following) == 4 else 2**32 - 1
        if sector >= 0xFFFFFFFA:
            break
    return {*_children(entries)}


def _children(entries: list[bytes]) -> Iterator[str]:
    if not entries or entries[0][66:67] != b"\x05":
        return
    seen, waiting = set(), [struct.unpack_from("<I", entries[0], 76)[0]]
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        length = min(64, struct.unpack_from("<H", entry, 64)[0])
        yield entry[: max(0, length - 2)].decode("utf-16-le", "replace")
        waiting += struct.unpack_from("<II", entry, 68)


def holds(needle: bytes, read: Read, size: int) -> bool:
    """Return whether these bytes are anywhere in the file, read piece by piece."""
    step, before = 256 * 1024, b""
    for at in range(0, size, step):
        seen = before + read(at, step)
        if needle in seen:
            return True
        before = seen[-len(needle) :]
    return False
