"""Working days and local dates: pure functions of a calendar, a day and a zone.

Source of the rules: domain.md 6.1 (calendars) and 6.2 (counting).
"""

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """A unit of time: working days, calendar days or calendar months."""

    WD = "WD"
    CD = "CD"
    MONTH = "MONTH"


class CalendarEnds(ValueError):
    """A date was asked for after the last day whose holidays the calendar knows."""

    def __init__(self, code: str, last_day: date) -> None:
        super().__init__(f"The calendar {code} ends on {last_day.isoformat()}.")


@dataclass(frozen=True)
class Calendar:
    """Monday to Friday, less the holidays of one division (domain.md 6.1).

    `last_day` is the last date for which holidays are known. Beyond it every question raises
    `CalendarEnds`, because a guessed date would be a promise that no one could keep. All dates are
    local.
    """

    code: str
    holidays: frozenset[date]
    last_day: date

    @cached_property
    def _hash(self) -> int:
        return hash((self.code, self.holidays, self.last_day))

    def __hash__(self) -> int:
        # Computed once, as for a `Clock`: the calendar is part of the key under which dates are
        # cached.
        return self._hash

    @cached_property
    def _closed(self) -> list[int]:
        return sorted(day.toordinal() for day in self.holidays if day.weekday() < 5)

    def is_working(self, day: date) -> bool:
        """Return whether this is a working day."""
        return self._known(day).weekday() < 5 and day not in self.holidays

    def roll(self, day: date) -> date:
        """Return the day itself if it is a working day, otherwise the next working day."""
        return day if self.is_working(day) else self._nth(self._number(day) + 1)

    def add(self, day: date, n: int) -> date:
        """Return the date n working days from a day (domain.md 6.2).

        n >= 1 gives the nth working day strictly after it. n = 0 gives the day rolled forward. A
        negative n counts back strictly before it.
        """
        if n == 0:
            return self.roll(day)
        if n > 0:
            return self._nth(self._number(self._known(day)) + n)
        return self._nth(self._number(self._known(day) - timedelta(days=1)) + n + 1)

    def between(self, start: date, end: date) -> int:
        """Return the number of working days in (start, end]; 0 when the end is not later."""
        if end <= start:
            return 0
        return self._number(self._known(end)) - self._number(start)

    def _known(self, day: date) -> date:
        if day > self.last_day:
            raise CalendarEnds(self.code, self.last_day)
        return day

    def _number(self, day: date) -> int:
        """Return the number of the last working day on or before a day, from year 1 on.

        Ordinal 1 is a Monday, so weekdays have a closed form and only holidays are looked up. The
        cost does not grow with the span.
        """
        weeks, rest = divmod(day.toordinal(), 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._closed, day.toordinal())

    def _nth(self, number: int) -> date:
        """Return the working day with this number, the inverse of `_number`."""
        skipped = 0
        while True:
            weeks, rest = divmod(number + skipped - 1, 5)
            ordinal = weeks * 7 + rest + 1
            passed = bisect_right(self._closed, ordinal)
            if passed == skipped:
                return self._known(date.fromordinal(ordinal))
            skipped = passed


def add_months(day: date, n: int) -> date:
    """Return the day n calendar months later.

    A day that the month lacks becomes its last day (domain.md 6.2).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_amount(day: date, amount: int, unit: Unit, calendar: Calendar, roll: bool = False) -> date:
    """Return the due date an amount after a local date, day 0 (domain.md 6.2).

    `roll` concerns a due date in calendar days or months that falls on a closed day: it moves to
    the next working day. Working days need no rolling.
    """
    match unit:
        case Unit.WD:
            return calendar.add(day, amount)
        case Unit.CD:
            due = day + timedelta(days=amount)
        case Unit.MONTH:
            due = add_months(day, amount)
    return calendar.roll(due) if roll else due


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the local date on which an aware instant falls.

    Raises:
        ValueError: The instant is naive.
    """
    if instant.utcoffset() is None:
        raise ValueError("An instant needs its offset from UTC.")
    return instant.astimezone(zone).date()


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the aware UTC instant of a local wall-clock time on a local date."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
