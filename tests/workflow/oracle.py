"""Due dates found by walking through the calendar a day at a time: an oracle.

It shares no code with the product. A budget of days is spent one by one; a pause stops the
spending. Summer time is reckoned from the rule in the law (last Sundays of March and October, at
01:00 UTC).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Happened:
    """Something that happened to a clock on a local date; `days` belongs to an extension."""

    kind: str
    on: date
    days: int = 0


@dataclass
class Found:
    """The due date, and how many days the pauses took out."""

    due: date
    paused_days: int = 0


class Days:
    """The open and closed days of a place, asked one at a time."""

    def __init__(self, holidays: Iterable[date]) -> None:
        self.holidays = set(holidays)

    def open(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def after(self, day: date, n: int) -> date:
        """The nth open day after this one."""
        while n:
            day += DAY
            n -= self.open(day)
        return day

    def before(self, day: date, n: int) -> date:
        """The nth open day before this one."""
        while n:
            day -= DAY
            n -= self.open(day)
        return day

    def rolled(self, day: date) -> date:
        """This day if open, else the next open one."""
        while not self.open(day):
            day += DAY
        return day

    def count(self, start: date, end: date) -> int:
        """The open days after the start, up to and with the end."""
        return sum(self.open(start + DAY * n) for n in range(1, (end - start).days + 1))


def summer_time(instant: datetime) -> bool:
    """Whether British Summer Time is in force at a UTC instant."""
    year = instant.year
    begins, ends = (
        datetime.combine(_last_sunday(year, month), time(1), tzinfo=instant.tzinfo)
        for month in (3, 10)
    )
    return begins <= instant < ends


def local_day(instant: datetime) -> date:
    """The date on a British wall at a UTC instant."""
    return (instant + timedelta(hours=1 if summer_time(instant) else 0)).date()


def months_after(day: date, n: int) -> date:
    """The same day n months on, or the last day of that month: a month at a time."""
    year, month = day.year, day.month
    for _ in range(n):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    while day.weekday() != 6:
        day -= DAY
    return day


def in_working_days(anchor: date, amount: int, history: list[Happened], days: Days) -> Found:
    """The date of a clock of `amount` working days after what happened to it."""
    purse = _Purse(anchor, amount, days)
    end = max([anchor, *(each.on for each in history)])
    while True:
        for each in history:
            if each.on == purse.today:
                purse.suffer(each)
        if purse.today >= end:
            return purse.found()
        purse.sleep()


class _Purse:
    """Working days that are spent one a day, unless someone holds the purse shut."""

    def __init__(self, anchor: date, amount: int, days: Days) -> None:
        self.today, self.left, self.days = anchor, amount, days
        self.due: date | None = None
        self.shut_on: date | None = None
        self.was_late = False
        self.paused_days = 0

    def sleep(self) -> None:
        self.today += DAY
        if self.shut_on is None and self.left and self.days.open(self.today):
            self.left -= 1
            if not self.left:
                self.due = self.today

    def suffer(self, what: Happened) -> None:
        if what.kind == "pause" and self.shut_on is None:
            self.shut_on = self.today
            self.was_late = self.due is not None and self.due < self.today
        elif what.kind == "resume" and self.shut_on is not None:
            self._open_again(self.shut_on)
        elif what.kind == "extend":
            self._put_in(what.days)

    def _open_again(self, shut_on: date) -> None:
        self.shut_on = None
        if self.was_late:
            return
        self.paused_days += self.days.count(shut_on, self.today)
        if self.due is not None:  # spent on the very day of the pause: the next open day is due
            self.due = self.today if self.days.open(self.today) else None
            self.left = 0 if self.due else 1

    def _put_in(self, n: int) -> None:
        if self.due is None:
            self.left += n
            return
        due, here = self.days.after(self.due, n), self.shut_on or self.today
        if due >= here:
            self.left, self.was_late = self.days.count(here, due), False
            self.due = None if self.left else due
        else:
            self.due = due

    def found(self) -> Found:
        due = self.due or self.days.after(self.shut_on or self.today, self.left)
        return Found(due, self.paused_days)


def in_calendar_days(first: date, roll: bool, history: list[Happened], days: Days) -> Found:
    """The date of a clock in calendar days or months, whose first due date is known."""
    settle: Callable[[date], date] = days.rolled if roll else lambda day: day
    found, shut_on = Found(settle(first)), None
    for each in history:
        if each.kind == "pause" and shut_on is None:
            shut_on = each.on
        elif each.kind == "resume" and shut_on is not None:
            if shut_on <= found.due:
                found.due = settle(found.due + (each.on - shut_on))
                found.paused_days += (each.on - shut_on).days
            shut_on = None
        elif each.kind == "extend":
            found.due = settle(found.due + DAY * each.days)
    return found


def due_after(
    unit: str, amount: int, roll: bool, anchor: date, history: list[Happened], days: Days
) -> Found:
    """The date of any clock after what happened to it, oldest first."""
    if unit == "WD":
        return in_working_days(anchor, amount, history, days)
    first = months_after(anchor, amount) if unit == "MONTH" else anchor + DAY * amount
    return in_calendar_days(first, roll, history, days)
