"""Staff by region, ethnic group and quarter, from a published rate.

The same statistics give 1.5 people who raised a grievance for each 100 staff in 2022-23 (domain.md
1), so about 61,500 staff. Their distribution over regions and ethnic groups is assumed, and that
the number stays the same.
"""

from __future__ import annotations

from datetime import date

from grievances.reports.fact_models import StaffCount, StaffGroupCount
from grievances.reports.periods import Length, years_of
from grievances.vocabulary import Region

PEOPLE_FOR_EACH_100 = 1.5
SHARES = {
    Region.NORTH: 31,
    Region.MIDLANDS: 21,
    Region.SOUTH: 20,
    Region.LONDON: 20,
    Region.WALES: 8,
}
"""Assumed: how many of 100 staff work in each region group."""
GROUP_SHARES = {"ASIAN": 8, "BLACK": 7, "MIXED": 3, "WHITE": 80, "OTHER": 2}
"""Assumed: how many of 100 staff are of each ethnic group."""


def count_staff(people: int, first: date, last: date) -> None:
    """Write the staff of each quarter between two local dates.

    `people` is how many of them raised a concern.
    """
    everybody = round(100 * people / PEOPLE_FOR_EACH_100, -1)
    quarters = [
        quarter.name
        for year in years_of([first, last])
        for quarter in year.parts(Length.QUARTER)
        if first <= quarter.last <= last
    ]
    StaffCount.objects.bulk_create(
        StaffCount(quarter=quarter, region=region, staff=round(everybody * share / 100))
        for quarter in quarters
        for region, share in SHARES.items()
    )
    StaffGroupCount.objects.bulk_create(
        StaffGroupCount(quarter=quarter, group=group, staff=round(everybody * share / 100))
        for quarter in quarters
        for group, share in GROUP_SHARES.items()
    )
