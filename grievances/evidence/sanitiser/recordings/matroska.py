"""Blank the labels of Matroska and WebM recordings (RFC 8794, RFC 9559).

Such a file is nested elements. Those that carry labels, dates, enclosed files and chapters become
empty elements ("Void") of the same length, so nothing else moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO, NamedTuple

from grievances.evidence.sanitiser.plain_words import moment
from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.ogg import (
    COMMENTS,
    blank_comments,
    blank_flac_packet,
    tell_comments,
)
from grievances.evidence.sanitiser.recordings.picture_comments import comments
from grievances.evidence.sanitiser.recordings.splices import Source, Splice, write

EBML, SEGMENT, CLUSTER, VOID, CRC = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0xEC, 0xBF
SEEK_HEAD, SEEK, SEEK_ID = 0x114D9B74, 0x4DBB, 0x53AB
INFO, TRACKS, TRACK, CUES = 0x1549A966, 0x1654AE6B, 0xAE, 0x1C53BB6B
TAGS, TAG, SIMPLE_TAG, TAG_NAME, TAG_STRING = 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
ATTACHMENTS, ATTACHED, FILE_NAME, FILE_WORDS = 0x1941A469, 0x61A7, 0x466E, 0x467E
CHAPTERS, EDITION, CHAPTER, DISPLAY, CHAPTER_NAME = 0x1043A770, 0x45B9, 0xB6, 0x80, 0x85
DATE, CODEC_PRIVATE = 0x4461, 0x63A2
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
        0x6DE7, 0x6DF8, 0x23E383, 0x234E7A, 0x23314F, 0x55EE, 0x41E4, 0x22B59C, 0x22B59D, 0x86,
        CODEC_PRIVATE, 0x56AA, 0x56BB, 0xE0, 0xE1, 0xE2, 0x6D80, 0xAA, 0x6FAB, 0x537F,
    },
}  # fmt: skip
"""The elements that are kept of each one that is entered (RFC 9559 5.1)."""
OUTER = {SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES}
"""The elements of a segment that are kept."""
HEADER = {0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4287, 0x4285}
"""The elements that are kept of the header (RFC 8794 11.2)."""
IN_CLUSTER = {0xE7, 0xA7, 0xAB, 0xA3, 0xA0}
CUT_OFF = {SEGMENT, CLUSTER, 0xA0, 0xA1, 0xA3}
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


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the recording with its labels blanked.

    Returns:
        `cleaned`, or `failed` for a broken file and for one in whose copy a label is left.
    """
    source, told = Source(original), Findings(found)
    try:
        splices = [*look(source, told), *comments(source, told, [(0, source.size)])]
    except ValueError:
        return "failed"
    return write(source, copy, splices, told)


