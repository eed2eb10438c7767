"""Read lines of an earlier register, each a closed concern or a refusal.

Only dates and codes are read. Whatever else the file holds, such as names and accounts, is not
looked at and is kept nowhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from grievances.policy import profiles, retention_schedule
from grievances.reports.fact_models import EndedElsewhere
from grievances.staff_directory.staff_file.dates import DateRefused, order_of, read_date
from grievances.staff_directory.staff_file.layout import Layout, Meanings, Sheet, find_columns
from grievances.staff_directory.staff_file.reading import FAILED_CELL
from grievances.staff_directory.staff_file.rows import Refusal
from grievances.staff_directory.staff_file.tables import (
    ERRORS,
    ROUNDED,
    FileRefused,
    Row,
    read_table,
)
from grievances.vocabulary import Division
from workflow.calendar import Calendar, CalendarEnds, add_months

KEPT_CLASS = "elsewhere"
"""The class of the retention schedule."""
IN_TIME_DAYS = 3
"""Working days from first contact to logging (domain.md 1, K10)."""
LONGEST_REFERENCE = 60
OWN_REFERENCE = re.compile(r"RC-[A-Z0-9]{6}", re.IGNORECASE)

REGISTER = Meanings(
    {
        "reference": (
            "reference", "reference number", "ref", "ref no", "case number", "case no",
            "case reference", "case id", "number", "id",
        ),
        "first_contact": (
            "first contact", "date of first contact", "first contact on", "first raised",
            "date raised", "raised on", "date received", "received on", "received",
        ),
        "logged": ("logged", "logged on", "date logged", "recorded on", "date recorded"),
        "closed": ("closed", "closed on", "date closed", "close date", "date of closure"),
        "outcome": ("outcome", "result", "finding", "decision"),
        "division": ("division", "country", "nation", "bank holiday division"),
    },
    ("reference", "first_contact", "closed"),
    frozenset({"case", "concern", "date", "dates", "details", "register", "timeline"}),
)  # fmt: skip
"""What a column of a register can mean, with the headings by which it is known."""

OTHER_WORDS = {
    "partially upheld": EndedElsewhere.PARTLY,
    "upheld in part": EndedElsewhere.PARTLY,
    "rejected": EndedElsewhere.NOT_UPHELD,
    "dismissed": EndedElsewhere.NOT_UPHELD,
    "resolved informally": EndedElsewhere.AGREED,
    "informal resolution": EndedElsewhere.AGREED,
    "agreed": EndedElsewhere.AGREED,
    "mediation": EndedElsewhere.AGREED,
    "unknown": EndedElsewhere.NOT_KNOWN,
    "n/a": EndedElsewhere.NOT_KNOWN,
    "-": EndedElsewhere.NOT_KNOWN,
    "": EndedElsewhere.NOT_KNOWN,
}


@dataclass(frozen=True)
class RegisterLine:
    """One closed concern of an earlier register. All days are local dates.

    `logged` is None where the register does not say; then it is logged on the day of the import.
    """

    line: int
    reference: str
    first_contact: date
    logged: date | None
    closed: date
    outcome: str
    division: str

    @property
    def key(self) -> str:
        """The reference as lines are compared: a spreadsheet takes zeros off numbers."""
        key = self.reference.casefold()
        return key.lstrip("0") if key.isdecimal() else key


class LineRefused(Exception):
    """A line that is refused. The argument is the reason, without words of the file."""


def read_register(
    content: bytes, layout: Layout, today: date
) -> tuple[list[RegisterLine], list[Refusal]]:
    """Return the concerns of a file, and the lines that are refused by themselves.

    Of two lines with one reference both are refused: neither is known to be the right one.

    Raises:
        FileRefused: The file as a whole cannot be used.
    """
    sheet = find_columns(read_table(content, layout.sheet), layout, REGISTER)
    reader = _Reader(sheet, today)
    lines, refused = [], []
    for row in sheet.rows:
        try:
            lines.append(reader.line(row))
        except LineRefused as error:
            refused.append(Refusal(row.number, str(error)))
    twice = repeated(lines)
    refused += [
        Refusal(each.line, "its reference is in the file twice")
        for each in lines
        if each.key in twice
    ]
    return [each for each in lines if each.key not in twice], sorted(refused)


def repeated(lines: list[RegisterLine]) -> set[str]:
    """Return the keys of the references that more than one line has."""
    keys = Counter(each.key for each in lines)
    return {key for key, count in keys.items() if count > 1}


class _Reader:
    """The reader of the lines of one file."""

    def __init__(self, sheet: Sheet, today: date) -> None:
        self.sheet, self.today = sheet, today
        given = sheet.layout.day_first
        self.order = {
            name: order_of(cell for row in sheet.rows for cell in sheet.cells(row, name))
            if given is None
            else given
            for name in ("first_contact", "logged", "closed")
        }
        self.places = sorted({at for each in sheet.places.values() for at in each})
        self.oldest = add_months(today, -retention_schedule.months_of(KEPT_CLASS, today))

    def line(self, row: Row) -> RegisterLine:
        """Return one concern.

        Raises:
            LineRefused: A cell that is needed is missing, unknown or cannot be right.
        """
        if not ERRORS.isdisjoint(row.cells[at] for at in self.places if at < len(row.cells)):
            raise LineRefused(FAILED_CELL)
        first, closed = self._day(row, "first_contact"), self._day(row, "closed")
        if first is None:
            raise LineRefused("no day of first contact")
        if closed is None:
            raise LineRefused("not closed yet: import it when it is, or raise it here")
        logged = self._day(row, "logged")
        self._require_possible(first, logged, closed)
        return RegisterLine(
            row.number, self._reference(row), first, logged, closed, self._outcome(row),
            self._division(row),
        )  # fmt: skip

    def _require_possible(self, first: date, logged: date | None, closed: date) -> None:
        if max(first, closed, logged or first) > self.today:
            raise LineRefused("a day that is still to come")
        if closed < first:
            raise LineRefused("closed before the day of first contact")
        if logged is not None and logged < first:
            raise LineRefused("logged before the day of first contact")
        if closed < self.oldest:
            raise LineRefused("closed longer ago than a concern is kept: leave it out")

    def _reference(self, row: Row) -> str:
        text = self.sheet.text(row, "reference")
        if not text:
            raise LineRefused("no reference")
        if any(isinstance(cell, date) for cell in self.sheet.cells(row, "reference")):
            raise LineRefused("a reference that a spreadsheet has turned into a date")
        if ROUNDED.fullmatch(text):
            raise LineRefused("a reference that a spreadsheet has rounded: format it as text")
        if text.startswith("="):
            raise LineRefused("a formula in place of a reference: save the values of the list")
        if len(text) > LONGEST_REFERENCE:
            raise LineRefused(f"a reference of more than {LONGEST_REFERENCE} characters")
        if OWN_REFERENCE.fullmatch(text):
            raise LineRefused("a reference of this service, which has it already")
        return text

    def _day(self, row: Row, meaning: str) -> date | None:
        cells = self.sheet.cells(row, meaning)
        if not cells:
            return None
        try:
            return read_date(cells[0], day_first=self.order[meaning])
        except DateRefused as error:
            raise LineRefused(f"{meaning.replace('_', ' ')}: {error}") from error

    def _outcome(self, row: Row) -> str:
        text = self.sheet.text(row, "outcome").casefold()
        if text not in OUTCOMES:
            raise LineRefused("an unknown outcome: say what it means in the layout")
        return OUTCOMES[text]

    def _division(self, row: Row) -> str:
        text = self.sheet.text(row, "division").casefold()
        if not text:
            return Division.ENG_WLS.value
        if text not in DIVISIONS:
            raise LineRefused(f"an unknown division: known are {', '.join(Division.values)}")
        return DIVISIONS[text]


OUTCOMES = {word: each.value for word, each in OTHER_WORDS.items()}
OUTCOMES |= {word.casefold(): each.value for each in EndedElsewhere for word in (each, each.label)}
DIVISIONS = {word.casefold(): each.value for each in Division for word in (each.value, each.label)}


def is_in_time(first: date, logged: date, days: Calendar) -> bool:
    """Return whether a concern was logged within 3 working days of first contact."""
    return days.between(first, logged) <= IN_TIME_DAYS


def calendars() -> dict[str, Calendar]:
    """Return the working days of each division.

    Raises:
        FileRefused: A division has no bank holidays.
    """
    try:
        return {each.value: profiles.calendar(each.value) for each in Division}
    except (profiles.NoPolicy, CalendarEnds) as error:
        raise FileRefused("Bank holidays are missing. Run: manage.py load_holidays") from error
