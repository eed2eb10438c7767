"""Hidden details: found, shown to the person who added the file, and gone from the copy."""

from __future__ import annotations

import io
import os
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from PIL import Image, ImageOps
from pytest_django import Settings

from grievances.choices import Cleaning
from grievances.evidence import sanitising, upload
from grievances.evidence.sanitiser import __main__ as washing
from grievances.evidence.sanitiser import video
from grievances.evidence.sanitiser.recordings.splices import Source
from grievances.evidence.upload import Arrival
from tests.attacks.leak_scan import Loot
from tests.evidence import samples
from workflow.steps import Refused


def cleaned(body: bytes) -> tuple[Arrival, bytes]:
    """A file that has come in, and its copy."""
    file = upload.receive("x", iter([body]))
    file.examine()
    assert (file.cleaning, file.copy is None) == (Cleaning.CLEANED, False)
    copy = b"".join(file.copy.file.chunks()) if file.copy else b""
    file.close()
    return file, copy


def unpacked(body: bytes) -> Iterator[bytes]:
    """A file and everything packed into it."""
    yield body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as box:
            yield from (box.read(name) for name in box.namelist())
    if body.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(body)) as document:
            for thing in document.objects:
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_raw_bytes()
                    if thing.get("/Filter") != pikepdf.Name.DCTDecode:
                        yield thing.read_bytes()
                yield repr(thing).encode()


def holds(body: bytes, needle: str) -> bool:
    return bool(Loot([("here", piece) for piece in unpacked(body)]).holds(needle))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (samples.photo, {"Maker of the device", "Made by", "Comment", "Where it was taken"}),
        (lambda: samples.photo("PNG"), {"Maker of the device", "Where it was taken"}),
        (lambda: samples.photo("WEBP"), {"Maker of the device", "Where it was taken"}),
        (lambda: samples.photo("HEIF"), {"Maker of the device", "Where it was taken"}),
        (lambda: samples.photo("AVIF"), {"Maker of the device", "Where it was taken"}),
        (samples.pages, {"Program"}),
        (samples.pdf, {"Author", "Files enclosed", "Actions that run when it is opened"}),
        (samples.word, {"Author", "Organisation", "Named beside a comment or change"}),
        (samples.sheet, {"Named beside a comment or change"}),
        (samples.text_document, {"Author"}),
        (samples.recording, {"Where it was recorded", "Recorded on", "Label"}),
    ],
    ids=["jpeg", "png", "webp", "heic", "avif", "tiff", "pdf", "word", "sheet", "odt", "recording"],
)
def test_what_was_hidden_is_told_and_gone_from_the_copy(make: object, told: set[str]) -> None:
    body = make()  # type: ignore[operator]
    assert holds(body, "PLANTED"), "nothing was hidden, so nothing is tested"
    file, copy = cleaned(body)
    assert told <= {what for what, _ in file.found}
    assert not holds(copy, "PLANTED")
    assert b"Exif" not in b"".join(unpacked(copy))


def test_where_a_photo_was_taken_is_told_as_a_place() -> None:
    file, _ = cleaned(samples.photo())
    assert ("Where it was taken", "53.7997 degrees north, 1.5333 degrees west") in file.found


def test_a_recording_keeps_its_length_its_sound_and_the_shape_of_its_boxes() -> None:
    original = samples.recording()
    file, copy = cleaned(original)
    where = ("Where it was recorded", "53.7997 degrees north, 1.5333 degrees west")
    assert where in file.found
    assert ("Recorded on", "14 November 2023, 22:13") in file.found
    assert len(copy) == len(original)
    assert copy[copy.index(b"mdat") :] == original[original.index(b"mdat") :]
    assert samples.MADE not in copy
    assert b"53.7997" not in copy
    names = [box.name for box in video.boxes(Source(io.BytesIO(copy)), 0, len(copy))]
    assert names == [b"ftyp", b"moov", b"mdat"]


@pytest.mark.parametrize(
    "body",
    [
        samples.recording()[:-40],
        samples.box(b"ftyp", b"mp42isom") + struct.pack(">I4s", 4, b"moov"),
        samples.box(b"ftyp", b"mp42isom") + struct.pack(">I4sQ", 1, b"moov", 2**62),
    ],
    ids=["cut", "too short", "too long"],
)
def test_a_recording_that_is_not_whole_is_kept_without_a_copy(body: bytes) -> None:
    file = upload.receive("x", iter([body]))
    file.examine()
    assert (file.cleaning, file.copy) == (Cleaning.FAILED, None)
    file.close()


def test_what_can_be_seen_stays() -> None:
    _, picture = cleaned(samples.photo())
    assert Image.open(io.BytesIO(picture)).size == (320, 200)
    _, scan = cleaned(samples.pages(3))
    assert getattr(Image.open(io.BytesIO(scan)), "n_frames", 1) == 3
    _, document = cleaned(samples.pdf())
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert b"KEEP-THIS-PAGE" in opened.pages[0].Contents.read_bytes()
        assert opened.pages[0].Resources.XObject.P.read_raw_bytes()[:2] == b"\xff\xd8"
    for make in (samples.word, samples.sheet, samples.text_document):
        assert holds(cleaned(make())[1], "KEEP-THESE-WORDS")


