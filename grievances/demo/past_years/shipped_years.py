"""The shipped reports of three made-up years: made by the report builders, kept as a file.

An analyst of the demonstration meets drawings at first start, which the few cases that are walked
could not give. The file holds protected reports and no concern: what stands in it has passed
disclosure control. Every report carries the mark that is shown on its page and in its files.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from grievances.cases.models.case import Case
from grievances.demo.past_years.generator import END, YEARS
from grievances.demo.past_years.rows import write_past
from grievances.demo.scheduler import SWEEP
from grievances.policy import profiles
from grievances.reports import snapshots
from grievances.reports.builders import Run, find_due, find_due_for_publication, first_day
from grievances.reports.catalogue import SATISFACTION
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.layout.document import Document
from grievances.reports.layout.html import write_page
from grievances.reports.layout.workbook import write_workbook
from grievances.reports.periods import Length, Period, read_period, year_of
from grievances.reports.snapshot_models import Snapshot
from workflow.calendar import at_local

FILE = Path(__file__).parent / "past_years.jsonl.gz"
MARK = "These figures are made up for the demonstration."
SAMPLE = "2021-22-Q3"
"""The first quarter there is: only to be compared with, and never loaded."""
QUARTERS_OF = YEARS[-1]
"""The year whose quarters are shipped beside it."""


@dataclass(frozen=True)
class Made:
    """A report as it is shipped: for whom, and the sections that have a drawing."""

    audience: str
    drawn: tuple[str, ...]
    document: Document

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON data."""
        body = self.document.to_json()
        return {"audience": self.audience, "drawn": list(self.drawn), "body": body}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Made:
        """Read what `to_json` wrote."""
        return cls(data["audience"], tuple(data["drawn"]), Document.from_json(data["body"]))


@dataclass(frozen=True)
class Shipped:
    """All that is shipped, and the digest of the facts it was counted from."""

    digest: str
    reports: tuple[Made, ...]


def read() -> Shipped:
    """What the file holds."""
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        first, *rest = map(json.loads, file)
    return Shipped(first["facts"], tuple(map(Made.from_json, rest)))


def write(shipped: Shipped) -> None:
    """Write the file: the same reports give the same bytes."""
    lines = [{"facts": shipped.digest, "mark": MARK}, *(made.to_json() for made in shipped.reports)]
    words = "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines)
    with FILE.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(words.encode())


def rebuild(
    until: date = END, tell: Callable[[int, int], None] = lambda done, total: None
) -> Shipped:
    """Draw the concerns, count the reports of all periods that end by `until`, and keep none of it.

    Needs a database without a concern (ValueError), with holidays. `tell` hears how far it is.
    """
    if Case.unguarded.exists():
        raise ValueError("The made-up years are counted in an empty database only.")
    with transaction.atomic():
        digest = write_past(until)
        today = until + timedelta(days=SATISFACTION.lag_days + 1)
        now = at_local(today, SWEEP, profiles.zone())
        # Reports of a month that has not ended for its surveys are not due, revisions not wanted.
        due = [
            one
            for one in (*find_due(today), *find_due_for_publication(today))
            if one.edition == 1 and one.period.last <= until
        ]
        Run(now, tell).make(due)
        made = tuple(_made())
        transaction.set_rollback(True)
    return Shipped(digest, made)


def load(now: datetime) -> int:
    """Keep the shipped reports of the years before the organisation's own; returns how many.

    `now` (UTC) is when they are published here. RuntimeError in production.
    """
    if settings.PRODUCTION:
        raise RuntimeError("Made-up figures are refused in production.")
    first = first_day()
    before = None if first is None else year_of(first).first
    found = [
        made
        for made in read().reports
        if made.document.period != SAMPLE and (before is None or made.document.until < before)
    ]
    with transaction.atomic():
        for made in found:
            _keep(made, now)
    return len(found)


def _keep(made: Made, now: datetime) -> None:
    """Draw and write a report as its builder would have done, and keep it."""
    document, charts, forms = made.document, {}, snapshots.Forms()
    if made.audience == snapshots.INTERNAL:
        charts = {s.key: chart_of(s) for s in document.sections if s.key in made.drawn}
        forms = snapshots.Forms(write_page(document, charts), write_workbook(document, now))
    snapshots.keep(document, charts, snapshots.Edition(made.audience, 1, now), forms)


def _made() -> Iterator[Made]:
    for row in Snapshot.objects.order_by("period", "audience", "pk"):
        period = read_period(row.period)
        if _is_wanted(period):
            document = Document.from_json(row.body).marked(MARK)
            drawn = tuple(s.key for s in document.sections if s.key in row.charts)
            yield Made(row.audience, drawn, document)


def _is_wanted(period: Period) -> bool:
    if period.name in (*YEARS, SAMPLE):
        return True
    return period.length is Length.QUARTER and period.parent().name == QUARTERS_OF
