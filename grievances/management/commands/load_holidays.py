"""`manage.py load_holidays [FILE]`: bank holidays of the three divisions into the table."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.actions.replaying import import_holidays
from grievances.calendars import known_holidays
from grievances.views import clock
from grievances.vocabulary import Division


class Command(BaseCommand):
    help = "Load bank holidays: the known ones, or a CSV file with division,day,name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        rows = read(path) if path else known_holidays()
        added, moved = import_holidays(rows, now=clock.now())
        self.stdout.write(f"{added} bank holidays added, {moved} dates moved later.")


def read(path: Path) -> list[tuple[str, date, str]]:
    """The rows of a file, all of them good; raises CommandError with the line and the reason."""
    rows: list[tuple[str, date, str]] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                day = date.fromisoformat(row["day"])
                division = Division(row["division"])
            except (KeyError, ValueError) as error:
                raise CommandError(f"{path.name}, line {number}: {error}") from error
            if (division.value, day) in {(d, on) for d, on, _ in rows}:
                raise CommandError(f"{path.name}, line {number}: this day is there twice.")
            rows.append((division.value, day, row.get("name") or "Closed"))
    return rows
