"""Three years together do not tell of the one year that no report shows (domain.md 10.4)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from grievances.monitoring import answers
from grievances.reports import catalogue
from grievances.reports.builders import Due, Run
from grievances.reports.disclosure.protected import HIDDEN, Shown
from grievances.reports.fact_models import Ending
from grievances.reports.periods import read_period
from tests.reports.report_factory import Concern, figure, store

NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")
INDIAN = "Indian"


def decide(year: int, **numbers: int) -> None:
    """Store so many decided concerns of each ethnic group in one year; half are upheld."""
    day = date(year, 9, 1)
    for code, number in numbers.items():
        ways = [Ending.UPHELD if n % 2 else Ending.NOT_UPHELD for n in range(number)]
        for case in store([Concern(day, day, way) for way in ways]):
            answers.keep(case, {"ethnic_group": code}, {}, day)


@pytest.mark.parametrize(("last", "is_shown"), [(1, False), (9, True)])
def test_a_year_of_a_few_does_not_follow_from_the_three(
    policies: None, last: int, is_shown: bool
) -> None:
    """23 and 23 are shown as 25 and 25, and 47 as 45: one person is left for the third year."""
    for year in (2020, 2021):
        decide(year, W1=23, A1=23, B1=20)
    decide(2022, W1=7, A1=last)
    for name in ("2020-21", "2021-22", "2022-23"):
        run = Run(NOW)
        run.make([Due(catalogue.FAIRNESS, read_period(name))])
        document = run.made["internal", name]["fairness"]
        share = figure(document, INDIAN, "fair-upheld")
        if name != "2022-23":
            assert share.whole == Shown(25)
    assert "three years" in next(s for s in document.sections if s.key == "fair-upheld").note
    assert (share.whole != HIDDEN) is is_shown
