"""The lessons, promises and figures that the demonstration publishes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from grievances.cases.actions.actor import Caller
from grievances.lessons import board
from grievances.people.models import in_office
from grievances.policy import profiles
from grievances.reports import snapshots
from grievances.vocabulary import Office
from workflow.calendar import local_date

LESSONS: tuple[tuple[str, str, Office, int, int, bool], ...] = (
    (
        "People told us that they did not hear from us for weeks.",
        "Every person hears from us at least every two weeks, even when there is no news.",
        Office.LEAD,
        210,
        -60,
        True,
    ),
    (
        "People told us that shifts and leave were shared out unfairly.",
        "Each office publishes how shifts and leave are shared out, and who decides.",
        Office.EXECUTIVE,
        150,
        45,
        False,
    ),
    (
        "People told us that managers did not know what to do about race discrimination.",
        "Every manager who decides on a concern is trained first, and again every two years.",
        Office.EXECUTIVE,
        120,
        -10,
        False,
    ),
    (
        "People told us that they did not know who reads what they write.",
        "Everyone sees each reader by name before they send a concern.",
        Office.DPO,
        100,
        -30,
        True,
    ),
)
"""The lessons: what was heard, what was promised, and by which office.

Then how many days ago it was published, in how many it is due, and whether it is kept. A promise
that was due before now and is not kept is shown as late.
"""


def publish_lessons(now: datetime) -> int:
    """Publish the lessons as HR would, and the figures of the newest released year.

    Returns:
        How many lessons were published; 0 where no one holds the office of an HR analyst.
    """
    today: date = local_date(now, profiles.zone())
    analyst = in_office(Office.ANALYST, today).first()
    if analyst is None:
        return 0
    caller = Caller(analyst)
    for heard, promise, owner, ago, due, is_kept in LESSONS:
        at, by = now - timedelta(days=ago), today + timedelta(days=due)
        row = board.publish(caller, heard, promise, owner.value, by, now=at)
        if is_kept:
            board.change(caller, row.pk, "keep", now=now - timedelta(days=20))
    # The few cases of the demonstration's own year answer next to nothing.
    years = [year.name for year in snapshots.released_years()]
    if years:
        fullest = max(years, key=lambda year: len(snapshots.released_leads(year)))
        board.show_year(caller, fullest, now=now)
    return len(LESSONS)
