"""Financial years, their quarters and months, in local dates (domain.md 10.2).

Plain Python, for the web process and for the builders.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise

PERIOD = re.compile(r"(20\d\d)-(\d\d)(?:-(?:Q([1-4])|M(0[1-9]|1[0-2])))?")
YEAR_BEGINS = 4


class Length(IntEnum):
    """The length of a period, in months."""

    MONTH = 1
    QUARTER = 3
    YEAR = 12


@dataclass(frozen=True)
class Period:
    """A financial year, or one of its quarters or months.

    The names are "2022-23", "2022-23-Q1" and "2022-23-M01" (April). `first` and `last` are local
    dates.
    """

    name: str
    first: date
    last: date
    length: Length

    @property
    def is_year(self) -> bool:
        """Whether the period is a financial year."""
        return self.length is Length.YEAR

    @property
    def label(self) -> str:
        """The period as a person reads it."""
        first, last = (f"{day.day} {day:%B %Y}" for day in (self.first, self.last))
        return f"{first} to {last}"

    @property
    def months(self) -> str:
        """The months of the period, short enough for a list on a phone."""
        first, last = (f"{day:%b %Y}" for day in (self.first, self.last))
        return first if self.length is Length.MONTH else f"{first} to {last}"

    @property
    def short(self) -> str:
        """The period on an axis: "Apr 2022" for a month, else its name."""
        return f"{self.first:%b %Y}" if self.length is Length.MONTH else self.name

    def quarters(self) -> tuple["Period", ...]:
        """Return the four quarters of a year, in order; a quarter returns itself."""
        return self.parts(Length.QUARTER)

    def calendar_quarters(self) -> tuple[str, ...]:
        """Return the quarters of the calendar year, as the survey names them ("2022-Q2")."""
        return tuple(f"{q.first.year}-Q{(q.first.month + 2) // 3}" for q in self.quarters())

    def parts(self, length: Length) -> tuple["Period", ...]:
        """Return the shorter periods of this one, in order.

        A period of that length returns itself.
        """
        year = year_of(self.first)
        starts = range(1, 12 // length + 1)
        found = (_make(year.first.year, length, number) for number in starts)
        return tuple(part for part in found if self.covers(part))

    def parent(self) -> "Period":
        """Return the next longer period around it; a year returns itself."""
        if self.length is Length.MONTH:
            return quarter_of(self.first)
        return year_of(self.first)

    def holds(self, day: date) -> bool:
        """Return whether a local date is in the period.

        The first and the last day are in it.
        """
        return self.first <= day <= self.last

    def covers(self, other: "Period") -> bool:
        """Return whether the whole of another period is in this one."""
        return self.first <= other.first and other.last <= self.last


def read_period(name: str) -> Period:
    """Return the period of this name.

    Raises:
        ValueError: The name is not that of a registered period.
    """
    match = PERIOD.fullmatch(name)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(f"{name!r} is no period")
    if match[3]:
        return _make(int(match[1]), Length.QUARTER, int(match[3]))
    if match[4]:
        return _make(int(match[1]), Length.MONTH, int(match[4]))
    return _make(int(match[1]), Length.YEAR, 1)


def year_of(day: date) -> Period:
    """Return the financial year, 1 April to 31 March, of a local date."""
    return _make(day.year if day.month >= YEAR_BEGINS else day.year - 1, Length.YEAR, 1)


def years_of(days: Iterable[date]) -> list[Period]:
    """Return the financial years of these local dates, in order."""
    return [_make(start, Length.YEAR, 1) for start in sorted({year_of(d).first.year for d in days})]


def quarter_of(day: date) -> Period:
    """Return the quarter of the financial year of a local date."""
    return next(quarter for quarter in year_of(day).quarters() if quarter.holds(day))


def ended(first: date, today: date) -> list[Period]:
    """Return every period from the local date `first` that ended before `today`.

    They are in the order in which they ended, the shorter ones first.
    """
    years = range(year_of(first).first.year, year_of(today).first.year + 1)
    found = [
        part
        for start in years
        for length in Length
        for part in _make(start, Length.YEAR, 1).parts(length)
    ]
    return sorted(
        (period for period in found if first <= period.last < today),
        key=lambda period: (period.last, period.length),
    )


def _make(start: int, length: Length, number: int) -> Period:
    """Return the period of this length and number in a financial year.

    The financial year begins in the calendar year `start`.
    """
    year = f"{start}-{(start + 1) % 100:02}"
    ends = {Length.YEAR: "", Length.QUARTER: f"-Q{number}", Length.MONTH: f"-M{number:02}"}
    months = ((number - 1) * length, number * length)
    first, after = (_month(start, YEAR_BEGINS + months_) for months_ in months)
    return Period(f"{year}{ends[length]}", first, after - timedelta(days=1), length)


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def follow_each_other(periods: Iterable[Period]) -> bool:
    """Return whether each period begins on the day after the one before ended."""
    return all(b.first - a.last == timedelta(days=1) for a, b in pairwise(periods))
