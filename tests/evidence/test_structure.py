"""What a file is, is judged by its structure: valid files are taken, no ordinary one is a trick.

Each test stands for a kind: its files are generated in many forms.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from PIL import Image, PngImagePlugin

from grievances.evidence import file_types
from grievances.evidence.sanitiser.protocol import Unfit
from tests.evidence import film_recordings, recordings, samples
from tests.evidence.judged import kind, refusal
from tests.evidence.samples import noise
from workflow.steps import Refused

MARKS = (b"<!DOCTYPE plist>", b"<html>", b"<script>x</script>", b"<svg/>", b"<?php", b"%PDF-1.4")


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_in_a_label_of_a_real_file_is_no_trick(mark: bytes) -> None:
    said = b"note: " + mark
    exif = Image.Exif()
    exif[0x010E] = said.decode()
    small = Image.new("RGB", (40, 40))
    files: dict[str, bytes] = {}
    for form in ("JPEG", "PNG", "WEBP", "TIFF"):
        out = io.BytesIO()
        small.save(out, form, exif=exif)
        files[form.lower()] = out.getvalue()
    out, text = io.BytesIO(), PngImagePlugin.PngInfo()
    text.add_text("Comment", said.decode())
    small.save(out, "PNG", pnginfo=text)
    assert kind(out.getvalue()) == "png"
    out = io.BytesIO()
    small.save(out, "GIF", comment=said)
    assert kind(out.getvalue()) == "gif"
    plain = files["jpeg"]
    for marker in (0xE1, 0xED, 0xFE):
        part = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(said)) + said
        assert kind(plain[:2] + part + plain[2:]) == "jpeg"
    for code, body in files.items():
        assert kind(body) == code
    assert kind(recordings.wav(before=[recordings.info(ICMT=said.decode())])) == "wav"
    assert (
        kind(film_recordings.film(film_recordings.itunes((b"\xa9cmt", said.decode())))) == "video"
    )
    assert kind(recordings.ogg(*recordings.opus_packets(f"COMMENT={said.decode()}"))) == "ogg"
    assert kind(b"ID3\4\0\0\0\0\1\0" + said.ljust(128, b"\0") + recordings.FRAME) == "mp3"


@pytest.mark.parametrize(
    "mark", [b"<script>alert(1)</script>", b"<!doctype html>", b"<svg onload=x>"]
)
def test_a_page_that_only_begins_like_a_picture_is_refused(mark: bytes) -> None:
    for start in (
        b"GIF89a/*" + bytes(40),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"II*\0\0\0\0\0",
    ):
        assert refusal(start + mark + bytes(300)) == "TWO_KINDS"


@pytest.mark.parametrize(
    "lead", [b"", b"\n", b"\r\n", b"\r\n\r\n  \t", b"\xef\xbb\xbf", b"\0" * 900, b"\n" * 1000]
)
def test_a_pdf_behind_blank_lines_is_a_pdf(lead: bytes) -> None:
    assert kind(lead + samples.pdf()) == "pdf"


def test_a_text_that_speaks_of_a_pdf_is_a_text() -> None:
    assert kind(b"The file began with %PDF-1.4, she said.\n") == "text"
    assert kind(b"notes\n%PDF-1.4\n" + samples.TEXT) == "text"
    assert refusal(b"notes\n" + samples.pdf()) == "TWO_KINDS"


def test_a_pdf_that_holds_a_document_is_a_pdf() -> None:
    held = b"5 0 obj\n<</Length 1>>\nstream\n" + samples.word() + b"\nendstream\nendobj\n"
    assert kind(samples.pdf() + held + b"startxref\n9\n%%EOF\n") == "pdf"


DOCUMENTS = {
    "spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
    "opendocument": "application/vnd.oasis.opendocument.text",
    "presentation": "application/vnd.oasis.opendocument.presentation",
    "drawing": "application/vnd.oasis.opendocument.graphics",
}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("code", DOCUMENTS)
def test_an_opendocument_is_known_wherever_its_type_is_in_the_package(code: str, seed: int) -> None:
    parts = {
        "mimetype": DOCUMENTS[code].encode(),
        "content.xml": b"<x/>",
        "styles.xml": b"<x/>",
        "META-INF/manifest.xml": b"<m/>",
        "Pictures/1.png": noise(9000),
    }
    names, chance, out = list(parts), random.Random(seed), io.BytesIO()
    chance.shuffle(names)
    with zipfile.ZipFile(
        out, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    ) as box:
        box.comment = b"c" * chance.randrange(300)
        for name in names:
            box.writestr(name, parts[name])
    assert kind(out.getvalue()) == code
    ending = file_types.KINDS[code].endings[0]
    assert file_types.name_to_save(f"x{ending}", code, is_copy=True) == f"x{ending}"


@pytest.mark.parametrize(
    ("part", "endings"),
    [
        ("ppt/presentation.xml", (".pptx", ".ppsx", ".potx")),
        ("xl/workbook.xml", (".xlsx", ".xltx")),
        ("word/document.xml", (".docx", ".dotx")),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_an_office_file_keeps_its_ending(
    part: str, endings: tuple[str, ...], is_first: bool
) -> None:
    parts = {"[Content_Types].xml": b"<Types/>", "docProps/core.xml": b"<x/>", part: b"<x/>"}
    names = [part, *parts] if is_first else [*parts]
    code = kind(samples.package({name: parts[name] for name in names}))
    for ending in endings:
        assert file_types.name_to_save("x" + ending, code, is_copy=True) == "x" + ending
    assert file_types.name_to_save("x", code, is_copy=True) == "x" + endings[0]


def ole(*names: str, inside: str = "", width: int = 512, cut: bool = False) -> bytes:
    """An OLE file with these streams in its first storage, and one inside another storage."""
    entries = [("Root Entry", 5, 1), *((name, 2, 0) for name in names)]
    if inside:
        entries += [("__attach_version1.0_#00000000", 1, len(entries) + 1), (inside, 2, 0)]
    top = len(names) + (1 if inside else 0)
    raw = []
    for number, (name, code, child) in enumerate(entries):
        wide = name.encode("utf-16-le")
        right = number + 1 if 0 < number < top else 2**32 - 1
        child = child or 2**32 - 1
        raw.append(
            wide.ljust(64, b"\0")
            + struct.pack("<HBB", len(wide) + 2, code, 1)
            + struct.pack("<III", 2**32 - 1, right, child)
            + bytes(48)
        )
    per = width // 128
    while len(raw) % per:
        raw.append(bytes(128))
    count = len(raw) // per
    fat = [2**32 - 3, *range(2, count + 1), 2**32 - 2]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack(
        "<HHHHH6xIIII",
        0x3E,
        3 if width == 512 else 4,
        0xFFFE,
        9 if width == 512 else 12,
        6,
        0,
        1,
        1,
        0,
    )
    head = head.ljust(76, b"\0") + struct.pack("<I", 0) + b"\xff" * 432
    table = b"".join(struct.pack("<I", each) for each in fat).ljust(width, b"\xff")
    body = head.ljust(width, b"\0") + table + b"".join(raw)
    return body[: width + 40] if cut else body


MESSAGE = "__properties_version1.0"


@pytest.mark.parametrize("width", [512, 4096])
@pytest.mark.parametrize(
    "inside", ["", "WordDocument", "Workbook", "PowerPoint Document", "EncryptedPackage"]
)
@pytest.mark.parametrize("many", [0, 3, 40])
def test_an_outlook_message_is_a_message_whatever_is_attached(
    width: int, inside: str, many: int
) -> None:
    names = [f"__substg1.0_{n:08X}" for n in range(many)]
    body = ole(*names, MESSAGE, inside=inside, width=width)
    assert kind(body) == "outlook"
    assert kind(body + samples.word() + bytes(700)) == "outlook"


@pytest.mark.parametrize(
    "name", ["WordDocument", "Workbook", "Book", "PowerPoint Document", "EncryptedPackage"]
)
def test_an_old_document_is_refused_though_it_holds_a_message(name: str) -> None:
    assert refusal(ole("Other", name, inside=MESSAGE)) == "OLD_OFFICE"


def test_another_file_of_that_form_is_not_called_an_old_document() -> None:
    assert refusal(ole("Catalog", "Data")) == "KIND_NOT_ACCEPTED"


@pytest.mark.parametrize("first", [b"wide", b"mdat", b"moov", b"free", b"skip", b"pnot"])
@pytest.mark.parametrize("boxer", [samples.box, film_recordings.wide_box], ids=["short", "long"])
def test_a_film_without_its_brand_is_a_film(first: bytes, boxer: Callable[..., bytes]) -> None:
    rest = film_recordings.film(brand=None)[8:]
    assert kind(rest if first == b"moov" else boxer(first, b"") + rest) == "video"


@pytest.mark.parametrize(
    "brand",
    [b"isom", b"mp42", b"M4A ", b"M4V ", b"qt  ", b"3gp4", b"3g2a", b"dash", b"avc1", b"MSNV"],
)
def test_a_film_of_any_brand_is_a_film(brand: bytes) -> None:
    assert kind(film_recordings.film(brand=brand)) == "video"


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"hevc"])
def test_a_picture_of_any_brand_is_a_picture(brand: bytes) -> None:
    body = samples.photo("HEIF")
    assert kind(body[:8] + brand + body[12:]) == "heic"
    assert kind(body[:8] + b"zzzz" + body[12:]) == "heic"


@pytest.mark.parametrize("room", [0, 10, 5000])
def test_labels_before_the_sound_do_not_hide_its_kind(room: int) -> None:
    label = recordings.id3()
    assert kind(label + bytes(room) + recordings.FRAME * 3) == "mp3"
    assert kind(label + bytes(room) + recordings.AAC_FRAME * 3) == "aac"
    assert kind(label + label + recordings.flac("comments")) == "flac"


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_raw_picture_of_a_camera_is_refused_with_what_to_do(order: str) -> None:
    start = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHII", 0xC612, 1, 4, 1)
    body = start + struct.pack(order + "IH", 8, 1) + entry + bytes(200)
    assert refusal(body) == "CAMERA_RAW"
    assert refusal(samples.box(b"ftyp", b"crx ", bytes(4), b"crx isom") + bytes(90)) == "CAMERA_RAW"
    with pytest.raises(Refused, match="JPEG"):
        file_types.identify(lambda offset, length: body[offset : offset + length], len(body))


def test_a_document_of_apple_is_refused_with_what_to_do() -> None:
    assert (
        refusal(samples.package({"Index/Document.iwa": b"x", "Data/a.jpg": b"x"}))
        == "APPLE_DOCUMENT"
    )


def test_every_refusal_has_a_sentence_and_every_kind_is_in_the_list() -> None:
    for code, sentence in file_types.SENTENCES.items():
        assert sentence.endswith("."), code
    for word in (
        "JPEG",
        "HEIC",
        "WebP",
        ".ppsx",
        ".odt",
        ".csv",
        ".msg",
        "Opus",
        "AMR",
        "MKV",
        "3GP",
    ):
        assert word in file_types.sentence_for("KIND_NOT_ACCEPTED")


@pytest.mark.parametrize("make", [samples.photo, samples.pdf, samples.word, samples.recording])
def test_a_judgement_never_ends_in_an_error(make: Callable[[], bytes]) -> None:
    whole, chance = make(), random.Random(5)
    for _ in range(150):
        body = bytearray(whole[: chance.choice([len(whole), chance.randrange(1, len(whole))])])
        for _ in range(chance.randrange(4)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        with suppress(Unfit):
            assert kind(bytes(body)) in file_types.KINDS
