"""A report as an accessible PDF: the page with its charts and tables.

Plain Python, for the web process. The charts are those of the stored page.
"""

import re
from collections.abc import Mapping
from html import unescape

from grievances.reports.catalogue import REPORTS
from grievances.reports.layout.document import Document, Section
from grievances.reports.layout.section_tables import Cell, table_of
from grievances.typesetting.pdf import write_pdf

DESCRIPTION = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)
READING = (
    "A star (*) is shown for every figure that is not shown: nothing under {t} concerns or {t} "
    "people is shown, nor what would let one be worked out.",
    "Numbers are rounded to the nearest 5, each by itself, so they may not add up.",
    "Shares are whole percents of rounded numbers, and only of 20 or more. The range beside a "
    "share is its 95% interval.",
)


def write_report(document: Document, charts: Mapping[str, str]) -> bytes:
    """Return a report as PDF; `charts` has the SVG of each section that has one."""
    report = REPORTS[document.report]
    reading = [words.format(t=document.threshold) for words in READING]
    lists = [("What is counted", report.definition), ("How to read this", reading)]
    lists += [("Its limits", report.limits)] if report.limits else []
    if document.certificate:
        lists.append(("How well this is protected", (document.certificate.words,)))
    content = {
        "title": f"{report.title}, {document.period}",
        "question": report.question,
        "period": f"Counted until {document.until:%-d %B %Y}",
        "mark": document.mark,
        "lead": document.lead,
        "warning": document.caution,
        "sections": [_section(part, charts.get(part.key, "")) for part in document.sections],
        "lists": [{"heading": heading, "lines": list(lines)} for heading, lines in lists if lines],
    }
    return write_pdf("report", content, document.until)


def _section(section: Section, picture: str) -> dict[str, object]:
    headings, rows = table_of(section)
    described = DESCRIPTION.search(picture)
    return {
        "heading": section.heading,
        "note": section.note,
        "picture": picture,
        "alt": unescape(described[1]) if described else section.heading,
        "headings": [_words(cell) for cell in headings],
        "rows": [[_words(cell) for cell in row] for row in rows],
    }


def _words(cell: Cell) -> str:
    """Return a cell of the page as one line of text."""
    if isinstance(cell, str):
        return cell
    said = str(cell.get("text", "")), str(cell.get("hint", ""))
    return f"{said[0]} ({said[1]})" if said[1] else said[0]
