"""Bytes between and behind the frames of a recording are gone, and every frame is the same."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest

from grievances.evidence.sanitiser.recordings import flac, mpeg_audio
from tests.evidence import recordings as made
from tests.evidence.recordings import NAME
from tests.evidence.samples import noise

SAID = (
    NAME.encode(),
    f"recorded by {NAME}, Leeds".encode(),
    NAME.encode("utf-16-le"),
    b"\0" * 50 + NAME.encode() + b"\0" * 50,
    b"\xff\xfb" + NAME.encode(),
    b"\xff\xf8" + NAME.encode() * 20,
)


def crc(raw: bytes, polynomial: int, bits: int) -> int:
    """The sum of FLAC, bit by bit (RFC 9639 9.1.8 and 9.3)."""
    value, top = 0, 1 << bits
    for byte in raw:
        value ^= byte << bits - 8
        for _ in range(8):
            value <<= 1
            value ^= (top | polynomial) if value & top else 0
    return value


def flac_frame(number: int) -> bytes:
    """A frame of 16 samples of 16 bits, as they are (a "verbatim" subframe)."""
    head = b"\xff\xf8\x69\x08" + bytes([number]) + b"\x0f"
    head += bytes([crc(head, 0x07, 8)])
    body = head + b"\x02" + random.Random(number).randbytes(32)
    return body + crc(body, 0x8005, 16).to_bytes(2)


ALL_SOUND = int(("0" * 20 + f"{379 * 8:012b}").ljust(256, "0"), 2).to_bytes(32)
"""What a frame of MP3 says of its sound: it fills the frame."""
FLAC_START = (
    b"fLaC" + bytes([0x80]) + (34).to_bytes(3) + bytes(10) + b"\x0a\xc4\x42\xf0" + bytes(20)
)
KINDS: dict[str, tuple[Callable[..., str], bytes, list[bytes]]] = {
    "mp3": (mpeg_audio.clean, b"", [made.FRAME] * 8),
    "mp3 of changing length": (
        mpeg_audio.clean,
        b"",
        [made.FRAME, b"\xff\xfb\x50\x64" + bytes(204), made.FRAME, b"\xff\xfb\x92\x64" + bytes(414)]
        * 3,
    ),
    "mp3 with sums": (
        mpeg_audio.clean,
        b"",
        [b"\xff\xfa\x90\x64" + noise(2) + ALL_SOUND + noise(379)] * 8,
    ),
    "aac": (mpeg_audio.clean, b"", [made.AAC_FRAME] * 8),
    "amr": (mpeg_audio.clean, b"#!AMR\n", [b"\x3c" + noise(31), b"\x44" + noise(5)] * 4),
    "wide amr": (mpeg_audio.clean, b"#!AMR-WB\n", [b"\x1c" + noise(36)] * 8),
    "flac": (flac.clean, FLAC_START, [flac_frame(number) for number in range(8)]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_frame_is_gone_wherever_it_is(kind: str) -> None:
    clean, start, frames = KINDS[kind]
    whole = start + b"".join(frames)
    assert run(clean, whole) == ("cleaned", whole)
    chance = random.Random(kind)
    for _ in range(60):
        parts = list(frames)
        for _ in range(chance.randrange(1, 3)):
            parts.insert(chance.randrange(len(parts) + 1), chance.choice(SAID))
        code, copy = run(clean, start + b"".join(parts))
        assert code in {"cleaned", "failed"}
        if code == "cleaned":
            assert b"Testwright" not in copy.replace(b"\0", b"")
            assert len(copy) >= len(whole) - 3 * max(map(len, frames))
        else:
            # A sum or a byte that fits by chance leaves open where a frame ends.
            assert kind == "flac" or "amr" in kind


def test_the_frame_for_seeking_keeps_its_numbers_and_no_name() -> None:
    said = b"Info" + (15).to_bytes(4) + bytes(108) + b"\0\0\0\x50"
    seeking = (made.FRAME[:4] + bytes(32) + said + b"LAME3.100" + bytes(27)).ljust(417, b"\0")
    whole = seeking + made.FRAME * 4
    assert run(mpeg_audio.clean, whole) == ("cleaned", whole)
    for at in (200, 300):
        planted = seeking[:at] + NAME.encode() + seeking[at + len(NAME) :] + made.FRAME * 4
        code, copy = run(mpeg_audio.clean, planted)
        assert (code, copy[:160], len(copy)) == ("cleaned", whole[:160], len(whole))
        assert NAME.encode() not in copy


def test_a_recording_without_a_frame_has_no_copy() -> None:
    assert run(mpeg_audio.clean, made.id3() + NAME.encode() * 30)[0] == "failed"


def run(clean: Callable[..., str], body: bytes) -> tuple[str, bytes]:
    copy = io.BytesIO()
    code = clean(io.BytesIO(body), copy, [])
    return code, copy.getvalue()
