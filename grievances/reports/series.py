"""A figure over time, from the published figures of each month. Builders only."""

from dataclasses import dataclass

from grievances.reports.charts.section_charts import chart_of
from grievances.reports.disclosure.measures import ProtectedSeries, series_of
from grievances.reports.disclosure.protected import Figure, ProtectedCount, ProtectedShare, Shown
from grievances.reports.layout.document import Document, Item, Section
from grievances.reports.layout.sections import Made, ReportContext
from grievances.reports.periods import Length, Period, read_period
from grievances.reports.snapshot_models import Rebase

MOST_NAMED = 6
"""Signal months up to which each is named; more are only counted."""
MOST_POINTS = 36


@dataclass(frozen=True)
class Series:
    """One figure of a report, month by month, with its limits.

    The figure is the one with this label in a section of the report.
    """

    key: str
    heading: str
    note: str
    report: str
    section: str
    label: str

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section of the published figures, with the judgement on them."""
        documents = desk.published(self.report, Length.MONTH)[-MOST_POINTS:]
        points = [
            (read_period(document.period), figure)
            for document in documents
            if (figure := self._figure(document)) is not None
        ]
        unit = "%" if any(self._is_share(document) for document in documents) else ""
        series = self._judge(points, unit)
        words = f"{self.note} {judgement(series)}".strip()
        section = Section(self.key, self.heading, words, (Item(self.label, series),))
        return section, chart_of(section)

    def _judge(self, points: list[tuple[Period, Figure]], unit: str) -> ProtectedSeries:
        begins, reason = 0, ""
        for rebase in Rebase.objects.filter(series=self.key).order_by("period"):
            month = read_period(rebase.period)
            # A chart that ends before the month does not mention what changed in it.
            if points and month.first <= points[-1][0].first:
                begins = sum(1 for period, _ in points if period.first < month.first)
                reason = f"{month.short}: {rebase.reason}"
        named = [(period.short, figure) for period, figure in points]
        return series_of(unit, named, begins=begins, reason=reason)

    def _figure(self, document: Document) -> Figure | None:
        item = self._item(document)
        if item is None:
            return None
        if isinstance(item.figure, ProtectedShare):
            return item.figure.percent
        return item.figure.figure if isinstance(item.figure, ProtectedCount) else None

    def _is_share(self, document: Document) -> bool:
        item = self._item(document)
        return item is not None and isinstance(item.figure, ProtectedShare)

    def _item(self, document: Document) -> Item | None:
        found = (
            item
            for section in document.sections
            if section.key == self.section
            for item in section.items
            if item.label == self.label
        )
        return next(found, None)


def judgement(series: ProtectedSeries) -> str:
    """Return what the chart says, in one or two sentences."""
    words: list[str] = []
    if series.mean is None:
        words.append("No month can be shown yet.")
    elif series.upper is None:
        words.append("There are too few months for limits: 12 are needed.")
    elif series.flagged:
        months = ", ".join(series.periods[place] for place in series.flagged)
        if len(series.flagged) > MOST_NAMED:
            months = f"{len(series.flagged)} of {len(series.periods)} months, marked in the table"
        words.append(f"Out of the usual: {months}. Look for a cause before acting.")
    else:
        words.append("Nothing is out of the usual up and down.")
    if series.upper is not None and series.provisional:
        words.append("The limits are provisional: fewer than 20 months.")
    words += _of_hidden(series)
    if series.rebased:
        words.append(f"Counted afresh from {series.rebased}.")
    return " ".join(words)


def _of_hidden(series: ProtectedSeries) -> list[str]:
    """Return what the months that are not shown mean for the line across."""
    hidden = sum(not isinstance(figure, Shown) for figure in series.figures)
    if not hidden or series.mean is None:
        return []
    are = "1 month is not shown and is" if hidden == 1 else f"{hidden} months are not shown and are"
    high = "" if series.unit else " Small numbers are not shown, so the mean may be too high."
    return [f"{are} in no mean and no limit.{high}"]
