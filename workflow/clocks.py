"""What a clock is and how it counts: pure functions, no rows, no present time.

Source of the rules: domain.md 4 (clocks as data), 5.5 (escalation), 6.2-6.4 (counting, pausing,
reminders).
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from workflow.calendar import Calendar, Unit, add_amount, at_local
from workflow.json_values import JsonMapping, JsonObject

MORNING = time(9, 0)
MIDNIGHT = time(0, 0)


@dataclass(frozen=True)
class Reminder:
    """A reminder, an escalation or a lapse of a clock, dated from the due date.

    `offset` counts in `unit` from the due date, negative before it; `at` is a local time. `level`
    is the escalation level it raises to (0 for none). One that `insists` is sent even when its date
    had passed before the clock started or moved. Escalations, the lapse of a window and the moment
    itself insist; plain reminders do not (domain.md 6.4).
    """

    name: str
    offset: int
    unit: Unit = Unit.WD
    at: time = MORNING
    level: int = 0
    insists: bool = False

    def to_json(self) -> JsonObject:
        """Return the reminder as plain JSON, to be stored with the clock."""
        return {
            "name": self.name,
            "offset": self.offset,
            "unit": self.unit.value,
            "at": self.at.isoformat("minutes"),
            "level": self.level,
            "insists": self.insists,
        }

    @classmethod
    def from_json(cls, body: JsonMapping) -> Self:
        """Return the reminder that `to_json` wrote."""
        return cls(
            name=body["name"],
            offset=body["offset"],
            unit=Unit(body["unit"]),
            at=time.fromisoformat(body["at"]),
            level=body["level"],
            insists=body["insists"],
        )


REMINDER_DAYS = (-5, -1, 0)
"""Working days from the due day of the reminders that every promise has."""
ESCALATION_DAYS = (1, 5, 10)
"""Working days after the due day at which a missed promise is escalated."""


def promise_schedule(
    reminders: tuple[int, ...] = REMINDER_DAYS, escalation: tuple[int, ...] = ESCALATION_DAYS
) -> tuple[Reminder, ...]:
    """Return the schedule of a promise: reminders, then escalations.

    A reminder may be on the due date itself. Offsets are working days. Names: `minus5`, `minus1`,
    `on_day`, `L1`, `L2`, `L3`.
    """
    before = [Reminder(f"minus{-n}" if n else "on_day", n) for n in sorted(reminders)]
    after = [
        Reminder(f"L{level}", n, level=level, insists=True)
        for level, n in enumerate(sorted(escalation), start=1)
    ]
    return (*before, *after)


PROMISE = promise_schedule()
WINDOW = (Reminder("lapse", 1, Unit.CD, MIDNIGHT, insists=True),)
MOMENT = (Reminder("due", 0, Unit.CD, insists=True),)


@dataclass(frozen=True)
class Clock:
    """A named amount of time that runs from an anchor (domain.md 4).

    A `statutory` clock never pauses (domain.md 6.3). `roll` moves a due date in calendar days or
    months to the next working day. The schedule is ordered by date.
    """

    name: str
    anchor: str
    amount: int
    unit: Unit
    roll: bool = False
    statutory: bool = False
    schedule: tuple[Reminder, ...] = PROMISE

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, field.name) for field in fields(self)))

    def __hash__(self) -> int:
        # Computed once, because a sweep looks up the dates of a clock by it thousands of times.
        return self._hash

    @property
    def is_promise(self) -> bool:
        """True if being late is a breach; a lapsed window or moment is no one's fault."""
        return any(reminder.level for reminder in self.schedule)

    def to_json(self) -> JsonObject:
        """Return the clock as plain JSON, to be stored with the row it started."""
        return {
            "name": self.name,
            "anchor": self.anchor,
            "amount": self.amount,
            "unit": self.unit.value,
            "roll": self.roll,
            "statutory": self.statutory,
            "ladder": [reminder.to_json() for reminder in self.schedule],
        }

    @classmethod
    def from_json(cls, body: JsonMapping) -> Self:
        """Return the clock that `to_json` wrote."""
        return cls(
            name=body["name"],
            anchor=body["anchor"],
            amount=body["amount"],
            unit=Unit(body["unit"]),
            roll=body["roll"],
            statutory=body["statutory"],
            schedule=tuple(Reminder.from_json(reminder) for reminder in body["ladder"]),
        )


def first_due(clock: Clock, anchor_on: date, calendar: Calendar) -> date:
    """Return the due date of a clock anchored on a local date, which is day 0."""
    return add_amount(anchor_on, clock.amount, clock.unit, calendar, clock.roll)


def paused_due(
    due: date, paused_on: date, resumed_on: date, clock: Clock, calendar: Calendar
) -> date:
    """Return the due date after a pause over (paused_on, resumed_on] (domain.md 6.3).

    A pause after the due date, or of a statutory clock, changes nothing.

    Raises:
        ValueError: The clock is resumed before the pause began.
    """
    if resumed_on < paused_on:
        raise ValueError("A clock cannot resume before it was paused.")
    if clock.statutory or paused_on > due:
        return due
    if clock.unit is Unit.WD:
        # A due date that a later holiday has closed would otherwise move earlier.
        return max(due, calendar.add(resumed_on, calendar.between(paused_on, due)))
    return extended_due(due, (resumed_on - paused_on).days, clock, calendar)


def paused_days(
    due: date, paused_on: date, resumed_on: date, clock: Clock, calendar: Calendar
) -> int:
    """Return the days a pause takes out.

    They are working days, or calendar days for clocks in other units.
    """
    if clock.statutory or paused_on > due:
        return 0
    if clock.unit is Unit.WD:
        return calendar.between(paused_on, resumed_on)
    return (resumed_on - paused_on).days


def extended_due(due: date, days: int, clock: Clock, calendar: Calendar) -> date:
    """Return the due date moved by days.

    They are working days, or calendar days for clocks in other units.
    """
    if clock.unit is Unit.WD:
        return calendar.add(due, days)
    moved = due + timedelta(days=days)
    return calendar.roll(moved) if clock.roll else moved


def working_days_left(due: date, today: date, calendar: Calendar) -> int:
    """Return the working days in (today, due]; negative once late, by as many days."""
    return calendar.between(today, due) if today <= due else -calendar.between(due, today)


def reminder_dates(
    clock: Clock, started_on: date, due: date, calendar: Calendar
) -> dict[str, date | None]:
    """Return the local date of each reminder, in schedule order.

    None is for a reminder dated on or before the start: it is never sent. Source: domain.md 6.4,
    V24, V25.
    """
    dates: dict[str, date | None] = {}
    for reminder in clock.schedule:
        day = add_amount(due, reminder.offset, reminder.unit, calendar)
        dates[reminder.name] = day if reminder.insists or day > started_on else None
    return dates


@lru_cache(maxsize=4096)
def reminder_moments(
    clock: Clock, started_on: date, due: date, calendar: Calendar, zone: ZoneInfo
) -> tuple[tuple[Reminder, datetime], ...]:
    """Return the reminders that will be sent, each with its aware UTC instant.

    They are in schedule order. Cached, because a sweep asks three times for each row, and many rows
    share their dates.
    """
    dates = reminder_dates(clock, started_on, due, calendar)
    return tuple(
        (reminder, at_local(day, reminder.at, zone))
        for reminder in clock.schedule
        if (day := dates[reminder.name]) is not None
    )
