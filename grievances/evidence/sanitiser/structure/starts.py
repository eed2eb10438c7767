"""Kinds that their first bytes tell: pictures and recordings."""

from __future__ import annotations

import struct
from collections.abc import Callable

from grievances.evidence.sanitiser.protocol import Unfit

Read = Callable[[int, int], bytes]

SIGNATURES = (
    ("jpeg", b"\xff\xd8\xff"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("gif", b"GIF87a"),
    ("gif", b"GIF89a"),
    ("tiff", b"II*\0"),
    ("tiff", b"MM\0*"),
    ("tiff", b"II+\0"),
    ("tiff", b"MM\0+"),
    ("webm", b"\x1a\x45\xdf\xa3"),
    ("ogg", b"OggS"),
    ("amr", b"#!AMR\n"),
    ("amr", b"#!AMR-WB\n"),
    ("amr", b"#!AMR_MC1.0\n"),
    ("amr", b"#!AMR-WB_MC1.0\n"),
    ("flac", b"fLaC"),
    ("caf", b"caff\0"),
)
RIFFS = (b"RIFF", b"RF64", b"BW64", b"RIFX")
BITMAP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
"""Lengths of the header of a bitmap (Windows GDI, OS/2)."""
DNG_VERSION, SUB_PICTURES, MAKER, EXIF, SUBFILE = 0xC612, 0x14A, 0x10F, 0x8769, 0xFE
LOOKED_AT_BYTES = 1024
MOST_STEPS = 100


def kind_of(head: bytes, read: Read, size: int) -> str | None:
    """Return the kind of a picture or a recording by how it begins, or None.

    Raises:
        Unfit: It is a raw picture of a camera.
    """
    if head[:4] in RIFFS:
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12])
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in BITMAP_HEADERS:
        return "bmp"
    for code, start in SIGNATURES:
        if head.startswith(start):
            if code == "tiff" and is_camera_raw(head, read):
                raise Unfit("CAMERA_RAW")
            return code
    at = behind_labels(read)
    if read(at, 4) == b"fLaC":
        return "flac"
    if not at:
        return sound_frame(head)
    # Labels may leave room before the sound: the kind is that of the first frame behind it.
    return sound_frame(read(at, 64 * 1024).lstrip(b"\0")[:8]) or "mp3"


def is_camera_raw(head: bytes, read: Read) -> bool:
    """Return whether a TIFF is the raw picture of a camera (DNG 1.6, TIFF/EP).

    Its first picture is a small one, and says that the real ones are elsewhere (TIFF/EP 5.2).
    """
    order = "little" if head[:2] == b"II" else "big"
    if head[2:4] not in {b"*\0", b"\0*"}:
        return False
    at = int.from_bytes(head[4:8], "little" if order == "little" else "big")
    count = int.from_bytes(read(at, 2), "little" if order == "little" else "big")
    entries = read(at + 2, 12 * min(count, 200))
    tags = {
        int.from_bytes(entries[n : n + 2], "little" if order == "little" else "big")
        for n in range(0, len(entries) - 11, 12)
    }
    is_canon = head[8:10] == b"CR"
    return is_canon or DNG_VERSION in tags or {SUB_PICTURES, MAKER, EXIF, SUBFILE} <= tags


def behind_labels(read: Read) -> int:
    """Return the place behind the ID3 labels with which a recording may begin."""
    at = 0
    for _ in range(MOST_STEPS):
        head = read(at, 10)
        is_label = head[:3] == b"ID3" and len(head) == 10 and max(head[6:10]) < 128
        if not is_label or head[3] > 4:
            break
        length = 0
        for byte in head[6:10]:
            length = length << 7 | byte
        at += 10 + length + (10 if head[5] & 0x10 else 0)
    return at


def sound_frame(raw: bytes) -> str | None:
    """Return `mp3` or `aac` for a frame (ISO/IEC 11172-3, 13818-7), or None."""
    if len(raw) < 4 or raw[0] != 0xFF or raw[1] & 0xE0 != 0xE0:
        return None
    if raw[1] & 0xF6 == 0xF0:
        return "aac" if raw[2] >> 2 & 15 < 13 else None
    version, layer = raw[1] >> 3 & 3, raw[1] >> 1 & 3
    # Other layers are rare, and the byte order mark of a text in UTF-16 looks like them.
    is_known = version != 1 and layer == 1 and raw[2] >> 2 & 3 != 3
    return "mp3" if is_known and raw[2] >> 4 not in {0, 15} else None


