"""The shipped reports of three made-up years: built once and kept as a file.

They give an analyst of the demonstration charts at first start; the few demonstration cases could
not. The file has protected reports and no concern: all of it has passed disclosure control. Every
report has the mark that is shown on its page and in its files.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

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
from workflow.json_values import JsonObject

FILE = Path(__file__).parent / "past_years.jsonl.gz"
MARK = "These figures are made up for the demonstration."
SAMPLE = "2021-22-Q3"
"""The first quarter there is. It is only compared with others, and never loaded."""
QUARTERS_OF = YEARS[-1]
"""The year whose quarters are shipped as well."""


@dataclass(frozen=True)
class Made:
    """A report as it is shipped: its audience, and the sections that have a chart."""

    audience: str
    drawn: tuple[str, ...]
    document: Document

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        body = self.document.to_json()
        return {"audience": self.audience, "drawn": list(self.drawn), "body": body}

    @classmethod
    def from_json(cls, data: JsonObject) -> Made:
        """Return the object that `to_json` wrote."""
        return cls(data["audience"], tuple(data["drawn"]), Document.from_json(data["body"]))


@dataclass(frozen=True)
class Shipped:
    """All that is shipped, and the digest of the facts it was counted from."""

    digest: str
    reports: tuple[Made, ...]


def read() -> Shipped:
    """Return the contents of the file."""
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
    """Return the reports of all periods that end by the local date `until`.

    The concerns are drawn, counted, and removed again. It needs holidays, and a database without a
    concern. `tell` is called with (done, total) after each report.

    Raises:
        ValueError: The database has a concern.
    """
    if Case.unguarded.exists():
        raise ValueError("The made-up years are counted in an empty database only.")
    with transaction.atomic():
        digest = write_past(until)
        today = until + timedelta(days=SATISFACTION.lag_days + 1)
        now = at_local(today, SWEEP, profiles.zone())
        # Reports whose surveys have not closed are not due, and revisions are not wanted.
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
    """Return how many shipped reports were stored.

    They are those of the years before the organisation's own. `now` (UTC) is when they are
    published here.

    Raises:
        RuntimeError: It is production.
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
    """Draw and write a report as its builder would have done, and store it."""
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
