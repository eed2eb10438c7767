"""Rewrite Word, Excel, PowerPoint and OpenDocument files without hidden details.

These files are packages of parts. Macros, enclosed programs and bombs are refused. Text, comments
and tracked changes stay; the names beside them are removed. Source: ECMA-376 part 2 (packages),
OpenDocument 1.3 part 2.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO

from grievances.evidence.sanitiser.jpeg_segments import strip_jpeg
from grievances.evidence.sanitiser.protocol import Found, Unfit

MOST_PARTS = 10_000
MOST_BYTES = 600 * 1024 * 1024
"""Limit of all parts together, in bytes, unpacked."""
BOMB_RATIO = 200
BOMB_FLOOR = 20 * 1024 * 1024
"""A part that unpacks to more bytes than this must keep within BOMB_RATIO."""
TEXT_BYTES = 40 * 1024 * 1024
"""Limit of one part that is read as a whole, in bytes."""
PIECE_BYTES = 256 * 1024

MACROS = re.compile(
    r"vbaproject|(^|/)macrosheets/|(^|/)activex/|(^|/)(basic|scripts)/|\.(exe|dll|js|vbs|scr|lnk)$"
    r"|(^|/)embeddings/[^/]+\.(bin|docm|xlsm|pptm|xlsb|dotm|xltm|potm)$",
    re.IGNORECASE,
)
"""Parts that are or may hold programs ([MS-OVBA], ECMA-376 ActiveX, ODF Basic)."""

CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
META = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/>'
    b"</office:document-meta>"
)
BLANK = {
    "docProps/core.xml": CORE,
    "docProps/app.xml": APP,
    "docProps/custom.xml": CUSTOM,
    "meta.xml": META,
}
TOLD = {
    "creator": "Author",
    "initial-creator": "Author",
    "lastModifiedBy": "Last changed by",
    "created": "Made on",
    "creation-date": "Made on",
    "modified": "Changed on",
    "date": "Changed on",
    "title": "Title",
    "subject": "Subject",
    "keywords": "Keywords",
    "description": "Description",
    "Company": "Organisation",
    "Manager": "Manager",
    "Application": "Program",
    "generator": "Program",
    "TotalTime": "Minutes of editing",
}
ELEMENT = re.compile(rb"<(?:[\w-]+:)?([\w-]+)(?: [^>]*)?>([^<]{1,400})</")

NAMED = re.compile(
    rb'(\s(?:w:|w15:|p:|p15:|p188:|office:)?(?:author|initials|userId|providerId|name(?=="[^"]*" '
    rb'initials)|displayName|lastModifiedBy|userName))="([^"]*)"'
)
"""Attributes that name the person who wrote a comment or a change."""
PEOPLE_PARTS = re.compile(
    r"^(word/(document|comments\w*|people|footnotes|endnotes|header\d*|footer\d*)|"
    r"ppt/(commentAuthors|authors|comments/[^/]+)|"
    r"xl/(persons/[^/]+|workbook|(threadedC|c)omments?(\d*|/[^/]+)))\.xml$"
)
AUTHOR = re.compile(rb"<(?:author|dc:creator)(?: [^>]*)?>([^<]+)<")
AUTHORS = re.compile(rb"(<(?:author|dc:creator)(?: [^>]*)?>)[^<]*(</)")
OWN_FOLDER = re.compile(rb"<x15ac:absPath [^>]*/>")
TEMPLATE = re.compile(rb'(<Relationship [^>]*attachedTemplate"[^>]*Target=")[^"]*(")')
THUMBNAIL = re.compile(
    rb"<Relationship [^>]*thumbnail[^>]*/>|<manifest:file-entry [^>]*humbnail[^>]*/>"
)


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Rewrite the package.

    `refuse` raises Unfit for macros and for a bomb.

    Raises:
        Unfit: The package is broken.
    """
    try:
        package = zipfile.ZipFile(io.BufferedReader(original, 1 << 18))  # type: ignore[type-var]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unfit("FILE_BROKEN") from None
    with package:
        parts = package.infolist()
        refuse(package, parts)
        found.extend(tell(package, parts))
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as out:
            for part in parts:
                if not re.match(r"(docProps/thumbnail|Thumbnails/)", part.filename):
                    take(package, part, out)
    return "cleaned"


def refuse(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Check all parts before anything is unpacked.

    Raises:
        Unfit: The package is a bomb, is broken, has macros or is no document.
    """
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise Unfit("BOMB")
    if any(
        part.file_size > BOMB_FLOOR and part.file_size > BOMB_RATIO * max(1, part.compress_size)
        for part in parts
    ):
        raise Unfit("BOMB")
    if len(set(names)) != len(names) or any(part.flag_bits & 1 for part in parts):
        raise Unfit("FILE_BROKEN")
    if any(MACROS.search(name) for name in names):
        raise Unfit("MACROS")
    if "[Content_Types].xml" in names:
        if b"macroenabled" in read(package, "[Content_Types].xml").lower():
            raise Unfit("MACROS")
    elif "mimetype" not in names or b"opendocument" not in read(package, "mimetype"):
        raise Unfit("ARCHIVE")


def tell(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Found:
    """Return what the package contains besides its text, in plain words."""
    found: Found = []
    for part in parts:
        name = part.filename
        if name in BLANK:
            for element, value in ELEMENT.findall(read(package, name)):
                what = TOLD.get(element.decode("ascii", "replace"))
                if what:
                    found.append((what, value.decode("utf-8", "replace").strip()))
            if name == "docProps/custom.xml":
                found.append(("Properties of the organisation", "yes"))
        elif PEOPLE_PARTS.match(name) and part.file_size <= TEXT_BYTES:
            text = read(package, name)
            names = {value for _, value in NAMED.findall(text)} | set(AUTHOR.findall(text))
            found += [("Named beside a comment or change", n.decode("utf-8", "replace"))
                      for n in sorted(filter(None, names))[:10]]  # fmt: skip
    return found


def take(package: zipfile.ZipFile, part: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
    """Write one part into the copy: blank, without names, or as it is."""
    name = part.filename
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
    changes = name in BLANK or name.endswith((".xml", ".rels", ".jpg", ".jpeg"))
    if changes and part.file_size <= TEXT_BYTES:
        out.writestr(entry, changed(name, BLANK.get(name) or read(package, name)))
        return
    entry.file_size = part.file_size
    with package.open(part) as source, out.open(entry, "w") as sink:
        while piece := source.read(PIECE_BYTES):
            sink.write(piece)


def changed(name: str, raw: bytes) -> bytes:
    """Return a part without the names and places in it."""
    if name.endswith((".jpg", ".jpeg")):
        return strip_jpeg(raw)
    if name.endswith(".rels") or name == "META-INF/manifest.xml":
        return TEMPLATE.sub(rb"\1Normal.dotm\2", THUMBNAIL.sub(b"", raw))
    if PEOPLE_PARTS.match(name):
        raw = OWN_FOLDER.sub(b"", NAMED.sub(rb'\1="Author"', raw))
        return AUTHORS.sub(rb"\1Author\2", raw)
    if name == "content.xml":
        return AUTHORS.sub(rb"\1Author\2", raw)
    return raw


def read(package: zipfile.ZipFile, name: str) -> bytes:
    """Return one part as a whole.

    Raises:
        Unfit: The part is longer than it says, or than TEXT_BYTES.
    """
    with package.open(name) as source:
        raw = source.read(TEXT_BYTES + 1)
    if len(raw) > TEXT_BYTES:
        raise Unfit("BOMB")
    return raw
