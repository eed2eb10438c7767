"""Published reports: stored for good, never rewritten. Plain Python and the ORM."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Case as Choose
from django.db.models import Q, QuerySet, Value, When

from grievances.reports.catalogue import Report
from grievances.reports.layout.document import Document
from grievances.reports.periods import Length, Period, read_period
from grievances.reports.readers.first_sentence import NO_ANSWER, NO_FIGURE
from grievances.reports.snapshot_models import ReportRun, Snapshot

INTERNAL, PUBLISHED = "internal", "published"


class Built(NamedTuple):
    """A document as it was built, with its charts, at an aware instant."""

    document: Document
    charts: dict[str, str]
    made_at: datetime
    edition: int


class Edition(NamedTuple):
    """The audience of a report, its edition, and the aware instant it was made."""

    audience: str
    number: int
    made_at: datetime


class Forms(NamedTuple):
    """The forms of a report that are made once and stored: page and workbook."""

    page: str = ""
    workbook: bytes = b""


def keep(document: Document, charts: dict[str, str], edition: Edition, forms: Forms) -> None:
    """Store a report.

    Raises IntegrityError where this edition of the period is already stored.
    """
    Snapshot.objects.create(
        report=document.report,
        period=document.period,
        audience=edition.audience,
        edition=edition.number,
        made_at=edition.made_at,
        body=document.to_json(),
        charts=charts,
        page=forms.page,
        workbook=forms.workbook,
    )


def published(name: str, period: str, audience: str = INTERNAL) -> Built | None:
    """Return the first edition of a report for a period: what was published.

    Returns None where there is none.
    """
    row = (
        _rows(name, audience)
        .filter(period=period)
        .defer("workbook", "page")
        .order_by("edition")
        .first()
    )
    return None if row is None else _read(row)


def revised(name: str, period: str, audience: str = INTERNAL) -> Built | None:
    """Return the latest revision of a published report; None where there is none."""
    row = _rows(name, audience).filter(period=period, edition__gt=1).order_by("-edition").first()
    return None if row is None else _read(row)


def documents(name: str, length: int, audience: str = INTERNAL) -> list[Document]:
    """Return the published documents of the periods of one length, in order."""
    found = [
        period
        for period in map(read_period, _rows(name, audience).values_list("period", flat=True))
        if period.length == length
    ]
    names = [period.name for period in sorted(set(found), key=lambda period: period.first)]
    rows = _rows(name, audience).filter(period__in=names, edition=1)
    bodies = dict(rows.values_list("period", "body"))
    return [Document.from_json(bodies[name]) for name in names if name in bodies]


def periods(report: Report, audience: str = INTERNAL) -> list[Period]:
    """Return the periods that have a snapshot.

    The newest year is first, and each year is before its quarters and months.
    """
    return _newest_first(_rows(report.name, audience).values_list("period", flat=True))


def counted_periods(report: Report) -> list[Period]:
    """Return the periods counted from the organisation's own concerns."""
    rows = _rows(report.name, INTERNAL)
    own = rows.filter(Q(body__mark="") | Q(body__mark__isnull=True))
    return _newest_first(own.values_list("period", flat=True))


class Headline(NamedTuple):
    """The answer of a report for one period, and whether it has a chart."""

    period: Period
    lead: str
    is_drawn: bool


def best_period(report: Report) -> Period | None:
    """Return the period to open first.

    It is the newest year with an answer and a chart, else the newest such quarter. Where there is
    neither, it is the newest of the longest periods.
    """
    found = headlines(report.name).get(report.name)
    return None if found is None else found.period


def headlines(only: str = "") -> dict[str, Headline]:
    """Return the answer of each report for the period to open first.

    `only` is the name of one report. A report without a snapshot has none.
    """
    rows = Snapshot.objects.filter(audience=INTERNAL, edition=1)
    rows = rows.filter(report=only) if only else rows
    drawn = When(charts={}, then=Value(value=False))
    rows = rows.annotate(drawn=Choose(drawn, default=Value(value=True)))
    every: dict[str, list[Headline]] = defaultdict(list)
    for name, period, lead, is_drawn in rows.values_list("report", "period", "body__lead", "drawn"):
        every[name].append(Headline(read_period(period), lead, is_drawn))
    return {name: max(found, key=_worth) for name, found in every.items()}


