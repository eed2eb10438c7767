"""Find what is no frame of sound in a FLAC recording.

A frame ends with a sum over all of it (RFC 9639 9.3), so bytes behind that sum are no part of it.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from grievances.evidence.sanitiser.recordings.splices import Source, Splice

SYNC = re.compile(rb"\xff[\xf8\xf9]")
LONGEST_HEAD = 16
STEP = LONGEST_FRAME = 1024 * 1024
OF_FRAME, OF_HEAD = 0x8005, 0x07
"""Polynomials of the sums of a frame and of its head."""
WORDS = re.compile(
    rb"(?:[\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){11,}|(?:[\x20-\x7e]\0){6,}|(?:\0[\x20-\x7e]){6,}"
)
"""Texts among bytes that no frame explains."""


class Head(NamedTuple):
    """The head of a frame: where it starts, and its number."""

    at: int
    number: int


def strays(source: Source, start: int, end: int) -> list[Splice]:
    """Return what to leave out or blank between two places.

    Raises:
        ValueError: It cannot be told where a frame ends.
    """
    heads = [*heads_in(source, start, end)]
    if not heads:
        return [*blank_words(source, start, end)]
    found = [Splice(start, heads[0].at, b"")] if heads[0].at > start else []
    stops = [*(each.at for each in heads[1:]), end]
    for head, stop in zip(heads, stops, strict=True):
        found += behind_frame(source, head.at, stop)
    return found


def behind_frame(source: Source, start: int, stop: int) -> Iterator[Splice]:
    """Yield what to leave out behind the frame that starts here.

    Raises:
        ValueError: Its end cannot be told.
    """
    raw = source.read(start, stop - start)
    if sum_of(raw) == 0:
        return
    ends = [*zero_places(raw)] if len(raw) <= LONGEST_FRAME else []
    if len(ends) > 1:
        raise ValueError("a frame whose end is not known")
    if ends:
        yield Splice(start + ends[0], stop, b"")
    else:
        yield from blank_words(source, start, stop)


def blank_words(source: Source, start: int, end: int) -> Iterator[Splice]:
    """Yield texts to blank where sound cannot be read."""
    for at in range(start, end, STEP):
        for words in WORDS.finditer(source.read(at, min(STEP, end - at))):
            yield Splice(at + words.start(), at + words.end())


def heads_in(source: Source, start: int, end: int) -> Iterator[Head]:
    """Yield the head of every frame between two places."""
    last = -1
    for place in range(start, end, STEP):
        piece = source.read(place, min(STEP, end - place) + LONGEST_HEAD)
        for sync in SYNC.finditer(piece, 0, min(STEP, end - place) + 1):
            number = number_of(piece[sync.start() : sync.start() + LONGEST_HEAD])
            if number is not None and number > last and place + sync.start() < end:
                last = number
                yield Head(place + sync.start(), number)


def number_of(head: bytes) -> int | None:
    """Return the number of a frame or of its first sample (9.1).

    It is None for what is no head.
    """
    if len(head) < 6 or head[2] >> 4 == 0 or head[2] & 15 == 15 or head[3] & 1:
        return None
    if head[3] >> 4 > 10 or head[3] >> 1 & 7 == 3:
        return None
    ones = 8 - (head[4] ^ 0xFF).bit_length()
    length = max(1, ones)
    if ones == 1 or ones > 7:
        return None
    number = head[4] & (0x7F >> ones if ones else 0x7F)
    for byte in head[5 : 4 + length]:
        if byte & 0xC0 != 0x80:
            return None
        number = number << 6 | byte & 0x3F
    end = (
        4 + length + {6: 1, 7: 2}.get(head[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    )
    return number if end < len(head) and head_sum(head[:end]) == head[end] else None


def head_sum(raw: bytes) -> int:
    """Return the sum of a head (9.1.8)."""
    value = 0
    for byte in raw:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ OF_HEAD if value & 0x80 else value << 1) & 0xFF
    return value


@lru_cache(1)
def of_bytes() -> list[int]:
    """Return what each byte makes of the sum of a frame."""
    found = []
    for byte in range(256):
        value = byte << 8
        for _ in range(8):
            value = (value << 1 ^ OF_FRAME if value & 0x8000 else value << 1) & 0xFFFF
        found.append(value)
    return found


@lru_cache(1)
def of_pairs() -> list[int]:
    """Return what each pair of bytes makes of the sum of a frame."""
    return [step(step(0, pair >> 8), pair & 0xFF) for pair in range(65536)]


def step(value: int, byte: int) -> int:
    """Return the sum after one more byte."""
    return (value << 8 & 0xFFFF) ^ of_bytes()[value >> 8 ^ byte]


def sum_of(raw: bytes) -> int:
    """Return the sum of a frame and its own sum: zero when it is whole (9.3)."""
    pairs = array("H", raw[: len(raw) // 2 * 2])
    if sys.byteorder == "little":
        pairs.byteswap()
    known, value = of_pairs(), 0
    for pair in pairs:
        value = known[value ^ pair]
    return step(value, raw[-1]) if len(raw) % 2 else value


def zero_places(raw: bytes) -> Iterator[int]:
    """Yield every place behind which the sum is zero, thus a frame can end."""
    value = 0
    for at, byte in enumerate(raw, 1):
        value = step(value, byte)
        if not value and at > LONGEST_HEAD - 6:
            yield at
