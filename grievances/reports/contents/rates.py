"""Rates for each so many staff, by region group. Builders only."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sized
from dataclasses import dataclass

from grievances.people.regions import REGIONS_IN_USE
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.disclosure.derived import RateUnit, rate_of
from grievances.reports.fact_models import StaffCount
from grievances.reports.layout.clustering import concerns_of_each
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import Crosstab, Dimension, Made, ReportContext, Source
from grievances.reports.periods import Period, quarter_of

ASK_FOR_STAFF = (
    "Ask the people who run this service to add how many staff worked in each region that quarter."
)
MERGED = (
    "Where two regions were merged, the one that ended needs a count of 0 from then on, or its "
    "rate is too low."
)


@dataclass(frozen=True)
class Rates:
    """A section of rates for each `per` staff of a region group.

    The staff counts are the organisation's own. `missing` replaces the note where there is no staff
    count. `counted` is the heading of the column of what is counted. Where `a_year`, what happened
    in the period is counted, for each of the mean of its staff and as one a year; else what there
    is on its last day.
    """

    key: str
    heading: str
    note: str
    missing: str
    of: Source = sources.received
    by: Dimension = sources.REGIONS
    per: int = 100
    counted: str = "Concerns"
    a_year: bool = True

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section of protected counts by region and the staff counts."""
        last = quarter_of(desk.until)
        quarters = desk.period.quarters() if self.a_year else (last,)
        counts = read_staff(quarters)
        staff = {region: mean_of(found.values()) for region, found in counts.items()}
        table = Crosstab(self.key, self.heading, self.note, "Region", self.of, self.by).table(desk)
        unit = RateUnit(self.per, self.counted)
        if self.a_year:
            months, each = int(desk.period.length), concerns_of_each(desk.made)
            unit = RateUnit(self.per, self.counted, months, each)
        items = tuple(
            Item(label, rate_of(figure, staff.get(code), unit))
            for (code, label), figure in zip(self.by.labels.items(), table.row_totals, strict=True)
        )
        whole = Item("Everywhere", rate_of(table.total, mean_of_all(counts), unit))
        gaps = gaps_in(counts, expected_in(counts), quarters, "regions")
        words = (self.note, gaps, MERGED if gaps else "")
        note = " ".join(filter(None, words)) if staff else self.missing
        section = Section(self.key, self.heading, note, (*items, whole))
        return section, chart_of(section)


def read_staff(quarters: tuple[Period, ...]) -> dict[str, dict[str, int]]:
    """Return the staff counts of each region by quarter, those there are."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    names = [quarter.name for quarter in quarters]
    rows = StaffCount.objects.filter(quarter__in=names).order_by("quarter")
    for region, quarter, staff in rows.values_list("region", "quarter", "staff"):
        found[region][quarter] = staff
    return dict(found)


def mean_of(counts: Collection[int]) -> int:
    """Return the mean of staff counts as a whole number."""
    return (2 * sum(counts) + len(counts)) // (2 * len(counts))


def expected_in(counts: Collection[str]) -> set[str]:
    """Return the regions that should have a staff count, where these have one.

    A region that has ended needs none, unless it was counted in some of the quarters.
    """
    return {*REGIONS_IN_USE, *counts}


def mean_of_all(counts: Mapping[str, Mapping[str, int]]) -> int | None:
    """Return the mean staff of all regions, of the quarters in which each was counted.

    The means of the regions do not add up to it: where two were merged in mid-year, the staff of
    one would count again in the other. Returns None where no quarter has them all.
    """
    quarters = [set(counts.get(region, ())) for region in expected_in(counts)]
    whole = set.intersection(*quarters)
    if not whole:
        return None
    return mean_of([sum(found[quarter] for found in counts.values()) for quarter in whole])


def gaps_in(
    counts: Mapping[str, Sized], among: Collection[str], quarters: tuple[Period, ...], noun: str
) -> str:
    """Return the sentence on quarters without a staff count, or empty text.

    `among` are the codes that should have one in each quarter, and `noun` says what they are.
    """
    fewest = min(len(counts.get(code, ())) for code in among)
    if fewest == len(quarters):
        return ""
    return (
        f"There are staff counts of {fewest} of its {len(quarters)} quarters for some {noun}; "
        "their staff are the mean of those."
        if fewest
        else f"There is no staff count for some {noun}."
    )
