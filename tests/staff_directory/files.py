"""Files of people as an HR system writes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from odfdo import Cell, Document, Row, Table
from xlsxwriter import Workbook

Lines = Sequence[Sequence[object]]


def as_csv(lines: Lines, *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([[_uk(cell) for cell in line] for line in lines])
    return text.getvalue().encode(encoding)


def as_xlsx(lines: Lines, *, merged: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Staff")
    for area in merged:
        sheet.merge_range(area, "")
    for at, line in enumerate(lines):
        for column, cell in enumerate(line):
            if cell != "":
                sheet.write(at, column, cell)
    book.close()
    return out.getvalue()


def as_ods(lines: Lines) -> bytes:
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Staff")
    for line in lines:
        row = Row()
        for cell in line:
            row.append_cell(Cell(cell if isinstance(cell, (str, date)) and cell else None))
        table.append_row(row)
    document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _uk(cell: object) -> object:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell
