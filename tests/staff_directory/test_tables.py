"""The file as HR keeps it: encodings, separators, headings over several lines, dates as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grievances.staff_directory.staff_file.dates import DateRefused, order_of, read_date
from grievances.staff_directory.staff_file.layout import Layout, find_columns
from grievances.staff_directory.staff_file.tables import FileRefused, read_table
from tests.staff_directory.files import Lines, as_csv, as_ods, as_xlsx

PEOPLE = [["Staff number", "Full name", "Grade"], ["0042", "Zoë O’Neill", "5"]]
TWO_LINES: Lines = [
    ["Staff in post", "", "", "", ""],
    ["Employee", "", "Line manager", "", "Unit"],
    ["Staff number", "Name", "Staff number", "From", ""],
    ["a1", "Ann Hall", "b1", date(2026, 3, 14), "HULL"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_old_encodings_and_separators_are_understood(encoding: str, separator: str) -> None:
    rows = read_table(as_csv(PEOPLE, encoding=encoding, separator=separator))
    assert rows[1].cells == ["0042", "Zoë O’Neill", "5"]


@pytest.mark.parametrize("write", [as_csv, as_xlsx, as_ods])
def test_headings_over_two_lines_below_a_title_are_found(write: Callable[[Lines], bytes]) -> None:
    sheet = find_columns(read_table(write(TWO_LINES)), Layout())
    [row] = sheet.rows
    assert row.number == 4
    assert sheet.text(row, "manager") == "b1"
    assert sheet.text(row, "unit") == "HULL"
    assert read_date(sheet.cells(row, "manager_from")[0], day_first=None) == date(2026, 3, 14)


def test_merged_headings_of_a_spreadsheet_name_every_column_below_them() -> None:
    content = as_xlsx(TWO_LINES, merged=["A1:E1", "A2:B2", "C2:D2", "E2:E3"])
    assert find_columns(read_table(content), Layout()).places["manager_from"] == (3,)


def test_a_layout_joins_columns_and_translates_values() -> None:
    lines = [["Pers. No.", "First", "Last", "Band"], ["7", "Ann", "Hall", "SEO"]]
    layout = Layout.read(
        '{"columns": {"username": "Pers. No.", "name": ["First", "Last"], "grade": "Band"},'
        ' "values": {"grade": {"SEO": "5"}}}'
    )
    sheet = find_columns(read_table(as_csv(lines)), layout)
    assert sheet.text(sheet.rows[0], "name") == "Ann Hall"
    assert sheet.text(sheet.rows[0], "grade") == "5"


@pytest.mark.parametrize(
    "text",
    ["[]", "{", '{"columns": {"shoe": "x"}}', '{"dates": "dmy"}', '{"columns": {"name": []}}'],
)
def test_a_layout_that_is_wrong_is_one_sentence(text: str) -> None:
    with pytest.raises(FileRefused):
        Layout.read(text)


def test_a_file_without_the_needed_columns_says_which() -> None:
    with pytest.raises(FileRefused, match="username"):
        find_columns(read_table(as_csv([["Full name", "Grade"], ["Ann", "5"]])), Layout())


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken", b"\x00\x01\x02" * 90]
)
def test_what_is_no_list_is_one_sentence(content: bytes) -> None:
    with pytest.raises(FileRefused):
        read_table(content)


def test_a_spreadsheet_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grievances.staff_directory.staff_file.tables.MOST_UNPACKED", 2**20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 2**22)
    with pytest.raises(FileRefused, match="too large"):
        read_table(out.getvalue())


@pytest.mark.parametrize(
    "text",
    [
        "14/03/2026", "14-03-2026", "14.3.2026", "14 March 2026", "14th March 2026", "14-Mar-2026",
        "14 mar 2026", "2026-03-14", "2026-03-14 00:00:00", "2026-03-14T00:00:00",
        "14/03/2026 00:00",
        "Saturday 14 March 2026", "Sat, 14 Mar 2026", "14th of March 2026",
    ],
)  # fmt: skip
def test_the_forms_of_dates_that_hr_uses_are_read(text: str) -> None:
    assert read_date(text, day_first=None) == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("14/03/26", "two digits"), ("3 March 26", "two digits"), ("14-Mar-26", "two digits"),
        ("03/04/2026", "day first or month first"), ("31/02/2026", "does not exist"),
        ("46022", "not a date"), ("soon", "not a date"), ("01/01/1899", "outside"),
        ("14/13/2026", "does not exist"), ("31/12/9999", "outside"),
    ],
)  # fmt: skip
def test_a_date_that_is_not_certain_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DateRefused, match=reason):
        read_date(text, day_first=None)


def test_a_column_says_how_its_dates_are_ordered() -> None:
    assert order_of(["03/04/2026", "14/03/2026"]) is True
    assert order_of(["03/14/2026", "03/04/2026"]) is False
    assert order_of(["03/14/2026", "14/03/2026"]) is None
    assert order_of(["03/04/2026"]) is None
    assert read_date("03/04/2026", day_first=True) == date(2026, 4, 3)
    assert read_date("03/04/2026", day_first=False) == date(2026, 3, 4)


@settings(deadline=None)
@given(st.dates(date(1941, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_or_refused_and_never_becomes_another(day: date) -> None:
    for form in ("%d/%m/%Y", "%m/%d/%Y", "%d %B %Y", "%Y-%m-%d", "%d-%b-%Y", "%d/%m/%y"):
        try:
            read = read_date(day.strftime(form), day_first=None)
        except DateRefused:
            continue
        assert read == day


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_one_sentence(content: bytes) -> None:
    try:
        rows = read_table(content)
    except FileRefused:
        return
    assert rows
