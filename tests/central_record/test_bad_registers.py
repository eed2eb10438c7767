"""Registers that spreadsheets spoil: each is one sentence, and nothing of their words is kept."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from xlsxwriter import Workbook

from grievances.central_record import importing
from grievances.central_record.lines import REGISTER, read_register
from grievances.reports.fact_models import ElsewhereConcern
from grievances.staff_directory.staff_file.layout import Layout
from grievances.staff_directory.staff_file.tables import FileRefused
from tests.factories.cases import START
from tests.staff_directory.files import as_csv, as_ods, as_xlsx

pytestmark = pytest.mark.django_db
TODAY = START.date()
HEADINGS = ["Reference", "Complainant", "First contact", "Logged", "Closed", "Outcome", "Country"]
NAME = "Žofia Quillfeather-Ångström"
DAYS = [date(2025, 3, 14), date(2025, 3, 17), date(2025, 9, 22)]


def line(reference: object = "HR-1", **changed: object) -> list[object]:
    facts: dict[str, object] = dict(zip(("first", "logged", "closed"), DAYS, strict=True))
    facts |= {"outcome": "Upheld", "country": "Scotland"} | changed
    return [reference, NAME, *facts.values()]


def run(content: bytes, layout: Layout | None = None, *, skip: bool = False) -> importing.Report:
    found = read_register(content, layout or Layout(), TODAY)
    return importing.apply(*found, actor="system", now=START, skip_refused=skip)


def reasons(*lines: list[object], write: Callable[[Any], bytes] = as_csv) -> list[str]:
    _, refused = read_register(write([HEADINGS, *lines]), Layout(), TODAY)
    assert all(NAME.split()[0] not in each.reason for each in refused)
    return [each.reason for each in refused]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_gives_the_same_days(
    policies: None, encoding: str, separator: str
) -> None:
    lines: list[list[object]] = [[*HEADINGS], *(line(f"HR-{n}") for n in range(9))]
    text = as_csv(lines, separator=separator).decode().replace("Žofia", "Zoë")
    assert run(text.encode(encoding)).new == 9
    assert set(ElsewhereConcern.objects.values_list("closed_on", flat=True)) == {DAYS[2]}


def test_headings_under_a_merged_one_and_below_a_title_are_found(policies: None) -> None:
    lines: list[list[object]] = [
        ["Register of concerns", "", "", "", ""],
        ["", "", "", "", ""],
        ["Reference", "Dates", "", "", "Result"],
        ["", "First contact", "Logged", "Closed", ""],
        ["HR-1", *DAYS, "Not upheld"],
    ]
    for content in (as_xlsx(lines, merged=["B3:D3", "A3:A4"]), as_csv(lines)):
        lines_read, refused = read_register(content, Layout(), TODAY)
        assert not refused
        assert (lines_read[0].first_contact, lines_read[0].outcome) == (DAYS[0], "NOT_UPHELD")


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (line("#N/A"), "a cell with an error such as #N/A"),
        (line(logged="########"), "a cell with an error such as #N/A"),
        (line(outcome="Err:502"), "a cell with an error such as #N/A"),
        (line("1.23E+05"), "a reference that a spreadsheet has rounded"),
        (line("=A1&B2"), "a formula in place of a reference"),
        (line(outcome="=VLOOKUP(A2,B:B,1)"), "an unknown outcome"),
        (line(first="=TODAY()"), "first contact: not a date"),
        (line(first="14/03/25"), "first contact: a year of two digits"),
        (line(first="45730"), "first contact: not a date"),
        (line(first="14.03.2025 approx"), "first contact: not a date"),
        (line(closed="30 February 2025"), "closed: a date that does not exist"),
        (line(closed=TODAY + timedelta(days=1)), "a day that is still to come"),
        (line(closed="9999-12-31"), "closed: a date outside the years"),
        (line(country="The North"), "an unknown division"),
        (["Total", "", "", "", "", "", ""], "no day of first contact"),
    ],
)
def test_a_line_that_a_spreadsheet_spoilt_is_refused_alone(
    policies: None, spoilt: list[object], reason: str
) -> None:
    (found,) = reasons(spoilt, line("HR-2"))
    assert found.startswith(reason)


def test_an_error_in_a_column_that_is_not_read_stops_nothing(policies: None) -> None:
    spoilt = line()
    spoilt[1] = "#REF!"
    assert reasons(spoilt) == []


@pytest.mark.parametrize("write", [as_xlsx, as_ods])
def test_a_reference_that_became_a_date_or_lost_its_digits_is_refused(
    policies: None, write: Callable[[Any], bytes]
) -> None:
    (found,) = reasons(line(date(2025, 1, 2)), write=write)
    assert "turned into a date" in found
    if write is as_xlsx:
        (found,) = reasons(line(12345678901234567890), write=write)
        assert "has rounded" in found


@pytest.mark.parametrize("spoilt", ["124", "0124", "0000124"])
def test_a_number_that_lost_its_zeros_is_no_second_concern(policies: None, spoilt: str) -> None:
    assert run(as_csv([HEADINGS, line("00124")])).new == 1
    with pytest.raises(importing.ImportRefused) as refused:
        run(as_csv([HEADINGS, line(spoilt), line("125")]))
    assert "zeros at its beginning" in refused.value.report.refused[0].reason
    assert ElsewhereConcern.objects.count() == 1
    assert run(as_csv([HEADINGS, line("00124")])).here == 1


def test_two_lines_that_differ_by_zeros_alone_are_both_refused(policies: None) -> None:
    assert reasons(line("0124"), line("124")) == ["its reference is in the file twice"] * 2


def test_the_first_sheet_that_is_seen_is_read(policies: None) -> None:
    out = io.BytesIO()
    book = Workbook(out, {"default_date_format": "dd/mm/yyyy"})
    first, second = book.add_worksheet("Lists"), book.add_worksheet("Register")
    second.activate()
    first.hide()
    rows: list[list[object]] = [[*HEADINGS], line()]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            second.write(at, column, cell)
    book.close()
    assert run(out.getvalue()).new == 1


def truncated() -> bytes:
    return as_xlsx([HEADINGS, line()])[:-200]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", bytes(450 * 2**20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: b"", "no lines"),
        (lambda: b"\xef\xbb\xbf", "no lines"),
        (lambda: as_csv([HEADINGS]), "headings and no lines below"),
        (lambda: as_csv([HEADINGS, line()]).replace(b"HR-1", b'"HR-1'), "cannot be read"),
        (lambda: as_csv([["Reference", "Reference", "First contact", "Closed"], [1, 1, "", ""]]),
         "reference"),
        (truncated, "damaged or has a password"),
        (bomb, "too large"),
        (lambda: b"<html><table>", "a web page or XML"),
        (lambda: bytes(range(256)) * 9, "Save it as one of them"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_one_sentence(
    policies: None, make: Callable[[], bytes], sentence: str
) -> None:
    with pytest.raises(FileRefused, match=sentence) as refused:
        run(make())
    assert "\n" not in str(refused.value)
    assert NAME not in str(refused.value)
    assert not ElsewhereConcern.objects.exists()


def test_many_lines_are_read_imported_and_changed_quickly(policies: None) -> None:
    lines = [line(f"{n:06}") for n in range(5_000)]
    content, began = as_csv([HEADINGS, *lines]), time.process_time()
    assert run(content).new == 5_000
    assert run(content).here == 5_000
    for each in lines:
        each[5] = "Withdrawn"
    assert run(as_csv([HEADINGS, *lines])).changed == 5_000
    assert time.process_time() - began < 3
    layout = Layout.read('{"dates": "day first"}', REGISTER)
    assert read_register(content, layout, TODAY)[1] == []
