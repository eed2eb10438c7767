"""Remarks beside pictures and sounds, names in drawings and of layers: told, and gone."""

from __future__ import annotations

import io
import random
import struct
from unittest.mock import patch

import pikepdf
import pytest

from grievances.evidence.sanitiser import metafiles, video
from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings import matroska, mpeg_audio
from tests.evidence import film_recordings, recordings
from tests.evidence.cleaned_documents import cleaned as cleaned_document
from tests.evidence.cleaned_documents import names_in
from tests.evidence.documents import odt, pack
from tests.evidence.planted import ACCOUNT, WHO

UUID = bytes(range(200, 216))
SUBTITLE = b"\xb5\x00\x31GA94\x03KEEP-THESE-WORDS"
PICTURE = b"\x65\x88\x84" + bytes(range(1, 200))


def message(kind: int, body: bytes) -> bytes:
    """One message: numbers of 255s and a last byte, then what it carries."""
    length = b"\xff" * (len(body) // 255) + bytes([len(body) % 255])
    return bytes([kind]) + length + body


def unit(*messages: bytes, head: bytes = b"\x06") -> bytes:
    """A unit of messages, with the bytes that keep a false start of a unit away."""
    raw, body, zeros = b"".join(messages) + b"\x80", bytearray(), 0
    for byte in raw:
        if zeros >= 2 and byte <= 3:
            body.append(3)
            zeros = 0
        body.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return head + bytes(body)


def sized(*units: bytes, width: int = 4) -> bytes:
    return b"".join(len(each).to_bytes(width) + each for each in units)


def run(clean: object, body: bytes) -> tuple[str, bytes, Found]:
    out, found = io.BytesIO(), Found()
    return clean(io.BytesIO(body), out, found), out.getvalue(), found  # type: ignore[operator]


REMARKS = {
    "own": unit(message(5, UUID + WHO.encode())),
    "own, long": unit(message(5, UUID + WHO.encode() * 60)),
    "own, wide": unit(message(5, UUID + WHO.encode("utf-16-le"))),
    "registered": unit(message(4, b"\xb5\x00\x01" + WHO.encode())),
    "behind another": unit(message(1, b"\x01\x02"), message(5, UUID + WHO.encode())),
    "with zeros": unit(message(5, UUID + bytes(7) + b"\1" + WHO.encode() + bytes(3))),
    "H.265 before": unit(message(5, UUID + WHO.encode()), head=b"\x4e\x01"),
    "H.265 behind": unit(message(5, UUID + WHO.encode()), head=b"\x50\x01"),
}


@pytest.mark.parametrize("what", REMARKS)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_remark_beside_the_pictures_is_told_and_gone(what: str, is_first: bool) -> None:
    units = [REMARKS[what], PICTURE] if is_first else [PICTURE, REMARKS[what], PICTURE]
    for body in films(sized(*units)):
        clean = video.clean if body[4:8] == b"ftyp" else matroska.clean
        code, copy, found = run(clean, body)
        assert code == "cleaned"
        assert any(WHO in value for _, value in found)
        wide = WHO.encode("utf-16-le")
        assert WHO.encode() not in copy
        assert wide not in copy
        assert len(copy) == len(body)
        assert copy.count(PICTURE) >= units.count(PICTURE)


def films(samples: bytes) -> list[bytes]:
    """The same samples in an MP4 and in a WebM."""
    with patch.object(recordings, "noise", lambda length: samples):
        return [film(samples), recordings.matroska()]


def film(samples: bytes) -> bytes:
    with patch.object(film_recordings, "SOUND", samples):
        return film_recordings.film()


def test_a_remark_in_the_description_of_a_track_is_gone() -> None:
    remark = REMARKS["H.265 before"]
    array = b"\xa7\x00\x01" + sized(remark, width=2)
    body = film(bytes(40) + array + bytes(40))
    code, copy, _ = run(video.clean, body)
    assert (code, WHO.encode() in copy) == ("cleaned", False)


def test_subtitles_and_light_levels_stay() -> None:
    for kept in (SUBTITLE, b"\xb5\x00\x3c\x00\x01KEEP-THESE-WORDS"):
        body = film(sized(unit(message(4, kept)), PICTURE))
        assert b"KEEP-THESE-WORDS" in run(video.clean, body)[1]


@pytest.mark.parametrize("seed", range(3))
def test_pictures_that_look_like_remarks_are_left_alone(seed: int) -> None:
    noise = random.Random(seed).randbytes(300_000)
    body = film(noise)
    assert noise in run(video.clean, body)[1]


def mp3_frame(begin: int, bits: int, main: bytes, *, version: int = 3, mono: bool = True) -> bytes:
    """A frame of MP3 whose first granule has so many bits of sound."""
    head = bytes([0xFF, 0xE3 | version << 3, 0x90, 0xC0 if mono else 0x00])
    if version == 3:
        size, fields = (
            17 if mono else 32,
            f"{begin:09b}" + "0" * ((5 if mono else 3) + (4 if mono else 8)),
        )
        total = 417
    else:
        size, fields = 9 if mono else 17, f"{begin:08b}" + "0" * (1 if mono else 2)
        total = 261
    side = int((fields + f"{bits:012b}").ljust(size * 8, "0"), 2).to_bytes(size)
    return (head + side + main).ljust(total, b"\x11")[:total]


@pytest.mark.parametrize("version", [3, 2])
@pytest.mark.parametrize("mono", [True, False])
def test_text_between_the_sounds_of_an_mp3_is_told_and_gone(version: int, mono: bool) -> None:
    sound = bytes(range(1, 101))
    frames = [mp3_frame(0, 800, sound + WHO.encode(), version=version, mono=mono) for _ in range(4)]
    code, copy, found = run(mpeg_audio.clean, b"".join(frames))
    assert code == "cleaned"
    assert WHO.encode() not in copy
    assert copy.count(sound) == 4
    assert ("Text between sounds", WHO) in [(what, value.strip("\x11")) for what, value in found]


def test_sound_that_begins_in_the_frame_before_is_kept() -> None:
    tail = bytes(range(150, 200))
    first = mp3_frame(0, 80, bytes(10))
    first = first[: 417 - 50] + tail
    frames = [first, mp3_frame(50, 800, bytes(50) + WHO.encode()), mp3_frame(0, 8, b"\7")]
    copy = run(mpeg_audio.clean, b"".join(frames))[1]
    assert tail in copy
    assert WHO.encode() not in copy


def emf(*records: bytes) -> bytes:
    end = struct.pack("<IIIII", 14, 20, 0, 16, 20)
    head = struct.pack("<II", 1, 108) + bytes(32) + b" EMF" + struct.pack("<I", 0x10000)
    size = 108 + sum(map(len, records)) + len(end)
    head += struct.pack("<IIHHII", size, 2 + len(records), 1, 0, 0, 0)
    return head.ljust(108, b"\0") + b"".join(records) + end


def emf_record(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, 8 + len(body)) + body


def emf_font(face: str, more: str = "") -> bytes:
    name = face.encode("utf-16-le")[:62].ljust(64, b"\0")
    return emf_record(82, bytes(4 + 28) + name + more.encode("utf-16-le").ljust(192 + 36, b"\0"))


EMF = {
    "font": emf(emf_font(f"{WHO} Hand")),
    "font of a maker": emf(emf_font("Arial", WHO)),
    "behind the name of a font": emf(emf_font(f"Arial\0{WHO}")),
    "colour space": emf(emf_record(122, bytes(72) + WHO.encode("utf-16-le"))),
    "profile": emf(emf_record(113, bytes(12) + WHO.encode("utf-16-le"))),
    "escape": emf(emf_record(110, bytes(12) + WHO.encode())),
    "unknown": emf(emf_record(4711, WHO.encode())),
    "comment": emf(emf_record(70, b"\x10\0\0\0" + WHO.encode())),
    "behind the end": emf() + emf_record(50, WHO.encode()),
}


@pytest.mark.parametrize("what", EMF)
def test_names_in_a_windows_drawing_are_told_and_gone(what: str) -> None:
    code, copy, found = run(metafiles.clean, EMF[what])
    assert code == "cleaned"
    assert WHO.encode() not in copy
    assert WHO.encode("utf-16-le") not in copy
    assert what == "behind the end" or any(WHO in value for _, value in found)
    assert copy[40:44] == b" EMF"


def test_a_usual_font_and_what_is_drawn_stay() -> None:
    text = emf_record(84, bytes(68) + "KEEP".encode("utf-16-le"))
    copy = run(metafiles.clean, emf(emf_font("Times New Roman"), text))[1]
    assert "Times New Roman".encode("utf-16-le") in copy
    assert text in copy


@pytest.mark.parametrize("function", [0x0626, 0x02FB])
def test_names_in_an_older_windows_drawing_are_told_and_gone(function: int) -> None:
    words = WHO.encode()[:30].ljust(32, b"\0")
    body = bytes(18) + words if function == 0x02FB else struct.pack("<HH", 15, 32) + words
    record = struct.pack("<IH", 3 + len(body) // 2, function) + body
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, 0, 1, 40, 0)
    code, copy, found = run(metafiles.clean, head + record + struct.pack("<IH", 3, 0))
    assert (code, WHO.encode() in copy) == ("cleaned", False)
    assert any(WHO in value for _, value in found)


def layered(*, listed: bool = True) -> bytes:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(100, 100))
        layer = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(f"Notes of {WHO}"))
        )
        page.obj["/Resources"] = pikepdf.Dictionary(Properties=pikepdf.Dictionary(MC0=layer))
        page.obj["/Contents"] = pdf.make_stream(b"/OC /MC0 BDC 0 0 9 9 re f EMC")
        order = pikepdf.Array([pikepdf.Array([pikepdf.String(WHO), layer])])
        settings = pikepdf.Dictionary(
            OCGs=pikepdf.Array([layer] if listed else []),
            D=pikepdf.Dictionary(Name=pikepdf.String(WHO), Order=order, ON=pikepdf.Array([layer])),
            Configs=pikepdf.Array([pikepdf.Dictionary(Name=pikepdf.String(WHO))]),
        )
        pdf.Root["/OCProperties"] = settings
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


