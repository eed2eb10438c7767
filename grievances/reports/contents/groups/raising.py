"""How often staff of each ethnic group raise a concern. Builders only.

The staff of each group are the organisation's own counts (domain.md 7, 9). The groups are the five
that all lists come down to. The release gate hides a group of which too few raised a concern.
"""

from dataclasses import dataclass

from grievances.monitoring.codes import GROUPS, group_of
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.contents.groups.groupings import FIVE, Grouping, is_whole
from grievances.reports.contents.rates import gaps_in, mean_of
from grievances.reports.disclosure.derived import STRICT, RateUnit, compare, rate_of
from grievances.reports.disclosure.protected import Figure, ProtectedTable, Shown
from grievances.reports.disclosure.protection import share_of
from grievances.reports.fact_models import StaffGroupCount
from grievances.reports.layout.clustering import concerns_of_each
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import Crosstab, Dimension, Made, ReportContext
from grievances.reports.periods import Length

GROUPING = Grouping(1, *FIVE, "one year", group_of)
LEAST_STAFF = 200
"""The staff of a group from which a rate is given (domain.md 10.2)."""
CAVEAT = (
    "Of the concerns received in the year whose complainant said their ethnic group. Not everybody "
    "says theirs, so the rates are too low; compared with each other they hold where the groups "
    "say theirs equally often. A higher rate may mean more trust, or more to complain of."
)
NO_STAFF = (
    "There is no count of staff by ethnic group for this year, so no rate can be given. Ask the "
    "people who run this service to add one from the HR system."
)


def read_counts(desk: ReportContext) -> dict[str, list[int]]:
    """Return the staff counts of the five groups, of the quarters that have one."""
    names = [quarter.name for quarter in desk.period.quarters()]
    rows = StaffGroupCount.objects.filter(quarter__in=names).order_by("quarter", "group")
    found: dict[str, list[int]] = {}
    for group, staff in rows.values_list("group", "staff"):
        found.setdefault(group, []).append(staff)
    return found


def read_staff(desk: ReportContext) -> dict[str, int]:
    """Return the mean staff of each of the five groups over the quarters."""
    means = {group: mean_of(counts) for group, counts in read_counts(desk).items()}
    return {group: staff for group, staff in means.items() if staff >= LEAST_STAFF}


def caveat(desk: ReportContext) -> str:
    """Return what to know when reading the rates, also quarters without a staff count."""
    gaps = gaps_in(read_counts(desk), GROUPS, desk.period.quarters(), "groups")
    return f"{CAVEAT} {gaps}".strip()


def raised(desk: ReportContext, key: str) -> ProtectedTable | None:
    """Return the concerns received by group; None where too few said their group."""
    everybody = sources.received(desk)
    if desk.period.length is not Length.YEAR or not is_whole(everybody, GROUPING):
        return None
    groups = Dimension(GROUPING.column(), GROUPING.labels)
    table = Crosstab(
        key, "", "", "Ethnic group", lambda _: GROUPING.known(everybody), groups, zeros=False
    )
    return table.table(desk)


def why_not(desk: ReportContext) -> str:
    """Return why there is no rate."""
    if desk.period.length is not Length.YEAR:
        return "Rates by ethnic group are worked out for whole years only."
    if not read_staff(desk):
        return NO_STAFF
    return "Too few of those who raised a concern said their ethnic group, so no rate is given."


@dataclass(frozen=True)
class RaisingRates:
    """The concerns raised for each 100 staff of each ethnic group."""

    key: str = "raising"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one rate for each group; without any it says why."""
        staff = read_staff(desk)
        table = raised(desk, self.key) if staff else None
        heading = "Concerns for each 100 staff, by ethnic group"
        if table is None:
            return Section(self.key, heading, why_not(desk), ()), ""
        unit = RateUnit(months=int(desk.period.length), each=concerns_of_each(desk.made))
        items = tuple(
            Item(label, rate_of(figure, staff.get(code), unit))
            for (code, label), figure in zip(GROUPS.items(), table.row_totals, strict=True)
        )
        section = Section(self.key, heading, caveat(desk), items)
        return section, chart_of(section)


@dataclass(frozen=True)
class RaisingCompared:
    """The share of each group among those who raised, and its relative likelihood."""

    key: str = "raising-compared"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section; without staff counts it has no item."""
        staff = read_staff(desk)
        table = raised(desk, self.key) if staff else None
        heading = "Who raises concerns, compared with who works here"
        if table is None:
            return Section(self.key, heading, why_not(desk), ()), ""
        each = concerns_of_each(desk.made)
        counts = dict(zip(GROUPS, table.row_totals, strict=True))
        everybody = sum(staff.values())
        shares = tuple(
            Item(
                label,
                share_of(counts[code], table.total, each),
                hint=_of_staff(staff.get(code), everybody),
            )
            for code, label in GROUPS.items()
        )
        compared = tuple(self._compared(counts, staff, each))
        note = (
            f"{caveat(desk)} The first figures are the share of each group among them, and under "
            "its name its share of staff. Then each group's likelihood of raising a concern is "
            "compared with that of White staff. Its limits are those of 99.8%, because with "
            "several groups one would often seem to differ by chance."
        )
        section = Section(self.key, heading, note, (*shares, *compared))
        return section, chart_of(section)

    def _compared(self, counts: dict[str, Figure], staff: dict[str, int], each: int) -> list[Item]:
        base = GROUPING.base
        code_of = {label: code for code, label in GROUPS.items()}
        if code_of[base] not in staff:
            return []
        rates = {
            label: share_of(counts[code], Shown(staff[code]), each)
            for code, label in GROUPS.items()
            if code in staff
        }
        return [
            Item(f"{label}, compared with {base}", compare(rate, rates[base], STRICT))
            for label, rate in rates.items()
            if label != base
        ]


def _of_staff(staff: int | None, everybody: int) -> str:
    if staff is None:
        return "Fewer than 200 staff, or not counted."
    return f"{(200 * staff + everybody) // (2 * everybody)}% of staff."