def released_years() -> list[Period]:
    """Return the years with figures that may be given to everyone, the newest first."""
    rows = Snapshot.objects.filter(audience=PUBLISHED, edition=1)
    found = {read_period(name) for name in rows.values_list("period", flat=True).distinct()}
    years = [each for each in found if each.length is Length.YEAR]
    return sorted(years, key=lambda each: each.first, reverse=True)


def released_leads(period: str) -> list[tuple[str, str, str]]:
    """Return (report, answer, mark) of what may be given to everyone for a year.

    `mark` says that figures are made up. An answer that gives no figure is left out.
    """
    rows = Snapshot.objects.filter(audience=PUBLISHED, edition=1, period=period)
    found = rows.order_by("report").values_list("report", "body__lead", "body__mark")
    return [(name, lead, mark or "") for name, lead, mark in found if lead not in NO_FIGURE]


def _worth(one: Headline) -> tuple[bool, Length, date]:
    """Return how good a period is to open first: the greatest is the best."""
    answers = one.is_drawn and one.lead not in NO_ANSWER and one.period.length is not Length.MONTH
    return answers, one.period.length, one.period.first


def bodies(names: Iterable[str], of: Iterable[Period]) -> dict[tuple[str, str], Document]:
    """Return the published documents of some reports and periods, by (report, period)."""
    rows = Snapshot.objects.filter(audience=INTERNAL, edition=1, report__in=list(names))
    rows = rows.filter(period__in=[period.name for period in of])
    found = rows.values_list("report", "period", "body")
    return {(name, period): Document.from_json(body) for name, period, body in found}


def editions(audience: str) -> dict[tuple[str, str], int]:
    """Return the number of editions of each (report, period)."""
    rows = Snapshot.objects.filter(audience=audience).order_by("edition")
    return {(r, p): e for r, p, e in rows.values_list("report", "period", "edition")}


class Page(NamedTuple):
    """The body of a page as it was published, and its aware instant."""

    html: str
    made_at: datetime


def page(name: str, period: str, audience: str = INTERNAL) -> Page | None:
    """Return the published page for a period; nothing is computed again."""
    rows = _rows(name, audience).filter(period=period).order_by("edition")
    found = rows.values_list("page", "made_at").first()
    return None if found is None else Page(*found)


def workbook(name: str, period: str, audience: str = INTERNAL) -> bytes:
    """Return the published Excel workbook; empty where there is none."""
    rows = _rows(name, audience).filter(period=period).order_by("edition")
    found = rows.values_list("workbook", flat=True).first()
    return bytes(found or b"")


def _read(row: Snapshot) -> Built:
    return Built(Document.from_json(row.body), dict(row.charts), row.made_at, row.edition)


def _newest_first(names: Iterable[str]) -> list[Period]:
    found = map(read_period, set(names))
    return sorted(found, key=lambda p: (p.name[:7], p.length, p.first), reverse=True)


def _rows(report: str, audience: str) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(report=report, audience=audience)


class Progress(NamedTuple):
    """The progress of a run that makes reports."""

    done: int
    total: int


STALE = timedelta(hours=1)
"""The time after which a silent run counts as killed."""


def begin_run(now: datetime) -> int:
    """Return the number of a new run, which is recorded as started."""
    return ReportRun.objects.create(started_at=now).pk


def tell_run(run: int, done: int, total: int) -> None:
    """Record the progress of a run."""
    ReportRun.objects.filter(pk=run).update(done=done, total=total)


def end_run(run: int, now: datetime, *, failed: bool = False) -> None:
    """Record that a run has ended."""
    ReportRun.objects.filter(pk=run).update(finished_at=now, failed=failed)


def run_in_progress(now: datetime) -> Progress | None:
    """Return the progress of the run that is going on; None where there is none."""
    rows = ReportRun.objects.filter(finished_at__isnull=True, started_at__gt=now - STALE)
    row = rows.order_by("-pk").first()
    return Progress(row.done, row.total) if row is not None and row.total else None
