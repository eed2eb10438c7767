"""Remove hidden details of a JPEG inside a document, without redrawing it.

A JPEG has a list of marked segments before its pixels (ITU-T T.81 B.1). Those for applications and
comments are dropped. APP0 (JFIF) and APP14 (Adobe's colours) stay, because the pixels need them.
"""

from __future__ import annotations

KEPT = {0xE0, 0xEE}
START_OF_SCAN = 0xDA


def strip_jpeg(raw: bytes) -> bytes:
    """Return the same picture without EXIF, XMP, IPTC and comments.

    It is unchanged when it is no plain JPEG.
    """
    if not raw.startswith(b"\xff\xd8"):
        return raw
    parts, at = [b"\xff\xd8"], 2
    while at + 4 <= len(raw) and raw[at] == 0xFF:
        marker = raw[at + 1]
        if marker == START_OF_SCAN:
            return b"".join([*parts, raw[at:]])
        length = int.from_bytes(raw[at + 2 : at + 4], "big")
        is_private = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if marker in KEPT or not is_private:
            parts.append(raw[at : at + 2 + length])
        at += 2 + max(2, length)
    return raw
