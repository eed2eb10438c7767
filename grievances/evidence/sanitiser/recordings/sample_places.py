"""Find where the samples of a track are (ISO/IEC 14496-12 8.7)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from grievances.evidence.sanitiser.recordings.splices import Box, Boxes, Source

MOST_CHUNKS = 2_000_000
TABLES = (b"stsc", b"stsz", b"stco", b"co64")


def of_track(source: Source, track: Box, boxes: Boxes) -> Iterator[tuple[int, int]]:
    """Yield the places (start, end) of the chunks of samples of a track.

    `boxes` lists the boxes between two places.

    Raises:
        ValueError: A table does not fit.
    """
    tables = dict(_tables(source, track.content, track.end, boxes))
    sizes = _sizes(tables.get(b"stsz", b""))
    wide = b"co64" in tables
    offsets = _numbers(tables.get(b"co64" if wide else b"stco", b""), ">Q" if wide else ">I")
    runs = [*struct.iter_unpack(">III", _rows(tables.get(b"stsc", b""), 12))]
    run = 0
    for number, offset in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        count = runs[run][1] if runs else 1
        length = sum(next(sizes, 0) for _ in range(min(count, MOST_CHUNKS)))
        yield offset, offset + length


def has_sizes(source: Source, track: Box, boxes: Boxes) -> bool:
    """Return whether a track lists a size for each sample.

    One size for all can be a count.
    """
    tables = dict(_tables(source, track.content, track.end, boxes))
    sizes = tables.get(b"stsz", b"")
    return len(sizes) >= 12 and not int.from_bytes(sizes[4:8])


def _tables(source: Source, start: int, end: int, boxes: Boxes) -> Iterator[tuple[bytes, bytes]]:
    for box in boxes(source, start, end):
        if box.name in {b"mdia", b"minf", b"stbl"}:
            yield from _tables(source, box.content, box.end, boxes)
        elif box.name in TABLES:
            yield box.name, source.exactly(box.content, box.end - box.content)


def _rows(table: bytes, width: int) -> bytes:
    count = int.from_bytes(table[4:8])
    return table[8 : 8 + width * min(count, (len(table) - 8) // width)] if len(table) > 8 else b""


def _numbers(table: bytes, form: str) -> list[int]:
    return [each for (each,) in struct.iter_unpack(form, _rows(table, struct.calcsize(form)))]


def _sizes(table: bytes) -> Iterator[int]:
    if len(table) < 12:
        return
    same, count = struct.unpack_from(">II", table, 4)
    if same:
        yield from (same for _ in range(min(count, MOST_CHUNKS)))
    else:
        yield from (each for (each,) in struct.iter_unpack(">I", table[12 : len(table) // 4 * 4]))
