"""Recordings of phones: a name in any box, behind any box and among the samples is gone."""

from __future__ import annotations

import io
import struct

import pytest

from grievances.evidence.sanitiser import video
from tests.evidence.film_recordings import TIMES, handler
from tests.evidence.recordings import NAME, PLACE
from tests.evidence.samples import box, noise

SAID = NAME.encode() + b" " + PLACE.encode()
SAMPLES = [noise(400), noise(300), noise(200)]
TABLE = struct.pack(">II", 0, 1)


def entry(kind: bytes, *inner: bytes) -> bytes:
    """A sample entry of a picture or a sound, with these boxes in it."""
    if kind == b"vide":
        return box(b"avc1", bytes(74) + b"\0\x18\xff\xff", box(b"avcC", b"\1" * 20), *inner)
    return box(b"mp4a", bytes(28), box(b"esds", b"\3" * 20), *inner)


def film(kind: bytes, tails: set[bytes], in_entry: bytes = b"", gap: bytes = b"") -> bytes:
    """A film whose boxes of these names have the name behind their content."""

    def leaf(name: bytes, body: bytes) -> bytes:
        return box(name, body, SAID if name in tails else b"")

    def made(first: int) -> bytes:
        offsets, at = [], first
        for sample in SAMPLES:
            offsets.append(at)
            at += len(sample) + len(gap)
        table = box(
            b"stbl",
            box(b"stsd", TABLE, entry(kind, in_entry)),
            leaf(b"stts", TABLE + struct.pack(">II", 3, 1)),
            leaf(b"stss", TABLE + struct.pack(">I", 1)),
            leaf(b"stsc", TABLE + struct.pack(">III", 1, 1, 1)),
            leaf(b"stsz", struct.pack(">III3I", 0, 0, 3, *map(len, SAMPLES))),
            leaf(b"stco", struct.pack(">II3I", 0, 3, *offsets)),
        )
        head = leaf(b"vmhd", bytes(12)) if kind == b"vide" else leaf(b"smhd", bytes(8))
        media = box(
            b"mdia", leaf(b"mdhd", TIMES + bytes(12)), handler(kind, b""), box(b"minf", head, table)
        )
        edits = box(b"edts", leaf(b"elst", TABLE + struct.pack(">III", 3, 0, 1 << 16)))
        track = box(b"trak", leaf(b"tkhd", TIMES + bytes(72)), edits, media)
        return box(b"ftyp", b"mp42", bytes(4)) + box(
            b"moov", leaf(b"mvhd", TIMES + bytes(88)), track
        )

    start = len(made(0)) + 8
    return made(start) + box(b"mdat", b"".join(sample + gap for sample in SAMPLES))


LEAVES = b"mvhd tkhd mdhd vmhd smhd elst stts stss stsc stsz stco".split()
IN_ENTRY = {
    "place": box(b"GPS ", SAID),
    "unknown": box(b"uuid", SAID),
    "profile of colours": box(b"colr", b"prof" + SAID),
    "texts": box(b"udta", box(b"name", SAID)),
    "no box": SAID,
    "inside wave": box(b"wave", box(b"frma", b"mp4a"), box(b"mine", SAID)),
}


@pytest.mark.parametrize("kind", [b"vide", b"soun"])
def test_nothing_is_left_behind_the_content_of_a_box(kind: bytes) -> None:
    for tails in [*({each} for each in LEAVES), set(LEAVES)]:
        check(film(kind, tails))


@pytest.mark.parametrize("kind", [b"vide", b"soun"])
def test_nothing_is_left_beside_a_codec(kind: bytes) -> None:
    for inner in IN_ENTRY.values():
        copy = check(film(kind, set(), inner))
        assert b"\1" * 20 in copy or b"\3" * 20 in copy
    colours = box(b"colr", b"nclx" + bytes(7))
    assert colours in check(film(kind, set(), colours))


def test_nothing_is_left_among_the_samples() -> None:
    for gap in (SAID, b"\0" * 8 + SAID):
        check(film(b"vide", set(), gap=gap))


def check(body: bytes) -> bytes:
    copy = io.BytesIO()
    assert video.clean(io.BytesIO(body), copy, []) == "cleaned"
    raw = copy.getvalue()
    assert b"Testwright" not in raw
    assert b"53.7997" not in raw
    assert len(raw) == len(body)
    assert all(sample in raw for sample in SAMPLES)
    return raw
