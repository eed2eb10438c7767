"""A JPEG with a second picture in it is a JPEG, and costs no more than one without."""

from __future__ import annotations

import io

import pytest
from PIL import Image, JpegImagePlugin, PngImagePlugin

from grievances.evidence.sanitiser import images
from grievances.evidence.sanitiser.protocol import Found
from tests.evidence import samples


def first_alone(body: bytes) -> bytes:
    """The same first picture, without the second."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(body)) as picture:
        Image.frombytes(picture.mode, picture.size, picture.tobytes()).save(out, "JPEG", quality=75)
    return out.getvalue()


def drawn(body: bytes) -> tuple[bytes, Found]:
    found: Found = []
    copy = io.BytesIO()
    assert images.clean(io.BytesIO(body), copy, found) == "cleaned"
    return copy.getvalue(), found


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the decoder and the encoder were asked for, which is what cleaning costs."""
    steps: list[str] = []
    load, save = JpegImagePlugin.JpegImageFile.load, Image.Image.save

    def counted_load(self: JpegImagePlugin.JpegImageFile) -> object:
        if self.tile:
            steps.append(f"decode {self.size}")
        return load(self)

    def counted_save(self: Image.Image, out: object, kind: str = "", **options: object) -> None:
        steps.append(f"encode {kind} {self.size}")
        save(self, out, kind, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", counted_load)
    monkeypatch.setattr(Image.Image, "save", counted_save)
    return steps


@pytest.mark.parametrize("size", [(320, 200), (4000, 3000), (8000, 6000)], ids=str)
def test_the_same_work_is_done_with_and_without_a_second_picture(
    size: tuple[int, int], work: list[str]
) -> None:
    """This guards the speed without a clock: 12 and 48 million pixels, decoded and encoded once."""
    both = samples.with_second_picture(size)
    alone = first_alone(both)
    work.clear()
    with_second, found = drawn(both)
    once = work.copy()
    work.clear()
    without, _ = drawn(alone)
    assert once == work
    assert len(once) == 2
    assert once[1].startswith("encode JPEG")
    assert abs(len(with_second) / len(without) - 1) < 0.05
    assert ("Made by", "PLANTED-ARTIST") in found


def test_the_copy_is_a_jpeg_of_the_first_picture() -> None:
    copy, _ = drawn(samples.with_second_picture())
    with Image.open(io.BytesIO(copy)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 200))
    assert copy.count(b"\xff\xd8\xff") == 1
    assert b"MPF\0" not in copy


@pytest.mark.parametrize("behind", [samples.recording, samples.photo, lambda: b"\0" * 5000])
def test_what_follows_a_photo_is_left_out(behind: object) -> None:
    body = samples.photo() + behind()  # type: ignore[operator]
    copy, _ = drawn(body)
    assert copy == drawn(samples.photo())[0]


def test_dates_and_texts_of_a_photo_are_told_in_words() -> None:
    picture, out = Image.new("RGB", (40, 40)), io.BytesIO()
    exif = picture.getexif()
    exif[0x0132], exif[0x9C9D] = "2026:05:03 14:05:06", "Zoë".encode("utf-16-le") + b"\0\0"
    picture.save(out, "JPEG", exif=exif)
    _, found = drawn(out.getvalue())
    assert ("Changed on", "3 May 2026, 14:05") in found
    assert ("Author", "Zoë") in found


def test_a_picture_in_whose_copy_a_text_is_left_is_not_clean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body, out = Image.new("RGB", (40, 40)), io.BytesIO()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Alma Testwright")
    body.save(out, "PNG", pnginfo=notes)
    monkeypatch.setattr(images, "encoded", lambda *_: out.getvalue())
    found: Found = []
    copy = io.BytesIO()
    assert images.clean(io.BytesIO(out.getvalue()), copy, found) == "failed"
    assert found[0][0] == "Still in the copy"
    assert "Alma Testwright" in found[0][1]
