"""`manage.py load_staff_counts FILE`: load staff by region for each quarter."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.reports.fact_models import StaffCount
from grievances.reports.periods import Length, read_period
from grievances.vocabulary import Region


class Command(BaseCommand):
    """The command that loads staff counts from a CSV file."""

    help = "Load staff counts from a CSV file with the columns quarter, region and staff."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("file", type=Path, help="quarter such as 2022-23-Q4, region, staff")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load all rows of the file or none, and print how many.

        Raises:
            CommandError: The file cannot be read, or a row is not valid.
        """
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                rows = [self._read(row) for row in csv.DictReader(file)]
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise CommandError(f"Nothing was loaded: {error}") from error
        for quarter, region, staff in rows:
            StaffCount.objects.update_or_create(
                quarter=quarter, region=region, defaults={"staff": staff}
            )
        self.stdout.write(f"Loaded {len(rows)} staff counts.")

    def _read(self, row: dict[str, str]) -> tuple[str, str, int]:
        period, staff = read_period(row["quarter"]), int(row["staff"])
        if period.length is not Length.QUARTER or row["region"] not in Region.values or staff < 0:
            raise ValueError(f"no quarter, region or number of staff: {', '.join(row.values())}")
        return period.name, row["region"], staff
