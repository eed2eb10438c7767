"""What is found in a file is told in words, in English and in Welsh."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override
from PIL import Image

from grievances.evidence import found_words
from grievances.evidence.found_words import in_words
from grievances.evidence.sanitiser import images
from grievances.evidence.sanitiser.parts import allow_list
from grievances.evidence.sanitiser.pdf_parts import entries
from grievances.evidence.sanitiser.recordings import labels, matroska_elements

SANITISER = Path(found_words.__file__).with_name("sanitiser")
TABLES = (
    images.TOLD.values(), images.OTHER.values(), allow_list.TOLD.values(), entries.TOLD.values(),
    entries.DROPPED_AS.values(), entries.OF_A_SIGNATURE.values(), labels.WORDS,
    [what for _, what in allow_list.LEFT_OUT if what], labels.DATA[:1],
    [text for text in matroska_elements.TEXTS.values() if text[0].isupper()],
)  # fmt: skip


def told_in_code() -> Iterator[str]:
    """The words that the sanitiser's functions are given for what was found."""
    for path in SANITISER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = node.args[:2] if name in {"note", "say", "tell_text"} else []
                for each in given:
                    said = getattr(each, "value", "")
                    if isinstance(said, str) and said[:1].isupper():
                        yield said


def test_the_sanitiser_says_nothing_that_pages_cannot_translate() -> None:
    told = {str(what) for table in TABLES for what in table} | set(told_in_code())
    assert len(told) > 60
    assert told <= found_words.WHAT


@pytest.mark.parametrize("said", sorted(found_words.WHAT | found_words.VALUES))
def test_everything_found_has_a_welsh_word(said: str) -> None:
    is_what = said in found_words.WHAT
    with override("cy"):
        there = in_words(said, "x")[0] if is_what else in_words("x", said)[1]
    same = {"Album", "Artist", "Label", "Lens"}
    assert there != said or said in same


@pytest.mark.parametrize(
    ("value", "welsh"),
    [
        (
            "53.7997 degrees north, 1.5333 degrees west",
            "53.7997 gradd i’r gogledd, 1.5333 gradd i’r gorllewin",
        ),
        (
            "3.1000 degrees south, 12.0000 degrees east",
            "3.1000 gradd i’r de, 12.0000 gradd i’r dwyrain",
        ),
        ("3 May 2026, 14:05", "3 Mai 2026, 14:05"),
        ("3 May 2026", "3 Mai 2026"),
        ("Alma Testwright", "Alma Testwright"),
        ("May 2026", "May 2026"),
    ],
)  # fmt: skip
def test_places_and_dates_are_in_the_readers_language(value: str, welsh: str) -> None:
    with override("cy"):
        assert in_words("x", value) == ("x", welsh)
    with override("en"):
        assert in_words("x", value) == ("x", value)


@pytest.mark.parametrize(
    ("value", "welsh"),
    [
        ("Alma Lee (word/document.xml)", "Alma Lee (word/document.xml)"),
        ("Alma Lee (the file itself)", "Alma Lee (y ffeil ei hun)"),
        ("Alma Lee ( names of parts)", "Alma Lee (enwau'r rhannau)"),
        ("Alma Lee (a.docx in word/x.xml)", "Alma Lee (a.docx yn word/x.xml)"),
        ("Alma Lee (a.docx names of parts)", "Alma Lee (a.docx: enwau'r rhannau)"),
        ("Alma Lee (the PDF: object 12)", "Alma Lee (y PDF: gwrthrych 12)"),
        ("Alma Lee (word/a.pdf: the end)", "Alma Lee (word/a.pdf: y diwedd)"),
        ("Alma (HR) Lee (the PDF: the end)", "Alma (HR) Lee (y PDF: y diwedd)"),
        ("Artist: Alma (1,234 bytes from its start)", "Artist: Alma (1,234 beit o'i dechrau)"),
        ("Made by: Alma (the file itself)", "Gwnaed gan: Alma (y ffeil ei hun)"),
        ("Alma Lee", "Alma Lee"),
    ],
)
@pytest.mark.parametrize("what", sorted(found_words.LEFT_IN))
def test_where_a_name_is_left_is_told_in_the_readers_language(
    what: str, value: str, welsh: str
) -> None:
    with override("cy"):
        assert in_words(what, value)[1] == welsh
    with override("en"):
        said = in_words(what, value)[1]
        assert said == value.replace("( ", "(").replace("docx names", "docx: names")


def test_a_label_in_hexadecimal_is_not_shown_as_such() -> None:
    """ImageMagick writes EXIF into a PNG as a text of figures."""
    out = io.BytesIO()
    picture = Image.new("RGB", (9, 9))
    picture.info["x"] = "y"
    picture.save(out, "PNG")
    with Image.open(io.BytesIO(out.getvalue())) as opened:
        opened.info["Raw profile type exif"] = "exif 10 457869660000"
        assert images.tell(opened, []) == [("Editing history (EXIF)", "yes")]
