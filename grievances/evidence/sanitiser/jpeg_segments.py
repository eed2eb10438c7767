"""Remove hidden details of a picture inside a PDF, without redrawing it.

A JPEG has a list of marked segments around its pixels (ITU-T T.81 B.1). Those for applications and
comments are dropped, and so is what follows the picture. APP0 (JFIF) and APP14 (Adobe's colours)
stay, because the pixels need them. A JPEG 2000 has boxes (ITU-T T.800 I.4).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from grievances.evidence.sanitiser.parts.colour_profiles import plain_profile

KEPT = {0xE0, 0xEE}
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length."""
JP2 = b"\0\0\0\x0cjP  \r\n\x87\n"
JP2_KEPT = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
IN_HEADER = frozenset({b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "})
PROFILES = (b"\x02", b"\x03")
"""Ways of stating colours that are a profile (T.800 I.5.3.3)."""
CODESTREAM, START_OF_TILE, COMMENT = b"\xff\x4f\xff\x51", b"\xff\x90", b"\xff\x64"


def strip_jpeg(raw: bytes) -> bytes:
    """Return the same picture without EXIF, XMP, IPTC, comments and what follows it.

    It is unchanged when it is no plain JPEG.
    """
    if not raw.startswith(b"\xff\xd8"):
        return raw
    parts, at = [b"\xff\xd8"], 2
    while at + 2 <= len(raw):
        if raw[at] != 0xFF:
            return raw
        marker = raw[at + 1]
        if marker == 0xFF:  # Fill bytes can come before a marker (B.1.1.2).
            at += 1
            continue
        if marker == END_OF_IMAGE:
            break
        end = at + 2 if marker in ALONE else at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if marker == START_OF_SCAN:
            end = _end_of_scan(raw, end)
        is_private = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if marker in KEPT or not is_private:
            parts.append(_plain(marker, raw[at:end]))
        at = max(end, at + 2)
    return b"".join([*parts, b"\xff\xd9"])


def _plain(marker: int, segment: bytes) -> bytes:
    """Return a JFIF segment without the small picture it can hold."""
    is_jfif = marker == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) > 18
    return b"\xff\xe0\0\x10" + segment[4:16] + b"\0\0" if is_jfif else segment


def _end_of_scan(raw: bytes, at: int) -> int:
    """Return the place of the marker after the pixels of one scan."""
    while (at := raw.find(b"\xff", at)) >= 0 and at + 1 < len(raw):
        if raw[at + 1] and raw[at + 1] not in ALONE and raw[at + 1] != 0xFF:
            return at
        at += 1 if raw[at + 1] == 0xFF else 2
    return len(raw)


def strip_jp2(raw: bytes) -> bytes:
    """Return the same JPEG 2000 picture without boxes of text and of makers."""
    if not raw.startswith(JP2):
        return without_comments(raw) if raw.startswith(CODESTREAM) else raw
    return b"".join(kept_boxes(raw, JP2_KEPT))


def kept_boxes(raw: bytes, kept: frozenset[bytes]) -> Iterator[bytes]:
    """Yield the boxes of this list, each with what it needs alone."""
    at = 0
    while at + 8 <= len(raw):
        length, name = struct.unpack_from(">I4s", raw, at)
        head = 8
        if length == 1 and at + 16 <= len(raw):
            (length,) = struct.unpack_from(">Q", raw, at + 8)
            head = 16
        end = len(raw) if length == 0 else at + max(head, length)
        if name in kept:
            body = raw[at + head : end]
            yield from _box(name, body)
        at = end


def _box(name: bytes, body: bytes) -> Iterator[bytes]:
    if name == b"jp2h":
        body = b"".join(kept_boxes(body, IN_HEADER))
    elif name == b"jp2c":
        body = without_comments(body)
    elif name == b"colr" and body[:1] in PROFILES:
        profile = plain_profile(body[3:])
        if not profile:
            return
        body = body[:3] + profile
    yield struct.pack(">I4s", len(body) + 8, name) + body


def without_comments(raw: bytes) -> bytes:
    """Return a codestream without the comments in its main header (T.800 A.9.2)."""
    parts, at = [raw[:2]], 2
    while at + 4 <= len(raw) and raw[at : at + 2] != START_OF_TILE:
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4])
        if raw[at : at + 2] != COMMENT:
            parts.append(raw[at:end])
        at = end
    return b"".join([*parts, raw[at:]])
