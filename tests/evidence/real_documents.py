"""Whole documents as programs write them, with words, a picture, a table, a comment and a chart."""

from __future__ import annotations

import io
from typing import Any

import docx
import openpyxl
import pptx
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.worksheet.table import Table
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.evidence import samples
from tests.evidence.planted import ACCOUNT, WHO

LOCAL = f"file:///C:/Users/{ACCOUNT}/diary.docx"
WEB = "https://www.example.org/policy"


def _bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word() -> bytes:
    """A Word document of python-docx."""
    document = docx.Document()
    document.core_properties.author = WHO
    document.add_heading("The first heading", 1)
    said = document.add_paragraph("On Monday it was said again.")
    document.add_comment(said.runs, text="Seen by two.", author=WHO, initials="AT")
    table = document.add_table(2, 3)
    for number, cell in enumerate(table._cells):
        cell.text = f"Cell {number}"
    for form in ("PNG", "JPEG"):
        document.add_picture(io.BytesIO(samples.photo(form)))
    document.sections[0].header.paragraphs[0].text = "The header"
    document.add_paragraph("The first point", style="List Bullet")
    return _bytes(document)


def sheet() -> bytes:
    """An Excel workbook of openpyxl."""
    book = openpyxl.Workbook()
    book.properties.creator = WHO
    page = book.active
    page.title = "Rota"
    for row in (("Name", "Hours"), ("First", 3), ("Second", 5), ("Both", "=B2+B3")):
        page.append(row)
    page["A2"].comment = Comment(f"{WHO}:\nswapped", WHO)
    page["A6"], page["A7"] = "mine", "policy"
    page["A6"].hyperlink, page["A7"].hyperlink = LOCAL, WEB
    page.add_table(Table(displayName="Hours", ref="A1:B3"))
    page.add_image(SheetImage(io.BytesIO(samples.photo())), "D4")
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    page.add_chart(chart, "D20")
    book.create_sheet("Second sheet")["A1"] = "More words"
    return _bytes(book)


def slides() -> bytes:
    """Slides of python-pptx, with a chart whose numbers are in a workbook inside."""
    show = pptx.Presentation()
    show.core_properties.author = WHO
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "The first title"
    slide.shapes.add_picture(io.BytesIO(samples.photo("PNG")), 0, 0)
    slide.notes_slide.notes_text_frame.text = "Words in the notes"
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
    table.cell(0, 0).text = "A cell"
    numbers: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    numbers.categories = ["first", "second"]
    numbers.add_series("Hours", (1, 2))
    where = (0, 0, Inches(3), Inches(3))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *where, numbers)
    return _bytes(show)
