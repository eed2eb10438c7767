"""Files that HR systems and spreadsheets spoil: each is one sentence, and no one is changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from grievances.people.models import User
from grievances.staff_directory import imports
from grievances.staff_directory.comparison import Choices
from grievances.staff_directory.imports import Import
from grievances.staff_directory.staff_file.layout import Layout, find_columns
from grievances.staff_directory.staff_file.reading import read_rows
from grievances.staff_directory.staff_file.tables import FileRefused, read_table
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.staff_directory.files import as_csv, as_ods, as_xlsx

HEADINGS = ["User name", "Name", "Unit", "Line manager"]
ANN = ["a1", "Ann Hall", "HULL", ""]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def book(fill: Callable[[Worksheet, Worksheet], None]) -> bytes:
    """A spreadsheet of two sheets."""
    out = io.BytesIO()
    made = Workbook(out)
    fill(made.add_worksheet("First"), made.add_worksheet("Second"))
    made.close()
    return out.getvalue()


def failed_look_up(first: Worksheet, second: Worksheet) -> None:
    first.write_row(0, 0, HEADINGS)
    first.write_row(1, 0, ANN)
    first.write_formula(1, 3, "=VLOOKUP(A2,B:B,1,0)", None, "#N/A")


def list_behind_another(first: Worksheet, second: Worksheet) -> None:
    first.write_row(0, 0, ["Notes on this list"])
    second.write_row(0, 0, HEADINGS)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (as_csv([HEADINGS]), "headings and no lines below"),
        (as_xlsx([HEADINGS]), "headings and no lines below"),
        (as_ods([HEADINGS]), "headings and no lines below"),
        (b"<html><table><tr><th>User name</th></tr></table></html>", "a web page or XML"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><Workbook/>', "a web page or XML"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"{\\rtf1 x}", "a text document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        (OLE, "cannot be read"),
        (book(failed_look_up), "an error such as #N/A"),
        (book(list_behind_another), "name the sheet"),
        (b'User name,Name\na1,"Ann Hall\nb1,Bob Fox\n', "cannot be read"),
        (as_csv([["Employee"], ["Ann Hall"]]), "username, name"),
        (as_csv([["User name", "Name", "Name"], ["a1", "Ann", "Ann"]]), "may be this: name"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence) as refused:
        find_columns(read_table(content), Layout())
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["1.23E+05", "Ann Hall", "HULL", ""], "has rounded"),
        (["1,23e+5", "Ann Hall", "HULL", ""], "has rounded"),
        (["a1", "Ann Hall", "HULL", "#N/A"], "a cell with an error"),
        (["a1", "#REF!", "HULL", ""], "a cell with an error"),
        (["Ann Hall", "a1", "HULL", ""], "a character that user names cannot have"),
        (["Total", "", "", ""], "no name"),
    ],
)
def test_a_line_that_is_spoilt_is_refused_alone(line: list[object], reason: str) -> None:
    sheet = find_columns(read_table(as_csv([HEADINGS, line, ["b1", "Bob", "HULL", ""]])), Layout())
    people, refused = read_rows(sheet, date(2026, 12, 1))
    assert [each.username for each in people] == ["b1"]
    assert [each.line for each in refused] == [2]
    assert reason in refused[0].reason


def test_the_first_sheet_that_is_seen_is_read() -> None:
    def hide(first: Worksheet, second: Worksheet) -> None:
        second.activate()
        first.hide()
        second.write_row(0, 0, HEADINGS)
        second.write_row(1, 0, ANN)

    assert read_table(book(hide))[1].cells[:2] == ["a1", "Ann Hall"]


@pytest.mark.django_db
@pytest.mark.parametrize("spoilt", ["124", "0124", "000124"])
def test_a_number_that_lost_its_zeros_makes_no_second_account(staff: Staff, spoilt: str) -> None:
    User.objects.filter(username="staff1").update(username="00124")
    content = as_csv([HEADINGS, [spoilt, "Staff 1", "HULL", ""]])
    job = Import(content, Layout(), START.date(), Choices(keep_missing=True))
    report = imports.dry_run(job, now=START)
    assert report.people == 0
    assert "zeros at its beginning" in report.refused[0].reason
