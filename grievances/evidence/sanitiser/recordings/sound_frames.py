"""Find what is no frame of sound in MP3, AAC and AMR recordings.

Such a file is nothing but frames, each as long as its first bytes say. Whatever else is between or
behind them, players skip. Sources: ISO/IEC 11172-3 2.4.1 and 13818-3, 13818-7 6.2, RFC 4867 5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from grievances.evidence.sanitiser.recordings import sound_rooms
from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.splices import Source, Splice

Frame = tuple[int, int]
"""The length of a frame in bytes, and what all frames of one recording share."""
Reader = Callable[[bytes], Frame | None]

KBITS = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits in a second by version and layer; 3 is version 1, and layer I."""
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5)
WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)
"""Bytes of speech by the type of a frame of AMR (RFC 4867 5.3)."""
AMR = re.compile(rb"#!AMR(-WB)?(_MC1\.0)?\n")
LONGEST_HEAD = 9
SEARCH_BYTES = 64 * 1024
WORDS = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){11,}|(?:[\x20-\x7e]\0){6,}")
"""Texts among sound: so many letters in a row are seldom chance."""
SEEK_HEADS = (b"Xing", b"Info")
ENCODER = re.compile(rb"(LAME|Lavf|Lavc|GOGO)[0-9.ab]{0,5}\0*")
ENCODER_BYTES, OF_ENCODER = 9, 36


def strays(source: Source, labels: list[tuple[int, int]], told: Findings) -> list[Splice]:
    """Return what to leave out besides labels, and texts to blank.

    `labels` are the places (start, end) that are left out anyhow.

    Raises:
        ValueError: There is no frame of sound, or it cannot be told where one is.
    """
    for begin, _ in between(labels, 0, source.size):
        magic = AMR.match(source.read(begin, 20))
        if magic:
            more = 4 if magic[2] else 0  # How many channels there are (RFC 4867 5.2).
            places = between(labels, begin + magic.end() + more, source.size)
            sizes = WIDE if magic[1] else NARROW
            return [each for place in places for each in behind_speech(source, *place, sizes)]
    return [*between_frames(source, labels, told)]


def between_frames(
    source: Source, labels: list[tuple[int, int]], told: Findings
) -> Iterator[Splice]:
    """Yield what to leave out between frames of MP3 or AAC, and between their sounds.

    Raises:
        ValueError: There is no frame.
    """
    frames: list[tuple[int, int]] = []
    for begin, end in between(labels, 0, source.size):
        kept = begin
        for at, stop in frames_in(source, begin, end, sound_frame):
            if at > kept:
                yield Splice(kept, at, b"")
            seeking = [] if frames else texts_for_seeking(source, at, stop)
            yield from seeking
            kept = stop
            # A frame for seeking has no sound: what it says is no room.
            frames += [] if seeking else [(at, stop)]
        if kept < end:
            yield Splice(kept, end, b"")
    if not frames:
        raise ValueError("no frame of sound")
    yield from sound_rooms.blank(source, frames, told)


def behind_speech(source: Source, start: int, end: int, sizes: tuple[int, ...]) -> Iterator[Splice]:
    """Yield what to leave out behind the frames of AMR, and texts to blank.

    A frame of AMR begins with one byte, so nearly anything can read as frames. Therefore texts are
    blanked wherever they are, and a last frame that was cut off goes.
    """
    at = length = start
    while at < end and (length := speech_frame(source.read(at, 1), sizes)):
        if at + length > end:
            break
        at += length
    if length and start < at < end:
        yield Splice(at, end, b"")
    for place in range(start, end, SEARCH_BYTES):
        for words in WORDS.finditer(source.read(place, min(SEARCH_BYTES, end - place))):
            yield Splice(place + words.start(), place + words.end())


