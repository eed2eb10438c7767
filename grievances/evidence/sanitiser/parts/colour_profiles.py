"""Keep of a colour profile only what turns colours into colours (ICC.1:2022).

A profile has a table of tags. Those with texts, dates, devices and private data go, and so do bytes
that no tag points to. The two texts that every profile must have say nothing.
"""

from __future__ import annotations

import struct

HEADER_BYTES, SIGNATURE = 128, b"acsp"
MOST_TAGS = 100
COLOUR_TAGS = frozenset(
    b"A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 B2D0 B2D1 B2D2 B2D3 D2B0 D2B1 D2B2 D2B3 rXYZ gXYZ bXYZ rTRC "
    b"gTRC bTRC kTRC wtpt bkpt chad chrm gamt lumi meas pre0 pre1 pre2 view tech clro clrt clot "
    b"rig0 rig2 cicp".split()
)
"""Tags by which colours are computed (9.2)."""
COLOUR_TYPES = frozenset(
    [
        b"XYZ ", b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet", b"sf32", b"chrm",
        b"meas", b"view", b"sig ", b"cicp", b"uf32",
    ]
)  # fmt: skip
"""Types of the content of such a tag that hold numbers and no text (10)."""
FIXED_BYTES = {b"meas": 36, b"view": 36, b"sig ": 12, b"cicp": 12}
TEXT = b"none"


def plain_profile(raw: bytes) -> bytes:
    """Return the profile without texts and devices; empty when it is none."""
    if len(raw) < HEADER_BYTES + 4 or raw[36:40] != SIGNATURE:
        return b""
    count = struct.unpack_from(">I", raw, HEADER_BYTES)[0]
    table = raw[HEADER_BYTES + 4 : HEADER_BYTES + 4 + 12 * min(count, MOST_TAGS)]
    tags = {}
    for name, start, length in struct.iter_unpack(">4sII", table[: len(table) // 12 * 12]):
        content = numbers(raw[start : start + length])
        if name in COLOUR_TAGS and content:
            tags[name] = content
    is_older = raw[8] < 4
    tags[b"desc"] = described() if is_older else localised()
    tags[b"cprt"] = b"text\0\0\0\0" + TEXT + b"\0" if is_older else localised()
    return packed(raw[:HEADER_BYTES], tags)


def numbers(content: bytes) -> bytes:
    """Return what a tag holds, cut to its own length; empty when that is no number."""
    kind = content[:4]
    if kind not in COLOUR_TYPES or len(content) < 12:
        return b""
    if kind == b"XYZ ":
        return content[:4] + bytes(4) + content[8:20]
    if kind == b"curv":
        return content[: 12 + 2 * int.from_bytes(content[8:12])]
    return content[: FIXED_BYTES.get(kind, len(content))]


def described() -> bytes:
    """Return a description for profiles before version 4 (ICC.1:2001, 6.5.17)."""
    ascii_text = len(TEXT + b"\0").to_bytes(4) + TEXT + b"\0"
    return b"desc\0\0\0\0" + ascii_text + bytes(4 + 4 + 2 + 1 + 67)


def localised() -> bytes:
    """Return a text as profiles from version 4 have it (10.15)."""
    words = TEXT.decode().encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(words), 28) + words


def packed(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return a profile with the kind and white of a header (7.2), and tags."""
    table, body = [], b""
    start = HEADER_BYTES + 4 + 12 * len(tags)
    for name, content in sorted(tags.items()):
        table.append(struct.pack(">4sII", name, start + len(body), len(content)))
        body += content + bytes(-len(content) % 4)
    made_on = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    kind = bytes(4) + header[8:24] + made_on + SIGNATURE + bytes(24) + header[64:80] + bytes(48)
    return (start + len(body)).to_bytes(4) + kind + len(tags).to_bytes(4) + b"".join(table) + body