@pytest.mark.parametrize("listed", [True, False])
def test_names_of_the_layers_of_a_pdf_are_told_and_gone(listed: bool) -> None:
    report, copy = cleaned_document(layered(listed=listed), "pdf")
    assert (report.code, names_in(copy)) == ("cleaned", [])
    assert ("Name of a layer", f"Notes of {WHO}") in report.found
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        (layer,) = pdf.Root.OCProperties.D.ON
        assert str(layer.Name) == "Layer 1"
        assert b"/OC /MC0 BDC" in pdf.pages[0].Contents.read_bytes()


NOTE = (
    "<office:document-content><office:body><office:spreadsheet>"
    "<table:table table:name='{sheet}'><table:table-row><table:table-cell>"
    "<office:annotation><dc:creator>{who}</dc:creator>"
    "<meta:creator-initials>AT</meta:creator-initials>"
    "<loext:sender-initials>AT</loext:sender-initials><text:p>KEEP</text:p></office:annotation>"
    "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
    "</office:document-content>"
)


def test_the_writer_of_a_note_in_a_calc_sheet_is_told_and_gone() -> None:
    body = pack(odt("content.xml", NOTE.format(sheet="Sheet1", who=WHO))())
    report, copy = cleaned_document(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])
    assert any(WHO in value for _, value in report.found)