def look(source: Source, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the elements that carry labels.

    Raises:
        ValueError: An element does not fit, or there is no segment.
    """
    has_segment = False
    end = 0
    for outer in elements(source, 0, source.size):
        end = outer.end
        if outer.code == SEGMENT:
            has_segment = True
            yield from segment(source, outer, told)
        elif outer.code == EBML:
            yield from void_others(source, outer, HEADER)
        else:
            yield from void(outer)
    if not has_segment:
        raise ValueError("no segment")
    yield Splice(end, source.size, b"")


def void_others(source: Source, outer: Element, kept: set[int]) -> Iterator[Splice]:
    """Yield what to write instead of the elements in one that are not of this list."""
    for inner in elements(source, outer.content, outer.end):
        if inner.code not in kept:
            yield from void(inner)


def segment(source: Source, outer: Element, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the parts of a segment that are not kept."""
    for part in elements(source, outer.content, outer.end):
        if part.code in ENTERED:
            yield from enter(source, part, told)
        elif part.code == CLUSTER:
            yield from void_others(source, part, IN_CLUSTER)
        elif part.code not in OUTER:
            tell(source, part, told)
            yield from void(part)


def enter(source: Source, outer: Element, told: Findings, depth: int = 0) -> Iterator[Splice]:
    """Yield what to write instead of the elements in one that are not kept."""
    for part in elements(source, outer.content, outer.end):
        if part.code == SEEK:
            wanted = [each for each in elements(source, part.content, part.end)
                      if each.code == SEEK_ID]  # fmt: skip
            codes = {int.from_bytes(source.exactly(e.content, e.end - e.content)) for e in wanted}
            if not codes <= OUTER:
                yield from void(part)
        elif part.code in ENTERED:
            yield from enter(source, part, told, depth + 1)
        elif part.code in KEPT_IN_SPACES:
            tell(source, part, told)
            yield Splice(part.content, part.end, b" " * (part.end - part.content))
        elif part.code == CODEC_PRIVATE:
            raw = source.exactly(part.content, part.end - part.content)
            yield Splice(part.content, part.end, blank_codec(raw, told))
        elif part.code not in ENTERED[outer.code]:
            tell(source, part, told)
            yield from void(part)


def blank_codec(raw: bytes, told: Findings) -> bytes:
    """Return the headers of a codec without labels, of the same length.

    Raises:
        ValueError: The headers make no sense.
    """
    if raw.startswith(b"fLaC"):
        return blank_flac(raw, told)
    for start in (b"\x01vorbis", b"\x80theora"):
        if raw[:1] == b"\x02" and start in raw[:1024]:
            before, behind = COMMENTS[start]
            at = raw.index(before)
            length = raw.index(b"\x05vorbis" if behind else b"\x82theora", at) - at
            tell_comments(raw[at + len(before) : at + length], told)
            return raw[:at] + blank_comments(length, before, behind) + raw[at + length :]
    return raw


def blank_flac(raw: bytes, told: Findings) -> bytes:
    """Return the headers of a FLAC stream without labels."""
    parts, at = [raw[:4]], 4
    while at + 4 <= len(raw):
        end = at + 4 + int.from_bytes(raw[at + 1 : at + 4])
        parts.append(blank_flac_packet(raw[at:end], told))
        at = end
    return b"".join([*parts, raw[at:]])


def tell(source: Source, part: Element, told: Findings, depth: int = 0) -> None:
    """Tell what an element says before it is blanked."""
    if part.code == DATE and part.end - part.content == 8:
        since = int.from_bytes(source.exactly(part.content, 8), signed=True)
        try:
            told.say("Recorded on", moment(EPOCH + timedelta(microseconds=since // 1000)))
        except OverflowError:
            told.say("Recorded on", "yes")
    elif part.code == SIMPLE_TAG:
        tell_tag(source, part, told, depth)
    elif part.code in TEXTS:
        told.tell(TEXTS[part.code], text_of(source, part))
    elif part.code in TOLD_INSIDE and depth < MOST_DEPTH:
        for inner in elements(source, part.content, part.end):
            tell(source, inner, told, depth + 1)


def tell_tag(source: Source, tag: Element, told: Findings, depth: int) -> None:
    """Tell a tag by its name, and the tags inside it."""
    name, value = "", ""
    for inner in elements(source, tag.content, tag.end):
        if inner.code == TAG_NAME:
            name = text_of(source, inner)
        elif inner.code == TAG_STRING:
            value = text_of(source, inner)
        elif inner.code == SIMPLE_TAG and depth < MOST_DEPTH:
            tell_tag(source, inner, told, depth + 1)
    if name != "DURATION":
        told.tell(name, value)


def text_of(source: Source, part: Element) -> str:
    """Return the text of an element."""
    raw = source.exactly(part.content, part.end - part.content)
    return raw.partition(b"\0")[0].decode("utf-8", "replace")


def void(part: Element) -> Iterator[Splice]:
    """Yield an empty element of the same length instead of this one (RFC 8794 11.3.2)."""
    length = part.end - part.start
    if length < 9:
        yield Splice(part.start, part.end, bytes([VOID, 0x80 | length - 2]) + bytes(length - 2))
    else:
        yield Splice(part.start, part.start + 9, b"\xec\x01" + (length - 9).to_bytes(7))
        yield Splice(part.start + 9, part.end)


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
