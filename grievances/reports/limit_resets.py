"""Resets of the limits of a chart of variation (domain.md 9).

A reset has a first month and a reason. Plain Python.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from grievances.reports import snapshots
from grievances.reports.catalogue import VOLUMES
from grievances.reports.periods import Length, Period, read_period
from grievances.reports.snapshot_models import Rebase

SERIES: Mapping[str, str] = {
    "month-by-month": "Volumes: concerns received, month by month",
    "concluded-by-month": "Backlog: concerns concluded, month by month",
    "on-time-by-month": "Timeliness: promises kept, month by month",
}
"""The charts, by the key of their section. A test checks that there is no other."""
LONGEST_REASON = 200
"""The most characters of a reason, which is shown below the chart."""
REASONS: Mapping[str, str] = {
    "policy": "A new policy or procedure began",
    "help": "A new way to raise concerns or to get help began",
    "people": "More or fewer people were trained to handle concerns",
    "organisation": "The organisation or its regions changed",
    "counting": "What is counted, or how it is recorded, changed",
    "lasting": "The chart itself showed a lasting change",
}
"""The reasons that HR chooses from on the page.

There is no free text, because a sentence in a person's own words could name someone.
"""


class Afresh(NamedTuple):
    """One reset of limits: chart, first month, reason, and aware instant."""

    chart: str
    month: str
    reason: str
    made_at: datetime


def months() -> list[Period]:
    """Return the published months, newest first.

    A reset starts with one of them.
    """
    found = [e for e in snapshots.counted_periods(VOLUMES) if e.length is Length.MONTH]
    return sorted(found, key=lambda each: each.first, reverse=True)


def rebase(series: str, month: str, reason: str, now: datetime) -> Period:
    """Return the period from which the limits of a chart are computed again.

    It applies to reports made from now on. The same reset twice counts once. `reason` is shown
    below the chart and names no one.

    Raises:
        ValueError: There is no such chart or month, or no reason. The message is a sentence.
    """
    period, why = read_period(month), reason.strip()
    if series not in SERIES:
        raise ValueError(f"{series!r} is no chart")
    if period.length is not Length.MONTH or not why:
        raise ValueError("A month and a reason are needed: 2022-23-M05 and what changed.")
    Rebase.objects.update_or_create(
        series=series,
        period=period.name,
        defaults={"reason": why[:LONGEST_REASON], "made_at": now},
    )
    return period


def bases() -> list[Afresh]:
    """Return every reset of limits, the latest first."""
    return [
        Afresh(SERIES.get(row.series, row.series), _named(row.period), row.reason, row.made_at)
        for row in Rebase.objects.order_by("-made_at", "-pk")
    ]


def _named(period: str) -> str:
    return read_period(period).short
