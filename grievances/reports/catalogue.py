"""Which reports there are and for which periods: fixed and registered (domain.md 10.2).

Plain Python, for the web process as for the builders.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

PERIOD = re.compile(r"(20\d\d)-(\d\d)(?:-Q([1-4]))?")
YEAR_BEGINS = 4


@dataclass(frozen=True)
class Report:
    """A report: the last part of its address, its short title and the question it answers."""

    name: str
    title: str
    question: str


RESOLUTION = Report("resolution-times", "Resolution times", "How long do concerns take?")
SATISFACTION = Report(
    "satisfaction", "Satisfaction", "How was it for the people who raised concerns?"
)
REPORTS = {report.name: report for report in (RESOLUTION, SATISFACTION)}


@dataclass(frozen=True)
class Period:
    """A financial year ("2022-23") or one of its quarters ("2022-23-Q1"), in local dates."""

    name: str
    first: date
    last: date

    @property
    def is_year(self) -> bool:
        return "Q" not in self.name

    @property
    def label(self) -> str:
        """The period as a person reads it."""
        first, last = (f"{day.day} {day:%B %Y}" for day in (self.first, self.last))
        return f"{first} to {last}"

    def quarters(self) -> tuple["Period", ...]:
        """The four quarters of a year, in order; a quarter has itself."""
        if not self.is_year:
            return (self,)
        return tuple(_quarter(self.first.year, number) for number in (1, 2, 3, 4))

    def holds(self, day: date) -> bool:
        """Whether a local date is in the period, first and last day included."""
        return self.first <= day <= self.last


def read_period(name: str) -> Period:
    """The period of this name. ValueError for anything that is no registered period."""
    match = PERIOD.fullmatch(name)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(f"{name!r} is no period")
    year = _year(int(match[1]))
    return year.quarters()[int(match[3]) - 1] if match[3] else year


def year_of(day: date) -> Period:
    """The financial year, 1 April to 31 March, of a local date."""
    return _year(day.year if day.month >= YEAR_BEGINS else day.year - 1)


def years_of(days: Iterable[date]) -> list[Period]:
    """The financial years in which these local dates fall, in order."""
    starts = {year_of(day).first.year for day in days}
    return [_year(start) for start in sorted(starts)]


def quarter_of(day: date) -> Period:
    """The quarter of the financial year of a local date."""
    return next(quarter for quarter in year_of(day).quarters() if quarter.holds(day))


def _year(start: int) -> Period:
    name = f"{start}-{(start + 1) % 100:02}"
    return Period(name, date(start, YEAR_BEGINS, 1), date(start + 1, YEAR_BEGINS - 1, 31))


def _quarter(start: int, number: int) -> Period:
    first = _month(start, YEAR_BEGINS + 3 * (number - 1))
    last = _month(start, YEAR_BEGINS + 3 * number) - timedelta(days=1)
    return Period(f"{_year(start).name}-Q{number}", first, last)


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
