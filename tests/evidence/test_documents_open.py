"""A cleaned document opens in the programs that people have, with all that was seen in it."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import odfdo
import openpyxl
import pikepdf
import pptx
import pytest

from tests.evidence import documents, pdf_documents, real_documents, samples
from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.planted import WHO

OFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""
NO_LIBREOFFICE = "no LibreOffice: install libreoffice-writer-nogui, -calc-nogui, -impress-nogui"
needs_libreoffice = pytest.mark.skipif(not OFFICE, reason=NO_LIBREOFFICE)
MADE: dict[str, Callable[[], bytes]] = {
    "docx": real_documents.word,
    "xlsx": real_documents.sheet,
    "pptx": real_documents.slides,
}
OPEN = {"docx": "odt", "xlsx": "ods", "pptx": "odp"}
FLAT = {"docx": "fodt", "odt": "fodt", "xlsx": "fods", "ods": "fods", "pptx": "fodp", "odp": "fodp"}
TEXT, TABLE, DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{each}:1.0}}" for each in ("text", "table", "drawing")
)


def seen_in_word(body: bytes) -> Any:
    document = docx.Document(io.BytesIO(body))
    return (
        [each.text for each in document.paragraphs],
        [cell.text for table in document.tables for cell in table._cells],
        [(shape.width, shape.height) for shape in document.inline_shapes],
        [each.text for each in document.sections[0].header.paragraphs],
        [comment.text for comment in document.comments],
    )


def seen_in_sheet(body: bytes) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(body))
    return [
        (
            page.title,
            [[cell.value for cell in row] for row in page.iter_rows()],
            sorted(page.tables),
            len(page._images),
            len(page._charts),
            [
                cell.comment.text.partition("\n")[2]
                for row in page.iter_rows()
                for cell in row
                if cell.comment
            ],
        )
        for page in book
    ]


def seen_in_slides(body: bytes) -> Any:
    show = pptx.Presentation(io.BytesIO(body))
    return [
        (
            [(shape.shape_type, shape.width) for shape in slide.shapes],
            [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame],
            [shape.table.cell(0, 0).text for shape in slide.shapes if shape.has_table],
            [list(shape.chart.plots[0].categories) for shape in slide.shapes if shape.has_chart],
            [len(shape.image.blob) > 0 for shape in slide.shapes if hasattr(shape, "image")],
            slide.notes_slide.notes_text_frame.text,
        )
        for slide in show.slides
    ]


SEEN: dict[str, Callable[[bytes], Any]] = {
    "docx": seen_in_word,
    "xlsx": seen_in_sheet,
    "pptx": seen_in_slides,
}


@pytest.mark.parametrize("ending", MADE)
def test_the_same_is_seen_by_the_reader_of_each_kind(ending: str) -> None:
    original = MADE[ending]()
    report, copy = cleaned(original)
    assert report.code == "cleaned", report
    assert SEEN[ending](copy) == SEEN[ending](original)
    assert names_in(original)
    assert names_in(copy) == []


def test_a_link_to_the_web_stays_and_one_to_a_folder_goes() -> None:
    _, copy = cleaned(real_documents.sheet())
    page = openpyxl.load_workbook(io.BytesIO(copy))["Rota"]
    assert page["A7"].hyperlink.target == real_documents.WEB
    assert page["A6"].value == "mine"
    assert page["A6"].hyperlink.target == "removed"


def test_the_same_pages_are_seen_of_a_pdf() -> None:
    original = samples.pdf()
    _, copy = cleaned(original, "pdf")
    with pikepdf.open(io.BytesIO(original)) as before, pikepdf.open(io.BytesIO(copy)) as after:
        assert len(before.pages) == len(after.pages)
        for old, new in zip(before.pages, after.pages, strict=True):
            assert old.mediabox == new.mediabox
            assert old.Contents.read_bytes() == new.Contents.read_bytes()
            assert len(old.get_images()) == len(new.get_images())
        assert after.check_pdf_syntax() == []


def test_the_comment_of_a_pdf_stays() -> None:
    _, copy = cleaned(pdf_documents.annotated("Text", Contents="A note", T=WHO), "pdf")
    with pikepdf.open(io.BytesIO(copy)) as document:
        (note,) = document.pages[0].Annots
        assert (str(note.Contents), str(note["/T"])) == ("A note", "Author")


def office(folder: Path, ending: str, *files: Path) -> None:
    """Convert files with LibreOffice, which opens them as a person's program does."""
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, home, "--headless", "--convert-to", ending, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=180)  # noqa: S603 - LibreOffice on files made here


def said_in(element: ElementTree.Element) -> str:
    """The words of a paragraph, without pictures and without who wrote a comment when."""
    unseen = element.tag.endswith(("}binary-data", "}creator", "}date", "}sender-initials"))
    own = "" if unseen or element.tag.endswith("}creator-initials") else element.text or ""
    return own + "".join(said_in(each) + (each.tail or "") for each in element)


def seen(flat: Path) -> tuple[list[str], int, int, int]:
    """What LibreOffice shows of a file: its words, and how many pictures, tables and objects."""
    root = ElementTree.parse(flat).getroot()  # noqa: S314 - made by LibreOffice just now
    said = [said_in(each) for each in root.iter() if each.tag in {f"{TEXT}p", f"{TEXT}h"}]
    words = [" ".join(line.split()).replace(WHO, "Author") for line in said if line.strip()]
    counts = [len([*root.iter(tag)]) for tag in (f"{DRAW}image", f"{TABLE}table", f"{DRAW}object")]
    return words, counts[0], counts[1], counts[2]


@needs_libreoffice
@pytest.mark.parametrize("ending", MADE)
@pytest.mark.parametrize("is_open", [False, True], ids=["office", "opendocument"])
def test_libreoffice_shows_the_same_words_pictures_and_tables(
    ending: str, is_open: bool, tmp_path: Path
) -> None:
    original = tmp_path / f"original.{ending}"
    original.write_bytes(MADE[ending]())
    if is_open:
        ending = OPEN[ending]
        office(tmp_path, ending, original)
        original = original.with_suffix(f".{ending}")
        odfdo.Document(io.BytesIO(original.read_bytes()))
    report, body = cleaned(original.read_bytes())
    assert report.code == "cleaned", report
    assert names_in(body) == []
    copy = tmp_path / f"copy.{ending}"
    copy.write_bytes(body)
    office(tmp_path, FLAT[ending], original, copy)
    before, after = (seen(each.with_suffix(f".{FLAT[ending]}")) for each in (original, copy))
    assert len(before[0]) >= 3
    assert before[1] >= 1
    assert after == before


@needs_libreoffice
def test_libreoffice_opens_every_cleaned_case_that_it_opens_uncleaned(tmp_path: Path) -> None:
    names = []
    for number, make in enumerate(documents.PLACES.values()):
        parts = documents.with_namespaces(make())
        ending = "odt" if "mimetype" in parts else "docx"
        if "mimetype" in parts or "word/document.xml" in parts:
            body = documents.pack(parts)
            names += [(f"{number}", ending)]
            (tmp_path / f"{number}-before.{ending}").write_bytes(body)
            (tmp_path / f"{number}-after.{ending}").write_bytes(cleaned(body)[1])
    office(tmp_path, "txt:Text", *sorted(tmp_path.glob("*-*.*")))
    opened = [name for name, _ in names if (tmp_path / f"{name}-before.txt").exists()]
    assert len(opened) >= 25
    for name in opened:
        before, after = (tmp_path / f"{name}-{when}.txt" for when in ("before", "after"))
        assert after.read_text().replace("Author", WHO) == before.read_text(), name
