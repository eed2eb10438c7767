"""The small files of the folder of evidence cases: pictures, recordings and kinds."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from grievances.choices import Cleaning
from grievances.evidence import file_types, upload
from grievances.evidence.upload import Arrival

FOLDER = Path(__file__).parents[1] / "reference" / "evidence-cases"
CASES = sorted(path.name for path in FOLDER.iterdir() if path.name != "README.md")
KINDS_OF = {
    "k01": "spreadsheet", "k02": "pdf", "k04": "jpeg", "k05": "outlook", "k06": "outlook",
    "k07": "text", "k08": "text", "k10": "text", "k12": "email", "k15": "video", "k16": "amr",
    "k17": "powerpoint", "k19": "text", "k20": "text", "k21": "text", "k22": "jpeg",
}  # fmt: skip
OF_CONTAINERS = {"k12"}
"""What is inside an email is judged in the tests of containers."""


def case(start: str) -> Path:
    return next(path for path in FOLDER.iterdir() if path.name.startswith(start))


def taken(path: Path) -> tuple[Arrival, bytes]:
    """The file as it is taken, and its copy; empty when there is none."""
    file = upload.receive(path.name, iter([path.read_bytes()]))
    file.examine()
    copy = b"".join(file.copy.file.chunks()) if file.copy else b""
    file.close()
    return file, copy


@pytest.mark.parametrize("name", CASES)
def test_every_case_keeps_its_own_ending(name: str) -> None:
    body = (FOLDER / name).read_bytes()
    kind = file_types.identify(lambda offset, length: body[offset : offset + length], len(body))
    assert file_types.name_to_save(name, kind.code, is_copy=False) == name
    if not kind.copy_ending:
        assert file_types.name_to_save(name, kind.code, is_copy=True) == name


@pytest.mark.parametrize("start", sorted(KINDS_OF.keys() - OF_CONTAINERS))
def test_every_valid_kind_is_taken(start: str) -> None:
    file, _ = taken(case(start))
    assert file.kind is not None
    assert file.kind.code == KINDS_OF[start]
    assert file.cleaning != Cleaning.FAILED


@pytest.mark.parametrize("start", ["k04", "k15", "k16", "k22"])
def test_every_picture_and_recording_has_a_clean_copy(start: str) -> None:
    original = case(start).read_bytes()
    file, copy = taken(case(start))
    assert file.cleaning == Cleaning.CLEANED
    for spelt in ("Alma", "Testwright"):
        assert spelt.encode() not in copy
        assert spelt.encode("utf-16-le") not in copy
    assert len(copy) <= len(original) * 1.1 + 1024


def test_the_photo_with_a_second_picture_is_a_jpeg_of_its_first() -> None:
    file, copy = taken(case("k22"))
    with Image.open(case("k22")) as before, Image.open(io.BytesIO(copy)) as after:
        assert (after.format, sorted(after.size)) == ("JPEG", sorted(before.size))
    assert "Made by" in dict(file.found)


def test_the_photo_of_a_mac_is_drawn_anew() -> None:
    _, copy = taken(case("k04"))
    with Image.open(io.BytesIO(copy)) as picture:
        assert picture.format == "JPEG"
    assert b"<?xml" not in copy
