"""Monitor the deadline sweep and the calendars, and tell those responsible.

The sweep leaves a heartbeat. A missing heartbeat is reported in four places: the first page of
those responsible for the service, `/health/ready`, the log and, where one is set, an address
outside (architecture.md 6).
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings

from grievances.audit.models import Heartbeat
from grievances.cases.actions.key_alarm import ALARM
from grievances.deadlines import clock_check, outside_calls
from grievances.evidence import virus_scan
from grievances.policy import profiles
from grievances.vocabulary import Division

log = logging.getLogger("fairhearing.watch")

SWEEP_LATE = timedelta(minutes=10)
"""A sweep that has not run for this long (10 minutes) has stopped."""
SAY_AGAIN = 600
"""Seconds after which the log repeats what has not changed."""


MAIL = "mail"
"""The name of the row that says when the outbox was last worked off."""
ALARM_SHOWN = timedelta(days=7)
"""How long an alarm about a key is shown (7 days)."""


def record_mail(now: datetime) -> None:
    """Record that the due letters of the outbox were worked off at this moment."""
    Heartbeat.objects.update_or_create(name=MAIL, defaults={"at": now})


def mail_state(now: datetime) -> str:
    """Return `leaving`, `stopped` when it has not left for 10 minutes, or `never ran`."""
    beat = Heartbeat.objects.filter(name=MAIL).first()
    if beat is None:
        return "never ran"
    return "leaving" if now - beat.at <= SWEEP_LATE else "stopped"


def last_sweep() -> datetime | None:
    """Return when the clocks were last swept (UTC); None before the first time."""
    beat = Heartbeat.objects.filter(name="clocks").first()
    return beat.at if beat is not None else None


def sweep_state(now: datetime) -> str:
    """Return `running`, `stopped` or `never ran`; a stopped sweep is logged as well."""
    beat = last_sweep()
    if beat is None:
        return "never ran"
    if now - beat <= SWEEP_LATE:
        return "running"
    _say_stopped(beat, int(now.timestamp()) // SAY_AGAIN)
    return "stopped"


@lru_cache(maxsize=1)
def _say_stopped(beat: datetime, turn: int) -> None:
    """Log a stopped sweep once in ten minutes in each process, however often asked."""
    log.error("the sweep has stopped: it last ran at %s", beat.isoformat("T", "seconds"))


def calendar_state(today: date) -> str:
    """Return `ok`, or when the first calendar ends if that is within 12 months."""
    ends = [end for _, end in profiles.calendars_ending(today)]
    return f"ends {min(ends)}" if ends else "ok"


def key_state(now: datetime) -> str:
    """Return `ok`, or when an alarm about a key was raised in the last 7 days."""
    alarm = Heartbeat.objects.filter(name=ALARM, at__gte=now - ALARM_SHOWN).first()
    return "ok" if alarm is None else f"alarm at {alarm.at.isoformat('T', 'seconds')}"


def _scanner_warnings(state: str) -> list[str]:
    if state == virus_scan.AWAY:
        return [
            "The virus scanner does not answer. New files are kept and not given out. Tell the "
            "operator of this service to start the scanner again."
        ]
    if state == virus_scan.OLD:
        return [
            "The virus scanner knows no virus of the last week. Tell the operator of this service "
            "to let it fetch new signatures."
        ]
    return []


def warnings(now: datetime, today: date) -> list[str]:
    """Return what those responsible for the service must know, in full sentences."""
    found = []
    if clock_check.clock_state() != "ok":
        found.append(
            "The clock of the machine has jumped, so no reminder is sent and nothing is escalated. "
            "Tell the operator of this service to set the clock right or to confirm it."
        )
    found += _sweep_warnings(now)
    if mail_state(now) == "stopped":
        found.append(
            "No mail has left for more than ten minutes. Letters wait, and none is lost. Tell the "
            "operator of this service to look at the mail server and at the mail worker."
        )
    found += _scanner_warnings(virus_scan.state(now))
    if key_state(now) != "ok":
        found.append(
            "A person's key in the database is not the one that this service wrote. Nothing new "
            "is sealed to it. Tell the operator of this service to look into the log at "
            "once."
        )
    return found + [
        f"The bank holidays of {Division(code).label} are known up to {end:%-d %B %Y}. After that "
        "no date can be promised: have the next years loaded with load_holidays."
        for code, end in profiles.calendars_ending(today)
    ]


def _sweep_warnings(now: datetime) -> list[str]:
    """Return the sentence about a sweep that has stopped or never ran, if any."""
    state, beat = sweep_state(now), last_sweep()
    if state == "stopped" and beat is not None:
        local = beat.astimezone(profiles.zone())
        return [
            f"Dates have not been checked since {local:%H:%M on %-d %B %Y}: no reminder is sent "
            "and nothing is escalated. Tell the operator of this service to start the workers "
            "again."
        ]
    if state == "never ran":
        return [
            "Dates have never been checked: no reminder is sent. Tell the operator of this "
            "service to start the workers."
        ]
    return []


def watch_calendars(today: date) -> None:
    """Log every calendar that ends within 12 months; called once a day."""
    for code, end in profiles.calendars_ending(today):
        log.warning("the calendar %s ends on %s: load the next years", code, end)


def watch_gap(now: datetime) -> None:
    """Log, before a sweep, that the one before it is more than 10 minutes ago."""
    beat = last_sweep()
    if beat is not None and now - beat > SWEEP_LATE:
        log.warning("the sweep stood still from %s", beat.isoformat("T", "seconds"))


def ping() -> None:
    """Tell the address outside that the sweep has run.

    A failure is logged and stops nothing. The request carries nothing and follows no redirection.
    The address stays out of the log, because for many services it is the secret.
    """
    if not settings.SWEEP_PING_URL:
        return
    try:
        status = outside_calls.call(settings.SWEEP_PING_URL, headers={})
    except outside_calls.NotReached as error:
        log.warning("the ping of the sweep did not arrive: %s", error)
        return
    if status >= 300:
        log.warning("the address outside answered the ping of the sweep with %s", status)