def between(spans: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places outside these spans, from `start` to `end`."""
    for begin, stop in sorted(spans):
        if begin > start:
            yield start, begin
        start = max(start, stop)
    if start < end:
        yield start, end


def frames_in(source: Source, start: int, end: int, read: Reader) -> Iterator[tuple[int, int]]:
    """Yield where each frame between two places starts and ends."""
    at, shared = start, None
    while at < end:
        frame = read(source.read(at, LONGEST_HEAD))
        is_next = frame is not None and shared is not None and frame[1] == shared
        stop = at + frame[0] if frame else at
        if frame is None or stop > end:
            at, shared = next_start(source, at + 1, end, read), None
        elif is_row(source, at, end, read) or (
            is_next and not is_cut(source, at, stop, frame[1], read)
        ):
            yield at, stop
            at, shared = stop, frame[1]
        else:
            at, shared = next_start(source, at + 1, end, read), None


def is_cut(source: Source, at: int, stop: int, shared: int, read: Reader) -> bool:
    """Return whether another frame begins inside this one: then it is none, or is cut."""
    inner = next_start(source, at + 1, stop, read)
    while inner < stop:
        frame = read(source.read(inner, LONGEST_HEAD))
        if frame is not None and frame[1] == shared:
            return True
        inner = next_start(source, inner + 1, stop, read)
    return False


def is_row(source: Source, at: int, end: int, read: Reader) -> bool:
    """Return whether two frames of one kind follow each other, or one is the last."""
    frame = read(source.read(at, LONGEST_HEAD))
    if frame is None or at + frame[0] > end:
        return False
    following = read(source.read(at + frame[0], LONGEST_HEAD))
    return at + frame[0] == end or (following is not None and following[1] == frame[1])


def next_start(source: Source, at: int, end: int, read: Reader) -> int:
    """Return the next place that reads as a frame, or the end."""
    while at < end:
        piece = source.read(at, min(SEARCH_BYTES, end - at) + LONGEST_HEAD)
        for step in range(min(SEARCH_BYTES, end - at)):
            if read(piece[step : step + LONGEST_HEAD]):
                return at + step
        at += SEARCH_BYTES
    return end


def sound_frame(head: bytes) -> Frame | None:
    """Return the length in bytes and shared bits of an MP3 or AAC frame, or None."""
    if len(head) < 4 or head[0] != 0xFF or head[1] < 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5 if len(head) > 6 else 0
        shared = head[1] << 8 | head[2] & 0xFC
        return (length, shared) if length > 7 and head[2] >> 2 & 15 < 13 else None
    version, layer, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 2 & 3
    coded = head[2] >> 4
    if version == 1 or layer == 0 or rate == 3 or coded in {0, 15}:
        return None
    bits = KBITS[3 if version == 3 else 2, layer][coded - 1] * 1000
    hertz, padding = RATES[version][rate], head[2] >> 1 & 1
    shared = head[1] & 0xFE | rate << 8
    if layer == 3:
        return (12 * bits // hertz + padding) * 4, shared
    return (72 if version != 3 and layer == 1 else 144) * bits // hertz + padding, shared


def speech_frame(head: bytes, sizes: tuple[int, ...]) -> int:
    """Return the length of a frame of AMR in bytes; zero when it is none."""
    kind = head[0] >> 3 if head and not head[0] & 0x83 else len(sizes)
    if kind < len(sizes):
        return 1 + sizes[kind]
    return int(kind in {14, 15} and not head[0] & 0x83)  # Speech that was lost, or silence.


def texts_for_seeking(source: Source, start: int, end: int) -> list[Splice]:
    """Return what to blank in a first frame that says how to seek, and holds no sound.

    It names its encoder, and has room behind that.
    """
    raw = source.read(start, end - start)
    places = [raw.find(name, 4, 48) for name in SEEK_HEADS]
    at = max(places)
    if at < 0:
        return []
    flags = int.from_bytes(raw[at + 4 : at + 8])
    said = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1)
    said += 4 * (flags >> 3 & 1)
    is_known = ENCODER.fullmatch(raw[said : said + ENCODER_BYTES])
    room = said + OF_ENCODER if is_known else said
    return [Splice(start + room, end)] if room < len(raw) else []
