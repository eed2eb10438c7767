"""What an operator may know of the running service: ages, counts and states.

Each measure is stated once here. A page and the metrics for a monitor show the same ones. None is
about a person, a unit or a single case.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db.models import Min, Sum

from grievances.audit.models import SERVICE, Event, Heartbeat
from grievances.audit.refusals import RefusalCount
from grievances.cases.models.deadlines import Deadline
from grievances.deadlines import clock_check, health
from grievances.evidence import virus_scan
from grievances.operations import checklist, daily_work, redis_cache
from grievances.reports.block_alerts import BLOCKED
from notifications.models import Notice, State

QUEUES = ("celery", "mail")
BROKER_SECONDS = 2.0
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Measure:
    """One number: its name for a monitor, its title on the page, and what it counts.

    `unit` is "age" or "seconds", "bytes", "yes" (1 or 0), or empty for a count. `label` tells
    measures of one name apart. `value` is None where there is nothing to measure yet.
    """

    name: str
    title: str
    value: float | None
    unit: str = ""
    label: str = ""


def collect(now: datetime, today: date) -> Iterator[Measure]:
    """Yield every measure at this moment (UTC); `today` is the local date."""
    yield from _ages(now)
    yield from _letters(now)
    yield from _counts(now, today)
    yield from _states(now)
    yield from _queues()
    free = shutil.disk_usage(_existing(Path(settings.MEDIA_ROOT))).free
    yield Measure("disk_free", "Room left for files", free, "bytes")


def _ages(now: datetime) -> Iterator[Measure]:
    beats = dict(Heartbeat.objects.values_list("name", "at"))

    def age(name: str) -> float | None:
        return (now - beats[name]).total_seconds() if name in beats else None

    yield Measure("sweep_age", "Due dates were last looked at", age("clocks"), "age")
    yield Measure("mail_age", "Letters were last looked at", age(health.MAIL), "age")
    yield Measure("backup_age", "The last backup was made", age(checklist.BACKUP), "age")
    for name in sorted(beats):
        if name.startswith(daily_work.DONE):
            job = name.removeprefix(daily_work.DONE)
            title = f"Daily work “{job.replace('_', ' ')}” was last done"
            yield Measure("daily_work_age", title, age(name), "age", job)


def _letters(now: datetime) -> Iterator[Measure]:
    due = Notice.objects.filter(state=State.QUEUED, next_try_at__lte=now)
    oldest = due.aggregate(at=Min("next_try_at"))["at"]
    late = (now - oldest).total_seconds() if oldest else 0.0
    yield Measure("letters_due", "Letters that are due", due.count())
    yield Measure("letter_oldest", "The oldest of them has been due for", late, "seconds")
    failed = Notice.objects.filter(state=State.FAILED).count()
    yield Measure("letters_failed", "Letters that were given up", failed)


def _counts(now: datetime, today: date) -> Iterator[Measure]:
    late = Deadline.objects.filter(
        completed_on__isnull=True, paused_on__isnull=True, current_due__lt=today
    )
    yield Measure("deadlines_late", "Due dates that have passed", late.count())
    blocked = Event.objects.filter(chain=SERVICE, kind=BLOCKED, at__gt=now - DAY).count()
    yield Measure("reports_blocked", "Report questions refused in the last day", blocked)
    counted = RefusalCount.objects.filter(hour__gt=now - DAY).order_by("kind")
    for kind, count in counted.values("kind").annotate(n=Sum("count")).values_list("kind", "n"):
        yield Measure("refusals", f"Refused in the last day: {kind}", count, "", kind)


def _states(now: datetime) -> Iterator[Measure]:
    states = (
        ("clock_ok", "The clock can be trusted", clock_check.clock_state() == "ok"),
        ("keys_ok", "No alarm about a key", health.key_state(now) == "ok"),
        ("redis_ok", "Redis answers", redis_cache.redis_state() != "away"),
    )
    for name, title, holds in states:
        yield Measure(name, title, float(holds), "yes")
    if virus_scan.is_configured():
        there = virus_scan.state(now) == virus_scan.THERE
        yield Measure(
            "virus_scan_ok", "The virus scanner answers, with new signatures", float(there), "yes"
        )


def _queues() -> Iterator[Measure]:
    if not settings.CELERY_BROKER_URL.startswith(("redis", "unix")):
        return
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_timeout=BROKER_SECONDS,
            socket_connect_timeout=BROKER_SECONDS,
        ) as broker:
            lengths = [int(str(broker.llen(queue))) for queue in QUEUES]
    except redis.RedisError:
        return
    for queue, length in zip(QUEUES, lengths, strict=True):
        yield Measure("queue_length", f"Tasks waiting in “{queue}”", length, "", queue)


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())
