"""A cleaned film still plays, and says nothing of its chapters."""

from __future__ import annotations

import io
import struct

import pytest

from grievances.evidence.sanitiser import video
from tests.evidence.film_recordings import TIMES, data_track, film, handler
from tests.evidence.recordings import NAME
from tests.evidence.samples import box

PICTURES = 434
"""The length of a box whose length looks like the start code of a text (0x1B2)."""


def picture_track(room: int) -> bytes:
    """A track of pictures whose box of that many bytes is `minf`."""
    entry = box(b"mp4v", bytes(78))
    table = box(b"stbl", box(b"stsd", bytes(4), struct.pack(">I", 1), entry))
    padding = box(b"free", bytes(room - 8 - len(table) - 8))
    media = box(
        b"mdia", box(b"mdhd", TIMES, bytes(12)), handler(b"vide", b""),
        box(b"minf", table, padding),
    )  # fmt: skip
    return box(b"trak", box(b"tkhd", TIMES, bytes(72)), media)


def cleaned(body: bytes) -> tuple[str, bytes, list[tuple[str, str]]]:
    found: list[tuple[str, str]] = []
    copy = io.BytesIO()
    return video.clean(io.BytesIO(body), copy, found), copy.getvalue(), found


@pytest.mark.parametrize("room", [PICTURES, PICTURES + 8])
def test_a_box_whose_length_looks_like_a_start_code_is_left_alone(room: int) -> None:
    body = film(more_tracks=[picture_track(room)])
    assert struct.pack(">I", room) + b"minf" in body
    code, copy, _ = cleaned(body)
    assert code == "cleaned"
    assert struct.pack(">I", room) + b"minf" in copy, "the film has lost its pictures"


@pytest.mark.parametrize("version", [0, 1])
def test_the_names_of_chapters_are_told_and_gone(version: int) -> None:
    said = struct.pack(">H", len(NAME)) + NAME.encode()
    number = struct.pack(">I", 7)
    before = (bytes([version, 0, 0, 0]) + bytes(8 * (version + 1)) + number).ljust(84, b"\0")
    header = box(b"tkhd", before)
    refers = box(b"tref", box(b"chap", number))

    def made(at: int) -> bytes:
        chapters = data_track(said, at, b"text").replace(box(b"tkhd", TIMES, bytes(72)), header)
        return film(
            in_track=[refers], more_tracks=[box(b"trak", chapters[8:])], loose=[box(b"mdat", said)]
        )

    body = made(len(made(0)) - len(said))
    code, copy, found = cleaned(body)
    assert (code, NAME.encode() in copy, len(copy)) == ("cleaned", False, len(body))
    assert b"chap" not in copy
    assert ("Names of chapters", "yes") in found


def test_a_text_that_is_no_list_of_chapters_stays() -> None:
    def made(at: int) -> bytes:
        return film(
            more_tracks=[data_track(b"\0\4KEEP", at, b"text")], loose=[box(b"mdat", b"\0\4KEEP")]
        )

    assert b"KEEP" in cleaned(made(len(made(0)) - 6))[1]
