"""When a decision may reach its reader: not when there is no one to turn to afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from grievances.policy import profiles
from workflow.calendar import Calendar

FRIDAY, NOON = 4, 12


def is_bad_time(now: datetime, days: Calendar) -> bool:
    """Tell whether a decision given now leaves its reader alone with it.

    That is so on a Friday afternoon (local time), and on the last working day before a bank
    holiday.
    """
    local = now.astimezone(profiles.zone())
    late_on_friday = local.weekday() == FRIDAY and local.hour >= NOON
    return late_on_friday or _holiday_follows(local.date(), days)


def _holiday_follows(today: date, days: Calendar) -> bool:
    """Tell whether a bank holiday comes before the next working day."""
    day = today + timedelta(days=1)
    while days.between(day - timedelta(days=1), day) == 0:
        if day.weekday() <= FRIDAY:
            return True
        day += timedelta(days=1)
    return False
