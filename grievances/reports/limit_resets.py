"""From which month on a chart of variation counts afresh, and why (domain.md 9). Plain Python."""

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
"""The charts there are, by the key of their section; a test holds that there is no other."""
LONGEST_REASON = 200
"""Characters of a reason: it stands below the chart."""
REASONS: Mapping[str, str] = {
    "policy": "A new policy or procedure began",
    "help": "A new way to raise concerns or to get help began",
    "people": "More or fewer people were trained to handle concerns",
    "organisation": "The organisation or its regions changed",
    "counting": "What is counted, or how it is recorded, changed",
    "lasting": "The chart itself showed a lasting change",
}
"""What HR chooses from on the page: a sentence in somebody's own words could name a person."""


class Afresh(NamedTuple):
    """A new base as it was set: of which chart, from which month on, why, at an aware instant."""

    chart: str
    month: str
    reason: str
    made_at: datetime


def months() -> list[Period]:
    """The months that have been published, newest first: a base begins with one of them."""
    found = [e for e in snapshots.counted_periods(VOLUMES) if e.length is Length.MONTH]
    return sorted(found, key=lambda each: each.first, reverse=True)


def rebase(series: str, month: str, reason: str, now: datetime) -> Period:
    """Count a chart afresh from a month, in reports made from now on; the same twice is once.

    `reason` is shown below the chart and names nobody. ValueError, in a sentence, where there is no
    such chart or month, or no reason.
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
    """Every base that was ever set, the latest first."""
    return [
        Afresh(SERIES.get(row.series, row.series), _named(row.period), row.reason, row.made_at)
        for row in Rebase.objects.order_by("-made_at", "-pk")
    ]


def _named(period: str) -> str:
    return read_period(period).short
