"""WebM and MP4: their labels are told and gone; picture and sound stay."""

from __future__ import annotations

import pytest

from grievances.evidence.sanitiser import video
from grievances.evidence.sanitiser.recordings import (
    matroska,
)
from tests.evidence import film_recordings
from tests.evidence import recordings as made
from tests.evidence.cleaned_recordings import FILMS, cleaned, told
from tests.evidence.recordings import NAME
from tests.evidence.samples import MADE, box, noise

ORDERS = [
    ("seek", "info", "tracks", "tags", "attached", "chapters", "cluster"),
    ("info", "tracks", "cluster", "cluster", "tags"),
    ("tracks", "info", "attached", "cluster", "chapters"),
    ("void", "info", "tracks", "tags", "tags", "cluster", "void"),
]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("options", [{}, {"width": 8}, {"live": True}, {"crc": True}], ids=str)
def test_labels_of_a_webm_are_told_and_gone(
    order: tuple[str, ...], options: dict[str, bool]
) -> None:
    body = made.matroska(order, **options)
    copy, found = cleaned(matroska.clean, body)
    assert told(found)["Name of a track" if "tags" not in order else "Artist"].endswith(NAME) or (
        "tags" not in order
    )
    assert told(found)["Title"] == f"Talk, {NAME}"
    assert told(found)["Recorded on"] == "14 November 2023, 22:13"
    assert len(copy) == len(body)
    assert copy.count(noise(700)) == body.count(noise(700)) > 0
    if "tags" in order:
        assert found[0] == ("Where it was recorded", "53.7997 degrees north, 1.5333 degrees west")
        assert told(found)["Comment"] == f"deep inside, {NAME}"


def test_a_webm_that_was_cut_off_is_cleaned_as_far_as_it_goes() -> None:
    cleaned(matroska.clean, made.matroska()[:-300])


def test_a_webm_loses_what_is_beside_its_header_and_its_blocks() -> None:
    body = made.matroska(("info", "tracks", "cluster"))
    start = body.index(b"\x18\x53\x80\x67")
    name = made.element(0xEC, NAME.encode())
    head = made.element(0x1A45DFA3, made.element(0x4282, b"webm"), name)
    more = made.element(0x1F43B675, made.element(0xE7, b"\0"), made.element(0x42F0, NAME.encode()))
    segment = made.element(0x18538067, body[start + 12 :], more, width=8)
    cleaned(matroska.clean, head + segment)


def test_a_webm_loses_comments_in_the_headers_of_its_codec() -> None:
    head, said, setup = made.vorbis_packets()[:3]
    private = bytes([2, len(head), len(said)]) + head + said + setup
    block = made.flac("comments", "seek")[: -602 - 2]
    for raw in (private, block):
        track = made.element(
            0x1654AE6B, made.element(0xAE, made.element(0xD7, b"\1"), made.element(0x63A2, raw))
        )
        body = made.element(0x1A45DFA3, made.element(0x4282, b"webm")) + made.element(
            0x18538067, track
        )
        copy, found = cleaned(matroska.clean, body)
        assert told(found)["Artist"] == NAME
        assert len(copy) == len(body)


FORMS: dict[str, dict[str, object]] = {
    "MP4": {},
    "QuickTime": {"brand": b"qt  ", "counted": True},
    "3GP": {"brand": b"3gp4"},
    "M4A": {"brand": b"M4A "},
    "no ftyp": {"brand": None},
    "film behind": {"first": "mdat"},
    "long lengths": {"boxer": film_recordings.wide_box},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", FILMS)
def test_details_of_a_film_are_told_and_gone(what: str, form: str) -> None:
    body = FILMS[what](**FORMS[form])
    copy, found = cleaned(video.clean, body)
    assert any(NAME in value for _, value in found)
    assert ("Recorded on", "14 November 2023, 22:13") in found
    assert len(copy) == len(body)
    assert copy.index(film_recordings.SOUND) == body.index(film_recordings.SOUND)
    assert MADE not in copy


def test_what_a_phone_writes_is_told_in_words() -> None:
    _, found = cleaned(video.clean, FILMS["iPhone"]())
    said = told(found)
    assert said["Where it was recorded"] == "53.7997 degrees north, 1.5333 degrees west"
    assert said["Maker of the device"] == "Apple"
    assert said["Model of the device"] == "iPhone 13"
    assert said["Made by"] == NAME
    assert "3 May 2026, 14:05" in {value for what, value in found if what == "Recorded on"}
    assert said["Name of a track"] == f"microphone of {NAME}"
    _, found = cleaned(video.clean, FILMS["3GPP"]())
    assert told(found)["Where it was recorded"] == "53.7997 degrees north, 1.5333 degrees west"
    assert told(found)["Name of the place"] == f"Home of {NAME}"
    _, found = cleaned(video.clean, FILMS["iTunes"]())
    assert (told(found)["Title"], told(found)["Artist"]) == ("Talk", NAME)
    assert not any("ilst" in value for _, value in found)


def test_the_names_that_programs_give_to_every_track_are_not_told() -> None:
    copy, found = cleaned(video.clean, film_recordings.film(name=b"Core Media Audio"))
    assert "Name of a track" not in told(found)
    assert b"Core Media" not in copy


def test_a_track_that_records_places_is_left_out_with_its_samples() -> None:
    body = f"GPS5 of {NAME} {made.PLACE}".encode()
    at = len(film_recordings.film(more_tracks=[film_recordings.data_track(body, 0)])) + 8
    copy, found = cleaned(
        video.clean,
        film_recordings.film(
            more_tracks=[film_recordings.data_track(body, at)], loose=[box(b"mdat", body)]
        ),
    )
    assert "Track of data" in told(found)
    assert film_recordings.SOUND in copy
