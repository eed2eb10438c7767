"""Reports as they were built: kept for good, the newest one read. Plain Python and the ORM."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from grievances.models import Snapshot
from grievances.reports.catalogue import Period, Report, read_period
from grievances.reports.document import Document


class Built(NamedTuple):
    """A document as it was built, with the drawings of its sections, at an aware instant."""

    document: Document
    charts: dict[str, str]
    made_at: datetime


def keep(document: Document, charts: dict[str, str], audience: str, now: datetime) -> bool:
    """Keep a report beside the earlier ones; False where the newest says the same."""
    before = _rows(document.report).filter(period=document.period).first()
    body = document.to_json()
    if before is not None and before.body == body and before.charts == charts:
        return False
    Snapshot.objects.create(
        report=document.report,
        period=document.period,
        audience=audience,
        made_at=now,
        body=body,
        charts=charts,
    )
    return True


def latest(report: Report | str, period: str) -> Built | None:
    """The newest snapshot of a report for a period."""
    name = report if isinstance(report, str) else report.name
    row = _rows(name).filter(period=period).first()
    if row is None:
        return None
    return Built(Document.from_json(row.body), dict(row.charts), row.made_at)


def periods(report: Report) -> list[Period]:
    """The periods that have a snapshot: newest year first, each before its quarters."""
    names = set(_rows(report.name).values_list("period", flat=True))
    found = [read_period(name) for name in names]
    return sorted(found, key=lambda period: (period.name[:7], period.is_year, period.name))[::-1]


def best_period(report: Report) -> Period | None:
    """The period to open first: the newest year with a share to show, else the newest year."""
    years = [period for period in periods(report) if period.is_year]
    for year in years:
        built = latest(report, year.name)
        if built is not None and built.document.shows_a_share():
            return year
    return years[0] if years else None


def _rows(report: str) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(report=report).order_by("-made_at", "-pk")
