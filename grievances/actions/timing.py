"""Which clocks a step starts, stops, pauses and resumes (domain.md 5.1, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from grievances import policy, retention
from grievances.models import Case, Deadline
from grievances.vocabulary import NO_AFTERCARE, CloseReason, State
from workflow import deadlines
from workflow.calendar import Calendar
from workflow.clocks import rung_moments
from workflow.steps import Step

AFTERCARE = ("CHECKIN_1", "CHECKIN_3", "CHECKIN_6", "SURVEY_B")
KEPT_AFTER_CLOSING = frozenset(
    {*AFTERCARE, "SURVEY_A", "SURVEY_AGAIN", "CHECKIN_AGAIN", "ARCHIVE", "RETENTION"}
)


def sync(
    case: Case, fact: Step, before: str, answers: Mapping[str, Any], now: datetime, today: date
) -> None:
    """Bring the clocks of a case in step with what has just happened to it."""
    calendar = case.calendar
    stop(case, fact.stops, today)
    if fact.pauses:
        _pause(case, today)
    if fact.resumes and case.state != State.ON_HOLD:
        _resume(case, now, today, calendar)
    for name in fact.starts:
        end = answers.get("review_on") if name == "HOLD_REVIEW" else None
        start(case, name, now, today, end=end)
    if case.state == State.CLOSED and before != State.CLOSED:
        _close(case, now, today)


def start(
    case: Case, name: str, now: datetime, today: date, *, detail: str = "", end: date | None = None
) -> Deadline | None:
    """Start a clock, unless it is running: a change of handler does not buy time."""
    running = Deadline.objects.filter(case=case, name=name, detail=detail)
    if case.profile is None or running.filter(completed_on__isnull=True).exists():
        return None
    calendar = case.calendar
    clock = policy.clock(case.profile, name, fast_track=case.fast_track, started_on=today)
    if end is not None:
        clock = policy.ending_on(clock, today, end, calendar)
    anchor = case.received_on if clock.anchor == "received" else today
    if name == "RETENTION" and case.closed_on and case.received_on:
        clock = retention.clock_of(clock, case.close_reason, case.received_on)
        anchor = case.closed_on
    row = Deadline(case=case, detail=detail, episode=case.episode)
    deadlines.start(row, clock, anchor or today, today, now, calendar, policy.zone())
    row.save()
    return row


def stop(case: Case, names: Iterable[str], today: date, *, detail: str | None = None) -> None:
    """Complete the running clocks of these names; "*" is every clock of the work."""
    rows = Deadline.objects.filter(case=case, completed_on__isnull=True)
    names = list(names)
    if "*" not in names:
        rows = rows.filter(name__in=names)
    if detail is not None:
        rows = rows.filter(detail=detail)
    for row in rows:
        deadlines.meet(row, today)
        row.save()


def extend(case: Case, name: str, days: int, now: datetime, today: date) -> None:
    """Move the date of a running clock later by working days; the original date stays."""
    row = Deadline.objects.get(case=case, name=name, completed_on__isnull=True)
    calendar = case.calendar
    deadlines.extend(row, days, today, now, calendar, deadlines.clock_of(row), policy.zone())
    row.save()


def preview_pause(case: Case, today: date, until: date) -> list[tuple[str, date, date]]:
    """(promise, its date now, its date if paused today and resumed on `until`)."""
    calendar = case.calendar
    rows = Deadline.objects.filter(
        case=case, completed_on__isnull=True, paused_on__isnull=True, name__in=policy.PAUSABLE
    )
    return [
        (
            policy.CLOCKS[row.name],
            row.current_due,
            deadlines.paused_due(row.current_due, today, until, deadlines.clock_of(row), calendar),
        )
        for row in rows.order_by("current_due")
    ]


def _pause(case: Case, today: date) -> None:
    rows = Deadline.objects.filter(
        case=case, completed_on__isnull=True, paused_on__isnull=True, name__in=policy.PAUSABLE
    )
    for row in rows:
        deadlines.pause(row, today)
        row.save()


def _resume(case: Case, now: datetime, today: date, calendar: Calendar) -> None:
    rows = Deadline.objects.filter(case=case, completed_on__isnull=True, paused_on__isnull=False)
    for row in rows:
        clock = deadlines.clock_of(row)
        deadlines.resume(row, today, now, calendar, clock, policy.zone())
        row.save()


def _close(case: Case, now: datetime, today: date) -> None:
    running = Deadline.objects.filter(case=case, completed_on__isnull=True)
    names = running.exclude(name__in=KEPT_AFTER_CLOSING).values_list("name", flat=True)
    stop(case, set(names), today)
    if CloseReason(case.close_reason) != CloseReason.DUPLICATE_MERGED:
        had_one = Deadline.objects.filter(case=case, name="SURVEY_A", episode=case.episode)
        if not had_one.exists():
            start(case, "SURVEY_A", now, today)
    if CloseReason(case.close_reason) not in NO_AFTERCARE:
        for name in AFTERCARE:
            start(case, name, now, today)
    start(case, "ARCHIVE", now, today)
    if case.legal_hold:
        put_off_archiving(case)


def put_off_archiving(case: Case) -> None:
    """Under a legal hold no date archives a case: the sweep is not asked to."""
    rows = case.deadlines.filter(name="ARCHIVE", completed_on__isnull=True)
    rows.update(next_rung_at=None)


def take_up_archiving(case: Case) -> None:
    """The hold is lifted: the date of archiving counts again, also when it has passed."""
    for row in case.deadlines.filter(name="ARCHIVE", completed_on__isnull=True):
        moments = rung_moments(
            deadlines.clock_of(row), row.started_on, row.current_due, case.calendar, policy.zone()
        )
        row.next_rung_at = moments[0][1]
        row.save(update_fields=["next_rung_at"])
