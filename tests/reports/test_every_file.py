"""The files of every report: valid CSV on the Web, and workbooks that anyone can read.

The rules of a workbook are those of the Analysis Function's guidance on accessible spreadsheets.
The reports are those that are shipped for the demonstration.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pikepdf
import pytest
from csvw import CSVW
from openpyxl.worksheet.worksheet import Worksheet

from grievances.demo.past_years import shipped_years
from grievances.demo.past_years.generator import YEARS
from grievances.reports.catalogue import REPORTS
from grievances.reports.layout.book import LONGEST_NAME, Book, book_of
from grievances.reports.layout.dataset import table_schema
from grievances.reports.layout.document import Document
from grievances.reports.layout.exports import write_csv
from grievances.reports.layout.open_document import write_open_document
from grievances.reports.layout.pdf import write_report
from grievances.reports.layout.tidy import MARKERS
from grievances.reports.layout.workbook import write_book
from tests.evidence.test_documents_open import TABLE, needs_libreoffice, office

NOW = datetime(2023, 6, 1, 9, tzinfo=UTC)
FIRST_SHEETS = ["Cover", "Contents", "Notes"]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Every report of the last year, the organisation's own first and then the published."""
    made = [one for one in shipped_years.read().reports if one.document.period == YEARS[-1]]
    return [one.document for one in sorted(made, key=lambda one: one.audience)]


@pytest.mark.filterwarnings("default")  # the validator counts warnings as what is not valid
def test_the_csv_of_every_report_is_valid_on_the_web(
    documents: Sequence[Document], tmp_path: Path
) -> None:
    for number, document in enumerate(documents):
        name = f"{number}.csv"
        text = write_csv(document)
        (tmp_path / name).write_bytes(text.encode())
        described: dict[str, object] = {"@context": "http://www.w3.org/ns/csvw", "url": name}
        described["dialect"] = {"header": True, "lineTerminators": ["\r\n"]}
        path = tmp_path / f"{name}-metadata.json"
        path.write_text(json.dumps({**described, "tableSchema": table_schema()}), encoding="utf-8")
        assert CSVW(str(path), validate=True).is_valid, (document.report, document.period)


def test_the_workbook_of_every_report_has_its_parts(documents: Sequence[Document]) -> None:
    for document in documents:
        book = book_of(document)
        names = [sheet.name for sheet in book.sheets]
        assert names[:3] == FIRST_SHEETS
        assert len({name.lower() for name in names}) == len(names)
        assert [row[0] for row in book.sheets[1].rows] == names[3:]
        assert {row[0] for row in book.sheets[2].rows} >= MARKERS.keys()
        for sheet in book.sheets:
            assert 0 < len(sheet.name) <= LONGEST_NAME
            assert sheet.title.strip()
            assert all(line.strip() for line in sheet.above)
            heads = [heading.strip().lower() for heading in sheet.headings]
            assert all(heads)
            assert len(set(heads)) == len(heads)
            assert {len(row) for row in sheet.rows} <= {len(heads)}
            assert all(cell != "" for row in sheet.rows for cell in row), (document.report, sheet)


def test_excel_reads_one_marked_table_on_each_sheet(documents: Sequence[Document]) -> None:
    for document in documents[: len(REPORTS)]:
        file = openpyxl.load_workbook(io.BytesIO(write_book(book_of(document), NOW)))
        assert file.properties.title
        for page in file:
            assert page.sheet_state == "visible"
            assert not page.merged_cells.ranges
            assert len(page.tables) == 1, (document.report, page.title)
            assert page.freeze_panes
            assert not blank_rows(page)


def blank_rows(page: Worksheet) -> list[int]:
    """The numbers of rows within a sheet that have nothing."""
    rows = enumerate(page.iter_rows(values_only=True), 1)
    return [number for number, row in rows if all(cell in (None, "") for cell in row)]


def test_the_pdf_of_every_report_is_tagged(documents: Sequence[Document]) -> None:
    for document in documents[::4]:
        with pikepdf.open(io.BytesIO(write_report(document, {}))) as file:
            assert file.Root.MarkInfo.Marked
            assert file.Root.ViewerPreferences.DisplayDocTitle


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_opens_workbooks_as_they_are(
    documents: Sequence[Document], tmp_path: Path
) -> None:
    books = {f"{n}.ods": book_of(document) for n, document in enumerate(documents[::4])}
    for name, book in books.items():
        (tmp_path / name).write_bytes(write_open_document(book))
    office(tmp_path, "fods", *(tmp_path / name for name in books))
    for name, book in books.items():
        root = ElementTree.parse(tmp_path / name.replace(".ods", ".fods")).getroot()  # noqa: S314
        tables = [*root.iter(f"{TABLE}table")]
        assert [table.get(f"{TABLE}name") for table in tables] == sheets(book)
        assert len([*root.iter(f"{TABLE}database-range")]) >= len(tables)
        spans = [cell.get(f"{TABLE}number-columns-spanned", "1") for cell in root.iter()]
        assert set(spans) == {"1"}


def sheets(book: Book) -> list[str]:
    return [sheet.name for sheet in book.sheets]
