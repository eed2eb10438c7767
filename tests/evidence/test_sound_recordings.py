"""MP3, WAV, CAF, Ogg and FLAC: their labels are told and gone; the sound stays."""

from __future__ import annotations

import io
import random
import struct
import wave

import mutagen
import pytest
from mutagen.ogg import OggPage

from grievances.evidence.sanitiser.recordings import (
    chunks,
    flac,
    mpeg_audio,
    ogg,
)
from tests.evidence import recordings as made
from tests.evidence.cleaned_recordings import MP3S, WAVS, cleaned, told
from tests.evidence.recordings import NAME
from tests.evidence.samples import noise


@pytest.mark.parametrize("what", MP3S)
def test_labels_of_an_mp3_are_told_and_gone_wherever_they_are(what: str) -> None:
    copy, found = cleaned(mpeg_audio.clean, MP3S[what]())
    assert copy == made.FRAME * 10
    assert any(NAME in value for _, value in found) or what.startswith("lyrics")


def test_an_id3_label_is_told_in_words() -> None:
    _, found = cleaned(mpeg_audio.clean, made.mp3(made.id3()))
    assert found[0] == ("Where it was recorded", "53.7997 degrees north, 1.5333 degrees west")
    assert told(found)["Artist"] == NAME
    assert told(found)["Recorded on"] == "3 May 2026, 14:05"
    assert told(found)["Comment"] == f"comment of {NAME}"


@pytest.mark.parametrize("seed", range(20))
def test_labels_in_any_order_and_number_leave_the_frames_alone(seed: int) -> None:
    chance = random.Random(seed)
    before = chance.choices(
        [made.id3(), made.id3(3, 1), made.id3(3, 0), made.ape(), made.id3v1(), made.lyrics()],
        k=chance.randrange(4),
    )
    behind = chance.choices([made.ape(), made.id3v1(), made.lyrics()], k=chance.randrange(4))
    copy, _ = cleaned(mpeg_audio.clean, made.mp3(*before, behind=behind, between=b"".join(before)))
    assert copy == made.FRAME * 10


def test_aac_and_amr_lose_labels_and_keep_their_frames() -> None:
    aac = made.AAC_FRAME * 20
    assert cleaned(mpeg_audio.clean, made.id3() + aac + made.id3v1())[0] == aac
    amr = b"#!AMR\n" + (b"\x3c" + noise(31)) * 5
    assert cleaned(mpeg_audio.clean, amr + made.id3v1())[0] == amr


@pytest.mark.parametrize("what", WAVS)
def test_labels_of_a_wav_are_gone_and_its_sound_is_the_same(what: str) -> None:
    body = WAVS[what]()
    copy, _ = cleaned(chunks.clean, body)
    with wave.open(io.BytesIO(copy)) as after, wave.open(io.BytesIO(body)) as before:
        assert after.readframes(10_000) == before.readframes(10_000) == noise(4000)


def test_labels_of_a_wav_are_told_in_words() -> None:
    _, found = cleaned(chunks.clean, WAVS["info behind"]())
    assert told(found) == {"Artist": NAME, "Title": "Talk", "Recorded on": "3 May 2026"}
    assert told(cleaned(chunks.clean, WAVS["broadcast"]())[1])["Made by"] == NAME


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF])
def test_a_wav_of_a_live_recording_is_cleaned(length: int) -> None:
    body = made.wav(before=[made.info(IART=NAME)])
    live = (
        b"RIFF"
        + struct.pack("<I", length)
        + body[8:].replace(b"data" + struct.pack("<I", 4000), b"data\xff\xff\xff\xff")
    )
    copy, _ = cleaned(chunks.clean, live)
    assert copy.endswith(noise(4000))


@pytest.mark.parametrize(
    "body", [made.caf(), made.caf(is_open=True), made.caf(made.caf_chunk(b"uuid", NAME.encode()))]
)
def test_labels_of_a_caf_are_told_and_gone(body: bytes) -> None:
    copy, found = cleaned(chunks.clean, body)
    assert told(found)["Artist"] == NAME
    assert copy.endswith(noise(2000))
    assert len(copy) == len(body)


OGGS = {
    "opus": made.opus_packets,
    "vorbis": made.vorbis_packets,
    "theora": made.theora_packets,
    "speex": made.speex_packets,
    "flac": made.flac_in_ogg_packets,
}


@pytest.mark.parametrize("apart", [True, False], ids=["apart", "together"])
@pytest.mark.parametrize("size", [255, 300, 4096])
@pytest.mark.parametrize("codec", OGGS)
def test_comments_of_an_ogg_are_gone_and_its_sound_is_the_same(
    codec: str, size: int, apart: bool
) -> None:
    body = made.ogg(*OGGS[codec](), size=size, apart=apart)
    copy, found = cleaned(ogg.clean, body)
    assert told(found)["Artist"] == NAME
    assert told(found)["Recorded on"] == "3 May 2026"
    assert packets_of(copy)[3:] == packets_of(body)[3:]
    assert len(copy) == len(body)


def packets_of(body: bytes) -> list[bytes]:
    """The packets of a file, whose pages must have right sums."""
    source, pages = io.BytesIO(body), []
    while source.tell() < len(body):
        start = source.tell()
        page = OggPage(source)
        assert page.write() == body[start : source.tell()]
        pages.append(page)
    return list(OggPage.to_packets(pages))


def test_a_long_comment_over_many_pages_is_gone() -> None:
    body = made.ogg(*made.opus_packets("METADATA_BLOCK_PICTURE=" + "A" * 200_000, f"ARTIST={NAME}"))
    copy, found = cleaned(ogg.clean, body)
    assert told(found)["Picture inside"] == "yes"
    assert packets_of(copy)[2:] == packets_of(body)[2:]
    assert b"AAAA" not in copy


def test_streams_one_after_another_and_beside_each_other_are_cleaned() -> None:
    one, two = made.ogg(*made.opus_packets(), serial=1), made.ogg(*made.vorbis_packets(), serial=2)
    cleaned(ogg.clean, one + two)
    pages = [page for pair in zip(pages_of(one), pages_of(two), strict=False) for page in pair]
    cleaned(ogg.clean, b"".join(pages))


def test_a_stream_that_says_things_and_is_not_heard_is_left_out() -> None:
    skeleton = made.ogg(b"fishead\0" + bytes(56), b"fisbone\0" + NAME.encode(), serial=9)
    opus = made.ogg(*made.opus_packets())
    copy, _ = cleaned(ogg.clean, skeleton + opus)
    assert len(copy) == len(opus)


def pages_of(body: bytes) -> list[bytes]:
    return [b"OggS" + part for part in body.split(b"OggS")[1:]]


@pytest.mark.parametrize("seed", range(12))
def test_blocks_of_a_flac_in_any_order_say_nothing(seed: int) -> None:
    order = ["comments", "picture", "application", "padding", "seek", "cue"]
    random.Random(seed).shuffle(order)
    body = made.flac(*order[: 1 + seed % 6], "comments")
    copy, found = cleaned(flac.clean, body)
    assert told(found)["Artist"] == NAME
    assert len(copy) == len(body)
    assert copy.endswith(noise(600))
    assert not mutagen.File(io.BytesIO(copy)).tags


def test_a_flac_loses_labels_of_other_kinds_before_and_behind() -> None:
    plain = made.flac("seek")
    copy, _ = cleaned(flac.clean, made.flac("seek", before=made.id3(), behind=made.id3v1()))
    assert copy == plain
