"""Build reports of made-up facts, as the tests of their contents read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.layout.document import Document
from grievances.reports.periods import read_period

NOW = datetime(2023, 6, 1, 9, tzinfo=UTC)
TODAY = date(2023, 6, 1)
NET = "Working days, time on hold taken off"
UPHELD = "Upheld or partly upheld, of those concluded"


def made(*names: str, period: str = "2022-23") -> dict[str, Document]:
    """These reports of one period, by their names."""
    reports = catalogue.REPORTS
    run = Run(NOW)
    run.make([Due(reports[name], read_period(period)) for name in names])
    return run.made[snapshots.INTERNAL, period]


def only(name: str, period: str = "2022-23") -> Document:
    return made(name, period=period)[name]
