"""Formal processes and sanctions after a concern, by the respondent's group.

This service does not ask respondents who they are. HR counts, by the ethnic group in its own
system, the staff about whom a formal process was opened and those who received a sanction
(domain.md 7, 9; as in the Workforce Race Equality Standard). Builders only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from grievances.monitoring.codes import GROUPS
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents.groups.raising import NO_STAFF, read_staff
from grievances.reports.contents.outside import (
    NOT_LOADED,
    YEARS_ALONE,
    Axis,
    counted_outside,
    people_in,
)
from grievances.reports.counting import NO, YES
from grievances.reports.disclosure.derived import STRICT, RateUnit, compare, rate_of
from grievances.reports.disclosure.protected import ProtectedShare, ProtectedTable, Shown
from grievances.reports.disclosure.protection import share_of
from grievances.reports.fact_models import Counted
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import Made, ReportContext
from grievances.reports.periods import Length

BASE = GROUPS["WHITE"]
NOT_KNOWN = {"": "Ethnic group not known"}
LABELS = {**GROUPS, **NOT_KNOWN}
SANCTIONED = {YES: "Received a sanction", NO: "Received none, or not yet"}
PER = 1_000


def released(desk: ReportContext, key: str) -> ProtectedTable | None:
    """Return staff in a formal process by group and sanction; None if not loaded."""
    formal = counted_outside(desk, Counted.FORMAL)
    if not formal:
        return None
    sanctioned = counted_outside(desk, Counted.SANCTION)
    counts = {(group, YES): min(sanctioned.get(group, 0), formal[group]) for group in formal}
    counts |= {(group, NO): number - counts[group, YES] for group, number in formal.items()}
    exact = people_in(
        f"respondents {desk.period.name}",
        Axis("group", LABELS),
        Axis("sanction", SANCTIONED),
        counts,
    )
    return desk.gate.release(key, exact, "rows", zeros=False)


def compared_with_white(shares: Mapping[str, ProtectedShare]) -> list[Item]:
    """Return the comparison of each group with White staff, with limits of 99.8%."""
    if BASE not in shares:
        return []
    return [
        Item(f"{label}, compared with {BASE}", compare(share, shares[BASE], STRICT))
        for label, share in shares.items()
        if label != BASE
    ]


@dataclass(frozen=True)
class FormalProcess:
    """How often a formal process is opened about staff of each ethnic group."""

    key: str = "respondents-formal"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with a rate for each group; where it has none it says why."""
        heading = "A formal process about them, by ethnic group of the respondent"
        if desk.period.length is not Length.YEAR:
            return Section(self.key, heading, YEARS_ALONE, ()), ""
        staff = read_staff(desk)
        table = released(desk, self.key) if staff else None
        if table is None:
            return Section(self.key, heading, NOT_LOADED if staff else NO_STAFF, ()), ""
        people = dict(zip(LABELS, table.row_totals, strict=True))
        unit = RateUnit(PER, "People", int(desk.period.length))
        rates = [
            Item(label, rate_of(people[code], staff.get(code), unit))
            for code, label in GROUPS.items()
        ]
        shares = {
            label: share_of(people[code], Shown(staff[code]))
            for code, label in GROUPS.items()
            if code in staff
        }
        note = (
            "Staff about whom HR opened a formal process in the year because of a concern about "
            f"race, for each {PER:,} staff of the same group in HR's own system. Then each group's "
            "likelihood is compared with that of White staff. Its limits are those of 99.8%, "
            "because with several groups one would often seem to differ by chance. A difference "
            "does not say why."
        )
        section = Section(self.key, heading, note, (*rates, *compared_with_white(shares)))
        return section, chart_of(section)


@dataclass(frozen=True)
class Sanctions:
    """The share of formal processes with a sanction, by respondent's ethnic group."""

    key: str = "respondents-sanction"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with a share for each group; where it has none it says why."""
        heading = "Received a sanction, by ethnic group of the respondent"
        if desk.period.length is not Length.YEAR:
            return Section(self.key, heading, YEARS_ALONE, ()), ""
        table = released(desk, self.key)
        if table is None:
            return Section(self.key, heading, NOT_LOADED, ()), ""
        shares = {
            label: share_of(cells[0], total)
            for label, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
        }
        whole = Item("Everyone", share_of(table.column_totals[0], table.total))
        known = {label: share for label, share in shares.items() if label in GROUPS.values()}
        note = (
            "Of the staff about whom HR opened a formal process in the year. What the sanction was "
            "is in no report."
        )
        items = (whole, *(Item(label, share) for label, share in shares.items()))
        section = Section(self.key, heading, note, (*items, *compared_with_white(known)))
        return section, chart_of(section)
