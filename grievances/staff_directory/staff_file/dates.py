"""Read dates as HR systems in the UK write them, and refuse those that can mean two days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from grievances.staff_directory.staff_file.tables import Cell

EARLIEST, LATEST = 1940, 2100
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?)?")
NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2,4})(?: \d\d:\d\d(?::\d\d)?)?")
NAMED = re.compile(
    r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[- /.,]([a-z]{3,9})[- /.,]+(\d{2,4})"
)
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

TWO_DIGITS = "a year of two digits: write four"
AMBIGUOUS = "a date that may be day first or month first: say which in the layout"
NO_DATE = "not a date"
SERIAL = re.compile(r"[2-7]\d{4}")
"""What a spreadsheet keeps for a day from 1954 to 2119: days since 30 December 1899."""
A_NUMBER = "not a date but its number in a spreadsheet: format the column as dates"


class DateRefused(Exception):
    """Text that is not one certain date. The argument says why, without the text."""


def read_date(cell: Cell, *, day_first: bool | None) -> date | None:
    """Return a local date, or None for an empty cell.

    `day_first` says how numbers are ordered; None where neither the layout nor the column tells.

    Raises:
        DateRefused: It is no date, can mean two days, has a year of two digits, or is out of range.
    """
    if isinstance(cell, date):
        return _in_range(cell)
    text = cell.strip().lower()
    if not text:
        return None
    if found := ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := NAMED.fullmatch(text):
        return _day(_year(found[3]), _month(found[2]), int(found[1]))
    if found := NUMBERS.fullmatch(text):
        return _of_numbers(int(found[1]), int(found[2]), _year(found[3]), day_first)
    raise DateRefused(A_NUMBER if SERIAL.fullmatch(text) else NO_DATE)


def order_of(cells: Iterable[Cell]) -> bool | None:
    """Return whether the dates of a column have the day first.

    Dates that can mean one day only tell it. None where none of them tells, and where they
    disagree.
    """
    seen = set()
    for cell in cells:
        found = NUMBERS.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found and (int(found[1]) > 12) != (int(found[2]) > 12):
            seen.add(int(found[1]) > 12)
    return seen.pop() if len(seen) == 1 else None


def _of_numbers(first: int, second: int, year: int, day_first: bool | None) -> date:
    if day_first is None and first <= 12 and second <= 12 and first != second:
        raise DateRefused(AMBIGUOUS)
    if day_first is None:
        day_first = second <= 12
    day, month = (first, second) if day_first else (second, first)
    return _day(year, month, day)


def _year(text: str) -> int:
    if len(text) == 2:
        raise DateRefused(TWO_DIGITS)
    return int(text)


def _month(text: str) -> int:
    found = [number for number, name in enumerate(MONTHS, 1) if name.startswith(text)]
    if text == "sept":
        found = [9]
    if len(found) != 1:
        raise DateRefused(NO_DATE)
    return found[0]


def _day(year: int, month: int, day: int) -> date:
    try:
        return _in_range(date(year, month, day))
    except ValueError as error:
        raise DateRefused("a date that does not exist") from error


def _in_range(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise DateRefused("a date outside the years 1940 to 2100")
    return day
