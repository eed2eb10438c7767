"""A report as the body of its page, written once and stored.

Two readers get identical bytes, and opening a report costs reading one row.
"""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from grievances.reports.catalogue import REPORTS
from grievances.reports.disclosure.measures import ProtectedSeries
from grievances.reports.disclosure.protected import ProtectedShare
from grievances.reports.layout.document import Document
from grievances.reports.layout.section_tables import table_of


def write_page(document: Document, charts: dict[str, str]) -> str:
    """Return the answer, the sections, and how to read them, as HTML.

    The sections have their charts and tables.
    """
    sections: list[dict[str, object]] = []
    for section in document.sections:
        headings, rows = table_of(section)
        # Our own builder drew and cleaned it from protected figures; it has no text of a user.
        svg = mark_safe(charts.get(section.key, ""))  # noqa: S308
        sections.append({"section": section, "headings": headings, "rows": rows, "svg": svg})
    figures = [item.figure for section in document.sections for item in section.items]
    context: dict[str, object] = {
        "report": REPORTS[document.report],
        "document": document,
        "sections": sections,
    }
    context["has_months"] = any(isinstance(figure, ProtectedSeries) for figure in figures)
    context["has_few"] = any(isinstance(f, ProtectedShare) and f.rounding for f in figures)
    return render_to_string("reports/body.html", context)
