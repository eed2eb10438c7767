"""No one reads one person's days from a curve (domain.md 10.3, step 7).

Two organisations differ only in how many concerns were decided early, and all those numbers are
too small to be shown. A reader who can tell their pages apart knows the number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.parties import Party
from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.fact_models import Ending
from grievances.reports.periods import read_period
from grievances.reports.snapshot_models import Release, Snapshot
from tests.reports.report_factory import Concern, store

DAY = date(2022, 5, 2)
NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")
EARLY, LATE, LAST = timedelta(20), timedelta(112), timedelta(175)
"""Calendar days: about 14, 78 and 122 working days."""


def page(concerns: Iterable[Concern], audience: str, period: str = "2022-23") -> str:
    """Everything that the report on times shows of an organisation with these concerns."""
    for model in (Release, Snapshot, Deadline, Party):
        model._default_manager.all().delete()
    Case.unguarded.all().delete()
    store(concerns)
    run = Run(NOW)
    run.make([Due(catalogue.REPORTS["resolution-times"], read_period(period), 1, audience)])
    made = run.made[audience, period]["resolution-times"]
    return json.dumps([section.to_json() for section in made.sections], sort_keys=True)


def decided(number: int, after: timedelta) -> list[Concern]:
    return [Concern(DAY, DAY + after, Ending.UPHELD) for _ in range(number)]


AUDIENCES = [(snapshots.INTERNAL, 5), (snapshots.PUBLISHED, 10)]


@pytest.mark.parametrize(("audience", "t"), AUDIENCES)
@pytest.mark.parametrize("number", [30, 33, 60])
def test_the_number_decided_early_is_on_no_page(
    policies: None, audience: str, t: int, number: int
) -> None:
    pages = {
        page(decided(early, EARLY) + decided(number - early, LATE), audience)
        for early in range(1, t)
    }
    assert len(pages) == 1


@pytest.mark.parametrize(("audience", "t"), AUDIENCES)
def test_the_number_left_at_the_end_is_on_no_page(policies: None, audience: str, t: int) -> None:
    pages = {page(decided(60 - left, LATE) + decided(left, LAST), audience) for left in range(1, t)}
    assert len(pages) == 1


@pytest.mark.parametrize(("audience", "t"), AUDIENCES)
def test_a_small_step_in_the_middle_is_on_no_page(policies: None, audience: str, t: int) -> None:
    begin, middle = partial(decided, after=timedelta(10)), partial(decided, after=timedelta(50))
    pages = {
        page(begin(30) + middle(step) + decided(30 - step, LATE), audience) for step in range(1, t)
    }
    assert len(pages) == 1


@pytest.mark.parametrize(("audience", "t"), AUDIENCES)
def test_the_number_withdrawn_early_is_on_no_page(policies: None, audience: str, t: int) -> None:
    def gone(number: int, after: timedelta) -> list[Concern]:
        return [Concern(DAY, DAY + after, Ending.WITHDRAWN) for _ in range(number)]

    pages = {
        page(decided(60, LATE) + gone(n, EARLY) + gone(20 - n, LATE), audience) for n in range(1, t)
    }
    assert len(pages) == 1


@pytest.mark.parametrize("late", [1, 2, 4])
def test_one_person_more_in_the_next_window_does_not_move_the_curve(
    policies: None, late: int
) -> None:
    """Quarters have curves of twelve months that differ by a few people."""
    first = [Concern(date(2022, 1, 10) + timedelta(n), None) for n in range(150)]
    ended = [
        Concern(one.received, one.received + timedelta(30), Ending.UPHELD, f"p{n}")
        for n, one in enumerate(first)
    ]
    for model in (Release, Snapshot):
        model._default_manager.all().delete()
    store(ended)
    run = Run(NOW)
    report = catalogue.REPORTS["resolution-times"]
    run.make([Due(report, read_period("2022-23-Q2"))])
    new = [date(2022, 10, 10)] * late
    store([Concern(day, day + timedelta(30), Ending.UPHELD) for day in new])
    run.make([Due(report, read_period("2022-23-Q3"))])
    rows = Release.objects.filter(period="2022-23-Q3", shown=True, persons__gt=0)
    seen = {row.persons for row in rows} - {150}
    assert not any(150 < persons < 155 for persons in seen)
