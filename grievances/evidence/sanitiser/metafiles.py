"""Rewrite Windows metafiles (EMF, WMF) without comments and descriptions.

They are lists of drawing instructions. Instructions that only carry private data of a program go:
the file's description, comments and escapes. Sources: [MS-EMF] 2.3, [MS-WMF] 2.3.
"""

from __future__ import annotations

import struct
from typing import IO

from grievances.evidence.sanitiser.protocol import Found, note

EMF_HEADER, EMF_COMMENT = 1, 70
EMF_PLUS = b"EMF+"
EMF_PLUS_HEADER, DUAL = 0x4001, 1
WMF_ESCAPE = 0x0626
WMF_PLACEABLE = b"\xd7\xcd\xc6\x9a"
MOST_BYTES = 60 * 1024 * 1024


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the drawing without private data, and return `cleaned` or `failed`.

    `failed` is for a drawing that is broken, or that has nothing but instructions of EMF+, in which
    whole pictures can be hidden.
    """
    raw = original.read(MOST_BYTES + 1)
    try:
        new = _emf(raw, found) if raw[40:44] == b" EMF" else _wmf(raw)
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
        else:
            records.append(_without_description(record, found) if kind == EMF_HEADER else record)
        at += size
    first = bytearray(records[0])
    # nBytes and nRecords of the header ([MS-EMF] 2.2.9).
    struct.pack_into("<II", first, 48, sum(map(len, records)), len(records))
    return b"".join([bytes(first), *records[1:]])


def _refuse_plus_alone(record: bytes) -> None:
    """Check that a header of EMF+ says that the plain drawing is there, too."""
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


def _wmf(raw: bytes) -> bytes:
    start = 22 if raw.startswith(WMF_PLACEABLE) else 0
    header = bytearray(raw[start : start + 18])
    records, at = [], start + 18
    while at + 6 <= len(raw):
        words, function = struct.unpack_from("<IH", raw, at)
        if words < 3 or at + 2 * words > len(raw):
            raise ValueError("a record that does not fit")
        if function != WMF_ESCAPE:
            records.append(raw[at : at + 2 * words])
        at += 2 * words
        if function == 0:
            break
    struct.pack_into("<I", header, 6, (18 + sum(map(len, records))) // 2)
    return raw[:start] + bytes(header) + b"".join(records)