def is_whole(code: str, read: Read, size: int) -> bool:
    """Return whether the first kilobyte belongs to the structure of its kind.

    What is in a comment or a print record of a real picture is no trick.
    """
    walk = {
        "jpeg": _jpeg, "png": _png, "gif": _gif, "webp": _riff, "wav": _riff, "tiff": _tiff,
        "bmp": _bitmap, "video": _boxes, "heic": _boxes, "flac": _flac, "caf": _caf, "ogg": _ogg,
    }.get(code)  # fmt: skip
    return walk is None or walk(read, size)


def _jpeg(read: Read, size: int) -> bool:
    at = 2
    for _ in range(MOST_STEPS):
        head = read(at, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return False
        if head[1] == 0xFF:
            at += 1
            continue
        if head[1] == 0xDA or at > LOOKED_AT_BYTES:
            return at < size
        at += 2 + max(2, int.from_bytes(head[2:4]))
    return False


def _png(read: Read, size: int) -> bool:
    at = 8
    while at <= LOOKED_AT_BYTES:
        head = read(at, 8)
        if len(head) < 8 or not head[4:].isalpha():
            return False
        if head[4:] == b"IEND":
            return at + 12 <= size
        at += 12 + int.from_bytes(head[:4])
    return at <= size


def _gif(read: Read, size: int) -> bool:
    head = read(0, 13)
    if len(head) < 13:
        return False
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    while at <= LOOKED_AT_BYTES:
        block = read(at, 10)
        if block[:1] == b"\x3b":
            return True
        if block[:1] == b"\x21":
            at = _behind_sub_blocks(read, at + 2, size)
        elif block[:1] == b"\x2c" and len(block) == 10:
            colours = 3 << (block[9] & 7) + 1 if block[9] & 0x80 else 0
            at = _behind_sub_blocks(read, at + 11 + colours, size)
        else:
            return False
    return at <= size


def _behind_sub_blocks(read: Read, at: int, size: int) -> int:
    while at < size:
        length = read(at, 1)[0]
        at += 1 + length
        if not length:
            return at
    return size + 1


def _riff(read: Read, size: int) -> bool:
    order = "big" if read(0, 4) == b"RIFX" else "little"
    at = 12
    while at <= LOOKED_AT_BYTES and at < size:
        head = read(at, 8)
        if len(head) < 8 or not all(32 <= byte < 127 for byte in head[:4]):
            return False
        length = int.from_bytes(head[4:], "big" if order == "big" else "little")
        at += 8 + length + length % 2
    return at <= size + 1 or head[:4] == b"data"


def _tiff(read: Read, size: int) -> bool:
    head = read(0, 16)
    if b"+" in head[2:4]:
        return True  # a large TIFF, which nothing here opens
    order = "<" if head[:2] == b"II" else ">"
    (at,) = struct.unpack_from(f"{order}I", head.ljust(16, b"\0"), 4)
    count = read(at, 2)
    if len(count) < 2 or not 8 <= at < size:
        return False
    number = int(struct.unpack(f"{order}H", count)[0])
    return 0 < number < 1000 and int(at) + 2 + 12 * number <= size


def _bitmap(read: Read, size: int) -> bool:
    head = read(0, 14)
    return head[6:10] == bytes(4) and 14 < int.from_bytes(head[10:14], "little") <= size


def _boxes(read: Read, size: int) -> bool:
    at = 0
    while at <= LOOKED_AT_BYTES and at < size:
        head = read(at, 16)
        length = int.from_bytes(head[:4])
        length = int.from_bytes(head[8:16]) if length == 1 else length
        if len(head) < 8 or not (length == 0 or 8 <= length <= size - at):
            return False
        at = at + length if length else size
    return True


def _flac(read: Read, size: int) -> bool:
    at = behind_labels(read) + 4
    while at <= LOOKED_AT_BYTES:
        head = read(at, 4)
        if len(head) < 4 or head[0] & 0x7F > 6 and head[0] & 0x7F != 127:
            return False
        at += 4 + int.from_bytes(head[1:])
        if head[0] & 0x80:
            break
    return at <= size


def _caf(read: Read, size: int) -> bool:
    at = 8
    while at <= LOOKED_AT_BYTES and at + 12 <= size:
        head = read(at, 12)
        length = int.from_bytes(head[4:], signed=True)
        if length == -1:
            return head[:4] == b"data"
        if length < 0 or at + 12 + length > size:
            return False
        at += 12 + length
    return True


def _ogg(read: Read, size: int) -> bool:
    at = 0
    while at <= LOOKED_AT_BYTES and at < size:
        head = read(at, 27)
        if len(head) < 27 or head[:5] != b"OggS\0":
            return False
        at += 27 + head[26] + sum(read(at + 27, head[26]))
    return at <= size
