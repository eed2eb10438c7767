"""The chart of a section. Builders only: it loads the chart library."""

from functools import lru_cache

from grievances.reports.charts.survival_chart import TARGET_DAY, survival_chart
from grievances.reports.charts.svg_charts import BarRow, Baseline, ShareRow, bar_chart, share_chart
from grievances.reports.charts.variation_chart import series_chart
from grievances.reports.disclosure.derived import ProtectedRate
from grievances.reports.disclosure.measures import ProtectedSeries
from grievances.reports.disclosure.protected import (
    ProtectedCount,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.layout.document import Item, Section

DECIDED = "duration"
"""The section of the curve to the decision, which alone has the target of 60 days."""

SPLIT = "Each bar is all of them; how they split is in the numbers below."
"""What is said where bars are the totals of rows that have columns."""


@lru_cache(maxsize=512)
def chart_of(section: Section) -> str:
    """Return the chart of the figures that may be shown; empty where there are none.

    The result is cached, because the packs show sections of other reports again.
    """
    figures = [item.figure for item in section.items]
    first = figures[0] if figures else None
    if isinstance(first, ProtectedSurvival):
        target = TARGET_DAY if section.key == DECIDED else None
        return survival_chart(first, section.key, section.heading, target) or ""
    if isinstance(first, ProtectedSeries):
        return series_chart(first, section.key, section.heading) or ""
    if any(isinstance(figure, ProtectedShare) for figure in figures):
        return _shares(section)
    return _bars(section)


def _shares(section: Section) -> str:
    """Return bars of shares, or empty text where none may be shown.

    A hidden share keeps its place.
    """
    rows = [
        ShareRow(item.label, item.figure, _baseline(item))
        for item in section.items
        if isinstance(item.figure, ProtectedShare)
    ]
    above = any(isinstance(row.share.percent, Shown) for row in rows)
    return share_chart(rows, section.key, section.heading) if above else ""


def _baseline(item: Item) -> Baseline | None:
    return Baseline(item.target.percent, item.target.source) if item.target else None


def _bars(section: Section) -> str:
    """Return bars for counts, for the totals of a table's rows, or for rates.

    A zero has no bar and appears in the table alone. A hidden figure keeps its place.
    """
    rows: list[BarRow] = []
    foot = ""
    for item in section.items:
        figure = item.figure
        if isinstance(figure, ProtectedTable):
            pairs = zip(figure.rows, figure.row_totals, strict=True)
            rows += [BarRow(name, total) for name, total in pairs]
            foot = SPLIT if figure.columns else foot
        elif isinstance(figure, ProtectedRate) and figure.staff:
            # Without staff there is no rate, and a star would say that one is hidden.
            limits = figure.lower, figure.upper
            rows.append(BarRow(item.label, figure.tenths, 10, f" {figure.unit}", limits))
            foot = f"{figure.unit[0].upper()}{figure.unit[1:]}"
        elif isinstance(figure, ProtectedCount):
            rows.append(BarRow(item.label, figure.figure))
    drawn = [row for row in rows if row.figure != Shown(0)]
    above = any(isinstance(row.figure, Shown) for row in drawn)
    return bar_chart(drawn, section.key, section.heading, foot) if above else ""
