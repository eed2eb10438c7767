"""Find the room between the sounds of an MP3 or AAC recording.

A program can write what it likes there. Each frame says where its sound starts and how many bits it
has; the sound of the next may begin later. Players skip what is between. A frame of layer I or II
has its room at its end, and one of AAC before its sound. Sources: ISO/IEC 11172-3 2.4.1.7 and
2.4.2.7, 13818-3 2.4.1.7, 13818-7 8.5 (data stream element).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.splices import Source, Splice

VERSION_1, LAYER_3, MONO = 3, 1, 3
MOST_HEAD = 4 + 2 + 32
WORDS = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){4,}|(?:[\x20-\x7e]\0){4,}")


BACKWARDS = re.compile(rb"(?:[\x20-\x7e]|[\x80-\xbf][\xc3-\xdf]){10,}")
"""A text at the end of a frame, read backwards; so long a one is no sound."""
ADTS, ADTS_CHECKED = 7, 9
DATA_STREAM, LONG_COUNT = 4, 255


class Slot(NamedTuple):
    """Where the bytes of sound of one frame are, and which bytes of sound are its own.

    `begin` counts backwards from `start`: sound can start in the frames before.
    """

    start: int
    stop: int
    begin: int
    length: int


def slot(head: bytes, at: int, stop: int) -> Slot | None:
    """Return the slot of a frame of MP3; None for another layer, or one that is cut."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    channels = 1 if head[3] >> 6 == MONO else 2
    first = version == VERSION_1
    size = (17 if channels == 1 else 32) if first else (9 if channels == 1 else 17)
    start = 4 + (0 if head[1] & 1 else 2)
    side = head[start : start + size]
    if layer != LAYER_3 or len(side) < size or at + start + size > stop:
        return None
    bits = f"{int.from_bytes(side):0{8 * size}b}"
    if first:
        skip, granules, width, begin = 9 + (5 if channels == 1 else 3) + 4 * channels, 2, 59, 9
    else:
        skip, granules, width, begin = 8 + channels, 1, 63, 8
    lengths = [bits[skip + width * n : skip + width * n + 12] for n in range(granules * channels)]
    total = sum(int(each, 2) for each in lengths)
    return Slot(at + start + size, stop, int(bits[:begin], 2), -(-total // 8))


def rooms(source: Source, frames: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the places (start, end) that belong to no sound of a row of frames."""
    slots: list[Slot] = []
    for at, stop in frames:
        found = slot(source.read(at, MOST_HEAD), at, stop)
        if found is None:
            return
        slots.append(found)
    place, ends, starts = 0, [], []
    for each in slots:
        starts.append(place - each.begin)
        ends.append(place - each.begin + each.length)
        place += each.stop - each.start
    room = [*zip(ends, [*starts[1:], place], strict=True)]
    place = at = 0
    for each in slots:
        until = place + each.stop - each.start
        while at < len(room) and room[at][0] < until:
            begin, end = max(room[at][0], place), min(room[at][1], until)
            if begin < end:
                yield each.start + begin - place, each.start + end - place
            if room[at][1] > until:
                break
            at += 1
        place = until


def data_streams(frame: bytes) -> Iterator[tuple[int, int]]:
    """Yield the data elements (start, end) at the beginning of a frame of AAC."""
    at = ADTS if frame[1] & 1 else ADTS_CHECKED
    while at + 2 < len(frame) and frame[at] >> 5 == DATA_STREAM:
        count, begin = frame[at + 1], at + 2
        if count == LONG_COUNT:
            count, begin = count + frame[begin], begin + 1
        if begin + count > len(frame):
            return
        yield begin, begin + count
        at = begin + count


def other_rooms(source: Source, frames: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the rooms in frames of AAC, and texts at the end of layers I and II."""
    for start, stop in frames:
        frame = source.read(start, stop - start)
        layer = frame[1] >> 1 & 3
        if layer == 0:
            yield from ((start + begin, start + end) for begin, end in data_streams(frame))
        elif layer != LAYER_3 and (size := size_of_text_at_the_end(frame[4:])):
            yield stop - size, stop


def size_of_text_at_the_end(sounds: bytes) -> int:
    """Return the bytes of a text at the end of sounds, or 0.

    What fills up behind it counts. It is read backwards, so that the time grows with the length
    alone.
    """
    text = BACKWARDS.match(sounds.rstrip(b"\0\xff")[::-1])
    return len(sounds) - len(sounds.rstrip(b"\0\xff")) + text.end() if text else 0


def blank(source: Source, frames: Iterable[tuple[int, int]], told: Findings) -> Iterator[Splice]:
    """Yield what to blank between the sounds of a row of frames, and tell texts there."""
    frames = list(frames)
    for start, end in [*rooms(source, frames), *other_rooms(source, frames)]:
        raw = source.read(start, end - start)
        if raw.strip(b"\0"):
            for words in WORDS.findall(raw):
                text = words.replace(b"\0", b"").decode("utf-8", "replace")
                told.say("Text between sounds", text[:200])
            yield Splice(start, end)
