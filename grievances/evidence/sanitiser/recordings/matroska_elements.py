"""The elements of Matroska and WebM, and those that are kept (RFC 9559)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from grievances.evidence.sanitiser.recordings.splices import Source

EBML, SEGMENT, CLUSTER, VOID, CRC = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0xEC, 0xBF
SEEK_HEAD, SEEK, SEEK_ID, SEEK_PLACE = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
INFO, TRACKS, TRACK, CUES = 0x1549A966, 0x1654AE6B, 0xAE, 0x1C53BB6B
TAGS, TAG, SIMPLE_TAG, TAG_NAME, TAG_STRING = 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
ATTACHMENTS, ATTACHED, FILE_NAME, FILE_WORDS = 0x1941A469, 0x61A7, 0x466E, 0x467E
CHAPTERS, EDITION, CHAPTER, DISPLAY, CHAPTER_NAME = 0x1043A770, 0x45B9, 0xB6, 0x80, 0x85
DATE, CODEC_PRIVATE, TRACK_NUMBER, TRACK_KIND = 0x4461, 0x63A2, 0xD7, 0x83
VIDEO, AUDIO, COLOUR, LIGHT, PROJECTION = 0xE0, 0xE1, 0x55B0, 0x55D0, 0x7670
CUE, CUE_PLACE, GROUP, SIMPLE_BLOCK, BLOCK, ADDITIONS, ADDITION = (
    0xBB, 0xB7, 0xA0, 0xA3, 0xA1, 0x75A1, 0xA6,
)  # fmt: skip
MAPPING = 0x41E4
SEEN_OR_HEARD = frozenset({1, 2, 3, 0x10, 0x11, 0x12})
"""Kinds of tracks that a person sees or hears; others record places and movements."""
EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
TEXTS = {
    0x7BA9: "title", 0x4D80: "muxingapp", 0x5741: "writingapp", 0x7384: "Name of the file",
    0x3C83AB: "Name of the file before", 0x3E83BB: "Name of the file behind",
    0x536E: "Name of a track", 0x258688: "Name of a codec", FILE_NAME: "filename",
    FILE_WORDS: "description", CHAPTER_NAME: "Name of a chapter", TAG_STRING: "tag",
}  # fmt: skip
"""Elements that hold text, with the name under which they are told."""
KEPT_IN_SPACES = (0x4D80, 0x5741)
"""Texts that every file must have (RFC 9559 5.1.2): blanked, not left out."""
ENTERED = {
    INFO: {0x2AD7B1, 0x4489, *KEPT_IN_SPACES},
    SEEK_HEAD: {SEEK},
    TRACKS: {TRACK},
    TRACK: {
        0xD7, 0x73C5, 0x83, 0xB9, 0x88, 0x55AA, 0x55AB, 0x55AC, 0x55AD, 0x55AE, 0x55AF, 0x9C,
        0x6DE7, 0x6DF8, 0x23E383, 0x234E7A, 0x23314F, 0x55EE, MAPPING, 0x22B59C, 0x22B59D, 0x86,
        CODEC_PRIVATE, 0x56AA, 0x56BB, VIDEO, AUDIO, 0xE2, 0x6D80, 0xAA, 0x6FAB, 0x537F,
    },
    VIDEO: {
        0x9A, 0x9D, 0x53B8, 0x53C0, 0x53B9, 0xB0, 0xBA, 0x54AA, 0x54BB, 0x54CC, 0x54DD, 0x54B0,
        0x54BA, 0x54B2, 0x54B3, 0x2EB524, 0x2FB523, 0x2383E3, COLOUR, PROJECTION,
    },
    AUDIO: {0xB5, 0x78B5, 0x9F, 0x6264, 0x52F1},
    COLOUR: {*range(0x55B1, 0x55BE), LIGHT},
    LIGHT: {*range(0x55D1, 0x55DB)},
    PROJECTION: {*range(0x7671, 0x7676)},
    MAPPING: {0x41F0, 0x41E7, 0x41ED},
    CUES: {CUE},
    CUE: {0xB3, CUE_PLACE},
    CUE_PLACE: {0xF7, 0xF1, 0xF0, 0xB2, 0x5378, 0xEA},
    GROUP: {BLOCK, 0x9B, 0xFA, 0xFB, 0x75A2, 0xA4, ADDITIONS},
    ADDITIONS: {ADDITION},
    ADDITION: {0xEE, 0xA5},
}  # fmt: skip
"""The elements that are kept of each one that is entered (RFC 9559 5.1)."""
OUTER = {SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES}
"""The elements of a segment that are kept."""
HEADER = {0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4287, 0x4285}
"""The elements that are kept of the header (RFC 8794 11.2)."""
IN_CLUSTER = {0xE7, 0xA7, 0xAB, SIMPLE_BLOCK, GROUP}
LONGER = {
    GROUP,
    SIMPLE_BLOCK,
    0x4282,
    0x86,
    0x22B59C,
    0x22B59D,
    CODEC_PRIVATE,
    0x41ED,
    0x7672,
    BLOCK,
    0xA4,
    0xA5,
    0xE2,
    0x6D80,
}
"""Elements that hold more than a number, which has 8 bytes at most (RFC 8794 7)."""
CUT_OFF = {SEGMENT, CLUSTER, GROUP, BLOCK, SIMPLE_BLOCK}
"""Elements that are longer than the file when a recording was cut off."""
LEVEL_ONE = {*OUTER, TAGS, ATTACHMENTS, CHAPTERS, SEGMENT}
TOLD_INSIDE = {TAGS, TAG, SIMPLE_TAG, ATTACHMENTS, ATTACHED, CHAPTERS, EDITION, CHAPTER, DISPLAY}
MOST_ELEMENTS = 200_000
MOST_DEPTH = 12


class Element(NamedTuple):
    """An element: its number, and where it and its content start and end."""

    code: int
    start: int
    content: int
    end: int
    is_open: bool


def elements(source: Source, start: int, end: int) -> Iterator[Element]:
    """Yield the elements between two places.

    An element of unknown length, as live recordings have, ends where the next of its level begins.

    Raises:
        ValueError: An element does not fit, or there are too many.
    """
    for _ in range(MOST_ELEMENTS):
        if start >= end:
            return
        code, content = number(source, start, keeps_mark=True)
        length, content = number(source, content, keeps_mark=False)
        is_open = length < 0
        stop = end if is_open else content + length
        if code == CLUSTER and is_open:
            stop = cluster_end(source, content, end)
        if stop > end:
            if code not in CUT_OFF or end != source.size:
                raise ValueError("an element that does not fit")
            stop = end  # a recording that was cut off
        yield Element(code, start, content, stop, is_open)
        start = stop
    raise ValueError("too many elements")


def cluster_end(source: Source, at: int, end: int) -> int:
    """Return where a cluster of unknown length ends.

    Raises:
        ValueError: The cluster has more than MOST_ELEMENTS.
    """
    for _ in range(MOST_ELEMENTS):
        if at >= end:
            return end
        code, content = number(source, at, keeps_mark=True)
        if code in LEVEL_ONE or code == EBML:
            return at
        length, content = number(source, content, keeps_mark=False)
        at = content + max(0, length)
    raise ValueError("too many elements")


def number(source: Source, at: int, *, keeps_mark: bool) -> tuple[int, int]:
    """Return (a number, the place behind it); -1 for an unknown length.

    Source: RFC 8794 4 and 5.

    Raises:
        ValueError: There is no such number.
    """
    raw = source.read(at, 8)
    length = 9 - raw[0].bit_length() if raw else 9
    if length > 8 or len(raw) < length:
        raise ValueError("no number")
    value = int.from_bytes(raw[:length])
    if keeps_mark:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (-1 if value == (1 << 7 * length) - 1 else value), at + length
