"""`manage.py load_holidays [FILE] [--closed]`: load days off of the divisions.

The table has the days of all three divisions.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.deadlines.recompute import import_holidays
from grievances.policy.bank_holidays import known_holidays
from grievances.policy_changes.loading import CalendarInvalid
from grievances.vocabulary import Division
from grievances.web.shared import clock
from workflow.models import Holiday

EVERYWHERE = "ALL"
COLUMNS = ("division", "day", "name")


class Command(BaseCommand):
    """The command that loads bank holidays or days of closing."""

    help = "Load bank holidays: the known ones, or a CSV file with division,day,name."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
        parser.add_argument(
            "--closed",
            action="store_true",
            help="the file has days on which the organisation is closed; division ALL is all three",
        )

    def handle(self, *args: object, file: Path | None, closed: bool, **options: object) -> None:
        """Load the days, and print how many days and dates changed.

        Raises:
            CommandError: The file is missing, or its days are not valid.
        """
        path, kind = file, Holiday.Kind.BANK
        if closed:
            kind = Holiday.Kind.CLOSURE
            if path is None:
                raise CommandError("--closed needs a file with the days. Nothing was loaded.")
        rows = read(path) if path else known_holidays()
        try:
            added, moved = import_holidays(rows, now=clock.now(), kind=kind)
        except CalendarInvalid as error:
            raise CommandError(str(error)) from error
        what = "days of closing" if closed else "bank holidays"
        self.stdout.write(f"{added} {what} added, {moved} dates moved later.")


def read(path: Path) -> list[tuple[str, date, str]]:
    """Return the rows of a file, all of them valid.

    Raises:
        CommandError: A line is not valid; the message has the line and the reason.
    """
    rows: list[tuple[str, date, str]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, strict=True)
            if tuple(table.fieldnames or ())[:3] != COLUMNS:
                raise CommandError(f"{path.name}, line 1: the columns are division,day,name.")
            for row in table:
                _add(rows, _days(row), f"{path.name}, line {table.line_num}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path.name} cannot be read: {error}") from error
    return rows


def _add(
    rows: list[tuple[str, date, str]], found: Iterator[tuple[str, date, str]], at: str
) -> None:
    try:
        for division, day, name in found:
            if any((division, day) == row[:2] for row in rows):
                raise ValueError(f"{day} is there twice for {division}")
            rows.append((division, day, name))
    except ValueError as error:
        raise CommandError(f"{at}: {error}. Nothing was loaded.") from error


def _days(row: dict[str, str | None]) -> Iterator[tuple[str, date, str]]:
    """Yield (division, day, name) of one line, once for each of its divisions.

    Raises:
        ValueError: The division, the name or the date is not valid.
    """
    division, day, name = ((row[column] or "").strip() for column in COLUMNS)
    if division not in {EVERYWHERE, *Division.values}:
        raise ValueError(f"{division!r} is not one of {', '.join(Division.values)} or {EVERYWHERE}")
    if not name or len(name) > 100 or not name.isprintable():
        raise ValueError("the name has between 1 and 100 letters")
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise ValueError(f"{day!r} is not a date like 2026-06-15") from error
    for each in Division.values if division == EVERYWHERE else [division]:
        yield each, on, name
