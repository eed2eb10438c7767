"""Run daily work once a day, also on a machine that was off at its hour.

When each piece of work began and when it was done is in the database. What has not been done since
its last hour is owed, and is run at the next look. Two schedulers do no harm: the one whose update
of the row succeeds has claimed it. Work that fails, or whose process was killed, is owed again
(architecture.md 6).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from grievances.audit.models import Heartbeat

log = logging.getLogger("fairhearing.daily")

CLAIM = timedelta(hours=2)
"""Two hours, after which begun work is taken to have been killed."""
OVERDUE = timedelta(hours=26)
"""Work that was not done for this long (26 hours) is reported as overdue."""
BEGUN, DONE = "begun ", "done "
NEVER = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True)
class DailyJob:
    """A piece of daily work: its stored name, its hour (local time), what it runs."""

    name: str
    hour: time
    work: Callable[[], object]

    @property
    def begun(self) -> str:
        """The name of the row that says when it was last begun."""
        return BEGUN + self.name

    @property
    def done(self) -> str:
        """The name of the row that says when it was last done."""
        return DONE + self.name

    def last_due(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the last moment, up to `now`, at which this was due."""
        local = now.astimezone(zone)
        due = datetime.combine(local.date(), self.hour, zone)
        return (
            due
            if due <= now
            else datetime.combine(due.date() - timedelta(days=1), due.time(), zone)
        )


def run_owed(jobs: Iterable[DailyJob], now: datetime, zone: ZoneInfo) -> int:
    """Run every job that is owed, one after another; a failing one stops no other.

    In a new database nothing is owed yet: each job is first run at its next hour.

    Returns:
        How many jobs were done.
    """
    return sum(_run(job, now) for job in jobs if _claim(job, now, zone))


def daily_state(now: datetime) -> str:
    """Return `ok`, or which daily work was not done in the last 26 hours."""
    rows = Heartbeat.objects.filter(name__startswith=DONE, at__lt=now - OVERDUE)
    late = sorted(row.name.removeprefix(DONE) for row in rows)
    return f"overdue: {', '.join(late)}" if late else "ok"


def _claim(job: DailyJob, now: datetime, zone: ZoneInfo) -> bool:
    rows = [Heartbeat(name=job.begun, at=NEVER), Heartbeat(name=job.done, at=now)]
    Heartbeat.objects.bulk_create(rows, ignore_conflicts=True)
    if Heartbeat.objects.filter(name=job.done, at__gte=job.last_due(now, zone)).exists():
        return False
    free = Heartbeat.objects.filter(name=job.begun, at__lt=now - CLAIM)
    return free.update(at=now) == 1


def _run(job: DailyJob, now: datetime) -> bool:
    try:
        job.work()
    except Exception as error:  # noqa: BLE001 - any fault; the other work goes on
        log.error("daily work %s failed and is tried again: %s", job.name, type(error).__name__)
        Heartbeat.objects.filter(name=job.begun).update(at=NEVER)
        return False
    # The claim stays: a scheduler that looked before this was done must not claim it once more.
    Heartbeat.objects.filter(name=job.done).update(at=now)
    return True