def test_a_picture_on_its_side_is_turned_upright_and_a_huge_one_made_smaller() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("L", (5200, 4000)).save(out, "JPEG", exif=exif)
    _, copy = cleaned(out.getvalue())
    width, height = Image.open(io.BytesIO(copy)).size
    assert width < height
    assert width * height <= 20_000_000


@pytest.mark.parametrize(
    ("make", "side"),
    [(samples.wide_png, (12_000, 9_000)), (samples.wide_jpeg, (16_320, 12_240))],
    ids=["PNG of 108 million", "JPEG of 200 million"],
)
def test_the_largest_pictures_of_phones_have_a_copy_within_the_same_memory(
    make: Callable[[int, int], bytes], side: tuple[int, int]
) -> None:
    _, copy = cleaned(make(*side))
    with Image.open(io.BytesIO(copy)) as picture:
        width, height = picture.size
    assert 11_000_000 < width * height <= 20_000_000
    assert abs(width / height - side[0] / side[1]) < 0.001


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("turned", range(2, 9))
def test_a_picture_is_turned_upright_however_it_was_held(turned: int, form: str) -> None:
    """EXIF 2.32, tag Orientation: where the first row and the first column are."""
    taken, out, exif = Image.new("RGB", (60, 40), "white"), io.BytesIO(), Image.Exif()
    taken.paste("black", (0, 0, 16, 8))
    exif[0x0112] = turned
    taken.save(out, form, exif=exif, quality=95)
    with Image.open(io.BytesIO(cleaned(out.getvalue())[1])) as picture:
        upright = ImageOps.exif_transpose(Image.open(out))
        assert picture.size == upright.size
        corners = [(2, 2), (picture.width - 3, 2), (2, picture.height - 3)]
        for place in [*corners, (picture.width - 3, picture.height - 3)]:
            here, there = picture.getpixel(place), upright.getpixel(place)
            assert abs(here[0] - there[0]) < 40, place  # type: ignore[index]


def test_a_picture_of_an_iphone_becomes_one_that_every_browser_shows() -> None:
    taken, out = Image.new("RGB", (6000, 4000), "navy"), io.BytesIO()
    taken.getexif()[0x0112] = 6
    taken.save(out, "HEIF")
    _, copy = cleaned(out.getvalue())
    with Image.open(io.BytesIO(copy)) as picture:
        assert picture.format == "JPEG"
        assert picture.width < picture.height
        assert picture.width * picture.height <= 20_000_000
        assert not picture.getexif()


def test_a_picture_of_an_iphone_with_200_million_pixels_is_kept_without_a_copy() -> None:
    file = upload.receive("x", iter([samples.claiming(samples.photo("HEIF"), 14_142)]))
    file.examine()
    assert (file.cleaning, file.copy) == (Cleaning.FAILED, None)
    assert "Made by" in dict(file.found)
    file.close()


def test_a_picture_of_an_iphone_that_claims_to_be_huge_is_not_opened() -> None:
    file = upload.receive("x", iter([samples.claiming(samples.photo("HEIF"), 2**31 - 1)]))
    with pytest.raises(Refused, match="TOO_MANY_PIXELS"):
        file.examine()
    file.close()


@pytest.mark.parametrize(
    "body",
    [
        samples.locked_pdf(),
        b"%PDF-1.7\nand nothing else",
        samples.photo()[:400],
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(600),
    ],
    ids=["locked", "no PDF", "half a photo", "HEIC"],
)
def test_what_cannot_be_cleaned_is_kept_without_a_copy(body: bytes) -> None:
    file = upload.receive("x", iter([body]))
    file.examine()
    assert (file.cleaning, file.copy) == (Cleaning.FAILED, None)
    assert len(list(file.sealer.path.parent.iterdir())) == 1
    file.close()
    assert list(file.sealer.path.parent.iterdir()) == []


def test_cleaning_that_takes_too_long_is_ended(settings: Settings) -> None:
    settings.EVIDENCE_CLEAN_SECONDS = 0.001
    file = upload.receive("x", iter([samples.photo()]))
    file.examine()
    assert file.cleaning == Cleaning.FAILED
    file.close()


def test_the_process_that_opens_a_file_has_no_secret_and_little_of_anything() -> None:
    code = (
        "import os, resource as r; from grievances.evidence.sanitiser import __main__ as m;"
        "m.limit();"
        "print(len(os.environ), r.getrlimit(r.RLIMIT_FSIZE)[0], r.getrlimit(r.RLIMIT_CORE)[0],"
        " r.getrlimit(r.RLIMIT_AS)[0]); import sys; print('django' in sys.modules)"
    )
    reader, writer = os.pipe()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-E", "-s", "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
        {},
        file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1)],
    )
    os.close(writer)
    with os.fdopen(reader) as said:
        numbers, loaded = said.read().split("\n")[:2]
    os.waitpid(pid, 0)
    environment, *limits = (int(number) for number in numbers.split())
    assert environment <= 1  # the locale that Python sets itself
    assert limits == [0, 0, washing.MEMORY_BYTES]
    assert loaded == "False"


def test_a_process_that_speaks_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanitising, "MODULE", "this")
    file = upload.receive("x", iter([samples.photo()]))
    file.examine()
    assert file.cleaning == Cleaning.FAILED
    file.close()
