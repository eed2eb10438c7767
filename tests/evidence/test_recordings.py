"""Recordings: their labels are told in words and gone from the copy; what is heard stays."""

from __future__ import annotations

import io
import random
import struct
import wave
from collections.abc import Callable

import mutagen
import pytest
from mutagen.id3 import ID3
from mutagen.ogg import OggPage

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
from tests.evidence.recordings import NAME
from tests.evidence.samples import MADE, box, noise
from tests.factories.cases import START, raised
from tests.factories.people import Staff

Cleaner = Callable[..., str]


def cleaned(clean: Cleaner, body: bytes) -> tuple[bytes, Found]:
    """The copy, with what was told; the name is in the original and nowhere in the copy."""
    found: Found = []
    copy = io.BytesIO()
    assert clean(io.BytesIO(body), copy, found) == "cleaned", found
    raw = copy.getvalue()
    for spelt in (NAME.encode(), NAME.encode("utf-16-le"), NAME.encode("utf-16-be")[1:]):
        assert spelt not in raw
    assert b"53.7997" not in raw
    return raw, found


def told(found: Found) -> dict[str, str]:
    return dict(reversed(found))


MP3S = {
    "ID3v2.4": lambda: made.mp3(made.id3()),
    "ID3v2.3 in UTF-16": lambda: made.mp3(made.id3(3, encoding=1)),
    "two labels before": lambda: made.mp3(made.id3(), made.id3(3, encoding=1)),
    "a label between frames": lambda: made.mp3(between=made.id3()),
    "APE between frames": lambda: made.mp3(between=made.ape()),
    "ID3v1": lambda: made.mp3(behind=[made.id3v1()]),
    "APE, then ID3v1": lambda: made.mp3(behind=[made.ape(), made.id3v1()]),
    "ID3v1, then APE": lambda: made.mp3(behind=[made.id3v1(), made.ape()]),
    "lyrics, then ID3v1": lambda: made.mp3(behind=[made.lyrics(), made.id3v1()]),
    "APE before": lambda: made.mp3(made.ape()),
    "all": lambda: made.mp3(made.id3(), behind=[made.ape(), made.lyrics(), made.id3v1()]),
}


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


WAVS = {
    "info behind": lambda: made.wav(made.info(IART=NAME, INAM="Talk", ICRD="2026-05-03")),
    "info before": lambda: made.wav(before=[made.info(IART=NAME)]),
    "names in small letters": lambda: made.wav(made.info(iart=NAME)),
    "ID3 inside": lambda: made.wav(made.chunk(b"id3 ", made.id3())),
    "ID3 INSIDE": lambda: made.wav(made.chunk(b"ID3 ", made.id3(3, 1))),
    "broadcast": lambda: made.wav(before=[made.bext()]),
    "XML": lambda: made.wav(made.chunk(b"iXML", f"<BWFXML><NOTE>{NAME}</NOTE></BWFXML>".encode())),
    "XMP": lambda: made.wav(made.chunk(b"_PMX", f"<x>{NAME}</x>".encode())),
    "unknown": lambda: made.wav(made.chunk(b"zzzz", NAME.encode())),
    "labels of marks": lambda: made.wav(
        made.chunk(b"LIST", b"adtl" + made.chunk(b"labl", bytes(4) + NAME.encode()))
    ),
    "junk": lambda: made.wav(made.chunk(b"JUNK", NAME.encode())),
    "behind the end": lambda: made.wav(behind=made.id3v1()),
}


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


FILMS = {
    "iTunes": lambda **o: made.film(
        box(
            b"udta",
            made.itunes(
                (b"\xa9nam", "Talk"), (b"\xa9ART", NAME), (b"\xa9day", "2026-05-03T14:05:00Z")
            ),
        ),
        **o,
    ),
    "iTunes beside": lambda **o: made.film(made.itunes((b"\xa9ART", NAME)), **o),
    "iPhone": lambda **o: made.film(
        made.keyed(
            make="Apple",
            model="iPhone 13",
            author=NAME,
            location__ISO6709=made.PLACE + "+031.2/",
            creationdate="2026-05-03T15:05:00+0100",
        ),
        **o,
    ),
    "QuickTime": lambda **o: made.film(
        box(
            b"udta",
            made.quicktime(b"xyz", made.PLACE + "/"),
            made.quicktime(b"ART", NAME),
            made.quicktime(b"mod", "iPhone 13"),
        ),
        **o,
    ),
    "3GPP": lambda **o: made.film(
        box(
            b"udta",
            made.loci("Home of " + NAME),
            made.three_gpp(b"auth", NAME),
            made.three_gpp(b"titl", "Talk"),
        ),
        **o,
    ),
    "in the track": lambda **o: made.film(
        in_track=[box(b"udta", box(b"name", NAME.encode())), made.itunes((b"\xa9ART", NAME))], **o
    ),
    "beside the film": lambda **o: made.film(
        loose=[
            made.itunes((b"\xa9ART", NAME)),
            box(b"uuid", noise(16), NAME.encode()),
            box(b"free", NAME.encode()),
        ],
        **o,
    ),
    "unknown box": lambda **o: made.film(
        box(b"SDLN", NAME.encode()), loose=[box(b"sefd", NAME.encode())], **o
    ),
    "Windows": lambda **o: made.film(box(b"udta", box(b"Xtra", NAME.encode("utf-16-le"))), **o),
}
FORMS: dict[str, dict[str, object]] = {
    "MP4": {},
    "QuickTime": {"brand": b"qt  ", "counted": True},
    "3GP": {"brand": b"3gp4"},
    "M4A": {"brand": b"M4A "},
    "no ftyp": {"brand": None},
    "film behind": {"first": "mdat"},
    "long lengths": {"boxer": made.wide_box},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", FILMS)
def test_details_of_a_film_are_told_and_gone(what: str, form: str) -> None:
    body = FILMS[what](**FORMS[form])
    copy, found = cleaned(video.clean, body)
    assert any(NAME in value for _, value in found)
    assert ("Recorded on", "14 November 2023, 22:13") in found
    assert len(copy) == len(body)
    assert copy.index(made.SOUND) == body.index(made.SOUND)
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
    copy, found = cleaned(video.clean, made.film(name=b"Core Media Audio"))
    assert "Name of a track" not in told(found)
    assert b"Core Media" not in copy


def test_a_track_that_records_places_is_left_out_with_its_samples() -> None:
    body = f"GPS5 of {NAME} {made.PLACE}".encode()
    at = len(made.film(more_tracks=[made.data_track(body, 0)])) + 8
    copy, found = cleaned(
        video.clean, made.film(more_tracks=[made.data_track(body, at)], loose=[box(b"mdat", body)])
    )
    assert "Track of data" in told(found)
    assert made.SOUND in copy


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
