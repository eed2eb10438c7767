"""Blank where and when a recording of a phone was made (MP4, MOV, 3GP, M4A).

These files are nested boxes (ISO/IEC 14496-12 4.2). The boxes that say where, when and with what
device become free space of the same length. So nothing else moves, and sound and picture stay as
they are.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO

from grievances.evidence.sanitiser.protocol import PIECE_BYTES, Found, Unfit

OPENED = (b"moov", b"trak", b"mdia")
BLANKED = (b"udta", b"meta", b"uuid", b"Xtra")
"""Boxes of user data, metadata and a maker's extensions (8.10.1, 8.11.1, 11.1)."""
TIMED = (b"mvhd", b"tkhd", b"mdhd")
"""Headers that begin with the times of making and changing (8.2.2, 8.3.2, 8.4.2)."""
EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
MOST_BOXES = 20_000
LOOKED_AT_BYTES = 1024 * 1024
PLACE = re.compile(rb"[+-]\d{2,3}\.\d+[+-]\d{2,3}\.\d+")
"""ISO 6709, as telephones write it."""
WORDS = re.compile(rb"[\x20-\x7e]{4,}")


@dataclass(frozen=True)
class Box:
    """A box of the file: its name, and where it starts and ends.

    `start`, `content` and `end` are offsets in bytes.
    """

    name: bytes
    start: int
    content: int
    end: int


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the recording with its details blanked, and return `cleaned` or `failed`.

    `failed` is for a recording that is not whole; it stays without a copy.
    """
    size = original.seek(0, 2)
    try:
        patches = sorted(look(original, 0, size, found))
    except ValueError:
        return "failed"
    write(original, copy, size, patches)
    return "cleaned"


def look(
    source: IO[bytes], start: int, end: int, found: Found, depth: int = 0
) -> Iterator[tuple[int, bytes | int]]:
    """Yield (offset, what to write there): bytes, or a number of zeros.

    Raises ValueError for a broken box.
    """
    for box in boxes(source, start, end):
        if box.name in BLANKED:
            tell(source, box, found)
            yield box.start + 4, b"free"
            yield box.content, box.end - box.content
        elif box.name in TIMED:
            yield from blank_times(source, box, found)
        elif box.name in OPENED and depth < 4:
            yield from look(source, box.content, box.end, found, depth + 1)


def boxes(source: IO[bytes], start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets of the file.

    Raises:
        ValueError: A box does not fit.
        Unfit: There are more than MOST_BOXES boxes.
    """
    for _ in range(MOST_BOXES):
        if start >= end:
            return
        source.seek(start)
        length, name = struct.unpack(">I4s", exactly(source, 8))
        content = start + 8
        if length == 1:
            (length,) = struct.unpack(">Q", exactly(source, 8))
            content += 8
        stop = end if length == 0 else start + length
        if not content <= stop <= end:
            raise ValueError("a box that does not fit")
        yield Box(name, start, content, stop)
        start = stop
    raise Unfit("TOO_MANY_PARTS")


def blank_times(source: IO[bytes], box: Box, found: Found) -> Iterator[tuple[int, int]]:
    """Yield the two times of a header to blank, and report the time of making (UTC)."""
    source.seek(box.content)
    version = exactly(source, 4)[0]
    length = 8 if version == 1 else 4
    made = int.from_bytes(exactly(source, length), "big")
    if made and box.name == b"mvhd":
        day = EPOCH + timedelta(seconds=min(made, 2**33))
        found.append(("Recorded on", f"{day:%-d %B %Y, %H:%M}"))
    yield box.content + 4, 2 * length


def tell(source: IO[bytes], box: Box, found: Found) -> None:
    """Add what a box says to `found`, in plain words, before it is blanked."""
    source.seek(box.content)
    raw = exactly(source, min(box.end - box.content, LOOKED_AT_BYTES))
    place = PLACE.search(raw)
    if place:
        found.insert(0, ("Where it was recorded", place[0].decode("ascii")))
    said = [text.decode("ascii").strip() for text in WORDS.findall(PLACE.sub(b"", raw))]
    if said:
        found.append(("Label", " ".join(said)[:200]))


def write(
    original: IO[bytes], copy: IO[bytes], size: int, patches: list[tuple[int, bytes | int]]
) -> None:
    """Copy the file piece by piece, with the patches applied."""
    original.seek(0)
    at = 0
    while at < size:
        piece = bytearray(exactly(original, min(PIECE_BYTES, size - at)))
        for offset, new in patches:
            length = new if isinstance(new, int) else len(new)
            first, last = max(offset, at), min(offset + length, at + len(piece))
            if first < last:
                part = bytes(last - first) if isinstance(new, int) else new[first - offset :]
                piece[first - at : last - at] = part[: last - first]
        copy.write(piece)
        at += len(piece)


def exactly(source: IO[bytes], length: int) -> bytes:
    """Return this many bytes from the present place.

    Raises:
        ValueError: The file ends before.
    """
    parts, missing = [], length
    while missing:
        part = source.read(missing)
        if not part:
            raise ValueError("the file ends early")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
