"""Operations on stored clocks: start, pause, resume, extend, meet and escalate.

Every operation sets fields on the row it is given and saves nothing: the caller saves within its
own transaction. The caller writes the trail; `replay` rebuilds a row from it. `last_rung` names the
last reminder that was sent *or passed over*. `next_rung_at` is empty while a clock is paused or
completed, which keeps the sweep's index small. Source of the rules: domain.md 5.5, 6.3, 6.4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet

from workflow.calendar import Calendar, Unit
from workflow.clock_state import ClockState, Moment, MomentKind, apply, begin, replay
from workflow.clocks import (
    MOMENT,
    PROMISE,
    WINDOW,
    Clock,
    Reminder,
    paused_due,
    promise_schedule,
    reminder_dates,
    reminder_moments,
    working_days_left,
)

__all__ = [
    "MOMENT",
    "PROMISE",
    "WINDOW",
    "Clock",
    "DeadlineRow",
    "Moment",
    "MomentKind",
    "ClockState",
    "Reminder",
    "Unit",
    "adopt",
    "advance_reminder",
    "due_rows",
    "extend",
    "meet",
    "owed_reminder",
    "pause",
    "paused_due",
    "promise_schedule",
    "clock_state_of",
    "recompute",
    "replay",
    "resume",
    "reminder_dates",
    "start",
    "working_days_left",
]

M = TypeVar("M", bound=Model)


class DeadlineRow(Protocol):
    """What the operations need of a row; `deadline_row.AbstractDeadline` has it."""

    name: str
    anchor_on: date
    started_on: date
    original_due: date
    current_due: date
    paused_on: date | None
    paused_wd: int
    extended_wd: int
    completed_on: date | None
    breached: bool
    level: int
    last_rung: str
    next_rung: str
    next_rung_at: datetime | None
    clock: Clock


def clock_state_of(row: DeadlineRow) -> ClockState:
    """Return the clock state of a started row."""
    return ClockState(**{field.name: getattr(row, field.name) for field in fields(ClockState)})


def start(
    row: DeadlineRow,
    clock: Clock,
    anchor_on: date,
    today: date,
    now: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
) -> None:
    """Start a clock on a row, anchored on `anchor_on` (day 0).

    The anchor may be before today. Reminders whose time has passed are passed over. Escalations
    that are already due are not.
    """
    row.name = clock.name
    row.clock = clock
    row.level = 0
    _settle(row, begin(clock, anchor_on, today, calendar))
    row.last_rung = _passed_over(row, clock, calendar, zone, now)
    _schedule(row, clock, calendar, zone)


def meet(row: DeadlineRow, today: date) -> None:
    """Complete a clock. Late completion is a breach; the escalation level is cleared."""
    clock = row.clock
    at = clock_state_of(row)
    _settle(row, apply(at, Moment(MomentKind.MET, today), clock, _NO_CALENDAR))
    row.level = 0
    _silence(row)


def pause(row: DeadlineRow, today: date) -> None:
    """Pause a clock: reminders stop, the level is frozen. A statutory clock runs on."""
    clock = row.clock
    _settle(row, apply(clock_state_of(row), Moment(MomentKind.PAUSED, today), clock, _NO_CALENDAR))
    if row.paused_on is not None:
        _silence(row)


def resume(
    row: DeadlineRow,
    today: date,
    now: datetime,
    calendar: Calendar,
    clock: Clock,
    zone: ZoneInfo,
) -> None:
    """Resume a paused clock: the due date moves and reminders return (domain.md 6.3)."""
    after = apply(clock_state_of(row), Moment(MomentKind.RESUMED, today), clock, calendar)
    _move(row, after, clock, calendar, zone, now)


def extend(
    row: DeadlineRow,
    days: int,
    today: date,
    now: datetime,
    calendar: Calendar,
    clock: Clock,
    zone: ZoneInfo,
) -> None:
    """Move the due date later by days: working days, or calendar days for other units.

    `original_due` stays, for the statistics (domain.md T35). Fewer than one day is a ValueError,
    too.

    Raises:
        ValueError: The clock is completed.
    """
    if row.completed_on is not None:
        raise ValueError("A completed clock cannot be extended.")
    after = apply(clock_state_of(row), Moment(MomentKind.EXTENDED, today, days), clock, calendar)
    _move(row, after, clock, calendar, zone, now)


def recompute(
    row: DeadlineRow,
    history: Iterable[Moment],
    now: datetime,
    calendar: Calendar,
    clock: Clock,
    zone: ZoneInfo,
) -> None:
    """Replay an open row's history under a changed calendar.

    The due date moves only later (domain.md 6.1). The first promise, `original_due`, and a
    completed clock never change. A holiday within a pause may change how many days the pause
    counts. A holiday beside the due date may change the day of a reminder. Neither moves a due
    date.
    """
    if row.completed_on is not None:
        return
    after, before = replay(history, clock, calendar), row.current_due
    row.paused_wd = after.paused_wd
    row.current_due = max(before, after.current_due)
    _reschedule(row, before, clock, calendar, zone, now)


def adopt(
    row: DeadlineRow,
    history: Sequence[Moment],
    now: datetime,
    calendar: Calendar,
    clock: Clock,
    zone: ZoneInfo,
) -> bool:
    """Count an open row by another clock from its start on.

    A row whose date would come earlier keeps the clock it has, because a promise is never
    shortened. What was promised first, `original_due`, stays.

    Returns:
        Whether the row changed.
    """
    after = replay(history, clock, calendar)
    if row.completed_on is not None or after.current_due < row.current_due:
        return False
    row.name, row.clock, row.paused_on = clock.name, clock, after.paused_on
    recompute(row, history, now, calendar, clock, zone)
    return True


def owed_reminder(
    row: DeadlineRow, clock: Clock, calendar: Calendar, zone: ZoneInfo, now: datetime
) -> Reminder | None:
    """Return the most urgent reminder that is due and not yet sent, or None.

    After an outage several may be due; only the last of them is sent (domain.md 6.4).
    """
    owed = [reminder for reminder, moment in _ahead(row, clock, calendar, zone) if moment <= now]
    return owed[-1] if owed else None


def advance_reminder(
    row: DeadlineRow, fired: str, calendar: Calendar, clock: Clock, zone: ZoneInfo
) -> None:
    """Record that a reminder was sent, with its level and breach; schedule the next.

    Raises:
        ValueError: The clock has no reminder of this name.
    """
    reminder = next((each for each in clock.schedule if each.name == fired), None)
    if reminder is None:
        raise ValueError(f"The clock {clock.name} has no rung {fired!r}.")
    row.last_rung = reminder.name
    row.level = max(row.level, reminder.level)
    row.breached = row.breached or reminder.level > 0
    _schedule(row, clock, calendar, zone)


def due_rows(queryset: QuerySet[M], now: datetime, limit: int) -> QuerySet[M]:
    """Return at most `limit` rows with a reminder due at `now`, the longest due first.

    The partial index that `AbstractDeadline` declares serves this query.
    """
    return queryset.filter(next_rung_at__lte=now).order_by("next_rung_at", "pk")[:limit]


# Pausing and meeting count no days, so they need no holidays.
_NO_CALENDAR = Calendar("none", frozenset(), date.max)


def _settle(row: DeadlineRow, at: ClockState) -> None:
    for field in fields(ClockState):
        setattr(row, field.name, getattr(at, field.name))


def _silence(row: DeadlineRow) -> None:
    row.next_rung = ""
    row.next_rung_at = None


def _move(
    row: DeadlineRow,
    after: ClockState,
    clock: Clock,
    calendar: Calendar,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    before = row.current_due
    _settle(row, after)
    _reschedule(row, before, clock, calendar, zone, now)


def _reschedule(
    row: DeadlineRow,
    before: date,
    clock: Clock,
    calendar: Calendar,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    # A new due date starts the schedule again; an unmoved one goes on from its last reminder.
    if row.current_due != before:
        row.last_rung = _passed_over(row, clock, calendar, zone, now)
    _schedule(row, clock, calendar, zone)


def _passed_over(
    row: DeadlineRow, clock: Clock, calendar: Calendar, zone: ZoneInfo, now: datetime
) -> str:
    """Return the name of the last leading reminder whose time has passed, or ""."""
    last = ""
    for reminder, moment in reminder_moments(
        clock, row.started_on, row.current_due, calendar, zone
    ):
        if reminder.insists or moment > now:
            break
        last = reminder.name
    return last


def _ahead(
    row: DeadlineRow, clock: Clock, calendar: Calendar, zone: ZoneInfo
) -> Sequence[tuple[Reminder, datetime]]:
    """Return the reminders after `last_rung`.

    There are none while the clock is paused or completed.
    """
    if row.paused_on is not None or row.completed_on is not None:
        return []
    order = [reminder.name for reminder in clock.schedule]
    done = order.index(row.last_rung) if row.last_rung in order else -1
    moments = reminder_moments(clock, row.started_on, row.current_due, calendar, zone)
    return [(reminder, moment) for reminder, moment in moments if order.index(reminder.name) > done]


def _schedule(row: DeadlineRow, clock: Clock, calendar: Calendar, zone: ZoneInfo) -> None:
    ahead = _ahead(row, clock, calendar, zone)
    if not ahead:
        _silence(row)
        return
    row.next_rung, row.next_rung_at = ahead[0][0].name, ahead[0][1]
