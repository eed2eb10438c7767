"""Stop the sweep when the clock of the machine has jumped.

An escalation cannot be taken back. The time that passed since the process started is counted by a
second clock, which no one can set. On PostgreSQL the clock of the database is compared as well.
A machine that slept, or was off for some days, goes on by itself (architecture.md 6). After more
than 14 days it does so where the kernel says that a time server keeps its clock, since nothing else
tells an outage from a wrong clock. A last sweep in the future is always a wrong clock, now or then.
"""

from __future__ import annotations

import ctypes
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from grievances.audit.models import Heartbeat

log = logging.getLogger("fairhearing.watch")

JUMP = timedelta(hours=1)
"""A clock that is this far (one hour) from where it should be has jumped."""
APART = timedelta(minutes=5)
"""The most (five minutes) that this machine and the database may differ."""
LONGEST_PAUSE = timedelta(days=14)
TIME_ERROR = 5
"""What adjtimex(2) returns for a clock that nothing keeps right."""
REMEDY = "set it right, or run manage.py confirm_clock if it is right now"
JUMPED, CONFIRMED = "clock jumped", "clock confirmed"


@dataclass(frozen=True)
class Anchor:
    """A moment by the clock on the wall (UTC) and by the one that counts from boot."""

    wall: datetime
    elapsed: float

    def expected(self) -> datetime:
        """Return what the clock on the wall should show now (UTC)."""
        return self.wall + timedelta(seconds=elapsed() - self.elapsed)


def elapsed() -> float:
    """Return the seconds since the machine started, sleep included."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Process:
    """The anchor of this process, taken at its first sweep and after a confirmation."""

    anchor: Anchor | None = None


def is_trusted(now: datetime) -> bool:
    """Return whether the clock may be trusted; a fault is logged and stored.

    `now` is what the clock of the machine shows (UTC). A moved clock (FAKE_NOW) is always trusted,
    because it is moved on purpose.
    """
    if settings.FAKE_NOW is not None:
        return True
    fault = _fault(now)
    if not fault:
        Heartbeat.objects.filter(name=JUMPED).delete()
        return True
    log.error("the sweep waits: %s", fault)
    _store(JUMPED, now)
    return False


def confirm(now: datetime) -> None:
    """Store the operator's word that the clock of the machine is right at `now` (UTC)."""
    _store(CONFIRMED, now)


def clock_state() -> str:
    """Return `ok`, or `jumped` while the sweep waits for the clock or for a word."""
    return "jumped" if Heartbeat.objects.filter(name=JUMPED).exists() else "ok"


def _fault(now: datetime) -> str:
    """Return what is wrong with the clock, or an empty text."""
    apart = _database_time(now) - now
    if abs(apart) > APART:
        seconds = int(apart.total_seconds())
        return f"the clock of the database differs by {seconds} seconds: set both right"
    confirmed = Heartbeat.objects.filter(name=CONFIRMED, at__range=(now - JUMP, now + JUMP))
    if confirmed.exists():
        Process.anchor = Anchor(now, elapsed())
        return ""
    if Process.anchor is None:
        Process.anchor = Anchor(now, elapsed())
    drift = now - Process.anchor.expected()
    if abs(drift) > JUMP:
        return f"the clock jumped by {int(drift.total_seconds())} seconds: {REMEDY}"
    swept = Heartbeat.objects.filter(name="clocks").first()
    if swept is None or settings.DEMONSTRATION:
        return ""
    return _pause_fault(now - swept.at)


def _pause_fault(pause: timedelta) -> str:
    """Return what a pause since the last sweep says of the clock, or an empty text."""
    if pause < -JUMP:
        return f"the last sweep is {int(-pause.total_seconds())} seconds in the future: {REMEDY}"
    if pause > LONGEST_PAUSE and not is_kept_by_time_server():
        return f"the last sweep is {pause.days} days ago: {REMEDY}"
    return ""


def is_kept_by_time_server() -> bool:
    """Return whether a time server keeps this machine's clock, as Linux says."""
    try:
        # An empty `struct timex` asks and sets nothing; 512 bytes are more than it has anywhere.
        state = int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))
    except (OSError, AttributeError):
        return False
    return 0 <= state < TIME_ERROR


def _database_time(now: datetime) -> datetime:
    """Return the time of the database server; with SQLite that of this machine."""
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def _store(name: str, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})
