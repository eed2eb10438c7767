"""`manage.py load_staff_counts FILE`: load the numbers of staff by quarter.

A file counts them by region or by ethnic group.
"""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.monitoring.codes import GROUPS
from grievances.people.regions import REGIONS
from grievances.reports.fact_models import StaffCount, StaffGroupCount
from grievances.reports.periods import Length, read_period


class Command(BaseCommand):
    """The command that loads staff counts from a CSV file."""

    help = "Load staff counts from a CSV file: quarter, region (or ethnic_group) and staff."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "file", type=Path, help="quarter such as 2022-23-Q4, region or ethnic_group, staff"
        )

    @transaction.atomic
    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Load all rows of the file or none, and print how many.

        Raises:
            CommandError: The file cannot be read, or a row is not valid.
        """
        try:
            with file.open(encoding="utf-8-sig", newline="") as table:
                rows = [self._read(row) for row in csv.DictReader(table)]
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise CommandError(f"Nothing was loaded: {error}") from error
        for quarter, code, staff in rows:
            given = {"staff": staff}
            if code in GROUPS:
                StaffGroupCount.objects.update_or_create(given, quarter=quarter, group=code)
            else:
                StaffCount.objects.update_or_create(given, quarter=quarter, region=code)
        self.stdout.write(f"Loaded {len(rows)} staff counts.")

    def _read(self, row: dict[str, str]) -> tuple[str, str, int]:
        period, staff = read_period(row["quarter"]), int(row["staff"])
        code = row.get("region") or row.get("ethnic_group") or ""
        known = {*REGIONS} if row.get("region") else {*GROUPS}
        if period.length is not Length.QUARTER or code not in known or staff < 0:
            raise ValueError(
                f"no quarter, region, ethnic group or number of staff: {', '.join(row.values())}"
            )
        return period.name, code, staff
