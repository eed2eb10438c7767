"""Three years of the HMPPS staff equalities report come out in the shape of that report.

Published: staff whose grievances were concluded, cases concluded, and the share upheld or partly
upheld, of 2020/21 (763; 911; 41.7%), 2021/22 (981; 1,140; 39.6%) and 2022/23 (923; 1,082; 48.8%).
"""

from __future__ import annotations

from datetime import date, timedelta

from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.fact_models import Ending
from grievances.reports.layout.equalities import equalities
from grievances.reports.periods import read_period
from tests.factories import cases
from tests.reports.report_factory import Concern, store

PUBLISHED = {2020: (763, 911, 0.417), 2021: (981, 1140, 0.396), 2022: (923, 1082, 0.488)}
TABLE = {
    "2020-21": (765, 910, 380, 42),
    "2021-22": (980, 1140, 450, 39),
    "2022-23": (925, 1080, 530, 49),
}
"""Staff, cases, upheld or partly, and percent, as the product gives them.

Counts are rounded to the nearest 5, and shares are worked out from rounded counts: 450 of 1,140 is
39%, where the published 39.6% would be 40%.
"""


def concluded(year: int) -> list[Concern]:
    """Return the concerns of one financial year, all concluded within it."""
    people, number, share = PUBLISHED[year]
    upheld = round(number * share)
    first = date(year, 4, 6)
    return [
        Concern(
            first + timedelta(days=n % 250),
            first + timedelta(days=n % 250 + 20 + n % 60),
            Ending.NOT_UPHELD if n >= upheld else Ending.UPHELD if n % 2 else Ending.PARTLY,
            f"{year} {n % people}",
        )
        for n in range(number)
    ]


def test_the_three_published_years(policies: None) -> None:
    store([concern for year in PUBLISHED for concern in concluded(year)])
    due = [
        Due(report, read_period(year), audience=snapshots.PUBLISHED)
        for year in TABLE
        for report in (catalogue.VOLUMES, catalogue.OUTCOMES)
    ]
    Run(cases.START).make(due)
    sheets = equalities("2022-23").sheets
    years = next(sheet for sheet in sheets if sheet.name == "1 Years")
    found = {row[0]: (row[1], row[3], row[4], row[5]) for row in years.rows}
    assert found == TABLE
    for row in years.rows:
        year = int(str(row[0])[:4])
        low, high = float(row[6]), float(row[7])
        assert low <= PUBLISHED[year][2] * 100 <= high, "the published share lies in the range"
