"""Films: what no player reads of a box or of an element is blanked, and valid films are taken."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pytest

from grievances.evidence.sanitiser import video
from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings import matroska
from tests.evidence import film_recordings
from tests.evidence.recordings import NAME, element
from tests.evidence.samples import box, noise

WHO = NAME.encode()
FULL = bytes(4)
"""Version and flags of a box."""


def cleaned(clean: Callable[..., str], body: bytes) -> tuple[str, bytes, Found]:
    found: Found = []
    copy = io.BytesIO()
    return clean(io.BytesIO(body), copy, found), copy.getvalue(), found


def counted(count: int) -> bytes:
    return FULL + struct.pack(">I", count)


def table(*boxes: bytes) -> bytes:
    """A track of sound with a table of samples; without a name in its handlers."""
    plain = film_recordings.handler(b"soun", b"")
    return box(b"trak", box(b"mdia", plain, box(b"minf", box(b"stbl", *boxes))))


def film(*labels: bytes, brand: bytes = b"mp42", **more: object) -> bytes:
    return film_recordings.film(*labels, brand=brand, name=b"", **more)  # type: ignore[arg-type]


PLACES: dict[str, bytes] = {
    "brands": film(brand=b"mp42\0\0\0\0" + WHO + b" "),
    "box beside fragments": film(box(b"mvex", box(b"trex", bytes(24)), box(b"mine", WHO))),
    "behind the settings of fragments": film(box(b"mvex", box(b"trex", bytes(24), WHO))),
    "places of fragments": film(loose=[box(b"mfra", box(b"mfro", bytes(8)), box(b"mine", WHO))]),
    "behind the head of a fragment": film(
        loose=[box(b"moof", box(b"traf", box(b"tfhd", bytes(8), WHO)))]
    ),
    "behind the samples of a fragment": film(
        loose=[box(b"moof", box(b"traf", box(b"trun", bytes(8), WHO)))]
    ),
    "unknown reference": film(in_track=[box(b"tref", box(b"mine", WHO))]),
    "reference to no track": film(in_track=[box(b"tref", box(b"tmcd", WHO))]),
    "groups": film(table(box(b"sbgp", FULL, b"roll", counted(0)[4:], WHO))),
    "descriptions of groups": film(
        table(box(b"sgpd", b"\1\0\0\0roll", struct.pack(">IIh", 2, 1, -1), WHO))
    ),
    "entry too many": film(
        table(box(b"stsd", counted(1), box(b"mp4a", bytes(28)), box(b"mine", WHO)))
    ),
    "behind the look of subtitles": film(
        box(b"trak", box(b"mdia", film_recordings.handler(b"sbtl", b""), box(b"minf", box(
            b"stbl", box(b"stsd", counted(1), box(b"tx3g", bytes(38), box(b"mine", WHO)))))))
    ),
    "font of the times": film(
        box(b"trak", box(b"mdia", film_recordings.handler(b"tmcd", b""), box(b"minf", box(
            b"gmhd", box(b"gmin", bytes(16)),
            box(b"tmcd", box(b"tcmi", bytes(24), b"\x0f" + WHO)))))
        ),
    ),
    "box beside the head of times": film(
        box(b"trak", box(b"mdia", box(b"minf", box(b"gmhd", box(b"mine", WHO)))))
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_left_in_a_box_that_no_player_reads(place: str) -> None:
    body = PLACES[place]
    assert WHO in body, "the test names no one"
    code, copy, _ = cleaned(video.clean, body)
    assert (code, WHO in copy, len(copy)) == ("cleaned", False, len(body))
    assert b"Alma" not in copy


def webm(
    *in_track: bytes,
    video_of: bytes = b"",
    in_cluster: bytes = b"",
    cues: bytes = b"",
    kind: int = 1,
    tags: bytes = b"",
) -> bytes:
    """A film of one track, whose blocks are WORDS."""
    track = element(
        0xAE,
        element(0xD7, b"\1"),
        element(0x73C5, b"\1"),
        element(0x83, bytes([kind])),
        element(0x86, b"V_MPEG4/ISO/AVC"),
        element(0xE0, element(0xB0, b"\x40"), element(0xBA, b"\x30"), video_of),
        *in_track,
    )
    cluster = element(0x1F43B675, element(0xE7, b"\0"), in_cluster)
    parts = [element(0x1654AE6B, track), cluster, element(0x1C53BB6B, cues), tags]
    head = element(0x1A45DFA3, element(0x4282, b"matroska"))
    return head + element(0x18538067, *parts, width=8)


BLOCK = b"\x81\0\0\x80"
GROUPED = element(0xA1, BLOCK + noise(60))
ELEMENTS: dict[str, bytes] = {
    "element beside a picture": webm(video_of=element(0x4DFA, WHO)),
    "room beside a picture": webm(video_of=element(0xEC, WHO)),
    "element beside colours": webm(video_of=element(0x55B0, element(0x4DFA, WHO))),
    "number that is too long": webm(video_of=element(0x53B8, WHO)),
    "element beside a block": webm(in_cluster=element(0xA0, GROUPED, element(0x4DFA, WHO))),
    "additions without a block": webm(
        in_cluster=element(0xA0, GROUPED, element(0x75A1, element(0x4DFA, WHO)))
    ),
    "element beside a place": webm(cues=element(0xBB, element(0xB3, b"\0"), element(0x4DFA, WHO))),
    "room in a place": webm(cues=element(0xBB, element(0xB7, element(0xEC, WHO)))),
    "track of places": webm(kind=0x21, in_cluster=element(0xA3, BLOCK + WHO)),
    "grouped track of places": webm(
        kind=0x21, in_cluster=element(0xA0, element(0xA1, BLOCK + WHO))
    ),
    "name of an addition": webm(element(0x41E4, element(0x41F0, b"\4"), element(0x41A4, WHO))),
}  # fmt: skip


@pytest.mark.parametrize("place", ELEMENTS)
def test_nothing_is_left_in_an_element_that_no_player_reads(place: str) -> None:
    body = ELEMENTS[place]
    assert WHO in body, "the test names no one"
    code, copy, _ = cleaned(matroska.clean, body)
    assert (code, WHO in copy, len(copy)) == ("cleaned", False, len(body))


def test_a_track_of_places_is_told() -> None:
    _, _, found = cleaned(matroska.clean, ELEMENTS["track of places"])
    assert "Track of data" in dict(found)


def message(text: bytes) -> bytes:
    """A unit of H.265 with a remark of the encoder, in the description of a track."""
    unit = b"\x4e\x01\x05" + bytes([16 + len(text)]) + bytes(16) + text + b"\x80"
    return bytes(23) + b"\x27\0\1" + len(unit).to_bytes(2) + unit


def test_a_remark_in_the_description_of_a_matroska_track_is_blanked() -> None:
    """x265 writes one into every film, and no such film was ever called clean."""
    body = webm(element(0x63A2, message(b"x265 options of " + WHO)))
    code, copy, found = cleaned(matroska.clean, body)
    assert (code, WHO in copy, len(copy)) == ("cleaned", False, len(body))
    assert "Remark beside the pictures" in dict(found)


def test_a_program_that_is_named_in_the_sound_too_is_no_reason_to_fail() -> None:
    """Encoders write their name into the first frame, where players look for it."""
    program = b"Lavc63.1.102"
    tag = element(0x67C8, element(0x45A3, b"ENCODER"), element(0x4487, program))
    body = webm(
        in_cluster=element(0xA3, BLOCK + b"\xde\x02\0" + program + noise(60)),
        tags=element(0x1254C367, element(0x7373, tag)),
    )
    code, _, found = cleaned(matroska.clean, body)
    assert (code, dict(found)["Program"]) == ("cleaned", program.decode())
