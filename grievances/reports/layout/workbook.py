"""A report as an Excel workbook: the same protected figures. Builders only.

Every word is written as text. The workbook is written when the report is made and stored with it.
So the web process never loads the library, and two downloads are identical to the byte. It has no
formula, no link and no hidden sheet.
"""

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from grievances.reports.catalogue import REPORTS
from grievances.reports.layout.document import Document, Section
from grievances.reports.layout.exports import FILE_COLUMNS, figures_of
from grievances.reports.layout.section_tables import Cell, table_of

PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDE, NARROW = 58, 22
LONGEST_NAME = 31
"""The most letters in the name of a sheet."""


def write_workbook(document: Document, now: datetime) -> bytes:
    """Return the workbook: a summary, one sheet for each section, and all figures.

    `now` is the aware instant at which it was made; the file has no other time.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        book.set_properties({"created": now.replace(tzinfo=None), "author": "", "company": ""})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _about(book.add_worksheet("About"), document, bold, wrap)
        for section in document.sections:
            if section.items:
                _section(book.add_worksheet(section.key[:LONGEST_NAME]), section, bold, wrap)
        _list(book.add_worksheet("All figures"), document, bold)
    return out.getvalue()


def _about(sheet: Any, document: Document, bold: Any, wrap: Any) -> None:
    report = REPORTS[document.report]
    lines = [
        (report.title, report.question),
        ("Period", document.period),
        ("Counted until", document.until.isoformat()),
        ("In short", document.lead),
        *([("The figures", document.mark)] if document.mark else []),
        *([("Mind", document.warning)] if document.warning else []),
        ("A star", f"Not shown: under {document.threshold}, or it would let one be worked out."),
        ("Rounding", "Counts are rounded to the nearest 5, each by itself."),
        *(("What is counted", words) for words in report.definition),
        *(("Its limits", words) for words in report.limits),
    ]
    sheet.set_column(0, 0, NARROW)
    sheet.set_column(1, 1, 2 * WIDE)
    for row, (name, words) in enumerate(lines):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, words, wrap)


def _section(sheet: Any, section: Section, bold: Any, wrap: Any) -> None:
    headings, rows = table_of(section)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, max(1, len(headings)), NARROW)
    sheet.write_string(0, 0, section.heading, bold)
    sheet.write_string(1, 0, section.note, wrap)
    for place, heading in enumerate(headings):
        sheet.write_string(3, place, _words(heading), bold)
    for number, row in enumerate(rows, 4):
        for place, cell in enumerate(row):
            _write(sheet, number, place, _words(cell), wrap)


def _list(sheet: Any, document: Document, bold: Any) -> None:
    sheet.set_column(0, len(FILE_COLUMNS), NARROW)
    for place, name in enumerate(FILE_COLUMNS):
        sheet.write_string(0, place, name, bold)
    for number, words in enumerate(figures_of(document), 1):
        for place, word in enumerate(words):
            _write(sheet, number, place, word, None)


def _write(sheet: Any, row: int, column: int, word: str, style: Any) -> None:
    """Write a whole number as a number, and everything else as text."""
    if word.isdecimal():
        sheet.write_number(row, column, int(word), style)
    else:
        sheet.write_string(row, column, word, style)


def _words(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    hint = cell.get("hint", "")
    return f"{cell['text']} ({hint})" if hint else str(cell["text"])
