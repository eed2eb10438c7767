"""Blank the labels of WAV and CAF recordings.

Both are rows of named chunks. Those that the sound needs are kept; every other becomes free space
of the same length. Sources: RIFF (Microsoft, IBM 1991), EBU Tech 3285 and 3306, Apple Core Audio
Format 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings import mpeg_audio
from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.splices import TAG_BYTES, Source, Splice, write

RIFFS = (b"RIFF", b"RF64", b"BW64", b"RIFX")
WAV_KEPT = (b"fmt ", b"data", b"fact", b"ds64", b"smpl", b"inst")
CAF_KEPT = (b"desc", b"data", b"pakt", b"chan", b"kuki")
FORMAT_BYTES = 4096
"""Limit of the chunk that says how the sound is stored."""
MOST_CHUNKS = 20_000
WORDS = re.compile(rb"[\x20-\x7e\x80-\xff]{4,}")
BEXT = (("description", 0, 256), ("originator", 256, 288), ("reference", 288, 320),
        ("originationdate", 320, 338))  # fmt: skip
"""Texts of a broadcast chunk, by their places (EBU Tech 3285 2.3)."""


class Chunk(NamedTuple):
    """A chunk: its name, the place of its name, and where its content starts and ends."""

    name: bytes
    start: int
    content: int
    end: int


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the recording with its labels blanked.

    Returns:
        `cleaned`, or `failed` for a broken file and for one in whose copy a label is left.
    """
    source, told = Source(original), Findings(found)
    try:
        is_caf = source.read(0, 4) == b"caff"
        splices = [*(caf if is_caf else wav)(source, told)]
    except ValueError:
        return "failed"
    return write(source, copy, splices, told)


def wav(source: Source, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the chunks that the sound does not need.

    Raises:
        ValueError: There is no sound, or its format is too long.
    """
    order = "big" if source.read(0, 4) == b"RIFX" else "little"
    names = set()
    end = 12
    for chunk in wav_chunks(source, order):
        names.add(chunk.name)
        end = chunk.end + (chunk.end - chunk.content) % 2
        if chunk.name == b"fmt " and chunk.end - chunk.content > FORMAT_BYTES:
            raise ValueError("a format that is too long")
        if chunk.name in WAV_KEPT:
            continue
        tell_wav(source, chunk, told)
        yield Splice(chunk.start, chunk.start + 4, b"JUNK")
        yield Splice(chunk.content, min(end, source.size))
    if not {b"fmt ", b"data"} <= names:
        raise ValueError("no sound")
    if end < source.size:
        yield Splice(end, source.size, b"")


def wav_chunks(source: Source, order: str) -> Iterator[Chunk]:
    """Yield the chunks; the last of a live recording may be longer than the file.

    Raises:
        ValueError: There are more than MOST_CHUNKS.
    """
    at, long_data = 12, 0
    whole = int.from_bytes(source.read(4, 4), "big" if order == "big" else "little")
    last = min(source.size, whole + 8) if 12 < whole < 0xFFFFFFFF else source.size
    for _ in range(MOST_CHUNKS):
        head = source.read(at, 8)
        if len(head) < 8 or at + 8 > last:
            return
        length = int.from_bytes(head[4:], "big" if order == "big" else "little")
        if head[:4] == b"ds64":
            long_data = int.from_bytes(source.read(at + 16, 8), "little")
        if head[:4] == b"data" and length == 0xFFFFFFFF:
            length = long_data or source.size
        end = min(at + 8 + length, source.size)
        yield Chunk(head[:4], at, at + 8, end)
        at = end + length % 2
    raise ValueError("too many chunks")


def tell_wav(source: Source, chunk: Chunk, told: Findings) -> None:
    """Tell what a chunk of a WAV file says."""
    raw = source.read(chunk.content, min(chunk.end - chunk.content, TAG_BYTES))
    if chunk.name in {b"id3 ", b"ID3 ", b"id32"}:
        mpeg_audio.tell(raw, told)
    elif chunk.name == b"LIST" and raw[:4] == b"INFO":
        at = 4
        while at + 8 <= len(raw):
            length = int.from_bytes(raw[at + 4 : at + 8], "little")
            told.tell(printable_name(raw[at : at + 4]), decoded(raw[at + 8 : at + 8 + length]))
            at += 8 + length + length % 2
    elif chunk.name == b"bext":
        for name, start, stop in BEXT:
            told.tell(name, decoded(raw[start:stop]))
    elif chunk.name.upper() not in {b"JUNK", b"PAD ", b"FLLR", b"PEAK"}:
        tell_words(chunk, raw, told)


def caf(source: Source, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the chunks that its sound does not need.

    Raises:
        ValueError: A chunk does not fit, or there is no sound.
    """
    at, names = 8, set()
    for _ in range(MOST_CHUNKS):
        head = source.read(at, 12)
        if len(head) < 12:
            break
        length = int.from_bytes(head[4:], "big", signed=True)
        end = source.size if length == -1 and head[:4] == b"data" else at + 12 + length
        if not at + 12 <= end <= source.size:
            raise ValueError("a chunk that does not fit")
        chunk = Chunk(head[:4], at, at + 12, end)
        names.add(chunk.name)
        if chunk.name not in CAF_KEPT:
            tell_caf(source, chunk, told)
            yield Splice(at, at + 4, b"free")
            yield Splice(chunk.content, end)
        at = end
    if not {b"desc", b"data"} <= names:
        raise ValueError("no sound")
    yield Splice(at, source.size, b"")


def tell_caf(source: Source, chunk: Chunk, told: Findings) -> None:
    """Tell what a chunk of a CAF file says."""
    raw = source.read(chunk.content, min(chunk.end - chunk.content, TAG_BYTES))
    if chunk.name == b"info":
        texts = raw[4:].split(b"\0")
        for name, value in zip(texts[::2], texts[1::2], strict=False):
            told.tell(decoded(name), decoded(value))
    elif chunk.name != b"free":
        tell_words(chunk, raw, told)


def tell_words(chunk: Chunk, raw: bytes, told: Findings) -> None:
    """Tell the texts of a chunk whose form is not known here."""
    for words in WORDS.findall(raw)[:10]:
        told.tell(printable_name(chunk.name), decoded(words))


def printable_name(name: bytes) -> str:
    """Return the name of a chunk as text."""
    return name.decode("latin-1").strip()


def decoded(raw: bytes) -> str:
    """Return a text in UTF-8, or else in Windows-1252, up to its first zero."""
    words = raw.partition(b"\0")[0]
    try:
        return words.decode("utf-8").strip()
    except UnicodeDecodeError:
        return words.decode("cp1252", "replace").strip()
