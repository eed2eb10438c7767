"""Recordings: their labels are told in words and gone from the copy; what is heard stays."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import mutagen
import pytest
from mutagen.id3 import ID3

from grievances.cases.models.evidence import Evidence
from grievances.casework import reading
from grievances.choices import Cleaning
from grievances.evidence import case_files, upload
from grievances.evidence.sanitiser import video
from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings import (
    chunks,
    flac,
    matroska,
    mpeg_audio,
    ogg,
    splices,
)
from grievances.evidence.sanitiser.remaining_values import Search
from tests.evidence import recordings as made
from tests.evidence.cleaned_recordings import FILMS, MP3S, WAVS, Cleaner
from tests.evidence.recordings import NAME
from tests.evidence.samples import noise
from tests.factories.cases import START, raised
from tests.factories.people import Staff


@pytest.mark.parametrize(
    "clean", [ogg.clean, flac.clean, chunks.clean, matroska.clean, video.clean]
)
@pytest.mark.parametrize("body", [b"", b"OggS", b"fLaC\x84\xff\xff\xff", noise(3000), b"RIFF"])
def test_a_broken_recording_is_kept_without_a_copy(clean: Cleaner, body: bytes) -> None:
    assert clean(io.BytesIO(body), io.BytesIO(), []) == "failed"


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_recording_never_ends_in_an_error(seed: int) -> None:
    chance = random.Random(seed)
    for clean, whole in (
        (video.clean, FILMS["iPhone"]()),
        (ogg.clean, made.ogg(*made.opus_packets())),
        (flac.clean, made.flac("comments")),
        (matroska.clean, made.matroska()),
        (chunks.clean, WAVS["info behind"]()),
        (mpeg_audio.clean, MP3S["all"]()),
    ):
        body = bytearray(whole)
        for _ in range(3):
            body[chance.randrange(len(body))] = chance.randrange(256)
        assert clean(io.BytesIO(bytes(body)), io.BytesIO(), []) in {"cleaned", "failed"}


def test_a_value_that_is_left_is_told_and_the_copy_is_not_clean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The look again must see a cleaner that forgets something."""
    monkeypatch.setattr(splices, "sorted", lambda splices: [], raising=False)
    found: Found = []
    assert mpeg_audio.clean(io.BytesIO(made.mp3(made.id3())), io.BytesIO(), found) == "failed"
    assert found[0][0] == "Still in the copy"
    assert any("Artist: Alma Testwright (" in value for _, value in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("step", [1, 7, 64])
def test_a_value_is_seen_across_pieces_in_every_encoding(encoding: str, step: int) -> None:
    search = Search([("Artist", "Zoë Núñez"), ("Device", "abc"), ("Flag", "yes")])
    body = b"yes abc " + bytes(40) + "Zoë Núñez".encode(encoding) + b"yes"
    for at in range(0, len(body), step):
        search.feed(body[at : at + step])
    assert [each[:2] for each in search.remaining()] == [("Artist", "Zoë Núñez")]
    assert abs(search.remaining()[0].offset - 48) <= 1


SPELT = {
    "small letters": b"alma testwright", "capitals": b"ALMA TESTWRIGHT", "dot": b"Alma.Testwright",
    "surname first": b"Testwright, Alma", "joined": b"AlmaTestwright", "dash": b"alma-testwright",
    "address": b"alma.testwright@work.invalid", "wide": "ALMA TESTWRIGHT".encode("utf-16-le"),
    "underline": b"Alma_Testwright",
    "runs": b"Alma\0Testwright",
}  # fmt: skip


@pytest.mark.parametrize("step", [5, 4096])
@pytest.mark.parametrize("way", SPELT)
def test_a_name_is_seen_in_a_recording_however_it_is_spelt(way: str, step: int) -> None:
    body = bytes(60) + b"\xff\xfb\x90\xe1" + SPELT[way] + bytes(60)
    search = Search([("Artist", NAME), ("Title", "The long title")])
    for at in range(0, len(body), step):
        search.feed(body[at : at + step])
    assert [each[:2] for each in search.remaining()] == [("Artist", NAME)]


def test_an_accent_in_capitals_is_the_same_name() -> None:
    for spelt in ("ZOË NÚÑEZ", "zoë núñez", "Zoe Nunez"):
        search = Search([("Artist", "Zoë Núñez")])
        search.feed(spelt.encode())
        assert search.remaining()


def test_sound_and_other_words_spell_no_name_by_chance() -> None:
    chance = random.Random(5)  # noqa: S311 - the same sound each time
    search = Search([("Artist", NAME), ("Title", "A Long Title"), ("Model of the device", "SM-1")])
    search.feed(b"a long title, sm-1, Alma met a test wrighter, almatestwrighter")
    for _ in range(20):
        search.feed(chance.randbytes(64 * 1024))
    assert search.remaining() == []


def test_the_samples_say_what_they_should() -> None:
    assert ID3(io.BytesIO(made.mp3(made.id3())))["TPE1"].text == [NAME]
    assert mutagen.File(io.BytesIO(made.ogg(*made.opus_packets())))["artist"] == [NAME]
    assert mutagen.File(io.BytesIO(made.flac("comments")))["artist"] == [NAME]
    assert mutagen.File(io.BytesIO(FILMS["iTunes"](brand=b"M4A ")))["\xa9ART"] == [NAME]


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("mp3", MP3S["all"]),
        ("aac", lambda: made.id3() + made.AAC_FRAME * 20),
        ("wav", WAVS["info behind"]),
        ("caf", made.caf),
        ("ogg", lambda: made.ogg(*made.opus_packets())),
        ("flac", lambda: made.flac("comments")),
        ("webm", made.matroska),
        ("video", FILMS["iPhone"]),
    ],
)
def test_each_kind_is_cleaned_in_the_process_of_its_own(
    code: str, make: Callable[[], bytes]
) -> None:
    file = upload.receive("x", iter([make()]))
    file.examine()
    assert file.kind is not None
    assert (file.kind.code, file.cleaning) == (code, Cleaning.CLEANED)
    assert file.copy is not None
    assert NAME.encode() not in b"".join(file.copy.file.chunks())
    assert any(NAME in value for _, value in file.found)
    file.close()


def test_a_recording_from_before_is_cleaned_when_it_is_checked_again(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older rows hold recordings as they came, because their kind had no cleaner."""
    case, caller = raised(staff), staff.caller("complainant1")
    file = upload.receive("x.mp3", iter([MP3S["all"]()]))
    monkeypatch.setattr(upload, "clean", lambda *_: (Cleaning.NONE, [], None))
    reading.add_file(case, caller, file, now=START)
    monkeypatch.undo()
    case_files.check_again(case, caller, str(file.sealer.file_id), now=START)
    row = Evidence.objects.get()
    facts, _ = case_files.known_to(case, caller, row, START)
    assert facts.cleaning == Cleaning.CLEANED
    assert NAME in dict(facts.found).values()
