"""Rates for each 100 or 1,000 staff, by region. Builders only."""

from dataclasses import dataclass

from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.disclosure.derived import rate_of
from grievances.reports.fact_models import StaffCount
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import Crosstab, Dimension, Made, ReportContext, Source
from grievances.reports.periods import quarter_of
from grievances.vocabulary import Region

ASK_FOR_STAFF = (
    "Ask the people who run this service to add how many staff worked in each region that quarter."
)


@dataclass(frozen=True)
class Rates:
    """A section of rates for each `per` staff of a region group.

    The staff counts are the organisation's own. `missing` replaces the note where there is no staff
    count for the quarter. `counted` is the heading of the column of what is counted.
    """

    key: str
    heading: str
    note: str
    missing: str
    of: Source = sources.received
    by: Dimension = sources.REGIONS
    per: int = 100
    counted: str = "Concerns"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section of protected counts by region and the staff counts."""
        quarter = quarter_of(desk.until).name
        counts = StaffCount.objects.filter(quarter=quarter)
        staff: dict[str, int] = dict(counts.values_list("region", "staff"))
        table = Crosstab(self.key, self.heading, self.note, "Region", self.of, self.by).table(desk)
        items = tuple(
            Item(label, rate_of(figure, staff.get(code), self.per, self.counted))
            for (code, label), figure in zip(self.by.labels.items(), table.row_totals, strict=True)
        )
        everybody = sum(staff.values()) if len(staff) == len(Region) else None
        whole = Item("Everywhere", rate_of(table.total, everybody, self.per, self.counted))
        note = self.note if staff else self.missing
        section = Section(self.key, self.heading, note, (*items, whole))
        return section, chart_of(section)
