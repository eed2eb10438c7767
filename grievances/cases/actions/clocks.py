"""Start, stop, pause and resume the clocks of a case (domain.md 5.1, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from types import MappingProxyType

from django.db.models import BigIntegerField, QuerySet

from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.roles import ASKED_FOR
from grievances.policy import profiles, retention_schedule
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import NO_AFTERCARE, CloseReason, Role, State
from workflow import deadlines
from workflow.calendar import Calendar
from workflow.clock_state import ClockState
from workflow.clocks import Clock, reminder_moments
from workflow.sql.bulk_sql import change_rows, insert_rows
from workflow.sql.compiled_sql import Bound, CompiledQuery
from workflow.steps import Step

AFTERCARE = (ClockName.CHECKIN_1, ClockName.CHECKIN_3, ClockName.CHECKIN_6, ClockName.SURVEY_B)
KEPT_AFTER_CLOSING = frozenset(
    {
        *AFTERCARE,
        ClockName.SURVEY_A,
        ClockName.SURVEY_AGAIN,
        ClockName.CHECKIN_AGAIN,
        ClockName.ARCHIVE,
        ClockName.RETENTION,
    }
)

MET = [*(field.name for field in fields(ClockState)), "level", "next_rung", "next_rung_at"]
"""The columns that completing a clock may change."""


def sync(
    case: Case, fact: Step, before: str, review_on: date | None, now: datetime, today: date
) -> None:
    """Update the clocks of a case after a step; `review_on` ends a hold (local date)."""
    running = _RUNNING.rows(case=case.pk) if fact.stops else None
    stop(case, fact.stops, today, running=running)
    if fact.pauses:
        _pause(case, today)
    if fact.resumes and case.state != State.ON_HOLD:
        _resume(case, now, today, case.calendar)
    ends: dict[str, date | None] = {ClockName.HOLD_REVIEW: review_on}
    start_all(case, fact.starts, now, today, ends=ends, running=running)
    if case.state == State.CLOSED and before != State.CLOSED:
        _close(case, now, today)


def start(case: Case, name: str, now: datetime, today: date, *, detail: str = "") -> None:
    """Start a clock, unless it is running.

    A change of handler does not give more time.
    """
    start_all(case, [name], now, today, detail=detail)


def start_all(
    case: Case,
    names: Iterable[str],
    now: datetime,
    today: date,
    *,
    detail: str = "",
    ends: Mapping[str, date | None] = MappingProxyType({}),
    running: Iterable[Deadline] | None = None,
) -> None:
    """Start those of these clocks that are not running.

    `ends` are end dates (local) chosen for some of them. `running` are the running clocks of the
    case, where they were read under its lock. It takes two statements for any number of clocks.
    """
    profile, asked = case.profile, tuple(names)
    if profile is None or not asked:
        return
    there = _running(case).filter(name__in=asked) if running is None else running
    known = {row.name for row in there if row.detail == detail and row.completed_on is None}
    rows = []
    for name in dict.fromkeys(asked):
        if name in known:
            continue
        clock = profiles.clock(profile, name, fast_track=case.fast_track, started_on=today)
        end = ends.get(name)
        if end is not None:
            clock = profiles.ending_on(clock, today, end, case.calendar)
        rows.append(_wound_up(case, clock, now, today, detail))
    insert_rows(rows)


def new_rows(case: Case, names: Iterable[str], now: datetime, today: date) -> list[Deadline]:
    """Return running clocks of a new case, not stored yet."""
    if case.profile is None:
        return []
    found = (
        profiles.clock(case.profile, name, fast_track=case.fast_track, started_on=today)
        for name in names
    )
    return [_wound_up(case, clock, now, today, "") for clock in found]


def _wound_up(case: Case, clock: Clock, now: datetime, today: date, detail: str) -> Deadline:
    anchor = case.received_on if clock.anchor == "received" else today
    if clock.name == ClockName.RETENTION and case.closed_on and case.received_on:
        clock = retention_schedule.clock_of(clock, case.close_reason, case.received_on)
        anchor = case.closed_on
    row = Deadline(case=case, detail=detail, episode=case.episode)
    deadlines.start(row, clock, anchor or today, today, now, case.calendar, profiles.zone())
    return row


def stop(
    case: Case,
    names: Iterable[str],
    today: date,
    *,
    detail: str | None = None,
    running: Iterable[Deadline] | None = None,
) -> None:
    """Complete the running clocks of these names.

    "*" means every clock of the work. `detail`, when given, limits it to clocks of that detail.
    `running` are the running clocks of the case, where they were read under its lock.
    """
    names = list(names)
    if not names:
        return
    rows = [
        row
        for row in (_running(case) if running is None else running)
        if ("*" in names or row.name in names) and detail in {None, row.detail}
    ]
    for row in rows:
        deadlines.meet(row, today)
    change_rows(rows, MET)


def stop_unasked(case: Case, today: date) -> None:
    """Complete the clock of every offer that no one is asked to answer any more."""
    offers = [row for row in _running(case) if row.name == ClockName.OFFER]
    if not offers:
        return
    asked = CaseUserObjectPermission.objects.filter(content_object=case)
    waiting = set(asked.values_list("permission__codename", flat=True))
    over = [row for row in offers if ASKED_FOR[Role(row.detail)].value not in waiting]
    for row in over:
        deadlines.meet(row, today)
    change_rows(over, MET)


def _running(case: Case | Bound) -> QuerySet[Deadline]:
    return Deadline.objects.filter(case=case, completed_on__isnull=True)


_RUNNING = CompiledQuery(lambda: _running(Bound("case", BigIntegerField())))


def extend(case: Case, name: str, days: int, now: datetime, today: date) -> None:
    """Move the date of a running clock later by `days` working days.

    The original date does not change.
    """
    row = Deadline.objects.get(case=case, name=name, completed_on__isnull=True)
    calendar = case.calendar
    deadlines.extend(row, days, today, now, calendar, row.clock, profiles.zone())
    row.save()


def preview_pause(case: Case, today: date, until: date) -> list[tuple[str, date, date]]:
    """Return what a pause from today to `until` would do to each promise.

    Each row is (promise, its date now, its date after the pause). Dates are local.
    """
    calendar = case.calendar
    rows = Deadline.objects.filter(
        case=case, completed_on__isnull=True, paused_on__isnull=True, name__in=profiles.PAUSABLE
    )
    return [
        (
            profiles.CLOCKS[row.name],
            row.current_due,
            deadlines.paused_due(row.current_due, today, until, row.clock, calendar),
        )
        for row in rows.order_by("current_due")
    ]


def _pause(case: Case, today: date) -> None:
    rows = Deadline.objects.filter(
        case=case, completed_on__isnull=True, paused_on__isnull=True, name__in=profiles.PAUSABLE
    )
    for row in rows:
        deadlines.pause(row, today)
        row.save()


def _resume(case: Case, now: datetime, today: date, calendar: Calendar) -> None:
    rows = Deadline.objects.filter(case=case, completed_on__isnull=True, paused_on__isnull=False)
    for row in rows:
        clock = row.clock
        deadlines.resume(row, today, now, calendar, clock, profiles.zone())
        row.save()


def _close(case: Case, now: datetime, today: date) -> None:
    running = Deadline.objects.filter(case=case, completed_on__isnull=True)
    names = running.exclude(name__in=KEPT_AFTER_CLOSING).values_list("name", flat=True)
    stop(case, set(names), today)
    fresh = [ClockName.ARCHIVE]
    if CloseReason(case.close_reason) != CloseReason.DUPLICATE_MERGED:
        had_one = Deadline.objects.filter(case=case, name=ClockName.SURVEY_A, episode=case.episode)
        if not had_one.exists():
            fresh.append(ClockName.SURVEY_A)
    if CloseReason(case.close_reason) not in NO_AFTERCARE:
        fresh += AFTERCARE
    start_all(case, fresh, now, today)
    if case.legal_hold:
        put_off_archiving(case)


def put_off_archiving(case: Case) -> None:
    """Stop the sweep from archiving a case under a legal hold.

    Under a legal hold no date archives a case.
    """
    rows = case.deadlines.filter(name=ClockName.ARCHIVE, completed_on__isnull=True)
    rows.update(next_rung_at=None)


def take_up_archiving(case: Case) -> None:
    """Let the sweep archive a case again after its legal hold is lifted.

    The date of archiving counts again, even when it has passed.
    """
    for row in case.deadlines.filter(name=ClockName.ARCHIVE, completed_on__isnull=True):
        moments = reminder_moments(
            row.clock, row.started_on, row.current_due, case.calendar, profiles.zone()
        )
        row.next_rung_at = moments[0][1]
        row.save(update_fields=["next_rung_at"])
