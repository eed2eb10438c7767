"""A workbook as an Excel file: the same protected figures. Builders only.

Every word is written as text. The workbook is written when the report is made and stored with it.
So the web process never loads the library, and two downloads are identical to the byte. It has no
formula, no link and no hidden sheet. Tables are marked as such, and their headings stay in view.
"""

import io
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from grievances.reports.layout.book import Book, Sheet, book_of
from grievances.reports.layout.document import Document

PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDE, NARROW = 58, 22
TABLE = {"autofilter": False, "style": "Table Style Light 1"}


def write_workbook(document: Document, now: datetime) -> bytes:
    """Return a report as a workbook.

    `now` is the aware instant at which it was made; the file has no other time.
    """
    return write_book(book_of(document), now)


def write_book(book: Book, now: datetime) -> bytes:
    """Return any workbook: each sheet with its title, its lines, and its table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as file:
        made = now.replace(tzinfo=None)
        file.set_properties({"title": book.title, "created": made, "author": "", "company": ""})
        bold = file.add_format({"bold": True, "font_size": 14})
        wrap = file.add_format({"text_wrap": True, "valign": "top"})
        for number, sheet in enumerate(book.sheets, 1):
            _write(file.add_worksheet(sheet.name), sheet, number, bold, wrap)
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet, number: int, bold: Format, wrap: Format) -> None:
    page.set_column(0, 0, WIDE)
    page.set_column(
        1, max(1, len(sheet.headings) - 1), WIDE if len(sheet.headings) == 2 else NARROW
    )
    page.write_string(0, 0, sheet.title, bold)
    for row, words in enumerate(sheet.above, 1):
        page.write_string(row, 0, words, wrap)
    top = len(sheet.above) + 1
    if not sheet.rows:
        return
    columns = [{"header": heading, "header_format": wrap} for heading in sheet.headings]
    last = top + len(sheet.rows), len(sheet.headings) - 1
    page.add_table(top, 0, *last, {**TABLE, "name": f"Table{number}", "columns": columns})
    for row, values in enumerate(sheet.rows, top + 1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                page.write_string(row, column, value, wrap)
            else:
                page.write_number(row, column, value, wrap)
    page.freeze_panes(top + 1, 1 if len(sheet.headings) > 2 else 0)