@pytest.mark.parametrize("sheet", [WHO, f"Times of {WHO}", ACCOUNT])
def test_a_sheet_that_is_called_like_its_writer_is_said_not_to_be_clean(sheet: str) -> None:
    body = pack(odt("content.xml", NOTE.format(sheet=sheet, who=WHO))())
    report, copy = cleaned_document(body)
    assert report.code != "cleaned" or not names_in(copy)


USER_DATA = b"\0\0\1\xb2"
PICTURES = b"\0\0\1\xb6" + bytes(range(1, 99))


@pytest.mark.parametrize("behind", [b"", b"\0\0\1\xb3", b"\x06\x01\x02"])
def test_a_text_between_the_pictures_of_mpeg_4_part_2_is_told_and_gone(behind: bytes) -> None:
    encoder = USER_DATA + b"XviD0050" + (behind or b"\0\0\1")
    sound = encoder + PICTURES + USER_DATA + WHO.encode() + behind + PICTURES
    code, copy, found = run(video.clean, film(sound))
    assert code == "cleaned"
    assert WHO.encode() not in copy
    assert copy.count(PICTURES) == 2
    assert encoder in copy, "players know the faults of an encoder by its name"
    assert WHO in dict(found).values()


@pytest.mark.parametrize(
    ("before", "long"), [(b"", 0), (b"\x80\x02ab", 0), (b"", 300)], ids=["first", "second", "long"]
)
def test_a_data_element_of_aac_is_told_and_gone(before: bytes, long: int) -> None:
    words = WHO.encode() + b"." * long
    count = bytes([len(words)]) if len(words) < 255 else bytes([255, len(words) - 255])
    payload = before + b"\x80" + count + words + bytes(range(20, 60))
    size = 7 + len(payload)
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | size >> 11, size >> 3 & 255, (size & 7) << 5 | 31, 0xFC])
    code, copy, found = run(mpeg_audio.clean, (head + payload) * 4)
    assert code == "cleaned"
    assert WHO.encode() not in copy
    assert copy.count(bytes(range(20, 60))) == 4
    assert len(copy) == 4 * size
    assert any(WHO in value for value in dict(found).values())


@pytest.mark.parametrize(
    ("head", "size"), [(b"\xff\xfd\x44\x04", 192), (b"\xff\xff\x24\x04", 64)], ids=["II", "I"]
)
def test_a_text_at_the_end_of_a_frame_of_layer_1_or_2_is_told_and_gone(
    head: bytes, size: int
) -> None:
    sound = (b"\x81\x93\xa4" * 99)[: size - 6 - len(WHO)]
    frame = head + sound + WHO.encode() + b"\0\0"
    code, copy, found = run(mpeg_audio.clean, frame * 5)
    assert code == "cleaned"
    assert WHO.encode() not in copy
    assert copy.count(sound) == 5
    assert WHO in dict(found).values()
