"""The drawing of a section's shares. Builders only: it loads the chart library."""

from grievances.reports.charts import Baseline, ShareRow, share_chart
from grievances.reports.disclosure import ProtectedShare, Shown
from grievances.reports.document import Section


def chart_of(section: Section) -> str:
    """Draw the shares that may be shown, with their targets; empty where there is none."""
    rows = [
        ShareRow(
            item.label,
            item.figure,
            Baseline(item.target.percent, item.target.source) if item.target else None,
        )
        for item in section.items
        if isinstance(item.figure, ProtectedShare) and isinstance(item.figure.percent, Shown)
    ]
    return share_chart(rows, section.key, section.heading) if rows else ""
