"""Take the labels off MP3, AAC and AMR recordings.

Such a file is a row of frames of sound; labels are before, behind or between them, and are left
out. Sources: ID3v2.4 structure 3 and 5, ID3v1, APEv2, Lyrics3v2.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import IO

import mutagen
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3, Frame, ParseID3v1

from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings import sound_frames
from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.splices import Source, Splice, write

ID3V2 = re.compile(rb"ID3[\x02-\x04][\0-\x10].[\0-\x7f]{4}", re.DOTALL)
APE = re.compile(rb"APETAGEX(?:\xd0\x07|\xe8\x03)\0\0")
START = re.compile(ID3V2.pattern + rb"|" + APE.pattern + rb"|TAG|LYRICSBEGIN", re.DOTALL)
NEXT = re.compile(rb"\xff[\xe0-\xff]|ID3|TAG|APETAGEX|LYRICSBEGIN|$", re.DOTALL)
"""What comes behind a label in the middle: a frame, another label, or the end."""
LYRICS_END = re.compile(rb"\d{6}LYRICS200|LYRICSEND")
APE_BYTES = 32
ID3V1_BYTES, ENHANCED_BYTES = 128, 227
LYRICS = re.compile(rb"(\d{6})LYRICS200$")
OLD_LYRICS_BYTES = 5100
MOST_TAGS = 1000
STEP = 1024 * 1024


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the frames of sound alone.

    Returns:
        `cleaned`, or `failed` if there are no frames, or a label is left.
    """
    source, told = Source(original), Findings(found)
    spans = labels(source, told)
    splices = [Splice(start, end, b"") for start, end in spans]
    try:
        splices += sound_frames.strays(source, spans, told)
    except ValueError:
        return "failed"
    return write(source, copy, splices, told)


def labels(source: Source, told: Findings) -> list[tuple[int, int]]:
    """Return where every label starts and ends, and tell what each says."""
    spans = [*behind(source)]
    end = min((start for start, _ in spans), default=source.size)
    spans += within(source, 0, end)
    for start, stop in spans:
        tell(source.read(start, min(stop - start, STEP * 16)), told)
    return sorted(spans)


def behind(source: Source) -> Iterator[tuple[int, int]]:
    """Yield the labels at the end, from the last backwards, whatever their order."""
    end = source.size
    for _ in range(MOST_TAGS):
        start = last_label(source, end)
        if start is None or start >= end:
            return
        yield start, end
        end = start


def last_label(source: Source, end: int) -> int | None:
    """Return where the label that ends at `end` starts; None if there is no label."""
    tail = source.read(max(0, end - OLD_LYRICS_BYTES - 9), min(end, OLD_LYRICS_BYTES + 9))
    if tail[-ID3V1_BYTES : -ID3V1_BYTES + 3] == b"TAG":
        at = end - ID3V1_BYTES
        is_enhanced = source.read(at - ENHANCED_BYTES, 4) == b"TAG+"
        return at - ENHANCED_BYTES if is_enhanced else at
    if tail[-APE_BYTES : -APE_BYTES + 8] == b"APETAGEX":
        return _in_file(end - ape_length(tail[-APE_BYTES:]))
    if tail[-10:-7] == b"3DI":
        return _in_file(end - 20 - sevens(tail[-4:]))
    lyrics = LYRICS.search(tail)
    if lyrics:
        return _in_file(end - 15 - int(lyrics[1]))
    if tail.endswith(b"LYRICSEND") and b"LYRICSBEGIN" in tail:
        return end - len(tail) + tail.rindex(b"LYRICSBEGIN")
    return None


def _in_file(start: int) -> int | None:
    return start if start >= 0 else None


def within(source: Source, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the labels at the start and between frames."""
    place = start
    while place < end:
        piece = source.read(place, min(STEP, end - place))
        match = START.search(piece)
        if not match or (match.start() > len(piece) - APE_BYTES and place + len(piece) < end):
            place += len(piece) - (APE_BYTES if place + len(piece) < end else 0)
            continue
        at = place + match.start()
        stop = label_end(source, at)
        if stop is None or stop > end:
            place = at + 1
            continue
        yield at, stop
        place = stop


def label_end(source: Source, at: int) -> int | None:
    """Return where a label that begins at `at` ends; None when it is none after all."""
    head = source.read(at, APE_BYTES)
    if head.startswith((b"TAG", b"LYRICSBEGIN")):
        return _old_label_end(source, at, head)
    if head.startswith(b"APETAGEX"):
        return at + ape_length(head) if len(head) == APE_BYTES else None
    length = sevens(head[6:10])
    body = source.read(at + 10, 4)
    is_named = re.match(rb"[A-Z][A-Z0-9]{2}", body) or not body.strip(b"\0")
    is_named = is_named or bool(head[5] & 0x40) or at == 0
    return at + 10 + length + (10 if head[5] & 0x10 else 0) if is_named else None


def _old_label_end(source: Source, at: int, head: bytes) -> int | None:
    """Return where an ID3v1 label or lyrics end, in recordings joined to one."""
    if head.startswith(b"LYRICSBEGIN"):
        end = LYRICS_END.search(source.read(at, STEP))
        return at + end.end() if end else None
    stop = at + (ENHANCED_BYTES if head.startswith(b"TAG+") else ID3V1_BYTES)
    return stop if NEXT.match(source.read(stop, 16)) else None


def ape_length(block: bytes) -> int:
    """Return the length of an APE label, from its header or footer of 32 bytes."""
    length = int.from_bytes(block[12:16], "little")
    has_both = bool(block[23] & 0x80)
    is_header = bool(block[23] & 0x20)
    return length + (APE_BYTES if has_both or is_header else 0)


def sevens(raw: bytes) -> int:
    """Return a number of which each byte carries seven bits (ID3v2.4 structure 6.2)."""
    value = 0
    for byte in raw:
        value = value << 7 | byte & 0x7F
    return value


def tell(raw: bytes, told: Findings) -> None:
    """Tell what one label says."""
    try:
        if raw.startswith(b"ID3"):
            tell_id3(ID3(io.BytesIO(raw), load_v1=False).values(), told)
        elif raw.startswith(b"TAG"):
            tell_id3((ParseID3v1(raw[-ID3V1_BYTES:]) or {}).values(), told)
        elif b"APETAGEX" in raw[:8] + raw[-APE_BYTES:]:
            for name, value in APEv2(io.BytesIO(raw)).items():
                told.tell(name, "yes" if value.kind == 1 else str(value))
        else:
            told.tell("lyrics", "yes")
    except (mutagen.MutagenError, ValueError, LookupError):
        told.say("Label", "yes")


def tell_id3(frames: Iterable[Frame], told: Findings) -> None:
    """Tell the frames of an ID3 label; a frame that is no text is told as `yes`."""
    for frame in frames:
        name = getattr(frame, "desc", "") if frame.FrameID in {"TXXX", "TXX"} else ""
        text = getattr(frame, "text", None) or getattr(frame, "url", None)
        texts = text if isinstance(text, list) else [text or "yes"]
        for each in texts:
            told.tell(name or frame.FrameID, str(each))
