"""Rewrite Windows metafiles (EMF, WMF) without comments and descriptions.

They are lists of drawing instructions. Instructions that only carry private data of a program go:
the file's description, comments and escapes. Sources: [MS-EMF] 2.3, [MS-WMF] 2.3.
"""

from __future__ import annotations

import re
import struct
from typing import IO

from grievances.evidence.sanitiser.protocol import Found, note

EMF_HEADER, EMF_COMMENT, EMF_END = 1, 70, 14
EMF_FONT, EMF_LAST = 82, 122
EMF_PRIVATE = {98, 99, 100, 101, 105, 106, 107, 109, 110, 112, 113, 121, 122}
"""Escapes, profiles of colours and names of files.

Nothing of it is drawn ([MS-EMF] 2.1.1).
"""
EMF_PLUS = b"EMF+"
EMF_PLUS_HEADER, DUAL = 0x4001, 1
WMF_ESCAPE, WMF_FONT = 0x0626, 0x02FB
FACE, FACE_BYTES, NAMES_END = 40, 64, 360
"""Where the name of a font is in its instruction, of EMF.

Names of makers and styles follow.
"""
WMF_FACE = 6 + 18
USUAL_FONTS = (
    "arial black narrow unicode ms calibri light cambria math candara consolas constantia corbel "
    "courier new times roman verdana tahoma georgia garamond trebuchet helvetica neue symbol "
    "wingdings webdings segoe ui lucida sans console palatino linotype book antiqua bookman old "
    "style century gothic schoolbook franklin medium impact comic system mangal mingliu pmingliu "
    "simsun nsimsun simhei gulim batang malgun meiryo mincho microsoft yahei jhenghei liberation "
    "serif mono dejavu bitstream vera open noto carlito caladea opensymbol aptos display gill mt "
    "terminal fixedsys marlett sylfaen gabriola ebrima leelawadee nirmala bold italic regular "
    "semibold semilight condensed"
)
"""Words of which names of usual fonts are made.

Any other font may be named after a person.
"""
PLAIN_FONT = "Arial"
WMF_PLACEABLE = b"\xd7\xcd\xc6\x9a"
TEXT = re.compile(rb"[\x20-\x7e]{5,}|(?:[\x20-\x7e]\0){5,}")
MOST_BYTES = 60 * 1024 * 1024


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the drawing without private data.

    Returns:
        `cleaned`. `failed` is for a drawing that is broken, or that has nothing but instructions of
        EMF+, in which whole pictures can be hidden.
    """
    raw = original.read(MOST_BYTES + 1)
    try:
        new = _emf(raw, found) if raw[40:44] == b" EMF" else _wmf(raw, found)
    except (struct.error, ValueError):
        return "failed"
    copy.write(new)
    return "cleaned"


def _emf(raw: bytes, found: Found) -> bytes:
    records, at = [], 0
    while at < len(raw):
        kind, size = struct.unpack_from("<II", raw, at)
        if size < 8 or size % 4 or at + size > len(raw):
            raise ValueError("a record that does not fit")
        record = raw[at : at + size]
        if kind == EMF_COMMENT:
            _refuse_plus_alone(record)
            _tell_texts(record[12:], found)
        elif kind in EMF_PRIVATE or not EMF_HEADER <= kind <= EMF_LAST:
            _tell_texts(record[8:], found)
        elif kind == EMF_HEADER:
            records.append(_without_description(record, found))
        else:
            records.append(_plain_font(record, found) if kind == EMF_FONT else record)
        at += size
        if kind == EMF_END:
            break
    first = bytearray(records[0])
    # nBytes and nRecords of the header ([MS-EMF] 2.2.9).
    struct.pack_into("<II", first, 48, sum(map(len, records)), len(records))
    return b"".join([bytes(first), *records[1:]])


def _refuse_plus_alone(record: bytes) -> None:
    """Check that a header of EMF+ says that the plain drawing is there, too.

    Raises:
        ValueError: The drawing has instructions of EMF+ alone.
    """
    if record[12:16] != EMF_PLUS:
        return
    kind, flags = struct.unpack_from("<HH", record, 16)
    if kind == EMF_PLUS_HEADER and not flags & DUAL:
        raise ValueError("only EMF+")


def _without_description(record: bytes, found: Found) -> bytes:
    length, offset = struct.unpack_from("<II", record, 60)
    new = bytearray(record)
    if length and offset and offset + 2 * length <= len(record):
        said = record[offset : offset + 2 * length].decode("utf-16-le", "replace")
        note(found, "Description of a drawing", said.replace("\0", " "))
        new[offset : offset + 2 * length] = bytes(2 * length)
    return bytes(new)


def _plain_font(record: bytes, found: Found) -> bytes:
    """Return the choice of a font by a usual name, without names of styles and makers.

    Raises:
        ValueError: The instruction has no room for a name.
    """
    if len(record) < FACE + FACE_BYTES:
        raise ValueError("a font without a name")
    new = bytearray(record)
    face = _face(record[FACE : FACE + FACE_BYTES], "utf-16-le", found)
    new[FACE : FACE + FACE_BYTES] = face.encode("utf-16-le")[:FACE_BYTES].ljust(FACE_BYTES, b"\0")
    end = min(NAMES_END, len(record))
    _tell_texts(record[FACE + FACE_BYTES : end], found)
    new[FACE + FACE_BYTES : end] = bytes(end - FACE - FACE_BYTES)
    return bytes(new)


def _face(raw: bytes, encoding: str, found: Found) -> str:
    """Return the name of a font, or that of a usual one instead of it."""
    said = raw.decode(encoding, "replace")
    name, _, rest = said.partition("\0")
    words = re.split(r"[\s@_-]+", name.lower().strip("@ "))
    is_usual = set(words) <= set(USUAL_FONTS.split())
    for each in [*([] if is_usual or not name else [name]), rest.replace("\0", " ").strip()]:
        if each.isprintable():
            note(found, "Name of a font", each)
    return name if is_usual or not name else PLAIN_FONT


def _tell_texts(raw: bytes, found: Found) -> None:
    """Tell the texts in an instruction that goes."""
    for text in TEXT.findall(raw):
        note(found, "Text in a drawing", text.replace(b"\0", b"").decode("ascii", "replace"))


def _wmf(raw: bytes, found: Found) -> bytes:
    start = 22 if raw.startswith(WMF_PLACEABLE) else 0
    header = bytearray(raw[start : start + 18])
    records, at = [], start + 18
    while at + 6 <= len(raw):
        words, function = struct.unpack_from("<IH", raw, at)
        if words < 3 or at + 2 * words > len(raw):
            raise ValueError("a record that does not fit")
        record = raw[at : at + 2 * words]
        if function == WMF_ESCAPE:
            _tell_texts(record[6:], found)
        elif function == WMF_FONT:
            face = _face(record[WMF_FACE:], "cp1252", found).encode("cp1252", "replace")
            room = len(record) - WMF_FACE
            records.append(record[:WMF_FACE] + face[:room].ljust(room, b"\0"))
        else:
            records.append(record)
        at += 2 * words
        if function == 0:
            break
    struct.pack_into("<I", header, 6, (18 + sum(map(len, records))) // 2)
    return raw[:start] + bytes(header) + b"".join(records)
