"""Blank the labels of FLAC recordings.

The blocks before the sound that say how it is stored are kept; the others become padding of the
same length (RFC 9639 8). Labels of other kinds before and behind are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings import flac_frames, mpeg_audio, sound_frames
from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.ogg import tell_comments
from grievances.evidence.sanitiser.recordings.splices import Source, Splice, write

STREAM, PADDING, SEEK_TABLE, COMMENTS, PICTURE = 0, 1, 3, 4, 6
MOST_BLOCKS = 10_000


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the recording with its labels blanked.

    Returns:
        `cleaned`, or `failed` for a broken file and for one in whose copy a label is left.
    """
    source, told = Source(original), Findings(found)
    try:
        start = first_block(source)
        splices = [*blocks(source, start, told)]
        sound = behind_blocks(source, start)
        spans = [
            span for span in mpeg_audio.labels(source, told) if span[1] <= start or span[0] > start
        ]
        splices += [Splice(*span, b"") for span in spans]
        for begin, end in sound_frames.between(spans, sound, source.size):
            splices += flac_frames.strays(source, begin, end)
    except ValueError:
        return "failed"
    return write(source, copy, splices, told)


def first_block(source: Source) -> int:
    """Return the place behind the mark of the format; a label may come before it.

    Raises:
        ValueError: There is no such mark.
    """
    at = 0
    while source.read(at, 3) == b"ID3":
        at += 10 + mpeg_audio.sevens(source.read(at + 6, 4))
    if source.read(at, 4) != b"fLaC":
        raise ValueError("no FLAC")
    return at + 4


def blocks(source: Source, at: int, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the blocks that are not kept.

    Raises:
        ValueError: A block does not fit.
    """
    for _ in range(MOST_BLOCKS):
        head = source.exactly(at, 4)
        code, length = head[0] & 0x7F, int.from_bytes(head[1:], "big")
        end = at + 4 + length
        if end > source.size:
            raise ValueError("a block that does not fit")
        if code not in {STREAM, SEEK_TABLE}:
            if code == COMMENTS:
                tell_comments(source.read(at + 4, length), told)
            elif code != PADDING:
                told.tell("apic" if code == PICTURE else f"FLAC block {code}", "yes")
            yield Splice(at, at + 1, bytes([head[0] & 0x80 | PADDING]))
            yield Splice(at + 4, end)
        if head[0] & 0x80:
            return
        at = end
    raise ValueError("too many blocks")


def behind_blocks(source: Source, at: int) -> int:
    """Return the place behind the last block, where the sound begins."""
    for _ in range(MOST_BLOCKS):
        head = source.exactly(at, 4)
        at += 4 + int.from_bytes(head[1:])
        if head[0] & 0x80:
            break
    return at
